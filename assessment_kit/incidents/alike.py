"""Which texts of one item are nearly equal, by RapidFuzz's ratio.

Each text of an item is held against each other one, as long as that is cheap: :data:`MOST_PAIRS` pairs in the whole
export, the items with the fewest texts first. Of items beyond, only neighbours in alphabetical order are compared, once
from the texts' beginnings and once from their ends. So a file ten times as long costs ten times as much. Among so many,
a text that differs at both ends is not found: repeats are counted too low rather than too high.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

#: How alike two masked texts of one item must be, 0 to 100, to be one group. A convention.
ALIKE = 92
#: Shorter texts are compared letter for letter: in "cpu high" and "gpu high" one letter is another thing.
SHORTEST_TO_COMPARE = 16
#: Pairs of texts of one item up to which all are compared: as many as 1,000 texts of one item make. A convention.
MOST_PAIRS = 1_000 * 999 // 2
#: Neighbours on each side of a text in alphabetical order that it is held against.
NEIGHBOURS = 2
#: Bytes that are compared at once, and how often, before two texts are held against each other letter by letter.
_KEY, _KEYS = 8, 4
#: Pairs that are looked at together.
_AT_ONCE = 1 << 16
#: Kinds of letters that are told apart where texts are compared by their letters alone, and pairs at a time.
_LETTERS, _BAGS = 32, 1 << 13


def alike_pairs(texts: pa.StringArray, items: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of groups of one item whose texts are nearly equal, as positions.

    Parameters
    ----------
    items, codes
        For each group its item and the place of its text in ``texts``, by item and then by text.
    """
    starts = np.flatnonzero(np.r_[True, items[1:] != items[:-1]])
    sizes = np.diff(np.append(starts, len(items)))
    fewest = np.argsort(sizes, kind="stable")
    all_pairs = np.cumsum(sizes[fewest] * (sizes[fewest] - 1) // 2) <= MOST_PAIRS
    few = np.zeros(len(sizes), dtype=bool)
    few[fewest[all_pairs]] = True
    here = np.repeat(few, sizes)
    with ThreadPoolExecutor(1) as pool:
        neighbours = pool.submit(_neighbours, texts, items, codes, np.flatnonzero(~here))
        found = [_alike(texts, codes, *pairs) for pairs in _possible(texts, items, codes, np.flatnonzero(here))]
        found.append(_alike(texts, codes, *neighbours.result()))
    one, other = (np.concatenate(side) for side in zip(*found, strict=True))
    return one, other


def _alike(
    texts: pa.StringArray, codes: np.ndarray, ones: np.ndarray, others: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return those of some pairs that are nearly equal."""
    kept = []
    for begin in range(0, len(ones), _AT_ONCE):
        here = slice(begin, begin + _AT_ONCE)
        possible = np.flatnonzero(_share_letters(texts, codes[ones[here]], codes[others[here]])) + begin
        one, other = (texts.take(pa.array(codes[side[possible]])).to_pylist() for side in (ones, others))
        scores = process.cpdist(one, other, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=-1, dtype=np.uint8)
        kept.append(possible[scores > 0])
    alike = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    return ones[alike], others[alike]


def _share_letters(texts: pa.StringArray, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return which pairs have letters enough in common, wherever they stand, to be alike.

    Each letter that one text has more often than the other must be deleted from it. Letters beyond ASCII, of several
    bytes, are not counted, and some count as one: so a pair that is alike is never missed.
    """
    used = np.zeros(len(texts), dtype=bool)
    used[ones] = used[others] = True
    wanted = texts.take(pa.array(np.flatnonzero(used)))
    length = pc.binary_length(wanted).to_numpy()
    letters = np.frombuffer(wanted.buffers()[2] or b"", dtype=np.uint8)[: length.sum()]
    kinds = np.repeat(np.arange(len(wanted)) * _LETTERS, length) + letters % _LETTERS
    counts = np.bincount(kinds[letters < 128], minlength=len(wanted) * _LETTERS)
    bags = np.minimum(counts, 255).astype(np.uint8).reshape(-1, _LETTERS)
    place = np.cumsum(used) - 1
    one, other = place[ones], place[others]
    differ = np.empty(len(ones), dtype=np.int64)
    for begin in range(0, len(ones), _BAGS):
        bag, beside = bags[one[begin : begin + _BAGS]], bags[other[begin : begin + _BAGS]]
        differ[begin : begin + _BAGS] = (np.maximum(bag, beside) - np.minimum(bag, beside)).sum(axis=1, dtype=np.int64)
    # The ratio is 1 - what must be deleted / all letters; bytes are at least as many as letters.
    return 100 * differ <= (100 - ALIKE) * (length[one] + length[other])


def _possible(
    texts: pa.StringArray, items: np.ndarray, codes: np.ndarray, places: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the pairs of each item whose texts are not too different in length to be alike."""
    if len(places) < 2:
        return
    length = pc.utf8_length(texts).to_numpy()[codes[places]].astype(np.int64)
    keys = items[places].astype(np.int64) * (2 * int(length.max()) + 1) + length
    order = np.argsort(keys, kind="stable")
    places, length, keys = places[order], length[order], keys[order]
    # The ratio is 2 x common letters / all letters, so the longer of two has at most so many.
    last = np.searchsorted(keys, keys + length * (200 - 2 * ALIKE) // ALIKE, side="right")
    partners = last - np.arange(len(keys)) - 1
    ends = np.cumsum(partners)
    begin = 0
    while begin < len(keys):
        end = max(begin + 1, int(np.searchsorted(ends, ends[begin] - partners[begin] + _AT_ONCE, side="right")))
        here = partners[begin:end]
        ones = np.repeat(np.arange(begin, end), here)
        others = np.arange(len(ones)) - np.repeat(np.cumsum(here) - here, here) + ones + 1
        yield places[ones], places[others]
        begin = end


def _neighbours(
    texts: pa.StringArray, items: np.ndarray, codes: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of groups of one item whose texts have their beginnings or their ends in common.

    Texts that differ in one place have two fifths of their letters in common before it or after it.
    """
    if not len(places):
        return places, places
    items, codes = items[places], codes[places]
    lengths = pc.binary_length(texts).to_numpy()[codes]
    starts, ends = _edges(texts)
    same = np.minimum(lengths * 2 // 5 // _KEY, _KEYS)
    backwards = _refined(items, *(part[codes] for part in ends), codes)
    found = []
    for order, (key, *further) in ((np.arange(len(codes)), starts), (backwards, ends)):
        item, length, keys, need = items[order], lengths[order], key[codes[order]], same[order]
        for step in range(1, NEIGHBOURS + 1):
            possible = (keys[step:] == keys[:-step]) | (need[step:] == 0) | (need[:-step] == 0)
            near = np.flatnonzero(possible & (item[step:] == item[:-step]))
            one, other = length[near], length[near + step]
            # The ratio is 2 x common letters / all letters: too different in length can never reach it.
            near = near[200 * np.minimum(one, other) >= ALIKE * (one + other)]
            one, other = order[near], order[near + step]
            for place, each in enumerate(further, 1):
                possible = each[codes[one]] == each[codes[other]]
                possible |= place >= np.minimum(same[one], same[other])
                one, other = one[possible], other[possible]
            found.append((one, other))
    one, other = (places[np.concatenate(side)] for side in zip(*found, strict=True))
    return one, other


def _refined(group: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Return the order by groups, which are in order, then by keys, of which each only decides what is tied before."""
    order, tied = np.arange(len(group)), np.arange(len(group))
    for key in keys:
        here = order[tied]
        ranks = np.unique(key[here], return_inverse=True)[1]
        together = group * (int(ranks.max(initial=0)) + 1) + ranks
        inner = np.argsort(together)
        order[tied] = here[inner]
        like_next = np.diff(together[inner]) == 0
        still = np.append(like_next, False) | np.append(False, like_next)
        group = np.cumsum(np.append(True, ~like_next))[still]
        tied = tied[still]
        if not len(tied):
            break
    return order


def _edges(texts: pa.StringArray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the first bytes of each text, :data:`_KEY` of them as one number, and the last ones backwards."""
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    pad = np.zeros(_KEYS * _KEY, dtype=np.uint8)
    data = np.concatenate([pad, np.frombuffer(texts.buffers()[2], dtype=np.uint8), pad])
    every = np.lib.stride_tricks.sliding_window_view(data, _KEYS * _KEY)
    sides = every[offsets[:-1] + len(pad)], every[offsets[1:]][:, ::-1]
    starts, ends = (np.ascontiguousarray(side).view(np.uint64) for side in sides)
    return [*np.ascontiguousarray(starts.T)], [*np.ascontiguousarray(ends.T)]
