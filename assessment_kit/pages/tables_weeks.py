"""An import's incidents in time as data frames: weeks by type and priority, single days, and the hours of the week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.document import ImportRecord
from assessment_kit.pages.tables import frame_of, short_name, weekly
from assessment_kit.values import parse_date

#: What stands for a missing type and for a missing priority.
NO_TYPE, NO_PRIORITY = "not recorded", "none"
PRIORITIES = ("P1", "P2", "P3", "P4", "P5", NO_PRIORITY)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Office hours, for which a convention is needed: Monday to Friday, 8 to 18 h.
OFFICE_DAYS, OFFICE_HOURS = range(5), range(8, 18)
OFFICE_SHARE = 100 * len(OFFICE_DAYS) * len(OFFICE_HOURS) / (7 * 24)


def by_type(record: ImportRecord) -> pd.DataFrame:
    """Return incidents by week, type and priority; what cannot be read is left out.

    Returns
    -------
    DataFrame
        ``week``, ``until``, ``name`` (the type), ``priority``, ``n``, ``complete``; and of each type its place in the
        order of frequency (``row``), its incidents in all (``every``), their ``share`` of all and the ``running`` share
        down to it, in words.
    """
    whole = {row["week"]: bool(row["complete"]) for row in weekly(record).to_dict("records")}
    rows = []
    for raw in record.weekly_by_type:
        week, n = parse_date(raw.get("week")), raw.get("incidents")
        if week is None or week.year > 9000 or not isinstance(n, int) or isinstance(n, bool) or not 0 < n < 10**9:
            continue
        priority = raw.get("priority")
        rows.append(
            {
                "week": week.isoformat(),
                "until": (week + timedelta(days=7)).isoformat(),
                "name": short_name(str(raw.get("type") or NO_TYPE)),
                "priority": priority if priority in PRIORITIES else NO_PRIORITY,
                "n": n,
                "complete": whole.get(week.isoformat(), True),
            }
        )
    frame = frame_of(rows, columns=["week", "until", "name", "priority", "n", "complete"])
    every = frame.groupby("name")["n"].sum().sort_index().sort_values(ascending=False, kind="stable")
    place = {name: row for row, name in enumerate(every.index)}
    total, running = int(every.sum()), 0
    shares: dict[Any, tuple[float, float]] = {}
    for name, n in every.items():
        running += int(n)
        shares[name] = (100 * int(n) / total, 100 * running / total)
    names = list(frame["name"])
    return frame.assign(
        row=[place[name] for name in names],
        every=[int(every[name]) for name in names],
        share=[wording.percent(shares[name][0]) for name in names],
        running=[wording.percent(shares[name][1]) for name in names],
        week_text=[wording.day(date.fromisoformat(week)) for week in frame["week"]],
    )


def days(record: ImportRecord) -> pd.DataFrame:
    """Return ``day``, ``until``, ``incidents``, ``p1_p2`` and ``other`` of the days that are kept one by one."""
    rows = []
    for raw in record.daily:
        day, n, severe = parse_date(raw.get("day")), raw.get("incidents"), raw.get("p1_p2")
        if day is None or day.year > 9000 or not isinstance(n, int) or isinstance(n, bool) or n < 0:
            continue
        grave = min(severe, n) if isinstance(severe, int) and severe >= 0 else 0
        until = (day + timedelta(days=1)).isoformat()
        rows.append({"day": day.isoformat(), "until": until, "incidents": n, "p1_p2": grave, "other": n - grave})
    return frame_of(rows, columns=["day", "until", "incidents", "p1_p2", "other"])


def hours(record: ImportRecord) -> pd.DataFrame:
    """Return ``day``, ``place`` of the day, ``hour`` and ``n`` for the 168 hours of the week; no rows without them.

    None either where the counted days are no whole week: a day that was not counted would look like a quiet one.
    """
    grid = record.hours_of_week
    first, last = (
        (parse_date(end) for end in (record.counted.start, record.counted.end)) if record.counted else (None, None)
    )
    if first is not None and last is not None and (last - first).days + 1 < len(DAYS):
        grid = []
    shaped = len(grid) == len(DAYS) and all(len(day) == 24 and min(day) >= 0 for day in grid)
    rows = [
        {"day": DAYS[place], "place": place, "hour": hour, "n": n}
        for place, day in enumerate(grid if shaped else [])
        for hour, n in enumerate(day)
    ]
    return frame_of(rows, columns=["day", "place", "hour", "n"])


def in_office_hours(frame: pd.DataFrame) -> int:
    """Return how many incidents of :func:`hours` were opened in office hours."""
    inside = frame["place"].isin(OFFICE_DAYS) & frame["hour"].isin(OFFICE_HOURS)
    return int(frame.loc[inside, "n"].sum())
