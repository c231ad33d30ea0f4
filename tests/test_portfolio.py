"""All teams together: what they share, sums that say of how many, promises, and nothing mixed that differs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assessment_kit.audience import LEFT_OUT, NAMED, Audience
from assessment_kit.in_common import Theme
from assessment_kit.portfolio import Portfolio, compare
from assessment_kit.summaries import TeamSummary, definition_key, summarise
from tests.builders import COHERENT, GUIDE, document, per, said, unknown, without

TODAY = date(2026, 11, 24)


def team(
    name: str,
    answers: dict[str, Any],
    *,
    earlier: dict[str, Any] | None = None,
    audience: Audience = "team",
    **more: Any,
) -> TeamSummary:
    past = [document(earlier, team=name, day=date(2026, 5, 12))] if earlier is not None else []
    day = more.pop("day", date(2026, 11, 10))
    return summarise(document(answers, team=name, day=day), GUIDE, audience=audience, earlier=past, **more)


def together(*teams: TeamSummary, audience: Audience = "team", as_of: date = TODAY) -> Portfolio:
    return compare(teams, audience=audience, as_of=as_of)


def task(name: str, minutes: int = 60, **more: Any) -> dict[str, Any]:
    """Return a task that takes this many minutes once a month."""
    return {"task": name, "times": per(1, "month"), "each": f"{minutes} min", **more}


def toil(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"toil-tasks": said(list(rows), "measured")}


def names(themes: tuple[Theme, ...]) -> list[str]:
    return [theme.name for theme in themes]


# -- What teams share --------------------------------------------------------------------------------------------------


def test_a_task_of_several_teams_is_one_theme_with_their_hours_together() -> None:
    made = together(
        team("B", toil(task("restart stuck imports", 120, automatable="partly", effort_hours=8))),
        team("A", toil(task("Restart the stuck import", 60, automatable="yes", effort_hours=40))),
        team("C", toil(task("Something else", 600))),
    )
    (theme,) = made.tasks
    assert [member.team for member in theme.members] == ["a", "b"]
    assert theme.hours.estimate is not None
    assert (theme.hours.estimate.value, theme.hours.known, theme.hours.of) == (3, 2, 2)
    assert theme.answers == {"partly": 1, "yes": 1}
    assert theme.effort == (8, 40)
    assert set(theme.wordings) == {"Restart the stuck import", "restart stuck imports"}


def test_a_task_that_one_team_wrote_twice_is_not_shared() -> None:
    assert together(team("A", toil(task("Restart it now"), task("restarting it now")))).tasks == ()


def test_hours_that_a_team_does_not_know_are_no_zero() -> None:
    made = together(team("A", toil({"task": "Renew certificates"})), team("B", toil(task("renew a certificate"))))
    hours = made.tasks[0].hours
    assert hours.estimate is not None and (hours.estimate.value, hours.known, hours.of) == (1, 1, 2)
    nobody = together(*(team(name, toil({"task": "Renew certificates"})) for name in "AB"))
    assert nobody.tasks[0].hours.estimate is None


def test_themes_stand_by_their_hours_and_teams_by_their_names() -> None:
    small, large = task("Renew certificates", 10), task("Clear the queue by hand", 90)
    made = together(*(team(name, toil(small, large)) for name in ("Zebra", "apple", "Mango")))
    assert names(made.tasks) == ["Clear the queue by hand", "Renew certificates"]
    assert [entry.team for entry in made.teams] == ["apple", "Mango", "Zebra"]
    assert [member.team for member in made.tasks[0].members] == ["apple", "mango", "zebra"]


def test_tasks_that_one_automation_may_serve_are_shown_with_teams_and_hours() -> None:
    made = together(
        team("A", toil(task("Correct and resubmit rejected direct debits", 60, automatable="yes", effort_hours=40))),
        team("B", toil(task("Correct records that the loader rejects", 30, automatable="partly"))),
        team("C", toil(task("Correct stock counts"))),
    )
    assert made.tasks == ()
    (theme,) = made.alike
    assert theme.hours.estimate is not None and theme.hours.estimate.value == 1.5
    assert [member.team for member in theme.members] == ["a", "b"]
    assert (len(theme.wordings), theme.answers, theme.effort) == (2, {"partly": 1, "yes": 1}, (40, 40))


def test_one_task_in_one_wording_and_tasks_of_one_team_are_not_alike() -> None:
    assert together(*(team(name, toil(task("Restart tills"))) for name in "AB")).alike == ()
    rejected = [task("Correct and resubmit rejected direct debits"), task("Correct records that the loader rejects")]
    assert together(team("A", toil(*rejected))).alike == ()


def test_leadership_sees_what_is_alike_from_three_teams_on() -> None:
    names = (
        "Correct rejected debits by hand",
        "Correct records that the loader rejects",
        "Correct rejected invoices twice",
    )
    rows = [toil(task(name)) for name in names]
    made = [team(name, row, audience="leadership") for name, row in zip("ABC", rows, strict=True)]
    assert len(together(*made, audience="leadership").alike) == 1
    assert together(*made[:2], audience="leadership").alike == ()


def test_causes_in_common_have_hours_and_factors_have_none() -> None:
    repeats = [{"what": "queue", "times": per(6, "month"), "hands_on": "30 min", "cause": "capacity"}]
    answers = {
        "repeat-incidents": said(repeats, "measured"),
        "contributing-factors": {"chosen": ["capacity"], "other": []},
    }
    made = together(team("A", answers), team("B", answers), team("C", {}))
    (cause,), (factor,) = made.causes, made.factors
    assert (cause.name, cause.hours.estimate and cause.hours.estimate.value) == ("Not enough capacity", 6)
    assert (factor.name, factor.hours.estimate) == ("Not enough capacity", None)


def test_leadership_gets_no_theme_of_fewer_than_three_teams() -> None:
    rows = toil(task("Renew certificates"))
    two = [team(name, rows, audience="leadership") for name in "AB"]
    assert together(*two, audience="leadership").tasks == ()
    three = [*two, team("C", rows, audience="leadership")]
    assert names(together(*three, audience="leadership").tasks) == ["Renew certificates"]


# -- Hours and figures -------------------------------------------------------------------------------------------------


def test_sums_say_of_how_many_teams_they_are() -> None:
    made = together(team("A", toil(task("x", 600))), team("B", {}), team("C", {"toil-tasks": unknown()}))
    hours = made.hours["toil_hours_per_month"]
    assert hours.estimate is not None and (hours.estimate.value, hours.known, hours.of) == (10, 1, 3)
    assert made.hours["noise_hours_per_month"].estimate is None
    assert (made.month.known, made.month.of) == (1, 3)


def test_an_interval_of_a_sum_is_the_sum_of_the_ends() -> None:
    answers = {"toil-tasks": said([task("x", 600)], "estimated")}
    found = together(team("A", answers), team("B", answers)).hours["toil_hours_per_month"].estimate
    assert found is not None
    one = team("A", answers).metrics["toil_hours_per_month"].estimate
    assert one is not None
    assert (found.low, found.high) == (2 * one.low, 2 * one.high)


def test_a_figure_that_is_defined_otherwise_is_named_and_in_no_sum() -> None:
    usual = {"time-to-restore": said("60 min")}
    other = {"time-to-restore": said("9 days", definition="From the opening of the ticket to its closing.")}
    made = together(team("A", usual), team("B", usual), team("Closes", other))
    found = made.figures["time_to_restore"]
    assert set(found.values) == {"a", "b"}
    assert found.otherwise == {"closes": "From the opening of the ticket to its closing."}
    assert found.middle == 60


def test_definitions_that_leadership_cannot_read_are_still_not_mixed() -> None:
    answers = [{"time-to-restore": said("60 min", definition=words)} for words in ("Opened to restored.", "To closed.")]
    made = together(
        *(team(n, a, audience="leadership") for n, a in zip("AB", answers, strict=True)), audience="leadership"
    )
    found = made.figures["time_to_restore"]
    assert len(found.values) == len(found.otherwise) == 1
    assert set(found.otherwise.values()) == {LEFT_OUT}


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("856 incidents counted, 1 Jan 2026 to 31 Mar 2026.", "1 incident counted, 3 Feb 2025 to 9 May 2025.", True),
        ("Mean of 3,820 incidents.", "Mean of 12 incidents.", True),
        ("From opened to resolved.", "From opened to closed.", False),
        ("Mean.", "Median.", False),
    ],
)
def test_a_definition_is_the_same_over_other_days_with_other_counts(one: str, other: str, same: bool) -> None:
    assert (definition_key(one) == definition_key(other)) == same


# -- Promises ----------------------------------------------------------------------------------------------------------


def promised(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"action-items": list(rows)}


def test_open_actions_stand_by_owner_with_those_of_nobody_first() -> None:
    made = together(
        team(
            "A",
            promised(
                {"what": "write it", "owner": "Priya  Raman"}, {"what": "nobody's"}, {"what": "old", "status": "done"}
            ),
        ),
        team(
            "B",
            promised({"what": "count it", "owner": "priya raman"}, {"what": "no", "owner": "Al", "status": "dropped"}),
        ),
    )
    assert [(owner.name, len(owner.open)) for owner in made.owners] == [("", 1), ("Priya Raman", 2)]


def test_a_promise_is_late_on_the_stated_day_and_not_on_the_day_somebody_looks() -> None:
    answers = promised({"what": "write it", "owner": "Lee", "due": "2026-11-20"})
    for as_of, left, late in (
        (date(2026, 11, 20), 0, False),
        (date(2026, 11, 21), -1, True),
        (date(2026, 11, 1), 19, False),
    ):
        (entry,) = together(team("A", answers), as_of=as_of).open
        assert (entry.days_left, entry.is_late) == (left, late)


def test_a_promise_is_as_old_as_the_first_assessment_that_lists_it() -> None:
    now = promised({"what": "Write the runbooks", "owner": "Lee"}, {"what": "New one"})
    made = together(team("A", now, earlier=promised({"what": "write the runbook"})))
    ages = {entry.promise.what: entry.age for entry in made.open}
    assert ages == {"Write the runbooks": (TODAY - date(2026, 5, 12)).days, "New one": 14}


def test_leadership_gets_promises_without_the_names() -> None:
    made = together(
        team("A", promised({"what": "Lee writes it", "owner": "Lee"}, {"what": "x"}), audience="leadership"),
        audience="leadership",
    )
    assert [owner.name for owner in made.owners] == ["", NAMED]
    assert "Lee" not in repr(made)


# -- Over time ---------------------------------------------------------------------------------------------------------


def test_a_team_with_two_dates_keeps_the_scores_of_the_earlier_one() -> None:
    before = {**COHERENT, "repeat-share": said(60)}
    made = together(team("A", COHERENT, earlier=before), team("B", COHERENT))
    (moved,) = made.with_history
    now = {score.id: score.score for score in moved.scores}
    assert moved.previous == date(2026, 5, 12)
    assert moved.previous_scores["incidents"].score < now["incidents"]  # type: ignore[operator]


def test_a_document_of_another_version_of_the_guide_says_so() -> None:
    made = document({}).model_copy(update={"guide": document({}).guide.model_copy(update={"version": "0.9"})})
    assert "version 0.9" in summarise(made, GUIDE, audience="team").note


# -- Edges -------------------------------------------------------------------------------------------------------------


def test_no_team_is_a_portfolio_too() -> None:
    made = together()
    assert (made.teams, made.tasks, made.open, made.figures) == ((), (), (), {})
    assert made.month.estimate is None


def test_two_folders_with_one_name_are_two_teams() -> None:
    made = together(team("A", COHERENT, folder="a"), team("A", without(COHERENT, "time-to-restore"), folder="a-copy"))
    assert len(made.teams) == 2
    assert set(made.figures["time_to_restore"].values) == {"a"}


def test_the_order_in_which_teams_come_changes_nothing() -> None:
    teams = [team(name, COHERENT) for name in "CAB"]
    assert together(*teams) == together(*reversed(teams))
