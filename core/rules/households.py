"""Households, recipients and what they are paid (domain: Household statistics)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.rules.cases import Adult, adults_on, applicant_gender
from core.rules.shares import Number, share
from core.terms import Gender

LARGEST_UNKNOWN_SHARE = Fraction(1, 5)
"""The target for closed cases without a known reason: at most 20 % (domain: Closing reasons)."""


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
