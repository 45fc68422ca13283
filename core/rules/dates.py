"""Calendar arithmetic and reporting periods (domain: Dates). Periods include both ends."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from core.terms import Periodicity

Row = TypeVar("Row")

ONE_DAY = dt.timedelta(days=1)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day `months` later, or that month's last day where it does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def month_start(day: dt.date) -> dt.date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_month(day: dt.date) -> dt.date:
    """Return the first day of the month after a day's month."""
    return add_months(month_start(day), 1)


def months_between(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return the first days of the calendar months that start..end touches, ascending.

    Empty when `end` lies in a month before `start`'s.
    """
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [add_months(month_start(start), n) for n in range(count)]


def last_twelve(on: dt.date) -> list[dt.date]:
    """Return the days that rows by month are read at, ascending.

    They are the last days of the eleven months before `on`'s, then `on` itself.
    """
    first = month_start(on)
    return [month_end(add_months(first, -n)) for n in range(11, 0, -1)] + [on]


def last_months_ended(today: dt.date, number: int) -> list[dt.date]:
    """Return the last days of the latest months that have ended before a day, the latest first."""
    return [month_start(add_months(today, -n)) - ONE_DAY for n in range(number)]


def earliest_reaching(on: dt.date, months: int) -> dt.date:
    """Return the smallest day x with `add_months(x, months) >= on`.

    A stored day is `months` old or younger at `on` exactly when it is not before this day, so that
    SQL needs one parameter instead of month arithmetic.
    """
    day = add_months(on, -months)
    return day if day.day == on.day else day + ONE_DAY


def latest_within(on: dt.date, months: int) -> dt.date:
    """Return the largest day x with `add_months(x, months) <= on`.

    A stored day lies `months` or more before `on` exactly when it is not after this day.
    """
    day = add_months(on, -months)
    return month_end(day) if on == month_end(on) else day


@dataclass(frozen=True, slots=True)
class Period:
    """A time to report on, first and last day included."""

    start: dt.date
    end: dt.date

    def __contains__(self, day: dt.date) -> bool:
        """Tell whether a day lies in the period."""
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """Return "2024", "2024-T1" or "2024-05"; any other period shows both its days."""
        if self == year_of(self.start):
            return f"{self.start.year}"
        if self == tertial_of(self.start):
            return f"{self.start.year}-T{self.end.month // 4}"
        if self == month_of(self.start):
            return f"{self.start:%Y-%m}"
        return f"{self.start}–{self.end}"


def year_of(day: dt.date) -> Period:
    """Return the calendar year around a day."""
    return Period(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))


def tertial_of(day: dt.date) -> Period:
    """Return the tertial around a day: T1 = Jan-Apr, T2 = May-Aug, T3 = Sep-Dec."""
    last = (day.month + 3) // 4 * 4
    return Period(dt.date(day.year, last - 3, 1), month_end(dt.date(day.year, last, 1)))


def month_of(day: dt.date) -> Period:
    """Return the calendar month around a day."""
    return Period(month_start(day), month_end(day))


_PERIOD_OF: dict[Periodicity, Callable[[dt.date], Period]] = {
    Periodicity.MONTH: month_of,
    Periodicity.TERTIAL: tertial_of,
    Periodicity.YEAR: year_of,
}


def period_of(day: dt.date, periodicity: Periodicity) -> Period:
    """Return the month, tertial or year around a day."""
    return _PERIOD_OF[periodicity](day)


def latest_by(rows: Iterable[Row], day_of: Callable[[Row], dt.date], on: dt.date) -> Row | None:
    """Return the row with the latest day <= `on`; of several that day, the last in sequence.

    None when every row is dated after `on` (domain: As of d).
    """
    found: Row | None = None
    best = dt.date.min
    for row in rows:
        day = day_of(row)
        if best <= day <= on:
            found, best = row, day
    return found
