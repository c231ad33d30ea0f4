"""The part of a team report that says what moved since the assessment before."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.changes import STILL, find_changes
from assessment_kit.pages import captions_since, charts_since, page_since, tables_since
from assessment_kit.pages.display import Fragment
from assessment_kit.pages.page import SINCE
from assessment_kit.pages.report_parts import figure, is_number, missing, table_of, words
from assessment_kit.pages.tables import records
from assessment_kit.pages.tables_since import signed
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation


def since(
    previous: Evaluation, evaluation: Evaluation, answers: Answers, that_day: Evaluation | None, filled_under: str
) -> Fragment:
    """Return scores, figures, promises and findings, then and now.

    Parameters
    ----------
    that_day
        The earlier evaluation under the guide of that day; None where that guide is not at hand.
    filled_under
        Version of the guide under which the earlier document was filled in; empty where not known.
    """
    changes = find_changes(previous, evaluation, answers.guide, that_day=that_day)
    frame = _with_words(tables_since.scores(changes))
    drawn = frame[frame["before"].notna() | frame["now"].notna()]
    if drawn.empty:
        chart = missing("Scores then and now", "neither assessment has enough answers for a score.")
    else:
        columns = {
            "name": "Section",
            "before_text": "Then",
            "now_text": "Now",
            "figure": "Moved",
            "team_text": "Team",
            "possible": "Possible",
            "coverage_text": "Coverage",
            "guide_text": "Guide",
            "both": "Answers both times",
            "only_before": "Only then",
            "only_now": "Only now",
        }
        table = table_of(frame, columns, [key for key in columns if key.endswith("_text")] + ["figure", "possible"])
        caption = captions_since.score_changes(frame, changes, previous.date, evaluation.date)
        chart = figure("changes", charts_since.score_changes(drawn), caption, table)
    html = Markup(
        '<section class="ak-section">\n<h2 id="{}">Since last time</h2>\n<p class="ak-note">{}</p>\n'
        '<div data-ak-opens="{}">\n{}\n</div>\n{}\n{}\n{}\n{}\n</section>'
    ).format(
        SINCE,
        _guides(previous, evaluation, that_day, filled_under),
        page_since.anchor(""),
        chart,
        page_since.answers_moved(changes),
        page_since.promises_kept(changes),
        page_since.figures_moved(changes),
        page_since.findings_moved(changes),
    )
    return words(html, f"since {previous.date.isoformat()}")


def _guides(previous: Evaluation, evaluation: Evaluation, that_day: Evaluation | None, filled_under: str) -> str:
    """Return between which days, and whether the guide itself changed."""
    days = f"Between {wording.day(previous.date)} and {wording.day(evaluation.date)} "
    days += f"({wording.count((evaluation.date - previous.date).days, 'day')})."
    version = evaluation.guide_version
    if that_day is not None and (that_day.guide_id, that_day.guide_version) == (evaluation.guide_id, version):
        return (
            f"{days} Both are scored under version {version} of the same guide, so none of the change is the guide's."
        )
    if that_day is not None:
        return f"{days} The guide changed from version {that_day.guide_version} to {version}; its part is told apart."
    under = f" from version {filled_under}" if filled_under else ""
    return (
        f"{days} The guide changed{under} to version {version}. Here both are scored under today's, so none of the "
        "change is the guide's; the scores then may differ from those in the report of that day."
    )


def _with_words(frame: pd.DataFrame) -> pd.DataFrame:
    def level(value: Any) -> str:
        return f"{value:.1f}" if is_number(value) else ""

    def moved(value: Any) -> str:
        return signed(value) if is_number(value) else ""

    found = {f"{key}_text": [level(value) for value in frame[key]] for key in ("before", "now")}
    found |= {f"{key}_text": [moved(value) for value in frame[f"{key}_shown"]] for key in ("team", "coverage", "guide")}
    rows = records(frame)
    return frame.assign(
        **found,
        possible=[f"{signed(row['low'])} to {signed(row['high'])}" if is_number(row["low"]) else "" for row in rows],
        figure=[words_ or "no two scores" for words_ in frame["figure"]],
        aside=[_aside(row) for row in rows],
        spread="",
    )


def _aside(row: dict[str, Any]) -> str:
    names = (("team", "team"), ("coverage", "coverage"), ("guide", "guide"))
    parts = [
        f"{name} {signed(row[f'{key}_shown'])}"
        for key, name in names
        if is_number(row[key]) and (abs(row[f"{key}_shown"]) >= STILL or key == "team")
    ]
    return " · ".join(parts)
