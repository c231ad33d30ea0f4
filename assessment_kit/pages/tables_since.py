"""What moved since last time as data frames: scores with the parts of their change, and the figures then and now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.changes import STILL, Changes, MetricChange, ScoreChange
from assessment_kit.estimate import Estimate
from assessment_kit.pages.tables import frame_of, short_name
from assessment_kit.rounding import apportioned, moved_by

#: The parts of a change, in the order in which they follow one another from the earlier score to today's.
PARTS = ("guide", "team", "coverage")


#: A true minus: a hyphen is shorter than the plus sign above it, and may end a line.
MINUS = "\u2212"


def signed(levels: float) -> str:
    """Return a change in levels with its sign: ``+0.7``, ``−0.2``, ``0.0``."""
    return "0.0" if abs(levels) < STILL else f"{levels:+.1f}".replace("-", MINUS)


@dataclass(frozen=True)
class Shown:
    """A change as it is shown, in tenths of a level that add up: then and its parts make now."""

    change: float | None
    parts: Mapping[str, float | None]


def shown(change: ScoreChange) -> Shown:
    """Return a change and its parts rounded so that what is shown adds up.

    The change is the difference of the two scores as they are shown, and its parts are rounded down and then up again
    where most was lost (largest remainders), so that none is more than a tenth from what it is.
    """
    exact: dict[str, float | None] = {part: getattr(change, part) for part in PARTS}
    if change.change is None or change.before is None or change.now is None:
        return Shown(None, exact)
    whole = round(10 * moved_by(change.before, change.now))
    known = {part: 10 * value for part, value in exact.items() if value is not None}
    tenths = dict(zip(known, apportioned(list(known.values()), whole), strict=True))
    return Shown(whole / 10, {part: tenths[part] / 10 if part in tenths else None for part in PARTS})


def scores(changes: Changes) -> pd.DataFrame:
    """Return one row for each section and one for all, in levels.

    Returns
    -------
    DataFrame
        ``value`` (the change) and ``figure``; ``before`` and ``now``; ``guide``, ``team``, ``coverage`` (the parts,
        None where not known) with ``low`` and ``high`` of the team's; for each part ``<part>_shown``, rounded so that
        what is shown adds up, and ``<part>_start`` and ``<part>_end``, the parts laid end to end from ``before``;
        ``both``, ``only_before``, ``only_now``; ``sure``.
    """
    named = [(change.title, change) for change in changes.sections] + [("All sections", changes.overall)]
    return frame_of([_row(name, change) for name, change in named])


def _row(name: str, change: ScoreChange) -> dict[str, Any]:
    rounded = shown(change)
    row: dict[str, Any] = {
        "id": change.id,
        "name": short_name(name),
        "value": change.change,
        "figure": "" if rounded.change is None else signed(rounded.change),
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
        row[part], row[f"{part}_shown"] = length, rounded.parts[part]
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
    """Return the difference of two figures as they are shown, with its sign, in the short unit; empty without one."""
    if change.difference is None:
        return ""
    unit = short_unit(change.unit)
    value = _as_shown(change.now.estimate, unit) - _as_shown(change.before.estimate, unit)
    # What binary fractions leave of a difference of decimals is none.
    value = round(value, 6)
    if unit == "%":
        points = wording.number(abs(value))
        words = f"{points} {'point' if points == '1' else 'points'}"
    else:
        words = wording.quantity(abs(value), unit)
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{words}"


def _as_shown(found: Estimate | None, unit: str) -> float:
    """Return a figure as its words have it: a reader who subtracts one from the other finds the difference shown."""
    if found is None:
        return 0.0
    if unit == "minutes":
        # Ten minutes and more are shown whole, a day and more in hours.
        step = 0.1 if found.value < 10 else 1.0 if found.value < wording.MINUTES_PER_DAY else 60.0
        return round(found.value / step) * step
    shown_ = wording.percent(found.value).removesuffix(" %") if unit == "%" else wording.amount_of(found.value, "")
    try:
        return float(shown_.replace(",", ""))
    except ValueError:  # too small to be written: "<0.0001"
        return found.value


def short_unit(unit: str) -> str:
    """Return the unit as a figure beside its label needs it: the label says what is counted."""
    if unit in ("minutes", "%", "people"):
        return unit
    return "h" if unit.startswith("hours") else ""
