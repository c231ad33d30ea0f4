"""What automating tasks would change, beside calculations by hand, and the words that the page says of it."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit import wording
from assessment_kit.evaluate import evaluate
from assessment_kit.pages import words_what_if
from assessment_kit.readings import Answers
from assessment_kit.what_if import MOST_FIXED, MOST_OPTIONS, WhatIf, what_if
from tests.builders import COHERENT, GUIDE, document, not_applicable, per, said, unknown


def task(name: str, hours: float, **cells: Any) -> dict[str, Any]:
    """Return a task of so many hours a month."""
    return {"task": name, "times": per(hours, "month"), "each": "1h", **cells}


def found_in(tasks: list[dict[str, Any]], basis: str = "measured", **answers: Any) -> WhatIf:
    """Return the what-if of a team with these tasks."""
    made = document({"toil-tasks": said(tasks, basis), **answers})
    return what_if(evaluate(made, GUIDE), Answers(made, GUIDE))


#: 40 h (of which 30 are saved), 20 h (10 less 2 of upkeep), 30 h that need judgement, 10 h that nobody is sure of.
TASKS = [
    task("restart", 40, automatable="yes", saves=75, effort_hours=60),
    task("checks", 20, automatable="partly", saves=50, upkeep_hours=2, effort_hours=16),
    task("approve", 30, automatable="no", saves=100, effort_hours=1),
    task("reconcile", 10, automatable="unsure"),
]
TEAM: dict[str, Any] = {"team-size": 2, "hours-per-person": 100}


def test_the_task_that_saves_most_is_the_first_choice() -> None:
    found = found_in(TASKS, **TEAM)
    assert [(option.key, option.task, option.saved.value) for option in found.options] == [
        ("t1", "restart", 30),
        ("t3", "checks", 8),
    ]


def test_hours_left_are_what_each_task_still_costs_with_its_upkeep() -> None:
    found = found_in(TASKS, **TEAM)
    left = [found.after(found.top(number)).left for number in range(3)]
    assert [estimate.value for estimate in left if estimate] == pytest.approx([100, 70, 62])


def test_people_share_and_effort_by_hand() -> None:
    """38 h of 100 h a person are 0.38 people; 62 of 200 h are 31 %; 76 h of effort come back in two months."""
    then = found_in(TASKS, **TEAM).after({"t1", "t3"})
    assert then.people is not None
    assert then.share is not None
    assert (then.tasks, then.saved.value, then.people.value, then.share.value) == pytest.approx((2, 38, 0.38, 31))
    assert (then.effort, then.payback_months) == pytest.approx((76, 2))


def test_what_must_not_be_automated_cannot_be_chosen_and_says_why() -> None:
    fixed = {entry.task: entry.reason for entry in found_in(TASKS, **TEAM).fixed}
    assert fixed == {
        "approve": "Not to be automated: it needs human judgement every time, as said.",
        "reconcile": "Whether the task can be automated is not clear yet.",
    }
    found = found_in(TASKS, **TEAM)
    assert found.after({"t2", "t4", "nonsense"}) == found.after(())


def test_a_task_whose_upkeep_eats_its_saving_cannot_be_chosen() -> None:
    [entry] = found_in([task("a", 10, automatable="yes", saves=50, upkeep_hours=5)]).fixed
    assert entry.reason == "It saves no time once its upkeep is taken off."


def test_intervals_of_hours_left_are_not_those_of_a_difference() -> None:
    """Estimated, a quarter either way, in times and in time each: 40 h are 22.5 to 62.5, and 6.25 to 43.75 % stay."""
    found = found_in([task("a", 40, automatable="yes", saves=75)], "estimated")
    left = found.after({"t1"}).left
    assert left is not None
    # 62.5 h x (1 - 56.25 %) = 27.3 h at most; taking savings off the total would give 62.5 - 12.7 = 49.8 h.
    assert (left.low, left.value, left.high) == pytest.approx((22.5 * 0.0625, 10, 62.5 * 0.4375))


def test_a_saving_that_was_not_said_is_a_guess_in_the_sum_too() -> None:
    found = found_in([task("a", 10, automatable="yes"), task("b", 10, automatable="yes", saves=50)])
    assert found.after({"t1"}).saved.basis == "guess"
    assert found.after({"t2"}).saved.basis == "measured"


def test_tasks_without_hours_stay_in_the_high_end_whatever_is_chosen() -> None:
    found = found_in([task("a", 10, automatable="yes", saves=100), task("c", 4), {"task": "b"}])
    left = found.after({"t1"}).left
    assert left is not None
    assert (left.value, left.low, left.high) == pytest.approx((4, 4, 14))


def test_where_most_tasks_have_no_hours_there_is_no_total_but_a_saving() -> None:
    found = found_in([task("a", 10, automatable="yes", saves=50), {"task": "b"}, {"task": "c"}], **TEAM)
    then = found.after({"t1"})
    assert (then.left, then.share, then.operational) == (None, None, None)
    assert then.saved.value == 5
    assert found.no_total == "2 of 3 tasks have no times or minutes: a sum needs half of them."


@pytest.mark.parametrize("answers", [{}, {"team-size": unknown(), "hours-per-person": unknown()}])
def test_without_the_teams_hours_there_are_no_people_and_no_share(answers: dict[str, Any]) -> None:
    then = found_in(TASKS, **answers).after({"t1"})
    assert (then.people, then.share, then.operational) == (None, None, None)
    assert then.left is not None


def test_an_effort_that_was_not_said_is_no_zero() -> None:
    found = found_in([task("a", 10, automatable="yes", saves=50, effort_hours=5), task("b", 8, automatable="yes")])
    assert found.after({"t1"}).effort == 5
    assert found.after({"t1", "t2"}).effort is None
    assert found.after({"t1", "t2"}).payback_months is None


def test_other_operational_work_counts_towards_the_cap_as_far_as_it_is_known() -> None:
    """1,200 alerts of which half need nothing, 2 min each: 20 h, 10 % of 200 h."""
    alerts = {"alert-volume": per(1200, "month"), "actionable-alerts": 50, "alert-triage-time": "2 min"}
    found = found_in(TASKS, **TEAM, **alerts, **{"escalations-sre": not_applicable()})
    assert found.other_known == ("noise_hours_per_month",)
    assert found.other_missing == ("incident_hours_per_month",)
    assert found.after({"t1"}).operational is not None
    assert found.after({"t1"}).operational.value == pytest.approx(35 + 10)  # type: ignore[union-attr]


def test_suggested_are_the_few_that_make_half_of_the_saving() -> None:
    assert found_in(TASKS).suggested == 1
    assert found_in([task(name, 10, automatable="yes", saves=50) for name in "abcd"]).suggested == 2
    assert found_in([task("a", 10)]).suggested == 0


def test_ten_thousand_tasks_are_few_choices_that_add_up_to_all_of_them() -> None:
    tasks = [
        task(f"t{n}", 1 + n % 7, automatable=("yes", "partly", "no", "unsure")[n % 4], saves=50) for n in range(10_000)
    ]
    found = found_in(tasks, **TEAM)
    assert (len(found.options), len(found.fixed)) == (MOST_OPTIONS, MOST_FIXED)
    # 50 % was said for the unsure ones too: only those that need judgement stay.
    assert sum(option.count for option in found.options) + sum(entry.count for entry in found.fixed) == 10_000
    everything = sum(1 + n % 7 for n in range(10_000))
    never = sum(1 + n % 7 for n in range(10_000) if n % 4 == 2)
    left = found.after(found.top(MOST_OPTIONS)).left
    assert left is not None
    assert left.value == pytest.approx(never + (everything - never) / 2)
    assert found.options[-1].task == "7,481 other tasks, which save less each"
    assert found.fixed[-1].reason == "2,491 not to be automated."


amounts = st.floats(min_value=0, max_value=1e5)
shares = st.floats(min_value=0, max_value=100)
any_task = st.fixed_dictionaries(
    {"task": st.just("t"), "times": amounts.map(lambda n: per(n, "month")), "each": st.just("1h")},
    optional={
        "automatable": st.sampled_from(["yes", "partly", "no", "unsure"]),
        "saves": shares,
        "upkeep_hours": amounts,
        "effort_hours": amounts,
    },
)


@given(st.lists(any_task, min_size=1, max_size=6), st.sampled_from(["measured", "estimated", "guess"]))
def test_whatever_is_chosen_the_sums_are_bounded_and_in_order(tasks: list[dict[str, Any]], basis: str) -> None:
    found = found_in(tasks, basis, **TEAM)
    today = found.after(()).left
    assert today is not None
    for number in range(len(found.options) + 1):
        then = found.after(found.top(number))
        assert then.left is not None
        assert 0 <= then.left.low <= then.left.value <= then.left.high
        # Hours left and hours saved are the two parts of today's hours.
        assert then.left.value + then.saved.value == pytest.approx(today.value, abs=1e-6)
        assert then.saved.value <= today.value * (1 + 1e-9)


def test_nothing_chosen_is_the_toil_of_the_report() -> None:
    made = document(COHERENT)
    evaluation = evaluate(made, GUIDE)
    now = what_if(evaluation, Answers(made, GUIDE)).after(())
    for outcome, metric in ((now.left, "toil_hours_per_month"), (now.share, "toil_share")):
        known = evaluation.metrics[metric].estimate
        assert known is not None
        assert outcome is not None
        assert (outcome.value, outcome.low, outcome.high) == pytest.approx((known.value, known.low, known.high))


# ------------------------------------------------------------------------------------------------------------- words


def test_a_choice_in_words() -> None:
    found = found_in(TASKS, **TEAM)
    assert words_what_if.sentence(found, {"t1"}).replace("\u00a0", " ") == (
        "1 of 4 tasks automated: 70 h of manual work a month are left, 30 h less. That is the time of 0.3 people. "
        "Manual work then takes 35 % of the team's hours: within the 50 % line. To automate: 60 h once, back after 2 "
        "months."
    )
    assert words_what_if.sentence(found, ()).replace("\u00a0", " ") == (
        "Nothing is ticked: 100 h of manual work a month. Manual work takes 50 % of the team's hours: within the 50 % "
        "line."
    )


def test_first_means_the_tasks_that_save_most_and_says_so() -> None:
    found = found_in(TASKS, **TEAM)
    first, second = (option.key for option in found.options[:2])
    assert words_what_if.title(found, {first}).startswith("Automating the one task that saves most gives back ")
    assert words_what_if.title(found, {first, second}).startswith("Automating the 2 tasks that save most gives back ")
    assert words_what_if.title(found, {second}).startswith("Automating the one task ticked gives back ")
    assert words_what_if.slider(found, {first, second}) == f"the 2 of {found.tasks} tasks that save most"
    assert words_what_if.slider(found, {second}) == f"1 of {found.tasks} tasks, your choice"
    assert words_what_if.title(found, ()).startswith("Nothing is automated: manual work takes ")


def test_each_part_of_a_bar_and_their_sum_are_named() -> None:
    found = found_in(
        TASKS, **TEAM, **{"alert-volume": per(10, "day"), "actionable-alerts": 20, "alert-triage-time": "12 min"}
    )
    then = found.after(())
    assert found.other is not None and then.left is not None and then.together is not None
    assert then.together.value == pytest.approx(then.left.value + found.other.value)
    said = words_what_if.row(found, (), today=True)
    hours = [wording.quantity(part.value, "hours") for part in (then.left, found.other, then.together)]
    assert said["name"].replace("\u00a0", " ") == f"Today: {hours[0]} manual, {hours[1]} other"
    assert said["figure"].replace("\u00a0", " ") == hours[2]
    alone = found_in(TASKS, **TEAM)
    assert words_what_if.row(alone, (), today=True)["name"].endswith(" manual"), "no other work is known"


def test_a_line_that_the_interval_crosses_is_said_so() -> None:
    found = found_in([task("a", 90, automatable="yes", saves=50)], "estimated", **TEAM)
    assert "within the 50 % line, though it may be over" in words_what_if.sentence(found, ()).replace("\u00a0", " ")


def test_words_say_nothing_of_what_is_not_known() -> None:
    found = found_in([task("a", 10, automatable="yes", saves=50)])
    for chosen in chain.from_iterable(combinations(["t1"], size) for size in (0, 1)):
        text = words_what_if.sentence(found, chosen)
        assert "people" not in text
        assert "%" not in text
        assert "{" not in text
