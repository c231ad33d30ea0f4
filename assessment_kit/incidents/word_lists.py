"""Many texts as lists of words, without a Python object for any: numbers of words, and where each text's begin.

``words`` is the texts' words one after another, ``starts`` holds one place more than there are texts: text ``t`` is
``words[starts[t]:starts[t + 1]]``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: Bits of a key: numpy sorts whole numbers of 64 bits, the sign left alone.
_BITS = 63
#: Words of a text up to which all texts are ranked together; of longer ones, what follows is ranked by itself.
_LONG = 128
#: Words that are replaced at a time: what is worked out on the way stays in the processor's cache.
_PIECE = 1 << 16


def replaced(
    words: np.ndarray, starts: np.ndarray, parts: Sequence[Sequence[int]], distinct: int
) -> tuple[np.ndarray, np.ndarray]:
    """Put one word, several or none in the place of each.

    Parameters
    ----------
    parts
        For each word that there is what takes its place.
    distinct
        Number of words that may take a place; numbers are returned as small as these allow.

    Returns
    -------
    tuple
        The words, and where the texts then start.
    """
    length = np.array([len(each) for each in parts], dtype=np.int32)
    every = np.fromiter((word for each in parts for word in each), dtype=np.min_scalar_type(distinct))
    begin = np.cumsum(length) - length
    first = np.array([each[0] if each else 0 for each in parts], dtype=every.dtype)
    found = [every[:0]]
    ends = np.zeros(len(starts), dtype=starts.dtype)
    done, text = 0, 0
    for place in range(0, len(words), _PIECE):
        piece = words[place : place + _PIECE]
        here = length[piece]
        until = np.zeros(len(piece) + 1, dtype=np.int32)
        np.cumsum(here, out=until[1:])
        next_text = int(np.searchsorted(starts, place + len(piece)))
        ends[text:next_text] = done + until[starts[text:next_text] - place]
        if here.max() > 1:
            found.append(every[np.repeat(begin[piece] - until[:-1], here) + np.arange(until[-1])])
        else:
            found.append(first[piece[here > 0]])
        done, text = done + int(until[-1]), next_text
    ends[text:] = done
    return np.concatenate(found), ends


def ranks_of(words: np.ndarray, starts: np.ndarray, distinct: int) -> tuple[np.ndarray, int]:
    """Return for each text its place in the order of the distinct ones, and how many these are.

    Texts are compared word by word, as in a dictionary: a text comes before those that it begins.

    Parameters
    ----------
    words
        Words as their ranks, 0 to ``distinct - 1``.
    distinct
        Number of words that there are.
    """
    begin, length = starts[:-1], np.diff(starts)
    ranks, count = _ranks_of_ends(words, starts)
    most = min(_LONG, int(length.max(initial=0)))
    bits = distinct.bit_length()
    # So many words, 0 for none, and the rank of what follows them, fit in one key.
    at_once = (_BITS - len(length).bit_length()) // bits if bits else 1
    # From the last words to the first: what follows was ranked before.
    for first in range((most - 1) // at_once * at_once, -1, -at_once):
        longer = np.flatnonzero(length > first)
        here, left = begin[longer] + first, np.minimum(length[longer], _LONG) - first
        keys = np.zeros(len(longer), dtype=np.int64)
        for place in range(at_once):
            keys <<= bits
            there = np.flatnonzero(left > place)
            keys[there] |= words[here[there] + place] + np.int64(1)
        found, places = np.unique(keys * count + ranks[longer], return_inverse=True)
        ranks[longer] = places + 1
        count = len(found) + 1
    if not (length == 0).any():
        return ranks - 1, count - 1
    return ranks, count


def _ranks_of_ends(words: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, int]:
    """Return for each text the rank of its words beyond :data:`_LONG`, 0 without any, and how many ranks there are."""
    ranks = np.zeros(len(starts) - 1, dtype=np.int64)
    long = np.flatnonzero(np.diff(starts) > _LONG)
    # As bytes, the highest first, which are in the order of the words.
    ends = [words[starts[text] + _LONG : starts[text + 1]].astype(">u4").tobytes() for text in long.tolist()]
    order = {end: rank for rank, end in enumerate(sorted(set(ends)), 1)}
    ranks[long] = [order[end] for end in ends]
    return ranks, len(order) + 1
