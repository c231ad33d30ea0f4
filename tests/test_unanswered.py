"""Unanswered, unknown and not applicable are three things, and none of them is zero."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.results import Evaluation, Score
from tests.builders import COHERENT, GUIDE, declined, evaluation, not_applicable, unknown, without
from tests.random_documents import answers, whole_documents


def scores(evaluation: Evaluation) -> tuple[Score, ...]:
    """Return the sections' scores and the overall one."""
    return (*evaluation.sections, evaluation.overall)


def never_surer(before: Score, after: Score) -> None:
    """Assert that the interval did not get narrower at either end and that the coverage did not rise."""
    if before.coverage is None:
        return
    assert after.low is not None
    assert after.high is not None
    assert after.coverage is not None
    assert after.low <= before.low + 1e-9  # type: ignore[operator]
    assert after.high >= before.high - 1e-9  # type: ignore[operator]
    assert after.coverage <= before.coverage + 1e-9


@whole_documents
@given(answers(nonsense=False), st.data())
def test_removing_an_answer_never_makes_a_score_surer(spec: dict[str, Any], data: st.DataObject) -> None:
    if not spec:
        return
    removed = data.draw(st.sampled_from(sorted(spec)))
    one, other = evaluation(spec), evaluation(without(spec, removed))
    for before, after in zip(scores(one), scores(other), strict=True):
        never_surer(before, after)


@pytest.mark.parametrize("removed", sorted(COHERENT))
def test_removing_any_one_answer_of_a_full_document_never_makes_anything_surer(removed: str) -> None:
    one, other = evaluation(COHERENT), evaluation(without(COHERENT, removed))
    for before, after in zip(scores(one), scores(other), strict=True):
        never_surer(before, after)
    for metric_id, metric in other.metrics.items():
        earlier = one.metrics[metric_id].estimate
        if metric.estimate is None or metric_id == "repeat_hours_per_month":  # the latter then comes from the share
            continue
        assert earlier is not None
        assert metric.estimate.low <= earlier.low
        assert metric.estimate.high >= earlier.high


SCORED = [item.id for section in evaluation(COHERENT).sections for item in section.items if item.id in GUIDE.questions]


@pytest.mark.parametrize("question", SCORED)
def test_a_missing_scored_answer_lowers_the_coverage_and_leaves_anything_possible(question: str) -> None:
    one, other = evaluation(COHERENT), evaluation(without(COHERENT, question))
    section = GUIDE.section_of[question]
    before, after = (next(s for s in done.sections if s.id == section) for done in (one, other))
    assert before.coverage == 1
    assert after.coverage is not None
    assert after.coverage < 1
    item = next(item for item in after.items if item.id == question)
    assert (item.level, item.low, item.high) == (None, 1, 5)
    assert f"“{item.label}”" in after.reason


@whole_documents
@given(answers(nonsense=False), st.data())
def test_we_do_not_know_counts_as_unanswered_and_so_does_declined(spec: dict[str, Any], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(sorted(GUIDE.questions)))
    unanswered = evaluation(without(spec, chosen))
    for status in (unknown(), declined()):
        done = evaluation({**spec, chosen: status})
        for one, other in zip(scores(unanswered), scores(done), strict=True):
            assert (one.score, one.low, one.high, one.coverage) == (other.score, other.low, other.high, other.coverage)
        for metric_id, metric in done.metrics.items():
            assert metric.estimate == unanswered.metrics[metric_id].estimate


@pytest.mark.parametrize("question", SCORED)
def test_what_does_not_apply_leaves_the_score_entirely(question: str) -> None:
    section = GUIDE.section_of[question]
    done = evaluation({**COHERENT, question: not_applicable("we have none")})
    score = next(score for score in done.sections if score.id == section)
    whole = next(score for score in evaluation(COHERENT).sections if score.id == section)
    left = [item for item in whole.items if item.id != question]
    assert score.applicable == len(left)
    assert score.coverage == 1
    expected = sum(item.weight * (item.level or 0) for item in left) / sum(item.weight for item in left)
    assert score.score == pytest.approx(expected)
    item = next(item for item in score.items if item.id == question)
    assert not item.applies
    assert "we have none" in item.reason


def test_an_answer_that_cannot_be_used_counts_as_missing_and_is_named() -> None:
    done = evaluation({**COHERENT, "repeat-share": -4})
    incidents = next(score for score in done.sections if score.id == "incidents")
    assert incidents.coverage is not None
    assert incidents.coverage < 1
    assert any("answers.repeat-share.value" in warning and "-4 is below 0" in warning for warning in done.warnings)


def test_a_fact_without_a_basis_is_as_sure_as_a_count() -> None:
    # Twelve people are twelve people: nobody means nine to fifteen by it.
    capacity = evaluation({"team-size": {"status": "answered", "value": 12}, "hours-per-person": 130}).metrics[
        "capacity_hours_per_month"
    ]
    assert capacity.estimate is not None
    assert (capacity.estimate.low, capacity.estimate.high, capacity.estimate.basis) == (1560, 1560, "measured")
