"""Att ta upp i dag: the worst first, with who and what as far as the reader may see."""

import pytest

from core import db
from core.auth import Scope
from core.queries.attention import Topic, attention
from core.queries.change_plans import overdue_since
from core.queries.start import read
from tests import factories as make
from tests.factories_start import TODAY, week


@pytest.fixture
def w(store, today):
    today(TODAY)
    return week()


def items_of(w, role="unit_manager", scope=None, on=TODAY):
    with db.read() as session:
        scope = scope or w.scope
        return attention(session, scope, read(session, w.actors[role], scope, on=on))


def by_topic(w, role="unit_manager", **how):
    return {item.topic: item for item in items_of(w, role, **how)}


def test_the_gravest_come_first_and_among_equals_the_most(w):
    assert [(item.topic, item.count) for item in items_of(w)] == [
        (Topic.OVERDUE_PLANS, 3),
        (Topic.FAMILIES_IN_HOTEL, 1),
        (Topic.OVER_BUDGET, 1),
        (Topic.WITHOUT_CASEWORKER, 2),
        (Topic.ANALYSES_MISSING, 1),
        (Topic.REVIEWS_OVERDUE, 1),
        (Topic.ACTIVITIES_PAST_END, 1),
    ]


def test_overdue_plans_tell_whose_most_are_and_the_oldest(w):
    overdue = by_topic(w)[Topic.OVERDUE_PLANS]

    assert (overdue.who, overdue.whose) == ("Ada", 2)
    assert overdue.since == make.day("2024-03-05")


def test_a_caseworker_is_told_the_own_part_only(w):
    overdue = by_topic(w, "caseworker")[Topic.OVERDUE_PLANS]

    assert (overdue.count, overdue.who, overdue.whose) == (3, "Ada", 2)


def test_a_reader_is_told_no_name(w):
    items = by_topic(w, "reader")

    assert items[Topic.OVERDUE_PLANS].who is None
    assert Topic.REVIEWS_OVERDUE not in items
    assert Topic.OVER_BUDGET not in items


def test_placements_are_named_for_those_who_reach_them(w):
    items = by_topic(w, "controller")

    hotel, unreviewed = items[Topic.FAMILIES_IN_HOTEL], items[Topic.REVIEWS_OVERDUE]
    assert (hotel.names, hotel.since) == (("PL-H",), make.day("2024-04-12"))
    assert hotel.amount == (19 + 27) * 1000
    assert (unreviewed.names, unreviewed.amount) == (("PL-B",), 31 * 2000)
    assert by_topic(w, "group_manager")[Topic.REVIEWS_OVERDUE].names == ()


def test_the_budget_tells_how_far_over_and_how_it_moved(w):
    over = by_topic(w)[Topic.OVER_BUDGET]

    assert (over.amount, over.moved) == (100_000, -50_000)


def test_activities_past_their_end_are_named_from_the_day_after(w):
    assert by_topic(w)[Topic.ACTIVITIES_PAST_END].names == ("Stickprov av akter",)
    on_its_last_day = by_topic(w, on=make.day("2024-04-30"))
    assert Topic.ACTIVITIES_PAST_END not in on_its_last_day


def test_a_group_is_told_of_its_own_cases(w):
    two = by_topic(w, scope=Scope(w.unit_id, group_id=w.two))

    assert two[Topic.OVERDUE_PLANS].count == 1
    assert Topic.FAMILIES_IN_HOTEL not in two
    assert Topic.WITHOUT_CASEWORKER not in two


def test_nothing_to_take_up_is_an_empty_list(w):
    with db.write() as session:
        unit = make.unit(session)
        w.actors["new"] = make.actor(session, of=unit)
    assert items_of(w, "new", Scope(unit.id)) == ()


def test_without_an_overdue_plan_there_is_no_oldest(w):
    with db.read() as session:
        assert overdue_since(session, w.scope, on=make.day("2023-12-31")) is None
