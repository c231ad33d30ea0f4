"""What a team said beside what was measured of the same thing, in one unit, and whether both can be right."""

from __future__ import annotations

from dataclasses import dataclass

from assessment_kit.estimate import Estimate
from assessment_kit.guide import NUMERIC_TYPES, Question
from assessment_kit.metrics import SPECS
from assessment_kit.readings import Absent, Answers, Reading

#: A metric that is one question's answer has a shorter name than the question.
_SHORT = {spec.answers[0]: spec.label for spec in SPECS if len(spec.answers) == 1}


@dataclass(frozen=True)
class Pair:
    """One question with two answers.

    Attributes
    ----------
    said, measured
        Both in ``unit``; rates are per month.
    apart
        Whether the two intervals have nothing in common, so that not both can be right as they stand.
    """

    question_id: str
    name: str
    unit: str
    said: Estimate
    measured: Estimate

    @property
    def apart(self) -> bool:
        """Tell whether the intervals have nothing in common."""
        return self.said.high < self.measured.low or self.measured.high < self.said.low

    @property
    def ratio(self) -> float | None:
        """How many times what was said was measured; None where one of the two is nothing."""
        return self.measured.value / self.said.value if self.said.value > 0 and self.measured.value > 0 else None


def pairs(answers: Answers) -> tuple[Pair, ...]:
    """Return the questions that have a number as the team said it and a number as it was measured.

    The furthest apart come first; of two equally far, the one that the guide asks first.
    """
    before = {id_: answer.said for id_, answer in answers.document.answers.items() if answer.said is not None}
    if not before:
        return ()
    # The document as it would be had nothing been measured: its answers are read by the same rules.
    spoken = answers.document.model_copy(update={"answers": {**answers.document.answers, **before}})
    earlier = Answers(spoken, answers.guide)
    found = []
    for question in answers.guide.questions.values():
        if question.id not in before or question.type not in NUMERIC_TYPES:
            continue
        said, measured = _reading(earlier, question), _reading(answers, question)
        if isinstance(said, Absent) or isinstance(measured, Absent):
            continue
        found.append(Pair(question.id, _SHORT.get(question.id, question.text), said.unit, said, measured))
    return tuple(sorted(found, key=_distance, reverse=True))


def _reading(answers: Answers, question: Question) -> Reading:
    if question.type == "rate":
        return answers.per_month(question.id, "")
    return answers.number(question.id)


def _distance(pair: Pair) -> tuple[bool, float]:
    if pair.ratio is None:
        return pair.apart, float("inf") if pair.said.value != pair.measured.value else 0.0
    return pair.apart, max(pair.ratio, 1 / pair.ratio)
