"""Single steps of reading an answer: its number, its ends, what is possible for it, and whether a rule holds by it."""

from __future__ import annotations

from typing import Any

from assessment_kit.document import Answer, amount
from assessment_kit.estimate import Basis, Estimate, spread
from assessment_kit.guide import Column, Question, Relevant
from assessment_kit.values import empty, parse_duration, parse_number


def widened(
    likely: float,
    unit: str,
    basis: Basis,
    *,
    relative: float,
    ends: tuple[float, float] | None,
    low: float | None = None,
    high: float | None = None,
) -> Estimate:
    """Return an estimate whose ends are what was said, otherwise the wider of the guide's and of chance's.

    Parameters
    ----------
    relative
        The guide's half width for the basis, as a fraction.
    ends
        What chance gives (:mod:`assessment_kit.cases`), None where nothing tells.
    low, high
        What was said.
    """
    width = abs(likely) * relative
    least, most = ends or (likely, likely)
    return spread(
        likely,
        unit,
        basis,
        low=min(likely - width, least) if low is None else low,
        high=max(likely + width, most) if high is None else high,
    )


def possible(found: Estimate, question: Question | Column) -> Estimate:
    """Cut an interval to what the question allows: times and durations are never negative, percents end at 100."""
    lowest, highest = question.constraint.min, question.constraint.max
    if question.type == "percent":
        return found.within(0, 100)
    return found.within(max(0.0, lowest or 0.0) if question.type in ("rate", "duration") else lowest, highest)


def cell_number(column: Column, said: Any) -> float | None:
    """Return the number in a cell: minutes of a duration, the amount of a rate; None where there is none."""
    if column.type == "rate":
        return parse_number(said.get("amount")) if isinstance(said, dict) else None
    return parse_duration(said) if column.type == "duration" else parse_number(said)


def end_of(question: Question, said: Any) -> float | None:
    """Return the low or high end that was said, None where none was."""
    if empty(said):
        return None
    return parse_duration(said) if question.type == "duration" else parse_number(said)


def holds(rule: Relevant, question: Question, answer: Answer | None) -> bool:
    """Tell whether a rule of relevance holds, given the answer to the question that it looks at."""
    if rule.answered is not None:
        return (answer is not None) == rule.answered
    if answer is None:
        return False
    if rule.above is not None or rule.below is not None:
        number = amount(question, answer.value)
        if number is None:
            return False
        return number > rule.above if rule.above is not None else number < (rule.below or 0)
    wanted = rule.any_of if rule.any_of is not None else (rule.equals,)
    chosen = answer.value.get("chosen", []) if isinstance(answer.value, dict) else [answer.value]
    return any(item in wanted for item in chosen if isinstance(item, str | int | float))
