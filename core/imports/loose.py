"""Untidy lists: the rows of the table are read, and every other row is told with its reason.

A row is passed over only if it is clearly no row of the table: blank, a title, headings again, a
sum, a section's heading or a note. Anything else is read, and told as wrong if it can't be. Sums
that the file states are compared with its rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from core.imports import appearance
from core.imports.checking import Checked, Progress, RowReader, empty
from core.imports.files import FileForm, FileRefusedError, form_of
from core.imports.guard import FOUND, holds_personal_number
from core.imports.headings import Headings
from core.imports.kinds import Fault, Kind, Loose, Row
from core.imports.layouts import ColumnsNeededError, FileColumn, Layout, Skipped, Why
from core.imports.loose_headings import (
    Meanings,
    Top,
    columns_of,
    key_of,
)
from core.imports.loose_rows import Row as Sorted
from core.imports.loose_rows import Sorter
from core.imports.loose_sheets import Opened, best_sheet, fill_down, is_down, sheets_of
from core.imports.raw import Cells, letter
from core.imports.values import plain_text, quoted

SECTION = "section"
"""The name under which a row holds the heading of its section, see `Section`."""
TOLD_EVERY = 1_000
EXAMPLES = 3


class Section(NamedTuple):
    """A section's heading and the row that it stands in."""

    row: int
    title: str


def check(
    kind: Kind,
    name: str,
    data: bytes,
    chosen: Mapping[str, str],
    progress: Progress | None = None,
) -> Checked:
    """Read an untidy file as rows of a kind.

    Args:
        kind: What the file is to hold; its `loose` says how it is read.
        name: The file's name.
        data: The file.
        chosen: What headings stand for as a person has said: a column's name by `key_of`.
        progress: Told now and then how many rows have been read.

    Raises:
        ColumnsNeededError: A person must say what the columns are first.
        FileRefusedError: The file can't be read as a table of this kind.
    """
    known = Meanings(kind, chosen)
    is_text = form_of(name, data) is FileForm.TEXT
    best, others = best_sheet(sheets_of(data, known, is_text=is_text), known)
    opened, top = best
    notes = [
        f"Bladet {quoted(other)} läses inte. Ska det med, så spara det som en egen fil."
        for other in others
        if not holds_personal_number(other)
    ]
    checked = _Reading(kind, opened, top, known).read(notes, progress)
    if is_text:
        return checked
    table = {row.number for row in checked.rows} | set(checked.wrong)
    looks = appearance.notes(data, opened.sheet.name, table)
    return replace(checked, notes=(*checked.notes, *looks))


class _Reading:
    """Reads the rows of a sheet whose headings are found."""

    def __init__(self, kind: Kind, opened: Opened, top: Top, known: Meanings) -> None:
        assert kind.loose is not None  # noqa: S101  (only such kinds come here)
        self.kind, self.opened, self.top, self.known = kind, opened, top, known
        self.loose: Loose = kind.loose
        self.body = fill_down(opened.rows, opened.merges, top.rows[-1])
        self.columns = [*columns_of(top, known), *self._without_heading()]
        filled = [sum(not empty(cell) for cell in cells) for _number, cells in self.body]
        enough = max(filled, default=0) / 2
        # section headings and sums are no examples of what a column holds
        self._fullest = [c for (_n, c), n in zip(self.body, filled, strict=True) if n > enough]

    def read(self, notes: list[str], progress: Progress | None) -> Checked:
        """Return the file's rows, and how it was read."""
        self._check_columns()
        reader = RowReader(self.kind, self.opened.sheet, self._headings())
        sorter = Sorter(reader, self.loose, self.top.titles)
        rows: list[Row] = []
        wrong: dict[int, tuple[Row, list[Fault]]] = {}
        section: Section | None = None
        found = sorter.sort(self.body)
        above = [
            Sorted(number, cells, Why.ABOVE)
            for number, cells in self.opened.rows
            if number < self.top.rows[0]
        ]
        for sort in [*above, *found]:
            if progress is not None and sort.number % TOLD_EVERY == 0:
                progress(sort.number)
            if sort.why is Why.SECTION:
                section = Section(sort.number, sort.said)
            row, faults = self._row(reader, sort)
            if row is None:
                continue
            row = Row(row.number, {**row.values, SECTION: section} if section else row.values)
            if faults:
                wrong[row.number] = (row, faults)
            else:
                rows.append(row)
        if not rows and not wrong:
            msg = f"Filen har rubriker på rad {self.top.rows[-1]} men inga rader under dem."
            raise FileRefusedError(msg)
        notes = [*notes, *self._merged_note(), *sorter.sums.told(), *reader.example_left(rows)]
        titles = {c.name: c.title for _place, c in self.columns if c.name}
        return Checked(rows, wrong, titles, tuple(notes), self._layout(found))

    def _row(self, reader: RowReader, sort: Sorted) -> tuple[Row | None, list[Fault]]:
        """Return a row's values; no row for one that is passed over, unless it is wrong."""
        if sort.why is None:
            return reader.row(sort.number, sort.cells)
        faults = [
            Fault(f"kolumn {letter(place)}", FOUND)
            for place, cell in enumerate(sort.cells)
            if holds_personal_number(cell)
        ]
        if sort.fault:
            faults.append(Fault("", sort.fault))
        return (Row(sort.number, {}) if faults else None), faults

    def _check_columns(self) -> None:
        """Ask for a person's choice where the file can't be read without it."""
        names = {column.name for _place, column in self.columns}
        questions = [column.question for _place, column in self.columns if column.name is None]
        asked = list(dict.fromkeys(question for question in questions if question))
        needed = [self.kind.column(name).heading for name in self.loose.marks]
        required = [c.heading for c in self.kind.columns if c.required and c.name not in names]
        if not names & set(self.loose.marks):
            words = " eller ".join(f"”{heading}”" for heading in needed)
            asked.insert(0, f"Ingen kolumn är {words}. Välj vilken det är.")
        if required:
            words = " och ".join(f"”{heading}”" for heading in required)
            asked.insert(0, f"Välj vilken kolumn som är {words}.")
        if asked:
            where = " och ".join(map(str, self.top.rows))
            msg = f"Kolumnerna kan inte tydas av rubrikerna på rad {where}. {' '.join(asked)}"
            raise ColumnsNeededError(msg, self._layout([]))

    def _headings(self) -> Headings:
        places = {c.name: place for place, c in self.columns if c.name}
        titles = {c.name: c.title for _place, c in self.columns if c.name}
        width = max([len(self.top.titles), *(place + 1 for place in places.values())])
        by_place = dict(self.columns)
        others = {
            place: by_place[place].title if place in by_place else f"kolumn {letter(place)}"
            for place in range(width)
            if place not in places.values()
        }
        return Headings(self.top.rows[-1], places, titles, width, others, ())

    def _without_heading(self) -> list[tuple[int, FileColumn]]:
        """Return the columns that have values but no heading: they are told, and can be chosen."""
        named = {place for place, title in enumerate(self.top.titles) if title}
        filled: dict[int, int] = {}
        for _number, cells in self.body:
            for place, cell in enumerate(cells):
                if place not in named and not empty(cell):
                    filled[place] = filled.get(place, 0) + 1
        # a lone value there is a note beside the list; its row tells it if it can't be read
        several = sorted(place for place, count in filled.items() if count > 1)
        found = []
        for place in several:
            title = f"kolumn {letter(place)}"
            name = self.known.chosen.get(key_of(title))
            found.append((place, FileColumn(letter(place), title, title, name, name is not None)))
        return found

    def _layout(self, found: list[Sorted]) -> Layout:
        columns = tuple(
            replace(column, examples=self._examples(place))
            for place, column in sorted(self.columns, key=lambda one: one[0])
        )
        return Layout(self.opened.sheet.name, self.top.rows, columns, tuple(self._skipped(found)))

    def _examples(self, place: int) -> tuple[str, ...]:
        cells = (cells[place] for cells in self._fullest if place < len(cells))
        said = (
            plain_text(cell)
            for cell in cells
            if not empty(cell) and not holds_personal_number(cell)
        )
        return tuple(itertools.islice(dict.fromkeys(said), EXAMPLES))

    def _skipped(self, found: list[Sorted]) -> Iterator[Skipped]:
        """Return the rows that were passed over, blank ones next to each other together."""
        above = [
            Skipped(number, number, Why.ABOVE, _said(cells, ""))
            for number, cells in self.opened.rows
            if number < self.top.rows[0]
        ]
        yield from above
        before = self.top.rows[-1]
        for sort in found:
            if sort.number > before + 1:
                yield Skipped(before + 1, sort.number - 1, Why.BLANK)
            before = sort.number
            if sort.why is not None:
                yield Skipped(sort.number, sort.number, sort.why, _said(sort.cells, sort.said))

    def _merged_note(self) -> Iterator[str]:
        below = [m for m in self.opened.merges if is_down(m, self.top.rows[-1])]
        if below:
            told = ", ".join(
                f"{letter(m.first_place)}{m.first_row}:{letter(m.last_place)}{m.last_row}"
                for m in below[:5]
            )
            more = " med flera" if len(below) > 5 else ""
            yield f"Cellerna {told}{more} är sammanslagna: värdet gäller varje rad som de täcker."


def _said(cells: Cells, said: str) -> str:
    """Return what a row begins with, or nothing of a row that holds what may not be shown."""
    if any(map(holds_personal_number, cells)):
        return ""
    return quoted(said) if said else next((quoted(c) for c in cells if not empty(c)), "")
