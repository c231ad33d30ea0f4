"""Which texts of one item are nearly equal, by RapidFuzz's ratio.

Each text of an item is held against each other one, as long as that is cheap: :data:`MOST_PAIRS` pairs in the whole
export, the items with the fewest texts first. Of items beyond, only neighbours in alphabetical order are compared, once
from the texts' beginnings and once from their ends. So a file ten times as long costs ten times as much. Among so many,
a text that differs at both ends is not found: repeats are counted too low rather than too high.
"""

from __future__ import annotations

from collections.abc import Iterator

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
_AT_ONCE = 1 << 18


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
    found = [_alike(texts, codes, *pairs) for pairs in _possible(texts, items, codes, np.flatnonzero(here))]
    if not here.all():
        places = np.flatnonzero(~here)
        lengths = pc.binary_length(texts).to_numpy()[codes[places]]
        ones, others = _neighbours(texts, items[places], codes[places], lengths)
        found.append(_alike(texts, codes, places[ones], places[others]))
    nothing = (np.zeros(0, dtype=np.int64),) * 2
    one, other = (np.concatenate(side) for side in zip(nothing, *found, strict=True))
    return one, other


def _alike(
    texts: pa.StringArray, codes: np.ndarray, ones: np.ndarray, others: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return those of some pairs that are nearly equal."""
    one, other = (texts.take(pa.array(codes[side])).to_pylist() for side in (ones, others))
    scores = process.cpdist(one, other, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=-1, dtype=np.uint8)
    alike = np.flatnonzero(scores)
    return ones[alike], others[alike]


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


def sorted_by(order: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Return an order by keys of zero or more first: by their digits of 16 bits, which numpy sorts in one pass each."""
    for shift in range(0, int(keys.max(initial=0)).bit_length(), 16):
        digits = (keys >> keys.dtype.type(shift)).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order


def _neighbours(
    texts: pa.StringArray, items: np.ndarray, codes: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of groups of one item whose texts have their beginnings or their ends in common.

    Texts that differ in one place have two fifths of their letters in common before it or after it.
    """
    starts, ends = _edges(texts, codes)
    same = np.minimum(lengths * 2 // 5 // _KEY, starts.shape[1])
    backwards = _from_the_end(items, ends, codes)
    found = []
    for order, keys in ((np.arange(len(codes)), starts), (backwards, ends)):
        for step in range(1, NEIGHBOURS + 1):
            one, other = order[:-step], order[step:]
            possible = items[one] == items[other]
            one, other = one[possible], other[possible]
            for place in range(keys.shape[1]):
                possible = keys[one, place] == keys[other, place]
                possible |= place >= np.minimum(same[one], same[other])
                one, other = one[possible], other[possible]
            # The ratio is 2 x common letters / all letters: too different in length can never reach it.
            longer, shorter = np.maximum(lengths[one], lengths[other]), np.minimum(lengths[one], lengths[other])
            possible = 200 * shorter >= ALIKE * (longer + shorter)
            found.append((one[possible], other[possible]))
    ones, others = zip(*found, strict=True)
    return np.concatenate(ones), np.concatenate(others)


def _from_the_end(items: np.ndarray, ends: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the order by item, then by the texts' last bytes, then by text."""
    first, second, *rest = (np.ascontiguousarray(part) for part in ends.T)
    # The groups come by item: sorting them by item at last keeps that.
    order = sorted_by(sorted_by(sorted_by(np.arange(len(items)), second), first), items)
    # Few are alike so far, and only those are looked at further.
    like_next = np.all([each[order][1:] == each[order][:-1] for each in (items, first, second)], axis=0)
    tied = np.r_[like_next, False] | np.r_[False, like_next]
    if tied.any():
        places = order[tied]
        group = np.cumsum(np.r_[True, ~like_next])[tied]
        order[tied] = places[np.lexsort([codes[places], *(each[places] for each in rest[::-1]), group])]
    return order


def _edges(texts: pa.StringArray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last bytes of texts as numbers, each of :data:`_KEY` bytes."""
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    pad = np.zeros(_KEYS * _KEY, dtype=np.uint8)
    data = np.concatenate([pad, np.frombuffer(texts.buffers()[2], dtype=np.uint8), pad])
    every = np.lib.stride_tricks.sliding_window_view(data, _KEYS * _KEY)
    starts = every[offsets[codes] + len(pad)]
    # From the end backwards.
    ends = every[offsets[codes + 1]][:, ::-1]
    return tuple(np.ascontiguousarray(side).view(np.uint64) for side in (starts, ends))  # type: ignore[return-value]
