import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.change_plans import (
    EndBeforeStartError,
    Exemption,
    MissingEndError,
    Plan,
    PlanCase,
    StatusCounts,
    current_from,
    current_until,
    deadline,
    exempt_until,
    exemption_end,
    in_population,
    latest_plan,
    next_due,
    plan_exists,
    status,
    within_three_months,
)
from core.terms import ExemptionReason, PlanStatus
from tests.core.rules import slow
from tests.core.rules.strategies import day, few, later, many, plan_cases

D = dt.date
MOVES = ExemptionReason.MOVES_WITHIN_A_MONTH
OPENED, REFERRED = D(2024, 1, 2), D(2024, 1, 10)
CASE = PlanCase(OPENED, REFERRED)
TODAY = D(2024, 12, 31)


def with_plans(*plans, **fields):
    return replace(CASE, plans=plans, **fields)


def with_exemption(start, end, **fields):
    return replace(CASE, exemptions=(Exemption(MOVES, start, end),), **fields)


# The population


def test_the_population_is_open_cases_from_the_day_of_referral():
    case = replace(CASE, closed_on=D(2024, 6, 1))
    assert not in_population(case, D(2024, 1, 9))
    assert in_population(case, D(2024, 1, 10))
    assert in_population(case, D(2024, 5, 31))
    assert not in_population(case, D(2024, 6, 1))


def test_a_case_still_in_reception_is_outside_the_population():
    case = PlanCase(OPENED)
    assert not in_population(case, D(2024, 5, 27))
    assert status(case, D(2024, 5, 27)) is None
    assert next_due(case, D(2024, 5, 27)) is None


def test_a_case_opened_and_closed_the_same_day_never_has_a_status():
    case = PlanCase(OPENED, OPENED, OPENED)
    assert status(case, OPENED) is None


# Plans


def test_a_plan_exists_from_its_first_day_until_the_day_it_ends():
    plan = Plan(D(2024, 2, 1), ended_on=D(2024, 3, 1))
    assert not plan_exists(plan, D(2024, 1, 31))
    assert plan_exists(plan, D(2024, 2, 1))
    assert plan_exists(plan, D(2024, 2, 29))
    assert not plan_exists(plan, D(2024, 3, 1))


def test_a_plan_older_than_four_months_is_outdated():
    case = with_plans(Plan(D(2024, 1, 31)))
    assert status(case, D(2024, 5, 31)) is PlanStatus.CURRENT
    assert status(case, D(2024, 6, 1)) is PlanStatus.OUTDATED


def test_a_plan_from_the_last_of_october_is_current_through_the_leap_day():
    case = PlanCase(D(2023, 10, 1), D(2023, 10, 1), plans=(Plan(D(2023, 10, 31)),))
    assert status(case, D(2024, 2, 29)) is PlanStatus.CURRENT
    assert status(case, D(2024, 3, 1)) is PlanStatus.OUTDATED
    assert current_until(D(2023, 10, 31)) == D(2024, 2, 29)


def test_a_revision_makes_a_plan_current_from_its_day():
    case = with_plans(Plan(D(2024, 1, 15), revised_on=(D(2024, 6, 3), D(2024, 4, 1))))
    assert current_from(case, D(2024, 3, 31)) == D(2024, 1, 15)
    assert current_from(case, D(2024, 4, 1)) == D(2024, 4, 1)
    assert current_from(case, D(2024, 6, 2)) == D(2024, 4, 1)
    assert current_from(case, D(2024, 6, 3)) == D(2024, 6, 3)


def test_an_old_plan_revised_later_was_outdated_before_the_revision():
    case = with_plans(Plan(D(2024, 1, 15), revised_on=(D(2024, 6, 3),)))
    assert status(case, D(2024, 6, 2)) is PlanStatus.OUTDATED
    assert status(case, D(2024, 6, 3)) is PlanStatus.CURRENT


def test_of_several_plans_the_latest_decides():
    older = Plan(D(2024, 1, 15), revised_on=(D(2024, 5, 20),))
    newer = Plan(D(2024, 1, 20))
    case = with_plans(newer, older)
    assert latest_plan(case, D(2024, 5, 27)) == newer
    assert current_from(case, D(2024, 5, 27)) == D(2024, 1, 20)
    assert status(case, D(2024, 5, 27)) is PlanStatus.OUTDATED


def test_of_two_plans_from_the_same_day_the_later_decides():
    first = Plan(D(2024, 1, 15), revised_on=(D(2024, 3, 1),))
    second = Plan(D(2024, 1, 15))
    assert latest_plan(with_plans(first, second), D(2024, 5, 1)) == second
    assert latest_plan(with_plans(second, first), D(2024, 5, 1)) == first


def test_an_older_plan_decides_again_when_the_latest_has_ended():
    older, ended = Plan(D(2024, 1, 15)), Plan(D(2024, 3, 1), ended_on=D(2024, 5, 1))
    case = with_plans(older, ended)
    assert current_from(case, D(2024, 4, 30)) == D(2024, 3, 1)
    assert current_from(case, D(2024, 5, 1)) == D(2024, 1, 15)


def test_an_ended_plan_counts_from_the_referral_again():
    case = with_plans(Plan(D(2024, 1, 15), ended_on=D(2024, 3, 1)))
    assert status(case, D(2024, 2, 29)) is PlanStatus.CURRENT
    assert status(case, D(2024, 3, 1)) is PlanStatus.DUE
    assert status(case, D(2024, 4, 10)) is PlanStatus.DUE
    assert status(case, D(2024, 4, 11)) is PlanStatus.OVERDUE


def test_a_plan_older_than_the_case_counts():
    case = with_plans(Plan(D(2023, 12, 1)))
    assert status(case, REFERRED) is PlanStatus.CURRENT
    assert status(case, D(2024, 4, 1)) is PlanStatus.CURRENT
    assert status(case, D(2024, 4, 2)) is PlanStatus.OUTDATED


def test_a_plan_made_later_does_not_exist_yet():
    case = with_plans(Plan(D(2024, 5, 28)))
    assert status(case, D(2024, 5, 27)) is PlanStatus.OVERDUE
    assert current_from(case, D(2024, 5, 27)) is None


# Deadline and exemptions


def test_the_deadline_is_three_months_after_the_referral():
    assert deadline(D(2024, 1, 10)) == D(2024, 4, 10)
    assert deadline(D(2023, 11, 30)) == D(2024, 2, 29)
    assert deadline(D(2022, 11, 30)) == D(2023, 2, 28)
    assert status(CASE, D(2024, 4, 10)) is PlanStatus.DUE
    assert status(CASE, D(2024, 4, 11)) is PlanStatus.OVERDUE


def test_an_exemption_applies_from_its_first_to_its_last_day():
    case = with_exemption(D(2024, 5, 1), D(2024, 6, 1))
    assert status(case, D(2024, 4, 30)) is PlanStatus.OVERDUE
    assert status(case, D(2024, 5, 1)) is PlanStatus.EXEMPT
    assert status(case, D(2024, 6, 1)) is PlanStatus.EXEMPT
    assert status(case, D(2024, 6, 2)) is PlanStatus.OVERDUE


def test_an_exemption_goes_before_a_plan():
    case = with_exemption(D(2024, 2, 1), D(2024, 3, 1), plans=(Plan(D(2024, 1, 15)),))
    assert status(case, D(2024, 2, 15)) is PlanStatus.EXEMPT
    assert status(case, D(2024, 3, 2)) is PlanStatus.CURRENT


def test_an_exemption_outside_the_population_changes_nothing():
    case = with_exemption(D(2024, 1, 1), D(2024, 2, 1), closed_on=D(2024, 1, 20))
    assert status(case, D(2024, 1, 9)) is None
    assert status(case, D(2024, 1, 19)) is PlanStatus.EXEMPT
    assert status(case, D(2024, 1, 20)) is None


def test_the_last_exempt_day_is_the_furthest_of_those_that_apply():
    exemptions = (
        Exemption(MOVES, D(2024, 5, 1), D(2024, 6, 1)),
        Exemption(MOVES, D(2024, 5, 20), D(2024, 6, 20)),
        Exemption(MOVES, D(2024, 6, 21), D(2024, 7, 21)),
    )
    case = replace(CASE, exemptions=exemptions)
    assert exempt_until(case, D(2024, 5, 19)) == D(2024, 6, 1)
    assert exempt_until(case, D(2024, 5, 20)) == D(2024, 6, 20)
    assert exempt_until(case, D(2024, 7, 22)) is None


@pytest.mark.parametrize(
    "reason",
    [ExemptionReason.MOVES_WITHIN_A_MONTH, ExemptionReason.OTHER_INCOME_WITHIN_A_MONTH],
)
def test_the_short_exemptions_end_after_one_month(reason):
    assert exemption_end(reason, D(2024, 1, 31)) == D(2024, 2, 29)
    assert exemption_end(reason, D(2024, 5, 27), D(2025, 1, 1)) == D(2024, 6, 27)


def test_another_exemption_ends_on_the_chosen_day():
    assert exemption_end(ExemptionReason.OTHER, D(2024, 5, 27), D(2024, 9, 1)) == D(2024, 9, 1)
    assert exemption_end(ExemptionReason.OTHER, D(2024, 5, 27), D(2024, 5, 27)) == D(2024, 5, 27)


def test_another_exemption_needs_an_end_that_is_not_before_its_start():
    with pytest.raises(MissingEndError):
        exemption_end(ExemptionReason.OTHER, D(2024, 5, 27))
    with pytest.raises(EndBeforeStartError):
        exemption_end(ExemptionReason.OTHER, D(2024, 5, 27), D(2024, 5, 26))


# What is due next


def test_without_a_plan_the_deadline_is_due_next():
    assert next_due(CASE, D(2024, 2, 1)) == D(2024, 4, 10)
    assert next_due(CASE, D(2024, 5, 1)) == D(2024, 4, 10)


def test_a_plan_is_due_four_months_after_it_was_last_current():
    case = with_plans(Plan(D(2024, 1, 15), revised_on=(D(2024, 2, 1),)))
    assert next_due(case, D(2024, 1, 31)) == D(2024, 5, 15)
    assert next_due(case, D(2024, 2, 1)) == D(2024, 6, 1)


def test_an_exempt_case_is_due_no_earlier_than_its_exemption_ends():
    assert next_due(with_exemption(D(2024, 4, 1), D(2024, 5, 1)), D(2024, 4, 1)) == D(2024, 5, 1)
    assert next_due(with_exemption(D(2024, 2, 1), D(2024, 3, 1)), D(2024, 2, 1)) == D(2024, 4, 10)


@few
@given(plan_cases(), day)
def test_what_is_due_next_agrees_with_stepping_on_day_by_day(case, on):
    expected = None
    if slow.plan_status(case, on) is not None:
        expected = slow.turns_worse_after(case, on)
    assert next_due(case, on) == expected


@many
@given(plan_cases(), day)
def test_status_agrees_with_the_definition_read_slowly(case, on):
    assert status(case, on) == slow.plan_status(case, on)
    assert current_from(case, on) == slow.current_from(case, on)


@few
@given(plan_cases(), day)
def test_what_is_dated_later_changes_no_status(case, on):
    known = PlanCase(
        case.opened_on,
        case.referred_on,
        None if case.closed_on is None or case.closed_on > on else case.closed_on,
        tuple(
            Plan(
                plan.established_on,
                None if plan.ended_on is None or plan.ended_on > on else plan.ended_on,
                tuple(revised for revised in plan.revised_on if revised <= on),
            )
            for plan in case.plans
            if plan.established_on <= on
        ),
        tuple(e for e in case.exemptions if e.valid_from <= on),
    )
    assert status(case, on) == status(known, on)
    assert next_due(case, on) == next_due(known, on)


# Within three months


YEAR = (D(2024, 1, 1), D(2024, 12, 31), TODAY)


def test_a_plan_by_the_deadline_is_a_hit():
    assert within_three_months(with_plans(Plan(D(2024, 4, 10))), *YEAR) is True
    assert within_three_months(with_plans(Plan(D(2024, 4, 11))), *YEAR) is False
    assert within_three_months(CASE, *YEAR) is False


def test_the_first_of_several_plans_decides_a_hit():
    case = with_plans(Plan(D(2024, 8, 1)), Plan(D(2024, 4, 1), ended_on=D(2024, 4, 5)))
    assert within_three_months(case, *YEAR) is True


def test_a_plan_older_than_the_referral_is_a_hit():
    assert within_three_months(with_plans(Plan(D(2023, 6, 1))), *YEAR) is True


def test_deadlines_on_the_periods_ends_count():
    april = D(2024, 4, 10)
    assert within_three_months(CASE, april, april, TODAY) is False
    assert within_three_months(CASE, D(2024, 4, 11), D(2024, 12, 31), TODAY) is None
    assert within_three_months(CASE, D(2024, 1, 1), D(2024, 4, 9), TODAY) is None


def test_a_deadline_still_to_come_is_left_out():
    assert within_three_months(CASE, D(2024, 1, 1), D(2024, 12, 31), D(2024, 4, 9)) is None
    assert within_three_months(CASE, D(2024, 1, 1), D(2024, 12, 31), D(2024, 4, 10)) is False


def test_a_case_not_referred_has_no_deadline():
    assert within_three_months(PlanCase(OPENED), *YEAR) is None


def test_a_case_exempt_on_the_deadline_is_left_out():
    on_it = with_exemption(D(2024, 3, 10), D(2024, 4, 10))
    before = with_exemption(D(2024, 3, 9), D(2024, 4, 9))
    after = with_exemption(D(2024, 4, 11), D(2024, 5, 11))
    with_plan = replace(on_it, plans=(Plan(D(2024, 2, 1)),))
    assert within_three_months(on_it, *YEAR) is None
    assert within_three_months(before, *YEAR) is False
    assert within_three_months(after, *YEAR) is False
    assert within_three_months(with_plan, *YEAR) is None


def test_a_case_closed_by_the_deadline_is_left_out_only_without_a_plan():
    closed = replace(CASE, closed_on=D(2024, 4, 10))
    assert within_three_months(closed, *YEAR) is None
    assert within_three_months(replace(closed, plans=(Plan(D(2024, 3, 1)),)), *YEAR) is True
    assert within_three_months(replace(CASE, closed_on=D(2024, 4, 11)), *YEAR) is False


@many
@given(plan_cases(), day, st.integers(0, 200), day)
def test_within_three_months_agrees_with_the_definition_read_slowly(case, start, length, today):
    end = start + dt.timedelta(days=length)
    expected = slow.within_three_months(case, start, end, today)
    assert within_three_months(case, start, end, today) is expected


@many
@given(plan_cases(), st.data())
def test_a_deadline_in_the_middle_of_the_period_agrees_too(case, data):
    if case.referred_on is None:
        case = replace(case, referred_on=case.opened_on)
    by = slow.add_months(case.referred_on, 3)
    today = data.draw(later(by, most=2))
    assert within_three_months(case, by, by, today) is slow.within_three_months(case, by, by, today)


# Counts and shares


def test_coverage_and_current_share_leave_the_exempt_out():
    counts = StatusCounts(exempt=2, current=3, outdated=1, due=2, overdue=4)
    assert (counts.open, counts.planned, counts.base) == (12, 4, 10)
    assert counts.coverage == Fraction(4, 10)
    assert counts.current_share == Fraction(3, 10)


def test_shares_of_only_exempt_cases_have_no_value():
    counts = StatusCounts(exempt=2)
    assert (counts.open, counts.base) == (2, 0)
    assert counts.coverage is None
    assert counts.current_share is None


def test_statuses_are_counted_and_added_without_those_outside_the_population():
    some = StatusCounts.count([*PlanStatus, PlanStatus.CURRENT, None])
    assert some == StatusCounts(1, 2, 1, 1, 1)
    assert some + StatusCounts(10, 20, 30, 40, 50) == StatusCounts(11, 22, 31, 41, 51)
