"""How near prognoses of closed years came to the final amount (domain: Budget, accuracy).

A miss is `core.rules.budget.accuracy` of one method at the end of one month of a closed year. The
method None is the controller's own prognosis.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from core.rules.budget import MONTHS, LineFigures, OutcomeRow, accuracy
from core.rules.dates import month_end
from core.rules.shares import Number
from core.terms import PrognosisMethod

Method = PrognosisMethod | None
OWN: Method = None
COMPUTED = (
    PrognosisMethod.RUN_RATE,
    PrognosisMethod.LAST_YEAR_PATTERN,
    PrognosisMethod.BOTTOM_UP,
)
"""The methods that can be counted back; what a driver model assumed then isn't known."""


class Miss(NamedTuple):
    """How far a method was from the final amount at the end of a month, as a share of it."""

    year: int
    month: int
    method: Method
    share: Fraction


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of a method's misses after a month, and over how many closed years."""

    share: Fraction
    years: int


def is_closed(rows: Iterable[OutcomeRow], year: int, on: dt.date) -> bool:
    """Tell whether a year is closed: its December is booked by `on` on any of the unit's lines."""
    december = dt.date(year, MONTHS, 1)
    return any(row.month == december and row.booked_on <= on for row in rows)


def month_ends(year: int) -> tuple[dt.date, ...]:
    """Return the last day of each month of a year: the days whose prognoses are judged."""
    return tuple(month_end(dt.date(year, month, 1)) for month in range(1, MONTHS + 1))


def misses(day: dt.date, figures: LineFigures, final: Number) -> Iterator[Miss]:
    """Yield how far each method was from the final amount on a day, a month's last.

    A method without a value that day has none; nor has any when the final amount is 0.
    """
    guesses: tuple[tuple[Method, Number | None], ...] = (
        (OWN, figures.prognosis),
        (PrognosisMethod.RUN_RATE, figures.run_rate),
        (PrognosisMethod.LAST_YEAR_PATTERN, figures.last_year_pattern),
        (PrognosisMethod.BOTTOM_UP, figures.bottom_up),
    )
    for method, guess in guesses:
        share = None if guess is None else accuracy(guess, final)
        if share is not None:
            yield Miss(day.year, day.month, method, share)


def average(found: Iterable[Miss], method: Method, month: int) -> Average | None:
    """Return a method's mean miss after a month, None when no closed year has one."""
    shares = [miss.share for miss in found if (miss.method, miss.month) == (method, month)]
    return Average(sum(shares, Fraction(0)) / len(shares), len(shares)) if shares else None


def best_method(found: Iterable[Miss], month: int) -> PrognosisMethod | None:
    """Return the computed method that has missed least on average after a month.

    Only methods that have a value in every closed year that any of them has are compared, so that a
    method isn't best for lack of the hard year. Of equals the first in `COMPUTED`; None when no
    method can be compared.
    """
    of_month = [miss for miss in found if miss.month == month and miss.method is not OWN]
    years = {miss.year for miss in of_month}
    best: tuple[Fraction, PrognosisMethod] | None = None
    for method in COMPUTED:
        mean = average(of_month, method, month)
        complete = mean is not None and mean.years == len(years)
        if mean is not None and complete and (best is None or mean.share < best[0]):
            best = (mean.share, method)
    return None if best is None else best[1]
