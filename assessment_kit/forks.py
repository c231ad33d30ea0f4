"""Processes on request, each forked from one that is warm already: this side of ``warm``.

::

    with WarmProcess() as warm:
        ended = warm.run(ask, on_event, limits=Limits(timeout=60))

The warm process is a fresh interpreter, not a fork of this one: whatever this process has loaded, started or opened
stays out of the notebooks, and threads of this one cannot be caught in the middle of something. Nothing is loaded here:
a command that only asks for reports needs no pandas and no Jupyter.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from assessment_kit.errors import ReportError
from assessment_kit.orders import KILL, REQUEST, START, Channel, Limits, send
from assessment_kit.watching import GRACE, Ended, LostError, OnEvent, watch

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)

# Arrow's own allocator reserves a gigabyte at once, which a limit of memory would count.
_PLAIN_ALLOCATOR = {"ARROW_DEFAULT_MEMORY_POOL": "system"}

_START = """
import os, shutil, signal, sys
asker = os.getppid()
def look(*_):
    if os.getppid() != asker:
        shutil.rmtree({scratch!r}, ignore_errors=True)
        os._exit(1)
# Until it listens, it looks every now and then whether whoever asked for it still lives.
signal.signal(signal.SIGALRM, look)
signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
sys.path.append({home!r})
from assessment_kit.postponed import postpone_grammar
postpone_grammar()
from assessment_kit.warm import main
main({control})
"""


def available() -> bool:
    """Tell whether this system can fork."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and bool(sys.executable)


class WarmProcess:
    """A process that imported and tried out everything, and forks.

    It is started when first needed. Safe to use from several threads.

    Parameters
    ----------
    guide
        A guide that it reads in advance.
    rehearse
        Whether it makes a report before the first fork: worth it for more than two.
    """

    def __init__(self, guide: Path | None = None, *, rehearse: bool = True) -> None:
        self._guide = guide
        self._rehearse = rehearse
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._closed = False
        self.owner = os.getpid()
        self.scratch = Path(tempfile.mkdtemp(prefix="assessment-kit-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed, for good."""
        return self._closed

    @property
    def started(self) -> bool:
        """Whether it runs, as far as anybody noticed."""
        return self._control is not None

    def start(self) -> None:
        """Start it, and wait until it is warm.

        Raises
        ------
        ReportError
            When it cannot be started.
        LostError
            When it was killed before it was warm.
        """
        with self._lock:
            self._start()

    def _start(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair()
        home = str(Path(__file__).resolve().parents[1])
        # -P: a file in the working directory must not take the place of a module.
        code = _START.format(home=home, scratch=str(self.scratch), control=theirs.fileno())
        log = self.scratch / "warm.log"
        with theirs, log.open("wb") as errors:
            if self._closed:
                raise LostError
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ONE_THREAD, **_PLAIN_ALLOCATOR},
                start_new_session=True,  # Ctrl-C is for this process, which then stops that one
            )
        with suppress(BrokenPipeError, ConnectionResetError):
            channel = Connection(os.dup(ours.fileno()))
            send(channel, "warm", guide=str(self._guide or ""), rehearse=self._rehearse, scratch=str(self.scratch))
            channel.close()
        try:
            answer = ours.recv(1)
        except OSError:
            answer = b""
        if answer != b"\1":
            ours.close()
            killed = self._process.wait() < 0
            words = log.read_text(encoding="utf-8", errors="replace").strip()
            if self._closed or (killed and not words):
                raise LostError
            raise ReportError(f"The process that makes reports did not start: {words or 'it was killed'}")
        self._control = ours
        return ours

    def close(self) -> None:
        """End it, and every process that it forked."""
        # Without the lock: somebody may hold it, and wait for the process to start.
        self._closed = True
        process = self._process
        if self._control is not None:
            with suppress(OSError):
                self._control.shutdown(socket.SHUT_RDWR)
        elif process is not None:
            process.kill()
        if process is not None:
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with self._lock:
            if self._control is not None:
                self._control.close()
                self._control = None
        shutil.rmtree(self.scratch, ignore_errors=True)

    def run(
        self,
        ask: Callable[[Channel], None],
        on_event: OnEvent,
        *,
        limits: Limits,
        cell_timeout: float | None = None,
        wanted: Callable[[], bool] | None = None,
    ) -> Ended:
        """Have something done in a process of its own, and return how that ended.

        Parameters
        ----------
        ask
            Sends what is asked for.
        on_event
            Is given every message that comes back. The end of the process is not waited for behind the last.
        cell_timeout
            Seconds between a message ``started`` and the next.
        wanted
            Tells whether somebody still wants it; asked now and then.

        Raises
        ------
        LostError
            When the warm process was lost on the way, or closed.
        UnwantedError
            When it was not wanted any more, and was ended.
        """
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        said, says = os.pipe()
        try:
            with theirs:
                asked = self._ask(START, number, [theirs.fileno(), says])
        except BaseException:
            ours.close()
            os.close(said)
            raise
        finally:
            os.close(says)
        channel, status = Connection(ours.detach()), Connection(said, writable=False)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):
                ask(channel)
            stop = partial(self._ask, number=number)
            return watch(channel, status, stop, on_event, limits=limits, cell_timeout=cell_timeout, wanted=wanted)
        except BaseException as error:
            if isinstance(error, LostError):
                with self._lock:
                    self._mourn(asked)
            with suppress(LostError):
                self._ask(KILL, number)
            raise
        finally:
            channel.close()
            status.close()

    def _ask(self, kind: bytes, number: int, handles: list[int] | None = None) -> socket.socket:
        """Ask the warm process for something, and return the socket by which it was asked."""
        with self._lock:
            control = self._start() if kind == START else self._control
            if control is None:
                raise LostError
            try:
                socket.send_fds(control, [REQUEST.pack(kind, number)], handles or [])
            except OSError:
                self._mourn(control)
                raise LostError from None
            return control

    def _mourn(self, lost: socket.socket) -> None:
        """Forget the warm process behind a socket, which is gone, so that the next request starts another."""
        if self._control is not lost:
            return  # somebody else noticed before, and there is another already
        lost.close()
        self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


_shared: WarmProcess | None = None
_sharing = threading.Lock()


def shared(*, rehearse: bool = False) -> WarmProcess:
    """Return the warm process of whoever has none of his own; it ends with this process.

    Parameters
    ----------
    rehearse
        Whether it makes a report before the first fork, in case it has not been started yet.
    """
    global _shared  # noqa: PLW0603 - one for each process is the point
    with _sharing:
        if _shared is None or _shared.closed or _shared.owner != os.getpid():
            _shared = WarmProcess(rehearse=rehearse)
            atexit.register(_shared.close)
        return _shared
