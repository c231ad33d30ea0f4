"""Rows in their roles to tidy incidents: one row per ticket, one schema for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents import scales
from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.kinds import INCIDENT, WHY_NOT, kinds
from assessment_kit.incidents.last_day import last_time
from assessment_kit.incidents.named_things import no_items, no_types
from assessment_kit.incidents.notes import LeftOut, Notes, quoted, quoted_list, short
from assessment_kit.incidents.roles import ROLES
from assessment_kit.incidents.schema import (
    COUNT_COLUMNS,
    DERIVED,
    FLAG_COLUMNS,
    LINKS,
    RECORDED,
    RECORDED_LINKS,
    SCHEMA,
    TIME_COLUMNS,
    WORD_COLUMNS,
)
from assessment_kit.incidents.spans import add_durations, end_of
from assessment_kit.incidents.states import Open, still_open
from assessment_kit.incidents.texts import Words, filled_share, is_long, nothing, spelt_alike, tallied
from assessment_kit.incidents.zones import Clock
from assessment_kit.wording import count

#: Columns that come from other roles than their own name, and what they mean.
_ROLES_OF = {
    "linked": LINKS,
    "detected": ("detected", "detect_after"),
    "acknowledged": ("acknowledged", "acknowledge_after"),
    "resolved": ("resolved", "resolve_after"),
    "made_sla": ("made_sla", "missed_sla"),
}
#: Words of which people write the same in several ways.
_UNITED = frozenset({"team", "type", "item"})
#: Teams written in several ways that are named, the others being a number.
_TEAMS_NAMED = 5
_MEANING = {
    "linked": "a link to a problem, a change or a defect",
    "repeated_while_open": "signals that repeat while an incident is open",
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
    only_open
        True when the export looks like a list of open tickets only.
    end
        The column that ends an incident, "" where none does.
    last
        The last time that the export tells of.
    origin
        For each ticket the row that tells of it (:attr:`assessment_kit.incidents.clock.Rows.origin`).
    """

    frame: pd.DataFrame
    words: Mapping[str, str]
    absent: Mapping[str, str]
    only_open: bool
    end: str
    last: np.datetime64
    notes: Notes
    origin: np.ndarray

    @property
    def incidents(self) -> pd.DataFrame:
        """The incidents among the tickets."""
        return self.frame if self._all else self.frame[(self.frame["kind"] == INCIDENT).to_numpy()]

    @property
    def origins(self) -> np.ndarray:
        """Where the incidents among the tickets come from."""
        return self.origin if self._all else self.origin[(self.frame["kind"] == INCIDENT).to_numpy()]

    @cached_property
    def _all(self) -> bool:
        return bool((self.frame["kind"] == INCIDENT).all())


def words_of(rows: Rows, roles: tuple[str, ...]) -> dict[str, Any]:
    """Return the columns of words that the rows have. Teams, types and items that differ only in case are one."""
    found: dict[str, Any] = {}
    for role in roles:
        if role == "description" and role in rows.frame:
            # Nearly each is its own: categories of them would only cost.
            found[role] = rows.plain(role)
        elif role in rows.frame:
            found[role] = spelt_alike(rows.words(role)) if role in _UNITED else rows.words(role)
    return found


def united_teams(rows: Rows) -> Notes:
    """Say which teams are written in several ways, and counted as one."""
    if "team" not in rows.frame:
        return Notes()
    spellings: dict[str, list[str]] = {}
    for name in short(tallied(rows.words("team"))):
        spellings.setdefault(name.casefold(), []).append(name)
    several = [f"{quoted(first)} (also {quoted_list(others, 3)})" for first, *others in spellings.values() if others]
    if not several:
        return Notes()
    more = f" and {len(several) - _TEAMS_NAMED:,} more" if len(several) > _TEAMS_NAMED else ""
    which = ", ".join(several[:_TEAMS_NAMED]) + more
    text = f"Teams in {quoted(rows.names['team'])} that differ in upper and lower case only are one: {which}."
    return Notes(decisions=(text,))


def finish(
    rows: Rows,
    frame: pd.DataFrame,
    texts: Mapping[str, Words],
    words: Mapping[str, str],
    notes: Notes,
    clock: Clock,
    *,
    untold: Mapping[str, str] | None = None,
    touched: Sequence[np.ndarray] = (),
    state_lasts: bool = True,
    unread: np.ndarray | None = None,
) -> Tidy:
    """Add what is derived in the same way for every layout: priority, kind, durations, and what is not recorded.

    Parameters
    ----------
    rows
        One row per ticket, beside ``frame``.
    texts
        The tickets' columns of words by role.
    untold
        Columns that the export does not tell, and why, where "it has no column" is not the reason.
    touched
        For each ticket, further times at which something was recorded of it.
    state_lasts
        Whether a ticket is still in its state, as far as the export tells: not where each state has an end of its own.
    unread
        For each ticket, whether something stands where its end should, which is no time.
    """
    told: dict[str, Any] = dict(texts)
    for role in ("priority", "id"):
        if role in rows.frame and role not in told:
            long = role == "id" and is_long(rows.frame[role])
            told[role] = rows.frame[role] if long else rows.words(role)
    if "priority" in told:
        found = scales.priorities(told["priority"], rows.names["priority"], rows.format.id)
        frame["priority"] = found.values
        notes += found.notes
    else:
        levels = pd.Index(scales.PRIORITIES, dtype=str)
        frame["priority"] = pd.Categorical.from_codes(np.full(len(frame), -1), categories=levels, ordered=True)
    frame["linked"] = _links(rows)
    for column in SCHEMA:
        if column not in frame and column not in DERIVED:
            frame[column] = _unknown(column, len(frame))
    shift = clock.to_wall(frame["opened"].to_numpy())
    if np.any(shift != np.timedelta64(0, "us")):
        for column in ("opened", "ended", *TIME_COLUMNS):
            frame[column] = frame[column].to_numpy() + shift
        touched = [times + shift for times in touched]
    frame["kind"] = kinds(told, rows.format.cancelled, len(frame), planned_titles=rows.format.planned_titles)
    codes = frame["kind"].cat.codes.to_numpy()
    for code, (_, reason) in enumerate(WHY_NOT.items(), 1):
        here = codes == code
        entry = rows.leave_out(here, reason)
        notes += Notes(left_out=(LeftOut(reason, int(frame["rows"][here].sum()), entry.examples),))
    counts = codes == 0
    if not counts.any():
        raise ExportError([_nothing_left(rows, notes)])
    opens = _opened_and_ended(rows, frame, told.get("state") if state_lasts else None, counts, unread)
    last, strays = last_time(rows, frame, touched, counts)
    notes += opens.notes + strays
    incidents = frame if counts.all() else frame[counts]
    absent = _absent(rows, incidents, {**rows.format.untold, **(untold or {})})
    words = dict(words)
    notes += _without_descriptions(rows, frame, incidents, words, absent)
    end = end_of(incidents, absent)
    notes += add_durations(rows, frame, absent, end, opens.stale)
    words = {**words, "open": opens.how}
    only_open = bool(incidents["is_open"].all()) and any(role in rows.frame for role in ("resolved", "closed"))
    if end:
        called = words.get(end) or quoted(rows.names[end])
        words["restore"] = f"from {words['opened']} to {called}"
        why = ", because no time of restoration is recorded" if end == "closed" else ""
        notes += Notes(decisions=(f"Time to restore is {words['restore']}{why}.",))
    else:
        absent["restore"] = words.get("no_end") or absent["resolved"]
        if not only_open and not opens.told:
            absent["open"] = absent["restore"]
    if not opens.told and "open" not in absent:
        told_by = f"Which incidents are still open is told by the times: those without one of their end{opens.others}."
        notes += Notes(decisions=(told_by,))
    if "type" in words:
        notes += Notes(decisions=(f"Types of incident are the values of {words['type']}.",))
    return Tidy(frame[list(SCHEMA)], words, absent, only_open, end, last, notes, rows.origin)


def _opened_and_ended(
    rows: Rows, frame: pd.DataFrame, state: Words | None, counts: np.ndarray, unread: np.ndarray | None
) -> Open:
    """Add who is open; an open ticket has not ended, and shows no sign that it did."""
    has_end = (frame["resolved"].notna() | frame["closed"].notna()).to_numpy()
    role = "status" if rows.format.layout == "event" else "state"
    unread = np.zeros(len(frame), dtype=bool) if unread is None else unread
    found = still_open(rows, state, role, has_end, counts, unread)
    frame["is_open"] = found.mask
    frame["ended"] = np.where(found.stale, np.datetime64("NaT", "us"), frame["ended"].to_numpy())
    return found


def _without_descriptions(
    rows: Rows, frame: pd.DataFrame, incidents: pd.DataFrame, words: dict[str, str], absent: dict[str, str]
) -> Notes:
    """Empty the columns of types and items where descriptions stand in them, unless a person named the column."""
    found = {}
    if "type" in words:
        found["type"] = no_types(incidents["type"].array, words["type"])
    if "item" in words:
        found["item"] = no_items(incidents["item"].array, incidents["description"], words["item"])
    if rows.rules.columns.get("description"):
        same = [column for column in found if rows.names[column] == rows.names["description"]]
        found |= {column: f"{words[column]} is the description" for column in same}
    found = {column: why for column, why in found.items() if why and column not in rows.rules.columns}
    for column in found:
        frame[column] = nothing(len(frame))
        del words[column]
    absent |= found
    if "type" in rows.format.untold and "type" not in rows.names:
        found["type"] = absent["type"]
    called = {"type": "types of incident", "item": "affected items"}
    return Notes(decisions=tuple(f"No {called[column]} are read: {why}." for column, why in found.items()))


def _absent(rows: Rows, incidents: pd.DataFrame, untold: Mapping[str, str]) -> dict[str, str]:
    """Return which columns are not recorded and why."""
    reasons: dict[str, str] = {}
    optional = (*TIME_COLUMNS, "priority", *WORD_COLUMNS, "linked", *COUNT_COLUMNS, *FLAG_COLUMNS)
    for column in optional:
        share = filled_share(incidents[column])
        if share > (RECORDED_LINKS if column == "linked" else RECORDED):
            continue
        if names := [quoted(rows.names[role]) for role in _ROLES_OF.get(column, (column,)) if role in rows.names]:
            filled = f"filled in {count(round(share * len(incidents)), 'incident')} of {len(incidents):,}"
            reasons[column] = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} {filled}: not recorded"
        else:
            no_column = f"the export has no column for {_MEANING.get(column) or ROLES[column]}"
            reasons[column] = untold.get(column, no_column)
    # The three are one column of the normal form, and each has its own in the export.
    missing = (kind for kind in LINKS if kind not in rows.names)
    return reasons | {kind: f"the export has no column for a link to a {kind}" for kind in missing}


def _links(rows: Rows) -> Words:
    """Return what each ticket is linked to, the first of :data:`LINKS` where it is several."""
    codes = np.full(len(rows.frame), -1, dtype=np.int64)
    for code, role in reversed(list(enumerate(LINKS))):
        if role in rows.frame:
            codes[rows.words(role).codes >= 0] = code
    return pd.Categorical.from_codes(codes, categories=pd.Index(LINKS, dtype=str))


def _unknown(column: str, length: int) -> np.ndarray | Words:
    if column in TIME_COLUMNS:
        return never(length)
    return nothing(length) if column in WORD_COLUMNS else np.full(length, np.nan)


def never(length: int) -> np.ndarray:
    """Return a column of times of which none is known."""
    return np.full(length, np.datetime64("NaT", "us"))


def _nothing_left(rows: Rows, notes: Notes) -> Problem:
    reasons = "; ".join(f"{entry.rows:,} {entry.reason}" for entry in notes.left_out)
    return Problem(rows.source, f"not one incident is left ({reasons})", "Check the filter of the export.")
