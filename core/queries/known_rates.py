"""Which day rates were known on an earlier day, by when they were registered.

Everything else of a placement counts by its own date (domain: As of d). A rate that begins after
the day asked for is known on it only if it had been registered.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from core.auth import Scope
from core.clock import STOCKHOLM
from core.models import Area, DayRate, Placement
from core.queries.cache import cached
from core.queries.placement_facts import Placed
from core.rules.cost_bridge import RegisteredRate, rates_known
from core.rules.placements import PlacementFacts

LaterRates = Mapping[int, tuple[RegisteredRate, ...]]


@cached(Area.PLACEMENTS, until=None)
def later_rates(session: Session, scope: Scope, *, since: dt.date) -> LaterRates:
    """Return the unit's rates that begin after a day, by placement, those voided since included.

    Of placements that had not ended by the day; one without such a rate has no entry.
    """
    found: defaultdict[int, list[RegisteredRate]] = defaultdict(list)
    rows = list(session.execute(_rates(scope, since).where(col(DayRate.voided_at).is_(None))))
    if rows:  # a rate that was replaced has left another in its place
        rows += session.execute(_rates(scope, since).where(col(DayRate.voided_at).is_not(None)))
    for placement_id, valid_from, amount, registered, voided, _ in sorted(rows, key=_in_order):
        rate = RegisteredRate(valid_from, amount, _day(registered), voided and _day(voided))
        found[placement_id].append(rate)
    return {placement_id: tuple(rates) for placement_id, rates in found.items()}


def known(
    placed: Placed, later: LaterRates, *, since: dt.date, on: dt.date, today: dt.date
) -> PlacementFacts:
    """Return a placement with the rates that were known on a day; on today's, all of them.

    `later` are the `later_rates` since a day that is not after `on`.
    """
    if on >= today or placed.id not in later:
        return placed.facts
    begun = tuple(rate for rate in placed.facts.rates if rate.valid_from <= since)
    rates = rates_known(later[placed.id], placed.facts.starts_on, on)
    return replace(placed.facts, rates=begun + rates)


def _rates(scope: Scope, since: dt.date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(DayRate.placement_id),
            col(DayRate.valid_from),
            col(DayRate.amount),
            col(DayRate.created_at),
            col(DayRate.voided_at),
            col(DayRate.id),
        )
        .join(Placement, col(Placement.id) == col(DayRate.placement_id))
        .where(col(Placement.unit_id) == scope.unit_id)
        .where(col(Placement.voided_at).is_(None))
        .where(or_(col(Placement.ended_on).is_(None), col(Placement.ended_on) > since))
        .where(col(DayRate.valid_from) > since)
    )


def _in_order(row: Any) -> tuple[dt.date, int]:
    return row[1], row[-1]


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(STOCKHOLM).date()
