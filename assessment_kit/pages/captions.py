"""What each chart is called: the finding as its title, the definition as its subtitle, and a text for who cannot see.

A title is made from the figures that are drawn, never from what one would like them to say. Plain text: whoever puts it
on a page escapes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.document import ImportRecord
from assessment_kit.estimate import Estimate
from assessment_kit.pages.imported import was_cut
from assessment_kit.pages.page_words import short_text
from assessment_kit.pages.tables import records
from assessment_kit.results import Evaluation

#: Rows that a text alternative names; the table beside the chart has them all.
MOST_NAMED = 8

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True)
class Caption:
    """The words around a chart."""

    title: str
    subtitle: str
    alternative: str


def number_word(number: int) -> str:
    """Return a small count as a word that can begin a sentence."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def quoted(name: object) -> str:
    """Return a user's name for something in quotation marks, cut to what a title can hold."""
    return f"“{short_text(name, 60)}”"


def lines(frame: pd.DataFrame, low: str = "low", high: str = "high") -> str:
    """Return what the thin lines are, where there is one to be seen."""
    if not (frame[high].astype(float) > frame[low].astype(float)).any():
        return ""
    return " Thin line: interval."


def cut_off(frame: pd.DataFrame, *lows: str) -> str:
    """Return what an arrow at the left edge of a logarithmic scale is, where an interval begins at zero."""
    reaches = any(row[low] is not None and row[low] <= 0 for row in records(frame) for low in lows or ("low",))
    return " Arrow: the interval begins at zero, which this scale cannot show." if reaches else ""


def named_rows(frame: pd.DataFrame, kind: str) -> str:
    """Return rows as a sentence, for a text alternative."""
    rows = [row for row in records(frame) if row["figure"]]
    words = [f"{short_text(row['name'], 60)} {of_row(row)}" for row in rows]
    more = f"; and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return f"{kind}: {'; '.join(words[:MOST_NAMED])}{more}."


def of_row(row: dict[str, Any]) -> str:
    """Return a row's figure with its interval, as a table shows it."""
    return f"{row['figure']} ({row['spread']})" if row.get("spread") else str(row["figure"])


def section_scores(frame: pd.DataFrame, evaluation: Evaluation) -> Caption:
    """Return the words around the section scores."""
    sections = frame[frame["id"] != "overall"]
    known = sections[sections["value"].notna()].sort_values(["value", "name"])
    if known.empty:
        title = "Not enough answers for a score yet: the outlines show what is possible"
    elif known["open"].all():
        title = "No level can be told yet: nearly any is possible, whatever the dots say"
        if len(known) == 1:
            row = records(known)[0]
            counts = f"{row['answered']} of {wording.count(row['applicable'], 'scored answer')}"
            title = (
                f"“{row['name']}” may be at any level from {row['low']:.1f} to {row['high']:.1f}: it rests on {counts}"
            )
    elif len(known) == 1:
        title = f"“{known['name'].iloc[0]}” stands at level {known['figure'].iloc[0]} of 5"
    else:
        level = known["figure"].iloc[0]
        # Those that show the same figure: a difference that nobody can see is none.
        lowest = [f"“{name}”" for name in known.loc[known["figure"] == level, "name"]]
        verb = "is" if len(lowest) == 1 else "are"
        title = f"{wording.listed(lowest)} {verb} lowest, at level {level} of 5"
        if len(lowest) == 1 and known["open"].iloc[0]:
            title += f", but anything from {known['low'].iloc[0]:.1f} to {known['high'].iloc[0]:.1f} is possible"
        elif len(lowest) == 1 and float(known["high"].iloc[0]) > float(known["value"].iloc[1]):
            title += "; the intervals overlap"
    overall = evaluation.overall
    counts = f"{overall.answered} of {wording.count(overall.applicable, 'scored answer')}"
    last = " Circle: last time." if frame["last"].notna().any() else ""
    outline = " Outline: not enough answers for a score." if sections["value"].isna().any() else ""
    bar = "Bar: what is possible, given the intervals and what is missing."
    aims = {f"{aim:g}" for aim in sections["target"] if aim == aim and aim is not None}
    aim = f" Upright line: target, level {', '.join(sorted(aims))} (a convention)." if aims else ""
    subtitle = f"Dot: weighted mean level, 1 to 5. {bar}{last}{aim}{outline} {counts}."
    return Caption(title, subtitle, named_rows(frame, "Dots with intervals on five levels"))


def month_hours(frame: pd.DataFrame, evaluation: Evaluation) -> Caption:
    """Return the words around the month in person-hours."""
    capacity = evaluation.metrics["capacity_hours_per_month"]
    parts = frame[frame["kind"] == "part"]
    known = parts[parts["value"].notna()]
    spent = float(known["value"].sum())
    biggest = (
        f", above all {str(known['name'].iloc[0])[:1].lower()}{str(known['name'].iloc[0])[1:]}"
        if len(known) > 1
        else ""
    )
    if capacity.estimate is not None and spent > capacity.estimate.value:
        has = wording.number(capacity.estimate.value)
        title = f"The work named takes {wording.number(spent)} h a month, more than the {has} h the team has"
    elif capacity.estimate is not None and capacity.estimate.value > 0:
        share = wording.percent(100 * spent / capacity.estimate.value)
        least = "at least " if len(known) < len(parts) else ""
        of = f"{wording.number(spent)} of {wording.number(capacity.estimate.value)} h"
        title = f"Operational work takes {least}{share} of the team's hours ({of}){biggest}"
    else:
        title = f"Operational work takes {wording.number(spent)} h a month{biggest}"
    against, lacking = "the team's hours are not known", ""
    if capacity.estimate is not None:
        has = wording.quantity(capacity.estimate.value, "hours")
        against = f"upright lines: half and all of the team's {has}. Half is the cap of Google's SRE book, chapter 5"
        lacking = _may_lack(known, capacity.estimate)
    counted = f"{len(known)} of {wording.count(len(parts), 'part')} could be counted"
    return Caption(
        title,
        f"Person-hours a month, one part after the other; {against}. {counted}.{lacking}{lines(frame)}",
        named_rows(frame, "Stacked bars"),
    )


def _may_lack(known: pd.DataFrame, capacity: Estimate) -> str:
    """Return by how much the parts may exceed the team's hours, where they do not in the likely case."""
    most, likely = float(known["high"].sum()), float(known["value"].sum())
    if likely > capacity.value or most <= capacity.low:
        return ""
    return f" At the far ends of the intervals {wording.quantity(most - capacity.low, 'hours')} are lacking."


def one_kind(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the first row that is of one kind: not all rarer types together, where there is another one."""
    return next((row for row in rows if str(row["name"]).casefold() != "other types"), rows[0])


def weeks_words(record: ImportRecord, every: pd.Series, whole: pd.Series) -> tuple[str, str]:
    """Return the title over an import's weeks, and what is said of those that are not complete.

    Parameters
    ----------
    every, whole
        Incidents of all weeks, and of the complete ones.
    """
    if was_cut(record) or record.warnings:
        mind = "mind how the export was cut" if was_cut(record) else "mind what the import warns of"
        title = f"{wording.count(int(every.sum()), 'incident')} by week: {mind}"
    elif whole.empty:
        title = "No week is covered completely"
    else:
        mean = wording.number(float(whole.mean()))
        title = f"{mean} incidents a week on average over {wording.count(len(whole), 'complete week')}"
    cut = len(every) - len(whole)
    return title, f" Outline: {wording.count(cut, 'week')} that the export does not cover completely." if cut else ""


def weeks(frame: pd.DataFrame, record: ImportRecord) -> Caption:
    """Return the words around an import's weeks. Where the extract warns, the title does not read anything into it."""
    whole = frame[frame["complete"]]
    title, outline = weeks_words(record, frame["incidents"], whole["incidents"])
    severe, counted = int(whole["p1_p2"].sum()), int(whole["incidents"].sum())
    foot = f" At the foot, in colour: P1 and P2 ({severe:,} of {counted:,})." if severe else ""
    subtitle = f"Incidents by week of opening, from {short_text(record.source, 60)}.{foot}{outline}"
    first, last = (wording.day(date.fromisoformat(day)) for day in (frame["week"].iloc[0], frame["until"].iloc[-1]))
    days = f"{first} to {last}"
    low, high = int(frame["incidents"].min()), int(frame["incidents"].max())
    columns = f"Columns for {wording.count(len(frame), 'week')}, {days}: {low:,} to {high:,} incidents a week."
    return Caption(title, subtitle, columns)


def action_times(frame: pd.DataFrame, every: int) -> Caption:
    """Return the words around the action items in time."""
    going = [row for row in records(frame) if row["status"] in ("open", "in-progress")]
    title = "No dated action is open"
    if len(going) == 1:
        title = f"The one open action is due on {going[0]['due_text']}"
    elif going:
        title = f"The first of {len(going)} open actions is due on {going[0]['due_text']}"
    overdue = sum(row["days"] < 0 for row in going)
    if overdue:
        verb = "was" if overdue == 1 else "were"
        title = f"{overdue} of {wording.count(len(going), 'open action')} {verb} overdue on the day of the assessment"
    named = records(frame)[:MOST_NAMED]
    words = [f"{short_text(row['name'], 60)} due {row['due_text']}, {row['status']}" for row in named]
    return Caption(
        title,
        f"Line: from the day of the assessment to the due date; {len(frame)} of {wording.count(every, 'action')} "
        f"{wording.has(len(frame))} one. "
        "Full dot: done. Ring: open. Grey ring: dropped. Upright line: follow-up meeting.",
        f"Bars in time: {'; '.join(words)}.",
    )
