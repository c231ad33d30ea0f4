"""One clock for all times of an export: the export's own, the one that was said, or UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import pandas as pd

from assessment_kit.incidents.dates import Stamps
from assessment_kit.incidents.rules import Rules
from assessment_kit.wording import count

_NONE = np.timedelta64(0, "us")


@dataclass(frozen=True)
class Clock:
    """The clock on which days, weeks and hours are counted.

    Attributes
    ----------
    zone
        Where times without a zone are local to, and days are counted in; None: as written, or ``shift`` from UTC.
    shift
        From UTC to the clock, where that is the same all year.
    """

    zone: tzinfo | None
    shift: np.timedelta64
    decisions: tuple[str, ...]

    def steady(self, stamps: Stamps) -> np.ndarray:
        """Return times on a clock that never jumps: in UTC where a zone is known, else as written."""
        if self.zone is None or not stamps.unzoned:
            return stamps.values
        local = pd.DatetimeIndex(stamps.values[stamps.naive])
        # Where summer time ends an hour comes twice: the first is taken. Where it begins one is skipped: moved on.
        placed = local.tz_localize(self.zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")
        values = stamps.values.copy()
        values[stamps.naive] = placed.tz_convert(None).to_numpy(dtype="datetime64[us]")
        return values

    def to_wall(self, opened: np.ndarray) -> np.ndarray | np.timedelta64:
        """Return what to add to all times of a ticket, so that it was opened by the clock on the wall.

        All times of a ticket move alike: a ticket that is open when summer time ends does not last an hour less.
        """
        if self.zone is None:
            return self.shift
        there = pd.DatetimeIndex(opened).tz_localize("UTC").tz_convert(self.zone).tz_localize(None)
        return there.to_numpy(dtype="datetime64[us]") - opened


def clock_of(columns: Sequence[Stamps], rules: Rules) -> Clock:
    """Choose the clock on which days and weeks are counted."""
    known = [stamps for stamps in columns if stamps.zoned or stamps.unzoned]
    zoned, unzoned = sum(stamps.zoned for stamps in known), sum(stamps.unzoned for stamps in known)
    offsets = frozenset().union(*(stamps.offsets for stamps in known))
    if (zone := rules.zone) is not None:
        told = f"Days, weeks and hours are those of {rules.timezone.strip()}, as you said"
        if unzoned:
            told += f"; {count(unzoned, 'time')} without a zone {'is' if unzoned == 1 else 'are'} taken as local there"
        return Clock(zone, _NONE, (f"{told}.",))
    if not zoned:
        text = "No time carries a zone: all are taken as local time, as written (--timezone tells which)."
        return Clock(None, _NONE, (text,))
    if len(offsets) == 1 and not unzoned:
        minutes = next(iter(offsets))
        sign, size = "-" if minutes < 0 else "+", abs(minutes)
        named = f"UTC{sign}{size // 60:02d}:{size % 60:02d}" if minutes else "UTC"
        shift = np.timedelta64(minutes, "m").astype("timedelta64[us]")
        return Clock(None, shift, (f"Every time is in {named}; so are days and weeks.",))
    if not unzoned:
        return Clock(None, _NONE, ("The times are in several zones: days and weeks are counted in UTC.",))
    text = (
        f"{count(unzoned, 'time')} of {zoned + unzoned:,} without a zone "
        f"{'is' if unzoned == 1 else 'are'} taken as UTC; days and weeks are in UTC."
    )
    return Clock(None, _NONE, (text,))
