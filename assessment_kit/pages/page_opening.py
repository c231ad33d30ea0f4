"""The opening of a report, for a reader who reads nothing else: five short paragraphs made from the figures.

Where the hours go; what comes in; what hurts most, linked to the findings; how sure that is; and what happens next, by
whom and until when. Whatever is not known is said in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup, escape

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT, NAMED
from assessment_kit.metrics import PARTS
from assessment_kit.pages import page_summary
from assessment_kit.pages.imported import OLD_DAYS, span
from assessment_kit.pages.page_words import EMPTY, anchor_of_finding, short_text, text, unbroken
from assessment_kit.readings import Answers
from assessment_kit.results import Action, Evaluation, Finding
from assessment_kit.values import parse_date

#: Findings that are named here; all of them stand in their own part.
MOST_NAMED = 3

#: Where the questions to clear up and the action items stand on the page.
TO_CLEAR_UP, ACTIONS = "to-clear-up", "action-items"

_DONE = ("done", "dropped")


def opening(evaluation: Evaluation, answers: Answers) -> Markup:
    """Return the paragraphs, each with its heading in the same line."""
    paragraphs = (
        ("Where the hours go.", _hours(evaluation)),
        ("What comes in.", _comes_in(evaluation, answers)),
        ("What hurts most.", _hurts(evaluation)),
        ("How sure this is.", _sure(evaluation, answers)),
        ("What happens next.", _next(evaluation, answers)),
    )
    return Markup('<div class="ak-lede">\n{}\n</div>').format(
        Markup("\n").join(
            Markup("<p><strong>{}</strong> {}</p>").format(heading, Markup(" ").join(map(_sentence, sentences)))
            for heading, sentences in paragraphs
        )
    )


def _sentence(said: str | Markup) -> Markup:
    return said if isinstance(said, Markup) else escape(unbroken(said))


def _hours(evaluation: Evaluation) -> Iterator[str]:
    yield page_summary.month(evaluation)
    parts = {part: found for part in PARTS if (found := evaluation.metrics[part].estimate) is not None}
    manual = parts.get(page_summary.TOIL)
    if manual is None:
        return
    largest = len(parts) > 1 and manual.value == max(found.value for found in parts.values()) > 0
    start = f"{page_summary.how_much(parts)} manual work:" if largest else "Manual work takes"
    yield page_summary.toil(evaluation, start)


def _comes_in(evaluation: Evaluation, answers: Answers) -> Iterator[str]:
    yield page_summary.incidents(evaluation, answers)
    yield page_summary.restore(evaluation)
    if alerts := page_summary.alerts(evaluation):
        yield alerts


def _hurts(evaluation: Evaluation) -> Iterator[Markup]:
    found = evaluation.findings
    if not found:
        thin = evaluation.overall.score is None
        why = "too little is answered to tell" if thin else "no scored answer lies below the middle level"
        yield Markup("No finding: {}.").format(why)
    else:
        links = [_link(finding) for finding in found[:MOST_NAMED]]
        every = _how_many(found)
        yield Markup("{}: {}.").format(every, Markup("; ").join(links))
    questions = len(evaluation.contradictions)
    if questions:
        words = f"{wording.count(questions, 'contradiction')} between answers"
        verb = "is" if questions == 1 else "are"
        yield Markup('<a href="#{}">{}</a> {} to be cleared up.').format(TO_CLEAR_UP, words, verb)


def _how_many(found: tuple[Finding, ...]) -> str:
    high = sum(finding.severity == "high" for finding in found)
    if len(found) <= MOST_NAMED:
        return "The one finding" if len(found) == 1 else f"{len(found)} findings, the gravest first"
    grave = f", {high} of high severity" if high else ""
    return f"{len(found)} findings{grave}; the gravest"


def _link(finding: Finding) -> Markup:
    # What is said of a repeat in general stands behind its name, which may hold colons of its own.
    title = finding.title.rpartition(": ")[0] if finding.id.startswith("repeat-") else finding.title
    hours = unbroken(f" ({wording.quantity(finding.hours.value, finding.hours.unit)})") if finding.hours else ""
    return Markup('<a href="#{}">{}</a>{}').format(
        anchor_of_finding(finding.id), text(short_text(title or finding.title, 110)), hours
    )


def _sure(evaluation: Evaluation, answers: Answers) -> Iterator[str]:
    yield page_summary.coverage(evaluation, answers)
    days = span(answers.document.imports)
    if days is not None and (evaluation.date - days[1]).days > OLD_DAYS:
        yield (
            f"The export behind measured figures ends on {wording.day(days[1])}, "
            f"{(evaluation.date - days[1]).days:,} days before the assessment."
        )


def _next(evaluation: Evaluation, answers: Answers) -> Iterator[str | Markup]:
    going = [action for action in evaluation.actions if action.status not in _DONE]
    if going:
        first = min(going, key=lambda action: (action.due is None, action.due or date.max))
        more = len(going) - 1
        others = EMPTY
        if more:
            others = Markup('; <a href="#{}">{}</a> {} agreed').format(
                ACTIONS, wording.count(more, "more action"), "is" if more == 1 else "are"
            )
        yield Markup("First: {}{}.").format(_action(first, evaluation.date), others)
    else:
        yield _nothing_agreed(evaluation)
    follow_up = parse_date(answers.value("follow-up-date"))
    if follow_up is None:
        yield "There is no date for a follow-up yet."
        return
    yield f"The follow-up is on {wording.day(follow_up)}."
    late = sum(action.due is not None and action.due > follow_up for action in going)
    if late:
        of = f"{late} of {wording.count(len(going), 'open action')}"
        yield f"{of} {'is' if late == 1 else 'are'} due only after it."


def _action(action: Action, day: date) -> Markup:
    owner: Markup | str = "without an owner"
    if action.owner == NAMED:
        owner = "with an owner"
    elif action.owner and action.owner != LEFT_OUT:
        owner = Markup("by {}").format(text(short_text(action.owner, 60)))
    due = "without a date"
    if action.due is not None:
        due = f"{'overdue since' if action.due < day else 'until'} {wording.day(action.due)}"
    return Markup("“{}”, {}, {}").format(text(short_text(action.what or "an action without a name", 110)), owner, due)


def _nothing_agreed(evaluation: Evaluation) -> str | Markup:
    done = sum(action.status == "done" for action in evaluation.actions)
    agreed = (
        f"No action is open; {done} of {len(evaluation.actions)} done."
        if evaluation.actions
        else "No action is agreed yet."
    )
    overall = evaluation.overall
    if overall.score is None and overall.coverage is not None:
        missing = f"{overall.applicable - overall.answered} of {wording.count(overall.applicable, 'scored answer')}"
        if sum(part.unknown for part in evaluation.progress) > sum(part.answered for part in evaluation.progress):
            found = "an export of the tickets or of the alerts answers most"
            return f"{agreed} What nobody knew is to be measured first: {found}. Still missing: {missing}."
        return f"{agreed} The conversation comes first; still missing: {missing}."
    proposed = next((win for win in evaluation.quick_wins if win.proposed), None)
    if proposed is not None:
        what = text(short_text(proposed.what, 110))
        return Markup('{} Proposed first: {} (<a href="#{}">quick wins</a>).').format(agreed, what, "quick-wins")
    return agreed
