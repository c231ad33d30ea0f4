"""Metrics: answers in, estimates per month out, each with its definition or the reason why it is missing.

One entry of :data:`SPECS` for each metric, in the order in which they build on one another; how each is computed stands
in :mod:`assessment_kit.formulas`.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessment_kit import formulas
from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.formulas import PARTS, Formula, Known
from assessment_kit.guide import Guide
from assessment_kit.readings import Absent, Answers, Reading
from assessment_kit.results import Metric
from assessment_kit.values import parse_duration
from assessment_kit.work import HOURS, Work

__all__ = ["METRIC_IDS", "PARTS", "SPECS", "compute_metrics", "metric_answers"]

_A_MONTH = f"A month is {WEEKS_PER_MONTH:.3f} weeks."

_CAPACITY = ("team-size", "hours-per-person")
_INCIDENT_WORK = ("incident-volume", "responders", "hands-on-time")
_NOISE_WORK = ("alert-volume", "actionable-alerts", "alert-triage-time")
_ESCALATION_WORK = ("escalations-sre", "escalation-time")


@dataclass(frozen=True)
class Otherwise:
    """A second way to a metric, taken when the first has no value. It has a definition of its own."""

    answers: tuple[str, ...]
    definition: str
    compute: Formula


@dataclass(frozen=True)
class Spec:
    """How one metric comes about. ``duration`` names the question whose median, worst and n go along."""

    id: str
    label: str
    unit: str
    answers: tuple[str, ...]
    definition: str
    compute: Formula
    duration: str = ""
    otherwise: Otherwise | None = None


def compute_metrics(answers: Answers, work: Work) -> dict[str, Metric]:
    """Return every metric by id, in a fixed order; those that cannot be had carry their reason."""
    known = Known(answers, work)
    metrics: dict[str, Metric] = {}
    for spec in SPECS:
        way: Spec | Otherwise = spec
        reading = spec.compute(known)
        if isinstance(reading, Absent) and spec.otherwise is not None:
            way = spec.otherwise
            reading = way.compute(known)
        known.done[spec.id] = reading
        metrics[spec.id] = _metric(spec, way, reading, answers)
    return metrics


def _metric(spec: Spec, way: Spec | Otherwise, reading: Reading, answers: Answers) -> Metric:
    used = [question for question in way.answers if question in answers.guide.questions]
    used += [period for question in used for period in answers.periods_of(question)]
    said = answers.get(spec.duration or way.answers[0])
    stated = said.definition if said is not None and len(way.answers) == 1 else None
    return Metric(
        id=spec.id,
        label=spec.label,
        unit=spec.unit,
        estimate=None if isinstance(reading, Absent) else reading.in_unit(spec.unit),
        definition=stated or way.definition,
        answers=tuple(dict.fromkeys(used)),
        missing=reading.missing if isinstance(reading, Absent) else None,
        reason=reading.reason if isinstance(reading, Absent) else "",
        median=parse_duration(said.median) if spec.duration and said is not None else None,
        worst=parse_duration(said.worst) if spec.duration and said is not None else None,
        n=said.n if spec.duration and said is not None else None,
    )


SPECS: tuple[Spec, ...] = (
    Spec(
        "incidents_per_month",
        "Incidents a month",
        "incidents a month",
        ("incident-volume",),
        f"Incidents handled, as said or counted in the export. {_A_MONTH}",
        formulas.rate("incident-volume", "incidents a month"),
    ),
    Spec(
        "p1_p2_per_month",
        "P1 and P2 a month",
        "incidents a month",
        ("p1-p2-volume",),
        f"Incidents of the two highest priorities. {_A_MONTH}",
        formulas.rate("p1-p2-volume", "incidents a month"),
    ),
    Spec(
        "p1_p2_share",
        "P1 and P2 share",
        "%",
        ("p1-p2-volume", "incident-volume"),
        "P1 and P2 incidents over all incidents. Shown, not scored: no published band exists.",
        formulas.share_of_incidents("p1_p2_per_month", "P1 and P2"),
    ),
    Spec(
        "incidents_per_shift",
        "Incidents a shift",
        "incidents a shift",
        ("incident-volume", "shifts-per-week"),
        "Incidents a month over on-call shifts a month.",
        formulas.incidents_per_shift,
    ),
    Spec(
        "repeat_share",
        "Repeat incidents",
        "%",
        ("repeat-share",),
        "Share of incidents that had happened before in the same way, as said or grouped in the export.",
        formulas.number("repeat-share"),
    ),
    Spec(
        "time_to_detect",
        "Time to detect",
        "minutes",
        ("time-to-detect",),
        "MTTD: from the start of the impact to its detection, mean as said.",
        formulas.number("time-to-detect"),
        "time-to-detect",
    ),
    Spec(
        "time_to_diagnose",
        "Time to diagnose",
        "minutes",
        ("time-to-diagnose",),
        "From detection to a cause that can be acted upon, mean as said.",
        formulas.number("time-to-diagnose"),
        "time-to-diagnose",
    ),
    Spec(
        "time_to_restore",
        "Time to restore",
        "minutes",
        ("time-to-restore",),
        "MTTR, restore: from the start of the impact (or the opening of the ticket) to service restored, mean as said.",
        formulas.number("time-to-restore"),
        "time-to-restore",
    ),
    Spec(
        "incident_hours_per_month",
        "Hours on incidents",
        HOURS,
        _INCIDENT_WORK,
        "Incidents a month x people on an incident x hands-on time of each. Elapsed time is no effort: it is not used.",
        formulas.incident_hours,
    ),
    Spec(
        "repeat_hours_per_month",
        "Hours on repeat incidents",
        HOURS,
        ("repeat-incidents",),
        "Sum over the repeat incidents in the table of times a month x hands-on time of all people together.",
        formulas.listed_repeat_hours,
        otherwise=Otherwise(
            ("repeat-share", *_INCIDENT_WORK),
            "Hours on incidents x repeat share; the table of repeat incidents is empty or incomplete.",
            formulas.repeat_hours_by_share,
        ),
    ),
    Spec(
        "toil_hours_per_month",
        "Hours of toil",
        HOURS,
        ("toil-tasks",),
        "Sum over the manual tasks of times a month x time each x people. A task without times or minutes adds nothing "
        "to the likely value; at the high end it costs as much as the costliest of the others. Tasks that cannot be "
        "automated are counted: they take their hours all the same.",
        formulas.toil_hours,
    ),
    Spec(
        "capacity_hours_per_month",
        "Capacity",
        HOURS,
        _CAPACITY,
        "People in the team x hours a person works a month.",
        formulas.capacity,
    ),
    Spec(
        "toil_share",
        "Toil share",
        "%",
        ("toil-tasks", *_CAPACITY),
        "Hours of toil over capacity.",
        formulas.toil_share,
    ),
    Spec(
        "toil_people",
        "Toil in people",
        "people",
        ("toil-tasks", "hours-per-person"),
        "Hours of toil over the hours a person works a month.",
        formulas.toil_people,
    ),
    Spec(
        "firefighting_share",
        "Firefighting",
        "%",
        ("firefighting-share",),
        "Share of working time spent reacting rather than on proactive work, as said.",
        formulas.number("firefighting-share"),
    ),
    Spec(
        "escalations_per_month",
        "Escalations a month",
        "escalations a month",
        ("escalations-sre",),
        f"Incidents escalated to the SRE teams. {_A_MONTH}",
        formulas.rate("escalations-sre", "escalations a month"),
    ),
    Spec(
        "escalation_share",
        "Escalated incidents",
        "%",
        ("escalations-sre", "incident-volume"),
        "Escalations over incidents.",
        formulas.share_of_incidents("escalations_per_month", "Escalations"),
    ),
    Spec(
        "escalation_hours_per_month",
        "Hours on escalations",
        HOURS,
        _ESCALATION_WORK,
        "Escalations a month x the team's own hands-on time for each. Waiting is not counted.",
        formulas.escalation_hours,
    ),
    Spec(
        "engineering_dependent_share",
        "Engineering-dependent incidents",
        "%",
        ("code-change-share", "config-change-share", "architecture-share"),
        "Incidents that need a code change, a configuration update or an architectural fix, over all incidents.",
        formulas.engineering_share,
    ),
    Spec(
        "engineering_involvements_per_month",
        "Engineering involved a month",
        "times a month",
        ("engineering-involvement",),
        f"Times development or SRE teams were needed for an engineering fix. {_A_MONTH}",
        formulas.rate("engineering-involvement", "times a month"),
    ),
    Spec(
        "engineering_time_to_restore",
        "Time to restore with engineering",
        "minutes",
        ("engineering-restore-time",),
        "Time to restore of incidents that depend on engineering, mean as said.",
        formulas.number("engineering-restore-time"),
        "engineering-restore-time",
    ),
    Spec(
        "alerts_per_month",
        "Alerts a month",
        "alerts a month",
        ("alert-volume",),
        f"Alerts that reach a person. {_A_MONTH}",
        formulas.rate("alert-volume", "alerts a month"),
    ),
    Spec(
        "alert_actionable_share",
        "Actionable alerts",
        "%",
        ("actionable-alerts",),
        "Share of alerts on which somebody had to act.",
        formulas.number("actionable-alerts"),
    ),
    Spec(
        "noise_hours_per_month",
        "Hours on alert noise",
        HOURS,
        _NOISE_WORK,
        "Alerts a month that are not actionable x the time to triage one.",
        formulas.noise_hours,
    ),
    Spec(
        "remainder_hours_per_month",
        "Everything else",
        HOURS,
        (*_CAPACITY, *_INCIDENT_WORK, "toil-tasks", *_NOISE_WORK, *_ESCALATION_WORK),
        "Capacity less hours on incidents, toil, alert noise and escalations, as far as these apply. Toil done during "
        "an incident may be counted in both, so the remainder is a floor.",
        formulas.remainder,
    ),
)

METRIC_IDS: frozenset[str] = frozenset(spec.id for spec in SPECS)


def metric_answers(guide: Guide, metric_id: str) -> tuple[str, ...]:
    """Return the ids of the questions of this guide that a metric is computed from."""
    spec = next(spec for spec in SPECS if spec.id == metric_id)
    return tuple(question for question in spec.answers if question in guide.questions)
