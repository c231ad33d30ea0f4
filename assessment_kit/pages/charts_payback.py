"""The payback map: effort to automate against hours saved, with lines of equal payback."""

from __future__ import annotations

from typing import Any

import altair as alt

from assessment_kit import style
from assessment_kit.pages.charts_base import NARROW, Drawing, Part, drawing, hint, mark, unchecked
from assessment_kit.pages.tables_payback import PaybackMap, round_numbers

#: Paybacks that are drawn as lines, in months.
PAYBACKS = (1, 3, 12)

HEIGHT = 320


@unchecked
def payback_map(found: PaybackMap) -> Drawing:
    """Return the tasks as points on logarithmic scales, on which a payback of so many months is a straight line.

    The numbers are the places in the chart of toil; a name stands beside its number where it has room.
    """
    place = {"x": _effort(found), "y": _saved(found, "saved")}
    span = {"x": _effort(found), "y": _saved(found, "saved_low"), "y2": alt.Y2(field="saved_high")}
    hover = hint(name="Task", effort_text="To automate", saved_text="Saves a month", payback_text="Pays back in")
    # Where the labels have room was worked out for a page; a telephone gets the numbers alone.
    right, left = (
        {**place, "text": alt.TextValue(alt.ExprRef(f"width < {NARROW} ? datum.number_{side} : datum.label_{side}"))}
        for side in ("right", "left")
    )
    layers = [
        *(part for months in PAYBACKS for part in _line(months, found)),
        mark("rule", style.INTERVAL, span, strokeWidth=3),
        mark("point", style.EMPHASIS, {**place, "tooltip": hover}, size=110),
        mark("text", style.LABEL, right, dx=10),
        mark("text", style.LABEL, left, dx=-10, align="right"),
    ]
    return drawing(found.frame, layers, HEIGHT)


def _effort(found: PaybackMap) -> alt.X:
    axis = alt.Axis(title="Hours to automate it →", titleAnchor="end", **_words(found.efforts))
    return alt.X(field="effort", type="quantitative", axis=axis, scale=_logarithmic(found.efforts))


def _saved(found: PaybackMap, field: str) -> alt.Y:
    # The axis's title lies on its side by default; here it stands upright over its end.
    upright: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleX": -28, "titleY": -14}
    axis = alt.Axis(title="↑ Hours saved a month", **upright, **_words(found.savings))
    return alt.Y(field=field, type="quantitative", axis=axis, scale=_logarithmic(found.savings))


def _words(bounds: tuple[float, float]) -> dict[str, Any]:
    return {"grid": False, "labelOverlap": True, "format": ",~r", "values": round_numbers(*bounds)}


def _logarithmic(bounds: tuple[float, float]) -> alt.Scale:
    return alt.Scale(type="log", domain=list(bounds), nice=False, clamp=True)


def _line(months: int, found: PaybackMap) -> list[Part]:
    # saved = effort / months, cut to the drawing: it enters at the left or the foot and leaves at the right or the top.
    left = max(found.efforts[0], found.savings[0] * months)
    right = min(found.efforts[1], found.savings[1] * months)
    if left >= right:
        return []
    word = "paid back in 1 month" if months == 1 else f"{months} months"
    ends = [{"effort": end, "saved": end / months, "word": word, "last": end == right} for end in (left, right)]
    data = alt.InlineData(values=ends)
    channels = {"x": _effort(found), "y": _saved(found, "saved")}
    words = {**channels, "text": alt.Text(field="word", type="nominal")}
    at_top = right < found.efforts[1]
    beside: dict[str, Any] = (
        {"baseline": "top", "dx": -18, "dy": 2} if at_top else {"baseline": "bottom", "dx": 0, "dy": -12}
    )
    return [
        mark("line", style.CONTEXT, channels, data=data, strokeWidth=1, strokeDash=[2, 4]),
        mark("text", style.NOTE, words, data=data, keep="datum.last", align="right", **beside),
    ]
