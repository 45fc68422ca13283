"""What a meeting should take up today, the worst first (what is late, costly or left undone)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum, auto

import pandas as pd
from sqlmodel import Session

from core.auth import Scope
from core.queries.change_plans import overdue_since
from core.queries.goals import overdue_activities
from core.queries.placements import PlacementRow
from core.queries.start import Start
from core.terms import WITHOUT_CASEWORKER


class Topic(StrEnum):
    """What can need taking up, the gravest first among equals."""

    FAMILIES_IN_HOTEL = auto()
    OVERDUE_PLANS = auto()
    OVER_BUDGET = auto()
    WITHOUT_CASEWORKER = auto()
    ANALYSES_MISSING = auto()
    REVIEWS_OVERDUE = auto()
    ACTIVITIES_PAST_END = auto()


GRAVE = frozenset({Topic.FAMILIES_IN_HOTEL, Topic.OVERDUE_PLANS, Topic.OVER_BUDGET})
"""Topics that concern a child in a hotel, a broken deadline or the budget: above all others."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to take up.

    Attributes:
        topic: What it is.
        count: How many; 1 for the budget.
        amount: Kronor that it concerns: a month's cost, or how far over budget.
        moved: How the deviation moved since the month before, kronor, negative is worse.
        who: The caseworker with most of it, where the reader may see that, and `whose` how many.
        since: The oldest one's day.
        names: References or names that the reader may see, the worst first.
    """

    topic: Topic
    count: int
    amount: Decimal | None = None
    moved: Decimal | None = None
    who: str | None = None
    whose: int = 0
    since: dt.date | None = None
    names: tuple[str, ...] = field(default=())

    @property
    def grave(self) -> bool:
        """Tell whether it stands above what is not."""
        return self.topic in GRAVE


def attention(session: Session, scope: Scope, start: Start) -> tuple[Item, ...]:
    """Return what to take up, from what Start shows somebody: the worst first.

    Grave topics come before the others, and among equals the one with most of it.
    """
    found = (
        *_plans(session, scope, start),
        *_cases(start),
        *_placements(start),
        *_budget(start),
        *_activities(session, scope, start.on),
    )
    order = list(Topic)
    return tuple(
        sorted(
            (item for item in found if item.count),
            key=lambda item: (
                not item.grave,
                -item.count,
                order.index(item.topic),
            ),
        )
    )


def _plans(session: Session, scope: Scope, start: Start) -> Iterator[Item]:
    overdue = start.sums.overdue
    if overdue:
        who, whose = _most(start.plans, "overdue")
        since = overdue_since(session, scope, on=start.on)
        yield Item(Topic.OVERDUE_PLANS, overdue, who=who, whose=whose, since=since)


def _cases(start: Start) -> Iterator[Item]:
    yield Item(Topic.WITHOUT_CASEWORKER, start.sums.without_caseworker)
    yield Item(Topic.ANALYSES_MISSING, start.sums.analyses_missing)


def _placements(start: Start) -> Iterator[Item]:
    if start.placements is None:
        return
    now = start.placements.now
    yield Item(
        Topic.FAMILIES_IN_HOTEL,
        now.families_in_hotel,
        amount=sum((row.cost_to_date for row in now.families), Decimal(0)),
        since=min((row.starts_on for row in now.families), default=None),
        names=_references(start, now.families),
    )
    yield Item(
        Topic.REVIEWS_OVERDUE,
        now.reviews_overdue,
        amount=sum((row.month_cost for row in now.overdue), Decimal(0)),
        names=_references(start, now.overdue),
    )


def _references(start: Start, rows: Sequence[PlacementRow]) -> tuple[str, ...]:
    return tuple(row.reference for row in rows) if start.sees_references else ()


def _budget(start: Start) -> Iterator[Item]:
    if start.budget is None or start.budget.now.deviation is None:
        return
    deviation, before = start.budget.now.deviation, start.budget.deviation.before
    if deviation < 0:
        moved = None if before is None else deviation - before
        yield Item(Topic.OVER_BUDGET, 1, amount=-deviation, moved=moved)


def _activities(session: Session, scope: Scope, on: dt.date) -> Iterator[Item]:
    late = overdue_activities(session, Scope(scope.unit_id), on=on)
    if late:
        names = tuple(activity.name for activity in late)
        yield Item(Topic.ACTIVITIES_PAST_END, len(late), since=late[0].ends_on, names=names)


def _most(plans: pd.DataFrame | None, column: str) -> tuple[str | None, int]:
    """Return the caseworker with most of a column among those shown, and how many it is."""
    if plans is None:
        return None, 0
    known = (
        (-count, name)
        for count, name in zip(plans[column], plans["key"], strict=True)
        if name != WITHOUT_CASEWORKER
    )
    worst = min(known, default=(0, None))
    return (worst[1], -worst[0]) if worst[0] else (None, 0)
