"""Counts in single cells that are typing errors, or as good as all of a total."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assessment_kit.incidents import Import, read_export

Reader = Callable[..., Import]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def with_alerts(*alerts: object) -> Import:
        lines = [f"T{n},2026-02-{n % 28 + 1:02d} 10:00,{each}" for n, each in enumerate(alerts)]
        (tmp_path / "export.csv").write_text("id,opened,alerts\n" + "\n".join(lines) + "\n")
        return read_export(tmp_path / "export.csv", team="T")

    return with_alerts


def test_one_ticket_with_most_of_all_alerts_is_named(read: Reader) -> None:
    [warning] = [text for text in read(*[2] * 20, 300_000_000).warnings if "alerts" in text]
    assert warning.startswith("One ticket holds 300,000,000 of all 300,000,040 alerts (row 22 (T20)):")


@pytest.mark.parametrize("alerts", [[2] * 20 + [1_000], [1_500] * 2, [1_500]], ids=["few", "half", "a single one"])
def test_no_word_of_what_is_usual(read: Reader, alerts: list[int]) -> None:
    assert not any("One ticket holds" in text for text in read(*alerts).warnings)


def test_a_count_below_zero_is_missing_and_named(read: Reader) -> None:
    found = read(*[2] * 20, -3)
    assert found.measures["alerts"].value == 40
    assert "'alerts' holds a number below zero in 1 row (row 22 (T20)): missing there." in found.warnings
