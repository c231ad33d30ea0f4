"""A limit on the memory of this process that the notebook meets as a ``MemoryError``, with its place in the code.

The limit is on the data that the process owns (``RLIMIT_DATA``), not on its address space: JavaScript engines and
numeric libraries reserve far more addresses than they ever use. What they have reserved before the notebook starts does
not count, only what is held; from then on everything does. It is the soft limit, so that the kit can lift it again to
put the error into words and to write down what there is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

#: Below this not even an empty notebook runs: the libraries alone take about half of it (bytes).
LEAST = 256 * 2**20

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
    """Return the bytes of memory that a process holds, 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123 - many times a second
            return int(file.read().split()[1]) * (resource.getpagesize() if resource else 4096)
    except (OSError, IndexError, ValueError):
        return 0
