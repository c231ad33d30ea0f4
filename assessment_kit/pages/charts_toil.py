"""The charts of manual work: the tasks by hours, how often against how long, and the month if some were automated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from assessment_kit import style
from assessment_kit.pages import charts_linked
from assessment_kit.pages.charts_base import (
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
    scale_axis,
    unchecked,
    upright,
)
from assessment_kit.pages.charts_linked import IS_CHOSEN, visible
from assessment_kit.pages.charts_maps import across, labels, line, upward
from assessment_kit.pages.tables_toil import HEIGHT, LABEL_RISE, FrequencyMap

#: The name of the data that the page replaces while a reader tries things out.
MONTH = "month"


@unchecked
def toil(frame: pd.DataFrame, emphasis: Sequence[int]) -> Drawing:
    """Return the manual tasks by hours a month, the costliest first, with the running share in small type.

    A task that is ticked in the what-if is drawn as what is left of it, and as an outline for what it gives back.
    """
    placed = numbered(frame)
    domain, axis = [0.0, ceiling(placed, "value", "high", "left")], scale_axis(" h")
    hover = hint(name="Task", figure="Hours a month", spread="Interval", aside="Running share")
    spoken = f"indexof([{', '.join(str(place) for place in emphasis)}], datum.row) >= 0"
    common: dict[str, Any] = {"tooltip": hover, "axis": axis, "cursor": "pointer"}
    today, then = visible(f"!({IS_CHOSEN})"), visible(IS_CHOSEN)
    layers = [
        charts_linked.row_ground(),
        bars(domain, style.EMPHASIS, keep=spoken, **common, **today),
        bars(domain, style.CONTEXT, keep=f"!({spoken})", **common, **today),
        bars(domain, style.EMPHASIS, keep="isValid(datum.left)", end="left", **common, **then),
        bars(domain, style.ABSENT, keep="datum.left < datum.value", start="left", end="value", **common, **then),
        intervals(domain, axis=axis),
        *row_words(placed),
    ]
    return drawing(placed, layers, ROW * len(placed), params=charts_linked.params())


@unchecked
def frequency_map(found: FrequencyMap) -> Drawing:
    """Return the tasks by how often and how long, on logarithmic scales, with lines of equal hours a month."""
    x, y = _channels(found)
    place = {"x": x, "y": y}
    often = {"x": _channels(found, "times_low")[0], "x2": alt.X2(field="times_high"), "y": y}
    long = {"x": x, "y": _channels(found, "each", "each_low")[1], "y2": alt.Y2(field="each_high")}
    hover = hint(name="Task", times_text="Times a month", each_text="Each time", figure="Hours a month")
    tip = {**place, "tooltip": hover}
    layers = [
        *(part for hours in found.lines for part in _line(hours, found)),
        charts_linked.point_ground(place),
        mark("rule", style.INTERVAL, often, keep="datum.times_high > datum.times_low", strokeWidth=2),
        mark("rule", style.INTERVAL, long, keep="datum.each_high > datum.each_low", strokeWidth=2),
        *charts_linked.points(tip, style.EMPHASIS, keep="datum.can"),
        *charts_linked.points(tip, style.CONTEXT, keep="!datum.can"),
        *labels(place, rise=LABEL_RISE),
    ]
    return drawing(found.frame, layers, HEIGHT, params=charts_linked.params())


def _channels(found: FrequencyMap, times: str = "times", each: str = "each") -> tuple[alt.X, alt.Y]:
    x = across(times, found.times, "Times a month →")
    return x, upward(each, found.each, "↑ Working time each time, everybody together", times=True)


def _line(hours: float, found: FrequencyMap) -> list[Part]:
    # each = 60 x hours / times, cut to the drawing: it enters at the left or the top, leaves at the right or the foot.
    left = max(found.times[0], 60 * hours / found.each[1])
    right = min(found.times[1], 60 * hours / found.each[0])
    if left >= right:
        return []
    word = f"{hours:,g} h a month"
    at_left = found.words_at_left((left, 60 * hours / left), (right, 60 * hours / right))
    with_words = left if at_left else right
    ends = [
        {"times": end, "each": 60 * hours / end, "word": word, "short": f"{hours:,g} h", "last": end == with_words}
        for end in (left, right)
    ]
    # The line falls to the right: its word stands clear above its upper end, or below its lower one.
    beside: dict[str, Any] = {"align": "left", "dx": 8, "dy": 2} if at_left else {"align": "right", "dx": -12, "dy": -4}
    return line(ends, *_channels(found), baseline="middle", **beside)


@unchecked
def month_if(frame: pd.DataFrame, cap: float | None, highest: float) -> Drawing:
    """Return the month today and with tasks automated: manual work, other operational work, and what is given back.

    Parameters
    ----------
    frame
        Two rows (``tables_toil.month_if``), which the page replaces as :data:`MONTH`.
    cap
        The cap on operational work in hours a month, None where the team's hours are not known.
    highest
        Largest number that any choice can need, in hours a month: the scale stays while the reader tries things out.
    """
    placed = numbered(frame)
    domain, axis = [0.0, max(highest, (cap or 0.0) * 1.02, 1.0)], scale_axis(" h")
    hover = hint(name="Month", figure="Together", aside="Of the team's hours", spread="Interval, manual work")

    def part(mark_style: str, start: str, end: str) -> Part:
        keep = f"datum.{end} > datum.{start}" if start else "isValid(datum.toil)"
        return bars(domain, mark_style, keep=keep, start=start, end=end, tooltip=hover, axis=axis)

    layers = [
        part(style.EMPHASIS, "", "toil"),
        part(style.CONTEXT, "toil", "other"),
        part(style.ABSENT, "other", "gone"),
        intervals(domain, axis=axis),
    ]
    if cap is not None:
        placed = placed.assign(cap=cap)
        layers += [upright("cap", domain, axis=axis), _cap_words(domain, axis)]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed), name=MONTH)


def _cap_words(domain: list[float], axis: alt.Axis) -> Part:
    channels = {"x": position("cap", domain, axis=axis), "y": alt.YValue(0), "text": alt.TextValue("50 % line")}
    return mark("text", style.NOTE, channels, keep="datum.row === 0", align="center", baseline="bottom", dx=0, dy=-4)
