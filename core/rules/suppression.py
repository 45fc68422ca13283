"""Small numbers hidden where a reader looks, in reports and in exports (domain: Suppression).

A count of 1-4 is hidden as `<5`. A hidden count could be worked out from its row, its column or
from what `<5` allows (1 + 1 + 1 + 1 is the only way to a total below 5), so further counts are
hidden as `..` until every hidden count could have at least one other value. The reader is taken to
know all of these rules, and that a `..` is normally 5 or more.

How: a set of counts with their totals is a flow network. Rows and columns are nodes, counts are
edges, and a count can have another value exactly when a cycle through its edge can carry one more
unit. So for each small count the cheapest such cycle is found, and the counts on it are hidden.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.rules.shares import share
from core.terms import HIDDEN, HIDDEN_COUNT

SMALLEST_SHOWN = 5

Cost = tuple[int, int, int, int]
FREE: Cost = (0, 0, 0, 0)


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
    return 0 < count < SMALLEST_SHOWN


def suppress_count(count: int) -> Shown:
    """Return a count that stands alone, hidden when small."""
    return Shown(None, HIDDEN_COUNT) if is_small(count) else Shown(count, str(count))


def suppress_series(counts: Sequence[int]) -> ShownSeries:
    """Return counts that add up to a shown total, so that no hidden one can be worked out."""
    edges = [_Edge(0, 1, count, is_total=False) for count in counts]
    edges.append(_Edge(1, 0, sum(counts), is_total=True))
    *parts, total = _suppress(edges)
    return ShownSeries(tuple(parts), total)


def suppress_table(cells: Sequence[Sequence[int]]) -> ShownTable:
    """Return a two-way table with its totals, so that no hidden count can be worked out.

    Args:
        cells: Rows of counts, all of the same length, without totals.
    """
    rows, columns = len(cells), len(cells[0]) if cells else 0
    shown = iter(_suppress(list(_table_edges(cells, rows, columns))))
    body = tuple(tuple(next(shown) for _ in range(columns)) for _ in range(rows))
    row_totals = tuple(next(shown) for _ in range(rows))
    column_totals = tuple(next(shown) for _ in range(columns))
    return ShownTable(body, row_totals, column_totals, next(shown))


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


@dataclass(slots=True)
class _Edge:
    """A count in the network. One more of it carries a unit from `tail` to `head`."""

    tail: int
    head: int
    value: int
    is_total: bool
    mark: str | None = None
    is_safe: bool = False

    def cost(self, *, more: bool) -> Cost | None:
        """Return what is lost by letting the count be one more (or fewer); None if it cannot be.

        Ordered: small counts marked `..` instead of `<5`, totals hidden, other counts hidden, and
        the people in them.
        """
        lowest = 1 if is_small(self.value) else SMALLEST_SHOWN
        if self.value == 0 or (self.value == lowest and not more):
            return None
        if self._leaves_small(more=more):
            return (1, 0, 0, self.value)
        if self.mark is None:
            return (0, int(self.is_total), int(not self.is_total), self.value)
        return FREE

    def use(self, *, more: bool) -> None:
        """Hide the count so that it can be one more (or fewer), and so is safe itself."""
        self.is_safe = True
        if self.mark is None or self._leaves_small(more=more):
            self.mark = HIDDEN

    def shown(self) -> Shown:
        """Return the count as a reader may see it."""
        if self.mark is None:
            return Shown(self.value, str(self.value))
        return Shown(None, self.mark)

    def _leaves_small(self, *, more: bool) -> bool:
        return more and self.mark == HIDDEN_COUNT and not is_small(self.value + 1)


@dataclass(frozen=True, slots=True)
class _Path:
    """Edges carrying one unit more or fewer, and what it costs to hide them."""

    cost: Cost
    steps: tuple[tuple[_Edge, bool], ...]

    def then(self, edge: _Edge, *, more: bool) -> _Path | None:
        """Return the path with one more edge, None if the edge cannot carry it."""
        extra = edge.cost(more=more)
        if extra is None:
            return None
        a, b, c, d = (sum(pair) for pair in zip(self.cost, extra, strict=True))
        return _Path((a, b, c, d), (*self.steps, (edge, more)))


_Network = dict[int, list[tuple[_Edge, bool, int]]]


def _table_edges(cells: Sequence[Sequence[int]], rows: int, columns: int) -> Iterator[_Edge]:
    """Return the edges of a table: counts by row, row totals, column totals, grand total."""
    column_nodes = range(rows + 1, rows + 1 + columns)
    total_row, total_column = rows, rows + 1 + columns
    for row, counts in enumerate(cells):
        for column, count in zip(column_nodes, counts, strict=True):
            yield _Edge(row, column, count, is_total=False)
    for row, counts in enumerate(cells):
        yield _Edge(total_column, row, sum(counts), is_total=True)
    for place, column in enumerate(column_nodes):
        yield _Edge(column, total_row, sum(counts[place] for counts in cells), is_total=True)
    yield _Edge(total_row, total_column, sum(map(sum, cells)), is_total=True)


def _suppress(edges: list[_Edge]) -> list[Shown]:
    """Hide small counts, and what else must be hidden for them to stay so."""
    network: _Network = {}
    for edge in edges:
        edge.mark = HIDDEN_COUNT if is_small(edge.value) else None
        network.setdefault(edge.tail, []).append((edge, True, edge.head))
        network.setdefault(edge.head, []).append((edge, False, edge.tail))
    for edge in edges:
        if is_small(edge.value) and not edge.is_safe:
            for used, more in _cheapest_cycle(network, edge):
                used.use(more=more)
    return [edge.shown() for edge in edges]


def _cheapest_cycle(network: _Network, edge: _Edge) -> tuple[tuple[_Edge, bool], ...]:
    """Return the cheapest way for a count to have another value.

    There always is one: one more of it and of the totals that it is part of.
    """
    start = _Path(FREE, ())
    cycles = []
    for more in (True, False):
        first = start.then(edge, more=more)
        if first is not None:
            ends = (edge.head, edge.tail) if more else (edge.tail, edge.head)
            cycles += _cheapest_path(network, first, ends)
    return min(cycles, key=lambda cycle: cycle.cost).steps


def _cheapest_path(network: _Network, first: _Path, ends: tuple[int, int]) -> list[_Path]:
    """Return the cheapest continuation of a path from one node to another, if there is any."""
    start, goal = ends
    queue = [(first.cost, 0, start, first)]
    done: set[int] = set()
    tried = 0
    while queue:
        _, _, node, path = heapq.heappop(queue)
        if node == goal:
            return [path]
        if node in done:
            continue
        done.add(node)
        for edge, more, other in network[node]:
            longer = None if edge is first.steps[0][0] else path.then(edge, more=more)
            if longer is not None:
                tried += 1
                heapq.heappush(queue, (longer.cost, tried, other, longer))
    return []
