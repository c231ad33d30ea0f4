"""Export formats as data: which columns tell a format, and which column plays which role.

A new format is a new entry of :data:`FORMATS`. Names are compared without case, blanks and punctuation, so that
``opened_at``, ``Opened At`` and ``Opened at`` are one name. The first format whose needs are met is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from assessment_kit.errors import ExportError, Problem, UsageError
from assessment_kit.incidents.notes import Notes, quoted, quoted_list

#: What a column can be, in words for messages.
ROLES: Mapping[str, str] = {
    "id": "the ticket's number",
    "opened": "the time an incident was opened",
    "resolved": "the time service was restored",
    "closed": "the time the ticket was closed",
    "updated": "the time of the ticket's last change",
    "time": "the time of an event",
    "status": "the ticket's status after an event",
    "state": "the ticket's state",
    "priority": "priority, severity or impact",
    "team": "the team",
    "type": "the type of incident",
    "item": "the affected item",
    "kind": "incident, change, request or maintenance",
    "reassignments": "how often the ticket changed hands",
    "reopened": "how often the ticket was reopened",
    "made_sla": "whether the ticket met its SLA",
}

#: Rows per ticket from which a file is believed to hold events rather than tickets.
_EVENTS_PER_TICKET = 1.5


@dataclass(frozen=True)
class Format:
    """One kind of export.

    Attributes
    ----------
    layout
        ``incident``: one row per ticket. ``event``: one row per change of a ticket.
    columns
        Role to the names its column goes by, the most telling first.
    needs
        Roles without which the format is not recognised.
    marks
        Names of which at least one must be present too. None: the needs suffice.
    ended
        States that mean restored or closed.
    cancelled
        States that mean there was no incident after all.
    """

    id: str
    name: str
    layout: Literal["incident", "event"]
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    marks: tuple[str, ...] = ()
    ended: frozenset[str] = frozenset({"closed", "completed", "done", "fixed", "resolved", "solved"})
    cancelled: frozenset[str] = frozenset({"canceled", "cancelled"})


@dataclass(frozen=True)
class Recognised:
    """A format and the columns of one export in their roles."""

    format: Format
    columns: Mapping[str, str]
    notes: Notes = field(default_factory=Notes)


_SERVICENOW = Format(
    id="servicenow-list",
    name="a ServiceNow incident list",
    layout="incident",
    columns={
        "id": ("number", "task_effective_number"),
        "opened": ("opened_at", "opened", "sys_created_on", "created"),
        "resolved": ("resolved_at", "resolved"),
        "closed": ("closed_at", "closed"),
        "updated": ("sys_updated_on", "updated"),
        "state": ("incident_state", "state"),
        "priority": ("priority", "severity", "impact"),
        "team": ("assignment_group",),
        "type": ("category", "subcategory"),
        "item": ("cmdb_ci", "configuration_item", "business_service"),
        "kind": ("sys_class_name", "task_type"),
        "reassignments": ("reassignment_count",),
        "reopened": ("reopen_count",),
        "made_sla": ("made_sla",),
    },
    needs=("id", "opened"),
    marks=("sys_id", "sys_updated_on", "sys_created_on", "incident_state", "assignment_group", "caller_id", "made_sla"),
    # The choice list of the incident table as delivered: 6 resolved, 7 closed, 8 cancelled.
    ended=frozenset({"6", "7", "closed", "resolved"}),
    cancelled=frozenset({"8", "canceled", "cancelled"}),
)

_EVENT_LOG = Format(
    id="event-log",
    name="an event log, one row per change of a ticket",
    layout="event",
    columns={
        # case:concept:name and its like are the names of the XES standard for event logs (IEEE 1849).
        "id": (
            "sr_number", "case_id", "case:concept:name", "incident_id", "ticket_id", "ticket_number", "number", "id",
        ),
        "time": (
            "change_date+time", "changed_at", "change_time", "event_time", "time:timestamp", "timestamp", "time",
            "date", "start_at",
        ),
        "status": ("status", "state", "concept:name", "activity"),
        "team": ("involved_st", "assignment_group", "support_team", "team", "org:group", "group"),
        "priority": ("sr_latest_impact", "priority", "severity", "impact"),
        "type": ("incident_type", "category", "product", "service", "component"),
        "item": ("configuration_item", "product", "service", "component"),
    },
    needs=("id", "time", "status"),
)  # fmt: skip

_TABLE = Format(
    id="table",
    name="a table with one row per incident",
    layout="incident",
    columns={
        "id": (
            "incident_id", "ticket_id", "case_id", "incident_number", "ticket_number", "incident_key", "issue_key",
            "number", "ticket", "key", "id",
        ),
        "opened": (
            "opened_at", "opened", "opened_on", "opened_date", "date_opened", "open_time", "open_date", "created_at",
            "created", "created_on", "created_date", "date_created", "creation_time", "reported_at", "reported",
            "reported_date", "downtime_start", "incident_start", "impact_start", "started_at", "started", "start_time",
            "start_date", "start_at", "start", "begin", "occurred_at", "occurred", "date_time", "date",
        ),
        "resolved": (
            "resolved_at", "restored_at", "resolved_on", "resolved_when", "resolved_date", "date_resolved",
            "resolution_date", "resolution_time", "resolved_time", "downtime_end", "incident_end", "impact_end",
            "ended_at", "end_time", "end_date", "end_at", "end", "resolved", "restored",
        ),
        "closed": ("closed_at", "closed_on", "closed_date", "date_closed", "close_time", "closed"),
        "updated": ("updated_at", "updated_on", "updated", "last_updated", "modified"),
        "state": ("state", "status"),
        "priority": ("priority", "severity", "sev", "impact", "criticality", "urgency"),
        "team": (
            "team", "assignment_group", "assigned_group", "assigned_team", "support_group", "support_team",
            "resolver_group", "squad", "queue", "group",
        ),
        "type": (
            "incident_type", "category", "type", "subcategory", "classification", "failure_type", "service", "product",
            "component", "application", "affected",
        ),
        "item": (
            "configuration_item", "cmdb_ci", "ci", "service", "business_service", "product", "component",
            "application", "affected", "system",
        ),
        "kind": ("ticket_type", "record_type", "issue_type", "kind", "type"),
        "reassignments": ("reassignment_count", "reassignments", "reassigned"),
        "reopened": ("reopen_count", "reopened_count", "reopened"),
        "made_sla": ("made_sla", "sla_met", "within_sla", "sla_made"),
    },
    needs=("opened",),
)  # fmt: skip

#: In the order in which they are tried: the most particular first.
FORMATS: tuple[Format, ...] = (_SERVICENOW, _EVENT_LOG, _TABLE)


def folded(name: str) -> str:
    """Return a name without case, blanks and punctuation, as names are compared."""
    return re.sub(r"[\W_]+", "", name.casefold())


def find_column(wanted: str, columns: pd.Index) -> str | None:
    """Return the column that a person means by a name: exactly, else the only one alike."""
    names = [str(column) for column in columns]
    if wanted in names:
        return wanted
    alike = [name for name in names if folded(name) == folded(wanted)]
    return alike[0] if len(alike) == 1 else None


def recognise(
    frame: pd.DataFrame, name: str, by_hand: Mapping[str, str] | None = None, team_column: str | None = None
) -> Recognised:
    """Return the first format that fits an export's columns.

    Parameters
    ----------
    by_hand
        Role to column, where the export's own names do not tell. They come before every other name.
    team_column
        Column that holds the team.

    Raises
    ------
    ExportError
        When a named column is not there, or no format's needed columns are.
    UsageError
        When a role is not one of :data:`ROLES`.
    """
    wanted = dict(by_hand or {})
    if team_column is not None:
        wanted["team"] = team_column
    given = _given(wanted, frame.columns, name)
    present = {folded(column): column for column in reversed(list(frame.columns))}
    for candidate in FORMATS:
        columns = {
            role: present[folded(names[0])]
            for role, spelt in candidate.columns.items()
            if (names := [each for each in spelt if folded(each) in present])
        } | given
        if any(role not in columns for role in candidate.needs):
            continue
        # What was mapped by hand must count: a format that has no use for it is not the one meant.
        if any(role not in candidate.columns for role in wanted):
            continue
        if candidate.marks and not any(folded(mark) in present for mark in candidate.marks):
            continue
        if candidate.layout == "event" and not _holds_events(frame[columns["id"]]):
            continue
        known = {role: columns[role] for role in ROLES if role in columns}
        mapping = ", ".join(f"{role} from {quoted(column)}" for role, column in known.items())
        return Recognised(candidate, known, Notes(decisions=(f"Read as {candidate.name}: {mapping}.",)))
    raise ExportError([_unrecognised(frame.columns, name)])


def _given(wanted: Mapping[str, str], columns: pd.Index, name: str) -> dict[str, str]:
    if unknown := [role for role in wanted if role not in ROLES]:
        raise UsageError(f"there is no role {quoted_list(unknown)}; the roles are {', '.join(ROLES)}")
    found = {role: find_column(column, columns) for role, column in wanted.items()}
    problems = [
        Problem(
            name,
            f"there is no column {quoted(wanted[role])} ({ROLES[role]}); the columns are {quoted_list(columns)}",
            "Use one of these names.",
        )
        for role, column in found.items()
        if column is None
    ]
    if problems:
        raise ExportError(problems)
    return {role: column for role, column in found.items() if column is not None}


def _holds_events(ids: pd.Series) -> bool:
    return len(ids) >= _EVENTS_PER_TICKET * max(1, ids.nunique())


def _unrecognised(columns: pd.Index, name: str) -> Problem:
    usual = ", ".join(_TABLE.columns["opened"][:4])
    what = f"no column holds {ROLES['opened']} (usual names: {usual}); the columns found are {quoted_list(columns)}"
    remedy = (
        "Export that column too, or rename the one that holds it to 'opened'. An event log needs a ticket number, "
        "a time and a status instead, with several rows per ticket."
    )
    return Problem(name, what, remedy)
