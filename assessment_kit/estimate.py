"""Likely value, low and high, with a unit and a basis: the arithmetic every figure of the kit goes through.

Intervals are added and multiplied by their ends (interval arithmetic). That is wider than a root of summed squares,
which would need independent errors: nobody can promise that of a team's guesses, and a bound that always holds is
easier to defend in front of a director.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Basis = Literal["measured", "estimated", "guess"]

#: From the surest to the least sure.
BASES: tuple[Basis, ...] = ("measured", "estimated", "guess")

#: Months in a year over weeks in a (Julian) year: 365.25 / 7 / 12.
WEEKS_PER_MONTH = 365.25 / 7 / 12


@dataclass(frozen=True)
class Estimate:
    """A number and how sure it is.

    Attributes
    ----------
    value, low, high
        Likely, lowest and highest credible value, ``low <= value <= high``, all finite, in ``unit``.
    unit
        In words: ``"hours a month"``, ``"minutes"``, ``"%"``.
    basis
        The weakest basis of everything that went in.

    Raises
    ------
    ValueError
        When the three are not finite or not in order.
    """

    value: float
    low: float
    high: float
    unit: str
    basis: Basis = "estimated"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and math.isfinite(self.value)):
            raise ValueError(f"an estimate must be finite, got {self.low}, {self.value}, {self.high}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"an estimate needs low <= value <= high, got {self.low}, {self.value}, {self.high}")

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.value + other.value,
            self.low + other.low,
            self.high + other.high,
            self.unit,
            weakest([self.basis, other.basis]),
        )

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.value - other.value,
            self.low - other.high,
            self.high - other.low,
            self.unit,
            weakest([self.basis, other.basis]),
        )

    def __mul__(self, other: Estimate) -> Estimate:
        """Multiply two estimates; the unit stays the left one's until :meth:`in_unit` names the product."""
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _ordered(self.value * other.value, ends, self.unit, weakest([self.basis, other.basis]))

    def scaled(self, factor: float, unit: str | None = None) -> Estimate:
        """Multiply by an exact number, with a new unit if one is given."""
        ends = [self.low * factor, self.high * factor]
        return _ordered(self.value * factor, ends, unit or self.unit, self.basis)

    def over(self, other: Estimate, unit: str) -> Estimate | None:
        """Divide by another estimate; None when the divisor may be zero or below, or so small that nothing is left."""
        if other.low <= 0:
            return None
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        if not all(map(math.isfinite, ends)):
            return None
        return _ordered(self.value / other.value, ends, unit, weakest([self.basis, other.basis]))

    def within(self, lowest: float | None, highest: float | None) -> Estimate:
        """Cut all three to what is possible (a share lies in 0..100)."""
        least = -math.inf if lowest is None else lowest
        most = math.inf if highest is None else highest
        if least <= self.low and self.high <= most:
            return self
        value, low, high = (min(max(number, least), most) for number in (self.value, self.low, self.high))
        return Estimate(value, low, high, self.unit, self.basis)

    def in_unit(self, unit: str) -> Estimate:
        """Return the same numbers under another unit's name (no conversion)."""
        return Estimate(self.value, self.low, self.high, unit, self.basis)


def _ordered(value: float, ends: list[float], unit: str, basis: Basis) -> Estimate:
    # Rounding may put the likely value a last digit outside its own ends.
    return Estimate(value, min(value, *ends), max(value, *ends), unit, basis)


def exact(value: float, unit: str, basis: Basis = "measured") -> Estimate:
    """Return a number without spread."""
    return Estimate(value, value, value, unit, basis)


def spread(
    value: float,
    unit: str,
    basis: Basis,
    *,
    low: float | None = None,
    high: float | None = None,
    relative: float = 0.0,
) -> Estimate:
    """Build an estimate from what was said, filling a missing end with a relative half width.

    Parameters
    ----------
    value
        Likely value, in ``unit``.
    low, high
        What the team said; ``None`` where it did not.
    relative
        Half width as a fraction of ``abs(value)`` for an end that was not said (a convention of the guide file).

    Raises
    ------
    ValueError
        When a said end lies on the wrong side of the value.
    """
    width = abs(value) * relative
    return Estimate(value, value - width if low is None else low, value + width if high is None else high, unit, basis)


def total(parts: Iterable[Estimate], unit: str) -> Estimate | None:
    """Add any number of estimates; None when there is none (an empty sum is unknown here, not zero)."""
    found = list(parts)
    if not found:
        return None
    # fsum rounds once, so the order of a table's rows does not change the last digit.
    return Estimate(
        math.fsum(part.value for part in found),
        math.fsum(part.low for part in found),
        math.fsum(part.high for part in found),
        unit,
        weakest(part.basis for part in found),
    )


def weakest(bases: Iterable[Basis]) -> Basis:
    """Return the least sure of the bases given (``"measured"`` when there is none)."""
    return max(bases, key=BASES.index, default="measured")
