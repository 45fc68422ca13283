"""How the year's placement prognosis moved month by month, and how near earlier years' came.

A prognosis is the full-year figure as it was known at a month's end (domain: Placement): what is
dated later did not exist, whereas a day rate holds on its days whenever it was registered. The
cases are those in scope on that day. Removed placements count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile
from types import MappingProxyType

from sqlmodel import Session

from core.auth import Scope
from core.queries import placement_facts, retained
from core.queries.cache import cached
from core.queries.names import in_order
from core.queries.placement_facts import AREAS, Placed, in_scope
from core.rules import cost_engine
from core.rules.cost_engine import Ints, PlacementArrays
from core.rules.dates import year_of
from core.rules.prognosis_history import (
    PlacementHistory,
    Reading,
    YearHistory,
    earlier_years,
    reading_days,
)
from core.terms import ALL

YEARS_BACK = 3


@cached(*AREAS)
def placement_history(session: Session, scope: Scope, *, on: dt.date) -> PlacementHistory:
    """Return the prognosis of a day's year at its month ends so far, and of the years before it.

    Years before the list was in use are left out: the first one told of is one in which something
    was known already when its January ended.
    """
    years = (
        YearHistory(year, readings, readings[-1])
        for year in earlier_years(on, YEARS_BACK)
        if (readings := _readings(session, scope, year, on))
    )
    earlier = tuple(dropwhile(lambda year: not year.readings[0].of(ALL), years))
    this_year = YearHistory(on.year, _readings(session, scope, on.year, on), None)
    now = full_year_reading(session, scope, on=on)
    every = (*this_year.readings, now, *(one for year in earlier for one in year.readings))
    kinds = {kind for one in every for kind, amount in one.by_kind.items() if amount} - {ALL}
    return PlacementHistory(this_year, now, earlier, tuple(in_order(kinds)))


def _readings(session: Session, scope: Scope, year: int, on: dt.date) -> tuple[Reading, ...]:
    return tuple(full_year_reading(session, scope, on=day) for day in reading_days(year, on))


@cached(*AREAS)
def full_year_reading(session: Session, scope: Scope, *, on: dt.date) -> Reading:
    """Return the full-year figure of a day's year as known on the day. Of 31 December: the cost."""
    year, sums = year_of(on), {ALL: Decimal(0)}
    unit = _of_year(session, Scope(scope.unit_id), year=on.year)
    found = cost_engine.pieces(unit.arrays, year.start, year.end, on)
    paid = cost_engine.by_placement(found, len(unit.placed))
    for kind, amounts in unit.by_kind(paid.ore, in_scope(unit.placed, scope, on)).items():
        _add(sums, kind, cost_engine.kronor(amounts))
    for row in retained.costs(session, scope, on=on, since=year.start):
        _add(sums, row.kind, row.cost(year.start, year.end).cost)
    return Reading(on, MappingProxyType(sums))


@dataclass(frozen=True, slots=True, eq=False)
class _Year:
    """A unit's placements of a year, and the same as columns."""

    placed: tuple[Placed, ...]
    arrays: PlacementArrays

    def by_kind(self, ore: Ints, chosen: Sequence[Placed]) -> dict[str, int]:
        """Add up some of the placements' amounts by kind; `ore` has one for each of `placed`."""
        ids, sums = {one.id for one in chosen}, dict[str, int]()
        for one, amount in zip(self.placed, ore.tolist(), strict=True):
            if one.id in ids and amount:
                sums[one.kind] = sums.get(one.kind, 0) + amount
        return sums


@cached(*AREAS, until=None)
def _of_year(session: Session, scope: Scope, *, year: int) -> _Year:
    placed = placement_facts.of_year(session, scope, on=dt.date(year, 12, 31))
    return _Year(placed, cost_engine.arrays_of([one.facts for one in placed])[0])


def _add(sums: dict[str, Decimal], kind: str, amount: Decimal) -> None:
    sums[ALL] += amount
    sums[kind] = sums.get(kind, Decimal(0)) + amount
