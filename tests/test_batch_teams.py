"""What a batch says of a team that had to wait or got no report: its name, its own seconds, what there is."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest

from assessment_kit.batch import run_batch
from assessment_kit.errors import ReportError
from assessment_kit.forks import WarmProcess
from assessment_kit.fulfilment import MOST_TRIES, fulfil
from assessment_kit.orders import Limits, Order
from assessment_kit.resources import notebook_path
from tests.test_batch_faults import children_of, manifest, until, workspace_of


@pytest.mark.parametrize("kills", [MOST_TRIES - 1, MOST_TRIES])
def test_a_warm_process_that_is_killed_over_and_over_is_replaced_until_that_is_no_use(kills: int) -> None:
    notebook = nbformat.v4.writes(nbformat.read(notebook_path("team_report"), as_version=4)).encode()
    order = Order(notebook, "report.ipynb", {"document": "nowhere.json", "audience": "team"})
    killed: set[int] = set()
    before = set(children_of(os.getpid()))
    with WarmProcess(rehearse=False) as warm, ThreadPoolExecutor(1) as pool:
        made = pool.submit(fulfil, order, Limits(), warm)
        while len(killed) < kills:
            # As soon as it is there: it has not said yet that it is warm.
            (next_one, *_) = until(lambda: set(children_of(os.getpid())) - before - killed)
            os.kill(next_one, signal.SIGKILL)
            killed.add(next_one)
        delivery = made.result(120)
    if kills < MOST_TRIES:
        assert "nowhere.json" in delivery.problem
    else:
        assert f"was killed {MOST_TRIES} times" in delivery.problem
    found = nbformat.reads(delivery.notebook.decode(), as_version=4)
    nbformat.validate(found)
    assert any('document = "nowhere.json"' in cell.source for cell in found.cells)
    assert "This report is incomplete." in delivery.html.decode()


def test_a_team_that_is_never_delivered_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise ReportError("no worker takes it")

    monkeypatch.setattr("assessment_kit.makers.ForkMaker.make", refuse)
    (failed,) = run_batch(workspace_of(tmp_path / "w", ["card-payments"]), tmp_path / "out", workers=1).failed
    assert (failed.team, failed.date, failed.error) == ("Card Payments", "2026-11-24", "no worker takes it")
    assert manifest(tmp_path / "out")["teams"][0]["team"] == "Card Payments"


def test_the_seconds_of_a_team_are_its_own_and_not_those_of_its_turn(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "w", ["one", "two", "three", "four"])
    started = time.perf_counter()
    result = run_batch(workspace, tmp_path / "out", workers=1)
    took = time.perf_counter() - started
    # One at a time: with the wait for those before it in each, this would be about twice as long as the whole.
    assert 0 < sum(outcome.seconds for outcome in result.outcomes) < 1.2 * took
