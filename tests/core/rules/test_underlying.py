"""The underlying result: what is left when grants and one-off items are taken out."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.rules.budget import LineFigures
from core.rules.underlying import OneOff, underlying
from core.terms import OneOffKind

ON, BOOKED = dt.date(2024, 5, 27), dt.date(2024, 4, 1)


def line(outcome, prognosis=None, run_rate=None):
    return LineFigures(
        budget=Decimal(0),
        outcome_to_date=None if outcome is None else Decimal(outcome),
        prognosis=None if prognosis is None else Decimal(prognosis),
        deviation=None,
        run_rate=run_rate,
        last_year_pattern=None,
        bottom_up=None,
    )


def grant(month, amount, kind=OneOffKind.STATE_GRANT, year=2024):
    return OneOff(dt.date(year, month, 1), kind, Decimal(amount))


def test_a_grant_in_the_outcome_hides_what_the_line_costs():
    """4,000 to April of which -800 a grant and 300 a one-off cost: the level is 4,500."""
    items = [grant(3, -800), grant(1, 300, OneOffKind.ONE_OFF)]

    found = underlying(line(4_000, 12_000, Fraction(12_000)), items, ON, BOOKED)

    assert (found.grants, found.one_offs) == (-800, 300)
    assert found.underlying_to_date == 4_500
    assert found.underlying_prognosis == 12_500
    assert found.underlying_run_rate == 4_500 * 3 - 500
    assert found.run_rate == 12_000


def test_an_item_after_the_booked_months_lies_in_the_prognosis_only():
    found = underlying(line(4_000, 12_000), [grant(5, -800)], ON, BOOKED)

    assert found.grants == 0
    assert found.underlying_to_date == 4_000
    assert found.underlying_prognosis == 12_800


def test_an_item_of_a_month_that_has_not_begun_does_not_exist():
    found = underlying(line(4_000, 12_000), [grant(6, -800), grant(4, -5, year=2023)], ON, BOOKED)

    assert found.underlying_prognosis == 12_000


def test_without_outcome_and_prognosis_there_is_no_value():
    found = underlying(line(None), [grant(1, -800)], ON, None)

    assert found.underlying_to_date is None
    assert found.underlying_prognosis is None
    assert found.underlying_run_rate is None


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(-900, 900), st.sampled_from(list(OneOffKind))),
        max_size=8,
    ),
    st.integers(-10_000, 10_000),
    st.integers(1, 12),
    st.integers(1, 12),
)
def test_the_outcome_is_always_grants_one_offs_and_the_rest(made, outcome, asked, through):
    on = dt.date(2024, asked, 28)
    booked = dt.date(2024, min(through, asked), 1)
    items = [grant(number, amount, kind) for number, amount, kind in made]

    found = underlying(line(outcome, outcome), items, on, booked)

    assert found.grants + found.one_offs + found.underlying_to_date == outcome
    assert found.grants == sum(
        amount
        for number, amount, kind in made
        if number <= booked.month and kind is OneOffKind.STATE_GRANT
    )
    assert outcome - found.underlying_prognosis == sum(
        amount for number, amount, _ in made if number <= asked
    )
