"""A notebook executed in a process of its own, forked from a warm one; and what is left of one that was stopped.

::

    with WarmProcess() as warm:
        delivery = fulfil(order, Limits(timeout=60), warm)
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assessment_kit.errors import ReportError
from assessment_kit.forks import WarmProcess
from assessment_kit.orders import Delivery, IndexOrder, Limits, Order, read_delivery, send, send_order
from assessment_kit.watching import LostError

#: How many times a notebook is given another process because the warm one was lost.
MOST_TRIES = 2


def fulfil(order: Order, limits: Limits, warm: WarmProcess) -> Delivery:
    """Execute a notebook in a process of its own.

    Raises
    ------
    ReportError
        When it cannot be executed at all.
    LostError
        When the warm process was closed meanwhile.
    """
    for _ in range(MOST_TRIES):
        try:
            return _fulfil(order, limits, warm)
        except LostError:
            if warm.closed:
                raise
    raise ReportError("The process that makes reports was killed twice (by somebody, or for want of memory).")


def _fulfil(order: Order, limits: Limits, warm: WarmProcess) -> Delivery:
    scratch = Path(tempfile.mkdtemp(dir=warm.scratch))
    settings: dict[str, Any] = {"scratch": str(scratch), "limits": asdict(limits)}
    try:
        heard = _Heard()
        ended = warm.run(lambda channel: send_order(channel, order, **settings), heard, limits=limits)
        if heard.answered:
            return heard.answer()
        problem = ended.words or limits.words(ended.why) or "The notebook ended its process before its last cell."
        # Another process puts together what there is: this one has not loaded what that takes.
        settings |= {"cells": heard.cells, "problem": problem}
        warm.run(lambda channel: send_order(channel, order, "partial", **settings), heard, limits=Limits())
        return heard.answer(problem)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def fulfil_index(order: IndexOrder, warm: WarmProcess) -> bytes:
    """Have an index made in a process of its own: this one has not loaded what that takes.

    Raises
    ------
    ReportError
        When it cannot be made.
    LostError
        When the warm process was lost on the way, or closed.
    """
    heard = _Heard()
    ended = warm.run(lambda channel: send(channel, "index", **asdict(order)), heard, limits=Limits())
    return heard.answer(ended.words or "The process that makes the index ended before it was done.").html


class _Heard:
    """What a process said of its order."""

    def __init__(self) -> None:
        self.cells: dict[int, str] = {}
        self._delivery: Delivery | None = None
        self._refused = ""

    def __call__(self, head: Mapping[str, Any], parts: list[bytes]) -> bool:
        if head["kind"] == "cell":
            self.cells[head["number"]] = parts[0].decode()
        elif head["kind"] == "started":
            self.cells.setdefault(head["number"], "")
        elif head["kind"] == "delivery":
            self._delivery = read_delivery(head, parts)
        elif head["kind"] == "refused":
            self._refused = head["message"]
        return self.answered

    @property
    def answered(self) -> bool:
        return self._delivery is not None or bool(self._refused)

    def answer(self, otherwise: str = "") -> Delivery:
        if self._delivery is None:
            raise ReportError(self._refused or otherwise)
        return self._delivery


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
