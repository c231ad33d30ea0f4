"""The incidents of a team report: weeks of an import, types, repeats, and how long things take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from markupsafe import Markup

from assessment_kit.audience import LEFT_OUT
from assessment_kit.pages import (
    captions_work,
    charts_work,
    page_answers,
    report_weeks,
    tables,
    tables_work,
)
from assessment_kit.pages.display import Fragment, joined
from assessment_kit.pages.imported import counted_over, import_of, readable
from assessment_kit.pages.page_words import EMPTY, texts
from assessment_kit.pages.report_parts import (
    all_reasons,
    figure,
    is_number,
    missing,
    not_known,
    ranked_table,
    share_of,
    table_of,
    why_missing,
    words,
)
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.stamps import Ending, ending, from_opening

SAID = (
    ("failure-patterns", "Patterns"),
    ("failure-domains", "Where failures gather"),
    ("contributing-factors", "Contributing factors"),
    ("delays", "Delays"),
    ("restored-in-30", "P1/P2 mitigated within 30 min"),
)


def incidents(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return weeks, types, repeats and times of the incidents, and what was said about them."""
    said = words(page_answers.facts(answers, SAID))
    # An import's own drawing shows the same types, and can be asked about single weeks.
    types = [] if report_weeks.shows_types(answers) else [_incident_types(evaluation, answers)]
    parts = [*types, _repeats(evaluation, answers), *_times(evaluation, answers), said]
    return joined([*report_weeks.weeks(answers), *parts])


def _incident_types(evaluation: Evaluation, answers: Answers) -> Fragment:
    frame = tables_work.incident_types(answers)
    every = evaluation.metrics["incidents_per_month"].estimate
    known = frame[frame["value"].notna()]
    if known.empty:
        return missing("Incident types", why_missing(frame, answers, "incident-types"))
    counted = float(known["value"].sum())
    whole = max(counted, every.value) if every is not None else counted
    frame = _with_running(frame, whole)
    drawn = tables.top(frame[frame["value"].notna()], "")
    drawn = drawn.assign(aside=[_of_all(row) for row in tables.records(drawn)])
    more = {"share": "Share", "running": "Running share", "note": "Note", "reason": "Missing"}
    table = ranked_table(frame, "Type", "Incidents a month", **more)
    caption = captions_work.incident_types(known, every, len(frame))
    return figure("incident-types", charts_work.incident_types(drawn, [0]), caption, table)


def _with_running(frame: pd.DataFrame, whole: float) -> pd.DataFrame:
    """Return ranked types with their share of all incidents and the running share down to each, in words."""
    running, shares, runs = 0.0, [], []
    for value in frame["value"]:
        running += value if is_number(value) else 0.0
        shares.append(share_of(value, whole))
        runs.append(share_of(min(running, whole), whole) if is_number(value) else "")
    return frame.assign(share=shares, running=runs)


def _of_all(row: dict[str, Any]) -> str:
    return f"{row['share']} · {row['running']} so far" if row.get("share") and row.get("running") else ""


def _repeats(evaluation: Evaluation, answers: Answers) -> Fragment:
    frame = tables_work.repeats(evaluation, answers)
    if import_of(answers, "repeat-incidents") is not None and len(frame):
        frame = frame.assign(name=[readable(name) for name in frame["name"]])
    known = frame[frame["value"].notna()]
    if known.empty:
        return _repeats_by_times(frame, answers)
    drawn = tables.top(known.drop(columns="often"), tables.HOURS)
    drawn = drawn.assign(
        aside=[f"{times} × a month" if isinstance(times, str) and times else "" for times in drawn["times"]]
    )
    more = {"times": "Times a month", "cause": "Main cause", "fix_known": "Fix known", "reason": "Missing"}
    table = ranked_table(frame, "Incident", "Hours a month", **more)
    return figure("repeats", charts_work.repeats(drawn, [0]), captions_work.repeats(known, len(frame)), table)


def _repeats_by_times(frame: pd.DataFrame, answers: Answers) -> Fragment:
    """Return the repeats by how often they come, where nobody knows how long the work on each takes."""
    often = tables_work.by_times(frame) if len(frame) else frame
    known = often[often["value"].notna()] if len(often) else often
    if known.empty:
        return missing("Repeat incidents", why_missing(frame, answers, "repeat-incidents"))
    more = {"cause": "Main cause", "fix_known": "Fix known", "reason": "Hours missing"}
    table = ranked_table(
        often.assign(reason=list(frame.loc[frame["often"].notna(), "reason"])), "Incident", "Times a month", **more
    )
    imported = import_of(answers, "repeat-incidents") is not None
    caption = captions_work.repeats_by_times(
        known, len(frame), counted_over(answers, "repeat-incidents"), masked=imported
    )
    drawn = tables.top(known.drop(columns="often"), "").assign(aside="")
    return figure("repeats", charts_work.repeats_by_times(drawn, [0]), caption, table)


def _times(evaluation: Evaluation, answers: Answers) -> Iterable[Fragment]:
    frame = tables_work.times(evaluation)
    if frame["value"].isna().all():
        yield missing("Times to detect, diagnose and restore", all_reasons(frame.iloc[:3]))
        return
    course, unknown = tables_work.course(evaluation)
    if len(course):
        columns = {"name": "Phase", "figure": "Takes", "end_text": "Ends after", "spread": "Interval of the end"}
        table = table_of(course, columns, ["figure", "end_text", "spread"])
        opened = from_opening(evaluation.metrics["time_to_restore"].definition)
        caption = captions_work.incident_course(course, unknown, defined=_defined(answers), opened=opened)
        yield figure("course", charts_work.incident_course(course), caption, table)
        yield words(_delays(answers))
    known = frame[(frame["value"] > 0) & frame["value"].notna()]
    if len(known):
        drawn = known.assign(aside=[_extremes(row) for row in tables.records(known)])
        columns = {
            "name": "Time",
            "figure": "Mean",
            "spread": "Interval",
            "median_text": "Median",
            "worst_text": "Worst",
            "n": "n",
            "basis": "Basis",
            "reason": "Missing",
        }
        table = table_of(frame, columns, ["figure", "spread", "median_text", "worst_text"])
        yield figure(
            "times",
            charts_work.spread_of_times(drawn),
            captions_work.spread_of_times(known, _told(evaluation), counted_over(answers, "time-to-restore")),
            table,
        )
    yield not_known(tables.records(frame))


def _defined(answers: Answers) -> bool:
    """Tell whether one of the times says itself from which moment to which it runs."""
    found = (answers.get(question) for question in ("time-to-detect", "time-to-diagnose", "time-to-restore"))
    return any(answer is not None and answer.definition for answer in found)


def _told(evaluation: Evaluation) -> Ending:
    definition = evaluation.metrics["time_to_restore"].definition
    return ending(definition, left_out=definition == LEFT_OUT)


def _delays(answers: Answers) -> Markup:
    """Return what the team named as delays, to stand below the time that they are a part of."""
    question, said = answers.question("delays"), answers.value("delays")
    if question is None or not isinstance(said, dict):
        return EMPTY
    chosen = [choice.label if (choice := question.choice(str(one))) else one for one in said.get("chosen") or []]
    named = [*chosen, *(said.get("other") or [])]
    if not named:
        return EMPTY
    return Markup('<p class="ak-note">Delays named in this time, without their lengths: {}.</p>').format(texts(named))


def _extremes(row: dict[str, Any]) -> str:
    # Of one case the middle and the worst are the mean.
    names = () if row["n"] == 1 else ("median", "worst")
    return ", ".join(f"{name} {row[f'{name}_text']}" for name in names if is_number(row[name]))
