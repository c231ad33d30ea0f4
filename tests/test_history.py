"""Every earlier revision of a document can be had back, byte for byte."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from assessment_kit.errors import DocumentError
from assessment_kit.workspace import Opened, Workspace, history, read_document, read_revision
from tests.workspaces import GUIDE, ROOT, note, noted, opened, workspace

__all__ = ["opened", "workspace"]  # fixtures


def test_every_earlier_revision_stays_recoverable(workspace: Workspace, opened: Opened) -> None:
    versions = [opened.path.read_bytes()]
    for number in range(12):
        opened = workspace.save(opened, noted(opened.document, f"state {number}"), GUIDE)
        versions.append(opened.path.read_bytes())

    revisions = history(opened.path)
    assert [revision.number for revision in revisions] == list(range(12, 0, -1)), "newest first"
    assert [note(read_revision(revision)) for revision in revisions[:-1]] == [f"state {n}" for n in range(10, -1, -1)]
    for revision, version in zip(revisions[::-1], versions[:-1], strict=True):
        assert workspace.restore(opened.path, revision).path.read_bytes() == version, "byte for byte"


def test_a_hundred_saves_of_a_full_document_take_little_room(workspace: Workspace) -> None:
    example = max((ROOT / "examples" / "workspace").rglob("*-*-*.json"), key=lambda path: path.stat().st_size)
    opened = workspace.add(read_document(example), GUIDE)
    for number in range(100):
        opened = workspace.save(opened, noted(opened.document, f"state {number}"), GUIDE)

    kept = sum(revision.path.stat().st_size for revision in history(opened.path))
    assert len(history(opened.path)) == 100
    assert kept < 100 * opened.path.stat().st_size / 3


def test_a_revision_says_when_it_was_saved(workspace: Workspace, opened: Opened) -> None:
    os.utime(opened.path, (1_700_000_000, 1_700_000_000))
    workspace.save(opened, noted(opened.document, "new"))
    assert history(opened.path)[0].saved == datetime.fromtimestamp(1_700_000_000, UTC)


def test_saving_what_is_there_already_writes_nothing(workspace: Workspace, opened: Opened) -> None:
    before = opened.path.stat().st_mtime_ns
    again = workspace.save(opened, opened.document.model_copy(deep=True), GUIDE)
    assert (again.revision, again.path.stat().st_mtime_ns) == (opened.revision, before)
    assert history(opened.path) == []


def test_an_edit_by_hand_is_kept_too(workspace: Workspace, opened: Opened) -> None:
    by_hand = opened.path.read_bytes().replace(b"\n", b"\r\n")
    opened.path.write_bytes(by_hand)
    opened = workspace.open(opened.path)
    workspace.save(opened, noted(opened.document, "next"))

    (revision,) = history(opened.path)
    assert workspace.restore(opened.path, revision).path.read_bytes() == by_hand


def test_a_ruined_document_can_be_restored_and_the_ruin_is_kept(workspace: Workspace, opened: Opened) -> None:
    workspace.save(opened, noted(opened.document, "good"))
    opened.path.write_bytes(b'{"schema": 1, "te')
    with pytest.raises(DocumentError, match=r"truncated .* Restore an earlier revision from the \.history folder"):
        workspace.open(opened.path)

    restored = workspace.restore(opened.path, history(opened.path)[0])
    assert read_document(opened.path) == restored.document == opened.document
    assert len(history(opened.path)) == 2
    # and work goes on from there
    assert note(workspace.save(restored, noted(restored.document, "on")).document) == "on"


def test_a_removed_document_can_be_restored(workspace: Workspace, opened: Opened) -> None:
    workspace.save(opened, noted(opened.document, "good"))
    opened.path.unlink()
    assert workspace.restore(opened.path, history(opened.path)[0]).document == opened.document


@pytest.mark.parametrize("damage", ["truncated", "not gzip", "other contents"])
def test_a_damaged_revision_is_said_to_be_and_never_stops_a_save(
    workspace: Workspace, opened: Opened, damage: str
) -> None:
    original = opened.path.read_bytes()
    newer = workspace.save(opened, noted(opened.document, "one"))
    (revision,) = history(opened.path)
    packed = revision.path.read_bytes()
    other = packed[:20] + bytes([packed[20] ^ 0xFF]) + packed[21:]
    revision.path.write_bytes({"truncated": packed[:40], "not gzip": b"?", "other contents": other}[damage])

    with pytest.raises(DocumentError, match=r"\.history/2026-11-24/00001-.*: the revision is damaged\. Take another"):
        read_revision(revision)
    with pytest.raises(DocumentError):
        workspace.restore(opened.path, revision)
    assert note(read_document(newer.path)) == "one", "nothing was changed"
    # The same state, on the disk again, is kept again: the damaged copy does not count.
    opened.path.write_bytes(original)
    workspace.save(workspace.open(opened.path), noted(opened.document, "two"))
    assert [item.number for item in history(opened.path)] == [2, 1]
    assert read_revision(history(opened.path)[0]) == opened.document
