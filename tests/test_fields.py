"""A guide's section becomes JSON for the browser, and an answer's problems become sentences."""

from __future__ import annotations

import json

import pytest

from assessment_kit.document import Answer
from assessment_kit.fields import needed_elsewhere, problem_texts, section_json
from assessment_kit.guide import Guide
from assessment_kit.guide_file import load_guide, parse_guide

BUILT_IN = load_guide()


def guide(*questions: str) -> Guide:
    head = """
schema: 1
id: small
version: "1"
title: Small
levels: [{level: 1, name: a}, {level: 2, name: b}, {level: 3, name: c}, {level: 4, name: d}, {level: 5, name: e}]
certainty:
  relative: {measured: 0, estimated: 0.25, guess: 0.5}
  levels: {measured: 0, estimated: 0.5, guess: 1}
  source: {text: ours, kind: convention}
sections:
  - id: first
    title: First
    questions:
      - {id: early, type: number, key_question: "Early?"}
      - {id: middle, type: number, key_question: "Middle?", relevant: {question: early, above: 0}}
  - id: second
    title: Second
    questions:
"""
    return parse_guide(head + "\n".join(f"      - {question}" for question in questions))


@pytest.mark.parametrize("section", BUILT_IN.sections, ids=lambda section: section.id)
def test_every_section_of_the_guide_survives_json(section) -> None:  # type: ignore[no-untyped-def]
    found = section_json(BUILT_IN, section)
    assert json.loads(json.dumps(found)) == found
    assert [question["id"] for question in found["questions"]] == [question.id for question in section.questions]
    assert [question["label"] for question in found["questions"]] == [question.text for question in section.questions]


def test_a_question_added_to_a_guide_needs_no_code() -> None:
    small = guide("{id: new, type: rate, key_question: 'New?', unit: things, constraint: {max: 9}, hint: A hint.}")
    (new,) = section_json(small, small.sections[1])["questions"]
    assert new["label"] == "New?"
    assert new["unit"] == "things"
    assert new["per"] == "month", "a rate without a period of its own starts with a month"
    assert new["constraint"] == {"max": 9.0}, "what is not bounded is not mentioned"


def test_the_levels_of_choices_stay_out_of_the_browser() -> None:
    text = json.dumps([section_json(BUILT_IN, section) for section in BUILT_IN.sections])
    assert '"level"' not in text


def test_rules_come_with_the_questions_they_look_back_to_also_across_sections() -> None:
    small = guide("{id: late, type: text, key_question: 'Late?', relevant: {question: middle, above: 3}}")
    second = small.sections[1]
    assert needed_elsewhere(small, second) == ["early", "middle"]
    assert section_json(small, second)["rules"] == {
        "early": {"type": "number"},
        "middle": {"type": "number", "relevant": {"question": "early", "above": 0.0}},
        "late": {"type": "text", "relevant": {"question": "middle", "above": 3.0}},
    }
    assert needed_elsewhere(small, small.sections[0]) == []


def test_a_rule_of_nothing_answered_keeps_its_false() -> None:
    small = guide("{id: late, type: text, key_question: 'Late?', relevant: {question: early, answered: false}}")
    assert section_json(small, small.sections[1])["rules"]["late"]["relevant"] == {
        "question": "early",
        "answered": False,
    }


@pytest.mark.parametrize(
    "question_id, answer, expected",
    [
        ("team-size", Answer(value="many"), ["'many' is not a number. Enter a number, for example 12."]),
        ("team-size", Answer(value=0), ["0 is below 1. Enter 1 or more (people)."]),
        (
            "team-size",
            Answer(value=6, low=7),
            ["Low: low (7) is above the likely value (6). Exchange them, or correct one."],
        ),
        (
            "team-size",
            Answer(status="not_applicable"),
            ["Not applicable without a reason. Say in one sentence why it does not apply."],
        ),
        ("team-size", Answer(value=6), []),
        ("team-size", None, []),
        (
            "toil-tasks",
            Answer(value=[{"task": "a"}, {"times": {"amount": "x", "per": "week"}}]),
            [
                "Row 2, How often: 'x' is not a number. Enter a number, for example 21.",
                "Row 2, Task: the cell is empty. Enter task.",
            ],
        ),
    ],
)
def test_problems_are_sentences_to_stand_beside_the_field(
    question_id: str, answer: Answer | None, expected: list[str]
) -> None:
    assert problem_texts(BUILT_IN.questions[question_id], answer) == expected


def test_a_note_before_the_answer_is_unfinished_rather_than_wrong() -> None:
    assert problem_texts(BUILT_IN.questions["team-size"], Answer(note="ask Dana", follow_up=True)) == []
