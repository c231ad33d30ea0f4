"""Numbers as people read them: one form for a page, a terminal and a chart."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit import wording
from assessment_kit.estimate import Estimate, exact

MINUTE, HOUR, DAY = 1, 60, 24 * 60


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (0.42, "0.42"),
        (0.5, "0.5"),
        (1, "1"),
        (2.5, "2.5"),
        (4.25, "4.3"),  # two digits, a half goes up
        (19.96, "20"),
        (20.5, "21"),
        (42.4, "42"),
        (100, "100"),
        (1240, "1,240"),
        (1239.5, "1,240"),
        (1_000_000, "1,000,000"),
        (-2.5, "-2.5"),
        (-1240, "-1,240"),
        (0.004, "0.004"),
        (0.00001, "<0.0001"),
        (-0.00001, ">-0.0001"),
    ],
)
def test_two_or_three_significant_digits(value: float, text: str) -> None:
    assert wording.number(value) == text


@given(st.floats(min_value=-1e12, max_value=1e12).filter(bool))
def test_what_is_not_zero_never_reads_as_zero(value: float) -> None:
    assert not re.fullmatch(r"-?0(\.0*)?", wording.number(value))
    assert not re.fullmatch(r"-?0(\.0*)? %", wording.percent(value))


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_a_number_is_read_back_to_within_a_twentieth(value: float) -> None:
    text = wording.number(value).replace(",", "")
    read = 0.0 if text[0] in "<>" else float(text)
    assert abs(read - value) <= max(0.0001, 0.05 * abs(value))


@pytest.mark.parametrize(
    "value, text",
    [(0, "0 %"), (0.5, "0.5 %"), (9.6, "9.6 %"), (12.5, "13 %"), (61.2, "61 %"), (100, "100 %"), (130.2, "130 %")],
)
def test_a_share_is_in_whole_percents_from_ten_on(value: float, text: str) -> None:
    assert wording.percent(value) == text


@pytest.mark.parametrize("value, text", [(99.6, "99.6 %"), (99.99, "99.9 %")])
def test_nearly_all_never_reads_as_all(value: float, text: str) -> None:
    assert wording.percent(value) == text


@pytest.mark.parametrize(
    "minutes, text",
    [
        (0, "0 min"),
        (0.5, "30 s"),
        (0.9999, "1 min"),
        (1.5, "1.5 min"),
        (9.97, "10 min"),
        (48, "48 min"),
        (59.7, "1 h"),
        (90, "1 h 30 min"),
        (2 * HOUR, "2 h"),
        (1439.6, "1 d"),
        (7 * DAY + 8 * HOUR, "7 d 8 h"),
        (3 * DAY, "3 d"),
        (1200 * DAY + 8 * HOUR, "1,200 d"),
        (-90, "-1 h 30 min"),
    ],
)
def test_a_duration_has_its_two_largest_units(minutes: float, text: str) -> None:
    assert wording.duration(minutes) == text


@given(st.floats(min_value=0, max_value=1e9))
def test_no_duration_reads_as_sixty_minutes_or_twenty_four_hours(minutes: float) -> None:
    assert not re.search(r"\b(60 s|60 min|24 h)\b", wording.duration(minutes))


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (38, "hours a month", "38 h a month"),
        (2.3, "people", "2.3 people"),
        (90, "minutes", "1 h 30 min"),
        (61, "%", "61 %"),
        (1240, "alerts a month", "1,240 alerts a month"),
        (4.2, "", "4.2"),
    ],
)
def test_a_quantity_has_the_form_of_its_unit(value: float, unit: str, text: str) -> None:
    assert wording.quantity(value, unit) == text


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (1, "incidents a shift", "1 incident a shift"),
        (1.04, "incidents a shift", "1 incident a shift"),
        (2, "incidents a shift", "2 incidents a shift"),
        (1, "people", "1 person"),
        (1, "hours a month", "1 h a month"),
        (1, "months", "1 month"),
        (1, "%", "1 %"),
        (0, "people", "0 people"),
    ],
)
def test_one_of_something_is_written_in_the_singular(value: float, unit: str, text: str) -> None:
    assert wording.quantity(value, unit) == text


def test_an_interval_from_one_keeps_its_unit_once() -> None:
    assert wording.interval(Estimate(1.5, 1, 2, "incidents a shift")) == "1 to 2 incidents a shift"
    assert wording.interval(Estimate(50, 40, 60, "%")) == "40 to 60 %"


@pytest.mark.parametrize(
    "estimate, text",
    [
        (Estimate(38, 24, 55, "hours a month"), "24 to 55 h a month"),
        (Estimate(90, 48, 120, "minutes"), "48 min to 2 h"),
        (Estimate(40, 30, 50, "%"), "30 to 50 %"),
        (exact(8, "people"), ""),
        (Estimate(40.01, 40.0, 40.02, "%"), ""),  # a spread that cannot be seen is not claimed
    ],
)
def test_an_interval_names_its_unit_once(estimate: Estimate, text: str) -> None:
    assert wording.interval(estimate) == text


def test_an_estimate_in_full_says_how_sure_it_is() -> None:
    full = wording.estimate(Estimate(38, 24, 55, "hours a month", "estimated"))
    assert full == "38 h a month (24 to 55 h a month, estimated)"
    assert wording.estimate(exact(8, "people")) == "8 people (measured)"


def test_a_day_cannot_be_misread_in_any_country() -> None:
    assert wording.day(date(2026, 4, 3)) == "3 Apr 2026"


@pytest.mark.parametrize("amount, text", [(0, "0 teams"), (1, "1 team"), (2, "2 teams"), (1200, "1,200 teams")])
def test_a_count_agrees_with_its_noun(amount: int, text: str) -> None:
    assert wording.count(amount, "team") == text


def test_an_irregular_plural_can_be_given() -> None:
    assert wording.count(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    "words, text", [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_a_sentence_part(words: list[str], text: str) -> None:
    assert wording.listed(words) == text
