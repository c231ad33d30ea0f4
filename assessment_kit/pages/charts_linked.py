"""Charts of one section that know of one another: what is selected in one is marked in all.

Two parameters carry it, and ``templates/report/links.js`` sets them in every chart inside the same
``data-ak-linked`` element: :data:`PICKED`, the key of the row a reader points at or clicked, and :data:`CHOSEN`, the
keys that are ticked in the what-if. A row takes part by its field ``key``. Without scripts nothing is selected.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from assessment_kit import style
from assessment_kit.pages.charts_base import Drawing, Part, mark, rows, unchecked

#: Names of the parameters; ``links.js`` uses the same.
PICKED, CHOSEN = "akPicked", "akChosen"

#: Vega expressions of a row: whether it is the one that is picked, and whether it is ticked.
IS_PICKED = f"datum.key === {PICKED}"
IS_CHOSEN = f"indexof({CHOSEN}, datum.key) >= 0"


def params() -> list[alt.VariableParameter]:
    """Return what makes a chart one of the linked ones."""
    return [alt.VariableParameter(name=PICKED, value=""), alt.VariableParameter(name=CHOSEN, value=[])]


def visible(when: str) -> dict[str, Any]:
    """Return the mark's property that shows it only while a Vega expression holds."""
    return {"opacity": alt.ExprRef(f"{when} ? 1 : 0")}


def row_ground() -> Part:
    """Return the ground behind ranked rows: it shows the row that is picked, and takes clicks anywhere in a row."""
    channels = {"y": rows(), "x": alt.XValue(0), "x2": alt.X2Value("width")}
    return mark("rect", style.PICKED, channels, keep="isValid(datum.key)", cursor="pointer", **visible(IS_PICKED))


@unchecked
def linked(chart: Drawing) -> Drawing:
    """Return a chart of ranked rows as one of the linked ones; rows without a ``key`` take no part."""
    return alt.TopLevelLayerSpec(
        data=chart.data,
        layer=[row_ground(), *chart.layer],
        width=chart.width,
        height=chart.height,
        params=params(),
    )


def point_ground(place: dict[str, Any]) -> Part:
    """Return the ground behind points, a target of finger size."""
    return mark("point", style.PICKED, place, size=900, cursor="pointer", **visible(IS_PICKED))


def points(place: dict[str, Any], mark_style: str, *, keep: str = "") -> list[Part]:
    """Return points that turn into outlines while they are ticked: what is automated is gone."""
    shown: dict[str, Any] = {"keep": keep, "size": 110, "cursor": "pointer"}
    return [
        mark("point", mark_style, place, **shown, **visible(f"!({IS_CHOSEN})")),
        mark("point", style.ABSENT, place, **shown, **visible(IS_CHOSEN)),
    ]
