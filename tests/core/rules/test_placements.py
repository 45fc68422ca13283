import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.placements import (
    Decision,
    MissingRateError,
    PlacementFacts,
    Rate,
    by_contract,
    by_month,
    by_provider,
    committed,
    cost,
    cost_to_date,
    decision_on,
    first_rate_fits,
    full_year,
    interval_cost,
    interval_cost_by,
    interval_parts,
    is_known,
    known_end,
    last_committed_day,
    listed,
    listed_rate,
    listed_rate_from,
    month_cost,
    paid_days,
    planned_end,
    planned_end_passed,
    rate_on,
)
from core.terms import Contract
from tests.core.rules import slow_money as slow
from tests.core.rules.strategies import day, few, many, placements

D = dt.date
START = D(2024, 1, 10)


def decision(decided_on, planned=None, provider="Björken", contract=Contract.INDIVIDUAL):
    return Decision(decided_on, planned, provider, contract)


def placement(**fields):
    usual = {
        "starts_on": START,
        "rates": (Rate(START, Decimal(1000)), Rate(D(2024, 2, 15), Decimal(1200))),
        "decisions": (decision(D(2024, 1, 5), D(2024, 6, 30)),),
    }
    return PlacementFacts(**usual | fields)


def at_500(starts, **fields):
    return PlacementFacts(starts_on=starts, rates=(Rate(starts, Decimal(500)),), **fields)


# Rates


def test_a_rate_holds_from_its_day_until_the_next():
    assert rate_on(placement(), START) == 1000
    assert rate_on(placement(), D(2024, 2, 14)) == 1000
    assert rate_on(placement(), D(2024, 2, 15)) == 1200


def test_of_two_rates_from_the_same_day_the_later_holds():
    rates = (Rate(START, Decimal(1000)), Rate(START, Decimal(900)))
    assert rate_on(placement(rates=rates), START) == 900
    assert cost(placement(rates=rates), START, START) == 900


def test_a_day_before_the_first_rate_has_none():
    with pytest.raises(MissingRateError):
        rate_on(placement(), D(2024, 1, 9))


def test_the_first_rate_must_be_valid_from_the_first_day():
    assert first_rate_fits(START, placement().rates)
    assert not first_rate_fits(D(2024, 1, 9), placement().rates)
    assert not first_rate_fits(D(2024, 1, 11), placement().rates)
    assert not first_rate_fits(START, ())


# Cost at a day


def test_a_rate_that_changes_inside_a_month_splits_its_cost():
    on = D(2024, 2, 20)
    assert month_cost(placement(), on) == 14 * 1000 + 15 * 1200
    assert cost_to_date(placement(), on) == 22_000 + 14_000 + 6 * 1200
    assert committed(placement(), on) == (9 + 31 + 30 + 31 + 30) * 1200
    assert full_year(placement(), on) == 43_200 + 157_200


def test_a_rate_change_on_the_first_or_last_day_counts_that_day():
    assert cost(placement(), D(2024, 2, 15), D(2024, 2, 15)) == 1200
    assert cost(placement(), D(2024, 2, 13), D(2024, 2, 15)) == 2 * 1000 + 1200


def test_the_month_of_the_start_and_of_the_end_are_paid_in_part():
    ended = placement(ended_on=D(2024, 3, 2))
    assert month_cost(placement(), D(2024, 1, 31)) == 22_000
    assert month_cost(ended, D(2024, 3, 15)) == 2 * 1200
    assert month_cost(ended, D(2024, 4, 1)) == 0


def test_first_and_last_day_are_both_paid():
    one_day = placement(ended_on=START)
    assert cost_to_date(one_day, D(2024, 5, 27)) == 1000
    assert paid_days(one_day, D(2024, 1, 1), D(2024, 12, 31), D(2024, 5, 27)) == 1


def test_a_placement_over_new_year_is_split_by_the_year():
    p = at_500(D(2023, 12, 20))
    assert cost_to_date(p, D(2023, 12, 31)) == 12 * 500
    assert committed(p, D(2023, 12, 31)) == 0
    assert committed(p, D(2023, 12, 30)) == 500
    assert cost_to_date(p, D(2024, 1, 10)) == 10 * 500
    assert committed(p, D(2024, 1, 10)) == 356 * 500
    assert interval_cost(p, D(2023, 12, 1), D(2024, 1, 31), D(2024, 1, 10)) == 43 * 500


def test_a_planned_end_limits_only_what_is_committed():
    p = at_500(D(2024, 1, 1), decisions=(decision(D(2024, 1, 1), D(2024, 3, 31)),))
    assert committed(p, D(2024, 3, 30)) == 500
    assert committed(p, D(2024, 3, 31)) == 0
    assert cost_to_date(p, D(2024, 4, 10)) == 101 * 500


def test_a_passed_planned_end_counts_as_open_ended_and_is_flagged():
    p = at_500(D(2024, 1, 1), decisions=(decision(D(2024, 1, 1), D(2024, 3, 31)),))
    assert not planned_end_passed(p, D(2024, 3, 31))
    assert planned_end_passed(p, D(2024, 4, 1))
    assert planned_end(p, D(2024, 4, 1)) == D(2024, 3, 31)
    assert committed(p, D(2024, 4, 1)) == 274 * 500
    ended = replace(p, ended_on=D(2024, 4, 10))
    assert planned_end_passed(ended, D(2024, 4, 9))
    assert not planned_end_passed(ended, D(2024, 4, 10))


def test_a_new_decision_moves_the_planned_end_from_its_day():
    decisions = (
        decision(D(2024, 4, 1), D(2024, 9, 30)),
        decision(D(2024, 1, 5), D(2024, 6, 30)),
        decision(D(2024, 5, 1), None),
    )
    p = placement(decisions=decisions)
    assert planned_end(p, D(2024, 1, 4)) is None
    assert planned_end(p, D(2024, 3, 31)) == D(2024, 6, 30)
    assert planned_end(p, D(2024, 4, 1)) == D(2024, 9, 30)
    assert planned_end(p, D(2024, 5, 1)) is None
    assert last_committed_day(p, D(2024, 4, 30), D(2024, 12, 31)) == D(2024, 9, 30)
    assert last_committed_day(p, D(2024, 5, 1), D(2024, 12, 31)) == D(2024, 12, 31)


def test_an_end_that_came_later_does_not_exist_yet():
    p = placement(ended_on=D(2024, 4, 10))
    assert known_end(p, D(2024, 4, 9)) is None
    assert committed(p, D(2024, 4, 9)) == (21 + 31 + 30) * 1200
    assert known_end(p, D(2024, 4, 10)) == D(2024, 4, 10)
    assert committed(p, D(2024, 4, 10)) == 0
    assert full_year(p, D(2024, 12, 31)) == 36 * 1000 + 56 * 1200


def test_a_later_rate_holds_on_its_days_although_set_later():
    assert committed(placement(), D(2024, 1, 31)) == 14 * 1000 + (15 + 31 + 30 + 31 + 30) * 1200


def test_the_cost_of_an_interval_adds_committed_days_to_its_own_end():
    today = D(2024, 5, 27)
    assert interval_cost(placement(), D(2024, 5, 1), D(2024, 5, 31), today) == 31 * 1200
    assert interval_cost(placement(), D(2024, 6, 1), D(2025, 6, 30), today) == 30 * 1200
    open_ended = placement(decisions=(decision(D(2024, 1, 5)),))
    assert interval_cost(open_ended, D(2024, 12, 1), D(2025, 1, 31), today) == 62 * 1200
    assert interval_cost(placement(), D(2024, 2, 1), D(2024, 1, 1), today) == 0


def test_the_cost_of_all_that_is_registered_ends_with_the_placement():
    p = placement(ended_on=D(2024, 1, 12))
    assert cost(p, D(2024, 1, 1), D(2024, 12, 31)) == 3000
    assert cost(p, D(2024, 1, 12), D(2024, 1, 12)) == 1000
    assert cost(p, D(2024, 1, 13), D(2024, 12, 31)) == 0
    assert cost(p, D(2024, 1, 1), D(2024, 1, 9)) == 0
    assert cost(placement(), D(2024, 1, 1), D(2024, 1, 10)) == 1000


def test_money_keeps_its_decimals():
    p = PlacementFacts(START, rates=(Rate(START, Decimal("1234.10")),))
    assert str(cost(p, START, D(2024, 1, 12))) == "3702.30"


# The list


def test_a_coming_placement_is_listed_from_its_decision():
    p = placement(starts_on=D(2024, 6, 15), rates=(Rate(D(2024, 6, 15), Decimal(700)),))
    p = replace(p, decisions=(decision(D(2024, 5, 27), D(2024, 6, 30)),))
    assert not is_known(p, D(2024, 5, 26))
    assert not listed(p, D(2024, 5, 26))
    assert committed(p, D(2024, 5, 26)) == 0
    assert listed(p, D(2024, 5, 27))
    assert listed_rate(p, D(2024, 5, 27)) == 700
    assert cost_to_date(p, D(2024, 5, 27)) == 0
    assert committed(p, D(2024, 5, 27)) == 16 * 700


def test_a_placement_without_a_decision_is_listed_from_its_first_day():
    p = at_500(START)
    assert not listed(p, D(2024, 1, 9))
    assert listed(p, START)
    assert cost_to_date(p, START) == 500


def test_the_list_holds_those_with_a_paid_day_in_the_year():
    p = placement(ended_on=D(2024, 12, 31))
    assert listed(p, D(2024, 12, 31))
    assert not listed(p, D(2025, 1, 1))
    assert listed(replace(p, ended_on=D(2025, 1, 1)), D(2025, 1, 1))
    next_year = at_500(D(2025, 1, 1), decisions=(decision(D(2024, 5, 1)),))
    assert not listed(next_year, D(2024, 12, 31))


def test_the_listed_rate_of_an_ended_placement_is_that_of_its_last_day():
    p = placement(ended_on=D(2024, 2, 14))
    assert listed_rate(p, D(2024, 5, 27)) == 1000
    assert listed_rate(placement(), D(2024, 2, 14)) == 1000
    assert listed_rate(placement(), D(2024, 2, 15)) == 1200
    assert listed_rate_from(placement(), D(2024, 2, 15)) == D(2024, 2, 15)
    assert listed_rate_from(PlacementFacts(D(2024, 2, 1)), D(2024, 2, 15)) is None


# Contract and provider


TWO = (
    decision(D(2024, 1, 5)),
    decision(D(2024, 2, 10), provider="Eken", contract=Contract.FRAMEWORK),
)


def test_a_decision_holds_from_its_day_and_the_first_also_before():
    p = placement(decisions=TWO)
    assert decision_on(p, D(2024, 1, 1)) == TWO[0]
    assert decision_on(p, D(2024, 2, 9)) == TWO[0]
    assert decision_on(p, D(2024, 2, 10)) == TWO[1]
    assert decision_on(placement(decisions=()), D(2024, 2, 10)) is None


def test_cost_is_split_by_the_contract_and_provider_of_each_day():
    p = at_500(START, decisions=TWO)
    interval = (D(2024, 1, 1), D(2024, 2, 29), D(2024, 2, 20))
    assert interval_cost_by(p, *interval, by_contract) == {
        Contract.INDIVIDUAL: (31, 15_500),
        Contract.FRAMEWORK: (20, 10_000),
    }
    assert interval_cost_by(p, *interval, by_provider) == {
        "Björken": (31, 15_500),
        "Eken": (20, 10_000),
    }
    assert interval_cost_by(p, *interval, by_month) == {
        D(2024, 1, 1): (22, 11_000),
        D(2024, 2, 1): (29, 14_500),
    }


def test_a_decision_made_later_does_not_exist_yet():
    p = at_500(START, decisions=TWO)
    interval = (D(2024, 1, 1), D(2024, 2, 29))
    assert interval_cost_by(p, *interval, D(2024, 2, 9), by_provider) == {"Björken": (51, 25_500)}
    assert interval_cost_by(p, *interval, D(2024, 2, 10), by_provider) == {
        "Björken": (31, 15_500),
        "Eken": (20, 10_000),
    }


def test_a_placement_without_decisions_costs_under_no_contract():
    interval = (START, START, START)
    assert interval_cost_by(at_500(START), *interval, by_contract) == {None: (1, 500)}
    assert interval_cost_by(at_500(START), *interval, by_provider) == {None: (1, 500)}


def test_an_interval_without_paid_days_has_no_parts():
    assert list(interval_parts(placement(), D(2023, 1, 1), D(2023, 12, 31), START)) == []


# The same figures, a day at a time


@few
@given(placements(), day)
def test_the_cost_at_a_day_agrees_with_adding_day_by_day(p, on):
    assert month_cost(p, on) == slow.month_cost(p, on)
    assert cost_to_date(p, on) == slow.cost_to_date(p, on)
    assert committed(p, on) == slow.committed(p, on)
    assert full_year(p, on) == slow.cost_to_date(p, on) + slow.committed(p, on)


@few
@given(placements(), day, st.integers(0, 150), day)
def test_the_cost_of_an_interval_agrees_with_adding_day_by_day(p, start, length, today):
    end = start + dt.timedelta(days=length)
    paid = slow.paid_days(p, start, end, today)
    assert paid_days(p, start, end, today) == len(paid)
    assert interval_cost(p, start, end, today) == slow.cost(p, paid)
    parts = interval_parts(p, start, end, today)
    split = interval_cost_by(
        p, start, end, today, lambda part: (part.month, by_contract(part), by_provider(part))
    )
    assert split == slow.split(p, start, end, today)
    assert sum(part.cost for part in parts) == slow.cost(p, paid)


@many
@given(placements(), day)
def test_the_list_agrees_with_the_definition_read_slowly(p, on):
    assert listed(p, on) == slow.listed(p, on)
    assert listed_rate(p, on) == slow.listed_rate(p, on)
    assert decision_on(p, on) == slow.decision_for(p, on)
    assert first_rate_fits(p.starts_on, p.rates)


@few
@given(placements(), day)
def test_what_is_dated_later_changes_no_cost(p, on):
    known = replace(
        p,
        ended_on=known_end(p, on),
        decisions=tuple(d for d in p.decisions if d.decided_on <= on),
    )
    assert month_cost(p, on) == month_cost(known, on)
    assert full_year(p, on) == full_year(known, on)
    assert listed(p, on) == listed(known, on)
