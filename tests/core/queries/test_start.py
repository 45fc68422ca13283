"""Start shows nothing but the figures themselves, today and at each earlier month's end."""

from fractions import Fraction

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.queries import cache
from core.queries.budget import budget
from core.queries.cases import flow, load
from core.queries.change_plans import change_plans, within_three_months
from core.queries.child_impact import bka
from core.queries.keys import By
from core.queries.placements import placements
from core.queries.start import read
from core.rules.dates import last_twelve
from core.terms import ComputedFigure, Fulfilment
from tests import factories as make
from tests import factories_goals as goals
from tests.factories_start import BEFORE, TODAY, week


@pytest.fixture
def w(store, today):
    today(TODAY)
    return week()


def start_of(w, role="unit_manager", scope=None, on=TODAY):
    with db.read() as session:
        return read(session, w.actors[role], scope or w.scope, on=on)


def figure(query, scope, **period):
    with db.read() as session:
        return query(session, scope, **period)


def year_to(day):
    return {"start": day.replace(month=1, day=1), "end": day, "today": day, "by": By.NONE}


@pytest.mark.parametrize("group", [None, "ett", "two"])
def test_every_share_equals_its_figure_on_each_day(w, group):
    scope = Scope(w.unit_id, group_id=group and getattr(w, group))
    sums = start_of(w, scope=scope).sums

    for at, day in enumerate(last_twelve(TODAY)):
        within = figure(within_three_months, scope, **year_to(day)).iloc[0]
        plans = figure(change_plans, scope, on=day, by=By.NONE).iloc[0]
        analyses = figure(bka, scope, **year_to(day)).iloc[0]
        shown = [trend.values[at] for trend in (sums.within, sums.current, sums.analyses)]
        assert [(part.part, part.whole) for part in shown] == [
            (within["within"], within["deadlines"]),
            (plans["current"], plans["open"] - plans["exempt"]),
            (analyses["done"], analyses["children"]),
        ]
        assert [part.value for part in shown] == [
            within["share"],
            plans["current_share"],
            analyses["share"],
        ]


def test_households_and_flow_equal_their_figures_on_each_day(w):
    sums = start_of(w).sums

    totals = [figure(load, w.scope, on=day, by=By.NONE).iloc[0] for day in last_twelve(TODAY)]
    assert list(sums.households.values) == [row["households"] for row in totals]
    assert sums.other_cases == totals[-1]["other_cases"] == 1
    first = last_twelve(TODAY)[0].replace(day=1)
    months = figure(flow, w.scope, start=first, end=TODAY, by=By.MONTH)
    assert [(m.opened, m.referred, m.closed) for m in sums.flow] == list(
        months[["opened", "referred", "closed"]].itertuples(index=False, name=None)
    )


def test_placements_and_budget_equal_their_figures_then_and_now(w):
    start = start_of(w)

    now, before = (figure(placements, w.scope, on=day) for day in (TODAY, BEFORE))
    assert start.placements.now.month_cost == sum(now["month_cost"]) == 31 * 3000
    assert start.placements.before.month_cost == sum(before["month_cost"])
    assert start.placements.running.values[-2:] == (2, 2)
    deviations = [figure(budget, w.scope, on=day)["deviation"].sum() for day in (BEFORE, TODAY)]
    assert list(start.budget.deviation.values[-2:]) == deviations == [-50_000, -100_000]


def test_the_change_is_since_the_last_day_of_the_month_before(w):
    start = start_of(w)

    assert start.before == BEFORE
    assert start.sums.current.days[-2:] == (BEFORE, TODAY)
    assert start.sums.current.now.value == Fraction(4, 12)
    assert start.sums.current.before.value == Fraction(4, 12)


def test_a_budget_year_is_followed_from_its_january_only(w):
    january = start_of(w, on=make.day("2024-01-15"))

    assert january.budget.deviation.days == (make.day("2024-01-15"),)
    assert january.budget.deviation.before is None


def test_counts_of_a_days_state_follow_the_assignments(w):
    sums = start_of(w).sums

    assert (sums.overdue, sums.without_caseworker, sums.analyses_missing) == (3, 2, 1)
    assert sums.caseworkers.now == 2


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("unit_manager", ["Ada", "Bo"]),
        ("group_manager", ["Ada"]),
        ("caseworker", ["Ada"]),
    ],
)
def test_figures_by_caseworker_are_those_that_the_role_may_see(w, role, seen):
    start = start_of(w, role)

    assert start.plans["key"].tolist() == seen
    assert [key for key in start.loads["key"] if key != "utan handläggare"] == seen


def test_a_controller_sees_the_plans_by_caseworker_but_nobodys_load(w):
    start = start_of(w, "controller")

    assert start.plans["key"].tolist() == ["Ada", "Bo"]
    assert start.loads is None


def test_a_reader_sees_nothing_by_caseworker(w):
    start = start_of(w, "reader")

    assert start.plans is None
    assert start.loads is None


def test_another_groups_manager_sees_its_sums_but_not_its_bars(w):
    start = start_of(w, "group_manager", Scope(w.unit_id, group_id=w.two))

    assert start.sums.current.now.whole == 6
    assert start.plans is None


def test_a_caseworker_sees_no_bar_but_the_own_in_any_group(w):
    start = start_of(w, "caseworker", Scope(w.unit_id, group_id=w.two))

    assert set(start.plans["key"]) <= {"Ada"}


@pytest.mark.parametrize(
    ("role", "placed", "budgeted", "references"),
    [
        ("unit_manager", True, True, True),
        ("controller", True, True, True),
        ("group_manager", True, True, False),
        ("caseworker", False, False, False),
        ("reader", False, False, False),
    ],
)
def test_placements_and_budget_are_for_those_who_may_see_them(
    w, role, placed, budgeted, references
):
    start = start_of(w, role)

    assert (start.placements is not None) == placed
    assert (start.budget is not None) == budgeted
    assert start.sees_references == references


def test_a_group_manager_sees_references_of_the_own_group(w):
    assert start_of(w, "group_manager", Scope(w.unit_id, group_id=w.ett)).sees_references


def test_a_figure_stands_against_its_indicators_target_of_the_same_year(w):
    standings = start_of(w).sums.standings

    assert list(standings) == [ComputedFigure.PLANS_WITHIN_THREE_MONTHS]
    within = standings[ComputedFigure.PLANS_WITHIN_THREE_MONTHS]
    assert (within.target, within.fulfilment) == (75, Fulfilment.MET)
    assert start_of(w).placements.standing.fulfilment is Fulfilment.NOT_MET
    assert start_of(w, on=make.day("2025-05-27")).sums.standings == {}


def test_a_groups_figure_is_measured_by_its_own_value(w):
    reached = {}
    for group in (w.ett, w.two):
        sums = start_of(w, scope=Scope(w.unit_id, group_id=group)).sums
        standing = sums.standings[ComputedFigure.PLANS_WITHIN_THREE_MONTHS]
        reached[sums.within.now.value] = standing.fulfilment

    assert reached == {Fraction(4, 6): Fulfilment.NOT_MET, Fraction(5, 6): Fulfilment.MET}


def test_sums_are_the_units_whoever_asks(w):
    assert start_of(w, "caseworker").sums == start_of(w, "unit_manager").sums


def test_a_new_unit_has_nothing_to_follow_and_a_case_is_something(w):
    with db.write() as session:
        unit = make.unit(session)
        actor = make.actor(session, of=unit)
        actors = {"unit_manager": actor}
    new = type(w)(unit.id, 0, 0, actors)
    assert start_of(new).is_empty

    with db.write() as session:
        make.case(session, session.merge(unit), TODAY)
    cache.clear()
    assert not start_of(new).is_empty
    assert not start_of(w).is_empty


def test_household_statistics_alone_are_something_to_follow(w):
    with db.write() as session:
        unit = make.unit(session)
        goals.household_month(session, unit, "2024-04", BEFORE, households=100)
        actors = {"unit_manager": make.actor(session, of=unit)}
    assert not start_of(type(w)(unit.id, 0, 0, actors)).is_empty


def test_the_number_of_statements_is_the_same_whatever_the_data(w):
    few = statements(w)
    with db.write() as session:
        unit = make.unit(session)
        groups = [make.group(session, unit) for _ in range(3)]
        people = [make.caseworker(session, unit, group_id=groups[n % 3].id) for n in range(20)]
        for n in range(100):
            owner = {"caseworker": people[n % 20], "group": groups[n % 3]}
            day = make.day("2024-01-02")
            make.plan(session, make.case(session, unit, day, referred_on=day, **owner), day)
        actors = {"unit_manager": make.actor(session, of=unit)}
    many = statements(type(w)(unit.id, 0, 0, actors))

    assert many <= few


def statements(w):
    cache.clear()
    seen = []

    def count(_connection, _cursor, statement, *_more):
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        start_of(w)
        first = len(seen)
        start_of(w)
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    assert len(seen) - first <= 3, "a second reading is cached"
    return first
