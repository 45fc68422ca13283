"""The monthly walk-through: which placements come up in what order, and what it changed in kronor.

The effect of a walk-through on the year is the sum of what each placement that it decided on cost
the year after the decision less what it cost before (`full_year`, as known on the meeting's day).
Each placement's own effect is split by calendar month, and the months add up to it. Amounts are
kronor; a saving is negative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.rules.dates import add_months, month_end
from core.rules.framework_agreement import OUTSIDE
from core.rules.placements import PlacementFacts, interval_cost
from core.terms import Contract, WalkThroughOrder, WalkThroughOutcome

MONTHS = 12
NOTHING = Decimal(0)
NO_MONTHS = (NOTHING,) * MONTHS


class Listed(Protocol):
    """What decides whether a placement comes up, and when."""

    @property
    def id(self) -> int:
        """Return its id."""
        ...

    @property
    def reference(self) -> str:
        """Return its reference."""
        ...

    @property
    def running(self) -> bool:
        """Tell whether it runs on the day."""
        ...

    @property
    def review_overdue(self) -> bool:
        """Tell whether its review is overdue."""
        ...

    @property
    def full_year(self) -> Decimal:
        """Return its cost of the year."""
        ...

    @property
    def contract(self) -> Contract | None:
        """Return the contract valid on the day."""
        ...


@dataclass(frozen=True, slots=True)
class Decided:
    """What a walk-through decided on a placement, and what the year cost before and after it.

    `months` is what each month of the year, from January, became dearer.
    """

    outcome: WalkThroughOutcome
    full_year_before: Decimal
    full_year_after: Decimal
    months: tuple[Decimal, ...] = NO_MONTHS

    @property
    def effect(self) -> Decimal:
        """Return what the year became dearer."""
        return self.full_year_after - self.full_year_before


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """How many placements got an outcome, and what the year became dearer by them."""

    placements: int
    effect: Decimal


def queue(rows: Iterable[Listed], order: WalkThroughOrder) -> tuple[int, ...]:
    """Return the ids of the running placements that come up, in order.

    Within what comes first, and after it, by reference. Of equal cost likewise.
    """
    running = [row for row in rows if row.running]
    if order is WalkThroughOrder.OVERDUE:
        running = [row for row in running if row.review_overdue]
    first = _FIRST[order]
    return tuple(row.id for row in sorted(running, key=lambda row: (first(row), row.reference)))


def month_costs(p: PlacementFacts, on: dt.date) -> tuple[Decimal, ...]:
    """Return the cost of each month of the year of `on`, from January, committed days included.

    Added up they are the full year as known on the day.
    """
    months = [dt.date(on.year, 1 + n, 1) for n in range(MONTHS)]
    return tuple(interval_cost(p, month, month_end(month), on) for month in months)


def month_effects(
    before: PlacementFacts, after: PlacementFacts, on: dt.date
) -> tuple[Decimal, ...]:
    """Return what each month of the year of `on`, from January, became dearer."""
    pairs = zip(month_costs(before, on), month_costs(after, on), strict=True)
    return tuple(then - now for now, then in pairs)


def effect(items: Iterable[Decided]) -> Decimal:
    """Return what the year became dearer by a walk-through."""
    return sum((item.effect for item in items), NOTHING)


def effect_by_outcome(items: Iterable[Decided]) -> dict[WalkThroughOutcome, OutcomeSum]:
    """Return how many got each outcome and its effect on the year; every outcome has an entry."""
    given = list(items)
    return {
        outcome: OutcomeSum(
            sum(item.outcome is outcome for item in given),
            effect(item for item in given if item.outcome is outcome),
        )
        for outcome in WalkThroughOutcome
    }


def effect_by_month(items: Iterable[Decided]) -> tuple[Decimal, ...]:
    """Return what each month of the year, from January, became dearer by a walk-through."""
    sums = [NOTHING] * MONTHS
    for item in items:
        sums = [one + more for one, more in zip(sums, item.months, strict=True)]
    return tuple(sums)


def next_day(held_on: dt.date) -> dt.date:
    """Return the day that is suggested for the next review: the same day the month after."""
    return add_months(held_on, 1)


def suggested_end(held_on: dt.date, planned_end: dt.date | None = None) -> dt.date:
    """Return the last day that is suggested where a placement is to end, never a later one.

    The next month's last day, or the planned end if that comes before it and hasn't passed.
    """
    last = month_end(add_months(held_on, 1))
    return planned_end if planned_end is not None and held_on <= planned_end < last else last


_FIRST: dict[WalkThroughOrder, Callable[[Listed], Decimal | bool]] = {
    WalkThroughOrder.ALL: lambda _row: False,
    WalkThroughOrder.OVERDUE: lambda _row: False,
    WalkThroughOrder.DEAREST: lambda row: -row.full_year,
    WalkThroughOrder.OUTSIDE: lambda row: row.contract is not OUTSIDE,
}
