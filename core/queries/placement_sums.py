"""What a day's placement list comes to: by month, by kind and so on, and in a few numbers.

Everything here is the list of `core.queries.placements` added up (domain: Placement).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlmodel import Session

from core.auth import Scope
from core.queries import placement_facts, retained
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.placement_facts import AREAS, Placed
from core.queries.placements import (
    NOTHING,
    PlacementRow,
    in_order,
    key_of,
    placement_rows,
    removed_costs,
    without_case,
)
from core.rules import placements as rules
from core.rules.dates import ONE_DAY, month_end, month_of, month_start, months_between, year_of
from core.rules.placements import CostPart
from core.rules.retention import Kept

MONTH_COLUMNS = ("month", "paid", "committed")
SPLIT_COLUMNS = ("key", "running", "month_cost", "full_year")
_COUNTED = (Kept.HOTEL, Kept.END_PASSED, Kept.REVIEW_OVERDUE)


@dataclass(frozen=True, slots=True)
class PlacementSummary:
    """The placement list of a day in a few numbers; amounts are kronor.

    `running` counts placements; `families_in_hotel` counts cases with children along in hotel or
    hostel. `reviews_overdue` counts running placements; `overdue` holds those of them that are still
    there, the dearest month first, and `families` those that keep a family in hotel, the longest
    first: without their cases.
    """

    running: int
    month_cost: Decimal
    month_committed: Decimal
    cost_to_date: Decimal
    committed: Decimal
    full_year: Decimal
    families_in_hotel: int
    planned_end_passed: int
    reviews_overdue: int
    overdue: tuple[PlacementRow, ...]
    families: tuple[PlacementRow, ...]


@cached(*AREAS)
def month_costs(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the twelve months of a day's year: columns `month`, `paid`, `committed`.

    `month` is its first day; `paid` is the cost through the day and `committed` the cost after it,
    in kronor. All months together are the list's `full_year`.
    """
    year, current = year_of(on), month_start(on)
    costs = dict.fromkeys(months_between(year.start, year.end), Decimal(0))
    paid = Decimal(0)
    for placed, parts in _year_parts(session, scope, on=on):
        paid += rules.interval_cost(placed.facts, current, on, on)
        for part in parts:
            costs[part.month] += part.cost
    for row in retained.costs(session, scope, on=on, since=year.start):
        paid += row.cost(current, on).cost
        for month in costs:
            costs[month] += row.cost(month, month_end(month)).cost
    rows = [
        (month, cost, Decimal(0)) if month < current else (month, Decimal(0), cost)
        for month, cost in costs.items()
    ]
    rows[on.month - 1] = (current, paid, costs[current] - paid)
    return frame(rows, MONTH_COLUMNS)


@cached(*AREAS)
def cost_split(session: Session, scope: Scope, *, on: dt.date, by: By) -> pd.DataFrame:
    """Return the list's sums by kind, contract, provider or group.

    Columns `key`, `running` (placements that run on the day), `month_cost` and `full_year` in
    kronor. A contract or provider is the one valid on each day, for `running` on the day asked for;
    a group is the one that holds the case on the day asked for.
    """
    month = month_start(on)
    sums: dict[str, tuple[int, Decimal, Decimal]] = {}
    for placed, parts in _year_parts(session, scope, on=on):
        if rules.runs_on(placed.facts, on):
            _add(sums, key_of(placed, rules.decision_on(placed.facts, on), on, by), running=1)
        for part in parts:
            key = key_of(placed, part.decision, on, by)
            this_month = part.cost if part.month == month else Decimal(0)
            _add(sums, key, month_cost=this_month, full_year=part.cost)
    for key, (running, this_month, whole_year) in _removed_split(session, scope, on, by).items():
        _add(sums, key, running=running, month_cost=this_month, full_year=whole_year)
    rows = [(key, *sums[key]) for key in in_order(sums)]
    return frame(rows, SPLIT_COLUMNS)


@cached(*AREAS)
def placement_summary(session: Session, scope: Scope, *, on: dt.date) -> PlacementSummary:
    """Return the list of a day in a few numbers."""
    rows = placement_rows(session, scope, on=on, with_case=True)
    overdue = [row for row in rows if row.review_overdue]
    families = [row for row in rows if row.family_in_hotel]
    past = _removed(session, scope, on)
    return PlacementSummary(
        running=sum(row.running for row in rows) + past.running,
        month_cost=_total(row.month_cost for row in rows) + past.month_cost,
        month_committed=_total(row.month_committed for row in rows) + past.month_committed,
        cost_to_date=_total(row.cost_to_date for row in rows) + past.cost_to_date,
        committed=_total(row.committed for row in rows) + past.committed,
        full_year=_total(row.full_year for row in rows) + past.cost_to_date + past.committed,
        families_in_hotel=len({row.case_id for row in families}) + past.counts[Kept.HOTEL],
        planned_end_passed=sum(row.planned_end_passed for row in rows)
        + past.counts[Kept.END_PASSED],
        reviews_overdue=len(overdue) + past.counts[Kept.REVIEW_OVERDUE],
        overdue=tuple(map(without_case, sorted(overdue, key=lambda row: -row.month_cost))),
        families=tuple(map(without_case, sorted(families, key=lambda row: row.starts_on))),
    )


@dataclass(frozen=True, slots=True)
class _Removed:
    """What removed placements add to a `PlacementSummary`."""

    running: int
    month_cost: Decimal
    month_committed: Decimal
    cost_to_date: Decimal
    committed: Decimal
    counts: Counter[Kept]


def _removed(session: Session, scope: Scope, on: dt.date) -> _Removed:
    month, year, after = month_of(on), year_of(on), on + ONE_DAY
    costs = retained.costs(session, scope, on=on, since=year.start)
    counts = Counter[Kept]()
    for row in retained.counts(session, scope, _COUNTED, [on]):
        counts[row.kept] += row.number
    return _Removed(
        running=retained.total(costs, on, on).days,
        month_cost=retained.total(costs, month.start, month.end).cost,
        month_committed=retained.total(costs, after, month.end).cost,
        cost_to_date=retained.total(costs, year.start, on).cost,
        committed=retained.total(costs, after, year.end).cost,
        counts=counts,
    )


@cached(*AREAS)
def _year_parts(
    session: Session, scope: Scope, *, on: dt.date
) -> tuple[tuple[Placed, tuple[CostPart, ...]], ...]:
    """Return each placement with its paid and committed days of the day's year."""
    year = year_of(on)
    return tuple(
        (placed, tuple(rules.interval_parts(placed.facts, year.start, year.end, on)))
        for placed in placement_facts.of_year(session, scope, on=on)
    )


def _removed_split(
    session: Session, scope: Scope, on: dt.date, by: By
) -> dict[str, tuple[int, Decimal, Decimal]]:
    """Return removed placements running on a day, and the cost of its month and year, by key."""
    month, year = month_of(on), year_of(on)
    running, this_month, whole_year = (
        removed_costs(session, scope, start=start, end=end, on=on, by=by)
        for start, end in ((on, on), (month.start, month.end), (year.start, year.end))
    )
    return {
        key: (
            running.get(key, NOTHING).days,
            this_month.get(key, NOTHING).cost,
            whole_year[key].cost,
        )
        for key in whole_year
    }


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _add(
    sums: dict[str, tuple[int, Decimal, Decimal]],
    key: str,
    *,
    running: int = 0,
    month_cost: Decimal = Decimal(0),
    full_year: Decimal = Decimal(0),
) -> None:
    before = sums.get(key, (0, Decimal(0), Decimal(0)))
    sums[key] = (before[0] + running, before[1] + month_cost, before[2] + full_year)
