"""The placement list as a workbook of its own: it adds up, filters, prints, and can be read in again.

Amounts and dates are real ones. The sums follow the filter, and hold their value also where nothing
is computed, so that every viewer shows the figure of the page.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from core.queries.placements import PlacementRow
from core.reports.columns import Column, Kind
from core.reports.excel import sheet_name
from core.terms import sv

NAME = "Placeringar"
HEADER_ROW = 3
A4 = 9
VISIBLE_SUM = 109
OPEN_ENDED = "tills vidare"
LACKS = "Gallrade ärenden står inte i listan."
OF_CASES = frozenset({"case", "caseworker", "legal_basis", "children"})
"""Columns that somebody who sees references and costs only doesn't get."""
SUMMED = frozenset({"month_cost", "cost_to_date", "committed", "full_year"})
COLUMNS = (
    Column("reference", "Placering"),
    Column("case", "Ärende"),
    Column("caseworker", "Handläggare"),
    Column("group", "Grupp"),
    Column("state", "Läge"),
    Column("kind", "Slag"),
    Column("legal_basis", "Lagrum"),
    Column("contract", "Avtal"),
    Column("provider", "Utförare"),
    Column("children", "Antal barn", Kind.COUNT),
    Column("starts_on", "Från", Kind.DATE),
    Column("planned_end_on", "Planerat slut", Kind.DATE),
    Column("ended_on", "Avslutad", Kind.DATE),
    Column("day_rate", "Dygnskostnad", Kind.KRONOR, 2),
    Column("rate_from", "Dygnskostnad från", Kind.DATE),
    Column("decided_on", "Beslutsdag", Kind.DATE),
    Column("month_cost", "Månaden", Kind.KRONOR, 2),
    Column("cost_to_date", "Upparbetat", Kind.KRONOR, 2),
    Column("committed", "Beslutat framåt", Kind.KRONOR, 2),
    Column("full_year", "Helår", Kind.KRONOR, 2),
    Column("last_review_on", "Uppföljd", Kind.DATE),
    Column("next_review_on", "Nästa uppföljning", Kind.DATE),
)
"""The headings are those that an import of placements understands."""
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_SHAPES = {Kind.COUNT: "#,##0", Kind.KRONOR: "#,##0.00", Kind.DATE: "yyyy-mm-dd"}
_WIDTHS = {Kind.COUNT: 8, Kind.KRONOR: 14, Kind.DATE: 12}
_WIDEST_TEXT = 34


@dataclass(frozen=True, slots=True)
class _Looks:
    """The formats of a column's cells and of its sum."""

    cell: Format
    total: Format


def placement_workbook(
    rows: Sequence[PlacementRow],
    *,
    on: dt.date,
    unit_name: str,
    with_case: bool,
    lacks: bool = False,
) -> bytes:
    """Return a list of placements as a workbook, in the order given, with a sum row.

    Args:
        rows: The list of a day.
        on: That day.
        unit_name: Whose placements they are.
        with_case: Whether the reader sees whose cases they are, and what the cases say.
        lacks: Whether cases that were removed when their time was out are missing.
    """
    columns = [column for column in COLUMNS if with_case or column.name not in OF_CASES]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        page = book.add_worksheet(sheet_name(NAME))
        bold = book.add_format({"bold": True})
        page.write_string(0, 0, f"{NAME}, {unit_name}", bold)
        said = f"Läget per {on}. Belopp i kronor; summorna gäller de rader som visas."
        page.write_string(1, 0, f"{said} {LACKS}" if lacks else said)
        header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8ECF1"}
        )
        for place, column in enumerate(columns):
            looks = _looks(book, column)
            page.write_string(HEADER_ROW, place, column.title, header)
            _write_column(page, place, column, rows, looks)
        _set_up(page, len(columns), len(rows), f"{unit_name}, läget per {on}")
    return buffer.getvalue()


def _write_column(
    page: Worksheet, place: int, column: Column, rows: Sequence[PlacementRow], looks: _Looks
) -> None:
    first, last = HEADER_ROW + 1, HEADER_ROW + len(rows)
    values = [_value(row, column.name) for row in rows]
    for number, value in enumerate(values, start=first):
        _write(page, number, place, value, looks.cell)
    total = last + 1
    if column.name in SUMMED:
        whole = sum((getattr(row, column.name) for row in rows), Decimal(0))
        cells = xl_range(first, place, max(last, first), place)
        formula = f"=SUBTOTAL({VISIBLE_SUM},{cells})"
        if rows:
            page.write_formula(total, place, formula, looks.total, float(whole))
        else:
            page.write_number(total, place, 0, looks.total)
    elif place == 0:
        page.write_string(total, place, "Summa", looks.total)
    else:
        page.write_blank(total, place, None, looks.total)
    longest = max((len(str(value)) for value in values), default=0)
    width = _WIDTHS.get(column.kind) or min(max(longest, len(column.title)) + 2, _WIDEST_TEXT)
    page.set_column(place, place, width)


def _value(row: PlacementRow, name: str) -> Any:
    if name == "planned_end_on":
        return row.planned_end_on or OPEN_ENDED
    words = {
        "state": sv(row.state),
        "legal_basis": row.legal_word,
        "contract": row.contract_word,
    }
    if name in words:
        return words[name]
    return getattr(row, name)


def _write(page: Worksheet, row: int, place: int, value: Any, look: Format) -> None:
    if value is None:
        page.write_blank(row, place, None, look)
    elif isinstance(value, str):
        page.write_string(row, place, value, look)
    elif isinstance(value, dt.date):
        page.write_datetime(row, place, value, look)
    else:
        page.write_number(row, place, float(value), look)


def _set_up(page: Worksheet, columns: int, rows: int, about: str) -> None:
    """Freeze and filter the headings; print on A4 across, the headings on every page."""
    last = HEADER_ROW + max(rows, 1)
    page.freeze_panes(HEADER_ROW + 1, 1)
    page.autofilter(HEADER_ROW, 0, last, columns - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)
    page.print_area(0, 0, HEADER_ROW + rows + 1, columns - 1)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer(f"&L{about.replace('&', '&&')}&RSida &P av &N")


def _looks(book: xlsxwriter.Workbook, column: Column) -> _Looks:
    look: dict[str, Any] = {"align": "right"} if column.right else {"align": "left"}
    if column.kind in _SHAPES:
        look["num_format"] = _SHAPES[column.kind]
    total = look | {"bold": True, "top": 1}
    return _Looks(book.add_format(look | {"valign": "top"}), book.add_format(total))
