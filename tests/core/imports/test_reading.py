"""Files as people have them: separators, encodings, headings, dates and numbers; faults by cell."""

import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter

from core.imports import templates
from core.imports.registry import KINDS
from core.terms import ImportKind
from tests.factories_imports import csv_of, read, xlsx_of

HEADINGS = ("Ärende", "Månad", "Belopp")
ROWS = (("AR-0001", "2024-03", "8450,50"), ("AR-0002", "mars 2024", "1 200"))
EXPECTED = [
    {"reference": "AR-0001", "month": dt.date(2024, 3, 1), "amount": Decimal("8450.50")},
    {"reference": "AR-0002", "month": dt.date(2024, 3, 1), "amount": Decimal(1200)},
]


def values(data):
    """Return the rows' values; nothing may be wrong."""
    checked = read(data).checked
    assert checked.wrong == {}
    return [dict(row.values) for row in checked.rows]


def faults(data):
    """Return what is wrong, by row and column."""
    wrong = read(data).checked.wrong
    return {
        (number, fault.column): fault.message
        for number, (_row, found) in wrong.items()
        for fault in found
    }


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_separator_and_encoding_gives_the_same_rows(separator, encoding):
    data = csv_of(HEADINGS, *ROWS, separator=separator, encoding=encoding)
    assert values(data) == EXPECTED


@pytest.mark.parametrize(
    "headings",
    [
        ("reference", "month", "amount"),
        ("REFERENS", "månad:", "Utbetalt belopp"),
        (" Ärende nr ", "Avser_månad", "Belopp (kr)"),
    ],
)
def test_headings_are_understood_in_swedish_and_english(headings):
    known = [heading.replace("Ärende nr", "Ärendenummer") for heading in headings]
    assert values(csv_of(known, *ROWS)) == EXPECTED


def test_titles_and_blank_rows_above_and_between_do_not_matter():
    data = csv_of((), ("Utbetalningar 2024",), (), HEADINGS, (), ROWS[0], ("", " "), ROWS[1], ())
    assert values(data) == EXPECTED
    assert [row.number for row in read(data).checked.rows] == [6, 8]


def test_the_mark_that_excel_puts_first_does_not_matter():
    assert values(b"sep=;\r\n" + csv_of(HEADINGS, *ROWS, encoding="utf-8")) == EXPECTED


def test_columns_may_stand_in_any_order_and_some_may_be_left_out():
    data = csv_of(("Månad", "Ärende"), ("2024-03", "AR-0001"))
    assert values(data) == [{"reference": "AR-0001", "month": dt.date(2024, 3, 1)}]


def test_the_sheet_with_the_headings_is_found():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Läs mig").write_row(0, 0, ["Här står", "något annat"])
        page = book.add_worksheet("Data")
        for number, cells in enumerate((HEADINGS, *ROWS)):
            page.write_row(number, 0, cells)
    assert values(buffer.getvalue()) == EXPECTED


def test_a_hidden_sheet_is_not_read():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        hidden = book.add_worksheet("Gammalt")
        hidden.write_row(0, 0, HEADINGS)
        hidden.write_row(1, 0, ("AR-9999", "2020-01", "1"))
        hidden.hide()
        page = book.add_worksheet("Nytt")
        page.activate()
        page.set_first_sheet()
        for number, cells in enumerate((HEADINGS, *ROWS)):
            page.write_row(number, 0, cells)
    assert values(buffer.getvalue()) == EXPECTED


def test_a_formula_counts_by_its_value_and_without_one_is_told():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for row, value in ((1, 8450.5), (2, "")):
            page.write_row(row, 0, (f"AR-000{row}", "2024-03"))
            page.write_formula(row, 2, "=A1+1", None, value)
    data = buffer.getvalue()
    assert read(data).checked.rows[0].values["amount"] == Decimal("8450.5")
    assert "formel som inte är uträknad" in faults(data)[3, "amount"]


def test_merged_cells_above_the_headings_do_not_matter():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.merge_range("A1:C1", "Utbetalningar")
        for number, cells in enumerate((HEADINGS, *ROWS), start=1):
            page.write_row(number, 0, cells)
    assert values(buffer.getvalue()) == EXPECTED


def test_numbers_and_dates_of_excel_are_read_as_shown():
    rows = xlsx_of(HEADINGS, ("AR-0001", dt.datetime(2024, 3, 1), 8450.5), ("AR-0002", 202403, 0.1))
    assert values(rows) == [
        {"reference": "AR-0001", "month": dt.date(2024, 3, 1), "amount": Decimal("8450.5")},
        {"reference": "AR-0002", "month": dt.date(2024, 3, 1), "amount": Decimal("0.1")},
    ]


def test_what_is_wrong_is_told_by_row_and_column():
    data = csv_of(
        HEADINGS,
        ROWS[0],
        ("", "2024-03-15", "många"),
        ("AR-0003", "13/2024", "1.234"),
        ("AR-0004", "2024-13", "-5"),
        ("AR-0005", "2024-03", "1,234"),
        ("AR-0001", "2024-03-01", "1"),
    )
    told = faults(data)
    assert told[3, "reference"].startswith("Cellen är tom. Ärendets referens.")
    assert told[3, "month"] == "”2024-03-15” är ingen månad. Skriv månaden som 2024-03 (år-månad)."
    assert told[3, "amount"].startswith("”många” är inget tal. Skriv ett tal med decimalkomma")
    assert told[4, "month"].startswith("”13/2024” är ingen månad.")
    assert "kan betyda både decimaler och tusental" in told[4, "amount"]
    assert told[5, "month"].startswith("”2024-13” finns inte i kalendern.")
    assert told[5, "amount"] == "”-5” är för litet. Skriv 0 eller mer."
    assert told[6, "amount"] == "”1,234” har för många decimaler. Skriv högst 2."
    assert told[7, "reference"].startswith("”AR-0001 2024-03” står också på rad 2.")
    assert len(told) == 9


def test_a_personal_number_anywhere_is_told_without_being_repeated():
    secret = "19121212-1212"
    data = csv_of(
        [*HEADINGS, "Kommentar"],
        (secret, "2024-03", "1", ""),
        ("AR-0001", "2024-03", "191212121212", "x"),
        ("AR-0002", "2024-03", "1", f"se {secret}"),
    )
    told = faults(data)
    assert set(told) == {(2, "reference"), (3, "amount"), (4, "Kommentar")}
    for message in told.values():
        assert "personnummer" in message
        assert "1212" not in message
    wrong = read(data).checked.wrong
    assert all("1212" not in str(row) for row, _found in wrong.values())


def test_a_personal_number_stored_as_a_number_is_told():
    assert (
        "personnummer" in faults(xlsx_of(HEADINGS, ("AR-0001", "2024-03", 1212121212)))[2, "amount"]
    )


def test_an_unknown_column_is_told_with_what_it_may_be():
    notes = read(csv_of(("Ärende", "Månad", "Belop", "Färg"), (*ROWS[0], "röd"))).checked.notes
    assert notes == (
        "Kolumnen ”Belop” känns inte igen och läses inte. Menade du ”Belopp”?",
        "Kolumnen ”Färg” känns inte igen och läses inte.",
    )


def test_a_row_that_is_cut_off_is_told():
    data = csv_of(HEADINGS, ROWS[0]) + b"AR-0002;2024"
    assert faults(data)[3, ""].startswith("Raden har 2 kolumner men rubrikraden har 3.")


def test_a_value_beyond_the_headings_is_told():
    assert "saknar rubrik" in faults(csv_of(HEADINGS, (*ROWS[0], "1 000")))[2, "kolumn D"]


def test_an_error_of_excel_is_told():
    assert "felet #REF!" in faults(csv_of(HEADINGS, ("AR-0001", "2024-03", "#REF!")))[2, "amount"]


@pytest.mark.parametrize("code", list(KINDS))
@pytest.mark.parametrize("make", [templates.as_csv, templates.as_workbook])
def test_every_template_is_read_as_its_own_example(code, make):
    kind = KINDS[code]
    checked = read(make(kind), code).checked
    assert checked.wrong == {}
    assert len(checked.notes) <= 1
    assert {c.name: checked.rows[0][c.name] for c in kind.columns} == {
        c.name: c.example for c in kind.columns
    }


def test_a_template_for_a_unit_has_its_references():
    kind = templates.for_unit(KINDS[ImportKind.CASES], "EB-0000")
    assert "\r\nEB-0001;" in templates.as_csv(kind).decode()


def test_the_example_left_in_a_template_is_told():
    data = templates.as_csv(KINDS[ImportKind.CASES])
    assert read(data, ImportKind.CASES).checked.notes == (
        "Rad 2 är mallens exempel. Ta bort den om den inte är på riktigt.",
    )
