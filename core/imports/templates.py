"""Templates to fill in: the headings, an example row, and what belongs in each column."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from core.imports.kinds import Column, Kind
from core.imports.values import shown
from core.terms import sv

SHEET, DESCRIPTION = "Mall", "Beskrivning"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def file_name(kind: Kind) -> str:
    """Return a template's file name, without its ending."""
    return f"mall-{kind.code.value.replace('_', '-')}"


def for_unit(kind: Kind, reference_format: str) -> Kind:
    """Return a kind whose example has a reference as the unit writes them."""
    form = f"{reference_format[:-1]}1"
    names = {column.name for column in kind.columns}
    of_case = "case" if "case" in names else "reference"
    columns = (replace(c, example=form) if c.name == of_case else c for c in kind.columns)
    return replace(kind, columns=tuple(columns))


def as_csv(kind: Kind) -> bytes:
    """Return a template as CSV: UTF-8 with its mark and semicolons, as a Swedish Excel opens it."""
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";", lineterminator="\r\n")
    sheet.writerow(column.heading for column in kind.columns)
    sheet.writerow(example(column) for column in kind.columns)
    return written.getvalue().encode("utf-8-sig")


def as_workbook(kind: Kind) -> bytes:
    """Return a template as a workbook: a sheet to fill in, and one that describes each column."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(SHEET)
        for place, column in enumerate(kind.columns):
            page.write_string(0, place, column.heading, bold)
            _write(page, place, column)
            page.set_column(place, place, max(len(column.heading), len(example(column))) + 2)
        page.freeze_panes(1, 1)
        about = book.add_worksheet(DESCRIPTION)
        about.set_column(0, 0, 34)
        about.set_column(1, 1, 12)
        about.set_column(2, 2, 90, wrap)
        about.write_row(0, 0, ["Rubrik", "Krävs", "Vad som skrivs"], bold)
        for number, column in enumerate(kind.columns, start=1):
            about.write_row(number, 0, description(column))
        last = len(kind.columns) + 2
        about.write_string(last, 0, f"Mall för {sv(kind.code)}", bold)
        about.write_string(last, 2, "Raden under rubrikerna är ett exempel. Skriv över den.")
        for number, rule in enumerate(kind.rules, start=last + 1):
            about.write_string(number, 2, rule)
    return buffer.getvalue()


def description(column: Column) -> tuple[str, str, str]:
    """Return a column's heading, whether it is required, and what belongs in it."""
    return column.heading, "ja" if column.required else "", column.description


def example(column: Column) -> str:
    """Return a column's example as text, empty without one."""
    return "" if column.example is None else (column.show or shown)(column.example)


def _write(page: Worksheet, place: int, column: Column) -> None:
    value: Any = column.example
    if column.show is None and isinstance(value, dt.date):
        page.write_datetime(1, place, value)
    elif column.show is None and isinstance(value, int | Decimal) and not isinstance(value, bool):
        page.write_number(1, place, value)
    elif value is not None:
        page.write_string(1, place, example(column))
