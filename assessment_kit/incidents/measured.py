"""Measures: numbers out of an export with their definition, and what they were counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One number out of an export.

    Attributes
    ----------
    value
        None where it cannot be had; ``reason`` then says why.
    unit
        In words: ``incidents``, ``hours``, ``%``.
    definition
        Which times and which incidents, in words.
    n
        Incidents it was counted from.
    n_left_out
        Incidents that could not take part: still open, out of order, or without the field.
    low, high
        Where the measure stands for a period longer than the export: what is credible.
    """

    value: float | None
    unit: str
    definition: str
    n: int
    n_left_out: int = 0
    low: float | None = None
    high: float | None = None
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the measure for JSON; low, high and reason only where there is one."""
        optional = {"low": _rounded(self.low), "high": _rounded(self.high), "reason": self.reason}
        return {
            "value": _rounded(self.value),
            "unit": self.unit,
            "definition": self.definition,
            "n": self.n,
            "n_left_out": self.n_left_out,
            **{key: value for key, value in optional.items() if value not in (None, "")},
        }


def _rounded(value: float | None) -> float | None:
    """Cut the digits that only arithmetic made: a document should read well in a diff."""
    return round(value, 4) if isinstance(value, float) else value


@dataclass(frozen=True)
class Measured:
    """Everything measured of one team.

    Attributes
    ----------
    weekly
        Per week its Monday, incidents, P1 and P2 incidents (None where priority is not recorded), and whether the
        export holds every incident of that week.
    types
        Type to incidents in the period of the volume, the most frequent first; "" stands for none given.
    repeats
        The largest groups of incidents that repeat each other: masked text, item, incidents, hours from opened to
        restored of all together, days of the first and the last, and a few tickets.
    sources
        The loudest sources: incidents, alerts where they are counted, and their share.
    """

    measures: Mapping[str, Measure]
    weekly: tuple[Mapping[str, Any], ...]
    types: Mapping[str, int]
    repeats: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[Mapping[str, Any], ...] = ()
