"""The team's work as data frames: incidents and their times, toil, engineering work, alerts and monitoring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.guide import Guide, Rubric
from assessment_kit.metrics import metric_answers
from assessment_kit.pages.tables import (
    HOURS,
    by_value,
    choice_label,
    frame_of,
    metric_row,
    ranked_row,
    records,
    short_name,
    stack,
)
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.stamps import ending, from_opening

_TIMES: Mapping[str, str] = {
    "time_to_detect": "Detect",
    "time_to_diagnose": "Diagnose",
    "time_to_restore": "Restore",
    "engineering_time_to_restore": "Restore, with an engineering fix",
}


def incident_types(answers: Answers) -> pd.DataFrame:
    """Return the incident types by incidents a month, the most common first."""
    rows, basis = answers.rows("incident-types")
    question = answers.question("incident-types")
    found = [
        ranked_row(
            choice_label(question, "type", row.get("type")),
            answers.cell("incident-types", row, "per_month", basis, "incidents a month", counted="month"),
            "",
            note=short_name(str(row.get("note") or ""), 300),
        )
        for row in rows
    ]
    return by_value(found)


def repeats(evaluation: Evaluation, answers: Answers) -> pd.DataFrame:
    """Return the repeat incidents by hours a month of everybody together, the costliest first.

    ``often`` holds times a month as an estimate, None where they are not known.
    """
    question = answers.question("repeat-incidents")
    return by_value(
        ranked_row(
            repeat.what,
            repeat.hours,
            HOURS,
            repeat.reason,
            often=repeat.times_per_month,
            times="" if repeat.times_per_month is None else wording.number(repeat.times_per_month.value),
            cause=choice_label(question, "cause", repeat.cause),
            fix_known=choice_label(question, "fix_known", repeat.fix_known),
        )
        for repeat in evaluation.repeat_incidents
    )


def by_times(frame: pd.DataFrame) -> pd.DataFrame:
    """Return repeat incidents (:func:`repeats`) by times a month, the most frequent first.

    ``reason`` says of every row why its hours are not known.
    """
    rows = [row for row in records(frame) if row["often"] is not None]
    return by_value(row | ranked_row(row["name"], row["often"], "") | {"reason": row["reason"]} for row in rows)


def toil(evaluation: Evaluation) -> pd.DataFrame:
    """Return the manual tasks by hours a month, with their share, the running share, and what automating them brings.

    ``rank`` counts from 1, and ``key`` is the task's name in the linked charts; ``share`` and ``running`` are in
    percent of the hours of all tasks with hours; ``effort`` is in hours, ``saved`` and ``left`` in hours a month,
    ``payback`` in months; ``can`` tells whether automating it is known to save something.
    """
    known = [task.hours.value for task in evaluation.toil_tasks if task.hours is not None]
    everything, running = sum(known), 0.0
    rows = []
    for rank, task in enumerate(evaluation.toil_tasks, 1):
        share = 100 * task.hours.value / everything if task.hours is not None and everything else None
        running += share or 0.0
        saved, payback = task.saved_hours, task.payback_months
        rows.append(
            ranked_row(
                task.task,
                task.hours,
                HOURS,
                task.reason,
                rank=rank,
                key=f"t{rank}",
                share=share,
                running=None if share is None else min(running, 100.0),
                times=None if task.times_per_month is None else task.times_per_month.value,
                times_low=None if task.times_per_month is None else task.times_per_month.low,
                times_high=None if task.times_per_month is None else task.times_per_month.high,
                automatable=task.automatable,
                effort=task.effort_hours,
                left=None if task.left_hours is None else task.left_hours.value,
                can=saved is not None and saved.value > 0,
                saved=None if saved is None else saved.value,
                effort_text="" if task.effort_hours is None else wording.quantity(task.effort_hours, HOURS),
                saved_text="" if saved is None else wording.quantity(saved.value, HOURS),
                saved_spread="" if saved is None else wording.interval(saved.in_unit(HOURS)),
                saved_low=None if saved is None else saved.low,
                saved_high=None if saved is None else saved.high,
                payback=None if payback is None else payback.value,
                payback_text=task.payback_reason if payback is None else f"{wording.number(payback.value)} months",
            )
        )
    return frame_of(rows)


def times(evaluation: Evaluation) -> pd.DataFrame:
    """Return the durations in minutes: mean with interval, median, worst and the number of incidents behind them."""
    rows = []
    for metric_id, name in _TIMES.items():
        metric = evaluation.metrics[metric_id]
        said = {key: getattr(metric, key) for key in ("median", "worst")}
        words = {f"{key}_text": "" if value is None else wording.duration(value) for key, value in said.items()}
        called = ending(metric.definition).short if metric_id == "time_to_restore" else name
        rows.append(metric_row(metric, called, "minutes", n=metric.n, **said, **words))
    return frame_of(rows)


def course(evaluation: Evaluation) -> tuple[pd.DataFrame, list[str]]:
    """Return an average incident as phases in time, in minutes, and the names of the phases that are not known.

    ``said_basis`` is the basis of the time that a phase was made from: of the last, of the time to restore.

    A time to restore that counts from the opening of a ticket begins when the incident was noticed. Any other holds
    the time until then: detected, diagnosed and restored follow one another only where they fit into it. Where they do
    not, there is no course: the contradiction becomes a question, and the times stand side by side in :func:`times`.
    """
    found = {name: evaluation.metrics[metric].estimate for metric, name in list(_TIMES.items())[:3]}
    detect, diagnose, restore = found["Detect"], found["Diagnose"], found["Restore"]
    rows: list[dict[str, Any]] = []
    missing = [name.lower() for name, estimate in found.items() if estimate is None]
    if detect is None or restore is None:
        return frame_of(rows), missing

    def phase(name: str, start: float, length: Estimate, end: Estimate, said: Estimate) -> None:
        row = ranked_row(name, length, "minutes", start=start, end=end.value, end_text=wording.duration(end.value))
        spread = wording.interval(end)
        rows.append(row | {"low": end.low, "high": end.high, "spread": spread, "said_basis": said.basis})

    definition = evaluation.metrics["time_to_restore"].definition
    known = detect + diagnose if diagnose is not None else detect
    whole = detect + restore if from_opening(definition) else restore
    if known.value > whole.value:
        return frame_of(rows), missing
    phase("Until detected", 0.0, detect, detect, detect)
    if diagnose is not None:
        phase("Until the cause is known", detect.value, diagnose, known, diagnose)
    told = ending(definition).short
    last = told if told.startswith("Until") else "Until restored"
    # Not the whole less what is known: the same uncertain time would count twice.
    known_of_restore = diagnose if from_opening(definition) else known
    phase(last, known.value, restore if known_of_restore is None else restore - known_of_restore, whole, restore)
    return frame_of(rows), missing


def shares(answers: Answers, question_ids: Iterable[str], names: Iterable[str]) -> pd.DataFrame:
    """Return percentages as they were answered, in the order given, with the value at which the guide sees level 4."""
    rows = []
    for question_id, name in zip(question_ids, names, strict=True):
        question, answer = answers.question(question_id), answers.get(question_id)
        if question is None:
            continue
        rubric = question.rubric or _metric_rubric(answers.guide, question_id)
        target = rubric.bands[3] if rubric is not None and rubric.bands else None
        counted = answer.n if answer is not None else None
        rows.append(ranked_row(name, answers.number(question_id), "%", id=question_id, target=target, n=counted))
    return frame_of(rows)


def _metric_rubric(guide: Guide, question_id: str) -> Rubric | None:
    """Return the rubric of a metric that is this one question's answer."""
    rubrics = (rubric for section in guide.sections for rubric in section.rubrics)
    return next((rubric for rubric in rubrics if metric_answers(guide, rubric.metric) == (question_id,)), None)


def stacked(frame: pd.DataFrame, rest: str) -> pd.DataFrame:
    """Return shares of one whole, each beginning where the one before ended, and the rest of the 100 % as its own row.

    Parts that are not known take no room; the rest is what nobody named.
    """
    rows, position = [], 0.0
    for row in records(frame):
        position = stack(row, position)
        rows.append(row | {"kind": "part"})
    if position < 100 and any(row["value"] is not None for row in rows):
        left = {"name": rest, "value": 100 - position, "figure": wording.percent(100 - position), "reason": ""}
        rows.append(left | {"kind": "left", "start": position, "end": 100.0})
    return frame_of(rows)
