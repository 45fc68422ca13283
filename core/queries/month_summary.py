"""The month on one page: budget, prognosis, placements, action plan and what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from core.auth import Scope
from core.queries.budget import BudgetRow, BudgetTable, budget_table
from core.queries.placement_sums import PlacementSummary, placement_summary
from core.queries.prognosis_rounds import RoundHead, limits, round_heads
from core.queries.savings import PlanLine, action_plan
from core.queries.underlying import underlying_table
from core.queries.walk_throughs import Meeting, meetings
from core.rules.dates import month_of
from core.rules.underlying import UnderlyingFigures


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """What a unit's month comes to on a day. Amounts are kronor.

    `placements` and `meetings` are of the reader's scope, the rest is the whole unit's. `large` are
    the lines whose deviation passes the unit's `limit`, the largest deficit first. `round` is the
    year's latest prognosis round by the day, None before the first. `meetings` are the
    walk-throughs held in the day's month by the day.
    """

    budget: BudgetTable
    placements: PlacementSummary
    plan: PlanLine
    underlying: UnderlyingFigures
    large: tuple[BudgetRow, ...]
    limit: Decimal
    round: RoundHead | None
    meetings: tuple[Meeting, ...]


def month_summary(
    session: Session, scope: Scope, placement_scope: Scope, *, on: dt.date
) -> MonthSummary:
    """Return the summary of a day's month: the figures of the pages that it gathers.

    `scope` is the unit's, `placement_scope` whose placements the reader may see. Made of cached
    reads only.
    """
    table, limit = budget_table(session, scope, on=on), limits(session, scope).limits.deviation
    known = [(row.figures.deviation, row) for row in table.lines]
    large = [(size, row) for size, row in known if size is not None and abs(size) > limit]
    month = month_of(on)
    heads = round_heads(session, scope, since=dt.date(on.year, 1, 1))
    return MonthSummary(
        budget=table,
        placements=placement_summary(session, placement_scope, on=on),
        plan=action_plan(session, scope, on=on).total,
        underlying=underlying_table(session, scope, on=on).total.figures,
        large=tuple(row for _, row in sorted(large, key=lambda one: one[0])),
        limit=limit,
        round=next((one for one in heads if one.made_on <= on), None),
        meetings=tuple(
            one for one in meetings(session, placement_scope) if month.start <= one.held_on <= on
        ),
    )
