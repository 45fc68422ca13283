"""The bridge between two prognoses: each cause worked out by hand, and all of it a day at a time."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.rules.cost_bridge import RegisteredRate, Span, parts, rates_known, year_cost
from core.rules.dates import year_of
from core.rules.placements import Decision, PlacementFacts, Rate
from core.terms import BridgeCause, Contract
from tests.core.rules import slow_money
from tests.core.rules.slow import days
from tests.core.rules.strategies import day as any_day
from tests.core.rules.strategies import later, many, money, placements
from tests.factories import day

JAN, AUG, SEP, OCT, NOV = (
    day(text) for text in ("2024-01-01", "2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30")
)


def decided(on, until, provider="Björken", contract=Contract.FRAMEWORK):
    return Decision(day(on), until and day(until), provider, contract)


def placed(starts="2024-06-01", *decisions, ended=None, rates=None):
    rates = rates or [(starts, 1000)]
    return PlacementFacts(
        day(starts),
        ended and day(ended),
        tuple(Rate(day(first), Decimal(amount)) for first, amount in rates),
        decisions,
    )


def span(before=SEP, after=OCT):
    return Span(before, after, year_of(after))


def causes(p, before=SEP, after=OCT, then=None):
    """Return the parts of a placement's difference in whole kronor; `then` as it was known."""
    found = parts(then or p, p, span(before, after))
    return {cause: int(amount) for cause, amount in found.items()}


def test_nothing_has_happened():
    assert causes(placed("2024-06-01", decided("2024-05-20", "2024-12-10"))) == {}


def test_a_placement_not_known_then_is_new_with_all_its_cost():
    # 10 October through 20 December: 22 + 30 + 20 days.
    p = placed("2024-10-10", decided("2024-10-05", "2024-12-20"))

    assert causes(p) == {BridgeCause.NEW: 72_000}


def test_a_placement_decided_then_that_starts_later_is_not_new():
    assert causes(placed("2024-10-10", decided("2024-09-20", "2024-12-20"))) == {}


def test_a_placement_that_came_and_went_in_between_is_new():
    assert causes(placed("2024-10-10", ended="2024-10-19")) == {BridgeCause.NEW: 10_000}


def test_an_end_before_the_planned_one_is_ended():
    # Planned to 10 December, ended 21 October: 10 days of October, 30 and 10 more are not paid.
    p = placed("2024-06-01", decided("2024-05-20", "2024-12-10"), ended="2024-10-21")

    assert causes(p) == {BridgeCause.ENDED: -50_000}


def test_an_end_of_an_open_ended_placement_is_ended_also_when_a_decision_came_first():
    p = placed("2024-06-01", decided("2024-10-01", "2024-10-21"), ended="2024-10-21")

    assert causes(p) == {BridgeCause.ENDED: -71_000}


def test_an_end_on_the_planned_day_moves_nothing():
    assert (
        causes(placed("2024-06-01", decided("2024-05-20", "2024-10-21"), ended="2024-10-21")) == {}
    )


def test_a_later_planned_end_is_extended():
    # From 15 October to 30 November: 16 + 30 days.
    p = placed(
        "2024-06-01", decided("2024-05-20", "2024-10-15"), decided("2024-10-10", "2024-11-30")
    )

    assert causes(p) == {BridgeCause.EXTENDED: 46_000}


def test_a_planned_end_taken_away_is_extended_through_the_year():
    p = placed("2024-06-01", decided("2024-05-20", "2024-10-15"), decided("2024-10-10", None))

    assert causes(p) == {BridgeCause.EXTENDED: 77_000}


def test_an_earlier_planned_end_is_shortened():
    p = placed(
        "2024-06-01", decided("2024-05-20", "2024-12-15"), decided("2024-10-10", "2024-11-30")
    )

    assert causes(p) == {BridgeCause.SHORTENED: -15_000}


def test_a_planned_end_on_one_that_ran_on_past_its_own_is_shortened():
    p = placed(
        "2024-06-01", decided("2024-05-20", "2024-09-15"), decided("2024-10-10", "2024-11-30")
    )

    assert causes(p) == {BridgeCause.SHORTENED: -31_000}


def test_one_that_runs_on_past_its_planned_end_is_overrun_through_the_year():
    # Planned to 15 October, no decision since: 16 + 30 + 31 days.
    p = placed("2024-06-01", decided("2024-05-20", "2024-10-15"))

    assert causes(p) == {BridgeCause.OVERRUN: 77_000}
    assert causes(p, OCT, NOV) == {}


def test_on_the_planned_day_itself_nothing_has_been_overrun():
    p = placed("2024-06-01", decided("2024-05-20", "2024-10-31"))

    assert causes(p) == {}
    assert causes(p, OCT, NOV) == {BridgeCause.OVERRUN: 61_000}


def test_days_past_the_planned_end_before_an_end_are_overrun_by_those_days_only():
    p = placed("2024-06-01", decided("2024-05-20", "2024-10-15"), ended="2024-10-20")

    assert causes(p) == {BridgeCause.OVERRUN: 5_000}


def test_extended_first_and_overrun_after():
    # To 15 October then, extended to 25 October, ended on 5 November.
    p = placed(
        "2024-06-01",
        decided("2024-05-20", "2024-10-15"),
        decided("2024-10-10", "2024-10-25"),
        ended="2024-11-05",
    )

    assert causes(p, SEP, NOV) == {BridgeCause.EXTENDED: 10_000, BridgeCause.OVERRUN: 11_000}


def test_extended_and_ended_before_its_new_end_is_extended_by_what_was_used():
    p = placed(
        "2024-06-01",
        decided("2024-05-20", "2024-10-15"),
        decided("2024-10-10", "2024-12-25"),
        ended="2024-10-25",
    )

    assert causes(p) == {BridgeCause.EXTENDED: 10_000}


def test_a_rate_registered_since_is_a_rate_on_the_days_that_are_paid():
    # 100 kr more from 1 November, planned to 10 December: 40 days.
    p = placed(
        "2024-06-01",
        decided("2024-05-20", "2024-12-10"),
        rates=[("2024-06-01", 1000), ("2024-11-01", 1100)],
    )
    then = replace(p, rates=p.rates[:1])

    assert causes(p, then=then) == {BridgeCause.RATE: 4_000}
    assert causes(p) == {}


def test_a_rate_that_came_with_another_provider_is_a_contract_from_the_decision_on():
    # The rate holds from 1 October, the new provider from 11 October: 10 days and 61 days.
    p = placed(
        "2024-06-01",
        decided("2024-05-20", "2024-12-10"),
        decided("2024-10-11", "2024-12-10", provider="Eken"),
        rates=[("2024-06-01", 1000), ("2024-10-01", 1100)],
    )
    then = replace(p, rates=p.rates[:1])

    assert causes(p, then=then) == {BridgeCause.RATE: 1_000, BridgeCause.CONTRACT: 6_100}


def test_another_contract_at_the_same_rate_moves_no_kronor():
    p = placed(
        "2024-06-01",
        decided("2024-05-20", "2024-12-10"),
        decided("2024-10-11", "2024-12-10", contract=Contract.INDIVIDUAL),
    )

    assert causes(p) == {}


def test_the_first_decision_ever_changes_no_contract():
    p = placed(
        "2024-06-01",
        decided("2024-10-11", None),
        rates=[("2024-06-01", 1000), ("2024-10-21", 900)],
    )

    assert causes(p, then=replace(p, rates=p.rates[:1])) == {BridgeCause.RATE: -7_200}


def test_more_days_cost_what_was_known_and_the_rest_is_the_rate():
    # Extended from 31 October to 30 November, when the day costs 1 200 from 16 October.
    p = placed(
        "2024-06-01",
        decided("2024-05-20", "2024-10-31"),
        decided("2024-10-20", "2024-11-30"),
        rates=[("2024-06-01", 1000), ("2024-10-16", 1200)],
    )

    found = causes(p, then=replace(p, rates=p.rates[:1]))

    assert found == {BridgeCause.EXTENDED: 30_000, BridgeCause.RATE: 16 * 200 + 30 * 200}


def test_a_case_that_changed_hands_is_other():
    p = placed("2024-06-01", decided("2024-05-20", "2024-10-31"))
    full = 30_000 + 31_000 + 31_000 + 30_000 + 31_000

    assert parts(None, p, span(SEP, day("2024-10-15"))) == {BridgeCause.OTHER: full}
    assert parts(p, None, span(SEP, day("2024-10-15"))) == {BridgeCause.OTHER: -full}


def test_a_new_placement_of_a_case_that_changed_hands_is_new():
    p = placed("2024-10-10", decided("2024-10-05", "2024-10-19"))

    assert parts(None, p, span()) == {BridgeCause.NEW: 83_000}


def test_the_year_can_begin_between_the_two_days():
    # Known in December as committed to 10 January, ended on 20 December: nothing of this year.
    p = placed("2023-06-01", decided("2023-05-20", "2024-01-10"), ended="2023-12-20")

    assert causes(p, day("2023-11-30"), day("2024-01-31")) == {BridgeCause.ENDED: -10_000}


def test_only_days_of_the_year_count():
    p = placed(
        "2024-06-01", decided("2024-05-20", "2025-01-10"), decided("2024-10-10", "2025-06-30")
    )

    assert causes(p) == {}


@pytest.mark.parametrize(
    ("rate", "on", "known"),
    [
        (RegisteredRate(OCT, Decimal(1), NOV), SEP, False),
        (RegisteredRate(OCT, Decimal(1), NOV), OCT, True),
        (RegisteredRate(OCT, Decimal(1), SEP), SEP, True),
        (RegisteredRate(NOV, Decimal(1), AUG, OCT), SEP, True),
        (RegisteredRate(NOV, Decimal(1), AUG, OCT), OCT, False),
        (RegisteredRate(AUG, Decimal(1), AUG, OCT), SEP, False),
    ],
)
def test_a_rate_is_known_when_it_has_begun_or_been_registered(rate, on, known):
    assert bool(rates_known([rate], JAN, on)) is known


def test_the_first_rate_of_a_coming_placement_is_always_known():
    coming = RegisteredRate(NOV, Decimal(1), NOV)

    assert rates_known([coming], NOV, SEP) == (Rate(NOV, Decimal(1)),)


@st.composite
def histories(draw):
    """A placement as known on two days, and the days."""
    p = draw(placements())
    before = draw(any_day)
    after = draw(later(before, most=250))
    assume(before < after)
    extra = draw(st.lists(st.builds(Rate, later(p.starts_on), money), max_size=2))
    then = replace(p, rates=tuple(r for r in p.rates if r.valid_from == p.starts_on))
    now = replace(p, rates=(*then.rates, *extra))
    return then, now, Span(before, after, year_of(after))


def slowly(then, now, span):
    """Attribute every day of the year by itself, straight from the module's text."""
    sums = defaultdict(Decimal)
    known = then.starts_on <= span.before or slow_money.decision_at(then, span.before) is not None
    decisions = [d for d in now.decisions if span.before < d.decided_on <= span.after]
    planned = slow_money.decision_at(now, span.after)
    for one in days(span.year.start, span.year.end):
        was = slow_money.is_paid(then, one, span.before)
        is_now = slow_money.is_paid(now, one, span.after)
        if is_now and not known:
            sums[BridgeCause.NEW] += slow_money.rate(now, one)
            continue
        if is_now and not was:
            reaches = planned and (planned.planned_end_on is None or one <= planned.planned_end_on)
            cause = BridgeCause.EXTENDED if decisions and reaches else BridgeCause.OVERRUN
            sums[cause] += slow_money.rate(then, one)
        if was and not is_now:
            ended = slow_money.ended(now, span.after)
            cause = BridgeCause.ENDED if ended else BridgeCause.SHORTENED
            sums[cause] -= slow_money.rate(then, one)
        if is_now:
            bought = [
                slow_money.decision_for(now, min(one, on)) for on in (span.before, span.after)
            ]
            same = len({d and (d.provider, d.contract) for d in bought}) == 1
            cause = BridgeCause.RATE if same else BridgeCause.CONTRACT
            sums[cause] += slow_money.rate(now, one) - slow_money.rate(then, one)
    return {cause: amount for cause, amount in sums.items() if amount}


@many
@given(histories())
def test_every_day_of_the_difference_has_the_cause_of_the_slow_count(history):
    then, now, span = history
    found = parts(then, now, span)

    assert found == slowly(then, now, span)
    difference = year_cost(now, span.year, span.after) - year_cost(then, span.year, span.before)
    assert sum(found.values(), Decimal(0)) == difference


@many
@given(histories(), st.booleans())
def test_what_changes_hands_adds_up_too(history, comes):
    then, now, span = history
    found = parts(None, now, span) if comes else parts(then, None, span)
    after = year_cost(now if comes else None, span.year, span.after)
    before = year_cost(None if comes else then, span.year, span.before)

    assert sum(found.values(), Decimal(0)) == after - before
