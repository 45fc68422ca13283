"""What removed cases still count as: the part of every figure that has no rows behind it.

Each figure's query adds it to what it counts from the rows that are there, so that a day's figures
are the same before and after cases are removed. In a unit that has removed nothing it costs no
statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, bindparam, case, func, literal, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Group, PlacementKind, RetainedCost, RetainedCount
from core.queries.cache import cached, data_version
from core.queries.names import within
from core.queries.selects import day_parameters, days_table
from core.rules.placements import DaysCost
from core.rules.retained_costs import Rates, days_cost
from core.rules.retention import Kept
from core.terms import Contract, Gender


@dataclass(frozen=True, slots=True)
class KeptCount:
    """How many of removed cases count the same: on a day asked for, or of an event on its day."""

    kept: Kept
    day: dt.date
    caseworker_id: int | None
    group_id: int | None
    gender: Gender | None
    part: str
    since: dt.date | None
    number: int


@dataclass(frozen=True, slots=True)
class KeptCost:
    """What removed placements cost a day from a paid day on, as known on the day asked for.

    A negative amount is where they end. `paid_by` is the section and name of the budget line that
    the kind points to.
    """

    kind: str
    paid_by: tuple[str | None, str | None]
    caseworker_id: int | None
    group_id: int | None
    group: str | None
    contract: Contract | None
    provider: str | None
    paid_on: dt.date
    rates: Rates

    def cost(self, start: dt.date, end: dt.date) -> DaysCost:
        """Return the paid days in start..end and their cost in kronor."""
        return days_cost(self.rates, self.paid_on, start, end)


def counts(
    session: Session, scope: Scope, kept: Iterable[Kept], days: Iterable[dt.date]
) -> list[KeptCount]:
    """Return what removed cases count as on each of some days, in a scope."""
    if not any_removed(session, scope.unit_id):
        return []
    unit, wanted = Scope(scope.unit_id), tuple(kept)
    over = _over_from(session, unit)
    last = max((over[one] for one in wanted if one in over), default=dt.date.min)
    asked = tuple(day for day in days if day < last)
    rows = _counts(session, unit, kept=wanted, days=asked) if asked else ()
    return [row for row in rows if within(scope, row)]


def number(session: Session, scope: Scope, kept: Kept, on: dt.date) -> int:
    """Return how many of one count removed cases make on a day, in a scope."""
    return sum(row.number for row in counts(session, scope, [kept], [on]))


def events(
    session: Session, scope: Scope, kept: Iterable[Kept], start: dt.date, end: dt.date
) -> list[KeptCount]:
    """Return what happened in removed cases in start..end, each by its own day, in a scope."""
    if not any_removed(session, scope.unit_id):
        return []
    rows = _events(session, Scope(scope.unit_id), kept=tuple(kept), start=start, end=end)
    return [row for row in rows if within(scope, row)]


def costs(session: Session, scope: Scope, *, on: dt.date, since: dt.date) -> list[KeptCost]:
    """Return what removed placements cost on the paid days from `since` on, as known on a day.

    Of the cases in scope on the day that is known. What ended before `since` is left out.
    """
    if not any_removed(session, scope.unit_id):
        return []
    rows = _costs(session, Scope(scope.unit_id), on=on, since=since)
    return [row for row in rows if within(scope, row)]


def total(kept: Iterable[KeptCost], start: dt.date, end: dt.date) -> DaysCost:
    """Return the paid days in start..end and their cost, of several costs together."""
    days, amount = 0, Decimal(0)
    for row in kept:
        part = row.cost(start, end)
        days, amount = days + part.days, amount + part.cost
    return DaysCost(days, amount)


def any_removed(session: Session, unit_id: int) -> bool:
    """Tell whether a unit has removed cases.

    A read knows it from the data versions that it has read already.
    """
    if session.info.get("writes"):
        found = select(col(RetainedCount.id)).where(col(RetainedCount.unit_id) == unit_id).limit(1)
        return session.execute(found).first() is not None
    return data_version(session, unit_id, (Area.RETENTION,), None) > 0


def lists_lack(session: Session, scope: Scope, *, since: dt.date) -> bool:
    """Tell whether lists of the time from a day on lack cases that have been removed."""
    if not any_removed(session, scope.unit_id):
        return False
    return since < _over(session, Scope(scope.unit_id))


@cached(Area.RETENTION, until=None)
def _over(session: Session, scope: Scope) -> dt.date:
    """Return the day from which nothing that has been removed was going on."""
    ended = session.execute(
        select(func.max(col(RetainedCost.known_on))).where(
            col(RetainedCost.unit_id) == scope.unit_id
        )
    ).scalar()
    return max([ended or dt.date.min, *_over_from(session, scope).values()])


@cached(Area.RETENTION, until=None)
def _over_from(session: Session, scope: Scope) -> dict[Kept, dt.date]:
    """Return the day from which none of a count is left: what removed cases were is over."""
    rows = session.execute(
        select(col(RetainedCount.kept), func.max(col(RetainedCount.day)))
        .where(col(RetainedCount.unit_id) == scope.unit_id)
        .group_by(col(RetainedCount.kept))
    )
    return {row[0]: row[1] for row in rows}


@cached(Area.RETENTION, until=None)
def _counts(
    session: Session, scope: Scope, *, kept: tuple[Kept, ...], days: tuple[dt.date, ...]
) -> tuple[KeptCount, ...]:
    rows = session.execute(
        _count_statement(len(days)),
        day_parameters(["day"], [(day,) for day in days])
        | {"unit_id": scope.unit_id, "kept": kept},
    )
    return tuple(KeptCount(*row) for row in rows if row[-1])


@cache
def _count_statement(days: int) -> Any:
    table = days_table(["day"], days)
    keys = (
        col(RetainedCount.kept),
        table.c.day,
        col(RetainedCount.caseworker_id),
        col(RetainedCount.group_id),
        col(RetainedCount.gender),
        col(RetainedCount.part),
        col(RetainedCount.since),
    )
    return (
        select(*keys, func.sum(col(RetainedCount.number)))
        .select_from(table)
        .join(RetainedCount, col(RetainedCount.day) <= table.c.day)
        .where(col(RetainedCount.unit_id) == bindparam("unit_id"))
        .where(col(RetainedCount.kept).in_(bindparam("kept", expanding=True)))
        .group_by(*keys)
    )


@cached(Area.RETENTION, until=None)
def _events(
    session: Session, scope: Scope, *, kept: tuple[Kept, ...], start: dt.date, end: dt.date
) -> tuple[KeptCount, ...]:
    rows = session.execute(
        select(
            col(RetainedCount.kept),
            col(RetainedCount.day),
            col(RetainedCount.caseworker_id),
            col(RetainedCount.group_id),
            col(RetainedCount.gender),
            col(RetainedCount.part),
            col(RetainedCount.since),
            col(RetainedCount.number),
        )
        .where(col(RetainedCount.unit_id) == scope.unit_id)
        .where(col(RetainedCount.kept).in_(kept))
        .where(col(RetainedCount.day).between(start, end))
        .order_by(col(RetainedCount.day), col(RetainedCount.id))
    )
    return tuple(KeptCount(*row) for row in rows)


@cached(Area.RETENTION, Area.PLACEMENTS, Area.BUDGET, Area.UNITS, until=None)
def _costs(session: Session, scope: Scope, *, on: dt.date, since: dt.date) -> tuple[KeptCost, ...]:
    paid_on = col(RetainedCost.paid_on)
    from_since = case((paid_on < since, literal(since, Date)), else_=paid_on).label("from_since")
    keys = (
        col(PlacementKind.name),
        col(PlacementKind.budget_section),
        col(PlacementKind.budget_line),
        col(RetainedCost.caseworker_id),
        col(RetainedCost.group_id),
        col(Group.name),
        col(RetainedCost.contract),
        col(RetainedCost.provider),
        from_since,
    )
    rows = session.execute(
        select(*keys, func.sum(col(RetainedCost.number)), func.sum(col(RetainedCost.amount)))
        .join(PlacementKind, col(PlacementKind.id) == col(RetainedCost.kind_id))
        .outerjoin(Group, col(Group.id) == col(RetainedCost.group_id))
        .where(col(RetainedCost.unit_id) == scope.unit_id)
        .where(col(RetainedCost.known_on) <= on)
        .group_by(*keys)
    )
    return tuple(_kept_cost(*row) for row in rows if row[-2] or row[-1])


def _kept_cost(kind: str, section: str | None, line: str | None, *rest: Any) -> KeptCost:
    caseworker_id, group_id, group, contract, provider, paid_on, number, amount = rest
    return KeptCost(
        kind=kind,
        paid_by=(section, line),
        caseworker_id=caseworker_id,
        group_id=group_id,
        group=group,
        contract=contract,
        provider=provider,
        paid_on=paid_on,
        rates=Rates(int(number), amount),
    )
