"""Times on the clock on the wall, durations by the clock that never jumps."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.errors import UsageError
from assessment_kit.incidents import Import, read_export
from assessment_kit.incidents.rules import zone_of

HEADER = "id,opened,resolved\n"


def read(folder: Path, rows: str, timezone: str = "") -> Import:
    (folder / "x.csv").write_text(HEADER + rows)
    return read_export(folder / "x.csv", team="T", timezone=timezone)


def test_times_without_a_zone_are_local_where_one_says(tmp_path: Path) -> None:
    found = read(tmp_path, "A,2026-01-05 10:00,2026-01-05 12:00\n", "Europe/Zurich")
    tidy = found.teams["T"].tidy
    assert tidy["opened"].iat[0] == pd.Timestamp("2026-01-05 10:00"), "as it stands in the export"
    assert any("Days, weeks and hours are those of Europe/Zurich, as you said; 2 times" in d for d in found.decisions)


def test_times_with_a_zone_move_to_the_one_that_was_said(tmp_path: Path) -> None:
    rows = "A,2026-01-05T23:30:00Z,2026-01-06T00:30:00Z\nB,2026-07-05T22:30:00Z,2026-07-05T23:30:00Z\n"
    tidy = read(tmp_path, rows, "Europe/Zurich").teams["T"].tidy
    assert tidy["opened"].tolist() == [pd.Timestamp("2026-01-06 00:30"), pd.Timestamp("2026-07-06 00:30")]
    assert tidy["restore_minutes"].tolist() == [60, 60]


@pytest.mark.parametrize(
    "opened, resolved, minutes",
    [
        # In 2026 the clocks go forward on 29 March and back on 25 October, at 3 o'clock in the morning.
        ("2026-03-29 01:00", "2026-03-29 04:00", 120),
        ("2026-10-25 01:00", "2026-10-25 04:00", 240),
        ("2026-06-01 01:00", "2026-06-01 04:00", 180),
    ],
)
def test_summer_time_makes_no_incident_longer_or_shorter(
    opened: str, resolved: str, minutes: float, tmp_path: Path
) -> None:
    assert (
        read(tmp_path, f"A,{opened},{resolved}\n", "Europe/Zurich").teams["T"].tidy["restore_minutes"].iat[0] == minutes
    )
    without = read(tmp_path, f"A,{opened},{resolved}\n")
    assert without.teams["T"].tidy["restore_minutes"].iat[0] == 180, "nobody said that there is a summer time"


@pytest.mark.parametrize("hour", ["2026-03-29 02:30", "2026-10-25 02:30"])
def test_hours_that_do_not_exist_or_come_twice_are_read(hour: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"A,{hour},2026-12-01 10:00\n", "Europe/Zurich")
    assert found.incidents == 1
    assert found.measures["restore_mean_hours"].n == 1


def test_some_times_with_and_some_without_a_zone(tmp_path: Path) -> None:
    rows = "A,2026-01-05T09:00:00Z,2026-01-05 12:00:00\n"
    assert read(tmp_path, rows, "Europe/Zurich").teams["T"].tidy["restore_minutes"].iat[0] == 120
    assert read(tmp_path, rows).teams["T"].tidy["restore_minutes"].iat[0] == 180, "taken as UTC, and said"


@pytest.mark.parametrize("name", ["+01:00", "UTC+1", "+0100", "-5", "UTC", "Z", "Asia/Kolkata"])
def test_zones_by_name_and_by_offset(name: str) -> None:
    assert zone_of(name).utcoffset(pd.Timestamp("2026-01-05").to_pydatetime()) is not None


@pytest.mark.parametrize("name", ["Mars/Base", "+25:00", "../etc/passwd", "CEST?", "/etc/localtime"])
def test_a_zone_that_does_not_exist(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no time zone"):
        read(tmp_path, "A,2026-01-05 10:00,\n", name)


@settings(max_examples=40, deadline=None)
@given(
    opened=st.datetimes(
        min_value=pd.Timestamp("1995-01-01").to_pydatetime(), max_value=pd.Timestamp("2035-01-01").to_pydatetime()
    ),
    minutes=st.integers(0, 60 * 24 * 400),
    zone=st.sampled_from(["Europe/Zurich", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "-03:30"]),
)
def test_a_zone_never_changes_how_long_an_incident_took(
    opened: pd.Timestamp, minutes: int, zone: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start = pd.Timestamp(opened).floor("s").tz_localize("UTC")
    end = start + pd.Timedelta(minutes=minutes)
    found = read(tmp_path_factory.mktemp("zone"), f"A,{start.isoformat()},{end.isoformat()}\n", zone)
    tidy = found.teams["T"].tidy
    assert tidy["restore_minutes"].iat[0] == minutes
    assert tidy["opened"].iat[0] == start.tz_convert(zone if "/" in zone else zone_of(zone)).tz_localize(None)
