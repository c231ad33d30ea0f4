"""A real JupyterLab for a browser test: its own free port, folder and home; nothing of the machine's user.

``start_lab`` gives one, and takes it and its kernels away at the end. ``notebook`` writes a notebook of code cells, and
``Lab.open`` shows it in a page and waits until Lab is ready to run it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Nothing that asks the internet, asks the user, or moves about while a test looks.
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
    "@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Light"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
_START_SECONDS = 90
#: A kernel that starts, imports and shows everything on a busy machine.
_RUN_MILLISECONDS = 120_000


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    folder: Path
    process: subprocess.Popen[str]

    def open(self, page: Any, notebook: str) -> None:
        """Show a notebook in a page of Playwright's, without side bars, and wait for its kernel."""
        page.goto(f"{self.url}/doc/tree/{notebook}?token={self.token}&reset")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        # The indicator says "idle" before there is a kernel; whoever runs a cell then is asked to choose one.
        page.evaluate(
            "async () => { const panel = window.jupyterapp.shell.currentWidget; await panel.context.ready;"
            " await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info; }"
        )

    def run_all(self, page: Any) -> None:
        """Run all cells by the menu and wait until the last one has run; cells out of sight are not on the page."""
        # Not awaited: the page is asked for the outcome, and a kernel that is killed in between never answers.
        page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(
            "() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells;"
            " return [...Array(cells.length).keys()].map(index => cells.get(index))"
            "   .filter(cell => cell.type === 'code').every(cell => cell.executionCount !== null && !cell.isDirty); }",
            timeout=_RUN_MILLISECONDS,
        )

    def scroll_to(self, page: Any, heading: str) -> None:
        """Bring a heading and what follows it into view, as the table of contents does."""
        page.evaluate(
            "heading => { const notebook = window.jupyterapp.shell.currentWidget.content;"
            " const index = notebook.widgets.findIndex(cell => cell.model.sharedModel.getSource().includes(heading));"
            " return notebook.scrollToItem(index + 1, 'start'); }",
            heading,
        )

    def kernel(self, folder: Path) -> int:
        """Return the process of a notebook's kernel: the child of the server that works in this folder."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="utf-8")
        here = (int(child) for child in children.split() if Path(f"/proc/{child}/cwd").resolve() == folder.resolve())
        return next(here)


@contextlib.contextmanager
def start_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab in a folder of its own below ``folder`` and end it, with everything it started.

    Raises
    ------
    RuntimeError
        When it does not come up; with what it wrote.
    """
    work, home = folder / "work", folder / "home"
    settings = folder / "app-settings"
    for each in (work, home, settings):
        each.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(_SETTINGS), encoding="utf-8")
    token = secrets.token_hex(16)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG_"))}
    environment = {**kept, "HOME": str(home), "JUPYTER_PLATFORM_DIRS": "0", "IPYTHONDIR": str(home / "ipython")}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={work}", f"--LabApp.app_settings_dir={settings}",
        "--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=work, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        # A group of its own, so that the kernels go with it.
        start_new_session=True,
    )  # fmt: skip
    try:
        yield Lab(_address(process), token, work, process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=20)


def _address(process: subprocess.Popen[str]) -> str:
    """Read the server's log until it says where it is; keep reading behind it, or a full pipe would stop the server."""
    found: queue.Queue[str | None] = queue.Queue()
    log: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                log.append(line)
                if match := re.search(r"(http://127\.0\.0\.1:\d+)/lab", line):
                    found.put(match[1])
        found.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        address = found.get(timeout=_START_SECONDS)
    except queue.Empty:
        address = None
    if address is None:
        raise RuntimeError("JupyterLab did not start:\n" + "".join(log[-40:]))
    return address


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook with these code cells."""
    content = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
