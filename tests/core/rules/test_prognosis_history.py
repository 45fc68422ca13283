"""When a prognosis is read, and how far it was from the outcome."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.budget import accuracy
from core.rules.prognosis_history import earlier_years, reading_days, signed_error
from tests.core.rules.strategies import many

D = dt.date


def test_a_year_is_read_at_each_month_end_that_has_come():
    assert reading_days(2024, D(2024, 3, 30)) == (D(2024, 1, 31), D(2024, 2, 29))
    assert reading_days(2024, D(2024, 3, 31))[-1] == D(2024, 3, 31)
    assert reading_days(2024, D(2024, 1, 30)) == ()
    whole = reading_days(2023, D(2024, 1, 1))
    assert (len(whole), whole[0], whole[-1]) == (12, D(2023, 1, 31), D(2023, 12, 31))
    assert reading_days(2025, D(2024, 12, 31)) == ()


def test_earlier_years_are_those_before_the_days_own():
    assert earlier_years(D(2024, 1, 1), 3) == (2021, 2022, 2023)
    assert earlier_years(D(2024, 12, 31), 1) == (2023,)


@pytest.mark.parametrize(
    ("prognosis", "final", "error"),
    [
        (960, 1000, Fraction(-4, 100)),
        (1040, 1000, Fraction(4, 100)),
        (1000, 1000, 0),
        (0, 3, -1),
        (-90, -100, Fraction(10, 100)),
        (100, 0, None),
        (0, 0, None),
    ],
)
def test_an_error_is_below_0_when_the_prognosis_was_too_low(prognosis, final, error):
    assert signed_error(Decimal(prognosis), Decimal(final)) == error


kronor = st.decimals(-(10**6), 10**6, places=2, allow_nan=False)


@many
@given(prognosis=kronor, final=kronor)
def test_the_size_of_an_error_is_the_accuracy(prognosis, final):
    error = signed_error(prognosis, final)
    assert (None if error is None else abs(error)) == accuracy(prognosis, final)
