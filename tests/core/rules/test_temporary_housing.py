"""Temporary housing: who lives there in a month, worked out by hand and by slow code."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import month_end, month_start
from core.rules.placements import Decision, PlacementFacts, Rate
from core.rules.temporary_housing import AdultSpan, Stay, adults_on, household_plan, lodged
from core.terms import Contract
from tests.core.rules import slow_money
from tests.core.rules.slow import days
from tests.core.rules.strategies import day as any_edge
from tests.core.rules.strategies import few, later

HOTEL, HOSTEL = "hotell", "vandrarhem"
JAN1, JAN31 = dt.date(2024, 1, 1), dt.date(2024, 1, 31)
PAIR = [AdultSpan(dt.date(2023, 1, 1)), AdultSpan(dt.date(2023, 1, 1))]


def day(text):
    return dt.date.fromisoformat(f"2024-{text}")


def stay(starts_on, ended_on=None, *, case_id=1, form=HOTEL, children=0, rate=1000):
    first = day(starts_on)
    facts = PlacementFacts(
        first,
        day(ended_on) if ended_on else None,
        (Rate(first, Decimal(rate)),),
        (Decision(first, None, "Björken", Contract.INDIVIDUAL),),
        children=children,
        hotel=True,
    )
    return Stay(facts, form, case_id)


def january(*stays, adults=None, on=JAN31):
    return lodged(stays, adults or {}, JAN1, JAN31, on)


def test_a_household_counts_with_its_adults_and_the_children_along():
    found = january(stay("01-10", "01-12", children=2), adults={1: PAIR})

    assert found == (1, 4, 2, 3, Decimal(3000))


def test_a_household_with_two_stays_after_each_other_counts_once_as_on_its_last_day():
    first = stay("01-01", "01-10", children=3)
    second = stay("01-11", "01-20", children=1, form=HOSTEL)

    assert january(first, second, adults={1: PAIR}) == (1, 3, 1, 20, Decimal(20000))
    assert january(first, adults={1: PAIR}) == (1, 5, 3, 10, Decimal(10000))


def test_children_in_two_rooms_on_the_same_days_are_added():
    rooms = [stay("01-05", children=2), stay("01-07", children=1)]

    assert january(*rooms, adults={1: PAIR}).children == 3


def test_a_room_that_was_left_before_does_not_count_its_children():
    left = stay("01-05", "01-09", children=2)

    assert january(left, stay("01-07", children=1)).children == 1


def test_somebody_without_registered_adults_is_one_person():
    assert january(stay("01-31")) == (1, 1, 0, 1, Decimal(1000))


@pytest.mark.parametrize(
    ("starts_on", "ended_on", "households"),
    [
        ("01-31", None, 1),
        ("02-01", None, 0),
        ("01-01", "01-01", 1),
    ],
)
def test_the_first_and_the_last_day_of_a_month_count(starts_on, ended_on, households):
    assert january(stay(starts_on, ended_on)).households == households


def test_nothing_after_the_day_asked_for_counts():
    stays = [stay("01-10"), stay("01-20", case_id=2)]

    assert january(*stays, on=day("01-15")) == (1, 1, 0, 6, Decimal(6000))
    assert january(*stays, on=dt.date(2023, 12, 31)) == (0, 0, 0, 0, Decimal(0))


def test_an_adult_counts_on_both_the_first_and_the_last_day():
    spans = [AdultSpan(JAN1), AdultSpan(JAN1, day("01-10"))]

    assert [adults_on(spans, day(at)) for at in ("01-01", "01-10", "01-11")] == [2, 2, 1]


@pytest.mark.parametrize(
    ("noted", "has_plan"),
    [
        ([], None),
        ([None, None], None),
        ([False, None], False),
        ([None, True], True),
        ([False, True], True),
    ],
)
def test_one_individual_housing_plan_is_enough_for_a_household(noted, has_plan):
    assert household_plan(noted) is has_plan


@st.composite
def stays(draw):
    first = draw(any_edge)
    ended = draw(st.none() | later(first, most=90))
    planned = draw(st.none() | later(first, most=90))
    decision = Decision(first, planned, "Björken", Contract.LOV)
    facts = PlacementFacts(
        first,
        ended,
        (Rate(first, Decimal(draw(st.integers(1, 5000)))),),
        (decision,),
        children=draw(st.integers(0, 4)),
    )
    return Stay(facts, draw(st.sampled_from([HOTEL, HOSTEL])), draw(st.integers(1, 3)))


spans = st.builds(AdultSpan, any_edge, st.none())


def slow_lodged(found, adults, start, end, on):
    """Go through the month day by day."""
    last_days, number, cost = {}, 0, Decimal(0)
    for today in days(start, min(end, on)):
        for one in found:
            p = one.facts
            if p.starts_on <= today and not (slow_money.ended(p, on) and today > p.ended_on):
                last_days.setdefault(one.case_id, {}).setdefault(today, []).append(p)
                number += 1
                cost += slow_money.rate(p, today)
    children = people = 0
    for case_id, by_day in last_days.items():
        last = max(by_day)
        along = sum(p.children for p in by_day[last])
        there = sum(
            1 for a in adults.get(case_id, []) if a.valid_from <= last <= (a.valid_to or last)
        )
        children += along
        people += along + (there or 1)
    return (len(last_days), people, children, number, cost)


@few
@given(
    st.lists(stays(), max_size=5),
    st.dictionaries(st.integers(1, 3), st.lists(spans, max_size=2)),
    any_edge,
    any_edge,
)
def test_a_month_is_what_going_through_it_day_by_day_gives(found, adults, month, on):
    start, end = month_start(month), month_end(month)

    assert lodged(found, adults, start, end, on) == slow_lodged(found, adults, start, end, on)
