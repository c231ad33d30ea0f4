"""Mean, median and 90th percentile of every team at once are those that pandas works out team by team."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.incidents.columns import by_codes, durations
from assessment_kit.incidents.texts import how_many, may_begin

TEAMS = 5
ROWS = st.lists(st.tuples(st.integers(0, TEAMS - 1), st.one_of(st.just(float("nan")), st.floats(0, 1e6))), max_size=60)


@given(ROWS)
def test_durations_of_many_teams_are_those_of_each(rows: list[tuple[int, float]]) -> None:
    teams = np.array([team for team, _ in rows], dtype=np.int64)
    values = np.array([value for _, value in rows], dtype=float)
    total = np.bincount(teams, minlength=TEAMS)
    found = durations("{}", "hours", values, teams, total, "to restore", "")
    for team in range(TEAMS):
        mine = pd.Series(values[teams == team]).dropna()
        alone = durations(
            "{}", "hours", mine.to_numpy(), np.zeros(len(mine), dtype=np.int64), np.array([len(mine)]), "", ""
        )
        expected = {"mean": mine.mean(), "median": mine.median(), "p90": mine.quantile(0.9)}
        for key, value in expected.items():
            measure = found[key][team]
            assert (measure.n, measure.n_left_out) == (len(mine), total[team] - len(mine))
            if len(mine):
                assert measure.value == pytest.approx(value, rel=1e-12, abs=1e-12)
                assert alone[key][0].value == measure.value, "alone or among others, a team's figure is the same"
            else:
                assert measure.value is None and measure.reason


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40_000)), max_size=50))
def test_an_order_by_codes_keeps_the_order_within_each(rows: list[tuple[int, int]]) -> None:
    for place in (0, 1):
        codes = np.array([row[place] for row in rows], dtype=np.int64)
        order = np.arange(len(codes))[::-1]
        assert by_codes(order, codes).tolist() == sorted(order.tolist(), key=lambda at: (codes[at], -at))


@given(st.lists(st.text(max_size=4), max_size=20))
def test_no_text_that_begins_with_a_letter_is_missed(texts: list[str]) -> None:
    found = may_begin(pa.array(texts, pa.string()), "pt")
    stripped = [text.lstrip().lower() for text in texts]
    assert all(may for may, text in zip(found, stripped, strict=True) if text.startswith(("p", "t")))
    assert not may_begin(pa.array(["a test", "0", "Nt"]), "pt").any()


@pytest.mark.parametrize("long", [1, 1_000], ids=["as categories", "as texts"])
def test_a_word_is_counted_whatever_its_case_and_the_blanks_around_it(long: int) -> None:
    texts = ["NA", " na\t", "\u00a0Na ", "NAB", "", "x na", "ñ"]
    values = pd.Series([f"{n}-{text}" for n in range(long) for text in ("INC", "na", "9", "-")] + texts, dtype=str)
    assert how_many(values, "na") == 3
