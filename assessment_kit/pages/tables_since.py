"""What moved since last time as data frames: scores with the parts of their change, and the figures then and now."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.changes import STILL, Changes, MetricChange, ScoreChange
from assessment_kit.pages.tables import frame_of, short_name

#: The parts of a change, in the order in which they follow one another from the earlier score to today's.
PARTS = ("guide", "team", "coverage")


def signed(levels: float) -> str:
    """Return a change in levels with its sign: ``+0.7``, ``-0.2``, ``0.0``."""
    return "0.0" if abs(levels) < STILL else f"{levels:+.1f}"


def scores(changes: Changes) -> pd.DataFrame:
    """Return one row for each section and one for all, in levels.

    Returns
    -------
    DataFrame
        ``value`` (the change) and ``figure``; ``before`` and ``now``; ``guide``, ``team``, ``coverage`` (the parts,
        None where not known) with ``low`` and ``high`` of the team's; for each part ``<part>_start`` and
        ``<part>_end``, the parts laid end to end from ``before``; ``both``, ``only_before``, ``only_now``; ``sure``.
    """
    named = [(change.title, change) for change in changes.sections] + [("All sections", changes.overall)]
    return frame_of([_row(name, change) for name, change in named])


def _row(name: str, change: ScoreChange) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": change.id,
        "name": short_name(name),
        "value": change.change,
        "figure": "" if change.change is None else signed(change.change),
        "before": change.before,
        "now": change.now,
        "low": change.team_low,
        "high": change.team_high,
        "both": change.both,
        "only_before": change.only_before,
        "only_now": change.only_now,
        "sure": change.sure,
    }
    place = change.before
    for part in PARTS:
        length = getattr(change, part)
        row[part] = length
        drawn = place is not None and change.now is not None and length is not None
        row[f"{part}_start"] = place if drawn else None
        row[f"{part}_end"] = place + length if drawn and place is not None else None
        place = row[f"{part}_end"] if drawn else place
    return row


def comparable(changes: Changes) -> list[MetricChange]:
    """Return the figures that can be set side by side, in the evaluation's order."""
    return [change for change in changes.metrics if change.difference is not None]


def not_comparable(changes: Changes) -> list[MetricChange]:
    """Return the figures known at least once that cannot be set side by side."""
    return [
        change
        for change in changes.metrics
        if change.difference is None and (change.before.estimate is not None or change.now.estimate is not None)
    ]


def difference_words(change: MetricChange) -> str:
    """Return a figure's difference with its sign, in the short unit; empty where there is none."""
    if change.difference is None:
        return ""
    value = change.difference.value
    unit = short_unit(change.unit)
    if unit == "%":
        points = wording.number(abs(value))
        words = f"{points} {'point' if points == '1' else 'points'}"
    else:
        words = wording.quantity(abs(value), unit)
    return f"{'+' if value > 0 else '-' if value < 0 else ''}{words}"


def short_unit(unit: str) -> str:
    """Return the unit as a figure beside its label needs it: the label says what is counted."""
    if unit in ("minutes", "%", "people"):
        return unit
    return "h" if unit.startswith("hours") else ""
