"""Engineering work in a report: what ends incidents, how long that takes, handing over, and what is learnt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.handoffs import waiting
from assessment_kit.pages import (
    captions_flow,
    charts_linked,
    charts_work,
    page_answers,
    page_levels,
    tables,
    tables_flow,
    tables_work,
)
from assessment_kit.pages.display import Fragment, joined
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

SAID_OF_ENGINEERING = (("escalation-pain", "Pain points of escalating"),)

#: Incidents a month from which parts of them are whole numbers: of fewer, half of one is worth saying.
WHOLE = 20

HINT = "Point at a row or click it: the same incidents are marked in the other charts, with how many and how long."

LEVELS = (
    ("ownership-transfer", "Handing over complex issues"),
    ("postmortem-effectiveness", "Postmortems lead to changes"),
    ("postmortem-actions-on-time", "Postmortem actions done on time"),
    ("fixes-prioritised", "Fixes against recurrence"),
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


def engineering(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return the kinds of work that end incidents, how long they take, escalations, and what becomes of the lessons."""
    mixes = [
        _mix("change-mix", "Kind of change needed", evaluation, answers, KINDS_OF_CHANGE, "None of these, or not said"),
        _mix("cause-mix", "Application or infrastructure", evaluation, answers, CAUSES, "Other causes, or not said"),
    ]
    handing_over = [_escalations(evaluation, answers), _escalation_times(evaluation, answers)]
    flow = joined([_times(evaluation), joined(handing_over, css_class="ak-columns")])
    return joined(
        [
            joined(mixes, css_class="ak-columns"),
            linked(flow, _words_by_key(evaluation, answers), HINT),
            words(page_levels.levels("Handover and follow-through", evaluation, answers, LEVELS)),
            words(page_answers.facts(answers, SAID_OF_ENGINEERING)),
        ]
    )


def _words_by_key(evaluation: Evaluation, answers: Answers) -> dict[str, str]:
    """Return how many and how long, for each kind of incident that stands in more than one chart."""
    counts = {row["key"]: row for row in tables.records(tables_flow.escalations(evaluation, answers)) if row["key"]}
    frames = (tables_flow.engineering_times(evaluation), tables_flow.escalation_times(answers))
    times = [row for frame in frames for row in tables.records(frame) if row["figure"]]
    found = {}
    for key, row in counts.items():
        share = f" ({percent_or_empty(row['of_first'])} of all)" if is_number(row["of_first"]) else ""
        parts = [f"{row['figure']} a month{share}"] if row["figure"] else []
        parts += [f"{time['name'].lower()} {time['figure']}" for time in times if time["key"] == key]
        if parts:
            found[key] = f"{row['name']}: {'; '.join(parts)}."
    return found


def _mix(
    name: str, what: str, evaluation: Evaluation, answers: Answers, entries: Mapping[str, tuple[str, str]], rest: str
) -> Fragment:
    phrases = dict(entries.values())
    frame = tables_work.stacked(tables_work.shares(answers, entries.keys(), phrases.keys()), rest)
    if len(frame) == 0 or frame["value"].isna().all():
        return missing(what, all_reasons(frame) if len(frame) else "This guide does not ask for it.")
    incidents = evaluation.metrics["incidents_per_month"].estimate
    numbers = numbers_of(incidents, list(frame["value"]))
    counts = [
        f"{number} of {wording.whole_number(incidents.value)}" if number and incidents else "" for number in numbers
    ]
    table = ranked_table(frame.assign(count=counts), "Incidents", "Share", count="Of them a month", reason="Missing")
    figures = [f"{count} · {share}" if count else share for count, share in zip(counts, frame["figure"], strict=True)]
    chart = charts_work.shares_of_one(shown(frame.assign(figure=figures), [""] * len(frame)))
    caption = captions_flow.shares_of_one(frame, rest, phrases, incidents, numbers)
    unknown = not_known(row for row in tables.records(frame) if row["kind"] == "part")
    return joined([figure(name, chart, caption, table), unknown], css_class="ak-column")


def numbers_of(incidents: Estimate | None, shares: Sequence[Any]) -> list[str]:
    """Return how many incidents a month each share is; where the shares are all of them, the numbers add up too.

    Shares that read the same have the same number: "27 of 70 · 38 %" above "26 of 70 · 38 %" would look like a mistake.
    Where both cannot be had, the numbers are each rounded by itself.
    """
    if incidents is None or incidents.value <= 0:
        return [""] * len(shares)
    exact = [incidents.value * share / 100 if is_number(share) else None for share in shares]
    known = [number for number in exact if number is not None]
    if len(known) < len(exact) or not math.isclose(math.fsum(known), incidents.value) or incidents.value < WHOLE:
        return ["" if number is None else wording.whole_number(number) for number in exact]
    percents = [wording.percent(share) for share in shares]
    alike: dict[str, list[float]] = {}
    for percent, number in zip(percents, known, strict=True):
        alike.setdefault(percent, []).append(number)
    parts = _together(alike, round(incidents.value))
    if parts is None:
        return [wording.whole_number(number) for number in known]
    return [f"{parts[percent]:,}" for percent in percents]


def _together(groups: Mapping[str, Sequence[float]], whole: int) -> dict[str, int] | None:
    """Return one whole number for each group of equal parts, down or up, so that all add up; None where none do."""
    floors = {name: math.floor(min(parts)) for name, parts in groups.items()}
    missing = whole - sum(floors[name] * len(parts) for name, parts in groups.items())
    chosen = [
        up
        for size in range(len(groups) + 1)
        for up in combinations(groups, size)
        if sum(len(groups[name]) for name in up) == missing
    ]
    if not chosen:
        return None
    most = max(chosen, key=lambda up: sum(math.fsum(groups[name]) - floors[name] * len(groups[name]) for name in up))
    return {name: floor + (name in most) for name, floor in floors.items()}


def _times(evaluation: Evaluation) -> Fragment:
    frame = tables_flow.engineering_times(evaluation)
    if not is_number(frame["value"].iloc[0]):
        # The times of all incidents stand in the section on incidents.
        return missing("Time to restore with an engineering fix", str(frame["reason"].iloc[0]))
    table = ranked_table(frame, "Incidents", "Mean", median_text="Median", worst_text="Worst", reason="Missing")
    chart = charts_linked.linked(charts_work.spread_of_times(shown(frame, [""] * len(frame))))
    caption = captions_flow.engineering_times(frame, evaluation.metrics)
    return joined([figure("engineering-times", chart, caption, table), not_known(tables.records(frame))])


def _escalations(evaluation: Evaluation, answers: Answers) -> Fragment:
    frame = tables_flow.escalations(evaluation, answers)
    if frame["value"].iloc[1:].isna().all():
        return missing("Escalations", all_reasons(frame.iloc[1:]))
    shares = [percent_or_empty(share) for share in frame["of_first"]]
    table = ranked_table(frame.assign(share=shares), "Step", "A month", share="Of all", reason="Missing")
    place = list(frame["id"]).index("escalations_per_month")
    known = frame["value"].iloc[[0, place]].notna().all()
    # The share stands in the figure: beside another chart there is no room for small type.
    figures = [
        f"{number} · {share}" if share else number for number, share in zip(frame["figure"], shares, strict=True)
    ]
    drawn = shown(frame.assign(figure=figures), [""] * len(frame))
    chart = charts_linked.linked(charts_work.flow(drawn, [place] if known else []))
    caption = captions_flow.escalation(frame, evaluation.metrics)
    return joined(
        [figure("escalations", chart, caption, table), not_known(tables.records(frame))], css_class="ak-column"
    )


def _escalation_times(evaluation: Evaluation, answers: Answers) -> Fragment:
    frame = tables_flow.escalation_times(answers)
    if frame["value"].isna().all():
        return missing("Waiting for others", all_reasons(frame))
    table = ranked_table(frame, "Time", "Mean", median_text="Median", worst_text="Worst", reason="Missing")
    chart = charts_linked.linked(charts_work.spread_of_times(shown(frame, [""] * len(frame))))
    worked = evaluation.metrics["escalation_hours_per_month"]
    caption = captions_flow.escalation_times(frame, waiting(evaluation, answers), worked)
    drawn = figure("escalation-times", chart, caption, table)
    return joined([drawn, not_known(tables.records(frame))], css_class="ak-column")
