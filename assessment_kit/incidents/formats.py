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
from assessment_kit.incidents.roles import ROLES
from assessment_kit.incidents.scales import are_signals

#: Rows per ticket from which a file is believed to hold events rather than tickets.
_EVENTS_PER_TICKET = 1.5


@dataclass(frozen=True)
class Format:
    """One kind of export.

    Attributes
    ----------
    layout
        ``incident``: one row per ticket. ``event``: one row per change of a ticket. ``signal``: one row per state that
        a monitor reports of a thing.
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
    taken
        States of an event log that mean somebody took it up.
    """

    id: str
    name: str
    layout: Literal["incident", "event", "signal"]
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    marks: tuple[str, ...] = ()
    ended: frozenset[str] = frozenset({"closed", "completed", "done", "fixed", "resolved", "solved"})
    cancelled: frozenset[str] = frozenset({"canceled", "cancelled"})
    taken: frozenset[str] = frozenset(
        {"accepted", "acknowledged", "assigned", "in progress", "identified", "investigating", "work in progress"}
    )


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
        "started": ("outage_start", "u_impact_start", "begin"),
        "detected": ("detected_at", "u_detected_at", "detected"),
        "acknowledged": ("acknowledged_at", "u_acknowledged_at", "responded_at", "acknowledged"),
        "source": ("contact_type", "channel"),
        "level": ("support_level", "support_line", "u_support_line"),
        "escalated": ("u_escalation_count", "escalation_count"),
        "problem": ("problem_id", "problem"),
        "change": ("caused_by", "rfc", "caused_by_change", "change_request"),
        "description": ("short_description",),
        "caller": ("caller_id", "caller"),
        "assignee": ("assigned_to",),
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
        "level": ("st_level", "support_line", "support_level", "level", "tier"),
        "description": ("short_description", "summary", "title", "subject"),
        "assignee": ("owner_first_name", "assigned_to", "assignee", "org:resource", "resource", "owner"),
        "caller": ("caller_id", "caller", "reporter", "requester"),
    },
    needs=("id", "time", "status"),
)  # fmt: skip

_SIGNALS = Format(
    id="signal-log",
    name="a log of signals, one row per state of a thing",
    layout="signal",
    columns={
        "time": ("timestamp", "time", "event_time", "created_at", "date", "changed_at", "received_at"),
        "status": ("state", "status", "alert_state", "alertstate", "event"),
        "item": ("service", "monitor", "check", "host", "site", "target", "entity", "component", "name", "url"),
        "source": ("source", "alertname", "alert", "rule", "monitor", "check"),
        "team": ("team", "squad", "support_group", "assignment_group"),
        "priority": ("priority", "severity"),
        "description": ("message", "summary", "description", "title"),
    },
    needs=("time", "status", "item"),
)

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
        "missed_sla": ("sla_breached", "sla_missed", "breached_sla", "breached"),
        "started": ("impact_start", "impact_started_at", "outage_start", "incident_start", "failure_start"),
        "detected": ("detected_at", "detected", "detected_on", "detection_time", "time_detected"),
        "acknowledged": (
            "acknowledged_at", "acknowledged", "acknowledged_on", "ack_time", "acked_at", "first_response_at",
            "first_response", "responded_at", "response_time",
        ),
        "resolve_after": ("duration_minutes", "time_to_resolve", "resolution_minutes", "seconds_to_resolve"),
        "acknowledge_after": ("time_to_acknowledge", "minutes_to_acknowledge", "seconds_to_first_ack"),
        "source": ("alert_source", "source", "channel", "monitor", "contact_type", "reported_by_system"),
        "level": ("support_line", "support_level", "support_tier", "level", "tier", "line"),
        "escalated": ("escalation_count", "escalations", "escalated"),
        "auto_resolved": ("auto_resolved", "autoresolved"),
        "alerts": ("alert_count", "alerts", "signals"),
        "problem": ("problem_id", "problem", "problem_number", "linked_problem"),
        "change": ("change_id", "caused_by_change", "change_number", "linked_change"),
        "defect": ("defect_id", "defect", "bug_id", "bug", "linked_defect", "linked_bug"),
        "description": ("short_description", "summary", "title", "subject", "description"),
        "caller": ("caller_id", "caller", "reporter", "requester", "reported_by"),
        "assignee": ("assigned_to", "assignee", "owner", "resolver"),
    },
    needs=("opened",),
)  # fmt: skip

#: In the order in which they are tried: the most particular first.
FORMATS: tuple[Format, ...] = (_SERVICENOW, _SIGNALS, _EVENT_LOG, _TABLE)


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
        if candidate.layout == "signal" and not are_signals(frame[columns["status"]]):
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
