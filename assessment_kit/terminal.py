"""What the command line prints: plain text, aligned, no more than a screen."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tqdm import tqdm

from assessment_kit import wording
from assessment_kit.errors import AssessmentKitError
from assessment_kit.results import Evaluation, Metric, Score
from assessment_kit.workspace import Revision, read_revision

if TYPE_CHECKING:
    from assessment_kit.intake import ImportDone
    from assessment_kit.outcomes import BatchResult, TeamOutcome


#: What would move the cursor, ring or recolour a terminal: a team's name may come out of an export.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return a text with its control characters spelt out, so that it can only be read."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def say(text: object, *, file: TextIO | None = None) -> None:
    """Print a text that may hold what users typed."""
    print(printable(str(text)), file=file, flush=True)


def score_lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield scores, figures, contradictions and findings of one assessment."""
    yield f"{evaluation.team}, {wording.day(evaluation.date)}"
    yield ""
    rows: list[tuple[str, ...]] = [("", "score", "possible", "coverage", "")]
    rows += [_score_row(score) for score in (*evaluation.sections, evaluation.overall)]
    yield from _aligned(rows)
    yield ""
    figures = [_metric_row(metric) for metric in evaluation.metrics.values() if metric.estimate is not None]
    yield from _aligned([("", "likely", "low to high", "basis"), *figures])
    missing = [metric for metric in evaluation.metrics.values() if metric.estimate is None]
    if missing:
        yield ""
        yield "Not known:"
        for metric in missing:
            yield from _wrapped(f"{metric.label}: {metric.reason}", "  ")
    if evaluation.contradictions:
        yield ""
        yield "To ask:"
        for contradiction in evaluation.contradictions:
            yield from _wrapped(f"{contradiction.why} {contradiction.question}", "  ")
    if evaluation.findings:
        yield ""
        yield "Findings:"
        for finding in evaluation.findings:
            hours = f" ({wording.quantity(finding.hours.value, finding.hours.unit)})" if finding.hours else ""
            yield from _wrapped(f"{finding.severity:<6}  {finding.title}{hours}", "  ", "          ")
    if evaluation.warnings:
        yield ""
        yield "Mind:"
        for warning in evaluation.warnings:
            yield from _wrapped(warning, "  ")


def _score_row(score: Score) -> tuple[str, ...]:
    number = "–" if score.score is None else f"{score.score:.1f}"
    possible = "" if score.low is None or score.high is None else f"{score.low:.1f} to {score.high:.1f}"
    coverage = "" if score.coverage is None else wording.percent(100 * score.coverage)
    name = score.called or ("not enough answers" if score.applicable else "not scored")
    return score.title, number, possible, coverage, name


def _metric_row(metric: Metric) -> tuple[str, ...]:
    assert metric.estimate is not None
    value = wording.quantity(metric.estimate.value, metric.estimate.unit)
    return metric.label, value, wording.interval(metric.estimate), metric.estimate.basis


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _wrapped(text: str, indent: str, then: str = "") -> list[str]:
    width = max(60, min(120, shutil.get_terminal_size((100, 24)).columns))
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=then or indent + "  ")


def import_lines(done: ImportDone) -> Iterator[str]:
    """Yield the account of an import: what was read, used and left out, decided, warned about and written."""
    yield from done.summary()
    yield ""
    for refused in done.refused:
        yield f"  NOT WRITTEN  {refused.team}: {refused.why}"
    if not done.written:
        yield "Nothing was written."
        return
    for written in done.written:
        state = "created" if written.created else "updated" if written.changed else "unchanged"
        told = [
            f", {wording.count(len(questions), 'answer')} {how}"
            for questions, how in (
                (written.kept_beside, "of the team kept beside the measured ones"),
                (written.replaced, "of an earlier import replaced"),
            )
            if questions
        ]
        yield f"  {state}  {written.path}{''.join(told)}"
        for question in written.stayed:
            yield f"    {question}: the team's table tells more than an export can, so it stays as it is"
    yield f"{wording.count(len(done.written), 'document')} in {done.written[0].path.parent.parent}."


def history_lines(path: Path, revisions: Sequence[Revision]) -> Iterator[str]:
    """Yield the earlier revisions of a document, newest first."""
    if not revisions:
        yield f"{path}: no earlier revision."
        return
    rows: list[tuple[str, ...]] = [("revision", "saved (UTC)", "holds")]
    rows += [(str(item.number), f"{item.saved:%Y-%m-%d %H:%M:%S}", _holds(item)) for item in revisions]
    yield from _aligned(rows)


def _holds(revision: Revision) -> str:
    try:
        return wording.count(len(read_revision(revision).answers), "answer")
    except AssessmentKitError:
        return "not a readable document"


@contextmanager
def progress() -> Iterator[Callable[[TeamOutcome, int, int], None]]:
    """Show a bar with rate and time left on a terminal, a line for each team elsewhere."""
    bar: Any = None
    interactive = sys.stderr.isatty()
    started, made = time.monotonic(), 0

    def on_done(outcome: TeamOutcome, done: int, of: int) -> None:
        nonlocal bar, made
        made += not outcome.unchanged
        if not interactive:
            state = "FAILED" if not outcome.ok else "unchanged" if outcome.unchanged else "ok"
            left = "" if outcome.unchanged or done == of else _left((time.monotonic() - started) / made * (of - done))
            say(f"[{done}/{of}] {state}  {outcome.team}  {outcome.seconds:.1f} s{left}", file=sys.stderr)
            return
        if bar is None:
            bar = tqdm(total=of, unit="team", file=sys.stderr, dynamic_ncols=True)
            # The first team took its time too: without it the rate would start at thousands a second.
            bar.start_t = bar.last_print_t = bar.start_t - (time.monotonic() - started)
        bar.update(done - bar.n)
        if not outcome.ok:
            bar.write(printable(f"FAILED  {outcome.team}"), file=sys.stderr)

    try:
        yield on_done
    finally:
        if bar is not None:
            bar.close()


def note(text: str) -> None:
    """Say something between what :func:`progress` shows."""
    tqdm.write(printable(text), file=sys.stderr)


def _left(seconds: float) -> str:
    return f", about {seconds / 60:.0f} min left" if seconds > 90 else f", about {seconds:.0f} s left"


def print_batch(result: BatchResult) -> int:
    """Print the summary table of a batch; return its exit code."""
    rows = [("team", "date", "score", "coverage", "report")]
    for outcome in result.outcomes:
        overall = outcome.overall
        score = f"{overall.score:.1f}" if overall and overall.score is not None else "–"
        coverage = wording.percent(100 * overall.coverage) if overall and overall.coverage is not None else "–"
        report = outcome.html.name if outcome.ok and outcome.html else "FAILED"
        rows.append((printable(outcome.team)[:40], outcome.date, score, coverage, report))
    say("\n".join(_aligned(rows)))
    for outcome in result.failed:
        say(f"\n{outcome.team} failed:\n{textwrap.indent(outcome.error, '  ')}", file=sys.stderr)
        if outcome.notebook:
            say(f"  Its partial notebook: {outcome.notebook}", file=sys.stderr)
    there = len(result.outcomes) - len(result.failed)
    unchanged = sum(outcome.unchanged for outcome in result.outcomes)
    kept = f" ({unchanged} of them unchanged)" if unchanged else ""
    reports = wording.count(len(result.outcomes), "report")
    if result.earlier:
        words = wording.count(len(result.earlier), "file")
        what = "Delete what is not to be handed on."
        say(f"\nFrom earlier batches {words} are still in the folder, such as {result.earlier[0]}. {what}")
    say(f"\n{there} of {reports} made{kept}. Open {result.where_index_is}")
    return 1 if result.failed else 0


def print_reports(outcomes: Sequence[TeamOutcome]) -> int:
    """Print where the reports are; return the exit code."""
    for outcome in outcomes:
        if outcome.ok:
            say(outcome.html)
        else:
            say(f"{outcome.team} failed:\n{textwrap.indent(outcome.error, '  ')}", file=sys.stderr)
    return 0 if all(outcome.ok for outcome in outcomes) else 1
