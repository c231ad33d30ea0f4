"""How many incidents a week, how sure that is, and when an export cannot tell: judged on the whole export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.incidents import Import, read_export
from assessment_kit.incidents.rate import weekly_rates
from assessment_kit.incidents.window import Window, mondays_of, observe

MONDAY = np.datetime64("2024-01-01")  # a Monday


def made(
    weeks: int, a_week: float, *, days_to_restore: float = 1.0, growth: float = 1.0, seed: int = 1
) -> pd.DataFrame:
    """Return incidents at random moments, restored after exponential times."""
    rng = np.random.default_rng(seed)
    week = np.repeat(np.arange(weeks), rng.poisson(a_week * growth ** np.arange(weeks)))
    seconds = week * 604_800 + rng.integers(0, 604_800, len(week))
    opened = MONDAY.astype("datetime64[s]") + seconds
    resolved = opened + (rng.exponential(days_to_restore * 86_400, len(week))).astype(np.int64)
    return pd.DataFrame({"id": np.arange(len(week)), "opened": opened, "resolved": resolved})


def imported(frame: pd.DataFrame, folder: Path, **options: Any) -> Import:
    frame.to_csv(folder / "x.csv", index=False)
    return read_export(folder / "x.csv", team="A", **options)


def volume(read: Import) -> dict[str, Any]:
    return read.teams["A"].answers["incident-volume"]


# -------------------------------------------------------------------------------------------------------- plain exports


def test_the_volume_is_the_mean_of_the_complete_weeks(tmp_path: Path) -> None:
    frame = made(30, 20)
    # The export begins on a Thursday and ends on a Wednesday.
    inside = frame[(frame["opened"] >= "2024-01-04") & (frame["opened"] < "2024-07-17")]
    read = imported(inside, tmp_path)
    weeks = read.teams["A"].record["weekly"]
    assert [week["complete"] for week in weeks] == [False] + [True] * 27 + [False]
    counts = [week["incidents"] for week in weeks if week["complete"]]
    answer = volume(read)
    assert answer["value"] == {"amount": pytest.approx(np.mean(counts), abs=0.01), "per": "week"}
    assert answer["low"] <= np.quantile(counts, 0.25)
    assert answer["high"] >= np.quantile(counts, 0.75)
    assert answer["period"] == {"start": "2024-01-08", "end": "2024-07-14"}
    assert answer["definition"].startswith(f"{sum(counts)} incidents counted: mean of the 27 complete weeks")


def test_a_month_is_so_many_weeks(tmp_path: Path) -> None:
    measures = imported(made(30, 20), tmp_path).measures
    week, month = measures["incidents_per_week"], measures["incidents_per_month"]
    assert week.value is not None
    assert month.value == pytest.approx(week.value * WEEKS_PER_MONTH)


def test_only_the_last_year_counts_as_typical(tmp_path: Path) -> None:
    old, new = made(60, 5), made(60, 40, seed=2)
    new[["opened", "resolved"]] += pd.Timedelta(weeks=60)
    read = imported(pd.concat([old, new]), tmp_path)
    assert volume(read)["value"]["amount"] == pytest.approx(40, rel=0.1)
    assert "mean of the 52 complete weeks" in volume(read)["definition"]


def test_weeks_without_an_incident_count_as_weeks(tmp_path: Path) -> None:
    frame = made(20, 30)
    busy = frame[(frame["opened"] < "2024-01-15") | (frame["opened"] >= "2024-04-29")]
    assert volume(imported(busy, tmp_path))["value"]["amount"] < 15


def test_too_short_to_compare_weeks_is_counted_by_days_and_far_less_sure(tmp_path: Path) -> None:
    answer = volume(imported(made(2, 30), tmp_path))
    amount = answer["value"]["amount"]
    assert amount == pytest.approx(30, rel=0.25)
    assert answer["low"] == pytest.approx(amount / 2, abs=0.01)
    assert answer["high"] == pytest.approx(amount * 1.5, abs=0.01)
    assert "too little to compare weeks" in answer["definition"]


def test_weeks_start_on_monday() -> None:
    days = np.array(["2024-01-01", "2024-01-07", "2024-01-08", "1969-12-28"], dtype="datetime64[us]")
    assert mondays_of(days).astype(str).tolist() == ["2024-01-01", "2024-01-01", "2024-01-08", "1969-12-22"]


# ----------------------------------------------------------------------------------------------------- cut by activity


@pytest.mark.parametrize("seed", range(5))
def test_tickets_closed_since_a_day_are_a_cut_and_not_growth(tmp_path: Path, seed: int) -> None:
    frame = made(60, 50, days_to_restore=3, seed=seed)
    slow = np.random.default_rng(seed).random(len(frame)) < 0.1
    frame.loc[slow, "resolved"] = frame["opened"] + (frame["resolved"] - frame["opened"]) * 20
    cut = frame[frame["resolved"] >= "2024-12-20"]
    read = imported(cut, tmp_path)
    assert any("cut by activity" in text for text in read.warnings)
    assert read.teams["A"].record["cut_by_activity"] is True
    # Fifty came each week; the whole span would say eleven.
    answer = volume(read)
    assert answer["low"] <= 50 <= answer["high"] * 1.05
    assert answer["value"]["amount"] == pytest.approx(50, rel=0.15)
    assert answer["period"]["start"] >= "2024-12-20"


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(made(40, 20), id="steady"),
        pytest.param(made(40, 5, growth=1.08), id="growth"),
        pytest.param(made(40, 5, days_to_restore=20, growth=1.1), id="growth with long tickets"),
        pytest.param(made(12, 50, days_to_restore=30), id="tickets as long as the export"),
        pytest.param(
            made(60, 50).assign(resolved=lambda f: f["resolved"].clip(lower=pd.Timestamp("2024-09-01"))),
            id="all old tickets closed on one day",
        ),
        pytest.param(made(40, 20).drop(columns="resolved"), id="no times of restoration"),
    ],
)
def test_a_complete_export_is_not_called_cut(tmp_path: Path, frame: pd.DataFrame) -> None:
    read = imported(frame, tmp_path)
    assert not any("cut by activity" in text for text in read.warnings)
    assert volume(read)["value"]["amount"] > 0


def test_a_climb_that_nothing_explains_is_a_question(tmp_path: Path) -> None:
    wave = made(4, 200, seed=3)
    wave[["opened", "resolved"]] += pd.Timedelta(weeks=36)
    read = imported(pd.concat([made(40, 20), wave.assign(id=wave["id"] + 10_000)]), tmp_path)
    assert any("ask how the export was cut before you call it growth" in text for text in read.warnings)


def test_the_cut_is_judged_on_the_whole_export_so_that_teams_share_one_period(tmp_path: Path) -> None:
    frame = made(60, 50, days_to_restore=3)
    slow = frame.index % 10 == 0
    frame.loc[slow, "resolved"] = frame["opened"] + (frame["resolved"] - frame["opened"]) * 20
    cut = frame[frame["resolved"] >= "2024-12-20"].assign(team=lambda f: np.where(f["id"] % 40 == 1, "few", "many"))
    cut.to_csv(tmp_path / "x.csv", index=False)
    read = read_export(tmp_path / "x.csv", team_column="team")
    periods = {team: part.answers["incident-volume"]["period"] for team, part in read.teams.items()}
    assert periods["few"] == periods["many"]


# ------------------------------------------------------------------------------------------------------- other traps


def test_a_mistyped_year_does_not_stretch_the_period(tmp_path: Path) -> None:
    frame = made(12, 20)
    frame.loc[5, "opened"] = pd.Timestamp("2031-01-01")
    frame.loc[6, "opened"] = pd.Timestamp("2013-01-01")
    read = imported(frame, tmp_path)
    assert volume(read)["value"]["amount"] == pytest.approx(20, rel=0.2)
    assert any(text.startswith("2 incidents opened far from all others") for text in read.warnings)
    assert read.incidents == len(frame), "they still count as incidents"


def test_a_list_of_open_tickets_has_no_volume(tmp_path: Path) -> None:
    frame = made(20, 10).assign(resolved="")
    read = imported(frame, tmp_path)
    assert "incident-volume" not in read.teams["A"].answers
    assert "incident-types" not in read.teams["A"].answers
    assert any("a list of what is open now" in text for text in read.warnings)


def test_no_p1_in_a_short_period_does_not_mean_never(tmp_path: Path) -> None:
    read = imported(made(10, 20).assign(priority="3"), tmp_path)
    answer = read.teams["A"].answers["p1-p2-volume"]
    assert answer["value"]["amount"] == 0
    # Nothing in ten weeks is compatible with three in ten weeks ("rule of three").
    assert answer["high"] == pytest.approx(3 / 10, abs=0.05)


@settings(max_examples=80, deadline=None)
@given(
    weeks=st.integers(1, 70),
    counts=st.data(),
)
def test_low_likely_and_high_are_in_order_and_finite(weeks: int, counts: st.DataObject) -> None:
    a_week = counts.draw(st.lists(st.integers(0, 30), min_size=weeks, max_size=weeks).filter(any))
    opened = np.repeat(MONDAY.astype("datetime64[us]") + np.arange(weeks) * np.timedelta64(7, "D"), a_week)
    frame = pd.DataFrame({"opened": opened, "ended": opened + np.timedelta64(60, "m"), "is_open": False})
    window: Window = observe(frame)
    day = opened.astype("datetime64[D]")
    rated = (day >= window.rate_first) & (day <= window.rate_last)
    place = (mondays_of(opened) - window.mondays[0]).astype(np.int64) // 7
    by_week = np.bincount(place, minlength=len(window.mondays)).reshape(1, -1)
    rates = weekly_rates(rated, np.zeros(len(opened), dtype=np.int64), by_week, window, 1)
    assert 0 <= rates.low[0] <= rates.value[0] <= rates.high[0] < np.inf
