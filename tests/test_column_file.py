"""A small file says which column is what; the command prints one to start from, and saves one to use again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from assessment_kit.cli import main
from assessment_kit.column_file import Reading, parse_columns, read_columns, save_columns, suggestion
from assessment_kit.errors import DataError
from assessment_kit.incidents import guess_columns

GERMAN = (
    "Fall;Beginn;Ende;Dringlichkeit;Gruppe\n"
    "7;05.01.2024 10:00;05.01.2024 11:00;2;A\n"
    "8;13.01.2024 10:00;13.01.2024 13:00;1;B\n"
)
MAPPED = "columns:\n  id: Fall\n  opened: Beginn\n  resolved: Ende\n  priority: Dringlichkeit\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "fall.csv").write_text(GERMAN, "utf-8")
    return tmp_path / "fall.csv"


def columns(tmp_path: Path, text: str) -> Path:
    (tmp_path / "columns.yaml").write_text(text, "utf-8")
    return tmp_path / "columns.yaml"


# ------------------------------------------------------------------------------------------------------ on the command


def test_what_is_not_understood_prints_a_file_to_correct_and_use(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(export), "--team", "X", "--dry-run"]) == 1
    printed = capsys.readouterr().err
    first, _, rest = printed.partition("\n\n")
    assert "no column holds the time an incident was opened" in first
    assert "--columns FILE" in first
    found = yaml.safe_load(rest)
    assert found["columns"] == {"id": "Fall", "opened": "Beginn", "resolved": "Ende"}
    assert "#   Dringlichkeit" in rest

    # As printed, it is a file that works.
    assert main(["import", str(export), "--team", "X", "--dry-run", "--columns", str(columns(tmp_path, rest))]) == 0


def test_a_refusal_that_no_column_can_mend_prints_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.csv").write_text("number,opened\nA,03/04/2024\nB,05/06/2024\n")
    assert main(["import", str(tmp_path / "x.csv"), "--team", "X", "--dry-run"]) == 1
    printed = capsys.readouterr().err
    assert "--day-first or --month-first" in printed
    assert "columns:" not in printed


def test_saved_columns_read_the_next_export_alike(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.yaml"
    base = ["import", str(export), "--team", "X", "--dry-run", "--json"]
    how = ["--columns", str(columns(tmp_path, MAPPED)), "--timezone", "Europe/Zurich", "--day-first"]
    assert main([*base, *how, "--save-columns", str(saved)]) == 0
    first = json.loads(capsys.readouterr().out)
    assert main([*base, "--columns", str(saved)]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again == first
    assert first["columns"] == {"id": "Fall", "opened": "Beginn", "resolved": "Ende", "priority": "Dringlichkeit"}
    assert first["measures"]["restore_mean_hours"]["value"] == 2.0
    assert read_columns(saved) == Reading(first["columns"], True, "Europe/Zurich")


def test_the_json_account_has_what_it_promises(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped = columns(tmp_path, MAPPED)
    assert main(["import", str(export), "--team", "X", "--dry-run", "--json", "--columns", str(mapped)]) == 0
    account = json.loads(capsys.readouterr().out)
    assert account["rows_read"] == 2
    assert account["incidents"] == 2
    assert account["left_out"] == {}
    assert all(isinstance(text, str) for text in [*account["decisions"], *account["warnings"]])
    for measure in account["measures"].values():
        assert {"value", "unit", "definition", "n", "n_left_out"} <= measure.keys()
    assert not (tmp_path / "assessments").exists()


def test_a_zone_that_does_not_exist_is_wrong_usage(export: Path, tmp_path: Path) -> None:
    mapped = columns(tmp_path, MAPPED)
    assert main(["import", str(export), "--team", "X", "--columns", str(mapped), "--timezone", "Mars/Base"]) == 2


# ------------------------------------------------------------------------------------------------------------ the file


def test_the_command_line_counts_more_than_the_file(tmp_path: Path) -> None:
    found = read_columns(columns(tmp_path, "dates: month first\ntimezone: UTC\nkeep: [NA]\nmissing: [unknown]\n"))
    assert found == Reading({}, False, "UTC", ("NA",), ("unknown",))
    over = found.overruled(day_first=True, timezone="+01:00", keep=["-"], missing=[])
    assert over == Reading({}, True, "+01:00", ("NA", "-"), ("unknown",))
    assert found.overruled(day_first=None, timezone="", keep=[], missing=[]) == found


@pytest.mark.parametrize("name", ["a: b", "it's", "#1", "- x", "NULL", "ü\u2028", '"', "yes", "12"])
def test_any_column_name_survives_saving(name: str, tmp_path: Path) -> None:
    save_columns(tmp_path / "x.yaml", {"opened": name}, Reading())
    assert read_columns(tmp_path / "x.yaml").columns == {"opened": name}


def test_a_role_that_no_column_plays_is_saved_and_read(tmp_path: Path) -> None:
    said = Reading({"opened": "Begin", "team": None, "closed": "End"})
    save_columns(tmp_path / "x.yaml", {"opened": "Begin", "closed": "End", "id": "id"}, said)
    assert read_columns(tmp_path / "x.yaml").columns == {"opened": "Begin", "closed": "End", "id": "id", "team": None}
    assert parse_columns(b"\xef\xbb\xbfcolumns:\n  team:\n", "x") == Reading({"team": None})


@pytest.mark.parametrize(
    "text, where, what",
    [
        ("columns: [a]", "columns", "no list of roles"),
        ("columns:\n  begin: x", "columns.begin", "no such role"),
        ("columns:\n  opened: [x]", "columns.opened", "names no column"),
        ("dates: maybe", "dates", "is no order"),
        ("keep: NA", "keep", "is no list"),
        ("colums:\n  opened: x", "colums", "no such setting"),
        ("- a", "", "holds no `columns:`"),
        ("", "", "holds no `columns:`"),
        ("a: [", "", "not valid YAML"),
        ("a: !!python/object/apply:os.system ['true']", "", "not valid YAML"),
    ],
)
def test_a_wrong_file_says_where_and_what(text: str, where: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_columns(columns(tmp_path, text))
    [problem] = error.value.problems
    assert problem.where.endswith(f"columns.yaml: {where}" if where else "columns.yaml")
    assert what in problem.what
    assert problem.remedy.endswith(".")


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_columns(columns(tmp_path, "dates: maybe\ncolumns:\n  begin: x\n  end: y\nother: 1\n"))
    assert len(error.value.problems) == 4


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_columns(tmp_path / "nowhere.yaml")


def test_what_comes_first_in_time_is_suggested_as_the_opening(tmp_path: Path) -> None:
    rows = "".join(f"{day}.01.2026 12:00,F{day},{day}.01.2026 10:00\n" for day in range(1, 29))
    (tmp_path / "x.csv").write_text("Ende,Fall,Beginn\n" + rows, "utf-8")
    lines = suggestion([tmp_path / "x.csv"], Reading())
    assert "  opened: Beginn\n  resolved: Ende" in lines


def test_what_lies_before_the_opening_is_not_suggested_as_its_end(tmp_path: Path) -> None:
    rows = "".join(f"{day}.01.2026 12:00,F{day},{day}.01.2026 10:00,x\n" for day in range(1, 29))
    (tmp_path / "x.csv").write_text("Opened,Fall,Ausfall seit,Art\n" + rows, "utf-8")
    guess = guess_columns(tmp_path / "x.csv", {"opened": "Nirgends"})
    assert guess is not None
    assert "resolved" not in guess.columns
    assert "Ausfall seit" in guess.unused


def test_lines_to_correct_are_yaml_whatever_else_was_said(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Nummer,Was\n1,a\n2,b\n")
    text = suggestion([tmp_path / "x.csv"], Reading(day_first=True, timezone="Europe/Zurich"))
    found = yaml.safe_load(text.replace("opened: ?", "opened: Was"))
    assert found["columns"]["opened"] == "Was"
    assert (found["dates"], found["timezone"]) == ("day first", "Europe/Zurich")
