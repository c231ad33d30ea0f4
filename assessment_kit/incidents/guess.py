"""A first guess at which column is what, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.errors import AssessmentKitError, ExportError
from assessment_kit.incidents.date_order import Order
from assessment_kit.incidents.dates import parse
from assessment_kit.incidents.formats import TABLE, folded
from assessment_kit.incidents.raw import Raw
from assessment_kit.incidents.read import read_raws
from assessment_kit.incidents.recognise import recognise, worth_reading

#: Rows that a guess looks at, and the share of them that must be times for a column of times.
_ROWS, _TIMES = 500, 0.8


@dataclass(frozen=True)
class Guess:
    """Which column is what, as far as that is known.

    Attributes
    ----------
    columns
        Role to column.
    unused
        The columns left over.
    header
        All columns.
    format
        Id of the format in which the export is understood; "" where it is not, and its columns are guessed.
    """

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    header: tuple[str, ...]
    format: str = ""


def guess_columns(path: Path, by_hand: Mapping[str, str | None]) -> Guess | None:
    """Return a guess for an export that can be read, but whose columns are not understood; else None."""
    found = columns_of(path, by_hand)
    return None if found is None or found.format else found


def columns_of(path: Path, by_hand: Mapping[str, str | None]) -> Guess | None:
    """Return which column of an export is what, as it is understood or else guessed; None where it cannot be read."""
    try:
        # A guess looks at every column; what is understood needs few of them.
        understood = _understood(read_raws(path, lambda header: worth_reading(header, by_hand)), by_hand)
        return understood or next((_guess(raw) for raw in read_raws(path) if not _understood([raw], by_hand)), None)
    except (AssessmentKitError, MemoryError):
        return None


def _understood(raws: Sequence[Raw], by_hand: Mapping[str, str | None]) -> Guess | None:
    """Return which column is what; None where the columns of one of the tables are not understood."""
    try:
        first, *_ = [recognise(raw, by_hand) for raw in raws]
    except ExportError:
        return None
    return _known(first.columns, raws[0].header, first.format.id)


def _known(columns: Mapping[str, str], header: tuple[str, ...], layout: str = "") -> Guess:
    return Guess(columns, tuple(column for column in header if column not in columns.values()), header, layout)


def _guess(raw: Raw) -> Guess:
    present = {folded(column): column for column in reversed(raw.header)}
    columns: dict[str, str] = {}
    for role, names in TABLE.columns.items():
        known = next((present[folded(name)] for name in names if folded(name) in present), None)
        if known is not None and known not in columns.values():
            columns[role] = known
    free = [column for column in raw.header if column not in columns.values()]
    looked = [*free, *([columns["opened"]] if "opened" in columns else [])]
    stamps = {column: times for column in looked if (times := _times(raw.frame[column].iloc[:_ROWS])) is not None}
    # What comes first in an incident's life is its opening, and what comes before that is not its end.
    left = sorted((column for column in free if column in stamps), key=lambda column: _middle(stamps[column]))
    for role in ("opened", "resolved", "closed"):
        opened = stamps.get(columns.get("opened", ""))
        fitting = [column for column in left if opened is None or _after(stamps[column], opened)]
        if role not in columns and fitting:
            columns[role] = fitting[0]
            left.remove(fitting[0])
    if "id" not in columns:
        free = [column for column in free if column not in columns.values()]
        unique = next((column for column in free if raw.frame[column].is_unique and raw.frame[column].all()), None)
        if unique is not None:
            columns["id"] = unique
    ordered = {role: columns[role] for role in TABLE.columns if role in columns}
    return _known(ordered, raw.header)


def _times(values: pd.Series) -> np.ndarray | None:
    """Return a column's times; None where most of its cells are none."""
    for day_first in (True, False):
        stamps = parse(values, Order(day_first))
        read = int((~np.isnat(stamps.values)).sum())
        if read and read >= _TIMES * (read + int(stamps.unreadable.sum())):
            return stamps.values
    return None


def _middle(stamps: np.ndarray) -> Any:
    known = np.sort(stamps[~np.isnat(stamps)])
    return known[len(known) // 2]


def _after(stamps: np.ndarray, opened: np.ndarray) -> bool:
    """Tell whether a column's times are mostly not before the opening."""
    return int((stamps >= opened).sum()) >= int((stamps < opened).sum())
