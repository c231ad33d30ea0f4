"""The payback map: effort to automate against hours saved, with lines of equal payback."""

from __future__ import annotations

from typing import Any

import altair as alt

from assessment_kit import style
from assessment_kit.pages import charts_linked
from assessment_kit.pages.charts_base import Drawing, Part, drawing, hint, mark, unchecked
from assessment_kit.pages.charts_maps import across, labels, line, upward
from assessment_kit.pages.tables_payback import PaybackMap
from assessment_kit.pages.tables_toil import HEIGHT

#: Paybacks that are drawn as lines, in months.
PAYBACKS = (1, 3, 12)


@unchecked
def payback_map(found: PaybackMap) -> Drawing:
    """Return the tasks as points on logarithmic scales, on which a payback of so many months is a straight line.

    The numbers are the places in the chart of toil; a name stands beside its number where it has room.
    """
    x, y = _channels(found, "saved")
    place = {"x": x, "y": y}
    span = {"x": x, "y": _channels(found, "saved_low")[1], "y2": alt.Y2(field="saved_high")}
    hover = hint(name="Task", effort_text="To automate", saved_text="Saves a month", payback_text="Pays back in")
    layers = [
        *(part for months in PAYBACKS for part in _line(months, found)),
        charts_linked.point_ground(place),
        mark("rule", style.INTERVAL, span, keep="datum.saved_high > datum.saved_low", strokeWidth=3),
        *charts_linked.points({**place, "tooltip": hover}, style.EMPHASIS),
        *labels(place),
    ]
    return drawing(found.frame, layers, HEIGHT, params=charts_linked.params())


def _channels(found: PaybackMap, field: str) -> tuple[alt.X, alt.Y]:
    x = across("effort", found.efforts, "Hours to automate it →")
    return x, upward(field, found.savings, "↑ Hours saved a month")


def _line(months: int, found: PaybackMap) -> list[Part]:
    # saved = effort / months, cut to the drawing: it enters at the left or the foot and leaves at the right or the top.
    left = max(found.efforts[0], found.savings[0] * months)
    right = min(found.efforts[1], found.savings[1] * months)
    if left >= right:
        return []
    word = "paid back in 1 month" if months == 1 else f"{months} months"
    short = f"{months} mo"
    ends = [
        {"effort": end, "saved": end / months, "word": word, "short": short, "last": end == right}
        for end in (left, right)
    ]
    at_top = right < found.efforts[1]
    beside: dict[str, Any] = (
        {"baseline": "top", "dx": -18, "dy": 2} if at_top else {"baseline": "bottom", "dx": 0, "dy": -12}
    )
    return line(ends, *_channels(found, "saved"), align="right", **beside)
