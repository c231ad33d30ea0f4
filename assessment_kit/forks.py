"""Processes on request, each forked from one that is warm already: this side of ``warm``.

::

    with WarmProcess() as warm:
        ended = warm.run(ask, on_event, limits=Limits(timeout=60))

The warm process is a fresh interpreter, not a fork of this one: whatever this process has loaded, started or opened
stays out of the notebooks, and threads of this one cannot be caught in the middle of something. Nothing is loaded here:
a command that only asks for reports needs no pandas and no Jupyter.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assessment_kit.errors import ReportError
from assessment_kit.memory import resident
from assessment_kit.orders import (
    INTERRUPT,
    KILL,
    REQUEST,
    START,
    STATUS,
    Channel,
    Limits,
    receive,
    send,
)

#: Seconds that a notebook has after its time is up to say where it was, before it is killed.
GRACE = 2.0

#: How often (seconds) the memory of a process with a limit is looked at: its own limit counts most, but not all of it.
WATCH = 0.25

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)

# Arrow's own allocator reserves a gigabyte at once, which a limit of memory would count.
_PLAIN_ALLOCATOR = {"ARROW_DEFAULT_MEMORY_POOL": "system"}

_START = """
import os, signal, sys
asker = os.getppid()
# Until it listens, it looks every now and then whether whoever asked for it still lives.
signal.signal(signal.SIGALRM, lambda *_: os.getppid() == asker or os._exit(1))
signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
sys.path.append({home!r})
from assessment_kit.postponed import postpone_grammar
postpone_grammar()
from assessment_kit.warm import main
main({control})
"""

#: Takes a message of a process, and tells whether it was the last that is waited for.
OnEvent = Callable[[Mapping[str, Any], list[bytes]], bool]


class LostError(Exception):
    """The warm process is gone, and with it what it was asked for."""


@dataclass(frozen=True)
class Ended:
    """How a process ended before its work did: ``why`` is "" (it did not), ``time``, ``memory`` or ``death``."""

    why: str = ""
    words: str = ""


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
        """
        with self._lock:
            self._start()

    def _start(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair()
        home = str(Path(__file__).resolve().parents[1])
        # -P: a file in the working directory must not take the place of a module.
        code = _START.format(home=home, control=theirs.fileno())
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
            self._process.wait()
            if self._closed:
                raise LostError
            words = log.read_text(encoding="utf-8", errors="replace").strip()
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

        Raises
        ------
        LostError
            When the warm process was lost on the way, or closed.
        """
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        said, says = os.pipe()
        try:
            with theirs:
                self._ask(START, number, [theirs.fileno(), says])
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
            return self._follow(number, channel, status, on_event, limits, cell_timeout)
        except BaseException:
            with suppress(LostError):
                self._ask(KILL, number)
            raise
        finally:
            channel.close()
            status.close()

    def _ask(self, kind: bytes, number: int, handles: list[int] | None = None) -> None:
        with self._lock:
            control = self._start() if kind == START else self._control
            if control is None:
                raise LostError
            try:
                socket.send_fds(control, [REQUEST.pack(kind, number)], handles or [])
            except OSError:
                self._mourn()
                raise LostError from None

    def _mourn(self) -> None:
        """Forget a warm process that is gone, so that the next request starts another."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _follow(
        self,
        number: int,
        channel: Connection,
        status: Connection,
        on_event: OnEvent,
        limits: Limits,
        cell_timeout: float | None,
    ) -> Ended:
        """Pass on what a process says until it ends; stop it at its limits."""
        clock = _Clock(limits.timeout, cell_timeout)
        process, why, words, open_ends = 0, "", "", [channel, status]
        while True:
            pause = clock.left()
            if limits.max_memory and process:
                pause = WATCH if pause is None else min(pause, WATCH)
            ready = wait(open_ends, pause)
            if channel in ready:
                try:
                    head, parts = receive(channel)
                except (EOFError, OSError):
                    open_ends.remove(channel)
                else:
                    if head["kind"] == "process":
                        process = head["number"]
                    elif head["kind"] == "started":
                        clock.cell_starts()
                    if on_event(head, parts):
                        return Ended(why)
            elif status in ready:
                return self._ended(status, why, words)
            if clock.left() == 0 and not why:
                why = "time"
                self._ask(INTERRUPT, number)
                clock.grace()
            elif clock.left() == 0:
                self._ask(KILL, number)
                clock.stop()
            if limits.max_memory and process and not why and resident(process) > limits.max_memory + _SPARE:
                why = "memory"
                self._ask(KILL, number)

    def _ended(self, status: Connection, why: str, words: str) -> Ended:
        said = os.read(status.fileno(), STATUS.size)
        if len(said) < STATUS.size:
            with self._lock:
                self._mourn()
            raise LostError
        (code,) = STATUS.unpack(said)
        if why or code == 0:
            return Ended(why)
        if code > 0:
            return Ended("death", f"The notebook ended its process (exit code {code}) before its last cell.")
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        by = "by somebody, or by the system when memory ran out" if -code == signal.SIGKILL else "by a crash"
        return Ended("death", f"The notebook's process was killed ({name}), {by}.")


#: What a process may hold beyond its limit before it is killed from outside: what it shares with the warm one (bytes).
_SPARE = 256 * 2**20


class _Clock:
    """When something is to be stopped."""

    def __init__(self, timeout: float | None, cell_timeout: float | None) -> None:
        self._cell_timeout = cell_timeout
        self._whole = time.monotonic() + timeout if timeout else None
        self._cell: float | None = None

    def cell_starts(self) -> None:
        if self._cell_timeout:
            self._cell = time.monotonic() + self._cell_timeout

    def grace(self) -> None:
        self._cell, self._cell_timeout, self._whole = None, None, time.monotonic() + GRACE

    def stop(self) -> None:
        self._cell, self._cell_timeout, self._whole = None, None, None

    def left(self) -> float | None:
        """Return the seconds left, None for no end."""
        ends = [end for end in (self._whole, self._cell) if end is not None]
        return max(0.0, min(ends) - time.monotonic()) if ends else None
