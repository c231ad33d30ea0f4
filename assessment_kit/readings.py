"""Read numbers out of a document's answers: as estimates per month, or as the reason why there is none.

This is where statuses, bases and periods turn into arithmetic; :mod:`assessment_kit.metrics` only combines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessment_kit import cases
from assessment_kit.chance import Ends
from assessment_kit.document import Answer, Document, amount, check_answer, check_usable
from assessment_kit.errors import Problem
from assessment_kit.estimate import WEEKS_PER_MONTH, Basis, Estimate, exact
from assessment_kit.guide import NUMERIC_TYPES, Guide, Question, Relevant
from assessment_kit.people import LEFT_OUT
from assessment_kit.reading_parts import cell_number, end_of, holds, possible, widened
from assessment_kit.results import Missing
from assessment_kit.values import check_value, empty

#: Days a week on which work arrives, by on-call pattern: likely, low, high. Convention: an unsaid pattern may be any.
SERVICE_DAYS: Mapping[str | None, tuple[float, float, float]] = {
    "business-hours": (5, 5, 5),
    "extended-hours": (6, 5, 7),
    "around-the-clock": (7, 7, 7),
    "none": (5, 5, 5),
    None: (7, 5, 7),
}

#: Which kind of missing names the whole when several parts are missing for different causes.
_STRONGEST: tuple[Missing, ...] = ("not_applicable", "unanswered", "unknown", "declined", "invalid")


#: What a reason says where "we don't know" is the answer: that is one, and must not be told as none.
NOBODY_KNOWS = "the team does not know"


@dataclass(frozen=True)
class Absent:
    """No number, and why."""

    missing: Missing
    reason: str


Reading = Estimate | Absent


def absence(*parts: Reading) -> Absent | None:
    """Return what is missing among the parts, all reasons together; None when nothing is."""
    found = [part for part in parts if isinstance(part, Absent)]
    if not found:
        return None
    kind = min((part.missing for part in found), key=_STRONGEST.index)
    return Absent(kind, " ".join(dict.fromkeys(part.reason for part in found)))


@dataclass(frozen=True)
class Answers:
    """A document's answers seen through its guide."""

    document: Document
    guide: Guide

    def question(self, question_id: str) -> Question | None:
        """Return a question of the guide, None when an edited guide left it out."""
        return self.guide.questions.get(question_id)

    def get(self, question_id: str) -> Answer | None:
        """Return an answer that can be used: answered, with a value that passes its checks."""
        answer = self.document.answers.get(question_id)
        if answer is None or answer.status != "answered" or question_id not in self.guide.questions:
            return None
        return None if question_id in self._unusable or self._is_left_out(question_id) else answer

    def value(self, question_id: str) -> Any:
        """Return a usable answer's value, None when there is none."""
        answer = self.get(question_id)
        return None if answer is None else answer.value

    def why_absent(self, question_id: str) -> Absent | None:
        """Return why a question has no usable answer; None when it has one."""
        question = self.question(question_id)
        if question is None:
            return Absent("not_applicable", f"This guide does not ask for {question_id!r}.")
        answer = self.document.answers.get(question_id)
        name = f"“{question.text}”"
        if self._asked[question_id] is False and (answer is None or answer.status in ("unknown", "declined")):
            return Absent("not_applicable", f"{name} is not asked, given the other answers.")
        if answer is None:
            return Absent("unanswered", f"{name} is not answered.")
        if answer.status == "unknown":
            return Absent("unknown", f"{name}: {NOBODY_KNOWS}.")
        if answer.status == "declined":
            return Absent("declined", f"{name}: the team declined to answer.")
        if answer.status == "not_applicable":
            because = f" ({answer.reason.strip()})" if answer.reason and answer.reason.strip() else ""
            return Absent("not_applicable", f"{name} does not apply{because}.")
        if self._is_left_out(question_id):
            return Absent("invalid", f"{name} is {LEFT_OUT}.")
        if question_id in self._unusable:
            return Absent("invalid", f"{name} cannot be used: {self._unusable[question_id]}.")
        return None

    def _is_left_out(self, question_id: str) -> bool:
        """Tell whether an audience does not get a number: that is no mistake of the team's."""
        answer, question = self.document.answers.get(question_id), self.guide.questions[question_id]
        return answer is not None and answer.value == LEFT_OUT and question.type in NUMERIC_TYPES

    @cached_property
    def problems(self) -> dict[str, list[Problem]]:
        """Every problem by its place, in the guide's order; then the answers that the guide has no question for."""
        found: dict[str, list[Problem]] = {}
        for question_id, question in self.guide.questions.items():
            answer, where = self.document.answers.get(question_id), f"answers.{question_id}"
            if answer is None or self._is_left_out(question_id):
                continue
            if problems := list(check_answer(question, answer, where)):
                found[where] = problems
        remedy = "Use the guide it was filled in under (--guide), or move the answer to a question of this one."
        for question_id in sorted(set(self.document.answers) - set(self.guide.questions)):
            where = f"answers.{question_id}"
            found[where] = [Problem(where, f"the guide {self.guide.id!r} has no such question", remedy)]
        return found

    @cached_property
    def _unusable(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for question_id, question in self.guide.questions.items():
            if f"answers.{question_id}" not in self.problems:
                continue
            problems = check_usable(question, self.document.answers[question_id], "")
            # One bad cell costs its cell, not the table: `rows` and `cell` leave out what cannot be used.
            matter = (p for p in problems if question.type != "table" or p.where == ".value")
            problem = next(matter, None)
            if problem is not None:
                found[question_id] = problem.what
        return found

    def is_relevant(self, question: Question) -> bool:
        """Tell whether a question is asked, given the other answers."""
        return self._asked[question.id] is True

    @cached_property
    def _asked(self) -> dict[str, bool | None]:
        """Whether each question is asked; None while the answer that decides it is still open.

        A rule only looks back (``guide.check_guide``), so one pass in the guide's order decides them all.
        """
        asked: dict[str, bool | None] = {}
        for question in self.guide.questions.values():
            rule = question.relevant
            earlier = self.guide.questions.get(rule.question) if rule is not None else None
            if rule is None or earlier is None:
                asked[question.id] = True
            elif asked.get(earlier.id) is False:
                asked[question.id] = False
            else:
                asked[question.id] = self._decided(rule, earlier)
        return asked

    def _decided(self, rule: Relevant, earlier: Question) -> bool | None:
        answer, entry = self.get(earlier.id), self.document.answers.get(earlier.id)
        if answer is not None or rule.answered is False:
            return holds(rule, earlier, answer)
        # What nobody knew, or what cannot be read yet, may still turn out to make the question necessary.
        return False if entry is not None and entry.status == "not_applicable" else None

    def number(self, question_id: str, unit: str = "") -> Reading:
        """Return a number, a percent or a duration (in minutes) as an estimate."""
        absent = self.why_absent(question_id)
        if absent is not None:
            return absent
        question, answer = self.guide.questions[question_id], self.document.answers[question_id]
        likely = amount(question, answer.value)
        if likely is None:
            return Absent("invalid", f"“{question.text}” is not a number.")
        default_unit = {"percent": "%", "duration": "minutes"}.get(question.type, question.unit)
        basis: Basis = answer.basis or ("measured" if question.fact else "estimated")
        found = widened(
            likely,
            unit or default_unit,
            basis,
            relative=self.relative(basis),
            ends=self._by_chance(question, answer, likely) if basis == "measured" else None,
            low=end_of(question, answer.low),
            high=end_of(question, answer.high),
        )
        return possible(found, question)

    def _by_chance(self, question: Question, answer: Answer, likely: float) -> Ends | None:
        """Return the ends that chance gives a measured answer; None where nothing tells of how many cases."""
        if question.type == "duration":
            return cases.duration_ends(likely, answer)
        if question.type == "percent":
            return cases.percent_ends(likely, cases.named(answer))
        if question.type == "rate" and isinstance(answer.value, dict):
            return cases.rate_ends(likely, cases.named(answer), self._units(answer, answer.value.get("per", "")))
        return None

    def _units(self, answer: Answer, per: str) -> float | None:
        """Return how many shifts, days, weeks or months an answer was counted over, None where it names no period."""
        days = cases.days_of(answer.period)
        shifts = self.shifts_per_month if per == "shift" else None
        return cases.stretches(
            days, per, self.service_days.value, shifts.value if isinstance(shifts, Estimate) else None
        )

    def per_month(self, question_id: str, unit: str) -> Reading:
        """Return a rate as an estimate per month."""
        found, said = self.number(question_id), self.value(question_id)
        if isinstance(found, Absent):
            return found
        if not isinstance(said, dict):  # an edited guide may ask for something else under this id
            return Absent("invalid", f"“{self.guide.questions[question_id].text}” is not a number with its period.")
        return self.monthly(found, said["per"], unit)

    def monthly(self, times: Estimate, per: str, unit: str) -> Reading:
        """Convert a number per shift, day, week or month into one per month."""
        if per == "month":
            return times.in_unit(unit)
        if per == "week":
            return times.scaled(WEEKS_PER_MONTH, unit)
        if per == "day":
            return (times * self.service_days).scaled(WEEKS_PER_MONTH, unit)
        shifts = self.shifts_per_month
        return shifts if isinstance(shifts, Absent) else (times * shifts).in_unit(unit)

    @cached_property
    def service_days(self) -> Estimate:
        """Days a week on which work arrives."""
        pattern = self.value("on-call-pattern")
        likely, low, high = SERVICE_DAYS.get(pattern if isinstance(pattern, str) else None, SERVICE_DAYS[None])
        # The pattern is a fact of the rota, so its own basis does not weaken what is multiplied by it.
        return Estimate(likely, low, high, "days a week", "measured")

    @cached_property
    def shifts_per_month(self) -> Reading:
        """On-call shifts a month."""
        shifts = self.number("shifts-per-week")
        return shifts if isinstance(shifts, Absent) else shifts.scaled(WEEKS_PER_MONTH, "shifts a month")

    def relative(self, basis: Basis | None) -> float:
        """Return the half width, as a fraction, assumed for a number of this basis (``estimated`` when unsaid)."""
        return float(getattr(self.guide.certainty.relative, basis or "estimated"))

    def rows(self, question_id: str) -> tuple[list[dict[str, Any]], Basis]:
        """Return a table's rows that are not wholly empty, and the table's basis."""
        answer = self.get(question_id)
        if answer is None or not isinstance(answer.value, list):
            return [], "estimated"
        rows = [row for row in answer.value if isinstance(row, dict) and any(not empty(cell) for cell in row.values())]
        return rows, answer.basis or "estimated"

    def cell(
        self, question_id: str, row: Mapping[str, Any], column_id: str, basis: Basis, unit: str, *, counted: str = ""
    ) -> Reading:
        """Return a numeric cell as an estimate; a rate per month, a duration in minutes.

        ``counted`` names the unit of time of a number that is a rate by its column's meaning, such as "month".
        """
        question = self.question(question_id)
        column = next((c for c in question.columns if c.id == column_id), None) if question else None
        said = row.get(column_id)
        if column is None or empty(said):
            return Absent("unanswered", f"“{column.label if column else column_id}” is not filled in.")
        problem = next(check_value(column, said, ""), None)
        likely = None if problem else cell_number(column, said)
        if likely is None:
            return Absent("invalid", f"“{column.label}” cannot be used: {problem.what if problem else 'not a number'}.")
        ends, per = None, said["per"] if isinstance(said, dict) else counted
        if basis == "measured" and per:
            ends = cases.rate_ends(likely, None, self._units(self.document.answers[question_id], per))
        found = possible(widened(likely, unit, basis, relative=self.relative(basis), ends=ends), column)
        return self.monthly(found, said["per"], unit) if isinstance(said, dict) else found

    def periods_of(self, question_id: str) -> tuple[str, ...]:
        """Return the questions that were used to turn a question's rates (or a table's) into rates per month."""
        rows, _ = self.rows(question_id)
        rates = [self.value(question_id), *(cell for row in rows for cell in row.values())]
        used = [said.get("per") for said in rates if isinstance(said, dict)]
        needed = {"day": "on-call-pattern", "shift": "shifts-per-week"}
        return tuple(question for per, question in needed.items() if per in used and question in self.guide.questions)


def text_cell(row: Mapping[str, Any], column_id: str) -> str:
    """Return a text (or a choice) of a row, an empty one where there is none or something else stands there."""
    said = row.get(column_id)
    return said.strip() if isinstance(said, str) else ""


def product(*factors: Reading, unit: str) -> Reading:
    """Multiply readings. Nothing of something is nothing, even where the something is not known."""
    for factor in factors:
        if isinstance(factor, Estimate) and factor.high == 0:
            return exact(0.0, unit, factor.basis)
    absent = absence(*factors)
    if absent is not None:
        return absent
    estimates = [factor for factor in factors if isinstance(factor, Estimate)]
    result = estimates[0]
    for factor in estimates[1:]:
        result = result * factor
    return result.in_unit(unit)
