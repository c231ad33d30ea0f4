"""Which document a workspace's conversation is about: noted, so that a kernel that starts again goes on with it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from assessment_kit.errors import StorageError
from assessment_kit.workspace import Workspace, write_text

#: In the workspace, beside the teams' folders.
NAME = ".interview.json"


def last_document(workspace: Workspace) -> Path | None:
    """Return the document of the last conversation; where none is noted, the one that was saved last."""
    root = workspace.root
    try:
        noted: Path | None = root / json.loads((root / NAME).read_text(encoding="utf-8"))["document"]
    except (OSError, ValueError, KeyError, TypeError):
        noted = None
    if noted is not None and noted.is_file():
        return noted
    with suppress(StorageError, OSError):  # a workspace that cannot be read says so when its teams are listed
        return max(workspace.documents(), key=lambda path: path.stat().st_mtime, default=None)
    return None


def note_document(workspace: Workspace, path: Path) -> None:
    """Note which document the conversation is about. One outside of the workspace is not noted.

    Raises
    ------
    StorageError
        When the workspace cannot be written.
    """
    root, inside = workspace.root.resolve(), path.resolve()
    if inside.is_relative_to(root):
        noted = {"document": inside.relative_to(root).as_posix()}
        write_text(workspace.root / NAME, json.dumps(noted, ensure_ascii=False) + "\n")
