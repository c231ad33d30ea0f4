"""Columns of texts as categories: every rule is applied once to each distinct value, not once to each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

#: A column of words.
if TYPE_CHECKING:
    Words = pd.Categorical[str]
else:
    Words = pd.Categorical

#: Markers that systems write for "nothing", compared without case. "NA" and "none" are not among them: both are real
#: values somewhere (a region, an impact).
MISSING = frozenset({
    "", "?", "-", "--", "null", "(null)", "<null>", "\\n", "nan", "nat", "n/a", "#n/a", "#multivalue", "#value!",
    "#ref!", "#name?", "(empty)", "(blank)", "[]", "{}",
})  # fmt: skip


def is_missing(text: str) -> bool:
    """Tell whether a cell holds nothing."""
    return text.strip().casefold() in MISSING


def categories(values: pd.Series, markers: frozenset[str] = MISSING) -> Words:
    """Return a column of texts as categories, blanks trimmed and what means nothing as missing."""
    return mapped(values, lambda text: _meant(text, markers))


def _meant(text: str, markers: frozenset[str]) -> str | None:
    plain = " ".join(text.split())
    return None if plain.casefold() in markers else plain


def mapped(values: pd.Series | Words, rule: Callable[[str], str | None]) -> Words:
    """Apply a rule to each distinct text; what it returns None for is missing."""
    codes, distinct = pd.factorize(values)
    results = [rule(text) for text in np.asarray(distinct, dtype=object).tolist()]
    # Sorted, so that the order of the rows leaves no trace.
    kept = sorted({result for result in results if result is not None})
    position = {result: index for index, result in enumerate(kept)}
    lookup = np.array([-1 if result is None else position[result] for result in results] + [-1], dtype=np.int64)
    return pd.Categorical.from_codes(lookup[codes], categories=pd.Index(kept, dtype=str))


def spelt_alike(column: Words) -> Words:
    """Unite values that differ only in upper and lower case, under the spelling most rows have."""
    spelling: dict[str, str] = {}
    for value in tallied(column):
        spelling.setdefault(value.casefold(), value)
    if len(spelling) == len(column.categories):
        return column
    return mapped(column, lambda value: spelling[value.casefold()])


def nothing(length: int) -> Words:
    """Return a column of words in which every cell is missing."""
    return pd.Categorical.from_codes(np.full(length, -1, dtype=np.int64), categories=pd.Index([], dtype=str))


def tallied(column: Words) -> dict[str, int]:
    """Return each value with its number of rows, the most frequent first, then by name."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.categories))
    pairs = zip(column.categories, counts.tolist(), strict=True)
    return dict(sorted((pair for pair in pairs if pair[1]), key=lambda pair: (-pair[1], pair[0])))


def filled_share(column: pd.Series | Words) -> float:
    """Return the share of rows, 0 to 1, in which a column holds something."""
    return float(np.mean(~pd.isna(column))) if len(column) else 0.0
