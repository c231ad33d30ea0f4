"""The formulas behind the metrics: readings of answers in, an estimate or the reason for its absence out.

Person-hours a month are the one currency: volume x people x time (design: numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assessment_kit import wording
from assessment_kit.estimate import Estimate, total, weakest
from assessment_kit.readings import Absent, Answers, Reading, absence, product
from assessment_kit.results import Missing
from assessment_kit.work import HOURS, Work

#: The parts of a team's month that the kit can put into hours, in the order in which they are drawn.
PARTS = (
    "incident_hours_per_month",
    "toil_hours_per_month",
    "noise_hours_per_month",
    "escalation_hours_per_month",
)

#: Sums of rounded percentages may exceed 100 by this much before anybody is asked.
ROUNDING = 2.0

#: A part may exceed its whole by a rounding error (weeks turned into months) before it is a contradiction.
SLACK = 1.0001


@dataclass(frozen=True)
class Known:
    """What a formula may use: the answers, the tables of work, and the metrics before it."""

    answers: Answers
    work: Work
    done: dict[str, Reading] = field(default_factory=dict)


Formula = Callable[[Known], Reading]


def rate(question: str, unit: str) -> Formula:
    """Return a rate as said, per month."""
    return lambda known: known.answers.per_month(question, unit)


def number(question: str, unit: str = "") -> Formula:
    """Return a number as said."""
    return lambda known: known.answers.number(question, unit)


def share_of_incidents(part_id: str, part_name: str) -> Formula:
    """Return a metric over all incidents, in percent."""
    return lambda known: share_of(known.done[part_id], known.done["incidents_per_month"], part_name)


def share_of(part: Reading, whole: Reading, part_name: str) -> Reading:
    """Return some incidents as a share of all of them, in percent.

    A likely part above the whole is a contradiction, not a share. The low end is the lowest part over the highest
    whole, the high end the other way round, at most 100.
    """
    if isinstance(part, Absent) or isinstance(whole, Absent):
        return absence(part, whole) or whole
    if part.value > whole.value * SLACK:
        return Absent("invalid", f"{part_name} exceed all incidents.")
    if whole.value == 0:
        # Nothing happened: there is no share that could be good or bad.
        kind: Missing = "not_applicable" if whole.high == 0 else "invalid"
        return Absent(kind, "There are no incidents, so there is no share of them.")
    likely = min(100.0, 100 * part.value / whole.value)
    low = min(likely, 100 * part.low / whole.high)
    high = 100.0 if whole.low <= 0 else max(likely, min(100.0, 100 * part.high / whole.low))
    return Estimate(likely, low, high, "%", weakest([part.basis, whole.basis]))


def incidents_per_shift(known: Known) -> Reading:
    """Return incidents a month over shifts a month; as said where the volume was given per shift."""
    said = known.answers.value("incident-volume")
    if isinstance(said, dict) and said["per"] == "shift":
        return known.answers.number("incident-volume", "incidents a shift")
    incidents, shifts = known.done["incidents_per_month"], known.answers.shifts_per_month
    if isinstance(incidents, Absent) or isinstance(shifts, Absent):
        return absence(incidents, shifts) or shifts
    per_shift = incidents.over(shifts, "incidents a shift")
    return per_shift or Absent("invalid", "There may be no shifts, so there is no figure per shift.")


def hours_of(question: str, answers: Answers) -> Reading:
    """Return a duration in hours."""
    time = answers.number(question)
    return time if isinstance(time, Absent) else time.scaled(1 / 60, "hours")


def incident_hours(known: Known) -> Reading:
    """Incidents a month x responders x hands-on time."""
    responders, hours = known.answers.number("responders"), hours_of("hands-on-time", known.answers)
    return product(known.done["incidents_per_month"], responders, hours, unit=HOURS)


def listed_repeat_hours(known: Known) -> Reading:
    """Sum the table of repeat incidents, provided that every row has its hours."""
    hours = [repeat.hours for repeat in known.work.repeats if repeat.hours is not None]
    summed = total(hours, HOURS) if len(hours) == len(known.work.repeats) else None
    return summed or Absent("unanswered", "The table of repeat incidents is empty or incomplete.")


def repeat_hours_by_share(known: Known) -> Reading:
    """Hours on incidents x repeat share."""
    share = known.done["repeat_share"]
    fraction = share if isinstance(share, Absent) else share.scaled(0.01, "share")
    return product(known.done["incident_hours_per_month"], fraction, unit=HOURS)


def toil_hours(known: Known) -> Reading:
    """Sum the toil tasks. A task without times or minutes is not free: it widens the sum upwards.

    Each such task may cost as much as the costliest of the others (a convention of this kit). Where more than half of
    the tasks are like that, there is no sum.
    """
    absent = known.answers.why_absent("toil-tasks")
    if absent is not None:
        return absent
    tasks = known.work.tasks
    if not tasks:
        return Absent("unanswered", "The table of tasks is empty.")
    hours = [task.hours for task in tasks if task.hours is not None]
    summed, missing = total(hours, HOURS), len(tasks) - len(hours)
    if summed is None or (missing and summed.high == 0):
        return Absent("unanswered", "No task in the table has times and minutes.")
    if missing > len(hours):
        what = f"{missing} of {wording.count(len(tasks), 'task')} {wording.has(missing)} no times or minutes"
        return Absent("unanswered", f"{what}: a sum needs half of them.")
    if missing == 0:
        return summed
    most = max(task_hours.high for task_hours in hours)
    return replace(summed, high=summed.high + missing * most, basis="guess")


def toil_share(known: Known) -> Reading:
    """Hours of toil over capacity, in percent."""
    hours, capacity = known.done["toil_hours_per_month"], known.done["capacity_hours_per_month"]
    if isinstance(hours, Absent) or isinstance(capacity, Absent):
        return absence(hours, capacity) or capacity
    return hours.scaled(100).over(capacity, "%") or Absent("invalid", "The capacity may be zero.")


def toil_people(known: Known) -> Reading:
    """Hours of toil over the hours a person works."""
    hours, each = known.done["toil_hours_per_month"], known.answers.number("hours-per-person")
    if isinstance(hours, Absent) or isinstance(each, Absent):
        return absence(hours, each) or each
    return hours.over(each, "people") or Absent("invalid", "A person's hours may be zero.")


def escalation_hours(known: Known) -> Reading:
    """Escalations a month x hands-on time for each."""
    return product(known.done["escalations_per_month"], hours_of("escalation-time", known.answers), unit=HOURS)


def noise_hours(known: Known) -> Reading:
    """Alerts a month x share that is not actionable x triage time."""
    noise = known.done["alert_actionable_share"]
    if isinstance(noise, Estimate):
        ends = (1 - noise.value / 100, 1 - noise.high / 100, 1 - noise.low / 100)
        noise = Estimate(*ends, "share", noise.basis)
    return product(known.done["alerts_per_month"], noise, hours_of("alert-triage-time", known.answers), unit=HOURS)


def capacity(known: Known) -> Reading:
    """People x hours a person works a month."""
    return product(known.answers.number("team-size"), known.answers.number("hours-per-person"), unit=HOURS)


def remainder(known: Known) -> Reading:
    """Capacity less the parts that apply."""
    whole, parts = known.done["capacity_hours_per_month"], _applying([known.done[part] for part in PARTS])
    absent = absence(whole, *parts)
    if absent is not None or isinstance(whole, Absent):
        return absent or Absent("invalid", "There is no capacity.")
    taken = total((part for part in parts if isinstance(part, Estimate)), HOURS)
    return whole if taken is None else whole - taken


def engineering_share(known: Known) -> Reading:
    """Code, configuration and architecture shares together; those that do not apply are left out."""
    said = [known.answers.number(f"{kind}-share") for kind in ("code-change", "config-change", "architecture")]
    parts = _applying(said)
    absent = absence(*(parts or said))
    if absent is not None:
        return absent
    added = total((part for part in parts if isinstance(part, Estimate)), "%")
    if added is None or added.value > 100 + ROUNDING:
        return Absent("invalid", "Code, configuration and architecture add up to more than all incidents.")
    return added.within(0, 100)


def _applying(parts: Sequence[Reading]) -> list[Reading]:
    return [part for part in parts if not (isinstance(part, Absent) and part.missing == "not_applicable")]
