"""A document comes back as it was written, whatever is in it, and every problem of its answers is named."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.document import (
    Answer,
    Document,
    GuideReference,
    ImportRecord,
    Period,
    check_document,
    new_document,
    parse_document,
    to_json,
)
from assessment_kit.errors import Problem
from assessment_kit.guide_file import load_guide

GUIDE = load_guide()
MINIMAL = {
    "schema": 1,
    "guide": {"id": "production-support", "version": "1.0"},
    "team": "Payments",
    "date": "2026-11-24",
}


def with_answers(**answers: Any) -> dict[str, Any]:
    return {**MINIMAL, "answers": {name.replace("_", "-"): answer for name, answer in answers.items()}}


# ---------------------------------------------------------------------------------------------------- what comes back

TEXTS = st.text(max_size=40)
SCALARS = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
#: Keys that a newer version may have written.
UNKNOWN = st.dictionaries(TEXTS.map(lambda text: f"x-{text}"), JSON, max_size=2)
ISO_DATES = st.dates().map(date.isoformat)


@st.composite
def answers(draw: st.DrawFn, depth: int = 0) -> Answer:
    said = draw(st.none() | answers(depth=depth + 1)) if depth < 2 else None
    return Answer(
        status=draw(st.sampled_from(["answered", "unknown", "not_applicable", "declined"])),
        **{name: draw(JSON) for name in ("value", "low", "high", "median", "worst")},
        n=draw(st.none() | st.integers()),
        basis=draw(st.sampled_from([None, "measured", "estimated", "guess"])),
        **{name: draw(st.none() | TEXTS) for name in ("source", "definition", "note", "reason")},
        period=draw(st.none() | st.builds(Period, start=st.none() | TEXTS, end=st.none() | TEXTS)),
        follow_up=draw(st.none() | st.booleans()),
        said=said,
        **draw(UNKNOWN),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    record = st.builds(
        ImportRecord,
        source=TEXTS,
        rows_read=st.integers(),
        left_out=st.dictionaries(TEXTS, st.integers(), max_size=2),
        warnings=st.lists(TEXTS, max_size=2),
        weekly=st.lists(st.dictionaries(TEXTS, JSON, max_size=2), max_size=2),
        weekly_by_type=st.lists(st.dictionaries(TEXTS, JSON, max_size=2), max_size=2),
        hours_of_week=st.lists(st.lists(st.integers(), max_size=2), max_size=2),
        measures=st.dictionaries(TEXTS, st.dictionaries(TEXTS, JSON, max_size=2), max_size=2),
    )
    return Document(
        schema=1,
        guide=GuideReference(id=draw(TEXTS), version=draw(TEXTS), **draw(UNKNOWN)),
        team=draw(TEXTS.filter(str.strip)),
        date=draw(ISO_DATES),
        answers=draw(st.dictionaries(TEXTS, answers(), max_size=3)),
        imports=draw(st.lists(record, max_size=2)),
        **draw(UNKNOWN),
    )


@settings(deadline=None)
@given(documents())
def test_any_document_comes_back_equal(document: Document) -> None:
    text = to_json(document)
    again = parse_document(text)
    assert again == document
    assert to_json(again) == text, "and a second save changes nothing"
    assert text.encode().decode() == text, "and it can be stored as UTF-8"


@settings(deadline=None)
@given(documents(), st.lists(TEXTS, max_size=4, unique=True))
def test_the_order_of_questions_changes_the_order_and_nothing_else(document: Document, order: list[str]) -> None:
    ordered = parse_document(to_json(document, order))
    assert ordered == document
    known = [name for name in order if name in document.answers]
    assert list(ordered.answers) == known + [name for name in document.answers if name not in known]


@pytest.mark.parametrize("field", ["note", "source", "definition", "reason", "value"])
def test_a_hundred_thousand_hostile_characters_come_back_exactly(field: str) -> None:
    piece = "$x^2$ </script><script>alert('x')</script> {{ 7*7 }} \\ \" ' =cmd|'/c calc' "
    piece += "🔥👩‍👩‍👧 شكرا \u202e\u2028\x00\x1b[31m\r\n\t"
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    document = new_document("Team", date(2026, 11, 24), GUIDE)
    document.answers = {"agreements": Answer(**{"value": "x", field: text})}

    again = parse_document(to_json(document))
    assert getattr(again.answers["agreements"], field) == text
    assert again == document
    assert check_document(again, GUIDE) == []


def test_unknown_keys_stay_where_they_are_whatever_is_in_them() -> None:
    new: dict[str, Any] = {"x": None, "y": [], "z": {}, "deep": [None, {"a": None, "b": [{}]}], "on": False, "text": ""}
    raw = {
        **MINIMAL,
        "guide": {**MINIMAL["guide"], "new": copy.deepcopy(new)},  # type: ignore[dict-item]
        "answers": {
            "toil-tasks": {
                "status": "answered",
                "value": [{"task": "restart", "colour": None, "new": copy.deepcopy(new)}],
                "period": {"start": "2026-01-01", "new": copy.deepcopy(new)},
                "said": {"status": "unknown", "new": copy.deepcopy(new)},
                "new": copy.deepcopy(new),
            },
        },
        "imports": [
            {
                "source": "tickets.csv",
                "sha256": "",
                "format": "",
                "rows_read": 2,
                "rows_used": 1,
                "incidents": 1,
                "weekly": [{"week": "2026-01-05", "new": copy.deepcopy(new)}],
                "measures": {"volume": {"value": 1.5, "new": copy.deepcopy(new)}},
                "new": copy.deepcopy(new),
            }
        ],
        # Names that mean something to the program are only keys here.
        "new": copy.deepcopy(new),
        "model_config": 1,
        "model_dump": None,
        "answer": "x",
        "day": 0,
        "schema_version": None,
    }
    assert json.loads(to_json(parse_document(json.dumps(raw)))) == raw


def test_the_file_is_for_people_too() -> None:
    document = new_document("Zahlungsverkehr/€ & Co", date(2026, 11, 24), GUIDE)
    document.answers = {"incident-volume": Answer(value={"amount": 21, "per": "week"}, low=0, follow_up=False, note="")}
    assert to_json(document) == (
        "{\n"
        '  "schema": 1,\n'
        '  "guide": {\n    "id": "production-support",\n    "version": "1.0"\n  },\n'
        '  "team": "Zahlungsverkehr/€ & Co",\n'
        '  "date": "2026-11-24",\n'
        '  "answers": {\n'
        '    "incident-volume": {\n'
        '      "status": "answered",\n'
        '      "value": {\n        "amount": 21,\n        "per": "week"\n      },\n'
        '      "low": 0,\n'
        '      "note": "",\n'
        '      "follow_up": false\n'
        "    }\n"
        "  }\n"
        "}\n"
    )


# ----------------------------------------------------------------------------------- a document's answers and its guide


def problems(**answers: Any) -> list[Problem]:
    return check_document(parse_document(json.dumps(with_answers(**answers))), GUIDE)


def messages(**answers: Any) -> list[str]:
    return [str(problem) for problem in problems(**answers)]


def test_an_unknown_question_is_named_with_what_to_do() -> None:
    (message,) = messages(incident_volumes={"status": "unknown"})
    assert message.startswith("answers.incident-volumes: the guide 'production-support' has no such question. ")
    assert "--guide" in message


def test_another_guide_is_said_to_be_another_guide() -> None:
    document = parse_document(json.dumps({**MINIMAL, "guide": {"id": "ours", "version": "2"}}))
    (problem,) = check_document(document, GUIDE, "payments/2026-11-24.json")
    assert problem.where == "payments/2026-11-24.json: guide.id"
    assert "'ours', not 'production-support'" in problem.what


def test_a_negative_count_names_the_figure_and_the_bound() -> None:
    (message,) = messages(incident_volume={"value": {"amount": -4, "per": "week"}})
    assert message.startswith("answers.incident-volume.value.amount: -4 is below 0. Enter 0 or more")


def test_no_number_of_the_built_in_guide_may_be_negative() -> None:
    for question in GUIDE.questions.values():
        sample = {"rate": {"amount": -4, "per": "week"}, "number": -4, "percent": -4, "duration": -4}.get(question.type)
        if sample is not None:
            assert problems(**{question.id: {"value": sample}}), question.id
        for column in question.columns:
            cell = {"rate": {"amount": -4, "per": "week"}, "number": -4, "percent": -4, "duration": -4}.get(column.type)
            if cell is not None:
                where = [problem.where for problem in problems(**{question.id: {"value": [{column.id: cell}]}})]
                assert any(f"[1].{column.id}" in place for place in where), (question.id, column.id)


def test_low_likely_and_high_are_in_order() -> None:
    answer = {"value": {"amount": 21, "per": "week"}, "low": 30, "high": 15}
    assert messages(incident_volume=answer) == [
        "answers.incident-volume.low: low (30) is above the likely value (21 per week). Exchange them, or correct one.",
        "answers.incident-volume.high: high (15) is below the likely value (21 per week). "
        "Exchange them, or correct one.",
    ]
    assert messages(incident_volume={**answer, "low": 21, "high": 21}) == []
    assert messages(time_to_restore={"value": "1h", "low": "90 min", "worst": "later", "median": True}) != []


def test_a_spread_of_what_is_no_number_is_refused() -> None:
    (message,) = messages(agreements={"value": "x", "low": 1, "high": 2})
    assert message.startswith("answers.agreements: low and high given for a text question.")


@pytest.mark.parametrize("status", ["unknown", "declined"])
def test_without_a_value_only_a_status_is_needed(status: str) -> None:
    assert messages(team_size={"status": status}) == []


def test_answered_needs_a_value_and_not_applicable_a_reason() -> None:
    assert messages(team_size={"status": "answered"})[0].startswith(
        "answers.team-size.value: the status is answered, but there is no value. Enter a value, or set the status"
    )
    assert messages(team_size={"status": "not_applicable", "reason": "  "})[0].startswith(
        "answers.team-size.reason: not applicable without a reason."
    )
    assert messages(team_size={"status": "not_applicable", "reason": "No team."}) == []


def test_a_measured_answers_count_and_period_are_checked() -> None:
    found = messages(team_size={"value": 6, "n": -1, "period": {"start": "May", "end": "2026-05-31"}})
    assert found == [
        "answers.team-size.n: -1 is below 0. Enter how many cases were counted, 0 or more.",
        "answers.team-size.period.start: 'May' is not a date. Write it as 2026-11-24.",
    ]


def test_what_the_team_said_before_a_measurement_is_checked_too() -> None:
    (message,) = messages(team_size={"value": 6, "said": {"value": "six"}})
    assert message.startswith("answers.team-size.said.value: 'six' is not a number.")


@pytest.mark.parametrize("field", ["note", "value", "source", "definition", "reason"])
def test_ten_megabytes_of_text_are_named_and_not_shown(field: str) -> None:
    answer = {"value": "x", field: "n" * 10_000_000}
    (message,) = messages(agreements=answer)
    assert message.startswith(f"answers.agreements.{field}: the text has 10,000,000 characters. Shorten it to 200,000")
    assert len(message) < 300


def test_a_contradiction_is_not_an_error() -> None:
    assert (
        messages(
            incident_volume={"value": {"amount": 5, "per": "week"}},
            p1_p2_volume={"value": {"amount": 9, "per": "week"}},
        )
        == []
    )
