import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.cases import (
    Adult,
    CaseDates,
    FlowCounts,
    ObstacleFrom,
    adults_on,
    applicant_gender,
    as_of,
    closing_shares,
    counts_in_flow,
    counts_in_load,
    flow,
    is_open,
    long_obstacle,
    obstacle_on,
    obstacle_since,
)
from core.rules.dates import Period
from core.terms import CaseKind, ClosingReason, Gender, Obstacle
from tests.core.rules import slow
from tests.core.rules.strategies import adults, case_dates, day, few, many, obstacles

D = dt.date
MAY = Period(D(2024, 5, 1), D(2024, 5, 31))


def adult(*held, **fields):
    rows = tuple(ObstacleFrom(obstacle, since) for obstacle, since in held)
    return Adult(
        **{"number": 1, "gender": Gender.WOMAN, "valid_from": D(2022, 1, 1)}
        | fields
        | {"obstacles": rows}
    )


def test_a_case_is_open_from_its_first_day_until_the_day_it_closes():
    opened, closed = D(2024, 5, 6), D(2024, 5, 20)
    assert not is_open(opened, closed, D(2024, 5, 5))
    assert is_open(opened, closed, D(2024, 5, 6))
    assert is_open(opened, closed, D(2024, 5, 19))
    assert not is_open(opened, closed, D(2024, 5, 20))


def test_a_case_not_closed_stays_open():
    assert is_open(D(2024, 5, 6), None, D(2034, 5, 6))


def test_a_case_opened_and_closed_the_same_day_is_never_open():
    same = D(2024, 5, 6)
    assert not any(is_open(same, same, same + dt.timedelta(days=n)) for n in (-1, 0, 1))


@many
@given(case_dates(), day)
def test_being_open_agrees_with_the_definition_read_slowly(case, on):
    assert is_open(case.opened_on, case.closed_on, on) == slow.is_open(case, on)


def test_a_reassignment_mid_period_holds_from_its_day():
    first = ObstacleFrom(Obstacle.OTHER, D(2024, 5, 1))
    second = ObstacleFrom(Obstacle.UNEMPLOYED, D(2024, 5, 16))
    assert as_of([second, first], D(2024, 4, 30)) is None
    assert as_of([second, first], D(2024, 5, 15)) == first
    assert as_of([second, first], D(2024, 5, 16)) == second


def test_of_two_rows_from_the_same_day_the_later_holds():
    first = ObstacleFrom(Obstacle.OTHER, D(2024, 5, 1))
    second = ObstacleFrom(Obstacle.UNEMPLOYED, D(2024, 5, 1))
    assert as_of([first, second], D(2024, 5, 1)) == second
    assert as_of([second, first], D(2024, 5, 1)) == first


@few
@given(st.lists(obstacles, max_size=4), day)
def test_the_valid_row_agrees_with_walking_back_day_by_day(rows, on):
    assert as_of(rows, on) == slow.valid_row(rows, on)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (CaseKind.BENEFIT, True),
        (CaseKind.ADDICTION, True),
        (CaseKind.WRONG_PAYMENT, True),
        (CaseKind.ONE_OFF_APPLICATION, False),
        (CaseKind.STATEMENT, False),
    ],
)
def test_one_off_matters_are_not_load(kind, counts):
    assert counts_in_load(kind) is counts


def test_an_adult_belongs_to_the_case_on_the_first_and_the_last_day():
    partner = adult(number=2, valid_from=D(2024, 2, 1), valid_to=D(2024, 2, 29))
    assert adults_on([partner], D(2024, 1, 31)) == []
    assert adults_on([partner], D(2024, 2, 1)) == [partner]
    assert adults_on([partner], D(2024, 2, 29)) == [partner]
    assert adults_on([partner], D(2024, 3, 1)) == []


def test_a_household_has_its_applicants_gender():
    partner = adult(number=2, gender=Gender.MAN)
    assert applicant_gender([partner, adult()], D(2024, 1, 1)) is Gender.WOMAN
    assert applicant_gender([partner], D(2024, 1, 1)) is Gender.OTHER


def test_a_new_applicant_gives_the_household_another_gender():
    before = adult(gender=Gender.MAN, valid_to=D(2024, 1, 31))
    after = adult(gender=Gender.WOMAN, valid_from=D(2024, 2, 1))
    assert applicant_gender([before, after], D(2024, 1, 31)) is Gender.MAN
    assert applicant_gender([before, after], D(2024, 2, 1)) is Gender.WOMAN


def test_an_obstacle_holds_until_the_next_one():
    person = adult((Obstacle.UNEMPLOYED, D(2023, 3, 1)), (Obstacle.SICK_WITH_SGI, D(2024, 1, 10)))
    assert obstacle_on(person, D(2023, 2, 28)) is Obstacle.UNKNOWN
    assert obstacle_on(person, D(2024, 1, 9)) is Obstacle.UNEMPLOYED
    assert obstacle_on(person, D(2024, 1, 10)) is Obstacle.SICK_WITH_SGI


def test_the_same_obstacle_registered_again_does_not_start_anew():
    person = adult(
        (Obstacle.OTHER, D(2022, 5, 1)),
        (Obstacle.UNEMPLOYED, D(2023, 3, 1)),
        (Obstacle.UNEMPLOYED, D(2024, 1, 10)),
    )
    assert obstacle_since(person, D(2024, 5, 27)) == D(2023, 3, 1)
    assert obstacle_since(person, D(2023, 3, 1)) == D(2023, 3, 1)
    assert obstacle_since(person, D(2023, 2, 28)) == D(2022, 5, 1)


def test_another_obstacle_in_between_breaks_the_time():
    person = adult(
        (Obstacle.UNEMPLOYED, D(2022, 3, 1)),
        (Obstacle.SICK_WITH_SGI, D(2023, 3, 1)),
        (Obstacle.UNEMPLOYED, D(2023, 9, 1)),
    )
    assert obstacle_since(person, D(2024, 5, 27)) == D(2023, 9, 1)


def test_an_unknown_obstacle_has_no_time():
    person = adult((Obstacle.UNEMPLOYED, D(2022, 3, 1)), (Obstacle.UNKNOWN, D(2023, 3, 1)))
    assert obstacle_since(person, D(2024, 5, 27)) is None
    assert not long_obstacle(person, D(2024, 5, 27))
    assert obstacle_since(adult(), D(2024, 5, 27)) is None


def test_an_obstacle_is_long_past_the_same_day_a_year_later():
    person = adult((Obstacle.UNEMPLOYED, D(2023, 5, 27)))
    assert not long_obstacle(person, D(2024, 5, 27))
    assert long_obstacle(person, D(2024, 5, 28))


def test_an_obstacle_from_a_leap_day_is_long_after_the_28th():
    person = adult((Obstacle.UNEMPLOYED, D(2024, 2, 29)))
    assert not long_obstacle(person, D(2025, 2, 28))
    assert long_obstacle(person, D(2025, 3, 1))


@few
@given(adults, day)
def test_the_time_with_an_obstacle_agrees_with_walking_back_day_by_day(person, on):
    assert obstacle_on(person, on) == slow.obstacle(person, on)
    assert obstacle_since(person, on) == slow.obstacle_since(person, on)


def test_closing_reasons_are_shares_of_all_closed_and_an_empty_one_is_unknown():
    shares = closing_shares({ClosingReason.WORK: 3, None: 1, ClosingReason.UNKNOWN: 2})
    assert shares[ClosingReason.WORK] == (3, Fraction(1, 2))
    assert shares[ClosingReason.UNKNOWN] == (3, Fraction(1, 2))
    assert shares[ClosingReason.MOVED] == (0, 0)
    assert list(shares) == list(ClosingReason)


def test_closing_reasons_of_no_case_have_no_share():
    assert set(closing_shares({}).values()) == {(0, None)}


def test_a_move_counts_in_the_period_of_its_day():
    assert counts_in_flow(D(2024, 5, 1), MAY)
    assert counts_in_flow(D(2024, 5, 31), MAY)
    assert not counts_in_flow(D(2024, 6, 1), MAY)
    assert not counts_in_flow(None, MAY)


def test_a_case_flows_in_and_out_by_the_day_of_each_move():
    cases = [
        CaseDates(D(2024, 4, 30), D(2024, 5, 1), D(2024, 5, 31)),
        CaseDates(D(2024, 5, 31), D(2024, 6, 1), None),
    ]
    assert flow(cases, MAY) == FlowCounts(opened=1, referred=1, closed=1)


def test_a_case_opened_and_closed_the_same_day_flows_both_in_and_out():
    same = D(2024, 5, 6)
    assert flow([CaseDates(same, None, same)], MAY) == FlowCounts(opened=1, closed=1)


@few
@given(st.lists(case_dates(), max_size=5), day, st.integers(0, 60))
def test_flow_agrees_with_counting_day_by_day(cases, start, length):
    end = start + dt.timedelta(days=length)
    counts = flow(cases, Period(start, end))
    assert (counts.opened, counts.referred, counts.closed) == slow.flow(cases, start, end)


@many
@given(st.lists(case_dates(), max_size=5), day, st.integers(0, 60))
def test_opened_less_closed_is_the_change_in_open_cases(cases, start, length):
    end = start + dt.timedelta(days=length)
    counts = flow(cases, Period(start, end))
    before = sum(slow.is_open(case, start - dt.timedelta(days=1)) for case in cases)
    after = sum(slow.is_open(case, end) for case in cases)
    assert counts.opened - counts.closed == after - before
