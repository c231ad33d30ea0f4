"""How many cases a measured answer was counted from, and the interval that chance gives it (:mod:`.chance`).

Either the number that the answer itself names, or of a rate what it makes in the period that it names. Where it names
neither there is no interval, and a comparison says so. Other answers are not asked: whoever took one of them away would
make this one look surer than it is.
"""

from __future__ import annotations

from assessment_kit.chance import Ends, count_ends, mean_ends, share_ends
from assessment_kit.document import Answer, Period
from assessment_kit.values import parse_date, parse_duration

_DAYS_PER_WEEK = 7
#: A Julian year's days over its months.
_DAYS_PER_MONTH = 365.25 / 12
#: More cases than any team has; what an answer claims beyond is a typing error, and would make an interval vanish.
_MOST = 10**9


def days_of(period: Period | None) -> int | None:
    """Return the days of a period, both ends included; None where an end is missing or they are out of order."""
    start, end = (parse_date(day) for day in (period.start, period.end)) if period is not None else (None, None)
    return (end - start).days + 1 if start is not None and end is not None and start <= end else None


def stretches(days: int | None, per: str, service_days: float, shifts_per_month: float | None) -> float | None:
    """Return how many of a rate's units (shift, day, week, month) a period of so many days has; None if not known."""
    if days is None:
        return None
    if per == "month":
        return days / _DAYS_PER_MONTH
    if per == "week":
        return days / _DAYS_PER_WEEK
    if per == "day":
        return days * service_days / _DAYS_PER_WEEK
    return None if shifts_per_month is None else shifts_per_month * days / _DAYS_PER_MONTH


def named(answer: Answer) -> int | None:
    """Return the number of cases that an answer names, None where it names none that can be."""
    return answer.n if answer.n is not None and 0 < answer.n < _MOST else None


def rate_ends(amount: float, cases: float | None, units: float | None) -> Ends | None:
    """Return the ends of a rate in its own unit.

    Parameters
    ----------
    cases
        Cases counted, where they are named.
    units
        How many of the rate's units they were counted over.
    """
    if cases is not None and amount > 0:
        units = cases / amount
    if units is None or units <= 0 or not 0 <= amount * units < _MOST:
        return None
    low, high = count_ends(amount * units)
    # Multiplying and dividing again may move a last digit.
    return min(low / units, amount), max(high / units, amount)


def duration_ends(minutes: float, answer: Answer) -> Ends | None:
    """Return the ends of a mean duration in minutes; None where the number of cases is not named."""
    cases = named(answer)
    if cases is None or minutes <= 0:
        return None
    return mean_ends(minutes, cases, parse_duration(answer.median))


def percent_ends(percent: float, cases: float | None) -> Ends | None:
    """Return the ends of a share in percent; None where the number of cases is not known."""
    return share_ends(percent, cases) if cases is not None and cases > 0 and 0 <= percent <= 100 else None
