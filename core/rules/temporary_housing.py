"""Temporary housing: households, people, children, days and cost of a month (domain: Placement).

A household is a case. It counts in a month with at least one paid day there, once however many
rooms or stays it has. Its people are those on its last day there in the month: the case's adults
that day, at least one, and the children along in the placements that run that day. Nothing after
the day asked for counts, so that the running month is what has been so far.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.rules.dates import Period
from core.rules.placements import PlacementFacts, interval_cost, paid_days, paid_period


@dataclass(frozen=True, slots=True)
class AdultSpan:
    """The days that an adult is in a case: both included, `valid_to` None for no end."""

    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A placement in temporary housing: its form and whose it is."""

    facts: PlacementFacts
    form: str
    case_id: int


class Lodged(NamedTuple):
    """Who has lived in temporary housing, on how many paid days, and what it cost in kronor.

    `people` are adults and children together.
    """

    households: int
    people: int
    children: int
    days: int
    cost: Decimal


def lodged(
    stays: Iterable[Stay],
    adults: Mapping[int, Sequence[AdultSpan]],
    start: dt.date,
    end: dt.date,
    on: dt.date,
) -> Lodged:
    """Return who lived in some stays in start..end, as known on `on` and not after it."""
    last = min(end, on)
    by_case: defaultdict[int, list[tuple[Stay, Period]]] = defaultdict(list)
    days, cost = 0, Decimal(0)
    for stay in stays:
        period = paid_period(stay.facts, start, last, on) if start <= last else None
        if period is not None:
            by_case[stay.case_id].append((stay, period))
            days += paid_days(stay.facts, start, last, on)
            cost += interval_cost(stay.facts, start, last, on)
    grown, children = 0, 0
    for case_id, found in by_case.items():
        day = max(period.end for _, period in found)
        grown += adults_on(adults.get(case_id, ()), day)
        children += sum(stay.facts.children for stay, period in found if day in period)
    return Lodged(len(by_case), grown + children, children, days, cost)


def adults_on(adults: Iterable[AdultSpan], day: dt.date) -> int:
    """Return a case's adults on a day: at least one, as somebody is placed."""
    there = [a for a in adults if a.valid_from <= day and (a.valid_to is None or day <= a.valid_to)]
    return max(1, len(there))


def household_plan(noted: Iterable[bool | None]) -> bool | None:
    """Tell whether a household has an individual housing plan, by what its placements' notes say.

    One plan is enough. None where nothing has been noted.
    """
    said = [one for one in noted if one is not None]
    return any(said) if said else None
