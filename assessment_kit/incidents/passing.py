"""Files that pass by piece by piece: hashed, unpacked and looked through without ever being held as a whole."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assessment_kit.incidents.files import method_of, misnamed, plain_text

#: Bytes from which a plain file is never held, and from which a packed one is not: it may unpack to ten times as much.
LARGE, LARGE_PACKED = 2_000_000, 32 << 20
#: Methods that Arrow unpacks as it reads.
_UNPACKED_BY_ARROW = {"gzip": "gzip", "bzip2": "bz2", "Zstandard": "zstd"}
_BREAK = ord("\n")
_PIECE = 1 << 20
#: Bytes that are looked through at a time: they stay in the processor's cache.
_CACHED = 1 << 17


class Looked:
    """A binary stream for Arrow that counts line ends, and sees whether there is a zero byte, as it passes by."""

    closed = False

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        #: The reader of pieces; Arrow's own streams hand them over without a copy.
        self._read: Callable[[int], Any] = getattr(stream, "read_buffer", stream.read)
        self.breaks = 0
        self.zeros = False
        self.length = 0
        self._last = _BREAK

    def read(self, length: int = -1) -> Any:
        """Return the next bytes, none at the end."""
        piece = self._read(length)
        values = np.frombuffer(piece, dtype=np.uint8)
        if len(values):
            for place in range(0, len(values), _CACHED):
                few = values[place : place + _CACHED]
                self.breaks += int(np.count_nonzero(few == _BREAK))
                self.zeros = self.zeros or not few.min()
            self.length += len(values)
            self._last = int(values[-1])
        return piece

    read_buffer = read

    @property
    def lines(self) -> int:
        """Number of lines that passed by, a last one without an end included."""
        return self.breaks + (self._last != _BREAK)

    def readable(self) -> bool:
        """Tell Arrow that this can be read."""
        return True

    def seekable(self) -> bool:
        """Tell Arrow that this goes forward only."""
        return False

    def writable(self) -> bool:
        """Tell Arrow that this cannot be written."""
        return False

    def close(self) -> None:
        """Close what is below."""
        self._stream.close()
        self.closed = True


@dataclass(frozen=True)
class Passing:
    """Bytes that can be passed through as often as needed.

    Attributes
    ----------
    opened
        Opens them at their beginning.
    decisions
        What was done to unpack them.
    """

    opened: Callable[[], Any]
    decisions: tuple[str, ...] = ()

    def head(self, length: int) -> bytes:
        """Return the first bytes, at most so many."""
        stream = self.opened()
        try:
            pieces = []
            while length > 0 and (piece := bytes(stream.read(min(length, _PIECE)))):
                pieces.append(piece)
                length -= len(piece)
            return b"".join(pieces)
        finally:
            stream.close()

    def looked(self, start: int) -> Looked:
        """Open them at a place near the beginning."""
        stream = self.opened()
        while start > 0 and (skipped := len(stream.read(start))):
            start -= skipped
        return Looked(stream)


def held(content: bytes) -> Passing:
    """Return bytes that are held anyway."""
    return Passing(lambda: pa.BufferReader(content))


def passing(path: Path) -> Passing | None:
    """Return a large file that may be a text in columns, plain or packed; None where it is small or something else."""
    try:
        size = path.stat().st_size
        if size < LARGE:
            return None
        with path.open("rb") as file:
            method = method_of(file.read(16))
        if method and size < LARGE_PACKED:
            return None
        told = (f"The file is unpacked with {method}.",) if method else misnamed(path)
        found = Passing(_opener(path, method), told)
        return found if plain_text(found.head(4096)) else None
    except (OSError, ValueError, EOFError, lzma.LZMAError):  # told by the reader that reads at once
        return None


def _opener(path: Path, method: str) -> Callable[[], Any]:
    if not method:
        return lambda: pa.OSFile(str(path))
    if method == "xz":
        return lambda: lzma.open(path)
    return lambda: pa.CompressedInputStream(pa.OSFile(str(path)), _UNPACKED_BY_ARROW[method])


def digest_of(path: Path) -> str:
    """Return the hash of a file as it is on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
