"""Small notebooks for the tests of the report: a head, a few charts, and whatever else a test wants in them."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

#: Each tries to become something other than text.
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "$x$ and $y$",
    "[a](javascript:alert(1))",
)

PARAMETERS = 'document = ""\nprevious = ""\nguide = ""\naudience = "team"'

START = f"""
from markupsafe import Markup
from assessment_kit.pages.display import Fragment, Table, chart_fragment, joined, runtime_fragment, table_fragment
HOSTILE = {HOSTILE!r}
runtime_fragment()
"""

HEAD = """
Fragment(Markup('<header class="ak-masthead"><h1>{}</h1></header>').format("Payments & <b>Co</b>"), "head")
"""

CHARTS = """
import altair as alt
import pandas as pd
from assessment_kit import style

tasks = pd.DataFrame({"task": [*HOSTILE, "Access requests"], "hours": [18, 10, 6, 5, 3]})
pick = alt.selection_point(name="pick", fields=["task"])
top = alt.param(name="top", value=2, bind=alt.binding_range(min=0, max=5, step=1, name="Automate the top"))
bars = (
    alt.Chart(tasks, width="container", height=alt.Step(30))
    .mark_bar(style=style.EMPHASIS)
    .encode(
        alt.X("hours:Q", title=HOSTILE[0]),
        alt.Y("task:N", sort=None, title=None),
        tooltip=[alt.Tooltip("task:N", title=HOSTILE[1]), alt.Tooltip("hours:Q")],
        href=alt.Href("task:N"),
    )
    .add_params(pick, top)
)
chart_fragment(
    bars, name="toil", title=HOSTILE[0] + HOSTILE[2], subtitle=HOSTILE[1], alternative="Bars " + HOSTILE[0],
    table=Table(("Task", "Hours"), list(tasks.itertuples(index=False)), caption=HOSTILE[3]),
)
"""

MORE_CHARTS = """
def figure(name):
    numbers = Table(("n",), [(1,)])
    return chart_fragment(dots, name=name, title=name, subtitle="Hours", alternative="Dots", table=numbers)


dots = (
    alt.Chart(tasks, width="container", height=160)
    .mark_point(style=style.ESTIMATED)
    .encode(alt.X("hours:Q", title="Hours"), alt.Y("task:N", title=None))
)
wide = Table([f"column {n}" for n in range(8)], [range(8)])
joined([figure("dots"), figure("more"), table_fragment(wide)])
"""

WORDS = "## What we $x$ found\n\nSome *words*, a [link](#toil) and\n\n### a smaller heading"


def code(source: str, name: str, *tags: str) -> NotebookNode:
    """Return a code cell."""
    return new_code_cell(source.strip("\n"), id=name, metadata={"tags": list(tags)} if tags else {})


def words(source: str, name: str = "words") -> NotebookNode:
    """Return a Markdown cell."""
    return new_markdown_cell(source, id=name)


def raw_html(html: str) -> NotebookNode:
    """Return an executed cell that shows this markup, as a fragment with a forgotten escape would."""
    cell = code("", "raw")
    cell.outputs = [new_output("display_data", {"text/html": html, "text/plain": ""})]
    return cell


def notebook(*cells: NotebookNode) -> NotebookNode:
    """Return a notebook for this interpreter."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def report_notebook(*more: NotebookNode, charts: bool = True) -> NotebookNode:
    """Return a report in small: parameters, runtime, head, three charts, words, and more cells behind them."""
    drawn = [words(WORDS), code(CHARTS, "charts"), code(MORE_CHARTS, "more-charts")] if charts else []
    return notebook(
        code(PARAMETERS, "parameters", "parameters"), code(START, "start"), code(HEAD, "head"), *drawn, *more
    )


def written(path: Path, content: NotebookNode) -> Path:
    """Write a notebook and return its path."""
    nbformat.write(content, path)
    return path
