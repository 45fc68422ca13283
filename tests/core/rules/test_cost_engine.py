"""The vectorised engine gives the öre of the slow rule, for every split, on random placements."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import cost_engine as engine
from core.rules import placements as rules
from core.rules.dates import months_between
from core.rules.placements import Decision, MissingRateError, PlacementFacts, Rate
from core.terms import Contract
from tests.core.rules import strategies as made

D = dt.date
START = D(2024, 1, 10)
ON = D(2024, 3, 15)
YEAR = (D(2024, 1, 1), D(2024, 12, 31))


def decided(on, until=None, provider="Björken", contract=Contract.FRAMEWORK):
    return Decision(on, until, provider, contract)


def placement(**fields):
    usual = {
        "starts_on": START,
        "rates": (Rate(START, Decimal(1000)), Rate(D(2024, 2, 15), Decimal("1200.50"))),
        "decisions": (decided(D(2024, 1, 5), D(2024, 6, 30)),),
    }
    return PlacementFacts(**usual | fields)


def pieces(facts, start, end, on):
    arrays, decisions = engine.arrays_of(facts)
    return engine.pieces(arrays, start, end, on), decisions


def by_placement(facts, start, end, on):
    """Return (days, kronor) of each placement by the engine."""
    paid = engine.by_placement(pieces(facts, start, end, on)[0], len(facts))
    return [(int(n), engine.kronor(ore)) for n, ore in zip(paid.days, paid.ore, strict=True)]


def slow(facts, start, end, on):
    return [
        (rules.paid_days(p, start, end, on), rules.interval_cost(p, start, end, on)) for p in facts
    ]


# By hand


def test_first_and_last_day_are_both_paid_at_the_rate_of_each_day():
    # 36 days from 10 January to 14 February, then 137 to 30 June
    assert by_placement([placement()], *YEAR, ON) == [(173, Decimal("200468.50"))]


def test_a_placement_of_one_day_costs_one_day():
    one = placement(ended_on=START)
    assert by_placement([one], *YEAR, ON) == [(1, Decimal("1000.00"))]
    assert by_placement([one], D(2024, 1, 11), D(2024, 1, 31), ON) == [(0, Decimal("0.00"))]


def test_a_leap_day_is_paid():
    assert by_placement([placement()], D(2024, 2, 29), D(2024, 2, 29), ON) == [
        (1, Decimal("1200.50"))
    ]


def test_an_end_after_the_day_asked_for_is_not_known():
    ended = placement(ended_on=D(2024, 4, 1))
    assert by_placement([ended], *YEAR, ON) == by_placement([placement()], *YEAR, ON)
    assert by_placement([ended], *YEAR, D(2024, 4, 1))[0][0] == 83


def test_a_passed_planned_end_counts_as_open_ended():
    passed = placement(decisions=(decided(D(2024, 1, 5), D(2024, 3, 14)),))
    assert by_placement([passed], *YEAR, ON)[0][0] == 357
    assert by_placement([passed], *YEAR, D(2024, 3, 14))[0][0] == 65


def test_a_coming_placement_counts_once_it_is_decided():
    coming = placement(
        starts_on=D(2024, 5, 1),
        rates=(Rate(D(2024, 5, 1), Decimal(500)),),
        decisions=(decided(ON, D(2024, 5, 10)),),
    )
    assert by_placement([coming], *YEAR, ON) == [(10, Decimal("5000.00"))]
    assert by_placement([coming], *YEAR, ON - dt.timedelta(1)) == [(0, Decimal("0.00"))]


def test_of_two_rates_from_the_same_day_the_last_given_holds():
    twice = placement(rates=(Rate(START, Decimal(900)), Rate(START, Decimal(1000))))
    assert by_placement([twice], START, START, ON) == [(1, Decimal("1000.00"))]


def test_a_paid_day_without_a_rate_is_an_error():
    late = placement(rates=(Rate(D(2024, 1, 11), Decimal(900)),))
    with pytest.raises(MissingRateError):
        by_placement([late], *YEAR, ON)
    with pytest.raises(MissingRateError):
        by_placement([placement(), placement(rates=())], *YEAR, ON)
    assert by_placement([late], D(2024, 1, 11), D(2024, 1, 11), ON) == [(1, Decimal("900.00"))]


def test_nothing_costs_nothing():
    assert by_placement([], *YEAR, ON) == []
    found, _ = pieces([], *YEAR, ON)
    assert engine.by_month(found, *YEAR).ore.tolist() == [[0] * 12]
    assert engine.by_day(found, ON, ON).ore.tolist() == [0]


def test_large_amounts_are_exact():
    dear = placement(rates=(Rate(START, Decimal("99999.99")),), decisions=())
    many = engine.by_month(pieces([dear] * 1000, *YEAR, ON)[0], *YEAR)
    assert engine.kronor(many.ore.sum()) == 1000 * 357 * Decimal("99999.99")


# Against the slow rule

several = st.lists(made.placements(), max_size=5)
interval = st.tuples(made.day, st.integers(0, 420)).map(
    lambda drawn: (drawn[0], drawn[0] + dt.timedelta(days=drawn[1]))
)


@made.many
@given(several, interval, made.day)
def test_each_placement_costs_what_the_rule_says(facts, days, on):
    assert by_placement(facts, *days, on) == slow(facts, *days, on)


@made.many
@given(several, made.day)
def test_paid_and_committed_cost_are_the_rules(facts, on):
    start, end = D(on.year, 1, 1), D(on.year, 12, 31)
    assert [cost for _, cost in by_placement(facts, start, end, on)] == [
        rules.full_year(p, on) for p in facts
    ]
    assert [cost for _, cost in by_placement(facts, start, on, on)] == [
        rules.cost_to_date(p, on) for p in facts
    ]


@made.many
@given(several, interval, made.day)
def test_each_month_contract_and_provider_cost_what_the_rule_says(facts, days, on):
    found, decisions = pieces(facts, *days, on)
    months = engine.by_month(found, *days, found.placement, len(facts))
    for n, p in enumerate(facts):
        expected = rules.interval_cost_by(p, *days, on, rules.by_month)
        counted = {
            month: (int(number), engine.kronor(ore))
            for month, number, ore in zip(
                months_between(*days), months.days[n], months.ore[n], strict=True
            )
            if number
        }
        assert counted == expected
    for key, of in ((rules.by_contract, "contract"), (rules.by_provider, "provider")):
        expected = defaultdict(Decimal)
        for p in facts:
            for value, paid in rules.interval_cost_by(p, *days, on, key).items():
                expected[value] += paid.cost
        assert by_decision(found, decisions, of) == expected


def by_decision(found, decisions, of):
    """Return kronor by a decision's contract or provider, None for no decision."""
    paid = engine.by_key(
        found, np.where(found.decision < 0, len(decisions), found.decision), len(decisions) + 1
    )
    sums = defaultdict(Decimal)
    for decision, number, ore in zip((*decisions, None), paid.days, paid.ore, strict=True):
        if number:
            sums[decision and getattr(decision, of)] += engine.kronor(ore)
    return sums


@made.few
@given(several, made.day, st.integers(0, 70), made.day)
def test_each_day_costs_what_the_rule_says(facts, start, most, on):
    end = start + dt.timedelta(days=most)
    found, _ = pieces(facts, start - dt.timedelta(10), end + dt.timedelta(10), on)
    paid = engine.by_day(found, start, end)
    for n in range(most + 1):
        day = start + dt.timedelta(days=n)
        counted = [one for one in slow(facts, day, day, on) if one[0]]
        assert paid.days[n] == len(counted)
        assert engine.kronor(paid.ore[n]) == sum((cost for _, cost in counted), Decimal(0))


@made.few
@given(several, made.day, made.day)
def test_placements_that_end_the_day_they_start_agree_too(facts, on, day):
    short = [replace(p, ended_on=p.starts_on) for p in facts]
    days = (min(on, day), max(on, day))
    assert by_placement(short, *days, on) == slow(short, *days, on)
