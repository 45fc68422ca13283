import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import Period, month_of, tertial_of
from core.rules.indicators import (
    Measurement,
    fulfilment,
    percent_value,
    tolerance_of,
    values_on,
    year_is_complete,
    year_value,
)
from core.terms import Accumulation, Direction, Fulfilment
from tests.core.rules import slow
from tests.core.rules.strategies import many, measurements

D = dt.date
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
LATEST, SUM = Accumulation.LATEST, Accumulation.SUM


def measured(day, value, on=None):
    period = month_of(day)
    return Measurement(period, on or period.end, value)


VALUES = [measured(D(2024, 2, 1), 20), measured(D(2024, 1, 1), 10), measured(D(2023, 12, 1), 99)]


def test_the_latest_value_stands_for_the_year():
    assert year_value(VALUES, LATEST, 2024, D(2024, 2, 29)) == 20
    assert year_value(VALUES, LATEST, 2024, D(2024, 2, 28)) == 10
    assert year_value(VALUES, LATEST, 2023, D(2024, 2, 29)) == 99


def test_values_sum_over_the_year():
    assert year_value(VALUES, SUM, 2024, D(2024, 2, 29)) == 30
    assert year_value(VALUES, SUM, 2024, D(2024, 1, 31)) == 10


def test_a_year_without_values_has_none():
    assert year_value(VALUES, LATEST, 2024, D(2024, 1, 30)) is None
    assert year_value([], SUM, 2024, D(2024, 5, 27)) is None


def test_a_value_counts_from_the_day_it_was_measured():
    late = [measured(D(2024, 1, 1), 10, on=D(2024, 3, 5)), measured(D(2024, 2, 1), 20)]
    assert year_value(late, LATEST, 2024, D(2024, 3, 10)) == 20
    assert year_value(late, SUM, 2024, D(2024, 3, 4)) == 20
    assert year_value(late, SUM, 2024, D(2024, 3, 5)) == 30


def test_a_period_measured_again_has_its_latest_value():
    again = [
        measured(D(2024, 1, 1), 15, on=D(2024, 3, 5)),
        measured(D(2024, 1, 1), 10),
        measured(D(2024, 2, 1), 1),
        measured(D(2024, 2, 1), 2),
    ]
    assert year_value(again, SUM, 2024, D(2024, 3, 4)) == 12
    assert year_value(again, SUM, 2024, D(2024, 3, 5)) == 17
    assert [value.value for value in values_on(again, D(2024, 3, 5))] == [15, 2]


def test_last_years_value_measured_this_year_is_last_years():
    value = Measurement(tertial_of(D(2023, 12, 1)), D(2024, 1, 20), Decimal(7))
    assert year_value([value], LATEST, 2023, D(2024, 1, 20)) == 7
    assert year_value([value], LATEST, 2024, D(2024, 1, 20)) is None
    assert year_value([value], LATEST, 2023, D(2024, 1, 19)) is None


@many
@given(
    st.lists(measurements(), max_size=6), st.booleans(), st.dates(D(2023, 1, 1), D(2024, 12, 31))
)
def test_a_years_value_agrees_with_the_definition_read_slowly(values, summed, on):
    accumulation = SUM if summed else LATEST
    expected = slow.year_value(values, summed, on.year, on)
    assert year_value(values, accumulation, on.year, on) == expected


def test_a_percentage_is_kept_unrounded():
    assert percent_value(161, 207) == Fraction(16100, 207)
    assert percent_value(0, 0) is None


def test_a_year_is_complete_on_its_last_day():
    assert not year_is_complete(2024, D(2024, 12, 30))
    assert year_is_complete(2024, D(2024, 12, 31))


def test_the_tolerance_is_a_tenth_of_the_targets_size_unless_given():
    assert tolerance_of(Decimal(80), None) == 8
    assert tolerance_of(Decimal(-80), None) == 8
    assert tolerance_of(0, None) == 0
    assert tolerance_of(0, Decimal(2)) == 2
    assert tolerance_of(80, 0) == 0


@pytest.mark.parametrize("target", [None, "", "fastställs 2024"])
def test_a_text_or_nothing_is_no_target(target):
    assert fulfilment(90, target, HIGHER, None, LATEST, True) is Fulfilment.NO_TARGET
    assert fulfilment(None, target, HIGHER, None, LATEST, True) is Fulfilment.NO_TARGET


def test_a_target_without_a_value_has_no_outcome_yet():
    assert fulfilment(None, 80, HIGHER, None, LATEST, False) is Fulfilment.NO_OUTCOME_YET


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal(81), Fulfilment.MET),
        (Decimal(80), Fulfilment.MET),
        (Fraction(239, 3), Fulfilment.PARTLY_MET),
        (Decimal(72), Fulfilment.PARTLY_MET),
        (Fraction(7199, 100), Fulfilment.NOT_MET),
    ],
)
def test_higher_is_better_against_80(value, expected):
    assert fulfilment(value, Decimal(80), HIGHER, None, LATEST, False) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (19, Fulfilment.MET),
        (20, Fulfilment.MET),
        (21, Fulfilment.PARTLY_MET),
        (22, Fulfilment.PARTLY_MET),
        (Fraction(221, 10), Fulfilment.NOT_MET),
    ],
)
def test_lower_is_better_against_20(value, expected):
    assert fulfilment(value, 20, LOWER, None, LATEST, False) is expected


def test_a_target_of_zero_has_no_tolerance_unless_given():
    assert fulfilment(0, 0, LOWER, None, LATEST, True) is Fulfilment.MET
    assert fulfilment(1, 0, LOWER, None, LATEST, True) is Fulfilment.NOT_MET
    assert fulfilment(1, 0, LOWER, 1, LATEST, True) is Fulfilment.PARTLY_MET
    assert fulfilment(-1, 0, HIGHER, None, LATEST, True) is Fulfilment.NOT_MET


def test_a_sum_has_no_outcome_before_the_years_end():
    assert fulfilment(500, 100, HIGHER, None, SUM, False) is Fulfilment.NO_OUTCOME_YET
    assert fulfilment(500, 100, HIGHER, None, SUM, True) is Fulfilment.MET
    assert fulfilment(1, 100, HIGHER, None, SUM, False) is Fulfilment.NO_OUTCOME_YET
    assert fulfilment(1, 100, HIGHER, None, SUM, True) is Fulfilment.NOT_MET


def test_a_sum_that_should_be_low_is_lost_past_target_and_tolerance():
    assert fulfilment(50, 100, LOWER, None, SUM, False) is Fulfilment.NO_OUTCOME_YET
    assert fulfilment(110, 100, LOWER, None, SUM, False) is Fulfilment.NO_OUTCOME_YET
    assert fulfilment(111, 100, LOWER, None, SUM, False) is Fulfilment.NOT_MET
    assert fulfilment(110, 100, LOWER, None, SUM, True) is Fulfilment.PARTLY_MET


numbers = st.none() | st.integers(-12, 12) | st.fractions(-12, 12, max_denominator=4)


@many
@given(
    numbers,
    numbers | st.just("saknas"),
    st.sampled_from(Direction),
    st.none() | st.integers(0, 4),
    st.sampled_from(Accumulation),
    st.booleans(),
)
def test_fulfilment_agrees_with_the_definition_read_slowly(
    value, target, direction, tolerance, accumulation, complete
):
    expected = slow.fulfilment(
        value, target, direction == "lower", tolerance, accumulation == "sum", complete
    )
    assert fulfilment(value, target, direction, tolerance, accumulation, complete) == expected


def test_a_period_of_own_length_belongs_to_the_year_it_ends_in():
    winter = Measurement(Period(D(2023, 11, 1), D(2024, 1, 31)), D(2024, 1, 31), 5)
    assert year_value([winter], LATEST, 2024, D(2024, 2, 1)) == 5
