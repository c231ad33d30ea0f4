"""The folder of assessment documents, and the only reader and writer of them.

::

    workspace/
      payments/                                 one folder a team, named by :func:`slug`
        2026-11-24.json                         one document a date
        2026-11-24.conflict-1f0c2d3e.json       a version that was refused, kept for a person to compare
        .history/2026-11-24/00007-9ab81c2d.json.gz   every earlier revision, byte for byte

Saving never loses anything: the bytes on the disk go into the history first, the new ones then take their place in one
step, and a document that somebody else changed meanwhile is not overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

from assessment_kit.document import Document, new_document
from assessment_kit.document_file import (
    Opened,
    bytes_of,
    digest_of,
    document_of,
    read_bytes,
    read_document,
    short_name,
)
from assessment_kit.durable import make_folder, storing, write_bytes, write_text
from assessment_kit.errors import ConflictError, DocumentError, Problem, StorageError, UsageError
from assessment_kit.guide import Guide
from assessment_kit.history import FOLDER, Revision, history, keep, read_revision, revision_bytes
from assessment_kit.slugs import same_name, slug
from assessment_kit.values import parse_date

#: The one door: what others need of the files comes from here.
__all__ = [
    "Opened",
    "Revision",
    "Workspace",
    "history",
    "read_document",
    "read_revision",
    "short_name",
    "slug",
    "write_text",
]

#: How long to wait for another program that is saving. A save takes some milliseconds.
LOCK_SECONDS = 10.0


class Workspace:
    """A folder of documents. It need not exist before the first document is created.

    Parameters
    ----------
    root
        The folder.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def teams(self) -> list[Path]:
        """Return the folders that hold documents, sorted by name. A folder that does not exist holds none.

        Raises
        ------
        StorageError
            When the workspace is not a folder, or cannot be read.
        """
        with storing(str(self.root), "cannot be read as a workspace"):
            try:
                inside = sorted(self.root.iterdir())
            except FileNotFoundError:
                return []
            return [folder for folder in inside if not folder.name.startswith(".") and _documents_in(folder)]

    def documents(self) -> list[Path]:
        """Return all documents, sorted by team folder and date. Earlier revisions and refused versions are not listed.

        Raises
        ------
        StorageError
            When the workspace is not a folder, or cannot be read.
        """
        return [path for team in self.teams() for path in _documents_in(team)]

    def latest(self, team_folder: Path) -> Path | None:
        """Return a team's latest document, None when it has none."""
        return max(_documents_in(team_folder), default=None)

    def previous(self, path: Path) -> Path | None:
        """Return the latest earlier document of the same team, None when there is none."""
        earlier = [other for other in _documents_in(path.parent) if other.name < path.name]
        return max(earlier, default=None) if parse_date(path.stem) else None

    def path_for(self, team: str, day: date) -> Path:
        """Return where the document of a team and date is, or would be.

        Raises
        ------
        UsageError
            When the team has no name, or when its folder already belongs to another team: two names that differ only
            in case or punctuation share one.
        """
        if not team.strip():
            raise UsageError("The team has no name. Give it one.")
        folder = self.root / slug(team)
        owner = _team_of(folder)
        if owner is not None and not same_name(owner, team):
            raise UsageError(
                f"The folder {folder.name} already holds the assessments of the team {owner!r}, not of {team!r}. "
                "If they are one team, use the first name exactly; if not, give this one a name that differs by a word."
            )
        return folder / f"{day.isoformat()[:10]}.json"

    def create(self, team: str, day: date, guide: Guide) -> Opened:
        """Create an empty document.

        Raises
        ------
        UsageError
            When there is one already, or as in :meth:`path_for`.
        StorageError
            When it cannot be written.
        """
        self.path_for(team, day)  # refuses a name before a document is made of it
        return self.add(new_document(team, day, guide), guide)

    def add(self, document: Document, guide: Guide | None = None) -> Opened:
        """Write a document that is not in the workspace yet.

        Raises
        ------
        UsageError, StorageError
            As in :meth:`create`.
        DocumentError
            When the document holds what no file can (a NaN, half a character).
        """
        path = self.path_for(document.team, document.day)
        name = short_name(path)
        data = bytes_of(document, guide, name)
        with storing(name), _locked(path):
            if path.exists():
                raise UsageError(f"{name} exists already. Open it, or choose another date.")
            write_bytes(path, data)
        return Opened(path, document, digest_of(data))

    def open(self, path: Path | str) -> Opened:
        """Read a document in order to change it.

        Raises
        ------
        DocumentError
            With every problem of its contents, or when its date is not the one in its name.
        StorageError
            When it cannot be read.
        """
        path = Path(path)
        opened = document_of(path, read_bytes(path))
        _refuse_wrong_name(path, opened.document)
        return opened

    def save(self, opened: Opened, document: Document, guide: Guide | None = None) -> Opened:
        """Save a document that was opened before. What is on the disk goes into the history.

        Parameters
        ----------
        opened
            What :meth:`open`, :meth:`create` or the last :meth:`save` returned.
        document
            The new contents.
        guide
            Whose order of questions the file shall have; None keeps the order of the answers.

        Returns
        -------
        Opened
            For the next save. The file is not touched when it already holds these contents.

        Raises
        ------
        ConflictError
            When the file changed, or vanished, since it was read: both versions are kept.
        StorageError
            When it cannot be written: the old file is untouched.
        DocumentError
            When the document holds what no file can, or is of another date than its name says.
        """
        path, name = opened.path, short_name(opened.path)
        _refuse_wrong_name(path, document)
        data = bytes_of(document, guide, name)
        # A link to a document on a shared drive stays a link: what it points to is replaced.
        target = path.resolve()
        with storing(name), _locked(target):
            current = target.read_bytes() if target.exists() else None
            if current != data:
                if current is None or digest_of(current) != opened.revision:
                    raise _conflict(target, data, gone=current is None)
                keep(target, current)
                write_bytes(target, data)
        return Opened(path, document, digest_of(data))

    def restore(self, path: Path | str, revision: Revision) -> Opened:
        """Put an earlier revision back in its place, byte for byte. What is there now goes into the history.

        Works on a document that can no longer be read, which is when it is needed most.

        Raises
        ------
        DocumentError
            When the revision cannot be read as a document either: nothing is changed.
        StorageError
            When something cannot be read or written.
        """
        path = Path(path)
        data = revision_bytes(revision)
        restored = document_of(path, data)
        target = path.resolve()
        with storing(short_name(path)), _locked(target):
            if target.exists():
                keep(target, target.read_bytes())
            write_bytes(target, data)
        return restored


def _documents_in(folder: Path) -> list[Path]:
    """Return a team folder's documents, oldest first."""
    with storing(str(folder), "cannot be read"):
        try:
            files = list(folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(path for path in files if path.suffix == ".json" and parse_date(path.stem) and path.is_file())


def _team_of(folder: Path) -> str | None:
    """Return the team whose documents a folder holds; None when no document there can be read."""
    for path in reversed(_documents_in(folder)):
        try:
            return read_document(path).team
        except (DocumentError, StorageError):
            continue
    return None


def _refuse_wrong_name(path: Path, document: Document) -> None:
    if parse_date(path.stem) and path.stem != document.date:
        what = f"the document's date is {document.date}, the file's name says {path.stem}"
        remedy = "Rename the file, or correct the date in it: earlier and later are told by the name."
        raise DocumentError([Problem(f"{short_name(path)}: date", what, remedy)])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep every other program from saving in a document's folder meanwhile. The system ends a dead program's lock."""
    from filelock import FileLock, Timeout  # 50 ms to import, and only who saves needs it

    folder = path.parent / FOLDER
    make_folder(folder)
    try:
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS, poll_interval=0.01):
            yield
    except Timeout:
        raise StorageError(
            f"{short_name(path)}: another program has been saving there for {LOCK_SECONDS:g} seconds. "
            "Nothing was saved. Try again, or close the other program."
        ) from None


def _conflict(path: Path, data: bytes, *, gone: bool) -> ConflictError:
    """Keep a refused version beside the document, and return what to tell the user."""
    for number in count(1):
        again = f"-{number}" if number > 1 else ""
        kept = path.with_name(f"{path.stem}.conflict-{digest_of(data)[:8]}{again}.json")
        if not kept.exists():
            write_bytes(kept, data, like=None if gone else path)
            break
        if kept.read_bytes() == data:
            break  # refused before; a kept version that somebody edited meanwhile is left alone
    name, beside = short_name(path), short_name(kept)
    if gone:
        return ConflictError(
            f"{name} was removed or renamed since it was read. What was to be saved is kept as {beside}. "
            f"Rename that one to {path.name} to go on with it."
        )
    return ConflictError(
        f"{name} was changed by somebody else since it was read, so it was not overwritten. What was to be saved is "
        f"kept as {beside}. Open {path.name} again, carry over what is missing, then delete {kept.name}."
    )
