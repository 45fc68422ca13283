"""The headings of an untidy sheet: in one row or two, merged, among titles, and what they stand for.

What a person has chosen for a heading counts before what the kind understands. Nothing is guessed:
a heading that could be two columns, or two headings for one column, are left to a person.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from openpyxl.utils.cell import range_boundaries

from core.imports.checking import empty
from core.imports.files import FileRefusedError
from core.imports.guard import holds_personal_number
from core.imports.headings import FEWEST_KNOWN, ROWS_SEARCHED, Known
from core.imports.kinds import Kind
from core.imports.layouts import FileColumn
from core.imports.raw import MOST_COLUMNS, Cells, letter
from core.imports.values import folded, plain_text, quoted
from core.queries.column_mappings import NOT_READ

FEWEST_HEADINGS = 3
LONGEST_HEADING = 150


@dataclass(frozen=True, slots=True)
class Merge:
    """A range of merged cells: rows from 1, places from 0, the last ones included."""

    first_row: int
    first_place: int
    last_row: int
    last_place: int


@dataclass(frozen=True, slots=True)
class Top:
    """The row or rows that hold a sheet's headings, the heading at each place, and how many known."""

    rows: tuple[int, ...]
    titles: tuple[str, ...]
    known: int


def merges_of(ranges: Mapping[str, int]) -> list[Merge]:
    """Return a sheet's merged cells."""
    found = []
    for written in ranges:
        first_place, first_row, last_place, last_row = range_boundaries(written)
        if None not in (first_place, first_row, last_place, last_row):
            places = (first_place or 1) - 1, min((last_place or 1) - 1, MOST_COLUMNS - 1)
            found.append(Merge(first_row or 1, places[0], last_row or 1, places[1]))
    return found


class Meanings:
    """What a kind's headings stand for, by what was chosen for earlier files and by itself."""

    def __init__(self, kind: Kind, chosen: Mapping[str, str]) -> None:
        self.kind, self.chosen = kind, chosen
        self.own = Known(kind)
        loose = kind.loose
        self.passed = {folded(word) for word in (loose.passed if loose else ())}
        unclear = loose.unclear if loose else {}
        self.unclear = {folded(word): asked for word, asked in unclear.items()}
        self.names = {column.name for column in kind.columns}

    def of(self, title: str) -> str | None:
        """Return a heading's column, `NOT_READ` for one to leave, None if it isn't understood."""
        key = key_of(title)
        chosen = self.chosen.get(key)
        if chosen is not None and (chosen == NOT_READ or chosen in self.names):
            return chosen
        if key in self.unclear:
            return None
        name = self.own.column(title)
        if name is None and key in self.passed:
            return NOT_READ
        return name

    def count(self, titles: Sequence[str]) -> int:
        """Return how many of the kind's columns some headings are, the unclear ones included."""
        return len(
            {self.of(t) or key_of(t) for t in titles if self.of(t) or key_of(t) in self.unclear}
        )


def key_of(title: str) -> str:
    """Return what a heading is remembered as: capital letters, spaces and marks don't matter."""
    return folded(title)[:LONGEST_HEADING]


def find_top(
    rows: Sequence[tuple[int, Cells]], merges: Sequence[Merge], known: Meanings
) -> Top | None:
    """Return the headings among a sheet's first rows, None if nothing looks like headings."""
    spread = {number: _spread(number, cells, merges, dict(rows)) for number, cells in rows}
    best: Top | None = None
    for one in _possible(rows, spread, merges, known):
        if best is None or one.known > best.known:
            best = one
    if best is not None and best.known >= FEWEST_KNOWN:
        return best
    return _unknown_top(rows, spread)


def columns_of(top: Top, known: Meanings) -> list[tuple[int, FileColumn]]:
    """Return the columns that have a heading, by place, without examples."""
    found: list[tuple[int, FileColumn]] = []
    seen: Counter[str] = Counter()
    for place, title in enumerate(top.titles):
        if not title:
            continue
        if holds_personal_number(title):
            msg = f"Rubriken i kolumn {letter(place)} ser ut att innehålla ett personnummer."
            raise FileRefusedError(msg)
        seen[key_of(title)] += 1
        number = seen[key_of(title)]
        written = title if number == 1 else f"{title} ({number})"
        key = key_of(written)
        name = known.of(written) if number == 1 else known.chosen.get(key)
        column = FileColumn(
            letter(place), written, key, name, key in known.chosen, (), known.unclear.get(key, "")
        )
        found.append((place, column))
    return _only_once(found, known)


def _only_once(
    columns: list[tuple[int, FileColumn]], known: Meanings
) -> list[tuple[int, FileColumn]]:
    """Leave it to a person which of several headings is the column that all of them could be."""
    named = Counter(column.name for _place, column in columns if column.name)
    chosen = {column.name for _place, column in columns if column.remembered and column.name}
    kept = []
    for place, column in columns:
        name = column.name
        if not name or named[name] == 1:
            kept.append((place, column))
        elif name in chosen and not column.remembered:
            kept.append((place, _changed(column, NOT_READ, "")))
        elif name in chosen and not _chosen_twice(columns, name):
            kept.append((place, column))
        else:
            words = " och ".join(quoted(c.title) for _p, c in columns if c.name == name)
            meant = known.kind.column(name).heading
            asked = f"{words} kan båda betyda ”{meant}”. Välj en av dem."
            kept.append((place, _changed(column, None, asked)))
    return kept


def _chosen_twice(columns: list[tuple[int, FileColumn]], name: str) -> bool:
    return sum(column.remembered and column.name == name for _place, column in columns) > 1


def _changed(column: FileColumn, name: str | None, question: str) -> FileColumn:
    return FileColumn(
        column.letter, column.title, column.key, name, column.remembered, (), question
    )


def _first_row(number: int, merges: Sequence[Merge]) -> int:
    """Return the row that the headings of a row begin in: cells may be merged from above it."""
    above = (merge.first_row for merge in merges if merge.first_row < number <= merge.last_row)
    return min(above, default=number)


def _possible(
    rows: Sequence[tuple[int, Cells]],
    spread: Mapping[int, list[str]],
    merges: Sequence[Merge],
    known: Meanings,
) -> Iterator[Top]:
    """Return rows that could hold the headings: each alone, then each with the next below it."""
    searched = [(number, cells) for number, cells in rows if number <= ROWS_SEARCHED]
    for number, _cells in searched:  # a heading may be a month or a year
        titles = tuple(spread[number])
        rows_of = tuple(range(_first_row(number, merges), number + 1))
        yield Top(rows_of, titles, known.count(titles))
    by_number = dict(rows)
    for number, cells in searched:
        below = by_number.get(number + 1)
        if below is not None and _is_words(cells) and _is_words(below):
            titles = tuple(_together(spread[number], spread[number + 1], known))
            yield Top((number, number + 1), titles, known.count(titles))


def _together(upper: list[str], lower: list[str], known: Meanings) -> Iterator[str]:
    """Join two rows of headings; where one of the two says it all, it stands alone."""
    width = max(len(upper), len(lower))
    above, below = (row + [""] * (width - len(row)) for row in (upper, lower))
    for first, second in zip(above, below, strict=True):
        if not first or not second or first == second:
            yield first or second
            continue
        joined = f"{first} {second}"
        yield joined if known.of(joined) or not known.of(second) else second


def _unknown_top(rows: Sequence[tuple[int, Cells]], spread: Mapping[int, list[str]]) -> Top | None:
    """Return the first row that looks like headings by its form alone: words, with values below."""
    for (number, cells), (_below, values) in pairwise(rows):
        if number > ROWS_SEARCHED:
            return None
        titles = [title for title in spread[number] if title]
        different = len(set(titles)) == len(titles) >= FEWEST_HEADINGS
        if different and _is_words(cells) and not _is_words(values):
            return Top((number,), tuple(spread[number]), 0)
    return None


def _spread(
    number: int, cells: Cells, merges: Sequence[Merge], by_number: Mapping[int, Cells]
) -> list[str]:
    """Return a row's texts, those of merged cells at each place that they cover."""
    texts = ["" if empty(cell) else plain_text(cell) for cell in cells]
    for merge in merges:
        if not merge.first_row <= number <= merge.last_row:
            continue
        above = by_number.get(merge.first_row, ())
        value = above[merge.first_place] if merge.first_place < len(above) else None
        texts += [""] * (merge.last_place + 1 - len(texts))
        for place in range(merge.first_place, merge.last_place + 1):
            texts[place] = "" if empty(value) else plain_text(value)
    return texts


def _is_words(cells: Cells) -> bool:
    """Tell whether a row holds words only: no number, date or text that is one."""
    filled = [cell for cell in cells if not empty(cell)]
    return bool(filled) and not any(_is_value(cell) for cell in filled)


def _is_value(cell: Any) -> bool:
    if isinstance(cell, int | float | dt.date):
        return True
    return not any(char.isalpha() for char in str(cell))
