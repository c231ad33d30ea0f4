"""A guide that somebody edited by hand is read safely, and everything that is wrong with it is said at once."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from assessment_kit import guide_file
from assessment_kit.errors import GuideError, StorageError
from assessment_kit.guide_file import load_guide, parse_guide
from tests.guides import changed, question, refusal


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
