"""Columns as exports have them: a day and its time in two of them, units in names, commas in numbers, several teams."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from assessment_kit.errors import ExportError, UsageError
from assessment_kit.incidents import Import, columns_of, guess_columns, read_export

ROWS = 120


@pytest.fixture
def whole() -> pd.DataFrame:
    place = np.arange(ROWS)
    opened = pd.Series(np.datetime64("2026-01-05T09:20") + place * np.timedelta64(1717, "m"))
    resolved = opened + pd.Series((place % 9 + 1) * np.timedelta64(35, "m"))
    return pd.DataFrame(
        {
            "Ticket number": [f"T{n}" for n in place],
            "Opened": opened.dt.strftime("%d/%m/%Y %H:%M"),
            "Resolved": resolved.dt.strftime("%d/%m/%Y %H:%M").where(place % 5 > 0, ""),
            "Priority": [str(n % 4 + 1) for n in place],
        }
    )


def measures(read: Import) -> dict[str, Any]:
    return {name: (each.value, each.low, each.high, each.n, each.n_left_out) for name, each in read.measures.items()}


def imported(frame: pd.DataFrame, folder: Path, **options: Any) -> Import:
    frame.to_csv(folder / "x.csv", index=False)
    return read_export(folder / "x.csv", **options)


def parts(frame: pd.DataFrame, column: str, day: str, time: str) -> pd.DataFrame:
    """Write a column of times as two."""
    split = frame[column].str.split(" ", n=1, expand=True).fillna("")
    return frame.drop(columns=column).assign(**{day: split[0], time: split[1]})


@pytest.mark.parametrize(
    "day, time",
    [
        ("Opened", "Opened time"),
        ("Open Date", "Open Time"),
        ("OpenedDate", "OpenedTime"),
        ("opened_on", "opened_time"),
        ("Date opened", "Time opened"),
        ("Date", "Time"),
    ],
)
def test_a_day_and_a_time_of_day_give_the_answers_of_one_time(
    whole: pd.DataFrame, tmp_path: Path, day: str, time: str
) -> None:
    expected = measures(imported(whole, tmp_path))
    read = imported(parts(whole, "Opened", day, time), tmp_path)
    assert f"The day in '{day}' and the time of day in '{time}' are read as one time." in read.decisions
    assert measures(read) == expected


def test_the_end_is_joined_as_the_beginning_is(whole: pd.DataFrame, tmp_path: Path) -> None:
    expected = measures(imported(whole, tmp_path))
    split = parts(parts(whole, "Opened", "Opened", "Opened time"), "Resolved", "Resolution date", "Resolution time")
    assert measures(imported(split, tmp_path)) == expected


def test_a_resolution_time_beside_a_whole_time_may_be_a_duration_and_is_left_alone(
    whole: pd.DataFrame, tmp_path: Path
) -> None:
    read = imported(parts(whole, "Resolved", "Resolution date", "Resolution time"), tmp_path)
    assert not any("read as one time" in text for text in read.decisions)
    assert read.columns["resolved"] == "Resolution date"


def test_a_day_without_a_time_is_still_that_day(whole: pd.DataFrame, tmp_path: Path) -> None:
    split = parts(whole, "Opened", "Opened", "Opened time")
    split.loc[[3, 4], "Opened time"] = ["", "?"]
    split.loc[5, "Opened time"] = "half past"
    read = imported(split, tmp_path)
    assert read.incidents == ROWS - 1
    [left] = [each for each in read.left_out if each.rows]
    assert left.reason == "rows in which an opened time cannot be read"
    assert left.examples == ("row 7 (T5): '11/01/2026 half past'",)


def test_columns_that_only_look_alike_are_not_joined(whole: pd.DataFrame, tmp_path: Path) -> None:
    frame = whole.assign(**{"Opened time": "2026-01-01 10:00", "Opened day": "Monday"})
    assert measures(imported(frame, tmp_path)) == measures(imported(whole, tmp_path))


def test_two_columns_can_be_named_by_hand(whole: pd.DataFrame, tmp_path: Path) -> None:
    expected = measures(imported(whole, tmp_path))
    split = parts(whole, "Opened", "Eingang", "Uhr")
    read = imported(split, tmp_path, columns={"opened": "Eingang + Uhr"})
    assert measures(read) == expected
    # What is saved of an import can be said of the next one.
    assert read.columns["opened"] == "Eingang + Uhr"


def test_none_is_none_whatever_a_column_is_called(whole: pd.DataFrame, tmp_path: Path) -> None:
    read = imported(whole, tmp_path, columns={"resolved": None, "priority": None, "acknowledged": None})
    assert read.columns == {"id": "Ticket number", "opened": "Opened"}
    assert read.header == ("Ticket number", "Opened", "Resolved", "Priority")
    assert measures(read) == measures(imported(whole[["Ticket number", "Opened"]], tmp_path))
    with pytest.raises(ExportError, match="no column holds the time an incident was opened"):
        imported(whole, tmp_path, columns={"opened": None})
    with pytest.raises(UsageError, match="there is no role 'begin'"):
        imported(whole, tmp_path, columns={"begin": None})


def test_none_lets_a_vendors_format_be_what_it_is(tmp_path: Path) -> None:
    rows = "".join(f"INC{n},2026-01-{n:02d} 10:00,2026-01-{n:02d} 11:00,1,A\n" for n in range(1, 29))
    (tmp_path / "x.csv").write_text(f"number,opened_at,closed_at,priority,assignment_group\n{rows}")
    read = read_export(tmp_path / "x.csv")
    again = read_export(tmp_path / "x.csv", columns={"team": None, "value": None})
    assert read.format == again.format == "servicenow-list"
    assert {**again.columns, "team": "assignment_group"} == read.columns


def test_a_column_without_a_name_can_be_named_by_hand(whole: pd.DataFrame, tmp_path: Path) -> None:
    named = whole.rename(columns={"Opened": "", "Ticket number": "Fall"})
    read = imported(named, tmp_path, columns={"opened": ""})
    assert read.columns["opened"] == "" and read.incidents == ROWS


def test_which_column_is_what_without_reading_the_rest(whole: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    whole.assign(Note="x").to_csv(path, index=False)
    known = columns_of(path, {"team": "Note"})
    assert known is not None and known.format == "table"
    assert known.columns == {"id": "Ticket number", "opened": "Opened", "resolved": "Resolved", "priority": "Priority",
                             "team": "Note"}  # fmt: skip
    assert known.header == (*whole.columns, "Note") and known.unused == ()
    assert guess_columns(path, {}) is None and columns_of(tmp_path / "nowhere.csv", {}) is None
    assert columns_of(path, {"begin": "Note"}) is None


def test_of_several_tables_that_is_guessed_which_is_not_understood(whole: pd.DataFrame, tmp_path: Path) -> None:
    strange = whole.rename(columns={"Opened": "Eingang", "Resolved": "Ausgang"})
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", whole.to_csv(index=False))
        archive.writestr("b.csv", strange.to_csv(index=False))
    guess = guess_columns(tmp_path / "x.zip", {})
    assert guess is not None and guess.columns["opened"] == "Eingang" and guess.header == tuple(strange.columns)


def test_days_and_times_of_a_workbook(whole: pd.DataFrame, tmp_path: Path) -> None:
    expected = measures(imported(whole, tmp_path))
    times = pd.to_datetime(whole["Opened"], format="%d/%m/%Y %H:%M")
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        day, clock = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["Ticket number", "Opened", "Opened time", "Resolved", "Priority"])
        for row, time in enumerate(times, 1):
            sheet.write(row, 0, whole["Ticket number"][row - 1])
            sheet.write_datetime(row, 1, time.normalize().to_pydatetime(), day)
            sheet.write_datetime(row, 2, time.time(), clock)
            sheet.write(row, 3, whole["Resolved"][row - 1])
            sheet.write(row, 4, whole["Priority"][row - 1])
    assert measures(read_export(tmp_path / "x.xlsx")) == expected


@pytest.mark.parametrize(
    "cells, hours",
    [(["1,5", "2,25"], 1.875), (["1,500", "2,500"], 2000), (["1.5", "2.5"], 2), (["1,5", "1,125"], 1.3125)],
)
def test_a_comma_in_a_number_of_hours_is_read_as_the_whole_column_shows(
    cells: list[str], hours: float, tmp_path: Path
) -> None:
    lines = [f"T{n};2026-01-{n:02d} 10:00;{cells[n % 2]}" for n in range(1, 29)]
    (tmp_path / "x.csv").write_text("\n".join(["Number;Opened (UTC);Time to resolve (hours)", *lines]))
    read = read_export(tmp_path / "x.csv")
    assert read.columns["opened"] == "Opened (UTC)" and read.columns["resolve_after"] == "Time to resolve (hours)"
    assert read.measures["restore_mean_hours"].value == pytest.approx(hours)


def test_an_export_of_several_teams_read_as_one_says_so(whole: pd.DataFrame, tmp_path: Path) -> None:
    frame = whole.assign(**{"Assignment group": ["B", "A", ""] * (ROWS // 3)})
    told = "Every incident counts as this team's, although 'Assignment group' names 2 teams ('A', 'B'): split them by"
    assert any(text.startswith(told) for text in imported(frame, tmp_path, team="A").decisions)
    split = imported(frame, tmp_path, team_column="Assignment group")
    assert not any("counts as this team's" in text for text in split.decisions)
    assert imported(frame, tmp_path, team="A").named_teams() == split.named_teams() == {"A": 40, "B": 40}
