"""The last day that an export tells of, and times so far beyond it that they are taken for typing errors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.notes import Notes
from assessment_kit.wording import count

#: Share of tickets whose times may lie far beyond all others by mistake; one always may.
_EXCEPTIONS = 0.01
#: Fewest tickets of which it can be said what is usual; and of which one may lie years beyond all that is known.
_FEWEST, _OTHERS = 10, 2
#: A gap before the last few times that sets them apart: at least half a year, and this many typical gaps.
_APART, _TYPICAL_GAPS = np.timedelta64(182, "D"), 10
#: An end so long after every other time of the export is taken for a typing error.
_TOO_FAR = np.timedelta64(365, "D")
_ENDS = ("acknowledged", "resolved", "closed", "ended")


def last_time(
    rows: Rows, frame: pd.DataFrame, touched: Sequence[np.ndarray], counts: np.ndarray
) -> tuple[np.datetime64, Notes]:
    """Return the last time that an export tells of; take out of ``frame`` ends that lie more than a year beyond it.

    Parameters
    ----------
    touched
        For each ticket, further times at which something was recorded of it: its last change.
    counts
        The tickets that are incidents: planned work lies in the future.
    """
    columns = [frame[name].to_numpy()[counts] for name in ("opened", *_ENDS)] + [times[counts] for times in touched]
    last = _without_strays(columns)
    opened = frame["opened"].to_numpy()
    beyond = np.zeros(len(frame), dtype=bool)
    for name in _ENDS:
        times = frame[name].to_numpy()
        # What was opened as far beyond is misdated as a whole: from its opening to its end may be right.
        far = counts & (times > last + _TOO_FAR) & (opened <= last)
        if far.any():
            frame[name] = np.where(far, np.datetime64("NaT", "us"), times)
            beyond |= far
    if not beyond.any():
        return last, Notes()
    text = (
        f"In {count(int(beyond.sum()), 'incident')} a time lies more than a year after every other time of the export, "
        f"and is taken for a typing error: it counts as missing, and the durations up to it with it "
        f"({rows.examples(beyond)})."
    )
    return last, Notes(warnings=(text,))


def _without_strays(columns: list[np.ndarray]) -> np.datetime64:
    """Return the last of all times but the few that lie far beyond all others."""
    # As a number, a missing time is before all others.
    numbers = [column.view(np.int64) for column in columns]
    latest = np.maximum.reduce(numbers)
    last = latest.max()
    strays = max(1, int(len(latest) * _EXCEPTIONS))
    apart, too_far = (span.astype("timedelta64[us]").astype(np.int64) for span in (_APART, _TOO_FAR))
    if len(latest) < _OTHERS or last - np.partition(latest, -strays - 1)[-strays - 1] <= apart:
        return np.datetime64(int(last), "us")
    every = np.sort(np.concatenate(numbers))
    every = every[every != np.iinfo(np.int64).min]
    gaps, before = np.diff(every), every[:-1]
    wide = (gaps > apart) & (gaps > np.median(gaps) * _TYPICAL_GAPS) & (len(latest) >= _FEWEST)
    for edge in before[wide | (gaps > too_far)]:
        beyond = latest > edge
        # Of a few tickets, or of years between them, one that was opened later as well is the last one.
        ends_only = (numbers[0][beyond] <= edge).all()
        if beyond.sum() <= strays and (ends_only or (edge in before[wide])):
            return np.datetime64(int(edge), "us")
    return np.datetime64(int(last), "us")
