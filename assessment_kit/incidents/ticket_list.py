"""A list of tickets, one row per ticket or per state of a ticket, to one row per ticket."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from assessment_kit.incidents import scales
from assessment_kit.incidents.clock import Rows, Times, read_times
from assessment_kit.incidents.durations import ENDS, read_durations
from assessment_kit.incidents.formats import folded
from assessment_kit.incidents.last_states import last_states
from assessment_kit.incidents.normal import Tidy, finish, never, united_teams, words_of
from assessment_kit.incidents.notes import Notes, quoted
from assessment_kit.incidents.schema import COUNT_COLUMNS, FLAG_COLUMNS, TIME_COLUMNS, WORD_COLUMNS
from assessment_kit.incidents.states import ends_a_ticket, is_under_way
from assessment_kit.incidents.texts import Words, nothing, tallied
from assessment_kit.wording import count

#: What stands in place of an end where there is none yet.
_NO_END = frozenset({"no", "false", "n", "nein", "non", "tbd", "tba", "tbc", "notyet", "notset"})
#: Alerts of one ticket from which it is said that most are its own.
_MANY_ALERTS = 1_000


def tidy_list(rows: Rows) -> Tidy:
    """Return the tickets of an export with one row per ticket; of several rows of one ticket the last state counts."""
    rows, times = read_times(rows)
    rows, times, tickets = last_states(rows, times)
    length = len(rows.frame)
    texts = words_of(rows, (*WORD_COLUMNS, "state", "outcome", "kind", "priority"))
    columns = {"opened": times.values["opened"]}
    columns |= {role: times.values.get(role, never(length)) for role in TIME_COLUMNS}
    words = {"opened": quoted(rows.names["opened"])}
    for role in (*TIME_COLUMNS, *COUNT_COLUMNS, *FLAG_COLUMNS, *WORD_COLUMNS):
        if role in rows.names:
            words[role] = quoted(rows.names[role])
    columns |= tickets.history.times
    words |= tickets.history.words
    words |= _from_durations(rows, columns)
    words |= _from_states(rows, texts, times, columns)
    counts = {role: _numbers(rows, role) for role in COUNT_COLUMNS}
    flags = {role: _flags(rows, role) for role in FLAG_COLUMNS}
    for role, told in tickets.history.counts.items():
        (counts if role in counts else flags)[role] = told
    notes = times.notes + tickets.notes + united_teams(rows) + _no_counts(rows)
    if rows.format.counts_repeats:
        if "alerts" not in rows.frame:
            counts["alerts"] = tickets.signals.astype(float)
            words["alerts"] = "the rows that say it is open"
        counts["repeated_while_open"] = np.maximum(counts["alerts"] - 1.0, 0.0)
        words["repeated_while_open"] = f"all but the first of {words['alerts']}"
    notes += _most_alerts(rows, counts["alerts"])
    if "missed_sla" in rows.frame:
        words.setdefault("made_sla", quoted(rows.names["missed_sla"]))
        flags["made_sla"] = np.where(np.isnan(flags["made_sla"]), 1.0 - _flags(rows, "missed_sla"), flags["made_sla"])
    frame = pd.DataFrame(
        {
            "id": _ids(rows),
            **columns,
            # fmax takes the one that is known.
            "ended": np.fmax(columns["resolved"], columns["closed"]),
            **{role: texts.get(role, nothing(length)) for role in WORD_COLUMNS},
            **counts,
            **flags,
            "rows": tickets.rows,
        },
        # Laid side by side as they are: putting columns of one type together would copy them all.
        copy=False,
    )
    touched = [times.values[role] for role in ("updated", "changed") if role in times.values]
    return finish(rows, frame, texts, words, notes, times.clock, touched=touched, unread=_unread_ends(rows, times))


def _from_durations(rows: Rows, columns: dict[str, np.ndarray]) -> dict[str, str]:
    """Fill times that the export gives as durations; return how each was read."""
    words = {}
    for role, (start, end) in ENDS.items():
        if role not in rows.frame:
            continue
        lengths, how = read_durations(rows.frame[role], rows.names[role], rows.format.units.get(role))
        columns[end] = np.where(np.isnat(columns[end]), columns[start] + lengths, columns[end])
        words[end] = quoted(rows.names[end]) if end in rows.names else how
    return words


def _from_states(
    rows: Rows, texts: Mapping[str, Words], times: Times, columns: dict[str, np.ndarray]
) -> dict[str, str]:
    """Take what the state says of the end: its last change where no time of restoration is kept, and no end before."""
    if "state" not in texts:
        return {}
    state = texts["state"]
    over = np.array([ends_a_ticket(value, rows.format) for value in state.categories] + [False])[state.codes]
    if rows.format.open_until_state:
        columns["resolved"] = np.where(over, columns["resolved"], np.datetime64("NaT", "us"))
    missing = over & np.isnat(columns["resolved"]) & np.isnat(columns["closed"])
    if "changed" not in times.values or not missing.any():
        return {}
    changed = times.values["changed"]
    columns["resolved"] = np.where(missing, changed, columns["resolved"])
    endings = " or ".join(quoted(value) for value in tallied(state) if ends_a_ticket(value, rows.format))
    how = f"{quoted(rows.names['changed'])} of tickets that are {endings}"
    before = "resolved" in rows.names and not np.isnat(times.values["resolved"]).all()
    return {"resolved": f"{quoted(rows.names['resolved'])}, else {how}" if before else how}


def _unread_ends(rows: Rows, times: Times) -> np.ndarray:
    """Return where something stands in place of an end that is no time, and does not say that there was none."""
    found = np.zeros(len(rows.frame), dtype=bool)
    for role in ("resolved", "closed"):
        if role in times.unread:
            # Nearly each time is its own: only these few are looked at.
            places = np.flatnonzero(times.unread[role])
            cells = rows.frame[role].iloc[places]
            found[places] |= [not is_under_way(cell, rows.format) and folded(cell) not in _NO_END for cell in cells]
    return found


def _ids(rows: Rows) -> np.ndarray | pd.Series:
    if "id" not in rows.frame:
        return np.array([f"row {number}" for number in rows.numbers.tolist()], dtype=object)
    ids = rows.plain("id")
    missing = np.flatnonzero(ids.isna())
    if not len(missing):
        return ids
    named = ids.to_numpy(dtype=object)
    named[missing] = [f"row {number}" for number in rows.numbers[missing].tolist()]
    return named


def _numbers(rows: Rows, role: str) -> np.ndarray:
    return scales.whole_numbers(rows.frame[role]) if role in rows.frame else np.full(len(rows.frame), np.nan)


def _no_counts(rows: Rows) -> Notes:
    """Warn of counts that cannot be."""
    warnings = []
    for role in (*COUNT_COLUMNS, "reopened"):
        if role not in rows.frame:
            continue
        for wrong, what in (
            (scales.beyond_counting(rows.frame[role]), "too large for a count"),
            (scales.below_counting(rows.frame[role]), "below zero"),
        ):
            if wrong.any():
                name, cells = quoted(rows.names[role]), count(int(wrong.sum()), "row")
                warnings.append(f"{name} holds a number {what} in {cells} ({rows.examples(wrong)}): missing there.")
    return Notes(warnings=tuple(warnings))


def _most_alerts(rows: Rows, alerts: np.ndarray) -> Notes:
    """Warn where one of several tickets holds most of all alerts: a storm, or a typing error."""
    known = np.nan_to_num(alerts)
    if len(known) < 2 or known.max() <= _MANY_ALERTS or 2 * known.max() <= known.sum():
        return Notes()
    most = known == known.max()
    text = (
        f"One ticket holds {known.max():,.0f} of all {known.sum():,.0f} alerts ({rows.examples(most)}): the numbers of "
        "alerts are mostly its own. Look whether it is a typing error."
    )
    return Notes(warnings=(text,))


def _flags(rows: Rows, role: str) -> np.ndarray:
    """Return yes and no, or a count as "at least once", as 1 and 0."""
    if role not in rows.frame:
        return np.full(len(rows.frame), np.nan)
    counted = scales.whole_numbers(rows.frame[role])
    if not np.isnan(counted).any():
        return np.minimum(counted, 1.0)
    words = scales.yes_or_no(rows.frame[role])
    return np.where(np.isnan(counted), words, np.minimum(counted, 1.0))
