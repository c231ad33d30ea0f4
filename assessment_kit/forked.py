"""A process that the warm one forked: it runs one notebook, or makes one index, and ends."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import nbformat
import papermill.execute
from papermill.engines import NotebookExecutionManager

from assessment_kit import engine
from assessment_kit.errors import AssessmentKitError
from assessment_kit.executions import Execution, execute, partial, read_master
from assessment_kit.indexing import make_index
from assessment_kit.inner_kernel import InnerClient, InnerKernel, Listener
from assessment_kit.memory import limited
from assessment_kit.orders import (
    Delivery,
    IndexLine,
    IndexOrder,
    Limits,
    Order,
    read_order,
    receive,
    send,
    send_delivery,
)


@contextmanager
def inside(kernel: InnerKernel, listener: Listener, stray: tuple[int, int] | None, limits: Limits) -> Iterator[None]:
    """Let papermill's engine know that this process is the notebook's own, for as long as cells run."""
    engine.inside = engine.Inside(kernel, listener)
    try:
        with limited(limits.max_memory) as relieved, kernel.running(relieved, stray):
            yield
    finally:
        engine.inside = None


def execute_here(
    kernel: InnerKernel,
    listener: Listener,
    stray: tuple[int, int] | None,
    order: Order,
    limits: Limits,
) -> Execution:
    """Execute a notebook in this process."""
    master = read_master(order.notebook, order.name)
    with inside(kernel, listener, stray, limits):
        return execute(master, order.parameters, limits=limits)


class _Reporter:
    """Tells whoever asked of each cell."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel

    def started(self, number: int) -> None:
        send(self._channel, "started", number=number)

    def told(self, number: int, cell: nbformat.NotebookNode, *, ended: bool, failed: bool) -> None:
        send(self._channel, "cell", [json.dumps(cell).encode()], number=number, ended=ended, failed=failed)

    def end(self, metadata: Mapping[str, Any]) -> None:
        send(self._channel, "end", metadata=metadata)


def stand_by(line: socket.socket, kernel: InnerKernel) -> None:
    """Make this process ready for one notebook, wait for it, and do it."""
    os.setpgid(0, 0)  # a group of its own: whoever ends it ends what it started, and Ctrl-C does not reach it
    _die_with_parent()
    # Nothing in here makes rings worth looking for: a notebook is done before a collection would pay.
    gc.enable()
    gc.set_threshold(100_000, 50, 100)
    # papermill writes down at the end what nobody asked it to write anywhere.
    papermill.execute.write_ipynb = lambda notebook, path: None
    stray = _own_streams()
    data, handles, _, _ = socket.recv_fds(line, 1, 1)
    line.close()
    if not data:
        return  # nobody wants anything any more
    (work,) = handles
    os.set_inheritable(work, False)
    signal.signal(signal.SIGINT, _interrupt)
    child(Connection(work), stray, kernel)


def _interrupt(number: int, frame: FrameType | None) -> None:
    engine.interrupted = True
    signal.default_int_handler(number, frame)


def child(channel: Connection, stray: tuple[int, int], kernel: InnerKernel) -> None:
    """Do what comes over the channel."""
    try:
        head, parts = receive(channel)
        send(channel, "process", number=os.getpid())
        limits = Limits(**head.get("limits", {}))
        reporter = _Reporter(channel)
        if head["kind"] == "cells":
            _cells(kernel, reporter, stray, head, parts, limits)
            return
        if head["kind"] == "index":
            lines = tuple(IndexLine(**line) for line in head["lines"])
            page = make_index(IndexOrder(lines, head["guide"], head["audience"], head["generated"]))
            send_delivery(channel, Delivery(b"", page, ""))
            return
        order = read_order(head, parts)
        _settle(order, Path(head["scratch"]))
        if head["kind"] == "partial":
            master = read_master(order.notebook, order.name)
            cells = {int(number): json.loads(text) if text else {} for number, text in head["cells"].items()}
            found = partial(master, order.parameters, cells, head["problem"])
        else:
            found = execute_here(kernel, reporter, stray, order, limits)
        send_delivery(channel, found.delivery(page=order.page))
    except AssessmentKitError as error:
        send(channel, "refused", message=str(error))
    except BrokenPipeError:
        pass  # whoever asked is gone
    except Exception as error:  # noqa: BLE001 - a fault of ours must reach whoever asked, and not end as silence
        traceback.print_exc()
        send(channel, "refused", message=f"{type(error).__name__}: {error}")


def _cells(
    kernel: InnerKernel,
    reporter: _Reporter,
    stray: tuple[int, int],
    head: Mapping[str, Any],
    parts: Sequence[bytes],
    limits: Limits,
) -> None:
    """Run the cells of a notebook that another process's papermill prepared."""
    os.environ.clear()
    os.environ.update(head["environment"])
    os.chdir(head["folder"])
    notebook = nbformat.reads(parts[0].decode(), as_version=4)
    manager = NotebookExecutionManager(notebook, progress_bar=False)
    manager.notebook_start()
    with inside(kernel, reporter, stray, limits):
        InnerClient(manager, kernel, reporter, **head["options"]).execute()
    metadata = {name: notebook.metadata[name] for name in ("language_info", "widgets") if name in notebook.metadata}
    reporter.end(metadata)


def _settle(order: Order, scratch: Path) -> None:
    """Put the order's files where its notebook finds them, and go there."""
    for name, data in order.files.items():
        path = scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    os.chdir(scratch if order.files else order.folder or scratch)
    os.environ["PWD"] = os.getcwd()  # noqa: PTH109 - a text
    os.environ.update(order.environment)


def _own_streams() -> tuple[int, int]:
    """Lead the descriptors 1 and 2 into files of this process, and 0 to nothing; return the files."""
    # What this process itself has to complain about goes where the warm one's complaints go.
    sys.stderr = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    found = []
    for number in (1, 2):
        if hasattr(os, "memfd_create"):
            stray = os.memfd_create(f"output-{number}")
        else:
            stray, name = tempfile.mkstemp()
            os.unlink(name)  # noqa: PTH108
        os.dup2(stray, number)
        found.append(stray)
    return found[0], found[1]


def _die_with_parent() -> None:
    """Ask Linux to end this process when the warm one ends, which would otherwise leave it alone with its work."""
    set_death_signal = 1
    if _LIBC is not None:
        _LIBC.prctl(set_death_signal, signal.SIGKILL)


# Loaded before the fork, like everything else.
_LIBC = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
