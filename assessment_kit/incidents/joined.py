"""Times that an export gives in two columns, a day in one and the time of that day in another: put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from assessment_kit.incidents.notes import Notes, quoted
from assessment_kit.incidents.roles import TIME_ROLES
from assessment_kit.incidents.texts import is_missing

#: What stands between two columns that are one time: in a file of columns, and in messages.
_AND = " + "
#: Cells that are looked at before all of them are, and the share of all that must fit: a typing error is no reason.
_FIRST, _MOST = 200, 0.95
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_DAYS, _TIMES = frozenset({"date", "day", "datum", "on", "at"}), frozenset({"time", "uhrzeit", "zeit", "hour"})
#: What ends rather than begins: "resolution time" is as often a duration as a time of day.
_LENGTHS = frozenset({
    "resolution", "response", "restoration", "recovery", "repair", "handling", "acknowledgement", "detection", "fix",
})  # fmt: skip
_DAY = re.compile(
    r"(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d\d)|\d{1,2}[ ./-][A-Za-z]{3,9}\.?[ ./-](\d{4}|\d\d)"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}|(3[3-9]|[45]\d|6[0-8])\d{3})"
)
#: What spreadsheets add to a day that has no time.
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?(\.0+)?$")
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?")


def core_of(name: str) -> frozenset[str]:
    """Return the words of a column's name but those that say "date" and "time": of "Opened time" that is "opened"."""
    return frozenset(_words(name)) - _DAYS - _TIMES


def said_as_two(name: str, columns: Iterable[str]) -> tuple[str, str] | None:
    """Return the two columns that a person names as ``Opened + Opened time``; None where it names one."""
    known = set(columns)
    day, _, time = (part.strip() for part in name.partition(_AND))
    return (day, time) if name not in known and day in known and time in known else None


def join_times(frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str], Notes]:
    """Return the frame, and which column is what, with days and times of day put together.

    A column of days and one of times of day belong together where their names are the same but for words such as "date"
    and "time", and where their cells are days, and times of day.
    """
    found, decisions = dict(columns), []
    joined: dict[str, pd.Series] = {}
    # The opened time first: whether it is in two columns tells how to understand "resolution time".
    opened_joined = False
    for role in sorted(TIME_ROLES & columns.keys(), key=lambda each: each not in ("opened", "time")):
        pair = said_as_two(columns[role], frame.columns) or _pair(frame, columns[role], lengths=opened_joined)
        if pair is None:
            continue
        opened_joined |= role in ("opened", "time")
        day, time = pair
        name = day + _AND + time
        if name not in joined:
            joined[name] = _put_together(frame[day], frame[time])
            decisions.append(f"The day in {quoted(day)} and the time of day in {quoted(time)} are read as one time.")
        found[role] = name
    if not joined:
        return frame, found, Notes()
    return frame.assign(**joined), found, Notes(decisions=tuple(decisions))


def _words(name: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(name)]


def _pair(frame: pd.DataFrame, column: str, *, lengths: bool) -> tuple[str, str] | None:
    """Return the columns of the day and of the time of day to which a column belongs; None where it stands alone."""
    core = core_of(column)
    if core & _LENGTHS and not lengths:
        return None
    others = [str(each) for each in frame.columns if each != column and core_of(str(each)) == core]
    if not others:
        return None
    if _are(frame[column], _is_day):
        times = [each for each in others if _TIMES & set(_words(each)) and _are(frame[each], _is_time_of_day)]
        return (column, times[0]) if len(times) == 1 else None
    if _are(frame[column], _is_time_of_day):
        days = [each for each in others if _are(frame[each], _is_day)]
        return (days[0], column) if len(days) == 1 else None
    return None


def _are(values: pd.Series, rule: Callable[[str], bool]) -> bool:
    """Tell whether a rule holds for the cells that hold something; a long column is mostly told by its first ones."""
    first = _share(values.iloc[:_FIRST], rule)
    if first is not None and first < _MOST:
        return False
    share = _share(values, rule)
    return share is not None and share >= _MOST


def _share(values: pd.Series, rule: Callable[[str], bool]) -> float | None:
    """Return the share of distinct texts for which a rule holds; None where there are none."""
    cells = (" ".join(text.split()) for text in np.asarray(pd.unique(values), dtype=object).tolist())
    told = [rule(text) for text in cells if not is_missing(text)]
    return sum(told) / len(told) if told else None


def _is_day(text: str) -> bool:
    return bool(_DAY.fullmatch(_MIDNIGHT.sub("", text)))


def _is_time_of_day(text: str) -> bool:
    return bool(_TIME_OF_DAY.fullmatch(text))


def _put_together(days: pd.Series, times: pd.Series) -> pd.Series:
    day = days.astype(str).str.replace(_MIDNIGHT, "", regex=True).str.strip()
    time = times.astype(str).str.strip()
    # A day without a time is still a day; a time without a day is none.
    both = (day + " " + time).where(~time.map(is_missing), day)
    return both.where(~day.map(is_missing), "")
