"""Rounded parts that add up to their rounded whole, and changes that fit what is shown on both sides of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: What binary fractions leave below a whole number is none.
_DUST = 1e-6


def apportioned(parts: Sequence[float], whole: int) -> list[int]:
    """Return the parts as whole numbers that add up to ``whole``.

    Each is rounded down; what is then missing goes to those that lost most (largest remainders, Hamilton's method), of
    equal ones to the first. Without parts there is nothing to give it to.

    >>> apportioned([26.4, 17.4, 26.2], 70)
    [27, 17, 26]
    """
    found = [math.floor(part + _DUST) for part in parts]
    while found and (missing := whole - sum(found)):
        step = 1 if missing > 0 else -1
        place = max(range(len(found)), key=lambda one: (step * (parts[one] - found[one]), -one))
        found[place] += step
    return found


def moved_by(before: float, now: float) -> float:
    """Return the difference of two levels as they are shown, with one decimal each.

    >>> moved_by(2.225, 2.964)
    0.8
    """
    return (round(10 * round(now, 1)) - round(10 * round(before, 1))) / 10
