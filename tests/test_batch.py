"""The batch: every team gets its report, a team that fails keeps its reason, and the rest go on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assessment_kit.batch import run_batch
from assessment_kit.cli import main
from assessment_kit.errors import UsageError
from assessment_kit.outcomes import BatchResult

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BatchResult]:
    """Three good teams, one of them hostile, and two broken documents."""
    folder = tmp_path_factory.mktemp("batch")
    for team in ("payments", "insurance-claims"):
        shutil.copytree(EXAMPLES / team, folder / "workspace" / team)
    for name, text in {
        "truncated": '{"schema": 1, "guide": {"id": "production-support"',
        "unknown": json.dumps(
            {
                "schema": 1,
                "guide": {"id": "production-support", "version": "1.0"},
                "team": "Unknown",
                "date": "2026-11-24",
                "answers": {"no-such-question": {"value": 1}, "repeat-share": {"value": -1}},
            }
        ),
        "hostile": json.dumps(
            {
                "schema": 1,
                "guide": {"id": "production-support", "version": "1.0"},
                "team": "</script><script>alert(1)</script> {x} $y$ 🦊",
                "date": "2026-11-24",
                "answers": {"services": {"value": ["<img src=x onerror=alert(1)>"]}},
            }
        ),
    }.items():
        (folder / "workspace" / name).mkdir()
        (folder / "workspace" / name / "2026-11-24.json").write_text(text, encoding="utf-8")
    return folder, run_batch(folder / "workspace", folder / "out {braces}", workers=2, generated="2026-11-24")


def test_good_teams_have_a_report_and_a_notebook(mixed: tuple[Path, BatchResult]) -> None:
    good = [outcome for outcome in mixed[1].outcomes if outcome.ok]
    assert len(good) == 3
    for outcome in good:
        assert outcome.html is not None and outcome.html.read_text("utf-8").rstrip().endswith("</html>")
        assert outcome.notebook is not None and outcome.notebook.exists()


def test_a_failed_team_says_why_with_every_problem(mixed: tuple[Path, BatchResult]) -> None:
    errors = {outcome.document.parent.name: outcome.error for outcome in mixed[1].failed}
    assert errors.keys() == {"truncated", "unknown"}
    assert "truncated" in errors["truncated"]
    assert "no-such-question" in errors["unknown"] and "repeat-share" in errors["unknown"]
    assert all("Traceback" not in error for error in errors.values())


def test_a_failed_team_leaves_its_partial_notebook(mixed: tuple[Path, BatchResult]) -> None:
    for outcome in mixed[1].failed:
        assert outcome.notebook is not None and outcome.notebook.exists()


def test_the_manifest_and_the_index_tell_all_teams_in_alphabetical_order(mixed: tuple[Path, BatchResult]) -> None:
    manifest = json.loads(mixed[1].manifest.read_text("utf-8"))
    teams = [entry["team"] for entry in manifest["teams"]]
    assert teams == sorted(teams, key=str.casefold) and len(teams) == 5
    assert {entry["status"] for entry in manifest["teams"]} == {"ok", "failed"}
    index = mixed[1].index.read_text("utf-8")
    assert "<script>alert(1)" not in index
    assert "&lt;script&gt;alert(1)" in index


def test_the_same_input_gives_the_same_bytes(mixed: tuple[Path, BatchResult], tmp_path: Path) -> None:
    again = run_batch(mixed[0] / "workspace", tmp_path, workers=1, generated="2026-11-24")
    for first, second in zip(mixed[1].outcomes, again.outcomes, strict=True):
        if first.ok:
            assert first.html is not None and second.html is not None
            assert first.html.read_bytes() == second.html.read_bytes()
    assert mixed[1].index.read_bytes() == again.index.read_bytes()
    assert mixed[1].manifest.read_bytes() == again.manifest.read_bytes()


def test_no_half_written_file_is_left(mixed: tuple[Path, BatchResult]) -> None:
    left = {path.suffix for path in (mixed[0] / "out {braces}").iterdir()}
    assert left == {".html", ".ipynb", ".json"}


def test_the_process_that_runs_a_batch_stays_lean(tmp_path: Path) -> None:
    # Notebooks, charts and the index are made in forks of a process that has loaded what they take.
    shutil.copytree(EXAMPLES / "payments", tmp_path / "workspace" / "payments")
    script = f"""
import sys
from assessment_kit.batch import run_batch
result = run_batch({str(tmp_path / "workspace")!r}, {str(tmp_path / "out")!r}, workers=1)
print(len(result.failed), *[name for name in "pandas altair jinja2 nbformat papermill".split() if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.strip()) == ("", "0")


def test_a_workspace_without_documents_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no assessment documents"):
        run_batch(tmp_path, tmp_path / "out")


def test_the_command_ends_with_one_when_a_team_failed(
    mixed: tuple[Path, BatchResult], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", str(mixed[0] / "workspace"), "--out", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "3 of 5 reports made" in printed.out
    assert "FAILED" in printed.err
