"""The team's work in a report: engineering work and handoffs, alerts and monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.pages import captions_work, charts_work, page_answers, tables, tables_work
from assessment_kit.pages.display import Fragment, Table, joined, table_fragment
from assessment_kit.pages.page_words import text
from assessment_kit.pages.report_parts import (
    all_reasons,
    figure,
    missing,
    not_known,
    percent_or_empty,
    ranked_table,
    shown,
    words,
)
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation

SAID_OF_ENGINEERING = (
    ("handed-over-share", "Incidents that change hands"),
    ("escalation-wait", "Waiting for somebody to take over"),
    ("escalation-time", "Own work for each escalation"),
    ("escalation-pain", "Pain points"),
    ("ownership-transfer", "Handing over complex issues"),
    ("postmortem-effectiveness", "Postmortems"),
    ("postmortem-actions-on-time", "Postmortem actions on time"),
    ("fixes-prioritised", "Fixes against recurrence"),
)
SAID_OF_MONITORING = (
    ("monitoring-tools", "Monitoring tools"),
    ("noise-triage", "Noisy alerts"),
    ("upstream-visibility", "View of upstream monitoring"),
    ("slo-alignment", "Service targets with the SRE team"),
)

#: Shares of all incidents: question, name in the chart, and what a sentence says of the incidents.
KINDS_OF_CHANGE = {
    "code-change-share": ("Code change", "need a code change"),
    "config-change-share": ("Configuration update", "need a configuration update"),
    "architecture-share": ("Architectural fix", "need an architectural fix"),
}
CAUSES = {
    "application-share": ("Application bugs", "are caused by application bugs"),
    "infrastructure-share": ("Infrastructure problems", "are caused by infrastructure problems"),
}
ESCALATION_STEPS = {
    "incidents_per_month": "Incidents",
    "escalations_per_month": "Escalated to the SRE teams",
    "engineering_involvements_per_month": "Needed an engineering fix",
}
COVERAGE = {
    "monitoring-coverage": "Services with an alert on what users feel",
    "found-by-monitoring": "P1/P2 found by monitoring before users",
    "actionable-alerts": "Alerts that need an action",
}


def engineering(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return the kinds of work that end incidents, where they start, and the flow of escalations."""
    mixes = [
        _mix("change-mix", "Kind of change needed", answers, KINDS_OF_CHANGE, "None of these, or not said"),
        _mix("cause-mix", "Application or infrastructure", answers, CAUSES, "Other causes, or not said"),
    ]
    said = words(page_answers.facts(answers, SAID_OF_ENGINEERING))
    return joined([joined(mixes, css_class="ak-columns"), _escalations(evaluation), said])


def _mix(name: str, what: str, answers: Answers, entries: Mapping[str, tuple[str, str]], rest: str) -> Fragment:
    phrases = dict(entries.values())
    frame = tables_work.stacked(tables_work.shares(answers, entries.keys(), phrases.keys()), rest)
    if len(frame) == 0 or frame["value"].isna().all():
        return missing(what, all_reasons(frame) if len(frame) else "This guide does not ask for it.")
    table = ranked_table(frame, "Incidents", "Share", reason="Missing")
    chart = charts_work.shares_of_one(shown(frame, [""] * len(frame)))
    return figure(name, chart, captions_work.shares_of_one(frame, rest, phrases), table)


def _escalations(evaluation: Evaluation) -> Fragment:
    frame = tables_work.flow(evaluation, ESCALATION_STEPS)
    if frame["value"].iloc[1:].isna().all():
        return missing("Escalations", all_reasons(frame.iloc[1:]))
    table = ranked_table(frame, "Step", "A month", reason="Missing")
    caption = captions_work.escalation(frame, evaluation.metrics)
    return joined([figure("escalations", _flow(frame), caption, table), not_known(tables.records(frame))])


def _flow(frame: pd.DataFrame) -> Any:
    """Return the chart of a flow; its title speaks of the second step as a part of the first, where both are known."""
    asides = [percent_or_empty(share) if place else "" for place, share in enumerate(frame["of_first"])]
    return charts_work.flow(shown(frame, asides), [1] if frame["value"].iloc[:2].notna().all() else [])


def observability(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return the flow from alerts to incidents, coverage, and the blind spots."""
    said = words(page_answers.facts(answers, SAID_OF_MONITORING))
    return joined([_alerts(evaluation), _coverage(answers), _blind_spots(answers), said])


def _alerts(evaluation: Evaluation) -> Fragment:
    frame = tables_work.alerts(evaluation)
    if frame["value"].iloc[:2].isna().all():
        return missing("Alerts", str(frame["reason"].iloc[0]))
    table = ranked_table(frame, "Step", "A month", reason="Missing")
    caption = captions_work.alerts(frame, evaluation.metrics)
    return joined([figure("alerts", _flow(frame), caption, table), not_known(tables.records(frame))])


def _coverage(answers: Answers) -> Fragment:
    frame = tables_work.shares(answers, COVERAGE.keys(), COVERAGE.values())
    if len(frame) == 0 or frame["value"].isna().all():
        return missing("Monitoring coverage", all_reasons(frame) if len(frame) else "This guide does not ask for it.")
    frame = frame.assign(target_text=[percent_or_empty(target) for target in frame["target"]])
    table = ranked_table(frame, "Share", "As said", target_text="Level 4 at", reason="Missing")
    chart = charts_work.coverage(shown(frame, [""] * len(frame)))
    fragment = figure("coverage", chart, captions_work.coverage(frame), table)
    return joined([fragment, not_known(tables.records(frame))])


def _blind_spots(answers: Answers) -> Fragment:
    frame = tables_work.blind_spots(answers)
    if len(frame) == 0:
        absent = answers.why_absent("blind-spots")
        return missing("Blind spots", absent.reason if absent else "None was named.")
    lost = [float(hours) for hours in frame["hours_lost"].dropna()]
    sentence = f"{wording.count(len(frame), 'blind spot')} named"
    if lost:
        sentence += f"; {len(lost)} of {len(frame)} with hours, together {wording.number(sum(lost))} h a month"
    rows = [
        (text(row["area"]), *(text(row[key]) if row[key] else None for key in ("unseen", "effect")), row["hours_lost"])
        for row in tables.records(frame)
    ]
    table = table_fragment(Table(("Area", "What cannot be seen", "Effect", "Hours lost a month"), rows))
    heading = Markup('<h3>Blind spots</h3>\n<p class="ak-note">{}.</p>\n').format(sentence)
    return joined([words(heading), table])
