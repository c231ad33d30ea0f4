"""What can go wrong, in words a user can act on.

The tree, so that a caller can catch as widely as it needs::

    AssessmentKitError
    ├── UsageError          the command or the call was wrong
    ├── DataError           a file's contents are wrong; carries every problem found
    │   ├── GuideError
    │   ├── DocumentError
    │   └── ExportError     a ticket export
    ├── ConflictError       a document changed on disk since it was read
    ├── StorageError        reading or writing failed (permissions, a full disk)
    ├── ReportError         a notebook or its HTML could not be made
    └── BatchError          a batch could not go on; what it had made is kept
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where, what, and what to do about it.

    Attributes
    ----------
    where
        File and path inside it, for example
        ``payments/2026-11-24.json: answers.incident-volume.value``.
    what
        What is wrong there, as a clause without a full stop.
    remedy
        What to do, as a sentence.
    """

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.remedy}"


class AssessmentKitError(Exception):
    """Root of everything the kit raises on purpose."""


class UsageError(AssessmentKitError):
    """The command or the call was wrong: nothing in the data is."""


class DataError(AssessmentKitError):
    """A file's contents are wrong.

    Parameters
    ----------
    problems
        Every problem found, in the order of the file. Never empty.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        if not self.problems:
            raise ValueError("a DataError needs at least one problem")
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        """Survive a trip between processes (the batch's workers)."""
        return type(self), (self.problems,)


class GuideError(DataError):
    """A guide file is wrong."""


class DocumentError(DataError):
    """An assessment document is wrong."""


class ExportError(DataError):
    """A ticket export is wrong."""


class ConflictError(AssessmentKitError):
    """A document changed on disk since it was read; both versions were kept."""


class StorageError(AssessmentKitError):
    """Reading or writing failed: permissions, a full disk, a missing folder."""


class ReportError(AssessmentKitError):
    """A notebook could not be executed, or its HTML could not be made."""


class BatchError(AssessmentKitError):
    """A batch could not go on; what it had made until then is kept."""
