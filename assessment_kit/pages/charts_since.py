"""The chart of what moved since last time: each score on its way from then to now, in the parts that moved it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from assessment_kit import style
from assessment_kit.pages.charts import LEVELS
from assessment_kit.pages.charts_base import (
    BAR,
    BAR_DROP,
    ROW,
    Drawing,
    Part,
    drawing,
    hint,
    mark,
    numbered,
    position,
    row_words,
    rows,
    unchecked,
    whole_rows,
)

#: What each part of a change is drawn as: the team's own full, what was only answered once as an outline.
_STYLES = {"guide": style.CONTEXT, "team": style.EMPHASIS, "coverage": style.ABSENT}


@unchecked
def score_changes(frame: pd.DataFrame) -> Drawing:
    """Return the scores on the five levels: a ring then, a dot now, and between them the parts of the change.

    Parameters
    ----------
    frame
        Of ``tables_since.scores``, with ``aside``.
    """
    placed = numbered(frame)
    axis = alt.Axis(values=[1, 2, 3, 4, 5], format="d", labelFlush=True, grid=True, title=None)
    y = rows()
    drop: dict[str, Any] = {"yOffset": BAR_DROP + 2}
    hover = hint(name="Section", before_text="Then", now_text="Now", figure="Moved", aside="Parts")

    def part(name: str) -> Part:
        channels = {
            "y": y,
            "x": position(f"{name}_start", LEVELS, axis=axis),
            "x2": alt.X2(field=f"{name}_end"),
            "tooltip": hover,
        }
        keep = f"isValid(datum.{name}_end) && abs(datum.{name}) >= 0.005"
        return mark("bar", _STYLES[name], channels, keep=keep, size=BAR - 2, cornerRadiusEnd=0, **drop)

    then = {"y": y, "x": position("before", LEVELS, axis=axis), "tooltip": hover}
    now = {"y": y, "x": position("now", LEVELS, axis=axis), "tooltip": hover}
    layers = [
        mark("bar", style.INTERVAL, whole_rows(), opacity=0, cursor="pointer", size=ROW),
        mark("bar", style.INTERVAL, whole_rows(), keep="datum.id === chosen", opacity=0.14, size=ROW - 4),
        *(part(name) for name in _STYLES),
        mark("point", style.BEFORE, then, keep="isValid(datum.before)", cursor="pointer", **drop),
        mark("point", style.EMPHASIS, now, keep="isValid(datum.now)", size=120, cursor="pointer", **drop),
    ]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed), parameters={"chosen": ""})
