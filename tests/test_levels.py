"""Bands into levels: on straight lines, without cliffs, and the same for every rubric of the guide."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.results import Evaluation, ScoredItem
from assessment_kit.scoring import level_of
from tests.builders import COHERENT, GUIDE, evaluation, metric_rubrics, per, said, scored_questions

RISING, FALLING = (30, 50, 70, 80, 95), (85, 70, 50, 33, 20)

#: Every set of bands of the built-in guide, by what it scores.
BANDS: dict[str, tuple[float, ...]] = {
    **{rubric.metric: rubric.bands for rubric in metric_rubrics() if rubric.bands},
    **{q.id: q.rubric.bands for q in scored_questions() if q.rubric is not None and q.rubric.bands},
}


def item(done: Evaluation, item_id: str) -> ScoredItem:
    """Return one scored question or metric."""
    return next(item for score in done.sections for item in score.items if item.id == item_id)


# ------------------------------------------------------------------------------------------------- bands into levels


@pytest.mark.parametrize("bands", [RISING, FALLING])
def test_each_band_edge_is_the_value_at_its_level(bands: tuple[float, ...]) -> None:
    assert [level_of(edge, bands) for edge in bands] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "value, bands, level",
    [
        (40, RISING, 1.5),  # half of the way from 30 to 50
        (75, RISING, 3.5),
        (87.5, RISING, 4.5),
        (0, RISING, 1),
        (100, RISING, 5),
        (60, FALLING, 2.5),
        (26.5, FALLING, 4.5),
        (100, FALLING, 1),
        (0, FALLING, 5),
    ],
)
def test_between_two_edges_the_level_follows_a_straight_line(
    value: float, bands: tuple[float, ...], level: float
) -> None:
    assert level_of(value, bands) == pytest.approx(level)


@pytest.mark.parametrize("name", sorted(BANDS))
@given(st.floats(min_value=-10, max_value=200), st.floats(min_value=-10, max_value=200))
def test_a_better_value_never_has_a_lower_level(name: str, one: float, other: float) -> None:
    bands = BANDS[name]
    worse, better = sorted((one, other), reverse=bands[0] > bands[-1])
    assert 1 <= level_of(worse, bands) <= level_of(better, bands) <= 5


@pytest.mark.parametrize("name", sorted(BANDS))
@given(st.floats(min_value=-10, max_value=200), st.floats(min_value=0, max_value=1))
def test_a_small_step_of_the_value_is_a_small_step_of_the_level(name: str, value: float, step: float) -> None:
    """No cliffs: the level moves at most as fast as on the steepest of the four lines."""
    bands = BANDS[name]
    steepest = 1 / min(abs(right - left) for left, right in pairwise(bands))
    assert abs(level_of(value + step, bands) - level_of(value, bands)) <= step * steepest + 1e-9


# -------------------------------------------------------------------------------------------- from an answer to a level

Answers = dict[str, Any]

#: For each scored metric, the answers that make it a given number.
ANSWERS_FOR: dict[str, Callable[[float], Answers]] = {
    "repeat_share": lambda value: {"repeat-share": value},
    "firefighting_share": lambda value: {"firefighting-share": value},
    "alert_actionable_share": lambda value: {"actionable-alerts": value},
    "incidents_per_shift": lambda value: {"incident-volume": per(value, "shift")},
    "escalation_share": lambda value: {
        "incident-volume": per(100, "month"),
        "escalations-sre": per(value, "month"),
    },
    "toil_share": lambda value: {
        "team-size": 1,
        "hours-per-person": 100,
        "toil-tasks": [{"task": "all of it", "times": per(value, "month"), "each": "60 min"}],
    },
    **{question.id: lambda value, qid=question.id: {qid: value} for question in scored_questions()},  # type: ignore[misc]
}


def test_every_rubric_of_the_guide_is_covered_by_these_tests() -> None:
    assert {rubric.metric for rubric in metric_rubrics()} <= set(ANSWERS_FOR)
    assert set(BANDS) <= set(ANSWERS_FOR)


@pytest.mark.parametrize("name", sorted(BANDS))
@given(st.floats(min_value=0, max_value=100), st.floats(min_value=0, max_value=100))
def test_a_better_answer_never_has_a_lower_level_nor_a_lower_interval(name: str, one: float, other: float) -> None:
    worse, better = sorted((one, other), reverse=BANDS[name][0] > BANDS[name][-1])
    low, high = (item(evaluation(ANSWERS_FOR[name](value)), name) for value in (worse, better))
    assert low.level is not None
    assert high.level is not None
    # Converting units there and back may cost a last digit.
    assert low.level <= high.level + 1e-9
    assert low.low <= high.low + 1e-9
    assert low.high <= high.high + 1e-9


@pytest.mark.parametrize("name", sorted(BANDS))
def test_the_answer_at_a_band_edge_has_its_level_and_the_reason_says_so(name: str) -> None:
    for level, edge in enumerate(BANDS[name], 1):
        found = item(evaluation(ANSWERS_FOR[name](edge)), name)
        assert found.level == pytest.approx(level)
        assert f"level {level}" in found.reason


@pytest.mark.parametrize("question", [q.id for q in scored_questions() if q.type == "choice"])
def test_a_choice_has_the_level_written_beside_it_and_its_anchor_as_the_reason(question: str) -> None:
    for choice in GUIDE.questions[question].choices:
        found = item(evaluation({question: choice.id}), question)
        assert found.level == found.low == found.high == choice.level
        assert choice.anchor in found.reason
        assert found.value == choice.label


@pytest.mark.parametrize(
    "choice, basis, low, high",
    [
        ("usable", "measured", 3, 3),
        ("usable", "estimated", 2.5, 3.5),
        ("usable", "guess", 2, 4),
        ("absent", "guess", 1, 2),  # never below level 1
        ("clear-with-scripts", "estimated", 4.5, 5),  # never above level 5
    ],
)
def test_a_chosen_level_is_as_wide_as_its_basis_is_weak(choice: str, basis: str, low: float, high: float) -> None:
    found = item(evaluation({"runbooks": said(choice, basis)}), "runbooks")
    assert (found.low, found.high) == (low, high)


def test_the_interval_of_a_number_becomes_the_interval_of_its_level() -> None:
    """Firefighting 55 % (40 to 70): bands 85, 70, 50, 33, 20."""
    found = item(evaluation({"firefighting-share": said(55, low=40, high=70)}), "firefighting_share")
    assert found.level == pytest.approx(2.75)
    assert found.low == pytest.approx(2)
    assert found.high == pytest.approx(3 + 10 / 17)
    assert found.reason == "55 %: between level 2 (70 %) and level 3 (50 %)"


def test_every_item_says_where_its_bands_come_from() -> None:
    for score in evaluation(COHERENT).sections:
        for found in score.items:
            assert found.source
            assert found.source_kind in ("published", "company", "convention")


def test_rubrics_of_the_guide_rise_or_fall_throughout() -> None:
    for name, bands in BANDS.items():
        steps = {right > left for left, right in pairwise(bands)}
        assert len(steps) == 1, name
