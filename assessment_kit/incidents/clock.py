"""The rows of an export by role, and their times on one clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit import wording
from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.date_order import decide_orders
from assessment_kit.incidents.dates import Stamps, parse, parse_iso
from assessment_kit.incidents.formats import Format
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted
from assessment_kit.incidents.roles import ROLES, TIMES
from assessment_kit.incidents.rules import Rules
from assessment_kit.incidents.texts import Words, categories, plain
from assessment_kit.incidents.zones import Clock, clock_of
from assessment_kit.wording import count

#: Share of the needed times that cannot be read, from which it is warned about, and from which the export is refused.
_WORTH_SAYING, _REFUSED = 0.02, 0.1
#: Fewest of them for either: one odd cell in a short table is left out, and counted.
_A_FEW, _TOO_MANY = 2, 3


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
    rules
        What was said by hand.
    people
        Names in further columns of people, those that have no role.
    known
        Columns that were asked for before.
    """

    format: Format
    frame: pd.DataFrame
    names: Mapping[str, str]
    numbers: np.ndarray
    files: np.ndarray
    file_names: tuple[str, ...]
    rules: Rules = field(default_factory=Rules)
    people: frozenset[str] = frozenset()
    known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def words(self, role: str) -> Words:
        """Return a column as categories, what means nothing in it as missing."""
        if role not in self.known:
            self.known[role] = categories(self.frame[role], self.rules.markers(role))
        found: Words = self.known[role]
        return found

    def plain(self, role: str) -> pd.Series:
        """Return a column as texts, what means nothing in it as missing."""
        if f"{role} as text" not in self.known:
            self.known[f"{role} as text"] = plain(self.frame[role], self.rules.markers(role))
        found: pd.Series = self.known[f"{role} as text"]
        return found

    def at(self, places: np.ndarray) -> Rows:
        """Return the rows at which a mask is true, in that order."""
        frame = self.frame.iloc[places].reset_index(drop=True)
        return replace(self, frame=frame, numbers=self.numbers[places], files=self.files[places], known={})

    def take(self, keep: np.ndarray) -> Rows:
        """Return the rows at which a mask is true."""
        return self if keep.all() else self.at(np.flatnonzero(keep))

    @property
    def origin(self) -> np.ndarray:
        """For each row one number that tells file and row; it grows from row to row of what was read."""
        return (self.files.astype(np.int64) << 40) + self.numbers

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
    """The times of every row by role: ``datetime64[us]`` without a zone, NaT where there is none.

    They stand on one clock without summer time, so that they can be subtracted; ``clock`` moves them to the one on the
    wall. ``unread`` tells of each column of times in which some cells are none where these are.
    """

    values: Mapping[str, np.ndarray]
    clock: Clock
    notes: Notes
    unread: Mapping[str, np.ndarray] = field(default_factory=dict)

    def at(self, keep: np.ndarray) -> Times:
        """Return the times of the rows at which a mask is true."""
        values, unread = ({role: each[keep] for role, each in of.items()} for of in (self.values, self.unread))
        return replace(self, values=values, unread=unread)


def read_times(rows: Rows) -> tuple[Rows, Times]:
    """Read every column of times, leave out the rows without the needed one, and set all to one clock.

    Raises
    ------
    ExportError
        When the order of day and month is a question, or not one needed time can be read.
    UsageError
        When there is no time zone of the name said.
    """
    needed, *_ = roles = [role for role in TIMES[rows.format.layout] if role in rows.frame]
    # What reads as ISO 8601 throughout has no order of day and month to decide.
    quick = {role: parse_iso(rows.frame[role]) for role in roles}
    columns = {rows.names[role]: rows.frame[role] for role in roles if quick[role] is None}
    day_first = rows.rules.day_first
    orders = decide_orders(columns, day_first, rows.source)
    stamps = {role: quick[role] or parse(rows.frame[role], orders[rows.names[role]]) for role in roles}
    notes = Notes(
        decisions=tuple(order.reason for order in orders.values() if order.reason),
        warnings=tuple(order.warning for order in orders.values() if order.warning),
    )
    if day_first is not None and any(order.day_first is not None for order in orders.values()):
        notes += Notes(decisions=(f"The {'day' if day_first else 'month'} comes first in dates, as you said.",))
    _check_needed(rows, needed, stamps[needed])
    notes += _too_low(rows, needed, stamps[needed])
    for role in roles[1:]:
        notes += _optional_notes(rows, role, stamps[role])
    gone = np.isnat(stamps[needed].values)
    unreadable, impossible = stamps[needed].unreadable, stamps[needed].impossible
    what = a_time(needed)
    notes += Notes(
        left_out=(
            rows.leave_out(gone & ~unreadable & ~impossible, f"rows without {what}"),
            rows.leave_out(unreadable, f"rows in which {what} cannot be read", needed),
            rows.leave_out(impossible, f"rows in which {what} is not between 1990 and 2089", needed),
        )
    )
    clock = clock_of(list(stamps.values()), rows.rules)
    steady = {role: clock.steady(stamp) for role, stamp in stamps.items()}
    kept = {role: times[~gone] for role, times in steady.items()} if gone.any() else steady
    unread = {
        role: stamp.unreadable[~gone]
        for role, stamp in stamps.items()
        if stamp.unreadable.any() and not np.isnat(stamp.values).all()
    }
    return rows.take(~gone), Times(kept, clock, notes + Notes(decisions=clock.decisions), unread)


def a_time(role: str) -> str:
    """Return what a row lacks that has no time of that role."""
    return "an opened time" if role == "opened" else "a time"


def _check_needed(rows: Rows, role: str, stamps: Stamps) -> None:
    if not np.isnat(stamps.values).all():
        return
    where = f"{rows.source}: column {quoted(rows.names[role])}"
    bad = stamps.unreadable | stamps.impossible
    if bad.any():
        place = int(np.flatnonzero(bad)[0])
        how = "be read as a date" if stamps.unreadable.any() else "be a time of an incident, between 1990 and 2089"
        what = (
            f"it should hold {ROLES[role]}, but not one of its {count(int(bad.sum()), 'value')} can {how}, for example "
            f"{quoted(rows.frame[role].iat[place])} in row {rows.numbers[place]:,}"
        )
        remedy = "Export dates as 2026-11-24 09:30 or 24/11/2026 09:30, between 1990 and 2089, or name another column."
    else:
        what, remedy = (
            f"it should hold {ROLES[role]}, but every cell is empty",
            "Name another column, or export it filled.",
        )
    raise ExportError([Problem(where, what, remedy)])


def _too_low(rows: Rows, role: str, stamps: Stamps) -> Notes:
    """Warn, or refuse, where many rows are lost because their time cannot be read: every volume is too low then."""
    bad = int(stamps.unreadable.sum())
    given = bad + int((~np.isnat(stamps.values) | stamps.impossible).sum())
    if bad < _A_FEW or bad <= _WORTH_SAYING * given:
        return Notes()
    name = quoted(rows.names[role])
    what = f"{bad:,} of {count(given, 'time')} ({wording.percent(100 * bad / given)}) cannot be read"
    if bad >= _TOO_MANY and bad > _REFUSED * given:
        where = f"{rows.source}: column {name}"
        remedy = "Export dates as 2026-11-24 09:30, or mend these cells: without their rows every volume is too low."
        raise ExportError([Problem(where, f"{what}: {rows.examples(stamps.unreadable, role)}", remedy)])
    text = (
        f"Every volume is too low: of {name} {what}, and their rows are left out ({rows.examples(stamps.unreadable)}). "
        "Export dates as 2026-11-24 09:30, and import again."
    )
    return Notes(warnings=(text,))


def _optional_notes(rows: Rows, role: str, stamps: Stamps) -> Notes:
    wrong = stamps.unreadable | stamps.impossible
    if not wrong.any():
        return Notes()
    name = quoted(rows.names[role])
    kinds = (
        (stamps.unreadable, "that are no time", "cannot be read as a time"),
        (stamps.impossible, "that are not between 1990 and 2089", "is not between 1990 and 2089"),
    )
    quotes = tuple(rows.leave_out(here, f"cells of {name} {which}", role) for here, which, _ in kinds)
    if np.isnat(stamps.values).all():
        what = "no times" if stamps.unreadable.any() else "no time between 1990 and 2089"
        text = f"{name} holds {what} ({rows.examples(wrong)}): it is not used as {ROLES[role]}."
        return Notes(warnings=(text,), quotes=quotes)
    texts = tuple(
        f"{name} {fails} in {count(int(here.sum()), 'row')} ({rows.examples(here)}): it counts as missing there."
        for here, _, fails in kinds
        if here.any()
    )
    return Notes(warnings=texts, quotes=quotes)
