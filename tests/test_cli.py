"""The command line: what it prints, its exit codes, and that a user's mistake never shows a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assessment_kit.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples"
PAYMENTS = EXAMPLES / "workspace" / "payments" / "2026-11-10.json"

METRICS = """incidents_per_month p1_p2_per_month p1_p2_share repeat_share time_to_detect time_to_diagnose
time_to_restore toil_hours_per_month toil_share alert_actionable_share escalations_per_month incident_hours_per_month
noise_hours_per_month capacity_hours_per_month""".split()


def document(folder: Path, **changes: object) -> Path:
    """Write a small document, changed as given, and return its path."""
    raw: dict[str, object] = {
        "schema": 1,
        "guide": {"id": "production-support", "version": "1.0"},
        "team": "Payments",
        "date": "2026-11-24",
        "answers": {"incident-volume": {"value": {"amount": 21, "per": "week"}}},
    }
    path = folder / "payments" / "2026-11-24.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(raw | changes), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command", ["", "demo", "lab", "new", "check", "score", "import", "report", "batch"], ids=lambda name: name or "kit"
)
def test_help_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert f"  assessment-kit {command}".rstrip() in capsys.readouterr().out


def test_score_json_holds_what_others_build_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(PAYMENTS), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    expected = "team date guide overall sections metrics findings contradictions actions".split()
    assert set(expected) <= found.keys()
    assert set(METRICS) <= found["metrics"].keys()
    for section in found["sections"]:
        assert {"id", "score", "low", "high", "coverage", "reason"} <= section.keys()
    for metric in found["metrics"].values():
        assert {"value", "low", "high", "unit", "basis", "definition", "answers"} <= metric.keys()


def test_a_metric_that_cannot_be_had_is_null_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(document(tmp_path)), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)["metrics"]
    assert metrics["incidents_per_month"]["value"] == pytest.approx(21 * 365.25 / 7 / 12)
    assert metrics["toil_hours_per_month"]["value"] is None
    assert "not answered" in metrics["toil_hours_per_month"]["reason"]


def test_score_prints_a_table_with_what_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(document(tmp_path))]) == 0
    printed = capsys.readouterr().out
    assert "Incidents a month" in printed
    assert "Not known:" in printed


def test_new_creates_a_document_and_refuses_to_overwrite_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["new", "Zahlungsverkehr/€ & Co", "--date", "2026-11-24", "--workspace", str(tmp_path)]
    assert main(call) == 0
    (made,) = tmp_path.rglob("2026-11-24.json")
    assert json.loads(made.read_text("utf-8"))["team"] == "Zahlungsverkehr/€ & Co"
    assert main(call) == 2
    assert f"{made.parent.name}/{made.name} exists already" in capsys.readouterr().err


def test_check_names_every_problem_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document(
        tmp_path,
        answers={
            "incident-volume": {"value": {"amount": -4, "per": "fortnight"}},
            "repeat-share": {"value": "many"},
            "no-such-question": {"value": 1},
        },
    )
    (tmp_path / "broken.json").write_text('{"schema": 1, "team"', encoding="utf-8")
    (tmp_path / "guide.yaml").write_text("schema: 1\nid: x\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)
    where = " ".join(problem["where"] for problem in problems)
    for place in ("incident-volume.value.amount", "incident-volume.value.per", "repeat-share", "no-such-question"):
        assert place in where
    assert {Path(problem["path"]).name for problem in problems} == {"2026-11-24.json", "broken.json", "guide.yaml"}
    assert all(problem["what"] and problem["remedy"] for problem in problems)


def test_check_is_quiet_about_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(EXAMPLES / "workspace")]) == 0
    assert capsys.readouterr().out == ""


def test_a_contradiction_is_not_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = document(
        tmp_path,
        answers={
            "incident-volume": {"value": {"amount": 2, "per": "week"}},
            "p1-p2-volume": {"value": {"amount": 5, "per": "week"}},
        },
    )
    assert main(["check", str(path)]) == 0
    assert main(["score", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["id"] for item in found["contradictions"]] == ["p1-p2-exceed-total"]


@pytest.mark.parametrize(
    "call, code, said",
    [
        (["score", "missing.json"], 1, "missing.json"),
        (["check", "missing.json"], 1, "no such file"),
        (["batch", "missing"], 2, "no such folder"),
        (["import", "missing.csv", "--team", "A"], 1, "missing.csv"),
        (["import", "missing.csv"], 2, "--team"),
        (["import", "missing.csv", "--team", "A", "--team-column", "B"], 2, "--team"),
        (["report", "missing.json"], 1, "missing.json"),
        (["new", "   "], 2, "name"),
        (["score", "a.json", "--guide", "missing.yaml"], 1, "missing.yaml"),
    ],
)
def test_a_mistake_is_said_in_words(
    call: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(call) == code
    printed = capsys.readouterr()
    assert said in printed.err + printed.out
    assert "Traceback" not in printed.err + printed.out


@pytest.mark.parametrize("call", [["score"], ["batch", "x", "--workers", "0"], ["new", "A", "--date", "24.11.2026"]])
def test_wrong_usage_ends_with_two(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(call)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_import_says_which_answers_of_an_earlier_import_it_replaces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, every in (("a.csv", 1), ("b.csv", 2)):
        days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 7) for day in range(1, 29, every)]
        rows = [f"T{number},{day} 10:00,{day} 12:00" for number, day in enumerate(days)]
        (tmp_path / name).write_text("\n".join(["number,opened,resolved", *rows]))
    call = ["--team", "A", "--date", "2026-11-24", "--workspace", str(tmp_path / "ws")]
    assert main(["import", str(tmp_path / "a.csv"), *call]) == 0
    assert "replaced" not in capsys.readouterr().out
    assert main(["import", str(tmp_path / "b.csv"), *call]) == 0
    assert "answers of an earlier import replaced" in capsys.readouterr().out


def test_import_writes_measured_answers_and_keeps_what_the_team_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = document(tmp_path, team="Service desk")
    (tmp_path / "service-desk").mkdir()
    shutil.move(path, tmp_path / "service-desk" / "2026-11-24.json")
    export = str(EXAMPLES / "exports" / "service-desk.csv")
    call = ["import", export, "--team", "Service desk", "--date", "2026-11-24", "--workspace", str(tmp_path)]
    assert main(call) == 0
    found = json.loads((tmp_path / "service-desk" / "2026-11-24.json").read_text("utf-8"))
    volume = found["answers"]["incident-volume"]
    assert volume["basis"] == "measured"
    assert volume["said"]["value"] == {"amount": 21, "per": "week"}
    assert found["imports"][0]["rows_read"] > 100
    before = (tmp_path / "service-desk" / "2026-11-24.json").read_bytes()
    assert main(call) == 0
    assert (tmp_path / "service-desk" / "2026-11-24.json").read_bytes() == before, "a second import changes nothing"
    assert "unchanged" in capsys.readouterr().out


def test_a_dry_run_writes_nothing_and_tells_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = str(EXAMPLES / "exports" / "service-desk.csv")
    assert main(["import", export, "--team", "A", "--dry-run", "--json", "--workspace", str(tmp_path / "no")]) == 0
    account = json.loads(capsys.readouterr().out)
    assert {"rows_read", "incidents", "left_out", "decisions", "warnings", "measures"} <= account.keys()
    assert not (tmp_path / "no").exists()


def test_a_name_cannot_drive_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = document(tmp_path, team="=cmd\x1b[31mRED\x07\u202e")
    assert main(["score", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and "\x07" not in printed and "\u202e" not in printed
    assert r"=cmd\x1b[31mRED\x07\u202e" in printed
