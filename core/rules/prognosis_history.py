"""How near a year's prognosis came to what the year cost, month by month (domain: Accuracy)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from core.rules.dates import month_end, months_between, year_of
from core.rules.shares import share


def reading_days(year: int, today: dt.date) -> tuple[dt.date, ...]:
    """Return a year's month ends that have come by a day, oldest first."""
    period = year_of(dt.date(year, 1, 1))
    ends = (month_end(month) for month in months_between(period.start, period.end))
    return tuple(day for day in ends if day <= today)


def signed_error(prognosis: Decimal, final: Decimal) -> Fraction | None:
    """Return (prognosis - final) / |final|: below 0 when the prognosis was too low.

    Its size is the accuracy of the domain. None when the final cost is 0.
    """
    return share(prognosis - final, abs(final))


def earlier_years(today: dt.date, count: int) -> tuple[int, ...]:
    """Return the years before a day's, oldest first."""
    return tuple(range(today.year - count, today.year))
