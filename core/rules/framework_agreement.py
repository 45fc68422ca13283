"""What lies outside the framework agreement, and what that costs more.

A day *outside* is a paid or committed day on which the contract valid that day is individavtal.
Its *extra cost* is its day rate less the average day rate of the unit's ramavtal days of the same
kind in the same period, each day weighing alike. Egen regi and LOV are neither outside nor part of
the average. Without a ramavtal day of the kind there is nothing to compare with, and no value.

A negative extra cost is kept: outside was then cheaper. Amounts are kronor, unrounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.rules.placements import DaysCost
from core.rules.shares import share
from core.terms import Contract

OUTSIDE = Contract.INDIVIDUAL
COMPARED_WITH = Contract.FRAMEWORK
NO_DAYS = DaysCost(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class OutsideTotal:
    """Days outside of several kinds together.

    `extra` is None when no day outside has anything to be compared with; `not_compared` are the days
    outside that it leaves out.
    """

    outside: DaysCost
    extra: Fraction | None
    not_compared: DaysCost


def average_rate(paid: DaysCost) -> Fraction | None:
    """Return what a day costs on average, None without days."""
    return share(paid.cost, paid.days)


def extra_cost(outside: DaysCost, framework: DaysCost) -> Fraction | None:
    """Return what days outside cost more than as many days on the framework agreement.

    Args:
        outside: Days outside, of one kind.
        framework: The unit's ramavtal days of that kind in the same period.

    Returns:
        Kronor; 0 without days outside, and None without ramavtal days to compare with.
    """
    if outside.days == 0:
        return Fraction(0)
    usual = average_rate(framework)
    return None if usual is None else Fraction(outside.cost) - outside.days * usual


def outside_total(kinds: Iterable[tuple[DaysCost, DaysCost]]) -> OutsideTotal:
    """Return several kinds together, each given as its days outside and its ramavtal days."""
    outside = not_compared = NO_DAYS
    extra, compared = Fraction(0), False
    for own, framework in kinds:
        outside = added(outside, own)
        more = extra_cost(own, framework)
        if more is None:
            not_compared = added(not_compared, own)
        else:
            extra, compared = extra + more, compared or own.days > 0
    has_value = compared or outside.days == 0
    return OutsideTotal(outside, extra if has_value else None, not_compared)


def added(one: DaysCost, other: DaysCost) -> DaysCost:
    """Return two sums of days and cost together."""
    return DaysCost(one.days + other.days, one.cost + other.cost)
