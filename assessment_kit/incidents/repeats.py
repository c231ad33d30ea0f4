"""Which incidents were had before: the same item, and a description that says the same thing.

Descriptions are compared without numbers, ids, hosts and names (:mod:`assessment_kit.incidents.masking`). Equal ones of
one item are one group; then groups of one item are united whose texts are nearly equal (a typing error, a plural), as
:mod:`assessment_kit.incidents.alike` tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assessment_kit.incidents.alike import SHORTEST_TO_COMPARE, alike_pairs
from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.masking import Masked, mask
from assessment_kit.incidents.named import NOBODY, People
from assessment_kit.incidents.texts import arrow

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
        Masked texts in alphabetical order.
    codes
        For each group the place of its text among them.
    people
        Words that name people, to mask in what else is shown.
    keep
        Whether descriptions are shown as they were written, too.
    """

    groups: np.ndarray
    texts: pa.StringArray
    codes: np.ndarray
    people: People = NOBODY
    keep: bool = False

    def take(self, keep: np.ndarray) -> Repeats:
        """Return the groups of the incidents at which a mask is true."""
        return replace(self, groups=self.groups[keep])

    def text(self, group: int) -> str:
        """Return a group's text, cut where it is endless."""
        text = str(self.texts[self.codes[group]].as_py())
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
    people: People
    origin: np.ndarray


def sayings(rows: Rows, people: People) -> Sayings:
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
    markers = pa.array(sorted(rows.rules.markers("description")))
    short = pc.less_equal(pc.binary_length(masked.texts), pc.max(pc.binary_length(markers)))
    places = np.flatnonzero(short.to_numpy(zero_copy_only=False))
    nothing = places[pc.is_in(masked.texts.take(pa.array(places)), markers).to_numpy(zero_copy_only=False)]
    if len(nothing):
        masked = replace(masked, codes=np.where(np.isin(masked.codes, nothing), -1, masked.codes))
    return Sayings(masked, people, rows.origin)


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
    codes = distinct % width
    merged = _united(masked, distinct // width, codes, counts)
    return Repeats(np.append(merged, -1)[groups], masked.texts, codes, said.people, keep=keep)


def numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distinct keys in order, for each key its place among them, and how often each occurs.

    As :func:`numpy.unique` does, but keys that are small numbers are counted in a table.
    """
    if len(keys) and keys.min() >= 0 and keys.max() < _DENSE * len(keys):
        every = np.bincount(keys)
        present = every > 0
        rank = np.cumsum(present) - 1
        return np.flatnonzero(present), rank[keys], every[present]
    distinct, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return distinct, places, counts


def _masked(column: pd.Series, people: People) -> Masked:
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
    ones, others = (long[side].tolist() for side in alike_pairs(masked.texts, items[long], codes[long]))
    return _joined(root, ones, others, counts)


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
