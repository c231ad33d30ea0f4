"""Every notebook runs from its first cell to its last, under nbval, as it would by hand in JupyterLab."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WORKSPACE = ROOT / "examples" / "workspace"


def team_with_history() -> dict[str, str]:
    """Return the parameters of the master notebook for an example team that was assessed twice."""
    previous, document = next(
        dates[-2:] for team in sorted(WORKSPACE.iterdir()) if len(dates := sorted(team.glob("*.json"))) > 1
    )
    return {"document": str(document), "previous": str(previous), "guide": "", "audience": "team"}


#: What to inject into a notebook that cannot run as it is: the master's own parameters are unusable on purpose, so that
#: a forgotten one is noticed.
PARAMETERS: dict[str, Callable[[], dict[str, str]]] = {
    "team_report.ipynb": team_with_history,
    "portfolio.ipynb": lambda: {"workspace": str(WORKSPACE), "guide": "", "audience": "team"},
}


def test_there_are_notebooks() -> None:
    assert "team_report.ipynb" in {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_cell_runs(path: Path, tmp_path: Path) -> None:
    notebook = load_notebook_node(str(path))
    if path.name in PARAMETERS:
        notebook = parameterize_notebook(notebook, PARAMETERS[path.name]())
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    # In a process of its own: nbval collects every notebook it is shown, and this project's settings are not meant for
    # one. The kernel is this interpreter, whatever kernel a user has installed under the notebook's kernel name.
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(tmp_path)]
    command += ["-c", os.devnull, "--nbval-lax", "--nbval-current-env", str(copy)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert passed(done.stdout) >= len(code) > 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    # What a run leaves behind may be a team's answers, and changes with every run.
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count is not None] == []


def passed(output: str) -> int:
    """Return how many cells nbval ran, from the last line of pytest."""
    found = re.search(r"(\d+) passed", output)
    return int(found[1]) if found else 0
