"""Alert noise, handling, backlog and pattern: each measure on a few incidents whose figures are seen at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.incidents import Import, noise, read_export

Reader = Callable[..., Import]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_text(text: str, **options: object) -> Import:
        (tmp_path / "export.csv").write_text(text, "utf-8")
        return read_export(tmp_path / "export.csv", **({"team": "A"} | options))  # type: ignore[arg-type]

    return read_text


def value(found: Import, name: str) -> tuple[float | None, int, int]:
    measure = found.measures[name]
    return measure.value, measure.n, measure.n_left_out


# ---------------------------------------------------------------------------------------------------------------- noise


@pytest.fixture(scope="module")
def upptime(shared_data: Path) -> Import:
    return read_export(shared_data / "upptime-alerts" / "events_derived.csv", team="Coop")


def test_upptime_has_365_outages_and_147_repeats_while_already_down(upptime: Import) -> None:
    assert upptime.incidents == 365
    assert value(upptime, "alerts") == (512, 365, 0)
    assert value(upptime, "alerts_repeated_while_open") == (147, 365, 0)
    assert upptime.measures["alerts_repeated_share"].value == pytest.approx(100 * 147 / 512)


def test_upptime_recovers_after_402_minutes_and_26_times_within_30(upptime: Import) -> None:
    assert upptime.measures["restore_mean_hours"].value == pytest.approx(402 / 60, abs=0.01)
    assert upptime.measures["restore_median_hours"].value == pytest.approx(201 / 60, abs=0.01)
    assert value(upptime, "ended_within_30_minutes") == (26, 361, 4)
    assert value(upptime, "open") == (4, 365, 0)


def test_upptime_names_its_loudest_services_and_answers_the_alert_volume(upptime: Import) -> None:
    part = upptime.teams["Coop"]
    alerts = [source["alerts"] for source in part.record["sources"]]
    assert alerts == sorted(alerts, reverse=True)
    assert part.record["sources"][0]["share"] == pytest.approx(100 * alerts[0] / 512, abs=0.05)
    assert part.answers["alert-volume"]["value"]["amount"] == pytest.approx(
        upptime.measures["alerts_per_week"].value, abs=0.01
    )
    # Signals do not tell which of them called for something to be done.
    assert "actionable-alerts" not in part.answers


def test_a_thing_that_fails_again_soon_after_it_recovered_is_flapping(read: Reader) -> None:
    found = read(
        "id,opened,resolved,ci\n"
        "1,2026-01-05 10:00,2026-01-05 10:10,a\n"
        "2,2026-01-05 10:40,2026-01-05 10:45,a\n"  # 30 minutes after
        "3,2026-01-05 11:16,2026-01-05 11:20,a\n"  # 31 minutes after
        "4,2026-01-05 11:21,2026-01-05 11:25,b\n"  # another thing
        "5,2026-01-05 11:22,,\n"
    )
    assert value(found, "flapping") == (1, 4, 1)


def test_five_within_ten_minutes_are_a_burst_and_four_are_none(read: Reader) -> None:
    burst = [f"x{minute},2026-01-05 10:{minute:02d},A" for minute in (0, 1, 4, 9, 10, 11)]
    quiet = [f"y{minute},2026-01-05 10:{minute:02d},B" for minute in (0, 1, 2, 3, 14)]
    found = read("\n".join(["id,opened,squad", *burst, *quiet]), team=None, team_column="squad")
    assert [part.measures["in_bursts"].value for part in found.teams.values()] == [6, 0]


def test_ended_by_a_system_within_minutes(read: Reader) -> None:
    found = read(
        "id,opened,resolved,auto_resolved\n"
        "1,2026-01-05 10:00,2026-01-05 10:05,yes\n"
        "2,2026-01-05 11:00,2026-01-05 12:00,yes\n"
        "3,2026-01-05 12:00,2026-01-05 12:01,no\n"
        "4,2026-01-05 13:00,,\n"
    )
    assert value(found, "auto_resolved") == (2, 3, 1)
    assert value(found, "auto_resolved_at_once") == (1, 3, 1)
    assert value(found, "ended_within_5_minutes") == (2, 3, 1)


# ------------------------------------------------------------------------------------------------------------- handling

HANDLED = (
    "id,impact_start,detected,opened,acknowledged,resolved,severity,problem_id,change_id,contact_type\n"
    "1,2026-01-05 09:50,2026-01-05 10:00,2026-01-05 10:00,2026-01-05 10:05,2026-01-05 10:30,1,PRB1,CHG1,monitoring\n"
    "2,2026-01-05 10:40,2026-01-05 11:10,2026-01-05 11:00,2026-01-05 11:15,2026-01-05 13:00,2,,,phone\n"
    "3,2026-01-05 12:00,,2026-01-05 12:00,2026-01-05 11:00,2026-01-05 16:00,3,,CHG2,phone\n"
    "4,,,2026-01-06 12:00,,,3,,,e-mail\n"
)


def test_times_to_notice_and_to_take_up(read: Reader) -> None:
    found = read(HANDLED)
    # The third was taken up before it was opened: a mistake, left out and counted.
    assert value(found, "ack_mean_minutes") == (10.0, 2, 2)
    assert value(found, "detect_mean_minutes") == (20.0, 2, 2)
    assert found.teams["A"].answers["time-to-detect"]["value"] == 20.0
    assert "'impact_start'" in found.measures["detect_mean_minutes"].definition


def test_without_a_time_of_detection_it_was_noticed_when_it_was_opened(read: Reader) -> None:
    found = read("id,impact_start,opened\n1,2026-01-05 09:50,2026-01-05 10:00\n")
    assert found.measures["detect_median_minutes"].value == 10.0
    assert "'opened', when it was opened" in found.measures["detect_median_minutes"].definition


def test_time_to_restore_by_priority(read: Reader) -> None:
    found = read(HANDLED)
    hours = [found.measures[f"restore_p{level}_median_hours"].value for level in (1, 2, 3, 4)]
    assert hours == [0.5, 2.0, 4.0, None]
    assert value(found, "restore_p3_mean_hours")[1:] == (1, 1)
    assert value(found, "p1_p2_restored_in_30_share") == (50.0, 2, 0)
    assert found.teams["A"].answers["restored-in-30"]["value"] == 50.0


def test_who_found_the_serious_ones(read: Reader) -> None:
    assert value(read(HANDLED), "p1_p2_found_by_monitoring_share") == (50.0, 2, 0)
    strange = read(HANDLED.replace("phone", "Werkstatt"))
    assert strange.measures["p1_p2_found_by_monitoring_share"].value is None
    assert "do not tell" in strange.measures["p1_p2_found_by_monitoring_share"].reason
    assert "found-by-monitoring" not in strange.teams["A"].answers


def test_what_needs_engineers_is_what_is_linked(read: Reader) -> None:
    found = read(HANDLED)
    assert value(found, "engineering") == (2, 4, 0)
    assert found.measures["engineering_share"].value == 50.0
    assert [found.measures[f"linked_{kind}"].value for kind in ("problem", "change", "defect")] == [1, 1, None]
    assert value(found, "engineering_restore_mean_hours") == (2.25, 2, 0)
    # Four incidents are too few to tell how often engineers are needed, so how long they take is not asked.
    assert "engineering-involvement" not in found.teams["A"].answers


def test_how_often_and_how_long_engineers_are_needed_is_answered(read: Reader) -> None:
    rows = [
        f"{day},2026-01-{day:02d} 10:00,2026-01-{day:02d} {12 if day % 2 else 11}:00,{'BUG' if day % 2 else ''}"
        for day in range(1, 29)
    ]
    answers = read("\n".join(["id,opened,resolved,defect", *rows])).teams["A"].answers
    assert answers["engineering-involvement"]["value"] == {"amount": pytest.approx(15.2, abs=0.1), "per": "month"}
    assert (answers["engineering-restore-time"]["value"], answers["engineering-restore-time"]["n"]) == (120.0, 14)


def test_the_backlog_is_as_old_as_the_export_is_long(read: Reader) -> None:
    found = read(HANDLED.replace("4,,,2026-01-06 12:00", "4,,,2026-01-03 16:00"))
    assert value(found, "open") == (1, 4, 0)
    assert found.measures["open_age_median_days"].value == 2.0
    assert "5 Jan 2026" in found.measures["open_age_median_days"].definition


def test_volvo_goes_to_a_higher_line(shared_data: Path) -> None:
    found = read_export(shared_data / "volvo-incidents" / "VINST-new.csv.gz", team="All")
    escalated, moves = found.measures["escalated"], found.measures["escalations"]
    assert (escalated.n, escalated.n_left_out) == (7_554, 0)
    assert 0 < (escalated.value or 0) < (moves.value or 0) < 65_533


# -------------------------------------------------------------------------------------------------------------- pattern


def weeks(counts: list[int], hour: int = 10) -> str:
    days = [
        f"{week}-{n},2026-{1 + (4 + 7 * week) // 31:02d}-{1 + (4 + 7 * week) % 31:02d} {hour:02d}:{n:02d}"
        for week, count in enumerate(counts)
        for n in range(count)
    ]
    return "\n".join(["id,opened", *days])


def test_outside_office_hours_and_at_the_weekend(read: Reader) -> None:
    found = read(
        "id,opened\n1,2026-01-05 07:59\n2,2026-01-05 08:00\n3,2026-01-05 17:59\n"
        "4,2026-01-05 18:00\n5,2026-01-10 12:00\n"
    )
    assert found.measures["out_of_hours_share"].value == 60.0
    assert found.measures["weekend_share"].value == 20.0


def test_days_without_an_hour_tell_nothing_about_hours(read: Reader) -> None:
    found = read("id,opened\n1,2026-01-05\n2,2026-01-06\n3,2026-01-10\n")
    assert found.measures["out_of_hours_share"].value is None
    assert "not the hour" in found.measures["out_of_hours_share"].reason
    assert found.measures["weekend_share"].value == pytest.approx(100 / 3)


def test_a_steady_climb_is_a_trend_and_a_level_is_none(read: Reader) -> None:
    # Every week begins with a Monday, and a single incident of the next one ends the last.
    climb = read(weeks([*range(10, 22), 1])).measures["trend_percent_per_month"]
    assert climb.value == pytest.approx(100 * 4.348 / 15.5, rel=0.1)
    assert climb.low is not None and climb.low > 0
    level = read(weeks([*[12] * 12, 1])).measures["trend_percent_per_month"]
    assert (level.value, level.low, level.high) == (0.0, 0.0, 0.0)


def test_a_few_weeks_are_no_trend(read: Reader) -> None:
    found = read(weeks([8, 9, 10, 9, 1])).measures["trend_percent_per_month"]
    assert found.value is None
    assert found.reason == "fewer than 8 complete weeks"


def test_few_incidents_a_week_are_compared_four_weeks_at_a_time(read: Reader) -> None:
    # One a week for half a year, then four: of single weeks most pairs are equal.
    climb = read(weeks([*[1] * 26, *[4] * 26, 1])).measures["trend_percent_per_month"]
    assert climb.value is not None and climb.low is not None and climb.high is not None
    assert 5 < climb.value < climb.high, "the mean is 10 in four weeks, and there are 12 more of them at the end"
    assert climb.low < climb.value
    assert "over the last 48 of 51 complete weeks" in climb.definition and "four at a time" in climb.definition
    assert climb.n == 121, "the first weeks are not in it, nor are those at the edges, which are cut"


@pytest.mark.parametrize(
    "counts, reason",
    [
        ([*[0, 1] * 26, 1], "fewer than 5 incidents in four weeks: too few to tell a trend"),
        ([*[2] * 12, 1], "fewer than 5 incidents a week, and too few weeks to count four of them together"),
    ],
)
def test_hardly_any_incidents_have_no_trend_rather_than_none_for_sure(
    read: Reader, counts: list[int], reason: str
) -> None:
    found = read(weeks(counts)).measures["trend_percent_per_month"]
    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


def flapping_by_hand(things: list[int], opened: list[int], ended: list[float]) -> list[bool]:
    """Look at every pair: another one of the thing, over at most 30 minutes before, and not in the same moment."""
    window = noise.BACK_WITHIN * 60_000_000
    every = range(len(things))
    return [
        any(
            things[other] == things[one]
            and other != one
            and 0 <= opened[one] - ended[other] <= window
            and not opened[one] == opened[other] == ended[other]
            for other in every
        )
        for one in every
    ]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 120), st.one_of(st.none(), st.integers(0, 60))), max_size=40),
    st.booleans(),
)
def test_whatever_the_order_each_end_of_a_thing_is_looked_at(
    rows: list[tuple[int, int, int | None]], few_bits: bool
) -> None:
    things = [thing for thing, _, _ in rows]
    opened = [begin * 60_000_000 for _, begin, _ in rows]
    ended = [float("nan") if length is None else (begin + length) * 6e7 for _, begin, length in rows]
    with pytest.MonkeyPatch.context() as patch:
        if few_bits:
            patch.setattr(noise, "_TOO_LARGE", 1)
        found = noise._shortly_after(np.array(things, np.int64), np.array(opened, np.int64), np.array(ended, float))
    assert found.tolist() == flapping_by_hand(things, opened, ended)
