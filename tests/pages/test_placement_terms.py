"""Placeringsval: what is shown, added and closed."""

import pytest

from core import db
from core.models import Case, PlacementKind, PlacementTerm, Unit
from core.services import placement_terms
from core.services.placement_terms import NewKind
from core.terms import Contract
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world

PAGE = "admin/placement_terms.py"


@pytest.fixture
def w(store, today):
    """A unit with a used kind and a free one."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        used = money.kind(session, unit, "HVB")
        made.extra |= {"used": used.id, "free": money.kind(session, unit, "Stödboende").id}
        case = session.get_one(Case, made.case_id)
        money.placement(session, case, used, make.day("2024-03-01"), rates=1)
    return made


def open_terms(w, open_page):
    at = open_page(PAGE, w.actors["developer"])
    assert not at.exception
    return at


def tables(at):
    return "".join(html.proto.body for html in at.get("html") if "rt-table" in html.proto.body)


def said(at):
    return " ".join(m.value for m in at.markdown)


def field(fields, label, place=0):
    return [found for found in fields if found.label == label][place]


def press(at, label):
    return field(at.button, label).click().run()


def test_kinds_are_listed_with_what_they_are(w, open_page):
    at = open_terms(w, open_page)

    shown = tables(at)
    assert shown.index("HVB") < shown.index("Stödboende")
    assert "Tillfälligt boende" in shown
    assert "kan väljas" in shown
    assert "ramavtal, individavtal, egen regi, LOV" in said(at)


def test_a_kind_is_added(w, open_page):
    at = open_terms(w, open_page)
    field(at.text_input, "Slagets namn").input("Jourlägenhet")
    field(at.radio, "Är det tillfälligt boende?").set_value("ja, annat")
    at = press(at, "Lägg till slaget")

    assert "Jourlägenhet" in tables(at)
    assert rows(PlacementKind)[-1].is_temporary


def test_a_name_that_is_taken_is_refused_and_kept_in_the_field(w, open_page):
    at = open_terms(w, open_page)
    field(at.text_input, "Slagets namn").input("hvb")
    at = press(at, "Lägg till slaget")

    assert "hvb finns redan" in said(at)
    assert field(at.text_input, "Slagets namn").value == "hvb"


def test_a_used_kind_is_closed_but_not_renamed(w, open_page):
    at = open_terms(w, open_page)
    at.selectbox(key="kind-chosen").select(w.extra["used"]).run()
    assert field(at.text_input, "Slagets namn", 1).disabled
    assert field(at.radio, "Är det tillfälligt boende?", 1).options == [
        "nej",
        "ja, annat",
    ]
    field(at.checkbox, "Kan väljas när en placering registreras").uncheck()
    at = press(at, "Spara slaget")

    assert "stängt" in tables(at)
    assert not rows(PlacementKind, id=w.extra["used"])[0].active


def test_the_second_who_changes_a_kind_chooses(w, open_page):
    at = open_terms(w, open_page)
    at.selectbox(key="kind-chosen").select(w.extra["free"]).run()
    new = NewKind("Stödboende", is_temporary=True)
    run(placement_terms.change_kind, w.extra["free"], new, version=1, by=w.manager)

    field(at.text_input, "Slagets namn", 1).input("Stödboende Ung")
    at = press(at, "Spara slaget")
    assert "| Annat tillfälligt boende | nej | **ja** | ändras inte |" in said(at)

    press(at, "Spara mina ändringar")
    (row,) = rows(PlacementKind, id=w.extra["free"])
    assert (row.name, row.is_temporary) == ("Stödboende Ung", True)


def test_an_own_word_is_added_and_closed(w, open_page):
    at = open_terms(w, open_page)
    field(at.text_input, "Enhetens ord").input("Ramavtal rang 2")
    field(at.selectbox, "Räknas som").select(Contract.FRAMEWORK)
    at = press(at, "Lägg till ordet")
    assert "Ramavtal rang 2" in tables(at)

    (term,) = rows(PlacementTerm)
    at.selectbox(key="term-chosen-contract").select(term.id).run()
    field(at.checkbox, "Kan väljas när en placering registreras").uncheck()
    press(at, "Spara ordet")
    assert not rows(PlacementTerm)[0].active


def test_a_word_without_what_it_counts_as_is_refused(w, open_page):
    at = open_terms(w, open_page)
    field(at.text_input, "Enhetens ord").input("Eget")
    at = press(at, "Lägg till ordet")

    assert "Välj vilket avtal det räknas som" in said(at)
    assert rows(PlacementTerm) == []
