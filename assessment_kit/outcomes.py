"""What became of the reports that were asked for: team by team, and of a whole batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from assessment_kit.document import Document, check_document
from assessment_kit.evaluate import evaluate
from assessment_kit.guide import Guide
from assessment_kit.results import Score


@dataclass(frozen=True)
class TeamOutcome:
    """What became of one team.

    Attributes
    ----------
    document
        The document; seen from the workspace where that is a URL.
    html, notebook
        The files; only their names where the folder is a URL. None where there is none.
    overall
        The score of the whole assessment; None where the document cannot be used.
    unchanged
        Whether the report was there already, and is left as it was.
    """

    team: str
    date: str
    document: PurePath
    html: PurePath | None
    notebook: PurePath | None
    error: str
    seconds: float
    overall: Score | None
    unchanged: bool = False

    @property
    def ok(self) -> bool:
        """Whether the report is there and complete."""
        return not self.error


@dataclass(frozen=True)
class BatchResult:
    """All outcomes, teams in alphabetical order, where the index and the manifest are, and files of earlier batches."""

    outcomes: tuple[TeamOutcome, ...]
    folder: str
    index: PurePath
    manifest: PurePath
    earlier: tuple[str, ...] = ()

    @property
    def where_index_is(self) -> str:
        """The index's path or URL, for a person."""
        return str(self.index) if self.index.is_absolute() else f"{self.folder}/{self.index}"

    @property
    def failed(self) -> tuple[TeamOutcome, ...]:
        """The teams whose report failed."""
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)


def overall_of(document: Document, guide: Guide) -> Score | None:
    """Return the score of the whole assessment, None where the document cannot be used."""
    return None if check_document(document, guide) else evaluate(document, guide).overall
