"""Unit, group and "läget per" in the address, within what the user may see."""

import pytest

from core import db
from core.auth import Role
from core.models import UserRole
from tests import factories as make
from tests.factories_start import TODAY, week

PAGE = "overview/start.py"


@pytest.fixture
def w(store, today):
    today(TODAY)
    return week()


def labels(at):
    return [box.label for box in at.selectbox]


def slug(w, name):
    with db.read() as session:
        from sqlmodel import select

        from core.models import Group

        return session.exec(select(Group.slug).where(Group.name == name)).one()


def title(at):
    return at.title[0].value


def warnings(at):
    return [warning.value for warning in at.warning]


def test_without_anything_in_the_address_the_whole_unit_today_is_shown(w, open_page):
    at = open_page(PAGE, w.actors["unit_manager"])

    assert title(at) == "Måndag 27 maj, vecka 22"
    assert at.selectbox(key="filter-grupp").value == ""
    assert at.date_input[0].value == TODAY
    assert "per" not in at.query_params


def test_the_address_chooses_group_and_day(w, open_page):
    at = open_page(PAGE, w.actors["unit_manager"], per="2024-04-30", grupp=slug(w, "Två"))

    assert title(at) == "Tisdag 30 april, vecka 18"
    assert at.selectbox(key="filter-grupp").value == slug(w, "Två")
    assert not at.warning


def test_a_choice_is_kept_in_the_address_and_the_default_is_not(w, open_page):
    at = open_page(PAGE, w.actors["unit_manager"])
    at.selectbox(key="filter-grupp").select(slug(w, "Ett")).run()
    at.date_input[0].set_value(make.day("2024-03-01")).run()

    assert at.query_params["grupp"] == slug(w, "Ett")
    assert at.query_params["per"] == "2024-03-01"

    at.selectbox(key="filter-grupp").select("").run()
    at.date_input[0].set_value(TODAY).run()
    assert "grupp" not in at.query_params
    assert "per" not in at.query_params


def test_what_was_chosen_is_put_back_on_the_next_page(w, open_page):
    at = open_page(PAGE, w.actors["unit_manager"], per="2024-03-01")
    at.query_params.clear()
    at.switch_page("overview/goals.py").run()
    at.switch_page(PAGE).run()

    assert title(at) == "Fredag 1 mars, vecka 9"
    assert at.query_params["per"] == "2024-03-01"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"per": "2024-05-28"}, "ligger i framtiden"),
        ({"per": "1999-12-31"}, "för långt tillbaka"),
        ({"per": "i går"}, "är inget datum"),
        ({"grupp": "finns-inte"}, "finns inte på enheten"),
        ({"enhet": "grannen"}, "finns inte bland dina"),
    ],
)
def test_what_the_address_cannot_have_is_told_and_the_default_is_shown(w, open_page, query, said):
    at = open_page(PAGE, w.actors["unit_manager"], **query)

    assert [said in warning for warning in warnings(at)] == [True]
    assert title(at) == "Måndag 27 maj, vecka 22"
    assert not set(query) & set(at.query_params)


def test_a_notice_is_given_once(w, open_page):
    at = open_page(PAGE, w.actors["unit_manager"], grupp="finns-inte").run()

    assert not at.warning


@pytest.mark.parametrize("role", ["caseworker", "reader"])
def test_a_caseworker_and_a_reader_have_no_choice_of_group(w, open_page, role):
    at = open_page(PAGE, w.actors[role], grupp=slug(w, "Två"))

    assert labels(at) == ([] if role == "caseworker" else ["Till och med"])
    assert not at.warning
    whole = {metric.label: metric.value for metric in open_page(PAGE, w.actors[role]).metric}
    assert {metric.label: metric.value for metric in at.metric} == whole


def test_somebody_with_one_unit_has_no_choice_of_unit(w, open_page):
    assert labels(open_page(PAGE, w.actors["unit_manager"])) == ["Grupp"]


def test_somebody_with_two_units_chooses_and_starts_over_with_its_groups(w, open_page):
    actor = w.actors["unit_manager"]
    at = open_page(PAGE, actor, grupp=slug(w, "Ett"))
    with db.write() as session:
        other = make.unit(session, slug="grannen", name="Grannen")
        make.group(session, other, name="Tre")
        session.add(UserRole(user_id=actor.user_id, role=Role.UNIT_MANAGER, unit_id=other.id))
    at.run()
    at.selectbox(key="filter-enhet").select("grannen").run()

    assert at.query_params["enhet"] == "grannen"
    assert "grupp" not in at.query_params
    assert not at.warning
    assert "Tre" in at.selectbox(key="filter-grupp").options


def test_a_reader_sees_whole_months_only(w, open_page):
    at = open_page(PAGE, w.actors["reader"])

    assert at.selectbox(key="filter-per").value == "2024-04-30"
    assert not at.date_input
    assert "per" not in at.query_params
    assert title(at) == "April 2024"


def test_a_reader_who_asks_for_a_day_sees_the_month_that_had_ended_by_then(w, open_page):
    at = open_page(PAGE, w.actors["reader"], per="2024-03-12")

    assert at.selectbox(key="filter-per").value == "2024-02-29"
    assert at.query_params["per"] == "2024-02-29"
    assert warnings(at) == ["Du ser hela månader, här läget 2024-02-29."]


@pytest.mark.parametrize("per", ["2024-05-27", "2024-05-15"])
def test_a_reader_is_not_shown_the_month_that_runs(w, open_page, per):
    at = open_page(PAGE, w.actors["reader"], per=per)

    assert at.selectbox(key="filter-per").value == "2024-04-30"


def test_a_readers_address_with_something_else_than_a_day_is_told_so(w, open_page):
    at = open_page(PAGE, w.actors["reader"], per="maj")
    assert warnings(at) == ["”maj” är inget datum. Skriv till exempel ?per=2024-04-30."]
    at = open_page(PAGE, w.actors["reader"], per="2030-01-01")
    assert warnings(at) == ["2030-01-01 ligger i framtiden. Du ser läget 2024-04-30."]
    at = open_page(PAGE, w.actors["reader"], per="2012-01-31")
    assert at.selectbox(key="filter-per").value == "2022-05-31"
