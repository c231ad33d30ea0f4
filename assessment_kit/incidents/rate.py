"""How many incidents a week, and how sure that is.

The likely value is the **mean** of the complete weeks of the last year, because a month's work is the sum of its weeks:
the median would lose the bad ones. Low and high are the quartiles of those weeks (a typical week lies between them),
never narrower than two standard errors of their mean.

Where there are fewer than four complete weeks, or hardly an incident in them, weeks cannot be compared: the days are
counted, and low and high are half and one and a half of that, the kit's convention for a guess. If the export was cut
by activity, high also covers all tickets alive since the cut, spread over that time: a team at the end of the line
meets few tickets on the day they are opened.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment_kit.incidents.window import Window
from assessment_kit.wording import count

#: Half width, as a share, where one stretch of days stands for every week.
UNCOMPARED = 0.5


@dataclass(frozen=True)
class Rates:
    """Incidents a week, one entry per team.

    Attributes
    ----------
    counted
        Incidents that the rate was counted from.
    blind
        Whether the export was cut such that it shows nothing of a team's arrivals: there, a count of 0 is no
        measurement.
    definition
        How, in words.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counted: np.ndarray
    blind: np.ndarray
    definition: str


def weekly_rates(
    rated: np.ndarray,
    teams: np.ndarray,
    by_week: np.ndarray,
    window: Window,
    length: int,
    times: np.ndarray | None = None,
) -> Rates:
    """Return every team's incidents a week over the period of the export.

    Parameters
    ----------
    rated
        Which incidents lie in the period.
    teams
        For each incident, its team's position.
    by_week
        Incidents per team and week of the window.
    length
        Number of teams.
    times
        How often each incident counts; None counts each once. One may stand for millions of alerts.
    """
    counted = np.bincount(teams[rated], None if times is None else times[rated], minlength=length).astype(np.int64)
    value = counted / window.weeks
    low, high = _chance(counted, window.weeks)
    blind = np.zeros(length, dtype=bool)
    if window.by_weeks:
        weekly = by_week[:, window.rated_weeks]
        lower, upper = np.quantile(weekly, [0.25, 0.75], axis=1)
        error = 2 * weekly.std(axis=1, ddof=1) / np.sqrt(weekly.shape[1])
        lower, upper = np.minimum(lower, value - error), np.maximum(upper, value + error)
        how = (
            f"mean of the {weekly.shape[1]} complete weeks from {window.period_text}; low and high: the quartiles of "
            "those weeks, and at least two standard errors of their mean"
        )
    else:
        lower, upper = value * (1 - UNCOMPARED), value * (1 + UNCOMPARED)
        days = round(window.weeks * 7)
        also = ""
        if window.selection is not None:
            alive = np.bincount(teams, times, minlength=length)
            upper = np.maximum(upper, alive / window.selection.weeks)
            blind = (counted == 0) & (alive > 0)
            also = f", or all incidents alive since then over {window.selection.weeks:.2g} weeks"
        how = (
            f"incidents opened on the {count(days, 'day')} from {window.period_text}, times {7 / days:.3g} for a week; "
            f"too little to compare weeks, so low and high are half and one and a half of it{also}"
        )
    low, high = np.minimum(low, lower), np.maximum(high, upper)
    return Rates(value, np.clip(low, 0, value), np.maximum(high, value), counted, blind, how)


def _chance(counted: np.ndarray, weeks: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what the same true rate might have shown by chance, about 95 %.

    The root of a Poisson count has a standard deviation of about 1/2 whatever the rate (Freeman and Tukey 1950, Annals
    of Mathematical Statistics 21). For a count of 0 the upper end is 3, the "rule of three".
    """
    low = np.square(np.maximum(np.sqrt(counted) - 1, 0))
    high = np.square(np.sqrt(counted + 1) + 1) - 1
    return low / weeks, high / weeks
