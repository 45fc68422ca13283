"""What the unit's whole budget left over in earlier years: as documents state it, and as booked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, YearResult
from core.queries import budget
from core.queries.cache import cached
from core.rules import budget as rules
from core.rules.accuracy import is_closed


@dataclass(frozen=True, slots=True)
class Result:
    """A year's budget - outcome in kronor, above 0 a surplus.

    `source` is the document that states it; empty for the unit's own lines and outcome, which have
    `budget` and `outcome` too.
    """

    year: int
    result: Decimal
    source: str = ""
    budget: Decimal | None = None
    outcome: Decimal | None = None


@cached(Area.BUDGET)
def year_results(session: Session, scope: Scope, *, on: dt.date) -> tuple[Result, ...]:
    """Return the results of the years before a day's, latest first.

    A year of the unit's own lines counts when its December is booked by the day. A year that a
    document tells of too has both.
    """
    return tuple(
        sorted(
            [*_stated(session, scope, on.year), *_booked(session, scope, on)],
            key=lambda one: (-one.year, one.source),
        )
    )


def _stated(session: Session, scope: Scope, before: int) -> list[Result]:
    rows = session.execute(
        select(col(YearResult.year), col(YearResult.amount), col(YearResult.source_name))
        .where(col(YearResult.unit_id) == scope.unit_id)
        .where(col(YearResult.voided_at).is_(None), col(YearResult.year) < before)
    )
    return [Result(*row) for row in rows]


def _booked(session: Session, scope: Scope, on: dt.date) -> list[Result]:
    lines = budget.lines_of(session, scope.unit_id, 0, on.year - 1)
    outcomes = budget.outcomes_of(session, scope.unit_id, 0, on.year - 1)
    found = []
    for year in sorted({line.year for line in lines}):
        of_year = [line for line in lines if line.year == year]
        if not is_closed((row for line in of_year for row in outcomes[line.id]), year, on):
            continue
        december = dt.date(year, rules.MONTHS, 1)
        given = sum((line.amount for line in of_year), Decimal(0))
        spent = sum(
            (
                rules.outcome_to(rules.booked_amounts(outcomes[line.id], on), december)
                for line in of_year
            ),
            Decimal(0),
        )
        found.append(Result(year, given - spent, "", given, spent))
    return found
