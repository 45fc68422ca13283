"""Paid benefit as a driver model: households x kronor a household x month pattern.

A prognosis of a line beside the three computed ones (domain: Budget, Household statistics), with
assumptions that a controller sees and adjusts. Booked months count as booked; the model gives the
months after them. Amounts are kronor, months their first day, and everything is exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.rules.dates import add_months, months_between
from core.rules.shares import share

MONTHS = 12
EVEN = dict.fromkeys(range(1, MONTHS + 1), Fraction(1))


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the model assumes of the months that are not booked.

    Attributes:
        households: The number in the first month without statistics; None: as the latest known
            month, moved by the change.
        change: How many more households each month after that.
        per_household: Kronor a household and month before pattern, norm and rent; None: as the
            booked months say.
        norm_change: Change of the riksnorm as a share (0.03 is 3 %) from `norm_from` on.
        norm_from: The first month of the new norm; None: no change.
        rent_change: Kronor more a household and month from `rent_from` on.
        rent_from: The first month of the new rents; None: no change.
        even: Whether all months cost the same, instead of as last year.
    """

    households: int | None = None
    change: Decimal = Decimal(0)
    per_household: Decimal | None = None
    norm_change: Decimal = Decimal(0)
    norm_from: dt.date | None = None
    rent_change: Decimal = Decimal(0)
    rent_from: dt.date | None = None
    even: bool = False


@dataclass(frozen=True, slots=True)
class DriverFacts:
    """What is known on a day: booked amounts and households by month, last year's too.

    `booked` holds the year's months to the latest booked one, a month without a row as 0.
    `last_year` holds last year's amounts, empty unless its December is booked.
    """

    year: int
    booked: Mapping[dt.date, Decimal] = field(default_factory=dict)
    last_year: Mapping[dt.date, Decimal] = field(default_factory=dict)
    households: Mapping[dt.date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DriverMonth:
    """A month of the model.

    `known` tells that the households are statistics, `booked` the amount that is booked. `cost` is
    the booked amount, or the model's.
    """

    month: dt.date
    households: Fraction
    known: bool
    pattern: Fraction
    per_household: Fraction
    modelled: Fraction
    booked: Decimal | None

    @property
    def cost(self) -> Fraction:
        """Return what the month counts in the full year."""
        return self.modelled if self.booked is None else Fraction(self.booked)


@dataclass(frozen=True, slots=True)
class DriverResult:
    """The model's year. `base` is kronor a household and month before pattern, norm and rent."""

    months: tuple[DriverMonth, ...]
    base: Fraction
    seasonal: bool

    @property
    def full_year(self) -> Fraction:
        """Return booked and modelled months together."""
        return sum((month.cost for month in self.months), Fraction(0))


def driver_model(facts: DriverFacts, assumed: Assumptions) -> DriverResult | None:
    """Return the model's year, None where it has nothing to stand on.

    That is without any month of households and none typed, or without booked months, last year's
    outcome and a typed amount a household.
    """
    pattern = EVEN if assumed.even else last_year_pattern(facts)
    months = months_between(dt.date(facts.year, 1, 1), dt.date(facts.year, MONTHS, 1))
    households = {month: households_in(month, facts.households, assumed) for month in months}
    known = {month: count for month, count in households.items() if count is not None}
    if len(known) < MONTHS:
        return None
    base = _base(facts, assumed, known, pattern)
    if base is None:
        return None
    rows = []
    for month, count in known.items():
        each = base * pattern[month.month] * _norm(month, assumed) + _rent(month, assumed)
        rows.append(
            DriverMonth(
                month=month,
                households=count,
                known=month in facts.households,
                pattern=pattern[month.month],
                per_household=each,
                modelled=count * each,
                booked=facts.booked.get(month),
            )
        )
    return DriverResult(tuple(rows), base, seasonal=pattern is not EVEN)


def households_in(
    month: dt.date, known: Mapping[dt.date, int], assumed: Assumptions
) -> Fraction | None:
    """Return a month's households: the statistics', or else what is assumed, at least 0.

    None when nothing is known or typed. A month before the first known one has the first's.
    """
    if month in known:
        return Fraction(known[month])
    latest = max(known, default=None)
    if latest is None:
        return None if assumed.households is None else Fraction(assumed.households)
    if month < latest:
        earlier = [day for day in known if day < month]
        return Fraction(known[max(earlier) if earlier else min(known)])
    steps = len(months_between(latest, month)) - 1
    if assumed.households is None:
        level, moved = known[latest], steps
    else:
        level, moved = assumed.households, steps - 1
    return max(Fraction(level) + Fraction(assumed.change) * moved, Fraction(0))


def last_year_pattern(facts: DriverFacts) -> Mapping[int, Fraction]:
    """Return each month's kronor a household last year as a share of its mean, by month number.

    All months are 1 (`EVEN`) unless every month of last year has an amount and households, and none
    of the shares is 0 or less.
    """
    each: dict[int, Fraction] = {}
    for number in range(1, MONTHS + 1):
        month = dt.date(facts.year - 1, number, 1)
        amount = facts.last_year.get(month)
        part = None if amount is None else share(amount, facts.households.get(month, 0))
        if part is None or part <= 0:
            return EVEN
        each[number] = part
    mean = sum(each.values(), Fraction(0)) / MONTHS
    return {number: part / mean for number, part in each.items()}


def from_values(values: Mapping[str, Any]) -> Assumptions:
    """Return assumptions from the numbers as text by name that are kept (`to_values`)."""

    def number(name: str) -> Decimal:
        return Decimal(values.get(name) or 0)

    def day(name: str) -> dt.date | None:
        return dt.date.fromisoformat(values[name]) if values.get(name) else None

    households, each = values.get("households"), values.get("per_household")
    return Assumptions(
        households=None if households is None else int(households),
        change=number("change"),
        per_household=None if each is None else Decimal(each),
        norm_change=number("norm_change"),
        norm_from=day("norm_from"),
        rent_change=number("rent_change"),
        rent_from=day("rent_from"),
        even=values.get("even") == "yes",
    )


def to_values(assumed: Assumptions) -> dict[str, str]:
    """Return assumptions as texts by name, without what is not assumed."""
    kept = {
        "households": assumed.households,
        "change": assumed.change or None,
        "per_household": assumed.per_household,
        "norm_change": assumed.norm_change or None,
        "norm_from": assumed.norm_from,
        "rent_change": assumed.rent_change or None,
        "rent_from": assumed.rent_from,
        "even": "yes" if assumed.even else None,
    }
    return {name: str(value) for name, value in kept.items() if value is not None}


def _base(
    facts: DriverFacts,
    assumed: Assumptions,
    households: Mapping[dt.date, Fraction],
    pattern: Mapping[int, Fraction],
) -> Fraction | None:
    """Return kronor a household and month before pattern, norm and rent.

    The booked months cleared of theirs, so that a month that is usually dear does not raise the
    rest of the year. Before any is booked it is last year's mean.
    """
    if assumed.per_household is not None:
        return Fraction(assumed.per_household)
    booked = {month: amount for month, amount in facts.booked.items() if month in households}
    if booked:
        weight = sum(
            (households[m] * pattern[m.month] * _norm(m, assumed) for m in booked), Fraction(0)
        )
        rents = sum((households[m] * _rent(m, assumed) for m in booked), Fraction(0))
        return share(sum(map(Fraction, booked.values()), Fraction(0)) - rents, weight)
    counted = [add_months(month, -MONTHS) for month in households]
    if not all(month in facts.last_year and month in facts.households for month in counted):
        return None
    total = sum((Fraction(facts.last_year[month]) for month in counted), Fraction(0))
    return share(total, sum(facts.households[month] for month in counted))


def _norm(month: dt.date, assumed: Assumptions) -> Fraction:
    if assumed.norm_from is None or month < assumed.norm_from:
        return Fraction(1)
    return 1 + Fraction(assumed.norm_change)


def _rent(month: dt.date, assumed: Assumptions) -> Fraction:
    if assumed.rent_from is None or month < assumed.rent_from:
        return Fraction(0)
    return Fraction(assumed.rent_change)
