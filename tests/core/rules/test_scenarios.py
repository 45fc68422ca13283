"""Imagined changes: what they cost, in what order, and that nothing through the day moves."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import placements as rules
from core.rules import scenarios
from core.rules.dates import add_months, month_end
from core.rules.placements import Decision, PlacementFacts, Rate
from core.rules.scenarios import Step, StepFault, Support, imagine
from core.terms import Contract, ScenarioStep
from tests.core.rules import strategies as made

D = dt.date
S = ScenarioStep
ON = D(2024, 5, 27)
STARTS, UNTIL = D(2024, 3, 1), D(2024, 8, 31)
HOME, HOTEL, LODGING = 1, 2, 3
YEAR = [(D(2024, 1, 1), D(2024, 12, 31))]
MONTHS = [(D(2024, n, 1), month_end(D(2024, n, 1))) for n in range(1, 13)]


def placement(until=UNTIL, starts_on=STARTS, rate=1000, **fields):
    """An HVB placement at 1 000 kr a day, decided to 31 August."""
    return Support(
        HOME,
        PlacementFacts(
            starts_on=starts_on,
            rates=(Rate(starts_on, Decimal(rate)),),
            decisions=(Decision(D(2024, 2, 20), until, "Björken", Contract.FRAMEWORK),),
            **fields,
        ),
    )


def steps_of(*rows):
    return [Step(kind, day, 1, **fields) for kind, day, fields in rows]


def effect(present, *rows, on=ON):
    """Return what steps on a placement change the year's cost by."""
    imagined = imagine({1: present}, steps_of(*rows), on)
    assert imagined.faults == (None,) * len(rows)
    (after,), (before,) = (
        scenarios.costs(supports, YEAR, on) for supports in (imagined.supports, [present])
    )
    return after - before


def faults(present, *rows, on=ON):
    return imagine(present, steps_of(*rows), on).faults


# One step, by hand


def test_a_moved_end_costs_the_days_between():
    assert effect(placement(), (S.MOVE_END, D(2024, 9, 30), {})) == 30 * 1000
    assert effect(placement(), (S.MOVE_END, D(2024, 6, 30), {})) == -62 * 1000


def test_an_end_saves_the_days_after_it():
    assert effect(placement(), (S.END, D(2024, 5, 31), {})) == -92 * 1000


def test_an_end_today_saves_from_tomorrow():
    assert effect(placement(), (S.END, ON, {})) == -96 * 1000


def test_an_open_ended_placement_that_ends_saves_the_rest_of_the_year():
    assert effect(placement(until=None), (S.END, D(2024, 9, 30), {})) == -92 * 1000


def test_a_passed_planned_end_is_open_ended_until_a_step_ends_it():
    assert effect(placement(until=D(2024, 5, 1)), (S.END, D(2024, 5, 31), {})) == -214 * 1000


def test_a_new_rate_holds_from_its_day():
    assert effect(placement(), (S.SET_RATE, D(2024, 8, 1), {"amount": Decimal(900)})) == -3100


def test_a_new_rate_holds_until_the_next_one_that_is_known():
    raised = placement()
    facts = replace(raised.facts, rates=(*raised.facts.rates, Rate(D(2024, 7, 1), Decimal(1100))))
    step = (S.SET_RATE, D(2024, 6, 1), {"amount": Decimal("999.50")})
    assert effect(replace(raised, facts=facts), step) == 30 * Decimal("-0.50")


def test_another_support_replaces_from_its_day_and_runs_as_long():
    step = (S.REPLACE, D(2024, 7, 1), {"amount": Decimal(400), "kind_id": LODGING})
    assert effect(placement(), step) == -62 * 600


def test_another_support_may_run_to_a_day_of_its_own():
    fields = {"amount": Decimal(400), "kind_id": LODGING, "until": D(2024, 7, 10)}
    assert effect(placement(), (S.REPLACE, D(2024, 7, 1), fields)) == -62_000 + 10 * 400


def test_what_replaces_an_open_ended_placement_is_open_ended():
    step = (S.REPLACE, D(2024, 12, 1), {"amount": Decimal(400), "kind_id": LODGING})
    assert effect(placement(until=None), step) == -31 * 600
    assert effect(placement(until=D(2024, 5, 1)), step) == -31 * 600


def test_a_replacement_has_its_own_kind_and_contract():
    fields = {"amount": Decimal(400), "kind_id": LODGING, "contract": Contract.INDIVIDUAL}
    before, after = imagine(
        {1: placement()}, steps_of((S.REPLACE, D(2024, 7, 1), fields)), ON
    ).supports
    assert (before.kind_id, after.kind_id) == (HOME, LODGING)
    assert rules.planned_end(before.facts, ON) == D(2024, 6, 30)
    assert rules.decision_on(after.facts, ON).contract is Contract.INDIVIDUAL


def test_a_coming_placement_can_be_replaced_from_its_first_day():
    coming = placement(starts_on=D(2024, 7, 1))
    step = (S.REPLACE, D(2024, 7, 1), {"amount": Decimal(400), "kind_id": LODGING})
    assert effect(coming, step) == -62 * 600


def test_an_added_placement_costs_its_days():
    step = Step(S.ADD, D(2024, 11, 1), until=D(2024, 11, 30), amount=Decimal(850), kind_id=HOTEL)
    imagined = imagine({}, [step], ON)
    assert imagined.faults == (None,)
    assert scenarios.costs(imagined.supports, MONTHS, ON) == [Decimal(0)] * 10 + [
        Decimal(25_500),
        Decimal(0),
    ]


def test_a_leap_day_is_paid_in_a_scenario_too():
    on = D(2024, 2, 28)
    short = placement(starts_on=D(2024, 2, 1), until=on)
    assert effect(short, (S.MOVE_END, D(2024, 2, 29), {}), on=on) == 1000


# Several steps


def test_of_two_ends_the_later_step_holds():
    ends = [(S.MOVE_END, D(2024, 12, 31), {}), (S.END, D(2024, 6, 30), {})]
    assert effect(placement(), *ends) == -62 * 1000


def test_an_end_before_a_replacement_leaves_it_out():
    replaced = (S.REPLACE, D(2024, 7, 1), {"amount": Decimal(400), "kind_id": LODGING})
    assert effect(placement(), replaced, (S.END, D(2024, 6, 15), {})) == -77 * 1000


def test_a_rate_after_a_replacement_is_the_replacements():
    replaced = (S.REPLACE, D(2024, 7, 1), {"amount": Decimal(400), "kind_id": LODGING})
    priced = (S.SET_RATE, D(2024, 8, 1), {"amount": Decimal(500)})
    assert effect(placement(), replaced, priced) == -62 * 600 + 31 * 100
    before = (S.SET_RATE, D(2024, 6, 1), {"amount": Decimal(900)})
    assert effect(placement(), replaced, before) == -62 * 600 - 30 * 100


def test_a_replacement_that_is_moved_on_costs_its_own_rate():
    replaced = (S.REPLACE, D(2024, 7, 1), {"amount": Decimal(400), "kind_id": LODGING})
    assert effect(placement(), replaced, (S.MOVE_END, D(2024, 9, 30), {})) == -62 * 600 + 30 * 400


# Steps that can't be taken


def test_a_day_that_has_passed_can_not_be_changed():
    now = {1: placement()}
    assert faults(now, (S.END, ON - dt.timedelta(1), {})) == (StepFault.PAST,)
    assert faults(now, (S.SET_RATE, ON, {"amount": Decimal(1)})) == (StepFault.PAST,)
    assert faults(now, (S.REPLACE, ON, {"amount": Decimal(1), "kind_id": HOME})) == (
        StepFault.PAST,
    )
    assert imagine({}, [Step(S.ADD, ON, amount=Decimal(1), kind_id=HOME)], ON).faults == (
        StepFault.PAST,
    )


def test_a_placement_that_has_ended_or_is_gone_can_not_be_changed():
    ended = {1: placement(ended_on=ON)}
    assert faults(ended, (S.MOVE_END, D(2024, 9, 1), {})) == (StepFault.ENDED,)
    assert faults({}, (S.MOVE_END, D(2024, 9, 1), {})) == (StepFault.GONE,)


def test_a_placement_not_known_yet_can_not_be_changed():
    facts = replace(placement(starts_on=D(2024, 7, 1)).facts, decisions=())
    assert faults({1: Support(HOME, facts)}, (S.END, D(2024, 9, 1), {})) == (StepFault.GONE,)


def test_a_step_lies_within_the_placement():
    coming = {1: placement(starts_on=D(2024, 7, 1))}
    assert faults(coming, (S.END, D(2024, 6, 30), {})) == (StepFault.BEFORE_START,)
    late = (S.SET_RATE, D(2024, 9, 1), {"amount": Decimal(1)})
    assert faults(coming, late) == (StepFault.AFTER_END,)
    assert faults(coming, (S.END, D(2024, 9, 1), {})) == (StepFault.AFTER_END,)
    assert faults(coming, (S.MOVE_END, D(2024, 9, 1), {}), late) == (None, None)


def test_a_step_that_can_not_be_taken_is_passed_over():
    rows = ((S.END, D(2024, 1, 1), {}), (S.END, D(2024, 5, 31), {}))
    imagined = imagine({1: placement()}, steps_of(*rows), ON)
    assert imagined.faults == (StepFault.PAST, None)
    assert scenarios.costs(imagined.supports, YEAR, ON) == [Decimal(92_000)]


def test_a_step_without_its_amount_or_kind_is_a_mistake():
    with pytest.raises(ValueError, match="amount"):
        imagine({1: placement()}, steps_of((S.SET_RATE, D(2024, 6, 1), {})), ON)
    with pytest.raises(ValueError, match="kind"):
        imagine({}, [Step(S.ADD, D(2024, 6, 1), amount=Decimal(1))], ON)


# What always holds


kinds = st.sampled_from([HOME, HOTEL, LODGING])


@st.composite
def steps(draw, placements=(1, 2)):
    kind = draw(st.sampled_from(S))
    day = draw(made.day)
    new = kind in {S.REPLACE, S.ADD}
    return Step(
        kind,
        day,
        None if kind is S.ADD else draw(st.sampled_from(placements)),
        until=draw(st.none() | made.later(day, most=120)) if new else None,
        amount=draw(made.money) if new or kind is S.SET_RATE else None,
        kind_id=draw(kinds) if new else None,
    )


@st.composite
def presents(draw):
    return {n: Support(draw(kinds), draw(made.placements())) for n in (1, 2)}


def by_month(supports, on):
    periods = [(first, month_end(first)) for first in map(_month, range(16))]
    return scenarios.costs(supports, periods, on)


def _month(n):
    return add_months(D(2023, 9, 1), n)


@made.many
@given(presents(), made.day)
def test_an_empty_scenario_is_the_present(present, on):
    imagined = imagine(present, [], on)
    assert imagined.supports == tuple(present.values())
    assert imagined.faults == ()


@made.many
@given(presents(), st.lists(steps(), max_size=4), made.day)
def test_the_days_through_the_day_asked_for_never_move(present, changes, on):
    past = [(D(2022, 1, 1), on)]
    imagined = imagine(present, changes, on)
    assert scenarios.costs(imagined.supports, past, on) == scenarios.costs(
        present.values(), past, on
    )


@made.few
@given(presents(), st.lists(steps(), max_size=5), made.day)
def test_each_day_costs_what_a_slow_reading_of_the_steps_says(present, changes, on):
    imagined = imagine(present, changes, on)
    taken = [step for step, fault in zip(changes, imagined.faults, strict=True) if fault is None]
    assert by_month(imagined.supports, on) == slow_months(present, taken, on)


@made.few
@given(presents(), st.lists(steps((1,)), max_size=3), st.lists(steps((2,)), max_size=3), made.day)
def test_steps_on_different_placements_can_change_places(present, one, other, on):
    forth = imagine(present, [*one, *other], on)
    back = imagine(present, [*other, *one], on)
    assert by_month(forth.supports, on) == by_month(back.supports, on)


@made.few
@given(made.placements(), made.day, st.integers(0, 200), st.integers(0, 200))
def test_an_end_moved_and_moved_back_is_nothing(facts, on, left, moved):
    starts_on = min(facts.starts_on, on)
    rates = (Rate(starts_on, Decimal(500)), *facts.rates)
    planned, other = (on + dt.timedelta(days) for days in (left, moved))
    decided = (*facts.decisions, Decision(on, planned, "Björken", Contract.LOV))
    running = replace(facts, starts_on=starts_on, ended_on=None, rates=rates, decisions=decided)
    present = {1: Support(HOME, running)}
    imagined = imagine(present, steps_of((S.MOVE_END, other, {}), (S.MOVE_END, planned, {})), on)
    assert imagined.faults == (None, None)
    assert by_month(imagined.supports, on) == by_month(present.values(), on)


def slow_months(present, changes, on):
    """Cost by month, a day at a time: what runs on each day, layer upon layer."""
    sums = [Decimal(0)] * 16
    for number, support in present.items():
        layers, end = _slow_layers(support, [s for s in changes if s.placement_id == number], on)
        for n in range(16):
            for day in _days(_month(n)):
                if end is None or day <= end:
                    running = [rates for start, rates in layers if start <= day]
                    sums[n] += _slow_rate(running[-1], day) if running else 0
    for step in (step for step in changes if step.placement_id is None):
        for n in range(16):
            for day in _days(_month(n)):
                if step.day <= day and (step.until is None or day <= step.until):
                    sums[n] += step.amount
    return sums


def _days(first):
    return [first + dt.timedelta(n) for n in range((month_end(first) - first).days + 1)]


def _slow_layers(support, changes, on):
    """Return what runs from which day with its rates by day, and the last day of it all."""
    facts = support.facts
    if not rules.is_known(facts, on):
        return [], None
    end = rules.last_committed_day(facts, on, D.max)
    rates = {}
    for rate in facts.rates:
        rates[rate.valid_from] = rate.amount
    layers = [(facts.starts_on, rates)]
    for step in changes:
        if step.kind in {S.END, S.MOVE_END}:
            layers = [layer for layer in layers if layer[0] <= step.day]
            end = step.day
        elif step.kind is S.SET_RATE:
            [layer for layer in layers if layer[0] <= step.day][-1][1][step.day] = step.amount
        else:
            layers = [layer for layer in layers if layer[0] < step.day]
            layers.append((step.day, {step.day: step.amount}))
            end = step.until or end
    return layers, None if end == D.max else end


def _slow_rate(rates, day):
    return rates[max(start for start in rates if start <= day)]
