"""The Excel file of a table: real numbers, text as text, nobody's small numbers."""

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pandas as pd

from core.reports.columns import Column, Kind
from core.reports.excel import Sheet, sheet_name, workbook

ON = dt.date(2024, 5, 27)
COLUMNS = [
    Column("key", "Handläggare"),
    Column("people", "Hushåll", Kind.PEOPLE),
    Column("share", "Andel", Kind.SHARE, digits=1),
    Column("cost", "Kostnad", Kind.KRONOR, digits=2),
    Column("day", "Dag", Kind.DATE),
    Column("late", "Sen", Kind.YES_NO),
]


def opened(*rows, columns=COLUMNS, name="Läget", adds_up=False):
    frame = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    data = workbook(Sheet(name, frame, columns, "egna ärenden", ON, adds_up))
    return openpyxl.load_workbook(io.BytesIO(data)).active


def values(page):
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]


def test_values_are_real_numbers_and_dates_and_no_value_is_empty():
    page = opened(
        ("Ada", 12, Fraction(1, 4), Decimal("1234.50"), dt.date(2024, 5, 1), True),
        ("Bo", 20, None, None, None, False),
    )

    assert values(page) == [
        ["Ada", 12, 0.25, 1234.5, dt.datetime(2024, 5, 1), "ja"],
        ["Bo", 20, None, None, None, "nej"],
    ]
    assert page["C5"].number_format == "0.0%"
    assert page["D5"].number_format == "#,##0.00"


def test_the_table_is_named_and_tells_its_source_and_day():
    page = opened(("Ada", 12, None, None, None, True), name="Läget: per/handläggare")

    assert page.title == "Läget  per handläggare"
    assert page["A1"].value == "Läget: per/handläggare"
    assert page["A2"].value.startswith("Källa: egna ärenden. Läget per 2024-05-27.")
    assert [cell.value for cell in page[4]] == [column.title for column in COLUMNS]


def test_the_headings_and_the_names_stay_in_view():
    assert opened(("Ada", 12, None, None, None, True)).freeze_panes == "B5"


def test_text_that_looks_like_a_formula_or_a_link_stays_text():
    columns = [Column("key", "Text")]
    page = opened(("=1+1",), ("https://exempel.se",), ("007",), columns=columns)

    assert [row[0] for row in values(page)] == ["=1+1", "https://exempel.se", "007"]
    assert page["A5"].data_type == "s"
    assert page["A6"].hyperlink is None


def test_no_file_holds_a_small_number_of_people():
    page = opened(("Ada", 3, None, None, None, True), ("Bo", 20, None, None, None, True))

    assert [row[1] for row in values(page)] == ["<5", 20]


def test_a_long_name_is_cut_to_what_excel_takes():
    assert sheet_name("å" * 40) == "å" * 31
    assert sheet_name("[]") == "Tabell"
