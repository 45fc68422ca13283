"""The underlying result: outcome and prognosis without state grants and one-off items.

State grants (generalschabloner) and one-off items lie inside a line's outcome and come once; a
level that goes on is what is left without them. Amounts are net cost in kronor, income negative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.rules import budget
from core.terms import OneOffKind


@dataclass(frozen=True, slots=True)
class OneOff:
    """An amount inside a line's outcome of a month (its first day) that does not come back."""

    month: dt.date
    kind: OneOffKind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class UnderlyingFigures:
    """A line on a day with its state grants and one-off items apart; None is "no value".

    `outcome_to_date` = `grants` + `one_offs` + `underlying_to_date`, through the latest booked
    month. `underlying_prognosis` is the prognosis without the items of all months so far.
    `underlying_run_rate` carries the underlying outcome on and adds the items once.
    """

    outcome_to_date: Decimal | None
    grants: Decimal
    one_offs: Decimal
    underlying_to_date: Decimal | None
    prognosis: Decimal | None
    underlying_prognosis: Decimal | None
    run_rate: Fraction | None
    underlying_run_rate: Fraction | None


def underlying(
    line: budget.LineFigures, items: Iterable[OneOff], on: dt.date, booked: dt.date | None
) -> UnderlyingFigures:
    """Return a line's figures on a day. Items of months that begin after `on` do not exist.

    `booked` is the unit's latest booked month: later items are not in the outcome yet, but lie in
    the prognosis.
    """
    known = [item for item in items if item.month <= on and item.month.year == on.year]
    counted = [item for item in known if booked is not None and item.month <= booked]
    kept = line.outcome_to_date
    to_date = None if kept is None else kept - _sum(counted)
    prognosis, every = line.prognosis, _sum(known)
    carried = budget.run_rate(to_date, booked)
    return UnderlyingFigures(
        outcome_to_date=kept,
        grants=_sum(item for item in counted if item.kind is OneOffKind.STATE_GRANT),
        one_offs=_sum(item for item in counted if item.kind is OneOffKind.ONE_OFF),
        underlying_to_date=to_date,
        prognosis=prognosis,
        underlying_prognosis=None if prognosis is None else prognosis - every,
        run_rate=line.run_rate,
        underlying_run_rate=None if carried is None else carried + Fraction(every),
    )


def _sum(items: Iterable[OneOff]) -> Decimal:
    return sum((item.amount for item in items), Decimal(0))
