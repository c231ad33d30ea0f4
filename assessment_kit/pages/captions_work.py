"""The words around the charts of the team's work: incidents, toil, engineering work, alerts and monitoring."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.pages.captions import MOST_NAMED, Caption, cut_off, lines, named_rows, number_word, one_kind, quoted
from assessment_kit.pages.page_words import short_text
from assessment_kit.pages.tables import records
from assessment_kit.stamps import RESTORED, Ending

#: Most tasks that a title calls the few.
MOST_VITAL = 6


def incident_types(frame: pd.DataFrame, total: Estimate | None, rows: int) -> Caption:
    """Return the words around the incident types that have a number; ``rows`` is how many were named."""
    first, counted = one_kind(records(frame)), float(frame["value"].sum())
    whole = total.value if total is not None else counted
    title = f"{quoted(first['name'])} is the most common type: {first['figure']} a month"
    if first["value"] == 0:
        title = "None of the types named comes up in a month"
    if whole >= first["value"] > 0:
        share = wording.percent(100 * first["value"] / whole)
        of = f"{first['figure']} of {_incidents(whole)} a month ({share})"
        title = f"{quoted(first['name'])} is the most common type: {of}"
    every = f" of {_incidents(total.value)}" if total else ""
    number = f"{len(frame)} of {wording.count(rows, 'type')} {wording.has(len(frame))} a number"
    have = f"{number}, together {wording.whole_number(counted)}{every} a month."
    return Caption(
        title,
        f"Incidents a month by type, as said or counted. {have} Small type: share of all incidents, and the running "
        f"share down to this type.{lines(frame)}",
        named_rows(frame, "Bars"),
    )


def _incidents(number: float) -> str:
    return wording.amount_of(number, "incidents")


def repeats(frame: pd.DataFrame, rows: int) -> Caption:
    """Return the words around the repeat incidents that have hours; ``rows`` is how many were named."""
    first = records(frame)[0]
    have = f"{len(frame)} of {wording.count(rows, 'row')} {wording.has(len(frame))} both."
    return Caption(
        f"{quoted(first['name'])} keeps coming back and takes {first['figure']} a month",
        f"Hours a month of everybody together: times a month × hands-on time. {have}{lines(frame)}",
        named_rows(frame, "Bars"),
    )


def repeats_by_times(frame: pd.DataFrame, rows: int, counted: str, *, masked: bool = False) -> Caption:
    """Return the words around repeat incidents of which only the times a month are known.

    Parameters
    ----------
    counted
        From how many incidents of which days, where an import counted them.
    masked
        Whether the names are descriptions without what differs from one to the next.
    """
    first = records(frame)[0]
    have = f"{len(frame)} of {wording.count(rows, 'row')} {wording.has(len(frame))} them."
    how = f" Counted from the export, by the similarity of descriptions: {counted}." if counted else ""
    dots = " “…” stands for a number that differs." if masked else ""
    return Caption(
        f"{quoted(first['name'])} comes back most often: {first['figure']} times a month",
        f"Times a month. How long the work on each takes is not known, so there are no hours. {have}{how}{dots}"
        f"{lines(frame)}",
        named_rows(frame, "Bars, times a month"),
    )


def toil(frame: pd.DataFrame, rows: int) -> tuple[Caption, int]:
    """Return the words around the toil tasks that have hours, and how many of the first the title speaks of.

    The title names the few that make half of the hours, where a few do.
    """
    running = [float(share) for share in frame["running"] if share == share and share is not None]
    vital = next((place for place, share in enumerate(running, 1) if share >= 50), len(running))
    if not running:
        title, vital = "The tasks named take no time", 0
    elif len(running) < 3 or vital > min(MOST_VITAL, len(running) / 2):
        first = records(frame)[0]
        title, vital = f"{quoted(first['name'])} takes the most manual work: {first['figure']} a month", 1
    else:
        verb = "makes" if vital == 1 else "make"
        share = wording.percent(running[vital - 1])
        title = f"{number_word(vital)} of {len(frame):,} tasks {verb} {share} of the manual work"
    have = f"{len(frame):,} of {wording.count(rows, 'task')} with hours."
    subtitle = f"Hours a month: times × time each × people. {have} Small type: running share.{lines(frame)}"
    return Caption(title, subtitle, named_rows(frame, "Bars, largest first")), vital


#: Each phase of an incident: what the title says of it, and the time that it was made from.
_COURSE = {
    "Until detected": ("noticed after {}", "to detect"),
    "Until the cause is known": ("understood {} later", "to diagnose"),
    "Until restored": ("put right {} after that", "to restore"),
    "Until resolved": ("resolved {} after that", "until resolved"),
    "Until closed": ("closed {} after that", "until closed"),
}


def incident_course(
    frame: pd.DataFrame, missing: Sequence[str], *, defined: bool = False, opened: bool = False
) -> Caption:
    """Return the words around the course of an average incident.

    Parameters
    ----------
    missing
        The times that are not known.
    defined
        Whether an answer has a definition of its own, so that the times may begin and end with other moments than the
        guide asks for.
    opened
        Whether the time to restore counts from the opening of a ticket.
    """
    phrases = [(_COURSE[row["name"]], row) for row in records(frame)]
    title = wording.listed([phrase.format(row["figure"]) for (phrase, _), row in phrases])
    bases = list(dict.fromkeys(row["said_basis"] for _, row in phrases))
    mixed = ", ".join(f"{time} {row['said_basis']}" for (_, time), row in phrases)
    basis = f"all {bases[0]}" if len(bases) == 1 else f"of different bases: {mixed}"
    what = "Mean times from the first effect on users"
    if defined:
        what = "Mean times laid end to end, each as its answer defines it"
    last = "The last part is a difference: the whole time less what came before it."
    if opened:
        last = "The time to restore counts from the opening of the ticket, so the time until then is added to it."
        if len(frame) > 2:
            last += " The last part is the time to restore less the time to diagnose."
    rest = f" Not known: time to {wording.listed(list(missing))}." if missing else ""
    return Caption(
        f"An average incident is {title}",
        f"{what}, {basis}. {last}{rest}{lines(frame)}",
        named_rows(frame, "One bar in time"),
    )


def spread_of_times(frame: pd.DataFrame, told: Ending = RESTORED, counted: str = "") -> Caption:
    """Return the words around mean, median and worst of the times that are known.

    Parameters
    ----------
    told
        What restoring is called.
    counted
        From how many incidents of which days an import counted it.
    """
    rows = records(frame)
    skewed = [row for row in rows if row["worst"] is not None and row["worst"] > row["value"]]
    first = next((row for row in skewed if row["id"] == "time_to_restore"), skewed[0] if skewed else None)
    if first is not None:
        what = told.doing if first["id"] == "time_to_restore" else f"“{first['name']}”"
        times = wording.number(first["worst"] / first["value"])
        title = f"The worst case of {what} took {first['worst_text']}, {times} times the average"
    elif len(rows) == 1 and rows[0]["n"] == 1:
        title = f"{rows[0]['name']}: {rows[0]['figure']}, as far as one incident can tell"
    elif any(row["median"] is not None for row in rows):
        first = next(row for row in rows if row["median"] is not None)
        title = f"{first['name']}: {first['figure']} on average, {first['median_text']} in the middle case"
    else:
        title = f"{rows[0]['name']}: {rows[0]['figure']} on average; median and worst are not known"
    numbers = "; ".join(
        f"{row['name']} {counted}"
        if counted and row["id"] == "time_to_restore"
        else f"{row['name']} n\u00a0=\u00a0{row['n']:,.0f}"
        for row in rows
        if row["n"]
    )
    legend = "Dot: mean with its interval. Upright line: median. Circle: worst. The scale is logarithmic."
    return Caption(
        title,
        f"{legend}{cut_off(frame)}{f' {numbers}.' if numbers else ''}",
        named_rows(frame, "Dots on a scale of time, means"),
    )


def payback_map(frame: pd.DataFrame, rows: int, drawn: int) -> Caption:
    """Return the words around the payback map: tasks that have a payback, the soonest first."""
    soon = int((frame["payback"] <= 3).sum())
    quickest = records(frame)[0]
    if soon == 0:
        first = f"{quoted(quickest['name'])} comes first, after {quickest['payback_text']}"
        title = f"No task pays back within three months; {first}"
    else:
        verb = "pays" if soon == 1 else "pay"
        title = f"{number_word(soon)} of {wording.count(len(frame), 'task')} {verb} back within three months"
    have = f"{len(frame):,} of {wording.count(rows, 'task')} {wording.has(len(frame))} both."
    cut = f" Drawn: the {drawn} soonest." if len(frame) > drawn else ""
    named = [f"{short_text(row['name'], 60)} pays back in {row['payback_text']}" for row in records(frame)[:MOST_NAMED]]
    return Caption(
        title,
        f"Effort to automate against hours saved a month, less upkeep. {have}{cut} Dotted: equal payback. "
        f"Numbers: places by hours a month, as in the first chart.{lines(frame, 'saved_low', 'saved_high')}",
        f"Points: {'; '.join(named)}.",
    )
