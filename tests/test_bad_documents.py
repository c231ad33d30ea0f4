"""What cannot be a document is refused: where, what and what to do, every reason at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assessment_kit import strict_json
from assessment_kit.check import read_checked
from assessment_kit.document import Answer, check_document, parse_document, to_json
from assessment_kit.errors import DocumentError
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


def refusal(raw: Any) -> list[str]:
    """Return the messages with which a file of this content is refused."""
    text = raw if isinstance(raw, str) else json.dumps(raw)
    with pytest.raises(DocumentError) as caught:
        parse_document(text, "payments/2026-11-24.json")
    for problem in caught.value.problems:
        assert problem.where.startswith("payments/2026-11-24.json")
        assert problem.what
        assert problem.remedy.endswith((".", "?"))
    return [str(problem).removeprefix("payments/2026-11-24.json: ") for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "the file is empty. Restore an earlier revision"),
        ("  \n ", "the file is empty. Restore"),
        (json.dumps(MINIMAL, indent=2)[:40], "line 4, column 11: the file ends too early, it seems truncated"),
        (json.dumps(MINIMAL)[:-1], "line 1, column 112: the file ends too early, it seems truncated"),
        ('{"schema": 1, "team": "Pay', "line 1, column 23: the file ends too early, it seems truncated"),
        ("Team: Payments", "line 1, column 1: not valid JSON (expecting value). Restore an earlier revision"),
        ("{'schema': 1}", "line 1, column 2: not valid JSON"),
        ("[]", "the file holds a list, not an assessment document. Name another file"),
        ("null", "the file holds null, not an assessment document"),
        ("true", "the file holds true or false, not an assessment document"),
        ("3", "the file holds a number, not an assessment document"),
        ('"text"', "the file holds a text, not an assessment document"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' appears twice in one place. Keep one of the two."),
        ('{"schema": 1, "x": {"NaN": 1, "NaN": 2}}', "the key 'NaN' appears twice in one place"),
        ('{"a": ' + "9" * 5000 + "}", "a number has thousands of digits. Shorten it"),
        (
            '{"schema": 2}',
            "schema: written by a newer version of the kit (document schema 2, this kit knows 1). Update",
        ),
        ('{"schema": 0}', "schema: 0 is below 1"),
        ('{"schema": "1"}', "schema: '1' is not a whole number"),
        ('{"schema": true}', "schema: true is not a whole number"),
        ('{"schema": 1}', "guide: is missing. Add it."),
        (json.dumps({**MINIMAL, "answers": None}), "answers: null is not an object with named fields"),
        (json.dumps({**MINIMAL, "answers": []}), "answers: [] is not an object with named fields"),
        (json.dumps({**MINIMAL, "answers": {"q": None}}), "answers.q: null is not an object with named fields"),
        (json.dumps({**MINIMAL, "answers": {"q": 3}}), "answers.q: 3 is not an object with named fields"),
        (json.dumps({**MINIMAL, "imports": {}}), "imports: {} is not a list"),
        (json.dumps({**MINIMAL, "guide": "production-support"}), "guide: 'production-support' is not an object"),
    ],
)
def test_what_is_no_document_is_refused_in_words(text: str, message: str) -> None:
    assert refusal(text)[0].startswith(message)


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2026-02-30", "24.11.2026", "2026-11-24T00:00", "2026-W48-2", "", " 2026-11-24"]
)
def test_a_date_is_a_real_day(day: str) -> None:
    assert refusal({**MINIMAL, "date": day}) == [f"date: {day!r} is not a date. Write it as 2026-11-24."]


@pytest.mark.parametrize("team", ["", "   ", "\n"])
def test_a_team_has_a_name(team: str) -> None:
    assert refusal({**MINIMAL, "team": team})[0].startswith("team: the team has no name.")


@pytest.mark.parametrize(
    "number, said", [("NaN", "NaN"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity"), ("1e999", "Infinity")]
)
def test_what_is_not_a_number_is_refused_where_it_stands(number: str, said: str) -> None:
    text = json.dumps(with_answers(team_size={"value": 1}, x={"note": "NaN is fine here", "value": [{"a": 0.5}]}))
    text = text.replace('"value": 1', f'"value": {number}').replace("0.5", number)
    assert refusal(text) == [
        f"{where}: {said} is not a number that can be used. Enter a number, or set the status to unknown."
        for where in ("answers.team-size.value", "answers.x.value[1].a")
    ]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_is_not_written_either(number: float) -> None:
    document = parse_document(json.dumps(MINIMAL))
    document.answers = {"team-size": Answer(value=number), "toil-tasks": Answer(value=[{"people": number}])}
    with pytest.raises(DocumentError) as caught:
        to_json(document, name="payments/2026-11-24.json")
    assert [problem.where for problem in caught.value.problems] == [
        "payments/2026-11-24.json: answers.team-size.value",
        "payments/2026-11-24.json: answers.toil-tasks.value[1].people",
    ]


def test_half_a_character_is_refused_because_no_page_could_show_it() -> None:
    whole = r'"\ud83d\udd25"'
    assert parse_document(json.dumps(MINIMAL).replace('"Payments"', whole)).team == "🔥"
    half = json.dumps(with_answers(agreements={"note": "half"})).replace("half", r"it is \ud83d")
    assert refusal(half) == [
        "answers.agreements.note: the text holds half a character (position 7). Type that character again."
    ]
    assert refusal(half.replace("agreements", r"\uDD25"))[0].startswith(
        r"answers: the key '\udd25' holds half a character"
    )


@pytest.mark.parametrize("kind", ["list", "object", "answer"])
@pytest.mark.parametrize("depth", [60, 300, 900, 100_000])
def test_endless_nesting_is_refused_at_any_depth(kind: str, depth: int) -> None:
    opening, closing = {"list": ("[", "]"), "object": ('{"a":', "}"), "answer": ('{"said":', "}")}[kind]
    inner = "{}" if kind == "answer" else "1"
    text = json.dumps(with_answers(x={"said" if kind == "answer" else "value": 0}))
    deep = text.replace(": 0}", ": " + opening * depth + inner + closing * depth + "}")
    assert refusal(deep)[0].startswith("nested more than 40 deep, which no document is.")


def test_ten_megabytes_of_brackets_are_refused() -> None:
    assert refusal("[" * 10_000_000)[0].startswith("nested more than 40 deep")


@pytest.mark.parametrize("depth", [60, 300])
def test_endless_nesting_is_not_written_either(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    document = parse_document(json.dumps(MINIMAL))
    document.answers = {"x": Answer(value=value)}
    with pytest.raises(DocumentError):
        to_json(document)


def test_what_is_as_deep_as_a_document_can_be_is_fine() -> None:
    value: Any = 1
    for _ in range(strict_json.MAX_DEPTH - 3):  # the document, its answers and the answer are three
        value = [value]
    document = parse_document(json.dumps(with_answers(x={"value": value})))
    assert parse_document(to_json(document)) == document


def test_all_problems_of_a_file_come_at_once_and_in_its_order() -> None:
    raw = {
        "schema": 1,
        "guide": {"id": "g"},
        "team": 7,
        "date": "tomorrow",
        "answers": {
            "team-size": {"status": "maybe", "basis": "sure", "n": 1.5, "follow_up": "yes", "note": ["x"]},
            "agreements": {"said": {"status": 3}, "period": "May"},
        },
        "imports": [{"rows_read": "many"}],
    }
    assert [line.split(": ")[0] for line in refusal(raw)] == [
        "guide.version",
        "team",
        "date",
        "answers.team-size.status",
        "answers.team-size.n",
        "answers.team-size.basis",
        "answers.team-size.note",
        "answers.team-size.follow_up",
        "answers.agreements.period",
        "answers.agreements.said.status",
        "imports.[1].source",
        "imports.[1].rows_read",
    ]


def test_a_hostile_key_cannot_fill_the_screen_or_forge_a_message() -> None:
    key = "x\nforged.json: all is well. " + "y" * 1_000_000
    (problem, *_) = refusal({**MINIMAL, "answers": {key: {"status": "maybe"}}})
    assert "\n" not in problem
    assert len(problem) < 300
    found = check_document(parse_document(json.dumps({**MINIMAL, "answers": {key: {"status": "unknown"}}})), GUIDE)
    assert len(str(found[0])) < 400
    assert "\n" not in str(found[0])


def test_a_fault_in_one_place_hides_none_in_another(tmp_path: Path) -> None:
    raw = {
        "schema": 1,
        "guide": {"id": GUIDE.id},
        "team": "Payments",
        "date": "yesterday",
        "answers": {
            "team-size": {"value": -1, "basis": "hearsay"},
            "incident-volume": 5,
            "repeat-share": {"value": 140},
            "toil-tasks": {"value": [{"task": "Restart", "each": "x"}]},
        },
        "imports": [{"rows_read": "many"}],
    }
    path = tmp_path / "payments" / "2026-11-24.json"
    path.parent.mkdir()
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_checked(path, GUIDE)
    places = {problem.where.removeprefix("payments/2026-11-24.json: ") for problem in caught.value.problems}
    assert places == {
        "guide.version",
        "date",
        "answers.team-size.basis",
        "answers.team-size.value",
        "answers.incident-volume",
        "answers.repeat-share.value",
        "answers.toil-tasks.value[1].each",
        "imports.[1].source",
        "imports.[1].rows_read",
    }
