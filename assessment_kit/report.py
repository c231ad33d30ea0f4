"""From a document to an executed notebook and an HTML file.

::

    result = run_report(Path("assessments/payments/2026-11-24.json"), Path("reports"))
    result.html_path, result.error

:func:`run_report` executes ``notebooks/team_report.ipynb``, :func:`run_notebook` any notebook whose parameters are
texts. The same input gives the same bytes: what papermill and nbclient write about times, versions and paths is taken
out again.

papermill does the work, in a process of its own for each notebook (see ``engine``): nothing that a notebook does to its
process, and nothing that papermill does to its own, reaches this one. Several threads may ask at once. Files are
written whole or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assessment_kit import forks, fulfilment
from assessment_kit.document_file import read_bytes
from assessment_kit.durable import make_folder, storing, write_bytes
from assessment_kit.errors import ReportError
from assessment_kit.orders import Delivery, Limits, Order
from assessment_kit.resources import notebook_path

__all__ = ["ReportResult", "execute", "run_notebook", "run_report"]

#: Set for a notebook whose page brings styles and scripts itself (``pages.display`` reads it).
STATIC = {"ASSESSMENT_KIT_STATIC": "1"}


@dataclass(frozen=True)
class ReportResult:
    """What became of one report.

    Attributes
    ----------
    document
        What it was made from.
    notebook_path, html_path
        The executed notebook and the page. After a failure they hold what there was until then, and say so.
    seconds
        How long it took.
    error
        Why it is incomplete, in words for a user; None when it is complete.
    """

    document: Path
    notebook_path: Path | None
    html_path: Path | None
    seconds: float
    error: str | None


def run_report(
    document: Path,
    output_dir: Path,
    *,
    previous: Path | None = None,
    guide: str | Path | None = None,
    previous_guide: str | Path | None = None,
    audience: str = "team",
    name: str = "",
    notebook: Path | None = None,
    timeout: float | None = None,
    max_memory: int | None = None,
    warm: forks.WarmProcess | None = None,
) -> ReportResult:
    """Make the report of one document: ``<name>.ipynb`` and ``<name>.html``.

    Parameters
    ----------
    document
        The assessment document.
    output_dir
        Where the files go; created.
    previous
        The team's earlier document.
    guide
        Path of a guide; None for the built-in one.
    previous_guide
        Path of the guide that the earlier document was filled in under, where it is another one.
    audience
        ``team``, ``sre`` or ``leadership``.
    name
        Stem of the files; by default ``<team's folder>-<date>`` as a workspace has them.
    notebook
        The master notebook; by default ``notebooks/team_report.ipynb``.
    timeout
        Seconds that the whole notebook may take; None for no limit.
    max_memory
        Bytes of memory that it may take; None for no limit.
    warm
        The warm process to fork from; by default one that this process shares.

    Returns
    -------
    ReportResult
        Also when the notebook failed, for example on a document that is wrong.

    Raises
    ------
    ReportError
        When the notebook cannot be executed at all: it is missing, or has not the parameters.
    DocumentError, StorageError
        When an input cannot be read, or the output cannot be written.
    """
    started = time.perf_counter()
    others = {"previous": previous, "guide": Path(guide) if guide else None}
    # Only where it is given: a notebook of somebody's own need not know it.
    if previous_guide:
        others["previous_guide"] = Path(previous_guide)
    paths, files = _carried(document, others)
    notebook_file, html_file, problem = run_notebook(
        notebook or notebook_path("team_report.ipynb"),
        {**paths, "audience": audience},
        output_dir / (name or _stem(document)),
        files=files,
        limits=Limits(timeout, max_memory),
        warm=warm,
    )
    return ReportResult(document, notebook_file, html_file, time.perf_counter() - started, problem or None)


def _carried(document: Path, others: Mapping[str, Path | None]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return what the notebook is told of its inputs, and the inputs by those paths.

    The notebook goes to other people, who learn from it nothing of this machine: a path in it is the file's name in the
    folder of its team, as it stands in a workspace, and what it names is carried to where the notebook runs.
    """
    document = document.resolve()
    paths = {"document": f"{document.parent.name or 'team'}/{document.name}"}
    files = {paths["document"]: read_bytes(document)}
    for name, given in others.items():
        paths[name] = ""
        if given is None:
            continue
        path, data = given.resolve(), read_bytes(given.resolve())
        beside = f"{paths['document'].partition('/')[0]}/{path.name}"
        paths[name] = beside if path.parent == document.parent else f".{name}/{path.name}"
        files[paths[name]] = data
    return paths, files


def run_notebook(
    notebook: Path,
    parameters: Mapping[str, str],
    output: Path,
    *,
    files: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
    warm: forks.WarmProcess | None = None,
) -> tuple[Path, Path, str]:
    """Execute a notebook, write it and its page, and return both paths and why it failed (empty when it did not).

    Parameters
    ----------
    output
        Path of both files without their endings.
    files
        What it reads, by the path under which it finds it; where there are none it works in this process's folder.
    """
    delivery = execute(notebook, parameters, files=files, limits=limits, warm=warm)
    # Not with_suffix: a name may hold a dot.
    written = output.parent / f"{output.name}.ipynb", output.parent / f"{output.name}.html"
    for path, data in zip(written, (delivery.notebook, delivery.html), strict=True):
        with storing(str(path)):
            make_folder(output.parent)
            write_bytes(path, data)
    return *written, delivery.problem


def execute(
    notebook: Path,
    parameters: Mapping[str, str],
    *,
    files: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
    warm: forks.WarmProcess | None = None,
    page: bool = True,
) -> Delivery:
    """Execute a notebook with these parameters and return it and its page, reproducible byte for byte.

    Raises
    ------
    ReportError
        When the notebook cannot be read or does not declare a parameter.
    """
    try:
        data = notebook.read_bytes()
    except OSError as error:
        raise ReportError(f"{notebook}: cannot be read ({error.strerror}). Name a notebook that exists.") from None
    folder = str(Path.cwd())
    order = Order(data, str(notebook), parameters, files or {}, folder=folder, environment=STATIC, page=page)
    if forks.available():
        return fulfilment.fulfil(order, limits or Limits(), warm or forks.shared())
    from assessment_kit.executions import fulfil_stock

    return fulfil_stock(order, limits or Limits())


def _stem(document: Path) -> str:
    """Return ``payments-2026-11-24`` for ``payments/2026-11-24.json``, and the file's own name elsewhere."""
    try:
        date.fromisoformat(document.stem)
    except ValueError:
        return document.stem
    return f"{document.resolve().parent.name}-{document.stem}"
