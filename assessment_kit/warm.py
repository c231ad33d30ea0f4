"""The warm process: it imports and tries out everything once, then forks a fresh process for each notebook.

It runs nothing of anybody's itself. Before the first fork it executes the kit's own report of a built-in example, so
that every module is loaded, every template compiled and every table built; the kernel that the notebooks get is made
after that and has seen no cell. It has one thread of Python, and only waits: a fork copies that state, nothing half
done.

Started by ``forks``, never by hand.
"""

from __future__ import annotations

import gc
import os
import selectors
import shutil
import signal
import socket
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import nbformat

from assessment_kit.errors import AssessmentKitError
from assessment_kit.forked import execute_here, stand_by
from assessment_kit.guide_file import load_guide
from assessment_kit.inner_kernel import InnerKernel
from assessment_kit.orders import INTERRUPT, REQUEST, START, STATUS, Limits, Order, receive
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
        execute_here(kernel, _Silent(), None, order, Limits()).delivery(page=True)
        kernel.forget()
        os.chdir(before[0])
        os.environ.clear()
        os.environ.update(before[1])


class _Silent:
    """Listens to nothing."""

    def started(self, number: int) -> None:
        pass

    def told(self, number: int, cell: nbformat.NotebookNode, *, ended: bool, failed: bool) -> None:
        pass


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
