"""Hushåll: months, obstacles, closing reasons and flow, as each role may see them."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Role, Scope
from core.queries.households import households
from core.terms import ClosingReason, Gender, Obstacle
from tests import factories as make
from tests import factories_goals as make_goals
from tests.pages.own_statistics import field, press, shown

PAGE = "follow_up/households.py"
MAY = dt.date(2024, 5, 27)
VIEWERS = [role for role in Role if role is not Role.ADMIN]


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        worker, group = make.caseworker(session, unit), make.group(session, unit)
        for month, number in (("2024-03", 30), ("2024-04", 33)):
            make_goals.household_month(
                session,
                unit,
                month,
                MAY,
                households=number,
                women=number - 13,
                men=10,
                other=3,
                adults=40,
                children=20,
                recipients=60,
                paid_benefit=Decimal(number * 8000),
            )
        for number in range(12):
            fields = {"opened_on": dt.date(2023, 1, 10), "gender": Gender.WOMAN}
            obstacle = Obstacle.UNEMPLOYED if number else Obstacle.CARE_OF_CHILD
            make.case(session, unit, obstacle=obstacle, **fields)
        for reason, closed in ((ClosingReason.WORK, 6), (None, 3)):
            for _ in range(closed):
                make.case(
                    session,
                    unit,
                    dt.date(2023, 1, 10),
                    closed_on=dt.date(2024, 2, 1),
                    closing_reason=reason,
                )
    return unit, worker, group


def actor_of(world, role):
    unit, worker, group = world
    with db.write() as session:
        return make.actor(
            session,
            role,
            unit,
            group=group if role is Role.GROUP_MANAGER else None,
            caseworker=worker if role is Role.CASEWORKER else None,
        )


@pytest.mark.parametrize("role", VIEWERS)
def test_every_role_sees_the_units_sums(world, open_page, role):
    page = shown(open_page(PAGE, actor_of(world, role)))
    assert "Hushåll: 33" in page
    assert "Mottagare: 60" in page
    assert "Utbetalt bistånd: 264\u00a0tkr" in page
    assert "Kr per hushåll: 8\u202f000\u00a0kr" in page
    assert "arbetslös" in page
    assert "Avslutade 2024: 9" in page


def test_each_number_says_its_own_source(world, open_page):
    with db.write() as session:
        fields = {"children": 21, "source_name": "Räknat för hand"}
        make_goals.household_month(session, world[0], "2024-04", MAY, **fields)
    page = shown(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)))
    assert "Barn: 21" in page
    assert page.count("Räknat för hand, 2024-05-27") == 1
    assert page.count("April 2024 · inskrivet, 2024-05-27") == 4


def test_a_share_closed_as_unknown_is_judged_against_twenty_percent(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)))
    assert "Avslutade som okänt 2024: 33\u00a0%" in page
    assert "3 av 9 · mål högst 20\u00a0%" in page
    assert "Uppfylls ej" in page


def test_a_reader_sees_no_small_number_of_people(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.READER)))
    assert "Avslutade som okänt 2024: .." in page
    assert "&lt;5 av 9" in page or "<5 av 9" in page
    table = next(part for part in page.split("<table") if "Vuxna efter försörjningshinder" in part)
    assert ">1<" not in table
    assert "&lt;5" in table


def test_others_see_the_numbers_as_they_are(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.CONTROLLER)))
    assert "&lt;5" not in page


def test_an_earlier_day_is_shown_as_it_was(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.DEVELOPER), per="2024-03-31"))
    assert "Hushåll: 30" in page
    assert "Avslutade 2024: 9" in page
    assert "Avslutade 2023: 0" in shown(
        open_page(PAGE, actor_of(world, Role.DEVELOPER), per="2023-12-31")
    )


@pytest.mark.parametrize("role", VIEWERS)
def test_only_those_who_may_are_given_the_forms(world, open_page, role):
    at = open_page(PAGE, actor_of(world, role))
    drawn = any(button.label == "Spara månaden" for button in at.button)
    assert drawn == (role in {Role.UNIT_MANAGER, Role.DEVELOPER})


def test_an_empty_unit_derives_its_first_month(store, today, open_page):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        make.case(session, unit, dt.date(2024, 4, 1), children=2)
    at = open_page(PAGE, by)
    assert "ingen hushållsstatistik för de senaste två åren. Räkna fram" in shown(at)
    at = press(at, "Räkna fram")
    assert "Barn: 2" in shown(at)
    with db.read() as session:
        frame = households(session, Scope(unit.id), start=dt.date(2024, 1, 1), end=MAY)
    assert list(frame["month"]) == ["2024-04"]


def test_a_month_is_typed_in_and_shown(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER))
    field(at.text_input, "Hushåll").set_value("1 234")
    field(at.text_input, "Källa").set_value("månadsrapporten")
    at = press(at, "Spara månaden")
    assert "Hushåll: 1\u202f234" in shown(at)


def test_a_month_that_does_not_add_up_is_refused_and_what_was_typed_stays(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER))
    for label, typed in (("Mottagare", "10"), ("Vuxna", "4"), ("Barn", "5")):
        field(at.text_input, label).set_value(typed)
    at = press(at, "Spara månaden")
    assert "Vuxna och barn är 9 tillsammans." in shown(at)
    assert field(at.text_input, "Mottagare").value == "10"
    assert "Mottagare: 60" in shown(at)
