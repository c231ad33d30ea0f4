"""The demonstration: example teams and a real export, all the way to reports."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from assessment_kit.batch import run_batch
from assessment_kit.durable import prepare_folder
from assessment_kit.intake import import_exports
from assessment_kit.outcomes import BatchResult, TeamOutcome
from assessment_kit.resources import examples_dir

#: The date of the demonstration's documents and index: fixed, so that two runs give the same bytes.
DEMO_DAY = date(2026, 11, 24)


def run_demo(
    out: Path, *, workers: int = 0, on_done: Callable[[TeamOutcome, int, int], None] | None = None
) -> BatchResult:
    """Copy the example workspace into a folder, import the example export, and make every report.

    The reports are in ``out/reports``, the documents they come from in ``out/workspace``: a place to try things in. A
    document there that was edited since is kept as it is.
    """
    workspace, reports = prepare_folder(out / "workspace"), prepare_folder(out / "reports")
    for source in sorted((examples_dir() / "workspace").rglob("*.json")):
        target = workspace / source.relative_to(examples_dir() / "workspace")
        if not target.exists():
            prepare_folder(target.parent)
            shutil.copyfile(source, target)
    export = examples_dir() / "exports" / "service-desk.csv"
    import_exports([export], workspace=workspace, day=DEMO_DAY, team="Service desk")
    return run_batch(workspace, reports, workers=workers, generated=DEMO_DAY.isoformat(), on_done=on_done)
