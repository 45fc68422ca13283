"""Random files of cases: what is imported can be read back, twice is once, undo leaves no trace."""

import datetime as dt
import random

import pytest
from sqlalchemy import select

from core import db
from core.clock import fix_today
from core.imports import case_store, runs, templates
from core.imports.kinds import Effect
from core.imports.registry import KINDS
from core.imports.undoing import undo
from core.models import (
    AdultObstacle,
    Base,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    PlanRevision,
)
from core.services.base import ConflictError, RefusedError
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, ImportKind, Obstacle, sv
from tests import factories as make
from tests.factories_cases import TODAY, rows, run, world
from tests.factories_imports import csv_of, imported, look, read, xlsx_of

WRITTEN = {"version", "created_at", "created_by_id", "voided_at", "voided_by_id"}
ABOUT_WRITES = ("audit_", "data_version", "import_")
HEADINGS = [column.heading for column in KINDS[ImportKind.CASES].columns]


@pytest.fixture
def unit(store):
    """A unit with Ada, Bo and the case AR-0001, on a day in May."""
    fix_today(TODAY)
    yield world()
    fix_today(None)


def dump():
    """Return every row that counts, without who wrote it when."""
    found = {}
    with db.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith(ABOUT_WRITES):
                continue
            statement = select(table)
            if "voided_at" in table.c:
                statement = statement.where(table.c.voided_at.is_(None))
            found[table.name] = sorted(
                repr({k: v for k, v in row.items() if k not in WRITTEN})
                for row in session.execute(statement).mappings()
            )
    return found


def day_between(chance, first, last):
    return first + dt.timedelta(days=chance.randrange((last - first).days + 1))


def random_case(chance, reference):
    """Return a valid case, by heading."""
    kind = chance.choice([CaseKind.BENEFIT] * 4 + [CaseKind.ADDICTION, CaseKind.STATEMENT])
    opened = day_between(chance, dt.date(2023, 1, 1), dt.date(2024, 3, 1))
    case = {"Ärende": reference, "Ärendetyp": sv(kind), "Öppnat": opened}
    latest = opened
    if chance.random() < 0.7:
        case["Remitterat"] = latest = day_between(chance, opened, opened + dt.timedelta(days=40))
    if kind is CaseKind.BENEFIT:
        case |= random_household(chance)
        if chance.random() < 0.6:
            made = day_between(chance, dt.date(2022, 11, 1), opened + dt.timedelta(days=50))
            case["Förändringsplan upprättad"] = made
            revised = day_between(chance, made, made + dt.timedelta(days=20))
            case["Förändringsplan reviderad"] = revised if chance.random() < 0.5 else ""
            latest = max(latest, revised if case["Förändringsplan reviderad"] else made)
    if chance.random() < 0.3:
        case["Avslutat"] = day_between(chance, latest, TODAY)
        case["Avslutsorsak"] = chance.choice(["", *map(sv, ClosingReason)])
    case["Handläggare"] = chance.choice(["Ada", "Bo", "utan handläggare", ""])
    case["Grupp"] = chance.choice(["", "Ett", "utan grupp"])
    return case


def random_household(chance):
    kind = chance.choice(list(HouseholdType))
    with_children = "children" in kind.value or kind is HouseholdType.OTHER
    home = {
        "Hushållstyp": sv(kind),
        "Antal barn": chance.randrange(1, 5) if with_children else 0,
        "Sökandens kön": sv(chance.choice(list(Gender))),
        "Sökandens försörjningshinder": chance.choice(["", *map(sv, Obstacle)]),
    }
    if kind in (HouseholdType.COUPLE, HouseholdType.COUPLE_WITH_CHILDREN):
        home["Medsökandens kön"] = sv(chance.choice(list(Gender)))
        home["Medsökandens försörjningshinder"] = chance.choice(["", *map(sv, Obstacle)])
    return home


def file_of(cases, *, excel=False):
    table = [[case.get(heading, "") for heading in HEADINGS] for case in cases]
    return xlsx_of(HEADINGS, *table) if excel else csv_of(HEADINGS, *table)


def word(code):
    return "" if code is None else sv(code)


def stored(reference):
    """Return a case as the store has it, by heading: an own, slow reading."""
    (case,) = rows(Case, reference=reference)
    found = {
        "Ärendetyp": sv(case.kind),
        "Öppnat": case.opened_on,
        "Remitterat": case.referred_on or "",
        "Avslutat": case.closed_on or "",
        "Avslutsorsak": word(case.closing_reason),
    }
    for home in rows(CaseComposition, case_id=case.id):
        found |= {"Hushållstyp": sv(home.household_type), "Antal barn": home.children}
    for adult in rows(CaseAdult, case_id=case.id):
        who = ("Sökandens", "Medsökandens")[adult.number - 1]
        found[f"{who} kön"] = sv(adult.gender)
        for obstacle in rows(AdultObstacle, adult_id=adult.id):
            found[f"{who} försörjningshinder"] = sv(obstacle.obstacle)
    for plan in rows(ChangePlan, case_id=case.id):
        found["Förändringsplan upprättad"] = plan.established_on
        for revision in rows(PlanRevision, plan_id=plan.id):
            found["Förändringsplan reviderad"] = revision.revised_on
    return found


def as_told(case):
    """Return what a case's row says and the store keeps by heading, empty cells left out."""
    left_out = {"Ärende", "Handläggare", "Grupp"}
    told = {k: v for k, v in case.items() if k not in left_out and v != ""}
    if told.get("Förändringsplan reviderad") == told.get("Förändringsplan upprättad"):
        told.pop("Förändringsplan reviderad", None)
    return told


@pytest.mark.parametrize("seed", range(4))
def test_random_cases_are_read_back_once_and_undone_without_trace(unit, seed, monkeypatch):
    monkeypatch.setattr(case_store, "FEW", 0 if seed > 1 else 2_000)
    chance = random.Random(seed)
    cases = [random_case(chance, f"AR-{n:04}") for n in range(100, 130)]
    data = file_of(cases, excel=seed % 2 == 1)
    before = dump()
    run_id = imported(unit, data, ImportKind.CASES)
    for case in cases:
        assert {k: v for k, v in stored(case["Ärende"]).items() if v != ""} == as_told(case)

    again = look(unit, read(data, ImportKind.CASES))
    assert again.counts[Effect.UNCHANGED] == len(cases)
    run(undo, run_id, by=unit.actors["developer"])
    assert dump() == before


@pytest.mark.parametrize("few", [0, 2_000])
def test_changes_of_many_cases_are_undone_without_trace(unit, few, monkeypatch):
    monkeypatch.setattr(case_store, "FEW", few)
    chance = random.Random(7)
    cases = [random_case(chance, f"AR-{n:04}") for n in range(100, 130)]
    imported(unit, file_of(cases), ImportKind.CASES)
    before = dump()
    changes = [
        {
            "Ärende": case["Ärende"],
            "Handläggare": chance.choice(["Ada", "Bo", "utan handläggare"]),
            "Avslutat": TODAY,
            "Avslutsorsak": "flyttat",
        }
        | (random_household(chance) if case["Ärendetyp"] == "ekonomiskt bistånd" else {})
        for case in cases
        if not case.get("Avslutat")
    ]
    for change in changes:
        change |= {"Handläggare från": dt.date(2024, 5, 1), "Hushåll från": dt.date(2024, 5, 1)}
    run_id = imported(unit, file_of(changes), ImportKind.CASES)
    assert dump() != before
    again = look(unit, read(file_of(changes), ImportKind.CASES))
    assert again.counts[Effect.UNCHANGED] == len(changes)

    run(undo, run_id, by=unit.actors["developer"])
    assert dump() == before


def test_a_template_is_imported_and_then_unchanged(unit):
    data = templates.as_workbook(templates.for_unit(KINDS[ImportKind.CASES], "AR-0200"))
    imported(unit, data, ImportKind.CASES)
    assert look(unit, read(data, ImportKind.CASES)).counts[Effect.UNCHANGED] == 1


def test_one_fault_and_nothing_is_imported(unit):
    chance = random.Random(3)
    cases = [random_case(chance, f"AR-{n:04}") for n in range(100, 110)]
    cases[6]["Handläggare"] = "Okänd Person"
    shown = look(unit, read(file_of(cases), ImportKind.CASES))
    before = dump()
    with pytest.raises(RefusedError, match="Filen har fel"):
        run(runs.save, shown, by=unit.actors["developer"])
    assert dump() == before


def test_undo_is_refused_when_a_case_has_been_changed_since(unit):
    run_id = imported(unit, file_of([new_case("AR-0100")]), ImportKind.CASES)
    (case,) = rows(Case, reference="AR-0100")
    from core.services import cases as services

    closing = services.Closing(TODAY, ClosingReason.WORK)
    run(services.close, case.id, closing, version=1, by=unit.manager)
    with pytest.raises(RefusedError, match="ärendet AR-0100 har ändrats sedan importen"):
        run(undo, run_id, by=unit.actors["developer"])


def test_undo_is_refused_when_something_rests_on_a_new_case(unit):
    run_id = imported(unit, file_of([new_case("AR-0100")]), ImportKind.CASES)
    (case,) = rows(Case, reference="AR-0100")
    with db.write() as session:
        make.plan(session, case, TODAY)
    with pytest.raises(RefusedError, match="ärendet AR-0100 har fått nya uppgifter"):
        run(undo, run_id, by=unit.actors["developer"])


def test_only_the_latest_import_is_undone(unit):
    first = imported(unit, file_of([new_case("AR-0100")]), ImportKind.CASES)
    second = imported(unit, file_of([new_case("AR-0101")]), ImportKind.CASES)
    with pytest.raises(ConflictError):
        run(undo, first, by=unit.actors["developer"])
    run(undo, second, by=unit.actors["developer"])
    run(undo, first, by=unit.actors["developer"])
    with pytest.raises(ConflictError):
        run(undo, first, by=unit.actors["developer"])


def test_an_import_is_one_event_in_the_log_and_undo_another(unit):
    from core.models import AuditEvent

    before = len(rows(AuditEvent))
    run_id = imported(unit, file_of([new_case("AR-0100"), new_case("AR-0101")]), ImportKind.CASES)
    run(undo, run_id, by=unit.actors["developer"])
    done, undone = rows(AuditEvent)[before:]
    assert (done.action, done.entity_id, done.details["created"]) == ("import", run_id, 2)
    assert (undone.action, undone.undoes_id) == ("undo_import", done.id)


def test_figures_are_fresh_after_an_import_and_after_its_undo(unit):
    from core.auth import Scope
    from core.queries.cases import load
    from core.queries.keys import By

    def open_cases():
        with db.read() as session:
            frame = load(session, Scope(unit.unit_id), on=TODAY, by=By.NONE)
            return frame.to_dict("records")

    before = open_cases()
    run_id = imported(unit, file_of([new_case("AR-0100")]), ImportKind.CASES)
    assert open_cases() != before
    run(undo, run_id, by=unit.actors["developer"])
    assert open_cases() == before


def new_case(reference):
    return {
        "Ärende": reference,
        "Ärendetyp": "ekonomiskt bistånd",
        "Öppnat": dt.date(2024, 2, 1),
        "Handläggare": "Ada",
        "Hushållstyp": "ensamstående",
        "Sökandens kön": "kvinna",
    }


def test_the_latest_assignment_is_as_the_file_says(unit):
    imported(unit, file_of([new_case("AR-0100") | {"Handläggare från": "2024-03-01"}]), "cases")
    (case,) = rows(Case, reference="AR-0100")
    first, second = rows(CaseAssignment, case_id=case.id)
    assert (first.valid_from, first.caseworker_id) == (case.opened_on, None)
    assert (second.valid_from, second.caseworker_id) == (make.day("2024-03-01"), unit.caseworker_id)
