from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.shares import percent, rounded, share
from tests.core.rules import slow
from tests.core.rules.strategies import many


def test_a_share_is_exact():
    assert share(1, 3) == Fraction(1, 3)
    assert share(Decimal("0.1"), Decimal("0.3")) == Fraction(1, 3)
    assert share(0, 7) == 0


def test_a_share_of_nothing_has_no_value():
    assert share(0, 0) is None
    assert share(5, Decimal("0.00")) is None


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(5, 2), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("1.005"), 2, "1.01"),
        (Decimal("2.00"), 2, "2.00"),
        (7, 2, "7.00"),
        (Fraction(1, 3), 4, "0.3333"),
        (Decimal("-0.001"), 2, "0.00"),
        (0, 0, "0"),
        (10**40 + Fraction(1, 2), 1, "1" + "0" * 40 + ".5"),
    ],
)
def test_rounding_goes_half_away_from_zero(value, digits, expected):
    assert str(rounded(value, digits)) == expected


@many
@given(st.fractions(max_denominator=1000), st.integers(0, 4))
def test_rounding_agrees_with_decimal_arithmetic(value, digits):
    assert rounded(value, digits) == slow.rounded(value, digits)


@many
@given(st.integers(-(10**6), 10**6), st.integers(0, 3))
def test_halves_agree_with_decimal_arithmetic(halves, digits):
    value = Fraction(halves, 2 * 10**digits)
    assert rounded(value, digits) == slow.rounded(value, digits)


def test_percent_is_rounded_once_when_shown():
    assert str(percent(Fraction(161, 207), 2)) == "77.78"
    assert str(percent(Fraction(161, 207))) == "78"
    assert str(percent(Fraction(1, 200))) == "1"
    assert str(percent(Decimal("0.125"), 1)) == "12.5"
