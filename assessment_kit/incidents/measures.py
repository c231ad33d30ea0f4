"""Tidy incidents to measures, for every team at once: one pass over the columns, not one over each team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.incidents.columns import Columns, column, counted, durations, share, with_spread
from assessment_kit.incidents.counts import by_week, rated, series, types_of
from assessment_kit.incidents.measured import Measure, Measured
from assessment_kit.incidents.noise import noise, sources_of
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.pattern import pattern
from assessment_kit.incidents.rate import Rates, weekly_rates
from assessment_kit.incidents.repeat_counts import Counted, count_repeats
from assessment_kit.incidents.repeats import Repeats
from assessment_kit.incidents.service import handling
from assessment_kit.incidents.window import Window

_HOUR = 60.0


def measure(
    tidy: Tidy, window: Window, teams: np.ndarray, names: Sequence[str], find: Callable[[], Repeats]
) -> dict[str, Measured]:
    """Return the measures of every team.

    Parameters
    ----------
    window
        Period of the whole export: all teams share it.
    teams
        For each row of ``tidy.incidents``, the position of its team in ``names``; -1 leaves it out.
    find
        Returns the groups of the incidents, in the same order. Asked last: it may still be at work.
    """
    data, mine = tidy.incidents, teams >= 0
    if not mine.all():
        data, teams = data[mine], teams[mine]
    total = np.bincount(teams, minlength=len(names))
    levels = data["priority"].cat.codes.to_numpy()
    serious = (levels >= 0) & (levels <= 1)
    here = rated(data, window)
    weekly = by_week(data, window, teams, len(names))
    serious_weekly = by_week(data.loc[serious, ["opened"]], window, teams[serious], len(names))
    rates = weekly_rates(here, teams, weekly, window, len(names))
    serious_rates = weekly_rates(here[serious], teams[serious], serious_weekly, window, len(names))
    parts = [
        _volume(tidy, window, total, rates),
        # A team whose arrivals the export does not show has no P1 and P2 arrivals to show either.
        _priority(tidy, window, levels, teams, total, replace(serious_rates, blind=rates.blind)),
        _restore(tidy, data, teams, total),
        _fields(tidy, data, teams, total),
        handling(tidy, data, teams, total),
        noise(tidy, data, teams, total),
        pattern(data, window, weekly, teams, total),
        _some(tidy, window, data, teams, len(names), rates.blind),
    ]
    types = types_of(tidy, window, data, teams, len(names))
    sources = sources_of(tidy, data, teams, len(names))
    again = count_repeats(find().take(mine), data, teams, len(names))
    parts.append(_repeats(tidy, again, total))
    no_priority = "priority" in tidy.absent
    return {
        name: Measured(
            {key: column[place] for part in parts for key, column in part.items()},
            series(window, weekly[place], None if no_priority else serious_weekly[place]),
            types[place],
            tuple(again.listed[place]),
            tuple(sources[place]),
        )
        for place, name in enumerate(names)
    }


def _volume(tidy: Tidy, window: Window, total: np.ndarray, rates: Rates) -> Columns:
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
) -> Columns:
    known = counted(levels >= 0, teams, len(total))
    p1, p2 = (counted(levels == level, teams, len(total)) for level in (0, 1))
    absent = tidy.absent.get("priority", "")
    counts = {
        "p1": (p1, "incidents", "incidents of priority P1"),
        "p2": (p2, "incidents", "incidents of priority P2"),
        "p1_p2_share": (share(p1 + p2, known), "%", "P1 and P2 incidents over all with a priority"),
    }
    columns = {key: column(*given, known, total, absent) for key, given in counts.items()}
    for period in ("week", "month"):
        per = _per(rates, period, "P1 and P2 incidents", window.no_rate)
        # A team none of whose incidents has a priority has no P1 that was counted: that is not zero P1 a week.
        missing = [measure.reason for measure in columns["p1"]]
        columns[f"p1_p2_per_{period}"] = [
            Measure(None, rate.unit, rate.definition, 0, n, reason=reason) if reason else rate
            for rate, reason, n in zip(per, missing, total.tolist(), strict=True)
        ]
    return columns


def _restore(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    hours = data["restore_minutes"].to_numpy() / _HOUR
    ended = ~np.isnan(hours)
    absent = tidy.absent.get("restore", "")
    how = f"time {tidy.words.get('restore', 'to restore')}, by the clock, of the incidents that ended"
    columns = durations("restore_{}_hours", "hours", hours, teams, total, how, absent)
    grouped = pd.Series(hours[ended]).groupby(teams[ended])
    every = pd.RangeIndex(len(total))
    worst = grouped.max().reindex(every).to_numpy(dtype=float)
    known = counted(ended, teams, len(total))
    columns["restore_worst_hours"] = column(worst, "hours", f"longest {how}", known, total, absent)
    # How far off the mean of so few and so uneven numbers may be; one incident alone has no error.
    mean, error = (getattr(grouped, name)().reindex(every).to_numpy(dtype=float) for name in ("mean", "sem"))
    low, high = np.maximum(0.0, mean - 2 * error), np.maximum(mean, np.minimum(worst, mean + 2 * error))
    columns["restore_mean_hours"] = with_spread(columns["restore_mean_hours"], low, high, "two standard errors")
    disordered = counted(data["out_of_order"].to_numpy(), teams, len(total))
    definition = "incidents whose times contradict each other; left out of the durations that these times bound"
    columns["out_of_order"] = column(disordered, "incidents", definition, total, total, "")
    return columns


def _fields(tidy: Tidy, data: pd.DataFrame, teams: np.ndarray, total: np.ndarray) -> Columns:
    """Count incidents by a field that may not be kept: handed over, reopened, SLA missed."""
    flags = {
        "reassigned": ("reassignments", data["reassignments"] > 0, "incidents handed over at least once"),
        "reopened": ("reopened", data["reopened"] > 0, "incidents reopened at least once"),
        "sla_missed": ("made_sla", data["made_sla"] == 0, "incidents that missed their SLA"),
    }
    columns: Columns = {}
    for key, (field, flag, what) in flags.items():
        known = counted(data[field].notna().to_numpy(), teams, len(total))
        counts = counted(flag.to_numpy(), teams, len(total))
        absent = tidy.absent.get(field, "")
        definition = what + _by(tidy, field)
        columns[key] = column(counts, "incidents", definition, known, total, absent)
        over = f"{definition}; over all in which it is recorded"
        columns[f"{key}_share"] = column(share(counts, known), "%", over, known, total, absent)
    known = counted(data["reassignments"].notna().to_numpy(), teams, len(total))
    times = np.bincount(teams, weights=data["reassignments"].fillna(0).to_numpy(), minlength=len(total))
    definition = f"hand-overs of all incidents together{_by(tidy, 'reassignments')}"
    columns["hand_offs"] = column(
        times.astype(np.int64), "hand-overs", definition, known, total, tidy.absent.get("reassignments", "")
    )
    return columns


def _by(tidy: Tidy, field: str) -> str:
    return f", by {tidy.words[field]}" if field in tidy.words else ""


def _repeats(tidy: Tidy, again: Counted, total: np.ndarray) -> Columns:
    absent = tidy.absent.get("description", "")
    item = "of the same item" if "item" not in tidy.absent else "(the export names no item)"
    what = (
        f"incidents {item} whose description, without numbers, ids, hosts and names, is nearly that of an earlier "
        "incident in this export"
    )
    return {
        "repeats": column(again.repeats, "incidents", what, again.described, total, absent),
        "repeat_share": column(
            share(again.repeats, again.described), "%", f"{what}; over all with a description", again.described, total,
            absent,
        ),
    }  # fmt: skip


def _some(tidy: Tidy, window: Window, data: pd.DataFrame, teams: np.ndarray, length: int, blind: np.ndarray) -> Columns:
    """Return how many alerts, and how many incidents that need engineers, come in a week and a month."""
    alerts = np.nan_to_num(data["alerts"].to_numpy()).astype(np.int64)
    linked = (data["linked"].cat.codes.to_numpy() >= 0).astype(np.int64)
    parts = {
        "alerts": ("alerts", alerts, "alerts, each counted when its incident was opened"),
        "engineering": ("linked", linked, "incidents linked to a problem, a change or a defect"),
    }
    columns: Columns = {}
    here = rated(data, window)
    for name, (field, times, what) in parts.items():
        weekly = by_week(data, window, teams, length, times)
        rates = replace(weekly_rates(here, teams, weekly, window, length, times), blind=blind)
        for period in ("week", "month"):
            per = _per(rates, period, name if name == "alerts" else "incidents", window.no_rate)
            absent = tidy.absent.get(field, "")
            columns[f"{name}_per_{period}"] = [
                Measure(None, one.unit, one.definition, 0, reason=absent)
                if absent
                else replace(one, definition=f"{what}; {one.definition}")
                for one in per
            ]
    return columns
