"""The action plan (åtgärdsplan): what measures are expected to save, what they did, what remains.

Amounts are kronor; an effect above 0 lowers the cost. Months are their first day. A measure counts
in whole months, from the one that it starts in to the one that it ends in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.rules.dates import month_start, months_between

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure: from when, until when (None: on), its expected effect a month, and what it did.

    `achieved` holds the followed-up effect by month. `stopped` tells that it came to nothing.
    """

    starts_on: dt.date
    monthly_effect: Decimal
    ends_on: dt.date | None = None
    achieved: Mapping[dt.date, Decimal] = field(default_factory=dict)
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class MeasureFigures:
    """A measure's year as seen when the months through `booked` are booked.

    `expected` is the whole year's, `expected_so_far` that of the booked months, `achieved` what is
    followed up, `not_followed_up` how many booked months lack it, and `remaining` what is not in
    the prognosis yet.
    """

    expected: Decimal
    expected_so_far: Decimal
    achieved: Decimal
    not_followed_up: int
    remaining: Decimal


def measure_months(measure: MeasureFacts, year: int) -> list[dt.date]:
    """Return the months of a year that a measure is expected to have an effect in."""
    first = max(month_start(measure.starts_on), dt.date(year, 1, 1))
    last = dt.date(year, MONTHS, 1)
    if measure.ends_on is not None:
        last = min(last, month_start(measure.ends_on))
    return months_between(first, last) if first <= last else []


def measure_figures(measure: MeasureFacts, year: int, booked: dt.date | None) -> MeasureFigures:
    """Return a measure's figures of a year. `booked` is the latest booked month, None for none."""
    months = measure_months(measure, year)
    past = [month for month in months if booked is not None and month <= booked]
    followed = {month: amount for month, amount in measure.achieved.items() if month in months}
    return MeasureFigures(
        expected=measure.monthly_effect * len(months),
        expected_so_far=measure.monthly_effect * len(past),
        achieved=sum(followed.values(), Decimal(0)),
        not_followed_up=sum(month not in followed for month in past),
        remaining=_remaining(measure, len(months) - len(past), past, followed),
    )


def with_measures(prognosis: Decimal | None, remaining: Iterable[Decimal]) -> Decimal | None:
    """Return a prognosis less what its measures will still add to it, None without a prognosis."""
    return None if prognosis is None else prognosis - sum(remaining, Decimal(0))


def _remaining(
    measure: MeasureFacts,
    coming: int,
    past: list[dt.date],
    followed: Mapping[dt.date, Decimal],
) -> Decimal:
    """Return what the coming months will save beyond what the booked ones already show.

    A measure that has not begun: all of it. One that has: what it lacks to the expected effect
    since the latest followed-up month, nothing if it did better. One that nobody has followed up, or that was stopped: none,
    as its effect is in the outcome already or can't be shown.
    """
    if measure.stopped:
        return Decimal(0)
    if not past:
        return measure.monthly_effect * coming
    known = [month for month in past if month in followed]
    if not known:
        return Decimal(0)
    return max(measure.monthly_effect - followed[max(known)], Decimal(0)) * coming
