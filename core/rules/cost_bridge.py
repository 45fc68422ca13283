"""The bridge from one prognosis to the next: which kronor of the year's cost come from what.

The year's cost as known on a day is what is paid through it and the committed days after it
(`core.rules.placements.interval_cost`). Facts count by their own dates, as everywhere, with one
exception: a rate that begins after the day is known on it only if it was registered by then. A
prognosis of September did not hold a price that was registered in October.

Each placement's difference is divided in this order, which leaves nothing over:

1. Not known on the first day: all of it is *new*.
2. Its paid days, at the rates known on the first day. Fewer days: *ended* if it has ended, else
   *shortened*. More days: *extended* up to the planned end of a decision made in between, *overrun*
   after it: it ran on past its planned end.
3. The rates of the days that are paid now: *contract* on days that another provider or contract
   holds than was known on the first day, else *rate*.

A placement that one of the days does not count (its case changed hands) is *other*.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from core.rules.dates import ONE_DAY, Period
from core.rules.placements import (
    PlacementFacts,
    Rate,
    cost,
    decision_on,
    interval_cost,
    is_known,
    known_end,
    last_committed_day,
    planned_end,
)
from core.terms import BridgeCause

Parts = Mapping[BridgeCause, Decimal]


@dataclass(frozen=True, slots=True)
class RegisteredRate:
    """A day rate with the days on which it was registered and, if it was replaced, voided."""

    valid_from: dt.date
    amount: Decimal
    registered_on: dt.date
    voided_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The two days that are compared, and the year whose cost they tell of."""

    before: dt.date
    after: dt.date
    year: Period


def rates_known(
    rates: Iterable[RegisteredRate], starts_on: dt.date, on: dt.date
) -> tuple[Rate, ...]:
    """Return the rates of a placement that are known on a day, in the order given.

    Those that begin by the day, or with the placement, as they are now; of later ones those that
    were registered by the day and not voided by it.
    """
    begun = max(on, starts_on)
    return tuple(
        Rate(rate.valid_from, rate.amount)
        for rate in rates
        if (rate.voided_on is None if rate.valid_from <= begun else _stood(rate, on))
    )


def year_cost(p: PlacementFacts | None, year: Period, on: dt.date) -> Decimal:
    """Return a placement's cost of a year as known on a day; nothing for one that doesn't count."""
    return Decimal(0) if p is None else interval_cost(p, year.start, year.end, on)


def parts(before: PlacementFacts | None, after: PlacementFacts | None, span: Span) -> Parts:
    """Return the difference in a placement's cost of the year by cause; no cause with 0 kronor.

    Args:
        before: The placement with the rates known on the first day, None if it doesn't count then.
        after: The same placement with the rates known on the second day, None as above.
        span: The days and the year.

    The parts add up to `year_cost(after) - year_cost(before)` exactly.
    """
    if before is None or after is None or not is_known(before, span.before):
        difference = year_cost(after, span.year, span.after) - year_cost(
            before, span.year, span.before
        )
        known = before is None and after is not None and is_known(after, span.before)
        moved = after is None or known
        found = {BridgeCause.OTHER if moved else BridgeCause.NEW: difference}
    else:
        found = _days_parts(before, after, span)
        if before.rates != after.rates:
            found |= _rate_parts(before, after, span)
    return {cause: amount for cause, amount in found.items() if amount}


def _days_parts(
    before: PlacementFacts, after: PlacementFacts, span: Span
) -> dict[BridgeCause, Decimal]:
    """Return what more or fewer paid days cost, at the rates known before."""
    then = last_committed_day(before, span.before, span.year.end)
    now = last_committed_day(after, span.after, span.year.end)
    if now <= then:
        ended = known_end(after, span.after) is not None
        cause = BridgeCause.ENDED if ended else BridgeCause.SHORTENED
        return {cause: _between(before, span, then, now)}
    decided = then
    if any(span.before < decision.decided_on <= span.after for decision in after.decisions):
        planned = planned_end(after, span.after)
        decided = now if planned is None else min(max(planned, then), now)
    return {
        BridgeCause.EXTENDED: _between(before, span, then, decided),
        BridgeCause.OVERRUN: _between(before, span, decided, now),
    }


def _between(p: PlacementFacts, span: Span, then: dt.date, now: dt.date) -> Decimal:
    """Return what it costs that the last paid day of the year is another."""
    running = replace(p, ended_on=None)
    return cost(running, span.year.start, now) - cost(running, span.year.start, then)


def _rate_parts(
    before: PlacementFacts, after: PlacementFacts, span: Span
) -> dict[BridgeCause, Decimal]:
    """Return what other rates cost on the days that are paid as known on the second day."""
    last = last_committed_day(after, span.after, span.year.end)
    old, new = (replace(p, ended_on=None) for p in (before, after))
    decided = {d.decided_on for d in after.decisions if span.before < d.decided_on <= span.after}
    starts = sorted({span.year.start, *(day for day in decided if span.year.start < day <= last)})
    sums: defaultdict[BridgeCause, Decimal] = defaultdict(Decimal)
    for first, following in pairwise([*starts, max(last, span.year.start - ONE_DAY) + ONE_DAY]):
        end = following - ONE_DAY
        bought = _bought(before, min(first, span.before)) == _bought(after, min(first, span.after))
        cause = BridgeCause.RATE if bought else BridgeCause.CONTRACT
        sums[cause] += cost(new, first, end) - cost(old, first, end)
    return sums


def _bought(p: PlacementFacts, on: dt.date) -> tuple[object, ...]:
    decision = decision_on(p, on)
    return () if decision is None else (decision.provider, decision.contract)


def _stood(rate: RegisteredRate, on: dt.date) -> bool:
    return rate.registered_on <= on and (rate.voided_on is None or rate.voided_on > on)
