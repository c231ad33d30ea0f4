"""Findings, quick wins and action items: the gaps with their reason and cost, and what pays back."""

from __future__ import annotations

from typing import Any

import pytest

from assessment_kit.guide import Guide
from assessment_kit.results import Finding
from tests.builders import COHERENT, GUIDE, evaluation, metric_rubrics, per, scored_questions, unknown


def findings(answers: dict[str, Any], guide: Guide = GUIDE) -> dict[str, Finding]:
    """Return the findings by id; no two share one."""
    found = evaluation(answers, guide=guide).findings
    by_id = {finding.id: finding for finding in found}
    assert len(by_id) == len(found)
    return by_id


def task(name: str = "restart", **cells: Any) -> dict[str, Any]:
    """Return a toil task that takes 10 h a month: 20 times 30 min."""
    return {"task": name, "times": per(20, "month"), "each": "30 min", **cells}


# ------------------------------------------------------------------------------------------------------- low scores


@pytest.mark.parametrize(
    "choice, severity", [("absent", "high"), ("outdated", "medium"), ("usable", None), ("clear-with-scripts", None)]
)
def test_a_level_below_the_middle_is_a_finding_and_the_lower_the_more_severe(choice: str, severity: str | None) -> None:
    found = findings({"runbooks": choice}).get("low-runbooks")
    assert (found.severity if found else None) == severity


def test_a_level_just_below_the_middle_is_a_small_finding() -> None:
    assert findings({"repeat-share": 30})["low-repeat_share"].severity == "low"  # level 2.67


def test_the_words_of_a_finding_are_the_guides() -> None:
    rubrics = {q.id: q.rubric for q in scored_questions()} | {rubric.metric: rubric for rubric in metric_rubrics()}
    found = findings({"repeat-share": 70, "runbooks": "absent"})
    for item in ("repeat_share", "runbooks"):
        rubric = rubrics[item]
        assert rubric is not None
        finding = found[f"low-{item}"]
        assert (finding.title, finding.remedy) == (rubric.finding, rubric.remedy)
    assert found["low-repeat_share"].why == "70 %: level 1 (60 % or worse)"
    assert found["low-repeat_share"].section == "incidents"
    assert found["low-repeat_share"].evidence == ("repeat-share",)


def test_a_finding_says_what_it_costs_where_that_is_known() -> None:
    answers = {"alert-volume": per(600, "month"), "actionable-alerts": 35, "alert-triage-time": "5 min"}
    hours = findings(answers)["low-alert_actionable_share"].hours
    assert hours is not None
    assert hours.value == pytest.approx(32.5)
    assert findings({"actionable-alerts": 35})["low-alert_actionable_share"].hours is None


def test_what_is_missing_is_not_a_gap() -> None:
    assert findings({}) == {}
    assert findings({"runbooks": unknown()}) == {}


# --------------------------------------------------------------------------------------------------------- toil


def test_two_tasks_that_make_half_of_the_toil_are_named() -> None:
    """10 h, 10 h and 20 tasks of 1 h: 20 of 40 h are half."""
    small = [{"task": f"small {number}", "times": per(1, "month"), "each": "1h"} for number in range(20)]
    found = findings({"toil-tasks": [*small, task("restart"), task("unlock")]})["toil-concentration"]
    assert found.title == "Two tasks make 50 % of the toil"
    assert found.severity == "medium"
    assert found.hours is not None
    assert found.hours.value == pytest.approx(20)
    assert "“restart” and “unlock”, of 22 tasks with hours" in found.why


def test_of_two_tasks_nobody_needs_to_hear_that_two_make_all_of_it() -> None:
    assert "toil-concentration" not in findings({"toil-tasks": [task("restart"), task("unlock")]})


def test_a_concentration_that_can_be_automated_soon_is_marked_as_a_quick_win() -> None:
    small = task("small", each="1 min")
    quick = task("restart", automatable="yes", effort_hours=8)
    assert findings({"toil-tasks": [quick, task("unlock"), small]})["toil-concentration"].quick_win
    assert not findings({"toil-tasks": [task("restart"), task("unlock"), small]})["toil-concentration"].quick_win


def test_tasks_are_listed_by_hours_and_those_without_hours_last() -> None:
    tasks = [{"task": "b"}, {"task": "a"}, task("small", each="1 min"), task("large", each="2h")]
    assert [done.task for done in evaluation({"toil-tasks": tasks}).toil_tasks] == ["large", "small", "a", "b"]


# --------------------------------------------------------------------------------------------------- repeat incidents

INCIDENTS = {"incident-volume": per(40, "month"), "responders": 1, "hands-on-time": "60 min"}  # 40 h a month


def repeat(what: str, hours: float) -> dict[str, Any]:
    """Return a repeat incident that takes so many hours a month."""
    return {"what": what, "times": per(hours, "month"), "hands_on": "60 min"}


def test_repeats_that_take_a_tenth_of_the_incident_work_are_prime_candidates() -> None:
    rows = [repeat("queue", 12), repeat("disk", 5), repeat("certificate", 3)]
    found = findings({**INCIDENTS, "repeat-incidents": rows})
    assert {name: finding.severity for name, finding in found.items()} == {"repeat-1": "high", "repeat-2": "medium"}
    assert found["repeat-1"].title.startswith("“queue” keeps coming back")
    assert found["repeat-1"].why == "12 h a month (measured), 30 % of the hours on incidents."


def test_without_hours_on_incidents_only_the_costliest_repeat_is_named() -> None:
    found = findings({"repeat-incidents": [repeat("queue", 12), repeat("disk", 5)]})
    assert set(found) == {"repeat-1"}


def test_two_rows_that_say_the_same_are_two_findings() -> None:
    found = findings({**INCIDENTS, "repeat-incidents": [repeat("queue", 12), repeat("queue", 12)]})
    assert set(found) == {"repeat-1", "repeat-2"}


def test_a_repeat_that_takes_more_than_all_incidents_gets_no_share() -> None:
    found = findings({**INCIDENTS, "repeat-incidents": [repeat("queue", 43)]})
    assert found["repeat-1"].why == "43 h a month (measured)."


# ------------------------------------------------------------------------------------------- blind spots, not known, …


def test_blind_spots_with_a_high_effect_are_a_finding_with_the_hours_lost() -> None:
    rows = [
        {"area": "gateway", "effect": "high", "hours_lost": 6},
        {"area": "broker", "effect": "high"},
        {"area": "archive", "effect": "low", "hours_lost": 50},
    ]
    found = findings({"blind-spots": rows})["blind-spots"]
    assert found.title == "2 monitoring blind spots with a high effect"
    assert found.why == "“gateway” and “broker”: of 3 blind spots named."
    assert found.hours is not None
    assert found.hours.value == 6
    assert findings({"blind-spots": rows[2:]}) == {}


def test_three_questions_that_nobody_could_answer_are_a_finding_of_their_own() -> None:
    asked = ["time-to-detect", "time-to-diagnose", "responders"]
    assert "not-known" not in findings(dict.fromkeys(asked[:2], unknown()))
    found = findings(dict.fromkeys(asked, unknown()))["not-known"]
    assert (found.severity, found.evidence) == ("low", tuple(asked))


@pytest.mark.parametrize(
    "cells, loose",
    [
        ({"owner": "Priya", "due": "2026-12-15", "status": "open"}, False),
        ({"owner": "Priya", "status": "open"}, True),
        ({"due": "2026-12-15"}, True),
        ({"owner": " ", "due": "2026-12-15"}, True),
        ({"status": "done"}, False),
        ({"status": "dropped"}, False),
    ],
)
def test_open_actions_need_an_owner_and_a_date(cells: dict[str, str], loose: bool) -> None:
    found = findings({"action-items": [{"what": "review runbooks", **cells}]})
    assert ("actions-without-owner-or-date" in found) == loose


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    rows = [{"area": f"area {number}", "effect": "high"} for number in range(9)]
    assert "“area 4” and 4 more" in findings({"blind-spots": rows})["blind-spots"].why


def test_rows_without_a_name_are_said_to_have_none() -> None:
    assert findings({"blind-spots": [{"effect": "high"}]})["blind-spots"].why.startswith("one without a name")


# ---------------------------------------------------------------------------------------------------------- the order


def test_findings_are_sorted_by_severity_then_hours_then_id() -> None:
    answers = {
        **COHERENT,
        "runbooks": "absent",
        "repeat-share": 70,
        "noise-triage": "closed-one-by-one",
        "slo-alignment": "not-defined",
    }
    rank = {"high": 0, "medium": 1, "low": 2}
    keys = [
        (rank[finding.severity], -(finding.hours.value if finding.hours else 0), finding.id)
        for finding in evaluation(answers).findings
    ]
    assert keys == sorted(keys)
    assert {key[0] for key in keys} == {0, 1, 2}


# ------------------------------------------------------------------------------------------------------ action items


def test_actions_keep_the_teams_words_and_those_due_first_stand_in_front() -> None:
    rows = [
        {"what": "plan automation"},
        {"what": "review runbooks", "why": "outdated", "owner": " Priya ", "due": "2026-12-15", "status": "open"},
        {"what": "deeper dive", "owner": "Sam", "due": "2026-12-01", "status": "in-progress"},
    ]
    actions = evaluation({"action-items": rows}).actions
    assert [action.what for action in actions] == ["deeper dive", "review runbooks", "plan automation"]
    assert actions[1].owner == "Priya"
    assert actions[1].due is not None
    assert (actions[2].owner, actions[2].due, actions[2].status) == ("", None, "")


def test_a_cell_that_is_not_text_is_left_empty_rather_than_printed() -> None:
    rows = [{"what": None, "owner": ["Priya"], "due": 20261215, "status": "open"}]
    [action] = evaluation({"action-items": rows}).actions
    assert (action.what, action.owner, action.due) == ("", "", None)


# ------------------------------------------------------------------------------------------------------ edited guides


def test_findings_belong_to_the_section_in_which_an_edited_guide_asks() -> None:
    raw = GUIDE.model_dump(by_alias=True, mode="json")
    for section in raw["sections"]:
        if section["id"] == "toil":
            section["id"] = "daily-work"
    guide = Guide.model_validate(raw)
    tasks = [task("restart"), task("unlock"), task("small", each="1 min")]
    assert findings({"toil-tasks": tasks}, guide)["toil-concentration"].section == "daily-work"


def test_two_of_three_equal_tasks_concentrate_nothing_and_what_cannot_be_automated_is_no_advice() -> None:
    def concentration(*rows: tuple[str, float, str]) -> Finding | None:
        table = [
            {"task": name, "times": per(1, "month"), "each": f"{hours} h", "automatable": automatable}
            for name, hours, automatable in rows
        ]
        return findings({"toil-tasks": table}).get("toil-concentration")

    assert concentration(("A", 10, "yes"), ("B", 10, "yes"), ("C", 10, "yes")) is None
    assert concentration(("A", 40, "no"), ("B", 40, "no"), ("C", 10, "yes"), ("D", 10, "yes")) is None
    most = concentration(("A", 5, "no"), ("B", 40, "yes"), ("C", 40, "partly"), ("D", 5, "yes"))
    assert most is not None and most.title == "Two tasks make 89 % of the toil"
