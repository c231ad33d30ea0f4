"""What to say and to propose while the team talks: the next question, a section's insight, quick wins, action items.

Pure. Everything comes from the evaluation; nothing is computed here that a report does not show.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from assessment_kit import wording
from assessment_kit.document import Document
from assessment_kit.guide import Guide
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Finding, Metric, Score, ScoredItem

#: Findings that become action items. Slight ones would bury what matters.
_WORTH_AN_ACTION = frozenset({"high", "medium"})
#: About the answers or the plan itself, so no action of the team's work.
_NOT_AN_ACTION = frozenset({"not-known", "actions-without-owner-or-date"})
MOST_PROPOSED = 8

#: A figure of a section in a sentence: metric -> words before and after it.
_SENTENCES: dict[str, tuple[str, str]] = {
    "capacity_hours_per_month": ("The team has", ". Everything below is held against these hours"),
    "repeat_hours_per_month": ("Repeat incidents cost", ": a prime candidate for deeper analysis and automation"),
    "incident_hours_per_month": ("Incidents cost", " of hands-on time"),
    "toil_hours_per_month": ("Manual work takes", ""),
    "escalation_hours_per_month": ("Escalations to SRE cost", ""),
    "engineering_dependent_share": ("Of all incidents", " need the engineering teams"),
    "noise_hours_per_month": ("Alerts that call for nothing cost", ": tune or remove the loudest first"),
}


def ask_next(answers: Answers, evaluation: Evaluation, section_id: str = "") -> str | None:
    """Return the unanswered question that could move the result most, None when everything asked is answered.

    How far a question can move it: of each scored item that lacks it, the width of what is still possible times the
    item's weight in its section and the section's in the whole, shared among the answers the item lacks. Where no score
    hangs on any, core questions come first, then the guide's order.

    Parameters
    ----------
    section_id
        Look here first: who is in a section asks its questions. Elsewhere only when nothing is left here.
    """
    asked = [
        question
        for question in answers.guide.questions.values()
        if question.id not in answers.document.answers and answers.is_relevant(question)
    ]
    if not asked:
        return None
    reach = _reach(evaluation, answers.document)
    # Stable: among equals the guide's order.
    here = [question for question in asked if answers.guide.section_of[question.id] == section_id] or asked
    return min(here, key=lambda question: (-reach.get(question.id, 0.0), not question.core)).id


def _reach(evaluation: Evaluation, document: Document) -> dict[str, float]:
    found: dict[str, float] = {}
    sections = [section for section in evaluation.sections if section.coverage is not None]
    whole = math.fsum(section.weight for section in sections) or 1.0
    for section, item in _open_items(sections):
        lacking = [question for question in item.answers if question not in document.answers]
        applying = math.fsum(other.weight for other in section.items if other.applies)
        weight = item.weight / applying * section.weight / whole
        for question in lacking:
            found[question] = found.get(question, 0.0) + weight * (item.high - item.low) / len(lacking)
    return found


def _open_items(sections: Iterable[Score]) -> Iterator[tuple[Score, ScoredItem]]:
    return ((section, item) for section in sections for item in section.items if item.applies and item.level is None)


def insight(evaluation: Evaluation, guide: Guide, section_id: str) -> str:
    """Return what a section's answers say so far, in one or two sentences; empty when they say nothing yet."""
    figures = ((_figure(evaluation, guide, section_id, name), after) for name, (_, after) in _SENTENCES.items())
    figure, advice = next((each for each in figures if each[0]), ("", ""))
    finding = next((found for found in evaluation.findings if found.section == section_id), None)
    # The finding's title may end with the advice that the figure gave already.
    title = f"{finding.title.removesuffix(advice)}." if finding is not None else ""
    return " ".join(part for part in (figure, title) if part)


def _figure(evaluation: Evaluation, guide: Guide, section_id: str, name: str) -> str:
    metric: Metric | None = evaluation.metrics.get(name)
    if metric is None or metric.estimate is None or not metric.estimate.value or not metric.answers:
        return ""
    if guide.section_of.get(_heart(metric)) != section_id:
        return ""
    before, after = _SENTENCES[name]
    spread = wording.interval(metric.estimate)
    figure = wording.quantity(metric.estimate.value, metric.estimate.unit)
    return f"{before} {figure}{f' ({spread})' if spread else ''}{after}."


#: The question in whose section a figure is said, where it is not the first that the figure rests on.
_HEARTS = {
    "repeat_hours_per_month": "repeat-incidents",
    "incident_hours_per_month": "incident-volume",
    "escalation_hours_per_month": "escalations-sre",
    "engineering_dependent_share": "engineering-involvement",
    "noise_hours_per_month": "alert-volume",
    "toil_hours_per_month": "toil-tasks",
}


def _heart(metric: Metric) -> str:
    return _HEARTS.get(metric.id, metric.answers[0])


@dataclass(frozen=True)
class Proposal:
    """A quick win or an action item to accept, edit or decline.

    Attributes
    ----------
    id
        The same for the same proposal, so that what was declined stays declined.
    table
        The question whose table takes it.
    """

    id: str
    table: Literal["quick-wins", "action-items"]
    what: str
    why: str
    effort_hours: float | None = None


def proposals(evaluation: Evaluation, document: Document, declined: Iterable[str]) -> list[Proposal]:
    """Return what to propose: quick wins from the toil tasks, then an action for each finding that matters.

    What the team already wrote down, or declined, is not proposed again.
    """
    written = {
        str(row.get("what", "")).strip().casefold()
        for table in ("quick-wins", "action-items")
        if (answer := document.answers.get(table)) is not None and isinstance(answer.value, list)
        for row in answer.value
        if isinstance(row, dict)
    }
    wins = [
        Proposal(_id("win", win.what), "quick-wins", win.what, win.why, win.effort_hours)
        for win in evaluation.quick_wins
        if win.proposed
    ]
    actions = [_action(found) for found in evaluation.findings if _matters(found)]
    refused = set(declined)
    fresh = [one for one in (*wins, *actions) if one.id not in refused and one.what.strip().casefold() not in written]
    return fresh[:MOST_PROPOSED]


def _matters(found: Finding) -> bool:
    return found.severity in _WORTH_AN_ACTION and found.id not in _NOT_AN_ACTION


def _action(found: Finding) -> Proposal:
    hours = f" ({wording.quantity(found.hours.value, found.hours.unit)})" if found.hours is not None else ""
    # What a low answer means stands in its title; of the others the reason names the tasks, incidents or blind spots.
    more = "" if found.id.startswith("low-") else f" {found.why}"
    return Proposal(_id("action", found.id, found.title), "action-items", found.remedy, f"{found.title}{hours}.{more}")


def _id(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
