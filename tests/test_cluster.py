"""A batch on a Dask cluster of real worker processes gives the files that a batch here gives."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.batch import run_batch
from assessment_kit.cli import main
from assessment_kit.errors import UsageError
from assessment_kit.outcomes import TeamOutcome
from tests.test_batch_faults import faulty_notebook, workspace_of

distributed = pytest.importorskip("distributed")

# What Dask itself has to say about its own clean-up is not this project's matter.
pytestmark = pytest.mark.filterwarnings("ignore")

TEAMS = [f"team-{number:02}" for number in range(10)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(tmp_path_factory.mktemp("cluster") / "workspace", TEAMS)


@pytest.fixture(scope="module")
def here(workspace: Path) -> Path:
    """Return the reports as this machine alone makes them."""
    out = workspace.parent / "here"
    run_batch(workspace, out, generated="2026-11-24")
    return out


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Return a scheduler with two workers in processes of their own, each in a folder of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50
    ) as running:
        yield running


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_results_are_those_of_this_machine(cluster: Any, workspace: Path, here: Path, tmp_path: Path) -> None:
    result = run_batch(workspace, tmp_path / "out", generated="2026-11-24", cluster=cluster.scheduler_address)
    assert not result.failed
    assert contents(tmp_path / "out") == contents(here)


def test_a_worker_that_is_killed_in_mid_run_loses_nothing(
    cluster: Any, workspace: Path, here: Path, tmp_path: Path
) -> None:
    killed = threading.Event()
    workers = [worker.pid for worker in cluster.workers.values()]

    def on_done(outcome: TeamOutcome, done: int, of: int) -> None:
        if done == 2:
            os.kill(workers[0], signal.SIGKILL)
            killed.set()

    result = run_batch(
        workspace, tmp_path / "out", generated="2026-11-24", cluster=cluster.scheduler_address, on_done=on_done
    )
    assert killed.is_set()
    assert not result.failed
    assert contents(tmp_path / "out") == contents(here)


def test_a_notebook_that_goes_wrong_is_isolated_there_too(cluster: Any, tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", ["exits", "endless", "well"])
    notebook = faulty_notebook(tmp_path / "faulty.ipynb")
    result = run_batch(workspace, tmp_path / "out", notebook=notebook, timeout=5, cluster=cluster.scheduler_address)
    assert {outcome.document.parent.name for outcome in result.failed} == {"exits", "endless"}
    assert "exit code 7" in result.outcomes[1].error
    for outcome in result.failed:
        assert outcome.notebook is not None
        assert '"output_type": "error"' in outcome.notebook.read_text("utf-8")


def test_workers_with_other_code_are_refused(cluster: Any, workspace: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("assessment_kit.cluster.code_digest", lambda: "another")
    with pytest.raises(UsageError, match=r"2 of 2 workers cannot make the same reports.*Install the same version"):
        run_batch(workspace, tmp_path / "out", cluster=cluster.scheduler_address)


def test_a_cluster_without_workers_is_told(workspace: Path, tmp_path: Path) -> None:
    with (
        distributed.LocalCluster(
            n_workers=0, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50
        ) as empty,
        pytest.raises(UsageError, match=r"no workers\. Start one on each machine: dask worker tcp://"),
    ):
        run_batch(workspace, tmp_path / "out", cluster=empty.scheduler_address)


def test_a_scheduler_that_does_not_answer_is_told(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessment_kit.cluster.PATIENCE", 1)
    started = time.monotonic()
    assert main(["batch", str(workspace), "--out", str(tmp_path / "out"), "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert time.monotonic() - started < 30
    told = capsys.readouterr().err
    assert "no Dask scheduler answers there" in told and "dask scheduler" in told
