"""A file to a frame of texts, exactly as they stand in it, with where it came from. Nothing is interpreted here."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes
from assessment_kit.wording import count

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

#: First bytes of files that people send instead of a CSV, with what to say about each.
_NOT_TEXT = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Excel workbook",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
}
_SAVE_AS_CSV = "Export the list again as CSV, or open it in a spreadsheet and save it as 'CSV UTF-8'."


@dataclass(frozen=True)
class Raw:
    """One export as it was found.

    Attributes
    ----------
    name
        The file's name without its folder: paths of the machine do not belong in a document.
    sha256
        Of the file's bytes as stored (compressed, if it is).
    frame
        Every column as text, every cell a ``str`` ("" where empty). The index is the row's number in a spreadsheet:
        the header is row 1.
    rows_read
        Rows below the header, those left out here included.
    notes
        Encoding and delimiter where they are not UTF-8 and comma; rows that do not fit the header.
    """

    name: str
    sha256: str
    frame: pd.DataFrame
    rows_read: int
    notes: Notes


def read_raw(path: Path) -> Raw:
    """Read a CSV file: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; plain or gzipped.

    Raises
    ------
    ExportError
        When there is no such file, it is empty or has only a header, or it is not text in columns.
    """
    name = path.name
    stored = _stored(path)
    text, encoding = _text(_uncompressed(stored, name), name)
    delimiter = _delimiter(text)
    frame, misfits, rows_read = _table(text, delimiter, name)
    if not rows_read:
        what = "the file has a header but not one row below it"
        raise _refused(name, what, "Check the filter and the period of the export, then export it again.")
    decisions = []
    if encoding != "UTF-8":
        decisions.append(f"The file is read as {encoding}.")
    if delimiter != ",":
        decisions.append(f"Its columns are separated by {DELIMITERS[delimiter]}.")
    return Raw(name, hashlib.sha256(stored).hexdigest(), frame, rows_read, Notes(misfits, tuple(decisions)))


def _refused(name: str, what: str, remedy: str) -> ExportError:
    return ExportError([Problem(name, what, remedy)])


def _stored(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(path.name, "there is no such file", "Check the spelling and the folder.") from None
    except IsADirectoryError:
        raise _refused(path.name, "this is a folder, not a file", "Name the export's file in it.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refused(path.name, f"it cannot be read ({reason})", "Check the permissions of the file.") from None


def _uncompressed(stored: bytes, name: str) -> bytes:
    if not stored.startswith(b"\x1f\x8b"):
        return stored
    try:
        return gzip.decompress(stored)
    except (EOFError, OSError, zlib.error):
        raise _refused(name, "the gzip file is damaged or cut off", "Copy or download it again.") from None


def _text(content: bytes, name: str) -> tuple[str, str]:
    """Return the text and the encoding it was read as."""
    if not content.strip():
        raise _refused(name, "the file is empty", "Export the list again.")
    for magic, kind in _NOT_TEXT.items():
        if content.startswith(magic):
            raise _refused(name, f"this is {kind}, not a CSV file", _SAVE_AS_CSV)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = {"utf-16": "UTF-16"}
    elif b"\0" in content:
        where = f"the file holds a zero byte (at byte {content.index(0):,}), so it is not text"
        raise _refused(name, where, _SAVE_AS_CSV)
    else:
        # Windows-1252 accepts nearly every byte: it may only have what UTF-8 refused.
        encodings = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
    for codec, called in encodings.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError as error:
            place = f"byte {error.start:,} is 0x{content[error.start]:02X}"
            continue
        if re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
            raise _refused(name, "this is a web page, not a CSV file", "Log in and download the export again.")
        return text, called
    what = f"the text is neither {' nor '.join(encodings.values())} ({place})"
    raise _refused(name, what, _SAVE_AS_CSV)


def _delimiter(text: str) -> str:
    """Return the delimiter that gives the widest header whose width most of the first rows share."""
    head = "\n".join(text[:200_000].splitlines()[:50])
    best, widest = ",", 1
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if row]
        except csv.Error:  # a field of more than 128 KB
            continue
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows[1:])
        if width > widest and 2 * alike >= len(rows) - 1:
            best, widest = delimiter, width
    return best


def _table(text: str, delimiter: str, name: str) -> tuple[pd.DataFrame, tuple[LeftOut, ...], int]:
    """Return the cells, the rows that do not fit the header, and the number of rows."""
    try:
        with warnings.catch_warnings():
            # pandas only warns before it drops the surplus fields of every row.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, index_col=False, engine="c"
            )
        misfits: tuple[LeftOut, ...] = ()
        rows_read = len(frame)
        frame.index = pd.RangeIndex(2, rows_read + 2)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        if unclosed := re.search(r"EOF inside string starting at row (\d+)", str(error)):
            what = f"a quotation mark opened in row {int(unclosed[1]) + 1:,} is never closed"
            remedy = "Correct that row; the export may also have been cut off."
            raise _refused(name, what, remedy) from None
        frame, misfits, rows_read = _row_by_row(text, delimiter, name)
    frame.columns = pd.Index([" ".join(str(column).split()) for column in frame.columns])
    return frame.fillna(""), misfits, rows_read


def _row_by_row(text: str, delimiter: str, name: str) -> tuple[pd.DataFrame, tuple[LeftOut, ...], int]:
    """Read a file in which some rows have more fields than the header: keep the others, count these."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    examples: list[str] = []
    header: list[str] = []
    misfits = 0
    try:
        for fields in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if not fields:
                continue
            if not header:
                header = fields
                continue
            number = len(rows) + misfits + 2
            # A delimiter at the end of every row is a habit of some tools, not a field.
            if len(fields) > len(header) and any(fields[len(header) :]):
                misfits += 1
                if len(examples) < EXAMPLES:
                    examples.append(f"row {number:,}: {len(fields)} fields under {count(len(header), 'column')}")
                continue
            rows.append((fields + [""] * len(header))[: len(header)])
            numbers.append(number)
    except csv.Error as error:
        raise _refused(name, f"not a table that can be read ({error})", _SAVE_AS_CSV) from None
    frame = pd.DataFrame(rows, columns=_told_apart(header), index=numbers, dtype=str)
    left_out = (LeftOut("rows with more fields than the header", misfits, tuple(examples)),) if misfits else ()
    return frame, left_out, len(rows) + misfits


def _told_apart(names: list[str]) -> list[str]:
    """Return repeated headers with numbers, as pandas writes them: Comment, Comment.1, Comment.2."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        times = seen.get(name, 0)
        seen[name] = times + 1
        result.append(f"{name}.{times}" if times else name)
    return result
