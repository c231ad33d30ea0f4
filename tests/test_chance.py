"""What was measured has the interval that chance gives it, from the number of cases: one rule for all comparisons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from assessment_kit.chance import count_ends, mean_ends, share_ends
from assessment_kit.incidents import rate
from tests.builders import figure, per, said


def within(sample: Any, low: Any, high: Any) -> float:
    return float(np.mean((low <= sample) & (sample <= high)))


@pytest.mark.parametrize("true", [3, 18, 200])
def test_counts_of_a_known_rate_hold_it_in_nineteen_of_twenty_intervals(true: int) -> None:
    counts = np.random.default_rng(7).poisson(true, 4000)
    ends = np.array([count_ends(float(count)) for count in counts])
    assert within(true, ends[:, 0], ends[:, 1]) > 0.93


@pytest.mark.parametrize("true, cases", [(0.1, 40), (0.5, 20), (0.97, 60)])
def test_shares_of_a_known_one_hold_it_in_nineteen_of_twenty_intervals(true: float, cases: int) -> None:
    found = np.random.default_rng(7).binomial(cases, true, 4000)
    ends = np.array([share_ends(100 * count / cases, cases) for count in found])
    assert within(100 * true, ends[:, 0], ends[:, 1]) > 0.93


def test_mean_durations_of_skewed_times_hold_the_true_mean() -> None:
    rows = np.random.default_rng(7).lognormal(3, 1, (2000, 150))
    true = math.exp(3.5)
    ends = np.array([mean_ends(row.mean(), 150, float(np.median(row))) for row in rows])
    assert within(true, ends[:, 0], ends[:, 1]) > 0.9


def test_a_count_has_the_same_interval_as_an_import_gives_it() -> None:
    counts = [0, 1, 5, 18, 457]
    low, high = rate._chance(np.array(counts), 1.0)
    assert [count_ends(count) for count in counts] == [pytest.approx(pair) for pair in zip(low, high, strict=True)]


def ends(metric_id: str, answers: dict[str, Any]) -> tuple[float, float]:
    found = figure(metric_id, answers)
    return round(found.low, 1), round(found.high, 1)


PERIOD = {"start": "2026-08-01", "end": "2026-10-30"}  # 91 days, 13 weeks


def test_a_rate_is_as_sure_as_the_cases_it_names() -> None:
    few, many = ({"incident-volume": said(per(70, "month"), "measured", n=n)} for n in (70, 7000))
    assert ends("incidents_per_month", few) == (54.3, 87.9)
    assert ends("incidents_per_month", many) == (68.3, 71.7)


def test_a_rate_without_cases_is_as_sure_as_what_it_makes_in_its_period() -> None:
    own = said(per(10, "week"), "measured", period=PERIOD)
    named = said(per(10, "week"), "measured", n=130)
    assert ends("incidents_per_month", {"incident-volume": own}) == ends(
        "incidents_per_month", {"incident-volume": named}
    )


def test_a_share_is_as_sure_as_the_cases_it_is_of() -> None:
    assert ends("repeat_share", {"repeat-share": said(31, "measured", n=208)}) == (25.0, 37.7)


def test_none_in_a_quarter_may_still_be_one_a_month() -> None:
    low, high = ends("p1_p2_per_month", {"p1-p2-volume": said(per(0, "month"), "measured", period=PERIOD)})
    assert (low, high) == (0.0, 1.0)


def test_the_tasks_of_a_measured_table_are_counts_too() -> None:
    rows = [{"task": "a", "times": per(10, "month"), "each": "1h", "people": 1}]
    found = figure("toil_hours_per_month", {"toil-tasks": said(rows, "measured", period=PERIOD)})
    assert (found.value, found.low < 8.5, found.high > 11.5) == (10, True, True)


def test_another_answer_does_not_make_this_one_surer() -> None:
    answers = {"incident-volume": per(70, "month"), "period-start": PERIOD["start"], "period-end": PERIOD["end"]}
    assert ends("incidents_per_month", answers) == (70, 70)


@pytest.mark.parametrize(
    "answers",
    [
        {"incident-volume": per(70, "month")},
        {"incident-volume": said(per(70, "month"), "measured", n=0)},
        {"incident-volume": said(per(70, "month"), "measured", n=10**40)},
        {"incident-volume": said(per(70, "month"), "measured", period={"start": "2026-08-01", "end": "2026-07-01"})},
    ],
)
def test_where_nothing_tells_of_how_many_there_is_no_interval(answers: dict[str, Any]) -> None:
    found = figure("incidents_per_month", answers)
    assert found.low == found.value == found.high


def test_what_somebody_entered_goes_before_chance() -> None:
    given = said(per(70, "month"), "measured", n=70, low=69, high=71)
    assert ends("incidents_per_month", {"incident-volume": given}) == (69, 71)


def test_an_estimate_is_as_wide_as_the_guide_says_however_many_cases_it_names() -> None:
    assert ends("incidents_per_month", {"incident-volume": said(per(100, "month"), n=5)}) == (75, 125)
