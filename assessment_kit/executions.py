"""papermill's run of one notebook: parameters checked before, and everything that tells of the run taken out after.

papermill never touches the disk here. It writes in place, twice a cell, and takes a ``{`` in a path for a template; it
is given the notebook itself, and what comes back is one value.
"""

from __future__ import annotations

import copy
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from assessment_kit import engine
from assessment_kit.engine import ENGINE, OutgrownError
from assessment_kit.errors import ReportError
from assessment_kit.html_page import export_html, problem_in_words
from assessment_kit.orders import Delivery, Limits, Order

#: Longest time that a kernel may take to start, in seconds.
START_TIMEOUT = 60

#: A stock kernel is given ports that were free a moment before. On a busy machine another process may have taken one
#: since, and the kernel dies before its first cell: nothing has run then, so it is simply started again.
MOST_STARTS = 3

#: The folders that a source file of a traceback lies in: where Python is, and often whose machine it is.
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[/\\](?:[^\n/\\:'\"\x1b<>]+[/\\])+(?=[^\n/\\:'\"\x1b<>]+\.py\b)")

_INJECTED = "injected-parameters"


@dataclass(frozen=True)
class Execution:
    """A notebook as far as it came, and why it came no further (empty when it ended)."""

    notebook: NotebookNode
    problem: str

    def delivery(self, *, page: bool) -> Delivery:
        """Return the bytes of the files."""
        html = export_html(self.notebook, problem=self.problem) if page else ""
        # Validated once, as papermill read it; what was added since are outputs in the kernel's own form.
        text = nbformat.v4.writes_json(self.notebook) + "\n"
        # An error message may quote half a character, which UTF-8 cannot hold.
        return Delivery(text.encode("utf-8", "replace"), html.encode("utf-8", "replace"), self.problem)


@dataclass(frozen=True)
class Master:
    """A notebook that is executed with parameters; nobody writes into it.

    Attributes
    ----------
    name
        What messages call it.
    declared
        The parameters that it has.
    """

    notebook: NotebookNode
    name: str
    declared: frozenset[str]


@lru_cache(maxsize=4)
def read_master(data: bytes, name: str) -> Master:
    """Return the notebook in a file's bytes.

    Raises
    ------
    ReportError
        When there is none in them.
    """
    try:
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        return Master(notebook, name, frozenset(papermill.inspect_notebook(notebook)))
    except (
        nbformat.reader.NotJSONError,
        nbformat.ValidationError,
        UnicodeDecodeError,
        AttributeError,
        KeyError,
        TypeError,
    ) as error:
        raise ReportError(
            f"{name}: is no notebook ({type(error).__name__}). Restore it from the installation."
        ) from None


def execute(
    master: Master,
    parameters: Mapping[str, str],
    *,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> Execution:
    """Execute a notebook with these parameters and return it, reproducible byte for byte.

    Parameters
    ----------
    environment
        Variables that its kernel finds set.
    folder
        Its working directory; this process's own where None.

    Raises
    ------
    ReportError
        When the notebook does not declare a parameter.
    """
    limits = limits or Limits()
    check_parameters(master, parameters)
    for _ in range(MOST_STARTS):
        kept: list[NotebookNode] = []
        problem, started = _run(master.notebook, parameters, limits, dict(environment or {}), folder, kept)
        if started:
            break
    executed = kept[-1] if kept else copy.deepcopy(master.notebook)
    make_reproducible(executed, master.notebook)
    return Execution(executed, problem)


def _run(
    master: NotebookNode,
    parameters: Mapping[str, str],
    limits: Limits,
    environment: dict[str, str],
    folder: str | None,
    kept: list[NotebookNode],
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
            limits=limits,
            environment=environment,
            cwd=folder,
            kept=kept,
        )
    except PapermillExecutionError as error:
        if error.ename == "MemoryError" and limits.max_memory:
            return limits.words("memory"), True
        if error.ename == "KeyboardInterrupt" and engine.interrupted:  # how a notebook is stopped that takes too long
            return limits.words("time"), True
        return problem_in_words(error.ename, error.evalue, error.exec_count), True
    except CellTimeoutError:
        return limits.words("time"), True
    except OutgrownError as error:
        return str(error), True
    except DeadKernelError:
        return "The notebook's kernel died (killed, or out of memory).", True
    except RuntimeError as error:  # jupyter_client's word for a kernel that does not start
        return f"The notebook's kernel did not start: {error}", False
    return "", True


def check_parameters(master: Master, parameters: Mapping[str, str]) -> None:
    """Refuse what papermill only warns of: a misspelt parameter, which would render the notebook's default.

    Raises
    ------
    ReportError
        When the notebook does not declare a parameter.
    """
    unknown = sorted(set(parameters) - master.declared)
    if unknown:
        raise ReportError(
            f"{master.name}: the cell tagged `parameters` does not declare {', '.join(unknown)}. "
            "Add it there, or use a notebook made for this report."
        )


def partial(
    master: Master, parameters: Mapping[str, str], cells: Mapping[int, Mapping[str, Any]], problem: str
) -> Execution:
    """Return a notebook whose process is gone, from what it had told until then.

    Parameters
    ----------
    cells
        Cells by number, as they were last heard of (empty for one that only started); the last one did not end.
    problem
        Why the process is gone.
    """
    prepared = papermill.execute_notebook(
        master.notebook, None, dict(parameters), prepare_only=True, progress_bar=False
    )
    for number, cell in cells.items():
        if cell and number < len(prepared.cells):
            prepared.cells[number] = nbformat.from_dict(dict(cell))
    if cells and max(cells) < len(prepared.cells):
        _mark(prepared.cells[max(cells)], problem)
    make_reproducible(prepared, master.notebook)
    return Execution(prepared, problem)


def _mark(cell: NotebookNode, problem: str) -> None:
    if cell.cell_type != "code" or any(output.output_type == "error" for output in cell.outputs):
        return
    cell.outputs.append(nbformat.v4.new_output("error", ename="Stopped", evalue=problem, traceback=[problem]))


def make_reproducible(executed: NotebookNode, master: NotebookNode) -> None:
    """Take out what differs between two runs on the same input, or tells where they ran."""
    known = {cell.get("id") for cell in master.cells}
    executed.metadata.pop("papermill", None)
    executed.metadata.pop("widgets", None)
    # The exact version says nothing that the cells need, and differs from machine to machine.
    executed.metadata.get("language_info", {}).pop("version", None)
    for place, cell in enumerate(executed.cells):
        for noise in ("papermill", "execution"):
            cell.metadata.pop(noise, None)
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [_FOLDERS.sub("", line) for line in output.traceback]
        if cell.get("id") not in known:
            tags: Sequence[str] = cell.metadata.get("tags", [])
            cell["id"] = _INJECTED if _INJECTED in tags else f"added-{place}"


def fulfil_stock(order: Order, limits: Limits) -> Delivery:
    """Execute a notebook with papermill's own engine, for systems that cannot fork: a kernel is its own process.

    Raises
    ------
    ReportError
        When it cannot be executed at all.
    """
    master = read_master(order.notebook, order.name)
    with tempfile.TemporaryDirectory(prefix="assessment-kit-") as scratch:
        for name, data in order.files.items():
            path = Path(scratch, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        folder = scratch if order.files else order.folder or scratch
        environment = {**order.environment, "PWD": folder}
        return execute(master, order.parameters, limits=limits, environment=environment, folder=folder).delivery(
            page=order.page
        )
