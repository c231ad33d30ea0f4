"""An event log, one row per change of a ticket, to one row per ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from assessment_kit.incidents.clock import Rows, Times, read_times
from assessment_kit.incidents.histories import changes
from assessment_kit.incidents.normal import Tidy, finish, never, united_teams, words_of
from assessment_kit.incidents.notes import Notes, quoted, quoted_list, short
from assessment_kit.incidents.scales import line_of
from assessment_kit.incidents.schema import WORD_COLUMNS
from assessment_kit.incidents.state_words import MIDDLE
from assessment_kit.incidents.states import ends_a_ticket, life_rank
from assessment_kit.incidents.texts import Words, nothing, tallied
from assessment_kit.incidents.ties import in_order
from assessment_kit.wording import count, listed

#: Columns whose changes are counted, and what the count is called.
_COUNTED = {"team": "reassignments", "level": "escalated"}
#: A ticket that was ever in this state was planned: that is how status pages announce maintenance.
_PLANNED = "scheduled"


@dataclass(frozen=True)
class _Events:
    """The events of all tickets in order: by ticket, then time; at the same moment by the states of a ticket's life.

    Attributes
    ----------
    rows
        The export's rows, in its own order; ``order`` puts them into that of the events.
    place
        For each event the number of its ticket in the result.
    first, last
        For each ticket its first and last event.
    ends
        For each event whether its status ends a ticket.
    """

    rows: Rows
    order: np.ndarray
    place: np.ndarray
    stamps: np.ndarray
    first: np.ndarray
    last: np.ndarray
    status: Words
    ends: np.ndarray

    @property
    def tickets(self) -> int:
        return len(self.first)

    def in_state(self, states: frozenset[str]) -> np.ndarray:
        """Return which events have one of the states."""
        wanted = [value.casefold() in states for value in self.status.categories]
        return np.array([*wanted, False])[self.status.codes]

    def first_of(self, wanted: np.ndarray) -> np.ndarray:
        """Return the time of each ticket's first event of a kind, NaT where it has none."""
        found = never(self.tickets)
        events = np.flatnonzero(wanted)
        which, first = np.unique(self.place[events], return_index=True)
        found[which] = self.stamps[events[first]]
        return found

    def last_known(self, column: Words) -> Words:
        """Return for each ticket the last value that one of its events names. ``column`` is in the export's order."""
        codes = np.full(self.tickets, -1, dtype=np.int64)
        ordered = column.codes[self.order]
        known = np.flatnonzero(ordered >= 0)
        # Of several values put into one place the last one stays.
        codes[self.place[known]] = ordered[known]
        return pd.Categorical.from_codes(codes, categories=column.categories)

    def counted(self, codes: np.ndarray, *, climbing: bool = False) -> np.ndarray:
        """Return how often each ticket went from one value to another, or to a higher one; NaN where none is named.

        ``codes`` are in the export's order, below 0 where an event names nothing: such an event changes nothing.
        """
        return changes(codes[self.order], self.place, self.tickets, climbing=climbing)


def tidy_events(rows: Rows) -> Tidy:
    """Return the tickets of an event log.

    A ticket is opened at its first event, taken up at the first later one whose status says so, and restored at the
    first whose status ends it. Team, priority, type, item and support line are the last that an event names. It changed
    hands whenever an event names another team than the one before, was escalated whenever it names a higher support
    line, and was reopened when an event that does not end it follows one that does.
    """
    rows, metrics = _metrics_apart(rows)
    rows, times = read_times(rows)
    events, until, nameless = _in_order(rows, times)
    rows = events.rows
    n = events.tickets
    named = {role: rows.words(role) for role in ("priority", *WORD_COLUMNS) if role in rows.frame}
    named |= words_of(rows, ("team", "type", "item"))
    known = {role: events.last_known(words) for role, words in named.items()}
    tickets = rows.at(events.order[events.last])
    texts = {**known, **words_of(tickets, ("kind",)), "state": events.last_known(rows.words("status"))}
    planned = events.in_state(frozenset({_PLANNED}))
    if planned.any() and "kind" not in texts:
        texts["kind"] = _kind_of(np.bincount(events.place[planned], minlength=n) > 0)
    restored = events.first_of(events.ends)
    taken_up, untold = _taken_up(events, restored)
    reopened = _restarted(events, restored)
    words = _words(rows, events)
    ends_by_states = until is not None and not events.ends.any()
    if until is not None and ends_by_states:
        restored = _until(events, until)
        words["resolved"] = f"the end of its last event ({quoted(rows.names['until'])})"
    levels = rows.words("level") if "level" in rows.frame else nothing(len(rows.frame))
    lines = np.array([*(line_of(value) or -1 for value in levels.categories), -1])[levels.codes]
    teams = named["team"].codes if "team" in named else np.full(len(rows.frame), -1)
    frame = pd.DataFrame(
        {
            "id": np.asarray(tickets.words("id"), dtype=object),
            **{role: texts.get(role, nothing(n)) for role in WORD_COLUMNS},
            "opened": events.stamps[events.first],
            "acknowledged": taken_up,
            "resolved": restored,
            "closed": np.where(events.ends[events.last], events.stamps[events.last], np.datetime64("NaT", "us")),
            "ended": np.fmax(events.stamps[events.last], restored),
            "reassignments": events.counted(teams),
            "escalated": events.counted(lines, climbing=True),
            "reopened": reopened,
            "rows": events.last - events.first + 1,
        }
    )
    notes = metrics + times.notes + nameless + _decision(rows) + united_teams(rows)
    return finish(tickets, frame, texts, words, notes, times.clock, untold=untold, state_lasts=not ends_by_states)


def _taken_up(events: _Events, restored: np.ndarray) -> tuple[np.ndarray, dict[str, str]]:
    """Return when each ticket was taken up, NaT where the log does not tell; and why, where it never does.

    A log that begins with the taking-up does not tell how long that took, and who takes a ticket up after it ended
    does so because it was reopened.
    """
    taken = events.in_state(events.rows.format.taken)
    at_once = taken[events.first]
    found = events.first_of(taken)
    found[at_once | (found > restored)] = np.datetime64("NaT", "us")
    states = tallied(events.status[events.first[at_once]])
    if not states:
        return found, {}
    begins = f"{quoted_list(states, 3)} in {count(int(at_once.sum()), 'ticket')} of {events.tickets:,}"
    return found, {
        "acknowledged": f"the first event of a ticket says already that somebody took it up ({begins}): how long that "
        "took is not recorded"
    }


def _in_order(rows: Rows, times: Times) -> tuple[_Events, np.ndarray | None, Notes]:
    """Return the events in order, the ends of their states, and what names no ticket."""
    ids = rows.words("id")
    nameless = ids.codes < 0
    notes = Notes(left_out=(rows.leave_out(nameless, "rows without a ticket number"),))
    stamps, until = times.values["time"], times.values.get("until")
    if nameless.any():
        rows, ids, stamps = rows.take(~nameless), ids[~nameless], stamps[~nameless]
        until = None if until is None else until[~nameless]
    status = rows.words("status")
    ends = np.array([ends_a_ticket(value, rows.format) for value in status.categories] + [False])[status.codes]
    order = in_order(_keys(rows, status, ends, stamps, until, ids), rows.frame)
    ticket = ids.codes[order]
    starts = np.r_[True, np.diff(ticket) != 0] if len(ticket) else np.zeros(0, dtype=bool)
    first = np.flatnonzero(starts)
    last = np.r_[first[1:], len(ticket)] - 1
    place = np.cumsum(starts) - 1
    events = _Events(rows, order, place, stamps[order], first, last, status[order], ends[order])
    return events, None if until is None else until[order], notes


def _keys(
    rows: Rows, status: Words, ends: np.ndarray, stamps: np.ndarray, until: np.ndarray | None, ids: Words
) -> list[np.ndarray]:
    """Return what puts events into order, the last first: at one moment, the state that was over sooner is earlier."""
    life = np.array([*(life_rank(value, rows.format) for value in status.categories), MIDDLE])[status.codes]
    if until is None:
        return [life, ends, stamps, ids.codes]
    lasting = np.where(np.isnat(until), np.iinfo(np.int64).max, until.view(np.int64))
    return [life, lasting, ends, stamps, ids.codes]


def _kind_of(planned: np.ndarray) -> Words:
    return pd.Categorical.from_codes(np.where(planned, 0, -1), categories=pd.Index(["maintenance"], dtype=str))


def _restarted(events: _Events, restored: np.ndarray) -> np.ndarray:
    """Return whether an event with another state followed the first that ended a ticket; NaN where none did."""
    if not events.ends.any():
        return np.full(events.tickets, np.nan)
    later = np.zeros(events.tickets)
    # NaT compares as false: an event of a ticket that never ended follows nothing.
    speaks = np.asarray(events.status.codes) >= 0
    later[events.place[~events.ends & speaks & (events.stamps > restored[events.place])]] = 1.0
    return np.where(np.isnat(restored), np.nan, later)


def _until(events: _Events, until: np.ndarray) -> np.ndarray:
    """Return the end of each ticket's last state; NaT while that state lasts."""
    found = never(events.tickets)
    known = np.flatnonzero(~np.isnat(until))
    by_end = known[np.argsort(until[known], kind="stable")]
    found[events.place[by_end]] = until[by_end]
    found[np.isnat(until[events.last])] = np.datetime64("NaT", "us")
    return found


def _words(rows: Rows, events: _Events) -> dict[str, str]:
    """Return what the definitions of measures need to say."""
    states = tallied(events.status)
    endings = " or ".join(quoted(value) for value in states if ends_a_ticket(value, rows.format))
    words = {"opened": "the first event"}
    if endings:
        words["resolved"] = f"the first {endings}"
        words["reopened"] = f"an event after the first {endings} that does not end the ticket"
    else:
        words["no_end"] = (
            f"no status ends a ticket: {quoted(rows.names['status'])} holds {quoted_list(short(states), 8)}"
        )
    if takings := [value for value in states if value.casefold() in rows.format.taken]:
        words["acknowledged"] = f"the first {' or '.join(map(quoted, takings))} after that and before the end"
    for role in WORD_COLUMNS:
        if role in rows.names:
            words[role] = quoted(rows.names[role])
            words[_COUNTED.get(role, role)] = quoted(rows.names[role])
    return words


def _decision(rows: Rows) -> Notes:
    kept = [role for role in ("team", "priority", "type", "item", "level") if role in rows.names]
    if not kept:
        return Notes()
    return Notes(
        decisions=(f"The {listed(kept)} of a ticket {'is' if len(kept) == 1 else 'are'} the last that an event names.",)
    )


def _metrics_apart(rows: Rows) -> tuple[Rows, Notes]:
    """Turn a log with one row per value of a field into events with a status and a team."""
    roles = rows.format.split_by
    if not roles:
        return rows, Notes()
    metric = rows.words("metric")
    played = [next((role for part, role in roles.items() if part in name.casefold()), "") for name in metric.categories]
    meant = np.array([*played, ""], dtype=object)[metric.codes]
    frame = rows.frame.copy()
    for role in dict.fromkeys(roles.values()):
        frame[role] = frame["value"].where(pd.Series(meant == role, index=frame.index), "")
    # "Incident: INC0010001" is how a reference to a ticket is shown.
    frame["id"] = frame["id"].str.replace(r"^[\w ]+: ", "", regex=True)
    names = {**rows.names, **dict.fromkeys(roles.values(), rows.names["value"])}
    other = meant == ""
    notes = Notes((rows.leave_out(other, "values of fields that tell neither state nor team", "metric"),))
    spread = replace(rows, frame=frame, names=names, known={})
    return spread.take(~other), notes
