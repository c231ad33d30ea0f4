"""What a notebook cell shows: fragments of HTML, the same in JupyterLab, in an executed notebook and in a report.

::

    runtime_fragment()                        # once, in the notebook's first cell
    chart_fragment(
        chart,                                # an Altair chart, without colours of its own (see ``style``)
        name="toil-pareto",                   # unique in the page: the ids come from it
        title="Two tasks make 61 % of the toil",            # the finding
        subtitle="Hours a month by task, likely value with interval; 5 of 5 tasks",      # the definition
        alternative="Bar chart: access requests 18 h, batch reruns 9 h, ...",
        table=Table(("Task", "Hours a month"), rows),
    )

A fragment is data: escaped words, real tables, and a chart's specification as JSON. It holds no script that runs. The
script that draws (Vega, and ``templates/report/loader.js``) comes once: the HTML report gets it from the template,
JupyterLab from :func:`runtime_fragment`. Without it the words and the tables remain.

Every text is taken for hostile and escaped here. What is HTML already says so by ``__html__`` (``markupsafe.Markup``,
:class:`Fragment`). JupyterLab's MathJax is told to leave fragments alone, so ``$x$`` stays what somebody typed.

The page reaches its drawn charts by ``document.getElementById("ak-" + name).akView`` (a Vega view) after the event
``ak-drawn`` on the figure. The classes that other fragments may use are listed in ``templates/report/fragments.css``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from markupsafe import Markup, escape

from assessment_kit import wording
from assessment_kit.pages.browser import script_tags
from assessment_kit.style import fragment_css

#: Set by whoever exports the notebook through the report's template, which brings styles and scripts itself.
STATIC_VARIABLE = "ASSESSMENT_KIT_STATIC"

#: Where an output says what it is for, so that the export can drop the runtime (``output.metadata``).
METADATA_KEY = "assessment-kit"

#: The role of a part that has nothing to show: a page leaves it out, with the heading before it.
FOLDED = "folded"

#: Rows that a table shows before it says how many more there are.
MOST_ROWS = 100

#: What a table shows for "no value": absent, not zero.
ABSENT = Markup('<span class="ak-absent" title="no value">–</span>')

# Both names: MathJax 3 and later (JupyterLab) know the first, older front ends the second.
_NO_MATHEMATICS = "mathjax_ignore tex2jax_ignore"

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_SCRIPT_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


class Drawable(Protocol):
    """An Altair chart of any kind."""

    def to_dict(self, validate: bool = ...) -> dict[str, Any]:
        """Return the Vega-Lite specification."""


@dataclass(frozen=True)
class Fragment:
    """A piece of a page that a notebook shows when it is a cell's last value.

    Attributes
    ----------
    html
        The markup, made as ``Markup("<p>{}</p>").format(text)``. A plain ``str`` is taken for text and escaped.
    summary
        What a front end without HTML shows instead.
    role
        Marks outputs that the report's template treats in its own way; empty for content.
    """

    html: Markup
    summary: str = ""
    role: str = ""

    def __post_init__(self) -> None:
        # A forgotten Markup shows at once, as angle brackets; the other way round, an attacker's markup would not.
        object.__setattr__(self, "html", escape(self.html))

    def __html__(self) -> Markup:
        """Let ``markupsafe`` take the markup as it is."""
        return self.html

    def __repr__(self) -> str:
        return f"<Fragment: {self.summary or f'{len(self.html):,} characters'}>"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Return HTML and a line of text, and the role as the output's metadata (IPython's protocol)."""
        html = f'<div class="ak {_NO_MATHEMATICS}">{_encodable(self.html)}</div>' if self.html else ""
        metadata = {METADATA_KEY: {"role": self.role}} if self.role else {}
        return {"text/html": html, "text/plain": _encodable(self.summary)}, metadata


def joined(fragments: Iterable[Fragment], *, css_class: str = "") -> Fragment:
    """Return one fragment of several; with ``css_class`` inside a ``<div>`` of that class, such as ``ak-columns``."""
    parts = list(fragments)
    html = Markup("\n").join(part.html for part in parts)
    if css_class:
        html = Markup('<div class="{}">\n{}\n</div>').format(css_class, html)
    return Fragment(html, "; ".join(part.summary for part in parts if part.summary))


@dataclass(frozen=True)
class Table:
    """The numbers behind a chart, or a table in its own right.

    Attributes
    ----------
    columns
        Headings, with the unit where there is one.
    rows
        Cells from left to right. A number is written as ``wording.number`` does, a date as ``wording.day``, None as
        absent; every other cell is text. The first cell names its row.
    caption
        What a screen reader says first; empty where the heading above the table says it.
    numeric
        Columns to set flush right although their cells are text, such as "1,240 h". Numbers are so by themselves.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    caption: str = ""
    numeric: Collection[str] = ()

    @classmethod
    def of_records(cls, records: Iterable[Mapping[str, object]], caption: str = "") -> Table:
        """Return a table of dictionaries with the same keys, such as ``DataFrame.to_dict("records")`` gives."""
        rows = list(records)
        columns = tuple(str(key) for key in rows[0]) if rows else ()
        return cls(columns, [tuple(row.values()) for row in rows], caption)


def table_fragment(table: Table, *, most_rows: int = MOST_ROWS) -> Fragment:
    """Return a table that scrolls by itself on a narrow screen; beyond ``most_rows`` it says how many it leaves out."""
    flush = [
        column in table.numeric or _is_numeric([row[place] for row in table.rows])
        for place, column in enumerate(table.columns)
    ]
    kinds = [Markup(' class="ak-n"') if right else "" for right in flush]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(kind, column)
        for kind, column in zip(kinds, table.columns, strict=True)
    )
    body = Markup("\n").join(_row(row, kinds) for row in table.rows[:most_rows])
    caption = Markup("<caption>{}</caption>").format(table.caption) if table.caption else ""
    more = len(table.rows) - most_rows
    note = (
        Markup('<p class="ak-note">{} of {}.</p>').format(
            wording.count(most_rows, "row"), wording.count(len(table.rows), "row")
        )
        if more > 0
        else ""
    )
    html = Markup('<table class="ak-table">{}<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table>').format(
        caption, head, body
    )
    found = sliding(html, table.caption or f"Table: {', '.join(table.columns[:3])}") + note
    return Fragment(found, f"table of {wording.count(len(table.rows), 'row')}")


def sliding(table: Markup, name: str) -> Markup:
    """Return a table in a box that scrolls sideways by itself, also by keyboard.

    A keyboard scrolls only what it can reach. Where scripts run they take what needs no scrolling out of its way.
    """
    return Markup('<div class="ak-scroll" tabindex="0" role="group" aria-label="{}">{}</div>').format(name, table)


def _row(row: Sequence[object], kinds: Sequence[str]) -> Markup:
    name, *others = (Markup("{}>{}").format(kind, _cell(value)) for kind, value in zip(kinds, row, strict=True))
    cells = Markup("").join(Markup("<td{}</td>").format(other) for other in others)
    return Markup('<tr><th scope="row"{}</th>{}</tr>').format(name, cells)


def _cell(value: object) -> object:
    # NaN is the one value that differs from itself: data frames use it for "missing".
    if value is None or value != value:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return wording.number(value)
    if isinstance(value, date):
        return wording.day(value)
    return value if hasattr(value, "__html__") else str(value)


def _is_numeric(cells: Sequence[object]) -> bool:
    present = [cell for cell in cells if cell is not None]
    return bool(present) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in present)


def chart_fragment(
    chart: Drawable,
    *,
    name: str,
    title: str,
    subtitle: str,
    alternative: str,
    table: Table,
    level: int = 3,
) -> Fragment:
    """Return a figure: the finding, its definition, the drawing with a text alternative, and its numbers as a table.

    Parameters
    ----------
    chart
        The chart. ``width="container"`` makes it follow the page. A ``config`` in it (Altair's own theme, or one that a
        user enabled) is dropped: ``style`` owns the look.
    name
        Lower-case words joined by hyphens, unique in the page.
    title, subtitle
        What the chart shows, as a sentence; how it was measured, with ``n of n``.
    alternative
        What somebody who cannot see the drawing should know of it.
    table
        The drawn numbers.
    level
        Level of the heading, 2 to 6.

    Raises
    ------
    ValueError
        When the name is not fit to be an id, or the data hold NaN or infinity.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r}: a chart's name is lower-case words joined by hyphens")
    specification = chart.to_dict(validate=False)
    for unwanted in ("$schema", "config", "usermeta"):
        specification.pop(unwanted, None)
    height = specification.get("height")
    # Room for the drawing before it is there, so that the page does not jump while somebody reads it. (Where no script
    # runs none is kept: there it would stay empty.)
    room = Markup(' style="--room:{}px"').format(round(height) + 40) if isinstance(height, int | float) else ""
    html = Markup(
        '<figure class="ak-chart" id="ak-{name}" data-ak-chart aria-labelledby="ak-{name}-title">\n'
        '<figcaption><h{level} class="ak-title" id="ak-{name}-title">{title}</h{level}>\n'
        '<p class="ak-subtitle">{subtitle}</p></figcaption>\n'
        '<div class="ak-plot" role="img" aria-label="{alternative}"{room}>'
        '<p class="ak-instead">The drawing needs scripts. Its numbers are in the table below.</p></div>\n'
        '<div class="ak-controls" data-lm-suppress-shortcuts="true"></div>\n'
        '<script type="application/json" class="ak-specification">{specification}</script>\n'
        '<details class="ak-numbers"><summary>The numbers</summary>\n{table}\n</details>\n'
        "</figure>"
    ).format(
        name=name,
        level=level,
        title=title,
        subtitle=subtitle,
        alternative=alternative,
        room=room,
        specification=Markup(script_json(specification)),  # noqa: S704 - script_json leaves no way out of the script
        table=table_fragment(table),
    )
    return Fragment(html, f"chart: {title}")


def script_json(value: object) -> str:
    """Return JSON that is safe inside ``<script>``: nothing in it can end the element or begin another.

    Raises
    ------
    ValueError
        For NaN and infinity, which are not JSON.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_SCRIPT_ESCAPES)


def runtime_fragment(script: str = "") -> Fragment:
    """Return styles and scripts for a notebook that somebody runs by hand; empty where the report's template has them.

    ``script`` is the only one, where a notebook draws no chart: without Vega it is a megabyte smaller.

    JupyterLab 4.6 cannot draw Vega-Lite 6 by itself and Altair's own renderers want the internet. The first cell of a
    notebook shows this fragment once; whatever chart appears later is drawn, also when the cell runs again.
    """
    if os.environ.get(STATIC_VARIABLE):
        return Fragment(Markup(""), role="runtime")
    scripts = f"<script>{script}</script>" if script else script_tags(watch=True)
    html = Markup(f"<style>{fragment_css()}</style>{scripts}")  # noqa: S704 - nothing of a user's is in it
    return Fragment(html, "The page does the rest." if script else "Charts are drawn by the page.", role="runtime")


def _encodable(text: str) -> str:
    """Return the text without lone surrogates, which JSON input may hold and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
