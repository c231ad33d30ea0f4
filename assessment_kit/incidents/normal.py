"""Rows in their roles to tidy incidents: one row per ticket, one schema for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents import scales
from assessment_kit.incidents.clock import Rows, Times, read_times
from assessment_kit.incidents.formats import ROLES
from assessment_kit.incidents.notes import LeftOut, Notes, quoted
from assessment_kit.incidents.scales import INCIDENT
from assessment_kit.incidents.texts import Words, categories, filled_share, nothing, spelt_alike
from assessment_kit.wording import count

#: A field that is filled in fewer incidents than this share was never kept: "not recorded", not "0 %".
RECORDED = 0.05

#: The columns of a tidy frame. Times are ``datetime64[us]`` without a zone, all on the clock that the decisions name.
SCHEMA: Mapping[str, str] = {
    "id": "str; the ticket's number, or its row where the export has none",
    "team": "category; missing where the ticket has none",
    "opened": "time the incident was opened (event log: its first event)",
    "resolved": "time service was restored (event log: the first event that ends it); NaT while open",
    "closed": "time the ticket was closed; NaT where it is not",
    "ended": "last sign of life: the later of resolved and closed (event log: the last event); NaT while open",
    "priority": "ordered category P1..P5; missing where nothing is understood",
    "type": "category; the type of incident in the export's words",
    "item": "category; the affected item in the export's words",
    "reassignments": "float, count; NaN where not recorded (event log: changes of team between two events)",
    "reopened": "float, 1 when the ticket was reopened, else 0; NaN where not recorded",
    "made_sla": "float, 1 when the ticket met its SLA, else 0; NaN where not recorded",
    "kind": "category; incident, maintenance, change, request, problem, test or cancelled",
    "rows": "int; rows of the export that tell of this ticket",
    "out_of_order": "bool; its times contradict each other, so they are left out of durations",
    "restore_minutes": "float, minutes from opened to restored; NaN while open or out of order",
}


@dataclass(frozen=True)
class Tidy:
    """Every ticket of an export in one form.

    Attributes
    ----------
    frame
        One row per ticket of any kind, in the columns of :data:`SCHEMA`.
    words
        What the definitions of measures need to say: how ``restore``, ``reassigned``, ``reopened``, ``type`` were read.
    absent
        What is not recorded: column to the reason.
    still_open
        True when the export looks like a list of open tickets only.
    """

    frame: pd.DataFrame
    words: Mapping[str, str]
    absent: Mapping[str, str]
    still_open: bool
    notes: Notes

    @property
    def incidents(self) -> pd.DataFrame:
        """The incidents among the tickets."""
        return self.frame[self.frame["kind"] == INCIDENT]


def tidy_list(rows: Rows, day_first: bool | None) -> Tidy:
    """Return the tickets of an export with one row per ticket; of several rows of one ticket the last state counts."""
    rows, times = read_times(rows, day_first)
    rows, times, repeated = _last_states(rows, times)
    texts = words_of(rows, ("team", "type", "item", "state", "kind"))
    resolved, closed = (times.values.get(role, _never(len(rows.frame))) for role in ("resolved", "closed"))
    frame = pd.DataFrame(
        {
            "id": _ids(rows),
            "team": texts.get("team", nothing(len(rows.frame))),
            "opened": times.values["opened"],
            "resolved": resolved,
            "closed": closed,
            # fmax takes the one that is known.
            "ended": np.fmax(resolved, closed),
            "type": texts.get("type", nothing(len(rows.frame))),
            "item": texts.get("item", nothing(len(rows.frame))),
            "reassignments": _numbers(rows, "reassignments"),
            "reopened": _flags(rows, "reopened"),
            "made_sla": _flags(rows, "made_sla"),
            "rows": np.ones(len(rows.frame), dtype=np.int64),
        }
    )
    words = {"opened": f"{quoted(rows.names['opened'])}"}
    for role in ("reassignments", "reopened", "made_sla", "type"):
        if role in rows.names:
            words[role] = quoted(rows.names[role])
    return finish(rows, frame, texts, words, times.notes + repeated, still_open=_only_open(rows, frame, texts))


def words_of(rows: Rows, roles: tuple[str, ...]) -> dict[str, Words]:
    """Return the columns of words that the rows have. Types and items that differ only in case are one."""
    found = {role: categories(rows.frame[role]) for role in roles if role in rows.frame}
    return {role: spelt_alike(column) if role in ("type", "item") else column for role, column in found.items()}


def _only_open(rows: Rows, frame: pd.DataFrame, texts: Mapping[str, Words]) -> bool:
    """Tell whether this is a list of what is open now: it has a column for the end, and nothing ended."""
    some_ended = "state" in texts and any(state.casefold() in rows.format.ended for state in texts["state"].categories)
    return not some_ended and ("resolved" in rows.frame or "closed" in rows.frame) and bool(frame["ended"].isna().all())


def finish(
    rows: Rows,
    frame: pd.DataFrame,
    texts: Mapping[str, Words],
    words: Mapping[str, str],
    notes: Notes,
    *,
    still_open: bool = False,
) -> Tidy:
    """Add what is derived in the same way for every layout: priority, kind, durations, and what is not recorded.

    Parameters
    ----------
    rows
        One row per ticket, beside ``frame``.
    texts
        The tickets' columns of words by role.
    """
    told = {**texts, **{role: categories(rows.frame[role]) for role in ("priority", "id") if role in rows.frame}}
    frame["priority"] = pd.Categorical([None] * len(frame), categories=list(scales.PRIORITIES), ordered=True)
    if "priority" in told:
        found = scales.priorities(told["priority"], rows.names["priority"])
        frame["priority"] = found.values
        notes += found.notes
    frame["kind"] = scales.kinds(told, rows.format.cancelled, len(frame))
    for kind, reason in scales.WHY_NOT.items():
        here = (frame["kind"] == kind).to_numpy()
        entry = rows.leave_out(here, reason)
        notes += Notes(left_out=(LeftOut(reason, int(frame["rows"][here].sum()), entry.examples),))
    incidents = frame[frame["kind"] == INCIDENT]
    if incidents.empty:
        raise ExportError([_nothing_left(rows, notes)])
    absent = _absent(rows, incidents)
    end = _end(incidents, absent)
    notes += _restored(rows, frame, end)
    words = dict(words)
    if end:
        called = words.get(end) or quoted(rows.names[end])
        words["restore"] = f"from {words['opened']} to {called}"
        why = ", because no time of restoration is recorded" if end == "closed" else ""
        notes += Notes(decisions=(f"Time to restore is {words['restore']}{why}.",))
    else:
        absent["restore"] = words.get("no_end") or absent["resolved"]
    if "type" in words:
        notes += Notes(decisions=(f"Types of incident are the values of {words['type']}.",))
    return Tidy(frame[list(SCHEMA)], words, absent, still_open, notes)


def _end(incidents: pd.DataFrame, absent: Mapping[str, str]) -> str:
    """Return the column that ends an incident: resolved, or closed where resolved was never kept."""
    for column in ("resolved", "closed"):
        if column not in absent and incidents[column].notna().any():
            return column
    return ""


def _restored(rows: Rows, frame: pd.DataFrame, end: str) -> Notes:
    """Add the durations; times that contradict each other give none, and are counted."""
    opened, resolved, closed = (frame[name].to_numpy() for name in ("opened", "resolved", "closed"))
    # Comparisons with NaT are false: an open ticket contradicts nothing.
    before = (resolved < opened) | (closed < opened)
    after = ~before & (resolved > closed)
    frame["out_of_order"] = before | after
    frame["restore_minutes"] = np.nan
    if not end:
        return Notes()
    minutes = (frame[end].to_numpy() - opened) / np.timedelta64(1, "m")
    frame["restore_minutes"] = np.where(frame["out_of_order"], np.nan, minutes)
    incidents = (frame["kind"] == INCIDENT).to_numpy()
    wrong = incidents & frame["out_of_order"].to_numpy()
    if not wrong.any():
        return Notes()
    parts = [
        f"{int((mask & incidents).sum()):,} {words}"
        for mask, words in ((before, "ended before they were opened"), (after, "resolved later than closed"))
        if (mask & incidents).any()
    ]
    text = (
        f"Times are out of order in {count(int(wrong.sum()), 'incident')} of the "
        f"{int((incidents & ~np.isnat(frame[end].to_numpy())).sum()):,} that ended ({', '.join(parts)}): they count in "
        f"the volume, not in the time to restore ({rows.examples(wrong)})."
    )
    return Notes(warnings=(text,))


def _absent(rows: Rows, incidents: pd.DataFrame) -> dict[str, str]:
    """Return which columns are not recorded and why."""
    reasons: dict[str, str] = {}
    for column in ("team", "resolved", "closed", "priority", "type", "item", "reassignments", "reopened", "made_sla"):
        share = filled_share(incidents[column])
        if share > RECORDED:
            continue
        if column in rows.names:
            filled = f"is filled in {count(round(share * len(incidents)), 'incident')} of {len(incidents):,}"
            reasons[column] = f"{quoted(rows.names[column])} {filled}: not recorded"
        else:
            reasons[column] = f"the export has no column for {ROLES[column]}"
    return reasons


def _last_states(rows: Rows, times: Times) -> tuple[Rows, Times, Notes]:
    """Keep the last state of each ticket that has several rows. Rows without a number are tickets of their own."""
    if "id" not in rows.frame:
        return rows, times, Notes()
    ids = categories(rows.frame["id"])
    known = ids.codes >= 0
    if len(np.unique(ids.codes[known])) == known.sum():
        return rows, times, Notes()
    order = [
        times.values[role].astype(np.int64)
        for role in ("opened", "resolved", "closed", "updated")
        if role in times.values
    ]
    codes = np.where(known, ids.codes, np.arange(len(ids)) + len(ids.categories))
    # The last key of lexsort counts first: by ticket, then by last change.
    ranked = np.lexsort([*order, codes])
    last = np.r_[np.diff(codes[ranked]) != 0, True]
    keep = np.zeros(len(ids), dtype=bool)
    keep[ranked[last]] = True
    decision = f"Where {quoted(rows.names['id'])} has several rows, the ticket's last state counts."
    notes = Notes((rows.leave_out(~keep, "earlier rows of a ticket that comes again"),), (decision,))
    kept = {role: values[keep] for role, values in times.values.items()}
    return rows.take(keep), Times(kept, times.zone, times.notes), notes


def _ids(rows: Rows) -> np.ndarray:
    ids = (
        np.asarray(categories(rows.frame["id"]), dtype=object) if "id" in rows.frame else np.full(len(rows.frame), None)
    )
    for place in np.flatnonzero(pd.isna(ids)):
        ids[place] = f"row {rows.numbers[place]}"
    return ids


def _numbers(rows: Rows, role: str) -> np.ndarray:
    return scales.whole_numbers(rows.frame[role]) if role in rows.frame else np.full(len(rows.frame), np.nan)


def _flags(rows: Rows, role: str) -> np.ndarray:
    """Return yes and no, or a count as "at least once", as 1 and 0."""
    if role not in rows.frame:
        return np.full(len(rows.frame), np.nan)
    counted = scales.whole_numbers(rows.frame[role])
    words = scales.yes_or_no(rows.frame[role])
    return np.where(np.isnan(counted), words, np.minimum(counted, 1.0))


def _never(length: int) -> np.ndarray:
    return np.full(length, np.datetime64("NaT", "us"))


def _nothing_left(rows: Rows, notes: Notes) -> Problem:
    reasons = "; ".join(f"{entry.rows:,} {entry.reason}" for entry in notes.left_out)
    return Problem(rows.source, f"not one incident is left ({reasons})", "Check the filter of the export.")
