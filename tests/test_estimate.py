"""Estimates: likely, low and high carried through every calculation, so that a bound that is shown always holds."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessment_kit.estimate import BASES, WEEKS_PER_MONTH, Basis, Estimate, exact, spread, total, weakest
from assessment_kit.rounding import apportioned

numbers = st.floats(min_value=-1e9, max_value=1e9, allow_subnormal=False)
bases = st.sampled_from(BASES)


@st.composite
def estimates(draw: st.DrawFn, at_least: float = -1e9) -> Estimate:
    """Any estimate."""
    limits = st.floats(min_value=at_least, max_value=1e9, allow_subnormal=False)
    low, value, high = sorted(draw(st.tuples(limits, limits, limits)))
    return Estimate(value, low, high, "hours", draw(bases))


@st.composite
def estimates_with_a_truth(draw: st.DrawFn, at_least: float = -1e9) -> tuple[Estimate, float]:
    """An estimate, and a number somewhere in its interval that turns out to be true."""
    estimate = draw(estimates(at_least))
    return estimate, draw(st.floats(min_value=estimate.low, max_value=estimate.high))


def holds(estimate: Estimate, truth: float) -> bool:
    """Whether a number lies within an interval, up to the rounding of the last digits."""
    slack = 1e-9 * max(1.0, abs(estimate.low), abs(estimate.high), abs(truth))
    return estimate.low - slack <= truth <= estimate.high + slack


# ------------------------------------------------------------------------------------------------ what an estimate is


@pytest.mark.parametrize("value, low, high", [(1, 2, 3), (4, 2, 3), (2, 3, 1)])
def test_low_likely_and_high_must_be_in_order(value: float, low: float, high: float) -> None:
    with pytest.raises(ValueError, match="low <= value <= high"):
        Estimate(value, low, high, "hours")


@pytest.mark.parametrize("value, low, high", [(math.nan, 0, 1), (0, -math.inf, 1), (0, 0, math.inf), (math.inf,) * 3])
def test_an_estimate_is_never_infinite_and_never_not_a_number(value: float, low: float, high: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Estimate(value, low, high, "hours")


def test_an_exact_number_has_no_spread() -> None:
    assert exact(8, "people") == Estimate(8, 8, 8, "people", "measured")


# --------------------------------------------------------------------------------------- intervals that hold the truth


@given(estimates_with_a_truth(), estimates_with_a_truth())
def test_true_values_within_the_inputs_give_a_result_within_the_sum_difference_and_product(
    one: tuple[Estimate, float], other: tuple[Estimate, float]
) -> None:
    (a, x), (b, y) = one, other
    assert holds(a + b, x + y)
    assert holds(a - b, x - y)
    assert holds(a * b, x * y)


@given(estimates_with_a_truth(), estimates_with_a_truth(at_least=1e-3))
def test_true_values_within_the_inputs_give_a_result_within_the_quotient(
    one: tuple[Estimate, float], other: tuple[Estimate, float]
) -> None:
    (a, x), (b, y) = one, other
    quotient = a.over(b, "ratio")
    assert quotient is not None
    assert holds(quotient, x / y)


@given(estimates_with_a_truth(), numbers)
def test_scaling_by_an_exact_number_keeps_the_truth_inside(one: tuple[Estimate, float], factor: float) -> None:
    estimate, truth = one
    assert holds(estimate.scaled(factor), truth * factor)


@given(st.lists(estimates_with_a_truth(), min_size=1, max_size=20))
def test_the_sum_of_many_holds_the_sum_of_the_truths(parts: list[tuple[Estimate, float]]) -> None:
    summed = total((estimate for estimate, _ in parts), "hours")
    assert summed is not None
    assert holds(summed, math.fsum(truth for _, truth in parts))


@given(st.lists(estimates(), min_size=1, max_size=12), st.randoms())
def test_a_sum_does_not_depend_on_the_order_of_its_parts(parts: list[Estimate], random: Random) -> None:
    shuffled = random.sample(parts, len(parts))
    assert total(parts, "hours") == total(shuffled, "hours")  # to the last digit


@given(estimates(), estimates(at_least=1e-6))
def test_whatever_is_computed_low_likely_and_high_stay_in_order(a: Estimate, b: Estimate) -> None:
    results = [a + b, a - b, a * b, a.scaled(-3.7), a.over(b, "x"), a.within(0, 100), a.within(None, 5)]
    for result in results:
        assert result is not None
        assert result.low <= result.value <= result.high


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    shifts = Estimate(2, 0, 4, "shifts")
    assert Estimate(5, 5, 5, "incidents").over(shifts, "incidents a shift") is None
    assert Estimate(5, 5, 5, "incidents").over(Estimate(1, -1, 1, "x"), "x") is None


def test_a_quotient_that_no_number_can_hold_is_none_rather_than_infinite() -> None:
    assert exact(1e300, "hours").over(exact(1e-300, "hours"), "x") is None


def test_an_empty_sum_is_unknown_not_zero() -> None:
    assert total([], "hours") is None


# --------------------------------------------------------------------------------------------------- how sure it is


@given(estimates(), estimates(at_least=1e-3))
def test_a_result_is_as_sure_as_the_least_sure_of_its_inputs(a: Estimate, b: Estimate) -> None:
    expected = weakest([a.basis, b.basis])
    assert BASES.index(expected) == max(BASES.index(a.basis), BASES.index(b.basis))
    for result in (a + b, a - b, a * b, a.over(b, "x"), total([a, b], "hours")):
        assert result is not None
        assert result.basis == expected


@pytest.mark.parametrize(
    "given_bases, expected",
    [
        (["measured", "estimated"], "estimated"),
        (["estimated", "guess", "measured"], "guess"),
        (["measured"], "measured"),
        ([], "measured"),
    ],
)
def test_weakest(given_bases: list[Basis], expected: Basis) -> None:
    assert weakest(given_bases) == expected


# ------------------------------------------------------------------------------------------ from what was said


def test_ends_that_were_said_are_kept_and_a_missing_one_is_filled_with_the_convention() -> None:
    assert spread(20, "incidents", "estimated", low=15, high=30, relative=0.25) == Estimate(
        20, 15, 30, "incidents", "estimated"
    )
    assert spread(20, "incidents", "estimated", low=19, relative=0.25) == Estimate(20, 19, 25, "incidents", "estimated")
    assert spread(20, "incidents", "guess", relative=0.5) == Estimate(20, 10, 30, "incidents", "guess")


@given(st.floats(min_value=0, max_value=1e9), st.floats(min_value=0, max_value=5), st.floats(min_value=0, max_value=5))
def test_a_wider_convention_never_gives_a_narrower_interval(value: float, one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    a, b = (spread(value, "hours", "guess", relative=relative) for relative in (narrow, wide))
    assert b.low <= a.low <= a.high <= b.high


@given(estimates(), numbers, numbers)
def test_cutting_to_what_is_possible_stays_within_it(estimate: Estimate, one: float, other: float) -> None:
    assume(one != other)
    least, most = sorted((one, other))
    cut = estimate.within(least, most)
    assert least <= cut.low <= cut.value <= cut.high <= most
    assert estimate.within(None, None) == estimate


def test_a_month_is_a_twelfth_of_a_year_of_365_and_a_quarter_days() -> None:
    assert pytest.approx(52.18 / 12, abs=0.001) == WEEKS_PER_MONTH


def test_renaming_the_unit_converts_nothing() -> None:
    assert Estimate(2, 1, 3, "hours").in_unit("hours a month") == Estimate(2, 1, 3, "hours a month")
    assert Estimate(120, 60, 180, "minutes").scaled(1 / 60, "hours") == Estimate(2, 1, 3, "hours")


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=12))
def test_rounded_parts_add_up_and_none_is_more_than_one_away(parts: list[float]) -> None:
    whole = round(math.fsum(parts))
    found = apportioned(parts, whole)
    assert sum(found) == whole
    assert all(abs(number - part) <= 1 for number, part in zip(found, parts, strict=True))
