"""From when to when an export tells how many incidents there were, judged on the whole export before it is split.

Two traps are looked for. An export that was cut by **activity** (every ticket that was worked on in May) holds all
tickets opened in that time, but of the earlier ones only those that lived long enough: arrivals seem to climb although
nothing grew. And a single mistyped year would stretch the period over years in which nobody recorded anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit import wording
from assessment_kit.incidents.notes import Notes
from assessment_kit.wording import count

#: A typical week is one of the last year, not of five years ago.
RECENT_WEEKS = 52
#: Complete weeks from which weeks can be compared with each other; below, the days are counted.
FEWEST_WEEKS = 4
#: Incidents in them from which the same holds: the weeks at the edges, left out as incomplete, would be missed below.
FEWEST_TO_COMPARE = 20
#: Incidents in the whole export from which it tells how often they come at all.
FEWEST_FOR_RATE = 5

#: Share of tickets that may contradict a cut by activity (late corrections, merged tickets).
_EXCEPTIONS = 0.01
#: Fewest tickets, and their least share, opened before the cut: below, the cut changes nothing worth saying.
_FEWEST_EARLIER, _LEAST_EARLIER = 20, 0.02
#: Tickets that should long have ended before the cut, but did not: fewer prove nothing.
_FEWEST_OVERDUE = 10
#: Arrivals after the cut over arrivals before it. Growth alone is possible below.
_LEAST_CLIMB = 3.0
#: A gap between two incidents that sets the ones beyond it apart: at least this long, and this many typical gaps.
_GAP, _TYPICAL_GAPS = np.timedelta64(56, "D"), 10
_WEEK = np.timedelta64(7, "D")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Selection:
    """The signs that an export was cut by activity.

    Attributes
    ----------
    since
        First day from which the export holds every incident opened.
    earlier
        Incidents opened before that day, in the export only because they were still alive then.
    climb
        Arrivals per day since that day over arrivals per day before.
    weeks
        From that day to the last sign of life of any incident.
    """

    since: np.datetime64
    earlier: int
    climb: float
    weeks: float


@dataclass(frozen=True)
class Window:
    """The period of an export.

    Attributes
    ----------
    first, last
        Days of the first and the last incident opened.
    mondays
        Every week from the first to the last, by its Monday.
    complete
        For each week, whether the export holds every incident opened in it.
    rate_first, rate_last
        Days between which incidents are counted for the volume, both inclusive.
    by_weeks
        True when that period consists of complete weeks that can be compared with each other.
    selection
        Set when the export was cut by activity.
    no_rate
        Why the export cannot tell how often incidents come; "" where it can.
    """

    first: np.datetime64
    last: np.datetime64
    mondays: np.ndarray
    complete: np.ndarray
    rate_first: np.datetime64
    rate_last: np.datetime64
    by_weeks: bool
    selection: Selection | None
    no_rate: str
    notes: Notes

    @property
    def weeks(self) -> float:
        """Length of the period in which the volume is counted, in weeks."""
        return float((self.rate_last - self.rate_first + _DAY) / _WEEK)

    @property
    def rated_weeks(self) -> np.ndarray:
        """For each week, whether it lies in the period in which the volume is counted."""
        return self.complete & (self.mondays >= self.rate_first) & (self.mondays <= self.rate_last)

    @property
    def period_text(self) -> str:
        """The period of the volume in words."""
        return span_text(self.rate_first, self.rate_last)


def span_text(first: np.datetime64, last: np.datetime64) -> str:
    """Return two days in words."""
    return f"{day_text(first)} to {day_text(last)}"


def day_text(day: np.datetime64) -> str:
    """Return a day in words."""
    return wording.day(date.fromisoformat(str(day)))


def mondays_of(days: np.ndarray) -> np.ndarray:
    """Return the Monday of each day's week."""
    # Day 0 of numpy's calendar, 1970-01-01, was a Thursday: its Monday is day -3.
    numbers = days.astype("datetime64[D]").astype(np.int64)
    return ((numbers + 3) // 7 * 7 - 3).astype("datetime64[D]")


def observe(incidents: pd.DataFrame, *, still_open: bool = False) -> Window:
    """Return the period of an export, and whether it was cut by activity.

    Parameters
    ----------
    incidents
        Tidy incidents of the whole export, at least one.
    still_open
        True when the export lists what is open now, and nothing else.
    """
    opened = incidents["opened"].to_numpy()
    stamps = in_order(opened)
    first, last = stamps[0].astype("datetime64[D]"), stamps[-1].astype("datetime64[D]")
    ends = mondays_of(np.array([first, last]))
    mondays = ends[0] + np.arange((ends[1] - ends[0]) // _WEEK + 1) * _WEEK
    since, until = _without_strays(stamps)
    ended = incidents["ended"].to_numpy()
    # What ended at a time that nobody noted says nothing of when.
    told = incidents["is_open"].to_numpy() | ~np.isnat(ended)
    selection = _selection(opened[told], ended[told]) if told.any() else None
    notes = Notes()
    if selection is not None:
        since = max(since, selection.since)
        notes += Notes(warnings=(_selection_text(incidents, selection, until),))
    notes += _stray_notes(opened, since, until, cut=selection is not None)
    complete = (mondays >= since) & (mondays + _WEEK - _DAY <= until)
    recent = mondays[complete][-RECENT_WEEKS:]
    counted = (opened >= recent[0]) & (opened < recent[-1] + _WEEK) if len(recent) else np.zeros(0)
    by_weeks = len(recent) >= FEWEST_WEEKS and counted.sum() >= FEWEST_TO_COMPARE
    rate = (recent[0], recent[-1] + _WEEK - _DAY) if by_weeks else (since, until)
    if selection is None:
        notes += _climb(stamps, mondays[complete])
    no_rate = ""
    if still_open:
        no_rate = "the export holds only open tickets: how many are left says little of how many come"
        text = (
            "Not one ticket has ended: this looks like a list of what is open now. How many are left says little of how"
        )
        notes += Notes(warnings=(f"{text} many come, so the volume is not answered. Export closed tickets too.",))
    elif len(opened) < FEWEST_FOR_RATE:
        no_rate = f"{count(len(opened), 'incident')} in all: too few to tell how often they come"
    return Window(first, last, mondays, complete, rate[0], rate[1], by_weeks, selection, no_rate, notes)


def in_order(times: np.ndarray) -> np.ndarray:
    """Return times sorted, as the numbers that they are; a missing one comes first."""
    return np.sort(times.view(np.int64)).view(times.dtype)


def nth(times: np.ndarray, place: int) -> Any:
    """Return the time that would stand at a place if they were sorted; none may be missing."""
    return np.partition(times.view(np.int64), place)[[place]].view(times.dtype)[0]


def _without_strays(stamps: np.ndarray) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and the last day without single incidents that lie far from all others."""
    strays = max(1, int(len(stamps) * _EXCEPTIONS))
    start, end = 0, len(stamps)
    if len(stamps) >= _FEWEST_EARLIER:
        gaps = np.diff(stamps)
        wide = np.flatnonzero(gaps > _GAP)
        # Hardly any export has a gap that long.
        wide = wide[gaps[wide] > np.median(gaps) * _TYPICAL_GAPS] if len(wide) else wide
        start = max((int(gap) + 1 for gap in wide if gap < strays), default=0)
        end = min((int(gap) + 1 for gap in wide if gap >= len(stamps) - 1 - strays), default=len(stamps))
    return stamps[start].astype("datetime64[D]"), stamps[end - 1].astype("datetime64[D]")


def _stray_notes(opened: np.ndarray, since: np.datetime64, until: np.datetime64, *, cut: bool) -> Notes:
    """Tell of incidents set apart, where that changes the volume: not when the period begins later anyway."""
    early = not cut and since > until - RECENT_WEEKS * _WEEK
    apart = int((opened >= until + _DAY).sum()) + (int((opened < since).sum()) if early else 0)
    if not apart:
        return Notes()
    text = (
        f"{count(apart, 'incident')} opened far from all others (these: {span_text(since, until)}), perhaps by a "
        "typing error: left out of the volume."
    )
    return Notes(warnings=(text,))


def _selection(opened: np.ndarray, ended: np.ndarray) -> Selection | None:
    """Tell whether the export holds only tickets that were alive after some day.

    What sets a cut by activity apart from growth: in a complete export, tickets opened early also end early. Here, of
    the tickets opened so long before the day that nine in ten should have ended by then (judged by those opened since),
    hardly one did.
    """
    if np.isnat(ended).all():
        return None
    open_until = np.where(np.isnat(ended), np.datetime64("9999-01-01", "us"), ended)
    since = nth(open_until, int(len(ended) * _EXCEPTIONS)).astype("datetime64[D]")
    earlier = opened < since
    if earlier.sum() < max(_FEWEST_EARLIER, len(opened) * _LEAST_EARLIER) or (~earlier).sum() < _FEWEST_EARLIER:
        return None
    usual = nth((open_until - opened)[~earlier], int(0.9 * (~earlier).sum()))
    overdue = opened < since - usual
    if overdue.sum() < _FEWEST_OVERDUE or (open_until[overdue] < since).mean() > 5 * _EXCEPTIONS:
        return None
    before = earlier.sum() / ((since - opened.min()) / _DAY)
    after = (~earlier).sum() / ((opened.max().astype("datetime64[D]") - since) / _DAY + 1)
    if after < _LEAST_CLIMB * before:
        return None
    last = ended[~np.isnat(ended)].max().astype("datetime64[D]")
    return Selection(since, int(earlier.sum()), float(after / before), float((last - since + _DAY) / _WEEK))


def _selection_text(incidents: pd.DataFrame, found: Selection, until: np.datetime64) -> str:
    opened = incidents["opened"].to_numpy()
    first, day = day_text(opened.min().astype("datetime64[D]")), day_text(found.since)
    return (
        f"The export was cut by activity, not by the day of opening: {found.earlier:,} of its {len(opened):,} "
        f"incidents were opened before {day} (the first on {first}), yet hardly one of them ended before that day. So "
        "of the earlier incidents only those that lived long are in it, and that arrivals per week climb is how the "
        f"export was made, not growth. The volume is counted from {span_text(found.since, until)} only; the times to "
        "restore hold more long incidents than a full export would. Ask for an export of every incident opened in the "
        "last three months."
    )


def _climb(stamps: np.ndarray, mondays: np.ndarray) -> Notes:
    """Warn when the last four weeks hold many times what the weeks before did, and nothing in the export says why."""
    if len(mondays) < 2 * FEWEST_WEEKS:
        return Notes()
    weekly = np.diff(np.searchsorted(stamps, np.append(mondays, mondays[-1] + _WEEK).astype(stamps.dtype)))
    earlier, late = float(np.median(weekly[:-FEWEST_WEEKS])), float(np.median(weekly[-FEWEST_WEEKS:]))
    if late < max(5.0, 5 * earlier):
        return Notes()
    text = (
        f"The last four weeks hold {wording.number(late)} incidents a week, the weeks before "
        f"{wording.number(earlier)}: ask how the export was cut before you call it growth."
    )
    return Notes(warnings=(text,))
