"""What removed placements cost, kept so that every day's placement figures stay what they were.

A placement costs something on a paid day as known on a day: both days matter, as what is committed
is not what comes to be paid. So the changes have two days. The cost of a paid day x as known on a
day d is the sum of the changes known by d on paid days by x.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.rules.cases import as_of
from core.rules.dates import ONE_DAY
from core.rules.placements import (
    DaysCost,
    PlacementFacts,
    decision_on,
    is_known,
    last_committed_day,
    rate_on,
)
from core.rules.retention import Holding
from core.terms import Contract


class Rates(NamedTuple):
    """How many placements, and what they cost a day together in kronor."""

    number: int
    amount: Decimal


NOTHING = Rates(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class CostKey:
    """What a cost is split by: its kind, whose the case is, and the decision's content."""

    kind_id: int
    caseworker_id: int | None
    group_id: int | None
    contract: Contract | None
    provider: str | None


CostChanges = dict[tuple[CostKey, dt.date, dt.date], Rates]
"""Changes by key, the day they are known and the paid day they hold from."""


def cost_changes(p: PlacementFacts, kind_id: int, held: tuple[Holding, ...]) -> CostChanges:
    """Return what an ended placement changes the cost by.

    `held` is whose its case was. What is known changes where a decision is made, a planned end
    passes, the case changes hands, and when it starts and ends.
    """
    days = {p.starts_on, *(row.valid_from for row in held)}
    days |= {decision.decided_on for decision in p.decisions}
    days |= {d.planned_end_on + ONE_DAY for d in p.decisions if d.planned_end_on is not None}
    if p.ended_on is not None:
        days.add(p.ended_on)
    found: CostChanges = {}
    before: Mapping[tuple[CostKey, dt.date], Rates] = {}
    for known in sorted(days):
        now = _profile(p, kind_id, as_of(held, known) or Holding(known), known)
        for key, paid in now.keys() | before.keys():
            new, old = now.get((key, paid), NOTHING), before.get((key, paid), NOTHING)
            if new != old:
                found[key, known, paid] = Rates(new.number - old.number, new.amount - old.amount)
        before = now
    return found


def added(parts: Iterable[CostChanges]) -> CostChanges:
    """Return several placements' changes together, those that cancel out left out."""
    sums: CostChanges = {}
    for part in parts:
        for at, change in part.items():
            before = sums.get(at, NOTHING)
            sums[at] = Rates(before.number + change.number, before.amount + change.amount)
    return {at: change for at, change in sums.items() if change != NOTHING}


def days_cost(change: Rates, paid_from: dt.date, start: dt.date, end: dt.date) -> DaysCost:
    """Return the paid days in start..end, and their cost, of a change from a paid day on."""
    days = max(0, (end - max(start, paid_from)).days + 1)
    return DaysCost(days * change.number, days * change.amount)


def _profile(
    p: PlacementFacts, kind_id: int, holder: Holding, known: dt.date
) -> dict[tuple[CostKey, dt.date], Rates]:
    """Return how the daily cost changes from paid day to paid day, as known on one day."""
    last = last_committed_day(p, known, dt.date.max)
    if not is_known(p, known) or last < p.starts_on:
        return {}
    breaks = {p.starts_on, *(rate.valid_from for rate in p.rates)}
    breaks |= {d.decided_on for d in p.decisions if d.decided_on <= known}
    steps: dict[tuple[CostKey, dt.date], Rates] = {}

    def add(key: CostKey, day: dt.date, number: int, amount: Decimal) -> None:
        before = steps.get((key, day), NOTHING)
        steps[key, day] = Rates(before.number + number, before.amount + amount)

    running: tuple[CostKey, Decimal] | None = None
    for day in sorted(day for day in breaks if p.starts_on <= day <= last):
        decision = decision_on(p, min(day, known))
        key = CostKey(
            kind_id,
            holder.caseworker_id,
            holder.group_id,
            decision.contract if decision else None,
            decision.provider if decision else None,
        )
        if running is not None:
            add(running[0], day, -1, -running[1])
        running = (key, rate_on(p, day))
        add(key, day, 1, running[1])
    if running is not None and last < dt.date.max:
        add(running[0], last + ONE_DAY, -1, -running[1])
    return steps
