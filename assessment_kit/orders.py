"""What is asked of whoever executes a notebook, and what comes back: plain values that can travel between processes.

An order carries everything by value: the notebook, the documents, the guide. Who fulfils it needs the kit and nothing
else, no shared disk, and reads exactly the bytes that were looked at when the order was made.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

#: What is asked of the warm process: what to do, and for which number.
REQUEST = struct.Struct("=cQ")
START, INTERRUPT, KILL = b"S", b"I", b"K"
#: How a process ended, as :func:`os.waitstatus_to_exitcode` says it.
STATUS = struct.Struct("=i")


@dataclass(frozen=True)
class Limits:
    """How far one notebook may go.

    Attributes
    ----------
    timeout
        Seconds on the clock for the whole notebook; None for no limit.
    max_memory
        Bytes of memory for its process; None for no limit.
    """

    timeout: float | None = None
    max_memory: int | None = None

    def words(self, why: str) -> str:
        """Return why a notebook was stopped: ``time`` or ``memory``; empty for anything else."""
        if why == "time":
            return f"The notebook took longer than {self.timeout:g} seconds, and was stopped. --timeout allows more."
        if why == "memory":
            allowed = f"{(self.max_memory or 0) / 2**20:,.0f} MB"
            return f"The notebook needed more than {allowed} of memory, and was stopped. --max-memory allows more."
        return ""


@dataclass(frozen=True)
class Order:
    """A notebook to execute.

    Attributes
    ----------
    notebook
        The bytes of its file.
    name
        What messages call it.
    parameters
        What papermill puts into it: texts.
    files
        What it reads, by the path under which it finds it, seen from its working directory.
    folder
        Its working directory where there are no ``files``.
    environment
        Variables that it finds set.
    page
        Whether the HTML page is asked for too.
    """

    notebook: bytes
    name: str
    parameters: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    folder: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    page: bool = True


@dataclass(frozen=True)
class Delivery:
    """An executed notebook as far as it came.

    Attributes
    ----------
    notebook, html
        The bytes of the two files; ``html`` is empty where no page was asked for.
    problem
        Why it came no further, in words for a user; empty when it came to its end.
    seconds
        How long it took, without the wait for a turn; None where nobody looked.
    """

    notebook: bytes
    html: bytes
    problem: str
    seconds: float | None = None


def timed(make: Callable[[], Delivery]) -> Delivery:
    """Have something made, and note how long that took."""
    started = time.perf_counter()
    delivery = make()
    return replace(delivery, seconds=time.perf_counter() - started)


@dataclass(frozen=True)
class IndexLine:
    """One team in an index.

    Attributes
    ----------
    document
        Path of its latest document; the earlier ones beside it are what it is compared with.
    team, day, href, error
        As in :class:`~assessment_kit.pages.index_page.IndexEntry`.
    """

    document: str
    team: str
    day: str
    href: str
    error: str


@dataclass(frozen=True)
class IndexOrder:
    """An index to make.

    Attributes
    ----------
    lines
        The teams, in any order.
    guide
        Path of the guide, empty for the built-in one.
    audience
        Whom the reports are for.
    generated
        The one date that is written into it, empty for none.
    """

    lines: tuple[IndexLine, ...]
    guide: str
    audience: str
    generated: str


class Channel(Protocol):
    """One end of a connection that carries bytes in order (``multiprocessing.connection.Connection``)."""

    def send_bytes(self, buf: bytes) -> None:
        """Send one message."""

    def recv_bytes(self) -> bytes:
        """Return the next message; ``EOFError`` at the end."""


def send(channel: Channel, kind: str, parts: Sequence[bytes] = (), **values: Any) -> None:
    """Send one message: a kind, values that JSON can hold, and parts of bytes."""
    head = {"kind": kind, "parts": len(parts), **values}
    channel.send_bytes(json.dumps(head).encode())
    for part in parts:
        channel.send_bytes(part)


def receive(channel: Channel) -> tuple[dict[str, Any], list[bytes]]:
    """Return what :func:`send` sent: the kind and the values, and the parts."""
    head = json.loads(channel.recv_bytes())
    return head, [channel.recv_bytes() for _ in range(head["parts"])]


def send_order(channel: Channel, order: Order, kind: str = "order", **values: Any) -> None:
    """Send an order; with ``values`` beside it."""
    send(
        channel,
        kind,
        [order.notebook, *order.files.values()],
        name=order.name,
        parameters=dict(order.parameters),
        files=list(order.files),
        folder=order.folder,
        environment=dict(order.environment),
        page=order.page,
        **values,
    )


def read_order(head: Mapping[str, Any], parts: Sequence[bytes]) -> Order:
    """Return the order in a message of :func:`send_order`."""
    return Order(
        notebook=parts[0],
        name=head["name"],
        parameters=head["parameters"],
        files=dict(zip(head["files"], parts[1:], strict=True)),
        folder=head["folder"],
        environment=head["environment"],
        page=head["page"],
    )


def send_delivery(channel: Channel, delivery: Delivery) -> None:
    """Send a delivery."""
    send(channel, "delivery", [delivery.notebook, delivery.html], problem=delivery.problem)


def read_delivery(head: Mapping[str, Any], parts: Sequence[bytes]) -> Delivery:
    """Return the delivery in a message of :func:`send_delivery`."""
    return Delivery(parts[0], parts[1], head["problem"])
