"""Cells into rows: what can't be read is told with row and column, and a key comes only once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.imports import text_files, workbooks
from core.imports.files import FileForm, FileRefusedError, form_of
from core.imports.guard import FOUND, holds_personal_number
from core.imports.headings import ROWS_SEARCHED, Headings, Known
from core.imports.kinds import CellError, Column, Fault, Kind, Row
from core.imports.layouts import Layout
from core.imports.raw import MOST_ROWS, Cells, Sheet, letter
from core.imports.values import quoted, shown

Progress = Callable[[int], None]
TOLD_EVERY = 1_000
EXCEL_ERRORS = {"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#SAKNAS!"}
NO_VALUE = (
    "Cellen har en formel som inte är uträknad. Öppna filen i Excel och spara den, "
    "eller klistra in formelns värde."
)
CELL_KEPT = 50_000
PASSED_TOLD = 5
_Read = tuple[Any, str | None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's rows: those that could be read, and what is wrong with the others.

    `titles` is the file's own heading of each column, by the column's name. `layout` tells how an
    untidy file was read; None for a plain table.
    """

    rows: list[Row]
    wrong: dict[int, tuple[Row, list[Fault]]]
    titles: dict[str, str]
    notes: tuple[str, ...]
    layout: Layout | None = None


def check(kind: Kind, name: str, data: bytes, progress: Progress | None = None) -> Checked:
    """Read a file as rows of a kind.

    Args:
        kind: What the file is to hold.
        name: The file's name.
        data: The file.
        progress: Told now and then how many rows have been read.

    Raises:
        FileRefusedError: The file can't be read as a table of this kind.
    """
    known = Known(kind)
    if form_of(name, data) is FileForm.TEXT:
        sheets: Iterator[Sheet] = iter([text_files.sheet_of(data, known.count)])
    else:
        sheets = workbooks.sheets_of(data)
    seen = []
    for sheet in sheets:
        found = _headings(sheet, known)
        if found is not None:
            return RowReader(kind, sheet, found).read(progress)
        seen.append(sheet.name)
    raise FileRefusedError(no_headings(known, seen))


def _headings(sheet: Sheet, known: Known) -> Headings | None:
    """Return a sheet's headings, None when it has none; its rows then follow after them."""
    for number, cells in enumerate(itertools.islice(sheet.rows, ROWS_SEARCHED), start=1):
        if known.enough(cells):
            return known.read(number, cells)
    return None


def no_headings(known: Known, sheets: list[str]) -> str:
    """Return that no row of headings was found in some sheets, and what is expected."""
    where = "I filen"
    if any(sheets):
        names = ", ".join(quoted(name) for name in sheets if not holds_personal_number(name))
        where = f"I bladet {names}" if len(sheets) == 1 else f"I bladen {names}"
    return (
        f"{where} finns ingen rad med kända rubriker bland de {ROWS_SEARCHED} första raderna. "
        f"Minst de här behövs: {known.expected()}. Utgå från mallen."
    )


def named(kind: Kind, row: Row) -> str:
    """Return what a row is about: the values of its key."""
    parts = ((kind.column(name), row[name]) for name in kind.key)
    return " ".join((c.show or shown)(value) for c, value in parts if value is not None)


class RowReader:
    """Reads the rows below a sheet's headings."""

    def __init__(self, kind: Kind, sheet: Sheet, headings: Headings) -> None:
        self.kind, self.sheet, self.headings = kind, sheet, headings
        self.columns = [
            (c, headings.places[c.name]) for c in kind.columns if c.name in headings.places
        ]
        self.kept: dict[str, dict[str, _Read]] = {c.name: {} for c, _place in self.columns}
        self.first_of: dict[tuple[Any, ...], int] = {}
        self.is_text = not sheet.name

    def read(self, progress: Progress | None) -> Checked:
        """Read the rows of a plain table."""
        self._check_merged()
        rows: list[Row] = []
        wrong: dict[int, tuple[Row, list[Fault]]] = {}
        passed: list[int] = []
        for number, cells in self._filled(progress):
            if self._passes_over(cells):
                passed.append(number)
                continue
            row, faults = self.row(number, cells)
            if faults:
                wrong[number] = (row, faults)
            else:
                rows.append(row)
            if len(rows) + len(wrong) > MOST_ROWS:
                msg = f"Filen har fler än {MOST_ROWS:,} rader. Dela upp den.".replace(",", " ")
                raise FileRefusedError(msg)
        if not rows and not wrong:
            msg = f"Filen har rubriker på rad {self.headings.row} men inga rader under dem."
            raise FileRefusedError(msg)
        notes = (*self.headings.notes, *self.example_left(rows), *_sums_told(passed))
        if self.kind.transactions is None:
            return Checked(rows, wrong, self.headings.titles, notes)
        found = self.kind.transactions.gather(rows, self.headings.titles)
        return Checked(
            found.rows, wrong | found.wrong, self.headings.titles, (*notes, *found.notes)
        )

    def _filled(self, progress: Progress | None) -> Iterator[tuple[int, Cells]]:
        for number, cells in enumerate(self.sheet.rows, start=self.headings.row + 1):
            if progress is not None and number % TOLD_EVERY == 0:
                progress(number)
            if not all(empty(cell) for cell in cells):
                yield number, cells

    def _passes_over(self, cells: Cells) -> bool:
        """Tell whether a row is a sum of a file of transactions, and holds nothing forbidden."""
        if self.kind.transactions is None:
            return False
        filled = [cell for cell in cells if not empty(cell)]
        named = {c.name: cells[place] for c, place in self.columns if place < len(cells)}
        is_sum = self.kind.transactions.passed(filled, named)
        return is_sum and not any(map(holds_personal_number, filled))

    def example_left(self, rows: list[Row]) -> list[str]:
        """Return a note if the template's example row is still there."""
        examples = {c.name: c.example for c, _place in self.columns if c.name not in self.kind.key}
        return [
            f"Rad {row.number} är mallens exempel. Ta bort den om den inte är på riktigt."
            for row in rows[:1]
            if len(examples) > 1 and all(row[name] == value for name, value in examples.items())
        ]

    def _check_merged(self) -> None:
        below = [r for r, last in self.sheet.merged.items() if last >= self.headings.row]
        if below:
            told = ", ".join(below[:5])
            msg = (
                f"Cellerna {told} är sammanslagna. Dela dem i Excel (Centrera över kolumner, Dela "
                "celler) och fyll i ett värde i varje rad."
            )
            raise FileRefusedError(msg)

    def row(self, number: int, cells: Cells) -> tuple[Row, list[Fault]]:
        """Return a row's values, and what is wrong with its cells."""
        faults = self._guard_others(cells)
        values: dict[str, Any] = {}
        if self.is_text and len(cells) < self.headings.width:
            faults.append(
                Fault(
                    "",
                    f"Raden har {len(cells)} kolumner men rubrikraden har {self.headings.width}. "
                    "Filen kan vara avklippt, eller så saknas skiljetecken i raden.",
                )
            )
            return Row(number, values), faults
        for column, place in self.columns:
            cell = cells[place] if place < len(cells) else None
            values[column.name], message = self._value(column, cell, (number, place))
            if message is not None:
                faults.append(Fault(column.name, message))
        row = Row(number, values)
        if not faults:
            faults += self._double(row)
        return row, faults

    def _guard_others(self, cells: Cells) -> list[Fault]:
        """Return faults of cells outside the columns that are read: none is passed over unseen."""
        faults = []
        for place, name in self.headings.others.items():
            if place < len(cells) and holds_personal_number(cells[place]):
                faults.append(Fault(name, FOUND))
        for place in range(self.headings.width, len(cells)):
            if holds_personal_number(cells[place]):
                faults.append(Fault(f"kolumn {letter(place)}", FOUND))
            elif self.is_text and not empty(cells[place]):
                message = "Cellen har ett värde men kolumnen saknar rubrik."
                faults.append(Fault(f"kolumn {letter(place)}", message))
        return faults

    def _value(self, column: Column, cell: Any, at: tuple[int, int]) -> _Read:
        if not isinstance(cell, str):
            if cell is None and at in self.sheet.without_value:
                return None, NO_VALUE
            return _read(column, cell)
        kept = self.kept[column.name]
        if cell not in kept:
            if len(kept) > CELL_KEPT:
                kept.clear()
            kept[cell] = _read(column, cell)
        return kept[cell]

    def _double(self, row: Row) -> list[Fault]:
        if self.kind.loose is not None or self.kind.transactions is not None:
            return []  # what a row is about is for the store to say, or they are added up
        key = tuple(row[name] for name in self.kind.key)
        first = self.first_of.setdefault(key, row.number)
        if first == row.number:
            return []
        words = named(self.kind, row)
        message = f"{quoted(words)} står också på rad {first}. Ta bort en av raderna."
        return [Fault(self.kind.key[0], message)]


def _sums_told(passed: list[int]) -> list[str]:
    """Return which rows were passed over as sums."""
    if not passed:
        return []
    told = ", ".join(str(number) for number in passed[:PASSED_TOLD])
    more = " med flera" if len(passed) > PASSED_TOLD else ""
    rows = "1 rad är en" if len(passed) == 1 else f"{len(passed)} rader är"
    return [f"{rows} summa eller ingående balans och läses inte: rad {told}{more}."]


def _read(column: Column, cell: Any) -> _Read:
    """Return a cell's value and, if it can't be read, why."""
    if empty(cell):
        return None, f"Cellen är tom. {column.description}" if column.required else None
    if holds_personal_number(cell):
        return None, FOUND
    if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
        return (
            None,
            f"Cellen har felet {cell.strip()} i stället för ett värde. Rätta formeln i Excel.",
        )
    try:
        return column.read(cell), None
    except CellError as error:
        return None, str(error)


def empty(cell: Any) -> bool:
    """Tell whether nothing is written in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
