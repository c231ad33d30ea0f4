"""The folder of documents: where a document is, which names teams may have, and what reading refuses."""

from __future__ import annotations

import json
import os
import re
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assessment_kit import document_file
from assessment_kit.document import Answer, Document, new_document
from assessment_kit.errors import DocumentError, StorageError, UsageError
from assessment_kit.guide_file import load_guide
from assessment_kit.workspace import Workspace, read_document, short_name

GUIDE = load_guide()
DAY = date(2026, 11, 24)
MINIMAL = {
    "schema": 1,
    "guide": {"id": "production-support", "version": "1.0"},
    "team": "Payments",
    "date": "2026-11-24",
}


def put(folder: Path, name: str, content: Any) -> Path:
    """Write a file as somebody else would: not through the kit."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


# --------------------------------------------------------------------------------------------------- where things are


def test_a_document_is_at_team_slug_and_date_and_keeps_the_name(tmp_path: Path) -> None:
    opened = Workspace(tmp_path / "new" / "folder").create("Zahlungsverkehr/€ & Co", DAY, GUIDE)

    assert re.fullmatch(r"zahlungsverkehr-co-[0-9a-f]{8}", opened.path.parent.name)
    assert opened.path.name == "2026-11-24.json"
    assert read_document(opened.path).team == "Zahlungsverkehr/€ & Co"
    assert read_document(opened.path) == new_document("Zahlungsverkehr/€ & Co", DAY, GUIDE)


def test_a_document_is_created_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    before = workspace.create("Payments", DAY, GUIDE).path.read_bytes()

    with pytest.raises(
        UsageError, match=r"payments/2026-11-24\.json exists already\. Open it, or choose another date\."
    ):
        workspace.create("Payments", DAY, GUIDE)
    assert (tmp_path / "payments" / "2026-11-24.json").read_bytes() == before


def test_of_many_who_create_the_same_document_one_succeeds(tmp_path: Path) -> None:
    outcomes: list[str] = []

    def create() -> None:
        try:
            Workspace(tmp_path).create("Payments", DAY, GUIDE)
            outcomes.append("created")
        except UsageError:
            outcomes.append("refused")

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created"] + ["refused"] * 7


def test_a_filled_document_can_be_added_in_the_order_of_the_guide(tmp_path: Path) -> None:
    document = new_document("Payments", DAY, GUIDE)
    document.answers = {name: Answer(status="unknown") for name in ("toil-tasks", "own-question", "services")}

    opened = Workspace(tmp_path).add(document, GUIDE)

    assert list(json.loads(opened.path.read_text())["answers"]) == ["services", "toil-tasks", "own-question"]


def test_documents_are_listed_by_team_and_date_and_nothing_else_is(tmp_path: Path) -> None:
    for name in (
        "payments/2026-11-24.json",
        "payments/2025-01-31.json",
        "cards/2026-11-24.json",
        # None of these is a document:
        "payments/2026-11-24.conflict-1f0c2d3e.json",
        "payments/notes.json",
        "payments/2026-13-01.json",
        "payments/2026-11-24.json.bak",
        "payments/.history/2026-11-24.json",
        ".hidden/2026-11-24.json",
        "2026-11-24.json",
        "empty/readme.txt",
    ):
        put(tmp_path, name, MINIMAL)
    (tmp_path / "payments" / "2026-11-25.json").mkdir()
    workspace = Workspace(tmp_path)

    assert [short_name(path) for path in workspace.documents()] == [
        "cards/2026-11-24.json",
        "payments/2025-01-31.json",
        "payments/2026-11-24.json",
    ]
    assert [folder.name for folder in workspace.teams()] == ["cards", "payments"]


def test_latest_and_previous_go_by_the_date_in_the_name(tmp_path: Path) -> None:
    for day in ("2026-11-24", "2025-12-01", "2026-05-19"):
        put(tmp_path, f"payments/{day}.json", MINIMAL)
    put(tmp_path, "cards/2026-01-01.json", MINIMAL)
    workspace, team = Workspace(tmp_path), tmp_path / "payments"

    assert workspace.latest(team) == team / "2026-11-24.json"
    assert workspace.latest(tmp_path / "nobody") is None
    assert workspace.previous(team / "2026-11-24.json") == team / "2026-05-19.json"
    assert workspace.previous(team / "2026-03-01.json") == team / "2025-12-01.json", (
        "the document itself need not exist"
    )
    assert workspace.previous(team / "2025-12-01.json") is None
    assert workspace.previous(tmp_path / "cards" / "2026-01-01.json") is None, "another team's is not an earlier one"
    assert workspace.previous(team / "draft.json") is None


def test_a_workspace_need_not_exist_but_must_not_be_a_file(tmp_path: Path) -> None:
    assert Workspace(tmp_path / "not-yet").documents() == []
    file = put(tmp_path, "file", b"")
    with pytest.raises(StorageError, match="cannot be read as a workspace"):
        Workspace(file).documents()
    with pytest.raises(StorageError, match=r"payments/2026-11-24\.json: could not be saved"):
        Workspace(file).create("Payments", DAY, GUIDE)


def test_relative_paths_work_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = Workspace("here")
    workspace.create("Payments", DAY, GUIDE)
    (path,) = workspace.documents()

    assert path == Path("here/payments/2026-11-24.json")
    assert workspace.open(path).document.team == "Payments"


# -------------------------------------------------------------------------------------------------------- team's names


HOSTILE_NAMES = [
    "Zahlungsverkehr/€ & Co",
    "../../etc",
    "/absolute",
    "C:\\Users",
    "x" * 200,
    "🔥",
    "🔥🔥",
    "CON",
    ".",
    "..",
    "-",
]
HOSTILE_NAMES += [
    "trailing dots...",
    "  spaces  ",
    "فريق المدفوعات",
    "支付团队",
    "a\u202eb",
    "line\nbreak",
    "null\x00",
    "<script>",
]


def test_every_hostile_name_gets_a_folder_of_its_own_inside_the_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "inner")
    for name in HOSTILE_NAMES:
        workspace.create(name, DAY, GUIDE)

    assert [path.name for path in tmp_path.iterdir()] == ["inner"]
    assert sorted(read_document(path).team for path in workspace.documents()) == sorted(HOSTILE_NAMES)


def test_half_a_character_in_a_name_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"team: the text holds half a character \(position 6\)\. Type that"):
        Workspace(tmp_path).create("half \ud83d a character", DAY, GUIDE)


def test_a_team_that_slugs_like_another_is_refused_with_both_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.create("Card Payments", DAY, GUIDE)

    with pytest.raises(
        UsageError, match=r"card-payments already holds .* team 'Card Payments', not of 'card-payments'"
    ):
        workspace.create("card-payments", date(2027, 1, 1), GUIDE)
    with pytest.raises(UsageError, match="use the first name exactly"):
        workspace.path_for("CARD PAYMENTS", DAY)
    # Spaces too many are a slip of the finger, not another team.
    assert workspace.path_for(" Card  Payments ", DAY).parent.name == "card-payments"


def test_whose_a_folder_is_is_told_by_a_document_that_can_be_read(tmp_path: Path) -> None:
    put(tmp_path, "payments/2026-11-23.json", {**MINIMAL, "date": "2026-11-23"})
    put(tmp_path, "payments/2026-11-24.json", b"{ truncated")
    with pytest.raises(UsageError, match="'Payments'"):
        Workspace(tmp_path).path_for("PAYMENTS", DAY)


@pytest.mark.parametrize("name", ["", "   ", "\n\t"])
def test_a_team_needs_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="The team has no name"):
        Workspace(tmp_path).create(name, DAY, GUIDE)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------------- reading


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    text = json.dumps({**MINIMAL, "answers": {"agreements": {"value": "naïve 🔥"}}}, indent=2, ensure_ascii=False)
    path = put(tmp_path, "payments/2026-11-24.json", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    opened = Workspace(tmp_path).open(path)
    assert opened.document.answers["agreements"].value == "naïve 🔥"
    # and they can be saved: the revision is of the bytes as they were
    assert Workspace(tmp_path).save(opened, opened.document).path.read_bytes()[:1] == b"{"


def test_a_file_that_is_not_utf8_says_at_which_byte(tmp_path: Path) -> None:
    path = put(tmp_path, "payments/2026-11-24.json", '{"team": "Café"}'.encode("latin-1"))
    with pytest.raises(
        DocumentError, match=r"^payments/2026-11-24\.json: not UTF-8 text \(byte 13\)\. Save it as UTF-8"
    ):
        read_document(path)


def test_a_file_larger_than_any_document_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_file, "MAX_BYTES", 3_000_000)
    path = put(tmp_path, "payments/2026-11-24.json", b" " * 3_000_001)
    with pytest.raises(DocumentError, match="3 MB is too large for a document"):
        read_document(path)


def test_a_document_too_large_to_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    opened = workspace.create("Payments", DAY, GUIDE)
    monkeypatch.setattr(document_file, "MAX_BYTES", 100_000)
    document = opened.document.model_copy(update={"answers": {"agreements": Answer(note="x" * 200_000)}})
    with pytest.raises(DocumentError, match="too much for a document"):
        workspace.save(opened, document)
    assert read_document(opened.path) == opened.document


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"there is no such file\. Check the path\."):
        read_document(tmp_path / "payments" / "2026-11-24.json")
    with pytest.raises(StorageError, match=r"this is a folder, not a document\. Name a \.json file\."):
        read_document(tmp_path)
    with pytest.raises(StorageError, match="cannot be read"):
        read_document(tmp_path / "null\x00character.json")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        with pytest.raises(StorageError, match="this is not a file"):
            read_document(tmp_path / "pipe.json")


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "payments/2026-11-24.json", MINIMAL)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(
        StorageError, match=r"^payments/2026-11-24\.json: cannot be read \(Permission denied\)\. Check that you may"
    ):
        read_document(path)


def test_a_document_whose_date_is_not_the_one_in_its_name_is_not_edited(tmp_path: Path) -> None:
    path = put(tmp_path, "payments/2026-11-25.json", MINIMAL)
    with pytest.raises(
        DocumentError, match=r"payments/2026-11-25\.json: date: the document's date is 2026-11-24, .* Rename"
    ):
        Workspace(tmp_path).open(path)
    assert read_document(path).date == "2026-11-24", "a report of it can still be made"
    assert isinstance(Workspace(tmp_path).open(put(tmp_path, "any-name.json", MINIMAL)).document, Document)
