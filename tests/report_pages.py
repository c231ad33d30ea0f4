"""Team reports as HTML pages without a kernel: what the notebook shows, through the template, in a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_output

from assessment_kit.document import Document
from assessment_kit.html_page import export_html
from assessment_kit.pages.team_report import TeamReport, open_report
from tests.report_notebooks import notebook

DRAWN = "html[data-ak-charts=drawn]"


def report_of(folder: Path, made: Document, audience: str = "team") -> TeamReport:
    """Return the report of a document."""
    path = folder / "document.json"
    path.write_text(made.model_dump_json(by_alias=True), encoding="utf-8")
    return open_report(path, audience=audience)


def page_of(report: TeamReport, *calls: str) -> str:
    """Return the page of these parts of a report, in the report's own frame."""
    cells = []
    for call in ("head", *calls):
        data, metadata = getattr(report, call)()._repr_mimebundle_()
        cell = new_code_cell("")
        cell.outputs = [new_output("display_data", data=data, metadata=metadata)]
        cells.append(cell)
    return export_html(notebook(*cells))


@contextmanager
def visited(browser: Any, path: Path, **context: Any) -> Iterator[Any]:
    """Open a page with its charts drawn; leaving it fails where it asked for something or had something to say."""
    visitor = browser.new_context(bypass_csp=True, **context)
    page = visitor.new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    try:
        page.goto(path.as_uri())
        page.wait_for_selector(DRAWN, state="attached")
        yield page
        assert heard == [path.as_uri()]
    finally:
        visitor.close()
