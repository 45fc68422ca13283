"""The goal chain as a tree, and activities as they stood on a day."""

import datetime as dt

from core import db
from core.auth import Scope
from core.queries.goal_chain import chain_upwards, goal_year, goals_of_year
from core.queries.goals import activities, goal_tree, overdue_activities
from core.terms import ActivityStatus, GoalLevel
from tests import factories as make
from tests import factories_goals as make_goals

MAY = dt.date(2024, 5, 27)


def outline(nodes):
    """Return a tree as codes within codes."""
    return {node.goal.code: outline(node.children) for node in nodes}


def overdue(unit, on):
    with db.read() as session:
        return [row.name for row in overdue_activities(session, Scope(unit.id), on=on)]


def test_a_tree_goes_from_the_citys_directions_down_in_the_order_of_codes(store):
    with db.write() as session:
        unit = make.unit(session)
        one = make_goals.goal(session, unit, level=GoalLevel.CITY_DIRECTION, code="1")
        ten = make_goals.goal(session, unit, level=GoalLevel.CITY_GOAL, code="1.10", above=one)
        two = make_goals.goal(session, unit, level=GoalLevel.CITY_GOAL, code="1.2", above=one)
        make_goals.goal(session, unit, code="E10", above=ten)
        make_goals.goal(session, unit, code="E2", above=ten)
        make_goals.goal(session, unit, code="E1")
        make_goals.goal(session, unit, 2023, code="E0")
        make_goals.goal(session, make.unit(session), code="X")
        row = make_goals.indicator(session, two)
        action = make_goals.activity(session, two, MAY, MAY)
    with db.read() as session:
        tree = goal_tree(session, Scope(unit.id, group_id=1), on=MAY)
    assert tree.year == 2024
    assert outline(tree.roots) == {"1": {"1.2": {}, "1.10": {"E2": {}, "E10": {}}}, "E1": {}}
    assert list(outline(tree.roots)["1"]) == ["1.2", "1.10"]
    assert list(outline(tree.roots)["1"]["1.10"]) == ["E2", "E10"]
    found = tree.roots[0].children[0]
    assert [status.indicator.indicator_id for status in found.indicators] == [row.id]
    assert [activity.activity_id for activity in found.activities] == [action.id]
    assert tree.roots[0].indicators == ()


def test_without_goals_the_tree_is_empty(store):
    with db.write() as session:
        unit = make.unit(session)
    with db.read() as session:
        tree = goal_tree(session, Scope(unit.id), on=MAY)
        assert (tree.year, tree.roots) == (None, ())
        assert activities(session, Scope(unit.id), on=MAY) == ()


def test_the_days_own_years_goals_hold_or_else_the_latest_before(store):
    with db.write() as session:
        unit = make.unit(session)
        for year in (2020, 2022):
            make_goals.goal(session, unit, year)
    with db.read() as session:
        years = {
            year: goal_year(session, Scope(unit.id), on=dt.date(year, 6, 1))
            for year in (2019, 2020, 2021, 2022, 2024)
        }
    assert years == {2019: None, 2020: 2020, 2021: 2020, 2022: 2022, 2024: 2022}


def test_a_chain_that_loops_ends(store):
    with db.write() as session:
        unit = make.unit(session)
        one = make_goals.goal(session, unit)
        two = make_goals.goal(session, unit, above=one)
        one.parent_id = two.id
    with db.read() as session:
        goals = goals_of_year(session, Scope(unit.id), year=2024)
    assert [goal.goal_id for goal in chain_upwards(goals, one.id)] == [one.id, two.id]


def test_an_activity_is_past_its_end_from_the_day_after_it(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        make_goals.activity(session, goal, dt.date(2024, 1, 1), MAY, name="Sista dagen i dag")
        make_goals.activity(
            session, make_goals.goal(session, unit, 2022), MAY, MAY, name="Förra målen"
        )
        make_goals.activity(session, make_goals.goal(session, make.unit(session)), MAY, MAY)
    assert overdue(unit, MAY) == []
    assert overdue(unit, dt.date(2024, 5, 28)) == ["Förra målen", "Sista dagen i dag"]
    with db.read() as session:
        (row,) = activities(session, Scope(unit.id), on=dt.date(2024, 5, 28))
    assert row.past_end


def test_what_was_done_or_cancelled_later_was_still_going_on_before(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        for status in (ActivityStatus.DONE, ActivityStatus.CANCELLED):
            make_goals.activity(
                session, goal, dt.date(2024, 1, 1), dt.date(2024, 3, 31), status, done_on=MAY
            )
            make_goals.activity(session, goal, dt.date(2024, 1, 1), dt.date(2024, 3, 31), status)
    april = dt.date(2024, 5, 26)
    assert len(overdue(unit, april)) == 2
    assert overdue(unit, MAY) == []
    with db.read() as session:
        before = activities(session, Scope(unit.id), on=april)
        after = activities(session, Scope(unit.id), on=MAY)
    assert (
        sorted((row.status, row.done_on, row.past_end) for row in before if row.past_end)
        == [(ActivityStatus.ONGOING, None, True)] * 2
    )
    assert not any(row.past_end for row in after)
    assert {row.done_on for row in after} == {MAY, None}
