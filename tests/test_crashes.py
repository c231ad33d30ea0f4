"""A full disk, a read-only folder or a killed process leaves the old document or the new one, never half of one."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.errors import ConflictError, StorageError
from assessment_kit.workspace import Opened, Workspace, history, read_document, read_revision
from tests.workspaces import DAY, GUIDE, ROOT, note, noted, opened, workspace

__all__ = ["opened", "workspace"]  # fixtures


def files(folder: Path) -> dict[str, bytes]:
    """Return everything in a folder that matters: all files but the lock."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if path.name != ".lock"}


class Failing:
    """A call of the operating system that works a number of times and then fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, works: int, code: int) -> None:
        self.left, self.code, self.real = works, code, getattr(os, name)
        monkeypatch.setattr(os, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*args, **kwargs)


@pytest.mark.parametrize(
    "call, works",
    # The first write, flush and rename are the history's; the second are the document's.
    [
        ("write", 0),
        ("write", 1),
        ("fsync", 0),
        ("fsync", 1),
        ("fsync", 2),
        ("fsync", 3),
        ("replace", 0),
        ("replace", 1),
    ],
)
def test_a_full_disk_leaves_the_old_document_and_no_rubbish(
    workspace: Workspace, opened: Opened, monkeypatch: pytest.MonkeyPatch, call: str, works: int
) -> None:
    before = opened.path.read_bytes()
    with monkeypatch.context() as patch:
        Failing(patch, call, works, errno.ENOSPC)
        with pytest.raises(StorageError) as caught:
            workspace.save(opened, noted(opened.document, "mine"))

    assert "payments/2026-11-24.json: could not be saved (No space left on device). Free some space" in str(
        caught.value
    )
    left = files(workspace.root)
    assert left.pop("payments/2026-11-24.json") == before
    assert all(name.endswith(".json.gz") for name in left), "at most a whole earlier revision is there besides"
    # Space was made: the same save works, and the old state is kept once.
    saved = workspace.save(opened, noted(opened.document, "mine"))
    assert note(read_document(saved.path)) == "mine"
    assert len(history(saved.path)) == 1


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_while_creating_leaves_no_document(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    with monkeypatch.context() as patch:
        Failing(patch, call, 0, errno.ENOSPC)
        with pytest.raises(StorageError, match="No space left"):
            workspace.create("Payments", DAY, GUIDE)
    assert files(workspace.root) == {}
    assert workspace.create("Payments", DAY, GUIDE).path.exists()


def test_a_write_that_takes_only_a_part_goes_on_with_the_rest(
    workspace: Workspace, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
    saved = workspace.save(opened, noted(opened.document, "x" * 1000))
    assert note(read_document(saved.path)) == "x" * 1000


@pytest.mark.parametrize(
    "code, remedy",
    [
        (errno.EROFS, "Check that you may read and write the folder and the file, or choose another place."),
        (errno.EACCES, "Check that you may read and write the folder and the file, or choose another place."),
        (errno.EDQUOT, "Free some space on that disk, then try again."),
        (errno.EIO, "Check the disk and the folder, then try again."),
    ],
)
def test_a_folder_that_cannot_be_written_says_why_and_what_to_do(
    workspace: Workspace, opened: Opened, monkeypatch: pytest.MonkeyPatch, code: int, remedy: str
) -> None:
    before = files(workspace.root)
    with monkeypatch.context() as patch:
        Failing(patch, "open", 0, code)
        with pytest.raises(StorageError) as caught:
            workspace.save(opened, noted(opened.document, "mine"))
    assert str(caught.value).endswith(remedy)
    assert files(workspace.root) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only for the superuser")
def test_a_really_read_only_folder_is_left_alone(workspace: Workspace, opened: Opened) -> None:
    opened.path.parent.chmod(0o555)
    try:
        with pytest.raises(StorageError, match="Check that you may read and write"):
            workspace.save(opened, noted(opened.document, "mine"))
    finally:
        opened.path.parent.chmod(0o755)
    assert read_document(opened.path) == opened.document


def test_a_write_protected_document_stays_as_it_is(workspace: Workspace, opened: Opened) -> None:
    opened.path.chmod(0o444)
    with pytest.raises(StorageError, match=r"the file is write-protected\)\. Check that you may read and write"):
        workspace.save(opened, noted(opened.document, "mine"))
    assert read_document(opened.path) == opened.document


@pytest.mark.skipif(os.name == "nt", reason="permissions of this kind are not there")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o640])
def test_permissions_stay_and_copies_are_not_more_open(workspace: Workspace, opened: Opened, mode: int) -> None:
    opened.path.chmod(mode)
    workspace.save(opened, noted(opened.document, "theirs"))
    with pytest.raises(ConflictError):
        workspace.save(opened, noted(opened.document, "mine"))

    copies = [*opened.path.parent.glob("*.json"), *opened.path.parent.rglob("*.gz")]
    assert len(copies) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in copies} == {mode}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_a_document_elsewhere_stays_a_link(workspace: Workspace, opened: Opened, tmp_path: Path) -> None:
    link = tmp_path / "shortcut.json"
    link.symlink_to(opened.path)
    saved = workspace.save(workspace.open(link), noted(opened.document, "through the link"))
    assert link.is_symlink()
    assert note(read_document(opened.path)) == "through the link"
    assert len(history(link)) == len(history(opened.path)) == 1
    assert saved.path == link


def test_what_a_killed_process_left_behind_is_not_in_the_way(workspace: Workspace, opened: Opened) -> None:
    (opened.path.parent / ".2026-11-24.json.tmp").write_bytes(b'{"half": ')
    saved = workspace.save(opened, noted(opened.document, "mine"))
    assert note(read_document(saved.path)) == "mine"
    assert not list(workspace.root.rglob("*.tmp"))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_the_place_of_the_temporary_file_is_not_followed(
    workspace: Workspace, opened: Opened, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (opened.path.parent / ".2026-11-24.json.tmp").symlink_to(victim)
    workspace.save(opened, noted(opened.document, "mine"))
    assert victim.read_text() == "precious"
    assert not opened.path.is_symlink()


CRASHER = """
import sys
from assessment_kit.document import Answer
from assessment_kit.workspace import Workspace
workspace = Workspace(".")
opened = workspace.open(sys.argv[1])
number = 0
while True:
    number += 1
    answers = {"agreements": Answer(value=f"{number} " + "x" * 50_000)}
    opened = workspace.save(opened, opened.document.model_copy(update={"answers": answers}))
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_whatever_was_saved_survives_a_kill_in_the_middle_of_a_save(workspace: Workspace, opened: Opened) -> None:
    said = 0
    for lines in (1, 4, 9):
        process = _python(CRASHER, str(opened.path))
        assert process.stdout is not None
        for _ in range(lines):
            said = int(process.stdout.readline())
        process.kill()
        said = max([said, *map(int, process.communicate()[0].split())])

        found = read_document(opened.path)
        assert int(note(found).split()[0]) >= said
        assert len(note(found)) > 50_000
        for revision in history(opened.path):
            read_revision(revision)  # none is half a revision
    # Neither the lock nor what the dead left behind is in the way.
    opened = workspace.open(opened.path)
    workspace.save(opened, noted(opened.document, "on"))
    assert not list(workspace.root.rglob("*.tmp"))


def _python(script: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
