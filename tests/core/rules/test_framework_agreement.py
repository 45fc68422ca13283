"""What lies outside the framework agreement and what it costs more, by hand and a day at a time."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import year_of
from core.rules.framework_agreement import (
    COMPARED_WITH,
    NO_DAYS,
    OUTSIDE,
    average_rate,
    extra_cost,
    outside_total,
)
from core.rules.placements import (
    DaysCost,
    Decision,
    PlacementFacts,
    Rate,
    by_contract,
    interval_cost_by,
)
from core.terms import Contract
from tests.core.rules import slow_money as slow
from tests.core.rules.strategies import day, few, placements

D = dt.date


def paid(days, kronor):
    return DaysCost(days, Decimal(kronor))


@pytest.mark.parametrize(
    ("outside", "framework", "extra"),
    [
        # 10 days at 2 500 instead of 2 000
        (paid(10, 25_000), paid(20, 40_000), 5_000),
        # each ramavtal day weighs alike: (20 x 2 000 + 5 x 3 000) / 25 = 2 200
        (paid(10, 25_000), paid(25, 55_000), 3_000),
        # 3 days for 1 000 in all, against a third of 1 000 a day
        (paid(1, 1_000), paid(3, 1_000), Fraction(2000, 3)),
        # outside is cheaper, and that is kept
        (paid(10, 15_000), paid(20, 40_000), -5_000),
        (paid(10, "25000.50"), paid(2, "4000.10"), Fraction("4999.50") + Fraction("0.50")),
        (NO_DAYS, paid(20, 40_000), 0),
        (NO_DAYS, NO_DAYS, 0),
        (paid(10, 25_000), NO_DAYS, None),
    ],
)
def test_extra_cost_is_days_outside_less_as_many_average_ramavtal_days(outside, framework, extra):
    assert extra_cost(outside, framework) == extra


def test_a_day_costs_on_average_what_its_days_cost_and_nothing_without_days():
    assert average_rate(paid(3, 1_000)) == Fraction(1000, 3)
    assert average_rate(NO_DAYS) is None


def test_kinds_without_anything_to_compare_with_are_counted_and_left_out_of_the_sum():
    total = outside_total(
        [
            (paid(10, 25_000), paid(20, 40_000)),
            (paid(4, 4_000), paid(1, 1_500)),
            (paid(7, 9_000), NO_DAYS),
            (NO_DAYS, paid(5, 5_000)),
        ]
    )

    assert total.outside == paid(21, 38_000)
    assert total.extra == 5_000 - 2_000
    assert total.not_compared == paid(7, 9_000)


def test_a_sum_with_nothing_to_compare_with_at_all_has_no_value():
    assert outside_total([(paid(7, 9_000), NO_DAYS)]).extra is None
    assert outside_total([(paid(7, 9_000), NO_DAYS), (NO_DAYS, paid(1, 1))]).extra is None
    assert outside_total([]).extra == 0
    assert outside_total([(NO_DAYS, paid(1, 1))]).extra == 0


def test_the_contract_is_the_one_valid_on_each_day():
    # individavtal through 9 January, ramavtal from the day of the new decision
    p = PlacementFacts(
        starts_on=D(2024, 1, 1),
        ended_on=D(2024, 1, 20),
        rates=(Rate(D(2024, 1, 1), Decimal(3_000)), Rate(D(2024, 1, 8), Decimal(2_000))),
        decisions=(
            Decision(D(2023, 12, 20), None, "Björken", Contract.INDIVIDUAL),
            Decision(D(2024, 1, 10), None, "Björken", Contract.FRAMEWORK),
        ),
    )

    by = interval_cost_by(p, D(2024, 1, 1), D(2024, 12, 31), D(2024, 2, 1), by_contract)

    assert by == {OUTSIDE: paid(9, 7 * 3_000 + 2 * 2_000), COMPARED_WITH: paid(11, 22_000)}
    assert extra_cost(by[OUTSIDE], by[COMPARED_WITH]) == 7 * 1_000


def test_first_and_last_day_of_the_year_count_and_the_days_beside_them_do_not():
    p = PlacementFacts(
        starts_on=D(2023, 12, 31),
        rates=(Rate(D(2023, 12, 31), Decimal(100)),),
        decisions=(Decision(D(2023, 12, 1), D(2025, 1, 1), "Eken", Contract.INDIVIDUAL),),
    )
    by = interval_cost_by(p, D(2024, 1, 1), D(2024, 12, 31), D(2024, 2, 29), by_contract)
    assert by == {OUTSIDE: paid(366, 36_600)}


@few
@given(
    given_=st.lists(st.tuples(st.sampled_from(["HVB", "hotell"]), placements()), max_size=6), on=day
)
def test_the_extra_cost_is_the_one_counted_a_day_at_a_time(given_, on):
    year = year_of(on)
    found, expected = [], Fraction(0)
    compared = False
    for kind in ("HVB", "hotell"):
        own = [p for name, p in given_ if name == kind]
        sums = {OUTSIDE: NO_DAYS, COMPARED_WITH: NO_DAYS}
        for p in own:
            by = interval_cost_by(p, year.start, year.end, on, by_contract)
            for contract, before in list(sums.items()):
                more = by.get(contract, NO_DAYS)
                sums[contract] = DaysCost(before.days + more.days, before.cost + more.cost)
        found.append((sums[OUTSIDE], sums[COMPARED_WITH]))
        rates = {
            contract: [
                Fraction(slow.rate(p, one))
                for p in own
                for one in slow.paid_days(p, year.start, year.end, on)
                if (decision := slow.decision_for(p, min(one, on)))
                and decision.contract is contract
            ]
            for contract in (OUTSIDE, COMPARED_WITH)
        }
        usual = rates[COMPARED_WITH]
        if usual and rates[OUTSIDE]:
            compared = True
            average = sum(usual) / len(usual)
            expected += sum(rate - average for rate in rates[OUTSIDE])
    total = outside_total(found)
    assert total.extra == (expected if compared or not total.outside.days else None)
