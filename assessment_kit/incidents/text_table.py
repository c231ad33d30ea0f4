"""Text in columns to cells: which delimiter, where the header is, and which rows do not fit it."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted, skipped_lines
from assessment_kit.incidents.raw import SAVE_AS_CSV, Cells, Wanted, refused, told_apart
from assessment_kit.wording import count

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", "^": "carets", "\x1f": "unit marks"}

#: Characters and lines from which the form of a file is judged.
_HEAD, _LINES = 200_000, 60
#: No export has a line this long; what has one is no table, and would take minutes and gigabytes to split.
LONGEST_LINE = 5_000_000


@dataclass(frozen=True)
class Form:
    """How a text is laid out.

    Attributes
    ----------
    header
        The fields of the header as written.
    start
        Position in the text of the first row below the header.
    skipped
        Lines above the header that are not part of the table.
    """

    delimiter: str
    header: tuple[str, ...]
    start: int
    skipped: tuple[str, ...] = ()

    @property
    def notes(self) -> Notes:
        """What was decided, in words."""
        decisions = []
        if self.delimiter != ",":
            decisions.append(f"Its columns are separated by {DELIMITERS.get(self.delimiter, quoted(self.delimiter))}.")
        if self.skipped:
            lines = count(len(self.skipped), "line")
            decisions.append(f"{lines} above the header skipped.")
        return Notes(decisions=tuple(decisions), quotes=skipped_lines(self.skipped))


def form_of(text: str, name: str) -> Form:
    """Return the form of a text: the delimiter under which the first rows agree most, and the first row as wide.

    Raises
    ------
    ExportError
        When its first line is endless.
    """
    head = text[:LONGEST_LINE]
    if len(text) > LONGEST_LINE and "\n" not in head and "\r" not in head:
        what = f"its first line is longer than {LONGEST_LINE:,} characters, so this is no table in lines"
        raise refused(name, what, SAVE_AS_CSV)
    start = 0
    only = ""
    if told := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        start, only = told.end(), told[1]
    layouts = [
        _Layout(delimiter, records)
        for delimiter in ((only,) if only else DELIMITERS)
        if (records := _records(text, start, delimiter))
    ]
    if not layouts:
        return Form(",", (), len(text))
    best = max(layouts, key=lambda layout: layout.rank(layouts))
    end, header = best.records[best.place]
    skipped = tuple(best.delimiter.join(fields) for _, fields in best.records[: best.place])
    return Form(best.delimiter, tuple(header), end, skipped)


class _Layout:
    """The first records of a text under one delimiter: which of them is the header, and how well the others fit it."""

    def __init__(self, delimiter: str, records: list[tuple[int, list[str]]]) -> None:
        self.delimiter, self.records = delimiter, records
        widths = Counter(len(fields) for _, fields in records)
        self.width = max(widths, key=lambda each: (widths[each], each))
        self.agree = 2 * (widths[self.width] + widths[self.width - 1]) >= len(records)
        # A delimiter at the end of each row makes rows one wider than the header.
        wide = (
            place for place, (_, fields) in enumerate(records) if len(fields) >= max(min(self.width, 2), self.width - 1)
        )
        self.place = next(wide, 0)
        if self.place == len(records) - 1:
            self.place = 0
        self.header = records[self.place][1]
        self.fits = self.agree and len(self.header) > 1

    def rank(self, others: list[_Layout]) -> tuple[int, ...]:
        """Return what tells the right delimiter: the greatest is it."""
        is_row_elsewhere = self.fits and any(other.fits and other._has_as_row(self) for other in others)
        return (
            min(self.width, 2),
            self.fits,
            not is_row_elsewhere,
            # Where a blank follows, it is a comma within words.
            not (self.fits and any(field.startswith(" ") for field in self.header)),
            # A comma in nearly each row separates nothing where the header has none of it.
            self.fits and len(self.header) == self.width,
            self.width if self.agree else 1,
        )

    def _has_as_row(self, other: _Layout) -> bool:
        """Tell whether what is the header for another is a row below the header here."""
        end = other.records[other.place][0]
        below = self.records[self.place + 1 :]
        return any(here == end and 0 <= len(fields) - len(self.header) <= 1 for here, fields in below)


def _records(text: str, start: int, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the first records with the position at which each ends; the last one may be cut, and is not among them."""
    ends: list[int] = []
    position = start
    lines: list[str] = []
    for line in io.StringIO(text[start : start + max(_HEAD, _first_line(text, start))], newline=""):
        if len(lines) == _LINES:
            break
        lines.append(line)
        position += len(line)
        ends.append(position)
    if position < len(text) and len(lines) < _LINES and len(lines) > 1:
        lines.pop()
    found = []
    reader = csv.reader(iter(lines), delimiter=delimiter)
    try:
        for fields in reader:
            if fields:
                found.append((ends[reader.line_num - 1], fields))
    except csv.Error:  # a field of more than 128 KB
        return found
    return found


def _first_line(text: str, start: int) -> int:
    found = re.compile(r"[\r\n]").search(text, start)
    return (found.end() - start + 1) if found else len(text) - start


def read_text(text: str, name: str, wanted: Wanted) -> Cells:
    """Return the cells of a text in columns; rows wider than the header are left out and counted, narrower ones kept.

    Raises
    ------
    ExportError
        When it has no row below its header, a quotation mark that never closes, or is no table.
    """
    form = form_of(text, name)
    header, repeated = told_apart(list(form.header))
    body = text[form.start :]
    if not body.strip():
        what = "the file has a header but not one row below it"
        raise refused(name, what, "Check the filter and the period of the export, then export it again.")
    _check_lines(body, name)
    names = wanted(header)
    keep = [place for place, column in enumerate(header) if names is None or column in names]
    first = 2 + len(form.skipped)
    try:
        cells = _at_once(body, form, header, keep, first)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        if unclosed := re.search(r"EOF inside string starting at row (\d+)", str(error)):
            what = f"a quotation mark opened in row {int(unclosed[1]) + first:,} is never closed"
            raise refused(name, what, "Correct that row; the export may also have been cut off.") from None
        cells = _row_by_row(body, form, header, keep, first, name)
    frame, numbers, rows_read, notes = cells
    return Cells(frame, numbers, tuple(header), rows_read, form.notes + notes, repeated)


def _check_lines(body: str, name: str) -> None:
    """Refuse a line of millions of characters before anything tries to split it."""
    if len(body) <= LONGEST_LINE:
        return
    position = 0
    row = 2
    while len(body) - position > LONGEST_LINE:
        # From the farthest place that a line may end at, back to the last end before it.
        end = body.rfind("\n", position, position + LONGEST_LINE)
        if end < 0:
            end = body.rfind("\r", position, position + LONGEST_LINE)
        if end < 0:
            what = f"line {row + body.count(chr(10), 0, position):,} is longer than {LONGEST_LINE:,} characters"
            raise refused(name, what, "Correct that line; a quotation mark or a line break may be missing.")
        position = end + 1


_Table = tuple[pd.DataFrame, np.ndarray, int, Notes]


def _at_once(body: str, form: Form, header: list[str], keep: list[int], first: int) -> _Table:
    with warnings.catch_warnings():
        # pandas only warns before it drops the surplus fields of every row.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame = pd.read_csv(
            io.StringIO(body),
            sep=form.delimiter,
            header=None,
            names=list(range(len(header))),
            dtype=str,
            keep_default_na=False,
            index_col=False,
            engine="c",
        )
    numbers = np.arange(first, first + len(frame))
    notes = _short_notes(_short_rows(body, form.delimiter, len(header), len(frame), first))
    frame = frame[keep].fillna("")
    frame.columns = pd.Index([header[place] for place in keep], dtype=object)
    return frame, numbers, len(frame), notes


def _short_rows(body: str, delimiter: str, width: int, rows: int, first: int) -> np.ndarray:
    """Return the numbers of rows with fewer fields than the header: pandas fills them up without a word."""
    if '"' not in body and body.count(delimiter) == rows * (width - 1):
        return np.zeros(0, dtype=np.int64)
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        records = (record for record in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter) if record)
        return np.array([number for number, record in enumerate(records, first) if len(record) < width], dtype=np.int64)
    except csv.Error:  # a cell of millions of characters, on many lines
        return np.zeros(0, dtype=np.int64)
    finally:
        csv.field_size_limit(limit)


def _short_notes(numbers: np.ndarray) -> Notes:
    if not len(numbers):
        return Notes()
    shown = ", ".join(f"row {number:,}" for number in numbers[:EXAMPLES])
    text = f"{count(len(numbers), 'row')} with fewer fields than the header ({shown}): the missing ones count as empty."
    return Notes(warnings=(text,))


def _row_by_row(body: str, form: Form, header: list[str], keep: list[int], first: int, name: str) -> _Table:
    """Read a file in which some rows have more fields than the header: keep the others, count these."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    short: list[int] = []
    examples: list[str] = []
    misfits = 0
    width = len(header)
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        for record in csv.reader(io.StringIO(body, newline=""), delimiter=form.delimiter):
            if not record:
                continue
            fields = record
            number = len(rows) + misfits + first
            # A delimiter at the end of every row is a habit of some tools, not a field.
            if len(fields) > width and any(fields[width:]):
                misfits += 1
                if len(examples) < EXAMPLES:
                    examples.append(f"row {number:,}: {len(fields):,} fields under {count(width, 'column')}")
                continue
            if len(fields) < width:
                short.append(number)
                fields = record + [""] * (width - len(record))
            rows.append([fields[place] for place in keep])
            numbers.append(number)
    except csv.Error as error:
        where = f"row {len(rows) + misfits + first:,} cannot be read ({error})"
        raise refused(name, where, SAVE_AS_CSV) from None
    finally:
        csv.field_size_limit(limit)
    frame = pd.DataFrame(rows, columns=pd.Index([header[place] for place in keep], dtype=object), dtype=str)
    left_out = (LeftOut("rows with more fields than the header", misfits, tuple(examples)),) if misfits else ()
    notes = Notes(left_out) + _short_notes(np.array(short, dtype=np.int64))
    return frame, np.array(numbers, dtype=np.int64), len(rows) + misfits, notes
