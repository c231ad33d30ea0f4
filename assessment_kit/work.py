"""Tables of work (toil tasks, repeat incidents) into hours a month and payback."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment_kit.estimate import Basis, Estimate, weakest
from assessment_kit.readings import Absent, Answers, Reading, product, text_cell
from assessment_kit.results import RepeatIncident, ToilTask

HOURS = "hours a month"

#: Share of a task's time that automation takes away where the team gave none: likely, low, high. A convention of this
#: kit: a task that can be automated keeps its exceptions; "unsure" promises nothing, so it has no payback.
SAVES = {"yes": (0.8, 0.6, 1.0), "partly": (0.4, 0.2, 0.6)}

#: The high end of a payback is at most this many times the likely one. A saving that may be next to nothing would put
#: it at thousands of months or at infinity, which no chart can show: read it as "perhaps never". A convention.
LONGEST_PAYBACK = 10

#: A payback beyond a hundred years is none.
NEVER_MONTHS = 1200


@dataclass(frozen=True)
class Work:
    """The tables of work, each row with its hours a month."""

    tasks: tuple[ToilTask, ...]
    repeats: tuple[RepeatIncident, ...]


def read_work(answers: Answers) -> Work:
    """Return both tables of a document."""
    return Work(toil_tasks(answers), repeat_incidents(answers))


def toil_tasks(answers: Answers) -> tuple[ToilTask, ...]:
    """Return the manual tasks with their hours, the costliest first; those without hours last, by name.

    Of two that cost the same, the one that pays back sooner goes first.
    """
    rows, basis = answers.rows("toil-tasks")
    tasks = [_toil_task(answers, row, basis) for row in rows]
    return tuple(sorted(tasks, key=_costliest_first))


def _costliest_first(task: ToilTask) -> tuple[float, float, str]:
    # Rounded: the last digit of a float is no reason to go first.
    hours = -round(task.hours.value, 6) if task.hours else 1.0
    return hours, task.payback_months.value if task.payback_months else math.inf, task.task


def _toil_task(answers: Answers, row: Mapping[str, Any], basis: Basis) -> ToilTask:
    def cell(column: str, unit: str) -> Reading:
        return answers.cell("toil-tasks", row, column, basis, unit)

    times, people = cell("times", "times a month"), cell("people", "people")
    factors = [times, _hours(cell("each", "minutes"))]
    # A task without a number of people is done by one: the table asks for it only where it is more.
    if isinstance(people, Estimate) or people.missing != "unanswered":
        factors.append(people)
    hours = product(*factors, unit=HOURS)
    effort = cell("effort_hours", "hours")
    saved, left = _saved_and_left(hours, text_cell(row, "automatable"), cell("saves", "%"), cell("upkeep_hours", HOURS))
    payback = _payback(effort, saved)
    return ToilTask(
        task=text_cell(row, "task"),
        times_per_month=times if isinstance(times, Estimate) else None,
        hours=hours if isinstance(hours, Estimate) else None,
        reason=hours.reason if isinstance(hours, Absent) else "",
        automatable=text_cell(row, "automatable"),
        effort_hours=effort.value if isinstance(effort, Estimate) else None,
        saved_hours=saved if isinstance(saved, Estimate) else None,
        payback_months=payback if isinstance(payback, Estimate) else None,
        payback_reason=payback.reason if isinstance(payback, Absent) else "",
        note=text_cell(row, "note"),
        left_hours=left,
        saved_reason=saved.reason if isinstance(saved, Absent) else "",
    )


def _hours(minutes: Reading) -> Reading:
    return minutes if isinstance(minutes, Absent) else minutes.scaled(1 / 60, "hours")


def _saved_and_left(
    hours: Reading, automatable: str, saves: Reading, upkeep: Reading
) -> tuple[Reading, Estimate | None]:
    """Return the hours that automating saves a month, less upkeep, and those that are left, with upkeep.

    Upkeep that was not said is left out of both.
    """
    share = _saved_share(automatable, saves)
    if isinstance(hours, Absent) or isinstance(share, Absent):
        return (hours if isinstance(hours, Absent) else share), None
    saved, left = (hours * share).in_unit(HOURS), (hours * _rest(share)).in_unit(HOURS)
    if isinstance(upkeep, Estimate):
        saved, left = saved - upkeep, left + upkeep
    return saved, left


def _rest(share: Estimate) -> Estimate:
    return Estimate(1 - share.value, 1 - share.high, 1 - share.low, share.unit, share.basis)


def _saved_share(automatable: str, saves: Reading) -> Reading:
    """Return the part of a task's time that automating it takes away, from 0 to 1."""
    if automatable == "no":
        return Absent("not_applicable", "The task cannot be automated, as said.")
    if isinstance(saves, Estimate):
        return saves.scaled(0.01, "share")
    if saves.missing == "invalid":
        return saves
    if automatable in SAVES:
        return Estimate(*SAVES[automatable], "share", "guess")
    unsure = "Whether the task can be automated is not clear yet."
    return Absent("unanswered", unsure if automatable else "Whether the task can be automated is not said.")


def _payback(effort: Reading, saved: Reading) -> Reading:
    """Return the months after which the hours saved make up for the effort: effort / hours saved a month.

    The low end is the lowest effort over the highest saving. The high end is cut at :data:`LONGEST_PAYBACK`.
    """
    if isinstance(saved, Absent):
        return saved
    if isinstance(effort, Absent):
        return effort
    if saved.value <= 0:
        return Absent("invalid", "It saves no time once its upkeep is taken off.")
    likely = effort.value / saved.value
    if likely > NEVER_MONTHS:
        return Absent("invalid", "It does not pay back within a hundred years.")
    bound = effort.over(saved, "months")
    high = likely * LONGEST_PAYBACK
    if bound is not None:
        high = max(likely, min(bound.high, high))
    low = min(likely, effort.low / saved.high)
    return Estimate(likely, low, high, "months", weakest([effort.basis, saved.basis]))


def repeat_incidents(answers: Answers) -> tuple[RepeatIncident, ...]:
    """Return the repeat incidents with their hours (of all people together), the costliest first."""
    rows, basis = answers.rows("repeat-incidents")
    found = []
    for row in rows:
        times = answers.cell("repeat-incidents", row, "times", basis, "times a month")
        each = answers.cell("repeat-incidents", row, "hands_on", basis, "minutes")
        hours = product(times, _hours(each), unit=HOURS)
        found.append(
            RepeatIncident(
                what=text_cell(row, "what"),
                times_per_month=times if isinstance(times, Estimate) else None,
                hours=hours if isinstance(hours, Estimate) else None,
                reason=hours.reason if isinstance(hours, Absent) else "",
                cause=text_cell(row, "cause"),
                fix_known=text_cell(row, "fix_known"),
            )
        )
    return tuple(sorted(found, key=lambda row: (-row.hours.value if row.hours else 1.0, row.what)))
