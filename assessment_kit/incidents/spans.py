"""The durations of an incident: to notice, to take up, to restore. Times that contradict each other give none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.kinds import INCIDENT
from assessment_kit.incidents.notes import Notes, quoted
from assessment_kit.incidents.roles import ROLES
from assessment_kit.wording import count

_MINUTE = np.timedelta64(1, "m")
#: An export may give one time to the minute and the other to the second.
_ROUNDED = _MINUTE
#: Roles of durations that tell a time.
_TOLD_BY = {"acknowledged": ("acknowledge_after",), "detected": ("detect_after",)}
#: Share of contradictions from which a time does not mean what its column is called.
_MOST = 0.5


@dataclass(frozen=True)
class _Span:
    """A duration other than the time to restore, and the words in which its contradictions are told."""

    column: str
    start: str
    end: str
    told_by: str
    needs: str
    happens: str
    since: str
    verb: str


_ACK = _Span(
    "ack_minutes", "opened", "acknowledged", "acknowledged", "acknowledged", "taken up", "it was opened", "take up"
)
_DETECT = _Span("detect_minutes", "started", "detected", "detected", "started", "noticed", "it began", "detect")
_DETECT_BY_OPENING = _Span("detect_minutes", "started", "opened", "started", "started", "opened", "it began", "detect")


def end_of(incidents: pd.DataFrame, absent: Mapping[str, str]) -> str:
    """Return the column that ends an incident: resolved, or closed where resolved was never kept."""
    for column in ("resolved", "closed"):
        if column not in absent and incidents[column].notna().any():
            return column
    return ""


def add_durations(rows: Rows, frame: pd.DataFrame, absent: dict[str, str], end: str, stale: np.ndarray) -> Notes:
    """Add the durations; times that contradict each other give none, and are counted and named.

    Parameters
    ----------
    absent
        What is not recorded; a time that contradicts the others most often is added to it.
    end
        The column that ends an incident, "" where none does.
    stale
        For each ticket, whether its state is open although a time of its end stands there, which
        counts for nothing.
    """
    opened, resolved, closed = (frame[name].to_numpy() for name in ("opened", "resolved", "closed"))
    if stale.any():
        resolved, closed = (np.where(stale, np.datetime64("NaT", "us"), times) for times in (resolved, closed))
    # Comparisons with NaT are false: an open ticket contradicts nothing.
    before = (resolved < opened) | (closed < opened)
    after = ~before & (resolved > closed)
    disordered = before | after
    incidents = (frame["kind"] == INCIDENT).to_numpy()
    # Where the end is wrong itself, nothing is held against it.
    last = np.where(disordered, np.datetime64("NaT", "us"), np.where(np.isnat(resolved), closed, resolved))
    ends = closed if end == "closed" else resolved
    notes = _restored(rows, frame, ends if end else None, before, after, incidents)
    frame["out_of_order"] = disordered
    for span in (_ACK, _DETECT if "detected" not in absent else _DETECT_BY_OPENING):
        frame[span.column] = np.nan
        if span.needs not in absent:
            notes += _between(rows, frame, absent, span, last, incidents)
    return notes


def _restored(
    rows: Rows,
    frame: pd.DataFrame,
    ends: np.ndarray | None,
    before: np.ndarray,
    after: np.ndarray,
    incidents: np.ndarray,
) -> Notes:
    if ends is None:
        frame["restore_minutes"] = np.nan
        return Notes()
    disordered = before | after
    minutes = (ends - frame["opened"].to_numpy()) / _MINUTE
    minutes[disordered] = np.nan
    frame["restore_minutes"] = minutes
    wrong = incidents & disordered
    if not wrong.any():
        return Notes()
    parts = _parts(incidents, ((before, "ended before they were opened"), (after, "resolved later than closed")))
    text = (
        f"Times are out of order in {count(int(wrong.sum()), 'incident')} of the "
        f"{int((incidents & ~np.isnat(ends)).sum()):,} that ended ({parts}): they count in the volume, not in the time "
        f"to restore ({rows.examples(wrong)})."
    )
    return Notes(warnings=(text,))


def _between(
    rows: Rows, frame: pd.DataFrame, absent: dict[str, str], span: _Span, last: np.ndarray, incidents: np.ndarray
) -> Notes:
    """Add a duration from one time to another that lies not before it, and not after the end."""
    begins, ends = frame[span.start].to_numpy(), frame[span.end].to_numpy()
    before = ends < begins
    after = ~before & (np.fmax(begins, ends) > last + _ROUNDED)
    wrong = before | after
    minutes = (ends - begins) / _MINUTE
    frame[span.column] = np.where(wrong, np.nan, minutes)
    frame["out_of_order"] |= wrong
    both = incidents & ~np.isnan(minutes)
    n, of = int((wrong & both).sum()), int(both.sum())
    if not n:
        return Notes()
    # A time may be told as a duration instead.
    roles = (span.told_by, *_TOLD_BY.get(span.told_by, ()))
    called = next((quoted(rows.names[role]) for role in roles if role in rows.names), ROLES[span.told_by])
    parts = _parts(both, ((before, f"{span.happens} before {span.since}"), (after, f"{span.happens} after the end")))
    where = f"in {n:,} of {count(of, 'incident')} ({parts})"
    examples = rows.examples(wrong & both)
    if n > _MOST * of:
        frame[span.column] = np.nan
        absent[span.needs] = f"{called} contradicts the other times {where}"
        text = f"{called} contradicts the other times {where}: it is not used as {ROLES[span.told_by]} ({examples})."
    else:
        text = f"{called} is out of order {where}: these are left out of the time to {span.verb} ({examples})."
    return Notes(warnings=(text,))


def _parts(among: np.ndarray, kinds: tuple[tuple[np.ndarray, str], ...]) -> str:
    return ", ".join(f"{int((mask & among).sum()):,} {words}" for mask, words in kinds if (mask & among).any())
