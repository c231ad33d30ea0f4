"""How far a measured figure may be from what it measures, by chance alone: counts, shares and means of durations.

A count of eighteen is exact, and still says little about the next quarter: the same team with the same true rate would
have had twelve, or twenty-five. Whoever compares two such counts needs that spread. Every formula here gives about 95 %
(two standard deviations), and each is the same wherever the kit speaks of an interval of something measured:

counts
    The square root of a Poisson count has a standard deviation of about 1/2 whatever the rate: Freeman and Tukey 1950,
    *Transformations related to the angular and the square root*, Annals of Mathematical Statistics 21. For a count of
    0 the upper end is 3, the "rule of three". Imports use the same (:mod:`assessment_kit.incidents.rate`).
shares
    Wilson's score interval: Wilson 1927, *Probable inference, the law of succession, and statistical inference*,
    Journal of the American Statistical Association 22. It stays within 0 and 100 % and does not vanish at the ends.
means of durations
    Two standard errors. The standard deviation is taken from mean and median of a log-normal distribution, in which
    ``(mean / median) ** 2 = 1 + (deviation / mean) ** 2`` (Limpert, Stahel and Abbt 2001, *Log-normal distributions
    across the sciences*, BioScience 51), and is never less than the mean itself, as that of exponential times is.

What else may be wrong with a measurement (tickets nobody wrote, stamps set late) is not chance, and not in here.
"""

from __future__ import annotations

import math

#: Standard deviations to either side.
WIDTH = 2.0

Ends = tuple[float, float]


def count_ends(cases: float) -> Ends:
    """Return the least and the greatest count that the true rate behind ``cases`` may have shown.

    >>> [round(end, 1) for end in count_ends(18)]
    [10.5, 27.7]
    >>> count_ends(0)
    (0.0, 3.0)
    """
    low = max(math.sqrt(cases) - WIDTH / 2, 0.0) ** 2
    return min(low, cases), (math.sqrt(cases + 1) + WIDTH / 2) ** 2 - 1


def share_ends(percent: float, cases: float) -> Ends:
    """Return the ends of a share of ``cases``, in percent; the whole scale where there was none.

    >>> [round(end, 1) for end in share_ends(31, 208)]
    [25.0, 37.7]
    """
    if cases <= 0:
        return 0.0, 100.0
    share, square = percent / 100, WIDTH**2
    middle = (share + square / (2 * cases)) / (1 + square / cases)
    half = WIDTH / (1 + square / cases) * math.sqrt(share * (1 - share) / cases + square / (4 * cases**2))
    # The last digits of a square root must not put an end on the wrong side.
    return min(max(100 * (middle - half), 0.0), percent), max(min(100 * (middle + half), 100.0), percent)


def mean_ends(mean: float, cases: float, median: float | None = None) -> Ends:
    """Return the ends of a mean duration over ``cases``, in its own unit.

    >>> [round(end) for end in mean_ends(82, 197, 48)]
    [66, 98]
    """
    if cases <= 0:
        return 0.0, mean
    skewed = (mean / median) ** 2 - 1 if median else 0.0
    error = mean * math.sqrt(max(1.0, skewed) / cases)
    return max(0.0, mean - WIDTH * error), mean + WIDTH * error
