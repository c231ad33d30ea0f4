"""The formats of single tools, as data, each with where its column names are documented."""

from __future__ import annotations

from assessment_kit.incidents.formats import ENDED, EVENT_LOG, SIGNALS, TABLE, Format

# The incident table: fields by name or by label; "Table: Incident" in the product documentation, and its choice list of
# states as delivered (6 resolved, 7 closed, 8 cancelled).
_SERVICENOW = Format(
    id="servicenow-list",
    name="a ServiceNow incident list",
    layout="incident",
    columns={
        "id": ("number", "task_effective_number"),
        "opened": ("opened_at", "opened", "sys_created_on", "sys_created_at", "created"),
        "resolved": ("resolved_at", "resolved"),
        "closed": ("closed_at", "closed"),
        "updated": ("sys_updated_on", "sys_updated_at", "updated"),
        "revision": ("sys_mod_count", "updates"),
        "state": ("incident_state", "state"),
        "priority": ("priority", "severity", "impact"),
        "team": ("assignment_group",),
        "type": ("category", "subcategory"),
        "item": ("cmdb_ci", "configuration_item", "business_service", "service"),
        "kind": ("sys_class_name", "task_type"),
        "reassignments": ("reassignment_count",),
        "reopened": ("reopen_count",),
        "made_sla": ("made_sla",),
        "missed_sla": ("sla_breached", "has_breached"),
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
    marks=(
        "sys_id", "sys_updated_on", "sys_updated_at", "sys_created_on", "sys_created_at", "sys_mod_count",
        "incident_state", "assignment_group", "caller_id", "made_sla",
    ),
    ended=ENDED | {"6", "7"},
    under_way=frozenset({"1", "2", "3", "4", "5"}),
    cancelled=frozenset({"8", "canceled", "cancelled"}),
)  # fmt: skip

# The tables metric_instance and incident_metric: one row for each value that a field had, with its start and end;
# "Metric definition" and "Incident metrics" in the product documentation.
_SERVICENOW_METRICS = Format(
    id="servicenow-metrics",
    name="a ServiceNow metric log, one row per value that a field had",
    layout="event",
    columns={
        "id": ("inc_number", "number", "mi_id", "id"),
        "time": ("mi_start", "start"),
        "metric": ("mi_definition", "definition"),
        "value": ("mi_value", "mi_field_value", "value", "field_value"),
        "priority": ("inc_priority", "priority"),
        "type": ("inc_category", "category"),
        "item": ("inc_cmdb_ci", "cmdb_ci", "configuration_item"),
        "description": ("inc_short_description", "short_description"),
    },
    needs=("id", "time", "metric", "value"),
    split_by={"state": "status", "group": "team", "assigned": "assignee"},
    ended=ENDED | {"6", "7"},
    under_way=frozenset({"1", "2", "3", "4", "5"}),
    cancelled=frozenset({"8", "canceled", "cancelled"}),
)

# Analytics: "Get raw data - multiple incidents" (API reference) and the Insights download; REST: "List incidents"; the
# incidents report of earlier years has created_on and resolved_on. Urgency is no priority: high is the default of all.
_PAGERDUTY = Format(
    id="pagerduty",
    name="PagerDuty incidents",
    layout="incident",
    columns={
        "id": ("incident_number", "number", "id", "incident_id"),
        "opened": ("created_at", "created_on"),
        "resolved": ("resolved_at", "resolved_on"),
        "updated": ("updated_at", "last_status_change_at"),
        "changed": ("last_status_change_at",),
        "state": ("status",),
        "priority": ("priority_name", "priority.summary", "priority.name", "priority"),
        "team": ("team_name", "teams.summary", "team"),
        "type": ("service_name", "service.summary", "service"),
        "item": ("service_name", "service.summary", "service"),
        "source": ("service_name", "service.summary", "service"),
        "acknowledged": ("acknowledgements.at", "acknowledged_at"),
        "acknowledge_after": ("seconds_to_first_ack",),
        "resolve_after": ("seconds_to_resolve",),
        "reassignments": ("reassignment_count",),
        "escalated": ("escalation_count",),
        "auto_resolved": ("auto_resolved",),
        "alerts": ("alert_counts.all", "alert_count"),
        "description": ("description", "title", "summary"),
        "assignee": ("assigned_user_names", "assigned_to_user_names", "assignments.assignee.summary"),
    },
    needs=("id", "opened"),
    marks=(
        "seconds_to_first_ack", "seconds_to_resolve", "escalation_policy_name", "escalation_policy_id",
        "escalation_policy.summary", "escalation_policy.id", "last_status_change_at",
    ),
    ended=ENDED,
)  # fmt: skip

# "Export alerts" and "List alerts"/"Get alert" (API reference): times in milliseconds since 1970; ackTime and closeTime
# of the report are durations in milliseconds; count is how often the alert was raised while it was open.
_OPSGENIE = Format(
    id="opsgenie",
    name="Opsgenie alerts",
    layout="incident",
    columns={
        "id": ("tinyId", "id", "alertId"),
        "opened": ("createdAt", "created_at", "createdAtDate"),
        "updated": ("updatedAt", "updated_at", "updatedAtDate"),
        "changed": ("closedAt", "updatedAt", "updated_at", "updatedAtDate"),
        "state": ("status",),
        "priority": ("priority",),
        "team": ("teams", "ownerTeam", "ownerTeamName", "responders.name", "team"),
        "type": ("integration.name", "integrationName", "integration", "source"),
        "item": ("entity", "alias"),
        "source": ("source", "integration.name", "integrationName"),
        "acknowledge_after": ("report.ackTime", "ackTime", "reportData.ackTime"),
        "resolve_after": ("report.closeTime", "closeTime", "reportData.closeTime"),
        "alerts": ("count",),
        "description": ("message",),
        "assignee": ("owner",),
    },
    needs=("id", "opened", "description"),
    marks=("tinyId", "isSeen", "snoozed"),
    ended=ENDED,
    units={"acknowledge_after": 0.001, "resolve_after": 0.001},
    counts_repeats=True,
)

# The CSV export of an issue search (repeated columns for components, labels and links), and the REST resource "issue";
# "Export search results" in the product documentation. Service Management calls its kinds "[System] Incident".
_JIRA = Format(
    id="jira",
    name="Jira issues",
    layout="incident",
    columns={
        "id": ("issue_key", "key", "work_item_key", "issue_id"),
        "opened": ("created", "fields.created"),
        "resolved": ("resolved", "resolution_date", "resolutiondate", "fields.resolutiondate"),
        "updated": ("updated", "fields.updated"),
        "changed": ("status_category_changed", "fields.statuscategorychangedate"),
        "state": ("status", "fields.status.name"),
        "outcome": ("resolution", "fields.resolution.name"),
        "priority": ("priority", "fields.priority.name", "custom_field_severity"),
        "team": (
            "custom_field_team", "team_name", "custom_field_assignment_group", "custom_field_support_team", "team",
            "fields.team.name",
        ),
        "type": (
            "components", "component/s", "component", "fields.components.name", "custom_field_category",
            "custom_field_incident_type", "custom_field_request_type",
        ),
        "item": (
            "custom_field_affected_services", "affected_services", "components", "component/s",
            "fields.components.name",
        ),
        "kind": ("issue_type", "work_type", "issuetype", "fields.issuetype.name"),
        "problem": (
            "inward_issue_link_(problem/incident)", "outward_issue_link_(problem/incident)",
            "inward_issue_link_(problem)", "outward_issue_link_(problem)",
        ),
        "defect": ("inward_issue_link_(defect)", "outward_issue_link_(defect)", "inward_issue_link_(cause)"),
        "change": ("inward_issue_link_(change)", "outward_issue_link_(change)"),
        "source": ("custom_field_source", "custom_field_request_channel_type", "custom_field_channel"),
        "started": ("custom_field_impact_start", "custom_field_incident_start", "custom_field_start_time"),
        "detected": ("custom_field_detected", "custom_field_detected_at"),
        "description": ("summary", "fields.summary"),
        "caller": ("reporter", "fields.reporter.displayName", "creator"),
        "assignee": ("assignee", "fields.assignee.displayName"),
    },
    needs=("id", "opened"),
    marks=("issue_type", "work_type", "issuetype", "fields.issuetype.name", "issue_id", "project_key"),
    ended=ENDED,
    cancelled=frozenset({
        "canceled", "cancelled", "won't do", "wont do", "won't fix", "declined", "withdrawn", "duplicate", "not a bug",
    }),
)  # fmt: skip

# The webhook's payload and GET /api/v2/alerts ("Configuration: webhook_config" in the Prometheus documentation). An
# alert is one from its start to its end; each further notification of it is a repeat.
_ALERTMANAGER = Format(
    id="alertmanager",
    name="Alertmanager alerts",
    layout="incident",
    columns={
        "id": ("fingerprint",),
        "opened": ("startsAt",),
        "resolved": ("endsAt",),
        "updated": ("updatedAt",),
        "state": ("status", "status.state"),
        "priority": ("labels.severity", "severity"),
        "team": ("labels.team", "labels.squad", "labels.owner"),
        "type": ("labels.alertname", "alertname"),
        "item": ("labels.service", "labels.job", "labels.instance", "instance"),
        "source": ("labels.alertname", "alertname"),
        "description": ("annotations.summary", "annotations.description", "annotations.message", "labels.alertname"),
    },
    needs=("opened",),
    marks=("generatorURL", "fingerprint", "labels.alertname"),
    ended=frozenset({"resolved"}),
    key=("id", "source", "item", "opened"),
    counts_repeats=True,
    open_until_state=True,
)

# "Incidents" of the Statuspage API; GitHub, Cloudflare and many others publish theirs in this form.
_STATUSPAGE = Format(
    id="statuspage",
    name="incidents of a status page",
    layout="incident",
    columns={
        "id": ("id", "incident_id"),
        "opened": ("started_at", "created_at"),
        "resolved": ("resolved_at",),
        "updated": ("updated_at",),
        "state": ("status",),
        "priority": ("impact",),
        "type": ("components.name",),
        "item": ("components.name",),
        "description": ("name", "title"),
    },
    needs=("id", "opened", "priority"),
    marks=("monitoring_at", "shortlink", "incident_updates.status", "impact_override", "page_id"),
    ended=frozenset({"resolved", "postmortem", "completed"}),
    untold={
        "started": "a status page sets the start when the incident is entered: when the impact began is not told",
        "type": "a status page tells types by its components, and this export names none",
    },
)

# Front matter of a cState status page ("Incidents" in its documentation): planned work and notices beside outages.
_CSTATE = Format(
    id="cstate",
    name="notes of a cState status page",
    layout="incident",
    columns={
        "id": ("file", "slug", "path"),
        "opened": ("date",),
        "resolved": ("resolvedWhen",),
        "priority": ("severity",),
        "type": ("affected",),
        "item": ("affected",),
        "kind": ("section",),
        "description": ("title",),
    },
    needs=("opened", "priority", "description"),
    marks=("resolvedWhen",),
    planned_titles=True,
)

#: In the order in which they are tried: the most particular first.
FORMATS: tuple[Format, ...] = (
    _SERVICENOW_METRICS,
    _PAGERDUTY,
    _OPSGENIE,
    _ALERTMANAGER,
    _CSTATE,
    _SERVICENOW,
    _STATUSPAGE,
    SIGNALS,
    EVENT_LOG,
    _JIRA,
    TABLE,
)
