"""The real input that the first path ends on: 60 support teams of one event log, all the way to their reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessment_kit.cli import main
from assessment_kit.workspace import Workspace

#: Computed with plain pandas, independently of the kit: see the README beside the data.
ROWS, INCIDENTS, TEAMS = 65_533, 7_554, 60


@pytest.fixture(scope="module")
def imported(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Path, str]:
    """A workspace of the 60 teams with 20 incidents or more, and what the import printed."""
    folder = tmp_path_factory.mktemp("sixty") / "workspace"
    capture = request.config.pluginmanager.getplugin("capturemanager")
    export = str(shared_data / "volvo-incidents" / "VINST-new.csv.gz")
    split = ["--team-column", "Involved ST", "--min-incidents", "20"]
    with capture.global_and_fixture_disabled():
        code = main(["import", export, *split, "--workspace", str(folder), "--date", "2026-11-24", "--json"])
    assert code == 0
    return folder, export


def test_each_team_has_a_document_with_measured_answers(imported: tuple[Path, str]) -> None:
    documents = [json.loads(path.read_text("utf-8")) for path in Workspace(imported[0]).documents()]
    assert len(documents) == TEAMS
    incidents = {document["team"]: document["imports"][0]["incidents"] for document in documents}
    assert (incidents["S42"], incidents["G96"], incidents["G97"]) == (856, 829, 524)
    for document in documents:
        assert document["answers"], document["team"]
        for answer in document["answers"].values():
            assert answer["basis"] == "measured"
            assert answer["source"].startswith("VINST-new.csv.gz")


def test_the_account_tells_rows_read_used_and_left_out(
    imported: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    split = ["--team-column", "Involved ST", "--min-incidents", "20"]
    assert main(["import", imported[1], *split, "--dry-run", "--json"]) == 0
    account = json.loads(capsys.readouterr().out)
    assert account["rows_read"] == ROWS
    assert account["incidents"] == INCIDENTS
    assert account["measures"]["reassigned"]["value"] == 3_820
    assert account["measures"]["restore_mean_hours"]["value"] == pytest.approx(7.35 * 24, abs=0.2)
    assert account["measures"]["restore_median_hours"]["value"] == pytest.approx(0.25 * 24, abs=0.1)
    assert account["rows_read"] == account["rows_used"] + sum(account["left_out"].values())


def test_sixty_reports_and_one_index_without_a_failure(
    imported: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", str(imported[0]), "--out", str(tmp_path)]) == 0
    assert f"{TEAMS} of {TEAMS} reports made" in capsys.readouterr().out
    reports = [path for path in tmp_path.glob("*.html") if path.name != "index.html"]
    assert len(reports) == len(list(tmp_path.glob("*.ipynb"))) == TEAMS
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert {team["status"] for team in manifest["teams"]} == {"ok"}
    # The trap: arrivals that climb only because of how the extract was cut. Every report says it.
    for report in reports:
        assert "cut by activity" in report.read_text("utf-8"), report.name
    index = (tmp_path / "index.html").read_text("utf-8")
    assert all(f'href="{report.name}"' in index for report in reports)
