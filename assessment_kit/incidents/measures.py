"""Tidy incidents to measures, for every team at once: one pass over the columns, not one over each team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.incidents.counts import by_week, rated, series, types_of
from assessment_kit.incidents.measured import Measure, Measured
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.rate import Rates, weekly_rates
from assessment_kit.incidents.window import Window

_HOUR = 60.0

#: Name of a measure to its value for every team.
_Columns = dict[str, list[Measure]]


def measure(tidy: Tidy, window: Window, teams: np.ndarray, names: Sequence[str]) -> dict[str, Measured]:
    """Return the measures of every team.

    Parameters
    ----------
    window
        Period of the whole export: all teams share it.
    teams
        For each row of ``tidy.incidents``, the position of its team in ``names``; -1 leaves it out.
    """
    data = tidy.incidents[teams >= 0]
    teams = teams[teams >= 0]
    total = np.bincount(teams, minlength=len(names))
    levels = data["priority"].cat.codes.to_numpy()
    serious = (levels >= 0) & (levels <= 1)
    here = rated(data, window)
    weekly = by_week(data, window, teams, len(names))
    serious_weekly = by_week(data[serious], window, teams[serious], len(names))
    rates = weekly_rates(here, teams, weekly, window, len(names))
    serious_rates = weekly_rates(here[serious], teams[serious], serious_weekly, window, len(names))
    parts = [
        _volume(tidy, window, total, rates),
        # A team whose arrivals the export does not show has no P1 and P2 arrivals to show either.
        _priority(tidy, window, levels, teams, total, replace(serious_rates, blind=rates.blind)),
        _restore(tidy, data, teams, total),
        _fields(tidy, data, teams, total),
    ]
    types = types_of(tidy, window, data, teams, len(names))
    no_priority = "priority" in tidy.absent
    return {
        name: Measured(
            {key: column[place] for part in parts for key, column in part.items()},
            series(window, weekly[place], None if no_priority else serious_weekly[place]),
            types[place],
        )
        for place, name in enumerate(names)
    }


def _column(
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


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(100.0 * part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _volume(tidy: Tidy, window: Window, total: np.ndarray, rates: Rates) -> _Columns:
    definition = f"tickets that are incidents, each counted when it was opened ({tidy.words['opened']})"
    return {
        "incidents": [Measure(n, "incidents", definition, n) for n in total.tolist()],
        "incidents_per_week": _per(rates, "week", "incidents", window.no_rate),
        "incidents_per_month": _per(rates, "month", "incidents", window.no_rate),
    }


def _per(rates: Rates, period: str, what: str, no_rate: str) -> list[Measure]:
    factor = 1.0 if period == "week" else WEEKS_PER_MONTH
    definition = rates.definition + (f"; a month is {WEEKS_PER_MONTH:.3f} weeks" if period == "month" else "")
    unit = f"{what} a {period}"
    if no_rate:
        return [Measure(None, unit, definition, 0, n, reason=no_rate) for n in rates.counted.tolist()]
    blind = "the export was cut by activity, and no incident of this team was opened on the days that it holds in full"
    arrays = (rates.value, rates.low, rates.high, rates.counted, rates.blind)
    return [
        Measure(None, unit, definition, 0, reason=blind)
        if unseen
        else Measure(value * factor, unit, definition, counted, low=low * factor, high=high * factor)
        for value, low, high, counted, unseen in zip(*(array.tolist() for array in arrays), strict=True)
    ]


def _priority(
    tidy: Tidy, window: Window, levels: np.ndarray, teams: np.ndarray, total: np.ndarray, rates: Rates
) -> _Columns:
    known = np.bincount(teams[levels >= 0], minlength=len(total))
    p1, p2 = (np.bincount(teams[levels == level], minlength=len(total)) for level in (0, 1))
    absent = tidy.absent.get("priority", "")
    counts = {
        "p1": (p1, "incidents", "incidents of priority P1"),
        "p2": (p2, "incidents", "incidents of priority P2"),
        "p1_p2_share": (_share(p1 + p2, known), "%", "P1 and P2 incidents over all with a priority"),
    }
    columns = {key: _column(*given, known, total, absent) for key, given in counts.items()}
    for period in ("week", "month"):
        per = _per(rates, period, "P1 and P2 incidents", window.no_rate)
        # A team none of whose incidents has a priority has no P1 that was counted: that is not zero P1 a week.
        missing = [measure.reason for measure in columns["p1"]]
        columns[f"p1_p2_per_{period}"] = [
            Measure(None, rate.unit, rate.definition, 0, n, reason=reason) if reason else rate
            for rate, reason, n in zip(per, missing, total.tolist(), strict=True)
        ]
    return columns


def _restore(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> _Columns:
    hours = data["restore_minutes"].to_numpy() / _HOUR
    ended = ~np.isnan(hours)
    grouped = pd.Series(hours[ended]).groupby(teams[ended])
    known = np.bincount(teams[ended], minlength=len(total))
    absent = tidy.absent.get("restore", "")
    how = f"time {tidy.words.get('restore', 'to restore')}, by the clock, of the incidents that ended"
    statistics = {
        "mean": (grouped.mean(), f"mean {how}"),
        "median": (grouped.median(), f"median {how}"),
        "p90": (grouped.quantile(0.9), f"90th percentile of the {how}"),
        "worst": (grouped.max(), f"longest {how}"),
    }
    every = pd.RangeIndex(len(total))
    columns = {
        f"restore_{key}_hours": _column(
            found.reindex(every).to_numpy(dtype=float), "hours", definition, known, total, absent
        )
        for key, (found, definition) in statistics.items()
    }
    # How far off the mean of so few and so uneven numbers may be.
    error = grouped.sem().reindex(every).to_numpy(dtype=float)
    columns["restore_mean_hours"] = [
        _with_error(mean, 2 * wrong, worst)
        for mean, wrong, worst in zip(
            columns["restore_mean_hours"], error.tolist(), columns["restore_worst_hours"], strict=True
        )
    ]
    disordered = np.bincount(teams[data["out_of_order"].to_numpy()], minlength=len(total))
    definition = "incidents whose times contradict each other; left out of the times to restore"
    columns["out_of_order"] = _column(disordered, "incidents", definition, total, total, "")
    return columns


def _with_error(mean: Measure, error: float, worst: Measure) -> Measure:
    """Add two standard errors as low and high; one incident alone has none."""
    if mean.value is None or worst.value is None or np.isnan(error):
        return mean
    low, high = max(0.0, mean.value - error), max(mean.value, min(worst.value, mean.value + error))
    return replace(mean, definition=f"{mean.definition}; low and high: two standard errors", low=low, high=high)


def _fields(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> _Columns:
    """Count incidents by a field that may not be kept: handed over, reopened, SLA missed."""
    flags = {
        "reassigned": ("reassignments", data["reassignments"] > 0, "incidents handed over at least once"),
        "reopened": ("reopened", data["reopened"] > 0, "incidents reopened at least once"),
        "sla_missed": ("made_sla", data["made_sla"] == 0, "incidents that missed their SLA"),
    }
    columns: _Columns = {}
    for key, (field, flag, what) in flags.items():
        known = np.bincount(teams[data[field].notna().to_numpy()], minlength=len(total))
        counts = np.bincount(teams[flag.to_numpy()], minlength=len(total))
        absent = tidy.absent.get(field, "")
        definition = what + _by(tidy, field)
        columns[key] = _column(counts, "incidents", definition, known, total, absent)
        share = f"{definition}; over all in which it is recorded"
        columns[f"{key}_share"] = _column(_share(counts, known), "%", share, known, total, absent)
    known = np.bincount(teams[data["reassignments"].notna().to_numpy()], minlength=len(total))
    times = np.bincount(teams, weights=data["reassignments"].fillna(0).to_numpy(), minlength=len(total))
    definition = f"hand-overs of all incidents together{_by(tidy, 'reassignments')}"
    columns["hand_offs"] = _column(
        times.astype(np.int64), "hand-overs", definition, known, total, tidy.absent.get("reassignments", "")
    )
    return columns


def _by(tidy: Tidy, field: str) -> str:
    return f", by {tidy.words[field]}" if field in tidy.words else ""
