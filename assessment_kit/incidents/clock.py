"""The rows of an export by role, and their times on one clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.date_order import decide_orders
from assessment_kit.incidents.dates import Stamps, parse
from assessment_kit.incidents.formats import Format
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted
from assessment_kit.incidents.roles import ROLES
from assessment_kit.wording import count

#: Which roles are times, per layout. The first is needed, the others are welcome.
TIMES: Mapping[str, tuple[str, ...]] = {
    "incident": ("opened", "started", "detected", "acknowledged", "resolved", "closed", "updated"),
    "event": ("time",),
    "signal": ("time",),
}


@dataclass(frozen=True)
class Rows:
    """The rows of one or several files of one format.

    Attributes
    ----------
    frame
        Texts, one column per role.
    names
        Role to the export's own name of the column, for messages.
    numbers, files
        For each row its number in its file (the header is row 1) and its file's position in ``file_names``.
    """

    format: Format
    frame: pd.DataFrame
    names: Mapping[str, str]
    numbers: np.ndarray
    files: np.ndarray
    file_names: tuple[str, ...]

    def take(self, keep: np.ndarray) -> Rows:
        """Return the rows at which a mask is true."""
        frame = self.frame[keep].reset_index(drop=True)
        return Rows(self.format, frame, self.names, self.numbers[keep], self.files[keep], self.file_names)

    @property
    def source(self) -> str:
        """The files' names in one text."""
        return ", ".join(self.file_names)

    def leave_out(self, dropped: np.ndarray, reason: str, shown: str = "") -> LeftOut:
        """Return the entry for the rows at which a mask is true, showing one role's cells."""
        places = np.flatnonzero(dropped)
        return LeftOut(reason, len(places), tuple(self._in_words(place, shown) for place in places[:EXAMPLES]))

    def examples(self, mask: np.ndarray, shown: str = "") -> str:
        """Return a few of the rows at which a mask is true, for a sentence."""
        return "; ".join(self._in_words(place, shown) for place in np.flatnonzero(mask)[:EXAMPLES])

    def _in_words(self, place: int, shown: str) -> str:
        several = len(self.file_names) > 1
        text = f"{self.file_names[self.files[place]]} " if several else ""
        text += f"row {self.numbers[place]:,}"
        if "id" in self.frame and (ticket := " ".join(str(self.frame["id"].iat[place]).split())):
            text += f" ({ticket[:40]})"
        return text + (f": {quoted(self.frame[shown].iat[place])}" if shown else "")


@dataclass(frozen=True)
class Times:
    """The times of every row by role, on one clock: ``datetime64[us]`` without a zone, NaT where there is none."""

    values: Mapping[str, np.ndarray]
    zone: str
    notes: Notes


def read_times(rows: Rows, day_first: bool | None) -> tuple[Rows, Times]:
    """Read every column of times, leave out the rows without the needed one, and set all to one clock.

    Raises
    ------
    ExportError
        When the order of day and month is a question, or not one needed time can be read.
    """
    needed, *_ = roles = [role for role in TIMES[rows.format.layout] if role in rows.frame]
    columns = {rows.names[role]: rows.frame[role] for role in roles}
    orders = decide_orders(columns, day_first, rows.source)
    stamps = {role: parse(rows.frame[role], orders[rows.names[role]]) for role in roles}
    notes = Notes(decisions=tuple(order.reason for order in orders.values() if order.reason))
    if day_first is not None and any(order.day_first is not None for order in orders.values()):
        notes += Notes(decisions=(f"The {'day' if day_first else 'month'} comes first in dates, as you said.",))
    _check_needed(rows, needed, stamps[needed])
    for role in roles[1:]:
        notes += _optional_notes(rows, role, stamps[role])
    gone = np.isnat(stamps[needed].values)
    unreadable = stamps[needed].unreadable
    notes += Notes(
        left_out=(
            rows.leave_out(gone & ~unreadable, f"rows without {_a_time(needed)}"),
            rows.leave_out(unreadable, f"rows in which {_a_time(needed)} cannot be read", needed),
        )
    )
    clock = _clock(stamps.values())
    kept = {role: (stamp.values + clock.shift)[~gone] for role, stamp in stamps.items()}
    return rows.take(~gone), Times(kept, clock.zone, notes + Notes(decisions=(clock.decision,)))


def _a_time(role: str) -> str:
    return "an opened time" if role == "opened" else "a time"


def _check_needed(rows: Rows, role: str, stamps: Stamps) -> None:
    if not np.isnat(stamps.values).all():
        return
    where = f"{rows.source}: column {quoted(rows.names[role])}"
    if stamps.unreadable.any():
        example = rows.frame[role].iat[int(np.flatnonzero(stamps.unreadable)[0])]
        what = (
            f"it should hold {ROLES[role]}, but not one of its {count(int(stamps.unreadable.sum()), 'value')} can be "
            f"read as a date, for example {quoted(example)}"
        )
        remedy = "Export dates as 2026-11-24 09:30 or 24/11/2026 09:30, between 1990 and 2089, or name another column."
    else:
        what, remedy = (
            f"it should hold {ROLES[role]}, but every cell is empty",
            "Name another column, or export it filled.",
        )
    raise ExportError([Problem(where, what, remedy)])


def _optional_notes(rows: Rows, role: str, stamps: Stamps) -> Notes:
    bad = int(stamps.unreadable.sum())
    if not bad:
        return Notes()
    name = quoted(rows.names[role])
    shown = rows.examples(stamps.unreadable, role)
    if np.isnat(stamps.values).all():
        return Notes(warnings=(f"{name} holds no times ({shown}): it is not used as {ROLES[role]}.",))
    text = f"{name} cannot be read as a time in {count(bad, 'row')} ({shown}): it counts as missing there."
    return Notes(warnings=(text,))


@dataclass(frozen=True)
class _Clock:
    shift: np.timedelta64
    zone: str
    decision: str


def _clock(columns: Iterable[Stamps]) -> _Clock:
    """Choose the clock on which days and weeks are counted: the export's own where it has one."""
    known = [stamps for stamps in columns if stamps.zoned or stamps.unzoned]
    zoned, unzoned = sum(stamps.zoned for stamps in known), sum(stamps.unzoned for stamps in known)
    offsets = frozenset().union(*(stamps.offsets for stamps in known))
    nothing = np.timedelta64(0, "us")
    if not zoned:
        return _Clock(nothing, "as written", "No time carries a zone: all are taken as local time, as written.")
    if len(offsets) == 1 and not unzoned:
        minutes = next(iter(offsets))
        zone = (
            "UTC"
            if not minutes
            else f"UTC{minutes // 60 if minutes > 0 else -(-minutes // 60):+03d}:{abs(minutes) % 60:02d}"
        )
        return _Clock(
            np.timedelta64(minutes, "m").astype("timedelta64[us]"),
            zone,
            f"Every time is in {zone}; so are days and weeks.",
        )
    if not unzoned:
        return _Clock(nothing, "UTC", "The times are in several zones: days and weeks are counted in UTC.")
    text = (
        f"{count(unzoned, 'time')} of {zoned + unzoned:,} without a zone are taken as UTC; days and weeks are in UTC."
    )
    return _Clock(nothing, "UTC", text)
