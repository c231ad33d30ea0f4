"""Said and measured: paired dots on a scale of ratios, on which what was said stands at 1."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from assessment_kit import style
from assessment_kit.pages.charts_base import (
    BAR_DROP,
    ROW,
    Drawing,
    cut_off,
    drawing,
    hint,
    mark,
    numbered,
    position,
    row_words,
    rows,
    unchecked,
)

#: Marks of the scale, and what they are called.
_TICKS = {
    0.01: "a hundredth",
    0.1: "a tenth",
    0.25: "a quarter",
    0.5: "half",
    1.0: "as said",
    2.0: "twice",
    4.0: "4 times",
    10.0: "10 times",
    100.0: "100 times",
}


@unchecked
def said_and_measured(frame: pd.DataFrame) -> Drawing:
    """Return paired dots: a ring with its interval for what was said, a dot for what was measured, a line between them.

    In colour are the pairs whose intervals have nothing in common.
    """
    placed = numbered(frame)
    columns = ("value", "low", "high", "said_low", "said_high", "one")
    numbers = [float(number) for column in columns for number in placed[column].dropna() if number > 0]
    domain = [min(0.45, min(numbers) / 1.15), max(2.2, max(numbers) * 1.15)]
    axis = _axis(domain)
    drop: dict[str, Any] = {"yOffset": BAR_DROP + 2}

    def x(field: str) -> alt.X:
        return position(field, domain, axis=axis, type="log", clamp=True)

    y = rows()
    hover = hint(
        name="Figure", said="Said", said_spread="Interval", measured="Measured", measured_spread="Its interval"
    )
    way = {"y": y, "x": x("one"), "x2": alt.X2(field="value")}
    said = {"y": y, "x": x("said_low"), "x2": alt.X2(field="said_high")}
    span = {"y": y, "x": x("low"), "x2": alt.X2(field="high")}
    dot = {"y": y, "x": x("value"), "tooltip": hover}
    layers = [
        mark("rule", style.WHISKER, way, keep="isValid(datum.value)", strokeWidth=1, **drop),
        mark("rule", style.INTERVAL, said, keep="datum.said_high > datum.said_low", **drop),
        mark("rule", style.WHISKER, span, keep="datum.high > datum.low", strokeWidth=3, **drop),
        cut_off(domain),
        cut_off(domain, "said_low", "said_high"),
        mark("point", style.ESTIMATED, {"y": y, "x": x("one"), "tooltip": hover}, size=110, **drop),
        mark("point", style.EMPHASIS, dot, keep="isValid(datum.value) && datum.apart", size=120, **drop),
        mark("point", style.CONTEXT, dot, keep="isValid(datum.value) && !datum.apart", size=120, **drop),
    ]
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))


def _axis(domain: list[float]) -> alt.Axis:
    shown = [tick for tick in _TICKS if domain[0] <= tick <= domain[1]]
    names = ", ".join(f"'{tick:g}': '{_TICKS[tick]}'" for tick in shown)
    return alt.Axis(
        values=shown, labelExpr=f"({{{names}}})[toString(datum.value)]", grid=True, labelFlush=True, labelOverlap=True,
        domain=False, ticks=False, title=None,
    )  # fmt: skip
