"""The charts of the team's work: incidents and their times, engineering work, alerts and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from assessment_kit import style
from assessment_kit.pages.charts_base import (
    BAR_DROP,
    ROW,
    Drawing,
    bars,
    ceiling,
    cut_off,
    drawing,
    hint,
    intervals,
    mark,
    numbered,
    position,
    ranked,
    row_words,
    rows,
    scale_axis,
    time_axis,
    unchecked,
)
from assessment_kit.pages.tables import records


@unchecked
def incident_types(frame: pd.DataFrame, emphasis: Sequence[int]) -> Drawing:
    """Return the incident types by incidents a month, the most common first."""
    return ranked(frame, emphasis=emphasis, tooltip=hint(name="Type", figure="A month", spread="Interval"))


@unchecked
def repeats(frame: pd.DataFrame, emphasis: Sequence[int]) -> Drawing:
    """Return the repeat incidents by hours a month, the costliest first."""
    hover = hint(name="Incident", figure="Hours a month", spread="Interval", cause="Cause", fix_known="Fix known")
    return ranked(frame, emphasis=emphasis, tooltip=hover, unit=" h")


@unchecked
def repeats_by_times(frame: pd.DataFrame, emphasis: Sequence[int]) -> Drawing:
    """Return the repeat incidents by times a month, the most frequent first."""
    hover = hint(name="Incident", figure="Times a month", spread="Interval", cause="Cause", fix_known="Fix known")
    return ranked(frame, emphasis=emphasis, tooltip=hover, unit=" ×")


@unchecked
def incident_course(frame: pd.DataFrame) -> Drawing:
    """Return an average incident as one bar in time, and below it each of its phases with the interval of its end.

    Parameters
    ----------
    frame
        Rows with ``name``, ``start`` and ``end`` in minutes, ``figure``, and ``low``, ``high`` of the end.
    """
    domain = [0.0, ceiling(frame, "end", "high")]
    axis = time_axis(0, domain[1])
    hover = hint(phase="Phase", takes="Takes", end_text="Ends after", spread="Interval of the end")
    # The whole is the first row: its words once, and every phase once more without any.
    phases = frame.assign(row=range(1, len(frame) + 1), phase=frame["name"], takes=frame["figure"])
    ends = str(frame["end_text"].iloc[-1])
    whole = {"row": 0, "name": "The whole incident", "figure": ends, "value": float(frame["end"].iloc[-1])}
    again = phases.assign(row=0, name="", figure="", low=None, high=None)
    placed = pd.DataFrame([whole, *records(again), *records(phases)])
    shades = dict(zip(frame["name"], _phase_styles(len(frame)), strict=True))
    layers = [
        bars(domain, shade, keep=f"datum.phase === '{name}'", start="start", end="end", tooltip=hover, axis=axis)
        for name, shade in shades.items()
    ]
    return drawing(placed, [*layers, intervals(domain, axis=axis), *row_words(placed)], ROW * (len(frame) + 1))


def _phase_styles(phases: int) -> tuple[str, ...]:
    """Return what each phase is drawn as: waiting to be noticed, finding the cause, and putting it right."""
    return (style.ATTENTION, style.CONTEXT, style.EMPHASIS) if phases == 3 else (style.ATTENTION, style.EMPHASIS)


@unchecked
def spread_of_times(frame: pd.DataFrame) -> Drawing:
    """Return median, mean (with its interval) and worst of each duration, on a logarithmic scale of time."""
    placed = numbered(frame)
    found = [placed[column].dropna() for column in ("value", "low", "high", "median", "worst")]
    numbers = [float(number) for column in found for number in column if number > 0]
    domain = [max(0.1, min(numbers) / 1.6), max(numbers) * 1.6]
    axis = time_axis(*domain, grid=True)
    y = rows()
    drop: dict[str, Any] = {"yOffset": BAR_DROP + 2}

    def x(field: str) -> alt.X:
        return position(field, domain, axis=axis, type="log", clamp=True)

    hover = hint(name="Time", figure="Mean", median_text="Median", worst_text="Worst")
    to_worst = {"y": y, "x": x("value"), "x2": alt.X2(field="worst")}
    span = {"y": y, "x": x("low"), "x2": alt.X2(field="high")}
    layers = [
        mark("rule", style.WHISKER, to_worst, keep="datum.worst > datum.value", strokeWidth=1, **drop),
        mark("rule", style.INTERVAL, span, keep="datum.low < datum.high", **drop),
        cut_off(domain),
        mark("tick", style.WHISKER, {"y": y, "x": x("median")}, keep="datum.median > 0", size=18, thickness=2, **drop),
        mark("point", style.BEFORE, {"y": y, "x": x("worst")}, keep="datum.worst > 0", **drop),
        mark(
            "point",
            style.EMPHASIS,
            {"y": y, "x": x("value"), "tooltip": hover},
            keep="datum.value > 0",
            size=120,
            **drop,
        ),
    ]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))


@unchecked
def shares_of_one(frame: pd.DataFrame) -> Drawing:
    """Return shares of all incidents as one stacked bar, one step a row, so that each interval has its place."""
    placed = numbered(frame)
    domain, axis = [0.0, max(100.0, ceiling(placed, "end", "span_high"))], scale_axis(" %")
    hover = hint(name="Incidents", figure="Share", spread="Interval")
    steps: dict[str, Any] = {"start": "start", "end": "end", "tooltip": hover, "axis": axis}
    layers = [
        bars(domain, style.EMPHASIS, keep="datum.kind === 'part'", **steps),
        bars(domain, style.ABSENT, keep="datum.kind === 'left'", **steps),
        intervals(domain, "span_low", "span_high", axis=axis),
    ]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))


@unchecked
def flow(frame: pd.DataFrame, emphasis: Sequence[int] = ()) -> Drawing:
    """Return the steps of a flow as bars on one scale: how much of the first is left at each."""
    return ranked(
        frame, emphasis=emphasis, tooltip=hint(name="Step", figure="A month", spread="Interval", aside="Share")
    )


@unchecked
def coverage(frame: pd.DataFrame) -> Drawing:
    """Return shares on a scale from 0 to 100 %, each with its interval and with the guide's level 4 as a mark."""
    placed = numbered(frame)
    axis = alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + ' %'", labelFlush=True, grid=True, title=None)
    domain = [0.0, 100.0]
    y = rows()
    drop: dict[str, Any] = {"yOffset": BAR_DROP + 2}
    hover = hint(name="Share", figure="Said", spread="Interval", target_text="Level 4")
    span = {"y": y, "x": position("low", domain, axis=axis), "x2": alt.X2(field="high")}
    target = {"y": y, "x": position("target", domain, axis=axis)}
    dot = {"y": y, "x": position("value", domain, axis=axis), "tooltip": hover}
    layers = [
        mark("rule", style.INTERVAL, span, keep="datum.low < datum.high", **drop),
        mark("tick", style.TARGET, target, keep="isValid(datum.target)", size=20, thickness=2, **drop),
        mark("point", style.EMPHASIS, dot, size=120, **drop),
    ]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))
