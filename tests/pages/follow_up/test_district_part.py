"""Hushåll: other districts beside the unit, once somebody has read them in."""

import datetime as dt

import pytest

from core import db
from core.auth import Role
from tests import factories as make
from tests.factories_goals import household_month
from tests.pages.own_statistics import shown

PAGE = "follow_up/households.py"
MAY = dt.date(2024, 5, 27)
TITLE = "Jämfört med andra stadsdelar"


@pytest.fixture
def unit(store, today):
    today(MAY)
    with db.write() as session:
        found = make.unit(session)
        household_month(session, found, "2024-04", MAY, households=33)
        return found


def page(unit, open_page, role):
    with db.write() as session:
        actor = make.actor(session, role, unit)
    return shown(open_page(PAGE, actor))


def test_districts_stand_below_the_units_own_month(unit, open_page):
    with db.write() as session:
        for district, households in (("Bromma", 317), ("Bro", 3)):
            household_month(session, unit, "2024-03", MAY, district=district, households=households)
    words = page(unit, open_page, Role.CONTROLLER)
    table = words.split("Hushåll i andra stadsdelar</caption>")[1].split("</table>")[0]
    rows = table.split("<tr>")[2:]
    assert ["egna enheten" in rows[0], "Bro<" in rows[1], "Bromma" in rows[2]] == [True] * 3
    assert [">33<" in rows[0], ">3<" in rows[1], ">317<" in rows[2]] == [True] * 3
    assert ["april 2024" in rows[0], "mars 2024" in rows[1]] == [True] * 2

    table = page(unit, open_page, Role.READER).split("Hushåll i andra stadsdelar</caption>")[1]
    bro = table.split("<tr>")[3]
    assert "&lt;5" in bro
    assert ">3<" not in bro


def test_without_any_district_nothing_is_said_of_them(unit, open_page):
    assert TITLE not in page(unit, open_page, Role.CONTROLLER)
