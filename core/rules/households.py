"""Households, recipients and what they are paid (domain: Household statistics)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.rules.cases import Adult, adults_on, applicant_gender
from core.rules.dates import Period, add_months, month_start
from core.rules.shares import Number, share
from core.terms import Gender

LARGEST_UNKNOWN_SHARE = Fraction(1, 5)
"""The target for closed cases without a known reason: at most 20 % (domain: Closing reasons)."""
LONG_TERM_MONTHS = 10
LONG_TERM_WINDOW = 12
"""Långvarigt: benefit in at least 10 of the last 12 months (domain: Household statistics)."""


@dataclass(frozen=True, slots=True)
class HouseholdCounts:
    """Households, their people, and households by the applicant's gender."""

    households: int = 0
    adults: int = 0
    children: int = 0
    women: int = 0
    men: int = 0
    other: int = 0

    @property
    def recipients(self) -> int:
        """Return adults + children."""
        return self.adults + self.children

    def __add__(self, other: HouseholdCounts) -> HouseholdCounts:
        """Return the sums of two counts."""
        return HouseholdCounts(
            self.households + other.households,
            self.adults + other.adults,
            self.children + other.children,
            self.women + other.women,
            self.men + other.men,
            self.other + other.other,
        )


def count_household(adults: Sequence[Adult], children: int, on: dt.date) -> HouseholdCounts:
    """Count one household on a day: its adults then, its children, its applicant's gender.

    That its case is open and of kind benefit is the caller's filter.
    """
    gender = applicant_gender(adults, on)
    return HouseholdCounts(
        households=1,
        adults=len(adults_on(adults, on)),
        children=children,
        women=int(gender is Gender.WOMAN),
        men=int(gender is Gender.MAN),
        other=int(gender is Gender.OTHER),
    )


def per_household(paid: Number | None, households: int | None) -> Fraction | None:
    """Return kronor per household, None when either is unknown or there is no household."""
    if paid is None or households is None:
        return None
    return share(paid, households)


def share_of(people: int | None, population: int | None) -> Fraction | None:
    """Return recipients of a population, or children of its children; None when one is unknown."""
    if people is None or population is None:
        return None
    return share(people, population)


@dataclass(frozen=True, slots=True)
class LongTermCounts:
    """Households with benefit in a month, and those of them that have had it for long."""

    households: int = 0
    long_term: int = 0

    @property
    def share(self) -> Fraction | None:
        """Return the long-term households' share, None without any household."""
        return share(self.long_term, self.households)

    def __add__(self, other: LongTermCounts) -> LongTermCounts:
        """Return the sums of two counts."""
        return LongTermCounts(self.households + other.households, self.long_term + other.long_term)


def long_term_window(on: dt.date) -> Period:
    """Return the first days of the first and the last month that långvarigt looks at on a day.

    The last twelve months are the day's own and the eleven before it.
    """
    month = month_start(on)
    return Period(add_months(month, 1 - LONG_TERM_WINDOW), month)


def is_long_term(months_with_benefit: int) -> bool:
    """Tell whether a number of months with benefit, of the last twelve, is långvarigt."""
    return months_with_benefit >= LONG_TERM_MONTHS


def count_long_term(months: Iterable[dt.date], on: dt.date) -> LongTermCounts:
    """Count one household on a day by its months with benefit, any day of each.

    A household counts when it has benefit in the day's own month, whether or not its case is still
    open. A month counts as a whole from its first day. That the case is of kind benefit and opened
    by the day is the caller's filter.
    """
    window = long_term_window(on)
    known = {month_start(month) for month in months if month_start(month) in window}
    if window.end not in known:
        return LongTermCounts()
    return LongTermCounts(1, int(is_long_term(len(known))))
