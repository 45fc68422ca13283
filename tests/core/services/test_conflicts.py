"""Two people in one row: the second is told how it stands, who saved it and when."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Role
from core.models import Case, Unit, User
from core.queries.placement_terms import Word
from core.services import assignments, budget, case_details, cases, goals, placements, users
from core.services.assignments import Handover
from core.services.base import ConflictError
from core.services.case_details import NewComposition
from core.services.cases import Closing
from core.services.goals import NewStatus
from core.services.placement_inputs import NewDecision, NewRate
from core.services.users import NewRole
from core.terms import ActivityStatus, ClosingReason, Contract, GoalLevel, HouseholdType
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, audit_count, rows, run, world


@pytest.fixture
def w(store, today):
    today(TODAY)
    return world()


def newest(service, *args, **kwargs):
    """Call a service whose row somebody else has changed; return how it stands."""
    before = audit_count()
    with pytest.raises(ConflictError) as raised:
        run(service, *args, **kwargs)
    assert audit_count() == before
    found = raised.value.newest
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - found.at < dt.timedelta(minutes=5)
    return found


def name_of(actor):
    (user,) = rows(User, id=actor.user_id)
    return user.name


def test_a_closed_case_tells_its_day_and_reason_and_who_closed_it(w):
    run(cases.close, w.case_id, Closing(TODAY, ClosingReason.MOVED), version=1, by=w.caseworker)

    found = newest(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)

    assert (found.version, found.by) == (2, name_of(w.caseworker))
    assert found.values["closed_on"] == TODAY
    assert found.values["closing_reason"] is ClosingReason.MOVED
    assert (found.values["caseworker"], found.values["group"]) == ("Ada", "Ett")


def test_a_case_handed_over_tells_to_whom_and_who_did_it(w):
    to = Handover(w.colleague_id, w.other_group_id, TODAY)
    run(assignments.reassign, w.case_id, to, version=1, by=w.actors["group_manager"])

    found = newest(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)

    assert found.by == name_of(w.actors["group_manager"])
    assert (found.values["caseworker_id"], found.values["group_id"]) == (
        w.colleague_id,
        w.other_group_id,
    )
    assert (found.values["caseworker"], found.values["group"]) == ("Bo", "Två")


def test_a_case_without_caseworker_and_group_says_so(w):
    run(assignments.reassign, w.case_id, Handover(None, None, TODAY), version=1, by=w.manager)

    found = newest(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)

    assert (found.values["caseworker"], found.values["group"]) == ("utan handläggare", "utan grupp")


def test_a_case_changed_by_nobody_known_still_tells_its_values(w):
    with db.write() as session:
        session.get_one(Case, w.case_id).referred_on = TODAY
    with pytest.raises(ConflictError) as raised:
        run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)

    assert raised.value.newest.by is None
    assert raised.value.newest.values["referred_on"] == TODAY


def test_a_placement_tells_its_decision_rate_and_end(w):
    starts = make.day("2024-03-01")
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        kind = money.kind(session, unit, "HVB")
        row = money.placement(
            session, session.get_one(Case, w.case_id), kind, starts, reference="PL-0001", rates=1000
        )
        placement_id = row.id
    other = w.actors["group_manager"]
    new = NewDecision(TODAY, "Chefen", "Eken", Contract.LOV, make.day("2024-06-30"))
    run(placements.decide, placement_id, new, version=1, by=other)
    coming = NewRate(TODAY, Decimal(1200))
    run(placements.set_rate, placement_id, coming, version=2, by=other)
    run(placements.end, placement_id, TODAY, version=3, by=w.manager)

    found = newest(placements.end, placement_id, TODAY, version=1, by=w.manager)

    assert (found.version, found.by) == (4, name_of(w.manager))
    assert found.values == {
        "planned_end_on": make.day("2024-06-30"),
        "provider": "Eken",
        "contract": Contract.LOV,
        "agreed": Word(Contract.LOV),
        "day_rate": Decimal(1200),
        "ended_on": TODAY,
    }


def test_a_budget_line_tells_its_amount(w):
    controller = w.actors["controller"]
    with db.write() as session:
        line_id = money.line(session, session.get_one(Unit, w.unit_id), amount=1000).id
    run(budget.change_line_amount, line_id, Decimal(2000), version=1, by=controller)

    found = newest(budget.change_line_amount, line_id, Decimal(3000), version=1, by=controller)

    assert (found.values, found.by) == ({"amount": Decimal(2000)}, name_of(controller))


def test_an_activity_tells_where_it_stands(w):
    goal = goals.NewGoal(2024, GoalLevel.UNIT_GOAL, "E1", "Ett mål")
    developer = w.actors["developer"]
    goal_id = run(goals.add_goal, goal, by=developer)
    activity = goals.NewActivity(goal_id, "Göra", make.day("2024-01-01"), make.day("2024-12-31"))
    activity_id = run(goals.add_activity, activity, by=developer)
    done = NewStatus(ActivityStatus.DONE, 1, TODAY)
    run(goals.set_activity_status, activity_id, done, by=developer)

    late = NewStatus(ActivityStatus.CANCELLED, 1, TODAY)
    found = newest(goals.set_activity_status, activity_id, late, by=developer)

    assert found.values == {"status": ActivityStatus.DONE, "done_on": TODAY}
    assert found.by == name_of(developer)


def test_of_two_who_change_an_accounts_role_the_second_is_told(w):
    admin, user_id = w.actors["admin"], w.actors["reader"].user_id
    run(users.set_role, user_id, NewRole(Role.CONTROLLER, w.unit_id), by=admin, version=1)

    manager = NewRole(Role.GROUP_MANAGER, w.unit_id, w.group_id)
    found = newest(users.set_role, user_id, manager, by=admin, version=1)

    assert (found.version, found.by) == (2, name_of(admin))
    assert found.values == {"role": Role.CONTROLLER, "place": (w.unit_id, None), "active": True}
    assert run(users.set_role, user_id, manager, by=admin, version=2) == user_id


def test_a_caseworkers_place_is_the_group_where_new_cases_belong(w):
    admin, user_id = w.actors["admin"], w.actors["reader"].user_id
    to = NewRole(Role.CASEWORKER, w.unit_id, w.group_id)
    run(users.set_role, user_id, to, by=admin, version=1)

    found = newest(users.set_role, user_id, to, by=admin, version=1)

    assert found.values["place"] == (w.unit_id, w.group_id)


def test_of_two_who_change_a_household_the_second_is_told(w):
    first = NewComposition(TODAY, HouseholdType.COUPLE_WITH_CHILDREN, 3)
    run(case_details.change_composition, w.case_id, first, by=w.caseworker, version=1)

    late = NewComposition(TODAY, HouseholdType.SINGLE_WITH_CHILDREN, 1)
    found = newest(case_details.change_composition, w.case_id, late, by=w.manager, version=1)

    assert found.by == name_of(w.caseworker)
    assert found.values["household_type"] is HouseholdType.COUPLE_WITH_CHILDREN
    assert found.values["children"] == 3
