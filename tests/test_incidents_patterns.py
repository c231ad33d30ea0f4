"""What an import keeps for the charts: weeks by type and priority, hours of the week, days where weeks are too few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assessment_kit.document import ImportRecord
from assessment_kit.incidents import read_export
from assessment_kit.incidents.patterns import MOST_TYPES, OTHER_TYPES

ROOT = Path(__file__).parents[1]


def record_of(frame: pd.DataFrame, folder: Path, **options: Any) -> dict[str, Any]:
    """Return the import record of one team."""
    frame.to_csv(folder / "x.csv", index=False)
    [part] = read_export(folder / "x.csv", team="A", **options).teams.values()
    # What the export says must fit into a document.
    ImportRecord.model_validate(part.record)
    return part.record


def arrivals(weeks: int, a_week: int, **columns: Any) -> pd.DataFrame:
    """Return so many incidents a week, spread evenly over it from Monday midnight on."""
    step = pd.Timedelta(weeks=1) / a_week
    opened = pd.Timestamp("2024-01-01 00:30") + step * np.arange(weeks * a_week)
    frame = pd.DataFrame({"id": np.arange(len(opened)), "opened": opened, "resolved": opened + pd.Timedelta(hours=1)})
    return frame.assign(**columns)


def test_weeks_are_counted_by_type_and_priority(tmp_path: Path) -> None:
    frame = arrivals(6, 4).assign(type=["Disk", "Disk", "Net", "Net"] * 6, priority=["P1", "P3", "P3", ""] * 6)
    rows = record_of(frame, tmp_path)["weekly_by_type"]
    assert [row for row in rows if row["week"] == "2024-01-08"] == [
        {"week": "2024-01-08", "type": "Disk", "priority": "P1", "incidents": 1},
        {"week": "2024-01-08", "type": "Disk", "priority": "P3", "incidents": 1},
        {"week": "2024-01-08", "type": "Net", "priority": "P3", "incidents": 1},
        {"week": "2024-01-08", "type": "Net", "incidents": 1},
    ]


def test_the_weeks_by_type_add_up_to_the_weeks() -> None:
    [part] = read_export(ROOT / "examples" / "exports" / "service-desk.csv").teams.values()
    rows = pd.DataFrame(part.record["weekly_by_type"])
    weeks = {week["week"]: week for week in part.record["weekly"]}
    by_week = rows.groupby("week")["incidents"].sum()
    assert by_week.to_dict() == {week: weeks[week]["incidents"] for week in by_week.index}
    severe = rows[rows["priority"].isin(["P1", "P2"])].groupby("week")["incidents"].sum()
    assert severe.to_dict() == {week: weeks[week]["p1_p2"] for week in severe.index}


def test_rare_types_are_one_and_a_single_rare_type_keeps_its_name(tmp_path: Path) -> None:
    def names(count: int) -> list[str]:
        frame = arrivals(8, 12).assign(type=[f"t{place % count:02}" for place in range(96)])
        return sorted({row["type"] for row in record_of(frame, tmp_path)["weekly_by_type"]})

    assert names(MOST_TYPES + 1) == [f"t{place:02}" for place in range(MOST_TYPES + 1)]
    assert names(12) == [OTHER_TYPES, *(f"t{place:02}" for place in range(MOST_TYPES))]


def test_an_export_without_types_or_priorities_still_has_its_weeks(tmp_path: Path) -> None:
    rows = record_of(arrivals(6, 4), tmp_path)["weekly_by_type"]
    assert rows[0] == {"week": "2024-01-01", "incidents": 4}


def test_only_the_last_year_is_kept_by_type(tmp_path: Path) -> None:
    record = record_of(arrivals(80, 4, type="Disk"), tmp_path)
    assert len(record["weekly"]) == 80
    assert len({row["week"] for row in record["weekly_by_type"]}) == 53


def test_hours_of_the_week_begin_on_monday_in_the_exports_own_clock(tmp_path: Path) -> None:
    frame = arrivals(30, 1)
    # Sunday 23:59 in a zone of its own: the people on duty saw a Sunday.
    frame["opened"] = (frame["opened"] + pd.Timedelta(days=6, hours=23, minutes=29)).dt.strftime(
        "%Y-%m-%dT%H:%M:%S+05:00"
    )
    grid = record_of(frame.drop(columns="resolved"), tmp_path)["hours_of_week"]
    assert [len(grid), {len(day) for day in grid}] == [7, {24}]
    assert grid[6][23] == sum(map(sum, grid)) > 20


def test_hours_of_the_week_count_whole_weeks_only(tmp_path: Path) -> None:
    # Six weeks and three days more: counted too, Monday to Wednesday would look busier than they are.
    frame = arrivals(7, 84)
    frame = frame[frame["opened"] < "2024-02-15"]
    record = record_of(frame, tmp_path)
    assert record["counted"] == {"start": "2024-01-01", "end": "2024-02-11"}
    assert {sum(day) for day in record["hours_of_week"]} == {72}


def test_dates_without_times_give_no_hours(tmp_path: Path) -> None:
    frame = arrivals(6, 4)
    frame["opened"] = frame["opened"].dt.date
    record = record_of(frame.drop(columns="resolved"), tmp_path)
    assert "hours_of_week" not in record
    assert record["weekly_by_type"]


@pytest.mark.parametrize("weeks, kept", [(2, True), (6, False)])
def test_days_are_kept_where_there_are_too_few_weeks_to_compare(tmp_path: Path, weeks: int, kept: bool) -> None:
    record = record_of(arrivals(weeks, 14).assign(priority=["P1", "P4"] * 7 * weeks), tmp_path)
    assert ("daily" in record) == kept
    if kept:
        assert record["daily"][0] == {"day": "2024-01-01", "incidents": 2, "p1_p2": 1}
        assert sum(day["incidents"] for day in record["daily"]) == 28


def test_a_cut_export_keeps_the_days_that_it_holds_in_full(shared_data: Path) -> None:
    export = shared_data / "volvo-incidents" / "VINST-new.csv.gz"
    record = read_export(export, team_column="Involved ST", min_incidents=200).teams["S42"].record
    assert record["counted"] == {"start": "2012-05-01", "end": "2012-05-06"}
    assert [day["incidents"] for day in record["daily"]] == [15, 312, 278, 208, 2, 0]
    assert sum(map(sum, record["hours_of_week"])) == 815


def test_a_team_without_incidents_in_the_counted_days_has_no_empty_week(tmp_path: Path) -> None:
    old = arrivals(1, 4, team="old")
    frame = pd.concat([old, arrivals(90, 4, team="new")]).assign(id=range(364))
    frame.to_csv(tmp_path / "x.csv", index=False)
    teams = read_export(tmp_path / "x.csv", team_column="team").teams
    assert "hours_of_week" not in teams["old"].record
    assert "weekly_by_type" not in teams["old"].record
    assert teams["new"].record["hours_of_week"]


def test_the_same_export_gives_the_same_patterns_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    frame = arrivals(10, 20).assign(type=[f"t{place % 11}" for place in range(200)], priority=["P1", "P2"] * 100)
    keys = ("weekly_by_type", "hours_of_week")
    first, second = (record_of(some, tmp_path) for some in (frame, frame.sample(frac=1, random_state=1)))
    assert [first[key] for key in keys] == [second[key] for key in keys]
