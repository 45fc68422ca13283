"""Långvarigt: benefit in at least 10 of the last 12 months."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.households import (
    LongTermCounts,
    count_long_term,
    is_long_term,
    long_term_window,
)
from tests.core.rules.strategies import any_day, many

MAY = dt.date(2024, 5, 27)
WINDOW = [dt.date(2023, month, 1) for month in range(6, 13)] + [
    dt.date(2024, month, 1) for month in range(1, 6)
]


def test_the_last_twelve_months_are_the_days_own_and_the_eleven_before():
    window = long_term_window(MAY)
    assert (window.start, window.end) == (dt.date(2023, 6, 1), dt.date(2024, 5, 1))
    assert long_term_window(dt.date(2024, 5, 1)) == window == long_term_window(dt.date(2024, 5, 31))
    assert long_term_window(dt.date(2024, 12, 31)).start == dt.date(2024, 1, 1)
    assert long_term_window(dt.date(2024, 2, 29)).start == dt.date(2023, 3, 1)


def test_ten_months_are_long_and_nine_are_not():
    assert not is_long_term(9)
    assert is_long_term(10)
    assert count_long_term(WINDOW[2:], MAY) == LongTermCounts(1, 1)
    assert count_long_term(WINDOW[3:], MAY) == LongTermCounts(1, 0)


def test_the_ten_months_need_not_follow_each_other():
    assert count_long_term([*WINDOW[:4], *WINDOW[6:]], MAY) == LongTermCounts(1, 1)


def test_a_month_before_the_window_does_not_count():
    assert count_long_term([dt.date(2023, 5, 1), *WINDOW[3:]], MAY) == LongTermCounts(1, 0)


def test_a_household_without_benefit_in_the_days_month_is_not_counted():
    assert count_long_term(WINDOW[:-1], MAY) == LongTermCounts()
    assert count_long_term([], MAY) == LongTermCounts()


def test_a_month_after_the_day_does_not_exist_yet():
    assert count_long_term([*WINDOW[3:], dt.date(2024, 6, 1)], MAY) == LongTermCounts(1, 0)
    assert count_long_term([*WINDOW, dt.date(2024, 6, 1)], dt.date(2024, 6, 1)).long_term == 1


def test_two_payments_in_a_month_are_one_month():
    twice = [*WINDOW[3:], WINDOW[3], dt.date(2023, 9, 30), dt.date(2024, 5, 31)]
    assert count_long_term(twice, MAY) == LongTermCounts(1, 0)


def test_the_share_is_of_the_households_with_benefit_that_month():
    total = LongTermCounts(1, 1) + LongTermCounts(2, 0)
    assert total == LongTermCounts(3, 1)
    assert total.share == Fraction(1, 3)
    assert LongTermCounts().share is None


def slow_count(months, on):
    """The definition once more: walk back a day at a time and collect the months met."""
    met, day = [], on
    while len(met) < 12 or (day.year, day.month) == met[-1]:
        if (day.year, day.month) not in met:
            met.append((day.year, day.month))
        day -= dt.timedelta(days=1)
    with_benefit = {(month.year, month.month) for month in months}
    if met[0] not in with_benefit:
        return 0, 0
    return 1, 1 if len([month for month in met if month in with_benefit]) >= 10 else 0


@pytest.mark.parametrize("missing", range(4))
def test_each_number_of_missing_months_agrees_with_the_slow_count(missing):
    months = WINDOW[missing:]
    found = count_long_term(months, MAY)
    assert (found.households, found.long_term) == slow_count(months, MAY)


@many
@given(
    on=any_day,
    back=st.sets(st.integers(-2, 15)),
    within=st.integers(1, 28),
)
def test_counting_agrees_with_walking_back_a_day_at_a_time(on, back, within):
    months = [
        dt.date(*divmod_month(on.year * 12 + on.month - 1 - number), within) for number in back
    ]
    found = count_long_term(months, on)
    assert (found.households, found.long_term) == slow_count(months, on)


def divmod_month(number):
    return number // 12, number % 12 + 1
