"""Reports of a whole workspace: many teams, one manifest, one index; a team that fails never stops the others."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment_kit import __version__
from assessment_kit.audience import parse_audience
from assessment_kit.document import check_document
from assessment_kit.document_file import read_document
from assessment_kit.durable import make_folder, storing, write_text
from assessment_kit.errors import AssessmentKitError, UsageError
from assessment_kit.evaluate import evaluate
from assessment_kit.guide_file import load_guide
from assessment_kit.pages.index_page import index_entry, render_index
from assessment_kit.report import ReportResult, run_report
from assessment_kit.results import Evaluation
from assessment_kit.workspace import Workspace

#: A worker that dies takes its team's try with it; twice in a row is that team's fault.
MOST_TRIES = 2


@dataclass(frozen=True)
class Job:
    """One report to make."""

    document: Path
    previous: Path | None
    out: Path
    guide: str
    audience: str


@dataclass(frozen=True)
class TeamOutcome:
    """What became of one team."""

    team: str
    date: str
    document: Path
    html: Path | None
    notebook: Path | None
    error: str
    seconds: float
    evaluation: Evaluation | None

    @property
    def ok(self) -> bool:
        """Whether the report is there and complete."""
        return not self.error


@dataclass(frozen=True)
class BatchResult:
    """All outcomes, teams in alphabetical order, and where the index and the manifest are."""

    outcomes: tuple[TeamOutcome, ...]
    index: Path
    manifest: Path

    @property
    def failed(self) -> tuple[TeamOutcome, ...]:
        """The teams whose report failed."""
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)


def default_workers() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_batch(
    workspace: Path,
    out: Path,
    *,
    workers: int = 0,
    guide: str = "",
    audience: str = "team",
    generated: str = "",
    on_done: Callable[[TeamOutcome, int, int], None] | None = None,
) -> BatchResult:
    """Make the report of every team's latest document.

    Parameters
    ----------
    workspace, out
        Folder of documents; folder for the reports (created).
    workers
        Processes; 0 for one for each core.
    guide
        Path of a guide, empty for the built-in one.
    generated
        The one date that is written into the index and the manifest.
    on_done
        Called for each team that ends, with the number done and the number of all.

    Raises
    ------
    UsageError
        When the workspace holds no documents.
    GuideError, StorageError
        When the guide cannot be used: that would fail every team.
    """
    load_guide(guide or None)
    documents = latest_documents(workspace)
    if not documents:
        raise UsageError(f"{workspace}: no assessment documents there. Create one with `assessment-kit new TEAM`.")
    prepare_folder(out)
    jobs = [Job(path.resolve(), previous, out.resolve(), guide, audience) for path, previous in documents]
    outcomes: list[TeamOutcome] = []
    for job, result in _run_all(jobs, min(workers or default_workers(), len(jobs))):
        outcomes.append(_outcome(job, result))
        if on_done is not None:
            on_done(outcomes[-1], len(outcomes), len(jobs))
    # Alphabetical, not by score: comparing teams by rank is what the kit does not do.
    outcomes.sort(key=lambda outcome: (outcome.team.casefold(), outcome.date))
    return BatchResult(
        tuple(outcomes),
        write_text(out / "index.html", _index(outcomes, guide, audience, generated)),
        write_text(out / "manifest.json", _manifest(outcomes, out, guide, audience, generated)),
    )


def make_reports(
    files: Sequence[Path], out: Path, *, previous: Path | None = None, guide: str = "", audience: str = "team"
) -> list[TeamOutcome]:
    """Make the reports of single documents, one after the other.

    Parameters
    ----------
    previous
        The team's earlier document; where None it is looked up in the document's own folder.

    Raises
    ------
    UsageError
        When one earlier document is given for several reports.
    """
    if previous is not None and len(files) > 1:
        raise UsageError("--previous goes with one document: name them one at a time.")
    load_guide(guide or None)
    prepare_folder(out)
    outcomes = []
    for path in files:
        earlier = previous or Workspace(path.resolve().parent.parent).previous(path.resolve())
        job = Job(path.resolve(), earlier.resolve() if earlier else None, out.resolve(), guide, audience)
        outcomes.append(_outcome(job, run_job(job)))
    return outcomes


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


def latest_documents(workspace: Path) -> list[tuple[Path, Path | None]]:
    """Return each team's latest document with the one before it, None where there is none."""
    if not workspace.is_dir():
        raise UsageError(f"{workspace}: no such folder. Name a workspace, the folder that holds the teams' folders.")
    found = Workspace(workspace)
    latest: dict[Path, Path] = {path.parent: path for path in found.documents()}  # sorted: the last date wins
    return [(path, found.previous(path)) for path in latest.values()]


def _run_all(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, ReportResult]]:
    """Yield results as they come. A broken pool is rebuilt; a job that broke it twice is given up."""
    waiting = dict.fromkeys(jobs, 0)
    while waiting:
        # forkserver (or spawn): papermill changes the working directory and starts threads, which plain fork copies.
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        # After a break each job gets a pool of its own, so that only the guilty one fails.
        suspects = any(tries for tries in waiting.values())
        group = list(waiting)[:1] if suspects else list(waiting)
        with ProcessPoolExecutor(1 if suspects else workers, mp_context=context) as pool:
            futures: dict[Future[ReportResult], Job] = {pool.submit(run_job, job): job for job in group}
            for future in as_completed(futures):
                job = futures[future]
                try:
                    result = future.result()
                except BrokenProcessPool:
                    waiting[job] += 1
                    if waiting[job] < MOST_TRIES:
                        continue
                    result = _failure(job, "The worker process died (killed, or out of memory).")
                del waiting[job]
                yield job, result


def run_job(job: Job) -> ReportResult:
    """Make one report; every failure becomes a result with its reason."""
    try:
        return run_report(job.document, job.out, previous=job.previous, guide=job.guide or None, audience=job.audience)
    except AssessmentKitError as error:
        return _failure(job, str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the other teams; it is shown, not swallowed
        return _failure(job, f"{type(error).__name__}: {error}")


def _failure(job: Job, message: str) -> ReportResult:
    return ReportResult(document=job.document, notebook_path=None, html_path=None, seconds=0.0, error=message)


def _outcome(job: Job, result: ReportResult) -> TeamOutcome:
    team, day, evaluation = job.document.parent.name, job.document.stem, None
    try:
        document = read_document(job.document)
        team, day = document.team, document.date
        guide = load_guide(job.guide or None)
        if not check_document(document, guide):
            evaluation = evaluate(document, guide)
    except AssessmentKitError:
        # The report of this document failed with the same message: the outcome below carries it.
        pass
    return TeamOutcome(
        team, day, job.document, result.html_path, result.notebook_path, result.error or "", result.seconds, evaluation
    )


def _index(outcomes: Sequence[TeamOutcome], guide: str, audience: str, generated: str) -> str:
    rules, reader = load_guide(guide or None), parse_audience(audience)
    entries = [
        index_entry(
            outcome.document,
            rules,
            reader,
            team=outcome.team,
            day=outcome.date,
            href=outcome.html.name if outcome.html else "",
            error=outcome.error,
        )
        for outcome in outcomes
    ]
    return render_index(entries, guide=rules, audience=reader, generated=generated)


def _manifest(outcomes: Sequence[TeamOutcome], out: Path, guide: str, audience: str, generated: str) -> str:
    built = load_guide(guide or None)
    manifest: dict[str, Any] = {
        "kit": __version__,
        "generated": generated,
        "guide": {"id": built.id, "version": built.version},
        "audience": audience,
        "teams": [
            {
                "team": outcome.team,
                "date": outcome.date,
                "status": "ok" if outcome.ok else "failed",
                "error": outcome.error or None,
                "html": outcome.html.name if outcome.html else None,
                "notebook": outcome.notebook.name if outcome.notebook else None,
                "document": f"{outcome.document.parent.name}/{outcome.document.name}",
                "document_sha256": _sha256(outcome.document),
            }
            for outcome in outcomes
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
