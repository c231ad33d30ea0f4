"""Observability in a report: from alerts to incidents, what monitoring covers, what it does not show, shared views."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.pages import (
    captions_flow,
    charts_flow,
    charts_linked,
    charts_work,
    page_answers,
    page_levels,
    tables,
    tables_flow,
    tables_work,
)
from assessment_kit.pages.charts_base import ranked
from assessment_kit.pages.display import Fragment, Table, joined, table_fragment
from assessment_kit.pages.page_words import text
from assessment_kit.pages.report_parts import (
    all_reasons,
    figure,
    is_number,
    linked,
    missing,
    not_known,
    percent_or_empty,
    ranked_table,
    shown,
    words,
)
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation

SAID_OF_MONITORING = (("monitoring-tools", "Monitoring tools"),)

HINT = "Point at the alerts that need an action, or click them: they stand in both charts."

LEVELS = (
    ("noise-triage", "Noisy alerts"),
    ("upstream-visibility", "View of upstream monitoring"),
    ("slo-alignment", "Service targets shared with the SRE team"),
)

COVERAGE = {
    "monitoring-coverage": "Services with an alert on what users feel",
    "found-by-monitoring": "P1/P2 found by monitoring before users",
    "actionable-alerts": "Alerts that need an action",
}


def observability(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return the funnel from alerts to incidents, coverage, the blind spots, and how far views are shared."""
    return joined(
        [
            linked(joined([_alerts(evaluation), _coverage(answers)]), _words_by_key(evaluation), HINT),
            _blind_spots(answers),
            words(page_levels.levels("Visibility and alignment", evaluation, answers, LEVELS)),
            words(page_answers.facts(answers, SAID_OF_MONITORING)),
        ]
    )


def _words_by_key(evaluation: Evaluation) -> dict[str, str]:
    """Return the share of alerts that need an action, which stands in both charts."""
    row = next(row for row in tables.records(tables_flow.alerts(evaluation)) if row["kind"] == "action")
    if not row["figure"]:
        return {}
    share = percent_or_empty(row["of_first"])
    return {"actionable-alerts": f"Alerts that need an action: {row['figure']} a month, {share} of all."}


def _alerts(evaluation: Evaluation) -> Fragment:
    frame = tables_flow.alerts(evaluation)
    if frame["value"].iloc[:3].isna().all():
        return missing("Alerts", str(frame["reason"].iloc[0]))
    noise = evaluation.metrics["noise_hours_per_month"].estimate
    hours = f", {wording.number(noise.value)} h to look at" if noise is not None else ""
    shares = [percent_or_empty(share) for share in frame["of_first"]]
    asides = [
        f"{share}{hours if kind == 'noise' else ''}" if share else ""
        for share, kind in zip(shares, frame["kind"], strict=True)
    ]
    table = ranked_table(frame.assign(share=shares), "Step", "A month", share="Of all alerts", reason="Missing")
    caption = captions_flow.alerts(frame, evaluation.metrics)
    chart = charts_linked.linked(charts_flow.funnel(shown(frame, asides)))
    return joined([figure("alerts", chart, caption, table), not_known(tables.records(frame))])


def _coverage(answers: Answers) -> Fragment:
    frame = tables_work.shares(answers, COVERAGE.keys(), COVERAGE.values())
    if len(frame) == 0 or frame["value"].isna().all():
        return missing("Monitoring coverage", all_reasons(frame) if len(frame) else "This guide does not ask for it.")
    frame = frame.assign(target_text=[percent_or_empty(target) for target in frame["target"]])
    table = ranked_table(frame, "Share", "As said", target_text="Level 4 at", reason="Missing")
    counts = [f"n\u00a0=\u00a0{n:,.0f}" if is_number(n) else "" for n in frame["n"]]
    keys: list[Any] = [id_ if id_ == "actionable-alerts" else None for id_ in frame["id"]]
    chart = charts_linked.linked(charts_work.coverage(shown(frame.assign(key=keys), counts)))
    return joined([figure("coverage", chart, captions_flow.coverage(frame), table), not_known(tables.records(frame))])


def _blind_spots(answers: Answers) -> Fragment:
    spots = tables_flow.blind_spots(answers)
    if len(spots) == 0:
        absent = answers.why_absent("blind-spots")
        return missing("Blind spots", absent.reason if absent else "None was named.")
    rows = [
        (text(row["area"]), *(text(row[key]) if row[key] else None for key in ("unseen", "effect")), row["value"])
        for row in tables.records(spots)
    ]
    table = Table(("Area", "What cannot be seen", "Effect", "Hours lost a month"), rows)
    areas = tables_flow.by_area(spots)
    if len(areas) == 0:
        heading = Markup('<h3>Blind spots</h3>\n<p class="ak-note">{} named, none with hours.</p>\n')
        return joined([words(heading.format(wording.count(len(spots), "blind spot"))), table_fragment(table)])
    drawn = tables.top(areas.assign(aside=areas["effects"]), tables.HOURS)
    graves = [place for place, grave in enumerate(areas["grave"]) if grave and place < len(drawn)]
    chart = ranked(drawn, emphasis=graves, unit=" h")
    return figure("blind-spots", chart, captions_flow.blind_spots(areas, spots), table)
