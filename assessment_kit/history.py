"""Earlier revisions of a document: ``.history/<date>/<number>-<digest>.json.gz`` beside it, byte for byte.

Compressed one by one: two hours of an interview with 2,000 saves take about 9 MB, and every tool that knows gzip
can open one.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assessment_kit.document import MAX_BYTES, Document
from assessment_kit.document_file import digest_of, document_of, short_name
from assessment_kit.durable import make_folder, storing, write_bytes
from assessment_kit.errors import DocumentError, Problem

#: Name of the hidden folder in a team's folder.
FOLDER = ".history"
ENDING = ".json.gz"
#: Digits of the SHA-256 in a revision's name.
DIGITS = 8


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier state of a document.

    Attributes
    ----------
    path
        Its compressed copy.
    number
        Counts up from 1 in the order of saving.
    digest
        First eight digits of the SHA-256 of its bytes.
    """

    path: Path
    number: int
    digest: str

    @property
    def saved(self) -> datetime:
        """When it had been saved (UTC), as far as the file system tells."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)


def history(path: Path | str) -> list[Revision]:
    """Return the earlier revisions of a document, newest first.

    Raises
    ------
    StorageError
        When the history cannot be read.
    """
    path = Path(path)
    with storing(short_name(path), "its history cannot be read"):
        folder = _folder(path.resolve())
        return [Revision(folder / name, number, digest) for number, digest, name in sorted(_entries(folder))[::-1]]


def read_revision(revision: Revision) -> Document:
    """Return the document that an earlier revision holds.

    Raises
    ------
    DocumentError
        When it cannot be read as a document.
    StorageError
        When its file cannot be read.
    """
    return document_of(revision.path, revision_bytes(revision)).document


def keep(path: Path, data: bytes) -> None:
    """Put a document's bytes into its history, unless the newest revision there is the same."""
    folder = _folder(path)
    # Only the newest becomes a path: among thousands, making one of each would cost more than the save.
    number, newest, name = max(_entries(folder), default=(0, "", ""))
    digest = digest_of(data)[:DIGITS]
    if newest == digest and _unpacked(folder / name) == data:
        return
    make_folder(folder)
    # mtime=0: the same bytes make the same file everywhere.
    packed = gzip.compress(data, compresslevel=6, mtime=0)
    write_bytes(folder / f"{number + 1:05d}-{digest}{ENDING}", packed, like=path)


def _folder(path: Path) -> Path:
    return path.parent / FOLDER / path.stem


def _entries(folder: Path) -> Iterator[tuple[int, str, str]]:
    """Yield number, digest and file name of the revisions in a folder, in any order."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are what is wanted
    except FileNotFoundError:
        return
    for name in names:
        number, _, rest = name.partition("-")
        if number.isdecimal() and rest.endswith(ENDING):
            yield int(number), rest.removesuffix(ENDING), name


def revision_bytes(revision: Revision) -> bytes:
    """Return the bytes of a revision, checked against the digest in its name."""
    name = f"{FOLDER}/{short_name(revision.path)}"
    with storing(name, "cannot be read"):
        data = _unpacked(revision.path)
    if digest_of(data)[:DIGITS] != revision.digest:
        remedy = "Take another one from the same folder."
        raise DocumentError([Problem(name, "the revision is damaged", remedy)])
    return data


def _unpacked(path: Path) -> bytes:
    """Return the bytes in a compressed file, nothing when it is damaged."""
    try:
        with gzip.open(path) as file:
            return file.read(MAX_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return b""
