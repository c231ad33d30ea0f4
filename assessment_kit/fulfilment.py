"""A notebook executed in a process of its own, forked from a warm one; and what is left of one that was stopped.

::

    with WarmProcess() as warm:
        delivery = fulfil(order, Limits(timeout=60), warm)
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assessment_kit.errors import ReportError
from assessment_kit.forks import WarmProcess
from assessment_kit.orders import Delivery, IndexOrder, Limits, Order, read_delivery, send, send_order
from assessment_kit.watching import LostError

#: How many times a notebook is given another process because the warm one was lost.
MOST_TRIES = 5


def fulfil(order: Order, limits: Limits, warm: WarmProcess, wanted: Callable[[], bool] | None = None) -> Delivery:
    """Execute a notebook in a process of its own.

    Parameters
    ----------
    wanted
        Tells whether somebody still wants it; asked now and then.

    Raises
    ------
    ReportError
        When it cannot be executed at all.
    LostError
        When the warm process was closed meanwhile.
    UnwantedError
        When it was not wanted any more, and was ended.
    """
    heard = _Heard()
    for _ in range(MOST_TRIES):
        heard = _Heard()
        try:
            return _fulfil(order, limits, warm, wanted, heard)
        except LostError:
            if warm.closed:
                raise
    times = f"{MOST_TRIES} times (by somebody, or for want of memory)"
    return _partial_here(order, heard.cells, f"The process that makes reports was killed {times}. Run it again.")


def _partial_here(order: Order, cells: Mapping[int, str], problem: str) -> Delivery:
    """Put together here what there is of a notebook: no other process lives long enough."""
    from assessment_kit.executions import partial, read_master  # which loads papermill

    told = {number: json.loads(text) if text else {} for number, text in cells.items()}
    master = read_master(order.notebook, order.name)
    return partial(master, order.parameters, told, problem).delivery(page=order.page)


def _fulfil(
    order: Order, limits: Limits, warm: WarmProcess, wanted: Callable[[], bool] | None, heard: _Heard
) -> Delivery:
    scratch = Path(tempfile.mkdtemp(dir=warm.scratch))
    settings: dict[str, Any] = {"scratch": str(scratch), "limits": asdict(limits)}
    try:
        ended = warm.run(lambda channel: send_order(channel, order, **settings), heard, limits=limits, wanted=wanted)
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
