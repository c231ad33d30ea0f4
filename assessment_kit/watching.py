"""Follow a process that works for this one: pass on what it says until it ends, and stop it at its limits."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from assessment_kit.memory import WATCH, resident
from assessment_kit.orders import INTERRUPT, KILL, STATUS, Limits, receive

#: Seconds that a notebook has after its time is up to say where it was, before it is killed.
GRACE = 2.0

#: What a process may hold beyond its limit before it is killed from outside: what it shares with the warm one (bytes).
_SPARE = 256 * 2**20

#: Takes a message of a process, and tells whether it was the last that is waited for.
OnEvent = Callable[[Mapping[str, Any], list[bytes]], bool]


class LostError(Exception):
    """The warm process is gone, and with it what it was asked for."""


class UnwantedError(Exception):
    """Nobody wants any more what a process was asked for."""


@dataclass(frozen=True)
class Ended:
    """How a process ended before its work did: ``why`` is "" (it did not), ``time``, ``memory`` or ``death``."""

    why: str = ""
    words: str = ""


def watch(
    channel: Connection,
    status: Connection,
    ask: Callable[[bytes], object],
    on_event: OnEvent,
    *,
    limits: Limits,
    cell_timeout: float | None = None,
    wanted: Callable[[], bool] | None = None,
) -> Ended:
    """Pass on what a process says until it ends; stop it at its limits.

    Parameters
    ----------
    channel, status
        What it says; where its end is told.
    ask
        Has it interrupted or killed.
    on_event
        Is given every message. The end of the process is not waited for behind the last.
    cell_timeout
        Seconds between a message ``started`` and the next.
    wanted
        Tells whether somebody still wants it; asked now and then.

    Raises
    ------
    LostError
        When nobody is left to tell how it ended.
    UnwantedError
        When it is not wanted any more; it still runs.
    """
    clock = _Clock(limits.timeout, cell_timeout)
    process, why, open_ends = 0, "", [channel, status]
    while True:
        if wanted is not None and not wanted():
            raise UnwantedError
        pause = clock.left()
        if wanted is not None or (limits.max_memory and process):
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
            return _ended(status, why)
        if clock.left() == 0 and not why:
            why = "time"
            ask(INTERRUPT)
            clock.grace()
        elif clock.left() == 0:
            ask(KILL)
            clock.stop()
        if limits.max_memory and process and not why and resident(process) > limits.max_memory + _SPARE:
            why = "memory"
            ask(KILL)


def _ended(status: Connection, why: str) -> Ended:
    said = os.read(status.fileno(), STATUS.size)
    if len(said) < STATUS.size:
        raise LostError
    (code,) = STATUS.unpack(said)
    if why or code == 0:
        return Ended(why)
    if code > 0:
        return Ended("death", f"The notebook ended its process (exit code {code}) before its last cell.")
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    by = "by somebody, or by the system when memory ran out" if -code == signal.SIGKILL else "by a crash"
    return Ended("death", f"The notebook's process was killed ({name}), {by}.")


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
