"""What measures save: months that count, and what is not in the prognosis yet."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.savings import MeasureFacts, measure_figures, measure_months, with_measures

YEAR = 2024


def day(number, month, year=YEAR):
    return dt.date(year, month, number)


def first(month):
    return dt.date(YEAR, month, 1)


def measure(starts_on, effect=10_000, **fields):
    return MeasureFacts(starts_on, Decimal(effect), **fields)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "numbers"),
    [
        (day(31, 5), None, range(5, 13)),
        (day(1, 12), None, [12]),
        (day(1, 1, YEAR + 1), None, []),
        (day(15, 3, YEAR - 1), None, range(1, 13)),
        (day(15, 3), day(1, 4), [3, 4]),
        (day(15, 3, YEAR - 1), day(31, 12, YEAR - 1), []),
        (day(15, 3, YEAR - 1), day(1, 1), [1]),
        (day(15, 3), day(1, 4, YEAR + 1), range(3, 13)),
    ],
)
def test_a_measure_counts_in_whole_months_of_the_year(starts_on, ends_on, numbers):
    found = measure_months(measure(starts_on, ends_on=ends_on), YEAR)

    assert found == [first(number) for number in numbers]


def test_a_measure_that_has_not_begun_is_not_in_the_prognosis_at_all():
    figures = measure_figures(measure(day(1, 9)), YEAR, booked=first(4))

    assert figures.expected == 40_000
    assert figures.expected_so_far == 0
    assert figures.remaining == 40_000


def test_a_followed_up_measure_still_lacks_what_it_has_not_reached():
    """Booked to April; expected 10,000 a month, 4,000 reached in March, 6,000 in April."""
    done = {first(3): Decimal(4_000), first(4): Decimal(6_000)}

    figures = measure_figures(measure(day(1, 3), achieved=done), YEAR, booked=first(4))

    assert figures.expected == 100_000
    assert figures.expected_so_far == 20_000
    assert figures.achieved == 10_000
    assert figures.not_followed_up == 0
    assert figures.remaining == 4_000 * 8


def test_a_measure_that_did_better_than_expected_lowers_the_prognosis_no_more():
    done = {first(4): Decimal(12_000)}

    figures = measure_figures(measure(day(1, 4), achieved=done), YEAR, booked=first(4))

    assert figures.remaining == 0


def test_a_begun_measure_that_nobody_followed_up_promises_nothing_more():
    figures = measure_figures(measure(day(1, 2)), YEAR, booked=first(4))

    assert figures.not_followed_up == 3
    assert figures.remaining == 0


def test_a_stopped_measure_promises_nothing_more():
    figures = measure_figures(measure(day(1, 9), stopped=True), YEAR, booked=first(4))

    assert figures.expected == 40_000
    assert figures.remaining == 0


def test_before_anything_is_booked_everything_is_still_to_come():
    assert measure_figures(measure(day(1, 1)), YEAR, booked=None).remaining == 120_000


def test_a_follow_up_outside_the_measures_months_of_the_year_counts_nowhere():
    done = {dt.date(YEAR - 1, 12, 1): Decimal(5), first(4): Decimal(7)}
    facts = measure(day(1, 12, YEAR - 1), ends_on=day(1, 3), achieved=done)

    assert measure_figures(facts, YEAR, booked=first(4)).achieved == 0


def test_the_plan_lowers_the_prognosis_by_what_remains():
    assert with_measures(Decimal(500), [Decimal(40), Decimal(-10)]) == 470
    assert with_measures(None, [Decimal(40)]) is None


@given(
    st.dates(dt.date(YEAR - 1, 1, 1), dt.date(YEAR + 1, 12, 31)),
    st.none() | st.integers(0, 500),
    st.integers(1, 100_000),
    st.dictionaries(st.integers(1, 12), st.integers(-1_000, 100_000)),
    st.none() | st.integers(1, 12),
)
def test_figures_are_what_a_count_month_by_month_gives(starts_on, days, effect, done, booked):
    ends_on = None if days is None else starts_on + dt.timedelta(days)
    achieved = {first(number): Decimal(amount) for number, amount in done.items()}
    facts = measure(starts_on, effect, ends_on=ends_on, achieved=achieved)

    figures = measure_figures(facts, YEAR, None if booked is None else first(booked))

    counted = []
    for number in range(1, 13):
        begun = (YEAR, number) >= (starts_on.year, starts_on.month)
        over = ends_on is not None and (YEAR, number) > (ends_on.year, ends_on.month)
        if begun and not over:
            counted.append(number)
    past = [number for number in counted if booked is not None and number <= booked]
    told = [number for number in past if number in done]
    assert figures.expected == effect * len(counted)
    assert figures.achieved == sum(done[number] for number in counted if number in done)
    assert figures.not_followed_up == len(past) - len(told)
    coming = len(counted) - len(past)
    if not past:
        assert figures.remaining == effect * coming
    elif told:
        assert figures.remaining == max(effect - done[told[-1]], 0) * coming
    else:
        assert figures.remaining == 0
