"""The ledger as a file: transactions added up, outcomes that follow, what is told and asked."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.imports import runs
from core.imports.files import FileRefusedError
from core.imports.kinds import FOLLOWS, Effect
from core.models import LedgerRow, Outcome
from core.queries.budget import budget_table
from core.services.base import RefusedError
from tests.factories_cases import TODAY, rows
from tests.factories_imports import xlsx_of
from tests.factories_ledger import (
    HEADINGS,
    first,
    imported,
    leave_out,
    ledger,
    ledger_world,
    look,
    map_to,
    outcomes,
    read,
    take_back,
    type_outcome,
    unmap,
)

CARE, GRANT, RENT = ("4511", "12", "575"), ("3511", "12", "575"), ("6011", "12", "")


@pytest.fixture
def unit(store, today):
    today(TODAY)
    return ledger_world()


@pytest.fixture
def mapped(unit):
    """A unit whose accounts are mapped."""
    map_to(unit, "care", CARE)
    map_to(unit, "grant", GRANT)
    map_to(unit, "rent", ("6011", "", ""))
    return unit


MARCH = ledger(
    (*CARE, "2024-03", "90 000,00"),
    (*CARE, "2024-03", "15 000,50"),
    (*GRANT, "2024-03", "-10 000"),
    (*RENT, "2024-03", "5 000"),
)


def told(unit, data):
    """Return what a person is told and asked of a whole file, with plain spaces."""
    asked = look(unit, data).asked
    plain = [text.replace("\u202f", " ") for text in asked.notes]
    return plain, [text.replace("\u202f", " ") for text in asked.questions]


def test_transactions_are_added_up_and_the_lines_outcomes_follow(mapped):
    imported(mapped, MARCH)

    assert outcomes(mapped) == {
        ("care", 3): Decimal("105000.50"),
        ("grant", 3): Decimal(-10_000),
        ("rent", 3): Decimal(5_000),
    }
    assert {(row.booked_on, row.from_ledger) for row in rows(Outcome)} == {(TODAY, True)}
    assert [(row.account, row.amount) for row in rows(LedgerRow)] == [
        ("4511", Decimal("105000.50")),
        ("3511", Decimal(-10_000)),
        ("6011", Decimal(5_000)),
    ]
    assert all(row.run_id is not None for row in rows(LedgerRow))


def test_the_budget_page_has_the_ledgers_outcome(mapped):
    imported(mapped, MARCH)

    with db.read() as session:
        table = budget_table(session, Scope(mapped.unit_id), on=TODAY)
    assert table.booked_through == first(3)
    assert table.total.figures.outcome_to_date == Decimal("100000.50")


def test_the_same_file_again_changes_nothing(mapped):
    imported(mapped, MARCH)

    shown = look(mapped, MARCH)
    assert {row.effect for row in shown.rows} == {Effect.UNCHANGED}
    assert imported(mapped, MARCH) is None


def test_a_correction_of_an_earlier_month_keeps_what_was(mapped):
    imported(mapped, MARCH)
    corrected = ledger(
        (*CARE, "202403", "110 000"), (*GRANT, "202403", "-10 000"), (*RENT, "202403", "5 000")
    )
    notes, questions = told(mapped, corrected)
    assert questions == []
    assert (
        "Rättelser: 1 bokfört utfall (budgetpost och månad) ändras, tillsammans 4 999,50 kr."
        in notes
    )

    run_id = imported(mapped, corrected)
    assert outcomes(mapped)["care", 3] == Decimal(110_000)
    assert [row.amount for row in rows(Outcome, line_id=mapped.extra["care"])] == [
        Decimal("105000.50"),
        Decimal(110_000),
    ]

    take_back(mapped, run_id)
    assert outcomes(mapped)["care", 3] == Decimal("105000.50")


def test_a_month_that_the_file_lacks_is_left_as_it_is(mapped):
    imported(mapped, MARCH)
    imported(mapped, ledger((*CARE, "april 2024", "100 000")))

    assert outcomes(mapped)["care", 3] == Decimal("105000.50")
    assert outcomes(mapped)["care", 4] == Decimal(100_000)


def test_a_combination_that_is_missing_now_becomes_0_once_somebody_has_confirmed_it(mapped):
    imported(mapped, MARCH)
    without_rent = ledger((*CARE, "2024-03", "105 000,50"), (*GRANT, "2024-03", "-10000"))

    _, (question,) = told(mapped, without_rent)
    assert question == (
        "1 kombination som fanns förut saknas nu i filen och blir 0: 5 000,00 kr (6011 12 2024-03). "
        "Är filen hela månaden för sina kostnadsställen?"
    )
    with pytest.raises(RefusedError, match="ska besvaras först"):
        imported(mapped, without_rent, confirmed=False)
    assert outcomes(mapped)["rent", 3] == 5_000

    run_id = imported(mapped, without_rent)
    assert outcomes(mapped)["rent", 3] == 0
    take_back(mapped, run_id)
    assert outcomes(mapped)["rent", 3] == 5_000


def test_a_file_of_another_cost_centre_leaves_the_first_ones_rows(mapped):
    imported(mapped, MARCH)
    other = ledger(("4511", "13", "575", "2024-03", "1 000"))

    assert told(mapped, other)[1] == []
    imported(mapped, other)
    assert outcomes(mapped)["care", 3] == Decimal("105000.50")


def test_what_is_unmapped_or_left_out_is_told_and_the_parts_are_the_files_total(mapped):
    leave_out(mapped, ("1910", "", ""))
    data = ledger(
        (*CARE, "2024-04", "100 000"),
        ("1910", "", "", "2024-04", "-70 000"),
        ("7777", "12", "575", "2024-04", "1 234,50"),
        (*CARE, "2024-05", "9 000"),
        (*CARE, "2019-01", "1"),
    )
    notes, _ = told(mapped, data)

    assert notes == [
        "2024-05 är inte slut och läses inte. Hämta månaden när den är slut. 1 rad, 9 000,00 kr.",
        "Enheten har ingen budget för 2019, så året läses inte. 1 rad, 1,00 kr.",
        (
            "Filens summa 40 235,50 kr = 100 000,00 på budgetposter + 1 234,50 inte kopplat till någon "
            "budgetpost + −70 000,00 räknas inte hit + 9 001,00 läses inte."
        ),
        (
            "1 kombination saknar koppling till budgetpost: 1 234,50 kr. Det syns överst på sidan "
            "Huvudbok och räknas in i utfallet när det har kopplats."
        ),
    ]
    imported(mapped, data)
    assert outcomes(mapped) == {("care", 4): 100_000}
    assert len(rows(LedgerRow)) == 3


def test_an_unmapped_combination_counts_as_soon_as_it_is_mapped(mapped):
    imported(mapped, ledger(("7777", "12", "575", "2024-03", "500")))
    assert outcomes(mapped) == {}

    map_to(mapped, "care", ("7777", "12", "575"))
    assert outcomes(mapped) == {("care", 3): 500}
    map_to(mapped, "rent", ("7777", "12", "575"))
    assert outcomes(mapped) == {("care", 3): 0, ("rent", 3): 500}
    unmap(mapped, ("7777", "12", "575"))
    assert outcomes(mapped) == {("care", 3): 0, ("rent", 3): 0}


def test_undoing_an_import_also_undoes_what_a_later_mapping_booked_of_it(mapped):
    run_id = imported(mapped, ledger(("7777", "12", "575", "2024-03", "500")))
    map_to(mapped, "care", ("7777", "12", "575"))

    take_back(mapped, run_id)
    assert outcomes(mapped) == {}


def test_undoing_brings_back_what_was_typed_and_keeps_what_was_typed_since(mapped):
    type_outcome(mapped.extra["care"], first(3), 99_000, dt.date(2024, 4, 10))
    shown = look(mapped, MARCH)
    (row,) = [row for row in shown.rows if row.about.endswith("Vård")]
    assert row.row.number == FOLLOWS
    assert (row.changes[0].old, row.changes[0].new) == (99_000, Decimal("105000.50"))
    assert row.note == "Beloppet var inskrivet för hand."

    run_id = imported(mapped, MARCH)
    type_outcome(mapped.extra["rent"], first(3), 4_000, TODAY)
    take_back(mapped, run_id)
    assert outcomes(mapped) == {("care", 3): 99_000, ("rent", 3): 4_000}


def test_amounts_in_thousands_are_asked_about_and_a_heading_that_says_so_is_refused(mapped):
    in_thousands = ledger((*CARE, "2024-03", "105"), (*CARE, "2024-04", "98"))
    _, (question,) = told(mapped, in_thousands)
    assert "Är beloppen verkligen i kronor, inte i tusental?" in question
    assert "Filens belopp är 203,00, men budgeten för samma månader är 200 000,00 kr" in question

    said = ledger((*CARE, "2024-03", "105"), headings=(*HEADINGS[:4], "Belopp (tkr)"))
    with pytest.raises(FileRefusedError, match="inte i hela kronor"):
        read(said)


def test_an_income_with_a_plus_is_asked_about(mapped):
    turned = ledger((*CARE, "2024-03", "100 000"), (*GRANT, "2024-03", "10 000"))
    _, (question,) = told(mapped, turned)
    assert question.startswith(
        "Omvänt tecken mot budgeten: Bidrag (budget −120 000,00, filen 10 000,00)."
    )


def test_a_workbook_as_another_system_writes_it_is_read(mapped):
    headings = ["Ver.nr", "Konto", "Konto(T)", "Ansvar", "Vht", "Period", "Debet", "Kredit", "Text"]
    data = xlsx_of(
        ["Huvudbok enheten"],
        headings,
        [1, 4511, "Vård", 12, 575, 202403, 1000.5, None, "faktura"],
        [2, 4511, "Vård", 12, 575, 202403, None, 200, "kredit"],
        [None, "Summa 4511", None, None, None, None, 1000.5, 200, None],
        [3, 3511, "Bidrag", 12, 575, 202403, None, 300.25, "bidrag"],
        [None, None, None, None, None, "Totalt", 1000.5, 500.25, None],
    )
    shown = look(mapped, data, "bok.xlsx")
    assert not shown.has_faults
    assert "2 rader är summa eller ingående balans och läses inte: rad 5, 7." in (
        shown.file.checked.notes
    )
    imported(mapped, data, name="bok.xlsx")
    assert outcomes(mapped) == {("care", 3): Decimal("800.5"), ("grant", 3): Decimal("-300.25")}


def test_the_date_gives_the_month_where_there_is_no_period(mapped):
    headings = ("Konto", "Kst", "Verksamhet", "Bokföringsdatum", "Belopp")
    data = ledger((*CARE, "2024-03-31", "7"), headings=headings)
    imported(mapped, data)
    assert outcomes(mapped) == {("care", 3): 7}


@pytest.mark.parametrize(
    ("headings", "missing"),
    [(("Konto", "Period", "Text"), "”Belopp”"), (("Konto", "Belopp", "Text"), "”Period”")],
)
def test_a_file_without_amounts_or_months_is_refused(headings, missing):
    with pytest.raises(FileRefusedError, match=missing):
        read(ledger(("4511", "1", "x"), headings=headings))


def test_many_columns_that_are_not_read_are_told_in_one_sentence():
    headings = (*HEADINGS, "Motpart", "Projekt", "Ver.nr", "Fritext")
    notes = read(
        ledger((*CARE, "2024-03", "1", "a", "b", "c", "d"), headings=headings)
    ).checked.notes
    assert notes == (
        "Kolumnerna ”Motpart”, ”Projekt”, ”Ver.nr”, ”Fritext” känns inte igen och läses inte.",
    )


def test_nothing_is_told_of_the_sum_of_a_file_at_fault(mapped):
    assert told(mapped, ledger((*CARE, "2024-03", "x"), (*CARE, "2024-03", "5"))) == ([], [])


def test_what_is_wrong_is_told_by_row(unit):
    shown = look(
        unit,
        ledger(
            ("", "12", "575", "2024-03", "1"),
            (*CARE, "mars", "1"),
            (*CARE, "2024-03", "1.234"),
            (*CARE, "2024-03", ""),
            (*CARE, "", "1"),
            ("811228-9874", "12", "575", "2024-03", "1"),
            ("Summa 811228-9874", "", "", "", "1"),
        ),
    )
    assert {
        row.row.number: row.faults[0].message.split(". ")[0].rstrip(".") for row in shown.rows
    } == {
        2: "Cellen är tom",
        3: "”mars” är ingen månad",
        4: "Punkten i ”1.234” kan betyda både decimaler och tusental",
        5: "Beloppet saknas i raden",
        6: "Perioden saknas i raden",
        7: "Cellen innehåller något som ser ut som ett personnummer",
        8: "Cellen innehåller något som ser ut som ett personnummer",
    }


@pytest.mark.parametrize("name", ["developer", "unit_manager", "group_manager", "caseworker"])
def test_only_the_controller_imports_a_ledger(unit, name):
    with pytest.raises(PermissionDeniedError):
        look(unit, MARCH, by=name)


def test_another_units_lines_are_not_reached(mapped):
    imported(mapped, MARCH)
    with db.read() as session:
        other = Scope(mapped.extra["other_unit_id"])
        assert budget_table(session, other, on=TODAY).lines == ()


def test_a_preview_that_is_no_longer_true_is_not_saved(mapped):
    shown = look(mapped, MARCH)
    map_to(mapped, "rent", CARE)
    with pytest.raises(RefusedError, match="Granska igen"), db.write() as session:
        runs.save(session, shown, by=mapped.actors["controller"])
    assert rows(LedgerRow) == []
