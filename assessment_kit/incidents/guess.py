"""A first guess at which column is what, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from assessment_kit.errors import AssessmentKitError, ExportError, UsageError
from assessment_kit.incidents.date_order import Order
from assessment_kit.incidents.dates import parse
from assessment_kit.incidents.formats import TABLE, folded
from assessment_kit.incidents.raw import Raw
from assessment_kit.incidents.read import read_raw
from assessment_kit.incidents.recognise import recognise

#: Rows that a guess looks at, and the share of them that must be times for a column of times.
_ROWS, _TIMES = 500, 0.8


@dataclass(frozen=True)
class Guess:
    """Role to column as far as it could be guessed, and the columns left over."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]


def guess_columns(path: Path, by_hand: Mapping[str, str]) -> Guess | None:
    """Return a guess for an export that can be read, but whose columns are not understood; else None."""
    try:
        raw = read_raw(path)
    except AssessmentKitError:
        return None
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
    times = [column for column in free if _holds_times(raw.frame[column].iloc[:_ROWS])]
    for role in ("opened", "resolved", "closed"):
        if role not in columns and times:
            columns[role] = times.pop(0)
    if "id" not in columns:
        free = [column for column in free if column not in columns.values()]
        unique = next((column for column in free if raw.frame[column].is_unique and raw.frame[column].all()), None)
        if unique is not None:
            columns["id"] = unique
    ordered = {role: columns[role] for role in TABLE.columns if role in columns}
    return Guess(ordered, tuple(column for column in raw.header if column not in ordered.values()))


def _holds_times(values: pd.Series) -> bool:
    for day_first in (True, False):
        stamps = parse(values, Order(day_first))
        read = int((~np.isnat(stamps.values)).sum())
        if read and read >= _TIMES * (read + int(stamps.unreadable.sum())):
            return True
    return False
