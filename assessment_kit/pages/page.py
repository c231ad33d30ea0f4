"""The head of a team report: who, when, how much of it is known, the summary, and six figures. Pure strings."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT
from assessment_kit.pages.imported import age_words, period_words, span
from assessment_kit.pages.page_figures import figures
from assessment_kit.pages.page_opening import opening
from assessment_kit.pages.page_summary import bases
from assessment_kit.pages.page_words import EMPTY, short_text, text, texts, unbroken
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.values import parse_date

_NOT_GIVEN = Markup('<span class="ak-absent">not given</span>')

#: The id of the part of the page that says what moved since the assessment before.
SINCE = "Since-last-time"


def head(evaluation: Evaluation, answers: Answers, previous: Evaluation | None, warnings: Markup = EMPTY) -> Markup:
    """Return the head of the report. ``warnings`` stand before the figures whose meaning they change."""
    return Markup(
        '<header class="ak-masthead" data-ak-title="{}">\n<p class="ak-kicker">{}</p>\n<h1>{}</h1>\n{}\n{}\n'
        "</header>\n{}{}"
    ).format(
        title(evaluation),
        answers.guide.title,
        text(evaluation.team),
        _facts(evaluation, answers, previous),
        opening(evaluation, answers),
        warnings,
        figures(evaluation, answers, previous),
    )


def title(evaluation: Evaluation) -> str:
    """Return what a tab, a bookmark and a mail's attachment say: whose, what it is, and of which day."""
    return f"{short_text(evaluation.team, 80)} · production-support assessment · {wording.day(evaluation.date)}"


def _facts(evaluation: Evaluation, answers: Answers, previous: Evaluation | None) -> Markup:
    facts: list[tuple[str, object]] = [("Assessed", wording.day(evaluation.date))]
    facts += _periods(evaluation, answers)
    services = answers.value("services")
    listed: object = _NOT_GIVEN
    if services:
        more = f" and {len(services) - 8} more" if len(services) > 8 else ""
        listed = Markup("{}{}").format(texts(short_text(item, 60) for item in services[:8]), more)
    facts.append(("Services", listed))
    facilitator = answers.value("facilitator")
    if facilitator != LEFT_OUT:
        facts.append(("Facilitator", text(short_text(facilitator)) if facilitator else _NOT_GIVEN))
    participants = answers.value("participants")
    if participants and participants != [LEFT_OUT]:
        facts.append(("Participants", texts(short_text(item, 60) for item in participants[:12])))
    if previous is not None:
        when = Markup('{}; <a href="#{}">what has changed</a>').format(wording.day(previous.date), SINCE)
        facts.append(("Last time", when))
    facts += _sureness(evaluation, answers)
    rows = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup('<dl class="ak-meta">{}</dl>').format(rows)


def _periods(evaluation: Evaluation, answers: Answers) -> Iterator[tuple[str, object]]:
    """Yield which time the figures are of: as answered, and of each export, which may be of another time."""
    start, end = parse_date(answers.value("period-start")), parse_date(answers.value("period-end"))
    records = answers.document.imports
    days, counted = span(records), span(records, counted=True)
    if start and end:
        yield "Period", f"{wording.day(start)} to {wording.day(end)}"
    elif days is None:
        yield "Period", _NOT_GIVEN
    if days is None:
        return
    names = texts(short_text(record.source, 60) for record in records[:3])
    more = f" and {len(records) - 3} more" if len(records) > 3 else ""
    incidents = sum(record.incidents for record in records)
    parts = [Markup("{}, {} of {}{}").format(period_words(days), wording.count(incidents, "incident"), names, more)]
    if counted is not None and counted != days:
        parts.append(Markup("volumes counted {}").format(period_words(counted)))
    if age := age_words(days[1], evaluation.date):
        parts.append(escape(age))
    yield "Export" if start and end else "Period", Markup("; ").join(parts)


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
