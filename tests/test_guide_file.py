"""A guide that somebody edited by hand is read safely, and everything that is wrong with it is said at once."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessment_kit import guide_file
from assessment_kit.errors import GuideError, StorageError
from assessment_kit.guide_file import load_guide, parse_guide

SOURCE = {"text": "ours", "kind": "convention"}
GOOD: dict[str, Any] = {
    "schema": 1,
    "id": "ours",
    "version": "1.0",
    "title": "Our guide",
    "levels": [{"level": level, "name": f"Level {level}"} for level in range(1, 6)],
    "certainty": {
        "relative": {"measured": 0, "estimated": 0.25, "guess": 0.5},
        "levels": {"measured": 0, "estimated": 0.5, "guess": 1},
        "source": SOURCE,
    },
    "sections": [
        {
            "id": "incidents",
            "title": "Incidents",
            "questions": [
                {"id": "volume", "type": "rate", "per": "week", "key_question": "How many?"},
                {
                    "id": "repeat-share",
                    "type": "percent",
                    "key_question": "How many repeat?",
                    "relevant": {"question": "volume", "above": 0},
                    "rubric": {
                        "bands": [60, 45, 30, 20, 10],
                        "source": SOURCE,
                        "finding": "Many repeat",
                        "remedy": "Fix causes",
                    },
                },
                {
                    "id": "clear",
                    "type": "choice",
                    "key_question": "Is it clear?",
                    "choices": [{"id": "no", "label": "No", "level": 1}, {"id": "yes", "label": "Yes", "level": 5}],
                    "rubric": {"source": SOURCE, "finding": "Unclear", "remedy": "Write it down"},
                },
                {
                    "id": "tasks",
                    "type": "table",
                    "key_question": "Which tasks?",
                    "columns": [
                        {"id": "task", "label": "Task", "type": "text", "required": True},
                        {"id": "fix", "label": "Fix", "type": "choice", "choices": [{"id": "yes", "label": "Yes"}]},
                    ],
                },
            ],
            "rubrics": [
                {
                    "metric": "toil_share",
                    "bands": [80, 65, 50, 40, 30],
                    "source": SOURCE,
                    "finding": "Much toil",
                    "remedy": "Automate",
                }
            ],
        }
    ],
}


def changed(*changes: Callable[[dict[str, Any]], object]) -> str:
    """Return the good guide with changes, as YAML."""
    raw = copy.deepcopy(GOOD)
    for change in changes:
        change(raw)

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return yaml.dump(raw, Dumper=Plain, sort_keys=False)


def question(raw: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = raw["sections"][0]["questions"][number]
    return found


def refusal(text: str) -> list[str]:
    """Return the messages with which a guide is refused; each says where, what and what to do."""
    with pytest.raises(GuideError) as caught:
        parse_guide(text, "ours.yaml")
    for problem in caught.value.problems:
        assert problem.where.startswith("ours.yaml: ")
        assert problem.remedy.endswith((".", "?"))
    return [str(problem).removeprefix("ours.yaml: ") for problem in caught.value.problems]


def test_a_good_guide_is_read() -> None:
    guide = parse_guide(changed(), "ours.yaml")
    assert list(guide.questions) == ["volume", "repeat-share", "clear", "tasks"]
    assert guide.section_of["clear"] == "incidents"


def test_the_built_in_guide_is_good() -> None:
    assert load_guide().id == "production-support"
    assert load_guide("") == load_guide(None)


# ------------------------------------------------------------------------------------------------------- hostile files


def test_a_yaml_bomb_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    started = time.perf_counter()
    (found,) = refusal("\n".join(lines))
    assert found.startswith("line 2: aliases (*name) are not used in guides. Write the part out")
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "the file: not a guide. Start from a copy of the built-in guide."),
        ("# nothing", "the file: not a guide."),
        ("- a\n- b", "the file: not a guide."),
        ("just text", "the file: not a guide."),
        ("a: &a [*a]", "line 1: aliases (*name) are not used in guides."),
        ("id: ours\nid: theirs", "line 2: the key 'id' appears twice in one place. Keep one of the two."),
        ("sections:\n  - id: a\n    id: b", "line 3: the key 'id' appears twice in one place."),
        ("title: 'open", "line 1: not valid YAML"),
        ("a:\n\t- b", "line 2: not valid YAML"),
        ("a: b: c", "line 1: not valid YAML"),
        ("a: 1\n---\nb: 2", "line 2: not valid YAML"),
        ("a: \x00", "the file: not valid YAML"),
        ("? [a, b]\n: c", "line 1: not valid YAML"),
        ("[" * 100_000, "line 1: nested more than 30 deep. Check the indentation."),
        ("a: " + "{a: " * 5_000, "line 1: nested more than 30 deep."),
        ("- " * 5_000 + "x", "line 1: nested more than 30 deep."),
        ("id: !!python/object/apply:os.system [ls]", "line 1: tags (!name) are not used in guides."),
        ("id: !!int abc", "line 1: tags (!name) are not used in guides. Remove it; put text in quotes instead."),
        ("id: !!bool abc", "line 1: tags (!name) are not used in guides."),
        ("id: !!timestamp abc", "line 1: tags (!name) are not used in guides."),
        ("id: !!binary 'é'", "line 1: tags (!name) are not used in guides."),
        ("id: !ours x", "line 1: tags (!name) are not used in guides."),
        ("id: " + "9" * 5000, "the file: a number has thousands of digits. Put it in quotes, or shorten it."),
    ],
)
def test_a_hostile_file_is_refused_in_words(text: str, message: str) -> None:
    assert refusal(text)[0].startswith(message)


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    text = changed(
        lambda raw: raw.update(title="TITLE"),
        lambda raw: question(raw, 2)["choices"][0].update(label="LABEL"),
        lambda raw: question(raw, 0).update(hint="HINT"),
    )
    guide = parse_guide(text.replace("TITLE", "no").replace("LABEL", "Off").replace("HINT", "2026-11-24"))
    assert guide.title == "no"
    assert guide.questions["clear"].choices[0].label == "Off"
    assert guide.questions["volume"].hint == "2026-11-24"


# --------------------------------------------------------------------------------------------------------------- files


def test_a_guide_is_read_with_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + changed(lambda raw: raw.update(title="Größe")).replace("\n", "\r\n").encode())
    assert load_guide(path).title == "Größe"


def test_a_guide_that_is_not_utf8_says_at_which_byte(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_bytes("title: Größe".encode("latin-1"))
    with pytest.raises(GuideError, match=r"^ours\.yaml: not UTF-8 text \(byte 9\)\. Save it as UTF-8\."):
        load_guide(path)


def test_a_guide_larger_than_any_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ours.yaml"
    path.write_bytes(b"#" * 2_000_001)
    monkeypatch.setattr(guide_file, "MAX_BYTES", 2_000_000)
    with pytest.raises(GuideError, match=r"2 MB is too large for a guide\. A guide has at most 2 MB"):
        load_guide(path)


def test_a_guide_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere\.yaml: cannot read the guide \(No such file"):
        load_guide(tmp_path / "nowhere.yaml")
    with pytest.raises(StorageError, match="cannot read the guide"):
        load_guide(tmp_path)


def test_an_edited_guide_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(changed(lambda raw: raw.update(title="Before")))
    assert load_guide(path).title == "Before"
    path.write_text(changed(lambda raw: raw.update(title="Behind")))
    os.utime(path, ns=(1, 1))
    assert load_guide(path).title == "Behind"
