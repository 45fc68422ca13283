"""The ledger (huvudbok): which rows count, which budget line each is booked on, and the sums.

A combination is an account with its cost centre and activity. Amounts are kronor as the ledger has
them: a cost is positive, an income negative. Whatever is mapped and what isn't, the parts add up to
the ledger's total.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from core.rules.shares import Number

NOTHING = Decimal(0)
THOUSAND_FROM, THOUSAND_TO = 300, 3000


class Combination(NamedTuple):
    """An account, a cost centre and an activity. In a mapping an empty one means any."""

    account: str
    cost_centre: str = ""
    activity: str = ""


class LineName(NamedTuple):
    """A budget line as it is known in every year."""

    section: str
    line: str


LEFT_OUT = LineName("", "")
"""What a combination is mapped to that is left out on purpose."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What the ledger said of a combination's month (its first day), as imported on a day."""

    combination: Combination
    month: dt.date
    amount: Decimal
    booked_on: dt.date


@dataclass(frozen=True, slots=True)
class Sums:
    """A ledger's total in parts: by line, what is mapped to no line, and what is left out."""

    by_line: Mapping[LineName, Decimal]
    unmapped: Decimal
    left_out: Decimal

    @property
    def total(self) -> Decimal:
        """Return the sum of the parts: the ledger's total."""
        return sum(self.by_line.values(), NOTHING) + self.unmapped + self.left_out


Amounts = dict[tuple[Combination, dt.date], Decimal]


def counting(rows: Iterable[Booked], on: dt.date) -> Amounts:
    """Return the amount of each combination and month at a day.

    The latest imported by then counts; of those imported on one day the last given.
    """
    latest: dict[tuple[Combination, dt.date], Booked] = {}
    for row in rows:
        key = (row.combination, row.month)
        if row.booked_on <= on and (key not in latest or row.booked_on >= latest[key].booked_on):
            latest[key] = row
    return {key: row.amount for key, row in latest.items()}


def pattern_of(combination: Combination, patterns: Collection[Combination]) -> Combination | None:
    """Return the mapping that decides a combination: the one that says most of it, None for none.

    One with the cost centre goes before one with the activity only.
    """
    account, cost_centre, activity = combination
    for possible in (
        combination,
        Combination(account, cost_centre, ""),
        Combination(account, "", activity),
        Combination(account, "", ""),
    ):
        if possible in patterns:
            return possible
    return None


def line_of(combination: Combination, mappings: Mapping[Combination, LineName]) -> LineName | None:
    """Return the line that a combination is booked on, `LEFT_OUT`, or None when it is unmapped."""
    pattern = pattern_of(combination, mappings.keys())
    return None if pattern is None else mappings[pattern]


def sums(
    amounts: Mapping[tuple[Combination, dt.date], Decimal],
    mappings: Mapping[Combination, LineName],
    lines: Collection[LineName],
) -> Sums:
    """Return a year's total in parts. A mapping to a line that the year lacks is none."""
    by_line: defaultdict[LineName, Decimal] = defaultdict(Decimal)
    unmapped = left_out = NOTHING
    for (combination, _month), amount in amounts.items():
        line = line_of(combination, mappings)
        if line == LEFT_OUT:
            left_out += amount
        elif line is None or line not in lines:
            unmapped += amount
        else:
            by_line[line] += amount
    return Sums(dict(by_line), unmapped, left_out)


def outcomes(
    amounts: Mapping[tuple[Combination, dt.date], Decimal],
    mappings: Mapping[Combination, LineName],
) -> dict[tuple[LineName, dt.date], Decimal]:
    """Return each line's outcome by month: the sum of the combinations that are mapped to it."""
    found: defaultdict[tuple[LineName, dt.date], Decimal] = defaultdict(Decimal)
    for (combination, month), amount in amounts.items():
        line = line_of(combination, mappings)
        if line is not None and line != LEFT_OUT:
            found[line, month] += amount
    return dict(found)


def missing(
    stored: Mapping[tuple[Combination, dt.date], Decimal],
    given: Collection[tuple[Combination, dt.date]],
) -> list[tuple[Combination, dt.date]]:
    """Return what a file no longer has, to be 0: of the months and cost centres that it holds.

    A file is whole for each cost centre and month in it; other cost centres are left as they are.
    """
    whole = {(combination.cost_centre, month) for combination, month in given}
    return sorted(
        (combination, month)
        for (combination, month), amount in stored.items()
        if amount
        and (combination.cost_centre, month) in whole
        and (combination, month) not in given
    )


def looks_like_thousands(amount: Number, expected: Number) -> bool:
    """Tell whether an amount is about a thousandth of what is expected: tkr instead of kronor."""
    if not amount or not expected:
        return False
    times = abs(Fraction(expected)) / abs(Fraction(amount))
    return THOUSAND_FROM <= times <= THOUSAND_TO
