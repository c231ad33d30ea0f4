"""The one pure call: any document in, a complete and consistent evaluation out, the same on every machine."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment_kit.document import check_document, parse_document, to_json
from assessment_kit.evaluate import MOST_PROBLEMS, evaluate, to_dict
from assessment_kit.guide import Question
from assessment_kit.results import Evaluation, Score
from tests.builders import (
    COHERENT,
    DAY,
    GUIDE,
    declined,
    document,
    evaluation,
    per,
    said,
    unknown,
)
from tests.random_documents import answer_to, answers, whole_documents


def as_json(evaluation: Evaluation) -> str:
    """Return the evaluation as ``assessment-kit score --json`` writes it; NaN and infinity would raise."""
    return json.dumps(to_dict(evaluation), allow_nan=False, ensure_ascii=False, sort_keys=True)


def numbers_in(value: Any) -> Iterator[float]:
    """Yield every number of JSON data."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(part)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield value


def named_answer(question: Question) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Return answers of a question's own type, each with the question's id."""
    return st.tuples(st.just(question.id), answer_to(question, nonsense=False))


def scores(evaluation: Evaluation) -> tuple[Score, ...]:
    """Return the sections' scores and the overall one."""
    return (*evaluation.sections, evaluation.overall)


# ------------------------------------------------------------------------------------------------ any document at all


@whole_documents
@given(answers())
@example({"incident-volume": said(per(10**400, "week")), "time-to-detect": said(10**400)})
@example({"toil-tasks": said([{"task": None, "times": per(1e12, "day"), "each": 1e12, "people": 1e12}])})
@example({"shifts-per-week": said(1e12), "incident-volume": said(per(1e12, "shift"))})
def test_whatever_stands_in_a_document_it_is_evaluated_and_says_why_something_is_missing(spec: dict[str, Any]) -> None:
    done = evaluation(spec)
    for metric in done.metrics.values():
        # A value or a reason: never both, never neither.
        assert (metric.estimate is None) == bool(metric.reason) == (metric.missing is not None), metric
        if metric.estimate is not None:
            assert metric.estimate.low <= metric.estimate.value <= metric.estimate.high
    for score in scores(done):
        assert score.reason
        check_score(score)
    for task in done.toil_tasks:
        assert (task.hours is None) == bool(task.reason)
        assert (task.payback_months is None) == bool(task.payback_reason)
    for repeat in done.repeat_incidents:
        assert (repeat.hours is None) == bool(repeat.reason)
    for finding in done.findings:
        assert finding.title
        assert finding.why
        assert finding.remedy
        assert set(finding.evidence) <= set(GUIDE.questions)
        assert finding.section in {section.id for section in GUIDE.sections}
    for contradiction in done.contradictions:
        assert contradiction.question.endswith("?")
        assert set(contradiction.evidence) <= set(GUIDE.questions)
    assert all(map(math.isfinite, numbers_in(json.loads(as_json(done)))))


def check_score(score: Score) -> None:
    """1 <= low <= score <= high <= 5, coverage in 0..1, and no score below half coverage."""
    if score.coverage is None:
        assert (score.score, score.low, score.high) == (None, None, None)
        assert score.applicable == 0
        return
    assert score.low is not None
    assert score.high is not None
    assert 1 <= score.low <= score.high <= 5
    assert 0 <= score.coverage <= 1
    assert score.answered <= score.applicable
    assert (score.score is not None) == (score.coverage >= 0.5)
    if score.score is not None:
        assert score.low <= score.score <= score.high
        assert score.level_name
    for item in score.items:
        assert 1 <= item.low <= item.high <= 5
        assert item.level is None or item.low <= item.level <= item.high
        assert item.reason


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(list(GUIDE.questions.values())).flatmap(named_answer), max_size=4).map(dict))
def test_what_check_lets_pass_can_always_be_used(spec: dict[str, Any]) -> None:
    checked = document(spec)
    if not check_document(checked, GUIDE):
        done = evaluate(checked, GUIDE)
        assert not any("cannot be used" in metric.reason for metric in done.metrics.values())
        assert not done.warnings or "toil" in done.warnings[0]


# ------------------------------------------------------------------------------------------------------ the same again


@whole_documents
@given(answers())
def test_evaluated_twice_it_is_the_same_to_the_byte(spec: dict[str, Any]) -> None:
    assert as_json(evaluation(copy.deepcopy(spec))) == as_json(evaluation(spec))


@whole_documents
@given(answers(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_in_the_file_changes_nothing(spec: dict[str, Any], random: Random) -> None:
    shuffled = dict(random.sample(sorted(spec.items()), len(spec)))
    assert as_json(evaluation(shuffled)) == as_json(evaluation(spec))


TABLES = ("toil-tasks", "repeat-incidents", "incident-types", "blind-spots")


@whole_documents
@given(answers(), st.randoms(use_true_random=False))
def test_the_order_of_a_tables_rows_changes_no_figure(spec: dict[str, Any], random: Random) -> None:
    shuffled = copy.deepcopy(spec)
    for table in TABLES:
        value = shuffled.get(table, {}).get("value")
        if isinstance(value, list):
            random.shuffle(value)
    one, other = evaluation(spec), evaluation(shuffled)
    assert one.metrics == other.metrics
    assert one.sections == other.sections
    assert [(f.id, f.severity, f.hours) for f in one.findings] == [(f.id, f.severity, f.hours) for f in other.findings]
    assert one.contradictions == other.contradictions
    assert [(task.task, task.hours) for task in one.toil_tasks] == [
        (task.task, task.hours) for task in other.toil_tasks
    ]


def test_a_round_trip_through_the_file_changes_nothing() -> None:
    built = document(COHERENT)
    assert as_json(evaluate(parse_document(to_json(built)), GUIDE)) == as_json(evaluate(built, GUIDE))


# ------------------------------------------------------------------------------------------------------------ warnings


def test_warnings_name_another_guide_another_version_and_strange_answers() -> None:
    other_guide = document(COHERENT).model_copy(deep=True)
    other_guide.guide.id = "another"
    assert any("under the guide 'another'" in warning for warning in evaluate(other_guide, GUIDE).warnings)
    other_version = document(COHERENT).model_copy(deep=True)
    other_version.guide.version = "0.9"
    assert any("version 0.9" in warning for warning in evaluate(other_version, GUIDE).warnings)
    assert any("has no such question" in w for w in evaluation({"colour": "green"}).warnings)
    assert evaluation(COHERENT).warnings == ()


def test_warnings_of_an_import_go_along() -> None:
    record = {"source": "tickets.csv", "warnings": ["The first and the last week are incomplete."]}
    assert evaluation({}, imports=[record]).warnings == ("The first and the last week are incomplete.",)


def test_twenty_thousand_wrong_rows_do_not_bury_the_report() -> None:
    rows = [{"task": f"task {number}", "times": per(-1, "week")} for number in range(20_000)]
    warnings = evaluation({"toil-tasks": rows}).warnings
    assert len(warnings) == MOST_PROBLEMS + 2
    assert any("19,995 more problems" in warning for warning in warnings)


# ------------------------------------------------------------------------------------------------------------ progress


def test_progress_counts_what_was_asked_by_status() -> None:
    done = evaluation({"team-size": 8, "services": unknown(), "facilitator": declined(), "on-call-pattern": "none"})
    context = done.progress[0]
    assert context.id == "context"
    assert (context.asked, context.answered, context.unknown, context.declined) == (9, 2, 1, 1)


def test_a_hidden_question_is_not_asked_unless_it_was_answered_already() -> None:
    def asked(spec: dict[str, Any]) -> int:
        return next(progress.asked for progress in evaluation(spec).progress if progress.id == "engineering")

    shown = asked({"engineering-involvement": per(6, "month")})
    assert asked({"engineering-involvement": per(0, "month")}) == shown - 1
    assert asked({"engineering-involvement": per(0, "month"), "engineering-restore-time": "6h"}) == shown


# ------------------------------------------------------------------------------------------------------ `score --json`


def test_the_json_has_the_keys_that_scripts_rely_on() -> None:
    data = to_dict(evaluation(COHERENT))
    assert (data["team"], data["date"]) == ("Payments", DAY.isoformat())
    assert data["guide"] == {"id": GUIDE.id, "version": GUIDE.version}
    assert {"overall", "sections", "metrics", "findings", "contradictions", "actions"} <= set(data)
    for section in (*data["sections"], data["overall"]):
        assert {"id", "score", "low", "high", "coverage", "reason"} <= set(section)
    for metric in data["metrics"].values():
        assert {"value", "low", "high", "unit", "basis", "definition", "answers"} <= set(metric)
    assert [section["id"] for section in data["sections"]] == ["incidents", "toil", "engineering", "observability"]
    assert data["actions"][0]["due"] == "2026-12-01"


def test_a_metric_that_cannot_be_had_is_null_beside_its_reason() -> None:
    metric = to_dict(evaluation({}))["metrics"]["toil_share"]
    assert metric["value"] is None
    assert metric["low"] is None
    assert metric["basis"] is None
    assert metric["missing"] == "unanswered"
    assert "is not answered" in metric["reason"]


def test_hostile_text_comes_through_as_it_is_for_the_page_to_escape() -> None:
    hostile = "</script><img src=x onerror=alert(1)> $x$ =cmd|' /C calc'!A0 \u202e"
    done = evaluation({"toil-tasks": [{"task": hostile, "times": per(1, "week"), "each": 5}]}, team=hostile)
    assert done.team == hostile
    assert done.toil_tasks[0].task == hostile.strip()
    assert json.loads(as_json(done))["team"] == hostile
