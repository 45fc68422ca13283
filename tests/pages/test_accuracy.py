"""Träffsäkerhet: what is said of closed years, and that few years are said to be few."""

import pytest

from core import db
from core.models import Unit
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, world

PAGE = "follow_up/accuracy.py"


@pytest.fixture
def w(store, today):
    """A unit whose line of 2023 is closed: 100 a month to June, 120 from July."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        line = money.line(session, unit, 1_200, year=2023, name="Boende")
        for month in range(1, 13):
            first = make.day(f"2023-{month:02}-01")
            booked_on = make.day("2024-01-10" if month == 12 else f"2023-{month + 1:02}-09")
            money.outcome(session, line, first, 100 if month < 7 else 120, booked_on)
        money.prognosis(session, line, 1_288, make.day("2023-06-30"))
    return made


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def said(at):
    tables = (html.proto.body for html in at.get("html"))
    return plain(" ".join([*(one.value for one in (*at.markdown, *at.info)), *tables]))


def pick(at, label, value):
    (box,) = [box for box in at.selectbox if box.label == label]
    return box.select(value).run()


def test_the_nearest_method_and_the_controllers_own_are_said_in_words(w, open_page):
    at = pick(open_page(PAGE, w.actors["controller"]), "Efter månad", 6)
    at = pick(at, "Budgetpost", "Bistånd: Boende")
    assert not at.exception
    # By the end of June May is booked: 1200 against 1320; the own one said 1288.
    expected = (
        "För Boende har rak framskrivning legat närmast: i snitt 9,1 % fel efter juni. "
        "Controllerns egen: 2,4 %."
    )
    assert expected in said(at)
    assert "Grundas på 1 avslutat år: 2023. Det är få år" in said(at)


def test_the_month_that_is_booked_this_year_or_todays_is_chosen_first(w, open_page):
    at = open_page(PAGE, w.actors["unit_manager"])
    assert "Alla poster efter maj" in [one.value for one in at.subheader]
    at = pick(at, "Efter månad", 1)
    assert "För hela enheten går metoderna inte att jämföra efter januari." in said(at)


def test_every_line_and_the_unit_stand_in_the_table(w, open_page):
    shown = said(pick(open_page(PAGE, w.actors["controller"]), "Efter månad", 6))
    row = shown[shown.index("Alla") if "Alla" in shown else 0 :]
    assert "Boende" in row
    assert "Hela enheten" in row
    assert ">9,1 %<" in row
    assert ">2,4 %<" in row


def test_without_a_closed_year_it_is_said(w, open_page):
    at = open_page(PAGE, w.actors["controller"], per="2023-12-31")
    assert "Inget avslutat år än" in said(at)
