"""Ärenden: search, register, hand over, change, close, move a caseload, and undo."""

import pytest

from core import db
from core.models import (
    AdultObstacle,
    Area,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    Unit,
)
from core.queries import cache
from core.services import cases
from core.services.base import Event, record
from core.services.case_details import NewComposition, change_composition
from core.services.cases import Closing
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, rows, run, world

PAGE = "reporting/cases.py"


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's."""
    today(TODAY)
    return world()


@pytest.fixture
def open_cases(open_page):
    """Ärenden as a manager sees it."""
    return lambda w, role="unit_manager", **query: open_page(PAGE, w.actors[role], **query)


def add_case(w, reference, **fields):
    with db.write() as session:
        return make.case(
            session, session.get_one(Unit, w.unit_id), OPENED, reference=reference, **fields
        ).id


def go_to(at, view):
    return at.segmented_control(key="cases-view").set_value(view).run()


def field(at, kind, label):
    (found,) = [one for one in getattr(at, kind) if one.label == label]
    return found


def press(at, label):
    return field(at, "button", label).click().run()


def said(at):
    return " ".join(m.value for m in at.markdown)


def table(at):
    """Return the references that the table shows."""
    html = " ".join(part.proto.body for part in at.get("html"))
    return [ref for ref in ("AR-0001", "AR-0002", "AR-0003") if f"<th scope='row'>{ref}" in html]


def change(at, case_id, what):
    """Open one of a chosen case's forms."""
    return at.button_group(key=f"change-{case_id}").select(what).run()


def test_open_cases_are_listed_and_found(w, open_cases):
    add_case(w, "AR-0002", kind=CaseKind.ADDICTION)
    add_case(w, "AR-0003", closed_on=TODAY)
    at = open_cases(w)
    assert not at.exception
    assert table(at) == ["AR-0001", "AR-0002"]

    at.toggle(key="cases-closed").set_value(True).run()
    assert table(at) == ["AR-0001", "AR-0002", "AR-0003"]
    field(at, "selectbox", "Slag").set_value(CaseKind.ADDICTION).run()
    assert table(at) == ["AR-0002"]
    field(at, "selectbox", "Slag").set_value(None).run()
    field(at, "selectbox", "Handläggare").set_value(0).run()
    assert table(at) == ["AR-0002", "AR-0003"]
    field(at, "selectbox", "Handläggare").set_value(w.caseworker_id).run()
    assert table(at) == ["AR-0001"]
    at.text_input(key="cases-text").set_value("finns inte").run()
    assert "Inga ärenden passar sökningen." in at.info[0].value


def test_a_group_manager_sees_the_own_groups_cases(w, open_cases):
    add_case(w, "AR-0002")
    assert table(open_cases(w, "group_manager")) == ["AR-0001"]
    assert table(open_cases(w, "other_group_manager")) == []


def test_a_case_is_registered_with_the_suggested_reference(w, open_cases):
    at = go_to(open_cases(w), "Registrera")
    assert field(at, "text_input", "Referens").value == "AR-0002"
    field(at, "selectbox", "Handläggare").set_value(w.caseworker_id)
    field(at, "selectbox", "Hushållstyp").set_value(HouseholdType.SINGLE_WITH_CHILDREN)
    field(at, "number_input", "Antal barn").set_value(2)
    field(at, "button_group", "Sökandens kön").select(Gender.MAN)
    field(at, "selectbox", "Sökandens försörjningshinder").set_value(Obstacle.UNEMPLOYED)

    at = press(at, "Registrera ärende")

    case = rows(Case, reference="AR-0002")[0]
    assert (case.kind, case.opened_on) == (CaseKind.BENEFIT, TODAY)
    held = rows(CaseAssignment, case_id=case.id)[0]
    assert (held.caseworker_id, held.group_id) == (w.caseworker_id, w.group_id)
    assert rows(CaseComposition, case_id=case.id)[0].children == 2
    assert at.toast[0].value == "AR-0002 är registrerat."
    assert field(at, "text_input", "Referens").value == "AR-0003"


def test_a_refused_registration_says_why_at_each_field_and_keeps_what_was_typed(w, open_cases):
    at = go_to(open_cases(w), "Registrera")
    field(at, "text_input", "Referens").set_value("811218-9876")
    field(at, "number_input", "Antal barn").set_value(2)

    at = press(at, "Registrera ärende")

    assert "ser ut som ett personnummer" in said(at)
    assert "Ange hushållstyp." in said(at)
    assert "Ange sökandens kön." in said(at)
    assert field(at, "text_input", "Referens").value == "811218-9876"
    assert field(at, "number_input", "Antal barn").value == 2
    assert len(rows(Case)) == 1


def test_another_kind_of_case_is_registered_without_a_household(w, open_cases):
    at = go_to(open_cases(w), "Registrera")
    at = field(at, "selectbox", "Slag").set_value(CaseKind.STATEMENT).run()
    assert [one.label for one in at.number_input] == []
    press(at, "Registrera ärende")
    assert rows(Case, reference="AR-0002")[0].kind is CaseKind.STATEMENT


def test_a_group_manager_registers_into_the_own_group(w, open_cases):
    at = go_to(open_cases(w, "group_manager"), "Registrera")
    assert field(at, "selectbox", "Handläggare").options == ["Ada"]
    at = field(at, "selectbox", "Slag").set_value(CaseKind.STATEMENT).run()
    press(at, "Registrera ärende")
    case = rows(Case, reference="AR-0002")[0]
    assert rows(CaseAssignment, case_id=case.id)[0].group_id == w.group_id


def test_a_case_is_handed_over(w, open_cases):
    at = change(open_cases(w), w.case_id, "Fördela om")
    field(at, "selectbox", "Till handläggare").set_value(w.colleague_id)
    [group] = [one for one in at.selectbox if one.label == "Grupp" and one.value == w.group_id]
    group.set_value(w.other_group_id)

    at = press(at, "Fördela om")

    held = rows(CaseAssignment, case_id=w.case_id)[-1]
    assert (held.caseworker_id, held.group_id) == (w.colleague_id, w.other_group_id)
    assert "ekonomiskt bistånd · Bo" in said(at)


def test_a_case_is_referred_closed_and_that_is_undone(w, open_cases):
    case_id = add_case(w, "AR-0002")
    at = open_cases(w)
    at.text_input(key="cases-text").set_value("AR-0002").run()
    at = press(change(at, case_id, "Remittera"), "Remittera")
    assert rows(Case, id=case_id)[0].referred_on == TODAY

    at = change(at, case_id, "Avsluta ärende")
    field(at, "selectbox", "Skäl").set_value(ClosingReason.MOVED)
    at = press(at, "Avsluta ärendet")
    assert rows(Case, id=case_id)[0].closing_reason is ClosingReason.MOVED

    assert any("avslutet av AR-0002" in caption.value for caption in at.caption)
    at = press(at, "Ångra avslutet av AR-0002")
    assert rows(Case, id=case_id)[0].closed_on is None
    assert at.toast[0].value == "Ångrat: avslutet av AR-0002."
    press(at, "Ångra remitteringen av AR-0002")
    assert rows(Case, id=case_id)[0].referred_on is None


def test_of_two_who_close_a_case_the_second_can_let_the_first_ones_closing_stay(w, open_cases):
    at = change(open_cases(w), w.case_id, "Avsluta ärende")
    other = w.actors["group_manager"]
    run(cases.close, w.case_id, Closing(TODAY, ClosingReason.MOVED), version=1, by=other)
    field(at, "selectbox", "Skäl").set_value(ClosingReason.STUDIES)
    at = press(at, "Avsluta ärendet")

    assert f"| Avslutat | – | **{TODAY}** | **{TODAY}** |" in said(at)
    at = press(at, "Spara mina ändringar")
    assert f"Ärendet avslutades redan {TODAY}." in said(at)

    press(at, "Behåll det sparade")
    assert rows(Case, id=w.case_id)[0].closing_reason is ClosingReason.MOVED


def test_of_two_who_change_a_household_only_what_the_second_changed_is_written_on_top(
    w, open_cases
):
    at = change(open_cases(w), w.case_id, "Hushåll")
    new = NewComposition(TODAY, HouseholdType.COUPLE_WITH_CHILDREN, 2)
    run(change_composition, w.case_id, new, by=w.caseworker)
    field(at, "number_input", "Antal barn").set_value(3)
    at = press(at, "Spara hushållet")

    assert "| Antal barn | 2 | 2 | **3** |" in said(at)
    press(at, "Spara mina ändringar")
    latest = rows(CaseComposition, case_id=w.case_id)[-1]
    assert (latest.household_type, latest.children) == (HouseholdType.COUPLE_WITH_CHILDREN, 3)


def test_an_undo_that_something_rests_on_says_why_not(w, open_cases):
    case_id = add_case(w, "AR-0002")
    run(cases.refer, case_id, TODAY, version=1, by=w.manager)
    run(cases.close, case_id, Closing(TODAY), version=2, by=w.actors["developer"])
    at = press(open_cases(w), "Ångra remitteringen av AR-0002")
    assert "AR-0002 har avslutats sedan dess." in at.error[0].value
    assert rows(Case, id=case_id)[0].referred_on == TODAY


def test_the_household_is_changed(w, open_cases):
    at = change(open_cases(w), w.case_id, "Hushåll")
    field(at, "selectbox", "Hushållstyp").set_value(HouseholdType.COUPLE_WITH_CHILDREN)
    field(at, "number_input", "Antal barn").set_value(3)
    at = press(at, "Spara hushållet")
    assert "par med barn, 3 barn" in said(at)

    at = change(at, w.case_id, "Vuxna")
    field(at, "selectbox", "Kön").set_value(Gender.MAN)
    at = press(at, "Lägg till vuxen")
    assert [adult.number for adult in rows(CaseAdult, case_id=w.case_id)] == [1, 2]

    at = change(at, w.case_id, "Försörjningshinder")
    field(at, "selectbox", "Försörjningshinder").set_value(Obstacle.CARE_OF_CHILD)
    at = press(at, "Spara försörjningshinder")
    assert rows(AdultObstacle)[0].obstacle is Obstacle.CARE_OF_CHILD
    assert "sökande: vård av barn" in said(at)

    at = change(at, w.case_id, "Vuxna")
    at = press(at, "Avsluta vuxen 1")
    assert rows(CaseAdult, case_id=w.case_id)[0].valid_to == TODAY


def test_a_closed_case_is_shown_and_left_alone(w, open_cases):
    run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.caseworker)
    at = open_cases(w)
    at.toggle(key="cases-closed").set_value(True).run()
    assert f"avslutat {TODAY} (okänt)" in said(at)
    assert "Ärendet är avslutat." in [info.value for info in at.info]


def test_a_whole_caseload_is_moved_and_taken_back(w, open_cases):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        make.case(session, unit, OPENED, reference="AR-0002", caseworker=ada)
    at = go_to(open_cases(w), "Flytta ärenden")
    at = press(at, "Flytta alla ärenden")
    assert at.error[0].value == "Välj vems ärenden som ska flyttas."
    field(at, "selectbox", "Vems ärenden ska flyttas?").set_value(w.caseworker_id)
    at.multiselect[0].select(w.colleague_id)

    at = press(at, "Flytta alla ärenden")

    holders = [row.caseworker_id for row in rows(CaseAssignment) if row.valid_from == TODAY]
    assert holders == [w.colleague_id] * 2
    press(at, "Ångra flytten av Adas 2 ärenden")
    assert all(row.voided_at for row in rows(CaseAssignment) if row.valid_from == TODAY)


def test_a_typed_reference_stands_when_somebody_else_registers_a_case_meanwhile(w, open_cases):
    """The suggested reference is the next free one: it moves when a case is registered."""
    at = go_to(open_cases(w), "Registrera")
    field(at, "selectbox", "Slag").select(CaseKind.STATEMENT).run()
    field(at, "text_input", "Referens").input("AR-0777")
    field(at, "selectbox", "Handläggare").select(w.colleague_id)
    add_case(w, "AR-0500")
    with db.write() as session:
        make.caseworker(session, session.get_one(Unit, w.unit_id), name="Aaltonen")
        moved = Event("register", "case", w.case_id, w.unit_id, [(Area.UNITS, OPENED)])
        record(session, moved, by=w.manager)
    cache.clear()

    press(at, "Registrera ärende")

    registered = {row.reference for row in rows(Case)}
    assert "AR-0501" not in registered
    assert "AR-0777" in registered
    assert rows(CaseAssignment)[-1].caseworker_id == w.colleague_id
