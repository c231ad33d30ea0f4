"""Manual work as data: how often against how long, and what the what-if of automating tasks draws and adds up."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.pages.tables import frame_of
from assessment_kit.pages.tables_payback import Spread, labelled, round_numbers
from assessment_kit.what_if import CAP, Option, WhatIf

#: Height of the map, and how far its labels stand above their points, in pixels.
HEIGHT, LABEL_RISE = 320, 9

#: Lines of equal hours that the frequency map holds at most.
MOST_LINES = 4

#: Half the length of a line's words, in heights of the drawing.
_HALF_WORDS = 0.12


@dataclass(frozen=True)
class FrequencyMap:
    """Tasks with their labels, the bounds of the drawing (times a month, minutes each time), lines of equal hours."""

    frame: pd.DataFrame
    times: tuple[float, float]
    each: tuple[float, float]
    lines: tuple[float, ...]

    def words_at_left(self, left: tuple[float, float], right: tuple[float, float]) -> bool:
        """Tell whether a line's words have more room at its left end than at its right one (times, minutes)."""
        # Words reach from the end into the drawing: what counts is the room around their middle.
        first, last = self._place(left), self._place(right)
        middles = ((first[0] + _HALF_WORDS, first[1]), (last[0] - _HALF_WORDS, last[1]))
        points = [self._place(point) for point in zip(self.frame["times"], self.frame["each"], strict=True)]
        at_left, at_right = (min(math.dist(middle, point) for point in points) for middle in middles)
        return at_left >= at_right

    def _place(self, point: tuple[float, float]) -> tuple[float, float]:
        across, upward = (
            math.log(value / low) / math.log(high / low)
            for value, (low, high) in zip(point, (self.times, self.each), strict=True)
        )
        # The drawing is about twice as wide as it is high.
        return 2 * across, upward


def frequency_map(frame: pd.DataFrame) -> FrequencyMap:
    """Return the map of tasks that take time (columns of ``tables_work.toil``, hours and times above zero).

    ``each`` is in minutes of everybody together, so that its product with the times is exactly the task's hours.
    """
    found = frame.assign(each=[60 * hours / times for hours, times in zip(frame["value"], frame["times"], strict=True)])
    times, each = found["times"].astype(float), found["each"].astype(float)
    # A logarithmic scale has no zero: an end at zero is drawn down to a third of the smallest value.
    lows = {"times_low": times, "each_low": each}
    ends = [
        _each_ends(row["low"], row["high"], row["times_low"], row["times_high"], row["each"])
        for row in found.to_dict("records")
    ]
    found = found.assign(each_low=[low for low, _ in ends], each_high=[high for _, high in ends])
    for column, likely in lows.items():
        found[column] = found[column].astype(float).clip(lower=float(likely.min()) / 3)
    across = (float(found["times_low"].min()) / 1.5, float(found["times_high"].astype(float).max()) * 1.5)
    upward = (float(found["each_low"].min()) / 1.6, float(found["each_high"].astype(float).max()) * 1.6)
    hours = found["value"].astype(float)
    wide, high = (
        Spread(likely.tolist(), *(found[f"{name}_{end}"].astype(float).tolist() for end in ("low", "high")))
        for name, likely in (("times", times), ("each", each))
    )
    drawn = labelled(found, wide, high, across, upward, rise=LABEL_RISE / HEIGHT).assign(
        times_text=[wording.number(number) for number in times],
        each_text=[wording.duration(minutes) for minutes in each],
    )
    return FrequencyMap(drawn, across, upward, _lines(float(hours.min()), float(hours.max())))


def _each_ends(low: float, high: float, times_low: float, times_high: float, each: float) -> tuple[float, float]:
    """Return the ends of the minutes each time: hours are times x minutes, end by end."""
    lowest = 60 * low / times_low if times_low > 0 else each
    highest = 60 * high / times_high if times_high > 0 else each
    return min(lowest, each), max(highest, each)


def _lines(lowest: float, highest: float) -> tuple[float, ...]:
    """Return round hours around those of the tasks, few enough to be told apart."""
    found = round_numbers(lowest / 2, highest * 2)
    step = -(-len(found) // MOST_LINES)
    return tuple(found[::-1][:: max(step, 1)][::-1])


def month_if(found: WhatIf, chosen: Collection[str], words: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return the month today and with these options automated, in hours; columns as ``charts_toil.month_if`` draws.

    ``toil`` ends the manual work, ``other`` the other operational work behind it, ``gone`` what was given back.

    Parameters
    ----------
    words
        Of today's bar and the other: ``name``, ``figure``, ``spread`` and ``aside`` (``words_what_if.row``).
    """
    return frame_of([_month_row(found, (), words[0]), _month_row(found, chosen, words[1])])


def _month_row(found: WhatIf, chosen: Collection[str], words: Mapping[str, str]) -> dict[str, Any]:
    today, then = found.after(()), found.after(chosen)
    other = found.other.value if found.other is not None else 0.0
    toil = then.left.value if then.left is not None else 0.0
    return {
        **words,
        "value": toil,
        "low": then.left.low if then.left is not None else None,
        "high": then.left.high if then.left is not None else None,
        "toil": toil,
        "other": toil + other,
        "gone": max(toil + other, (today.left.value if today.left is not None else 0.0) + other),
    }


def highest_month(found: WhatIf) -> float:
    """Return the largest number of hours that the drawing of the month can need, whatever is chosen."""
    states = [found.after(found.top(number)) for number in (0, len(found.options))]
    other = found.other.value if found.other is not None else 0.0
    likely = [state.left.value + other for state in states if state.left is not None]
    ends = [state.left.high for state in states if state.left is not None]
    # Between none and all of them every sum lies between these, upkeep included: each option has its larger end here.
    mixed = sum(max(option.hours.high, option.left.high) for option in found.options)
    rest = found.rest.high if found.rest is not None else 0.0
    return max([*likely, *ends, mixed + rest])


def page_data(found: WhatIf) -> dict[str, Any]:
    """Return what the page adds up: each option's numbers as [likely, low, high], and what no choice changes."""
    return {
        "tasks": found.tasks,
        "options": [_option(option) for option in found.options],
        "rest": _ends(found.rest),
        "restShare": _ends(found.rest_share),
        "other": _ends(found.other),
        "otherShare": _ends(found.other_share),
        "cap": CAP,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "count": option.count,
        "hours": _ends(option.hours),
        "left": _ends(option.left),
        "saved": _ends(option.saved),
        "people": _ends(option.people),
        "share": _ends(option.share),
        "leftShare": _ends(option.left_share),
        "effort": option.effort,
    }


def _ends(found: Estimate | None) -> list[float] | None:
    return None if found is None else [found.value, found.low, found.high]
