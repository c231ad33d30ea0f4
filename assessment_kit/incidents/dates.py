"""Texts to times. Nothing is lost silently: what could not be read is marked, to be counted and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assessment_kit.incidents.date_order import NUMERIC, Order
from assessment_kit.incidents.months import in_english
from assessment_kit.incidents.texts import MISSING, arrow, is_long, offsets_of

#: Times outside these are typing errors and "never" markers (1970-01-01, 9999-12-31), not times of incidents.
EARLIEST, LATEST = np.datetime64("1990-01-01", "us"), np.datetime64("2090-01-01", "us")

#: What stands for "never" in columns of times, without case. Go writes its zero time, MySQL its own, some tools a 0.
NEVER = MISSING | {"na", "none", "never", "0", "0001-01-01t00:00:00z", "0000-00-00", "0000-00-00 00:00:00"}

#: Bytes of the shortest time in ISO 8601.
_SHORTEST_ISO = 10

#: Different ways to write a date that one column may hold before the rest counts as unreadable.
_MOST_FORMS = 24

#: A function of texts that returns their times in UTC, NaT for what it cannot read.
_Reader = Callable[[list[str]], np.ndarray]

_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?!\d)")
_NAMED = re.compile(r"(\d{1,2})([ ./-])([A-Za-z]{3,9})\.?\2(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)
_AMERICAN = re.compile(r"([A-Za-z]{3,9}) (\d{1,2}),? (\d{4})(?!\d)(.*)", re.DOTALL)
_WEEKDAY = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? ", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?P<gap>,? |T)(?P<hour>\d{1,2}):\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d+)?(?P<half> ?[AaPp][Mm])?"
    r"(?P<zone> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_ZONE = re.compile(r"\d\s?(?:(?P<utc>Z|UTC|GMT)|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)$")
#: Characters of a time's end that show its zone: "3 +01:00".
_ZONE_LENGTH = 8
#: 32,874 is the first day of 1990, 69,397 the last of 2089.
_SERIAL = re.compile(r"(?:3[3-9]|[45]\d|6[0-8])\d{3}(?:\.\d+)?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")


@dataclass(frozen=True)
class Stamps:
    """The times of one column.

    Attributes
    ----------
    values
        ``datetime64[us]`` without a zone: in UTC where the text carried a zone, else as written. NaT where missing or
        unreadable.
    unreadable
        True where there is a text that is not a time.
    impossible
        True where there is a time before 1990 or after 2089: a typing error, or a marker of "never".
    naive
        True where there is a time without a zone.
    offsets
        Offsets from UTC that the texts carry, in minutes.
    zoned, unzoned
        Number of times with and without a zone.
    """

    values: np.ndarray
    unreadable: np.ndarray
    impossible: np.ndarray
    naive: np.ndarray
    offsets: frozenset[int] = frozenset()
    zoned: int = 0
    unzoned: int = 0


def parse(values: pd.Series, order: Order) -> Stamps:
    """Read the times of a column.

    Understood are ISO 8601 (with or without a zone, to the nanosecond), numeric dates in the order decided, dates with
    the month's name in the languages of :mod:`months`, each with or without a time of day and AM or PM, seconds or
    milliseconds since 1970, and the days that Excel counts.
    """
    codes, distinct = pd.factorize(values)
    texts = [in_english(" ".join(text.split())) for text in np.asarray(distinct, dtype=object).tolist()]
    given = np.array([text.casefold() not in NEVER for text in texts], dtype=bool)
    stamps = np.full(len(texts), np.datetime64("NaT", "us"))
    todo = np.flatnonzero(given)
    for reader in (_iso, _epochs, _serials):
        todo = _fill(stamps, todo, texts, reader)
    for _ in range(_MOST_FORMS):
        form = next((found for index in todo if (found := _form(texts[index], order.day_first))), None)
        if form is None:
            break
        before = len(todo)
        todo = _fill(stamps, todo, texts, partial(_by_form, form=form))
        if len(todo) == before:
            # The first date of this form does not exist (31 April): the others may.
            todo = np.array([index for index in todo if _form(texts[index], order.day_first) != form], dtype=np.int64)
    unreadable = given & np.isnat(stamps)
    impossible = (stamps < EARLIEST) | (stamps >= LATEST)
    stamps[impossible] = np.datetime64("NaT", "us")
    zones = _zones(texts, ~np.isnat(stamps))
    zoned = np.array([zone is not None for zone in zones], dtype=bool)
    rows = np.bincount(codes, minlength=len(texts)) if len(texts) else np.zeros(0, dtype=np.int64)
    naive = ~zoned & ~np.isnat(stamps)
    none = np.zeros(len(codes), dtype=bool)
    return Stamps(
        values=stamps[codes] if len(texts) else np.full(len(codes), np.datetime64("NaT", "us")),
        unreadable=unreadable[codes] if len(texts) else none,
        impossible=impossible[codes] if len(texts) else none,
        naive=naive[codes] if len(texts) else none,
        offsets=frozenset(zone for zone in zones if zone is not None),
        zoned=int(rows[zoned].sum()),
        unzoned=int(rows[naive].sum()),
    )


def parse_iso(values: pd.Series) -> Stamps | None:
    """Read a long column at once where every time in it is ISO 8601 to the second and carries no zone; else None."""
    if not is_long(values):
        return None
    texts = arrow(values)
    lengths = np.diff(offsets_of(texts))
    short = np.flatnonzero(lengths < _SHORTEST_ISO)
    if len(short):
        # Only what is shorter than a date can mean that there is none; nothing else does here.
        told = texts.take(pa.array(short))
        never = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(told)), pa.array(sorted(NEVER), texts.type))
        if not pc.all(pc.fill_null(never, True)).as_py():
            return None
        texts = pc.if_else(pa.array(lengths >= _SHORTEST_ISO), texts, pa.scalar(None, texts.type))
    try:
        found = texts.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:  # another form, a zone, or something that is no time
        return None
    naive = (found >= EARLIEST) & (found < LATEST)
    if len(short) == 0 and naive.all():
        none = np.zeros(len(found), dtype=bool)
        return Stamps(found, none, none, naive, unzoned=len(found))
    impossible = ~naive & ~np.isnat(found)
    if impossible.any():
        found = np.where(impossible, np.datetime64("NaT", "us"), found)
    return Stamps(found, np.zeros(len(found), dtype=bool), impossible, naive, unzoned=int(naive.sum()))


def _fill(stamps: np.ndarray, todo: np.ndarray, texts: Sequence[str], reader: _Reader) -> np.ndarray:
    """Fill in what a reader can read; return the positions that are left."""
    if not len(todo):
        return todo
    found = reader([texts[index] for index in todo])
    stamps[todo] = found
    return todo[np.isnat(found)]


def _utc(parsed: pd.Series) -> np.ndarray:
    return parsed.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")


def _iso(texts: list[str]) -> np.ndarray:
    found = np.full(len(texts), np.datetime64("NaT", "us"))
    alike = [index for index, text in enumerate(texts) if _ISO.match(text)]
    if alike:
        # A comma before the fraction is ISO 8601 too, but pandas does not know it.
        series = pd.Series([texts[index].replace(",", ".") for index in alike], dtype=str)
        found[alike] = _utc(pd.to_datetime(series, format="ISO8601", utc=True, errors="coerce"))
    return found


def _epochs(texts: list[str]) -> np.ndarray:
    seconds = [
        float(text) / (1 if len(text.split(".")[0]) == 10 else 1000) if _EPOCH.fullmatch(text) else np.nan
        for text in texts
    ]
    return (np.array(seconds) * 1e6).astype("timedelta64[us]") + np.datetime64(0, "us")


def _serials(texts: list[str]) -> np.ndarray:
    """Read the days that Excel counts since 30 December 1899, where a sheet shows no dates: 45296.5."""
    days = [float(text) if _SERIAL.fullmatch(text) else np.nan for text in texts]
    seconds = np.round(np.array(days) * 86_400)
    return (seconds * 1e6).astype("timedelta64[us]") + np.datetime64("1899-12-30", "us")


def _by_form(texts: list[str], form: str) -> np.ndarray:
    series = pd.Series([_without_zone_name(text) for text in texts], dtype=str)
    return _utc(pd.to_datetime(series, format=form, utc=True, errors="coerce"))


def _without_zone_name(text: str) -> str:
    return re.sub(r" ?(?:Z|UTC|GMT)$", "+0000", text)


def _form(text: str, day_first: bool | None) -> str | None:
    """Return the ``strptime`` form of a text, None when it is not a date."""
    weekday = _WEEKDAY.match(text)
    prefix, rest = ("", text) if not weekday else (_weekday_form(weekday[0]), text[weekday.end() :])
    if (match := NUMERIC.fullmatch(rest)) and day_first is not None:
        mark = match[2]
        day = f"%d{mark}%m{mark}" if day_first else f"%m{mark}%d{mark}"
        head = day + _year(match[4])
    elif match := _NAMED.fullmatch(rest):
        head = match[2].join(("%d", _month(match[3]), _year(match[4])))
    elif match := _AMERICAN.fullmatch(rest):
        comma = "," if rest[len(match[1]) + 1 + len(match[2])] == "," else ""
        head = f"{_month(match[1])} %d{comma} %Y"
    elif match := re.fullmatch(r"\d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)(.*)", rest, re.DOTALL):
        head = f"%Y{match[1]}%m{match[1]}%d"
    else:
        return None
    tail = _clock_form(match[match.lastindex or 0])
    return None if tail is None else prefix + head + tail


def _weekday_form(text: str) -> str:
    return ("%a" if len(text.rstrip(", ")) == 3 else "%A") + text[len(text.rstrip(", ")) :]


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _month(name: str) -> str:
    return "%b" if len(name) == 3 else "%B"


def _clock_form(text: str) -> str | None:
    if not text:
        return ""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    half = match["half"]
    form = match["gap"] + ("%I:%M" if half else "%H:%M")
    form += (":%S" if match["seconds"] else "") + (".%f" if match["fraction"] else "")
    form += (" %p" if half.startswith(" ") else "%p") if half else ""
    zone = match["zone"]
    if not zone:
        return form
    return form + (" %z" if zone.startswith(" ") and zone[1] in "+-" else "%z")


def _zones(texts: Sequence[str], readable: np.ndarray) -> list[int | None]:
    """Return the offset from UTC in minutes that each time carries, None where it carries none."""
    # Many times end alike (43:00Z, 9+01:00), so the pattern is held against each end once.
    known: dict[str, int | None] = {}
    zones: list[int | None] = []
    for text, good in zip(texts, readable.tolist(), strict=True):
        if not good:
            zones.append(None)
        elif ":" not in text:
            zones.append(0 if _EPOCH.fullmatch(text) else None)
        else:
            end = text[-_ZONE_LENGTH:]
            if end not in known:
                known[end] = _offset(end)
            zones.append(known[end])
    return zones


def _offset(end: str) -> int | None:
    match = _ZONE.search(end)
    if match is None:
        return None
    if match["utc"]:
        return 0
    minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
    return minutes if match["sign"] == "+" else -minutes
