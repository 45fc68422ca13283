"""Benefit months: households with benefit in a month, and those of them that are långvariga.

Source: domain, Household statistics.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, BenefitMonth, Case, CaseAssignment
from core.queries import retained
from core.queries.cache import cached, cached_by_day
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.names import added, in_order, key_of, month_key, names, within
from core.queries.selects import (
    applicant_gender_on,
    assignment_id_on,
    day_parameters,
    days_table,
)
from core.rules.dates import last_twelve, month_end, year_of
from core.rules.households import LongTermCounts, is_long_term, long_term_window
from core.rules.retention import Kept
from core.terms import ALL, CaseKind, DataSource, Gender

LONG_TERM_COLUMNS = ["key", "households", "long_term", "share"]
_DAYS = ("day", "first", "last")


@dataclass(frozen=True, slots=True)
class LongTermGroup:
    """Households with benefit of a caseworker, group and gender on a day."""

    caseworker_id: int | None
    group_id: int | None
    gender: Gender | None
    counts: LongTermCounts


@dataclass(frozen=True, slots=True)
class BenefitOfMonth:
    """A month in which a case got benefit: its first day, the kronor if known, and from where."""

    month: dt.date
    amount: Decimal | None
    source: DataSource


@cached(Area.CASES, Area.BENEFIT_MONTHS, Area.UNITS)
def long_term(session: Session, scope: Scope, *, on: dt.date, by: By) -> pd.DataFrame:
    """Return households with benefit in a day's month, and how many of them are långvariga.

    Columns: `LONG_TERM_COLUMNS`. Caseworker, group and gender are those on the day. By month there
    are twelve rows, by none one with the key `alla`.
    """
    days = last_twelve(on) if by is By.MONTH else [on]
    by_day = long_term_groups(session, Scope(scope.unit_id), days)
    mine = {day: [row for row in rows if within(scope, row)] for day, rows in by_day.items()}
    if by is By.MONTH:
        sums = {month_key(day): _total(mine[day]) for day in days}
        return _frame(sums, list(sums))
    if by is By.NONE:
        return _frame({ALL: _total(mine[on])}, [ALL])
    key = key_of(by, names(session, Scope(scope.unit_id)))
    sums = added((key(row), row.counts) for row in mine[on])
    return _frame(sums, in_order(sums))


def latest_long_term(
    session: Session, scope: Scope, days: Iterable[dt.date]
) -> dict[dt.date, tuple[dt.date, LongTermCounts] | None]:
    """Return, for each day, the latest whole month of its year with any benefit, and its counts.

    The month is told by its last day. Payments become known a while after their month, so a month
    that is not over or that nothing is known of yet says nothing. None without such a month.
    """
    asked = tuple(days)
    ends = {day: _ended_months(day) for day in asked}
    found = long_term_groups(
        session, Scope(scope.unit_id), sorted({end for some in ends.values() for end in some})
    )
    sums = {end: _total(row for row in rows if within(scope, row)) for end, rows in found.items()}
    return {
        day: next(((end, sums[end]) for end in reversed(ends[day]) if sums[end].households), None)
        for day in asked
    }


@cached_by_day(Area.CASES, Area.BENEFIT_MONTHS)
def long_term_groups(
    session: Session, scope: Scope, days: tuple[dt.date, ...]
) -> dict[dt.date, list[LongTermGroup]]:
    """Return the finest count of a unit's households with benefit on some days, in one statement.

    All other splits are sums of it.
    """
    if not days:
        return {}
    windows = [long_term_window(day) for day in days]
    rows = session.execute(
        _statement(len(days)),
        day_parameters(_DAYS, [(day, w.start, w.end) for day, w in zip(days, windows, strict=True)])
        | {"unit_id": scope.unit_id},
    )
    found: dict[dt.date, dict[tuple[Any, ...], LongTermCounts]] = {one: {} for one in days}
    for on, caseworker_id, group_id, gender, months, number in rows:
        holder = (caseworker_id, group_id, gender)
        counts = LongTermCounts(number, number * is_long_term(months))
        found[on][holder] = found[on].get(holder, LongTermCounts()) + counts
    for row in retained.counts(session, scope, [Kept.BENEFIT, Kept.LONG_TERM], days):
        holder = (row.caseworker_id, row.group_id, row.gender)
        all_of_them = row.kept is Kept.BENEFIT
        counts = LongTermCounts(row.number, 0) if all_of_them else LongTermCounts(0, row.number)
        found[row.day][holder] = found[row.day].get(holder, LongTermCounts()) + counts
    return {
        on: [
            LongTermGroup(caseworker_id, group_id, gender, counts)
            for (caseworker_id, group_id, gender), counts in groups.items()
        ]
        for on, groups in found.items()
    }


@cached(Area.BENEFIT_MONTHS, until=None)
def months_of_case(session: Session, scope: Scope, *, case_id: int) -> tuple[BenefitOfMonth, ...]:
    """Return the months in which a case of the scope's unit got benefit, ascending."""
    rows: Iterable[Any] = session.execute(
        select(col(BenefitMonth.month), col(BenefitMonth.amount), col(BenefitMonth.source))
        .where(col(BenefitMonth.case_id) == case_id)
        .where(col(BenefitMonth.unit_id) == scope.unit_id)
        .where(col(BenefitMonth.voided_at).is_(None))
        .order_by(col(BenefitMonth.month))
    )
    return tuple(BenefitOfMonth(*row) for row in rows)


@cache
def _statement(days: int) -> Any:
    """Return the statement that counts cases by holder, gender and months with benefit."""
    table = days_table(_DAYS, days)
    month = col(BenefitMonth.month)
    each = (
        select(
            table.c.day,
            col(BenefitMonth.case_id).label("case_id"),
            func.count().label("months"),
        )
        .select_from(table)
        .join(
            BenefitMonth,
            (col(BenefitMonth.unit_id) == bindparam("unit_id"))
            & (month >= table.c.first)
            & (month <= table.c.last)
            & col(BenefitMonth.voided_at).is_(None),
        )
        .group_by(table.c.day, table.c.last, col(BenefitMonth.case_id))
        .having(func.max(month) == table.c.last)
        .cte("each_case")
    )
    cases = (
        select(
            each.c.day,
            each.c.months,
            assignment_id_on(each.c.day).label("assignment_id"),
            applicant_gender_on(each.c.day).label("gender"),
        )
        .select_from(each)
        .join(Case, col(Case.id) == each.c.case_id)
        .where(col(Case.kind) == CaseKind.BENEFIT)
        .where(col(Case.voided_at).is_(None))
        .where(col(Case.opened_on) <= each.c.day)
        .cte("cases")
        .prefix_with("MATERIALIZED")
    )
    keys = (
        cases.c.day,
        col(CaseAssignment.caseworker_id),
        col(CaseAssignment.group_id),
        cases.c.gender,
        cases.c.months,
    )
    return (
        select(*keys, func.count())
        .select_from(cases)
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == cases.c.assignment_id)
        .group_by(*keys)
    )


def _ended_months(on: dt.date) -> list[dt.date]:
    """Return the last days of the months of a day's year that are over on it, ascending."""
    first = year_of(on).start
    ends = [month_end(first.replace(month=number)) for number in range(1, on.month + 1)]
    return [end for end in ends if end <= on]


def _total(rows: Iterable[LongTermGroup]) -> LongTermCounts:
    return sum((row.counts for row in rows), LongTermCounts())


def _frame(sums: dict[str, LongTermCounts], keys: Iterable[str]) -> pd.DataFrame:
    rows = [(key, sums[key].households, sums[key].long_term, sums[key].share) for key in keys]
    return frame(rows, LONG_TERM_COLUMNS)
