"""What an entry counts towards, how it stands, and what the entry did to it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core import db
from core.auth import Scope
from core.models import Unit
from core.queries.effects import Target, effects, own_writes, reading
from core.services import change_plans, measure_entries
from core.services.measure_inputs import NewEntry
from core.terms import ComputedFigure, GoalLevel, IndicatorUnit, MeasureFeed, MeasureKind
from tests import factories as make
from tests import factories_goals as goals
from tests import factories_measures as measures
from tests.factories_cases import OPENED, TODAY, run, world

CURRENT = Target(figure=ComputedFigure.PLANS_CURRENT_SHARE)


@pytest.fixture
def w(store, today):
    """A unit with Ada's case and two of nobody's, and an indicator of current plans."""
    today(TODAY)
    w = world()
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        for _ in range(2):
            w.extra["other"] = make.case(session, unit, OPENED, referred_on=OPENED).id
        board = goals.goal(session, unit, level=GoalLevel.BOARD_GOAL, name="Fler i arbete")
        own = goals.goal(session, unit, above=board, name="Alla har en plan")
        goals.indicator(session, own, "Aktuella planer", Decimal(80), computed=CURRENT.figure)
        w.extra["visits"] = goals.indicator(
            session, own, "Besök", Decimal(10), unit_of_measure=IndicatorUnit.COUNT
        ).id
    return w


def read(w, *targets):
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=w.caseworker_id)
        return reading(session, scope, targets=targets, on=TODAY)


def test_a_figure_stands_with_its_goals_the_units_value_and_ones_own(w):
    run(change_plans.establish, w.extra["other"], TODAY, by=w.manager)
    (standing,) = read(w, CURRENT).standings
    assert standing.thread.indicator_name == "Aktuella planer"
    assert standing.thread.goals == ("Alla har en plan", "Fler i arbete")
    assert (standing.thread.value, standing.own) == (Fraction(100, 3), Fraction(0))


def test_an_entry_moves_the_unit_and_ones_own(w):
    before = read(w, CURRENT)
    run(change_plans.establish, w.case_id, TODAY, by=w.caseworker)
    (effect,) = effects(before, read(w, CURRENT), writes=1)
    assert (effect.before, effect.after) == (Fraction(0), Fraction(100, 3))
    assert (effect.own_before, effect.own_after) == (Fraction(0), Fraction(100))
    assert (effect.moved, effect.own_moved, effect.alone) == (True, True, True)


def test_an_entry_that_changes_nothing_moves_nothing(w):
    run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    run(change_plans.revise, w.case_id, TODAY, by=w.caseworker)
    before = read(w, CURRENT)
    run(change_plans.revise, w.case_id, OPENED, by=w.caseworker)
    (effect,) = effects(before, read(w, CURRENT), writes=1)
    assert (effect.moved, effect.own_moved) == (False, False)


def test_what_others_wrote_between_the_readings_is_told_of(w):
    before = read(w, CURRENT)
    run(change_plans.establish, w.case_id, TODAY, by=w.caseworker)
    run(change_plans.establish, w.extra["other"], TODAY, by=w.manager)
    after = read(w, CURRENT)
    assert not effects(before, after, writes=1)[0].alone
    assert effects(before, after, writes=2)[0].alone


def test_a_writes_own_part_of_what_was_written_is_counted_exactly(w):
    before = read(w, CURRENT)
    with db.write() as session:
        assert own_writes(session) == 0
        change_plans.establish(session, w.case_id, TODAY, by=w.caseworker)
        own = own_writes(session)
    assert effects(before, read(w, CURRENT), writes=own)[0].alone
    assert not effects(before, read(w, CURRENT), writes=own - 1)[0].alone
    run(change_plans.establish, w.extra["other"], TODAY, by=w.manager)
    assert not effects(before, read(w, CURRENT), writes=own)[0].alone


def test_what_no_indicator_has_is_left_out(w):
    assert read(w, Target(figure=ComputedFigure.BKA_COVERAGE)).standings == ()
    assert read(w, Target(indicator_id=10_000)).standings == ()
    assert read(w, Target()).standings == ()


def test_a_report_moves_the_indicator_that_its_measure_point_feeds(w):
    visits = w.extra["visits"]
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        point = measures.point(
            session, unit, MeasureKind.NUMBER, indicator_id=visits, feed=MeasureFeed.SUM
        ).id
    before = read(w, Target(indicator_id=visits))
    new = NewEntry(point, TODAY, value=Decimal(4))
    run(measure_entries.report, new, by=w.caseworker)
    (effect,) = effects(before, read(w, Target(indicator_id=visits)), writes=2)
    assert (effect.thread.indicator_name, effect.after) == ("Besök", Fraction(4))
    assert (effect.own_before, effect.own_after, effect.moved) == (None, None, True)
