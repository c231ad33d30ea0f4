"""What the master notebook's own cells cost in a warm process, beside the kernel around them.

Run as ``python benchmarks/notebook.py``. Goal: 0.4 s of Python for all cells of a full document.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat

from assessment_kit.report import run_report
from assessment_kit.resources import examples_dir, notebook_path

RUNS = 9
GOAL = 0.4


def cells() -> list[str]:
    """Return the code of the master notebook, less the cell that declares its parameters."""
    notebook = nbformat.read(notebook_path("team_report.ipynb"), as_version=4)
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", [])
    ]


def run(sources: list[str], parameters: dict[str, str]) -> tuple[float, int]:
    """Run the cells, showing what each one ends with, and return processor seconds and characters of HTML."""
    namespace: dict[str, Any] = dict(parameters)
    characters = 0
    started = time.process_time()
    for source in sources:
        *statements, last = source.rstrip().split("\n")
        exec("\n".join(statements), namespace)  # noqa: S102 - the kit's own notebook
        shown = eval(last, namespace)  # noqa: S307
        characters += len(shown._repr_mimebundle_()[0]["text/html"])
    return time.process_time() - started, characters


def main() -> None:
    """Print the figures."""
    team = examples_dir() / "workspace" / "payments"
    previous, document = sorted(team.glob("*.json"))[-2:]
    parameters = {"document": str(document), "previous": str(previous), "guide": "", "audience": "team"}
    sources = cells()
    first, characters = run(sources, parameters)
    warm = statistics.median(run(sources, parameters)[0] for _ in range(RUNS))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        run_report(document, Path(folder), previous=previous)
        whole = time.perf_counter() - started
    print(f"{len(sources)} cells, {characters / 1000:.0f} kB of HTML")
    print(f"all cells, cold        {first * 1000:7.0f} ms of processor time")
    print(f"all cells, warm        {warm * 1000:7.0f} ms (median of {RUNS}; goal {GOAL * 1000:.0f} ms)")
    print(f"whole report           {whole * 1000:7.0f} ms on the clock, with a kernel of its own")
    print(f"whole report / cells   {whole / warm:7.1f}")


if __name__ == "__main__":
    main()
