"""What a day's placement list comes to: by month, and in a few numbers.

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
from core.queries.placement_choices import (
    EVERYTHING,
    Choices,
    chosen_rows,
    refuse_caseworkers,
)
from core.queries.placement_facts import AREAS, Placed
from core.queries.placements import PlacementRow, without_case
from core.queries.retained import KeptCost
from core.rules import placements as rules
from core.rules.dates import ONE_DAY, month_end, month_of, months_between, year_of
from core.rules.placements import CostPart
from core.rules.retention import Kept

MONTH_COLUMNS = ("month", "paid", "committed")
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


@dataclass(frozen=True, slots=True)
class YearParts:
    """A placement's days of a day's year: those paid by the day, and those committed after it."""

    placed: Placed
    paid: tuple[CostPart, ...]
    committed: tuple[CostPart, ...]


@cached(*AREAS)
def month_costs(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    choices: Choices = EVERYTHING,
    with_case: bool = False,
) -> pd.DataFrame:
    """Return the twelve months of a day's year: columns `month`, `paid`, `committed`.

    `month` is its first day; `paid` is the cost through the day and `committed` the cost after it,
    in kronor. All months together are the list's `full_year`. Removed placements count unless the
    list is narrowed.
    """
    year = year_of(on)
    months = months_between(year.start, year.end)
    paid, committed = dict.fromkeys(months, Decimal(0)), dict.fromkeys(months, Decimal(0))
    for one in chosen_parts(session, scope, on=on, choices=choices, with_case=with_case):
        for part in one.paid:
            paid[part.month] += part.cost
        for part in one.committed:
            committed[part.month] += part.cost
    for row in _removed_costs(session, scope, on, choices):
        for month in months:
            paid[month] += row.cost(month, min(on, month_end(month))).cost
            committed[month] += row.cost(max(month, on + ONE_DAY), month_end(month)).cost
    return frame([(month, paid[month], committed[month]) for month in months], MONTH_COLUMNS)


@cached(*AREAS)
def placement_summary(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    choices: Choices = EVERYTHING,
    with_case: bool = False,
) -> PlacementSummary:
    """Return the list of a day in a few numbers. Removed placements count unless it is narrowed."""
    refuse_caseworkers(choices, with_case=with_case)
    rows = chosen_rows(session, scope, on=on, with_case=True, choices=choices)
    overdue = [row for row in rows if row.review_overdue]
    families = [row for row in rows if row.family_in_hotel]
    past = _removed(session, scope, on, choices)
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


def _removed(session: Session, scope: Scope, on: dt.date, choices: Choices) -> _Removed:
    month, year, after = month_of(on), year_of(on), on + ONE_DAY
    costs = _removed_costs(session, scope, on, choices)
    counts = Counter[Kept]()
    if choices == EVERYTHING:
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


def _removed_costs(session: Session, scope: Scope, on: dt.date, choices: Choices) -> list[KeptCost]:
    """Return what removed placements cost in a day's year: nothing of a narrowed list.

    They are summed up without what most choices ask about.
    """
    if choices != EVERYTHING:
        return []
    return retained.costs(session, scope, on=on, since=year_of(on).start)


def chosen_parts(
    session: Session, scope: Scope, *, on: dt.date, choices: Choices, with_case: bool
) -> list[YearParts]:
    """Return the days of the placements that the choices let through, ordered by reference."""
    parts = year_parts(session, scope, on=on)
    if choices == EVERYTHING:
        return list(parts)
    rows = chosen_rows(session, scope, on=on, with_case=with_case, choices=choices)
    wanted = {row.id for row in rows}
    return [one for one in parts if one.placed.id in wanted]


@cached(*AREAS)
def year_parts(session: Session, scope: Scope, *, on: dt.date) -> tuple[YearParts, ...]:
    """Return each placement's paid and committed days of the day's year, ordered by reference."""
    year = year_of(on)
    return tuple(
        YearParts(
            placed,
            tuple(rules.interval_parts(placed.facts, year.start, on, on)),
            tuple(rules.interval_parts(placed.facts, on + ONE_DAY, year.end, on)),
        )
        for placed in placement_facts.of_year(session, scope, on=on)
    )


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
