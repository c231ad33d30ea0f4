"""Durations that an export gives instead of a second time: ``seconds_to_first_ack``, ``Time to resolve (minutes)``."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from assessment_kit.incidents.notes import quoted
from assessment_kit.incidents.texts import categories

#: Role of a duration to the time it starts from and the time it gives.
ENDS: Mapping[str, tuple[str, str]] = {
    "detect_after": ("started", "detected"),
    "acknowledge_after": ("opened", "acknowledged"),
    "resolve_after": ("opened", "resolved"),
}

#: Words in a column's name that tell its unit, and that unit in seconds. The first that is found counts.
_UNITS = (
    (re.compile(r"milli|(?<![a-z])ms(?![a-z])"), "milliseconds", 0.001),
    (re.compile(r"second|(?<![a-z])secs?(?![a-z])|(?<![a-z])s(?![a-z])"), "seconds", 1.0),
    (re.compile(r"minute|(?<![a-z])mins?(?![a-z])"), "minutes", 60.0),
    (re.compile(r"hour|(?<![a-z])hrs?(?![a-z])|(?<![a-z])h(?![a-z])"), "hours", 3_600.0),
    (re.compile(r"(?<![a-z])days?(?![a-z])"), "days", 86_400.0),
)
_DECIMAL_COMMA = re.compile(r"\d+,(\d{1,2}|\d{4,})")
_CLOCK = re.compile(r"(?:(\d+)[ .:]+)??(\d+):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?")


def unit_of(name: str) -> tuple[str, float] | None:
    """Return the unit that a column's name tells, in words and in seconds; None where it tells none."""
    folded = name.casefold()
    return next(((words, seconds) for pattern, words, seconds in _UNITS if pattern.search(folded)), None)


def _named(seconds: float) -> tuple[str, float]:
    return next(((words, known) for _, words, known in _UNITS if known == seconds), ("seconds", 1.0))


def read_durations(values: pd.Series, name: str, usual: float | None = None) -> tuple[np.ndarray, str]:
    """Return lengths as ``timedelta64[us]``, NaT where a cell holds none, and in words how they were read.

    Numbers are in the unit that the column's name tells; where it tells none, in the ``usual`` one of the format
    (seconds in one unit), else in seconds. ``1:30:00`` is hours, minutes and seconds.
    """
    words, seconds = unit_of(name) or _named(usual or 1.0)
    column = categories(values)
    # 1,5 hours: where a comma cannot part thousands, it is the decimal one in the whole column.
    decimal = any(_DECIMAL_COMMA.fullmatch(text) for text in column.categories)
    found = [_seconds(text, seconds, "." if decimal else "") for text in column.categories]
    lengths = np.array([*found, np.nan])[column.codes]
    result = np.full(len(lengths), np.timedelta64("NaT", "us"))
    known = ~np.isnan(lengths)
    result[known] = (lengths[known] * 1e6).round().astype("timedelta64[us]")
    return result, f"{quoted(name)}, in {words}"


def _seconds(text: str, unit: float, comma: str) -> float:
    if match := _CLOCK.fullmatch(text):
        days, hours, minutes, rest = (int(part or 0) for part in match.groups())
        return 86_400.0 * days + 3_600.0 * hours + 60.0 * minutes + rest
    try:
        number = float(text.replace(",", comma))
    except ValueError:
        return np.nan
    # A hundred years bounds what a time can be moved by; more is not a duration.
    return number * unit if 0 <= number * unit < 3.2e9 else np.nan
