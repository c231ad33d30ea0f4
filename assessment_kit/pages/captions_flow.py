"""The words around the charts of work that goes to others and of signals that come from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.pages.captions import Caption, cut_off, lines, named_rows, quoted
from assessment_kit.pages.tables import records
from assessment_kit.readings import Absent, Reading
from assessment_kit.results import Metric

_INCIDENTS, _ALERTS = "incidents a month", "alerts a month"


def shares_of_one(
    frame: pd.DataFrame,
    rest: str,
    phrases: Mapping[str, str],
    incidents: Estimate | None = None,
    numbers: Sequence[str] = (),
) -> Caption:
    """Return the words around shares of all incidents; ``phrases`` says what each named share of them does.

    ``numbers`` are the rows' incidents a month, as the drawing shows them.
    """
    parts = [row for row in records(frame) if row["kind"] == "part"]
    known = [row for row in parts if row["value"] is not None]
    first = max(known, key=lambda row: row["value"])
    have = f"{len(known)} of {wording.count(len(parts), 'share')} known."
    outline = f" Outline: {rest[:1].lower()}{rest[1:]}." if len(frame) > len(parts) else ""
    title = f"{first['figure']} of incidents {phrases[first['name']]}"
    if incidents is not None and incidents.value > 0:
        number = dict(zip(frame["name"], numbers, strict=True))[first["name"]]
        title = f"{number} of {wording.amount_of(incidents.value, _INCIDENTS)} {phrases[first['name']]}"
        title += f" ({first['figure']})"
    return Caption(
        title,
        f"Of 100 incidents, as said. {have}{outline}{lines(frame)}",
        named_rows(frame, "One stacked bar"),
    )


def engineering_times(frame: pd.DataFrame, metrics: Mapping[str, Metric]) -> Caption:
    """Return the words around times to restore with an engineering fix, which is known, and without."""
    rows = {row["id"]: row for row in records(frame)}
    with_fix, rest, every = (rows[key] for key in ("engineering_time_to_restore", "rest", "time_to_restore"))
    title = f"With an engineering fix an average incident takes {with_fix['figure']} to restore"
    other, words = (rest, "the others") if rest["value"] else (every, "all incidents together")
    # Times that contradict each other have no ratio either; what does not fit is said below.
    if other["value"] and rest["fits"]:
        ratio = with_fix["value"] / other["value"]
        title = f"With an engineering fix incidents take {wording.number(ratio)} times as long as {words}"
        if 0.9 < ratio < 1.1:
            title = f"With an engineering fix incidents take about as long as {words}"
    depend = _of_incidents(" With a fix:", metrics["engineering_involvements_per_month"].estimate, metrics)
    if (share := metrics["engineering_dependent_share"].estimate) is not None:
        # What ends an incident for good and what restores the service are two things, and two answers.
        incidents = metrics["incidents_per_month"].estimate
        for_good = None if incidents is None else incidents.scaled(share.value / 100)
        depend += _of_incidents(" Solved for good only by engineering:", for_good, metrics)
    computed = " The others: the mean of all less the part of those with a fix." if rest["value"] is not None else ""
    counted = "; ".join(f"n\u00a0=\u00a0{row['n']:,.0f} ({row['name']})" for row in rows.values() if row["n"])
    return Caption(
        title,
        f"{_TIMES}{cut_off(frame)}{depend}{computed}{f' {counted}.' if counted else ''}",
        named_rows(frame, "Dots on a scale of time, means"),
    )


def _of_incidents(what: str, some: Estimate | None, metrics: Mapping[str, Metric]) -> str:
    every = metrics["incidents_per_month"].estimate
    if some is None or every is None or not 0 < every.value >= some.value:
        return ""
    share = wording.percent(100 * some.value / every.value)
    of = f"{wording.whole_number(some.value)} of {wording.amount_of(every.value, _INCIDENTS)}"
    return f"{what} {of} ({share})."


_TIMES = "Dot: mean time to restore, with its interval. Upright line: median. Circle: worst. The scale is logarithmic."


def escalation(frame: pd.DataFrame, metrics: Mapping[str, Metric]) -> Caption:
    """Return the words around the flow of escalations."""
    every, some = metrics["incidents_per_month"].estimate, metrics["escalations_per_month"].estimate
    if some is None:
        title = "How many incidents are escalated is not known"
    elif every is None or every.value < some.value or every.value == 0:
        title = f"{wording.amount_of(some.value, 'escalations')} to the SRE teams a month"
    else:
        of = f"{wording.whole_number(some.value)} of {wording.amount_of(every.value, _INCIDENTS)}"
        goes = "goes" if wording.whole_number(some.value) == "1" else "go"
        title = f"{of} {goes} to the SRE teams ({wording.percent(100 * some.value / every.value)})"
    subtitle = f"Incidents a month, and how many of them need others, with their share of all.{lines(frame)}"
    return Caption(title, subtitle, named_rows(frame, "Bars"))


def escalation_times(frame: pd.DataFrame, waits: Reading, worked: Metric) -> Caption:
    """Return the words around what one escalation takes.

    Parameters
    ----------
    waits
        Hours a month that escalated incidents wait, elapsed.
    worked
        The team's own person-hours on escalations a month.
    """
    rows = {row["id"]: row for row in records(frame)}
    wait, own = rows["escalation-wait"], rows["escalation-time"]
    if wait["value"] is None:
        title = f"An escalation takes {own['figure']} of the team's own work; the wait is not known"
    elif own["value"] is None:
        title = f"An escalated incident waits {wait['figure']} for somebody to take over"
    else:
        title = f"An escalated incident waits {wait['figure']}, and takes {own['figure']} of the team's own work"
    sums = []
    if not isinstance(waits, Absent):
        sums.append(f"waiting {wording.number(waits.value)} h elapsed")
    if worked.estimate is not None:
        sums.append(f"own work {wording.number(worked.estimate.value)} person-hours")
    added = f" In a month: {wording.listed(sums)}." if sums else ""
    legend = "Dot: mean for one escalation, with its interval. Upright line: median. Circle: worst. Logarithmic scale."
    return Caption(title, f"{legend}{cut_off(frame)}{added}", named_rows(frame, "Dots on a scale of time, means"))


def alerts(frame: pd.DataFrame, metrics: Mapping[str, Metric]) -> Caption:
    """Return the words around the funnel from alerts to incidents."""
    volume, share = metrics["alerts_per_month"].estimate, metrics["alert_actionable_share"].estimate
    noise = metrics["noise_hours_per_month"]
    if volume is None:
        title = "How many alerts there are is not known"
    elif volume.value == 0:
        title = "No alerts reach the team"
    elif share is None:
        title = f"{wording.amount_of(volume.value, _ALERTS)}; how many need an action is not known"
    else:
        needed = wording.whole_number(volume.value * share.value / 100)
        needs = "needs" if needed == "1" else "need"
        title = f"{needed} of {wording.amount_of(volume.value, _ALERTS)} {needs} an action"
        title += f" ({wording.percent(share.value)})"
        title += f"; the others take {wording.number(noise.estimate.value)} h" if noise.estimate else ""
    steps = "A month: all alerts that reach somebody, split into those that need an action and those that need nothing."
    triage = ""
    if noise.estimate is not None:
        span = wording.interval(noise.estimate.in_unit("hours"))
        triage = f" Looking at what needs nothing: {wording.quantity(noise.estimate.value, 'hours')}"
        triage += f" ({span})." if span else "."
    elif noise.reason:
        triage = f" Hours of looking at what needs nothing are not known: {noise.reason}"
    apart = " Incidents stand on the same scale and are no part of the alerts."
    return Caption(title, f"{steps}{triage}{apart}{lines(frame)}", named_rows(frame, "Bars"))


def coverage(frame: pd.DataFrame) -> Caption:
    """Return the words around what monitoring covers."""
    rows = [row for row in records(frame) if row["value"] is not None]
    counted = "; ".join(f"n\u00a0=\u00a0{row['n']:,.0f} ({row['name']})" for row in rows if row["n"])
    below = [row for row in rows if row["target"] is not None and row["value"] < row["target"]]
    marked = [row for row in rows if row["target"] is not None]
    title = f"{rows[0]['name']}: {rows[0]['figure']}"
    if marked:
        title += (
            f"; {len(below)} of {len(marked)} below the guide's level 4"
            if below
            else "; all at the guide's level 4 or above"
        )
    return Caption(
        title,
        f"Dot: share as said. Bar: interval. Upright line: the guide's level 4. {len(rows)} of {len(frame)} known."
        f"{f' {counted}.' if counted else ''}",
        named_rows(frame, "Dots from 0 to 100 %"),
    )


def blind_spots(areas: pd.DataFrame, spots: pd.DataFrame) -> Caption:
    """Return the words around the hours lost to blind spots, by area; ``spots`` has them all, one by one."""
    first, known = records(areas)[0], int(spots["value"].notna().sum())
    whole = float(areas["value"].sum())
    title = f"{quoted(first['name'])} costs most: {first['figure']} a month"
    if whole > first["value"] > 0:
        share = wording.percent(100 * first["value"] / whole)
        title = f"{quoted(first['name'])} costs most: {first['figure']} of {wording.number(whole)} h a month ({share})"
    elif first["value"] == 0:
        title = "The blind spots named cost no hours"
    grave = (
        " In colour: the effect is high; grey: it is not." if areas["grave"].any() and not areas["grave"].all() else ""
    )
    have = f"{known} of {wording.count(len(spots), 'blind spot')} with hours."
    return Caption(
        title,
        f"Hours lost a month to what monitoring does not show, by area. {have}{grave} Small type: effect."
        f"{lines(areas)}",
        named_rows(areas, "Bars"),
    )
