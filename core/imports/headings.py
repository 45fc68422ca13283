"""The row of headings: which columns a file has, in what order, and what is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.imports.files import FileRefusedError
from core.imports.guard import holds_personal_number
from core.imports.kinds import Kind
from core.imports.raw import Cells, letter
from core.imports.values import folded, plain_text, quoted

ROWS_SEARCHED = 30
FEWEST_KNOWN = 2
FEW_STRANGERS = 3
_IN_BRACKETS = re.compile(r"\s*[(\[].*?[)\]]\s*")


@dataclass(frozen=True, slots=True)
class Headings:
    """A file's headings.

    Attributes:
        row: The row that they stand in.
        places: The place (0 is column A) of each column that is read, by the column's name.
        titles: The heading as the file has it, by the column's name.
        width: How many columns the row of headings has.
        others: What the columns that are not read are called in messages, by place.
        notes: What a person should know: columns that are not read.
    """

    row: int
    places: dict[str, int]
    titles: dict[str, str]
    width: int
    others: dict[int, str]
    notes: tuple[str, ...]


class Known:
    """The headings that a kind understands."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.names = {
            folded(word): column.name
            for column in kind.columns
            for word in (column.name, column.heading, *column.also)
        }

    def column(self, cell: Any) -> str | None:
        """Return the name of the column that a heading stands for; brackets in it don't matter."""
        if not isinstance(cell, str):
            return None
        word = folded(cell)
        return self.names.get(word) or self.names.get(folded(_IN_BRACKETS.sub(" ", word)))

    def count(self, cells: Sequence[Any]) -> int:
        """Return how many of the kind's columns stand in a row."""
        return len({name for cell in cells if (name := self.column(cell))})

    def enough(self, cells: Sequence[Any]) -> bool:
        """Tell whether a row is the row of headings."""
        return self.count(cells) >= min(FEWEST_KNOWN, len(self.kind.columns))

    def read(self, number: int, cells: Cells) -> Headings:
        """Return a row's headings. Raises `FileRefusedError` for a double or missing column."""
        places: dict[str, int] = {}
        titles: dict[str, str] = {}
        strangers: list[str] = []
        for place, cell in enumerate(cells):
            if holds_personal_number(cell):
                msg = f"Rubriken i kolumn {letter(place)} ser ut att innehålla ett personnummer."
                raise FileRefusedError(msg)
            name = self.column(cell)
            if name is None:
                if cell not in (None, ""):
                    strangers.append(plain_text(cell))
            elif name in places:
                raise FileRefusedError(self._double(name, (places[name], place), cells))
            else:
                places[name] = place
                titles[name] = plain_text(cell)
        self._check_complete(places, number, strangers)
        width = max((place + 1 for place, cell in enumerate(cells) if cell), default=0)
        read = set(places.values())
        others = {
            place: (plain_text(cell) if cell else "") or f"kolumn {letter(place)}"
            for place, cell in enumerate(cells[:width])
            if place not in read
        }
        return Headings(number, places, titles, width, others, self._notes(strangers, places))

    def expected(self) -> str:
        """Return what headings a file must have."""
        if self.kind.loose is not None:
            marks = (self.kind.column(name).heading for name in self.kind.loose.marks)
            return " eller ".join(f"”{heading}”" for heading in marks)
        return ", ".join(f"”{c.heading}”" for c in self.kind.columns if c.required)

    def _double(self, name: str, at: tuple[int, int], cells: Cells) -> str:
        first, second = (f"{quoted(cells[place])} (kolumn {letter(place)})" for place in at)
        meant = self.kind.column(name).heading
        return (
            f"Rubrikerna {first} och {second} betyder båda ”{meant}”. Ta bort eller byt namn på en."
        )

    def _check_complete(self, places: dict[str, int], number: int, strangers: list[str]) -> None:
        missing = [c.heading for c in self.kind.columns if c.required and c.name not in places]
        if not missing:
            return
        words = " och ".join(f"”{heading}”" for heading in missing)
        one = len(missing) == 1
        message = (
            f"{'Kolumnen' if one else 'Kolumnerna'} {words} saknas i rubrikraden (rad {number})."
        )
        if strangers:
            message += f" Okända rubriker där: {', '.join(map(quoted, strangers[:10]))}."
        raise FileRefusedError(message + " Ändra rubriken eller utgå från mallen.")

    def _notes(self, strangers: list[str], places: dict[str, int]) -> tuple[str, ...]:
        left = [c.heading for c in self.kind.columns if c.name not in places]
        notes = []
        near_none = [h for h in strangers if not difflib.get_close_matches(h, left, 1)]
        if len(near_none) > FEW_STRANGERS:
            told = ", ".join(map(quoted, near_none))
            notes.append(f"Kolumnerna {told} känns inte igen och läses inte.")
            strangers = [heading for heading in strangers if heading not in near_none]
        for heading in strangers:
            near = difflib.get_close_matches(heading, left, 1)
            meant = f" Menade du ”{near[0]}”?" if near else ""
            notes.append(f"Kolumnen {quoted(heading)} känns inte igen och läses inte.{meant}")
        return tuple(notes)
