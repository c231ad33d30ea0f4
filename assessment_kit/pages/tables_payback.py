"""The payback map's data: tasks by effort and hours saved, and labels that do not run into one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from assessment_kit import wording
from assessment_kit.pages.tables import short_name

Point = tuple[float, float]
#: Left, right, foot, head; places in 0..1.
Box = tuple[float, float, float, float]

#: How many times as wide a character is on a telephone, in widths of the drawing.
TELEPHONE = 2.2

#: Half the height of a line of text, in heights of the drawing.
HALF_LINE = 0.028


@dataclass(frozen=True)
class Spread:
    """The values of points in one direction, with the ends of their intervals."""

    value: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


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
    spread = Spread(saved.tolist(), lowest.tolist(), frame["saved_high"].astype(float).tolist())
    exact = efforts.tolist()
    drawn = labelled(frame, Spread(exact, exact, exact), spread, across, upward).assign(
        saved_low=lowest,
        effort_text=[f"{wording.number(hours)} h" for hours in efforts],
        saved_text=[f"{wording.number(hours)} h" for hours in saved],
    )
    return PaybackMap(drawn, across, upward)


def labelled(
    frame: pd.DataFrame, x: Spread, y: Spread, across: Point, upward: Point, *, rise: float = 0.0
) -> pd.DataFrame:
    """Return ranked tasks with the labels of their points on two logarithmic scales.

    Parameters
    ----------
    x, y
        Where the points are, and the ends of their intervals.
    across, upward
        The bounds of the drawing.
    rise
        How far labels stand above their points, in heights of the drawing.
    """
    lefts, middles, rights = ([_place(float(value), across) for value in part] for part in (x.low, x.value, x.high))
    feet, heights, heads = ([_place(float(value), upward) for value in part] for part in (y.low, y.value, y.high))
    bars = [
        [(left, right, height, height), (middle, middle, foot, head)]
        for left, middle, right, foot, height, head in zip(lefts, middles, rights, feet, heights, heads, strict=True)
    ]
    names = [short_name(name, 34) for name in frame["name"]]
    points = list(zip(middles, heights, strict=True))
    ranks = frame["rank"].tolist()
    labels = place_labels(points, ranks, names, bars, rise=rise)
    numbers = place_labels(points, ranks, (), bars, rise=rise, scale=TELEPHONE)
    return frame.assign(
        label_left=[left for left, _ in labels],
        label_right=[right for _, right in labels],
        number_left=[left for left, _ in numbers],
        number_right=[right for _, right in numbers],
    )


def _place(value: float, bounds: tuple[float, float]) -> float:
    return math.log(value / bounds[0]) / math.log(bounds[1] / bounds[0])


def round_numbers(low: float, high: float) -> list[float]:
    """Return 1, 2, 5, 10, ... within the bounds: ticks of a logarithmic scale that people can read between."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in (1, 2, 5) if low <= step * 10.0**power <= high]


def place_labels(
    points: Sequence[Point],
    numbers: Sequence[int],
    names: Sequence[str],
    bars: Sequence[Sequence[Box]] = (),
    *,
    rise: float = 0.0,
    scale: float = 1.0,
) -> list[tuple[str, str]]:
    """Return each point's label as (left of it, right of it): number and name, or the number where there is no room.

    Parameters
    ----------
    points
        Places in 0..1 in both directions, the most important first. Points that touch share one label: their numbers.
    bars
        The intervals of each point, as boxes: a label stands beside those of other points, not across them.
    names
        Of the points; none where only numbers have room.
    rise
        How far labels stand above their points.
    scale
        How many times as wide a character is, in widths of the drawing, as on a page.
    """
    groups: dict[int, list[int]] = {}
    for index, (x, y) in enumerate(points):
        near = (
            first for first in groups if abs(points[first][0] - x) < 0.04 * scale and abs(points[first][1] - y) < 0.06
        )
        groups.setdefault(next(near, index), []).append(index)
    labels = [("", "")] * len(points)
    # What is on the drawing already: points and their intervals, and labels as they are placed.
    dots: list[Box] = [(x - 0.015 * scale, x + 0.015 * scale, y, y) for x, y in points]
    taken: list[tuple[int, Box]] = list(enumerate(dots))
    taken += [(index, bar) for index, found in enumerate(bars) for bar in found]
    for first, members in groups.items():
        x, y = points[first]
        number = _listed(sorted(numbers[member] for member in members))
        full = f"{number}  {names[first]}" if len(members) == 1 and names else number
        options = [
            (_in_the_way(box, taken, members), label, on_left, box)
            for label, on_left in dict.fromkeys([(full, False), (full, True), (number, False), (number, True)])
            if (box := _box(x, y + rise, label, on_left, scale))
        ]
        free = next((option for option in options if option[0] == 0), None)
        # Nowhere is room: the number, where it covers least.
        _, label, on_left, box = free or min(options[-2:], key=lambda option: option[0])
        labels[first] = (label, "") if on_left else ("", label)
        taken.append((-1, box))
    return labels


def _in_the_way(box: Box, taken: Sequence[tuple[int, Box]], members: Sequence[int]) -> int:
    """Return how much a label would cover: what is on the drawing, and its edges."""
    left, right, foot, head = box
    outside = int(left < 0) + int(right > 1.01)
    return outside + sum(
        1 for owner, (a, b, c, d) in taken if owner not in members and a < right and b > left and c < head and d > foot
    )


def _listed(ranks: list[int]) -> str:
    shown = ", ".join(str(rank) for rank in ranks[:3])
    return f"{shown} and {len(ranks) - 3} more" if len(ranks) > 3 else shown


def _box(x: float, y: float, label: str, on_left: bool, scale: float = 1.0) -> Box:
    # A character takes about a hundredth of the drawing's width, a line of text a twentieth of its height.
    near, far = 0.016 * scale, (0.02 + 0.0102 * len(label)) * scale
    left, right = (x - far, x - near) if on_left else (x + near, x + far)
    return left, right, y - HALF_LINE, y + HALF_LINE
