"""The demo's walk-throughs: closed, of last month, and adding up as real ones do."""

import datetime as dt

import pytest
from sqlmodel import select

from core import db
from core.auth import Scope
from core.models import PlacementPlan, PlacementReview, Unit, WalkThrough, WalkThroughItem
from core.queries.walk_throughs import agenda, meetings
from core.rules import walk_through
from core.terms import WalkThroughOutcome
from tests.core.demo.slow import BENEFIT_UNIT

TODAY = dt.date(2024, 5, 27)


@pytest.fixture
def held(demo):
    """The benefit unit's meetings with all that they decided."""
    with db.read() as session:
        unit = session.exec(select(Unit).where(Unit.slug == BENEFIT_UNIT)).one()
        scope = Scope(unit.id)
        found = meetings(session, scope)
        return [agenda(session, scope, walk_through_id=one.id) for one in found]


def test_each_group_with_placements_has_a_closed_meeting_of_last_month(held):
    assert [one.meeting.group for one in held] == ["Beroende", "Ekonomiskt bistånd"]
    for one in held:
        assert one.meeting.closed
        assert dt.date(2024, 4, 1) <= one.meeting.held_on < dt.date(2024, 5, 10)
        assert one.meeting.held_on.weekday() < 5
        assert one.left == ()
        assert len(one.cards) == one.meeting.decided


def test_the_meetings_decided_a_bit_of_everything_with_an_effect_that_adds_up(held):
    given = [item for one in held for item in one.effects]
    outcomes = {item.outcome for item in given}
    assert outcomes == set(WalkThroughOutcome)
    assert walk_through.effect(given) > 0
    for item in given:
        assert sum(item.months) == item.effect
        assert item.outcome is WalkThroughOutcome.CHANGE or item.effect == 0


def test_every_item_has_its_review_of_the_day_and_ends_and_changes_a_decision(demo):
    with db.read() as session:
        days = {one.id: one.held_on for one in session.exec(select(WalkThrough))}
        items = session.exec(select(WalkThroughItem)).all()
        assert len(items) > 8
        for item in items:
            review = session.get_one(PlacementReview, item.review_id)
            assert (review.placement_id, review.reviewed_on) == (
                item.placement_id,
                days[item.walk_through_id],
            )
            decides = item.outcome in {WalkThroughOutcome.END, WalkThroughOutcome.CHANGE}
            assert (item.decision_id is not None) is decides


def test_some_running_placements_say_what_they_are_for(demo):
    with db.read() as session:
        plans = [row.model_copy() for row in session.exec(select(PlacementPlan))]
    assert len(plans) > 10
    assert all(plan.purpose and plan.plan_after and plan.noted_on <= TODAY for plan in plans)
    assert {plan.housing_plan for plan in plans} == {None, True, False}
    assert len(plans) < 40
