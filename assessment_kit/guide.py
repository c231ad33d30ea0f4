"""The guide as data: sections, questions, choices and rubrics, with the checks that keep a guide usable.

Pure models: :mod:`assessment_kit.guide_file` reads them from YAML. Field names follow XLSForm where XLSForm has a word.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assessment_kit.errors import Problem

QuestionType = Literal["number", "rate", "percent", "duration", "choice", "multi", "tags", "text", "date", "table"]
ColumnType = Literal["text", "number", "percent", "rate", "duration", "choice", "date"]
Period = Literal["shift", "day", "week", "month"]
SourceKind = Literal["published", "company", "convention"]

#: Types whose answer is one number on a scale, so that bands can score it.
NUMERIC_TYPES = frozenset({"number", "rate", "percent", "duration"})

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Level = Annotated[int, Field(ge=1, le=5)]


class _Part(BaseModel):
    # A misspelt key in a guide must not vanish: an owner of the guide would believe it had an effect.
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Source(_Part):
    """Where a band or a convention comes from."""

    text: Words
    kind: SourceKind
    url: str = ""


class LevelName(_Part):
    """The name and the meaning of one of the five levels."""

    level: Level
    name: Words
    meaning: str = ""


class Spread(_Part):
    """Half widths by basis, for a number (relative) or a choice's level (in levels)."""

    measured: Annotated[float, Field(ge=0, le=5)]
    estimated: Annotated[float, Field(ge=0, le=5)]
    guess: Annotated[float, Field(ge=0, le=5)]


class Certainty(_Part):
    """How wide an interval is assumed where the team gave none."""

    relative: Spread
    levels: Spread
    source: Source


class Target(_Part):
    """The level that the scores of sections are held against."""

    level: Annotated[float, Field(ge=1, le=5)]
    source: Source


class Constraint(_Part):
    """Bounds of a number, both inclusive."""

    min: float | None = None
    max: float | None = None
    integer: bool = False


class Choice(_Part):
    """One choice with its written anchor; ``level`` only where the question is scored."""

    id: Identifier
    label: Words
    anchor: str = ""
    level: Level | None = None


class Relevant(_Part):
    """Show a question only when another answer says so. Exactly one condition."""

    question: Identifier
    answered: bool | None = None
    equals: str | float | bool | None = None
    any_of: tuple[str, ...] | None = None
    above: float | None = None
    below: float | None = None

    @property
    def conditions(self) -> list[str]:
        """Names of the conditions that are set."""
        return [name for name in ("answered", "equals", "any_of", "above", "below") if getattr(self, name) is not None]


class Rubric(_Part):
    """How one question or metric becomes a level.

    ``bands`` are the five values at which levels 1 to 5 are reached, strictly rising or strictly falling; levels in
    between follow on straight lines. A choice needs none: its choices carry the levels.
    """

    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    bands: tuple[float, ...] | None = None
    source: Source
    finding: Words
    remedy: Words


class MetricRubric(Rubric):
    """A rubric of a computed metric."""

    metric: Identifier


class Column(_Part):
    """One typed column of a table question."""

    id: Identifier
    label: Words
    type: ColumnType
    required: bool = False
    hint: str = ""
    unit: str = ""
    per: Period | None = None
    constraint: Constraint = Constraint()
    choices: tuple[Choice, ...] = ()
    other: bool = False


class Question(_Part):
    """One input of the form, and the guide's key question that it helps to answer.

    A ``fact`` is something the team knows by counting, such as its own people: without a basis it counts as measured.
    ``handoff`` marks what SRE teams need of the hand-over: what is written to it goes into their report
    (:mod:`assessment_kit.audience`).
    """

    id: Identifier
    type: QuestionType
    topic: str = ""
    key_question: Words
    label: str = ""
    hint: str = ""
    guidance: str = ""
    unit: str = ""
    per: Period | None = None
    core: bool = False
    fact: bool = False
    handoff: bool = False
    minutes: Annotated[float, Field(ge=0, le=60)] = 1.0
    constraint: Constraint = Constraint()
    relevant: Relevant | None = None
    choices: tuple[Choice, ...] = ()
    other: bool = False
    columns: tuple[Column, ...] = ()
    rubric: Rubric | None = None

    @property
    def text(self) -> str:
        """What is asked: the label, or the key question where there is none."""
        return self.label or self.key_question

    def choice(self, choice_id: str) -> Choice | None:
        """Return a choice by id, None when the guide has no such choice."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


class Section(_Part):
    """One section of the guide.

    ``target`` stands in the place of the guide's own where a section has another; with ``handoff`` every question in
    it is one of the hand-over.
    """

    id: Identifier
    title: Words
    kind: Literal["context", "assessed", "plan"] = "assessed"
    purpose: str = ""
    handoff: bool = False
    definition: str = ""
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    target: Annotated[float, Field(ge=1, le=5)] | None = None
    insights: tuple[Words, ...] = ()
    questions: tuple[Question, ...]
    rubrics: tuple[MetricRubric, ...] = ()


class Guide(_Part):
    """A whole guide: what is asked, in which order, and how answers become levels."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    id: Identifier
    version: Words
    title: Words
    language: str = "en"
    objectives: tuple[Words, ...] = ()
    reminder: str = ""
    closing: str = ""
    levels: tuple[LevelName, ...]
    certainty: Certainty
    target: Target | None = None
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by id, in the guide's order."""
        return {question.id: question for section in self.sections for question in section.questions}

    @cached_property
    def section_of(self) -> dict[str, str]:
        """Section id by question id."""
        return {question.id: section.id for section in self.sections for question in section.questions}

    def target_of(self, section_id: str) -> float | None:
        """Return the level that a section's score is held against; None where the guide names none."""
        own = next((section.target for section in self.sections if section.id == section_id), None)
        return own if own is not None or self.target is None else self.target.level

    def level_name(self, level: float) -> str:
        """Return the name of the level that a score has reached: 3.7 is "Steady" still, left of the mark of level 4."""
        reached = level_reached(level)
        return next((entry.name for entry in self.levels if entry.level == reached), "")


def level_reached(level: float) -> int:
    """Return the whole level, 1 to 5, that a score has reached, counted as it is shown: with one decimal."""
    return min(5, max(1, math.floor(round(level, 1))))


def check_guide(guide: Guide, known_metrics: frozenset[str]) -> list[Problem]:
    """Return everything that the models alone cannot see: duplicates, bands out of order, rules naming nothing.

    Parameters
    ----------
    known_metrics
        Ids of the metrics the kit computes (``metrics.METRIC_IDS``): a rubric may name only these.
    """
    problems = list(_duplicates(guide))
    if sorted(entry.level for entry in guide.levels) != [1, 2, 3, 4, 5]:
        problems.append(Problem("levels", "the five levels are not each named once", "Name levels 1, 2, 3, 4 and 5."))
    for section in guide.sections:
        for rubric in section.rubrics:
            where = f"sections.{section.id}.rubrics.{rubric.metric}"
            problems += _check_bands(rubric, where, required=True)
            if rubric.metric not in known_metrics:
                remedy = f"Use one of: {', '.join(sorted(known_metrics))}."
                problems.append(Problem(where, f"there is no metric {rubric.metric!r}", remedy))
        for question in section.questions:
            problems += _check_question(guide, question, f"sections.{section.id}.questions.{question.id}")
    return problems


def _duplicates(guide: Guide) -> Iterator[Problem]:
    groups: list[tuple[str, str, list[str]]] = [
        ("sections", "section", [section.id for section in guide.sections]),
        ("sections", "question", [q.id for section in guide.sections for q in section.questions]),
    ]
    for section in guide.sections:
        for question in section.questions:
            where = f"sections.{section.id}.questions.{question.id}"
            groups.append((where, "choice", [choice.id for choice in question.choices]))
            groups.append((where, "column", [column.id for column in question.columns]))
            groups += [
                (f"{where}.columns.{column.id}", "choice", [choice.id for choice in column.choices])
                for column in question.columns
            ]
    for where, noun, ids in groups:
        for duplicate in sorted({item for item in ids if ids.count(item) > 1}):
            yield Problem(where, f"the {noun} id {duplicate!r} is used more than once", "Give each its own id.")


def _check_question(guide: Guide, question: Question, where: str) -> Iterator[Problem]:
    if question.type in ("choice", "multi") and not question.choices:
        yield Problem(where, f"a {question.type} question has no choices", "Add choices, each with an id and a label.")
    if question.type == "table" and not question.columns:
        yield Problem(where, "a table question has no columns", "Add columns, each with an id, a label and a type.")
    for column in question.columns:
        if column.type == "choice" and not column.choices:
            yield Problem(f"{where}.columns.{column.id}", "a choice column has no choices", "Add choices to it.")
    if question.relevant is not None:
        yield from _check_relevant(guide, question, question.relevant, where)
    rubric = question.rubric
    if rubric is None:
        return
    if question.type == "choice":
        if rubric.bands is not None:
            yield Problem(f"{where}.rubric", "a choice is scored by its choices' levels, not by bands", "Remove bands.")
        if any(choice.level is None for choice in question.choices):
            remedy = "Give every choice a level from 1 to 5, or remove the rubric."
            yield Problem(where, "the question is scored but a choice has no level", remedy)
    elif question.type in NUMERIC_TYPES:
        yield from _check_bands(rubric, f"{where}.rubric", required=True)
    else:
        remedy = "Remove the rubric, or ask for a choice or a number."
        yield Problem(f"{where}.rubric", f"a {question.type} question cannot be scored", remedy)


def _check_relevant(guide: Guide, question: Question, rule: Relevant, where: str) -> Iterator[Problem]:
    where = f"{where}.relevant"
    if len(rule.conditions) != 1:
        remedy = "Give exactly one of: answered, equals, any_of, above, below."
        yield Problem(where, f"the rule has {len(rule.conditions)} conditions", remedy)
    if rule.question not in guide.questions:
        remedy = "Name the id of a question of this guide."
        yield Problem(where, f"the rule names no question: {rule.question!r}", remedy)
        return
    order = list(guide.questions)
    if order.index(rule.question) >= order.index(question.id):
        # Also excludes circles: a rule may only look back.
        remedy = "Let the rule name a question that is asked earlier."
        yield Problem(where, f"the rule depends on {rule.question!r}, which is asked later", remedy)


def _check_bands(rubric: Rubric, where: str, *, required: bool) -> list[Problem]:
    where = f"{where}.bands"
    if rubric.bands is None:
        remedy = "Give five numbers: the values at levels 1 to 5."
        return [Problem(where, "there are no bands", remedy)] if required else []
    if len(rubric.bands) != 5:
        remedy = "Give five numbers: the values at levels 1 to 5."
        return [Problem(where, f"there are {len(rubric.bands)} bands", remedy)]
    steps = [b - a for a, b in zip(rubric.bands, rubric.bands[1:], strict=False)]
    if not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        values = ", ".join(f"{band:g}" for band in rubric.bands)
        return [Problem(where, f"the bands are out of order ({values})", "Let them rise, or fall, from level 1 to 5.")]
    return []
