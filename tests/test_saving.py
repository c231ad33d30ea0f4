"""Saving loses nothing when two people save at once, and writes no more and no less than the document."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest
from filelock import FileLock

import assessment_kit.workspace as workspace_module
from assessment_kit.document import Answer
from assessment_kit.errors import ConflictError, DocumentError, StorageError
from assessment_kit.workspace import Opened, Workspace, history, read_document
from tests.workspaces import GUIDE, ROOT, note, noted, opened, workspace

__all__ = ["opened", "workspace"]  # fixtures


# ------------------------------------------------------------------------------------------------------------ conflicts


def test_a_document_changed_on_disk_is_not_overwritten_and_both_are_kept(workspace: Workspace, opened: Opened) -> None:
    theirs = workspace.save(workspace.open(opened.path), noted(opened.document, "theirs"))

    with pytest.raises(ConflictError) as caught:
        workspace.save(opened, noted(opened.document, "mine"))

    (kept,) = opened.path.parent.glob("*.conflict-*.json")
    assert note(read_document(opened.path)) == "theirs"
    assert note(read_document(kept)) == "mine"
    message = str(caught.value)
    assert message.startswith("payments/2026-11-24.json was changed by somebody else since it was read")
    assert f"kept as payments/{kept.name}" in message
    assert "carry over what is missing" in message
    assert workspace.documents() == [opened.path], "the refused version is no document of its own"
    # Who read the newer one may save.
    assert note(workspace.save(theirs, noted(theirs.document, "merged")).document) == "merged"


def test_one_refused_version_is_kept_once_and_never_over_another(workspace: Workspace, opened: Opened) -> None:
    workspace.save(opened, noted(opened.document, "theirs"))
    for text in ("mine", "mine", "mine too"):
        with pytest.raises(ConflictError):
            workspace.save(opened, noted(opened.document, text))
    kept = sorted(opened.path.parent.glob("*.conflict-*.json"))
    assert sorted(note(read_document(path)) for path in kept) == ["mine", "mine too"]

    edited = next(path for path in kept if note(read_document(path)) == "mine")
    edited.write_bytes(edited.read_bytes().replace(b"mine", b"mine, and edited"))
    with pytest.raises(ConflictError):
        workspace.save(opened, noted(opened.document, "mine"))
    texts = sorted(note(read_document(path)) for path in opened.path.parent.glob("*.conflict-*.json"))
    assert texts == ["mine", "mine too", "mine, and edited"]


def test_a_document_removed_meanwhile_does_not_take_the_answers_with_it(workspace: Workspace, opened: Opened) -> None:
    opened.path.unlink()
    with pytest.raises(ConflictError, match=r"was removed or renamed since it was read\. .* Rename that one to 2026"):
        workspace.save(opened, noted(opened.document, "mine"))
    (kept,) = opened.path.parent.glob("*.conflict-*.json")
    assert note(read_document(kept)) == "mine"


def test_somebody_who_saved_the_very_same_is_no_conflict(workspace: Workspace, opened: Opened) -> None:
    workspace.save(workspace.open(opened.path), noted(opened.document, "same"))
    assert note(workspace.save(opened, noted(opened.document, "same")).document) == "same"


SAVER = """
import sys
from assessment_kit.document import Answer
from assessment_kit.errors import ConflictError
from assessment_kit.workspace import Workspace
path, name = sys.argv[1:]
workspace = Workspace(".")
opened = workspace.open(path)
document = opened.document.model_copy(update={"answers": {"agreements": Answer(value=name)}})
print("ready", flush=True)
sys.stdin.readline()
try:
    workspace.save(opened, document)
    print("saved")
except ConflictError:
    print("refused")
"""


def test_of_two_processes_that_save_one_revision_exactly_one_wins_and_both_versions_stay(opened: Opened) -> None:
    names = ["left", "right", "third"]
    processes = {name: _python(SAVER, str(opened.path), name) for name in names}
    for process in processes.values():
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes.values():  # all have read the same revision: now they save at once
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = {name: process.communicate()[0].strip() for name, process in processes.items()}

    assert sorted(said.values()) == ["refused", "refused", "saved"]
    winner = next(name for name, outcome in said.items() if outcome == "saved")
    assert note(read_document(opened.path)) == winner
    kept = [note(read_document(path)) for path in opened.path.parent.glob("*.conflict-*.json")]
    assert sorted([*kept, winner]) == sorted(names)


def test_no_answer_is_lost_when_many_save_and_reread_after_a_refusal(workspace: Workspace, opened: Opened) -> None:
    def add(name: str) -> None:
        while True:
            mine = workspace.open(opened.path)
            answers = {**mine.document.answers, name: Answer(status="unknown")}
            try:
                workspace.save(mine, mine.document.model_copy(update={"answers": answers}))
                return
            except ConflictError:
                continue

    names = [f"question-{number}" for number in range(8)]
    threads = [threading.Thread(target=add, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read_document(opened.path).answers) == names
    assert len(history(opened.path)) == len(names)


def test_another_program_that_does_not_stop_saving_is_named(
    workspace: Workspace, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_module, "LOCK_SECONDS", 0.05)
    with (
        FileLock(opened.path.parent / ".history" / ".lock"),
        pytest.raises(StorageError, match=r"another program has been saving there .* Nothing was saved\. Try again"),
    ):
        workspace.save(opened, noted(opened.document, "mine"))


# ------------------------------------------------------------------------------------------------------ what is written


def test_a_document_that_no_file_can_hold_changes_nothing(workspace: Workspace, opened: Opened) -> None:
    with pytest.raises(DocumentError, match=r"2026-11-24\.json: answers\.agreements\.value: NaN is not a number"):
        workspace.save(opened, noted(opened.document, float("nan")))  # type: ignore[arg-type]
    assert read_document(opened.path) == opened.document
    assert history(opened.path) == []


def test_a_document_of_another_date_goes_nowhere(workspace: Workspace, opened: Opened) -> None:
    other = opened.document.model_copy(update={"date": "2026-11-25"})
    with pytest.raises(DocumentError, match="the document's date is 2026-11-25, the file's name says 2026-11-24"):
        workspace.save(opened, other)


def test_what_a_newer_version_wrote_is_still_there_after_a_save(workspace: Workspace, opened: Opened) -> None:
    raw = json.loads(opened.path.read_bytes())
    raw["answers"] = {"agreements": {"status": "answered", "value": "x", "mood": None, "tags": [{"a": None}]}}
    raw["from-the-future"] = {"deep": [1, None, {"x": "y"}]}
    opened.path.write_text(json.dumps(raw))
    opened = workspace.open(opened.path)
    saved = workspace.save(opened, opened.document.model_copy(update={"team": "Payments team"}), GUIDE)
    assert json.loads(saved.path.read_bytes()) == {**raw, "team": "Payments team"}


def test_saving_prints_nothing(workspace: Workspace, opened: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    workspace.save(opened, noted(opened.document, "mine"))
    assert capfd.readouterr() == ("", "")


def _python(script: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
