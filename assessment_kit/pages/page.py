"""The head of a team report: who, when, how much of it is known, the summary, and six figures. Pure strings."""

from __future__ import annotations

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT
from assessment_kit.pages.page_figures import figures
from assessment_kit.pages.page_summary import bases, summary
from assessment_kit.pages.page_words import EMPTY, short_text, text, texts, unbroken
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.values import parse_date

#: The id of the part of the page that says what moved since the assessment before.
SINCE = "Since-last-time"


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
        when = Markup('{}; <a href="#{}">what has changed</a>').format(wording.day(previous.date), SINCE)
        facts.append(("Last time", when))
    facts += _sureness(evaluation, answers)
    rows = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup('<dl class="ak-meta">{}</dl>').format(rows)


def _sureness(evaluation: Evaluation, answers: Answers) -> list[tuple[str, object]]:
    """Return how much is answered, and how much of what was given in numbers is measured."""
    overall = evaluation.overall
    facts: list[tuple[str, object]] = []
    if overall.coverage is not None:
        counts = f"{overall.answered} of {wording.count(overall.applicable, 'scored answer')}"
        facts.append(("Coverage", unbroken(f"{counts} ({wording.percent(100 * overall.coverage)})")))
    measured, given = bases(answers)
    if given:
        share = wording.percent(100 * measured / given)
        facts.append(("Measured", unbroken(f"{measured} of {wording.count(given, 'figure')} ({share})")))
    return facts
