"""The head of a team report: who, when, the summary, and six figures. Pure strings, every text in them escaped."""

from __future__ import annotations

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT
from assessment_kit.estimate import Estimate
from assessment_kit.pages.page_summary import extrapolated, summary
from assessment_kit.pages.page_words import EMPTY, basis_mark, short_text, text, texts, unbroken, whole_number
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Metric
from assessment_kit.values import parse_date


def head(evaluation: Evaluation, answers: Answers, previous: Evaluation | None, warnings: Markup = EMPTY) -> Markup:
    """Return the head of the report. ``warnings`` stand before the figures whose meaning they change."""
    return Markup(
        '<header class="ak-masthead">\n<p class="ak-kicker">{}</p>\n<h1>{}</h1>\n{}\n<p class="ak-lede">{}</p>\n'
        "</header>\n{}{}"
    ).format(
        answers.guide.title,
        text(evaluation.team),
        _facts(evaluation, answers, previous),
        unbroken(" ".join(summary(evaluation, answers))),
        warnings,
        figures(evaluation, answers, previous),
    )


def _facts(evaluation: Evaluation, answers: Answers, previous: Evaluation | None) -> Markup:
    facts: list[tuple[str, object]] = [("Assessed", wording.day(evaluation.date))]
    start, end = parse_date(answers.value("period-start")), parse_date(answers.value("period-end"))
    if start and end:
        facts.append(("Period", f"{wording.day(start)} to {wording.day(end)}"))
    services = answers.value("services")
    if services:
        more = f" and {len(services) - 8} more" if len(services) > 8 else ""
        facts.append(("Services", Markup("{}{}").format(texts(short_text(item, 60) for item in services[:8]), more)))
    facilitator = answers.value("facilitator")
    if facilitator and facilitator != LEFT_OUT:
        facts.append(("Facilitator", text(short_text(facilitator))))
    participants = answers.value("participants")
    if participants and participants != [LEFT_OUT]:
        facts.append(("Participants", texts(short_text(item, 60) for item in participants[:12])))
    if previous is not None:
        facts.append(("Last time", wording.day(previous.date)))
    rows = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup('<dl class="ak-meta">{}</dl>').format(rows)


def figures(evaluation: Evaluation, answers: Answers, previous: Evaluation | None) -> Markup:
    """Return the six figures, each with its basis, its interval, and what it was last time."""
    metrics = evaluation.metrics
    incidents = metrics["incidents_per_month"].estimate
    entries = [
        ("incidents_per_month", "Incidents a month", "", _sentence_case(extrapolated(answers, "incident-volume"))),
        ("p1_p2_per_month", "P1 and P2 a month", "",
         _sentence_case(extrapolated(answers, "p1-p2-volume")) or _of("p1_p2_share", evaluation)),
        ("repeat_share", "Repeat incidents", "%", _number_of(metrics["repeat_share"].estimate, incidents)),
        ("time_to_restore", "Time to restore", "minutes", _median(metrics["time_to_restore"])),
        ("toil_hours_per_month", "Manual work a month", "h", _people(evaluation)),
        ("alert_actionable_share", "Alerts that need an action", "%",
         _number_of(metrics["alert_actionable_share"].estimate, metrics["alerts_per_month"].estimate)),
    ]  # fmt: skip
    cells = [_figure(metrics[metric], label, unit, aside, previous) for metric, label, unit, aside in entries]
    return Markup('<dl class="ak-figures">\n{}\n</dl>').format(Markup("\n").join(cells))


def _figure(metric: Metric, label: str, unit: str, aside: str, previous: Evaluation | None) -> Markup:
    found = metric.estimate
    if found is None:
        value: object = Markup('<span class="ak-absent" style="font-size:1.25rem">not known</span>')
        note: object = short_text(metric.reason, 160)
    else:
        value = _large(found.value, unit)
        span = wording.interval(found.in_unit(unit))
        note = Markup("{}{}").format(basis_mark(found.basis), f" · {span}" if span else "")
    lines = [
        Markup('<dd class="ak-note">{}</dd>').format(line)
        for line in (note, aside if found is not None else "")
        if line
    ]
    change = last_time(metric, unit, previous)
    if change:
        lines.append(Markup('<dd class="ak-change">{}</dd>').format(change))
    return Markup('<div><dt>{}</dt><dd class="ak-value">{}</dd>{}</div>').format(label, value, Markup("").join(lines))


def _large(value: float, unit: str) -> Markup:
    """Return the number large and its units small: "1 h 30 min" has two of each."""
    words = wording.quantity(value, unit).split(" ")
    # The space before a unit is as small as the unit: the one of large type would tear the two apart.
    parts = [
        Markup("{}{}").format(" " if place else "", word)
        if any(char.isdigit() for char in word)
        else Markup('<span class="ak-unit"> {}</span>').format(word)
        for place, word in enumerate(words)
    ]
    return EMPTY.join(parts)


def last_time(metric: Metric, unit: str, previous: Evaluation | None) -> str:
    """Return what a figure was last time; figures that are defined differently are not set side by side."""
    if previous is None or metric.id not in previous.metrics:
        return ""
    before = previous.metrics[metric.id]
    if before.estimate is None:
        return "Not known last time" if metric.estimate is not None else ""
    if metric.estimate is not None and before.definition != metric.definition:
        return "Last time it was defined differently"
    basis = (
        f", {before.estimate.basis}"
        if metric.estimate is None or before.estimate.basis != metric.estimate.basis
        else ""
    )
    return f"Last time {wording.quantity(before.estimate.value, unit)}{basis}"


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _of(share_id: str, evaluation: Evaluation) -> str:
    share, whole = evaluation.metrics[share_id].estimate, evaluation.metrics["incidents_per_month"].estimate
    if share is None or whole is None:
        return ""
    return f"{wording.percent(share.value)} of {whole_number(whole.value)} incidents"


def _number_of(share: Estimate | None, whole: Estimate | None) -> str:
    if share is None or whole is None:
        return ""
    return f"{whole_number(share.value * whole.value / 100)} of {whole_number(whole.value)} a month"


def _median(metric: Metric) -> str:
    parts = []
    if metric.median is not None:
        parts.append(f"median {wording.duration(metric.median)}")
    if metric.worst is not None:
        parts.append(f"worst {wording.duration(metric.worst)}")
    if metric.n is not None:
        parts.append(f"n\u00a0=\u00a0{metric.n:,}")
    return ", ".join(parts)


def _people(evaluation: Evaluation) -> str:
    people, share = evaluation.metrics["toil_people"].estimate, evaluation.metrics["toil_share"].estimate
    parts = [wording.quantity(people.value, "people")] if people else []
    if share:
        parts.append(f"{wording.percent(share.value)} of the team's hours")
    return ", ".join(parts)
