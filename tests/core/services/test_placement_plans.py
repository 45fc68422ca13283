"""Purpose, plan afterwards and housing plan: what is noted, by whom, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import Case, Placement, PlacementPlan, Unit
from core.queries.placement_plans import PlanNow, latest_plans
from core.services.placement_plans import NewPlan, note_plan
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import OPENED, TODAY, refusals, rows, run, world

day = make.day
STARTS = day("2024-03-01")
PLAN = NewPlan(day("2024-04-02"), " Komma i nykterhet ", "Träningslägenhet", housing_plan=True)


@pytest.fixture
def w(store, today):
    """A world whose case in Ett has a placement."""
    today(TODAY)
    made = world()
    with db.write() as session:
        kind = money.kind(session, session.get_one(Unit, made.unit_id))
        case = session.get_one(Case, made.case_id)
        made.extra["placement"] = money.placement(session, case, kind, STARTS, rates=1000).id
    return made


def noted(w, new=PLAN, **by):
    return run(note_plan, w.extra["placement"], new, **({"by": w.manager} | by))


def plans(w, on=TODAY, **scope):
    with db.read() as session:
        return latest_plans(session, Scope(w.unit_id, **scope), on=on)


def test_the_latest_plan_holds_from_the_day_it_was_noted(w):
    noted(w)
    noted(w, NewPlan(TODAY, "Eget boende", "", housing_plan=False))

    placement = w.extra["placement"]
    first = PlanNow(day("2024-04-02"), "Komma i nykterhet", "Träningslägenhet", True)
    assert plans(w, day("2024-04-01")) == {}
    assert plans(w, day("2024-04-02")) == {placement: first}
    assert plans(w) == {placement: PlanNow(TODAY, "Eget boende", "", False)}


def test_a_second_plan_the_same_day_replaces_the_first_which_stays_voided(w):
    noted(w)
    noted(w, replace(PLAN, plan_after="Eget kontrakt"), by=w.actors["group_manager"])

    first, second = rows(PlacementPlan)
    assert first.voided_by_id == w.actors["group_manager"].user_id
    assert (second.voided_at, second.plan_after) == (None, "Eget kontrakt")


def test_the_same_submit_twice_notes_one_plan(w):
    assert noted(w, key="k") == noted(w, key="k")
    assert len(rows(PlacementPlan)) == 1


def test_a_noted_plan_is_told_to_whoever_has_the_placement_open(w):
    before = rows(Placement)[0].version
    noted(w)
    assert rows(Placement)[0].version > before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"noted_on": TODAY + timedelta(1)}, "noted_on"),
        ({"noted_on": OPENED - timedelta(1)}, "noted_on"),
        ({"purpose": "x" * 301}, "purpose"),
        ({"plan_after": "19900101-0017"}, "plan_after"),
        ({"purpose": " ", "plan_after": "", "housing_plan": None}, "purpose"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(w, changes, field):
    new = replace(PLAN, **changes)
    assert list(refusals(note_plan, w.extra["placement"], new, by=w.manager)) == [field]
    assert rows(PlacementPlan) == []


def test_a_plan_after_the_end_is_refused(w):
    with db.write() as session:
        session.get_one(Placement, w.extra["placement"]).ended_on = day("2024-04-01")
    assert list(refusals(note_plan, w.extra["placement"], PLAN, by=w.manager)) == ["noted_on"]


def test_a_plan_may_be_emptied_again(w):
    noted(w)
    noted(w, NewPlan(TODAY))
    assert plans(w) == {w.extra["placement"]: PlanNow(TODAY, "", "", None)}


@pytest.mark.parametrize(
    "who",
    ["caseworker", "other_group_manager", "controller", "reader", "admin", "other_unit_manager"],
)
def test_only_managers_who_reach_the_placement_note_its_plan(w, who):
    with pytest.raises(PermissionDeniedError):
        noted(w, by=w.actors[who])


def test_plans_are_those_of_the_cases_held_on_the_day(w):
    noted(w)
    placement = {w.extra["placement"]}
    assert set(plans(w, group_id=w.group_id)) == placement
    assert set(plans(w, caseworker_id=w.caseworker_id)) == placement
    assert plans(w, group_id=w.other_group_id) == {}
    assert plans(w, caseworker_id=w.colleague_id) == {}
    with db.write() as session:
        ett = session.get_one(Case, w.case_id)
        two = type("G", (), {"id": w.other_group_id})
        make.assign(session, ett, day("2024-05-01"), group=two)
    assert set(plans(w, day("2024-04-30"), group_id=w.group_id)) == placement
    assert plans(w, day("2024-05-01"), group_id=w.group_id) == {}
