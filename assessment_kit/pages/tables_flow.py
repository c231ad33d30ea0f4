"""Work that goes to others, and signals that come from them, as data frames: handoffs, times, alerts, blind spots."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.handoffs import incidents_of, reading_of, restore_time_of_the_rest
from assessment_kit.pages.tables import (
    HOURS,
    by_value,
    choice_label,
    frame_of,
    metric_row,
    ranked_row,
    short_name,
)
from assessment_kit.readings import Absent, Answers, Reading
from assessment_kit.results import Evaluation, Metric
from assessment_kit.values import parse_duration

_EFFECTS = {"high": 0, "medium": 1, "low": 2}


def engineering_times(evaluation: Evaluation) -> pd.DataFrame:
    """Return times to restore in minutes: with an engineering fix, all other incidents (computed), and all of them.

    ``fits`` is False where the times contradict each other, and so cannot be compared.
    """
    metrics = evaluation.metrics
    rest = restore_time_of_the_rest(evaluation)
    rows = [
        _timed(metrics["engineering_time_to_restore"], "With an engineering fix") | {"key": "engineering"},
        ranked_row("All others, computed", rest, "minutes", id="rest", key=None, n=None, **_spread(None, None)),
        _timed(metrics["time_to_restore"], "All incidents") | {"key": "incidents"},
    ]
    fits = not (isinstance(rest, Absent) and rest.missing == "invalid")
    return frame_of(row | {"fits": fits} for row in rows)


def _timed(metric: Metric, name: str) -> dict[str, Any]:
    return metric_row(metric, name, "minutes", n=metric.n, **_spread(metric.median, metric.worst))


def _spread(median: float | None, worst: float | None) -> dict[str, Any]:
    said = {"median": median, "worst": worst}
    return said | {f"{key}_text": "" if value is None else wording.duration(value) for key, value in said.items()}


def escalation_times(answers: Answers) -> pd.DataFrame:
    """Return what one escalation takes, in minutes: waiting for somebody to take over, and the team's own work."""
    rows = []
    questions = {"escalation-wait": "Waiting for somebody to take over", "escalation-time": "The team's own work"}
    for question_id, name in questions.items():
        answer = answers.get(question_id)
        ends = [None if answer is None else parse_duration(said) for said in _ends_of(answer)]
        n = None if answer is None else answer.n
        rows.append(
            ranked_row(
                name,
                answers.number(question_id),
                "minutes",
                id=question_id,
                key="escalated",
                n=n,
                **_spread(ends[0], ends[1]),
            )
        )
    return frame_of(rows)


def _ends_of(answer: Any) -> tuple[Any, Any]:
    return (None, None) if answer is None else (answer.median, answer.worst)


def escalations(evaluation: Evaluation, answers: Answers) -> pd.DataFrame:
    """Return how many incidents a month need others; ``of_first`` is each in percent of all incidents."""
    metrics = evaluation.metrics
    rows = [metric_row(metrics["incidents_per_month"], "Incidents", "", key="incidents", of_first=None)]
    if answers.question("handed-over-share") is not None:
        handed = answers.number("handed-over-share")
        number = incidents_of(evaluation, handed)
        share = handed.value if isinstance(handed, Estimate) and isinstance(number, Estimate) else None
        rows.append(
            ranked_row("Change hands before they are solved", number, "", id="handed-over", key=None, of_first=share)
        )
    named = {
        "escalations_per_month": ("Escalated to the SRE teams", "escalated"),
        "engineering_involvements_per_month": ("Needed an engineering fix", "engineering"),
    }
    first = metrics["incidents_per_month"].estimate
    for metric_id, (name, key) in named.items():
        found = metrics[metric_id].estimate
        # More than all is a contradiction, which the report asks about, and no share.
        some = found is not None and first is not None and 0 < first.value >= found.value
        share = 100 * found.value / first.value if some and found is not None and first is not None else None
        rows.append(metric_row(metrics[metric_id], name, "", key=key, of_first=share))
    return frame_of(rows)


def alerts(evaluation: Evaluation) -> pd.DataFrame:
    """Return the funnel from alerts to actionable alerts to incidents, a month, with what each step drops.

    ``start`` and ``end`` place the bars: those that need nothing are drawn behind those that need an action, so that
    the two make up all alerts. ``kind`` is all, action, noise or incidents.
    """
    metrics = evaluation.metrics
    volume, share = reading_of(metrics["alerts_per_month"]), reading_of(metrics["alert_actionable_share"])
    rows = [
        ranked_row("Alerts that reach somebody", volume, "", kind="all", of_first=None),
        _part("Need an action", volume, share, kind="action"),
        _part("Need nothing", volume, _complement(share), kind="noise"),
        # Incidents are no part of the alerts (some come from users): they stand on the same scale without a share.
        metric_row(metrics["incidents_per_month"], "Incidents", "", kind="incidents", of_first=None),
    ]
    action = rows[1]["value"] or 0.0
    for row in rows:
        start = action if row["kind"] == "noise" else 0.0
        known = row["value"] is not None
        row |= {"key": "actionable-alerts" if row["kind"] == "action" else None}
        row |= {"start": start, "end": start + row["value"] if known else None}
        row |= {"span_low": start + row["low"] if known else None, "span_high": start + row["high"] if known else None}
    return frame_of(rows)


def _part(name: str, volume: Reading, share: Reading, **more: Any) -> dict[str, Any]:
    if isinstance(volume, Absent) or isinstance(share, Absent):
        reason = " ".join(dict.fromkeys(part.reason for part in (volume, share) if isinstance(part, Absent)))
        return ranked_row(name, None, "", reason, of_first=None, **more)
    return ranked_row(name, volume * share.scaled(0.01), "", of_first=share.value, **more)


def _complement(share: Reading) -> Reading:
    if isinstance(share, Absent):
        return share
    return Estimate(100 - share.value, 100 - share.high, 100 - share.low, "%", share.basis)


def blind_spots(answers: Answers) -> pd.DataFrame:
    """Return the monitoring blind spots: those with hours first, the most first, then by effect, the gravest first."""
    rows, basis = answers.rows("blind-spots")
    question = answers.question("blind-spots")
    found = []
    for row in rows:
        area, unseen = str(row.get("area") or ""), str(row.get("unseen") or "")
        found.append(
            ranked_row(
                f"{area}: {unseen}" if area and unseen else area or unseen or "No area named",
                answers.cell("blind-spots", row, "hours_lost", basis, "hours a month"),
                HOURS,
                area=short_name(area),
                unseen=unseen,
                effect=choice_label(question, "effect", row.get("effect")),
                grave=row.get("effect") == "high",
                order=_EFFECTS.get(str(row.get("effect")), 3),
            )
        )
    found.sort(key=lambda row: row["order"])
    return by_value(found)


def by_area(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the blind spots with hours as one row for each area, the most hours lost first."""
    known = frame[frame["value"].notna()]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in known.to_dict("records"):
        groups.setdefault(str(row["area"]).casefold(), []).append({str(key): cell for key, cell in row.items()})
    rows = []
    for members in groups.values():
        ends = [sum(float(row[end]) for row in members) for end in ("value", "low", "high")]
        whole = Estimate(ends[0], min(ends[0], ends[1]), max(ends[0], ends[2]), "hours a month", members[0]["basis"])
        name = members[0]["name"] if len(members) == 1 else members[0]["area"] or "No area named"
        graves = any(row["grave"] for row in members)
        effects = list(dict.fromkeys(row["effect"] for row in members if row["effect"]))
        rows.append(ranked_row(name, whole, HOURS, grave=graves, spots=len(members), effects=", ".join(effects)))
    return by_value(rows)
