"""Which rows of an untidy list are rows of the table, and whether its sums agree with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.imports.amounts import amount_of
from core.imports.checking import RowReader, empty
from core.imports.kinds import CellError, Loose
from core.imports.layouts import Why
from core.imports.raw import Cells, letter
from core.imports.values import folded, plain_text, quoted

OTHER_COLUMNS = (
    "Raden är en rubrikrad med andra kolumner än listans första. "
    "Dela upp filen, en lista i varje fil."
)
LEAST_DIFFERENCE = Decimal("0.01")
_SUM = re.compile(r"(?:(?:del|slut|total|års|månads)?summa|s:a|sum|tot|totalt?|summering)\b.*")
_COMPUTED = re.compile(r"(?:(?:i )?(?:genom)?snitt|medel(?:värde|kostnad|pris)?|antal|median)\b.*")
_LIKE_A_REFERENCE = re.compile(r"(?=.*[0-9])(?=.*[A-Za-zÅÄÖåäö])[\w/-]{2,20}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet; `why` it is passed over, None for a row of the table.

    `said` is what it begins with, `fault` what is wrong with a row that isn't in the table.
    """

    number: int
    cells: Cells
    why: Why | None = None
    said: str = ""
    fault: str = ""


class Sorter:
    """Tells rows of the table from the others, and adds the table's numbers up."""

    def __init__(self, reader: RowReader, loose: Loose, titles: Sequence[str]) -> None:
        self.reader, self.loose = reader, loose
        self.titles = [folded(title) for title in titles]
        self.heading_row = reader.headings.row
        self.sums = Sums(titles)

    def sort(self, rows: Sequence[tuple[int, Cells]]) -> list[Row]:
        """Return the rows below the headings, each with why it is passed over if it is."""
        found = [self._sorted(number, cells) for number, cells in rows]
        last = max((row.number for row in found if row.why is None), default=0)
        for place, row in enumerate(found):
            if row.why is Why.SECTION and row.number > last:
                found[place] = Row(row.number, row.cells, Why.NOTE, row.said)
        self._add_up(found)
        return found

    def _sorted(self, number: int, cells: Cells) -> Row:
        filled = [cell for cell in cells if not empty(cell)]
        words = [plain_text(cell) for cell in filled if isinstance(cell, str)]
        said = words[0] if words else plain_text(filled[0]) if filled else ""
        why, fault = self._why(number, cells, words, len(filled)), ""
        if why is Why.AGAIN and not self._same_headings(cells):
            fault = OTHER_COLUMNS
        return Row(number, cells, why, said, fault)

    def _why(self, number: int, cells: Cells, words: list[str], filled: int) -> Why | None:
        if self._is_headings(number, words, filled):
            return Why.AGAIN if number > self.heading_row + 1 else Why.HEADINGS
        if self._is_marked(cells):
            return None
        return _added_up(cells, words) or (Why.SECTION if filled == 1 and words else None)

    def _is_headings(self, number: int, words: list[str], filled: int) -> bool:
        """Tell whether a row is the headings again, or what stands right under them (kr, datum)."""
        if not words or len(words) < filled:
            return False
        if number == self.heading_row + 1 and filled > 1:
            return not any(char.isdigit() for word in words for char in word)
        known = {title for title in self.titles if title}
        again = sum(folded(word) in known for word in words)
        return again > 1 and again * 2 >= filled

    def _same_headings(self, cells: Cells) -> bool:
        return all(
            place < len(self.titles) and folded(plain_text(cell)) in self.titles[place]
            for place, cell in enumerate(cells)
            if not empty(cell)
        )

    def _is_marked(self, cells: Cells) -> bool:
        """Tell whether a row has what only a row of the table has: a reference, or a first day."""
        for name in self.loose.marks:
            place = self.reader.headings.places.get(name)
            cell = cells[place] if place is not None and place < len(cells) else None
            if not empty(cell) and self._marks(name, cell):
                return True
        return False

    def _marks(self, name: str, cell: Any) -> bool:
        written = plain_text(cell)
        if _LIKE_A_REFERENCE.fullmatch(written):
            return True
        try:
            read = self.reader.kind.column(name).read(cell)
        except CellError:
            return False
        return not isinstance(read, str)

    def _add_up(self, found: list[Row]) -> None:
        without = self.reader.sheet.without_value
        for row in found:
            if row.why is None:
                self.sums.add(row, without)
            elif row.why is Why.SECTION:
                self.sums.begin_section()
            elif row.why is Why.SUM:
                self.sums.compare(row)


def _added_up(cells: Cells, words: list[str]) -> Why | None:
    """Tell whether a row says what other rows make together."""
    first = [folded(word) for word in words]
    if any(_SUM.fullmatch(word) for word in first):
        return Why.SUM
    if any(_COMPUTED.fullmatch(word) for word in first):
        return Why.COMPUTED
    filled = [cell for cell in cells if not empty(cell)]
    only_numbers = bool(filled) and all(amount_of(cell) is not None for cell in filled)
    return Why.SUM if only_numbers and not words else None


@dataclass(slots=True)
class _Added:
    """The numbers of a column added up so far, and a row whose cell is no number."""

    rows: int = 0
    amount: Decimal = Decimal(0)
    unread: int | None = None

    def add(self, row: int, amount: Decimal | None) -> None:
        """Add a row's number."""
        if amount is None:
            self.unread = self.unread or row
        else:
            self.rows += 1
            self.amount += amount


@dataclass(slots=True)
class Sums:
    """The sums of each column: since the last sum row, in the section, and of the whole list."""

    titles: Sequence[str]
    since_sum: dict[int, _Added] = field(default_factory=dict)
    section: dict[int, _Added] = field(default_factory=dict)
    whole: dict[int, _Added] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def add(self, row: Row, without_value: frozenset[tuple[int, int]]) -> None:
        """Add the numbers of a row of the table."""
        for place, cell in enumerate(row.cells):
            unknown = (row.number, place) in without_value
            if empty(cell) and not unknown:
                continue
            amount = None if unknown else amount_of(cell)
            for added in (self.since_sum, self.section, self.whole):
                added.setdefault(place, _Added()).add(row.number, amount)

    def begin_section(self) -> None:
        """Begin a section: its sum is of the rows below its heading."""
        self.section = {}

    def compare(self, row: Row) -> None:
        """Tell each sum in a row that is neither its rows' nor its section's nor the list's."""
        for place, cell in enumerate(row.cells):
            stated = None if empty(cell) else amount_of(cell)
            if stated is None:
                continue
            sums = [added[place] for added in self._all() if place in added]
            if not any(added.rows for added in sums):
                continue
            self._compare(row, place, stated, sums)
        self.since_sum = {}

    def _compare(self, row: Row, place: int, stated: Decimal, sums: list[_Added]) -> None:
        if any(abs(added.amount - stated) < LEAST_DIFFERENCE for added in sums):
            return
        nearest = min(sums, key=lambda added: abs(added.amount - stated))
        title = self.titles[place] if place < len(self.titles) and self.titles[place] else ""
        heading = quoted(title) if title else f"kolumn {letter(place)}"
        said = (
            f"Rad {row.number}, {heading}: summaraden säger {_written(stated)}, "
            f"raderna ger {_written(nearest.amount)}."
        )
        if nearest.unread is not None:
            said += f" Rad {nearest.unread} har där något som inte är ett tal."
        self.messages.append(said)

    def _all(self) -> tuple[dict[int, _Added], ...]:
        return self.since_sum, self.section, self.whole

    def told(self) -> Iterator[str]:
        """Return the sums that don't agree, a sentence each."""
        yield from self.messages


def _written(amount: Decimal) -> str:
    """Return an amount as a person reads it: 1 234 567,50 with its öre only when it has some."""
    whole = amount == amount.to_integral_value()
    return f"{amount:,.{0 if whole else 2}f}".replace(",", " ").replace(".", ",")
