"""The walk-through: what comes up in what order, and its effect in kronor."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import placements as rules
from core.rules import walk_through
from core.rules.placements import Decision, PlacementFacts, Rate
from core.rules.walk_through import Decided, OutcomeSum
from core.terms import Contract, WalkThroughOrder, WalkThroughOutcome
from tests.core.rules import slow_money, strategies
from tests.factories import day

HELD = day("2024-05-27")
END, CHANGE = WalkThroughOutcome.END, WalkThroughOutcome.CHANGE
GO_ON = WalkThroughOutcome.CONTINUE


@dataclass(frozen=True)
class Row:
    """A placement as the list has it."""

    id: int
    reference: str
    full_year: Decimal = Decimal(0)
    contract: Contract | None = Contract.FRAMEWORK
    review_overdue: bool = False
    running: bool = True


def decided(outcome, before, after, months=walk_through.NO_MONTHS):
    return Decided(outcome, Decimal(before), Decimal(after), months)


LIST = (
    Row(3, "PL-3", Decimal(500), review_overdue=True),
    Row(1, "PL-1", Decimal(100), Contract.INDIVIDUAL),
    Row(2, "PL-2", Decimal(900), Contract.LOV),
    Row(4, "PL-4", Decimal(500), Contract.INDIVIDUAL, review_overdue=True),
    Row(5, "PL-5", Decimal(9000), None, review_overdue=True, running=False),
)


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (WalkThroughOrder.ALL, (1, 2, 3, 4)),
        (WalkThroughOrder.OVERDUE, (3, 4)),
        (WalkThroughOrder.DEAREST, (2, 3, 4, 1)),
        (WalkThroughOrder.OUTSIDE, (1, 4, 2, 3)),
    ],
)
def test_running_placements_come_up_in_the_chosen_order_then_by_reference(order, ids):
    assert walk_through.queue(LIST, order) == ids


@pytest.mark.parametrize("order", list(WalkThroughOrder))
def test_nothing_comes_up_of_an_empty_list(order):
    assert walk_through.queue((), order) == ()


def test_the_effect_is_the_sum_of_after_less_before():
    items = [decided(END, 300_000, 180_000), decided(CHANGE, 100, "350.50"), decided(GO_ON, 7, 7)]
    assert walk_through.effect(items) == Decimal("-119749.50")
    assert walk_through.effect([]) == 0


def test_each_outcome_has_its_number_and_its_effect_also_one_that_nobody_got():
    items = [decided(END, 10, 4), decided(END, 5, 5), decided(CHANGE, 1, 3)]
    assert walk_through.effect_by_outcome(items) == {
        GO_ON: OutcomeSum(0, Decimal(0)),
        END: OutcomeSum(2, Decimal(-6)),
        CHANGE: OutcomeSum(1, Decimal(2)),
        WalkThroughOutcome.INVESTIGATE: OutcomeSum(0, Decimal(0)),
    }


def facts(planned_end, *rates):
    return PlacementFacts(
        starts_on=day("2024-03-01"),
        rates=(Rate(day("2024-03-01"), Decimal(1000)), *rates),
        decisions=(Decision(day("2024-03-01"), planned_end, "Björken", Contract.FRAMEWORK),),
    )


def test_months_show_where_the_year_became_cheaper():
    before, after = facts(None), facts(day("2024-08-10"))
    months = walk_through.month_effects(before, after, HELD)
    # 21 days of August, 30 of September, 31, 30 and 31
    assert months == (0,) * 7 + tuple(-1000 * days for days in (21, 30, 31, 30, 31))
    assert sum(months) == rules.full_year(after, HELD) - rules.full_year(before, HELD) == -143_000


def test_a_new_rate_moves_the_months_from_its_day_on():
    after = facts(day("2024-07-31"), Rate(day("2024-06-16"), Decimal("1100.50")))
    months = walk_through.month_effects(facts(day("2024-07-31")), after, HELD)
    assert months[5:7] == (15 * Decimal("100.50"), 31 * Decimal("100.50"))
    assert set(months[:5]) | set(months[7:]) == {0}


def test_a_planned_end_next_year_moves_no_month_of_this_one():
    months = walk_through.month_effects(facts(None), facts(day("2025-01-31")), HELD)
    assert set(months) == {0}


def test_months_of_several_items_are_summed_month_by_month():
    one = tuple(map(Decimal, range(12)))
    items = [decided(END, 0, 66, one), decided(END, 0, 66, one), decided(GO_ON, 1, 1)]
    assert walk_through.effect_by_month(items) == tuple(2 * month for month in one)
    assert walk_through.effect_by_month([]) == walk_through.NO_MONTHS


@pytest.mark.parametrize(
    ("held_on", "next_on", "end"),
    [
        ("2024-05-27", "2024-06-27", "2024-06-30"),
        ("2024-01-31", "2024-02-29", "2024-02-29"),
        ("2023-12-31", "2024-01-31", "2024-01-31"),
    ],
)
def test_a_month_later_is_suggested_for_the_next_review_and_the_end(held_on, next_on, end):
    assert walk_through.next_day(day(held_on)) == day(next_on)
    assert walk_through.suggested_end(day(held_on)) == day(end)


@pytest.mark.parametrize(
    ("planned", "end"),
    [
        ("2024-06-03", "2024-06-03"),
        ("2024-05-27", "2024-05-27"),
        ("2024-05-26", "2024-06-30"),
        ("2024-09-30", "2024-06-30"),
    ],
)
def test_no_later_end_is_suggested_than_the_one_that_is_planned(planned, end):
    assert walk_through.suggested_end(HELD, day(planned)) == day(end)


@strategies.few
@given(strategies.placements(), strategies.day)
def test_the_months_of_a_year_add_up_to_its_full_year_counted_day_by_day(p, on):
    months = walk_through.month_costs(p, on)
    assert sum(months) == slow_money.cost_to_date(p, on) + slow_money.committed(p, on)


@strategies.few
@given(strategies.placements(), strategies.placements(), strategies.day)
def test_an_items_months_add_up_to_its_effect(before, after, on):
    item = Decided(
        CHANGE,
        rules.full_year(before, on),
        rules.full_year(after, on),
        walk_through.month_effects(before, after, on),
    )
    assert sum(item.months) == item.effect == walk_through.effect([item])


@given(
    st.lists(
        st.builds(
            decided,
            st.sampled_from(WalkThroughOutcome),
            st.integers(0, 10**7),
            st.integers(0, 10**7),
        )
    )
)
def test_outcomes_and_their_order_share_out_the_whole_effect(items):
    sums = walk_through.effect_by_outcome(items)
    assert sum(one.effect for one in sums.values()) == walk_through.effect(items)
    assert sum(one.placements for one in sums.values()) == len(items)
    assert walk_through.effect(items) == sum(one.full_year_after for one in items) - sum(
        one.full_year_before for one in items
    )
    turned = [
        replace(one, full_year_before=one.full_year_after, full_year_after=one.full_year_before)
        for one in items
    ]
    assert walk_through.effect(turned) == -walk_through.effect(items)
