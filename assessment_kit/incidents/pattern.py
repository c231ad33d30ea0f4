"""When incidents come: outside office hours, at the weekend, and whether there are more of them each month."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.incidents.columns import Columns, column, counted, share, with_spread
from assessment_kit.incidents.measured import Measure
from assessment_kit.incidents.window import FEWEST_TO_COMPARE, RECENT_WEEKS, Window

#: Office hours on the export's clock, Monday to Friday, from the first hour up to the second. A convention.
OFFICE = (8, 18)
#: Complete weeks from which a trend is told: below, a quiet start or end would be one.
FEWEST_FOR_TREND = 8
#: Share of incidents opened at 00:00:00 sharp above which only days were recorded.
_ONLY_DAYS = 0.5
#: Two-sided 95 % point of the normal distribution.
_Z = 1.96


def pattern(data: pd.DataFrame, window: Window, weekly: np.ndarray, teams: np.ndarray, total: np.ndarray) -> Columns:
    """Return out-of-hours and weekend shares and the trend for every team.

    Parameters
    ----------
    weekly
        Incidents per team and week of the window.
    """
    opened = data["opened"].to_numpy()
    day = opened.astype("datetime64[D]")
    # 1970-01-01 was a Thursday: Monday is 0.
    weekday = (day.astype(np.int64) + 3) % 7
    hour = (opened.astype("datetime64[h]") - day).astype(np.int64)
    weekend = weekday >= 5
    outside = weekend | (hour < OFFICE[0]) | (hour >= OFFICE[1])
    absent = ""
    if len(opened) and (opened == day).mean() > _ONLY_DAYS:
        absent = "the export gives the day on which incidents were opened, not the hour"
    office = f"Monday to Friday, {OFFICE[0]}:00 to {OFFICE[1]}:00, on the export's clock"
    rest, late = counted(weekend, teams, len(total)), counted(outside, teams, len(total))
    return {
        "out_of_hours_share": column(
            share(late, total), "%", f"incidents opened outside office hours ({office}), over all", total, total, absent
        ),
        "weekend_share": column(
            share(rest, total), "%", "incidents opened on a Saturday or Sunday, over all", total, total, ""
        ),
        "trend_percent_per_month": _trend(window, weekly, total),
    }


def _trend(window: Window, weekly: np.ndarray, total: np.ndarray) -> list[Measure]:
    """Return the change a month in percent of the mean: Theil and Sen's slope, the median over all pairs of weeks.

    Low and high are Sen's 95 % interval (Sen 1968, Journal of the American Statistical Association 63).
    """
    weeks = weekly[:, window.rated_weeks].astype(float)
    n = weeks.shape[1]
    counts = weeks.sum(axis=1)
    over = f"{n} complete weeks from {window.period_text}" if window.by_weeks else "complete weeks"
    definition = f"change a month in percent of the mean, over the {over} (Theil-Sen slope)"
    if window.selection is not None:
        absent = "the export was cut by activity, so that arrivals climb says nothing"
    elif window.no_rate:
        absent = window.no_rate
    elif n < FEWEST_FOR_TREND:
        absent = f"fewer than {FEWEST_FOR_TREND} complete weeks"
    elif not window.by_weeks:
        last = f"the last {RECENT_WEEKS}" if n > RECENT_WEEKS else f"all {n}"
        absent = f"fewer than {FEWEST_TO_COMPARE} incidents in {last} complete weeks: too few to compare weeks"
    else:
        absent = ""
    if absent:
        nothing = np.full(len(total), np.nan)
        return column(nothing, "% a month", definition, np.zeros(len(total), dtype=np.int64), total, absent)
    one, other = np.triu_indices(n, 1)
    slopes = np.sort((weeks[:, other] - weeks[:, one]) / (other - one), axis=1)
    spread = _Z * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    pairs = len(one)
    below, above = max(0, int((pairs - spread) / 2)), min(pairs - 1, int((pairs + spread) / 2 + 1))
    mean = weeks.mean(axis=1)
    scale = np.divide(100 * WEEKS_PER_MONTH, mean, out=np.full(len(mean), np.nan), where=mean > 0)
    value, low, high = (found * scale for found in (np.median(slopes, axis=1), slopes[:, below], slopes[:, above]))
    known = counts.astype(np.int64)
    measures = column(value, "% a month", definition, known, np.maximum(known, total), "")
    return with_spread(measures, np.minimum(low, value), np.maximum(high, value), "Sen's 95 % interval")
