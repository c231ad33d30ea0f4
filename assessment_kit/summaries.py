"""One team as the portfolio sees it: a small value that holds what is compared across teams and nothing else.

:func:`summarise` is pure and takes the documents as they are; what an audience may not see is taken out here, before
anything is evaluated, so that neither a page nor a worker process passes it on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from hashlib import sha256

from assessment_kit.audience import Audience, redact
from assessment_kit.document import Document
from assessment_kit.estimate import Estimate
from assessment_kit.evaluate import evaluate
from assessment_kit.guide import Guide, Question
from assessment_kit.metrics import PARTS
from assessment_kit.readings import Answers
from assessment_kit.results import Action, Evaluation, Metric, Score, ToilTask
from assessment_kit.slugs import slug
from assessment_kit.themes import telling_words

#: What is set side by side beside the hours: figures that most teams can give.
FIGURES = (
    "incidents_per_month",
    "p1_p2_per_month",
    "repeat_share",
    "time_to_restore",
    "alert_actionable_share",
    "toil_people",
)
CAPACITY = "capacity_hours_per_month"
_KEPT = (*PARTS, CAPACITY, *FIGURES)

#: States of an action that is still to be done.
OPEN = frozenset({"", "open", "in-progress"})

# Dates and counts in a definition belong to one team's export ("856 incidents counted, 1 Jan to 31 Mar 2026").
_NUMBERS = re.compile(r"\d[\d.,:/-]*")
_MONTHS = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?= #)")
_COUNTED = re.compile(r"\bincidents\b")


@dataclass(frozen=True)
class Promise:
    """An action item and since when it has been on the list.

    Attributes
    ----------
    what, why, owner, due, status
        As the team wrote them down.
    since
        The date of the earliest assessment that lists it: how old the promise is.
    """

    what: str
    why: str
    owner: str
    due: Date | None
    status: str
    since: Date

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in OPEN


@dataclass(frozen=True)
class Repeat:
    """A repeat incident with its cause as a label: two teams that chose the same cause have the same label."""

    what: str
    cause: str
    hours: Estimate | None


@dataclass(frozen=True)
class TeamSummary:
    """What one team brings into the portfolio.

    Attributes
    ----------
    id
        Tells teams apart, also two that write their name in the same way: the name of the team's folder.
    scores
        By section in the guide's order, then the whole; without the items they are made of.
    metrics
        Hours, capacity and :data:`FIGURES` by id.
    definitions
        For each of them a key that is the same for two teams exactly when they count the same thing.
    factors
        Labels of the contributing factors that the team chose.
    to_ask
        How many contradictions are to be cleared up.
    previous, previous_scores, previous_metrics, previous_definitions
        The assessment before this one; None and empty where there is none.
    note
        Why this team's figures are to be read with care, empty where they are not.
    """

    id: str
    team: str
    date: Date
    scores: tuple[Score, ...]
    overall: Score
    metrics: Mapping[str, Metric]
    definitions: Mapping[str, str]
    tasks: tuple[ToilTask, ...]
    repeats: tuple[Repeat, ...]
    factors: tuple[str, ...]
    promises: tuple[Promise, ...]
    to_ask: int
    previous: Date | None = None
    previous_scores: Mapping[str, Score] = field(default_factory=dict)
    previous_metrics: Mapping[str, Metric] = field(default_factory=dict)
    previous_definitions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def summarise(
    document: Document, guide: Guide, *, audience: Audience, earlier: Sequence[Document] = (), folder: str = ""
) -> TeamSummary:
    """Return what one team brings into the portfolio.

    Parameters
    ----------
    document
        The team's latest document, checked (:func:`~assessment_kit.document.check_document`).
    guide
        All teams' documents are evaluated under this one guide, whatever version they were filled in under.
    audience
        What it may not see is left out.
    earlier
        The team's earlier documents, the oldest first, checked too. The last one is what the team is compared with.
    folder
        What tells teams apart; by default made of the team's name.
    """
    *past, shown = (redact(other, guide, audience) for other in (*earlier, document))
    found = evaluate(shown, guide)
    answers = Answers(shown, guide)
    before = evaluate(past[-1], guide) if past else None
    return TeamSummary(
        id=folder or slug(document.team),
        team=document.team,
        date=document.day,
        scores=tuple(replace(score, items=()) for score in found.sections),
        overall=replace(found.overall, items=()),
        metrics={name: found.metrics[name] for name in _KEPT},
        # As the team wrote them: where an audience does not get the words, two different ones would become the same.
        definitions=_definitions(found if shown is document else evaluate(document, guide)),
        tasks=found.toil_tasks,
        repeats=tuple(_repeats(found, answers)),
        factors=tuple(_factors(answers)),
        promises=tuple(_promises(shown, found.actions, past)),
        to_ask=len(found.contradictions),
        previous=before.date if before else None,
        previous_scores=_by_id(before),
        previous_metrics={name: before.metrics[name] for name in _KEPT} if before else {},
        previous_definitions=_definitions(before if past[-1] is earlier[-1] else evaluate(earlier[-1], guide))
        if before
        else {},
        note=_note(document, guide, earlier),
    )


def _by_id(found: Evaluation | None) -> dict[str, Score]:
    return {score.id: replace(score, items=()) for score in (*found.sections, found.overall)} if found else {}


def _definitions(found: Evaluation) -> dict[str, str]:
    return {name: definition_key(found.metrics[name].definition) for name in _KEPT}


def definition_key(definition: str) -> str:
    """Return a key of a definition: equal for two that count the same thing over other days with other numbers."""
    plain = _NUMBERS.sub("#", " ".join(definition.casefold().split()))
    plain = _COUNTED.sub("incident", _MONTHS.sub("#", plain))
    # A digest: what a team wrote for itself must not travel in a key.
    return sha256(re.sub(r"#(?:[ ,]+#)+", "#", plain).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _repeats(found: Evaluation, answers: Answers) -> Iterable[Repeat]:
    question = answers.question("repeat-incidents")
    for repeat in found.repeat_incidents:
        yield Repeat(repeat.what, _cause(question, repeat.cause), repeat.hours)


def _cause(question: Question | None, said: str) -> str:
    column = next((c for c in question.columns if c.id == "cause"), None) if question else None
    return next((choice.label for choice in (column.choices if column else ()) if choice.id == said), said)


def _factors(answers: Answers) -> Iterable[str]:
    question, said = answers.question("contributing-factors"), answers.value("contributing-factors")
    if question is None or not isinstance(said, dict):
        return
    for chosen in said.get("chosen") or []:
        choice = question.choice(str(chosen))
        if choice is not None and choice.id != "none":
            yield choice.label


def _promises(document: Document, actions: Sequence[Action], earlier: Sequence[Document]) -> Iterable[Promise]:
    first: dict[frozenset[str], Date] = {}
    for other in (*earlier, document):
        for what in _written_actions(other):
            first.setdefault(frozenset(telling_words(what)), other.day)
    for action in actions:
        since = first.get(frozenset(telling_words(action.what)), document.day)
        yield Promise(action.what, action.why, action.owner, action.due, action.status, since)


def _written_actions(document: Document) -> Iterable[str]:
    answer = document.answers.get("action-items")
    rows = answer.value if answer is not None and isinstance(answer.value, list) else []
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("what"), str):
            yield row["what"]


def _note(document: Document, guide: Guide, earlier: Sequence[Document]) -> str:
    versions = sorted({other.guide.version for other in (*earlier[-1:], document)} - {guide.version})
    if not versions:
        return ""
    return f"Filled in under version {' and '.join(versions)} of the guide, evaluated under {guide.version}."
