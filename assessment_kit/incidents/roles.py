"""What a column of an export can be."""

from __future__ import annotations

from collections.abc import Mapping

#: Role to what it means, in words for messages. An export's columns are read in these roles and in no other.
ROLES: Mapping[str, str] = {
    "id": "the ticket's number",
    "opened": "the time an incident was opened",
    "started": "the time the impact began",
    "detected": "the time somebody or something noticed",
    "acknowledged": "the time somebody took it up",
    "resolved": "the time service was restored",
    "closed": "the time the ticket was closed",
    "updated": "the time of the ticket's last change",
    "revision": "how often the ticket was changed",
    "changed": "the time of the last change of state",
    "detect_after": "the time from the start of the impact until it was noticed, as a number",
    "acknowledge_after": "the time from opening until somebody took it up, as a number",
    "resolve_after": "the time from opening until service was restored, as a number",
    "time": "the time of an event",
    "until": "the time until which an event's status held",
    "status": "the ticket's status after an event",
    "metric": "the name of a metric",
    "value": "the value of a metric",
    "state": "the ticket's state",
    "outcome": "how the ticket was resolved",
    "priority": "priority, severity or impact",
    "team": "the team",
    "type": "the type of incident",
    "item": "the affected item",
    "source": "the alert source, service or channel",
    "level": "the support line",
    "kind": "incident, change, request or maintenance",
    "reassignments": "how often the ticket changed hands",
    "escalated": "how often the ticket moved to a higher support line",
    "reopened": "how often the ticket was reopened",
    "made_sla": "whether the ticket met its SLA",
    "missed_sla": "whether the ticket missed its SLA",
    "auto_resolved": "whether a system ended it without a person",
    "alerts": "how many signals were folded into it",
    "problem": "the problem that the incident belongs to",
    "change": "the change that caused or mends the incident",
    "defect": "the defect or code change behind the incident",
    "description": "the short description",
    "caller": "who reported it",
    "assignee": "who works on it",
}

#: Roles whose cells are times, per layout of the export. The first is needed, the others are welcome.
TIMES: Mapping[str, tuple[str, ...]] = {
    "incident": ("opened", "started", "detected", "acknowledged", "resolved", "closed", "updated", "changed"),
    "event": ("time", "until"),
    "signal": ("time",),
}
TIME_ROLES = frozenset(role for roles in TIMES.values() for role in roles)
