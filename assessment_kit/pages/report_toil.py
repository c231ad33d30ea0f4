"""Manual work in a report: the tasks by hours, how often against how long, payback, and the what-if of automating."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.pages import (
    captions_toil,
    captions_work,
    charts_payback,
    charts_toil,
    page_answers,
    page_what_if,
    tables,
    tables_payback,
    tables_toil,
    tables_work,
    words_what_if,
)
from assessment_kit.pages.display import Fragment, joined
from assessment_kit.pages.page_words import EMPTY, short_text, unbroken
from assessment_kit.pages.report_parts import (
    figure,
    linked,
    missing,
    percent_or_empty,
    ranked_table,
    table_of,
    why_missing,
    words,
)
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.what_if import what_if

#: Tasks on a map: those that pay back soonest, or that cost most.
MOST_POINTS = 30

SAID_OF_TOIL = (
    ("firefighting-share", "Firefighting"),
    ("automation-maturity", "Automation today"),
    ("existing-automation", "Automation in place"),
    ("automation-ideas", "Could be automated"),
    ("tools", "Scripts and tools"),
    ("runbooks", "Runbooks"),
    ("runbook-coverage", "Incidents with a runbook"),
)

HINT = "Point at a task or click it: it is marked in every chart of this section, and in the table."
OUTLINES = " Outlines: automated, in the what-if below."


def toil(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return the manual tasks by hours, what automating them brings, and how the team works today."""
    frame = tables_work.toil(evaluation)
    said = words(page_answers.facts(answers, SAID_OF_TOIL))
    known = frame[frame["value"].notna()] if len(frame) else frame
    if len(known) == 0:
        return joined([missing("Manual tasks", why_missing(frame, answers, "toil-tasks")), said])
    charts = joined(
        [_pareto(frame, known), _frequency(known, len(frame)), _payback(frame), _what_if(evaluation, answers)]
    )
    return joined([linked(charts, _words_by_key(known), HINT, OUTLINES), said])


def _words_by_key(known: pd.DataFrame) -> dict[str, str]:
    """Return what stands below a chart while a task is marked, for every task that a chart can draw."""
    soon = known[known["payback"].notna()].sort_values(["payback", "rank"]).head(MOST_POINTS)
    saving = known[known["can"]].sort_values("saved", ascending=False).head(MOST_POINTS)
    drawn = pd.concat([known.head(MOST_POINTS), soon, saving]).drop_duplicates("key")
    return {row["key"]: _in_words(row) for row in tables.records(drawn)}


def _in_words(row: dict[str, Any]) -> str:
    parts = [f"{row['figure']} a month{f' ({span})' if (span := row['spread']) else ''}"]
    if row["times"]:
        each = wording.duration(60 * row["value"] / row["times"])
        parts.append(f"{captions_toil.often(row['times'])}, {each} each time")
    if row["can"]:
        parts.append(f"automating it saves {wording.number(row['saved'])} h a month")
    if row["effort"] is not None:
        parts.append(f"takes {wording.number(row['effort'])} h to automate")
    if row["payback"] is not None:
        parts.append(f"pays back in {words_what_if.months(row['payback'])}")
    return unbroken(f"{row['rank']} {short_text(row['name'], 80)}: {'; '.join(parts)}.")


def _pareto(frame: pd.DataFrame, known: pd.DataFrame) -> Fragment:
    caption, vital = captions_work.toil(known, len(frame))
    drawn = known.assign(name=[f"{row['rank']}\u2002{row['name']}" for row in tables.records(known)])
    drawn = tables.top(drawn, tables.HOURS)
    drawn = drawn.assign(aside=[percent_or_empty(share, " so far") for share in drawn["running"]])
    more = {
        "share_text": "Share",
        "automatable": "Automatable",
        "effort_text": "Effort to automate",
        "saved_text": "Saves a month",
        "payback_text": "Pays back in",
        "reason": "Missing",
    }
    shares = [percent_or_empty(share) for share in frame["share"]]
    table = ranked_table(frame.assign(share_text=shares), "Task", "Hours a month", **more)
    return figure("toil", charts_toil.toil(drawn, range(vital)), caption, table)


def _frequency(known: pd.DataFrame, rows: int) -> Fragment:
    both = known[(known["value"] > 0) & (known["times"] > 0)]
    if len(both) == 0:
        return missing("How often and how long", "no task takes any time.")
    found = tables_toil.frequency_map(both.head(MOST_POINTS).reset_index(drop=True))
    everything = both.assign(each=[60 * row["value"] / row["times"] for row in tables.records(both)])
    everything = everything.assign(each_text=[wording.duration(minutes) for minutes in everything["each"]])
    columns = {
        "rank": "No.",
        "name": "Task",
        "times": "Times a month",
        "each_text": "Each time, everybody together",
        "figure": "Hours a month",
        "spread": "Interval",
    }
    caption = captions_toil.frequency_map(both, rows, MOST_POINTS)
    table = table_of(everything, columns, ["each_text", "figure", "spread"])
    return figure("frequency", charts_toil.frequency_map(found), caption, table)


def _payback(frame: pd.DataFrame) -> Fragment:
    both = frame[frame["payback"].notna() & (frame["effort"] > 0) & (frame["saved"] > 0)]
    if len(both) == 0:
        reasons = [str(reason) for reason in frame["payback_text"] if reason]
        return missing("Payback of automation", reasons[0] if reasons else "No task has an effort and hours.")
    both = both.sort_values(["payback", "rank"], ignore_index=True)
    columns = {
        "rank": "No.",
        "name": "Task",
        "effort_text": "Effort to automate",
        "saved_text": "Saves a month",
        "saved_spread": "Interval",
        "payback_text": "Pays back in",
    }
    chart = charts_payback.payback_map(tables_payback.payback_map(both.head(MOST_POINTS)))
    caption = captions_work.payback_map(both, len(frame), MOST_POINTS)
    return figure(
        "payback",
        chart,
        caption,
        table_of(both, columns, ["effort_text", "saved_text", "saved_spread", "payback_text"]),
    )


def _what_if(evaluation: Evaluation, answers: Answers) -> Fragment:
    found = what_if(evaluation, answers)
    if not found.options:
        reasons = list(dict.fromkeys(entry.reason for entry in found.fixed if entry.reason))
        why = f"no task is known to save time once it is automated. {' '.join(reasons[:3])}"
        return missing("What if tasks were automated", why) if reasons else words(EMPTY)
    chosen = found.top(found.suggested)
    cap = None if found.capacity is None else found.capacity.value / 2
    over = (words_what_if.row(found, (), today=True), words_what_if.row(found, chosen))
    chart = charts_toil.month_if(tables_toil.month_if(found, chosen, over), cap, tables_toil.highest_month(found))
    drawn = figure("what-if", chart, captions_toil.what_if(found, chosen), page_what_if.numbers(found, chosen))
    return words(page_what_if.what_if(found, drawn), drawn.summary)
