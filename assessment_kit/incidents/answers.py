"""Measures to answers of the guide, as plain data. What an export cannot show is not answered: never zero, no guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.incidents.measured import Measure, Measured
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.window import Window, span_text
from assessment_kit.wording import count, number

#: Types named one by one; the others are one row.
MOST_TYPES = 10
#: A type's name comes from an export: longer ones are descriptions, and cut.
_LONGEST_TYPE = 120
_MINUTES = 60
#: Groups of repeats that become rows of the answer; the import record lists more.
MOST_REPEATS = 8
#: Why incidents are left out of a duration.
_USUAL = "still open, ended without a time, or times out of order"
_LEFT_OUT = {"detect": "without the time, or times out of order"}


def answers(measured: Measured, tidy: Tidy, window: Window, source: str) -> dict[str, dict[str, Any]]:
    """Return question id to answer for what the export can answer.

    Parameters
    ----------
    source
        The export in words, for the answers' ``source``.
    """
    measures = measured.measures
    engineering = measures["engineering_per_month"]
    found = {
        "incident-volume": _rate(measures["incidents_per_week"], window),
        "p1-p2-volume": _rate(measures["p1_p2_per_week"], window),
        "incident-types": _types(measured, tidy, window),
        "repeat-share": _share(measures["repeat_share"], window),
        "repeat-incidents": _repeats(measured, window),
        "time-to-detect": _duration(measures, "detect", window),
        "time-to-restore": _duration(measures, "restore", window),
        "restored-in-30": _share(measures["p1_p2_restored_in_30_share"], window),
        "handed-over-share": _share(measures["reassigned_share"], window),
        "engineering-involvement": _rate(engineering, window, "month"),
        # Asked only where engineers are needed at all.
        "engineering-restore-time": _duration(measures, "engineering_restore", window) if engineering.value else None,
        "found-by-monitoring": _share(measures["p1_p2_found_by_monitoring_share"], window),
        "alert-volume": _rate(measures["alerts_per_week"], window, noun="alert"),
    }
    return {
        question: {"status": "answered", **answer, "basis": "measured", "source": source}
        for question, answer in found.items()
        if answer is not None
    }


def period(first: np.datetime64, last: np.datetime64) -> dict[str, str]:
    """Return two days, both included, as the documents keep them."""
    return {"start": str(first), "end": str(last)}


def _rate(measure: Measure, window: Window, per: str = "week", noun: str = "incident") -> dict[str, Any] | None:
    if measure.value is None:
        return None
    answer: dict[str, Any] = {"value": {"amount": round(measure.value, 2), "per": per}}
    # Rounded outwards, so that low and high stay on their sides of the value.
    for end, given in (("low", measure.low), ("high", measure.high)):
        if given is not None:
            answer[end] = round(given, 2)
    answer["definition"] = _sentence(f"{count(measure.n, noun)} counted: {measure.definition}")
    answer["period"] = period(window.rate_first, window.rate_last)
    if window.selection is not None:
        answer["note"] = (
            "The export was cut by activity: earlier weeks hold only what lived long, so only the days named here "
            "are counted."
        )
    return answer


def _duration(measures: Mapping[str, Measure], name: str, window: Window) -> dict[str, Any] | None:
    """Return mean, median and worst of a duration in minutes, whichever unit the measure has."""
    unit, factor = ("hours", _MINUTES) if f"{name}_mean_hours" in measures else ("minutes", 1)
    mean, median = measures[f"{name}_mean_{unit}"], measures[f"{name}_median_{unit}"]
    worst = measures.get(f"{name}_worst_{unit}")
    if mean.value is None:
        return None
    found = {"value": mean.value, "low": mean.low, "high": mean.high, "median": median.value}
    found["worst"] = worst.value if worst is not None else None
    answer: dict[str, Any] = {key: round(long * factor, 1) for key, long in found.items() if long is not None}
    answer["n"] = mean.n
    why = _not_restored(measures) if name == "restore" else _LEFT_OUT.get(name, _USUAL)
    left = f"; {count(mean.n_left_out, 'incident')} left out ({why})" if mean.n_left_out else ""
    answer["definition"] = _sentence(f"{mean.definition}{left}")
    answer["period"] = period(window.first, window.last)
    if window.selection is not None:
        answer["note"] = "The export was cut by activity, so it holds more long incidents than a full export would."
    return answer


def _not_restored(measures: Mapping[str, Measure]) -> str:
    """Say why incidents have no time to restore: each reason with how many."""
    untimed, disordered = (int(measures[f"ended_{how}"].value or 0) for how in ("without_time", "out_of_order"))
    still = measures["restore_mean_hours"].n_left_out - untimed - disordered
    parts = ((still, "still open"), (untimed, "ended without a time"), (disordered, "with times out of order"))
    return ", ".join(f"{n:,} {words}" for n, words in parts if n)


def _share(measure: Measure, window: Window) -> dict[str, Any] | None:
    if measure.value is None:
        return None
    return {
        "value": round(measure.value, 1),
        "n": measure.n,
        "definition": _sentence(f"{measure.definition}, of {count(measure.n, 'incident')}"),
        "period": period(window.first, window.last),
    }


def _repeats(measured: Measured, window: Window) -> dict[str, Any] | None:
    """Return the largest groups as rows. How long people work on one is in no export: that stays open."""
    if not measured.repeats or window.no_rate or window.selection is not None:
        return None
    weeks = float((window.last - window.first) / np.timedelta64(7, "D")) + 1 / 7
    rows = []
    for group in measured.repeats[:MOST_REPEATS]:
        what = f"{group['item']}: {group['text']}" if group["item"] else str(group["text"])
        amount = round(group["incidents"] / weeks * WEEKS_PER_MONTH, 2)
        rows.append({"what": short_type(what), "times": {"amount": amount, "per": "month"}})
    definition = (
        f"largest groups of incidents of one item whose descriptions are nearly equal without numbers, ids, hosts and "
        f"names, from {span_text(window.first, window.last)}; the work each time is not in the export"
    )
    return {"value": rows, "definition": _sentence(definition), "period": period(window.first, window.last)}


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
