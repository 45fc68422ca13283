import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import (
    Period,
    add_months,
    earliest_reaching,
    last_months_ended,
    last_twelve,
    latest_by,
    latest_within,
    month_end,
    month_of,
    month_start,
    months_between,
    next_month,
    period_of,
    tertial_of,
    year_of,
)
from core.terms import Periodicity
from tests.core.rules import slow
from tests.core.rules.strategies import any_day, few, many

D = dt.date


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2023, 11, 30), 3, D(2024, 2, 29)),
        (D(2022, 11, 30), 3, D(2023, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2024, 1, 31), 3, D(2024, 4, 30)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(2024, 12, 31), 1, D(2025, 1, 31)),
        (D(2024, 5, 31), -3, D(2024, 2, 29)),
        (D(2024, 1, 15), -1, D(2023, 12, 15)),
        (D(2024, 5, 27), 0, D(2024, 5, 27)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, expected):
    assert add_months(day, months) == expected


@many
@given(any_day, st.integers(-30, 30))
def test_adding_months_agrees_with_stepping_a_month_at_a_time(day, months):
    assert add_months(day, months) == slow.add_months(day, months)


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (D(2024, 2, 29), 3, D(2023, 11, 29)),
        (D(2023, 2, 28), 3, D(2022, 11, 28)),
        (D(2024, 3, 1), 3, D(2023, 12, 1)),
        (D(2024, 5, 31), 3, D(2024, 3, 1)),
        (D(2024, 5, 31), 1, D(2024, 5, 1)),
        (D(2024, 5, 27), 4, D(2024, 1, 27)),
    ],
)
def test_the_earliest_day_that_reaches_another(on, months, expected):
    assert earliest_reaching(on, months) == expected


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (D(2024, 2, 29), 3, D(2023, 11, 30)),
        (D(2024, 2, 28), 3, D(2023, 11, 28)),
        (D(2023, 2, 28), 3, D(2022, 11, 30)),
        (D(2024, 4, 30), 1, D(2024, 3, 31)),
        (D(2024, 5, 30), 3, D(2024, 2, 29)),
        (D(2024, 5, 31), 3, D(2024, 2, 29)),
        (D(2024, 5, 27), 3, D(2024, 2, 27)),
    ],
)
def test_the_latest_day_whose_months_have_passed(on, months, expected):
    assert latest_within(on, months) == expected


@many
@given(any_day, st.sampled_from([1, 3, 4, 12]))
def test_the_limits_agree_with_trying_every_day(on, months):
    assert earliest_reaching(on, months) == slow.earliest_reaching(on, months)
    assert latest_within(on, months) == slow.latest_within(on, months)


def test_a_month_runs_from_its_first_day_to_its_last():
    assert month_start(D(2024, 2, 15)) == D(2024, 2, 1)
    assert month_end(D(2024, 2, 15)) == D(2024, 2, 29)
    assert month_end(D(2023, 2, 1)) == D(2023, 2, 28)
    assert next_month(D(2024, 12, 31)) == D(2025, 1, 1)
    assert month_of(D(2024, 4, 30)) == Period(D(2024, 4, 1), D(2024, 4, 30))


def test_months_between_are_those_that_the_time_touches():
    assert months_between(D(2023, 11, 30), D(2024, 1, 1)) == [
        D(2023, 11, 1),
        D(2023, 12, 1),
        D(2024, 1, 1),
    ]
    assert months_between(D(2024, 5, 2), D(2024, 5, 2)) == [D(2024, 5, 1)]
    assert months_between(D(2024, 5, 2), D(2024, 4, 30)) == []


def test_the_last_twelve_are_month_ends_and_the_day_itself():
    assert last_twelve(D(2024, 3, 1)) == [
        D(2023, 4, 30),
        D(2023, 5, 31),
        D(2023, 6, 30),
        D(2023, 7, 31),
        D(2023, 8, 31),
        D(2023, 9, 30),
        D(2023, 10, 31),
        D(2023, 11, 30),
        D(2023, 12, 31),
        D(2024, 1, 31),
        D(2024, 2, 29),
        D(2024, 3, 1),
    ]


@few
@given(any_day, st.integers(0, 500))
def test_months_agree_with_walking_day_by_day(day, length):
    assert last_twelve(day) == slow.last_twelve(day)
    end = day + dt.timedelta(days=length)
    assert months_between(day, end) == slow.months_between(day, end)
    walked = slow.tertial_days(day)
    assert tertial_of(day) == Period(walked[0], walked[-1])


@pytest.mark.parametrize(
    ("day", "start", "end", "label"),
    [
        (D(2024, 1, 1), D(2024, 1, 1), D(2024, 4, 30), "2024-T1"),
        (D(2024, 4, 30), D(2024, 1, 1), D(2024, 4, 30), "2024-T1"),
        (D(2024, 5, 1), D(2024, 5, 1), D(2024, 8, 31), "2024-T2"),
        (D(2024, 8, 31), D(2024, 5, 1), D(2024, 8, 31), "2024-T2"),
        (D(2024, 9, 1), D(2024, 9, 1), D(2024, 12, 31), "2024-T3"),
        (D(2024, 12, 31), D(2024, 9, 1), D(2024, 12, 31), "2024-T3"),
    ],
)
def test_tertials_are_four_months_each(day, start, end, label):
    assert period_of(day, Periodicity.TERTIAL) == Period(start, end)
    assert tertial_of(day).label == label


def test_periods_are_labelled_as_they_are_reported():
    assert period_of(D(2024, 5, 27), Periodicity.YEAR).label == "2024"
    assert period_of(D(2024, 5, 27), Periodicity.MONTH).label == "2024-05"
    assert Period(D(2024, 5, 6), D(2024, 5, 12)).label == "2024-05-06–2024-05-12"
    assert Period(D(2024, 1, 1), D(2024, 4, 29)).label == "2024-01-01–2024-04-29"


def test_a_period_includes_both_ends():
    period = year_of(D(2024, 5, 27))
    assert D(2024, 1, 1) in period
    assert D(2024, 12, 31) in period
    assert D(2023, 12, 31) not in period
    assert D(2025, 1, 1) not in period


def test_the_latest_row_by_a_day_is_the_last_given_of_equals():
    rows = [("a", D(2024, 1, 2)), ("b", D(2024, 1, 2)), ("c", D(2024, 1, 1)), ("d", D(2024, 1, 3))]
    assert latest_by(rows, lambda row: row[1], D(2024, 1, 2)) == ("b", D(2024, 1, 2))
    assert latest_by(rows, lambda row: row[1], D(2024, 1, 1)) == ("c", D(2024, 1, 1))
    assert latest_by(rows, lambda row: row[1], D(2023, 12, 31)) is None


def test_the_last_months_ended_are_those_before_the_days_own():
    assert last_months_ended(dt.date(2024, 3, 31), 3) == [
        dt.date(2024, 2, 29),
        dt.date(2024, 1, 31),
        dt.date(2023, 12, 31),
    ]
    assert last_months_ended(dt.date(2024, 3, 1), 1) == [dt.date(2024, 2, 29)]
