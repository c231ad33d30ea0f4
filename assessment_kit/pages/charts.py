"""The charts at the head and the end of a team report: scores, the month's hours, an import's weeks, the plan in time.

Each takes a frame of ``tables`` and returns an Altair chart without words of its own: title, definition, text
alternative and table are put around it by ``display.chart_fragment``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from assessment_kit import style
from assessment_kit.pages.charts_base import (
    BAR_DROP,
    NARROW,
    ROW,
    Drawing,
    Part,
    bars,
    ceiling,
    drawing,
    hint,
    intervals,
    mark,
    numbered,
    position,
    row_words,
    rows,
    scale_axis,
    unchecked,
    upright,
    whole_rows,
)

#: Levels run from 1 to 5.
LEVELS = (1.0, 5.0)


@unchecked
def section_scores(frame: pd.DataFrame, level_names: Sequence[str]) -> Drawing:
    """Return the sections as dots on the five levels, each with its interval and with last time's score."""
    placed = numbered(frame)
    # Names of the levels under the scale; Vega's expressions count from zero.
    names = ", ".join(f"'{name}'" for name in _harmless(level_names))
    named = f"datum.value + ' ' + [{names}][datum.value - 1]"
    # Every other name on a telephone, and no number alone between them: it would run into the flush name at the end.
    axis = alt.Axis(
        values=[1, 2, 3, 4, 5],
        labelExpr=f"width < {NARROW} && datum.value % 2 === 0 ? '' : {named}",
        labelFlush=True,
        labelOverlap=False,
        grid=True,
        title=None,
    )
    y = rows()
    drop: dict[str, Any] = {"yOffset": BAR_DROP + 2}
    known, unknown = "isValid(datum.value)", "!isValid(datum.value) && isValid(datum.low)"
    hover = hint(
        name="Section",
        figure="Score",
        spread="Possible",
        aside="Answered",
        last_text="Last time",
        target_text="Target",
    )
    span = {"y": y, "x": position("low", LEVELS, axis=axis), "x2": alt.X2(field="high"), "tooltip": hover}
    last = {"y": y, "x": position("last", LEVELS, axis=axis), "tooltip": hover}
    target = {"y": y, "x": position("target", LEVELS, axis=axis)}
    dot = {"y": y, "x": position("value", LEVELS, axis=axis), "tooltip": hover}
    whole = {**whole_rows(), "tooltip": hover}
    layers = [
        # A row can be clicked wherever there is nothing else, and is tinted when what is behind it is open.
        mark("bar", style.INTERVAL, whole, opacity=0, cursor="pointer", size=ROW),
        mark("bar", style.INTERVAL, whole, keep="datum.id === chosen", opacity=0.14, cursor="pointer", size=ROW - 4),
        mark("rule", style.INTERVAL, span, keep=known, cursor="pointer", **drop),
        mark("bar", style.ABSENT, span, keep=unknown, size=9, **drop),
        mark("tick", style.TARGET, target, keep="isValid(datum.target)", size=22, thickness=1.5, **drop),
        mark("point", style.BEFORE, last, keep="isValid(datum.last)", **drop),
        mark("point", style.EMPHASIS, dot, keep=known, size=120, cursor="pointer", **drop),
    ]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed), parameters={"chosen": ""})


@unchecked
def month_hours(frame: pd.DataFrame, capacity: float | None) -> Drawing:
    """Return the parts of the month, each bar beginning where the one before ended, below the team's hours.

    Dashed lines stand at the whole and at the half of these: operational work is kept to at most half of the time
    (Site Reliability Engineering, chapter 5).

    Parameters
    ----------
    capacity
        In hours a month; None where it is not known.
    """
    placed = numbered(frame)
    highest = max(ceiling(placed, "end", "span_high"), capacity or 0.0)
    domain, axis = [0.0, highest], scale_axis(" h")
    hover = hint(name="Part", figure="Hours a month", spread="Interval")

    def parts(kind: str, mark_style: str, start: str = "start", end: str = "end") -> Part:
        keep = f"datum.kind === '{kind}' && isValid(datum.end)"
        return bars(domain, mark_style, keep=keep, start=start, end=end, tooltip=hover, axis=axis)

    layers = [
        parts("capacity", style.CONTEXT),
        parts("part", style.EMPHASIS),
        parts("left", style.ABSENT),
        parts("over", style.ATTENTION, "end", "start"),
        intervals(domain, "span_low", "span_high", axis=axis),
    ]
    if capacity is not None:
        placed = placed.assign(capacity=capacity, half=capacity / 2)
        for field, words in (("half", "50 %"), ("capacity", "100 %")):
            at = {"x": position(field, domain, axis=axis), "y": rows(), "text": alt.TextValue(words)}
            above: dict[str, Any] = {"align": "center", "baseline": "bottom", "dx": 0, "dy": -ROW / 2 - 2}
            layers += [upright(field, domain, axis=axis), mark("text", style.NOTE, at, keep="datum.row === 0", **above)]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))


@unchecked
def weeks(frame: pd.DataFrame) -> Drawing:
    """Return incidents by week, P1 and P2 at the foot of each column; weeks that the extract cuts are outlines."""
    # Dates are taken and shown in UTC, or a reader west of Greenwich would see every week begin on a Sunday.
    axis = alt.Axis(values=_mondays(frame), format="%-d %b %Y", labelFlush=True, labelOverlap=True, grid=False)
    counts = alt.Axis(tickCount=4, tickMinStep=1, grid=True)
    hover = hint(week="Week from", incidents="Incidents", p1_p2="P1 and P2")
    span = alt.Scale(type="utc")
    across = {"x": alt.X(field="week", type="temporal", scale=span, axis=axis, title=None), "x2": alt.X2(field="until")}

    def columns(mark_style: str, top: str, foot: str, keep: str) -> Part:
        channels = {
            **across,
            "y": alt.Y(field=top, type="quantitative", axis=counts, title=None),
            "y2": alt.Y2(field=foot) if foot else alt.Y2Datum(0),
            "tooltip": hover,
        }
        return mark("rect", mark_style, channels, keep=keep)

    layers = [
        # Nothing to see: it holds the axis from the first week to the last, whether or not something is drawn there.
        mark("rule", style.CONTEXT, across, opacity=0),
        columns(style.CONTEXT, "incidents", "p1_p2", "datum.complete && datum.other > 0"),
        columns(style.EMPHASIS, "p1_p2", "", "datum.complete && datum.p1_p2 > 0"),
        columns(style.ABSENT, "incidents", "", "!datum.complete && datum.incidents > 0"),
    ]
    return drawing(frame, layers, 180)


def _mondays(frame: pd.DataFrame) -> list[alt.DateTime]:
    """Return up to six of the weeks to write under the axis: where Vega chooses, weeks begin on Sundays."""
    step = -(-len(frame) // 6) or 1
    return [utc_day(week) for week in frame["week"].iloc[::step]]


def utc_day(iso: str) -> alt.DateTime:
    """Return a day for an axis, at midnight in UTC."""
    day = date.fromisoformat(iso)
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


@unchecked
def action_times(frame: pd.DataFrame, day: str, follow_up: str | None) -> Drawing:
    """Return the action items from the day of the assessment to their due dates.

    Parameters
    ----------
    day, follow_up
        ISO dates of the assessment and of the follow-up meeting.
    """
    placed = numbered(frame).assign(day=day)
    days = [date.fromisoformat(str(each)) for each in [day, *frame["due"], *([follow_up] if follow_up else [])]]
    # Within a few days the scale would name hours, each by its day: the same date again and again.
    near = (max(days) - min(days)).days <= 5
    ticks: Any = alt.TimeIntervalStep(interval="day", step=1) if near else 5
    axis = alt.Axis(
        format="%-d %b %Y",
        labelFlush=True,
        labelOverlap=True,
        labelSeparation=8,
        tickCount=ticks,
        grid=False,
        title=None,
    )
    y = rows()
    drop: dict[str, Any] = {"yOffset": BAR_DROP + 2}

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="temporal", scale=alt.Scale(type="utc", nice=False, padding=8), axis=axis)

    hover = hint(name="Action", owner="Owner", due_text="Due", status="Status")
    way, late = ({"y": y, "x": x(start), "x2": alt.X2(field=end)} for start, end in (("day", "due"), ("due", "day")))
    going = "(datum.status === 'open' || datum.status === 'in-progress')"
    end = {"y": y, "x": x("due"), "tooltip": hover}
    layers = [
        mark("rule", style.INTERVAL, way, keep=f"{going} && datum.days > 0", strokeWidth=3, **drop),
        mark("rule", style.ATTENTION, late, keep=f"{going} && datum.days < 0", strokeWidth=3, **drop),
        # A full dot is done and a ring is not, as a full dot elsewhere is measured and a ring is not.
        mark("point", style.EMPHASIS, end, keep="datum.status === 'done'", size=120, **drop),
        mark("point", style.ESTIMATED, end, keep=going, size=110, **drop),
        mark("point", style.BEFORE, end, keep="datum.status === 'dropped'", **drop),
    ]
    if follow_up is not None:
        placed = placed.assign(follow_up=follow_up)
        line = {"y": y, "x": x("follow_up")}
        layers.insert(0, mark("tick", style.TARGET, line, size=20, thickness=1.5, **drop))
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))


def _harmless(words: Sequence[str]) -> list[str]:
    # These words become part of an expression: quotes, backslashes and line ends would change what it says.
    return ["".join(char for char in word if char.isalnum() or char in " -/&.,") for word in words]
