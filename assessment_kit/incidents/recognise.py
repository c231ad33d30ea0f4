"""Which format an export is in, and which of its columns plays which role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from assessment_kit.errors import ExportError, Problem, UsageError
from assessment_kit.incidents.formats import TABLE, Format, folded
from assessment_kit.incidents.joined import core_of, said_as_two
from assessment_kit.incidents.notes import Notes, quoted, quoted_list
from assessment_kit.incidents.people_columns import names_people
from assessment_kit.incidents.raw import Raw
from assessment_kit.incidents.roles import ROLES, TIME_ROLES
from assessment_kit.incidents.scales import are_signals, says_yes_or_no
from assessment_kit.incidents.vendors import FORMATS
from assessment_kit.wording import listed

#: Rows per ticket from which a file is believed to hold events rather than tickets.
_EVENTS_PER_TICKET = 1.5

#: Times between which a duration is measured.
_SPANS = (
    ("started", "opened"),
    ("started", "detected"),
    ("opened", "acknowledged"),
    ("opened", "resolved"),
    ("opened", "closed"),
)

_ALIASES = frozenset(folded(name) for each in FORMATS for names in each.columns.values() for name in names)


@dataclass(frozen=True)
class Recognised:
    """A format and the columns of one export in their roles."""

    format: Format
    columns: Mapping[str, str]
    notes: Notes = field(default_factory=Notes)


def _bare(name: str) -> str:
    """Return a column's name as names are compared, without a unit or a zone in brackets behind it."""
    return folded(
        re.sub(
            r"\s*[(\[](?:hours?|hrs?|h|minutes?|mins?|seconds?|secs?|s|ms|days?|utc|gmt)[)\]]$", "", name, flags=re.I
        )
    )


def find_column(wanted: str, columns: Iterable[str]) -> str | None:
    """Return the column that a person means by a name: exactly, else the only one alike."""
    names = list(columns)
    if wanted in names:
        return wanted
    alike = [name for name in names if folded(name) == folded(wanted)]
    return alike[0] if len(alike) == 1 else None


def worth_reading(header: Sequence[str], by_hand: Mapping[str, str | None]) -> set[str]:
    """Return the columns that may play a role in some format, or are named by hand."""
    given = [column for column in by_hand.values() if column is not None]
    named = {find_column(part, header) for column in given for part in (column, *column.split(" + "))}
    found = {
        column
        for column in header
        if column in named or {folded(column), _bare(column)} & _ALIASES or names_people(column)
    }
    # The time of day may stand in a column of its own, beside the day.
    cores = {core_of(column) for column in found}
    return found | {column for column in header if core_of(column) in cores}


def recognise(raw: Raw, by_hand: Mapping[str, str | None]) -> Recognised:
    """Return the first format that fits an export's columns.

    Parameters
    ----------
    by_hand
        Role to column, where the export's own names do not tell. They come before every other name. None says that no
        column plays the role, whatever it is called.

    Raises
    ------
    ExportError
        When a named column is not there, or no format's needed columns are.
    UsageError
        When a role is not one of :data:`ROLES`.
    """
    given = _given(by_hand, raw)
    present = {
        name(column): column for name in (_bare, folded) for column in reversed(list(raw.frame.columns)) if name(column)
    }
    names = {folded(column) for column in raw.header}
    for candidate in FORMATS:
        # What was mapped by hand must count: a format that has no use for it is not the one meant.
        if any(role not in candidate.columns for role in given):
            continue
        if candidate.marks and not any(folded(mark) in names for mark in candidate.marks):
            continue
        found = _found(raw.frame, candidate, present, given.get("opened"))
        columns = {role: column for role, column in found.items() if column is not None and role not in by_hand} | given
        if any(role not in columns for role in candidate.needs) or not _fits(candidate, raw.frame, columns):
            continue
        known = {role: columns[role] for role in ROLES if role in columns}
        mapping = ", ".join(f"{role} from {quoted(column)}" for role, column in known.items())
        notes = Notes(decisions=(f"Read as {candidate.name}: {mapping}.",)) + _repeated(raw, known)
        return Recognised(candidate, known, notes)
    raise ExportError([_unrecognised(raw)])


def _found(
    frame: pd.DataFrame, candidate: Format, present: Mapping[str, str], opened: str | None
) -> dict[str, str | None]:
    """Return the column for each role of a format. The opened time is no other: that would be 0 minutes."""
    first = opened or _chosen(frame, "opened", candidate.columns.get("opened", ()), present)
    return {
        role: first if role == "opened" else _chosen(frame, role, spelt, present, first if role in TIME_ROLES else None)
        for role, spelt in candidate.columns.items()
    }


def _chosen(
    frame: pd.DataFrame, role: str, spelt: tuple[str, ...], present: Mapping[str, str], taken: str | None = None
) -> str | None:
    """Return the column for a role. A column of yes and no is no time while there is another to take."""
    names = list(dict.fromkeys(present[folded(each)] for each in spelt if folded(each) in present))
    names = [name for name in names if name != taken]
    if role in TIME_ROLES and len(names) > 1:
        return next((name for name in names if not says_yes_or_no(frame[name])), names[0])
    return names[0] if names else None


def _fits(candidate: Format, frame: pd.DataFrame, columns: Mapping[str, str]) -> bool:
    """Tell whether what stands in the columns is of the format's layout."""
    if candidate.layout == "event" and not candidate.split_by:
        ids = frame[columns["id"]]
        return len(ids) >= _EVENTS_PER_TICKET * max(1, ids.nunique())
    return candidate.layout != "signal" or are_signals(frame[columns["status"]])


def _given(by_hand: Mapping[str, str | None], raw: Raw) -> dict[str, str]:
    if unknown := [role for role in by_hand if role not in ROLES]:
        raise UsageError(f"there is no role {quoted_list(unknown)}; the roles are {', '.join(ROLES)}")
    columns = list(raw.frame.columns)
    named = {role: column for role, column in by_hand.items() if column is not None}
    found = {role: _meant(role, column, columns) for role, column in named.items()}
    problems = [
        Problem(
            raw.name,
            f"there is no column {quoted(named[role])} ({ROLES[role]}); the columns are {quoted_list(raw.header)}",
            "Use one of these names.",
        )
        for role, column in found.items()
        if column is None
    ]
    problems += [
        Problem(
            raw.name,
            f"the column {quoted(found[one])} is named as both {ROLES[one]} and {ROLES[other]}: from one to the other "
            "would always be 0 minutes",
            "Name another column for one of them, or leave it out.",
        )
        for one, other in _SPANS
        if found.get(one) is not None and found.get(one) == found.get(other)
    ]
    if problems:
        raise ExportError(problems)
    return {role: column for role, column in found.items() if column is not None}


def _meant(role: str, column: str, columns: Sequence[str]) -> str | None:
    """Return the column that is named for a role, a time in two columns too; None where there is none."""
    found = find_column(column, columns)
    return column if found is None and role in TIME_ROLES and said_as_two(column, columns) else found


def _repeated(raw: Raw, columns: Mapping[str, str]) -> Notes:
    """Tell of columns that the file has several times, where one of them plays a role."""
    told: dict[str, list[str]] = {}
    for role, name in columns.items():
        if name in raw.repeated:
            told.setdefault(name, []).append(ROLES[role])
    texts = [
        f"Several columns are called {quoted(name)}: the first is read as {listed(roles)}."
        for name, roles in told.items()
    ]
    return Notes(decisions=tuple(texts))


def _unrecognised(raw: Raw) -> Problem:
    usual = ", ".join(TABLE.columns["opened"][:4])
    what = f"no column holds {ROLES['opened']} (usual names: {usual}); the columns found are {quoted_list(raw.header)}"
    remedy = (
        "Export that column too, or give it one of these names in the file. On the command line it can be named "
        "instead: assessment-kit import prints lines to correct, and --columns FILE reads them. An event log needs a "
        "ticket number, a time and a status instead, with several rows per ticket."
    )
    return Problem(raw.name, what, remedy)
