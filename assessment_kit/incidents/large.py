"""Files too large to be held at once: mapped instead of read, so that only the columns that matter stay in memory."""

from __future__ import annotations

import hashlib
from mmap import ACCESS_READ, mmap
from pathlib import Path

from assessment_kit.incidents.fast_table import read_fast
from assessment_kit.incidents.files import plain_text
from assessment_kit.incidents.raw import Raw, Wanted

#: Bytes from which a file is mapped.
LARGE = 1 << 30
_PIECE = 16 << 20


def read_large(path: Path, wanted: Wanted) -> Raw | None:
    """Return a large regular text in columns; None where it is small, compressed, or irregular.

    The answers are those of a file that is read at once: what differs is only how much of it is in memory.
    """
    try:
        if path.stat().st_size < LARGE:
            return None
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            if not plain_text(content[:4096]):
                return None
            cells = read_fast(content, path.name, wanted)
            if cells is None:
                return None
            digest = hashlib.sha256()
            for place in range(0, len(content), _PIECE):
                digest.update(content[place : place + _PIECE])
    except (OSError, ValueError):  # told by the reader that reads at once
        return None
    return Raw(
        path.name,
        digest.hexdigest(),
        cells.frame,
        cells.numbers,
        cells.header,
        cells.rows_read,
        cells.notes,
        cells.repeated,
    )
