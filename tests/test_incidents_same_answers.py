"""The same incidents give the same answers, however the file that holds them was written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export

EXPORT = Path(__file__).parents[1] / "examples" / "exports" / "service-desk.csv"


def answers(read: Import) -> dict[str, Any]:
    """Return everything that is answered and measured, without the file's name."""
    found: dict[str, Any] = {}
    for team, part in read.teams.items():
        kept = {
            question: {k: v for k, v in answer.items() if k != "source"} for question, answer in part.answers.items()
        }
        found[team] = [kept, part.record["measures"], part.record["weekly"], part.record["left_out"]]
    return found


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    frame = pd.read_csv(EXPORT, dtype=str, keep_default_na=False)
    # Letters beyond ASCII, so that encodings matter; times without fractions, so that they can be rewritten.
    frame["assignment_group"] = frame["assignment_group"].replace(
        {"Network": "Zürich Netz", "Database": "Données & Co"}
    )
    for column in ("opened_at", "closed_at"):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601").dt.strftime("%Y-%m-%d %H:%M:%S")
    return frame.drop(columns="sys_updated_on")


@pytest.fixture(scope="module")
def expected(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("plain") / "plain.csv"
    frame.to_csv(path, index=False)
    return answers(read_export(path, team_column="assignment_group"))


def rewritten(column: str, form: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a rewriting of both time columns in another form."""

    def rewrite(frame: pd.DataFrame) -> pd.DataFrame:
        times = {name: pd.to_datetime(frame[name]).dt.strftime(form) for name in ("opened_at", column)}
        return frame.assign(**times)

    return rewrite


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path, delimiter: str) -> None:
    frame.to_csv(tmp_path / "x.csv", index=False, sep=delimiter)
    assert answers(read_export(tmp_path / "x.csv", team_column="assignment_group")) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_another_encoding(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path, encoding: str) -> None:
    frame.to_csv(tmp_path / "x.csv", index=False, encoding=encoding)
    assert answers(read_export(tmp_path / "x.csv", team_column="assignment_group")) == expected


def test_gzipped_with_windows_line_ends(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    text = frame.to_csv(index=False, lineterminator="\r\n")
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert answers(read_export(tmp_path / "x.csv.gz", team_column="assignment_group")) == expected


def test_shuffled_rows_and_columns(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    shuffled = frame.sample(frac=1, random_state=7)[frame.columns[::-1]]
    shuffled.to_csv(tmp_path / "x.csv", index=False)
    assert answers(read_export(tmp_path / "x.csv", team_column="assignment_group")) == expected


def test_a_team_column_of_another_name(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    frame.rename(columns={"assignment_group": "Squad (2026)"}).to_csv(tmp_path / "x.csv", index=False)
    # The column is found however it is spelt on the command line.
    assert answers(read_export(tmp_path / "x.csv", team_column="squad 2026")) == expected


LABELS = {
    "number": "Number",
    "opened_at": "Opened",
    "closed_at": "Closed",
    "state": "State",
    "priority": "Priority",
    "category": "Category",
    "assignment_group": "Assignment group",
}


def test_labels_instead_of_field_names(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    frame.rename(columns=LABELS).to_csv(tmp_path / "x.csv", index=False)
    read = read_export(tmp_path / "x.csv", team_column="Assignment group")
    assert read.format == "servicenow-list"
    text = json.dumps(answers(read))
    for name, label in LABELS.items():
        # Definitions name the export's own columns.
        text = text.replace(f"'{label}'", f"'{name}'")
    assert json.loads(text) == expected


@pytest.mark.parametrize(
    "form",
    [
        "%d/%m/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M:%S",
        "%d.%m.%Y, %H:%M:%S",
        "%m/%d/%Y %I:%M:%S %p",
        "%d-%m-%y %H:%M:%S",
        "%d/%b/%y %I:%M:%S %p",
        "%B %d, %Y %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S.000000000",
    ],
)
def test_another_form_of_dates(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path, form: str) -> None:
    rewritten("closed_at", form)(frame).to_csv(tmp_path / "x.csv", index=False)
    assert answers(read_export(tmp_path / "x.csv", team_column="assignment_group")) == expected


def test_another_zone_moves_the_clock_with_it(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    rewritten("closed_at", "%Y-%m-%dT%H:%M:%S-08:00")(frame).to_csv(tmp_path / "x.csv", index=False)
    read = read_export(tmp_path / "x.csv", team_column="assignment_group")
    assert answers(read) == expected
    assert "Every time is in UTC-08:00; so are days and weeks." in read.decisions


def test_split_into_two_files_that_overlap(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    frame.iloc[:300].to_csv(tmp_path / "a.csv", index=False)
    frame.iloc[250:].to_csv(tmp_path / "b.csv", index=False)
    read = read_export([tmp_path / "a.csv", tmp_path / "b.csv"], team_column="assignment_group")
    assert read.rows_read == 550
    assert read.to_dict()["left_out"] == {"rows that an earlier file holds too": 50}
    for team, part in answers(read).items():
        assert part[:3] == expected[team][:3]


def test_a_set_in_two_files_has_the_measures_and_the_repeats_of_the_whole(
    made_up_incidents: Path, tmp_path: Path
) -> None:
    rows = pd.read_csv(made_up_incidents, dtype=str, keep_default_na=False)
    # By chance, so that the tickets of a group of repeats come to lie in both files.
    first = np.random.default_rng(5).random(len(rows)) < 0.4
    rows[first].to_csv(tmp_path / "a.csv", index=False)
    rows[~first].to_csv(tmp_path / "b.csv", index=False, sep=";", encoding="utf-16")
    whole = read_export(made_up_incidents, team="Desk")
    split = read_export([tmp_path / "a.csv", tmp_path / "b.csv"], team="Desk")
    assert whole.measures["repeats"].value == 432
    assert {name: each.to_dict() for name, each in split.measures.items()} == {
        name: each.to_dict() for name, each in whole.measures.items()
    }
    for kept in ("repeats", "weekly", "weekly_by_type", "hours_of_week"):
        assert split.teams["Desk"].record[kept] == whole.teams["Desk"].record[kept]


def test_one_row_for_each_event_instead_of_each_incident(
    frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path
) -> None:
    common = frame[["number", "priority", "category", "assignment_group", "short_description"]]
    opened = common.assign(time=frame["opened_at"], status="New")
    closed = common.assign(time=frame["closed_at"], status="Closed")
    pd.concat([opened, closed]).sample(frac=1, random_state=1).to_csv(tmp_path / "x.csv", index=False)
    read = read_export(tmp_path / "x.csv", team_column="assignment_group")
    assert read.format == "event-log"
    for team, part in answers(read).items():
        for name in ("incidents", "incidents_per_week", "p1", "p2", "restore_mean_hours", "restore_p90_hours"):
            assert part[1][name]["value"] == expected[team][1][name]["value"]
        # Only events tell whether a ticket changed hands; here each names one team throughout.
        assert part[0].pop("handed-over-share")["value"] == 0
        # A list without a time of restoration says nothing about half an hour; an event does.
        assert part[0].pop("restored-in-30")["period"]
        assert {question: answer["value"] for question, answer in part[0].items()} == {
            question: answer["value"] for question, answer in expected[team][0].items()
        }


def test_shuffled_events(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "volvo-incidents" / "VINST-new.csv.gz"
    before = read_export(source, team_column="Involved ST", min_incidents=20)
    frame = pd.read_csv(source, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    order = np.random.default_rng(3).permutation(len(frame))
    frame.iloc[order].to_csv(tmp_path / "shuffled.csv", index=False, sep=";")
    after = read_export(tmp_path / "shuffled.csv", team_column="Involved ST", min_incidents=20)
    assert answers(after) == answers(before)
    assert {name: measure.value for name, measure in after.measures.items()} == pytest.approx(
        {name: measure.value for name, measure in before.measures.items()}, nan_ok=True
    )


def test_read_twice_is_the_same_to_the_byte() -> None:
    once, again = (json.dumps(read_export(EXPORT, team_column="assignment_group").to_dict()) for _ in range(2))
    assert once == again


def test_columns_renamed_at_will_and_mapped_by_hand(
    frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path
) -> None:
    roles = {
        "id": "number",
        "opened": "opened_at",
        "closed": "closed_at",
        "state": "state",
        "priority": "priority",
        "type": "category",
    }
    names = {column: f"Spalte {place}" for place, column in enumerate(frame.columns)}
    frame.rename(columns=names).to_csv(tmp_path / "x.csv", index=False)
    by_hand = {role: names[column] for role, column in roles.items()}
    read = read_export(tmp_path / "x.csv", team_column=names["assignment_group"], columns=by_hand)
    assert read.format == "table"
    for team, part in answers(read).items():
        values = {name: measure.get("value") for name, measure in part[1].items()}
        for name in ("incidents", "incidents_per_week", "p1", "p2", "restore_mean_hours", "restore_p90_hours"):
            assert values[name] == expected[team][1][name]["value"]
        assert part[2:] == expected[team][2:]


def test_times_in_milliseconds_since_1970(frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path) -> None:
    times = {
        name: (pd.to_datetime(frame[name]).astype("datetime64[ms]").astype("int64")).astype(str)
        for name in ("opened_at", "closed_at")
    }
    frame.assign(**times).to_csv(tmp_path / "x.csv", index=False)
    assert answers(read_export(tmp_path / "x.csv", team_column="assignment_group")) == expected


@pytest.mark.parametrize("newest_first", [False, True])
def test_an_export_of_january_and_one_of_february_know_the_last_state(
    frame: pd.DataFrame, expected: dict[str, Any], tmp_path: Path, newest_first: bool
) -> None:
    # The earlier export holds the first half of the tickets, and all of them are still open in it.
    earlier = frame.iloc[:250].assign(closed_at="", state="New", priority="5 - Planning")
    earlier.to_csv(tmp_path / "january.csv", index=False)
    frame.to_csv(tmp_path / "february.csv", index=False)
    files = [tmp_path / "january.csv", tmp_path / "february.csv"]
    read = read_export(files[::-1] if newest_first else files, team_column="assignment_group")
    assert read.to_dict()["left_out"] == {"earlier rows of a ticket that comes again": 250}
    for team, part in answers(read).items():
        assert part[:3] == expected[team][:3]
