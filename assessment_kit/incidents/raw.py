"""What every reader gives back, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.notes import Notes

#: The command that brings the library for workbooks.
INSTALL = "Install what reads it with: pip install 'assessment-kit[exports]'"
SAVE_AS_CSV = "Export the list again as CSV, or open it in a spreadsheet and save it as 'CSV UTF-8'."

#: A function of a header that returns the names worth reading: the rest of a wide export never fills the memory.
Wanted = Callable[[list[str]], "set[str] | None"]


@dataclass(frozen=True)
class Cells:
    """A table as it was found: texts under the names of its header. Nothing is interpreted.

    Attributes
    ----------
    frame
        Texts, "" where a cell is empty; only the columns that were wanted.
    numbers
        For each row of ``frame`` its number in the file, the header being row 1.
    header
        The names of all columns.
    rows_read
        Rows below the header, those left out included.
    repeated
        Names that several columns of the file have.
    """

    frame: pd.DataFrame
    numbers: np.ndarray
    header: tuple[str, ...]
    rows_read: int
    notes: Notes = field(default_factory=Notes)
    repeated: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Raw(Cells):
    """The table of one export, and which file it is from.

    Attributes
    ----------
    name
        The file's name without its folder: paths of the machine do not belong in a document.
    sha256
        Hash of the file's bytes, as they are on disk.
    """

    name: str
    sha256: str

    @classmethod
    def of(cls, cells: Cells, name: str, sha256: str, notes: Notes) -> Raw:
        """Return the table of a file; ``notes`` tell what was done to get at it."""
        return cls(**(vars(cells) | {"notes": notes + cells.notes}), name=name, sha256=sha256)


def refused(name: str, what: str, remedy: str) -> ExportError:
    """Return the error for a file that cannot be used."""
    return ExportError([Problem(name, what, remedy)])


def too_large(name: str) -> ExportError:
    """Return the error for a file for which there is not enough memory."""
    remedy = (
        "Export fewer columns or a shorter period. A CSV file in UTF-8 whose rows are as wide as its header is read in "
        "pieces, and needs memory for the columns that are used only; other files are held as a whole."
    )
    return refused(name, "there is not enough memory to read it", remedy)


def told_apart(names: list[str]) -> tuple[list[str], frozenset[str]]:
    """Return names without line breaks and double blanks, repeated ones numbered, and which were repeated.

    Comment, Comment, Comment become Comment, Comment.1 and Comment.2, as pandas writes them.
    """
    seen: dict[str, int] = {}
    result: list[str] = []
    taken = set(names)
    for raw in names:
        name = " ".join(raw.split())
        number = seen.get(name, 0)
        told = f"{name}.{number}" if number else name
        while number and told in taken:
            number += 1
            told = f"{name}.{number}"
        seen[name] = number + 1
        result.append(told)
    return result, frozenset(name for name, times in seen.items() if times > 1 and name)
