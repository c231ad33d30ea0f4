"""One view of what is known about a team, for rules that notice something: None stands for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessment_kit.document import amount
from assessment_kit.formulas import PARTS
from assessment_kit.guide import Choice
from assessment_kit.readings import Answers
from assessment_kit.results import Metric
from assessment_kit.work import Work


@dataclass(frozen=True)
class Facts:
    """Answers, metrics and tables of work, by likely values."""

    answers: Answers
    metrics: Mapping[str, Metric]
    work: Work

    def value(self, metric_id: str) -> float | None:
        """Return a metric's likely value."""
        estimate = self.metrics[metric_id].estimate
        return None if estimate is None else estimate.value

    def number(self, question_id: str) -> float | None:
        """Return an answer's likely value."""
        question, said = self.answers.question(question_id), self.answers.value(question_id)
        return None if question is None or said is None else amount(question, said)

    def choice(self, question_id: str) -> Choice | None:
        """Return the choice that was made."""
        question, said = self.answers.question(question_id), self.answers.value(question_id)
        return question.choice(said) if question is not None and isinstance(said, str) else None

    def level(self, question_id: str) -> int | None:
        """Return the level of the choice that was made."""
        choice = self.choice(question_id)
        return None if choice is None else choice.level

    def hours(self) -> dict[str, float]:
        """Return the hours a month of each part that is known."""
        return {part: value for part in PARTS if (value := self.value(part)) is not None}
