"""Export formats as data: which columns tell a format, and which column plays which role.

A new format is a new entry of :data:`FORMATS`, here or in :mod:`vendors`. Names are compared without case, blanks and
punctuation, so that ``opened_at``, ``Opened At`` and ``Opened at`` are one name; nested fields of JSON are named by
their path (``priority.summary``). The first format whose needs are met is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: States in which a ticket has ended, and in which it never was an incident, in the words of most systems.
ENDED = frozenset({
    "closed", "completed", "done", "fixed", "postmortem", "recovered", "resolved", "restored", "solved",
    "closed complete", "closed incomplete", "closed skipped",
    "geschlossen", "gelöst", "erledigt", "behoben", "fermé", "clos", "résolu", "terminé", "cerrado", "resuelto",
    "chiuso", "risolto", "fechado", "resolvido", "encerrado", "gesloten", "opgelost",
})  # fmt: skip
CANCELLED = frozenset({"canceled", "cancelled", "withdrawn", "void", "won't do", "wont do", "declined"})
TAKEN = frozenset({
    "accepted", "acknowledged", "active", "assigned", "identified", "in progress", "investigating", "work in progress",
})  # fmt: skip


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
    under_way
        States that mean a ticket is open, beside the words of :mod:`states`.
    cancelled
        States that mean there was no incident after all.
    taken
        States of an event log that mean somebody took it up.
    key
        Roles that make a ticket one, where that is not its number alone.
    units
        Seconds in one unit of a duration, by role, where the column's name does not tell.
    counts_repeats
        Whether the signals folded into a ticket are repeats while it was open: so it is where a tool de-duplicates.
    split_by
        Metric logs: part of a metric's name to the role that its value plays.
    planned_titles
        Whether titles that speak of maintenance, updates or migrations are planned work: so it is on status pages.
    open_until_state
        Whether the time of the end only holds once the state says so: before, it is a forecast.
    untold
        Columns of the normal form that the tool does not tell although it seems to, and why.
    """

    id: str
    name: str
    layout: Literal["incident", "event", "signal"]
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    marks: tuple[str, ...] = ()
    ended: frozenset[str] = ENDED
    under_way: frozenset[str] = frozenset()
    cancelled: frozenset[str] = CANCELLED
    taken: frozenset[str] = TAKEN
    key: tuple[str, ...] = ("id",)
    units: Mapping[str, float] = field(default_factory=dict)
    counts_repeats: bool = False
    split_by: Mapping[str, str] = field(default_factory=dict)
    planned_titles: bool = False
    open_until_state: bool = False
    untold: Mapping[str, str] = field(default_factory=dict)


def folded(name: str) -> str:
    """Return a name without case, blanks and punctuation, as names are compared."""
    return re.sub(r"[\W_]+", "", name.casefold())


SIGNALS = Format(
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

EVENT_LOG = Format(
    id="event-log",
    name="an event log, one row per change of a ticket",
    layout="event",
    columns={
        # case:concept:name and its like are the names of the XES standard for event logs (IEEE 1849).
        "id": (
            "sr_number", "case_id", "case:concept:name", "incident_id", "ticket_id", "ticket_number", "incident_number",
            "number", "documentkey", "id",
        ),
        "time": (
            "change_date+time", "changed_at", "change_time", "event_time", "time:timestamp", "timestamp", "time",
            "start_at", "started_at", "sys_created_on", "created_at", "date",
        ),
        "until": ("end_at", "ended_at", "end_time"),
        "status": ("status", "state", "incident_state", "concept:name", "activity"),
        "team": ("involved_st", "assignment_group", "support_team", "team", "org:group", "group"),
        "priority": ("sr_latest_impact", "priority", "severity", "impact"),
        "type": ("incident_type", "category", "product", "service", "component"),
        "item": ("configuration_item", "cmdb_ci", "product", "service", "component"),
        "level": ("st_level", "support_line", "support_level", "level", "tier"),
        "description": ("short_description", "summary", "title", "subject"),
        "assignee": ("owner_first_name", "assigned_to", "assignee", "org:resource", "resource", "owner"),
        "caller": ("caller_id", "caller", "reporter", "requester"),
    },
    needs=("id", "time", "status"),
)  # fmt: skip

TABLE = Format(
    id="table",
    name="a table with one row per incident",
    layout="incident",
    columns={
        "id": (
            "incident_id", "ticket_id", "case_id", "incident_number", "ticket_number", "case_number", "incident_key",
            "issue_key", "issue_id", "public_id", "number", "ticket", "incident", "reference", "key", "id", "iid",
        ),
        "opened": (
            "opened_at", "opened", "opened_on", "opened_date", "date_opened", "open_time", "open_date", "created_at",
            "created_at_utc", "created", "created_on", "created_date", "created_time", "date_created", "creation_time",
            "creation_date", "reported_at", "reported", "reported_on", "reported_date", "declared_at", "submit_date",
            "submitted_at", "logged_at", "raised_at", "raised", "triggered_at", "downtime_start", "incident_start",
            "impact_start", "started_at", "started", "start_time", "start_date", "start_at", "start", "begin",
            "occurred_at", "occurred", "date_time", "datetime", "date",
        ),
        "resolved": (
            "resolved_at", "restored_at", "resolved_on", "resolved_when", "resolved_date", "resolved_time",
            "date_resolved", "last_resolved_date", "resolution_date", "fixed_at", "mitigated_at", "solved_at",
            "resolution_time", "downtime_end", "incident_end", "impact_end", "recovered_at", "ended_at", "end_time",
            "end_date", "end_at", "end", "resolved", "restored", "solved",
        ),
        "closed": (
            "closed_at", "closed_at_utc", "closed_on", "closed_date", "closed_time", "date_closed", "close_time",
            "close_date", "closed",
        ),
        "updated": (
            "updated_at", "updated_at_utc", "updated_on", "updated_time", "updated", "last_updated", "last_modified",
            "last_modified_date", "modified",
        ),
        "state": ("state", "status", "incident_status"),
        "priority": ("priority", "severity", "sev", "impact", "criticality", "urgency", "prio"),
        "team": (
            "team", "assignment_group", "assigned_group", "assigned_team", "support_group", "support_team",
            "resolver_group", "responsible_team", "owner_team", "squad", "queue", "group",
        ),
        "type": (
            "incident_type", "category", "type", "subcategory", "classification", "failure_type", "service", "product",
            "component", "application", "affected",
        ),
        "item": (
            "configuration_item", "cmdb_ci", "ci", "service", "business_service", "affected_service", "product",
            "component", "application", "affected", "system",
        ),
        "kind": ("ticket_type", "record_type", "issue_type", "kind", "type"),
        "reassignments": ("reassignment_count", "reassignments", "reassigned"),
        "reopened": ("reopen_count", "reopened_count", "reopened"),
        "made_sla": ("made_sla", "sla_met", "within_sla", "sla_made", "resolution_status"),
        "missed_sla": ("sla_breached", "has_breached", "sla_missed", "breached_sla", "breached"),
        "started": (
            "impact_start", "impact_started_at", "customer_impact_start", "outage_start", "incident_start",
            "failure_start", "downtime_start", "started_at", "started", "start_time", "began_at", "occurred_at",
            "occurred",
        ),
        "detected": ("detected_at", "detected", "detected_on", "detection_time", "time_detected", "identified_at"),
        "acknowledged": (
            "acknowledged_at", "acknowledged_on", "acknowledged", "ack_time", "acked_at", "accepted_at",
            "first_response_at", "first_response", "responded_at",
        ),
        "detect_after": ("time_to_detect", "minutes_to_detect", "seconds_to_detect"),
        "resolve_after": (
            "duration_minutes", "time_to_resolve", "time_to_restore", "resolution_minutes", "minutes_to_resolve",
            "seconds_to_resolve", "hours_to_resolve",
        ),
        "acknowledge_after": (
            "time_to_acknowledge", "time_to_ack", "minutes_to_acknowledge", "seconds_to_first_ack",
            "first_response_time_in_hrs",
        ),
        "source": ("alert_source", "source", "channel", "monitor", "contact_type", "reported_source"),
        "level": ("support_line", "support_level", "support_tier", "level", "tier", "line"),
        "escalated": ("escalation_count", "escalations", "escalated"),
        "auto_resolved": ("auto_resolved", "autoresolved"),
        "alerts": ("alert_count", "alerts", "signals"),
        "problem": ("problem_id", "problem", "problem_number", "linked_problem"),
        "change": ("change_id", "caused_by_change", "change_number", "linked_change"),
        "defect": ("defect_id", "defect", "bug_id", "bug", "linked_defect", "linked_bug"),
        "description": ("short_description", "summary", "title", "subject", "description"),
        "caller": ("caller_id", "caller", "reporter", "requester", "reported_by"),
        "assignee": ("assigned_to", "assignee", "agent", "owner", "resolver"),
    },
    needs=("opened",),
)  # fmt: skip
