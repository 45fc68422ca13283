"""The monthly round: what must be explained, and amounts typed in the wrong unit."""

from decimal import Decimal
from fractions import Fraction
from math import log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.rules.prognosis_round import (
    DEFAULT_LIMITS,
    Limits,
    Passed,
    change,
    meant_amount,
    must_comment,
    whole_kronor,
)

LIMITS = Limits(Decimal(100), Decimal(50))


def asked(amount, budget=1000, before=1000, limits=LIMITS):
    return must_comment(
        None if amount is None else Decimal(amount),
        budget=Decimal(budget),
        before=None if before is None else Decimal(before),
        limits=limits,
    )


def test_a_deficit_above_the_limit_is_explained():
    assert asked("1100.01", before=1100) == (Passed.DEVIATION,)


def test_exactly_at_a_limit_nothing_is_asked():
    assert asked(1100, before=1050) == ()
    assert asked(900, before=950) == ()


def test_a_surplus_is_explained_as_a_deficit_is():
    assert asked("899.99", before=900) == (Passed.DEVIATION,)


def test_a_move_since_last_month_is_explained_though_the_budget_is_kept():
    assert asked(1000, before="949.99") == (Passed.CHANGE,)
    assert asked(1000, before="1050.01") == (Passed.CHANGE,)


def test_both_limits_can_be_passed():
    assert asked(1200) == (Passed.DEVIATION, Passed.CHANGE)


def test_without_last_months_prognosis_only_the_deviation_counts():
    assert asked(1200, before=None) == (Passed.DEVIATION,)


def test_nothing_is_asked_of_a_line_without_an_amount():
    assert asked(None) == ()


def test_an_income_line_is_measured_as_any_other():
    assert asked(-1101, budget=-1000, before=-1100) == (Passed.DEVIATION,)


def test_with_limits_of_0_every_krona_is_explained():
    none = Limits(Decimal(0), Decimal(0))
    assert asked(1000, limits=none) == ()
    assert asked("1000.01", limits=none) == (Passed.DEVIATION, Passed.CHANGE)


def test_a_unit_that_has_set_nothing_has_100_and_50_thousand():
    assert Limits(Decimal(100_000), Decimal(50_000)) == DEFAULT_LIMITS


def test_a_change_needs_both_amounts():
    assert change(Decimal(7), Decimal(10)) == -3
    assert change(None, Decimal(10)) is None
    assert change(Decimal(7), None) is None


def test_a_computed_amount_is_chosen_in_whole_kronor():
    assert whole_kronor(Fraction(5, 2)) == 3
    assert whole_kronor(Fraction(-5, 2)) == -3
    assert whole_kronor(None) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (1_250, 1_250_000),  # tkr for kr
        (1_250_000_000, 1_250_000),  # kr where the line is known in kr, typed times a thousand
        ("1.25", 1_250_000),  # mnkr for kr
        (-1_250, -1_250_000),
        (1_250_000, None),
        (40_000, None),  # 30 times too small: an odd amount, no slip of the unit
        (31_622, 31_622_000),  # just below 1 000 000 / sqrt(1000) = 31 622.78
        (31_623, None),
        (31_622_776, None),
        (31_622_777, "31622.78"),
        (0, None),
    ],
)
def test_an_amount_about_a_thousand_times_off_is_questioned(typed, meant):
    expected = None if meant is None else Decimal(meant)
    assert meant_amount(Decimal(typed), [Decimal(1_000_000)]) == expected


def test_an_amount_near_any_known_one_is_not_questioned():
    known = [Decimal(2_000_000), None, Decimal(0), Fraction(5_000, 3)]
    assert meant_amount(Decimal(1_700), known) is None
    assert meant_amount(Decimal(1_700), known[:3]) == 1_700_000


def test_a_line_of_which_nothing_is_known_is_never_questioned():
    assert meant_amount(Decimal(5), [None, Decimal(0)]) is None


def test_an_amount_beyond_a_million_times_off_is_no_slip_of_the_unit():
    assert meant_amount(Decimal("0.01"), [Decimal(10**12)]) is None


amounts = st.decimals(min_value=1, max_value=10**10, places=2)


@given(amounts, st.lists(amounts, min_size=1, max_size=4), st.sampled_from([1, -1]))
def test_questioned_is_what_is_nearer_to_a_thousand_times_off_than_to_right(amount, known, sign):
    def off(size):
        return min(abs(log(float(size)) - log(float(one))) for one in known)

    border = log(1000) / 2
    assume(abs(off(amount) - border) > 1e-9)
    meant = meant_amount(sign * amount, known)
    if off(amount) < border:
        assert meant is None
    elif meant is not None and abs(meant) >= 1:
        assert off(abs(meant)) <= border + 0.01
        assert (meant > 0) is (sign > 0)
