"""Small numbers hidden where a reader looks, in reports and in exports (domain: Suppression).

A count of 1-4 is hidden as `<5`. It could be worked out from its row, its column or from what `<5`
allows, so further counts are hidden as `..` until each `<5` can be 1, 2, 3 or 4 and each `..` at
least four values. Where that cannot be had, only totals are shown, then only the grand total, and a
grand total of 1-4 is `<5` itself. How far a count can be told is reckoned in `hidden_counts`.

A `..` among shown counts stands for 5 or more, and somebody may reckon with that. Where a total is
`<5` all its parts are `..`, and where only totals are shown all the others are, 0 too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.rules.hidden_counts import LARGEST_SMALL, Count, Mark, Place, protect
from core.rules.shares import share
from core.terms import HIDDEN, HIDDEN_COUNT


@dataclass(frozen=True, slots=True)
class Shown:
    """A count as a reader may see it. A hidden one carries no value at all."""

    value: int | None
    text: str

    @property
    def hidden(self) -> bool:
        """Tell whether the count is hidden."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A share as a reader may see it: hidden, or a value (None when there is no value)."""

    value: Fraction | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A two-way table with its totals, as a reader may see it."""

    cells: tuple[tuple[Shown, ...], ...]
    row_totals: tuple[Shown, ...]
    column_totals: tuple[Shown, ...]
    total: Shown


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """Counts with their total, as a reader may see them."""

    counts: tuple[Shown, ...]
    total: Shown


def is_small(count: int) -> bool:
    """Tell whether a count of people is too small to show. 0 is shown."""
    return 0 < count <= LARGEST_SMALL


def suppress_count(count: int) -> Shown:
    """Return a count that stands alone, hidden when small."""
    return Shown(None, HIDDEN_COUNT) if is_small(count) else Shown(count, str(count))


def suppress_series(counts: Sequence[int]) -> ShownSeries:
    """Return counts that add up to a total, so that no hidden one can be told."""
    table = suppress_table([counts])
    return ShownSeries(table.cells[0], table.total)


def suppress_balance(inward: int, outward: int) -> tuple[Shown, Shown]:
    """Return two counts whose difference is known, such as cases opened and closed in a month.

    How much the stock has changed tells the difference, so one count would give the other.
    """
    counts = [Count(0, 1, inward), Count(1, 0, outward)]
    for count in counts:
        hide_small(count)
    if not protect(counts):
        for count in counts:
            count.mark = Mark.ANY
    return shown(counts[0]), shown(counts[1])


def suppress_table(cells: Sequence[Sequence[int]]) -> ShownTable:
    """Return a two-way table with its totals, so that no hidden count can be told.

    Args:
        cells: Rows of counts, all of the same length, without totals.
    """
    for mark in (_mark_each_small, _mark_cells):
        grid = _Grid.of(cells)
        mark(grid)
        if protect(grid.counts):
            return grid.as_shown()
    grid = _Grid.of(cells)
    _mark_all(grid)
    return grid.as_shown()


def suppressed_share(numerator: Shown, denominator: Shown) -> ShownShare:
    """Return a share as a reader may see it.

    Hidden when either count is, or the denominator is under 5; "no value" when it is 0. A numerator
    summed from several counts is hidden when one of them is: pass such a one as hidden.
    """
    if numerator.value is None or denominator.value is None:
        return ShownShare(None, hidden=True)
    if is_small(denominator.value):
        return ShownShare(None, hidden=True)
    return ShownShare(share(numerator.value, denominator.value), hidden=False)


def hide_small(count: Count) -> None:
    """Mark a count of a network as hidden if it is small."""
    if is_small(count.value):
        count.mark = Mark.SMALL


def shown(count: Count) -> Shown:
    """Return a count of a network as it is marked."""
    if not count.hidden:
        return Shown(count.value, str(count.value))
    return Shown(None, HIDDEN_COUNT if count.mark is Mark.SMALL else HIDDEN)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column: its counts and their total."""

    cells: tuple[Count, ...]
    total: Count

    @property
    def is_small_sum(self) -> bool:
        """Tell whether the total is small and made of several counts, which `<5` would tell of."""
        return is_small(self.total.value) and sum(cell.value > 0 for cell in self.cells) > 1


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table as a network: each row and column is a node, and so are both sums of totals."""

    rows: tuple[_Line, ...]
    columns: tuple[_Line, ...]
    total: Count

    @classmethod
    def of(cls, cells: Sequence[Sequence[int]]) -> _Grid:
        """Return the network of a table's counts, none of them hidden."""
        height, width = len(cells), len(cells[0]) if cells else 0
        first, all_rows, all_columns = height, height + width, height + width + 1
        body = [
            tuple(Count(row, first + place, n) for place, n in enumerate(counts))
            for row, counts in enumerate(cells)
        ]
        return cls(
            tuple(
                _Line(line, Count(all_rows, row, sum(cells[row]), Place.TOTAL))
                for row, line in enumerate(body)
            ),
            tuple(
                _Line(line, Count(first + place, all_columns, _sum(line), Place.TOTAL))
                for place, line in enumerate(zip(*body, strict=True))
            ),
            Count(all_columns, all_rows, sum(map(sum, cells)), Place.FIXED),
        )

    @property
    def lines(self) -> tuple[_Line, ...]:
        """Return the rows and the columns."""
        return self.rows + self.columns

    @property
    def cells(self) -> Iterator[tuple[Count, bool]]:
        """Return each count that is not a total, and whether its row or column holds only 0."""
        for row in self.rows:
            for cell, column in zip(row.cells, self.columns, strict=True):
                yield cell, not (row.total.value and column.total.value)

    @property
    def counts(self) -> list[Count]:
        """Return every count."""
        cells = (cell for row in self.rows for cell in row.cells)
        return [*cells, *(line.total for line in self.lines), self.total]

    def as_shown(self) -> ShownTable:
        """Return the table as it is marked."""
        return ShownTable(
            tuple(tuple(map(shown, row.cells)) for row in self.rows),
            tuple(shown(row.total) for row in self.rows),
            tuple(shown(column.total) for column in self.columns),
            shown(self.total),
        )


def _mark_each_small(grid: _Grid) -> None:
    """Hide each small count, and every part of a small total that has several."""
    if is_small(grid.total.value) and sum(cell.value > 0 for cell, _ in grid.cells) > 1:
        _mark_all(grid)
        return
    for count in grid.counts:
        hide_small(count)
    parts = {id(cell) for line in grid.lines if line.is_small_sum for cell in line.cells}
    for cell, is_told in grid.cells:
        if id(cell) in parts and not is_told:
            cell.mark = Mark.ANY


def _mark_cells(grid: _Grid) -> None:
    """Hide every count but the totals, and the small ones of those."""
    for cell, is_told in grid.cells:
        cell.mark = Mark.SHOWN if is_told else Mark.ANY
    for line in grid.lines:
        hide_small(line.total)
    hide_small(grid.total)


def _mark_all(grid: _Grid) -> None:
    """Hide every count but the grand total, and that one too when it is small."""
    for count in grid.counts:
        count.mark = Mark.ANY
    grid.total.mark = Mark.SHOWN
    hide_small(grid.total)
    for lines in (grid.rows, grid.columns):
        if len(lines) == 1:
            lines[0].total.mark = grid.total.mark


def _sum(counts: Sequence[Count]) -> int:
    return sum(count.value for count in counts)
