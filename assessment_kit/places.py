"""Folders that reports come from and go to: on this machine, or behind any URL that ``fsspec`` understands.

::

    place_of("assessments")                 a folder here
    place_of("s3://bucket/assessments")     needs the extra `remote`: pip install 'assessment-kit[remote]'

A file is written whole or not at all in either: here under another name and renamed, in an object store by one request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assessment_kit.document import MAX_BYTES
from assessment_kit.document_file import read_bytes
from assessment_kit.durable import make_folder, storing, write_bytes
from assessment_kit.errors import DocumentError, Problem, StorageError, UsageError
from assessment_kit.values import parse_date
from assessment_kit.workspace import Workspace

# More than one letter, so that C:\ stays a drive.
_URL = re.compile(r"^[a-z][a-z0-9+.-]+(://|::)", re.IGNORECASE)

#: Where an upload appears whole or not at all. Elsewhere a file is written under another name, and renamed.
_ONE_STEP = frozenset("memory s3 s3a gs gcs abfs abfss adl az oci oss obs r2 hf".split())

_DRIVE = re.compile(r"[a-z]:(/|$)", re.IGNORECASE)

_NO_FOLDER = "no such folder. Name a workspace, the folder that holds the teams' folders."
_INSTALL = "pip install 'assessment-kit[remote]'"


@dataclass(frozen=True)
class Dated:
    """A document's place in a workspace, and those before it."""

    team: str  # the team's folder
    name: str  # such as 2026-11-24.json
    earlier: tuple[str, ...] = ()  # the names of those before it, the oldest first

    @property
    def path(self) -> str:
        """Where it is, seen from the workspace."""
        return f"{self.team}/{self.name}"

    @property
    def previous(self) -> str:
        """The name of the one before it; empty where there is none."""
        return self.earlier[-1] if self.earlier else ""

    @property
    def previous_path(self) -> str:
        """Where the earlier one is; empty where there is none."""
        return f"{self.team}/{self.previous}" if self.previous else ""

    @property
    def stem(self) -> str:
        """Return what its report's files are called."""
        return f"{self.team}-{self.name.removesuffix('.json')}"


class Place(Protocol):
    """A folder. Names inside it are relative, with ``/``."""

    def __str__(self) -> str:
        """Return what a person would call it."""

    def documents(self) -> list[Dated]:
        """Return each team's latest document, sorted by the teams' folders."""

    def read_document(self, name: str) -> bytes:
        """Return the bytes of an assessment document."""

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, None when there is no such file."""

    def sizes(self) -> Mapping[str, int]:
        """Return the files of the folder itself and how many bytes each has."""

    def prepared(self) -> AbstractContextManager[None]:
        """Create the folder, keep other batches out of it, and remove what an interrupted one left in it."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all."""

    def path(self, name: str) -> str:
        """Return where a file is, for a person."""


def place_of(where: str | Path) -> Place:
    """Return the folder at a path or URL.

    Raises
    ------
    UsageError
        When the URL is of a kind that nothing here understands, with what to install.
    """
    if isinstance(where, str) and _URL.match(where):
        kind, _, rest = where.partition("://")
        return LocalPlace(_of_file_url(where, rest)) if kind.lower() in ("file", "local") else RemotePlace(where)
    if isinstance(where, str) and where.lower().startswith("file:/"):
        raise _no_folder(where)
    return LocalPlace(Path(where))


def _of_file_url(url: str, rest: str) -> Path:
    """Return the path of a ``file://`` URL; a question mark or a hash in it is part of a name."""
    from urllib.parse import unquote

    host, slash, path = rest.partition("/")
    if not slash or host.lower() not in ("", "localhost"):
        raise _no_folder(url)
    # file:///C:/reports is a drive, and not a folder below the root.
    return Path(unquote(path if _DRIVE.match(path) else f"/{path}"))


def _no_folder(url: str) -> UsageError:
    return UsageError(f"{url}: names no folder of this machine. Write file:/// and the whole path, or the path alone.")


class LocalPlace:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def documents(self) -> list[Dated]:
        """Return each team's latest document, sorted by the teams' folders.

        Raises
        ------
        UsageError, StorageError
            When there is no such folder, or it cannot be read.
        """
        if not self.folder.is_dir():
            raise UsageError(f"{self.folder}: {_NO_FOLDER}")
        return _latest([(path.parent.name, path.name) for path in Workspace(self.folder).documents()])

    def read_document(self, name: str) -> bytes:
        """Return the bytes of an assessment document."""
        return read_bytes(self.folder / name)

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, None when there is no such file."""
        with storing(str(self.folder / name), "cannot be read"):
            try:
                return (self.folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def sizes(self) -> Mapping[str, int]:
        """Return the folder's own files with their sizes."""
        with storing(str(self.folder), "cannot be read"):
            return {found.name: found.stat().st_size for found in self.folder.iterdir() if found.is_file()}

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Create the folder, keep other batches out of it, and remove what an interrupted one left in it.

        Raises
        ------
        UsageError, StorageError
            When another batch writes there, or the folder cannot be created.
        """
        from filelock import FileLock, Timeout  # 50 ms to import, and only who writes needs it

        with storing(str(self.folder), "the folder cannot be created"):
            make_folder(self.folder)
        lock = FileLock(self.folder / ".lock")
        with storing(str(self.folder), "cannot be written to"):
            try:
                lock.acquire(timeout=0)
            except NotImplementedError:
                pass  # some network file systems have no locks: there it is as if nobody else could come
            except Timeout:
                remedy = "Wait until it has ended, or give another --out."
                raise UsageError(f"{self.folder}: another batch is writing its reports there. {remedy}") from None
        try:
            for left in self.folder.glob(".*.tmp"):
                with suppress(OSError):
                    left.unlink()
            yield
        finally:
            # Everything in this folder may be handed on. Nobody waits for the lock, so nobody is left with the old one.
            with suppress(OSError):
                (self.folder / ".lock").unlink()
            lock.release()

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all."""
        path = self.folder / name
        with storing(str(path)):
            write_bytes(path, data)

    def path(self, name: str) -> str:
        """Return where a file is, for a person."""
        return str(self.folder / name)


class RemotePlace:
    """A folder behind a URL."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._system, self._root = _open(self.url)

    def __str__(self) -> str:
        return self.url

    @property
    def _in_one_step(self) -> bool:
        return bool(_ONE_STEP & set(_protocols(self._system)))

    def documents(self) -> list[Dated]:
        """Return each team's latest document, sorted by the teams' folders.

        Raises
        ------
        UsageError, StorageError
            When there is no such folder, or it cannot be read.
        """
        with _reaching(self.url):
            if not self._system.exists(self._root):
                raise UsageError(
                    f"{self.url}: no such folder. Name a workspace, the folder that holds the teams' folders."
                )
            found = [name.removeprefix(self._root).strip("/") for name in self._system.find(self._root, maxdepth=2)]
        parts = [name.split("/") for name in found]
        return _latest([(part[0], part[1]) for part in parts if len(part) == 2])

    def read_document(self, name: str) -> bytes:
        """Return the bytes of an assessment document."""
        with _reaching(self.path(name)):
            try:
                data: bytes = self._system.cat_file(f"{self._root}/{name}", end=MAX_BYTES + 1)
            except FileNotFoundError:
                raise StorageError(f"{self.path(name)}: there is no such file. Check the path.") from None
        if len(data) > MAX_BYTES:
            what = f"more than {MAX_BYTES // 1_000_000} MB are too large for a document"
            raise DocumentError([Problem(name, what, "Is this the right file?")])
        return data

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, None when there is no such file."""
        with _reaching(self.path(name)):
            try:
                data: bytes = self._system.cat_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return None
        return data

    def sizes(self) -> Mapping[str, int]:
        """Return the folder's own files with their sizes."""
        with _reaching(self.url):
            self._system.invalidate_cache()
            try:
                listed = self._system.ls(self._root, detail=True)
            except FileNotFoundError:
                return {}
        return {item["name"].rsplit("/", 1)[-1]: int(item["size"] or 0) for item in listed if item["type"] == "file"}

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Create the folder. Nothing remote has locks: whoever starts two batches into one place sees to it.

        An object store has no folders either, and would create a bucket of a misspelt name.
        """
        if not self._in_one_step:
            with _reaching(self.url), suppress(FileExistsError):
                self._system.makedirs(self._root, exist_ok=True)
        yield

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all."""
        target = f"{self._root}/{name}"
        with _reaching(self.path(name)):
            if self._in_one_step:
                self._system.pipe_file(target, data)
            else:
                temporary = f"{self._root}/.{name}.tmp"
                self._system.pipe_file(temporary, data)
                self._system.mv(temporary, target)

    def path(self, name: str) -> str:
        """Return where a file is, for a person."""
        return f"{self.url}/{name}"


def _latest(found: list[tuple[str, str]]) -> list[Dated]:
    """Return the last of each folder's dated documents with the one before it."""
    teams: dict[str, list[str]] = {}
    for team, name in sorted(found):
        if not team.startswith(".") and name.endswith(".json") and parse_date(name.removesuffix(".json")):
            teams.setdefault(team, []).append(name)
    return [Dated(team, names[-1], tuple(names[:-1])) for team, names in teams.items()]


def _protocols(system: Any) -> tuple[str, ...]:
    return (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)


def _open(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"{url}: URLs need the library fsspec. Install it with: {_INSTALL}") from None
    try:
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:  # it knows the kind of URL, and what is missing for it
        raise UsageError(f"{url}: {error}. Install what it names; for S3: {_INSTALL}") from None
    except ValueError as error:
        raise UsageError(f"{url}: {error}. Give a folder of this machine, or one such as s3://bucket/folder.") from None


@contextmanager
def _reaching(where: str) -> Iterator[None]:
    """Turn whatever a storage's own library raises into an error that a user can act on."""
    try:
        yield
    except (UsageError, StorageError, DocumentError):
        raise
    except Exception as error:  # each library has errors of its own
        remedy = "Check the address, the network and your credentials, then try again."
        raise StorageError(f"{where}: cannot be reached ({type(error).__name__}: {error}). {remedy}") from error
