"""The sheets of an untidy file: which one holds the list, and its filled rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.imports import text_files, workbooks
from core.imports.checking import empty, no_headings
from core.imports.files import FileRefusedError
from core.imports.headings import ROWS_SEARCHED, Known
from core.imports.loose_headings import Meanings, Merge, Top, find_top, merges_of
from core.imports.raw import MOST_ROWS, Cells, Sheet
from core.imports.templates import DESCRIPTION


class Opened(NamedTuple):
    """A sheet with its filled rows."""

    sheet: Sheet
    rows: list[tuple[int, Cells]]
    merges: list[Merge]


def sheets_of(data: bytes, known: Meanings, *, is_text: bool) -> Iterator[Sheet]:
    """Return a file's sheets; a text file is one."""
    if is_text:
        yield text_files.sheet_of(data, known.count)
    else:
        yield from workbooks.sheets_of(data)


def best_sheet(sheets: Iterator[Sheet], known: Meanings) -> tuple[tuple[Opened, Top], list[str]]:
    """Return the sheet with most known headings, and the names of the other filled ones."""
    found: list[tuple[Opened, Top]] = []
    seen: list[str] = []
    for sheet in sheets:
        opened = Opened(sheet, _filled(sheet), merges_of(sheet.merged))
        top = find_top(
            [row for row in opened.rows if row[0] <= ROWS_SEARCHED + 1], opened.merges, known
        )
        if opened.rows and sheet.name != DESCRIPTION:
            seen.append(sheet.name)
        if top is not None:
            found.append((opened, top))
    if not found:
        raise FileRefusedError(no_headings(Known(known.kind), seen))
    best = max(found, key=lambda one: one[1].known)
    return best, [name for name in seen if name != best[0].sheet.name]


def _filled(sheet: Sheet) -> list[tuple[int, Cells]]:
    """Return the rows with something in them."""
    formulas = {row for row, _place in sheet.without_value}
    rows = []
    for number, cells in enumerate(sheet.rows, start=1):
        if number in formulas or not all(map(empty, cells)):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            msg = f"Filen har fler än {MOST_ROWS:,} rader. Dela upp den.".replace(",", " ")
            raise FileRefusedError(msg)
    return rows


def is_down(merge: Merge, headings: int) -> bool:
    """Tell whether merged cells cover several rows below the headings."""
    return merge.first_row > headings and merge.last_row > merge.first_row


def fill_down(
    rows: list[tuple[int, Cells]], merges: list[Merge], headings: int
) -> list[tuple[int, Cells]]:
    """Return the rows below the headings; a cell merged over several rows holds its value in each."""
    values = dict(rows)
    covered: dict[int, list[tuple[int, object]]] = {}
    for merge in merges:
        above = values.get(merge.first_row, ())
        if not is_down(merge, headings) or merge.first_place >= len(above):
            continue
        for number in range(merge.first_row + 1, min(merge.last_row, max(values)) + 1):
            covered.setdefault(number, []).append((merge.first_place, above[merge.first_place]))
    body: list[tuple[int, Cells]] = []
    for number, cells in rows:
        if number <= headings:
            continue
        if number in covered:
            filled = [*cells]
            for place, value in covered[number]:
                filled += [None] * (place + 1 - len(filled))
                filled[place] = value
            body.append((number, filled))
        else:
            body.append((number, cells))
    return body
