"""Placements: which days are paid, what they cost, and reviews (domain: Placement).

`on` is the day asked for: an end, a decision or a review dated after it does not exist. A rate's
`valid_from` says on which days it holds, not when it became known, so later rates count.
Amounts are kronor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

from core.rules.dates import (
    ONE_DAY,
    Period,
    add_months,
    latest_by,
    month_of,
    month_start,
    months_between,
    year_of,
)
from core.terms import Contract, PlacementState

Key = TypeVar("Key", bound=Hashable)


class MissingRateError(ValueError):
    """A paid day lacks a rate: the first rate is not valid from the placement's first day."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a day costs from a day on, until the next rate."""

    valid_from: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a placement: until when (None: open-ended), with whom, on what contract.

    `contract_name` is the unit's own word for the contract, empty for the usual one.
    """

    decided_on: dt.date
    planned_end_on: dt.date | None
    provider: str
    contract: Contract
    contract_name: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A follow-up, and the day of the next one if it was decided."""

    reviewed_on: dt.date
    next_review_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """What the rules need to know of a placement. First and last day are both paid."""

    starts_on: dt.date
    ended_on: dt.date | None = None
    rates: tuple[Rate, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reviews: tuple[Review, ...] = ()
    children: int = 0
    hotel: bool = False


class DaysCost(NamedTuple):
    """Paid days and what they cost."""

    days: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class CostPart:
    """Paid days of one month under one decision (None: no decision at all), and their cost."""

    month: dt.date
    decision: Decision | None
    days: int
    cost: Decimal


def first_rate_fits(starts_on: dt.date, rates: Iterable[Rate]) -> bool:
    """Tell whether the earliest rate is valid from the placement's first day, as it must be."""
    return min((rate.valid_from for rate in rates), default=None) == starts_on


def rate_on(p: PlacementFacts, day: dt.date) -> Decimal:
    """Return the day rate valid on a day. Of rates from the same day, the last given holds.

    Raises:
        MissingRateError: No rate is valid yet.
    """
    rate = latest_by(p.rates, lambda rate: rate.valid_from, day)
    if rate is None:
        raise MissingRateError(day)
    return rate.amount


def decision_on(p: PlacementFacts, day: dt.date) -> Decision | None:
    """Return the decision valid on a day: the latest made by then, before the first the first.

    None only for a placement without decisions.
    """
    return _known_decision(p, day) or min(p.decisions, key=lambda d: d.decided_on, default=None)


def known_end(p: PlacementFacts, on: dt.date) -> dt.date | None:
    """Return the last day of a placement that has ended by `on`, else None."""
    return p.ended_on if p.ended_on is not None and p.ended_on <= on else None


def planned_end(p: PlacementFacts, on: dt.date) -> dt.date | None:
    """Return the planned end of the latest decision made by `on`, also one that has passed."""
    decision = _known_decision(p, on)
    return None if decision is None else decision.planned_end_on


def planned_end_passed(p: PlacementFacts, on: dt.date) -> bool:
    """Tell whether a placement not ended is past its planned end: it counts as open-ended."""
    planned = planned_end(p, on)
    return known_end(p, on) is None and planned is not None and planned < on


def is_known(p: PlacementFacts, on: dt.date) -> bool:
    """Tell whether a placement exists on a day: started or decided by then."""
    return p.starts_on <= on or _known_decision(p, on) is not None


def runs_on(p: PlacementFacts, on: dt.date) -> bool:
    """Tell whether a placement runs on a day, its first and last day included."""
    return p.starts_on <= on and (p.ended_on is None or on <= p.ended_on)


def state(p: PlacementFacts, on: dt.date) -> PlacementState:
    """Tell whether a placement runs, is coming or has ended on a day."""
    if runs_on(p, on):
        return PlacementState.RUNNING
    return PlacementState.COMING if known_end(p, on) is None else PlacementState.ENDED


def last_committed_day(p: PlacementFacts, on: dt.date, horizon: dt.date) -> dt.date:
    """Return the last day that is paid or committed as known on `on`, at most `horizon`.

    The earliest of end, planned end (unless passed) and horizon. Before `starts_on` when no day is.
    """
    end = known_end(p, on)
    if end is None and not planned_end_passed(p, on):
        end = planned_end(p, on)
    return horizon if end is None else min(end, horizon)


def paid_period(p: PlacementFacts, start: dt.date, end: dt.date, on: dt.date) -> Period | None:
    """Return the days of start..end that are paid or committed as known on `on`, None for none."""
    first, last = max(start, p.starts_on), last_committed_day(p, on, end)
    return Period(first, last) if is_known(p, on) and first <= last else None


def paid_days(p: PlacementFacts, start: dt.date, end: dt.date, on: dt.date) -> int:
    """Return how many days of start..end are paid or committed as known on `on`."""
    period = paid_period(p, start, end, on)
    return 0 if period is None else _days(period)


def cost(p: PlacementFacts, start: dt.date, end: dt.date) -> Decimal:
    """Return the cost of start..end: its days inside the placement at the rate valid each day.

    All that is registered counts, and a placement not ended costs on through `end`.
    """
    first = max(start, p.starts_on)
    last = end if p.ended_on is None else min(end, p.ended_on)
    return _period_cost(p, Period(first, last) if first <= last else None)


def interval_cost(p: PlacementFacts, start: dt.date, end: dt.date, today: dt.date) -> Decimal:
    """Return the cost of start..end: what is paid through `today`, and the committed days after.

    Committed days are limited by the interval's end instead of the year's.
    """
    return _period_cost(p, paid_period(p, start, end, today))


def month_cost(p: PlacementFacts, on: dt.date) -> Decimal:
    """Return the cost of the whole calendar month of `on`, committed days included."""
    month = month_of(on)
    return interval_cost(p, month.start, month.end, on)


def cost_to_date(p: PlacementFacts, on: dt.date) -> Decimal:
    """Return the cost from 1 January through `on` (upparbetat)."""
    return interval_cost(p, year_of(on).start, on, on)


def committed(p: PlacementFacts, on: dt.date) -> Decimal:
    """Return the cost after `on` to the earliest of end, planned end and 31 December (beslutat)."""
    end = year_of(on).end
    return Decimal(0) if on == end else interval_cost(p, on + ONE_DAY, end, on)


def full_year(p: PlacementFacts, on: dt.date) -> Decimal:
    """Return cost to date and committed together."""
    return cost_to_date(p, on) + committed(p, on)


def listed(p: PlacementFacts, on: dt.date) -> bool:
    """Tell whether a placement is on the list of a day.

    It has a paid day in the day's year, and started or was decided by the day.
    """
    year = year_of(on)
    return paid_period(p, year.start, year.end, on) is not None


def listed_rate(p: PlacementFacts, on: dt.date) -> Decimal:
    """Return the day rate that the list shows.

    The one valid on the day; for an ended placement on its last day, for a coming one on its first.
    """
    return rate_on(p, _listed_day(p, on))


def listed_rate_from(p: PlacementFacts, on: dt.date) -> dt.date | None:
    """Return the day from which the day rate that the list shows is valid."""
    rate = latest_by(p.rates, lambda rate: rate.valid_from, _listed_day(p, on))
    return None if rate is None else rate.valid_from


def _listed_day(p: PlacementFacts, on: dt.date) -> dt.date:
    return max(known_end(p, on) or on, p.starts_on)


def interval_parts(
    p: PlacementFacts, start: dt.date, end: dt.date, today: dt.date
) -> Iterator[CostPart]:
    """Split what `interval_cost` counts by month and by the decision valid on each day.

    Decisions made after `today` do not exist, so committed days carry the latest known.
    """
    period = paid_period(p, start, end, today)
    if period is None:
        return
    breaks = {*months_between(period.start, period.end)}
    breaks |= {d.decided_on for d in p.decisions if d.decided_on <= today}
    for part in _split(period, breaks):
        decision = decision_on(p, min(part.start, today))
        yield CostPart(month_start(part.start), decision, _days(part), _period_cost(p, part))


def interval_cost_by(
    p: PlacementFacts,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    key: Callable[[CostPart], Key],
) -> dict[Key, DaysCost]:
    """Return paid days and cost of start..end by a key of each part.

    Use `by_month`, `by_contract` or `by_provider`. A key without a paid day has no entry.
    """
    sums: dict[Key, DaysCost] = {}
    for part in interval_parts(p, start, end, today):
        before = sums.get(key(part), DaysCost(0, Decimal(0)))
        sums[key(part)] = DaysCost(before.days + part.days, before.cost + part.cost)
    return sums


def by_month(part: CostPart) -> dt.date:
    """Return the first day of a part's month."""
    return part.month


def by_contract(part: CostPart) -> Contract | None:
    """Return the contract of a part's decision."""
    return None if part.decision is None else part.decision.contract


def by_provider(part: CostPart) -> str | None:
    """Return the provider of a part's decision."""
    return None if part.decision is None else part.decision.provider


def last_review(p: PlacementFacts, on: dt.date) -> Review | None:
    """Return the latest review made by `on`; of equals the last given."""
    return latest_by(p.reviews, lambda review: review.reviewed_on, on)


def review_overdue(p: PlacementFacts, on: dt.date) -> bool:
    """Tell whether a running placement lacks a review that it should have had by `on`.

    It ran the whole calendar month before `on`'s without a review from that month's first day on,
    or the day decided for the next review has passed.
    """
    if not runs_on(p, on):
        return False
    month = add_months(month_start(on), -1)
    review = last_review(p, on)
    reviewed = review is not None and review.reviewed_on >= month
    missing = p.starts_on <= month and not reviewed
    return missing or _next_review_passed(review, on)


def family_in_hotel(p: PlacementFacts, on: dt.date) -> bool:
    """Tell whether a placement keeps a family with children in hotel or hostel on a day."""
    return p.hotel and p.children > 0 and runs_on(p, on)


def _next_review_passed(review: Review | None, on: dt.date) -> bool:
    return review is not None and review.next_review_on is not None and on > review.next_review_on


def _known_decision(p: PlacementFacts, on: dt.date) -> Decision | None:
    return latest_by(p.decisions, lambda decision: decision.decided_on, on)


def _days(period: Period) -> int:
    return (period.end - period.start).days + 1


def _split(period: Period, breaks: Iterable[dt.date]) -> Iterator[Period]:
    """Split a period so that a part begins on each break inside it."""
    starts = sorted({period.start, *(day for day in breaks if day in period)})
    for first, following in pairwise([*starts, period.end + ONE_DAY]):
        yield Period(first, following - ONE_DAY)


def _period_cost(p: PlacementFacts, period: Period | None) -> Decimal:
    if period is None:
        return Decimal(0)
    parts = _split(period, (rate.valid_from for rate in p.rates))
    return sum((_days(part) * rate_on(p, part.start) for part in parts), Decimal(0))
