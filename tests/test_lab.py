"""Opening JupyterLab: the notebooks stand beside the documents, and nothing of the user's is overwritten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessment_kit.lab import FIRST, open_lab, prepare
from assessment_kit.resources import notebooks_dir


def test_the_notebooks_are_put_beside_the_documents(tmp_path: Path) -> None:
    first = prepare(tmp_path / "assessments")
    assert first.name == FIRST
    for notebook in notebooks_dir().glob("*.ipynb"):
        assert (tmp_path / "assessments" / notebook.name).read_bytes() == notebook.read_bytes()


def test_a_notebook_that_somebody_changed_stays(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / FIRST).write_text("mine", encoding="utf-8")
    prepare(tmp_path)
    assert (tmp_path / FIRST).read_text("utf-8") == "mine"


def test_jupyterlab_is_started_without_news_and_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: dict[str, object] = {}

    def run(command: list[str], *, check: bool, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        started.update(command=command, env=env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "own"))
    assert open_lab(tmp_path, ["--no-browser"]) == 0
    assert started["command"] == [sys.executable, "-m", "jupyterlab", str(tmp_path / FIRST), "--no-browser"]
    environment = started["env"]
    assert isinstance(environment, dict)
    own, ours = environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert own == str(tmp_path / "own"), "what a user set goes first"
    settings = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"] == {"checkForUpdates": False, "fetchNews": "false"}
