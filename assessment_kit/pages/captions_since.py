"""The words around what moved since last time: what the figures say, and whether their intervals allow it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from assessment_kit import wording
from assessment_kit.changes import STILL, Changes
from assessment_kit.pages.captions import Caption, named_rows
from assessment_kit.pages.tables import records


def score_changes(frame: pd.DataFrame, changes: Changes, before: date, now: date) -> Caption:
    """Return the words around the scores that moved."""
    sections = [row for row in records(frame) if row["id"] != "overall" and row["value"] is not None]
    if not sections:
        title = "No section has a score on both days"
    else:
        most = max(sections, key=lambda row: abs(row["value"]))
        title = _moved_most(most)
    overall = changes.overall
    both = f"{overall.both} scored answers were given both times"
    once = [
        f"{number} only {when}" for number, when in ((overall.only_before, "then"), (overall.only_now, "now")) if number
    ]
    drawn = ["Ring: then. Dot: now. Full bar: answers given both times, the team's own change."]
    if _largest(frame, "coverage") >= STILL:
        drawn.append("Outline: answers given only once (coverage).")
    if _largest(frame, "guide") >= STILL:
        drawn.append("Grey: the guide's own change.")
    days = f"{wording.day(before)} to {wording.day(now)}"
    subtitle = f"Level 1 to 5, {days}. {' '.join(drawn)} {wording.listed([both, *once])}."
    return Caption(title, subtitle, named_rows(frame, "Dots that moved on five levels"))


def _largest(frame: pd.DataFrame, part: str) -> float:
    return max((abs(row[part]) for row in records(frame) if row[part] is not None), default=0.0)


def _moved_most(row: dict[str, object]) -> str:
    value, team, coverage = (float(str(row[key] or 0.0)) for key in ("value", "team", "coverage"))
    if abs(value) < STILL:
        return "No score moved"
    name = f"“{row['name']}”"
    figure = str(row["figure"])
    title = f"{name} moved most: {figure} {'level' if figure[1:] == '1.0' else 'levels'}"
    if abs(coverage) > abs(team):
        return f"{title}, most of it because other answers were given"
    return title if row["sure"] else f"{title}; the answers' intervals leave room for none"
