"""Check documents and guides: every problem of every file, none hidden behind another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment_kit.document import Document, check_document
from assessment_kit.document_file import read_document, short_name
from assessment_kit.errors import AssessmentKitError, DataError, DocumentError, Problem
from assessment_kit.guide import Guide
from assessment_kit.guide_file import load_guide


@dataclass(frozen=True)
class FileProblem:
    """A problem and the file it is in."""

    path: Path
    problem: Problem

    def __str__(self) -> str:
        return str(self.problem)

    def to_dict(self) -> dict[str, str]:
        """Return it as JSON-able data."""
        return {
            "path": str(self.path),
            "where": self.problem.where,
            "what": self.problem.what,
            "remedy": self.problem.remedy,
        }


def read_checked(path: Path, guide: Guide) -> Document:
    """Return a document whose answers all fit the guide.

    Raises
    ------
    DocumentError
        With every problem.
    StorageError
        When the file cannot be read.
    """
    document = read_document(path, guide)
    problems = check_document(document, guide, short_name(path))
    if problems:
        raise DocumentError(problems)
    return document


def check_paths(paths: Sequence[Path], guide: str = "") -> tuple[int, list[FileProblem]]:
    """Return how many files were checked, and every problem found.

    Parameters
    ----------
    paths
        Documents (``.json``), guides (``.yaml``) and folders, which are searched for both.
    guide
        Path of the guide that documents are held against; empty for the built-in one.
    """
    against = load_guide(guide or None)
    checked, found = 0, []
    for path in _files(paths):
        checked += 1
        found += [FileProblem(path, problem) for problem in _problems(path, against)]
    return checked, found


def _problems(path: Path, guide: Guide) -> Iterable[Problem]:
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            load_guide(path)
        elif path.suffix.lower() == ".json" or path.is_file():
            read_checked(path, guide)
        else:
            return [Problem(str(path), "there is no such file or folder", "Check the path.")]
    except DataError as error:
        return error.problems
    except AssessmentKitError as error:
        return [Problem(str(path), "cannot be read", str(error))]
    return []


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = (found for suffix in ("json", "yaml", "yml") for found in path.rglob(f"*.{suffix}"))
        # Hidden folders hold earlier revisions, and what a tool keeps for itself.
        yield from sorted(
            found for found in inside if not any(part.startswith(".") for part in found.relative_to(path).parts)
        )
