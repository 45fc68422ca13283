"""A year's result of the staff survey is recorded by those who may, and replaced by a new one."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role, Scope
from core.models import AuditEvent, StaffSurvey
from core.queries.staff_survey import staff_survey
from core.services.base import RefusedError
from core.services.staff_survey import NewResult, record_result
from tests import factories as make

TODAY = dt.date(2024, 5, 27)
EDITORS = {Role.UNIT_MANAGER, Role.DEVELOPER}
RESULT = NewResult(
    year=2023,
    group_id=None,
    invited=20,
    respondents=15,
    ami=Decimal(78),
    leadership=Decimal(80),
    motivation=Decimal(79),
    steering=Decimal(75),
    target=Decimal(80),
)


@pytest.fixture(autouse=True)
def _on(store, today):
    today(TODAY)


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


@pytest.fixture
def manager(unit):
    with db.write() as session:
        return make.actor(session, Role.UNIT_MANAGER, unit)


def counts():
    with db.read() as session:
        return [len(session.exec(select(table)).all()) for table in (StaffSurvey, AuditEvent)]


@pytest.mark.parametrize("role", Role)
def test_a_result_is_recorded_by_editors_and_nobody_else(unit, role):
    with db.write() as session:
        by = make.actor(session, role, unit)
    if role in EDITORS:
        with db.write() as session:
            record_result(session, RESULT, by=by)
    else:
        with pytest.raises(PermissionDeniedError), db.write() as session:
            record_result(session, RESULT, by=by)
    assert counts() == ([1, 1] if role in EDITORS else [0, 0])


def test_another_units_group_is_out_of_reach(manager):
    with db.write() as session:
        group = make.group(session, make.unit(session))
    for group_id in (group.id, 999):
        with pytest.raises(PermissionDeniedError), db.write() as session:
            record_result(session, replace(RESULT, group_id=group_id), by=manager)


def test_a_form_sent_twice_is_one_result(manager):
    for _ in range(2):
        with db.write() as session:
            record_result(session, RESULT, by=manager, key="one form")
    assert counts() == [1, 1]


def test_a_new_result_voids_the_earlier_one_of_the_same_year_and_group_only(unit, manager):
    with db.write() as session:
        group = make.group(session, unit)
        for new in (
            RESULT,
            replace(RESULT, year=2022),
            replace(RESULT, group_id=group.id),
            replace(RESULT, ami=Decimal(60)),
        ):
            record_result(session, new, by=manager)
    with db.read() as session:
        rows = session.exec(select(StaffSurvey).order_by(StaffSurvey.id)).all()
        assert [row.voided_by_id for row in rows] == [manager.user_id, None, None, None]
        assert [row.created_by_id for row in rows] == [manager.user_id] * 4


def test_a_recorded_result_is_read_at_once_though_an_earlier_reading_was_kept(unit, manager):
    for ami in (70, 71):
        with db.write() as session:
            record_result(session, replace(RESULT, ami=Decimal(ami)), by=manager)
        with db.read() as session:
            assert list(staff_survey(session, Scope(unit.id))["ami"]) == [ami]


def test_an_ami_that_differs_from_its_parts_is_recorded_as_stated(unit, manager):
    with db.write() as session:
        record_result(session, replace(RESULT, ami=Decimal(50)), by=manager)
    with db.read() as session:
        assert list(staff_survey(session, Scope(unit.id))["ami"]) == [50]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"year": 2025}, "year"),
        ({"year": 1999}, "year"),
        ({"invited": 0, "respondents": 0}, "invited"),
        ({"invited": 10_001}, "invited"),
        ({"respondents": 21}, "respondents"),
        ({"respondents": -1}, "respondents"),
        ({"ami": Decimal("100.1")}, "ami"),
        ({"leadership": Decimal("-0.1")}, "leadership"),
        ({"motivation": Decimal("1.00001")}, "motivation"),
        ({"steering": Decimal(101)}, "steering"),
        ({"target": Decimal(101)}, "target"),
        ({"source_name": "811228-9874"}, "source_name"),
    ],
)
def test_a_result_with_a_fault_is_refused_at_its_field(manager, changed, field):
    with pytest.raises(RefusedError) as error, db.write() as session:
        record_result(session, replace(RESULT, **changed), by=manager)
    assert set(error.value.by_field()) == {field}
    assert counts() == [0, 0]


def test_the_ends_of_every_scale_are_accepted(manager):
    with db.write() as session:
        new = replace(RESULT, year=2024, respondents=20, ami=Decimal(100), leadership=Decimal(0))
        record_result(session, new, by=manager)
        record_result(session, replace(RESULT, year=2000, respondents=0), by=manager)
    assert counts() == [2, 2]
