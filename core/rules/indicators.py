"""Indicators: the value that stands for a year, and how it fulfils the target (domain: Indicator).

Everything is compared unrounded, as exact fractions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.rules.dates import Period, year_of
from core.rules.shares import Number, share
from core.terms import Accumulation, Direction, Fulfilment

DEFAULT_TOLERANCE = Fraction(1, 10)
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value of a period, counting from `measured_on`. A % is 0-100."""

    period: Period
    measured_on: dt.date
    value: Number


def percent_value(numerator: Number, denominator: Number) -> Fraction | None:
    """Return a share as an indicator stores a %, 0-100 unrounded; None with denominator 0."""
    part = share(numerator, denominator)
    return None if part is None else part * PERCENT


def values_on(values: Iterable[Measurement], on: dt.date) -> list[Measurement]:
    """Return the value of each period as known on a day, by period's end ascending.

    Values count from `measured_on`. The latest measured of a period is its value; of equals the
    last given.
    """
    counted = (value for value in values if value.measured_on <= on)
    by_period = {value.period: value for value in sorted(counted, key=lambda v: v.measured_on)}
    return sorted(by_period.values(), key=lambda value: value.period.end)


def year_value(
    values: Iterable[Measurement], accumulation: Accumulation, year: int, on: dt.date
) -> Fraction | None:
    """Return the value that stands for a year as known on a day, None without any.

    The value of its latest period, or the sum over its periods.
    """
    known = [Fraction(v.value) for v in values_on(values, on) if v.period.end.year == year]
    if not known:
        return None
    return sum(known, Fraction(0)) if accumulation is Accumulation.SUM else known[-1]


def year_is_complete(year: int, on: dt.date) -> bool:
    """Tell whether a year has come to its end on a day: 31 December is the end."""
    return year_of(dt.date(year, 1, 1)).end <= on


def tolerance_of(target: Number, tolerance: Number | None) -> Fraction:
    """Return how far a value may miss: the indicator's own tolerance, or a tenth of |target|."""
    if tolerance is not None:
        return Fraction(tolerance)
    return abs(Fraction(target)) * DEFAULT_TOLERANCE


def fulfilment(
    value: Number | None,
    target: Number | str | None,
    direction: Direction,
    tolerance: Number | None,
    accumulation: Accumulation,
    year_complete: bool,
) -> Fulfilment:
    """Return how a year's value stands against the annual target, the first that fits.

    Args:
        value: The year's value, None when there is none.
        target: A number; a text or None is no target.
        direction: Which way is better.
        tolerance: In the indicator's own unit; None is a tenth of |target|.
        accumulation: Whether the value is the latest or a sum.
        year_complete: Whether the value's year has come to its end (`year_is_complete`). Before,
            a sum has no outcome yet, unless lower is better and it is past target + tolerance.
    """
    if target is None or isinstance(target, str):
        return Fulfilment.NO_TARGET
    if value is None:
        return Fulfilment.NO_OUTCOME_YET
    reached = _against(value, target, direction, tolerance_of(target, tolerance))
    if accumulation is Accumulation.LATEST or year_complete:
        return reached
    lost = direction is Direction.LOWER and reached is Fulfilment.NOT_MET
    return Fulfilment.NOT_MET if lost else Fulfilment.NO_OUTCOME_YET


def _against(
    value: Number, target: Number, direction: Direction, tolerance: Fraction
) -> Fulfilment:
    above = Fraction(value) - Fraction(target)
    miss = above if direction is Direction.LOWER else -above
    if miss <= 0:
        return Fulfilment.MET
    return Fulfilment.PARTLY_MET if miss <= tolerance else Fulfilment.NOT_MET
