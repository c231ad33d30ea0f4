"""An evaluation as data frames: what the charts draw and what the tables beside them show. The pandas door for charts.

Here are the parts that frames are made of, and the frames of the report's head and end; ``tables_work`` has those of
the work itself.

Every frame that is drawn as ranked rows has the same columns: ``name``, ``value``, ``low``, ``high`` (numbers, in the
unit its function names), ``figure`` and ``spread`` (the same in words) and ``reason`` (why there is no value). What is
missing is missing here too: None with its reason, never zero.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.document import ImportRecord
from assessment_kit.estimate import Estimate, exact, total
from assessment_kit.guide import Column, Question
from assessment_kit.metrics import PARTS
from assessment_kit.readings import Absent, Reading
from assessment_kit.results import Evaluation, Metric
from assessment_kit.values import empty, parse_date

HOURS = "hours"

#: Longest name that goes into a chart. The drawing cuts it to the room there is; this keeps 100,000 characters out.
LONGEST_NAME = 120

#: Kinds of characters that steer a display rather than show anything. The joiner inside emoji is one too, and is kept.
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Return rows as a frame, whatever their texts hold.

    Arrow, which keeps texts where it is installed, refuses half a character (a cut emoji); Python's own texts do not.
    """
    with pd.option_context("mode.string_storage", "python"):
        return pd.DataFrame(list(rows), columns=None if columns is None else list(columns))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as plain records for a chart: None for what is missing, Python's own numbers."""
    names = [str(name) for name in frame.columns]
    # tolist() gives Python's own numbers; NaN, the frame's way to say "missing", is the one value unlike itself.
    columns = [[None if value != value else value for value in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def short_name(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a user's text as one line that cannot disturb a drawing: no controls, no marks that turn the direction."""
    kept = "".join(
        char if char == "\u200d" or unicodedata.category(char) not in _CONTROLS else " " for char in text[:5000]
    )
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def ranked_row(name: str, reading: Reading | None, unit: str, reason: str = "", **more: Any) -> dict[str, Any]:
    """Return one row of a ranked frame. ``unit`` is the short one that figures are written with."""
    row: dict[str, Any] = {"name": short_name(name)}
    if isinstance(reading, Estimate):
        row |= {"value": reading.value, "low": reading.low, "high": reading.high, "basis": reading.basis}
        row |= {
            "figure": wording.amount_of(reading.value, unit),
            "spread": wording.span_of(reading, unit),
            "reason": "",
        }
    else:
        why = reading.reason if isinstance(reading, Absent) else reason
        row |= {"value": None, "low": None, "high": None, "basis": "", "figure": "", "spread": "", "reason": why}
    return row | more


def metric_row(metric: Metric, name: str, unit: str, **more: Any) -> dict[str, Any]:
    """Return one row of a ranked frame for a metric."""
    return ranked_row(name, metric.estimate, unit, metric.reason, id=metric.id, **more)


def by_value(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Return ranked rows as a frame, the largest first and those without a value last."""
    ranked = sorted(rows, key=lambda row: (row["value"] is None, -(row["value"] or 0.0)))
    return frame_of(ranked, columns=list(ranked[0]) if ranked else ["name", "value", "low", "high", "figure", "reason"])


def stack(row: dict[str, Any], start: float) -> float:
    """Put a row's bar and its interval behind what came before it, and return where it ends."""
    if row["value"] is None:
        row |= {"start": start, "end": None, "span_low": None, "span_high": None}
        return start
    row |= {
        "start": start,
        "end": start + row["value"],
        "span_low": start + row["low"],
        "span_high": start + row["high"],
    }
    return float(row["end"])


def choice_label(question: Question | None, column_id: str, said: Any) -> str:
    """Return the label of what was chosen in a table's cell; the words themselves where they are the team's own."""
    if empty(said):
        return ""
    column: Column | None = next((c for c in question.columns if c.id == column_id), None) if question else None
    choices = column.choices if column is not None else ()
    return next((choice.label for choice in choices if choice.id == said), str(said))


def top(frame: pd.DataFrame, unit: str, most: int = 15) -> pd.DataFrame:
    """Return the first rows of a ranked frame of known values, and the others added up as one row ("12 others").

    The sum has its figure but no ``value``: drawn on the same scale it would make the rows before it vanish.
    """
    if len(frame) <= most:
        return frame
    kept, others = frame.iloc[: most - 1], frame.iloc[most - 1 :]
    figure = wording.amount_of(float(others["value"].sum()), unit)
    return frame_of([*records(kept), {"name": f"{len(others):,} others", "figure": figure}])


def scores(evaluation: Evaluation, previous: Evaluation | None = None) -> pd.DataFrame:
    """Return one row for each assessed section and one for all: levels 1 to 5, coverage, and the score of last time."""
    before = {score.id: score.score for score in (*previous.sections, previous.overall)} if previous else {}
    rows = []
    for score in (*evaluation.sections, evaluation.overall):
        rows.append(
            {
                "id": score.id,
                "name": "All sections" if score is evaluation.overall else score.title,
                "value": score.score,
                "low": score.low,
                "high": score.high,
                "figure": "" if score.score is None else f"{score.score:.1f}",
                "level": score.called,
                "open": score.is_open,
                "coverage": score.coverage,
                "answered": score.answered,
                "applicable": score.applicable,
                "last": before.get(score.id),
                "reason": score.reason,
            }
        )
    return frame_of(rows)


def hours(evaluation: Evaluation) -> pd.DataFrame:
    """Return where the month goes, in person-hours: the team's hours, the parts, largest first, and what is left.

    ``start`` and ``end`` stack the likely values. A part that is not known takes no room, so that the last row holds
    whatever is neither named nor known. Where the team's hours are not known there is no row of them.
    """
    parts = [metric_row(evaluation.metrics[part], wording.PART_NAMES[part], HOURS, kind="part") for part in PARTS]
    parts.sort(key=lambda row: (row["value"] is None, -(row["value"] or 0.0)))
    position = 0.0
    for row in parts:
        position = stack(row, position)
    whole = evaluation.metrics["capacity_hours_per_month"]
    team = [metric_row(whole, "The team's hours", HOURS, kind="capacity")] if whole.estimate is not None else []
    for row in team:
        stack(row, 0.0)
    return frame_of([*team, *parts, _left(evaluation, position)])


def _left(evaluation: Evaluation, taken: float) -> dict[str, Any]:
    capacity = evaluation.metrics["capacity_hours_per_month"]
    known = [found for part in PARTS if (found := evaluation.metrics[part].estimate) is not None]
    unknown = len(PARTS) - len(known)
    if capacity.estimate is None:
        return ranked_row(
            "Everything else", None, HOURS, capacity.reason, id="remainder", kind="left", start=taken, end=None
        )
    spent = total(known, HOURS) or exact(0.0, HOURS)
    left = capacity.estimate - spent
    end: dict[str, Any] = {"id": "remainder", "start": taken, "end": capacity.estimate.value}
    if left.value < 0:
        return ranked_row(
            "More than the team has", left.scaled(-1), HOURS, kind="over", span_low=None, span_high=None, **end
        )
    name = "Everything else, and what is not known" if unknown else "Everything else"
    # Its interval is read as every other: from where the bar begins to the least and the most that may be left. Less
    # than nothing may be left, but no bar ends before the month begins.
    span: dict[str, Any] = {"span_low": max(0.0, taken + left.low), "span_high": taken + left.high}
    return ranked_row(name, left, HOURS, kind="left", **span, **end)


def weekly(record: ImportRecord) -> pd.DataFrame:
    """Return an import's incidents by week; a row that cannot be read is left out.

    Returns
    -------
    DataFrame
        ``week`` and ``until`` (ISO dates, Monday to Sunday), ``incidents``, ``p1_p2``, ``other``, ``complete``.
    """
    rows = []
    for raw in record.weekly:
        week, number, severe = parse_date(raw.get("week")), _count(raw.get("incidents")), _count(raw.get("p1_p2"))
        if week is None or number is None:
            continue
        severe = min(severe or 0, number)
        until = (week + timedelta(days=6)).isoformat() if week.year < 9999 else week.isoformat()
        row = {"week": week.isoformat(), "until": until, "incidents": number, "p1_p2": severe, "other": number - severe}
        rows.append(row | {"complete": raw.get("complete") is not False})
    columns = ["week", "until", "incidents", "p1_p2", "other", "complete"]
    return frame_of(rows, columns=columns).sort_values("week", ignore_index=True)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


def actions(evaluation: Evaluation) -> pd.DataFrame:
    """Return the action items that have a due date, by date; ``days`` counts from the day of the assessment."""
    rows = [
        {
            "name": short_name(action.what),
            "owner": short_name(action.owner, 60),
            "due": action.due.isoformat(),
            "due_text": wording.day(action.due),
            "status": action.status or "open",
            "days": (action.due - evaluation.date).days,
        }
        for action in evaluation.actions
        if action.due is not None
    ]
    return frame_of(rows, columns=["name", "owner", "due", "due_text", "status", "days"])
