"""The papermill engine ``assessment-kit``: each notebook in a fresh process, forked from one that is warm already.

::

    papermill --engine assessment-kit team_report.ipynb out.ipynb -p document … -p audience team

The outputs are those of papermill's own engine, cell by cell. What differs is the process: it is not started from
nothing (three seconds of imports and a kernel), but forked from one that imported and tried out everything (see
``warm``). It is as isolated as a kernel: what a notebook does to its process dies with it.

Where that is not possible, papermill's own engine does the work: on Windows, which cannot fork; for a notebook in
another language or for another interpreter's kernel; and where a caller asks for something only a real kernel has.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger
from traitlets import default

from assessment_kit import forks
from assessment_kit.inner_kernel import InnerClient, InnerKernel, Listener
from assessment_kit.memory import watched
from assessment_kit.orders import Channel, Limits, send
from assessment_kit.watching import Ended, LostError

#: Name of the engine among papermill's.
ENGINE = "assessment-kit"

#: Kernels that stand for "Python, this one".
_OWN_KERNELS = frozenset({NATIVE_KERNEL_NAME, "python", "python3"})

#: What a caller may pass on to nbclient that a process of ours understands as well.
_UNDERSTOOD = frozenset(
    "allow_errors allow_error_names coalesce_streams force_raise_errors record_timing skip_cells_with_tag "
    "store_widget_state".split()
)
#: What papermill passes on whether a caller asked for it or not.
_PAPERMILLS = frozenset(
    "input_path log_output stdout_file stderr_file start_timeout execution_timeout timeout startup_timeout "
    "autosave_cell_every limits environment kept".split()
)


@dataclass
class Inside:
    """Set in a process that is here for one notebook: the kernel to run it with, and whom to tell of each cell."""

    kernel: InnerKernel
    listener: Listener


class OutgrownError(DeadKernelError):
    """The kernel came to hold more memory than it may, and was killed."""


#: None in every other process.
inside: Inside | None = None

#: Set where this process was interrupted from outside: a notebook may raise the same error by itself.
interrupted = False


class _Untimed(NotebookExecutionManager):
    """papermill's keeper of a notebook, for a caller who takes its times out again: it neither takes nor reads them."""

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **_: Any) -> None:
        if cell.metadata.papermill["status"] != self.FAILED:
            cell.metadata.papermill["status"] = self.COMPLETED


class ForkEngine(Engine):
    """papermill's door to all of this."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, *arguments: Any, **kwargs: Any) -> NotebookNode:
        """Execute a notebook (papermill's protocol)."""
        if inside is None or kwargs.get("kept") is None:
            return super().execute_notebook(nb, kernel_name, *arguments, **kwargs)
        manager = _Untimed(nb, progress_bar=False)
        manager.notebook_start()
        cls.execute_managed_notebook(manager, kernel_name, **kwargs)
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kept: list[NotebookNode] | None = None,
        **kwargs: Any,
    ) -> None:
        """Execute the cells (papermill's protocol).

        Parameters
        ----------
        kept
            Is given the notebook, which its caller then has even after the kernel died.
        """
        if kept is not None:
            kept.append(nb_man.nb)
        if inside is not None:
            options = {name: value for name, value in kwargs.items() if name in _UNDERSTOOD}
            InnerClient(nb_man, inside.kernel, inside.listener, **{"coalesce_streams": True, **options}).execute()
        elif _suits(nb_man.nb, kernel_name, kwargs):
            _Mirror(nb_man, kwargs).run()
        else:
            _stock(nb_man, kernel_name, kwargs)


papermill_engines.register(ENGINE, ForkEngine)


def _suits(notebook: NotebookNode, kernel_name: str, kwargs: Mapping[str, Any]) -> bool:
    language = notebook.metadata.get("kernelspec", {}).get("language") or "python"
    asked = {name for name, value in kwargs.items() if value is not None} - _PAPERMILLS
    return forks.available() and kernel_name in _OWN_KERNELS and language == "python" and asked <= _UNDERSTOOD


class _Mirror:
    """Follows in this process's notebook what happens in the other one's."""

    def __init__(self, manager: NotebookExecutionManager, kwargs: Mapping[str, Any]) -> None:
        self._manager = manager
        self._kwargs = kwargs
        shown = {name: kwargs.get(name) for name in ("log_output", "stdout_file", "stderr_file")}
        self._client = PapermillNotebookClient(
            manager, log=logger, **{name: value for name, value in shown.items() if value is not None}
        )
        self._number, self._running = 0, False
        #: Seconds that one cell may take: papermill's option.
        self._cell_timeout: float | None = kwargs.get("execution_timeout") or kwargs.get("timeout")

    def run(self) -> None:
        logger.info("Executing notebook in a forked process")
        limits: Limits = self._kwargs.get("limits") or Limits()
        try:
            ended = forks.shared().run(
                lambda channel: _ask_for_cells(
                    channel,
                    self._manager.nb,
                    folder=os.getcwd(),  # noqa: PTH109 - as text
                    environment={**os.environ, **(self._kwargs.get("environment") or {})},
                    options={name: value for name, value in self._kwargs.items() if name in _UNDERSTOOD},
                ),
                self._on_event,
                limits=limits,
                cell_timeout=self._cell_timeout,
            )
        except LostError:
            ended = Ended("death", "The process that forks for this notebook was killed. Run it again.")
        if ended.why == "":
            return
        if self._running:
            self._manager.cell_complete(self._manager.nb.cells[self._number], cell_index=self._number)
        if ended.why == "time":
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out",
                int(limits.timeout or self._cell_timeout or 0),
                self._manager.nb.cells[self._number],
            )
        raise DeadKernelError(ended.words)

    def _on_event(self, head: Mapping[str, Any], parts: list[bytes]) -> bool:
        notebook, kind = self._manager.nb, head["kind"]
        if kind == "started":
            self._number, self._running = head["number"], True
            self._manager.cell_start(notebook.cells[self._number], self._number)
        elif kind == "cell":
            number = head["number"]
            # Into the cell that is there: papermill and its callers hold on to it.
            cell, now = notebook.cells[number], nbformat.from_dict(json.loads(parts[0]))
            papermill = cell.metadata.get("papermill")
            known = len(cell.get("outputs", ()))
            cell.update(now)
            if papermill is not None:
                cell.metadata["papermill"] = papermill
            for output in cell.get("outputs", ())[known:]:
                self._client.log_output_message(output)
            if not head["ended"]:
                self._manager.autosave_cell()
                return False
            if head["failed"]:
                failure = CellExecutionError("", "CellExecutionError", "")
                self._manager.cell_exception(cell, cell_index=number, exception=failure)
            self._manager.cell_complete(cell, cell_index=number)
            self._running = False
        elif kind == "refused":
            raise RuntimeError(head["message"])  # nbclient's own word for a kernel that fails
        elif kind == "end":
            notebook.metadata.update(nbformat.from_dict(head["metadata"]))
        return kind == "end"


def _ask_for_cells(channel: Channel, notebook: NotebookNode, **settings: Any) -> None:
    send(channel, "cells", [nbformat.v4.writes_json(notebook).encode()], **settings)


# -- papermill's own engine, where this one cannot ----------------------------------------------------------------


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


def _stock(manager: NotebookExecutionManager, kernel_name: str, kwargs: dict[str, Any]) -> None:
    limits: Limits | None = kwargs.pop("limits", None)
    environment: Mapping[str, str] = kwargs.pop("environment", None) or {}
    if limits is None:
        NBClientEngine.execute_managed_notebook(manager, kernel_name, **kwargs)
        return
    end = time.monotonic() + limits.timeout if limits.timeout else None
    client = PapermillNotebookClient(
        manager,
        kernel_manager_class=_KernelManager,
        kernel_name=kernel_name,
        # The whole notebook's time, of which each cell has what is left.
        timeout_func=(lambda cell: max(0.01, end - time.monotonic())) if end else None,
        startup_timeout=kwargs["start_timeout"],
        # Otherwise what arrives in one piece or two depends on the clock.
        coalesce_streams=True,
        # The kernel holds nothing worth a graceful end, which would take longer than a chart.
        shutdown_kernel="immediate",
        log=logger,
    )
    with watched(lambda: _kernel_of(client), limits.max_memory) as outgrown:
        try:
            client.execute(env={**os.environ, **environment})
        except DeadKernelError:
            if outgrown.is_set():
                raise OutgrownError(limits.words("memory")) from None
            raise


def _kernel_of(client: PapermillNotebookClient) -> int | None:
    return getattr(getattr(client.km, "provisioner", None), "pid", None)
