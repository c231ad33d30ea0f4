"""From an executed notebook to one self-contained HTML page, through the nbconvert template in ``templates/report``.

The page makes no request, whatever is in it: nothing is linked, and its Content-Security-Policy lets the browser load
nothing and run no script but the kit's own, which it knows by their digests. A script that got into the page in spite
of the escaping in ``display`` would stay dead.

The template names :class:`ReportPreprocessor` in its ``conf.json``, so stock ``jupyter nbconvert`` makes the same page
(apart from what BeautifulSoup, through which it passes every page, writes in another way).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets.config import Config

from assessment_kit import __version__, errors, style
from assessment_kit.pages.browser import chart_scripts, filter_script
from assessment_kit.pages.display import FOLDED, METADATA_KEY
from assessment_kit.resources import templates_dir

#: Title of a page whose notebook shows no first-level heading.
UNTITLED = "Report"

#: papermill puts two cells with this tag into a notebook that failed; the page says it in its own way.
ERROR_MARKER = "papermill-error-cell-tag"

#: Longest message of a failed notebook that the page repeats.
MOST_PROBLEM_LINES = 40

# Runs before the page is painted, so that what only readers without scripts need does not flash up.
_HEAD_SCRIPT = 'document.documentElement.dataset.akScripts="";'

#: A Markdown cell that is a heading and nothing else.
_HEADING = re.compile(r"#{2,6} [^\n]+")

_TAG = re.compile(r"<[^>]*>")
# nbconvert gives a Markdown heading its id only together with a link to itself, which a keyboard would have to pass.
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>[^<]*</a>')
_H1 = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
#: What the page is called where that is more than its first heading says (``page.head``).
_TITLE = re.compile(r'<header class="ak-masthead" data-ak-title="([^"]*)"')
_H2 = re.compile(r"<h2\b[^>]*\bid=\"([^\"]+)\"[^>]*>(.*?)</h2>", re.DOTALL)


def export_html(notebook: NotebookNode | Path, *, title: str = "", lang: str = "en", problem: str = "") -> str:
    """Return a notebook as one HTML page.

    Parameters
    ----------
    notebook
        The executed notebook, or its path.
    title
        Title of the page; the first ``<h1>`` of the content where it is empty.
    lang
        Language of the words (BCP 47).
    problem
        Why the notebook is incomplete, where no cell says it.
    """
    executed = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    asked = {"report_title": title, "report_lang": lang, "report_problem": problem}
    html, _ = _exporter().from_notebook_node(executed, asked)
    return html


@dataclass(frozen=True)
class Page:
    """What ``page.html.j2`` puts around the content."""

    content: str
    title: str
    lang: str
    problem: str
    stopped: bool  # a place in the content says where
    contents: tuple[tuple[str, str], ...]
    css: str
    head_script: str
    scripts: tuple[str, ...]
    policy: str
    version: str = __version__


class ReportPreprocessor(Preprocessor):
    """Takes out what is not for readers, and gives the template its page."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook without the runtime and papermill's markers (nbconvert's protocol)."""
        nb.cells = [cell for cell in nb.cells if ERROR_MARKER not in cell.metadata.get("tags", [])]
        nb.cells = _unfolded(nb.cells)
        problem = resources.get("report_problem", "")
        stopped = False
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs = [output for output in cell.outputs if not _is_runtime(output)]
            for output in cell.outputs:
                if output.output_type == "error":
                    stopped = True
                    problem = problem or problem_in_words(output.ename, output.evalue, cell.execution_count)
        resources["report_page"] = partial(
            _page,
            title=resources.get("report_title", ""),
            lang=resources.get("report_lang") or resources.get("language_code") or "en",
            problem=problem,
            stopped=stopped,
        )
        return nb, resources


class ReportExporter(HTMLExporter):
    """HTML export through ``templates/report``, without the second parse that HTMLExporter gives every page."""

    def _init_preprocessors(self) -> None:
        # Only what the template names: nbconvert's own dozen is for other formats, or is asked for by settings. Each
        # would look at every cell again.
        self.default_preprocessors = []
        super()._init_preprocessors()

    @property
    def default_config(self) -> Config:
        """Return the export's settings (nbconvert's protocol)."""
        config = super().default_config
        config.merge(
            Config(
                {
                    "NbConvertBase": {"display_data_priority": ["text/html", "image/png", "image/jpeg", "text/plain"]},
                    # Once, behind all preprocessors, instead of behind each of twelve.
                    "Exporter": {"optimistic_validation": True},
                    "TemplateExporter": {
                        "template_name": "report",
                        "extra_template_basedirs": [str(templates_dir())],
                        "exclude_input": True,
                    },
                }
            )
        )
        return config

    def from_notebook_node(  # type: ignore[override]  # as in HTMLExporter itself
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources (nbconvert's protocol)."""
        resources = self._init_resources(resources)
        kinds = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("filter_data_type", kinds)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


@cache
def _exporter() -> ReportExporter:
    # Finding the template's folders and compiling it takes longer than a page does.
    return ReportExporter()


def problem_in_words(name: str, message: str, cell: int | None) -> str:
    """Return why a notebook stopped: the message alone where it is one of ours, and so written for users.

    Parameters
    ----------
    name, message
        Class and text of the exception.
    cell
        Number of the cell as its prompt shows it.
    """
    message = strip_ansi(message).strip()
    ours = getattr(errors, name, None)
    if not (isinstance(ours, type) and issubclass(ours, errors.AssessmentKitError) and message):
        place = f" in cell {cell}" if cell else ""
        message = f"The notebook failed{place}: {f'{name}: {message}' if message else name}"
    lines = message.splitlines()
    if len(lines) > MOST_PROBLEM_LINES:
        lines[MOST_PROBLEM_LINES:] = [f"… and {len(lines) - MOST_PROBLEM_LINES} more lines."]
    return "\n".join(lines)


def _is_runtime(output: NotebookNode) -> bool:
    return _role(output) == "runtime"


def _role(output: NotebookNode) -> str:
    return str(output.get("metadata", {}).get(METADATA_KEY, {}).get("role", ""))


def _unfolded(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells without those that have nothing to show, and without the headings over these."""
    kept: list[NotebookNode] = []
    for cell in cells:
        if cell.cell_type == "code" and cell.outputs and all(_role(output) == FOLDED for output in cell.outputs):
            if kept and kept[-1].cell_type == "markdown" and _HEADING.fullmatch(kept[-1].source.strip()):
                kept.pop()
            continue
        kept.append(cell)
    return kept


def _page(content: str, *, title: str, lang: str, problem: str, stopped: bool) -> Page:
    content = _ANCHOR.sub("", content)
    first = _H1.search(content)
    named = _TITLE.search(content)
    found = unescape(named.group(1)) if named else _words(first.group(1)) if first else ""
    charts = "data-ak-chart" in content
    scripts = (*(_scripts() if charts else ()), *((filter_script(),) if 'class="ak-filter"' in content else ()))
    head_script = _HEAD_SCRIPT if charts else ""
    return Page(
        content=content,
        title=title or found or UNTITLED,
        lang=lang,
        problem=problem,
        stopped=stopped,
        contents=tuple((unescape(id_), _words(heading)) for id_, heading in _H2.findall(content)),
        css=style.page_css(),
        head_script=head_script,
        scripts=scripts,
        policy=_policy(((head_script,) if charts else ()) + scripts),
    )


@cache
def _scripts() -> tuple[str, ...]:
    # 0.9 MB that are the same in every page.
    return chart_scripts(watch=False)


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


@cache
def _policy(scripts: tuple[str, ...]) -> str:
    """Return the page's Content-Security-Policy: no address, no frame, no form, no script but these."""
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
