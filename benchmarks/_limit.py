"""The least that reports can cost: evaluation, charts and page in one warm process; prints the seconds for all.

Run by ``benchmarks/batch.py`` with the paths of documents. There is no notebook, no isolation and no file.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader

from assessment_kit.html_page import _page
from assessment_kit.pages.display import STATIC_VARIABLE
from assessment_kit.pages.team_report import open_report
from assessment_kit.resources import notebook_path, templates_dir

_CALL = re.compile(r"^report\.(\w+)\(\)$", re.MULTILINE)


def parts() -> Iterator[tuple[str, str]]:
    """Yield what the master notebook shows, in its order: headings, and calls of the report."""
    for cell in nbformat.read(notebook_path("team_report"), as_version=4).cells:
        if cell.cell_type == "markdown":
            heading = cell.source.removeprefix("## ")
            yield "heading", f'<h2 id="{heading.replace(" ", "-")}">{heading}</h2>'
        else:
            yield from (("call", name) for name in _CALL.findall(cell.source))


def main(documents: list[Path], *, only_page: bool) -> None:
    """Make each document's page, after a rehearsal that counts for nothing."""
    os.environ[STATIC_VARIABLE] = "1"
    # As nbconvert reads it: the template escapes by itself what is no markup.
    environment = Environment(loader=FileSystemLoader(templates_dir() / "report"), autoescape=False)  # noqa: S701
    template = environment.get_template("page.html.j2")
    shown = list(parts())

    def content(document: Path) -> str:
        report = open_report(document, "", "", "team")
        return "\n".join(
            text if kind == "heading" else str(getattr(report, text)()._repr_mimebundle_()[0]["text/html"])
            for kind, text in shown
        )

    def page(content: str) -> bytes:
        return template.render(page=_page(content, title="", lang="en", problem="", stopped=False)).encode()

    for document in documents[-2:]:
        page(content(document))
    taken = 0.0
    for document in documents:
        started = time.perf_counter()
        inside = content(document)
        if only_page:
            started = time.perf_counter()
        page(inside)
        taken += time.perf_counter() - started
    print(taken)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:] if name != "--page"], only_page="--page" in sys.argv)
