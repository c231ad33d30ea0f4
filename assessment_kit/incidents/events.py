"""An event log, one row per change of a ticket, to one row per ticket."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment_kit.incidents.clock import Rows, read_times
from assessment_kit.incidents.normal import Tidy, finish, never, words_of
from assessment_kit.incidents.notes import Notes, quoted, quoted_list
from assessment_kit.incidents.scales import line_of
from assessment_kit.incidents.schema import WORD_COLUMNS
from assessment_kit.incidents.texts import categories, nothing, tallied
from assessment_kit.wording import listed


def tidy_events(rows: Rows, day_first: bool | None) -> Tidy:
    """Return the tickets of an event log.

    A ticket is opened at its first event, taken up at the first whose status says so, and restored at the first whose
    status ends it. Team, priority, type, item and support line are those of its last event. It changed hands whenever
    two events in a row name different teams, was escalated whenever the second names a higher support line, and was
    reopened when an event that does not end it follows one that does.
    """
    rows, times = read_times(rows, day_first)
    ids = categories(rows.frame["id"])
    nameless = ids.codes < 0
    notes = times.notes + Notes(left_out=(rows.leave_out(nameless, "rows without a ticket number"),))
    stamps = times.values["time"]
    if nameless.any():
        rows, ids, stamps = rows.take(~nameless), ids[~nameless], stamps[~nameless]
    status = categories(rows.frame["status"])
    ends_here = np.array([str(value).casefold() in rows.format.ended for value in status.categories] + [False])[
        status.codes
    ]
    # By ticket, then time; at the same moment an ending event is the later one.
    order = np.lexsort([ends_here, stamps, ids.codes])
    ticket, stamps, ends = ids.codes[order], stamps[order], ends_here[order]
    first = np.flatnonzero(np.r_[True, np.diff(ticket) != 0])
    last = np.r_[first[1:], len(ticket)] - 1
    # Position of each event's ticket in the result.
    place = np.cumsum(np.r_[False, np.diff(ticket) != 0])
    tickets = rows_of(rows, order[last])
    texts = words_of(tickets, WORD_COLUMNS)
    texts["state"] = categories(tickets.frame["status"])
    restored, restarted = _restored(place, stamps, ends, len(first))
    taken = np.array([value.casefold() in rows.format.taken for value in status.categories] + [False])
    frame = pd.DataFrame(
        {
            "id": np.asarray(ids.categories, dtype=object)[ticket[first]],
            **{role: texts.get(role, nothing(len(first))) for role in WORD_COLUMNS},
            "opened": stamps[first],
            "acknowledged": _first_of(place, stamps, taken[status.codes][order], len(first)),
            "resolved": restored,
            "closed": np.where(ends[last], stamps[last], np.datetime64("NaT", "us")),
            "ended": stamps[last],
            "reassignments": _changes(rows, order, place, len(first)),
            "escalated": _climbs(rows, order, place, len(first)),
            "reopened": restarted,
            "rows": last - first + 1,
        }
    )
    endings = [value for value in tallied(status) if value.casefold() in rows.format.ended]
    words = {"opened": "the first event"}
    if endings:
        words["resolved"] = f"the first {' or '.join(map(quoted, endings))}"
        words["reopened"] = f"an event after the first {' or '.join(map(quoted, endings))} that does not end the ticket"
    else:
        words["no_end"] = (
            f"no status ends a ticket: {quoted(rows.names['status'])} holds {quoted_list(tallied(status), 8)}"
        )
    if takings := [value for value in tallied(status) if value.casefold() in rows.format.taken]:
        words["acknowledged"] = f"the first {' or '.join(map(quoted, takings))}"
    for role in WORD_COLUMNS:
        if role in rows.names:
            words[_COUNTED.get(role, role)] = quoted(rows.names[role])
    return finish(tickets, frame, texts, words, notes + _decision(rows))


#: Columns whose changes are counted, and what the count is called.
_COUNTED = {"team": "reassignments", "level": "escalated"}


def _decision(rows: Rows) -> Notes:
    kept = [role for role in ("team", "priority", "type", "item", "level") if role in rows.names]
    if not kept:
        return Notes()
    return Notes(
        decisions=(f"The {listed(kept)} of a ticket {'is' if len(kept) == 1 else 'are'} those of its last event.",)
    )


def rows_of(rows: Rows, places: np.ndarray) -> Rows:
    """Return the rows at the given places, in that order."""
    frame = rows.frame.iloc[places].reset_index(drop=True)
    return Rows(rows.format, frame, rows.names, rows.numbers[places], rows.files[places], rows.file_names)


def _first_of(place: np.ndarray, stamps: np.ndarray, wanted: np.ndarray, tickets: int) -> np.ndarray:
    """Return the time of each ticket's first event of a kind, NaT where it has none. Events stand in order."""
    found = never(tickets)
    events = np.flatnonzero(wanted)
    which, first = np.unique(place[events], return_index=True)
    found[which] = stamps[events[first]]
    return found


def _restored(place: np.ndarray, stamps: np.ndarray, ends: np.ndarray, tickets: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the time of the first ending event of each ticket, and whether an event that does not end it followed."""
    restored = _first_of(place, stamps, ends, tickets)
    if not ends.any():
        return restored, np.full(tickets, np.nan)
    later = np.zeros(tickets)
    # NaT compares as false: an event of a ticket that never ended follows nothing.
    later[place[~ends & (stamps > restored[place])]] = 1.0
    return restored, np.where(np.isnat(restored), np.nan, later)


def _climbs(rows: Rows, order: np.ndarray, place: np.ndarray, tickets: int) -> np.ndarray:
    """Return how often each ticket went to a higher support line than the event before. Lines are ranked by number."""
    if "level" not in rows.frame:
        return np.full(tickets, np.nan)
    column = categories(rows.frame["level"])
    ranks = [line_of(value) for value in column.categories]
    rank = np.array([*ranks, 0], dtype=np.int64)[column.codes][order]
    known = rank > 0
    rank, place = rank[known], place[known]
    climbed = (np.diff(rank) > 0) & (np.diff(place) == 0)
    counts = np.bincount(place[1:][climbed], minlength=tickets).astype(float)
    counts[np.bincount(place, minlength=tickets) == 0] = np.nan
    return counts


def _changes(rows: Rows, order: np.ndarray, place: np.ndarray, tickets: int) -> np.ndarray:
    """Return how often each ticket went from one team to another. Events that name no team change nothing."""
    if "team" not in rows.frame:
        return np.full(tickets, np.nan)
    team = categories(rows.frame["team"]).codes[order]
    known = team >= 0
    team, place = team[known], place[known]
    changed = (np.diff(team) != 0) & (np.diff(place) == 0)
    counts = np.bincount(place[1:][changed], minlength=tickets).astype(float)
    counts[np.bincount(place, minlength=tickets) == 0] = np.nan
    return counts
