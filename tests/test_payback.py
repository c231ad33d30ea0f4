"""Payback of automating a task, and the quick wins that follow from it, beside calculations by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.results import ToilTask
from tests.builders import evaluation, per, said


def task(name: str = "restart", **cells: Any) -> dict[str, Any]:
    """Return a toil task that takes 10 h a month: 20 times 30 min."""
    return {"task": name, "times": per(20, "month"), "each": "30 min", **cells}


def only_task(basis: str = "measured", **cells: Any) -> ToilTask:
    """Return the evaluation of one toil task."""
    [done] = evaluation({"toil-tasks": said([task(**cells)], basis)}).toil_tasks
    return done


# -------------------------------------------------------------------------------------------------- payback, by hand


def test_payback_is_effort_over_hours_saved_less_upkeep() -> None:
    """10 h a month, 80 % saved, 2 h upkeep: 6 h saved; 24 h of effort are back in 4 months."""
    done = only_task(automatable="yes", saves=80, upkeep_hours=2, effort_hours=24)
    assert done.hours is not None
    assert done.hours.value == pytest.approx(10)
    assert done.saved_hours is not None
    assert done.saved_hours.value == pytest.approx(6)
    assert done.payback_months is not None
    assert done.payback_months.value == done.payback_months.low == done.payback_months.high == pytest.approx(4)


def test_the_interval_of_a_payback_is_lowest_effort_over_highest_saving_and_the_other_way_round() -> None:
    """Estimated, a quarter either way. 20 times (15 to 25) x 30 min (22.5 to 37.5) = 10 h (5.625 to 15.625);
    80 % saved (60 to 100): 8 h (3.375 to 15.625); effort 16 h (12 to 20): 2 months (0.768 to 5.926).
    """
    done = only_task("estimated", saves=80, effort_hours=16)
    assert done.saved_hours is not None
    assert (done.saved_hours.low, done.saved_hours.value, done.saved_hours.high) == pytest.approx((3.375, 8, 15.625))
    assert done.payback_months is not None
    months = done.payback_months
    assert (months.low, months.value, months.high) == pytest.approx((12 / 15.625, 2, 20 / 3.375))


@pytest.mark.parametrize("automatable, share, low, high", [("yes", 8, 6, 10), ("partly", 4, 2, 6)])
def test_where_the_saving_was_not_said_a_convention_takes_its_place_as_a_guess(
    automatable: str, share: float, low: float, high: float
) -> None:
    saved = only_task(automatable=automatable).saved_hours
    assert saved is not None
    assert (saved.low, saved.value, saved.high) == pytest.approx((low, share, high))
    assert saved.basis == "guess"


@pytest.mark.parametrize(
    "cells, reason",
    [
        ({"effort_hours": 8}, "Whether the task can be automated is not said."),
        ({"automatable": "unsure", "effort_hours": 8}, "Whether the task can be automated is not clear yet."),
        ({"automatable": "no", "saves": 80, "effort_hours": 8}, "The task cannot be automated, as said."),
        ({"automatable": "yes"}, "“Effort to automate” is not filled in."),
        ({"saves": 80, "upkeep_hours": 8, "effort_hours": 8}, "It saves no time once its upkeep is taken off."),
        ({"saves": 0, "effort_hours": 8}, "It saves no time once its upkeep is taken off."),
        ({"each": None, "saves": 80, "effort_hours": 8}, "“Time each” is not filled in."),
        ({"saves": 0.001, "effort_hours": 4000}, "It does not pay back within a hundred years."),
        ({"saves": 180, "effort_hours": 8}, "“Would save” cannot be used: 180 is above 100."),
    ],
)
def test_a_task_without_a_payback_says_why(cells: dict[str, Any], reason: str) -> None:
    done = only_task(**cells)
    assert done.payback_months is None
    assert done.payback_reason == reason


def test_a_payback_that_may_never_come_ends_at_ten_times_the_likely_one() -> None:
    """8 h saved (3.375 to 15.6) less 4 h upkeep (3 to 5): at the low end it saves nothing and never pays back."""
    done = only_task("estimated", saves=80, upkeep_hours=4, effort_hours=16)
    assert done.saved_hours is not None
    assert done.saved_hours.low < 0
    assert done.payback_months is not None
    assert (done.payback_months.value, done.payback_months.high) == pytest.approx((4, 40))


@given(
    st.floats(min_value=0, max_value=100),
    st.floats(min_value=0, max_value=100),
    st.floats(min_value=0, max_value=1e6),
    st.sampled_from(["measured", "estimated", "guess"]),
)
def test_a_payback_is_finite_positive_and_in_order_whatever_was_said(
    saves: float, upkeep: float, effort: float, basis: str
) -> None:
    months = only_task(basis, saves=saves, upkeep_hours=upkeep, effort_hours=effort).payback_months
    if months is not None:
        assert 0 <= months.low <= months.value <= months.high <= 10 * months.value


# -------------------------------------------------------------------------------------------------------- quick wins


def test_tasks_that_pay_back_within_a_quarter_are_proposed_after_the_teams_own_quick_wins() -> None:
    tasks = [
        task("restart", saves=80, effort_hours=16),  # 2 months
        task("unlock", saves=80, effort_hours=25),  # 3.1 months
        task("check", each="3h", saves=80, effort_hours=41),  # within a month, but more than a week of work
        task("clear", each="2h", saves=80, effort_hours=32),  # 1 month
    ]
    own = [{"what": "add two alerts", "why": "the broker is blind", "effort_hours": 4, "owner": "Lee"}]
    wins = evaluation({"toil-tasks": tasks, "quick-wins": own}).quick_wins
    assert [(win.what, win.proposed) for win in wins] == [
        ("add two alerts", False),
        ("Automate “clear”", True),
        ("Automate “restart”", True),
    ]
    assert (wins[0].effort_hours, wins[0].owner, wins[0].why) == (4, "Lee", "the broker is blind")
    assert wins[1].why == "Saves 32 h a month (measured); pays back in 1 month."
    assert wins[2].why == "Saves 8 h a month (measured); pays back in 2 months."
    assert wins[2].hours is not None


def test_what_the_team_already_plans_is_not_proposed_again() -> None:
    tasks = [task("Restart the import", saves=80, effort_hours=8)]
    own = [{"what": "restart the import automatically"}]
    assert len(evaluation({"toil-tasks": tasks, "quick-wins": own}).quick_wins) == 1


def test_what_needs_judgement_every_time_is_not_proposed() -> None:
    tasks = [task("approve", automatable="no", saves=80, effort_hours=8)]
    assert evaluation({"toil-tasks": tasks}).quick_wins == ()


def test_at_most_five_are_proposed_the_most_hours_first() -> None:
    tasks = [task(f"task {n}", each=f"{n} min", saves=80, effort_hours=0.1) for n in range(1, 10)]
    wins = evaluation({"toil-tasks": tasks}).quick_wins
    assert [win.what for win in wins] == [f"Automate “task {n}”" for n in (9, 8, 7, 6, 5)]
