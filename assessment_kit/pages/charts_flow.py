"""The charts of work that goes to others and of signals that come from them: the funnel of alerts."""

from __future__ import annotations

import pandas as pd

from assessment_kit import style
from assessment_kit.pages.charts_base import (
    ROW,
    Drawing,
    Part,
    bars,
    ceiling,
    drawing,
    hint,
    intervals,
    numbered,
    row_words,
    scale_axis,
    unchecked,
)

#: How each step of the funnel is drawn: what needs an action is what the title speaks of, noise asks for attention.
_STEPS = {"all": style.CONTEXT, "action": style.EMPHASIS, "noise": style.ATTENTION, "incidents": style.CONTEXT}


@unchecked
def funnel(frame: pd.DataFrame) -> Drawing:
    """Return the steps from alerts to incidents on one scale (columns of ``tables_flow.alerts``)."""
    placed = numbered(frame)
    domain, axis = [0.0, ceiling(placed, "end", "span_high")], scale_axis()
    hover = hint(name="Step", figure="A month", spread="Interval", aside="Share")

    def step(kind: str, mark_style: str) -> Part:
        keep = f"datum.kind === '{kind}' && isValid(datum.end)"
        return bars(domain, mark_style, keep=keep, start="start", end="end", tooltip=hover, axis=axis)

    layers = [step(kind, mark_style) for kind, mark_style in _STEPS.items()]
    layers.append(intervals(domain, "span_low", "span_high", axis=axis))
    return drawing(placed, [*layers, *row_words(placed)], ROW * len(placed))
