"""What the making of an export put into its numbers is warned about, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessment_kit.incidents import read_export


def made(weeks: int = 20, a_week: int = 30, *, hours: float = 20, seed: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    seconds = np.sort(rng.integers(0, weeks * 604_800, weeks * a_week))
    opened = pd.Timestamp("2024-01-01") + pd.to_timedelta(seconds, unit="s")
    resolved = opened + pd.to_timedelta(rng.exponential(hours * 3_600, len(opened)).astype(int), unit="s")
    return pd.DataFrame({"id": range(len(opened)), "opened": opened, "resolved": resolved})


def warned(frame: pd.DataFrame, folder: Path) -> list[str]:
    frame.to_csv(folder / "x.csv", index=False)
    return list(read_export(folder / "x.csv").warnings)


def test_an_ordinary_export_has_none(tmp_path: Path) -> None:
    assert warned(made(a_week=31), tmp_path) == []


def test_a_bulk_load(tmp_path: Path) -> None:
    frame = made(a_week=31)
    frame.loc[100:199, "opened"] = pd.Timestamp("2024-01-20 03:00")
    [text] = [text for text in warned(frame, tmp_path) if "loaded from another system" in text]
    assert text.startswith("100 incidents (16 %) were opened at one moment, 2024-01-20 03:00:00")


def test_a_bulk_closing(tmp_path: Path) -> None:
    frame = made(a_week=31)
    frame.loc[:99, "resolved"] = pd.Timestamp("2024-06-01 18:00")
    [text] = [text for text in warned(frame, tmp_path) if "closed in bulk" in text]
    assert text.startswith("100 incidents (16 %) were resolved at one moment, 2024-06-01 18:00:00")


def test_a_few_at_one_moment_are_chance(tmp_path: Path) -> None:
    frame = made(a_week=31)
    frame.loc[:18, "resolved"] = pd.Timestamp("2024-06-01 18:00")
    assert warned(frame, tmp_path) == []


def test_days_without_hours(tmp_path: Path) -> None:
    frame = made(a_week=31)
    for name in ("opened", "resolved"):
        frame[name] = frame[name].dt.strftime("%Y-%m-%d")
    [text] = warned(frame, tmp_path)
    assert "hours of the day are not known" in text


@pytest.mark.parametrize("cut, expected", [(True, 1), (False, 0)])
def test_the_edge_of_the_window(cut: bool, expected: int, tmp_path: Path) -> None:
    frame = made(a_week=31, hours=24 * 6)
    if cut:
        # What ends after the day of the export is still open in it.
        frame.loc[frame["resolved"] > frame["opened"].max(), "resolved"] = pd.NaT
    found = [text for text in warned(frame, tmp_path) if "at the edge of the export" in text]
    assert len(found) == expected


@pytest.mark.parametrize("only_closed", [True, False])
def test_an_export_of_closed_tickets_only(only_closed: bool, tmp_path: Path) -> None:
    frame = made(a_week=31, hours=24 * 6)
    still = frame["resolved"] > frame["opened"].max()
    frame = frame[~still] if only_closed else frame.assign(resolved=frame["resolved"].where(~still))
    found = [text for text in warned(frame, tmp_path) if "an export of closed tickets only" in text]
    assert len(found) == int(only_closed)
    if only_closed:
        assert found[0].startswith(
            f"Every one of the {len(frame)} incidents has ended, where about 13 of the last ones"
        )


def test_an_export_made_when_all_had_ended_misses_none(tmp_path: Path) -> None:
    assert warned(made(a_week=31, hours=24 * 6), tmp_path) == []
