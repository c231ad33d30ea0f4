"""Reports of documents that somebody names one by one, where a batch takes a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from assessment_kit.document_file import document_of
from assessment_kit.durable import prepare_folder
from assessment_kit.errors import AssessmentKitError, UsageError
from assessment_kit.forks import WarmProcess
from assessment_kit.guide import Guide
from assessment_kit.guide_file import load_guide
from assessment_kit.outcomes import TeamOutcome, overall_of
from assessment_kit.report import ReportResult, run_report
from assessment_kit.workspace import Workspace


def make_reports(
    files: Sequence[Path],
    out: Path,
    *,
    previous: Path | None = None,
    guide: str = "",
    previous_guide: str = "",
    audience: str = "team",
    timeout: float | None = None,
    max_memory: int | None = None,
) -> list[TeamOutcome]:
    """Make the reports of single documents, one after the other.

    Parameters
    ----------
    previous
        The team's earlier document; where None it is looked up in the document's own folder.
    previous_guide
        Path of the guide that the earlier documents were filled in under; empty where it is the same one.
    timeout, max_memory
        Seconds and bytes that one notebook may take; None for no limit.

    Raises
    ------
    UsageError
        When one earlier document is given for several reports.
    """
    if previous is not None and len(files) > 1:
        raise UsageError("--previous goes with one document: name them one at a time.")
    rules = load_guide(guide or None)
    prepare_folder(out)
    outcomes = []
    with WarmProcess(Path(guide).resolve() if guide else None, rehearse=len(files) > 2) as warm:
        for path in files:
            document = path.resolve()
            earlier = previous or Workspace(document.parent.parent).previous(document)
            try:
                result = run_report(
                    document,
                    out.resolve(),
                    previous=earlier.resolve() if earlier else None,
                    guide=guide or None,
                    previous_guide=previous_guide if earlier else None,
                    audience=audience,
                    timeout=timeout,
                    max_memory=max_memory,
                    warm=warm,
                )
            except AssessmentKitError as error:
                result = ReportResult(document, None, None, 0.0, str(error))
            outcomes.append(_single(result, rules))
    return outcomes


def _single(result: ReportResult, guide: Guide) -> TeamOutcome:
    team, day, overall = result.document.parent.name, result.document.stem, None
    # A document that cannot be read failed with its reason already.
    with suppress(AssessmentKitError, OSError):
        document = document_of(result.document, result.document.read_bytes()).document
        team, day, overall = document.team, document.date, overall_of(document, guide)
    return TeamOutcome(
        team,
        day,
        result.document,
        result.html_path,
        result.notebook_path,
        result.error or "",
        result.seconds,
        overall,
    )
