"""The index of a batch: every team with its scores and a link to its report, in one file that opens offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from assessment_kit import style, wording
from assessment_kit.resources import templates_dir
from assessment_kit.results import Evaluation, Score


@dataclass(frozen=True)
class IndexEntry:
    """One team's line: its evaluation, or why it failed. ``href`` is empty when there is no report."""

    team: str
    date: str
    href: str
    error: str
    evaluation: Evaluation | None


@dataclass(frozen=True)
class _Cell:
    """A section's score as the table shows it."""

    title: str
    text: str
    step: int  # 1..5, the shade; 0 for none
    hint: str


def render_index(entries: Sequence[IndexEntry], *, generated: str, audience: str) -> str:
    """Return the index as one HTML file.

    Parameters
    ----------
    entries
        In the order in which they are shown: alphabetical.
    generated
        The one date on the page, ISO; empty for none.
    audience
        Whom the reports were made for.
    """
    titles: dict[str, str] = {}
    for entry in entries:
        for score in entry.evaluation.sections if entry.evaluation else ():
            titles.setdefault(score.id, score.title)
    rows = [
        {
            "entry": entry,
            "day": _day(entry.date),
            "cells": _cells(entry.evaluation, titles),
            "overall": _cell(entry.evaluation.overall) if entry.evaluation else None,
            "figures": _figures(entry.evaluation),
            "to_ask": len(entry.evaluation.contradictions) if entry.evaluation else 0,
            "open_actions": _open_actions(entry.evaluation),
        }
        for entry in entries
    ]
    failed = sum(1 for entry in entries if entry.error)
    return _template().render(
        rows=rows,
        titles=list(titles.values()),
        teams=wording.count(len(entries), "team"),
        failed=failed,
        generated=_day(generated),
        audience=audience,
        css=style.page_css(),
    )


def _day(text: str) -> str:
    try:
        return wording.day(date.fromisoformat(text))
    except ValueError:
        return text


def _cells(evaluation: Evaluation | None, titles: dict[str, str]) -> list[_Cell | None]:
    if evaluation is None:
        return [None] * len(titles)
    by_id = {score.id: score for score in evaluation.sections}
    return [_cell(by_id[section]) if section in by_id else None for section in titles]


def _cell(score: Score) -> _Cell:
    coverage = "" if score.coverage is None else f", coverage {wording.percent(100 * score.coverage)}"
    possible = "" if score.low is None or score.high is None else f"{score.low:.1f} to {score.high:.1f} possible"
    if score.score is None:
        return _Cell(score.title, "–", 0, f"{possible}{coverage}. {score.reason}".strip(", "))
    step = min(5, max(1, int(score.score + 0.5)))
    return _Cell(score.title, f"{score.score:.1f}", step, f"{score.level_name}: {possible}{coverage}")


def _figures(evaluation: Evaluation | None) -> list[str]:
    """Return incidents and toil a month, an empty text for each that is not known."""
    if evaluation is None:
        return ["", ""]
    metrics = [evaluation.metrics[name].estimate for name in ("incidents_per_month", "toil_hours_per_month")]
    return [wording.number(metric.value) if metric else "" for metric in metrics]


def _open_actions(evaluation: Evaluation | None) -> int:
    actions = evaluation.actions if evaluation else ()
    return sum(1 for action in actions if action.status in ("", "open", "in-progress"))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("index.html.j2")
