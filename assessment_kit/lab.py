"""Open JupyterLab on the interview notebook, in a folder that belongs to the facilitator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from assessment_kit.durable import prepare_folder
from assessment_kit.resources import notebooks_dir, templates_dir

#: The notebook that opens first.
FIRST = "interview.ipynb"


def prepare(workspace: Path) -> Path:
    """Copy the kit's notebooks beside the documents and return the one to open.

    A notebook that is already there is left alone: somebody may have added cells of their own.
    """
    prepare_folder(workspace)
    for notebook in sorted(notebooks_dir().glob("*.ipynb")):
        target = workspace / notebook.name
        if not target.exists():
            shutil.copyfile(notebook, target)
    return workspace / FIRST


def open_lab(workspace: Path, options: Sequence[str] = ()) -> int:
    """Start JupyterLab and wait until it ends; return its exit code.

    Parameters
    ----------
    options
        Passed on to ``jupyter lab``.
    """
    notebook = prepare(workspace)
    # The interpreter's own JupyterLab: one that is first on the PATH may not have the kit in its kernel.
    command = [sys.executable, "-m", "jupyterlab", str(notebook), *options]
    print(f"Documents are kept in {workspace.resolve()}. Stop with Ctrl-C.")
    try:
        return subprocess.run(command, check=False, env=_environment()).returncode
    except KeyboardInterrupt:
        return 0


def _environment() -> dict[str, str]:
    """Return the environment JupyterLab starts in: offline is normal, so it neither asks for news nor for updates.

    The kit's settings are defaults: what a user set in JupyterLab goes before them.
    """
    paths = [os.environ.get("JUPYTER_CONFIG_PATH", ""), str(templates_dir() / "lab")]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths)), "JUPYTER_PREFER_ENV_PATH": "1"}
