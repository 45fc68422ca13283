"""Other districts' household statistics: the latest month of each, as known on a day."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.queries.households import district_months, household_months
from tests import factories as make
from tests.factories_goals import household_month

MAY = dt.date(2024, 5, 27)


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


def known(unit, on=MAY):
    with db.read() as session:
        return [
            (name, month.label, month.households, month.per_household)
            for name, month in district_months(session, Scope(unit.id), on=on)
        ]


def test_each_district_has_its_latest_month_in_order_of_name(unit):
    with db.write() as session:
        for district, month, households in (
            ("Södermalm", "2024-03", 700),
            ("Bromma", "2024-02", 310),
            ("Bromma", "2024-03", 317),
            ("Bromma", "2024-06", 400),
            ("", "2024-03", 99),
        ):
            household_month(
                session,
                unit,
                month,
                MAY,
                district=district,
                households=households,
                paid_benefit=Decimal(households * 9000),
            )
    assert known(unit) == [("Bromma", "2024-03", 317, 9000), ("Södermalm", "2024-03", 700, 9000)]
    assert known(unit, dt.date(2024, 2, 29)) == [("Bromma", "2024-02", 310, 9000)]
    with db.read() as session:
        own = household_months(session, Scope(unit.id), start=dt.date(2024, 1, 1), end=MAY)
    assert [month.households for month in own] == [99]


def test_of_two_sources_of_a_districts_month_the_later_one_holds(unit):
    with db.write() as session:
        for day, fields in ((20, {"households": 320}), (10, {"households": 310, "adults": 400})):
            on = dt.date(2024, 5, day)
            household_month(session, unit, "2024-03", on, district="Bromma", **fields)
    with db.read() as session:
        ((_, month),) = district_months(session, Scope(unit.id), on=MAY)
    assert (month.households, month.adults) == (320, 400)


def test_voided_old_and_other_units_districts_are_left_out(unit):
    with db.write() as session:
        bromma = {"district": "Bromma", "households": 1}
        at = dt.datetime.now(dt.UTC)
        household_month(session, unit, "2024-03", MAY, voided_at=at, **bromma)
        household_month(session, unit, "2023-05", MAY, **bromma)
        household_month(session, make.unit(session), "2024-03", MAY, **bromma)
    assert known(unit) == []
    assert known(unit, dt.date(2024, 4, 30)) == [("Bromma", "2023-05", 1, None)]
