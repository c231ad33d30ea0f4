"""Plans of 30, 60 and 90 minutes from the guide's own minutes. Pure.

The shortest plan is the guide's core path. The middle one adds what the scores need, then the first questions of every
section, as far as the time goes. The longest asks everything; what is left over is for the talk that follows an answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assessment_kit.guide import Guide, Question

#: The plans on offer, in minutes.
LENGTHS = (30, 60, 90)
#: What is offered first. A convention: the guide is made for an hour.
USUAL = 60
#: Kept free for talk, of every minute beyond the core path. A convention.
FOR_TALK = 0.1


@dataclass(frozen=True)
class SectionPlan:
    """One section's part of a plan.

    Attributes
    ----------
    minutes
        What its questions take by the guide, to the half minute.
    questions
        Ids of what is asked, in the guide's order.
    left_out
        How many of its questions are not part of this plan.
    """

    id: str
    title: str
    minutes: float
    questions: tuple[str, ...]
    left_out: int


@dataclass(frozen=True)
class Plan:
    """What to ask in a given time.

    Attributes
    ----------
    core_only
        Whether only the core path is asked.
    spare
        Minutes that are not planned: for talk. Negative where even the core path takes longer.
    """

    minutes: int
    core_only: bool
    sections: tuple[SectionPlan, ...]
    spare: float

    def section(self, section_id: str) -> SectionPlan | None:
        """Return a section's part, None when the guide has no such section."""
        return next((part for part in self.sections if part.id == section_id), None)


def plan_for(guide: Guide, minutes: int) -> Plan:
    """Return the plan for a number of minutes."""
    questions = list(guide.questions.values())
    core = [question for question in questions if question.core]
    asked = {question.id for question in core}
    room = (minutes - _time(core)) * (1 - FOR_TALK)
    core_only = minutes <= LENGTHS[0]
    if not core_only:
        place = {question.id: index for section in guide.sections for index, question in enumerate(section.questions)}
        # Section by section would spend it all on the first ones.
        for question in sorted(questions, key=lambda question: (question.rubric is None, place[question.id])):
            if question.id not in asked and question.minutes <= room:
                asked.add(question.id)
                room -= question.minutes
    sections = []
    for section in guide.sections:
        chosen = [question for question in section.questions if question.id in asked]
        ids = tuple(question.id for question in chosen)
        left_out = len(section.questions) - len(ids)
        sections.append(SectionPlan(section.id, section.title, _half(_time(chosen)), ids, left_out))
    planned = _time(question for question in questions if question.id in asked)
    return Plan(minutes, core_only, tuple(sections), _half(minutes - planned))


def _time(questions: Iterable[Question]) -> float:
    return math.fsum(question.minutes for question in questions)


def _half(minutes: float) -> float:
    return round(minutes * 2) / 2
