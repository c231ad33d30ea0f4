"""A first guess at which column is what, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.errors import AssessmentKitError, ExportError, UsageError
from assessment_kit.incidents.date_order import Order
from assessment_kit.incidents.dates import parse
from assessment_kit.incidents.formats import TABLE, folded
from assessment_kit.incidents.raw import Raw
from assessment_kit.incidents.read import read_raws
from assessment_kit.incidents.recognise import recognise

#: Rows that a guess looks at, and the share of them that must be times for a column of times.
_ROWS, _TIMES = 500, 0.8


@dataclass(frozen=True)
class Guess:
    """Role to column as far as it could be guessed, the columns left over, and all of them."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    header: tuple[str, ...]


def guess_columns(path: Path, by_hand: Mapping[str, str | None]) -> Guess | None:
    """Return a guess for an export that can be read, but whose columns are not understood; else None."""
    try:
        raws = read_raws(path)
    except AssessmentKitError:
        return None
    for raw in raws:  # several of a ZIP archive
        try:
            recognise(raw, by_hand)
        except ExportError:
            return _guess(raw)
        except UsageError:
            return None
    return None


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
    return Guess(ordered, tuple(column for column in raw.header if column not in ordered.values()), raw.header)


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
