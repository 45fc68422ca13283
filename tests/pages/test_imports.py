"""Importer: what a file would do, row by row; saved whole, undone whole; history."""

import pytest

from core.clock import fix_today
from core.models import Case, CaseAssignment, ImportRun, Placement
from core.terms import ImportKind
from tests.core.imports.placement_lists import one, people, save
from tests.factories_cases import TODAY, rows, world
from tests.factories_imports import csv_of
from tests.factories_workbooks import plain

PATH = "admin/imports.py"
HEADINGS = ["Ärende", "Ärendetyp", "Öppnat", "Handläggare", "Hushållstyp", "Sökandens kön"]
NEW = ["AR-0100", "ekonomiskt bistånd", "2024-02-01", "Ada", "ensamstående", "kvinna"]


@pytest.fixture
def unit(store):
    """A unit with Ada, Bo and the case AR-0001, on a day in May."""
    fix_today(TODAY)
    yield world()
    fix_today(None)


@pytest.fixture
def page(unit, open_page):
    """The page as the unit's developer sees it."""
    return open_page(PATH, unit.actors["developer"])


def upload(at, data, name="fil.csv"):
    """Choose a file on the page."""
    return at.file_uploader[0].upload(name, data, "text/csv").run()


def press(at, label):
    """Press the button whose label begins so."""
    return next(b for b in at.button if b.label.startswith(label)).click().run()


def tables(at):
    return [html.proto.body for html in at.get("html") if "<table>" in html.proto.body]


def words(at):
    shown = [*at.markdown, *at.error, *at.warning, *at.info, *at.success]
    return " ".join(element.value for element in shown)


def test_a_new_case_is_shown_saved_and_in_the_history(page):
    at = upload(page, csv_of(HEADINGS, NEW))
    assert not at.exception
    assert "1 rad: 1 ny." in words(at)
    assert "Öppnat 2024-02-01" in tables(at)[1]
    assert rows(Case, reference="AR-0100") == []

    at = press(at, "Spara importen (1 rad)")
    assert not at.exception
    assert len(rows(Case, reference="AR-0100")) == 1
    assert "Importen är sparad" in at.toast[0].value
    assert at.file_uploader[0].value is None
    assert "fil.csv" in tables(at)[-1]


def test_faults_are_told_by_row_and_column_and_nothing_can_be_saved(page):
    at = upload(page, csv_of(HEADINGS, NEW, ["AR-0101", "lån", "5/3 2024", "Cai", "", "x"]))

    assert "1 rad har fel." in words(at)
    assert not [b for b in at.button if b.label.startswith("Spara")]
    shown = tables(at)[1]
    assert "AR-0101" in shown
    assert "AR-0100" not in shown
    for part in (
        ">3</th>",
        "Ärendetyp: ”lån” finns inte att välja.",
        "Öppnat: ”5/3 2024” är inget datum",
        "Sökandens kön: ”x” finns inte att välja.",
    ):
        assert part in shown


def test_a_file_that_is_no_table_is_refused(page):
    at = upload(page, b"%PDF-1.7", "lista.csv")
    assert "Filen är en PDF" in words(at)
    assert not at.exception


def test_what_has_changed_since_the_preview_is_not_saved(page, unit):
    from core.services import assignments
    from tests.factories_cases import run

    at = upload(page, csv_of(["Ärende", "Handläggare"], ["AR-0001", "Bo"]))
    to = assignments.Handover(None, unit.group_id, TODAY)
    run(assignments.reassign, unit.case_id, to, version=1, by=unit.manager)

    at = press(at, "Spara importen")
    assert "har ändrats sedan förhandsgranskningen" in words(at)
    assert len(rows(CaseAssignment, case_id=unit.case_id)) == 2
    at = press(at, "Granska igen")
    assert "utan handläggare → Bo" in tables(at)[1]
    press(at, "Spara importen")
    assert rows(CaseAssignment, case_id=unit.case_id)[-1].caseworker_id == unit.colleague_id


def test_the_latest_import_is_undone(page):
    at = press(upload(page, csv_of(HEADINGS, NEW)), "Spara importen")
    at = press(at, "Ångra importen")
    assert not at.exception
    assert rows(Case, reference="AR-0100")[0].voided_at is not None
    assert rows(ImportRun)[0].voided_at is not None
    assert not [b for b in at.button if b.label == "Ångra importen"]


def test_a_placement_list_is_undone_though_cases_were_imported_after_it(store, open_page):
    fix_today(TODAY)
    try:
        unit = people()
        listed = save(unit, plain(one()).bytes())
        at = open_page(PATH, unit.manager)
        at = press(upload(at, csv_of(HEADINGS, NEW)), "Spara importen")
        (button,) = [b for b in at.button if b.key == f"import-undo-{listed}-button"]
        at = button.click().run()
        assert not at.exception
    finally:
        fix_today(None)
    assert rows(Placement)[0].voided_at is not None
    assert rows(Case, reference="AR-0100")[0].voided_at is None


def test_a_second_file_is_not_read_by_the_columns_of_the_first(unit, open_page):
    at = open_page(PATH, unit.manager)
    at = at.selectbox(key="import-kind").select(ImportKind.PLACEMENTS).run()
    first = ["Ärende", "Från", "Utförare", "Dygnskostnad"]
    for headings in (first, first[::-1]):
        values = {"Ärende": "AR-0001", "Från": "2024-02-01", "Utförare": "B", "Dygnskostnad": 900}
        at = upload(at, csv_of(headings, [values[one] for one in headings]))
        assert not at.exception
        columns = [box for box in at.selectbox if box.label.startswith("Kolumn ")]
        assert [box.label.split(": ")[1] for box in columns] == headings
        chosen = {"case": "Ärende", "starts_on": "Från", "provider": "Utförare"}
        assert [chosen.get(box.value, "Dygnskostnad") for box in columns] == headings


def test_an_admin_sees_the_history_only(unit, open_page):
    at = open_page(PATH, unit.actors["admin"])
    assert not at.exception
    assert not at.file_uploader
    assert "Inget har importerats än." in words(at)


def test_long_files_are_shown_a_page_at_a_time(page):
    many = [["AR-0100", *NEW[1:]]] + [[f"AR-{n:04}", *NEW[1:]] for n in range(200, 320)]
    at = upload(page, csv_of(HEADINGS, *many))
    assert "Visar 1–50 av 121 rader" in words(at)
    at = press(press(at, "Nästa"), "Nästa")
    assert "Visar 101–121 av 121 rader" in words(at)
    assert "AR-0319" in tables(at)[1]


UGLY = [
    ["Placeringslista våren"],
    ["Ärende", "Slag", "Lagrum", "Avtal", "Utförare", "Från", "Slutdatum", "Dygnskostnad", "Anm"],
    ["AR-0001", "HVB", "SoL", "LOV", "Björken", "2024-02-01", "2024-08-31", "1.850:-", "ring"],
    ["Summa", "", "", "", "", "", "", "1 950", ""],
]


@pytest.fixture
def list_page(unit, open_page):
    """The page as the group's manager sees it, with an untidy placement list chosen."""
    from core import db
    from tests import factories as make
    from tests import factories_money as money

    with db.write() as session:
        money.kind(session, session.get_one(make.Unit, unit.unit_id), "HVB")
    at = open_page(PATH, unit.actors["group_manager"])
    assert at.selectbox(key="import-kind").options == ["Placeringslista"]
    return upload(at, csv_of(*(row + [""] * (9 - len(row)) for row in UGLY)))


def column(at, label):
    return next(box for box in at.selectbox if box.label.endswith(label))


def test_what_an_unclear_column_is_is_chosen_once_and_remembered(list_page, unit, open_page):
    from core.models import AuditEvent, ColumnMapping, Placement

    at = list_page
    assert not at.exception
    assert "”Slutdatum” kan vara planerat slut eller dagen" in words(at)
    assert column(at, "Slutdatum").value is None
    assert column(at, "Anm").value == ""
    column(at, "Slutdatum").set_value("planned_end_on")
    at = press(at, "Spara kolumnerna")
    assert not at.exception
    assert rows(ColumnMapping)[0].headings["slutdatum"] == "planned_end_on"
    assert len(rows(AuditEvent, action="map_columns")) == 1

    assert "1 rad: 1 ny." in words(at)
    assert "summaraden säger 1 950, raderna ger 1 850." in words(at)
    assert any(
        "Hoppades över: 1 rad ovanför rubrikerna, 1 summarad" in e.label for e in at.expander
    )
    at = press(at, "Spara importen (1 rad)")
    assert not at.exception
    assert len(rows(Placement)) == 1


def test_two_columns_with_one_meaning_are_told_at_the_column(list_page):
    at = list_page
    column(at, "Slutdatum").set_value("planned_end_on")
    column(at, "Anm").set_value("planned_end_on")
    at = press(at, "Spara kolumnerna")
    assert "Två kolumner i filen har fått samma betydelse." in words(at)
    assert column(at, "Slutdatum").value == "planned_end_on"


def test_a_controller_is_not_offered_the_placement_list(unit, open_page):
    at = open_page(PATH, unit.actors["controller"])
    assert not [box for box in at.selectbox if "Placeringslista" in box.options]
