"""Person-hours a month, the one currency: each sum and share beside a calculation by hand."""

from __future__ import annotations

from typing import Any

import pytest

from assessment_kit.estimate import WEEKS_PER_MONTH
from tests.builders import evaluation, figure, likely, metric, not_applicable, per, said, without

#: Two people working 100 hours each: 1 hour a month is half a percent.
CAPACITY = {"team-size": 2, "hours-per-person": 100}


# ------------------------------------------------------------------------------------------------- hours, by hand


def test_incident_hours_are_incidents_times_people_times_hands_on_time() -> None:
    """20 a month x 1.5 people x 40 min = 20 h; low ends: 10 x 1 x 30 min = 5 h; high ends: 40 x 2 x 1 h = 80 h."""
    answers = {
        "incident-volume": said(per(20, "month"), low=10, high=40),
        "responders": said(1.5, low=1, high=2),
        "hands-on-time": said("40 min", low="30 min", high="1h"),
    }
    found = figure("incident_hours_per_month", answers)
    assert (found.low, found.value, found.high) == pytest.approx((5, 20, 80))
    assert found.unit == "hours a month"


def test_elapsed_time_is_not_effort() -> None:
    answers = {"incident-volume": per(20, "month"), "responders": 1, "time-to-restore": "2 days"}
    assert metric("incident_hours_per_month", answers).estimate is None


def test_alert_noise_is_what_needed_no_action_times_triage_time() -> None:
    """600 alerts, 35 % actionable: 390 without action x 5 min = 32.5 h."""
    answers = {"alert-volume": per(600, "month"), "actionable-alerts": 35, "alert-triage-time": "5 min"}
    assert likely("noise_hours_per_month", answers) == pytest.approx(32.5)


def test_escalation_hours_are_escalations_times_the_work_of_one() -> None:
    answers = {"escalations-sre": per(20, "month"), "escalation-time": 30}  # a bare number is minutes
    assert likely("escalation_hours_per_month", answers) == pytest.approx(10)


def test_capacity_is_people_times_hours() -> None:
    assert likely("capacity_hours_per_month", CAPACITY) == 200


def test_toil_is_the_sum_over_the_tasks_and_a_task_without_people_is_done_by_one() -> None:
    """12 x 20 min = 4 h; 6 x 30 min x 2 people = 6 h. Together 10 h: 5 % of 200 h, a tenth of one person."""
    tasks = [
        {"task": "restart", "times": per(12, "month"), "each": "20 min"},
        {"task": "check", "times": per(6, "month"), "each": "30 min", "people": 2},
    ]
    answers = {**CAPACITY, "toil-tasks": tasks}
    assert likely("toil_hours_per_month", answers) == pytest.approx(10)
    assert likely("toil_share", answers) == pytest.approx(5)
    assert likely("toil_people", answers) == pytest.approx(0.1)


def test_the_remainder_is_capacity_less_all_parts() -> None:
    answers = {
        **CAPACITY,
        "incident-volume": per(20, "month"),
        "responders": 1.5,
        "hands-on-time": "40 min",  # 20 h
        "toil-tasks": [{"task": "restart", "times": per(12, "month"), "each": "20 min"}],  # 4 h
        "alert-volume": per(600, "month"),
        "actionable-alerts": 35,
        "alert-triage-time": "5 min",  # 32.5 h
        "escalations-sre": per(20, "month"),
        "escalation-time": "30 min",  # 10 h
    }
    assert likely("remainder_hours_per_month", answers) == pytest.approx(200 - 20 - 4 - 32.5 - 10)
    # A part that nobody answered is not nothing: then there is no remainder.
    assert metric("remainder_hours_per_month", without(answers, "hands-on-time")).missing == "unanswered"
    # A part that does not apply leaves the sum.
    no_alerts = {**answers, "alert-triage-time": not_applicable("alerts go to another team")}
    assert likely("remainder_hours_per_month", no_alerts) == pytest.approx(200 - 20 - 4 - 10)


def test_hours_on_repeats_are_the_table_where_it_is_complete_and_the_share_of_all_otherwise() -> None:
    base = {
        "incident-volume": per(20, "month"),
        "responders": 1,
        "hands-on-time": "60 min",
        "repeat-share": 30,
    }
    complete = [{"what": "queue", "times": per(8, "month"), "hands_on": "45 min"}]
    from_share = metric("repeat_hours_per_month", base)
    from_table = metric("repeat_hours_per_month", {**base, "repeat-incidents": complete})
    unfinished = metric("repeat_hours_per_month", {**base, "repeat-incidents": [*complete, {"what": "disk"}]})
    assert from_share.estimate is not None
    assert from_table.estimate is not None
    assert from_share.estimate.value == pytest.approx(6)  # 30 % of 20 h
    assert from_table.estimate.value == pytest.approx(6)  # 8 x 45 min
    assert unfinished.estimate == from_share.estimate
    # Two ways to a figure are two definitions: charts across teams must be able to tell.
    assert from_table.definition != from_share.definition
    assert from_table.answers == ("repeat-incidents",)
    assert "repeat-share" in from_share.answers


@pytest.mark.parametrize(
    "metric_id, zero",
    [
        ("incident_hours_per_month", "incident-volume"),
        ("repeat_hours_per_month", "incident-volume"),
        ("escalation_hours_per_month", "escalations-sre"),
        ("noise_hours_per_month", "alert-volume"),
    ],
)
def test_no_volume_makes_no_hours_even_where_the_time_of_each_is_not_known(metric_id: str, zero: str) -> None:
    found = figure(metric_id, {zero: per(0, "week")})
    assert (found.low, found.value, found.high) == (0, 0, 0)


# -------------------------------------------------------------------------------------- toil that is only half told


def test_a_task_without_times_is_not_free_it_may_cost_as_much_as_the_costliest_of_the_others() -> None:
    """4 h + 1 h are known; the third task may cost up to 4 h: likely 5 h, at most 9 h, and no longer measured."""
    tasks = [
        {"task": "restart", "times": per(12, "month"), "each": "20 min"},
        {"task": "unlock", "times": per(6, "month"), "each": "10 min"},
        {"task": "reconcile"},
    ]
    done = evaluation({"toil-tasks": tasks})
    found = done.metrics["toil_hours_per_month"].estimate
    assert found is not None
    assert (found.low, found.value, found.high) == pytest.approx((5, 5, 9))
    assert found.basis == "guess"
    assert any("“reconcile” has no hours" in warning for warning in done.warnings)


def test_there_is_no_sum_where_most_tasks_have_no_times() -> None:
    tasks = [{"task": "restart", "times": per(12, "month"), "each": "20 min"}, {"task": "unlock"}, {"task": "check"}]
    found = metric("toil_hours_per_month", {"toil-tasks": tasks})
    assert found.missing == "unanswered"
    assert "2 of 3 tasks" in found.reason


@pytest.mark.parametrize("tasks", [[], [{"task": "restart"}], [{"task": "", "times": None}]])
def test_a_table_without_hours_has_no_sum(tasks: list[dict[str, Any]]) -> None:
    assert metric("toil_hours_per_month", {"toil-tasks": tasks}).estimate is None


def test_one_bad_cell_costs_its_cell_and_not_the_table() -> None:
    """Somebody is typing the third row: what stands in the other two must not vanish meanwhile."""
    tasks = [
        {"task": "restart", "times": per(12, "month"), "each": "20 min"},
        {"task": "unlock", "times": per(6, "month"), "each": "10 min"},
        {"task": "", "times": per(-1, "month"), "each": "soon"},
    ]
    done = evaluation({"toil-tasks": tasks})
    assert done.metrics["toil_hours_per_month"].estimate is not None
    assert [task.hours is not None for task in done.toil_tasks] == [True, True, False]
    assert "cannot be used" in done.toil_tasks[2].reason
    assert sum("answers.toil-tasks.value[3]" in warning for warning in done.warnings) == 3


# ----------------------------------------------------------------------------------------------------------- shares


def test_the_share_of_p1_and_p2() -> None:
    answers = {"incident-volume": per(40, "month"), "p1-p2-volume": per(6, "month")}
    assert likely("p1_p2_share", answers) == pytest.approx(15)


def test_a_share_lies_between_lowest_part_of_highest_whole_and_highest_part_of_lowest_whole() -> None:
    answers = {
        "incident-volume": said(per(40, "month"), low=20, high=60),
        "escalations-sre": said(per(10, "month"), low=6, high=15),
    }
    found = figure("escalation_share", answers)
    assert (found.low, found.value, found.high) == pytest.approx((10, 25, 75))


def test_a_whole_that_may_be_zero_still_has_a_share_up_to_a_hundred() -> None:
    answers = {"incident-volume": said(per(4, "month"), low=0, high=8), "p1-p2-volume": per(1, "month")}
    found = figure("p1_p2_share", answers)
    assert (found.low, found.value, found.high) == pytest.approx((12.5, 25, 100))


@pytest.mark.parametrize("metric_id, part", [("p1_p2_share", "p1-p2-volume"), ("escalation_share", "escalations-sre")])
def test_a_part_above_the_whole_is_no_share(metric_id: str, part: str) -> None:
    found = metric(metric_id, {"incident-volume": per(5, "month"), part: per(6, "month")})
    assert found.missing == "invalid"
    assert "exceed all incidents" in found.reason


def test_all_incidents_said_in_another_period_are_a_hundred_percent_and_not_a_contradiction() -> None:
    answers = {"incident-volume": per(3, "week"), "p1-p2-volume": per(3 * WEEKS_PER_MONTH + 1e-9, "month")}
    assert likely("p1_p2_share", answers) == 100


def test_a_team_without_incidents_has_no_share_of_them_and_is_not_asked_for_one() -> None:
    found = metric("escalation_share", {"incident-volume": per(0, "month"), "escalations-sre": per(0, "month")})
    assert found.missing == "not_applicable"
    assert "no incidents" in found.reason


def test_engineering_dependent_incidents_are_three_shares_together() -> None:
    answers = {"code-change-share": 15, "config-change-share": 20, "architecture-share": 5}
    assert likely("engineering_dependent_share", answers) == 40
    assert metric("engineering_dependent_share", without(answers, "architecture-share")).missing == "unanswered"
    left_out = {**answers, "architecture-share": not_applicable("nothing of ours is built here")}
    assert likely("engineering_dependent_share", left_out) == 35
    assert likely("engineering_dependent_share", {**answers, "code-change-share": 76}) == 100  # rounded answers
    assert metric("engineering_dependent_share", {**answers, "code-change-share": 90}).missing == "invalid"
