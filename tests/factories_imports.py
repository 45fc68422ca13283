"""Files to import, made in memory."""

import csv
import io

import xlsxwriter

from core import db
from core.imports import runs
from core.imports.registry import KINDS
from core.terms import ImportKind


def csv_of(*rows, separator=";", encoding="utf-8-sig"):
    """Return rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(*rows, sheet="Blad1"):
    """Return rows as a workbook: dates as dates, numbers as numbers."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    return buffer.getvalue()


def read(data, kind=ImportKind.BENEFIT_MONTHS, name="fil.csv"):
    """Read a file as a kind."""
    return runs.read_file(KINDS[kind], name, data)


def look(unit, file):
    """Return what a file would do to a `World`'s unit."""
    with db.read() as session:
        return runs.preview(session, file, unit_id=unit.unit_id, by=unit.actors["developer"])


def imported(unit, data, kind, name="fil.csv"):
    """Read, preview and save a file as the unit's developer; returns the import's id."""
    shown = look(unit, read(data, ImportKind(kind), name))
    assert [fault for row in shown.rows for fault in row.faults] == []
    with db.write() as session:
        return runs.save(session, shown, by=unit.actors["developer"])
