"""From a document to an executed notebook and an HTML file; with ``html_page`` the door to papermill and nbconvert.

::

    result = run_report(Path("assessments/payments/2026-11-24.json"), Path("reports"))
    result.html_path, result.error

:func:`run_report` executes ``notebooks/team_report.ipynb``, :func:`run_notebook` any notebook whose parameters are
texts. The same input gives the same bytes: what papermill and nbclient write about times, versions and paths is taken
out again.

papermill never touches the disk here. It writes in place, twice a cell, and takes a ``{`` in a path for a template; it
is given the notebook itself, and what comes back is written whole or not at all. The kernel is this interpreter's own,
so that the notebook finds this package. papermill still keeps the working directory in one place for the whole process:
run several reports in several processes, not in threads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import papermill
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.log import logger
from traitlets import default

from assessment_kit.durable import make_folder, storing, write_text
from assessment_kit.errors import ReportError
from assessment_kit.html_page import export_html, problem_in_words
from assessment_kit.pages.display import STATIC_VARIABLE
from assessment_kit.resources import notebook_path

__all__ = ["Execution", "ReportResult", "execute", "export_html", "run_notebook", "run_report"]

#: Name of the engine below among papermill's.
ENGINE = "assessment-kit"

#: Longest time that a kernel may take to start, in seconds.
START_TIMEOUT = 60

#: A kernel is given ports that were free a moment before. On a busy machine another process may have taken one since,
#: and the kernel dies before its first cell: nothing has run then, so it is simply started again.
MOST_STARTS = 3

_INJECTED = "injected-parameters"


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


@dataclass(frozen=True)
class Execution:
    """A notebook as far as it came, and why it came no further (empty when it ended)."""

    notebook: NotebookNode
    problem: str


def run_report(
    document: Path,
    output_dir: Path,
    *,
    previous: Path | None = None,
    guide: str | Path | None = None,
    audience: str = "team",
    name: str = "",
    notebook: Path | None = None,
    timeout: float | None = None,
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
    audience
        ``team``, ``sre`` or ``leadership``.
    name
        Stem of the files; by default ``<team's folder>-<date>`` as a workspace has them.
    notebook
        The master notebook; by default ``notebooks/team_report.ipynb``.
    timeout
        Seconds that one cell may take; None for no limit.

    Returns
    -------
    ReportResult
        Also when the notebook failed, for example on a document that is wrong.

    Raises
    ------
    ReportError
        When the notebook cannot be executed at all: it is missing, or has not the parameters.
    StorageError
        When the output cannot be written.
    """
    parameters = {
        "document": str(document.resolve()),
        "previous": str(previous.resolve()) if previous else "",
        "guide": str(Path(guide).resolve()) if guide else "",
        "audience": audience,
    }
    started = time.perf_counter()
    notebook_file, html_file, problem = run_notebook(
        notebook or notebook_path("team_report.ipynb"),
        parameters,
        output_dir / (name or _stem(document)),
        timeout=timeout,
    )
    return ReportResult(document, notebook_file, html_file, time.perf_counter() - started, problem or None)


def run_notebook(
    notebook: Path, parameters: Mapping[str, str], output: Path, *, timeout: float | None = None
) -> tuple[Path, Path, str]:
    """Execute a notebook, write it and its page, and return both paths and why it failed (empty when it did not).

    Parameters
    ----------
    output
        Path of both files without their endings.
    """
    execution = execute(notebook, parameters, timeout=timeout)
    html = export_html(execution.notebook, problem=execution.problem)
    with storing(str(output.parent)):
        make_folder(output.parent)
    # Not with_suffix: a name may hold a dot.
    notebook_file = write_text(
        output.parent / f"{output.name}.ipynb", _encodable(nbformat.writes(execution.notebook) + "\n")
    )
    return notebook_file, write_text(output.parent / f"{output.name}.html", _encodable(html)), execution.problem


def execute(notebook: Path, parameters: Mapping[str, str], *, timeout: float | None = None) -> Execution:
    """Execute a notebook with these parameters and return it, reproducible byte for byte.

    Raises
    ------
    ReportError
        When the notebook cannot be read or does not declare a parameter.
    """
    master = _read(notebook)
    _check_parameters(notebook, master, parameters)
    for _ in range(MOST_STARTS):
        kept: list[NotebookNode] = []
        problem, started = _run(master, parameters, timeout, kept)
        if started:
            break
    executed = kept[-1] if kept else master
    _make_reproducible(executed, master)
    return Execution(executed, problem)


def _run(
    master: NotebookNode, parameters: Mapping[str, str], timeout: float | None, kept: list[NotebookNode]
) -> tuple[str, bool]:
    """Execute once; return why it stopped (empty when it ended), and whether the kernel had started at all."""
    try:
        papermill.execute_notebook(
            master,
            None,
            dict(parameters),
            engine_name=ENGINE,
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=START_TIMEOUT,
            execution_timeout=timeout,
            kept=kept,
        )
    except PapermillExecutionError as error:
        return problem_in_words(error.ename, error.evalue, error.exec_count), True
    except CellTimeoutError:
        return f"A cell of the notebook took longer than {timeout:g} seconds, and was stopped.", True
    except DeadKernelError:
        return "The notebook's kernel died (killed, or out of memory).", True
    except RuntimeError as error:  # jupyter_client's word for a kernel that does not start
        return f"The notebook's kernel did not start: {error}", False
    return "", True


class _OwnKernels(KernelSpecManager):
    """The kernel of the interpreter that runs: a user's ``python3`` may be another, without this package."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


class _KernelManager(AsyncKernelManager):
    @default("kernel_spec_manager")
    def _own_kernels(self) -> KernelSpecManager:
        return _OwnKernels()

    @default("transport_encryption")
    def _encrypt_where_possible(self) -> str:
        # Other users of this machine may listen on its loopback; without it ipykernel 7 prints a warning at each start.
        return "auto"


class _Engine(NBClientEngine):
    """papermill's own engine, with this interpreter's kernel, and a hand on the notebook while it grows.

    papermill gives a failed notebook to its output file only; the list ``kept`` has it also after the kernel died.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, kept: list[NotebookNode], **kwargs: Any
    ) -> NotebookNode:
        kept.append(nb_man.nb)
        client = PapermillNotebookClient(
            nb_man,
            kernel_manager_class=_KernelManager,
            kernel_name=kernel_name,
            timeout=kwargs["execution_timeout"],
            startup_timeout=kwargs["start_timeout"],
            # Otherwise what arrives in one piece or two depends on the clock.
            coalesce_streams=True,
            # The kernel holds nothing worth a graceful end, which would take longer than a chart.
            shutdown_kernel="immediate",
            log=logger,
        )
        return client.execute(env={**os.environ, STATIC_VARIABLE: "1"})


papermill_engines.register(ENGINE, _Engine)


def _read(notebook: Path) -> NotebookNode:
    try:
        return nbformat.read(notebook, as_version=4)
    except OSError as error:
        raise ReportError(f"{notebook}: cannot be read ({error.strerror}). Name a notebook that exists.") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, KeyError) as error:
        raise ReportError(
            f"{notebook}: is no notebook ({type(error).__name__}). Restore it from the installation."
        ) from None


def _check_parameters(notebook: Path, master: NotebookNode, parameters: Mapping[str, str]) -> None:
    """Refuse what papermill only warns of: a misspelt parameter, which would render the notebook's default."""
    unknown = sorted(set(parameters) - set(papermill.inspect_notebook(master)))
    if unknown:
        raise ReportError(
            f"{notebook}: the cell tagged `parameters` does not declare {', '.join(unknown)}. "
            "Add it there, or use a notebook made for this report."
        )


def _make_reproducible(executed: NotebookNode, master: NotebookNode) -> None:
    """Take out what differs between two runs on the same input, or tells where they ran."""
    known = {cell.get("id") for cell in master.cells}
    executed.metadata.pop("papermill", None)
    executed.metadata.pop("widgets", None)
    # The exact version says nothing that the cells need, and differs from machine to machine.
    executed.metadata.get("language_info", {}).pop("version", None)
    for place, cell in enumerate(executed.cells):
        for noise in ("papermill", "execution"):
            cell.metadata.pop(noise, None)
        if cell.get("id") not in known:
            tags = cell.metadata.get("tags", [])
            cell["id"] = _INJECTED if _INJECTED in tags else f"added-{place}"


def _stem(document: Path) -> str:
    """Return ``payments-2026-11-24`` for ``payments/2026-11-24.json``, and the file's own name elsewhere."""
    try:
        date.fromisoformat(document.stem)
    except ValueError:
        return document.stem
    return f"{document.resolve().parent.name}-{document.stem}"


def _encodable(text: str) -> str:
    """Return the text without lone surrogates, which an error message may quote and UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode()
