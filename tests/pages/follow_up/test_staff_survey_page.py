"""Medarbetarenkät: years and groups with target and answer rate, and who may enter a result."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from core import db
from core.auth import Role, Scope
from core.queries.staff_survey import survey_results
from pages.common.survey_parts import chart_rows, table_rows
from tests import factories as make
from tests import factories_goals as make_goals
from tests.pages.own_statistics import field, press, shown

PAGE = "follow_up/staff_survey.py"
VIEWERS = [role for role in Role if role is not Role.ADMIN]


@pytest.fixture
def world(store, today):
    today(dt.date(2024, 5, 27))
    with db.write() as session:
        unit = make.unit(session)
        own, other = make.group(session, unit, name="Norr"), make.group(session, unit, name="Söder")
        small = make.group(session, unit, name="Liten")
        worker = make.caseworker(session, unit)
        make_goals.survey(session, unit, 2022, ami=70, target=82)
        make_goals.survey(session, unit, 2023, invited=40, respondents=30, ami=78, target=80)
        make_goals.survey(
            session, unit, 2023, own, ami=81, leadership=60, motivation=60, steering=60
        )
        make_goals.survey(session, unit, 2023, other, ami=77)
        make_goals.survey(session, unit, 2023, small, respondents=4, ami=13)
    return unit, own, worker


def actor_of(world, role):
    unit, own, worker = world
    with db.write() as session:
        return make.actor(
            session,
            role,
            unit,
            group=own if role is Role.GROUP_MANAGER else None,
            caseworker=worker if role is Role.CASEWORKER else None,
        )


@pytest.mark.parametrize("role", VIEWERS)
def test_each_role_sees_the_unit_and_the_groups_that_it_may(world, open_page, role):
    page = shown(open_page(PAGE, actor_of(world, role)))
    assert "AMI, Aktivt Medskapandeindex: 78" in page
    assert "30 av 40 svarade, 75\u00a0%" in page
    assert "Uppfylls delvis" in page
    assert ("Norr" in page) == (role is not Role.CASEWORKER)
    assert ("Söder" in page) == (role not in {Role.CASEWORKER, Role.GROUP_MANAGER})
    assert "Liten" not in page


def test_a_hidden_group_and_a_mismatch_are_explained(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)))
    assert "färre än fem svarande visas aldrig. Det gäller 2023." in page
    assert "Norr 2023: AMI 81, medelvärdet av delarna är 60,0" in page


def test_a_later_years_result_is_not_shown_as_of_an_earlier_day(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.READER), per="2022-12-31"))
    assert "AMI, Aktivt Medskapandeindex: 70" in page
    assert "2023" not in page


@pytest.mark.parametrize("role", VIEWERS)
def test_only_those_who_may_are_given_the_form(world, open_page, role):
    at = open_page(PAGE, actor_of(world, role))
    drawn = any(button.label == "Spara resultatet" for button in at.button)
    assert drawn == (role in {Role.UNIT_MANAGER, Role.DEVELOPER})


def test_an_empty_unit_is_told_what_to_do(store, open_page):
    with db.write() as session:
        by = make.actor(session, Role.UNIT_MANAGER, make.unit(session))
    assert "Det finns inga resultat att visa än. Skriv in" in shown(open_page(PAGE, by))


def test_a_result_is_entered_and_shown(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER))
    for label, typed in (
        ("Fick enkäten (antal)", "38"),
        ("Svarade (antal)", "36"),
        ("AMI", "84,5"),
        ("Mål för AMI", "80"),
    ):
        field(at.text_input, label).set_value(typed)
    at = press(at, "Spara resultatet")
    assert "AMI, Aktivt Medskapandeindex: 85" in shown(at)
    with db.read() as session:
        last = survey_results(session, Scope(world[0].id)).rows[-1]
    assert (last.year, last.group, last.ami) == (2024, "alla", Decimal("84.5"))


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Svarade (antal)", "39", "Antal svarande ska ligga mellan 0 och antalet"),
        ("Svarade (antal)", "1,5", "utan decimaler"),
        ("AMI", "101", "Ange ett index från 0 till 100."),
        ("AMI", "84.5", "Punkt kan betyda både decimaler och tusental."),
    ],
)
def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(
    world, open_page, label, typed, said
):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER))
    for name, value in (("Fick enkäten (antal)", "38"), ("Svarade (antal)", "36"), (label, typed)):
        field(at.text_input, name).set_value(value)
    at = press(at, "Spara resultatet")
    assert said in shown(at)
    assert field(at.text_input, label).value == typed
    with db.read() as session:
        assert survey_results(session, Scope(world[0].id)).rows[-1].year == 2023


@pytest.fixture
def pair(world):
    """The year 2023 with the whole unit's answers, one group shown and one of three hidden."""
    with db.write() as session:
        unit = make.unit(session)
        own, small = make.group(session, unit, name="Norr"), make.group(session, unit, name="Liten")
        make_goals.survey(session, unit, 2023, invited=20, respondents=18, ami=78)
        make_goals.survey(session, unit, 2023, own, invited=16, respondents=15, ami=81)
        make_goals.survey(session, unit, 2023, small, invited=4, respondents=3, ami=63)
        make_goals.survey(session, unit, 2022, invited=20, respondents=18, ami=77)
        make_goals.survey(session, unit, 2022, own, invited=10, respondents=9, ami=79)
    return unit, own, make_caseworker(unit)


def make_caseworker(unit):
    with db.write() as session:
        return make.caseworker(session, unit)


@pytest.mark.parametrize("role", [Role.GROUP_MANAGER, Role.READER, Role.CONTROLLER])
def test_a_hidden_groups_result_cannot_be_worked_out_from_the_unit_and_the_other_group(
    pair, open_page, role
):
    page = shown(open_page(PAGE, actor_of(pair, role)))
    table = next(part for part in page.split("<table") if "<caption>Medarbetarenkät" in part)
    rows = re.findall(r"<th scope='row'>(\d+)</th><td>([^<]*)</td>", table)
    assert rows == [("2023", "Hela enheten"), ("2022", "Hela enheten"), ("2022", "Norr")]
    assert "Ytterligare en grupp är dold 2023" in page


def test_who_enters_the_results_sees_each_group_but_takes_out_no_more_than_others(pair):
    with db.read() as session:
        results = survey_results(session, Scope(pair[0].id))
    screen, file = table_rows(results), table_rows(results.protected())
    assert screen["group"].tolist() == ["Hela enheten", "Norr", "Hela enheten", "Norr"]
    assert file["group"].tolist() == ["Hela enheten", "Hela enheten", "Norr"]
    assert chart_rows(results.protected(), "ami")["group"].tolist().count("Norr") == 1
