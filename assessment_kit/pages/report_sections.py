"""The parts of a team report at its head and its end that draw: scores, the month in hours, the plan in time."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from assessment_kit.pages import captions, charts, page_scores, tables
from assessment_kit.pages.display import Fragment, joined
from assessment_kit.pages.page_words import EMPTY
from assessment_kit.pages.report_parts import (
    figure,
    is_number,
    missing,
    not_known,
    percent_or_empty,
    ranked_table,
    share_of,
    table_of,
    words,
)
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.values import parse_date

#: Action items that are drawn; the table names all of them.
MOST_ACTIONS = 20


def scores(evaluation: Evaluation, previous: Evaluation | None, answers: Answers) -> Fragment:
    """Return the section scores as dots with intervals."""
    frame = _with_words(tables.scores(evaluation, previous))
    frame["target"] = pd.Series([answers.guide.target_of(section) for section in frame["id"]], dtype=float)
    drawn = frame[frame["low"].notna()]
    if drawn.empty:
        return missing("Scores", "nothing in this guide is scored, or nothing of it applies to the team.")
    names = [entry.name for entry in sorted(answers.guide.levels, key=lambda entry: entry.level)]
    columns = {
        "name": "Section",
        "figure": "Score",
        "spread": "Possible",
        "level": "Level",
        "covered": "Coverage",
        "counts": "Scored answers",
        "last_text": "Last time",
        "target_text": "Target",
        "reason": "Why",
    }
    frame = frame.assign(target_text=["" if not is_number(aim) else f"{aim:g}" for aim in frame["target"]])
    table = table_of(frame, columns, ["figure", "spread", "covered", "counts", "last_text", "target_text"])
    chart = charts.section_scores(drawn, names)
    shown = figure("scores", chart, captions.section_scores(frame, evaluation), table)
    opens = Markup('<div data-ak-opens="{}">\n{}\n</div>').format(page_scores.anchor(""), shown)
    return words(opens, shown.summary)


def _with_words(frame: pd.DataFrame) -> pd.DataFrame:
    counts = [f"{done} of {every}" for done, every in zip(frame["answered"], frame["applicable"], strict=True)]
    known = [is_number(value) for value in frame["value"]]
    spans = zip(frame["low"], frame["high"], strict=True)
    return frame.assign(
        counts=counts,
        spread=[f"{low:.1f} to {high:.1f}" if is_number(low) else "" for low, high in spans],
        last_text=[f"{last:.1f}" if is_number(last) else "" for last in frame["last"]],
        covered=[percent_or_empty(100 * part if is_number(part) else None) for part in frame["coverage"]],
        short=counts,
        aside=[
            f"not enough answers, {count}"
            if not sure
            else f"level open, {count} answers"
            if wide
            else f"{count} answers"
            for count, sure, wide in zip(counts, known, frame["open"], strict=True)
        ],
    )


def hours(evaluation: Evaluation) -> Fragment:
    """Return the month in person-hours against the capacity."""
    frame = tables.hours(evaluation)
    capacity = evaluation.metrics["capacity_hours_per_month"]
    rows = [row for row in tables.records(frame) if row["kind"] == "part"]
    if capacity.estimate is None:
        rows.append({"name": "Capacity", "value": None, "reason": capacity.reason})
    absent = not_known(rows)
    if all(row["value"] is None for row in rows):
        return joined([missing("Where the hours go", "no part of the month can be counted."), absent])
    whole = capacity.estimate
    drawn = frame[frame["value"].notna()]
    shares = [
        share_of(value, whole.value) if whole is not None and kind != "capacity" else ""
        for value, kind in zip(drawn["value"], drawn["kind"], strict=True)
    ]
    drawn = drawn.assign(aside=shares)
    chart = charts.month_hours(drawn, None if whole is None else whole.value)
    table = ranked_table(frame, "Part", "Hours a month", reason="Why it is missing")
    return joined([figure("hours", chart, captions.month_hours(frame, evaluation), table), absent])


def action_times(evaluation: Evaluation, answers: Answers) -> Fragment:
    """Return the dated action items in time; nothing where none has a date (the table above says so)."""
    frame = tables.actions(evaluation)
    if len(frame) == 0:
        return words(EMPTY)
    follow_up = parse_date(answers.value("follow-up-date"))
    drawn = frame.head(MOST_ACTIONS)
    drawn = drawn.assign(figure=drawn["due_text"], aside=[_who(row) for row in tables.records(drawn)])
    table = table_of(frame, {"name": "Action", "owner": "Owner", "due_text": "Due", "status": "Status"})
    chart = charts.action_times(drawn, evaluation.date.isoformat(), follow_up.isoformat() if follow_up else None)
    return figure("actions", chart, captions.action_times(frame, len(evaluation.actions)), table)


def _who(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (row["owner"], row["status"].replace("-", " ")) if part)
