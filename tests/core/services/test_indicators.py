"""Indicators, their targets and their values: who may write them, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role
from core.models import AuditEvent, Indicator, IndicatorTarget, IndicatorValue
from core.services.base import RefusedError
from core.services.indicator_values import NewValue, record_value, void_value
from core.services.indicators import NewIndicator, NewTarget, add_indicator, set_target
from core.terms import (
    Accumulation,
    ComputedFigure,
    Direction,
    Gender,
    IndicatorSource,
    IndicatorUnit,
    Periodicity,
)
from tests import factories as make
from tests import factories_goals as make_goals

TODAY = dt.date(2024, 5, 27)
TERTIAL = make_goals.period("2024-T1")
EDITORS = {Role.UNIT_MANAGER, Role.DEVELOPER}
PERSONAL_NUMBER = "Ring 811228-9874"


@pytest.fixture(autouse=True)
def _on(store, today):
    today(TODAY)


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


@pytest.fixture
def goal(unit):
    with db.write() as session:
        return make_goals.goal(session, unit)


@pytest.fixture
def indicator(goal):
    with db.write() as session:
        return make_goals.indicator(session, goal)


@pytest.fixture
def manager(unit):
    with db.write() as session:
        return make.actor(session, Role.UNIT_MANAGER, unit)


def new_indicator(goal, **fields):
    return NewIndicator(
        **{
            "goal_id": goal.id,
            "name": "Andel som är nöjda",
            "unit_of_measure": IndicatorUnit.PERCENT,
            "direction": Direction.HIGHER,
            "periodicity": Periodicity.YEAR,
        }
        | fields
    )


def new_value(indicator, **fields):
    return NewValue(**{"indicator_id": indicator.id, "period": TERTIAL} | fields)


def new_target(indicator, **fields):
    return NewTarget(
        **{"indicator_id": indicator.id, "year": 2024, "decided_on": TODAY, "target": Decimal(75)}
        | fields
    )


def rows(session):
    tables = (Indicator, IndicatorTarget, IndicatorValue, AuditEvent)
    return [len(session.exec(select(table)).all()) for table in tables]


def refused(write):
    """Return the fields that a write was refused at, having seen that it changed nothing."""
    with db.read() as session:
        before = rows(session)
    with pytest.raises(RefusedError) as error:
        with db.write() as session:
            write(session)
    with db.read() as session:
        assert rows(session) == before
    return set(error.value.by_field())


def saved(write, table):
    """Return the row that a write gave the id of."""
    with db.write() as session:
        row_id = write(session)
    with db.read() as session:
        row = session.get_one(table, row_id)
        session.expunge(row)
        return row


@pytest.mark.parametrize("role", Role)
def test_indicators_targets_and_values_are_written_by_editors_and_nobody_else(
    unit, goal, indicator, role
):
    with db.write() as session:
        by = make.actor(session, role, unit)
        kept = make_goals.value(session, indicator, "2023-T3", 50)
    for write in (
        lambda session: add_indicator(session, new_indicator(goal), by=by),
        lambda session: set_target(session, new_target(indicator), by=by),
        lambda session: record_value(session, new_value(indicator, value=Decimal(5)), by=by),
        lambda session: void_value(session, kept.id, by=by),
    ):
        if role in EDITORS:
            with db.write() as session:
                write(session)
        else:
            with pytest.raises(PermissionDeniedError), db.write() as session:
                write(session)
    with db.read() as session:
        assert rows(session) == ([2, 1, 2, 4] if role in EDITORS else [1, 0, 1, 0])
        voided = session.get_one(IndicatorValue, kept.id).voided_by_id
        assert voided == (by.user_id if role in EDITORS else None)


def test_another_units_indicators_are_out_of_reach(goal, indicator):
    with db.write() as session:
        kept = make_goals.value(session, indicator, "2023-T3", 50)
        by = make.actor(session, Role.UNIT_MANAGER, make.unit(session))
    for write in (
        lambda session: add_indicator(session, new_indicator(goal), by=by),
        lambda session: set_target(session, new_target(indicator), by=by),
        lambda session: record_value(session, new_value(indicator, value=Decimal(5)), by=by),
        lambda session: void_value(session, kept.id, by=by),
        lambda session: void_value(session, 999, by=by),
    ):
        with pytest.raises(PermissionDeniedError), db.write() as session:
            write(session)


def test_each_form_sent_twice_is_one_row(goal, indicator, manager):
    for number, write in enumerate(
        (
            lambda s, key: add_indicator(s, new_indicator(goal), by=manager, key=key),
            lambda s, key: set_target(s, new_target(indicator), by=manager, key=key),
            lambda s, key: record_value(
                s, new_value(indicator, value=Decimal(5)), by=manager, key=key
            ),
        )
    ):
        ids = set()
        for _ in range(2):
            with db.write() as session:
                ids.add(write(session, f"form {number}"))
        assert len(ids) == 1
    with db.read() as session:
        assert rows(session) == [2, 1, 1, 3]


def test_an_indicator_is_typed_or_computed(goal, manager):
    typed = saved(lambda s: add_indicator(s, new_indicator(goal), by=manager), Indicator)
    assert (typed.source, typed.computed, typed.unit_id) == (
        IndicatorSource.TYPED,
        None,
        goal.unit_id,
    )
    new = new_indicator(goal, name="BKA", computed=ComputedFigure.BKA_COVERAGE)
    computed = saved(lambda s: add_indicator(s, new, by=manager), Indicator)
    assert computed.source is IndicatorSource.COMPUTED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": PERSONAL_NUMBER}, "name"),
        ({"unit_of_measure": IndicatorUnit.OWN}, "own_unit"),
        ({"tolerance": Decimal("-0.1")}, "tolerance"),
        ({"tolerance": Decimal("0.00001")}, "tolerance"),
        (
            {
                "unit_of_measure": IndicatorUnit.COUNT,
                "computed": ComputedFigure.PLANS_COVERAGE,
            },
            "unit_of_measure",
        ),
        ({"computed": ComputedFigure.FAMILIES_IN_HOTEL}, "unit_of_measure"),
        (
            {"accumulation": Accumulation.SUM, "computed": ComputedFigure.BKA_COVERAGE},
            "accumulation",
        ),
    ],
)
def test_an_indicator_with_a_fault_is_refused_at_its_field(goal, manager, changed, field):
    new = new_indicator(goal, **changed)
    assert refused(lambda session: add_indicator(session, new, by=manager)) == {field}


def test_a_name_stands_once_among_a_years_indicators(unit, goal, manager):
    with db.write() as session:
        other = make_goals.goal(session, unit)
        next_year = make_goals.goal(session, unit, 2025)
        make_goals.indicator(session, goal, "Sjukfrånvaro")
    new = new_indicator(other, name="Sjukfrånvaro")
    assert refused(lambda session: add_indicator(session, new, by=manager)) == {"name"}
    new = new_indicator(next_year, name="Sjukfrånvaro")
    assert saved(lambda s: add_indicator(s, new, by=manager), Indicator).goal_id == next_year.id


def test_a_target_is_a_number_or_a_text(indicator, manager):
    new = new_target(indicator, target=Decimal("1.5"), city_target="fastställs 2024")
    row = saved(lambda session: set_target(session, new, by=manager), IndicatorTarget)
    assert (row.target, row.target_text) == (Decimal("1.5"), "")
    assert (row.city_target, row.city_target_text) == (None, "fastställs 2024")
    assert row.created_by_id == manager.user_id


def test_the_citys_target_alone_is_enough(indicator, manager):
    new = new_target(indicator, target=None, city_target=Decimal(70))
    row = saved(lambda session: set_target(session, new, by=manager), IndicatorTarget)
    assert (row.target, row.city_target) == (None, Decimal(70))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"year": 2026}, "year"),
        ({"year": 1999}, "year"),
        ({"decided_on": TODAY + dt.timedelta(1)}, "decided_on"),
        ({"target": None}, "target"),
        ({"target": ""}, "target"),
        ({"target": Decimal("100.1")}, "target"),
        ({"target": Decimal(-1)}, "target"),
        ({"target": Decimal("0.00001")}, "target"),
        ({"target": "x" * 81}, "target"),
        ({"city_target": PERSONAL_NUMBER}, "city_target"),
    ],
)
def test_a_target_with_a_fault_is_refused_at_its_field(indicator, manager, changed, field):
    new = new_target(indicator, **changed)
    assert refused(lambda session: set_target(session, new, by=manager)) == {field}


def test_a_share_is_computed_from_its_parts(indicator, manager):
    new = new_value(indicator, numerator=Decimal(161), denominator=Decimal(207))
    row = saved(lambda session: record_value(session, new, by=manager), IndicatorValue)
    assert row.value == Decimal("77.7778")
    assert (row.numerator, row.denominator) == (Decimal(161), Decimal(207))
    assert (row.period_start, row.period_end) == (TERTIAL.start, TERTIAL.end)
    assert row.measured_on == dt.date(2024, 4, 30)


@pytest.mark.parametrize("typed", ["78", "77.8", "77.78", "77.778", "77.7778"])
def test_a_share_may_be_typed_rounded_beside_its_parts(indicator, manager, typed):
    new = new_value(
        indicator, value=Decimal(typed), numerator=Decimal(161), denominator=Decimal(207)
    )
    row = saved(lambda session: record_value(session, new, by=manager), IndicatorValue)
    assert row.value == Decimal("77.7778")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "value"),
        ({"value": Decimal("100.1")}, "value"),
        ({"value": Decimal("-0.1")}, "value"),
        ({"value": Decimal("1.23456")}, "value"),
        ({"value": Decimal("1e13")}, "value"),
        ({"numerator": Decimal(1)}, "denominator"),
        ({"denominator": Decimal(1), "value": Decimal(1)}, "numerator"),
        ({"numerator": Decimal(3), "denominator": Decimal(2)}, "numerator"),
        ({"numerator": Decimal(-1), "denominator": Decimal(2)}, "numerator"),
        ({"numerator": Decimal(0), "denominator": Decimal(0)}, "denominator"),
        ({"value": Decimal(51), "numerator": Decimal(1), "denominator": Decimal(2)}, "value"),
        ({"value": Decimal(5), "period": make_goals.period("2024")}, "period"),
        ({"value": Decimal(5), "period": make_goals.period("2024-05")}, "period"),
        ({"value": Decimal(5), "period": make_goals.period("2024-T2")}, "measured_on"),
        ({"value": Decimal(5), "measured_on": TODAY + dt.timedelta(1)}, "measured_on"),
        ({"value": Decimal(5), "measured_on": dt.date(2023, 12, 31)}, "measured_on"),
        ({"value": Decimal(5), "source_name": PERSONAL_NUMBER}, "source_name"),
    ],
)
def test_a_value_with_a_fault_is_refused_at_its_field(indicator, manager, fields, field):
    new = new_value(indicator, **fields)
    assert field in refused(lambda session: record_value(session, new, by=manager))


@pytest.mark.parametrize("value", [0, 100])
def test_the_ends_of_the_scale_are_accepted(indicator, manager, value):
    new = new_value(indicator, value=Decimal(value))
    row = saved(lambda session: record_value(session, new, by=manager), IndicatorValue)
    assert row.value == value


@pytest.mark.parametrize(("part", "share"), [(0, 0), (4, 100)])
def test_none_and_all_of_a_whole_are_shares(indicator, manager, part, share):
    new = new_value(indicator, numerator=Decimal(part), denominator=Decimal(4))
    row = saved(lambda session: record_value(session, new, by=manager), IndicatorValue)
    assert row.value == share


def test_a_value_of_a_period_still_running_says_when_it_was_measured(indicator, manager):
    new = new_value(
        indicator, period=make_goals.period("2024-T2"), value=Decimal(5), measured_on=TODAY
    )
    row = saved(lambda session: record_value(session, new, by=manager), IndicatorValue)
    assert row.measured_on == TODAY


def test_a_gender_has_its_own_value(indicator, manager):
    new = new_value(indicator, value=Decimal(5), gender=Gender.WOMAN)
    row = saved(lambda session: record_value(session, new, by=manager), IndicatorValue)
    assert row.gender is Gender.WOMAN


def test_a_count_may_be_over_a_hundred_but_not_under_zero(goal, manager):
    with db.write() as session:
        count = make_goals.indicator(session, goal, unit_of_measure=IndicatorUnit.COUNT)
    new = new_value(count, value=Decimal(250))
    assert saved(lambda s: record_value(s, new, by=manager), IndicatorValue).value == 250
    new = new_value(count, value=Decimal(-1))
    assert refused(lambda session: record_value(session, new, by=manager)) == {"value"}
    new = new_value(count, numerator=Decimal(1), denominator=Decimal(2))
    assert refused(lambda session: record_value(session, new, by=manager)) == {"value"}


def test_a_computed_indicator_takes_no_typed_value(goal, manager):
    with db.write() as session:
        computed = make_goals.computed(session, goal)
    new = new_value(computed, value=Decimal(5))
    assert refused(lambda session: record_value(session, new, by=manager)) == {"value"}


def test_a_new_value_of_a_period_leaves_the_earlier_one_as_it_was(indicator, manager):
    for number in (5, 6):
        new = new_value(indicator, value=Decimal(number))
        saved(lambda session, new=new: record_value(session, new, by=manager), IndicatorValue)
    with db.read() as session:
        kept = session.exec(select(IndicatorValue).order_by(IndicatorValue.id)).all()
        assert [(row.value, row.voided_at) for row in kept] == [(5, None), (6, None)]


def test_voiding_a_value_twice_changes_nothing_the_second_time(indicator, manager):
    with db.write() as session:
        row = make_goals.value(session, indicator, "2023-T3", 50)
    first = saved(lambda session: void_value(session, row.id, by=manager), IndicatorValue)
    again = saved(lambda session: void_value(session, row.id, by=manager), IndicatorValue)
    assert first.voided_at == again.voided_at
    assert first.voided_at is not None
    with db.read() as session:
        assert len(session.exec(select(AuditEvent)).all()) == 1
