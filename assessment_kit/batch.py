"""Reports of a whole workspace: many teams, one manifest, one index; a team that fails never stops the others.

Nothing is done twice: a report that would come out the same is left as it is (see ``fingerprints``). A batch that was
stopped, by whomever and at whatever moment, is completed by running it again.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePath, PurePosixPath

from assessment_kit.batch_settings import BatchSettings
from assessment_kit.document import Document
from assessment_kit.document_file import digest_of, document_of
from assessment_kit.durable import storing
from assessment_kit.errors import AssessmentKitError, BatchError, UsageError
from assessment_kit.guide_file import load_guide
from assessment_kit.makers import Maker, local_maker
from assessment_kit.manifest import NAME, Before, Entry, Heading, Record, in_order, read_manifest
from assessment_kit.orders import IndexLine, IndexOrder, Limits
from assessment_kit.outcomes import BatchResult, TeamOutcome, overall_of
from assessment_kit.places import Dated, LocalPlace, Place, place_of
from assessment_kit.resources import builtin_guide_path, notebook_path
from assessment_kit.watching import LostError


def run_batch(
    workspace: str | Path,
    out: str | Path,
    *,
    workers: int = 0,
    guide: str = "",
    audience: str = "team",
    generated: str = "",
    notebook: Path | None = None,
    timeout: float | None = None,
    max_memory: int | None = None,
    force: bool = False,
    cluster: str = "",
    on_done: Callable[[TeamOutcome, int, int], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> BatchResult:
    """Make the report of every team's latest document that is not there yet.

    Parameters
    ----------
    workspace, out
        Folder of documents; folder for the reports (created). Paths, or URLs that ``fsspec`` understands.
    workers
        Processes; 0 for one for each core.
    guide
        Path of a guide, empty for the built-in one.
    generated
        The one date that is written into the index and the manifest.
    notebook
        The master notebook; by default ``notebooks/team_report.ipynb``.
    timeout, max_memory
        Seconds and bytes that one team's notebook may take; None for no limit.
    force
        Also make the reports that would come out the same.
    cluster
        Address of a Dask scheduler, on whose workers the notebooks run; empty for this machine.
    on_done
        Called for each team that ends, with the number done and the number of all.
    on_note
        Called with what a user should know while he waits, from any thread.

    Raises
    ------
    UsageError
        When the workspace holds no documents, another batch writes to the same folder, the folder holds reports for
        another audience, or an extra is missing that a URL or the cluster needs.
    GuideError, StorageError
        When the guide cannot be used, or the output cannot be written: that would fail every team.
    BatchError
        When the cluster was lost. What was made is kept, and the manifest tells of it.
    """
    source, target = place_of(workspace), place_of(out)
    rules = load_guide(guide or None)
    documents = source.documents()
    if not documents:
        raise UsageError(f"{source}: no assessment documents there. Create one with `assessment-kit new TEAM`.")
    master = notebook or notebook_path("team_report.ipynb")
    with storing(str(master), "cannot be read"):
        master_bytes = master.read_bytes()
    with target.prepared():
        before, sizes = read_manifest(target.read(NAME)), dict(target.sizes())
        _refuse_other_audience(before, sizes, audience, str(out))
        settings = BatchSettings(
            workspace=source,
            out=target,
            guide=rules,
            guide_path=str(Path(guide).resolve()) if guide else "",
            guide_name=Path(guide).name if guide else "",
            guide_bytes=(Path(guide) if guide else builtin_guide_path()).read_bytes(),
            notebook_name=master.name,
            notebook=master_bytes,
            audience=audience,
            limits=Limits(timeout, max_memory),
            force=force,
            before=before,
            sizes=sizes,
        )
        if cluster:
            from assessment_kit.cluster import ClusterMaker

            maker: Maker = ClusterMaker(cluster, on_note or (lambda note: None))
        else:
            maker = local_maker(workers, len(documents), Path(guide).resolve() if guide else None)
        earlier = _earlier(before, sizes, documents)
        outcomes = _make(settings, documents, maker, generated, earlier, on_done)
    return BatchResult(outcomes, str(target), _location(target, "index.html"), _location(target, NAME), earlier)


def _refuse_other_audience(before: Before, sizes: Iterable[str], audience: str, out: str) -> None:
    """Keep reports for one audience in one folder: everything in it may be handed on together."""
    there = sorted(before.files.intersection(sizes))
    if there and before.audience != audience:
        remedy = f"Give another --out for {audience}, or remove them if nobody needs them."
        raise UsageError(f"{out}: holds reports for another audience ({before.audience}), such as {there[0]}. {remedy}")


def _earlier(before: Before, sizes: Iterable[str], documents: Iterable[Dated]) -> tuple[str, ...]:
    """Return the files that earlier batches made and this one has no report for."""
    now = {f"{dated.stem}{ending}" for dated in documents for ending in (".html", ".ipynb")}
    return tuple(sorted(before.files.intersection(sizes) - now))


def _make(
    settings: BatchSettings,
    documents: Sequence[Dated],
    maker: Maker,
    generated: str,
    earlier: tuple[str, ...],
    on_done: Callable[[TeamOutcome, int, int], None] | None,
) -> tuple[TeamOutcome, ...]:
    """Make reports, index and manifest; the manifest is valid whenever and however this ends."""
    record = Record(
        lambda data: settings.out.write(NAME, data),
        [known for dated in documents if (known := settings.before.entries.get(dated.path))],
        Heading((settings.guide.id, settings.guide.version), settings.audience, generated, earlier),
    )
    outcomes: list[TeamOutcome] = []
    try:
        # Before the first file is overwritten: whoever finds it incomplete knows that sizes are not enough.
        record.write(complete=False)
        with closing(_all_made(settings, documents, maker)) as made:
            for entry, outcome in made:
                record.add(entry)
                outcomes.append(outcome)
                if on_done is not None:
                    on_done(outcome, len(outcomes), len(documents))
        outcomes.sort(key=in_order)
        settings.out.write("index.html", _index(settings, documents, outcomes, maker, generated))
    except BaseException:
        maker.close()
        record.write(complete=False)
        raise
    maker.close()
    record.write(complete=True)
    return tuple(outcomes)


def _all_made(
    settings: BatchSettings, documents: Sequence[Dated], maker: Maker
) -> Generator[tuple[Entry, TeamOutcome]]:
    """Have every report made, and yield what became of each as it comes."""
    stopped = threading.Event()
    # One more than the maker takes: what is to do before and behind an execution is done meanwhile.
    with ThreadPoolExecutor(maker.workers + 1, thread_name_prefix="report") as pool:
        waiting = [pool.submit(_report, settings, dated, maker, stopped) for dated in documents]
        try:
            for future in as_completed(waiting):
                yield future.result()
        except BaseException:
            stopped.set()
            maker.close()  # which wakes whoever waits for it: what is left to wait for is a file that is being written
            pool.shutdown(cancel_futures=True)
            raise


class _StoppedError(Exception):
    """The batch was stopped while this team's turn came."""


def _report(settings: BatchSettings, dated: Dated, maker: Maker, stopped: threading.Event) -> tuple[Entry, TeamOutcome]:
    """Make one team's report, or find that it is there; every failure becomes an outcome with its reason."""
    if stopped.is_set():
        raise _StoppedError
    started = time.perf_counter()
    html = notebook = inputs = sha = None
    marks: tuple[int | None, int | None, str | None, str | None] = (None, None, None, None)
    document: Document | None = None
    known, error, waited = None, "", 0.0
    try:
        data = settings.workspace.read_document(dated.path)
        sha = digest_of(data)
        # Whatever comes of the report, it is called by the team's name. What is wrong here, the report tells better.
        with suppress(AssessmentKitError):
            document = document_of(Path(dated.path), data).document
        previous = settings.workspace.read_document(dated.previous_path) if dated.previous else b""
        fingerprint = settings.inputs(data, previous)
        known = settings.unchanged(dated, fingerprint)
        if known is not None:
            html, notebook, inputs = known.html, known.notebook, fingerprint
            marks = (known.html_bytes, known.notebook_bytes, known.html_sha256, known.notebook_sha256)
        else:
            asked = time.perf_counter()
            delivery = maker.make(settings.order(dated, data, previous), settings.limits)
            if delivery.seconds is not None:
                waited = time.perf_counter() - asked - delivery.seconds
            if stopped.is_set():
                raise _StoppedError
            notebook, html = f"{dated.stem}.ipynb", f"{dated.stem}.html"
            settings.out.write(notebook, delivery.notebook)
            settings.out.write(html, delivery.html)
            error = delivery.problem
            made = (delivery.html, delivery.notebook)
            marks = (len(made[0]), len(made[1]), digest_of(made[0]), digest_of(made[1]))
            inputs = None if error else fingerprint
        if document is None and not error:
            document_of(Path(dated.path), data)
    except LostError:
        raise _StoppedError from None
    except BatchError:
        raise
    except AssessmentKitError as problem:
        error = error or str(problem)
    except _StoppedError:
        raise
    except Exception as problem:  # noqa: BLE001 - a fault of ours must not stop the other teams; it is shown, not swallowed
        error = f"{type(problem).__name__}: {problem}"
    overall = overall_of(document, settings.guide) if document is not None else None
    team, day = (document.team, document.date) if document else (dated.team, dated.name.removesuffix(".json"))
    entry = Entry(
        team, day, "failed" if error else "ok", error or None, html, notebook, dated.path, sha, inputs, *marks
    )
    outcome = TeamOutcome(
        team,
        day,
        _location(settings.workspace, dated.path),
        _location(settings.out, html) if html else None,
        _location(settings.out, notebook) if notebook else None,
        error,
        time.perf_counter() - started - waited,
        overall,
        known is not None,
    )
    return entry, outcome


def _location(place: Place, name: str) -> PurePath:
    return (place.folder / name).absolute() if isinstance(place, LocalPlace) else PurePosixPath(name)


def _index(
    settings: BatchSettings, documents: Sequence[Dated], outcomes: Sequence[TeamOutcome], maker: Maker, generated: str
) -> bytes:
    with _at_hand(settings.workspace, documents) as folder:
        lines = tuple(
            IndexLine(
                str((folder / outcome.document.parent.name / outcome.document.name).absolute()),
                outcome.team,
                outcome.date,
                outcome.html.name if outcome.html else "",
                outcome.error,
            )
            for outcome in outcomes
        )
        return maker.index(IndexOrder(lines, settings.guide_path, settings.audience, generated))


@contextmanager
def _at_hand(workspace: Place, documents: Sequence[Dated]) -> Iterator[Path]:
    """Give a folder of this machine with the documents: the workspace itself, or a copy of it for a moment."""
    if isinstance(workspace, LocalPlace):
        yield workspace.folder
        return
    with tempfile.TemporaryDirectory(prefix="assessment-kit-") as copy:
        for dated in documents:
            Path(copy, dated.team).mkdir()
            for name in (*dated.earlier, dated.name):
                # One that cannot be read failed with its reason already.
                with suppress(AssessmentKitError):
                    Path(copy, dated.team, name).write_bytes(workspace.read_document(f"{dated.team}/{name}"))
        yield Path(copy)
