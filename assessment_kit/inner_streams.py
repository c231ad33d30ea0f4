"""What ``sys.stdout`` and ``sys.stderr`` are in a notebook that runs under :mod:`assessment_kit.inner_kernel`."""

from __future__ import annotations

import io
import os
import threading
import time
from typing import Any

from ipykernel.ipkernel import IPythonKernel

#: Printed text is passed on in pieces of this many characters, so that an endless one does not fill the memory.
PIECE = 1 << 16

#: Printed text waits at most this many seconds, and a cell that shows one thing after another is told of as often.
OFTEN = 0.2


class Stream(io.TextIOBase):
    """What ``sys.stdout`` and ``sys.stderr`` are in a notebook: what Python prints, and what programs it starts do."""

    def __init__(self, name: str, kernel: IPythonKernel, number: int, stray: int | None) -> None:
        self.name = name
        self._kernel: Any = kernel  # whose session may be None elsewhere
        self._number = number
        self._stray = stray
        self._read = os.fstat(stray).st_size if stray is not None else 0
        self._pieces: list[str] = []
        self._length = 0
        self._flushed = time.monotonic()
        self._lock = threading.RLock()  # cells may start threads that print

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Whatever is printed can be."""
        return "UTF-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """Nothing is replaced."""
        return "strict"

    def fileno(self) -> int:
        """Return the descriptor that programs started here write to."""
        return self._number

    def isatty(self) -> bool:
        """Return that nobody sits in front of it."""
        return False

    def writable(self) -> bool:
        """Return that it may be written to."""
        return True

    def set_parent(self, parent: Any) -> None:
        """Accept what ipykernel tells its streams; the kernel knows it too."""

    def write(self, text: str) -> int:
        """Take a text, and pass it on when there is enough or it has waited long enough."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        with self._lock:
            self._gather()
            self._pieces.append(text)
            self._length += len(text)
            if self._length >= PIECE or time.monotonic() - self._flushed > OFTEN:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Pass on what was printed so far."""
        with self._lock:
            self._gather()
            text, self._pieces, self._length = "".join(self._pieces), [], 0
            self._flushed = time.monotonic()
        if text:
            content = {"name": self.name, "text": text}
            self._kernel.session.send("iopub", "stream", content, parent=self._kernel.get_parent())

    def _gather(self) -> None:
        """Take over what reached the file descriptor past Python."""
        if self._stray is None:
            return
        size = os.fstat(self._stray).st_size
        while self._read < size:
            found = os.pread(self._stray, min(PIECE, size - self._read), self._read)
            if not found:
                break
            self._read += len(found)
            self._pieces.append(found.decode("utf-8", "replace"))
            self._length += len(found)
