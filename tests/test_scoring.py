"""Scores: bands into levels without cliffs, levels into sections, and always a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.guide import Guide
from assessment_kit.results import Evaluation, Score
from tests.builders import (
    COHERENT,
    GUIDE,
    evaluation,
    guide_of,
    not_applicable,
    unknown,
)


def section(done: Evaluation, section_id: str) -> Score:
    """Return a section's score."""
    return next(score for score in done.sections if score.id == section_id)


# ------------------------------------------------------------------------------------------------ a guide by hand


def choice_question(question_id: str, weight: float = 1, **more: Any) -> dict[str, Any]:
    """Return a scored choice with the choices one … five, at levels 1 … 5."""
    names = ["one", "two", "three", "four", "five"]
    return {
        "id": question_id,
        "type": "choice",
        "key_question": f"How is {question_id}?",
        "choices": [{"id": name, "label": name, "level": level} for level, name in enumerate(names, 1)],
        "rubric": {
            "weight": weight,
            "source": {"text": "ours", "kind": "convention"},
            "finding": "low",
            "remedy": "raise it",
        },
        **more,
    }


def one_section(*questions: dict[str, Any]) -> Guide:
    """Return a guide of one section."""
    return guide_of([{"id": "only", "title": "Only", "questions": list(questions)}])


def test_a_section_is_the_weighted_mean_of_its_items() -> None:
    """2 x level 5 and 1 x level 2: (10 + 2) / 3 = 4."""
    guide = one_section(choice_question("a", 2), choice_question("b", 1))
    score = section(evaluation({"a": "five", "b": "two"}, guide=guide), "only")
    assert score.score == pytest.approx(4)
    assert score.coverage == 1
    assert score.level_name == "Managed"
    assert score.reason == (
        "2 of 2 scored answers (100 % of the weight). Lowest: “How is b?” (2.0) and “How is a?” (5.0)."
    )


def test_what_is_missing_may_be_anything_from_one_to_five() -> None:
    """2 x level 5 answered of a weight of 3: low (10 + 1) / 3, high (10 + 5) / 3; the score is what is known."""
    guide = one_section(choice_question("a", 2), choice_question("b", 1))
    score = section(evaluation({"a": "five"}, guide=guide), "only")
    assert score.coverage == pytest.approx(2 / 3)
    assert (score.low, score.score, score.high) == pytest.approx((11 / 3, 5, 5))
    assert "Missing: “How is b?”." in score.reason


def test_below_half_coverage_there_is_no_score_but_what_is_possible_is_still_shown() -> None:
    guide = one_section(choice_question("a", 1), choice_question("b", 2))
    score = section(evaluation({"a": "five", "b": unknown()}, guide=guide), "only")
    assert score.score is None
    assert score.level_name == ""
    assert (score.low, score.high) == pytest.approx((7 / 3, 5))
    assert score.coverage == pytest.approx(1 / 3)
    assert score.reason.startswith("Not enough answers: 1 of 2 scored answers (33 % of the weight)")


@pytest.mark.parametrize("weights", [(1, 1), (0.3, 0.2, 0.1), (0.3, 0.1, 0.1, 0.1), (0.7, 0.3, 0.4)])
def test_half_coverage_is_enough_whatever_the_rounding_of_the_weights(weights: Sequence[float]) -> None:
    guide = one_section(*(choice_question(f"q{number}", weight) for number, weight in enumerate(weights)))
    score = section(evaluation({"q0": "four"}, guide=guide), "only")
    assert score.score == pytest.approx(4)
    assert score.coverage == 0.5


def test_what_does_not_apply_leaves_weight_interval_and_coverage() -> None:
    guide = one_section(choice_question("a", 2), choice_question("b", 5))
    score = section(evaluation({"a": "three", "b": not_applicable()}, guide=guide), "only")
    assert (score.low, score.score, score.high, score.coverage) == (3, 3, 3, 1)
    assert (score.answered, score.applicable) == (1, 1)


def test_a_section_that_does_not_apply_at_all_has_no_score_and_says_so() -> None:
    guide = one_section(choice_question("a"))
    done = evaluation({"a": not_applicable()}, guide=guide)
    score = section(done, "only")
    assert (score.score, score.low, score.high, score.coverage) == (None, None, None, None)
    assert score.reason == "Nothing in this section applies to the team."
    assert done.overall.coverage is None


def test_own_words_have_no_level() -> None:
    guide = one_section(choice_question("a", other=True), choice_question("b"))
    score = section(evaluation({"a": "it depends", "b": "four"}, guide=guide), "only")
    assert (score.score, score.coverage) == (4, 0.5)
    assert "own words" in score.items[0].reason


def test_items_stand_in_the_order_of_the_talk() -> None:
    order = [found.id for found in section(evaluation(COHERENT), "incidents").items]
    assert order == ["incidents_per_shift", "repeat_share", "restored-in-30"]


# -------------------------------------------------------------------------------------------------------- the overall


def two_sections(weight: float = 1) -> Guide:
    """Return a guide of two sections: a, b in the first; c, d, e, f in the second."""
    return guide_of(
        [
            {"id": "first", "title": "First", "weight": weight, "questions": [choice_question(q) for q in "ab"]},
            {"id": "second", "title": "Second", "questions": [choice_question(q) for q in "cdef"]},
        ]
    )


def test_the_overall_score_is_the_mean_of_the_sections_by_weight() -> None:
    answers = {**dict.fromkeys("ab", "five"), **dict.fromkeys("cdef", "two")}
    overall = evaluation(answers, guide=two_sections(2)).overall
    assert overall.score == pytest.approx((2 * 5 + 2) / 3)
    assert overall.low == overall.high == pytest.approx(4)
    assert (overall.answered, overall.applicable, overall.coverage) == (6, 6, 1)


def test_a_section_of_which_little_was_answered_counts_for_little() -> None:
    """One answer of four in the second section, a level 1: a quarter of its weight. (5 + 0.25 x 1) / 1.25 = 4.2."""
    overall = evaluation({"a": "five", "b": "five", "c": "one"}, guide=two_sections()).overall
    assert overall.coverage == pytest.approx(0.625)
    assert overall.score == pytest.approx(4.2)
    # What the missing three quarters would make of it: everything from level 1 to level 5.
    assert (overall.low, overall.high) == pytest.approx(((5 + 1) / 2, (5 + (1 + 15) / 4) / 2))
    assert "Not enough answers for a score in “Second”." in overall.reason


def test_a_section_that_does_not_apply_leaves_the_overall_score() -> None:
    answers = {**dict.fromkeys("ab", "five"), **dict.fromkeys("cdef", not_applicable())}
    overall = evaluation(answers, guide=two_sections()).overall
    assert (overall.low, overall.score, overall.high, overall.coverage) == (5, 5, 5, 1)


def test_a_guide_that_scores_nothing_has_no_score() -> None:
    guide = one_section({"id": "a", "type": "text", "key_question": "How?"})
    done = evaluation({"a": "well"}, guide=guide)
    assert done.overall.score is None
    assert done.overall.reason == "Nothing in this guide is scored."
    assert section(done, "only").reason == "Nothing in this section is scored."


LEVELS = st.sampled_from(["one", "two", "three", "four", "five"])
OPEN = st.sampled_from([unknown(), not_applicable()])


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys("abcdef", LEVELS | OPEN)),
    st.floats(min_value=0.01, max_value=100),
    st.permutations("abcdef"),
)
def test_the_score_lies_within_what_any_completion_of_the_answers_could_give(
    answers: dict[str, Any], weight: float, order: Sequence[str]
) -> None:
    """Fill in what is missing, all at the best or all at the worst: the score then is an end of the interval before."""
    guide = two_sections(weight)
    before = evaluation(answers, guide=guide).overall
    if before.coverage is None:
        return
    for filling, end in (("one", before.low), ("five", before.high)):
        missing = {q: filling for q in order if q not in answers or answers[q] == unknown()}
        after = evaluation({**answers, **missing}, guide=guide).overall
        assert after.coverage == 1
        assert after.score == pytest.approx(end)


@given(st.fixed_dictionaries(dict.fromkeys("abcdef", LEVELS)), st.sampled_from("abcdef"))
def test_a_better_answer_never_lowers_any_score(answers: dict[str, Any], raised: str) -> None:
    guide = two_sections()
    one, other = evaluation(answers, guide=guide), evaluation({**answers, raised: "five"}, guide=guide)
    for before, after in zip((*one.sections, one.overall), (*other.sections, other.overall), strict=True):
        assert before.score is not None
        assert after.score is not None
        assert before.score <= after.score + 1e-9


@pytest.mark.parametrize(
    "level, name",
    [(1, "Reactive"), (1.94, "Reactive"), (2, "Emerging"), (3.7, "Steady"), (3.96, "Managed"), (5, "Improving")],
)
def test_a_score_has_the_name_of_the_nearest_level_and_a_half_goes_up(level: float, name: str) -> None:
    assert GUIDE.level_name(level) == name
