"""Bytes off the disk: found, unpacked, and told apart by how they begin, not by how the file is named."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow

from assessment_kit.incidents.raw import SAVE_AS_CSV, refused, too_large
from assessment_kit.wording import count

#: Most that a compressed file may unpack to: beyond, it is a mistake or an attack.
_LARGEST = 16 * 2**30
_PIECE = 16 * 2**20
#: Bytes below which a file may hold one value of JSON and nothing else.
_SHORT = 100

#: First bytes of files that people send instead of a table, with what to say about each.
_NOT_A_TABLE = {
    b"%PDF": ("a PDF", SAVE_AS_CSV),
    b"\x89PNG": ("a picture", SAVE_AS_CSV),
    b"\xff\xd8\xff": ("a picture", SAVE_AS_CSV),
    b"SQLite format 3": ("a database", SAVE_AS_CSV),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "Unpack it, and name the file in it."),
    b"Rar!": ("a RAR archive", "Unpack it, and name the file in it."),
}
#: Files in one ZIP archive that are read together.
_MOST_MEMBERS = 100
_EMPTY_ZIP = b"PK\x05\x06"
#: A name for messages, the contents, and what was decided.
_Unpacked = tuple[str, bytes, tuple[str, ...]]
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "Zstandard"}
_SUFFIXES = {
    ".gz": "gzip",
    ".bz2": "bzip2",
    ".xz": "xz",
    ".zst": "Zstandard",
    ".zip": "ZIP",
    ".xlsx": "an Excel workbook",
}


@dataclass(frozen=True)
class Stored:
    """A file's contents, unpacked.

    Attributes
    ----------
    kind
        ``text``, ``json``, ``workbook`` or ``parquet``.
    """

    name: str
    content: bytes
    sha256: str
    kind: str
    decisions: tuple[str, ...] = ()


def read_files(path: Path) -> list[Stored]:
    """Return a file's contents, unpacked where they were compressed; of a ZIP archive those of every file in it.

    Raises
    ------
    ExportError
        When there is no such file, it is empty, damaged, or nothing that holds a table.
    """
    stored = _bytes_of(path)
    digest = hashlib.sha256(stored).hexdigest()
    found = []
    for name, content, decisions in _unpacked(stored, path.name):
        # The whole is stripped, which copies it, only where it begins with nothing.
        if not content[:4096].strip() and not content.strip():
            raise refused(name, "the file is empty", "Export the list again.")
        kind = _kind(content, name)
        told = misnamed(path) if not decisions and kind in ("text", "json") else decisions
        found.append(Stored(name, content, digest, kind, told))
    return found


def misnamed(path: Path) -> tuple[str, ...]:
    """Say that a plain text is named like something else, where it is."""
    promised = _SUFFIXES.get(path.suffix.casefold())
    return (f"The file is named like {promised}, but it is plain text, and read as that.",) if promised else ()


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise refused(path.name, "there is no such file", "Check the spelling and the folder.") from None
    except IsADirectoryError:
        raise refused(path.name, "this is a folder, not a file", "Name the export's file in it.") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise refused(path.name, f"it cannot be read ({reason})", "Check the permissions of the file.") from None
    except MemoryError:
        raise too_large(path.name) from None


def _unpacked(stored: bytes, name: str) -> list[_Unpacked]:
    if stored.startswith((b"PK\x03\x04", _EMPTY_ZIP)):
        return _from_zip(stored, name)
    method = method_of(stored)
    if not method:
        return [(name, stored, ())]
    try:
        return [(name, _drained(_stream(stored, method), name), (f"The file is unpacked with {method}.",))]
    except (EOFError, OSError, lzma.LZMAError, ValueError, zlib.error):
        raise refused(name, f"the {method} file is damaged or cut off", "Copy or download it again.") from None


def method_of(head: bytes) -> str:
    """Return what a file is packed with, told by its first bytes; "" where it is not."""
    return next((words for magic, words in _COMPRESSED.items() if head.startswith(magic)), "")


def _stream(stored: bytes, method: str) -> Any:
    source = io.BytesIO(stored)
    if method == "gzip":
        return gzip.GzipFile(fileobj=source)
    if method == "bzip2":
        return bz2.BZ2File(source)
    if method == "xz":
        return lzma.LZMAFile(source)
    return pyarrow.CompressedInputStream(pyarrow.py_buffer(stored), "zstd")


def _drained(stream: Any, name: str) -> bytes:
    pieces = []
    size = 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > _LARGEST:
            what = f"it unpacks to more than {_LARGEST // 2**30} GB"
            raise refused(name, what, "Export a shorter period.")
        pieces.append(bytes(piece))
    return b"".join(pieces)


def _from_zip(stored: bytes, name: str) -> list[_Unpacked]:
    """Return the files in a ZIP archive; an Excel workbook is one too, and stays whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(stored)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if any(each.filename.startswith(("xl/", "[Content_Types]", "content.xml")) for each in members):
                return [(name, stored, ())]
            # What Macs add is no data.
            members = [each for each in members if not re.search(r"(^|/)(\.|__MACOSX)", each.filename)]
            if not members:
                raise refused(name, "the ZIP archive holds no file", "Export the list again.")
            if len(members) > _MOST_MEMBERS or sum(each.file_size for each in members) > _LARGEST:
                what = f"the ZIP archive holds {count(len(members), 'file')}"
                raise refused(name, what, "Unpack it, and name the files of one kind together.")
            return [_member(archive, each, name, alone=len(members) == 1) for each in members]
    # What a damaged archive says of itself leads anywhere: before its beginning, to a name of no letters.
    except (zipfile.BadZipFile, ArithmeticError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
            ValueError, lzma.LZMAError, struct.error, zlib.error):  # fmt: skip
        raise refused(name, "the ZIP archive or workbook is damaged or cut off", "Copy or download it again.") from None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, *, alone: bool) -> _Unpacked:
    inside = Path(member.filename).name
    if member.flag_bits & 1:
        what = f"'{inside}' in the ZIP archive is protected by a password"
        raise refused(name, what, "Unpack it, and name the file.")
    with archive.open(member) as stream:
        called = name if alone else f"{name}/{inside}"
        return called, _drained(stream, name), (f"Read is '{inside}' in the ZIP archive.",)


def plain_text(head: bytes) -> bool:
    """Tell from a file's first bytes whether it may be a text in columns, as it is."""
    known = (
        b"PK\x03\x04",
        _EMPTY_ZIP,
        _OLE,
        b"PAR1",
        b"{",
        b"[",
        b"<",
        b"\xff\xfe",
        b"\xfe\xff",
        *_COMPRESSED,
        *_NOT_A_TABLE,
    )
    return not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(known)


def _kind(content: bytes, name: str) -> str:
    """Return what the contents are by their first bytes."""
    if content.startswith(b"PK\x03\x04"):
        return "workbook"
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            what = "this Excel workbook is protected by a password"
            raise refused(name, what, "Open it, take the password off (File, Info, Protect Workbook), and save it.")
        return "workbook"
    if content.startswith(b"PAR1"):
        return "parquet"
    for magic, (kind, remedy) in _NOT_A_TABLE.items():
        if content.startswith(magic):
            raise refused(name, f"this is {kind}, not a table", remedy)
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower()
    if re.match(rb"<(!doctype\s+html|html|head|body|table|meta|script)", head):
        what = "this is a web page, not a table, whatever its name says"
        remedy = (
            "Log in and download the export again; a page with a table can be opened in a spreadsheet and saved as CSV."
        )
        raise refused(name, what, remedy)
    if head.startswith(b"<"):
        raise refused(name, "this is XML, not a table", SAVE_AS_CSV)
    scalar = len(content) < _SHORT and re.fullmatch(rb"null|true|false|-?\d+(\.\d+)?", content.strip().lower())
    return "json" if scalar or head.startswith((b"{", b"[")) else "text"
