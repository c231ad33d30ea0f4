"""Excel and OpenDocument workbooks to cells: the fullest sheet and those like it, each the table below its header."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError
from assessment_kit.incidents.cells import to_text
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted, skipped_lines
from assessment_kit.incidents.raw import INSTALL, Cells, Wanted, refused, told_apart
from assessment_kit.wording import count, listed

#: Rows among which the header is looked for.
_HEAD = 30


def read_workbook(content: bytes, name: str, wanted: Wanted) -> Cells:
    """Return the cells of a workbook (XLSX, XLSB, XLS, ODS).

    Raises
    ------
    ExportError
        When the library that reads it is not installed, it is damaged, or no sheet holds a table.
    """
    try:
        import python_calamine
    except ImportError:
        what = "this is a workbook, and the library that reads it is not installed"
        raise refused(name, what, f"{INSTALL}. Or save it as 'CSV UTF-8'.") from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in book.sheet_names}
    except python_calamine.PasswordError:
        what = "this workbook is protected by a password"
        raise refused(name, what, "Take the password off (File, Info, Protect Workbook), and save it.") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        what = f"the workbook is damaged, or no workbook ({str(error)[:100]})"
        raise refused(name, what, "Copy or download it again, or save it as 'CSV UTF-8'.") from None
    filled = {sheet: rows for sheet, rows in sheets.items() if sum(any(map(_filled, row)) for row in rows[:_HEAD])}
    if not filled:
        raise refused(name, "the workbook is empty", "Export the list again.")
    chosen = max(filled, key=lambda sheet: len(filled[sheet]))
    first = _table(filled[chosen], name, wanted)
    same, others = {chosen: first}, {}
    for sheet in filled.keys() - {chosen}:
        try:
            found = _table(filled[sheet], name, wanted)
        except ExportError:  # nothing below a header
            found = None
        if found is not None and sorted(found.header) == sorted(first.header):
            same[sheet] = found
        else:
            others[sheet] = found.rows_read if found is not None and len(found.header) > 1 else 0
    parts = {sheet: same[sheet] for sheet in filled if sheet in same}
    notes = _said(parts, {sheet: others[sheet] for sheet in filled if sheet in others})
    aside = sum(others.values())
    if len(parts) == 1:
        cells = first
        return Cells(
            cells.frame, cells.numbers, cells.header, cells.rows_read + aside, notes + cells.notes, cells.repeated
        )
    offsets = _offsets(parts)
    return Cells(
        frame=pd.concat([cells.frame[first.frame.columns] for cells in parts.values()], ignore_index=True),
        numbers=np.concatenate([cells.numbers + offsets[sheet] for sheet, cells in parts.items()]),
        header=first.header,
        rows_read=sum(cells.rows_read for cells in parts.values()) + aside,
        notes=sum((cells.notes for cells in parts.values()), notes),
        repeated=first.repeated,
    )


def _offsets(parts: Mapping[str, Cells]) -> dict[str, int]:
    """Return by how much the rows of each sheet are counted on, so that each row has a number of its own."""
    found, so_far = {}, 0
    for sheet, cells in parts.items():
        found[sheet] = so_far
        so_far += int(cells.numbers.max(initial=1))
    return found


def _said(parts: Mapping[str, Cells], others: Mapping[str, int]) -> Notes:
    """Return what is told of a workbook's sheets: those read, those of other columns, and those without a table."""
    notes = Notes()
    if len(parts) > 1:
        sheets = listed([f"{quoted(sheet)} ({count(cells.rows_read, 'row')})" for sheet, cells in parts.items()])
        (later, offset), *_ = list(_offsets(parts).items())[1:]
        text = (
            f"{count(len(parts), 'sheet')} with the same columns are read together: {sheets}. Their rows are counted "
            f"on: row 2 of {quoted(later)} is row {offset + 2:,}."
        )
        notes += Notes(decisions=(text,))
    elif others:
        [read] = parts
        names = listed([quoted(sheet) for sheet in others])
        text = f"Of {count(len(others) + 1, 'sheet')} the fullest is read, {quoted(read)}; not read: {names}."
        notes += Notes(decisions=(text,))
    if rows := {sheet: n for sheet, n in others.items() if n}:
        told = tuple(f"{quoted(sheet)}: {count(n, 'row')}" for sheet, n in rows.items())
        warning = (
            f"Not read are sheets with other columns ({listed(list(told))}): if incidents stand there, save each as a "
            "file and import it by itself."
        )
        notes += Notes(
            (LeftOut("rows of sheets with other columns", sum(rows.values()), told[:EXAMPLES]),), (), (warning,)
        )
    return notes


def _filled(value: object) -> bool:
    return value not in ("", None)


def _table(rows: list[list[Any]], name: str, wanted: Wanted) -> Cells:
    place = _header_row(rows)
    names = [to_text(value) for value in rows[place]]
    while names and not names[-1].strip():
        names.pop()
    header, repeated = told_apart(names)
    body = [(number, row) for number, row in enumerate(rows[place + 1 :], place + 2) if any(map(_filled, row))]
    if not body:
        what = "the sheet has a header but not one row below it"
        raise refused(name, what, "Check the filter and the period of the export, then export it again.")
    misfits = [number for number, row in body if any(map(_filled, row[len(header) :]))]
    wide = set(misfits)
    kept = [(number, row) for number, row in body if number not in wide]
    chosen = wanted(header)
    keep = [place for place, column in enumerate(header) if chosen is None or column in chosen]
    columns = {
        header[place]: pd.Series([to_text(row[place]) if place < len(row) else "" for _, row in kept], dtype=str)
        for place in keep
    }
    examples = tuple(f"row {number:,}" for number in misfits[:EXAMPLES])
    left_out = (LeftOut("rows with more cells than the header", len(misfits), examples),) if misfits else ()
    above = [next(to_text(value) for value in row if _filled(value)) for row in rows[:place] if any(map(_filled, row))]
    decisions = (f"{count(len(above), 'line')} above the header skipped.",) if above else ()
    frame = pd.DataFrame(columns, columns=pd.Index([header[place] for place in keep], dtype=object))
    numbers = np.array([number for number, _ in kept], dtype=np.int64)
    return Cells(
        frame, numbers, tuple(header), len(body), Notes(left_out, decisions, quotes=skipped_lines(above)), repeated
    )


def _header_row(rows: list[list[Any]]) -> int:
    """Return the first row that is as wide as most."""
    widths = [sum(map(_filled, row)) for row in rows[:_HEAD]]
    common = Counter(width for width in widths if width)
    usual = max(common, key=lambda width: (common[width], width))
    wide = max(2, (usual + 1) // 2) if usual > 1 else 1
    return next(place for place, width in enumerate(widths) if width >= wide)
