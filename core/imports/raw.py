"""A file's cells as they stand, row by row: what the readers of workbooks and texts hand over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_COLUMNS = 200
MOST_ROWS = 200_000

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a whole text file.

    Attributes:
        name: The sheet's name; empty for a text file.
        rows: Cells of every row, blank ones included: the first is row 1. Read once.
        without_value: Formulas that nobody has computed, by row number and place (0 is column A).
        merged: Ranges of merged cells, as "A5:A9", with their last row.
    """

    name: str
    rows: Iterator[Cells]
    without_value: frozenset[tuple[int, int]] = frozenset()
    merged: Mapping[str, int] = field(default_factory=dict)


def letter(place: int) -> str:
    """Return a column's letter as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
