"""Whatever file is dropped in: a message with where, what and the remedy, or a counted omission. Never a traceback."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.errors import ExportError, Problem, UsageError
from assessment_kit.incidents import Import, read_export

Saver = Callable[..., Path]

GOOD = "number,opened_at,resolved_at\n1,2024-01-05 10:00,2024-01-05 12:00\n"


@pytest.fixture
def saved(tmp_path: Path) -> Saver:
    def save(content: str | bytes, name: str = "export.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save


def refused(path: Path, **options: Any) -> Problem:
    with pytest.raises(ExportError) as error:
        read_export(path, **options)
    [problem] = error.value.problems
    assert problem.where.startswith(path.name)
    assert problem.remedy.endswith(".")
    assert str(path.parent) not in str(problem), "paths of the machine are nobody's business"
    return problem


def left_out(read: Import) -> dict[str, int]:
    assert read.rows_read == read.rows_used + sum(entry.rows for entry in read.left_out)
    return read.to_dict()["left_out"]


@pytest.mark.parametrize("content", ["", "\n\n", " \r\n"])
def test_an_empty_file(saved: Saver, content: str) -> None:
    assert refused(saved(content)).what == "the file is empty"


def test_a_header_alone(saved: Saver) -> None:
    assert refused(saved("number,opened_at\n")).what == "the file has a header but not one row below it"


def test_no_such_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.csv").what == "there is no such file"


def test_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).what == "this is a folder, not a file"


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"PK\x03\x04rest", "the ZIP archive or workbook is damaged"),
        (b"\xd0\xcf\x11\xe0rest", "the workbook is damaged, or no workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 60 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"%PDF-1.7", "a PDF"),
        (b"PAR1broken", "the Parquet file is damaged"),
        (b"\x89PNG\r\n", "a picture"),
        (b"  <!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<table><tr><td>number</td></tr></table>", "a web page"),
        (b"<?xml version='1.0'?><unload/>", "this is XML"),
        (bytes(range(1, 32)) * 20, "not text"),
        (b"\0" * 500, "nothing but zero bytes"),
    ],
)
def test_not_a_csv_file(saved: Saver, content: bytes, kind: str) -> None:
    assert kind in refused(saved(content)).what


def test_a_gzip_file_that_is_cut_off(saved: Saver) -> None:
    whole = gzip.compress(GOOD.encode() * 50)
    assert refused(saved(whole[:-20], "export.csv.gz")).what == "the gzip file is damaged or cut off"


def test_a_needed_column_missing_names_what_was_found_and_wanted(saved: Saver) -> None:
    problem = refused(saved("ticket,priority\n1,2\n"))
    assert "no column holds the time an incident was opened (usual names: opened_at, opened" in problem.what
    assert "the columns found are 'ticket', 'priority'" in problem.what


def test_signals_of_things_that_never_went_down(saved: Saver) -> None:
    content = "timestamp,state,service\n2025-11-24T11:21:45+00:00,up,A\n2025-11-24T11:22:45+00:00,up,A\n"
    assert refused(saved(content)).what == "not one signal in 'state' says that something was down"


def test_a_team_column_that_is_not_there(saved: Saver) -> None:
    problem = refused(saved(GOOD), team_column="Squad")
    assert problem.what == "there is no column 'Squad' (the team); the columns are 'number', 'opened_at', 'resolved_at'"


def test_unreadable_dates_show_one(saved: Saver) -> None:
    problem = refused(saved("number,opened_at\n1,soon\n2,later\n"))
    assert problem.where == "export.csv: column 'opened_at'"
    assert "not one of its 2 values can be read as a date, for example 'soon'" in problem.what


def test_dates_that_are_all_empty(saved: Saver) -> None:
    assert "every cell is empty" in refused(saved("number,opened_at\n1,\n2,\n")).what


def test_some_unreadable_dates_are_counted_with_examples(saved: Saver) -> None:
    read = read_export(saved("number,opened_at\nA1,soon\nA2,2024-01-05\nA3,\n"))
    assert left_out(read) == {"rows without an opened time": 1, "rows in which an opened time cannot be read": 1}
    assert read.to_dict()["examples"]["rows in which an opened time cannot be read"] == ["row 2 (A1): 'soon'"]


def test_an_unreadable_resolved_time_is_missing_and_said(saved: Saver) -> None:
    read = read_export(saved(GOOD + "2,2024-01-06,=cmd()\n"))
    assert left_out(read) == {}
    assert read.warnings[0].startswith("'resolved_at' cannot be read as a time in 1 row (row 3 (2)): it counts")
    assert read.to_dict()["quotes"] == {"cells of 'resolved_at' that are no time": ["row 3 (2): '=cmd()'"]}
    assert any("row 3 (2): '=cmd()'" in line for line in read.summary())
    assert "=cmd()" not in repr([(part.answers, part.record) for part in read.teams.values()])
    assert read.measures["restore_mean_hours"].n == 1


def test_a_column_called_resolved_that_holds_yes_and_no_is_not_a_time(saved: Saver) -> None:
    read = read_export(saved("id,opened,resolved\n1,2024-01-05,yes\n2,2024-01-06,no\n"))
    assert "'resolved' holds no times" in read.warnings[0]
    assert read.measures["restore_mean_hours"].value is None


def test_rows_with_too_many_fields_are_counted(saved: Saver) -> None:
    read = read_export(saved(GOOD + "2,2024-01-06,2024-01-07,x,y\n3,2024-01-08\n"))
    assert left_out(read) == {"rows with more fields than the header": 1}
    assert read.left_out[0].examples == ("row 3: 5 fields under 3 columns",)


def test_a_delimiter_at_the_end_of_every_row_is_no_field(saved: Saver) -> None:
    read = read_export(saved("number,opened_at\n1,2024-01-05,\n2,2024-01-06,\n"))
    assert (read.incidents, left_out(read)) == (2, {})


def test_a_quotation_mark_that_never_closes(saved: Saver) -> None:
    problem = refused(saved('number,opened_at\n1,"2024-01-05\n2,2024-01-06\n'))
    assert problem.what == "a quotation mark opened in row 2 is never closed"


def test_line_ends_inside_quotes_are_text(saved: Saver) -> None:
    read = read_export(saved('number,opened_at,note\n1,2024-01-05,"two\nlines; and, more"\n2,2024-01-06,x\n'))
    assert read.incidents == 2


def test_the_same_header_twice(saved: Saver) -> None:
    assert read_export(saved("id,opened,opened\n1,2024-01-05,2024-01-06\n")).incidents == 1


def test_one_incident_has_a_duration_but_no_rate(saved: Saver) -> None:
    read = read_export(saved(GOOD), team="A")
    assert read.teams["A"].answers.keys() == {"time-to-restore"}
    assert read.measures["incidents_per_week"].reason == "1 incident in all: too few to tell how often they come"


def test_nothing_but_maintenance(saved: Saver) -> None:
    problem = refused(saved("id,opened,type\n1,2024-01-05,Maintenance\n"))
    assert problem.what == "not one incident is left (1 planned maintenance, not incidents)"


def test_all_files_are_checked_before_any_is_refused(saved: Saver) -> None:
    with pytest.raises(ExportError) as error:
        read_export([saved("", "a.csv"), saved("x,y\n1,2\n", "b.csv"), saved(GOOD, "c.csv")])
    assert [problem.where for problem in error.value.problems] == ["a.csv", "b.csv"]


def test_files_of_two_kinds(saved: Saver) -> None:
    log = "id,time,status\n1,2024-01-05 10:00,New\n1,2024-01-05 12:00,Resolved\n"
    with pytest.raises(ExportError, match="the files differ in kind"):
        read_export([saved(GOOD, "a.csv"), saved(log, "b.csv")])


def test_a_role_that_does_not_exist(saved: Saver) -> None:
    with pytest.raises(UsageError, match="there is no role 'begin'; the roles are id, opened"):
        read_export(saved(GOOD), columns={"begin": "number"})


def test_hostile_text_stays_text(saved: Saver) -> None:
    names = ["=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "../../etc/passwd", "💥 {team} $HOME"]
    rows = "".join(f'{n},2024-01-0{n + 1},"{name}"\n' for n, name in enumerate(names, 1))
    read = read_export(saved("id,opened,team\n" + rows), team_column="team")
    assert set(read.teams) == set(names)
