"""The driver model, by hand and against a slow count month by month."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.rules.driver_model import (
    EVEN,
    Assumptions,
    DriverFacts,
    driver_model,
    from_values,
    households_in,
    last_year_pattern,
    to_values,
)

YEAR = 2024


def month(number, year=YEAR):
    return dt.date(year, number, 1)


def months(amount, numbers, year=YEAR):
    return {month(number, year): amount for number in numbers}


def facts(booked=3, amount=Decimal(1_000_000), count=100, **fields):
    """A year with some booked months of the same amount and as many months of statistics."""
    return DriverFacts(
        year=YEAR,
        **(
            {
                "booked": months(amount, range(1, booked + 1)),
                "households": months(count, range(1, booked + 1)),
            }
            | fields
        ),
    )


def test_the_rest_of_the_year_costs_as_the_booked_months_when_nothing_is_assumed():
    result = driver_model(facts(), Assumptions())

    assert result.base == 10_000
    assert result.full_year == 12_000_000
    assert [row.booked is not None for row in result.months] == [True] * 3 + [False] * 9


def test_households_that_fall_by_two_a_month_lower_each_coming_month():
    result = driver_model(facts(), Assumptions(change=Decimal(-2)))

    assert [row.households for row in result.months[2:6]] == [100, 98, 96, 94]
    assert result.full_year == 3_000_000 + sum(10_000 * (100 - 2 * n) for n in range(1, 10))


def test_typed_households_hold_from_the_first_month_without_statistics():
    result = driver_model(facts(), Assumptions(households=110, change=Decimal("0.5")))

    assert [row.households for row in result.months[3:6]] == [110, Fraction("110.5"), 111]


def test_the_new_norm_raises_its_months_only():
    result = driver_model(facts(), Assumptions(norm_change=Decimal("0.05"), norm_from=month(7)))

    assert result.months[5].modelled == 1_000_000
    assert result.months[6].modelled == 1_050_000
    assert result.full_year == 12_000_000 + 6 * 50_000


def test_a_norm_that_has_begun_is_not_added_once_more_to_what_is_booked():
    booked = months(Decimal(1_000_000), (1, 2)) | months(Decimal(1_050_000), (3,))
    known = DriverFacts(YEAR, booked=booked, households=months(100, (1, 2, 3)))

    result = driver_model(known, Assumptions(norm_change=Decimal("0.05"), norm_from=month(3)))

    assert result.base == 10_000
    assert result.months[3].modelled == 1_050_000


def test_rents_are_added_a_household_from_their_month():
    result = driver_model(facts(), Assumptions(rent_change=Decimal(300), rent_from=month(10)))

    assert result.months[8].per_household == 10_000
    assert result.months[9].per_household == 10_300
    assert result.full_year == 12_000_000 + 3 * 100 * 300


def test_last_years_dear_december_shows_in_the_coming_december():
    last_year = months(Decimal(1_000_000), range(1, 12), YEAR - 1) | {
        month(12, YEAR - 1): Decimal(1_300_000)
    }
    stated = months(100, range(1, 13), YEAR - 1) | months(100, (1, 2, 3))
    known = facts(last_year=last_year, households=stated)

    result = driver_model(known, Assumptions())

    mean = Fraction(12_300_000, 12)
    assert result.seasonal
    assert result.months[11].pattern == Fraction(1_300_000) / mean
    assert result.months[3].modelled == 1_000_000
    assert result.months[11].modelled == 1_300_000


def test_an_even_year_is_even_whatever_last_year_was():
    last_year = months(Decimal(1_000_000), range(1, 13), YEAR - 1) | {
        month(12, YEAR - 1): Decimal(2_000_000)
    }
    stated = months(100, range(1, 13), YEAR - 1) | months(100, (1, 2, 3))

    result = driver_model(facts(last_year=last_year, households=stated), Assumptions(even=True))

    assert not result.seasonal
    assert result.full_year == 12_000_000


def test_a_last_year_with_a_gap_gives_no_pattern():
    last_year = months(Decimal(1_000_000), range(1, 12), YEAR - 1)
    known = facts(last_year=last_year, households=months(100, range(1, 13), YEAR - 1))

    assert last_year_pattern(known) is EVEN


def test_before_the_first_booked_month_last_years_mean_a_household_is_the_base():
    known = DriverFacts(
        YEAR,
        last_year=months(Decimal(1_200_000), range(1, 13), YEAR - 1),
        households=months(120, range(1, 13), YEAR - 1),
    )

    result = driver_model(known, Assumptions(households=100))

    assert result.base == 10_000
    assert result.full_year == 12 * 1_000_000


def test_a_typed_amount_a_household_wins_over_what_is_booked():
    result = driver_model(facts(), Assumptions(per_household=Decimal(11_000)))

    assert result.full_year == 3_000_000 + 9 * 100 * 11_000


def test_the_number_of_households_never_falls_below_zero():
    result = driver_model(facts(), Assumptions(change=Decimal(-30)))

    assert [row.households for row in result.months[3:8]] == [70, 40, 10, 0, 0]


def test_without_any_number_of_households_there_is_no_model():
    known = DriverFacts(YEAR, booked=months(Decimal(1), (1,)))

    assert driver_model(known, Assumptions()) is None
    assert driver_model(known, Assumptions(households=10)) is not None


def test_without_booked_months_and_a_last_year_there_is_no_model():
    known = DriverFacts(YEAR, households=months(100, (1,)))

    assert driver_model(known, Assumptions()) is None
    assert driver_model(known, Assumptions(per_household=Decimal(1))) is not None


def test_booked_months_without_households_give_no_model_for_lack_of_a_divisor():
    known = DriverFacts(YEAR, booked=months(Decimal(1), (1,)), households=months(0, range(1, 13)))

    assert driver_model(known, Assumptions()) is None


def test_a_gap_in_the_statistics_has_the_month_before_it():
    known = {month(1): 100, month(4): 130}

    assert households_in(month(3), known, Assumptions(change=Decimal(5))) == 100
    assert households_in(month(5), known, Assumptions(change=Decimal(5))) == 135
    assert households_in(month(12, YEAR - 1), known, Assumptions()) == 100


assumptions = st.builds(
    Assumptions,
    households=st.none() | st.integers(0, 900),
    change=st.decimals(-5, 5, places=1),
    per_household=st.none() | st.decimals(1, 20_000, places=2),
    norm_change=st.decimals("-0.1", "0.1", places=3),
    norm_from=st.none() | st.integers(1, 12).map(month),
    rent_change=st.decimals(-500, 500, places=0),
    rent_from=st.none() | st.integers(1, 12).map(month),
    even=st.booleans(),
)


def slow_households(assumed, counted):
    households = [Fraction(count) for count in counted]
    while len(households) < 12:
        if len(households) == len(counted) and assumed.households is not None:
            households.append(Fraction(assumed.households))
        else:
            households.append(max(households[-1] + Fraction(assumed.change), Fraction(0)))
    return households


def slow_step(number, since, change):
    return Fraction(change) if since is not None and number >= since.month else Fraction(0)


@given(
    assumptions,
    st.lists(st.integers(500_000, 2_000_000), min_size=0, max_size=12),
    st.lists(st.integers(50, 400), min_size=1, max_size=12),
    st.lists(st.integers(500_000, 2_000_000), min_size=12, max_size=12),
)
def test_the_year_is_what_a_slow_count_month_by_month_gives(assumed, paid, counted, earlier):
    stated = {month(n): count for n, count in enumerate(counted, 1)}
    stated |= months(200, range(1, 13), YEAR - 1)
    known = DriverFacts(
        YEAR,
        booked={month(n): Decimal(amount) for n, amount in enumerate(paid, 1)},
        last_year={month(n, YEAR - 1): Decimal(amount) for n, amount in enumerate(earlier, 1)},
        households=stated,
    )

    result = driver_model(known, assumed)

    shape = (
        [Fraction(1)] * 12 if assumed.even else [Fraction(a * 12, sum(earlier)) for a in earlier]
    )
    households = slow_households(assumed, counted)
    norms = [1 + slow_step(n, assumed.norm_from, assumed.norm_change) for n in range(1, 13)]
    rents = [slow_step(n, assumed.rent_from, assumed.rent_change) for n in range(1, 13)]
    weights = [h * s * n for h, s, n in zip(households, shape, norms, strict=True)]
    m = len(paid)
    if assumed.per_household is not None:
        base = Fraction(assumed.per_household)
    elif m:
        rented = sum(h * r for h, r in zip(households[:m], rents[:m], strict=True))
        base = (sum(paid) - rented) / sum(weights[:m])
    else:
        base = Fraction(sum(earlier), 200 * 12)
    rest = sum(w * base + h * r for w, h, r in zip(weights, households, rents, strict=True))
    rest -= sum(
        w * base + h * r for w, h, r in zip(weights[:m], households[:m], rents[:m], strict=True)
    )
    assert result.base == base
    assert result.full_year == sum(paid) + rest


@given(assumptions)
def test_assumptions_are_read_as_they_were_kept(assumed):
    assert from_values(to_values(assumed)) == assumed
