"""What moved between two assessments: parts that add up, promises found again, nothing claimed that is not known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.changes import Changes, ScoreChange, find_changes
from assessment_kit.document_file import read_document
from assessment_kit.evaluate import evaluate
from assessment_kit.guide import Guide
from assessment_kit.promises import Promise, promises
from tests.builders import GUIDE, evaluation, per, said, unknown

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"
THEN = date(2026, 5, 12)


def changes(before: dict[str, Any], now: dict[str, Any]) -> Changes:
    """Return what moved between two sets of answers under one guide."""
    earlier = evaluation(before, day=THEN)
    return find_changes(earlier, evaluation(now), GUIDE, that_day=earlier)


def observability(found: Changes) -> ScoreChange:
    return next(section for section in found.sections if section.id == "observability")


#: The six scored answers of the section on observability, by value.
SEEN = {
    "monitoring-coverage": 60,
    "found-by-monitoring": 60,
    "actionable-alerts": 50,
    "noise-triage": "reported-sometimes",
    "upstream-visibility": "on-request",
    "slo-alignment": "known-elsewhere",
}


def parts(change: ScoreChange) -> float:
    return (change.guide or 0.0) + (change.team or 0.0) + (change.coverage or 0.0)


def test_an_answer_given_both_times_moves_the_teams_part_alone() -> None:
    found = observability(changes(SEEN, SEEN | {"monitoring-coverage": 90}))
    assert found.change == pytest.approx(found.team)
    assert found.team is not None
    assert found.team > 0.1
    assert (found.guide, found.coverage) == (0, 0)
    assert (found.both, found.only_before, found.only_now) == (6, 0, 0)
    assert {item.id: round(item.moved or 0, 2) for item in found.items if item.moved}.keys() == {"monitoring-coverage"}


def test_an_answer_given_only_now_moves_the_coverage_part_alone() -> None:
    some = {key: value for key, value in SEEN.items() if key != "monitoring-coverage"}
    found = observability(changes(some, some | {"monitoring-coverage": 95}))
    assert found.team == 0
    assert found.coverage == pytest.approx(found.change)
    assert (found.both, found.only_before, found.only_now) == (5, 0, 1)


def test_what_the_team_knows_no_longer_is_coverage_too() -> None:
    found = observability(changes(SEEN, SEEN | {"monitoring-coverage": unknown()}))
    assert found.team == 0
    assert (found.only_before, found.only_now) == (1, 0)


def test_a_section_without_two_scores_has_no_change_and_still_tells_of_the_answers_given_twice() -> None:
    found = observability(changes({"monitoring-coverage": 60}, SEEN | {"monitoring-coverage": 90}))
    assert (found.change, found.coverage, found.before) == (None, None, None)
    assert found.now is not None
    assert found.team is not None
    assert found.team > 0


def test_nothing_answered_twice_has_no_part_of_the_team() -> None:
    found = observability(changes({}, SEEN))
    assert (found.change, found.team, found.team_low, found.sure) == (None, None, None, False)


def test_the_guides_own_change_is_told_apart() -> None:
    raw = GUIDE.model_dump(by_alias=True, mode="json")
    section = next(entry for entry in raw["sections"] if entry["id"] == "observability")
    question = next(entry for entry in section["questions"] if entry["id"] == "monitoring-coverage")
    # The older guide asked for less.
    question["rubric"]["bands"] = [10, 20, 30, 40, 50]
    old = Guide.model_validate({**raw, "version": "0.9"})
    before, that_day, now = evaluation(SEEN), evaluation(SEEN, guide=old), evaluation(SEEN | {"actionable-alerts": 80})
    found = observability(find_changes(before, now, GUIDE, that_day=that_day))
    assert found.guide is not None
    assert found.guide < -0.1
    assert found.team is not None
    assert found.team > 0.1
    assert found.before == observability_score(that_day)
    assert parts(found) == pytest.approx(found.change)


def observability_score(found: Any) -> float | None:
    return next(score.score for score in found.sections if score.id == "observability")


def test_without_that_days_guide_nothing_is_said_of_its_part() -> None:
    before = evaluation(SEEN, day=THEN)
    found = observability(find_changes(before, evaluation(SEEN), GUIDE))
    assert (found.guide, found.change) == (None, 0)


@pytest.mark.parametrize("team", ["payments", "identity-access"])
def test_the_parts_add_up_for_every_section_and_for_all(team: str) -> None:
    before, now = (evaluate(read_document(path), GUIDE) for path in sorted((EXAMPLES / team).glob("*.json")))
    found = find_changes(before, now, GUIDE, that_day=before)
    told = [change for change in (*found.sections, found.overall) if change.change is not None]
    assert len(told) > 3
    for change in told:
        assert parts(change) == pytest.approx(change.change)
        assert change.team_low is not None
        assert change.team_high is not None
        assert change.team is not None
        assert change.team_low <= change.team <= change.team_high


def test_a_change_is_sure_only_where_the_intervals_leave_no_other_way() -> None:
    guessed = {key: said(value, "guess") for key, value in SEEN.items()}
    much = SEEN | {"monitoring-coverage": 95, "found-by-monitoring": 95, "actionable-alerts": 95}
    assert observability(changes(SEEN, much)).sure
    assert not observability(changes(guessed, SEEN | {"monitoring-coverage": 70})).sure


# -- Figures -----------------------------------------------------------------------------------------------------------


def metric(before: dict[str, Any], now: dict[str, Any], metric_id: str) -> Any:
    return next(change for change in changes(before, now).metrics if change.id == metric_id)


def test_a_figure_is_compared_with_its_interval_and_its_direction() -> None:
    before = {"repeat-share": said(45, "measured", n=500)}
    found = metric(before, {"repeat-share": said(31)}, "repeat_share")
    assert found.difference.value == -14
    assert found.difference.low < -14 < found.difference.high
    assert (found.sure, found.better) == (True, True)


def test_a_figure_without_a_band_is_neither_better_nor_worse() -> None:
    found = metric({"incident-volume": a_week(9, 500)}, {"incident-volume": a_week(5, 300)}, "incidents_per_month")
    assert (found.sure, found.better) == (True, None)


def a_week(amount: float, cases: int | None) -> dict[str, Any]:
    return said(per(amount, "week"), "measured", n=cases)


def test_two_measured_counts_moved_only_where_chance_alone_would_not_do() -> None:
    few = metric({"incident-volume": a_week(9, 9)}, {"incident-volume": a_week(5, 5)}, "incidents_per_month")
    assert (few.sure, few.bare) == (False, False)
    many = metric({"incident-volume": a_week(9, 900)}, {"incident-volume": a_week(5, 500)}, "incidents_per_month")
    assert (many.sure, many.bare) == (True, False)


def test_a_measured_figure_of_an_unknown_number_of_cases_is_never_sure_to_have_moved() -> None:
    found = metric({"incident-volume": a_week(9, None)}, {"incident-volume": a_week(1, 300)}, "incidents_per_month")
    assert (found.sure, found.bare) == (False, True)


def test_figures_defined_differently_are_not_subtracted() -> None:
    before = {"time-to-restore": said("1h", definition="from the impact")}
    found = metric(before, {"time-to-restore": said("2h", definition="from the ticket")}, "time_to_restore")
    assert found.difference is None
    assert "defined differently" in found.reason


def test_a_figure_that_is_missing_says_why() -> None:
    found = metric({"repeat-share": unknown()}, {"repeat-share": 31}, "repeat_share")
    assert found.difference is None
    assert "does not know" in found.reason


# -- Findings ----------------------------------------------------------------------------------------------------------


def test_a_finding_is_gone_only_where_the_answer_is_better_and_new_only_where_it_was_given_before() -> None:
    low, high = SEEN | {"monitoring-coverage": 20}, SEEN | {"monitoring-coverage": 95}
    none = {key: value for key, value in SEEN.items() if key != "monitoring-coverage"}

    def about(found: tuple[Any, ...]) -> bool:
        return "low-monitoring-coverage" in {finding.id for finding in found}

    assert about(changes(low, high).settled)
    assert about(changes(low, none).unseen)
    assert about(changes(high, low).new)
    assert about(changes(none, low).first_seen)
    assert about(changes(low, low).staying)


# -- Promises ----------------------------------------------------------------------------------------------------------


def became(then: list[dict[str, Any]], now: list[dict[str, Any]], wins: Any = (), wins_now: Any = ()) -> list[Promise]:
    earlier = evaluation({"action-items": then, "quick-wins": list(wins)}, day=THEN)
    return list(promises(earlier, evaluation({"action-items": now, "quick-wins": list(wins_now)})))


@pytest.mark.parametrize(
    "now, outcome",
    [
        ([{"what": "Write runbook", "status": "done"}], "kept"),
        ([{"what": "  write RUNBOOK. ", "status": "done"}], "kept"),
        ([{"what": "Write runbook", "status": "dropped"}], "dropped"),
        ([{"what": "Write runbook", "status": "open"}], "late"),
        ([{"what": "Write runbook", "status": "in-progress", "due": "2027-02-01"}], "late"),
        ([{"what": "Something else", "status": "done"}], "unnamed"),
        ([], "unnamed"),
    ],
)
def test_what_became_of_a_promise(now: list[dict[str, Any]], outcome: str) -> None:
    [found] = became([{"what": "Write runbook", "due": "2026-08-01", "owner": "Lee"}], now)
    assert (found.outcome, found.owner, found.due) == (outcome, "Lee", date(2026, 8, 1))


def test_a_promise_whose_day_is_still_to_come_is_open() -> None:
    then = [{"what": "Write runbook", "due": "2026-12-24"}]
    assert became(then, [{"what": "Write runbook", "due": "2026-12-24", "status": "open"}])[0].outcome == "open"


def test_much_the_same_words_are_a_question_and_no_verdict() -> None:
    then = [{"what": "Restart the gateway consumer and replay automatically"}]
    [found] = became(then, [{"what": "Gateway consumer restarts itself and replays its messages", "status": "done"}])
    assert found.outcome == "ask"
    assert found.now is not None


def test_two_promises_about_one_service_are_not_taken_for_one() -> None:
    then = [{"what": "Restart the gateway consumer by a job"}]
    assert became(then, [{"what": "Runbook for gateway certificates", "status": "done"}])[0].outcome == "unnamed"


def test_what_was_done_or_dropped_then_was_no_promise_any_more() -> None:
    assert became([{"what": "a", "status": "done"}, {"what": "b", "status": "dropped"}], []) == []


def test_a_quick_win_may_become_an_action_item_or_be_promised_again() -> None:
    wins = [{"what": "Alert before certificates expire"}, {"what": "Stop health checks"}]
    found = became([], [{"what": "Stop health checks", "status": "done"}], wins, [wins[0]])
    assert [(promise.kind, promise.outcome) for promise in found] == [("quick-win", "again"), ("quick-win", "kept")]


def test_the_example_kept_two_is_late_with_two_and_dropped_one() -> None:
    before, now = (evaluate(read_document(path), GUIDE) for path in sorted((EXAMPLES / "payments").glob("*.json")))
    outcomes = [promise.outcome for promise in promises(before, now) if promise.kind == "action"]
    assert sorted(outcomes) == ["dropped", "kept", "kept", "late", "late"]
