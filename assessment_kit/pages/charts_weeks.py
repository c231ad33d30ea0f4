"""The charts of an import in time: weeks, types in chosen weeks, days, and hours of the week.

Weeks and types are linked: a brush over weeks counts the types in them, and a click on a type shows its weeks. Both
selections are parameters called ``link_...`` (``templates/report/selections.js``).
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from assessment_kit import style
from assessment_kit.pages.charts import utc_day
from assessment_kit.pages.charts_base import (
    BAR,
    BAR_DROP,
    NARROW,
    ROW,
    TEXT_RISE,
    Drawing,
    Part,
    drawing,
    hint,
    mark,
    position,
    rows,
    scale_axis,
    unchecked,
    whole_rows,
)
from assessment_kit.pages.tables_weeks import DAYS, PRIORITIES

#: A week counts as chosen when its middle is; a click on a type leaves the others out.
_CHOSEN_WEEK = (
    "!isArray(link_weeks.week) || (toDate(datum.week) + 302400000 >= link_weeks.week[0] "
    "&& toDate(datum.week) + 302400000 <= link_weeks.week[1])"
)
_CHOSEN_TYPE = "!isArray(link_type.name) || indexof(link_type.name, datum.name) >= 0"

#: Room for "309 of 1,309" and for the small type before it, in pixels.
FIGURE_ROOM, ASIDE_ROOM = 96, 190
#: The same room for "309" alone.
SHORT_ROOM = 40

_BRUSH = alt.BrushConfig(fill=style.ACCENT, fillOpacity=0.14, stroke=style.ACCENT)


@unchecked
def weeks_by_priority(frame: pd.DataFrame) -> Drawing:
    """Return incidents by week, stacked by priority, with a brush; incomplete weeks are outlines."""
    found = [priority for priority in PRIORITIES if (frame["priority"] == priority).any()]
    highest = float(frame.groupby("week")["n"].sum().max())
    mondays = sorted(set(frame["week"]))
    step = -(-len(mondays) // 6) or 1
    axis = alt.Axis(
        values=[utc_day(week) for week in mondays[::step]], format="%-d %b %Y", labelFlush=True, labelOverlap=True,
        grid=False, title=None,
    )  # fmt: skip
    across = {
        "x": alt.X(field="week", type="temporal", scale=alt.Scale(type="utc"), axis=axis, title=None),
        "x2": alt.X2(field="until"),
    }
    counts = alt.Axis(tickCount=4, tickMinStep=1, grid=True, title=None)
    scale = alt.Scale(domain=[0, highest], nice=True)

    def columns(start: str, end: str, **more: Any) -> dict[str, Any]:
        up = alt.Y(field=end, type="quantitative", scale=scale, axis=counts, title=None)
        return {**across, "y": up, "y2": alt.Y2(field=start), **more}

    # The darkest step is the gravest priority; without one there is a single colour and no legend.
    shades = [style.LEVELS[len(style.LEVELS) - 1 - min(place, 4)] for place in range(len(found))]
    colour = alt.Color(
        field="priority", type="ordinal", sort=None,
        scale=alt.Scale(domain=found, range=shades),
        legend=alt.Legend(title=None) if len(found) > 1 else None,
    )  # fmt: skip
    hover = hint(week_text="Week from", priority="Priority", n="Incidents")
    stacked = [
        alt.FilterTransform(filter=f"datum.complete && ({_CHOSEN_TYPE})"),
        alt.AggregateTransform(aggregate=[_sum("n")], groupby=["week", "until", "week_text", "priority", "rank"]),
        alt.StackTransform(
            stack="n", groupby=["week"], sort=[alt.SortField(field="rank")], offset="zero", **{"as": ["from", "to"]}
        ),
    ]
    cut = [
        alt.FilterTransform(filter=f"!datum.complete && ({_CHOSEN_TYPE})"),
        alt.AggregateTransform(aggregate=[_sum("n")], groupby=["week", "until", "week_text"]),
        alt.CalculateTransform(calculate="0", **{"as": "from"}),
    ]
    # Nothing to see: it takes the brush, and holds the axes whatever is filtered away.
    ground = mark("rect", style.CONTEXT, columns("zero", "top"), opacity=0)
    ground.params = [
        alt.SelectionParameter(
            name="link_weeks", select=alt.IntervalSelectionConfig(type="interval", encodings=["x"], mark=_BRUSH)
        )
    ]
    layers: list[Part] = [ground]
    for transform, mark_style, channels in (
        (stacked, style.CONTEXT, columns("from", "to", color=colour, tooltip=hover)),
        (cut, style.ABSENT, columns("from", "n", tooltip=hint(week_text="Week from (incomplete)", n="Incidents"))),
    ):
        layer = mark("rect", mark_style, channels)
        layer.transform = transform
        layers.append(layer)
    data = frame.assign(rank=[PRIORITIES.index(priority) for priority in frame["priority"]], zero=0, top=highest)
    return drawing(data, layers, 190, parameters={"link_type": {}})


def _sum(field: str, name: str = "") -> alt.AggregatedFieldDef:
    return alt.AggregatedFieldDef(op="sum", field=field, **{"as": name or field})


@unchecked
def types_in_weeks(frame: pd.DataFrame) -> Drawing:
    """Return the types with their incidents in the chosen weeks over those in all weeks; a click chooses a type."""
    highest = [0.0, float(frame["every"].max())]
    axis = scale_axis()
    y = rows()
    words: dict[str, Any] = {"dy": TEXT_RISE, "dx": 0, "baseline": "middle"}
    hover = hint(name="Type", inside="In the chosen weeks", every="In all weeks", aside="Share")
    wide = mark("bar", style.INTERVAL, whole_rows(), opacity=0, cursor="pointer", size=ROW)
    wide.params = [
        alt.SelectionParameter(
            name="link_type", select=alt.PointSelectionConfig(type="point", fields=["name"], toggle="true")
        )
    ]

    def bar(field: str, mark_style: str) -> Part:
        channels = {"y": y, "x": position(field, highest, axis=axis), "x2": alt.datum(0.0), "tooltip": hover}
        return mark("bar", mark_style, channels, size=BAR, yOffset=BAR_DROP)

    # A telephone has room for the running share alone, and for that only while no weeks are chosen ("30 of 309").
    narrow, chosen = f"width < {NARROW}", "isArray(link_weeks.week)"
    room = f"max(60, width - {FIGURE_ROOM} - ({narrow} ? 20 : {ASIDE_ROOM}))"

    def small_type(field: str, right: int, shown: str) -> Part:
        channels = {
            "y": y,
            "x": alt.XValue(alt.ExprRef(f"width - {right}")),
            "text": alt.Text(field=field, type="nominal"),
        }
        return mark("text", style.NOTE, channels, align="right", opacity=alt.ExprRef(f"{shown} ? 1 : 0"), **words)

    layers = [
        mark("bar", style.INTERVAL, whole_rows(), keep=f"isArray(link_type.name) && ({_CHOSEN_TYPE})", opacity=0.14,
             size=ROW - 4),
        bar("every", style.CONTEXT),
        bar("inside", style.EMPHASIS),
        mark("text", style.LABEL, {"y": y, "x": alt.XValue(0), "text": alt.Text(field="name", type="nominal")},
             align="left", fontSize=13, limit=alt.ExprRef(room), **words),
        mark("text", style.NUMBER, {"y": y, "x": alt.XValue("width"), "text": alt.Text(field="figure", type="nominal")},
             align="right", **words),
        small_type("aside", FIGURE_ROOM, f"!({narrow})"),
        small_type("run", SHORT_ROOM, f"{narrow} && !{chosen}"),
        # The last one, so that a click reaches it wherever in the row it falls.
        wide,
    ]  # fmt: skip
    transform = [
        alt.CalculateTransform(calculate=f"({_CHOSEN_WEEK}) ? datum.n : 0", **{"as": "part"}),
        alt.AggregateTransform(aggregate=[_sum("part", "inside")], groupby=["name", "row", "every", "aside", "run"]),
        alt.CalculateTransform(
            calculate="isArray(link_weeks.week) ? format(datum.inside, ',') + ' of ' + format(datum.every, ',') "
            ": format(datum.every, ',')",
            **{"as": "figure"},
        ),
    ]
    shares = zip(frame["share"], frame["running"], strict=True)
    frame = frame.assign(
        aside=[f"{share} of all · {running} so far" for share, running in shares],
        run=[f"{running} so far" for running in frame["running"]],
    )
    keys = ["week", "name", "row", "every", "aside", "run"]
    small = frame[[*keys, "n"]].groupby(keys, as_index=False).sum()
    return drawing(small, layers, ROW * frame["name"].nunique(), parameters={"link_weeks": {}}, transform=transform)


@unchecked
def days(frame: pd.DataFrame) -> Drawing:
    """Return incidents by day, P1 and P2 at the foot of each column."""
    step = -(-len(frame) // 7) or 1
    axis = alt.Axis(
        values=[utc_day(day) for day in frame["day"].iloc[::step]], format="%a %-d %b", labelFlush=True,
        labelOverlap=True, grid=False, title=None,
    )  # fmt: skip
    counts = alt.Axis(tickCount=4, tickMinStep=1, grid=True, title=None)
    hover = hint(day="Day", incidents="Incidents", p1_p2="P1 and P2")

    def columns(mark_style: str, top: str, foot: str, **more: Any) -> Part:
        channels = {
            "x": alt.X(field="day", type="temporal", scale=alt.Scale(type="utc"), axis=axis, title=None),
            "x2": alt.X2(field="until"),
            "y": alt.Y(field=top, type="quantitative", axis=counts, title=None),
            "y2": alt.Y2(field=foot) if foot else alt.Y2Datum(0),
            "tooltip": hover,
        }
        return mark("rect", mark_style, channels, **more)

    layers = [
        columns(style.CONTEXT, "incidents", "", opacity=0),
        columns(style.CONTEXT, "incidents", "p1_p2", keep="datum.other > 0", xOffset=1, x2Offset=-1),
        columns(style.EMPHASIS, "p1_p2", "", keep="datum.p1_p2 > 0", xOffset=1, x2Offset=-1),
    ]
    return drawing(frame, layers, 180)


@unchecked
def hours_of_week(frame: pd.DataFrame) -> Drawing:
    """Return the hours of the week as cells in five steps; an hour without an incident stays empty."""
    hours = alt.Axis(
        values=[0, 6, 12, 18, 23], labelExpr="datum.value + ' h'", labelOverlap=False, grid=False, ticks=False,
        domain=False, title=None,
    )  # fmt: skip
    x = alt.X(field="hour", type="ordinal", axis=hours, scale=alt.Scale(paddingInner=0.08), title=None)
    y = alt.Y(field="day", type="ordinal", sort=list(DAYS), scale=alt.Scale(paddingInner=0.08), title=None)
    # Five whole steps: nobody counts 1.6 incidents.
    steps = 5 * max(1, -(-int(frame["n"].max()) // 5))
    colour = alt.Color(
        field="n", type="quantitative",
        scale=alt.Scale(type="quantize", range=list(style.LEVELS), domain=[0, steps]),
        legend=alt.Legend(title="Incidents in this hour", symbolType="square", format="d"),
    )  # fmt: skip
    hover = hint(day="Day", hour="Hour from", n="Incidents")
    layers = [
        mark("rect", style.ABSENT, {"x": x, "y": y}, keep="datum.n === 0", strokeDash=[1, 0], strokeOpacity=0.35),
        mark("rect", style.CONTEXT, {"x": x, "y": y, "color": colour, "tooltip": hover}, keep="datum.n > 0"),
    ]
    return drawing(frame, layers, 7 * 26)
