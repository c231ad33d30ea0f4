"""The warm process: it imports and tries out everything once, then forks a fresh process for each notebook.

It runs nothing of anybody's itself. Before the first fork it executes the kit's own report of a built-in example, so
that every module is loaded, every template compiled and every table built; the kernel that the notebooks get is made
after that and has seen no cell. It has one thread of Python, and only waits: a fork copies that state, nothing half
done.

Started by ``forks``, never by hand.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
import papermill.execute
from papermill.engines import NotebookExecutionManager

from assessment_kit import engine
from assessment_kit.errors import AssessmentKitError
from assessment_kit.executions import Execution, execute, partial, read_master
from assessment_kit.guide_file import load_guide
from assessment_kit.indexing import make_index
from assessment_kit.inner_kernel import InnerClient, InnerKernel, Listener
from assessment_kit.memory import limited
from assessment_kit.orders import (
    INTERRUPT,
    REQUEST,
    START,
    STATUS,
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
from assessment_kit.pages import browser
from assessment_kit.pages.display import STATIC_VARIABLE
from assessment_kit.resources import examples_dir, notebook_path


def main(control: int) -> None:
    """Warm up, and fork for whoever holds the other end of the socket ``control``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks; it stops this one
    channel = Connection(os.dup(control))
    head, _ = receive(channel)
    channel.close()
    scratch = Path(head["scratch"])
    try:
        if head["rehearse"]:
            rehearse(Path(head["guide"]) if head["guide"] else None, scratch)
        kernel = InnerKernel(scratch)
    except AssessmentKitError as error:
        os.write(control, b"\0")
        print(error, file=sys.stderr)
        sys.exit(1)
    gc.collect()
    gc.disable()
    gc.freeze()  # a collection in a child would otherwise touch, and so copy, every page there is
    signal.setitimer(signal.ITIMER_REAL, 0)  # from now on a closed socket says that nobody asks any more
    os.write(control, b"\1")
    _Server(socket.socket(fileno=control), kernel).serve()
    # Whoever asked may have been killed, and has not tidied up.
    shutil.rmtree(scratch, ignore_errors=True)


def rehearse(guide: Path | None, home: Path) -> None:
    """Make the report of built-in examples once, so that whatever is made at a first time is made here."""
    browser.vega_bundle()
    if guide is not None:
        load_guide(guide)
    notebook = notebook_path("team_report")
    before = Path.cwd(), dict(os.environ)
    for document in sorted((examples_dir() / "workspace").glob("*/*.json"))[-2:]:
        parameters = {"document": str(document), "previous": "", "guide": "", "audience": "team"}
        order = Order(notebook.read_bytes(), notebook.name, parameters)
        os.environ[STATIC_VARIABLE] = "1"
        kernel = InnerKernel(home)
        _execute(kernel, _Silent(), None, order, Limits()).delivery(page=True)
        kernel.forget()
        os.chdir(before[0])
        os.environ.clear()
        os.environ.update(before[1])


@contextmanager
def inside(kernel: InnerKernel, listener: Listener, stray: tuple[int, int] | None, limits: Limits) -> Iterator[None]:
    """Let papermill's engine know that this process is the notebook's own, for as long as cells run."""
    engine.inside = engine.Inside(kernel, listener)
    try:
        with limited(limits.max_memory) as relieved, kernel.running(relieved, stray):
            yield
    finally:
        engine.inside = None


class _Silent:
    """Listens to nothing."""

    def started(self, number: int) -> None:
        pass

    def told(self, number: int, cell: nbformat.NotebookNode, *, ended: bool, failed: bool) -> None:
        pass


def _execute(
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


# -- The server --------------------------------------------------------------------------------------------------------


class _Server:
    """Forks on request, and says how each fork ended."""

    def __init__(self, control: socket.socket, kernel: InnerKernel) -> None:
        self._control = control
        self._kernel = kernel
        self._running: dict[int, tuple[int, int]] = {}  # process: number, and where to write how it ended
        self._spare: tuple[int, socket.socket] | None = None
        self._waking, self._woken = os.pipe()
        for end in (self._waking, self._woken):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Work until the other end of the socket is closed."""
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._woken)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._waking, selectors.EVENT_READ)
            self._spare = self._fork(selector)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._control:
                        if not self._request(selector):
                            self._kill_all()
                            return
                    else:
                        with suppress(BlockingIOError):
                            os.read(self._waking, 4096)
                        self._bury()

    def _request(self, selector: selectors.BaseSelector) -> bool:
        """Read one request and act on it; False when there will be none any more."""
        data, handles, _, _ = socket.recv_fds(self._control, REQUEST.size, 2)
        while data and len(data) < REQUEST.size:
            more = self._control.recv(REQUEST.size - len(data))
            data = data + more if more else b""
        if not data:
            return False
        kind, number = REQUEST.unpack(data)
        if kind == START:
            work, status = handles
            self._begin(number, work, status, selector)
            return True
        for process, (running, _) in self._running.items():
            if running == number:
                with suppress(ProcessLookupError):
                    if kind == INTERRUPT:
                        os.kill(process, signal.SIGINT)
                    else:
                        os.killpg(process, signal.SIGKILL)
        return True

    def _begin(self, number: int, work: int, status: int, selector: selectors.BaseSelector) -> None:
        """Give the process that stands ready its work, and have the next one ready."""
        process, line = self._spare or self._fork(selector)
        self._running[process] = number, status
        try:
            socket.send_fds(line, [b"w"], [work])
        except OSError:
            pass  # it was killed while it waited, which is told like any other death
        finally:
            line.close()
            os.close(work)
        self._spare = self._fork(selector)

    def _fork(self, selector: selectors.BaseSelector) -> tuple[int, socket.socket]:
        """Return a new process, which waits for its work, and the line by which it gets it."""
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            code = 1
            try:
                selector.close()
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for handle in (self._waking, self._woken, *(end for _, end in self._running.values())):
                    os.close(handle)
                self._control.close()
                ours.close()
                stand_by(theirs, self._kernel)
                code = 0
            except BaseException:  # noqa: BLE001 - the very end of a process: nobody is left to raise to
                traceback.print_exc()
            finally:
                os._exit(code)
        theirs.close()
        with suppress(OSError):  # whoever comes first; a signal to the group may follow at once
            os.setpgid(process, process)
        return process, ours

    def _bury(self) -> None:
        """Say how those ended that did, and end whatever they left running."""
        while True:
            try:
                # Looked at before it is buried: until then its number, and so its group's, belongs to nobody else.
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None:
                return
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(found.si_pid, signal.SIGKILL)
            _, status = os.waitpid(found.si_pid, 0)
            if self._spare is not None and self._spare[0] == found.si_pid:
                self._spare[1].close()
                self._spare = None
            _, end = self._running.pop(found.si_pid, (0, -1))
            if end >= 0:
                with suppress(OSError):  # nobody listens any more
                    os.write(end, STATUS.pack(os.waitstatus_to_exitcode(status)))
                os.close(end)

    def _kill_all(self) -> None:
        waiting = [self._spare[0]] if self._spare is not None else []
        for process in (*self._running, *waiting):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process, signal.SIGKILL)


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


# -- In the fork -------------------------------------------------------------------------------------------------------


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
    signal.signal(signal.SIGINT, signal.default_int_handler)
    child(Connection(work), stray, kernel)


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
            found = _execute(kernel, reporter, stray, order, limits)
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
