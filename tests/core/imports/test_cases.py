"""Importing cases: new, changed, closed, reassigned; rules of the forms; nothing twice."""

import pytest

from core import db
from core.clock import fix_today
from core.imports.kinds import Effect
from core.imports.undoing import undo
from core.models import (
    AdultObstacle,
    AuditEvent,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    ImportRun,
    PlanRevision,
)
from core.queries.retention import closed_through
from core.rules.dates import ONE_DAY
from core.services import retention
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, ImportKind, Obstacle
from tests import factories as make
from tests.factories_cases import TODAY, rows, world
from tests.factories_imports import csv_of, imported, look, read

NEW = {
    "Ärende": "AR-0100",
    "Ärendetyp": "ekonomiskt bistånd",
    "Öppnat": "2024-02-01",
    "Handläggare": "Ada",
    "Hushållstyp": "ensamstående",
    "Antal barn": "0",
    "Sökandens kön": "kvinna",
}


@pytest.fixture
def unit(store):
    """A unit with Ada, Bo and the case AR-0001, on a day in May."""
    fix_today(TODAY)
    yield world()
    fix_today(None)


def file_of(*cases):
    """Return a file with the columns of all the cases."""
    headings = list(dict.fromkeys(name for case in cases for name in case))
    return csv_of(headings, *([case.get(name, "") for name in headings] for case in cases))


def seen(unit, *cases):
    """Return how the cases would come out."""
    return look(unit, read(file_of(*cases), ImportKind.CASES))


def faults(unit, *cases):
    """Return what is wrong, by column."""
    shown = seen(unit, *cases)
    return {fault.column: fault.message for row in shown.rows for fault in row.faults}


def test_a_new_case_gets_all_its_first_rows(unit):
    case = NEW | {
        "Remitterat": "2024-02-10",
        "Hushållstyp": "par med barn",
        "Antal barn": "2",
        "Medsökandens kön": "man",
        "Sökandens försörjningshinder": "arbetslös",
        "Medsökandens försörjningshinder": "sjukskriven_utan_sgi",
        "Förändringsplan upprättad": "2024-02-20",
        "Förändringsplan reviderad": "2024-05-06",
    }
    imported(unit, file_of(case), ImportKind.CASES)

    (made,) = rows(Case, reference="AR-0100")
    assert (made.kind, made.opened_on, made.referred_on, made.created_by_id) == (
        CaseKind.BENEFIT,
        make.day("2024-02-01"),
        make.day("2024-02-10"),
        unit.actors["developer"].user_id,
    )
    (held,) = rows(CaseAssignment, case_id=made.id)
    assert (held.valid_from, held.caseworker_id, held.group_id) == (
        made.opened_on,
        unit.caseworker_id,
        unit.group_id,
    )
    (home,) = rows(CaseComposition, case_id=made.id)
    assert (home.household_type, home.children) == (HouseholdType.COUPLE_WITH_CHILDREN, 2)
    adults = rows(CaseAdult, case_id=made.id)
    assert [(a.number, a.gender) for a in adults] == [(1, Gender.WOMAN), (2, Gender.MAN)]
    obstacles = [rows(AdultObstacle, adult_id=adult.id)[0].obstacle for adult in adults]
    assert obstacles == [Obstacle.UNEMPLOYED, Obstacle.SICK_WITHOUT_SGI]
    (plan,) = rows(ChangePlan, case_id=made.id)
    (revision,) = rows(PlanRevision, plan_id=plan.id)
    assert (plan.established_on, revision.revised_on) == (
        make.day("2024-02-20"),
        make.day("2024-05-06"),
    )


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(unit):
    data = file_of(NEW, {"Ärende": "AR-0001", "Handläggare": "Bo", "Avslutat": ""})
    imported(unit, data, ImportKind.CASES)
    before = len(rows(AuditEvent)), len(rows(ImportRun))

    shown = look(unit, read(data, ImportKind.CASES))
    assert shown.counts == {
        Effect.NEW: 0,
        Effect.CHANGED: 0,
        Effect.UNCHANGED: 2,
        Effect.WRONG: 0,
    }
    assert imported(unit, data, ImportKind.CASES) is None
    assert (len(rows(AuditEvent)), len(rows(ImportRun))) == before


def test_another_caseworker_holds_from_the_day_in_the_file_and_history_stays(unit):
    case = {"Ärende": "AR-0001", "Handläggare": "Bo", "Gäller från": "2024-04-01"}
    imported(unit, file_of(case), ImportKind.CASES)

    first, second = rows(CaseAssignment, case_id=unit.case_id)
    assert (first.caseworker_id, first.voided_at) == (unit.caseworker_id, None)
    assert (second.caseworker_id, second.group_id, second.valid_from) == (
        unit.colleague_id,
        unit.other_group_id,
        make.day("2024-04-01"),
    )
    (stored,) = rows(Case, id=unit.case_id)
    assert stored.version == 2


def test_without_a_day_another_caseworker_holds_from_today(unit):
    imported(unit, file_of({"Ärende": "AR-0001", "Handläggare": "utan handläggare"}), "cases")

    latest = rows(CaseAssignment, case_id=unit.case_id)[-1]
    assert (latest.caseworker_id, latest.group_id, latest.valid_from) == (
        None,
        unit.group_id,
        TODAY,
    )


def test_a_case_is_referred_and_closed(unit):
    case = {"Ärende": "AR-0001", "Avslutat": "2024-05-02", "Avslutsorsak": "arbete"}
    imported(unit, file_of(case), ImportKind.CASES)

    (stored,) = rows(Case, id=unit.case_id)
    assert (stored.closed_on, stored.closing_reason) == (
        make.day("2024-05-02"),
        ClosingReason.WORK,
    )


def test_undo_puts_everything_back(unit):
    case = {
        "Ärende": "AR-0001",
        "Avslutat": "2024-05-02",
        "Handläggare": "Bo",
        "Handläggare från": "2024-04-01",
        "Hushållstyp": "par med barn",
        "Antal barn": "3",
        "Medsökandens kön": "man",
        "Hushåll från": "2024-04-01",
    }
    run_id = imported(unit, file_of(NEW, case), ImportKind.CASES)
    with db.write() as session:
        undo(session, run_id, by=unit.actors["developer"])

    assert rows(Case, reference="AR-0100")[0].voided_at is not None
    (stored,) = rows(Case, id=unit.case_id)
    assert (stored.closed_on, stored.version) == (None, 3)
    held = [row for row in rows(CaseAssignment, case_id=unit.case_id) if row.voided_at is None]
    assert [row.caseworker_id for row in held] == [unit.caseworker_id]


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        ({"Ärende": "XX-1"}, "reference", "Skriv referensen som AR-0000, med en siffra"),
        ({"Ärendetyp": ""}, "kind", "Ärendet är nytt. Ange ärendetyp."),
        ({"Öppnat": "2024-06-01"}, "opened_on", "Datumet får inte ligga efter i dag, 2024-05-27."),
        ({"Handläggare": "Cai"}, "caseworker", "”Cai” finns inte i enheten. Finns: Ada, Bo."),
        ({"Grupp": "Tre"}, "group", "”Tre” är ingen grupp i enheten. Finns: Ett, Två."),
        ({"Hushållstyp": ""}, "household_type", "Ange hushållstyp."),
        ({"Antal barn": "2"}, "household_type", "Hushållstypen har inga barn."),
        ({"Avslutat": "2024-01-31"}, "closed_on", "Ärendet öppnades 2024-02-01."),
        ({"Avslutsorsak": "arbete"}, "closed_on", "Avslutsorsak är ifylld."),
        (
            {"Förändringsplan reviderad": "2024-03-01"},
            "plan_established_on",
            "Planen är reviderad. Ange också dagen då den upprättades.",
        ),
        ({"Ärendetyp": "FUT"}, "household_type", "gäller bara ekonomiskt bistånd"),
        ({"Gäller från": "2024-01-01"}, "assigned_from", "Ärendet öppnades 2024-02-01."),
    ],
)
def test_a_new_case_keeps_the_rules_of_the_form(unit, change, column, message):
    assert message in faults(unit, NEW | change)[column]


def test_a_plan_older_than_the_case_came_along(unit):
    case = NEW | {"Förändringsplan upprättad": "2023-11-05"}
    imported(unit, file_of(case), ImportKind.CASES)

    (made,) = rows(Case, reference="AR-0100")
    assert rows(ChangePlan, case_id=made.id)[0].established_on == make.day("2023-11-05")


def test_a_case_that_has_been_removed_is_not_read_in_again(unit):
    old = NEW | {"Öppnat": "2020-02-01", "Avslutat": "2020-06-01"}
    kept = NEW | {"Ärende": "AR-0101"}
    imported(unit, file_of(old, kept), ImportKind.CASES)
    with db.write() as session:
        assert retention.remove(session, by=None) is not None
    assert rows(Case, reference="AR-0100") == []

    shown = seen(unit, old, kept)
    assert [row.effect for row in shown.rows] == [Effect.UNCHANGED, Effect.UNCHANGED]


def test_a_case_closed_after_the_latest_removal_is_new(unit):
    old = NEW | {"Öppnat": "2020-02-01", "Avslutat": "2020-06-01"}
    imported(unit, file_of(old), ImportKind.CASES)
    with db.write() as session:
        through = closed_through(session, on=TODAY)
        retention.remove(session, by=None)

    later = old | {"Ärende": "AR-0102", "Avslutat": str(through + ONE_DAY)}
    assert [row.effect for row in seen(unit, later).rows] == [Effect.NEW]
