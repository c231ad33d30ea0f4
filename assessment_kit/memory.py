"""Limits on memory: one that a notebook meets as a ``MemoryError``, and a watch on a process that meets none.

Where the system counts what a process allocates (Linux), the notebook's own process is limited, so that the error has
its place in the code. That limit is on the data that the process owns (``RLIMIT_DATA``), not on its address space:
JavaScript engines and numeric libraries reserve far more addresses than they ever use. What they have reserved before
the notebook starts does not count, only what is held; from then on everything does. It is the soft limit, so that the
kit can lift it again to put the error into words and to write down what there is. Elsewhere somebody looks at what the
process holds.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Literal

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

#: Below this not even an empty notebook runs: the libraries alone take about half of it (bytes).
LEAST = 256 * 2**20

#: How often (seconds) is looked whether a process is still wanted, and at the memory of one with a limit: its own limit
#: counts most, but not all of it.
WATCH = 0.25

#: Elsewhere the limit exists and does not count what the interpreter allocates.
_COUNTS = sys.platform.startswith("linux")


@contextmanager
def limited(most: int | None) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Limit this process to ``most`` bytes, and give a way to lift the limit for a moment."""
    if not most or resource is None or not _COUNTS:
        yield nullcontext
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    inside = _reserved() + max(0, most - resident("self"))
    if hard != resource.RLIM_INFINITY:
        inside = min(inside, hard)

    @contextmanager
    def relieved() -> Iterator[None]:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, (inside, hard))

    resource.setrlimit(resource.RLIMIT_DATA, (inside, hard))
    try:
        yield relieved
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _reserved() -> int:
    """Return the bytes of data that this process owns as its limit counts them."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - in every fork
        return int(file.read().split()[5]) * resource.getpagesize()


def resident(pid: int | Literal["self"]) -> int:
    """Return the bytes of memory that a process holds, 0 where there is no such process."""
    if not _COUNTS:
        import psutil  # 20 ms

        with suppress(psutil.Error):
            return int(psutil.Process(None if pid == "self" else pid).memory_info().rss)
        return 0
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123 - many times a second
            return int(file.read().split()[1]) * (resource.getpagesize() if resource else 4096)
    except (OSError, IndexError, ValueError):
        return 0


@contextmanager
def watched(find: Callable[[], int | None], most: int | None) -> Iterator[threading.Event]:
    """Kill a process that comes to hold more than it may, as long as the block runs.

    Parameters
    ----------
    find
        Returns its number, None until it is there.
    most
        Bytes; None for no limit.

    Yields
    ------
    Event
        Set when it was killed.
    """
    outgrown, ended = threading.Event(), threading.Event()

    def look() -> None:
        import psutil

        while not ended.wait(WATCH):
            pid = find()
            if pid is not None and resident(pid) > (most or 0):
                outgrown.set()
                with suppress(psutil.Error):
                    psutil.Process(pid).kill()
                return

    watcher = threading.Thread(target=look, name="memory", daemon=True)
    if most:
        watcher.start()
    try:
        yield outgrown
    finally:
        ended.set()
        if most:
            watcher.join()
