"""A table as an Excel workbook: real numbers, a frozen header, and where and when it comes from."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.reports.columns import Column, Kind, suppressed

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SMALL_NUMBERS = (
    "Antal 1–4 visas som <5. Tal som visas som .. är dolda för att de inte ska gå att räkna ut."
)
HEADER_ROW = 3
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write: its Swedish name, its rows, and the source and date that stand above it.

    `adds_up` tells whether the rows are parts of a whole, see `core.reports.columns.suppressed`.
    """

    name: str
    frame: pd.DataFrame
    columns: Sequence[Column]
    source: str
    on: dt.date
    adds_up: bool = True


def workbook(*sheets: Sheet) -> bytes:
    """Return a workbook with a sheet for each table, small numbers of people hidden.

    Row 1 holds the table's name, row 2 its source and date, row 4 the headings, which stay in view.
    Text is written as text, whatever it begins with.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet_name(sheet.name))
            _write(page, sheet, bold, [book.add_format(_look(c)) for c in sheet.columns])
    return buffer.getvalue()


def sheet_name(name: str) -> str:
    """Return a name that Excel takes: at most 31 characters and none of its reserved signs."""
    return _NOT_IN_SHEET_NAME.sub(" ", name).strip()[:31] or "Tabell"


def _write(page: Worksheet, sheet: Sheet, bold: Format, looks: list[Format]) -> None:
    page.write_string(0, 0, sheet.name, bold)
    page.write_string(1, 0, f"Källa: {sheet.source}. Läget per {sheet.on}. {SMALL_NUMBERS}")
    frame = suppressed(sheet.frame, sheet.columns, adds_up=sheet.adds_up)
    for place, (column, look) in enumerate(zip(sheet.columns, looks, strict=True)):
        page.write_string(HEADER_ROW, place, column.title, bold)
        values = frame[column.name].tolist()
        for row, value in enumerate(values, start=HEADER_ROW + 1):
            _write_cell(page, row, place, value, look)
        longest = max((len(str(value)) for value in values), default=0)
        page.set_column(place, place, min(max(longest, len(column.title)) + 2, 50))
    page.freeze_panes(HEADER_ROW + 1, 1)
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(len(frame), 1), max(len(sheet.columns) - 1, 0))


def _write_cell(page: Worksheet, row: int, place: int, value: Any, look: Format) -> None:
    if pd.isna(value):
        return
    if isinstance(value, str):
        page.write_string(row, place, value, look)
    elif isinstance(value, bool):
        page.write_string(row, place, "ja" if value else "nej", look)
    elif isinstance(value, dt.date):
        page.write_datetime(row, place, value, look)
    elif isinstance(value, int | float | Decimal | Fraction):
        page.write_number(row, place, float(value), look)


def _look(column: Column) -> dict[str, Any]:
    decimals = f".{'0' * column.digits}" if column.digits else ""
    shapes = {
        Kind.COUNT: "#,##0",
        Kind.PEOPLE: "#,##0",
        Kind.SHARE: f"0{decimals}%",
        Kind.KRONOR: f"#,##0{decimals}",
        Kind.NUMBER: f"#,##0{decimals}",
        Kind.DATE: "yyyy-mm-dd",
        Kind.MONTH: "yyyy-mm",
    }
    look: dict[str, Any] = {"align": "right"} if column.right else {}
    return look | ({"num_format": shapes[column.kind]} if column.kind in shapes else {})
