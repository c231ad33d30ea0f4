"""Contradictions: answers that do not fit together become questions to the team, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assessment_kit.contradictions import RULES
from assessment_kit.results import Contradiction
from tests.builders import (
    COHERENT,
    GUIDE,
    declined,
    document,
    evaluation,
    not_applicable,
    per,
    said,
    unknown,
    without,
)

Answers = Mapping[str, Any]

CAPACITY = {"team-size": 1, "hours-per-person": 100}
ONE_TASK = [{"task": "checks", "times": per(100, "month"), "each": "60 min"}]  # 100 h a month


def rows(question: str, **cells: Any) -> dict[str, Any]:
    """Return a table of one row."""
    return {question: [cells]}


#: For each rule: the fewest answers on which it fires, what repairs them, and which of them it cannot do without.
CASES: dict[str, tuple[Answers, Answers, tuple[str, ...]]] = {
    "p1-p2-exceed-total": (
        {"incident-volume": per(5, "month"), "p1-p2-volume": per(6, "month")},
        {"p1-p2-volume": per(5, "month")},
        ("incident-volume", "p1-p2-volume"),
    ),
    "escalations-exceed-incidents": (
        {"incident-volume": per(5, "month"), "escalations-sre": per(2, "week")},
        {"escalations-sre": per(1, "week")},
        ("incident-volume", "escalations-sre"),
    ),
    "types-exceed-total": (
        {"incident-volume": per(20, "month"), **rows("incident-types", type="latency", per_month=23)},
        rows("incident-types", type="latency", per_month=22),  # a tenth more: named from memory
        ("incident-volume", "incident-types"),
    ),
    "repeats-exceed-total": (
        {"incident-volume": per(20, "month"), **rows("repeat-incidents", what="queue", times=per(23, "month"))},
        rows("repeat-incidents", what="queue", times=per(22, "month")),
        ("incident-volume", "repeat-incidents"),
    ),
    "detect-exceeds-restore": (
        {"time-to-detect": "2h", "time-to-restore": "1h"},
        {"time-to-restore": "2h"},
        ("time-to-detect", "time-to-restore"),
    ),
    "diagnose-exceeds-restore": (
        {"time-to-detect": "30 min", "time-to-diagnose": "40 min", "time-to-restore": "1h"},
        {"time-to-restore": "70 min"},
        ("time-to-detect", "time-to-diagnose", "time-to-restore"),
    ),
    "worst-below-average": (
        {"time-to-restore": said("1h", worst="50 min")},
        {"time-to-restore": said("1h", median="30 min", worst="2h")},
        ("time-to-restore",),
    ),
    "fixes-prioritised-yet-repeats": (
        {"fixes-prioritised": "agreed-rule", "repeat-share": 60},
        {"repeat-share": 40},
        ("fixes-prioritised", "repeat-share"),
    ),
    "work-exceeds-capacity": (
        {"team-size": 1, "hours-per-person": 99, "toil-tasks": ONE_TASK},
        {"hours-per-person": 101},
        ("team-size", "hours-per-person", "toil-tasks"),
    ),
    "firefighting-below-counted-work": (
        {"firefighting-share": 50, **CAPACITY, **rows("toil-tasks", task="a", times=per(75, "month"), each="60 min")},
        {"firefighting-share": 60},
        ("firefighting-share", "team-size", "hours-per-person", "toil-tasks"),
    ),
    "engineering-mix-exceeds-all": (
        {"code-change-share": 60, "config-change-share": 30, "architecture-share": 13},
        {"architecture-share": 12},  # rounded answers may add up to 102
        ("code-change-share", "config-change-share", "architecture-share"),
    ),
    "cause-mix-exceeds-all": (
        {"application-share": 60, "infrastructure-share": 50},
        {"infrastructure-share": 40},
        ("application-share", "infrastructure-share"),
    ),
    "actionable-alerts-yet-noise": (
        {"actionable-alerts": 90, "noise-triage": "silenced"},
        {"noise-triage": "reviewed-regularly"},
        ("actionable-alerts", "noise-triage"),
    ),
    "coverage-yet-blind-spots": (
        {"monitoring-coverage": 98, **rows("blind-spots", area="partner gateway")},
        {"monitoring-coverage": 80},
        ("monitoring-coverage", "blind-spots"),
    ),
    "runbooks-yet-delays": (
        {"runbooks": "clear", "delays": {"chosen": ["missing-runbooks"]}},
        {"delays": {"chosen": ["late-detection"]}},
        ("runbooks", "delays"),
    ),
    "period-ends-before-start": (
        {"period-start": "2026-10-31", "period-end": "2026-08-01"},
        {"period-end": "2026-10-31"},
        ("period-start", "period-end"),
    ),
    "actions-due-before-assessment": (
        rows("action-items", what="review runbooks", due="2026-11-23", status="open"),
        rows("action-items", what="review runbooks", due="2026-11-23", status="done"),
        ("action-items",),
    ),
}

NEEDED = [(name, question) for name, (_, _, needed) in CASES.items() for question in needed]


def found(answers: Answers) -> dict[str, Contradiction]:
    """Return the contradictions by id."""
    return {contradiction.id: contradiction for contradiction in evaluation(answers).contradictions}


def test_every_rule_is_tested_here() -> None:
    assert len(RULES) == len(CASES)
    assert len(RULES) >= 8


@pytest.mark.parametrize("name", CASES)
def test_a_rule_fires_on_the_fewest_answers_and_alone(name: str) -> None:
    answers, _, _ = CASES[name]
    contradictions = found(answers)
    assert set(contradictions) == {name}
    contradiction = contradictions[name]
    assert contradiction.question.endswith("?")
    assert contradiction.why.endswith(".")
    assert set(contradiction.evidence) <= set(GUIDE.questions)
    assert set(contradiction.evidence) & set(answers)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_silent_on_answers_that_fit(name: str) -> None:
    answers, repair, _ = CASES[name]
    assert name not in found({**answers, **repair})


@pytest.mark.parametrize("name, question", NEEDED)
def test_a_rule_is_silent_while_one_of_its_answers_is_missing(name: str, question: str) -> None:
    answers, _, _ = CASES[name]
    assert name not in found(without(answers, question))
    for status in (unknown(), declined(), not_applicable(), said("nonsense", "measured", low="more nonsense")):
        assert name not in found({**answers, question: status})


def test_a_coherent_document_is_asked_nothing() -> None:
    assert found(COHERENT) == {}


def test_an_empty_document_is_asked_nothing() -> None:
    assert found({}) == {}


def test_contradictions_are_questions_and_not_errors() -> None:
    answers, _, _ = CASES["p1-p2-exceed-total"]
    done = evaluation(answers)
    assert done.warnings == ()
    assert done.metrics["incidents_per_month"].estimate is not None


def test_all_contradictions_of_a_document_are_found_at_once_in_the_order_of_the_rules() -> None:
    together: dict[str, Any] = {}
    for name in ("p1-p2-exceed-total", "detect-exceeds-restore", "cause-mix-exceeds-all", "runbooks-yet-delays"):
        together.update(CASES[name][0])
    ids = [contradiction.id for contradiction in evaluation(together).contradictions]
    assert ids == ["p1-p2-exceed-total", "detect-exceeds-restore", "cause-mix-exceeds-all", "runbooks-yet-delays"]


# ---------------------------------------------------------------------------------------------------- what they say


def test_the_numbers_are_named_in_the_same_unit() -> None:
    answers = {"incident-volume": per(5, "month"), "escalations-sre": per(2, "week")}
    assert (
        found(answers)["escalations-exceed-incidents"].why == "Escalations (8.7 a month) exceed incidents (5 a month)."
    )


def test_overlapping_intervals_do_not_excuse_two_likely_values_that_cannot_both_be_right() -> None:
    answers = {
        "incident-volume": said(per(5, "month"), "guess", low=0, high=50),
        "p1-p2-volume": said(per(6, "month"), "guess", low=1, high=20),
    }
    assert "p1-p2-exceed-total" in found(answers)


def test_two_shares_above_a_hundred_contradict_even_before_the_third_is_said() -> None:
    contradiction = found({"code-change-share": 80, "config-change-share": 40})["engineering-mix-exceeds-all"]
    assert contradiction.evidence == ("code-change-share", "config-change-share")


def test_each_duration_whose_worst_is_not_the_worst_is_named() -> None:
    answers = {
        "time-to-detect": said("10 min", worst="5 min"),
        "time-to-restore": said("1h", median="2h", worst="90 min"),
        "engineering-restore-time": said("1h", worst="4h"),
    }
    contradiction = found(answers)["worst-below-average"]
    assert contradiction.evidence == ("time-to-detect", "time-to-restore")
    assert "5 min against 10 min and 1 h 30 min against 2 h" in contradiction.why


def test_the_same_number_said_per_week_and_per_month_is_no_contradiction() -> None:
    assert found({"incident-volume": per(4, "week"), "p1-p2-volume": per(4 * 365.25 / 7 / 12, "month")}) == {}


def test_a_reversed_period_does_not_hide_actions_that_are_overdue_from_the_start() -> None:
    answers = {**CASES["period-ends-before-start"][0], **CASES["actions-due-before-assessment"][0]}
    assert set(found(answers)) == {"period-ends-before-start", "actions-due-before-assessment"}


@pytest.mark.parametrize("status, asked", [(None, True), ("open", True), ("in-progress", True), ("dropped", False)])
def test_only_open_actions_are_asked_about(status: str | None, asked: bool) -> None:
    answers = rows("action-items", what="review", due="2026-11-23", status=status)
    assert ("actions-due-before-assessment" in found(answers)) == asked


def test_an_action_due_on_the_day_itself_is_in_time() -> None:
    assert found(rows("action-items", what="review", due=document({}).date)) == {}


def test_the_work_that_exceeds_the_capacity_names_every_answer_behind_it() -> None:
    contradiction = found(CASES["work-exceeds-capacity"][0])["work-exceeds-capacity"]
    assert set(contradiction.evidence) == {"toil-tasks", "team-size", "hours-per-person"}
    assert contradiction.why == "The work named takes 100 h a month; the team has 99 h."


COUNTED = "Mean time from 'Opened' to 'Resolved', by the clock, of the incidents that ended"


@pytest.mark.parametrize(
    "diagnose, questions", [("20 min", []), ("70 min", ["diagnose-exceeds-restore"])], ids=["fits", "too long"]
)
def test_what_passed_before_a_ticket_was_opened_is_no_part_of_its_time_to_restore(
    diagnose: str, questions: list[str]
) -> None:
    restore = said("1h", basis="measured", definition=COUNTED)
    found = evaluation({"time-to-detect": "2h", "time-to-diagnose": diagnose, "time-to-restore": restore})
    assert [each.id for each in found.contradictions] == questions
