"""Goals and activities are added by those who may, in their own unit, or not at all."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlmodel import select

from core import db
from core.auth import PERMISSIONS, Permission, PermissionDeniedError, Role
from core.models import Activity, AuditEvent, Goal
from core.services.base import ConflictError, RefusedError
from core.services.goals import (
    NewActivity,
    NewGoal,
    NewStatus,
    add_activity,
    add_goal,
    set_activity_status,
)
from core.terms import ActivityStatus, GoalLevel
from tests import factories as make
from tests import factories_goals as make_goals

TODAY = dt.date(2024, 5, 27)
EDITORS = {Role.UNIT_MANAGER, Role.DEVELOPER}
GOAL = NewGoal(year=2024, level=GoalLevel.UNIT_GOAL, code="E1", name="Alla blir självförsörjande")
PERSONAL_NUMBER = "Ring 811228-9874"


@pytest.fixture(autouse=True)
def _on(store, today):
    today(TODAY)


def activity_of(goal):
    return NewActivity(
        goal_id=goal.id,
        name="Kartlägga nuläget",
        starts_on=dt.date(2024, 1, 1),
        ends_on=dt.date(2024, 6, 30),
    )


def rows(session):
    """Return how many goals, activities and audit events there are."""
    return [len(session.exec(select(table)).all()) for table in (Goal, Activity, AuditEvent)]


def refused(write):
    """Return the fields that a write was refused at, having seen that it changed nothing."""
    with db.read() as session:
        before = rows(session)
    with pytest.raises(RefusedError) as error:
        with db.write() as session:
            write(session)
    with db.read() as session:
        assert rows(session) == before
    return error.value.by_field()


def test_only_unit_managers_and_developers_may_edit_goals():
    assert {role for role in Role if Permission.EDIT_GOALS in PERMISSIONS[role]} == EDITORS


@pytest.mark.parametrize("role", Role)
def test_a_goal_and_an_activity_are_added_by_editors_and_nobody_else(store, role):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        by = make.actor(session, role, unit)

    for write in (
        lambda session: add_goal(session, GOAL, by=by),
        lambda session: add_activity(session, activity_of(goal), by=by),
    ):
        if role in EDITORS:
            with db.write() as session:
                write(session)
        else:
            with pytest.raises(PermissionDeniedError), db.write() as session:
                write(session)
    with db.read() as session:
        assert rows(session) == ([2, 1, 2] if role in EDITORS else [1, 0, 0])


@pytest.mark.parametrize("role", Role)
def test_an_activitys_status_is_set_by_editors_and_nobody_else(store, role):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        row = make_goals.activity(session, goal, dt.date(2024, 1, 1), dt.date(2024, 6, 30))
        by = make.actor(session, role, unit)
        new = NewStatus(ActivityStatus.DONE, row.version)

    if role in EDITORS:
        with db.write() as session:
            set_activity_status(session, row.id, new, by=by)
    else:
        with pytest.raises(PermissionDeniedError), db.write() as session:
            set_activity_status(session, row.id, new, by=by)
    with db.read() as session:
        kept = session.get_one(Activity, row.id)
        assert (kept.status, kept.done_on) == (
            (ActivityStatus.DONE, TODAY) if role in EDITORS else (ActivityStatus.ONGOING, None)
        )


def test_another_units_goals_are_out_of_reach(store):
    with db.write() as session:
        own, other = make.unit(session), make.unit(session)
        goal = make_goals.goal(session, other)
        row = make_goals.activity(session, goal, TODAY, TODAY)
        by = make.actor(session, Role.UNIT_MANAGER, own)

    for write in (
        lambda session: add_activity(session, activity_of(goal), by=by),
        lambda session: add_goal(session, replace(GOAL, parent_id=goal.id), by=by),
        lambda session: set_activity_status(
            session, row.id, NewStatus(ActivityStatus.DONE, 1), by=by
        ),
        lambda session: add_activity(session, replace(activity_of(goal), goal_id=999), by=by),
    ):
        with pytest.raises(PermissionDeniedError), db.write() as session:
            write(session)


def test_a_form_sent_twice_adds_one_goal(store):
    with db.write() as session:
        by = make.actor(session, Role.UNIT_MANAGER, make.unit(session))
    ids = []
    for _ in range(2):
        with db.write() as session:
            ids.append(add_goal(session, GOAL, by=by, key="one form"))
    assert ids[0] == ids[1]
    with db.read() as session:
        assert rows(session) == [1, 0, 1]


def test_an_activity_and_its_status_sent_twice_are_written_once(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
    ids = set()
    for _ in range(2):
        with db.write() as session:
            ids.add(add_activity(session, activity_of(goal), by=by, key="activity"))
    (activity_id,) = ids
    for _ in range(2):
        with db.write() as session:
            new = NewStatus(ActivityStatus.DONE, 1)
            set_activity_status(session, activity_id, new, by=by, key="status")
    with db.read() as session:
        assert rows(session) == [1, 1, 2]
        assert session.get_one(Activity, activity_id).version == 2


def test_a_goal_hangs_under_one_of_a_higher_level_in_the_same_year(store):
    with db.write() as session:
        unit = make.unit(session)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        above = make_goals.goal(session, unit, level=GoalLevel.BOARD_GOAL)
        beside = make_goals.goal(session, unit, level=GoalLevel.UNIT_GOAL)
        older = make_goals.goal(session, unit, 2023, level=GoalLevel.BOARD_GOAL)

    with db.write() as session:
        new = add_goal(session, replace(GOAL, parent_id=above.id), by=by)
        assert session.get_one(Goal, new).parent_id == above.id
    for parent in (beside, older):
        new = replace(GOAL, code="E2", parent_id=parent.id)
        assert set(refused(lambda session, new=new: add_goal(session, new, by=by))) == {"parent_id"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"year": 1999}, "year"),
        ({"year": 2026}, "year"),
        ({"code": " "}, "code"),
        ({"code": "E" * 21}, "code"),
        ({"code": "UPPTAGEN"}, "code"),
        ({"name": ""}, "name"),
        ({"name": PERSONAL_NUMBER}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"expected_result": PERSONAL_NUMBER}, "expected_result"),
        ({"development": "x" * 2001}, "development"),
    ],
)
def test_a_goal_with_a_fault_is_refused_at_its_field(store, changed, field):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.goal(session, unit, code="UPPTAGEN")
        by = make.actor(session, Role.UNIT_MANAGER, unit)
    new = replace(GOAL, **changed)
    assert set(refused(lambda session: add_goal(session, new, by=by))) == {field}


def test_the_same_code_may_be_used_in_another_year_and_another_unit(store):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.goal(session, unit, 2023, code="E1")
        make_goals.goal(session, make.unit(session), 2024, code="E1")
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        add_goal(session, GOAL, by=by)
        assert len(session.exec(select(Goal).where(Goal.code == "E1")).all()) == 3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"ends_on": dt.date(2023, 12, 31)}, "ends_on"),
        ({"owner": PERSONAL_NUMBER}, "owner"),
    ],
)
def test_an_activity_with_a_fault_is_refused_at_its_field(store, changed, field):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
    new = replace(activity_of(goal), **changed)
    assert set(refused(lambda session: add_activity(session, new, by=by))) == {field}


def test_an_activity_of_one_day_is_accepted_and_a_coming_one_has_not_started(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        for starts_on, status in (
            (TODAY, ActivityStatus.ONGOING),
            (TODAY + dt.timedelta(1), ActivityStatus.NOT_STARTED),
        ):
            new = replace(activity_of(goal), starts_on=starts_on, ends_on=starts_on)
            row = session.get_one(Activity, add_activity(session, new, by=by))
            assert row.status is status


def test_a_status_chosen_on_an_old_form_is_refused(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        row = make_goals.activity(session, goal, TODAY, TODAY)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        opened = row.version
    with db.write() as session:
        set_activity_status(session, row.id, NewStatus(ActivityStatus.CANCELLED, opened), by=by)
    with pytest.raises(ConflictError), db.write() as session:
        set_activity_status(session, row.id, NewStatus(ActivityStatus.DONE, opened), by=by)
    with db.read() as session:
        assert session.get_one(Activity, row.id).status is ActivityStatus.CANCELLED


@pytest.mark.parametrize(
    ("status", "done_on"),
    [
        (ActivityStatus.ONGOING, TODAY),
        (ActivityStatus.DONE, TODAY + dt.timedelta(1)),
        (ActivityStatus.CANCELLED, TODAY + dt.timedelta(1)),
        (ActivityStatus.DONE, dt.date(2023, 12, 31)),
    ],
)
def test_an_activity_is_not_finished_in_the_future_or_done_before_its_start(store, status, done_on):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        row = make_goals.activity(session, goal, dt.date(2024, 1, 1), TODAY)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
    new = NewStatus(status, 1, done_on)
    assert set(refused(lambda s: set_activity_status(s, row.id, new, by=by))) == {"done_on"}


def test_an_activity_may_be_done_on_its_first_day_cancelled_before_and_taken_up_again(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        row = make_goals.activity(session, goal, TODAY, TODAY)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
    for status, done_on, kept in (
        (ActivityStatus.DONE, TODAY, TODAY),
        (ActivityStatus.ONGOING, None, None),
        (ActivityStatus.CANCELLED, dt.date(2024, 5, 1), dt.date(2024, 5, 1)),
    ):
        with db.write() as session:
            version = session.get_one(Activity, row.id).version
            set_activity_status(session, row.id, NewStatus(status, version, done_on), by=by)
        with db.read() as session:
            found = session.get_one(Activity, row.id)
            assert (found.status, found.done_on) == (status, kept)
