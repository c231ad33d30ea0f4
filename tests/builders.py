"""Documents and evaluations from short specs, so that a test shows only what it is about.

>>> evaluation({"incident-volume": per(21, "week"), "repeat-share": 40, "runbooks": unknown()})

A plain value is an answer with the basis ``measured``: its interval has no width, and a test can say exact numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assessment_kit.document import Document
from assessment_kit.estimate import Estimate
from assessment_kit.evaluate import evaluate
from assessment_kit.guide import Guide, MetricRubric, Question
from assessment_kit.guide_file import load_guide
from assessment_kit.results import Evaluation, Metric

GUIDE = load_guide()
DAY = date(2026, 11, 24)

Spec = Mapping[str, Any]


def per(amount: float, period: str) -> dict[str, Any]:
    """Return the value of a rate."""
    return {"amount": amount, "per": period}


def said(value: Any, basis: str = "estimated", **more: Any) -> dict[str, Any]:
    """Return an answer with a basis, and low, high, median, worst, n, note, … as given."""
    return {"status": "answered", "value": value, "basis": basis, **more}


def unknown() -> dict[str, Any]:
    return {"status": "unknown"}


def declined() -> dict[str, Any]:
    return {"status": "declined"}


def not_applicable(reason: str = "there is none") -> dict[str, Any]:
    return {"status": "not_applicable", "reason": reason}


def document(answers: Spec, *, team: str = "Payments", day: date = DAY, guide: Guide = GUIDE, **more: Any) -> Document:
    """Return a document; an answer without a status is a measured value."""
    full = {
        question: answer if isinstance(answer, Mapping) and "status" in answer else said(answer, "measured")
        for question, answer in answers.items()
    }
    return Document.model_validate(
        {
            "schema": 1,
            "guide": {"id": guide.id, "version": guide.version},
            "team": team,
            "date": day.isoformat(),
            "answers": full,
            **more,
        }
    )


def evaluation(answers: Spec, *, guide: Guide = GUIDE, **more: Any) -> Evaluation:
    """Return the evaluation of a document with these answers."""
    return evaluate(document(answers, guide=guide, **more), guide)


def metric(metric_id: str, answers: Spec, **more: Any) -> Metric:
    """Return one metric of a document with these answers."""
    return evaluation(answers, **more).metrics[metric_id]


def figure(metric_id: str, answers: Spec, **more: Any) -> Estimate:
    """Return one metric's estimate, which must be there."""
    found = metric(metric_id, answers, **more)
    assert found.estimate is not None, found.reason
    return found.estimate


def likely(metric_id: str, answers: Spec) -> float:
    """Return one metric's likely value."""
    return figure(metric_id, answers).value


def without(answers: Spec, *questions: str) -> dict[str, Any]:
    """Return the answers less some."""
    return {question: answer for question, answer in answers.items() if question not in questions}


def guide_of(raw_sections: Sequence[Mapping[str, Any]], **more: Any) -> Guide:
    """Return a small guide of its own: sections as in YAML, everything else from the built-in one."""
    raw = GUIDE.model_dump(by_alias=True, mode="json")
    return Guide.model_validate({**raw, "id": "small", "sections": list(raw_sections), **more})


def metric_rubrics(guide: Guide = GUIDE) -> list[MetricRubric]:
    """Return every rubric of a computed metric."""
    return [rubric for section in guide.sections for rubric in section.rubrics]


def scored_questions(guide: Guide = GUIDE) -> list[Question]:
    """Return every question that is scored by itself."""
    return [question for question in guide.questions.values() if question.rubric is not None]


#: Every question of the built-in guide answered, and nothing in it contradicts anything else.
COHERENT: dict[str, Any] = {
    "services": ["card payments", "statements"],
    "team-size": 8,
    "hours-per-person": 130,
    "on-call-pattern": "around-the-clock",
    "shifts-per-week": 14,
    "facilitator": "Dana Whitfield, SRE lead",
    "participants": ["shift lead", "night shift"],
    "period-start": "2026-08-01",
    "period-end": "2026-10-31",
    "incident-volume": said(per(21, "week"), low=15, high=30, note="excludes batch reruns", follow_up=True),
    "p1-p2-volume": per(6, "month"),
    "incident-types": [
        {"type": "failed-batch-jobs", "per_month": 40, "note": "mostly at month end"},
        {"type": "latency", "per_month": 25},
        {"type": "a type of our own", "per_month": 10},
    ],
    "failure-patterns": "Monday mornings",
    "failure-domains": ["message broker"],
    "repeat-share": said(30),
    "repeat-incidents": [
        {
            "what": "gateway queue is stuck",
            "times": per(8, "month"),
            "hands_on": "45 min",
            "cause": "capacity",
            "fix_known": "partly",
        },
        {"what": "certificate expired", "times": per(1, "month"), "hands_on": "2h"},
    ],
    "contributing-factors": {"chosen": ["misconfigurations", "capacity"], "other": ["weather"]},
    "time-to-detect": said("12 min", median="8 min", worst="3h", n=40),
    "time-to-diagnose": said("25 min"),
    "time-to-restore": said("1h 30m", median="50 min", worst="2 days", n=40, definition="MTTR, opened to restored"),
    "restored-in-30": 60,
    "hands-on-time": said("40 min"),
    "responders": said(1.5),
    "delays": {"chosen": ["unclear-ownership"], "other": []},
    "toil-tasks": said(
        [
            {
                "task": "restart the stuck import",
                "times": per(6, "week"),
                "each": "20 min",
                "people": 1,
                "automatable": "yes",
                "saves": 90,
                "effort_hours": 16,
                "upkeep_hours": 0.5,
                "note": "script exists on one laptop",
            },
            {"task": "morning checks", "times": per(1, "day"), "each": "30 min", "automatable": "partly"},
            {"task": "unlock accounts", "times": per(3, "shift"), "each": "5 min", "automatable": "no"},
            {"task": "reconcile files", "times": per(20, "month"), "each": "15 min", "automatable": "unsure"},
            {"task": "rerun reports", "times": per(10, "month"), "each": "25 min", "people": 2, "effort_hours": 80},
        ]
    ),
    "tools": ["restart.sh", "queue dashboard"],
    "firefighting-share": said(55, low=40, high=70),
    "existing-automation": {"chosen": ["monitoring-alerts"], "other": ["a bot"]},
    "automation-maturity": said("shared-scripts"),
    "automation-ideas": ["clear the dead-letter queue"],
    "escalations-sre": said(per(5, "week")),
    "escalation-time": said("30 min"),
    "escalation-wait": said("45 min"),
    "escalation-pain": {"chosen": ["slow-response"], "other": []},
    "runbooks": said("usable"),
    "runbook-coverage": said(55),
    "code-change-share": said(15),
    "config-change-share": said(20),
    "architecture-share": said(5),
    "application-share": said(45),
    "infrastructure-share": said(30),
    "engineering-involvement": said(per(6, "month")),
    "engineering-restore-time": said("6h", median="4h", worst="3 days"),
    "ownership-transfer": said("process-uneven"),
    "postmortem-effectiveness": said("some-effect"),
    "postmortem-actions-on-time": said(50),
    "fixes-prioritised": said("when-painful"),
    "monitoring-tools": ["Grafana"],
    "monitoring-coverage": said(70),
    "blind-spots": [
        {"area": "partner gateway", "unseen": "files that never arrive", "effect": "high", "hours_lost": 6},
        {"area": "broker", "effect": "low"},
    ],
    "found-by-monitoring": said(65),
    "alert-volume": said(per(120, "week")),
    "actionable-alerts": said(35),
    "alert-triage-time": said("5 min"),
    "noise-triage": said("reported-sometimes"),
    "upstream-visibility": said("on-request"),
    "slo-alignment": said("known-elsewhere"),
    "quick-wins": [
        {"what": "restart the import automatically", "why": "8 h a month", "effort_hours": 16, "owner": "Lee"}
    ],
    "action-items": [
        {"what": "review runbooks", "why": "outdated", "owner": "Priya", "due": "2026-12-15", "status": "open"},
        {"what": "deeper dive into the queue", "owner": "Sam", "due": "2026-12-01", "status": "in-progress"},
    ],
    "follow-up-date": "2027-01-12",
    "follow-up-owner": "Sam Okafor",
    "agreements": "SRE joins the Monday handover until the end of the year",
}
