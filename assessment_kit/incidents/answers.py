"""Measures to answers of the guide, as plain data. What an export cannot show is not answered: never zero, no guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.incidents.measured import Measure, Measured
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.window import Window
from assessment_kit.wording import count, number

#: Types named one by one; the others are one row.
MOST_TYPES = 10
#: A type's name comes from an export: longer ones are descriptions, and cut.
_LONGEST_TYPE = 120
_MINUTES = 60


def answers(measured: Measured, tidy: Tidy, window: Window, source: str) -> dict[str, dict[str, Any]]:
    """Return question id to answer for what the export can answer.

    Parameters
    ----------
    source
        The export in words, for the answers' ``source``.
    """
    found = {
        "incident-volume": _rate(measured.measures["incidents_per_week"], window),
        "p1-p2-volume": _rate(measured.measures["p1_p2_per_week"], window),
        "incident-types": _types(measured, tidy, window),
        "time-to-restore": _restore(measured.measures, tidy, window),
        "handed-over-share": _handed_over(measured.measures["reassigned_share"], window),
    }
    return {
        question: {"status": "answered", **answer, "basis": "measured", "source": source}
        for question, answer in found.items()
        if answer is not None
    }


def period(first: np.datetime64, last: np.datetime64) -> dict[str, str]:
    """Return two days, both included, as the documents keep them."""
    return {"start": str(first), "end": str(last)}


def _rate(measure: Measure, window: Window) -> dict[str, Any] | None:
    if measure.value is None:
        return None
    answer: dict[str, Any] = {"value": {"amount": round(measure.value, 2), "per": "week"}}
    # Rounded outwards, so that low and high stay on their sides of the value.
    for end, given in (("low", measure.low), ("high", measure.high)):
        if given is not None:
            answer[end] = round(given, 2)
    answer["definition"] = _sentence(f"{count(measure.n, 'incident')} counted: {measure.definition}")
    answer["period"] = period(window.rate_first, window.rate_last)
    if window.selection is not None:
        answer["note"] = (
            "The export was cut by activity: earlier weeks hold only what lived long, so only the days named here "
            "are counted."
        )
    return answer


def _restore(measures: Mapping[str, Measure], tidy: Tidy, window: Window) -> dict[str, Any] | None:
    mean, median, worst = (measures[f"restore_{key}_hours"] for key in ("mean", "median", "worst"))
    if mean.value is None or median.value is None or worst.value is None:
        return None
    minutes = {
        "value": mean.value,
        "low": mean.low,
        "high": mean.high,
        "median": median.value,
        "worst": worst.value,
    }
    answer: dict[str, Any] = {key: round(hours * _MINUTES, 1) for key, hours in minutes.items() if hours is not None}
    answer["n"] = mean.n
    left = (
        f"; {count(mean.n_left_out, 'incident')} left out (still open, or times out of order)"
        if mean.n_left_out
        else ""
    )
    answer["definition"] = _sentence(f"{mean.definition}{left}")
    answer["period"] = period(window.first, window.last)
    if window.selection is not None:
        answer["note"] = "The export was cut by activity, so it holds more long incidents than a full export would."
    return answer


def _handed_over(measure: Measure, window: Window) -> dict[str, Any] | None:
    if measure.value is None:
        return None
    return {
        "value": round(measure.value, 1),
        "definition": _sentence(f"{measure.definition}, of {count(measure.n, 'incident')}"),
        "period": period(window.first, window.last),
    }


def _types(measured: Measured, tidy: Tidy, window: Window) -> dict[str, Any] | None:
    named = {name: n for name, n in measured.types.items() if name}
    if not named or measured.measures["incidents_per_week"].value is None:
        return None

    def a_month(n: int) -> float:
        return round(n / window.weeks * WEEKS_PER_MONTH, 2)

    total = sum(measured.types.values())
    # One more is not worth a row that says "1 other type".
    most = MOST_TYPES if len(named) > MOST_TYPES + 1 else len(named)
    rows: list[dict[str, Any]] = [
        {
            "type": short_type(name),
            "per_month": a_month(n),
            "note": f"{number(100 * n / total)} % of {count(total, 'incident')}",
        }
        for name, n in list(named.items())[:most]
    ]
    if rest := list(named.items())[most:]:
        n = sum(amount for _, amount in rest)
        rows.append({"type": "Other types", "per_month": a_month(n), "note": f"{len(rest):,} more types together"})
    if missing := measured.types.get("", 0):
        rows.append({"type": "Not recorded", "per_month": a_month(missing), "note": "the export names no type"})
    definition = f"incidents by {tidy.words['type']}, of those opened from {window.period_text}"
    return {"value": rows, "definition": _sentence(definition), "period": period(window.rate_first, window.rate_last)}


def short_type(name: str) -> str:
    """Return a type as documents keep it."""
    return name if len(name) <= _LONGEST_TYPE else name[: _LONGEST_TYPE - 1] + "…"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
