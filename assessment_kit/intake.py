"""Ticket exports into documents: measured answers beside what the team said, never over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assessment_kit import incidents
from assessment_kit.column_file import Reading
from assessment_kit.document import new_document
from assessment_kit.errors import AssessmentKitError, UsageError
from assessment_kit.guide import Guide
from assessment_kit.guide_file import load_guide
from assessment_kit.said import merge_measured
from assessment_kit.workspace import Workspace


@dataclass(frozen=True)
class Written:
    """One document that an import touched.

    Attributes
    ----------
    kept_beside
        Questions whose measured answer has the team's own beside it.
    stayed
        Questions whose table of the team's tells more than the measured one, and so was left as it is.
    replaced
        Questions that an earlier import had answered in another way.
    """

    team: str
    path: Path
    created: bool
    changed: bool
    kept_beside: tuple[str, ...]
    stayed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


def write_measured(
    workspace: Workspace,
    team: str,
    day: date,
    guide: Guide,
    answers: Mapping[str, Mapping[str, Any]],
    record: Mapping[str, Any],
) -> Written:
    """Merge measured answers into the team's document of that day, which is created when there is none."""
    path = workspace.path_for(team, day)
    created = not path.exists()
    opened = None if created else workspace.open(path)
    document = new_document(team, day, guide) if opened is None else opened.document
    # An answer to a question that an edited guide left out has no place there; the record keeps the figure.
    fitting = {question_id: answer for question_id, answer in answers.items() if question_id in guide.questions}
    merged = merge_measured(document, fitting, record)
    changed = merged.document != document
    if opened is None:
        workspace.add(merged.document, guide)
    elif changed:
        workspace.save(opened, merged.document, guide)
    return Written(team, path, created, changed, merged.beside, merged.stayed, merged.replaced)


@dataclass(frozen=True)
class Refused:
    """A team whose document could not be written, and why."""

    team: str
    why: str


@dataclass(frozen=True)
class ImportDone:
    """What was read, and which documents hold it now (none after a dry run) or could not be written."""

    read: incidents.Import
    written: tuple[Written, ...]
    refused: tuple[Refused, ...] = ()

    def summary(self) -> Sequence[str]:
        """Return the account as lines of text."""
        return self.read.summary()

    def to_dict(self) -> dict[str, Any]:
        """Return the account as JSON-able data, with the documents written."""
        documents = [
            {
                "team": item.team,
                "path": str(item.path),
                "created": item.created,
                "changed": item.changed,
                "kept_beside": list(item.kept_beside),
                "stayed": list(item.stayed),
            }
            for item in self.written
        ]
        refused = [{"team": item.team, "why": item.why} for item in self.refused]
        return {**self.read.to_dict(), "documents": documents, "refused": refused}


def import_exports(
    exports: Sequence[Path],
    *,
    workspace: Path | None,
    day: date,
    team: str = "",
    team_column: str = "",
    min_incidents: int = 0,
    reading: Reading | None = None,
    guide: str = "",
    keep_descriptions: bool = False,
) -> ImportDone:
    """Read ticket exports and write each team's measured answers into its document of a day.

    Parameters
    ----------
    workspace
        Folder of documents; None to write nothing (a dry run).
    team, team_column
        The team that everything belongs to, or the column that tells. One of the two.
    reading
        What a person says about the export where its cells cannot tell.
    keep_descriptions
        Whether a few descriptions are stored as they were written, beside each group of repeats.

    Raises
    ------
    UsageError
        When neither or both of ``team`` and ``team_column`` are given, or no team is left.
    ExportError
        When an export cannot be used; with every problem.
    """
    if bool(team.strip()) == bool(team_column):
        raise UsageError("Give either --team NAME (all incidents are one team's) or --team-column NAME.")
    built = load_guide(guide or None)
    said = reading or Reading()
    read = incidents.read_export(
        exports,
        team=team,
        team_column=team_column or None,
        min_incidents=min_incidents,
        day_first=said.day_first,
        columns={role: column for role, column in said.columns.items() if not (role == "team" and team_column)},
        timezone=said.timezone,
        keep=said.keep,
        missing=said.missing,
        keep_descriptions=keep_descriptions,
    )
    if not read.teams:
        raise UsageError(
            f"No team has {min_incidents} incidents or more, so there is nothing to write. Lower --min-incidents."
        )
    written, refused = [], []
    for name, found in sorted(read.teams.items()):
        if workspace is None:
            break
        try:
            written.append(write_measured(Workspace(workspace), name, day, built, found.answers, found.record))
        except AssessmentKitError as error:  # one unreadable document must not keep the other teams from theirs
            refused.append(Refused(name, str(error)))
    return ImportDone(read, tuple(written), tuple(refused))
