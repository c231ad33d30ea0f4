"""The payback map's data: tasks by effort and hours saved, and labels that do not run into one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from assessment_kit import wording
from assessment_kit.pages.tables import short_name

Point = tuple[float, float]


@dataclass(frozen=True)
class PaybackMap:
    """Tasks with their labels, and the bounds of the drawing: effort in hours, savings in hours a month."""

    frame: pd.DataFrame
    efforts: tuple[float, float]
    savings: tuple[float, float]


def payback_map(frame: pd.DataFrame) -> PaybackMap:
    """Return the payback map of tasks that have an effort and savings above zero (columns of ``tables.toil``)."""
    efforts, saved = frame["effort"].astype(float), frame["saved"].astype(float)
    # A logarithmic scale has no zero: a low end at or below it is drawn down to a third of the smallest saving.
    lowest = frame["saved_low"].astype(float).clip(lower=float(saved.min()) / 3)
    across = (float(efforts.min()) / 1.7, float(efforts.max()) * 1.7)
    upward = (float(lowest.min()) / 1.4, float(frame["saved_high"].astype(float).max()) * 1.4)
    drawn = labelled(frame, efforts, saved, across, upward).assign(
        saved_low=lowest,
        effort_text=[f"{wording.number(hours)} h" for hours in efforts],
        saved_text=[f"{wording.number(hours)} h" for hours in saved],
    )
    return PaybackMap(drawn, across, upward)


def labelled(frame: pd.DataFrame, x: pd.Series, y: pd.Series, across: Point, upward: Point) -> pd.DataFrame:
    """Return ranked tasks with the labels of their points on two logarithmic scales.

    Parameters
    ----------
    x, y
        Where the points are.
    across, upward
        The bounds of the drawing.
    """
    points = [(_place(at, across), _place(up, upward)) for at, up in zip(x, y, strict=True)]
    labels = place_labels(points, frame["rank"].tolist(), [short_name(name, 34) for name in frame["name"]])
    return frame.assign(
        label_left=[left for left, _ in labels],
        label_right=[right for _, right in labels],
        number_left=[left.split("  ")[0] for left, _ in labels],
        number_right=[right.split("  ")[0] for _, right in labels],
    )


def _place(value: float, bounds: tuple[float, float]) -> float:
    return math.log(value / bounds[0]) / math.log(bounds[1] / bounds[0])


def round_numbers(low: float, high: float) -> list[float]:
    """Return 1, 2, 5, 10, ... within the bounds: ticks of a logarithmic scale that people can read between."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in (1, 2, 5) if low <= step * 10.0**power <= high]


def place_labels(points: Sequence[Point], numbers: Sequence[int], names: Sequence[str]) -> list[tuple[str, str]]:
    """Return each point's label as (left of it, right of it): number and name, or the number where there is no room.

    Parameters
    ----------
    points
        Places in 0..1 in both directions, the most important first. Points that touch share one label: their numbers.
    """
    groups: dict[int, list[int]] = {}
    for index, (x, y) in enumerate(points):
        near = (first for first in groups if abs(points[first][0] - x) < 0.04 and abs(points[first][1] - y) < 0.06)
        groups.setdefault(next(near, index), []).append(index)
    labels = [("", "")] * len(points)
    # What is on the drawing already, as (left end, right end, height): the points first, labels as they are placed.
    taken = [(x - 0.015, x + 0.015, y) for x, y in points]
    for first, members in groups.items():
        number = _listed(sorted(numbers[member] for member in members))
        full = f"{number}  {names[first]}" if len(members) == 1 else number
        for label, on_left in ((full, False), (full, True), (number, False), (number, True)):
            left, right = _extent(points[first][0], label, on_left)
            others = [place for index, place in enumerate(taken) if index not in members]
            free = not any(a < right and b > left and abs(y - points[first][1]) < 0.06 for a, b, y in others)
            if free and left >= 0 and right <= 1.01:
                break
        labels[first] = (label, "") if on_left else ("", label)
        taken.append((left, right, points[first][1]))
    return labels


def _listed(ranks: list[int]) -> str:
    shown = ", ".join(str(rank) for rank in ranks[:3])
    return f"{shown} and {len(ranks) - 3} more" if len(ranks) > 3 else shown


def _extent(x: float, label: str, on_left: bool) -> tuple[float, float]:
    # A character takes about a hundredth of the drawing's width.
    width = 0.0102 * len(label)
    return (x - 0.02 - width, x - 0.016) if on_left else (x + 0.016, x + 0.02 + width)
