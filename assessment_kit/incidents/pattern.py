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
#: Mean of incidents in each of the steps that are compared, weeks or four weeks: fewer differ by chance. A convention.
FEWEST_IN_A_STEP = 5
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
    counts = weeks.sum(axis=1).astype(np.int64)
    if absent := _no_trend(window, n):
        nothing = np.full(len(total), np.nan)
        definition = "change a month in percent of the mean, over complete weeks (Theil-Sen slope)"
        return column(nothing, "% a month", definition, np.zeros(len(total), dtype=np.int64), total, absent)
    # Of single weeks with few incidents most are equal, and the slope would be 0 with certainty. Four make one then.
    fours = n // 4
    together = weeks[:, n - 4 * fours :].reshape(len(weeks), fours, 4).sum(axis=2)
    often = weeks.mean(axis=1) >= FEWEST_IN_A_STEP
    told = often | ((fours >= FEWEST_FOR_TREND) & (together.mean(axis=1) >= FEWEST_IN_A_STEP) if fours else False)
    slopes = np.full((3, len(weeks)), np.nan)
    slopes[:, often] = _slopes(weeks[often], 1)
    slopes[:, told & ~often] = _slopes(together[told & ~often], 4)
    over = f"{n} complete weeks from {window.period_text}"
    of_fours = over if n % 4 == 0 else f"last {4 * fours} of {over}"
    counts = np.where(often, counts, together.sum(axis=1).astype(np.int64))
    few = (
        f"fewer than {FEWEST_IN_A_STEP} incidents in four weeks: too few to tell a trend"
        if fours >= FEWEST_FOR_TREND
        else f"fewer than {FEWEST_IN_A_STEP} incidents a week, and too few weeks to count four of them together"
    )
    measures = []
    for value, known, weekwise, every in zip(
        slopes[0].tolist(), counts.tolist(), often.tolist(), total.tolist(), strict=True
    ):
        taken = "" if weekwise else f", four at a time with fewer than {FEWEST_IN_A_STEP} incidents a week"
        definition = (
            f"change a month in percent of the mean, over the {over if weekwise else of_fours}{taken} (Theil-Sen slope)"
        )
        none = math.isnan(value)
        measures.append(
            Measure(None, "% a month", definition, 0, every, reason=few)
            if none
            else Measure(value, "% a month", definition, known, max(0, every - known))
        )
    low, high = np.minimum(slopes[1], slopes[0]), np.maximum(slopes[2], slopes[0])
    return with_spread(measures, low, high, "Sen's 95 % interval")


def _no_trend(window: Window, n: int) -> str:
    """Return why an export tells no trend of any team, "" where it may."""
    if window.selection is not None:
        return "the export was cut by activity, so that arrivals climb says nothing"
    if window.no_rate:
        return window.no_rate
    if n < FEWEST_FOR_TREND:
        return f"fewer than {FEWEST_FOR_TREND} complete weeks"
    if not window.by_weeks:
        last = f"the last {RECENT_WEEKS}" if n > RECENT_WEEKS else f"all {n}"
        return f"fewer than {FEWEST_TO_COMPARE} incidents in {last} complete weeks: too few to compare weeks"
    return ""


def _slopes(counts: np.ndarray, weeks: int) -> np.ndarray:
    """Return slope, low and high of each team in percent of its mean a month.

    Parameters
    ----------
    counts
        Incidents of each team in steps of time of so many weeks.
    """
    n = counts.shape[1]
    one, other = np.triu_indices(n, 1)
    slopes = np.sort((counts[:, other] - counts[:, one]) / (other - one), axis=1)
    spread = _Z * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    pairs = len(one)
    below, above = max(0, int((pairs - spread) / 2)), min(pairs - 1, int((pairs + spread) / 2 + 1))
    scale = 100 * WEEKS_PER_MONTH / weeks / counts.mean(axis=1)
    return np.stack([np.median(slopes, axis=1), slopes[:, below], slopes[:, above]]) * scale
