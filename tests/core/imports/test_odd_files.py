"""The rest of what can be wrong: encodings cut off, long rows, huge files, goals undone."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from core import db
from core.clock import fix_today
from core.imports import checking, runs, workbooks
from core.imports.files import FileRefusedError
from core.imports.kinds import Insert, Planned, Row, Update
from core.imports.raw import letter
from core.imports.registry import KINDS
from core.imports.undoing import undo
from core.models import BudgetLine, Case, ImportChange
from core.services import change_plans
from core.services.base import RefusedError
from core.terms import ImportKind
from tests.factories_cases import TODAY, rows, run, world
from tests.factories_imports import csv_of, imported, look, read, xlsx_of

HEADINGS = ("Ärende", "Månad", "Belopp")


@pytest.fixture
def unit(store):
    """A unit with the case AR-0001, on a day in May."""
    fix_today(TODAY)
    yield world()
    fix_today(None)


def test_a_file_in_two_bytes_a_letter_that_is_cut_off_is_refused():
    with pytest.raises(FileRefusedError, match="slutar mitt i ett tecken"):
        read(csv_of(HEADINGS, encoding="utf-16")[:-1])


def test_letters_that_no_encoding_has_are_refused():
    with pytest.raises(FileRefusedError, match="Filens tecken kan inte läsas"):
        read(csv_of(HEADINGS, encoding="cp1252") + b"\x81\x8d;\r\n")


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(checking, "MOST_ROWS", 2)
    many = [(f"AR-000{n}", "2024-03", "1") for n in range(3)]
    with pytest.raises(FileRefusedError, match="Filen har fler än 2 rader"):
        read(csv_of(HEADINGS, *many))


def test_progress_is_told_on_long_files():
    many = [(f"AR-{n:04}", "2024-03", "1") for n in range(3000)]
    told = []
    kind = KINDS[ImportKind.BENEFIT_MONTHS]
    runs.read_file(kind, "fil.csv", csv_of(HEADINGS, *many), told.append)
    assert told == [1000, 2000, 3000]


def test_a_workbook_that_the_library_gives_up_on_is_refused(monkeypatch):
    def broken(*_arguments, **_options):
        raise KeyError("styles")

    monkeypatch.setattr(workbooks, "load_workbook", broken)
    with pytest.raises(FileRefusedError, match="Filen är skadad"):
        read(xlsx_of(HEADINGS))


def test_places_have_letters_as_a_spreadsheet_shows_them():
    assert [letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_an_amount_that_is_replaced_comes_back_when_it_is_undone(unit):
    first = csv_of(HEADINGS, ("AR-0001", "2024-03", "8450,50"))
    second = csv_of(HEADINGS, ("AR-0001", "2024-03", "9000"), ("AR-0001", "2024-04", ""))
    imported(unit, first, ImportKind.BENEFIT_MONTHS)
    run_id = imported(unit, second, ImportKind.BENEFIT_MONTHS)
    assert look(unit, read(first)).counts["changed"] == 1

    run(undo, run_id, by=unit.manager)
    assert look(unit, read(first)).counts["unchanged"] == 1
    assert [change.before for change in rows(ImportChange, run_id=run_id)] == [
        None,
        None,
        {"voided_at": None, "voided_by_id": None},
    ]


def test_every_kind_of_value_is_put_back_as_it_was(unit, monkeypatch):
    """A row with an amount, a text and no way to be voided: made and changed by one import."""
    with db.write() as session:
        line = BudgetLine(unit_id=unit.unit_id, year=2024, section="A", name="Hyra", amount="10.50")
        session.add(line)
        session.flush()
        line_id = line.id

    def plan(_session, target, found):
        planned = Planned(found[0])
        before = {"amount": line.amount, "name": "Hyra", "year": 2024}
        after = {"amount": line.amount * 2, "name": "Lokaler", "year": 2025}
        planned.writes.append(Update(BudgetLine, line_id, before, after))
        values = {
            "unit_id": target.unit_id,
            "year": 2024,
            "section": "B",
            "name": "Ny",
            "amount": 1,
        }
        planned.writes.append(Insert(BudgetLine, values))
        return [planned]

    line.amount = Decimal("10.50")
    kind = replace(KINDS[ImportKind.BENEFIT_MONTHS], plan=plan)
    file = runs.FileRead(kind, "a.csv", "0" * 64, checking.Checked([Row(2, {})], {}, {}, ()))
    run_id = run(runs.save, look(unit, file), by=unit.manager)
    assert {(row.name, row.year) for row in rows(BudgetLine)} == {("Lokaler", 2025), ("Ny", 2024)}

    run(undo, run_id, by=unit.manager)
    (left,) = rows(BudgetLine)
    assert (left.name, left.year, left.amount) == ("Hyra", 2024, Decimal("10.50"))


def test_undo_tells_what_has_changed_by_its_case(unit):
    data = csv_of(["Ärende", "plan_established_on"], ["AR-0001", "2024-04-01"])
    run_id = imported(unit, data, ImportKind.CASES)
    run(change_plans.end, unit.case_id, dt.date(2024, 5, 1), by=unit.manager)
    with pytest.raises(RefusedError, match="ärendet AR-0001 har ändrats sedan importen"):
        run(undo, run_id, by=unit.manager)
    assert rows(Case, id=unit.case_id)[0].voided_at is None
