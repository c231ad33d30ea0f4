"""Write files so that a crash, a full disk or a second program never leaves half of one.

A file is written under a temporary name in the same folder, flushed to the disk, renamed over the old one, and the
folder is flushed too: a reader sees the old bytes or the new ones, and a power cut after the return loses neither.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assessment_kit.errors import StorageError

_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Free some space on that disk, then try again."),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EROFS),
        "Check that you may read and write the folder and the file, or choose another place.",
    ),
    **dict.fromkeys(
        (errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.EISDIR),
        "Choose another place, or rename what is there.",
    ),
}


_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def storing(name: str, action: str = "could not be saved") -> Iterator[None]:
    """Turn an operating system's error into one that a user can act on.

    Parameters
    ----------
    name
        What to call the file.
    action
        What failed, as it stands behind the name.

    Raises
    ------
    StorageError
        In place of any ``OSError``.
    """
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "Check the disk and the folder, then try again.")
        raise StorageError(f"{name}: {action} ({error.strerror or error}). {remedy}") from error


def write_text(path: Path, text: str) -> Path:
    """Write a text file whole or not at all (UTF-8, line ends as they stand), and return its path.

    Raises
    ------
    StorageError
        When it cannot be written; what was there before is untouched.
    """
    with storing(str(path)):
        write_bytes(path, text.encode())
    return path


def write_bytes(path: Path, data: bytes, *, like: Path | None = None) -> None:
    """Write a file whole or not at all. Its permissions stay as they were.

    The caller sees to it that nobody else writes the same file at the same time.

    Parameters
    ----------
    like
        A file whose permissions and time of modification it takes.

    Raises
    ------
    OSError
        When any step fails; what was there before is untouched and no temporary file is left.
    """
    try:
        model = (like or path).stat()
    except FileNotFoundError:
        model = None
    # A rename would succeed where a write must not: somebody protected this file on purpose.
    if like is None and model is not None and not (model.st_mode & _ANY_WRITE and os.access(path, os.W_OK)):
        raise PermissionError(errno.EACCES, "the file is write-protected", str(path))
    # One fixed name: what a killed process left behind is removed by the next save instead of piling up.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        mode = 0o666 if model is None else stat.S_IMODE(model.st_mode)
        # O_EXCL: never through a link that somebody put in the way.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, mode)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if model is not None:
            temporary.chmod(mode)  # what the umask took away from the new file
        if like is not None and model is not None:
            os.utime(temporary, ns=(model.st_atime_ns, model.st_mtime_ns))
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, so that they outlast a power cut."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir(exist_ok=True)
        sync_folder(part.parent)
    if not missing and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file of this name is in the way", str(folder))


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system can."""
    if os.name == "nt":  # Windows has no such call; a rename is journalled there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(handle)


def prepare_folder(path: Path) -> Path:
    """Create a folder for output and return it.

    Raises
    ------
    StorageError
        When it cannot be created.
    """
    with storing(str(path), "the folder cannot be created"):
        make_folder(path)
    return path
