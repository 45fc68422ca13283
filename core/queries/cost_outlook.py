"""What placements may cost for the rest of the year, and how earlier estimates did.

Lengths of stay are the whole unit's, whatever the scope; what runs and what comes is the scope's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Case, Placement, PlacementKind
from core.queries import known_rates, placement_facts, retained
from core.queries.budget import AREAS as BUDGET_AREAS
from core.queries.budget import budget_table
from core.queries.cache import cached
from core.queries.known_rates import LaterRates
from core.queries.placement_facts import AREAS, Placed
from core.queries.placement_sums import month_costs
from core.rules.cost_fan import (
    PACE_DAYS,
    ZERO,
    Fan,
    FanFacts,
    Fixed,
    KindFacts,
    StayDates,
    ended_by,
    fan,
)
from core.rules.dates import ONE_DAY, Period, month_end, months_between, year_of
from core.rules.fan_trials import Record, Trial, records, trials
from core.rules.placements import cost

EARLIER_YEARS = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """The year's cost so far and what it may become, in kronor.

    `fan` is None when too few stays have ended; `ended` counts them. `paid` is the cost through
    each month of the year that has begun, the last one through the day. `budget` is that of the
    lines that pay placements, None for a part of the unit and where no line does.
    """

    fan: Fan | None
    ended: int
    paid: tuple[tuple[dt.date, Decimal], ...]
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class TrialYear:
    """How the estimates at a closed year's month ends did, for the whole unit.

    `records` are by kind, all together last; `without` counts the month ends with too little
    history to estimate anything.
    """

    year: int
    records: tuple[Record, ...]
    without: int


@cached(*BUDGET_AREAS)
def outlook(session: Session, scope: Scope, *, on: dt.date, today: dt.date) -> Outlook:
    """Return the outlook of a day's year as known on the day."""
    unit, year = Scope(scope.unit_id), year_of(on)
    history = _history(session, unit)
    since = min(year.start, on - dt.timedelta(days=PACE_DAYS))
    placed = placement_facts.in_scope(_between(session, unit, Period(since, year.end)), scope, on)
    later = known_rates.later_rates(session, unit, since=on)
    given = FanFacts(
        on=on,
        history=history,
        placements=_kind_facts(placed, later, since=on, on=on, today=today),
        fixed=_removed(session, scope, on),
    )
    return Outlook(
        fan=fan(given),
        ended=ended_by(history, on),
        paid=_paid(session, scope, on),
        budget=_budget(session, scope, on),
    )


def trial_years(session: Session, scope: Scope, *, on: dt.date) -> tuple[TrialYear, ...]:
    """Return how the estimates of the years before a day's did, the latest first.

    A year in which nothing was placed is left out. Placements of removed cases are in neither the
    estimates nor the outcomes.
    """
    unit = Scope(scope.unit_id)
    years = (on.year - back for back in range(1, EARLIER_YEARS + 1))
    found = (_trial_year(session, unit, end=dt.date(year, 12, 31)) for year in years)
    return tuple(year for year in found if year.records or year.without)


@cached(*AREAS, until="end")
def _trial_year(session: Session, scope: Scope, *, end: dt.date) -> TrialYear:
    """Return how the estimates did at the month ends of the year that closed on a day."""
    year = year_of(end)
    history = _history(session, scope)
    since = year.start - ONE_DAY
    placed = _between(session, scope, Period(since - dt.timedelta(days=PACE_DAYS), end))
    later = known_rates.later_rates(session, scope, since=since)
    outcomes = _outcomes(placed, year)
    made: list[Trial] = []
    without = 0
    for month in months_between(year.start, year.end)[:-1]:
        on = month_end(month)
        kinds = _kind_facts(placed, later, since=since, on=on, today=dt.date.max)
        found = fan(FanFacts(on, history, kinds))
        if found is not None:
            made += trials(found, outcomes)
        elif outcomes:
            without += 1
    return TrialYear(year.start.year, records(made) if outcomes else (), without)


@cached(*AREAS, until=None)
def _history(session: Session, scope: Scope) -> tuple[StayDates, ...]:
    """Return the unit's stays."""
    rows = session.execute(
        select(col(PlacementKind.name), col(Placement.starts_on), col(Placement.ended_on))
        .join(PlacementKind, col(PlacementKind.id) == col(Placement.kind_id))
        .join(Case, col(Case.id) == col(Placement.case_id))
        .where(col(Placement.unit_id) == scope.unit_id)
        .where(col(Placement.voided_at).is_(None), col(Case.voided_at).is_(None))
    )
    return tuple(StayDates(*row) for row in rows)


@cached(*AREAS, until=None)
def _between(session: Session, scope: Scope, period: Period) -> tuple[Placed, ...]:
    """Return the unit's placements with a day in a period."""
    return placement_facts.of_interval(
        session, scope, start=period.start, end=period.end, today=period.end
    )


def _kind_facts(
    placed: Iterable[Placed], later: LaterRates, *, since: dt.date, on: dt.date, today: dt.date
) -> Sequence[KindFacts]:
    return tuple(
        KindFacts(one.kind, known_rates.known(one, later, since=since, on=on, today=today))
        for one in placed
    )


def _outcomes(placed: Iterable[Placed], year: Period) -> dict[str, Decimal]:
    """Return what each kind came to cost in a closed year, those that cost nothing left out."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in placed:
        sums[one.kind] += cost(one.facts, year.start, year.end)
    return {kind: amount for kind, amount in sums.items() if amount}


def _removed(session: Session, scope: Scope, on: dt.date) -> dict[str, Fixed]:
    year = year_of(on)
    found: dict[str, Fixed] = {}
    for row in retained.costs(session, scope, on=on, since=year.start):
        before = found.get(row.kind, Fixed())
        found[row.kind] = Fixed(
            before.to_date + row.cost(year.start, on).cost,
            before.ahead + row.cost(on + ONE_DAY, year.end).cost,
        )
    return found


def _paid(session: Session, scope: Scope, on: dt.date) -> tuple[tuple[dt.date, Decimal], ...]:
    paid = list(month_costs(session, scope, on=on)["paid"])[: on.month]
    ends = (month_end(month) for month in months_between(year_of(on).start, on))
    return tuple(zip((min(day, on) for day in ends), accumulate(paid), strict=True))


def _budget(session: Session, scope: Scope, on: dt.date) -> Decimal | None:
    if scope.group_id is not None or scope.caseworker_id is not None:
        return None
    lines = budget_table(session, scope, on=on).lines
    paying = [line.figures.budget for line in lines if line.pays_placements]
    return sum(paying, ZERO) if paying else None
