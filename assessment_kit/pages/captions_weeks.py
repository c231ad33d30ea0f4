"""The words around an import in time. Where an export was cut, no title reads growth into it."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from assessment_kit import wording
from assessment_kit.document import ImportRecord
from assessment_kit.pages.captions import Caption, one_kind, quoted, weeks_words
from assessment_kit.pages.page_words import short_text
from assessment_kit.pages.tables import records, weekly
from assessment_kit.pages.tables_weeks import NO_PRIORITY, OFFICE_SHARE, in_office_hours
from assessment_kit.values import parse_date

#: Incidents from which hours of the week show more than chance. A convention: two for every third hour of the week.
ENOUGH_FOR_HOURS = 112


def weeks_by_priority(frame: pd.DataFrame, record: ImportRecord) -> Caption:
    """Return the words around the weeks by priority."""
    by_week = frame.groupby(["week", "complete"], as_index=False)["n"].sum()
    whole = by_week[by_week["complete"]]
    severe = int(frame.loc[frame["priority"].isin(["P1", "P2"]), "n"].sum())
    every = int(frame["n"].sum())
    title, outline = weeks_words(record, by_week["n"], whole["n"])
    first, last = _day(by_week["week"].iloc[0]), _last(by_week["week"].iloc[-1], record)
    shown = f"{wording.count(every, 'incident')}, {first} to {last}"
    of_all = ""
    if (frame["priority"] != NO_PRIORITY).any():
        of_all = f" P1 and P2: {severe:,} of {every:,} ({wording.percent(100 * severe / every)})."
    subtitle = (
        f"Incidents by week of opening and priority, from {short_text(record.source, 60)}: {shown}.{of_all}{outline}"
        f"{_not_drawn(set(by_week['week']), record)} "
        "Drag over weeks, or choose them below the drawing, to count the types in them."
    )
    low, high = int(by_week["n"].min()), int(by_week["n"].max())
    span = f"from {_day(by_week['week'].iloc[0])} to {_day(by_week['week'].iloc[-1])}"
    words = f"Columns for {wording.count(len(by_week), 'week')}, {span}: {low:,} to {high:,} incidents a week."
    return Caption(title, subtitle, words)


def types_in_weeks(frame: pd.DataFrame) -> Caption:
    """Return the words around the types of an import."""
    types = frame.drop_duplicates("name").sort_values("row")
    every = int(types["every"].sum())
    first = one_kind(records(types))
    share = wording.percent(100 * first["every"] / every)
    title = f"{quoted(first['name'])} is the most common type: {first['every']:,} of {every:,} incidents ({share})"
    columns = (types[key] for key in ("name", "every", "running"))
    named = "; ".join(f"{short_text(name, 60)} {n:,} ({run} so far)" for name, n, run in zip(*columns, strict=True))
    return Caption(
        title,
        f"The {every:,} incidents of the weeks drawn above by type (grey), and those in the weeks that are chosen "
        "there. Small type: share of all, and the running share down to this type. Click a type to see its weeks "
        "alone; again to see all.",
        f"Bars: {named}.",
    )


def _last(monday: str, record: ImportRecord) -> str:
    """Return the last day of the weeks drawn: a Sunday, or the day on which the export ends."""
    sunday = date.fromisoformat(monday) + timedelta(days=6)
    end = parse_date(record.period.end) if record.period is not None else None
    return wording.day(min(sunday, end) if end is not None and end.isoformat() >= monday else sunday)


def _not_drawn(drawn: set[str], record: ImportRecord) -> str:
    """Return how many weeks of an import the drawing leaves out; empty where it has all of them."""
    left = [row for row in records(weekly(record)) if row["week"] not in drawn and row["incidents"]]
    if not left:
        return ""
    n = wording.count(sum(row["incidents"] for row in left), "incident")
    early = "earlier " if all(row["week"] < min(drawn) for row in left) else ""
    weeks = wording.count(len(left), f"{early}week")
    verb = "is" if len(left) == 1 else "are"
    return f" {weeks} with {n} {verb} not drawn, but in the table: types are kept of the weeks counted for the volume."


def days(frame: pd.DataFrame, record: ImportRecord) -> Caption:
    """Return the words around single days, of an export with too few complete weeks."""
    every, severe = int(frame["incidents"].sum()), int(frame["p1_p2"].sum())
    span = f"{_day(frame['day'].iloc[0])} to {_day(frame['day'].iloc[-1])}"
    held = f"{wording.count(every, 'incident')} on the {wording.count(len(frame), 'day')} that the export holds in full"
    foot = f" At the foot, in colour: P1 and P2 ({severe:,} of {every:,})." if severe else ""
    earlier = sum(int(week.get("incidents") or 0) for week in record.weekly) - every
    left = f" {wording.count(earlier, 'incident')} of other days are not drawn." if earlier > 0 else ""
    return Caption(
        held,
        f"Incidents by day of opening, {span}, from {short_text(record.source, 60)}.{foot}{left}",
        f"Columns for {wording.count(len(frame), 'day')}, {span}: {int(frame['incidents'].min()):,} to "
        f"{int(frame['incidents'].max()):,} incidents a day.",
    )


def hours_of_week(frame: pd.DataFrame, record: ImportRecord) -> Caption:
    """Return the words around the hours of the week."""
    every, office = int(frame["n"].sum()), in_office_hours(frame)
    share = 100 * office / every
    of = f"{office:,} of {every:,} incidents ({wording.percent(share)})"
    inside = f"{office:,} of {every:,}, {wording.percent(share)}"
    if every < ENOUGH_FOR_HOURS:
        title = f"Too few incidents to tell a pattern of hours: {every:,}"
    else:
        title = f"{of} come in office hours, which are {wording.percent(OFFICE_SHARE)} of the week"
    period = ""
    if record.counted is not None:
        period = f", {_day(record.counted.start)} to {_day(record.counted.end)}"
    busiest = frame.sort_values(["n", "place", "hour"], ascending=[False, True, True]).head(3)
    named = ", ".join(f"{day} {hour} h ({n:,})" for day, hour, n in zip(*(busiest[key] for key in ("day", "hour", "n")),
                                                                     strict=True))  # fmt: skip
    return Caption(
        title,
        f"Incidents by hour of the week in which they were opened, on the export's own clock{period}. Office hours: "
        f"Monday to Friday, 8 to 18 h ({inside}). Empty: no incident.",
        f"Seven days by 24 hours. Busiest: {named}.",
    )


def _day(iso: str | None) -> str:
    found = parse_date(iso)
    return wording.day(found) if found is not None else "?"
