"""Maps on two logarithmic scales, on which a product or a ratio of the two is a straight line with a word to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from assessment_kit import style
from assessment_kit.pages.charts_base import NARROW, Part, mark, time_axis
from assessment_kit.pages.tables_payback import round_numbers

Bounds = tuple[float, float]


def across(field: str, bounds: Bounds, title: str) -> alt.X:
    """Return the horizontal channel, its title at the end of the axis."""
    axis = alt.Axis(title=title, titleAnchor="end", **_ticks(bounds))
    return alt.X(field=field, type="quantitative", axis=axis, scale=_logarithmic(bounds))


def upward(field: str, bounds: Bounds, title: str, *, times: bool = False) -> alt.Y:
    """Return the vertical channel; with ``times`` it is in minutes and has its ticks at round times.

    The axis's title lies on its side by default; here it stands over its end.
    """
    upright: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleX": -28, "titleY": -14}
    axis = time_axis(*bounds, grid=True) if times else alt.Axis(**_ticks(bounds))
    axis = alt.Axis(**{**axis.to_dict(validate=False), "title": title, "grid": False, **upright})
    return alt.Y(field=field, type="quantitative", axis=axis, scale=_logarithmic(bounds))


def labels(place: dict[str, Any], *, rise: int = 0) -> list[Part]:
    """Return the labels beside points; where they have room was worked out for a page, a telephone gets numbers.

    ``rise`` lifts them by so many pixels, off intervals that lie on their side.
    """
    right, left = (
        {**place, "text": alt.TextValue(alt.ExprRef(f"width < {NARROW} ? datum.number_{side} : datum.label_{side}"))}
        for side in ("right", "left")
    )
    return [
        mark("text", style.LABEL, right, dx=10, dy=-rise),
        mark("text", style.LABEL, left, dx=-10, dy=-rise, align="right"),
    ]


def line(ends: Sequence[dict[str, Any]], x: alt.X, y: alt.Y, **beside: Any) -> list[Part]:
    """Return a line between two ends with its word at the end that is marked ``last``.

    Parameters
    ----------
    ends
        Two rows with the fields of ``x`` and ``y``, ``word``, ``short`` (for a telephone) and ``last``.
    beside
        Where the word stands, as properties of the text.
    """
    data = alt.InlineData(values=list(ends))
    # A telephone has no room for the unit beside each line; the subtitle says what the lines are.
    words = {"x": x, "y": y, "text": alt.TextValue(alt.ExprRef(f"width < {NARROW} ? datum.short : datum.word"))}
    return [
        mark("line", style.CONTEXT, {"x": x, "y": y}, data=data, strokeWidth=1, strokeDash=[2, 4]),
        mark("text", style.NOTE, words, data=data, keep="datum.last", **beside),
    ]


def _ticks(bounds: Bounds) -> dict[str, Any]:
    return {"grid": False, "labelOverlap": "greedy", "format": ",~r", "values": round_numbers(*bounds)}


def _logarithmic(bounds: Bounds) -> alt.Scale:
    return alt.Scale(type="log", domain=list(bounds), nice=False, clamp=True)
