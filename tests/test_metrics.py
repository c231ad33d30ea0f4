"""Metrics: person-hours and counts per month out of what a team said, or the reason why there is no figure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.estimate import BASES, WEEKS_PER_MONTH, Estimate
from assessment_kit.evaluate import evaluate
from assessment_kit.metrics import METRIC_IDS, SPECS
from tests.builders import (
    COHERENT,
    GUIDE,
    declined,
    document,
    evaluation,
    figure,
    guide_of,
    likely,
    metric,
    not_applicable,
    per,
    said,
    unknown,
)

# ------------------------------------------------------------------------------------------------------- all of them


def test_the_metrics_that_others_build_upon_are_all_there() -> None:
    promised = """incidents_per_month p1_p2_per_month p1_p2_share repeat_share time_to_detect time_to_diagnose
        time_to_restore toil_hours_per_month toil_share alert_actionable_share escalations_per_month
        incident_hours_per_month noise_hours_per_month capacity_hours_per_month repeat_hours_per_month toil_people
        firefighting_share escalation_hours_per_month engineering_involvements_per_month engineering_dependent_share
        engineering_time_to_restore alerts_per_month remainder_hours_per_month incidents_per_shift""".split()
    assert set(promised) <= METRIC_IDS
    assert set(evaluation({}).metrics) == METRIC_IDS


def test_a_full_document_has_every_metric_with_its_definition_and_the_answers_it_came_from() -> None:
    for found in evaluation(COHERENT).metrics.values():
        assert found.estimate is not None, (found.id, found.reason)
        assert found.estimate.unit == found.unit
        assert found.definition
        assert found.answers
        assert set(found.answers) <= set(GUIDE.questions)


def test_an_empty_document_has_a_reason_for_every_metric_and_no_zero_anywhere() -> None:
    for found in evaluation({}).metrics.values():
        assert found.estimate is None
        assert found.missing == "unanswered"
        assert "is not answered" in found.reason


@pytest.mark.parametrize(
    "answer, missing, words",
    [
        (unknown(), "unknown", "the team does not know"),
        (declined(), "declined", "declined to answer"),
        (not_applicable("no tickets are kept"), "not_applicable", "does not apply (no tickets are kept)"),
        (per(-4, "week"), "invalid", "-4 is below 0"),
        ("many", "invalid", "is not a number with its period"),
        (per(1e300, "week"), "invalid", "larger than anything"),
    ],
)
def test_what_is_missing_says_why(answer: Any, missing: str, words: str) -> None:
    found = metric("incidents_per_month", {"incident-volume": answer})
    assert found.estimate is None
    assert found.missing == missing
    assert words in found.reason


def test_a_product_with_several_gaps_names_them_all() -> None:
    reason = metric("incident_hours_per_month", {"incident-volume": per(4, "week"), "responders": unknown()}).reason
    assert "How many people of the team work on one incident" in reason
    assert "How long does one person actually work on one incident" in reason


# ------------------------------------------------------------------------------------------------- units and periods


@pytest.mark.parametrize(
    "rate, pattern, expected",
    [
        (per(10, "month"), "around-the-clock", 10),
        (per(10, "week"), "around-the-clock", 10 * WEEKS_PER_MONTH),
        (per(10, "day"), "around-the-clock", 70 * WEEKS_PER_MONTH),
        (per(10, "day"), "business-hours", 50 * WEEKS_PER_MONTH),
        (per(10, "shift"), "around-the-clock", 140 * WEEKS_PER_MONTH),  # 14 shifts a week
    ],
)
def test_a_rate_is_turned_into_one_per_month(rate: dict[str, Any], pattern: str, expected: float) -> None:
    answers = {"incident-volume": rate, "on-call-pattern": pattern, "shifts-per-week": 14}
    found = figure("incidents_per_month", answers)
    assert found.value == pytest.approx(expected)
    assert found.unit == "incidents a month"


def test_a_rate_per_day_without_an_on_call_pattern_may_mean_five_days_a_week_or_seven() -> None:
    found = figure("incidents_per_month", {"incident-volume": per(10, "day")})
    assert found.low == pytest.approx(50 * WEEKS_PER_MONTH)
    assert found.value == found.high == pytest.approx(70 * WEEKS_PER_MONTH)


def test_a_rate_per_shift_needs_the_number_of_shifts() -> None:
    found = metric("incidents_per_month", {"incident-volume": per(2, "shift")})
    assert found.missing == "unanswered"
    assert "shifts" in found.reason


def test_what_turned_a_rate_into_one_per_month_is_among_the_answers_it_came_from() -> None:
    answers = {"incident-volume": per(2, "shift"), "shifts-per-week": 14, "alert-volume": per(3, "day")}
    metrics = evaluation(answers).metrics
    assert metrics["incidents_per_month"].answers == ("incident-volume", "shifts-per-week")
    assert metrics["alerts_per_month"].answers == ("alert-volume", "on-call-pattern")


def test_incidents_said_per_shift_are_the_figure_per_shift_whatever_the_number_of_shifts() -> None:
    assert figure("incidents_per_shift", {"incident-volume": said(per(2, "shift"), low=1, high=3)}) == Estimate(
        2, 1, 3, "incidents a shift", "estimated"
    )


def test_incidents_per_shift_are_incidents_over_shifts() -> None:
    answers = {"incident-volume": per(21, "week"), "shifts-per-week": 14}
    assert likely("incidents_per_shift", answers) == pytest.approx(1.5)


# ------------------------------------------------------------------------------------------------- intervals and basis


def test_a_said_interval_goes_through_and_an_unsaid_one_follows_the_basis() -> None:
    volume = per(20, "month")
    assert figure("incidents_per_month", {"incident-volume": said(volume, low=15, high=30)}).low == 15
    for basis, half in [("measured", 0), ("estimated", 5), ("guess", 10)]:
        found = figure("incidents_per_month", {"incident-volume": said(volume, basis)})
        assert (found.low, found.value, found.high) == (20 - half, 20, 20 + half)


def test_an_answer_without_a_basis_counts_as_estimated() -> None:
    answers = {"incident-volume": {"status": "answered", "value": per(20, "month")}}
    assert figure("incidents_per_month", answers) == Estimate(20, 15, 25, "incidents a month", "estimated")


def test_the_interval_of_a_percentage_ends_at_nought_and_at_a_hundred() -> None:
    assert figure("repeat_share", {"repeat-share": said(90, "guess")}).high == 100
    assert figure("alert_actionable_share", {"actionable-alerts": said(1, low=0)}).low == 0


def test_low_and_high_of_a_percentage_beyond_what_is_possible_are_refused() -> None:
    found = metric("repeat_share", {"repeat-share": said(90, high=120)})
    assert found.missing == "invalid"
    assert "120 is above 100" in found.reason


@given(st.lists(st.sampled_from(BASES), min_size=3, max_size=3))
def test_hours_are_as_sure_as_the_least_sure_of_the_numbers_that_make_them(bases: list[str]) -> None:
    answers = {
        "incident-volume": said(per(8, "month"), bases[0]),
        "responders": said(2, bases[1]),
        "hands-on-time": said("30 min", bases[2]),
    }
    assert figure("incident_hours_per_month", answers).basis == max(bases, key=["measured", "estimated", "guess"].index)


# ------------------------------------------------------------------------------------- durations and their definition


def test_a_duration_keeps_its_median_worst_and_count_in_minutes() -> None:
    found = metric("time_to_restore", {"time-to-restore": said("1h 30m", median="50 min", worst="2 days", n=40)})
    assert found.estimate is not None
    assert found.estimate.value == 90
    assert (found.median, found.worst, found.n) == (50, 2880, 40)


def test_a_definition_said_with_the_answer_takes_the_place_of_the_general_one() -> None:
    measured = said("2h", "measured", definition="created to resolved, median of 812 tickets")
    assert metric("time_to_restore", {"time-to-restore": measured}).definition == measured["definition"]


def test_what_the_team_had_said_before_a_measurement_does_not_spoil_the_measurement() -> None:
    measured = said(per(20, "month"), "measured", said=said(per(-1, "month")), note="x" * 300_000)
    done = evaluation({"incident-volume": measured})
    assert done.metrics["incidents_per_month"].estimate is not None
    assert any("said.value.amount" in warning for warning in done.warnings)


# --------------------------------------------------------------------------------------- questions that are not asked


def test_a_question_that_the_other_answers_hide_does_not_apply() -> None:
    found = metric("engineering_time_to_restore", {"engineering-involvement": per(0, "month")})
    assert found.missing == "not_applicable"
    assert "not asked" in found.reason


@pytest.mark.parametrize("deciding", [None, unknown(), declined(), per(-3, "month")])
def test_while_the_deciding_answer_is_open_the_question_may_still_apply(deciding: Any) -> None:
    answers = {} if deciding is None else {"engineering-involvement": deciding}
    assert metric("engineering_time_to_restore", answers).missing == "unanswered"


def test_hidden_questions_hide_what_depends_on_them() -> None:
    def question(question_id: str, **more: Any) -> dict[str, Any]:
        return {"id": question_id, "type": "number", "key_question": question_id, **more}

    guide = guide_of(
        [
            {
                "id": "one",
                "title": "One",
                "questions": [
                    question("first"),
                    question("second", relevant={"question": "first", "above": 0}),
                    question("repeat-share", relevant={"question": "second", "above": 0}),
                ],
            }
        ]
    )
    assert metric("repeat_share", {"first": 0}, guide=guide).missing == "not_applicable"
    assert metric("repeat_share", {"first": 1}, guide=guide).missing == "unanswered"
    assert metric("repeat_share", {"first": 1, "second": 0}, guide=guide).missing == "not_applicable"
    assert metric("repeat_share", {"first": not_applicable()}, guide=guide).missing == "not_applicable"
    assert metric("repeat_share", {"first": 0, "repeat-share": unknown()}, guide=guide).missing == "not_applicable"


# ---------------------------------------------------------------------------------------------------- edited guides


def test_a_guide_that_leaves_a_question_out_does_not_ask_for_it() -> None:
    guide = guide_of(
        [{"id": "one", "title": "One", "questions": [{"id": "other", "type": "text", "key_question": "?"}]}]
    )
    done = evaluation({}, guide=guide)
    for found in done.metrics.values():
        assert found.missing == "not_applicable"
        assert found.answers == ()


@pytest.mark.parametrize("question_id", sorted({answer for spec in SPECS for answer in spec.answers}))
@pytest.mark.parametrize("new_type, value", [("number", 3), ("text", "many"), ("percent", 5), ("tags", ["a"])])
def test_a_question_retyped_by_an_edited_guide_gives_a_reason_and_never_a_crash(
    question_id: str, new_type: str, value: Any
) -> None:
    raw = GUIDE.model_dump(by_alias=True, mode="json", exclude_none=True)
    for section in raw["sections"]:
        for question in section["questions"]:
            if question["id"] == question_id:
                question.update(type=new_type, columns=[], choices=[])
    guide = type(GUIDE).model_validate({**raw, "id": "edited"})
    for found in evaluation({**COHERENT, question_id: value}, guide=guide).metrics.values():
        assert (found.estimate is None) == bool(found.reason)


def test_conventions_of_the_guide_apply() -> None:
    certainty = GUIDE.certainty.model_dump(mode="json")
    certainty["relative"]["estimated"] = 3.0
    guide = GUIDE.model_validate({**GUIDE.model_dump(by_alias=True, mode="json"), "certainty": certainty})
    found = figure("incidents_per_month", {"incident-volume": said(per(10, "month"))}, guide=guide)
    assert (found.low, found.high) == (0, 40)  # a count is never negative


def test_the_document_is_not_changed_by_being_evaluated() -> None:
    before = document(COHERENT)
    after = before.model_copy(deep=True)
    evaluate(before, GUIDE)
    assert before == after
