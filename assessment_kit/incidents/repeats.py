"""Which incidents were had before: the same item, and a description that says the same thing.

Descriptions are compared without numbers, ids, hosts and names (:mod:`assessment_kit.incidents.masking`). Equal ones of
one item are one group; then groups of one item are united whose texts are nearly equal (a typing error, a plural), by
RapidFuzz's ratio. Only neighbours in alphabetical order are compared, once from the texts' beginnings and once from
their ends, so a file ten times as long costs ten times as much. A text that differs at both ends is not found: repeats
are counted too low rather than too high.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.masking import Masked, mask
from assessment_kit.incidents.texts import arrow

#: How alike two masked texts of one item must be, 0 to 100, to be one group. A convention.
ALIKE = 92
#: Shorter texts are compared letter for letter: in "cpu high" and "gpu high" one letter is another thing.
SHORTEST_TO_COMPARE = 16
#: Neighbours on each side of a text in alphabetical order that it is held against.
NEIGHBOURS = 2
#: Bytes that are compared at once, and how often, before two texts are held against each other letter by letter.
_KEY, _KEYS = 8, 4
#: Times as many possible keys as keys there are, up to which keys are counted in a table of all that are possible.
_DENSE = 4
#: Longest text that is kept of a group.
LONGEST = 120


@dataclass(frozen=True)
class Repeats:
    """The groups of an export's incidents.

    Attributes
    ----------
    groups
        For each incident the number of its group; -1 where it has no description that says anything.
    texts
        For each group its masked text.
    people
        Words that name people, to mask in what else is shown.
    keep
        Whether descriptions are shown as they were written, too.
    """

    groups: np.ndarray
    texts: pa.StringArray
    people: frozenset[str] = frozenset()
    keep: bool = False

    def take(self, keep: np.ndarray) -> Repeats:
        """Return the groups of the incidents at which a mask is true."""
        return replace(self, groups=self.groups[keep])

    def text(self, group: int) -> str:
        """Return a group's text, cut where it is endless."""
        text = str(self.texts[group].as_py())
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@dataclass(frozen=True)
class Sayings:
    """What the rows of an export say, masked.

    Attributes
    ----------
    masked
        The rows' descriptions.
    people
        Words that name people.
    origin
        Where each row comes from: see :attr:`assessment_kit.incidents.clock.Rows.origin`.
    """

    masked: Masked
    people: frozenset[str]
    origin: np.ndarray


def sayings(rows: Rows, people: frozenset[str]) -> Sayings:
    """Mask the descriptions of rows.

    Parameters
    ----------
    people
        Words that name people.
    """
    if "description" not in rows.frame:
        return Sayings(Masked(np.full(len(rows.frame), -1), pa.array([], pa.string())), people, rows.origin)
    masked = _masked(rows.frame["description"], people)
    # What means nothing says nothing.
    nothing = pc.is_in(masked.texts, pa.array(sorted(rows.rules.markers("description"))))
    silent = np.append(nothing.to_numpy(zero_copy_only=False), False)
    return Sayings(replace(masked, codes=np.where(silent[masked.codes], -1, masked.codes)), people, rows.origin)


def find_repeats(incidents: pd.DataFrame, origin: np.ndarray, said: Sayings, *, keep: bool = False) -> Repeats:
    """Return the groups of incidents that repeat each other.

    Parameters
    ----------
    incidents
        Tidy incidents.
    origin
        Where each incident comes from, to find it among the rows.
    keep
        Whether a few descriptions of each group are kept as they were written.
    """
    masked = said.masked
    if not np.array_equal(origin, said.origin):
        masked = replace(masked, codes=masked.codes[np.searchsorted(said.origin, origin)])
    items = incidents["item"].cat.codes.to_numpy()
    known = masked.codes >= 0
    width = max(1, len(masked.texts))
    # One number for an item and a text together.
    pairs = (items.astype(np.int64) + 1) * width + masked.codes
    groups = np.full(len(pairs), -1, dtype=np.int64)
    distinct, groups[known], counts = numbered(pairs[known])
    merged = _united(masked, distinct // width, distinct % width, counts)
    return Repeats(np.append(merged, -1)[groups], masked.texts.take(pa.array(distinct % width)), said.people, keep=keep)


def numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distinct keys in order, for each key its place among them, and how often each occurs.

    As :func:`numpy.unique` does, but keys that are small numbers are counted in a table, and others sorted by digits of
    16 bits.
    """
    if len(keys) and keys.min() >= 0 and keys.max() < _DENSE * len(keys):
        every = np.bincount(keys)
        present = every > 0
        rank = np.cumsum(present) - 1
        return np.flatnonzero(present), rank[keys], every[present]
    if not len(keys) or keys.min() < 0:
        distinct, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
        return distinct, places, counts
    order = sorted_by(np.arange(len(keys)), keys)
    ordered = keys[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    places = np.empty(len(keys), dtype=np.int64)
    places[order] = np.cumsum(first) - 1
    begins = np.flatnonzero(first)
    return ordered[begins], places, np.diff(np.append(begins, len(keys)))


def sorted_by(order: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Return an order by keys of zero or more first: by their digits of 16 bits, which numpy sorts in one pass each."""
    for shift in range(0, int(keys.max(initial=0)).bit_length(), 16):
        digits = (keys >> keys.dtype.type(shift)).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order


def _masked(column: pd.Series, people: frozenset[str]) -> Masked:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return mask(arrow(column), people=people)
    masked = mask(arrow(column.cat.categories), people=people)
    return Masked(np.append(masked.codes, -1)[column.cat.codes.to_numpy()], masked.texts)


def _united(masked: Masked, items: np.ndarray, codes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return for each group the group it is one with: that of most incidents among those nearly equal.

    Groups come by item, then by text in alphabetical order.
    """
    root = np.arange(len(codes))
    lengths = pc.binary_length(masked.texts).to_numpy()[codes] if len(codes) else root
    long = np.flatnonzero(lengths >= SHORTEST_TO_COMPARE)
    if len(long) < 2:
        return root
    ones, others = _neighbours(masked.texts, items[long], codes[long], lengths[long])
    ones, others = long[ones], long[others]
    one, other = (masked.texts.take(pa.array(codes[side])).to_pylist() for side in (ones, others))
    scores = process.cpdist(one, other, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=-1, dtype=np.uint8)
    alike = np.flatnonzero(scores)
    return _joined(root, ones[alike].tolist(), others[alike].tolist(), counts)


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


def _joined(root: np.ndarray, ones: list[int], others: list[int], counts: np.ndarray) -> np.ndarray:
    """Return the groups joined along pairs; each set goes by the name of its largest, of equals the first."""
    parent = {place: place for place in (*ones, *others)}

    def top(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in zip(ones, others, strict=True):
        first, second = top(one), top(other)
        if first != second:
            larger = min((first, second), key=lambda place: (-counts[place], place))
            parent[first] = parent[second] = larger
    joined = root.copy()
    for place in parent:
        joined[place] = top(place)
    return joined
