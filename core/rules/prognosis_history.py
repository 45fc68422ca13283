"""How near a year's prognosis came to what the year cost, month by month (domain: Accuracy)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.rules.dates import month_end, months_between, year_of
from core.rules.shares import share
from core.terms import ALL


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


@dataclass(frozen=True, slots=True)
class Reading:
    """The full-year figure as it was known on a day, in kronor: by kind, and `alla` together."""

    on: dt.date
    by_kind: Mapping[str, Decimal]

    def of(self, kind: str) -> Decimal:
        """Return a kind's figure, 0 when nothing was known of it."""
        return self.by_kind.get(kind, Decimal(0))


@dataclass(frozen=True, slots=True)
class YearHistory:
    """A year's prognosis at each month's end, oldest first.

    `final` is what the year cost, by kind; None for a year that has not ended.
    """

    year: int
    readings: tuple[Reading, ...]
    final: Reading | None

    def error(self, reading: Reading, kind: str = ALL) -> Fraction | None:
        """Return how far a prognosis was from what the year cost, below 0 when it was too low.

        As a share of the cost. None for a year that has not ended or that cost nothing.
        """
        return None if self.final is None else signed_error(reading.of(kind), self.final.of(kind))


@dataclass(frozen=True, slots=True, eq=False)
class PlacementHistory:
    """This year's prognosis with `now` as its latest reading, and earlier years', oldest first.

    `kinds` are those that cost something in any of the years, by name.
    """

    this_year: YearHistory
    now: Reading
    earlier: tuple[YearHistory, ...]
    kinds: tuple[str, ...]
