"""Said and measured as a data frame: both on one scale, on which what was said is 1."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from assessment_kit import wording
from assessment_kit.comparison import Pair
from assessment_kit.pages.tables import frame_of, short_name

#: The scale ends here: what is measured a hundred times as often is drawn at its end, and said in its figure.
FURTHEST = 100.0


def said_and_measured(pairs: Sequence[Pair]) -> pd.DataFrame:
    """Return the pairs as ratios: ``value``, ``low`` and ``high`` are measured over said.

    ``said_low`` and ``said_high`` are the ends of what was said over its likely value, and ``one`` is that value.
    """
    rows = []
    for pair in pairs:
        likely = pair.said.value
        measured, said = pair.measured, pair.said
        ends = [measured.value, measured.low, measured.high, said.low, said.high]
        places = [_inside(end / likely) if pair.ratio is not None else None for end in ends]
        row = dict(zip(("value", "low", "high", "said_low", "said_high"), places, strict=True))
        words = {"said": quantity(pair, said.value), "measured": quantity(pair, measured.value)}
        rows.append(
            {
                "id": pair.question_id,
                "name": short_name(pair.name, 80),
                "figure": f"{words['said']} → {words['measured']}",
                "spread": "",
                "said_spread": wording.interval(said.in_unit(pair.unit)),
                "measured_spread": wording.interval(measured.in_unit(pair.unit)),
                "apart": pair.apart,
                "one": None if pair.ratio is None else 1.0,
                **words,
                **row,
            }
        )
    return frame_of(rows)


def quantity(pair: Pair, value: float) -> str:
    """Return a value of the pair in its unit, without the words of a unit that its name already says."""
    return wording.quantity(value, pair.unit if pair.unit in ("minutes", "%") else "")


def _inside(ratio: float) -> float:
    return min(max(ratio, 1 / FURTHEST), FURTHEST)
