"""A month of household statistics is typed in or derived by those who may, and nothing is lost."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role, Scope
from core.models import AuditEvent, HouseholdMonth, HouseholdMonthPart
from core.queries.households import household_months, households
from core.services.base import RefusedError
from core.services.households import NewMonth, derive_month, record_month
from core.terms import DataSource, Gender, Obstacle
from tests import factories as make

TODAY = dt.date(2024, 5, 27)
APRIL = dt.date(2024, 4, 1)
EDITORS = {Role.UNIT_MANAGER, Role.DEVELOPER}
MONTH = NewMonth(
    month=dt.date(2024, 4, 15),
    households=10,
    recipients=17,
    adults=12,
    children=5,
    women=6,
    men=3,
    other=1,
    paid_benefit=Decimal("81050.50"),
    source_name="månadsrapporten",
    sourced_on=dt.date(2024, 5, 20),
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
        return [len(session.exec(select(table)).all()) for table in (HouseholdMonth, AuditEvent)]


def read(unit):
    with db.read() as session:
        frame = households(session, Scope(unit.id), start=APRIL, end=TODAY)
    return [list(row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize("role", Role)
def test_months_are_written_by_editors_and_nobody_else(unit, role):
    with db.write() as session:
        by = make.actor(session, role, unit)
    for write in (
        lambda session: record_month(session, MONTH, by=by),
        lambda session: derive_month(session, APRIL, by),
    ):
        if role in EDITORS:
            with db.write() as session:
                write(session)
        else:
            with pytest.raises(PermissionDeniedError), db.write() as session:
                write(session)
    assert counts() == ([2, 2] if role in EDITORS else [0, 0])


def test_a_recorded_month_is_read_as_stated(unit, manager):
    with db.write() as session:
        record_month(session, MONTH, by=manager)
    numbers = [10, 17, 12, 5, 6, 3, 1, Decimal("81050.50")]
    assert read(unit) == [["2024-04", *numbers]]
    with db.read() as session:
        row = session.exec(select(HouseholdMonth)).one()
        assert (row.month, row.source, row.created_by_id) == (
            APRIL,
            DataSource.TYPED,
            manager.user_id,
        )


def test_each_form_sent_twice_is_one_row(manager):
    for _ in range(2):
        with db.write() as session:
            record_month(session, MONTH, by=manager, key="one form")
        with db.write() as session:
            derive_month(session, APRIL, manager, key="another form")
    assert counts() == [2, 2]


def test_of_two_rows_the_later_source_holds_and_the_earlier_is_kept(unit, manager):
    with db.write() as session:
        record_month(session, MONTH, by=manager)
        later = NewMonth(APRIL, households=11, sourced_on=dt.date(2024, 5, 21))
        record_month(session, later, by=manager)
        earlier = NewMonth(APRIL, children=99, sourced_on=dt.date(2024, 5, 19))
        record_month(session, earlier, by=manager)
    assert read(unit) == [["2024-04", 11, 17, 12, 5, 6, 3, 1, Decimal("81050.50")]]
    assert counts() == [3, 3]


def test_a_source_without_a_date_is_of_today(manager):
    with db.write() as session:
        record_month(session, replace(MONTH, sourced_on=None), by=manager)
    with db.read() as session:
        assert session.exec(select(HouseholdMonth)).one().sourced_on == TODAY


def test_a_derived_month_counts_own_cases_at_its_end_and_keeps_what_was_paid(unit, manager):
    with db.write() as session:
        record_month(session, MONTH, by=manager)
        fields = {"obstacle": Obstacle.UNEMPLOYED}
        make.case(session, unit, dt.date(2024, 4, 30), children=2, **fields)
        make.case(session, unit, dt.date(2024, 1, 1), gender=Gender.MAN, children=1)
        make.case(session, unit, dt.date(2024, 5, 1), children=9)
        make.case(session, unit, dt.date(2024, 1, 1), closed_on=dt.date(2024, 4, 30), children=9)
        make.case(session, make.unit(session), dt.date(2024, 1, 1), children=9)
        row_id = derive_month(session, dt.date(2024, 4, 10), manager)
    assert read(unit) == [["2024-04", 2, 5, 2, 3, 1, 1, 0, Decimal("81050.50")]]
    with db.read() as session:
        (month,) = household_months(session, Scope(unit.id), start=APRIL, end=TODAY)
        assert month.source is DataSource.DERIVED
        parts = session.exec(
            select(HouseholdMonthPart).where(HouseholdMonthPart.household_month_id == row_id)
        ).all()
        assert sorted((part.dimension, part.part, part.amount) for part in parts) == [
            ("obstacle", "unemployed", 1),
            ("obstacle", "unknown", 1),
        ]


@pytest.mark.parametrize(
    ("month", "accepted"),
    [
        (dt.date(2024, 5, 1), False),
        (dt.date(2024, 4, 30), True),
        (dt.date(1999, 12, 1), False),
        (dt.date(2000, 1, 1), True),
    ],
)
def test_only_a_month_that_is_over_is_derived(manager, month, accepted):
    if accepted:
        with db.write() as session:
            derive_month(session, month, manager)
    else:
        with pytest.raises(RefusedError) as error, db.write() as session:
            derive_month(session, month, manager)
        assert set(error.value.by_field()) == {"month"}
    assert counts() == ([1, 1] if accepted else [0, 0])


def test_a_month_ending_today_is_over(unit, manager, today):
    today(dt.date(2024, 4, 30))
    with db.write() as session:
        derive_month(session, APRIL, manager)
    assert counts() == [1, 1]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"month": dt.date(2024, 6, 1), "sourced_on": None}, "month"),
        ({"month": dt.date(1999, 12, 31)}, "month"),
        ({"households": -1, "women": None, "men": None, "other": None}, "households"),
        ({"households": 9}, "households"),
        ({"households": 11}, "households"),
        ({"households": 8, "other": None}, "households"),
        ({"households": 1_000_001, "women": None}, "households"),
        ({"children": -1, "recipients": None}, "children"),
        ({"recipients": 18}, "recipients"),
        ({"paid_benefit": Decimal("-0.01")}, "paid_benefit"),
        ({"paid_benefit": Decimal("0.001")}, "paid_benefit"),
        ({"source_name": "811228-9874"}, "source_name"),
        ({"sourced_on": TODAY + dt.timedelta(1)}, "sourced_on"),
        ({"sourced_on": dt.date(2024, 3, 31)}, "sourced_on"),
    ],
)
def test_a_month_with_a_fault_is_refused_at_its_field(manager, changed, field):
    with pytest.raises(RefusedError) as error, db.write() as session:
        record_month(session, replace(MONTH, **changed), by=manager)
    assert set(error.value.by_field()) == {field}
    assert counts() == [0, 0]


def test_a_month_without_any_number_is_refused(manager):
    with pytest.raises(RefusedError) as error, db.write() as session:
        record_month(session, NewMonth(APRIL), by=manager)
    assert set(error.value.by_field()) == {"households"}


def test_numbers_that_are_not_stated_need_not_add_up(manager):
    with db.write() as session:
        record_month(session, NewMonth(TODAY, households=10, women=10), by=manager)
        record_month(session, NewMonth(APRIL, recipients=5, adults=3), by=manager)
        record_month(session, NewMonth(APRIL, paid_benefit=Decimal(0)), by=manager)
    assert counts() == [3, 3]
