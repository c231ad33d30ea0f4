"""Parts that the charts share: layers without Altair's copies, and rows that carry their words above their bars.

Charts are built from Altair's schema classes, which ``alt.Chart`` is made of. Its ``mark_*``, ``encode`` and ``layer``
copy everything and hold it against the schema again at each step: 25 ms for a chart of five layers, against 1.4 ms here
(measured). Nothing is lost by that: a test holds every chart against the schema of Vega-Lite.

Ranked rows are set like a table: the name on the left and its figure on the right, above the bar. Names of any length
then leave the bars the whole width, on paper and on a telephone, and nothing can be clipped or run into its neighbour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Literal, ParamSpec

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from assessment_kit import style
from assessment_kit.pages.tables import records

#: Height of a row; from its middle up to its text, down to its bar and to its interval; thickness of the bar; pixels.
ROW, TEXT_RISE, BAR_DROP, INTERVAL_DROP, BAR = 48, -11, 6, 16, 11

#: Width of a digit of the figures and of the small type, and the margin between columns, in pixels.
DIGIT, SMALL_DIGIT, GUTTER = 7.4, 6.2, 14

#: A drawing narrower than this (pixels) is on a telephone, or one of two side by side.
NARROW = 480

Kind = Literal["bar", "rule", "point", "text", "rect", "line", "tick"]
Part = alt.UnitSpec
Drawing = alt.TopLevelLayerSpec

_P = ParamSpec("_P")

UNDEFINED = alt.Undefined

_HOLLOW = {
    style.BEFORE: style.PAPER,
    style.ESTIMATED: style.PAPER,
    style.GUESS: style.PAPER,
    style.ABSENT: "transparent",
}


def unchecked(build: Callable[_P, Drawing]) -> Callable[_P, Drawing]:
    """Let a function build its chart without Altair holding each part of it against the schema."""

    @wraps(build)
    def built(*args: _P.args, **named: _P.kwargs) -> Drawing:
        with debug_mode(False):
            return build(*args, **named)

    return built


def mark(
    kind: Kind, mark_style: str, channels: dict[str, Any], *, keep: str = "", data: Any = UNDEFINED, **more: Any
) -> Part:
    """Return one layer.

    Parameters
    ----------
    mark_style
        A name of ``style``.
    channels
        Altair channel objects by name.
    keep
        A Vega expression: only data for which it holds are drawn.
    more
        Properties of the mark: geometry only, never colours.
    """
    # Vega-Lite takes a configured mark's colour before a style's fill, so a hollow mark says its fill itself.
    if mark_style in _HOLLOW:
        more = {"fill": _HOLLOW[mark_style], **more}
    return alt.UnitSpec(
        mark=alt.MarkDef(kind, style=mark_style, **more),
        encoding=alt.Encoding(**channels),
        data=data,
        transform=[alt.FilterTransform(filter=keep)] if keep else UNDEFINED,
    )


def drawing(
    frame: pd.DataFrame,
    layers: Sequence[Part],
    height: int,
    *,
    parameters: Mapping[str, Any] | None = None,
    params: Sequence[Any] = (),
    name: str = "",
    **more: Any,
) -> Drawing:
    """Return a chart as wide as the page, with the frame's rows as its data.

    Parameters
    ----------
    parameters
        Values that scripts of the page may set, by name; those called ``link_...`` are shared by the charts of a part
        of the page (``templates/report/selections.js``).
    params
        Such values as Altair has them, for example ``charts_linked.params()``.
    name
        Of the data, where the page replaces them; empty where it does not.
    more
        Properties of the specification, such as ``transform``.
    """
    data = alt.InlineData(values=records(frame), name=name or UNDEFINED)
    named = [alt.TopLevelParameter(name=each, value=value) for each, value in (parameters or {}).items()]
    given = [*params, *named] or UNDEFINED
    return alt.TopLevelLayerSpec(data=data, layer=list(layers), width="container", height=height, params=given, **more)


def position(field: str, domain: Sequence[float] | None = None, *, axis: Any = None, **scale: Any) -> alt.X:
    """Return a horizontal channel; ``domain`` is kept as it is, so that intervals end where they should."""
    found: Any = alt.Scale(domain=list(domain), nice=False, **scale) if domain is not None else alt.Scale(**scale)
    return alt.X(field=field, type="quantitative", scale=found, axis=axis, title=None)


def whole_rows() -> dict[str, Any]:
    """Return the channels of a mark that takes the whole width of its row."""
    return {"y": rows(), "x": alt.XValue(0), "x2": alt.X2Value("width")}


def rows() -> alt.Y:
    """Return the vertical channel of ranked rows."""
    return alt.Y(field="row", type="ordinal", axis=None, scale=alt.Scale(padding=0), title=None)


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the place of each row."""
    return frame.assign(row=range(len(frame)))


def row_words(frame: pd.DataFrame) -> list[Part]:
    """Return the text layers of ranked rows: ``name`` left, ``figure`` right, and ``aside`` in small type before it.

    A telephone has no room for the aside; it gets ``short`` where there is one.
    """
    widest = _widest(frame, "figure", DIGIT)
    aside = _widest(frame, "aside", SMALL_DIGIT) if "aside" in frame else 0
    short = _widest(frame, "short", SMALL_DIGIT) if "short" in frame else 0
    y = rows()
    place: dict[str, Any] = {"dy": TEXT_RISE, "dx": 0, "baseline": "middle"}
    # On a telephone the name needs the room more than the aside does, which the table repeats; what is short stays.
    narrow = f"width < {NARROW}"
    room = f"width - {widest} - ({narrow} ? {short} : {aside})"
    name = {"y": y, "x": alt.XValue(0), "text": alt.Text(field="name", type="nominal")}
    figure = {"y": y, "x": alt.XValue("width"), "text": alt.Text(field="figure", type="nominal")}
    # A row without a value says so in small type: nothing large stands where nothing is known.
    known = "isValid(datum.value)" if "value" in frame else "true"
    layers = [
        mark("text", style.LABEL, name, align="left", fontSize=13, limit=alt.ExprRef(f"max(60, {room})"), **place),
        mark("text", style.NUMBER, figure, keep=known, align="right", **place),
    ]
    if "value" in frame and frame["value"].isna().any():
        layers.append(mark("text", style.NOTE, figure, keep=f"!({known})", align="right", **place))
    for field, wide, shown in (("aside", aside, f"{narrow} ? 0 : 1"), ("short", short, f"{narrow} ? 1 : 0")):
        if wide:
            at = alt.XValue(alt.ExprRef(f"width - {widest}"))
            small = {"y": y, "x": at, "text": alt.Text(field=field, type="nominal")}
            layers.append(mark("text", style.NOTE, small, align="right", opacity=alt.ExprRef(shown), **place))
    return layers


def _widest(frame: pd.DataFrame, column: str, digit: float) -> int:
    longest = max((len(str(words)) for words in frame[column]), default=0)
    return int(longest * digit) + GUTTER if longest else 0


def bars(
    domain: Sequence[float],
    mark_style: str,
    *,
    keep: str = "",
    start: str = "",
    end: str = "value",
    tooltip: Any = None,
    axis: Any = None,
    **more: Any,
) -> Part:
    """Return the bars of ranked rows, from zero or from the field ``start`` to the field ``end``.

    ``more`` are properties of the mark: geometry, or an opacity that the page steers.
    """
    channels: dict[str, Any] = {"y": rows(), "x": position(start or end, domain, axis=axis)}
    channels["x2"] = alt.X2(field=end) if start else alt.datum(domain[0])
    if tooltip is not None:
        channels["tooltip"] = tooltip
    return mark("bar", mark_style, channels, keep=keep, size=BAR, yOffset=BAR_DROP, **more)


def intervals(domain: Sequence[float], low: str = "low", high: str = "high", *, axis: Any = None) -> Part:
    """Return the intervals of ranked rows, as lines under their bars, where there is a spread.

    Under rather than over them: a line across a bar looks like a correction, and is lost on a dark one.
    """
    channels = {"y": rows(), "x": position(low, domain, axis=axis), "x2": alt.X2(field=high)}
    keep = f"isValid(datum.{low}) && datum.{high} > datum.{low}"
    return mark("rule", style.INTERVAL, channels, keep=keep, yOffset=INTERVAL_DROP, strokeWidth=3)


def cut_off(domain: Sequence[float], low: str = "low", high: str = "high") -> Part:
    """Return arrows at the left edge of a logarithmic scale, where an interval begins before it: zero has no place."""
    keep = f"isValid(datum.{low}) && datum.{low} < {domain[0]!r} && datum.{high} > datum.{low}"
    channels: dict[str, Any] = {"y": rows(), "x": alt.XValue(5)}
    return mark(
        "point",
        style.INTERVAL,
        channels,
        keep=keep,
        shape="triangle-left",
        size=90,
        strokeWidth=0,
        yOffset=BAR_DROP + 2,
    )


def scale_axis(unit: str = "") -> alt.Axis:
    """Return the faint scale under ranked rows, by which their intervals are read."""
    expression = f"format(datum.value, ',~r') + '{unit}'" if unit else UNDEFINED
    return alt.Axis(
        grid=False, domain=False, ticks=True, tickCount=4, labelFlush=True, labelOverlap=True, labelExpr=expression,
        title=None, offset=2,
    )  # fmt: skip


def upright(field: str, domain: Sequence[float], *, keep: str = "", axis: Any = None) -> Part:
    """Return a dashed upright line through the bars of ranked rows that leaves their words alone."""
    channels = {"y": rows(), "x": position(field, domain, axis=axis)}
    # A tick's length is its size; from the top of the bar to below the interval, row by row.
    return mark("tick", style.TARGET, channels, keep=keep, size=26, thickness=1.5, yOffset=BAR_DROP + 5)


def hint(**fields: str) -> list[alt.Tooltip]:
    """Return a tooltip: heading by field. It repeats what the drawing and the table say; nothing is only there."""
    return [alt.Tooltip(field=field, type="nominal", title=title) for field, title in fields.items()]


def ceiling(frame: pd.DataFrame, *columns: str) -> float:
    """Return the largest number in the columns, 1 where there is none above zero (a scale needs a width)."""
    found = [float(frame[column].max()) for column in columns if column in frame and frame[column].notna().any()]
    highest = max(found, default=0.0)
    return highest if highest > 0 else 1.0


@unchecked
def ranked(frame: pd.DataFrame, *, emphasis: Sequence[int] = (), tooltip: Any = None, unit: str = "") -> Drawing:
    """Return ranked bars with their intervals.

    Parameters
    ----------
    frame
        With ``name``, ``value``, ``low``, ``high``, ``figure``, and a column ``aside`` if there is small type.
    emphasis
        Places of the rows that the title speaks of, from 0; none for all.
    unit
        What stands behind the numbers of the scale, with its space.
    """
    placed = numbered(frame)
    domain, axis = [0.0, ceiling(placed, "value", "high")], scale_axis(unit)
    spoken = f"indexof([{', '.join(str(place) for place in emphasis)}], datum.row) >= 0" if emphasis else ""
    layers = [bars(domain, style.EMPHASIS, keep=spoken, tooltip=tooltip, axis=axis)]
    if emphasis:
        layers.append(bars(domain, style.CONTEXT, keep=f"!({spoken})", tooltip=tooltip, axis=axis))
    return drawing(placed, [*layers, intervals(domain, axis=axis), *row_words(placed)], ROW * len(placed))


def time_axis(shortest: float, longest: float, *, grid: bool = False) -> alt.Axis:
    """Return an axis of minutes with ticks at round times; ``grid`` for scales on which nothing else gives a hold."""
    inside = [step for step in _ROUND_TIMES if shortest <= step <= longest]
    # On a straight scale the shorter steps crowd at zero.
    shown = inside if grid else [step for step in inside if step >= longest / 9]
    return alt.Axis(
        values=[0, *shown] if shortest == 0 else shown,
        labelExpr="datum.value < 60 ? datum.value + ' min' : datum.value < 1440 ? datum.value / 60 + ' h' "
        ": datum.value / 1440 + ' d'",
        grid=grid, ticks=not grid, domain=False, labelFlush=True, labelOverlap=True, title=None,
    )  # fmt: skip


_ROUND_TIMES = (1, 2, 5, 15, 30, 60, 120, 240, 480, 1440, 2880, 7200, 14400, 43200, 129600, 525600)
