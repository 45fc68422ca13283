"""How far hidden counts can be told from what is shown, and what more must be hidden.

Counts with their totals are a flow network: rows and columns are nodes, counts are edges, and what
comes into a node goes out of it. In such a network the largest value that a hidden count can have is
its own plus the most that can flow back from its head to its tail through the other hidden ones. The
bounds are whole numbers and exact, and the count can have each value between them.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product

SMALLEST_SHOWN = 5
LARGEST_SMALL = SMALLEST_SHOWN - 1
POSSIBLE_VALUES = 4
"""How many values must be left for a count that is hidden for another's sake."""
_ENDLESS = 10**12
_FAR = 10**18


class Mark(Enum):
    """How a count is shown."""

    SHOWN = "shown"
    SMALL = "small"
    COVER = "cover"
    """Hidden for another's sake; it may be reckoned that it would be shown or `<5` otherwise."""
    ANY = "any"
    """Hidden with everything around it, 0 too."""


class Place(Enum):
    """What a count is among the others; the value is what it costs to hide it."""

    CELL = 10**7
    TOTAL = 10**10
    FIXED = -1
    """Never hidden for another's sake."""


_LIMITS = {
    Mark.SMALL: (1, LARGEST_SMALL),
    Mark.COVER: (SMALLEST_SHOWN, _ENDLESS),
    Mark.ANY: (0, _ENDLESS),
}


@dataclass(slots=True, eq=False)
class Count:
    """A count: an edge that goes out of the node `tail` and into the node `head`.

    `lowest` and `highest` are the values that it is known to be able to have, `moved` is how far
    it is from its true value in the alternative being tried.
    """

    tail: int
    head: int
    value: int
    place: Place = Place.CELL
    mark: Mark = Mark.SHOWN
    moved: int = 0
    lowest: int = 0
    highest: int = 0

    def __post_init__(self) -> None:
        """Begin with the true value as the only one known to be possible."""
        self.lowest = self.highest = self.value

    @property
    def hidden(self) -> bool:
        """Tell whether the count is hidden."""
        return self.mark is not Mark.SHOWN

    @property
    def price(self) -> int:
        """Return what is lost by hiding the count: nothing if it already is."""
        return 0 if self.hidden else self.place.value + self.value

    def room(self, *, more: bool) -> int:
        """Return how much further up (or down) the count can be moved, hidden if it need be."""
        if not self.hidden and (self.place is Place.FIXED or self.value < SMALLEST_SHOWN):
            return 0
        low, high = _LIMITS[self.mark if self.hidden else Mark.COVER]
        now = self.value + self.moved
        return high - now if more else now - low

    def missing(self, *, more: bool) -> int:
        """Return how far up (or down) from its value the count must be movable, and isn't known to."""
        if self.mark is Mark.SMALL:
            known = self.highest if more else self.lowest
            limit = LARGEST_SMALL if more else 1
            return 0 if known == limit else abs(limit - self.value)
        if self.highest - self.lowest >= POSSIBLE_VALUES - 1:
            return 0
        other_way = self.value - self.lowest if more else self.highest - self.value
        return POSSIBLE_VALUES - 1 - other_way


@dataclass(slots=True, frozen=True)
class _Step:
    """A count passed on the way from one node to another, which makes it one more (or fewer)."""

    count: Count
    more: bool
    end: int


_Nodes = dict[int, list[_Step]]


def protect(counts: Sequence[Count]) -> bool:
    """Hide what more must be hidden for the hidden counts to stay so, the least costly first.

    Afterwards a `SMALL` count can have each value from 1 to 4, and every other hidden one at least
    four values, for somebody who knows all that is shown and what each mark means.

    Returns:
        Whether that could be had. If not, the marks protect nothing.
    """
    nodes: _Nodes = {}
    for count in counts:
        nodes.setdefault(count.tail, []).append(_Step(count, True, count.head))
        nodes.setdefault(count.head, []).append(_Step(count, False, count.tail))
    waiting = [count for count in counts if count.hidden]
    while waiting:
        count = waiting.pop()
        for hide, more in product((False, True), (True, False)):
            waiting += _move(nodes, _Step(count, more, -1), hide=hide)
            _remember(counts)
        if count.missing(more=True) or count.missing(more=False):
            return False
    return True


def _move(nodes: _Nodes, wanted: _Step, *, hide: bool) -> list[Count]:
    """Move a count as far as it should be, if it can be, and return what had to be hidden for it."""
    hidden: list[Count] = []
    count, more = wanted.count, wanted.more
    left = min(count.missing(more=more), count.room(more=more))
    while left > 0:
        way = _cheapest_way(nodes, wanted, hide=hide)
        if not way:
            break
        units = min(left, *(step.count.room(more=step.more) for step in way))
        for step in way:
            step.count.moved += units if step.more else -units
            if not step.count.hidden:
                step.count.mark = Mark.COVER
                hidden.append(step.count)
        count.moved += units if more else -units
        left -= units
    return hidden


def _remember(counts: Sequence[Count]) -> None:
    """Note the values that the counts had in an alternative, and go back to the true ones."""
    for count in counts:
        if count.moved:
            now = count.value + count.moved
            count.lowest, count.highest = min(count.lowest, now), max(count.highest, now)
            count.moved = 0


def _cheapest_way(nodes: _Nodes, past: _Step, *, hide: bool) -> list[_Step]:
    """Return the way that hides least from one end of a count to the other past it, if there is one.

    `hide` tells whether it may pass counts that are not hidden yet.
    """
    count = past.count
    start, goal = (count.head, count.tail) if past.more else (count.tail, count.head)
    came: dict[int, tuple[int, _Step]] = {}
    costs = {start: 0}
    queue = [(0, start)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == goal:
            return _way_back(came, start, goal)
        for step in nodes[node]:
            price = step.count.price
            open_to = step.count is not count and (hide or not price)
            longer = cost + price
            if open_to and longer < costs.get(step.end, _FAR) and step.count.room(more=step.more):
                costs[step.end] = longer
                came[step.end] = (node, step)
                heapq.heappush(queue, (longer, step.end))
    return []


def _way_back(came: dict[int, tuple[int, _Step]], start: int, goal: int) -> list[_Step]:
    way: list[_Step] = []
    while goal != start:
        goal, step = came[goal]
        way.append(step)
    return way
