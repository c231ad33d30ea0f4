"""What if these tasks were automated: hours left, people's time given back, and where that stands against the cap.

The one place of this arithmetic. It is worked out once for each task here, so that a page only has to add up: whatever
a reader ticks, the sum on the page is the sum that :meth:`WhatIf.after` gives.

Hours left are added up from what each task would still cost (``ToilTask.left_hours``), not by taking savings off the
total: a saving and the hours it comes from are uncertain together, and subtracting their intervals would count that
twice.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assessment_kit.estimate import Estimate, total
from assessment_kit.metrics import PARTS
from assessment_kit.readings import Absent, Answers, Reading
from assessment_kit.results import Evaluation, ToilTask
from assessment_kit.work import HOURS

#: Operational work is kept to at most this share of the time, in percent: Site Reliability Engineering (Google),
#: chapter 5, Eliminating Toil.
CAP = 50.0

#: Tasks that can be chosen one by one; those that save less are one choice together.
MOST_OPTIONS = 20

#: Tasks that cannot be chosen and are named with their reason, those that cost most.
MOST_FIXED = 10

NOT_SAVING = "It saves no time once its upkeep is taken off."
NEEDS_JUDGEMENT = "Not to be automated: it needs human judgement every time, as said."


@dataclass(frozen=True)
class Option:
    """What can be chosen: one task, or the many that save least, together.

    Attributes
    ----------
    key
        ``t`` and the task's place among the tasks by hours, or ``others``.
    count
        Tasks in it.
    hours, left, saved
        Hours a month today, after automating, and the difference less upkeep (which may be below zero at its low end).
    people
        ``saved`` as people's working time; None where a person's hours are not known.
    share, left_share
        ``hours`` and ``left`` in percent of the team's hours; None where these are not known.
    effort
        Hours to automate it, None where they were not said for every task in it.
    """

    key: str
    task: str
    count: int
    hours: Estimate
    left: Estimate
    saved: Estimate
    people: Estimate | None
    share: Estimate | None
    left_share: Estimate | None
    effort: float | None
    payback_months: float | None = None


@dataclass(frozen=True)
class Fixed:
    """What cannot be chosen, with the reason: one task, or many together. ``hours`` is None where not known."""

    key: str
    task: str
    count: int
    hours: Estimate | None
    reason: str


@dataclass(frozen=True)
class Outcome:
    """The month after some options were automated.

    Attributes
    ----------
    tasks
        How many tasks were automated.
    left
        Hours of manual work a month; None where today's total is not known either.
    saved, people
        What was given back, in hours a month and as people's time.
    share
        ``left`` in percent of the team's hours.
    operational
        The same with the other operational work that is known.
    together
        ``left`` with the other operational work that is known, in hours a month.
    effort
        Hours to automate all of it, None where one of them was not said.
    """

    tasks: int
    left: Estimate | None
    saved: Estimate
    people: Estimate | None
    share: Estimate | None
    operational: Estimate | None
    together: Estimate | None
    effort: float | None

    @property
    def payback_months(self) -> float | None:
        """Months after which the saving makes up for the effort, None where one of them is not known."""
        return self.effort / self.saved.value if self.effort is not None and self.saved.value > 0 else None


@dataclass(frozen=True)
class WhatIf:
    """Everything that automating tasks could change, worked out for each task.

    Attributes
    ----------
    options
        The most hours saved first; of two that save the same, the one that pays back sooner.
    fixed
        What cannot be chosen, the costliest first.
    rest, rest_share
        Manual work that no choice changes, in hours a month and in percent of the team's hours: the fixed tasks, and
        at the high end what tasks without hours may cost. None where there is no total.
    other, other_share
        Incidents, alert noise and escalations, as far as they are known.
    other_known, other_missing
        Which of these parts are in ``other``, and which are not known (parts that do not apply are in neither).
    capacity
        The team's hours a month.
    tasks
        All tasks in the table.
    no_total
        Why there is no total of the manual work today; empty where there is one.
    """

    options: tuple[Option, ...]
    fixed: tuple[Fixed, ...]
    rest: Estimate | None
    rest_share: Estimate | None
    other: Estimate | None
    other_share: Estimate | None
    other_known: tuple[str, ...]
    other_missing: tuple[str, ...]
    capacity: Estimate | None
    tasks: int
    no_total: str = ""

    def after(self, chosen: Collection[str]) -> Outcome:
        """Return the month after these options (by key) were automated."""
        taken = [option for option in self.options if option.key in chosen]
        kept = [option for option in self.options if option.key not in chosen]
        left = _sum([self.rest, *(option.left for option in taken), *(option.hours for option in kept)], HOURS)
        shares = [self.rest_share, *(option.left_share for option in taken), *(option.share for option in kept)]
        share = _sum(shares, "%")
        efforts = [option.effort for option in taken]
        return Outcome(
            tasks=sum(option.count for option in taken),
            left=left,
            saved=total((option.saved for option in taken), HOURS) or _nothing(HOURS),
            people=_sum([option.people for option in taken], "people") if taken else _nothing("people"),
            share=share,
            operational=share if self.other_share is None else _sum([share, self.other_share], "%"),
            together=left if self.other is None else _sum([left, self.other], HOURS),
            effort=math.fsum(hours for hours in efforts if hours is not None) if None not in efforts else None,
        )

    def top(self, number: int) -> frozenset[str]:
        """Return the keys of the first options."""
        return frozenset(option.key for option in self.options[:number])

    @property
    def suggested(self) -> int:
        """How many of the first options make half of what all of them save (at least one, where there is one)."""
        half = sum(option.saved.value for option in self.options) / 2
        running = 0.0
        for number, option in enumerate(self.options, 1):
            running += option.saved.value
            if running >= half * 0.999999:
                return number
        return 0


def what_if(evaluation: Evaluation, answers: Answers) -> WhatIf:
    """Return what automating the tasks of an evaluation would change."""
    capacity = evaluation.metrics["capacity_hours_per_month"].estimate
    each = answers.number("hours-per-person")
    ranked = [(f"t{rank}", task) for rank, task in enumerate(evaluation.toil_tasks, 1)]
    saving = [(key, task) for key, task in ranked if _why_fixed(task) == ""]
    saving.sort(key=_most_saved_first)
    options = _options(saving, each, capacity)
    today = evaluation.metrics["toil_hours_per_month"]
    rest = None if today.estimate is None else _less(today.estimate, [option.hours for option in options])
    known = {part: found for part in PARTS if (found := evaluation.metrics[part].estimate) is not None}
    other = total((found for part, found in known.items() if part != "toil_hours_per_month"), HOURS)
    names = [part for part in PARTS if part != "toil_hours_per_month"]
    missing = [part for part in names if part not in known and evaluation.metrics[part].missing != "not_applicable"]
    return WhatIf(
        options=options,
        fixed=_fixed([(key, task) for key, task in ranked if _why_fixed(task)]),
        rest=rest,
        rest_share=_share(rest, capacity),
        other=other,
        other_share=_share(other, capacity),
        other_known=tuple(part for part in names if part in known),
        other_missing=tuple(missing),
        capacity=capacity,
        tasks=len(ranked),
        no_total=today.reason,
    )


def _why_fixed(task: ToilTask) -> str:
    if task.automatable == "no":
        return NEEDS_JUDGEMENT
    if task.hours is None or task.saved_hours is None or task.left_hours is None:
        return task.saved_reason or task.reason
    return "" if task.saved_hours.value > 0 else NOT_SAVING


def _most_saved_first(entry: tuple[str, ToilTask]) -> tuple[float, float, str]:
    _, task = entry
    saved, payback = task.saved_hours, task.payback_months
    # Rounded: the last digit of a float is no reason to go first.
    return -round(saved.value if saved else 0.0, 6), payback.value if payback else math.inf, task.task


def _options(saving: Sequence[tuple[str, ToilTask]], each: Reading, capacity: Estimate | None) -> tuple[Option, ...]:
    single = len(saving) if len(saving) <= MOST_OPTIONS else MOST_OPTIONS - 1
    options = [_option(key, task.task, [task], each, capacity) for key, task in saving[:single]]
    if many := [task for _, task in saving[single:]]:
        name = f"{len(many):,} other tasks, which save less each"
        options.append(_option("others", name, many, each, capacity))
    return tuple(options)


def _option(key: str, name: str, tasks: Sequence[ToilTask], each: Reading, capacity: Estimate | None) -> Option:
    hours = _total_of(task.hours for task in tasks)
    left = _total_of(task.left_hours for task in tasks)
    saved = _total_of(task.saved_hours for task in tasks)
    efforts = [task.effort_hours for task in tasks]
    effort = math.fsum(hours for hours in efforts if hours is not None) if None not in efforts else None
    return Option(
        key=key,
        task=name,
        count=len(tasks),
        hours=hours,
        left=left,
        saved=saved,
        people=None if isinstance(each, Absent) else saved.over(each, "people"),
        share=_share(hours, capacity),
        left_share=_share(left, capacity),
        effort=effort,
        payback_months=effort / saved.value if effort is not None else None,
    )


def _fixed(tasks: Sequence[tuple[str, ToilTask]]) -> tuple[Fixed, ...]:
    named = len(tasks) if len(tasks) <= MOST_FIXED else MOST_FIXED - 1
    found = [Fixed(key, task.task, 1, task.hours, _why_fixed(task)) for key, task in tasks[:named]]
    if many := [task for _, task in tasks[named:]]:
        hours = total((task.hours for task in many if task.hours is not None), HOURS)
        found.append(Fixed("fixed-others", f"{len(many):,} other tasks", len(many), hours, _why_many(many)))
    return tuple(found)


def _why_many(tasks: Sequence[ToilTask]) -> str:
    never = sum(task.automatable == "no" for task in tasks)
    open_ones = len(tasks) - never
    parts = [f"{never:,} not to be automated"] if never else []
    parts += [f"of {open_ones:,} no saving is known"] if open_ones else []
    return f"{', '.join(parts)[:1].upper()}{', '.join(parts)[1:]}."


def _total_of(parts: Iterable[Estimate | None]) -> Estimate:
    found = total((part for part in parts if part is not None), HOURS)
    return found or _nothing(HOURS)


def _less(whole: Estimate, parts: Sequence[Estimate]) -> Estimate:
    """Take parts off the sum that they are in: end by end, as they were added."""
    value, low, high = (
        max(0.0, getattr(whole, end) - math.fsum(getattr(part, end) for part in parts))
        for end in ("value", "low", "high")
    )
    return Estimate(value, min(low, value), max(high, value), whole.unit, whole.basis)


def _share(hours: Estimate | None, capacity: Estimate | None) -> Estimate | None:
    return None if hours is None or capacity is None else hours.scaled(100).over(capacity, "%")


def _sum(parts: Sequence[Estimate | None], unit: str) -> Estimate | None:
    """Add parts of which none may be missing."""
    known = [part for part in parts if part is not None]
    return total(known, unit) if len(known) == len(parts) else None


def _nothing(unit: str) -> Estimate:
    return Estimate(0.0, 0.0, 0.0, unit, "measured")
