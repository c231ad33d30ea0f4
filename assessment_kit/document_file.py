"""Between a document and the bytes of its file: encoding, size, and the name that messages use.

Inside of :mod:`assessment_kit.workspace`, which is what others import.
"""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from assessment_kit.document import MAX_BYTES, Document, parse_document, to_json
from assessment_kit.durable import storing
from assessment_kit.errors import DocumentError, Problem, StorageError
from assessment_kit.guide import Guide


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it was read or saved.

    Attributes
    ----------
    path
        Its file.
    document
        Its contents. To change them, edit a copy (``document.model_copy(deep=True)``): a merge needs both.
    revision
        SHA-256 of the file's bytes, by which a change on the disk is noticed.
    """

    path: Path
    document: Document
    revision: str


def read_document(path: Path | str, guide: Guide | None = None) -> Document:
    """Return a document, for reading only.

    Parameters
    ----------
    guide
        With a guide, a document that cannot be read also says what is wrong with its answers under it.

    Raises
    ------
    DocumentError
        With every problem of its contents.
    StorageError
        When it cannot be read.
    """
    path = Path(path)
    return document_of(path, read_bytes(path), guide).document


def short_name(path: Path) -> str:
    """Return a file's name with its folder, as messages use it: ``payments/2026-11-24.json``."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def read_bytes(path: Path) -> bytes:
    """Return a document's file as it is.

    Raises
    ------
    DocumentError
        When it is larger than any document.
    StorageError
        When it cannot be read.
    """
    name = short_name(path)
    with storing(name, "cannot be read"):
        try:
            found = path.stat()
        except FileNotFoundError:
            raise StorageError(f"{path}: there is no such file. Check the path.") from None
        except ValueError as error:  # a null character, which no file's name can hold
            raise StorageError(f"{name!r}: cannot be read ({error}). Check the path.") from None
        if not stat.S_ISREG(found.st_mode):  # opening a pipe would wait for ever
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "not a file"
            raise StorageError(f"{path}: this is {what}, not a document. Name a .json file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        remedy = f"A document has at most {MAX_BYTES // 1_000_000} MB. Is this the right file?"
        raise DocumentError([Problem(name, f"{found.st_size / 1e6:,.0f} MB is too large for a document", remedy)])
    return data


def document_of(path: Path, data: bytes, guide: Guide | None = None) -> Opened:
    """Return the document in a file's bytes: UTF-8, with a byte order mark or without.

    Raises
    ------
    DocumentError
        With every problem.
    """
    name = short_name(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8, or restore an earlier revision from the .history folder beside it."
        raise DocumentError([Problem(name, f"not UTF-8 text (byte {error.start})", remedy)]) from None
    return Opened(path, parse_document(text, name, guide), digest_of(data))


def bytes_of(document: Document, guide: Guide | None, name: str) -> bytes:
    """Return the bytes of a document's file, its answers in the order of the guide's questions.

    Raises
    ------
    DocumentError
        When it could not be read again.
    """
    data = to_json(document, guide.questions if guide is not None else (), name).encode()
    if len(data) > MAX_BYTES:  # it could be written, but never read again
        what = f"{len(data) / 1e6:,.0f} MB are too much for a document"
        remedy = f"Shorten notes and tables to {MAX_BYTES // 1_000_000} MB in all. Nothing was saved."
        raise DocumentError([Problem(name, what, remedy)])
    return data


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
