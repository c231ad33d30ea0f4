"""What the rows of one ticket tell together, where a list has one for each update: as an event log would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from assessment_kit.incidents.clock import Rows, Times
from assessment_kit.incidents.notes import Notes, quoted
from assessment_kit.incidents.states import ends_a_ticket, is_under_way
from assessment_kit.incidents.texts import Words, spelt_alike
from assessment_kit.wording import listed

#: Share of tickets that have several rows, from which a list holds updates: below, two exports overlap.
_MOST = 0.5


@dataclass(frozen=True)
class History:
    """What changed from row to row of each ticket, by the column of the normal form that it fills.

    Attributes
    ----------
    counts
        How often something happened; NaN where no row tells.
    times
        When something happened first; NaT where it did not.
    words
        How each is told.
    """

    counts: Mapping[str, np.ndarray] = field(default_factory=dict)
    times: Mapping[str, np.ndarray] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)

    def of(self, tickets: np.ndarray) -> History:
        """Return the same of some tickets, in their order."""
        counts, times = ({role: each[tickets] for role, each in kept.items()} for kept in (self.counts, self.times))
        return History(counts, times, self.words, self.notes)


def changes(codes: np.ndarray, place: np.ndarray, tickets: int, *, climbing: bool = False) -> np.ndarray:
    """Return how often each ticket went from one value to another, or to a higher one; NaN where none is named.

    Parameters
    ----------
    codes
        For each row in order its value, below 0 where it names nothing: such a row changes nothing.
    place
        For each row the number of its ticket.
    """
    known = codes >= 0
    values, place = codes[known], place[known]
    steps = np.diff(values)
    changed = ((steps > 0) if climbing else (steps != 0)) & (np.diff(place) == 0)
    counts = np.bincount(place[1:][changed], minlength=tickets).astype(float)
    counts[np.bincount(place, minlength=tickets) == 0] = np.nan
    return counts


def history(rows: Rows, times: Times, tickets: np.ndarray, order: np.ndarray) -> History:
    """Return what the updates of each ticket tell that no column does; nothing where the list holds no updates.

    Parameters
    ----------
    tickets
        For each row the number of its ticket.
    order
        The rows by ticket, then by last change.
    """
    many = np.bincount(tickets)
    stamps = times.values.get("updated")
    if stamps is None or np.isnat(stamps).any() or (many > 1).sum() <= _MOST * (many > 0).sum():
        return History()
    place, stamps = tickets[order], stamps[order]
    counts, firsts, words = {}, {}, {}
    changed = quoted(rows.names["updated"])
    if "team" in rows.frame and "reassignments" not in rows.frame:
        # Codes of few teams are small numbers: the difference of two must fit.
        teams = spelt_alike(rows.words("team")).codes.astype(np.int64)[order]
        counts["reassignments"] = changes(teams, place, len(many))
        words["reassignments"] = f"changes of {quoted(rows.names['team'])} from row to row of a ticket"
    if "state" in rows.frame:
        state = rows.words("state")
        over, under_way = _kinds(rows, state)
        codes = state.codes.astype(np.int64)[order]
        name = quoted(rows.names["state"])
        if "acknowledged" not in rows.frame:
            taken = np.array([*(value.casefold() in rows.format.taken for value in state.categories), False])
            begun, moved = _moved(codes, over[codes], under_way[codes], place)
            firsts["acknowledged"] = _first(stamps, place, moved & ~taken[begun], len(many))
            words["acknowledged"] = f"the first change of {name} to another one in which it is open ({changed})"
        if "reopened" not in rows.frame and over.any():
            again = np.r_[False, over[codes[:-1]] & under_way[codes[1:]] & (np.diff(place) == 0)]
            ever = np.bincount(place[over[codes]], minlength=len(many)) > 0
            counts["reopened"] = np.where(ever, np.bincount(place[again], minlength=len(many)) > 0, np.nan)
            words["reopened"] = f"{name} open again after it had ended"
    if not words:
        return History()
    called = {"reassignments": "hand-overs", "acknowledged": "the time to take up", "reopened": "reopenings"}
    told = listed([called[each] for each in words])
    text = f"The rows of a ticket are its updates, in the order of {changed}: they tell {told}."
    return History(counts, firsts, words, Notes(decisions=(text,)))


def _kinds(rows: Rows, state: Words) -> tuple[np.ndarray, np.ndarray]:
    """Return for each state whether it ends a ticket, and whether a ticket is open in it; for none, neither."""
    values = list(state.categories)
    over = np.array([*(ends_a_ticket(value, rows.format) for value in values), False])
    under_way = np.array([*(is_under_way(value, rows.format) for value in values), False])
    return over, under_way


def _moved(
    codes: np.ndarray, over: np.ndarray, is_open: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row the state in which its ticket began, and whether it left that for another open one.

    Who takes a ticket up after it ended does so because it was reopened.
    """
    first = np.r_[True, np.diff(place) != 0]
    start = np.maximum.accumulate(np.where(first, np.arange(len(place)), 0))
    ended = np.cumsum(over)
    before = ended - ended[start] + over[start] == 0
    return codes[start], is_open & is_open[start] & (codes != codes[start]) & before


def _first(stamps: np.ndarray, place: np.ndarray, wanted: np.ndarray, tickets: int) -> np.ndarray:
    """Return the time of each ticket's first row of a kind, NaT where it has none."""
    found = np.full(tickets, np.datetime64("NaT", "us"))
    which, where = np.unique(place[wanted], return_index=True)
    found[which] = stamps[wanted][where]
    return found
