"""Measures of every team at once: a column of values to a measure for each team, or why a team has none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assessment_kit.incidents.measured import Measure

#: Name of a measure to its value for every team.
Columns = dict[str, list[Measure]]

#: How the middle of uneven durations is told, and in which words.
STATISTICS = {"mean": "mean", "median": "median", "p90": "90th percentile of the"}


def column(
    values: np.ndarray, unit: str, definition: str, known: np.ndarray, total: np.ndarray, absent: str
) -> list[Measure]:
    """Return one measure for each team, or why it cannot be had: never a zero for something that nobody recorded."""
    rows = zip(values.tolist(), known.tolist(), total.tolist(), strict=True)
    return [
        Measure(value, unit, definition, n, all_of - n)
        if n and not absent
        else Measure(None, unit, definition, 0, all_of, reason=absent or "not one incident of this team has it")
        for value, n, all_of in rows
    ]


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return percentages, NaN where there is no whole."""
    return np.divide(100.0 * part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def counted(flags: np.ndarray, teams: np.ndarray, length: int) -> np.ndarray:
    """Return how often something is true of each team's incidents."""
    if length == 1:
        return np.array([np.count_nonzero(flags)])
    return np.bincount(teams[flags], minlength=length)


def durations(
    name: str, unit: str, values: np.ndarray, teams: np.ndarray, total: np.ndarray, how: str, absent: str
) -> Columns:
    """Return mean, median and 90th percentile of a duration: ``ack_mean_minutes`` for the name ``ack_{}_minutes``.

    Parameters
    ----------
    values
        One for each incident, NaN where it has none.
    total
        Incidents of each team that could have one; who has none is left out, and counted.
    how
        From which time to which, in words that follow "mean".
    """
    if absent:
        nothing, none = np.full(len(total), np.nan), np.zeros(len(total), dtype=np.int64)
        return {
            name.format(key): column(nothing, unit, f"{words} {how}", none, total, absent)
            for key, words in STATISTICS.items()
        }
    known = ~np.isnan(values)
    values, teams = values[known], teams[known]
    n = np.bincount(teams, minlength=len(total))
    ordered = np.sort(values) if len(total) == 1 else values[by_codes(np.argsort(values), teams)]
    # Summed by size, so that the order of the rows leaves no trace.
    sums = np.bincount(np.repeat(np.arange(len(n)), n), weights=ordered, minlength=len(n))
    mean = np.divide(sums, n, out=np.full(len(n), np.nan), where=n > 0)
    found = {"mean": mean, "median": _quantile(ordered, n, 0.5), "p90": _quantile(ordered, n, 0.9)}
    return {
        name.format(key): column(found[key], unit, f"{words} {how}", n, total, absent)
        for key, words in STATISTICS.items()
    }


def by_codes(order: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return an order by codes first. Codes of 16 bits are sorted by digits, which costs next to nothing."""
    if not len(codes) or codes.min() == codes.max():
        return order
    if codes.max() < np.iinfo(np.int16).max:
        codes = codes.astype(np.int16)
    return order[np.argsort(codes[order], kind="stable")]


def _quantile(ordered: np.ndarray, n: np.ndarray, share: float) -> np.ndarray:
    """Return a quantile of each team, between two values as numpy and pandas do by default; NaN where it has none.

    Parameters
    ----------
    ordered
        Values by team, then by size.
    n
        How many each team has.
    """
    place = np.maximum(n - 1, 0) * share
    below = np.floor(place).astype(np.int64)
    # Behind the last value, where a team without one would begin.
    values, first = np.append(ordered, np.nan), np.cumsum(n) - n
    low, high = values[first + below], values[first + np.minimum(below + 1, np.maximum(n - 1, 0))]
    return np.where(n > 0, low + (high - low) * (place - below), np.nan)


def with_spread(measures: list[Measure], low: np.ndarray, high: np.ndarray, words: str) -> list[Measure]:
    """Return measures with low and high, said in words; where one of both is NaN, the measure as it is."""
    return [
        measure
        if measure.value is None or np.isnan(below) or np.isnan(above)
        else replace(measure, definition=f"{measure.definition}; low and high: {words}", low=below, high=above)
        for measure, below, above in zip(measures, low.tolist(), high.tolist(), strict=True)
    ]
