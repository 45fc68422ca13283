"""Change plans: status as of a day, and plans made within three months (domain: Change plan)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
)
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Case, CaseAssignment, ChangePlan, PlanExemption, PlanRevision
from core.queries import retained
from core.queries.cache import cached, cached_by_day
from core.queries.deadlines import DeadlineRow, deadlines
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.names import added, in_order, key_of, month_key, names, within
from core.queries.selects import (
    Day,
    applicant_gender_on,
    assignment_id_on,
    day_parameters,
    days_table,
    open_on,
)
from core.rules.change_plans import CURRENT_MONTHS, DEADLINE_MONTHS, StatusCounts, deadline
from core.rules.dates import earliest_reaching, last_twelve, months_between
from core.rules.retention import Kept
from core.rules.shares import share
from core.terms import ALL, CaseKind, Gender, PlanStatus

STATUS_COLUMNS = [
    "key",
    "open",
    "exempt",
    "current",
    "outdated",
    "due",
    "overdue",
    "coverage",
    "current_share",
]
_DAYS = ("day", "current_from", "referred_from")
WITHIN_COLUMNS = ["key", "deadlines", "within", "share"]


@dataclass(frozen=True, slots=True)
class StatusGroup:
    """How many cases of a caseworker, group and gender have a status on a day.

    `overdue_since` is the earliest passed deadline of those that lack a plan, None without any.
    """

    caseworker_id: int | None
    group_id: int | None
    gender: Gender | None
    counts: StatusCounts
    overdue_since: dt.date | None = None


@cached(Area.CASES, Area.PLANS, Area.UNITS)
def change_plans(session: Session, scope: Scope, *, on: dt.date, by: By) -> pd.DataFrame:
    """Return the cases of the population by plan status on a day, with coverage and current share.

    Columns: `STATUS_COLUMNS`. A caseworker, group or gender has a row only with something to count;
    by month there are twelve rows, by none one with the key `alla`.
    """
    days = last_twelve(on) if by is By.MONTH else [on]
    by_day = status_groups(session, Scope(scope.unit_id), days)
    mine = {day: [row for row in rows if within(scope, row)] for day, rows in by_day.items()}
    if by is By.MONTH:
        sums = {month_key(day): _total(mine[day]) for day in days}
        return _status_frame(sums, list(sums))
    if by is By.NONE:
        return _status_frame({ALL: _total(mine[on])}, [ALL])
    key = key_of(by, names(session, Scope(scope.unit_id)))
    sums = added((key(row), row.counts) for row in mine[on])
    return _status_frame(sums, in_order(sums))


@cached(Area.CASES, Area.PLANS, Area.UNITS, until="end")
def within_three_months(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date, by: By
) -> pd.DataFrame:
    """Return how many of the deadlines in start..end had a plan in time.

    Columns: `WITHIN_COLUMNS`. Caseworker, group and gender are those valid on the deadline; by month
    every month of start..end has a row.
    """
    rows = [
        row for row in deadlines(session, scope.unit_id, start, end, today) if within(scope, row)
    ]
    if by is By.MONTH:
        months = [month_key(month) for month in months_between(start, end)]
        return _within_frame(_counted((month_key(row.deadline), row) for row in rows), months)
    if by is By.NONE:
        return _within_frame(_counted((ALL, row) for row in rows), [ALL])
    key = key_of(by, names(session, Scope(scope.unit_id)))
    counts = _counted((key(row), row) for row in rows)
    return _within_frame(counts, in_order(counts))


@cached_by_day(Area.CASES, Area.PLANS)
def status_groups(
    session: Session, scope: Scope, days: tuple[dt.date, ...]
) -> dict[dt.date, list[StatusGroup]]:
    """Return the finest count of statuses in a unit for each of some days, in one statement.

    All other splits are sums of it.
    """
    rows = session.execute(
        _status_statement(len(days)), plan_parameters(days) | {"unit_id": scope.unit_id}
    )
    found: dict[dt.date, dict[tuple[Any, ...], StatusGroup]] = {one: {} for one in days}
    for on, caseworker_id, group_id, gender, name, number, referred_on in rows:
        since = deadline(referred_on) if name == PlanStatus.OVERDUE else None
        part = StatusCounts(**{name: number})
        _add_status(found[on], StatusGroup(caseworker_id, group_id, gender, part, since))
    for row in retained.counts(session, scope, [Kept.PLAN], days):
        part = StatusCounts(**{row.part: row.number})
        _add_status(
            found[row.day],
            StatusGroup(row.caseworker_id, row.group_id, row.gender, part, row.since),
        )
    return {on: list(groups.values()) for on, groups in found.items()}


def _add_status(groups: dict[tuple[Any, ...], StatusGroup], one: StatusGroup) -> None:
    holder = (one.caseworker_id, one.group_id, one.gender)
    before = groups.get(holder) or replace(one, counts=StatusCounts(), overdue_since=None)
    known = [day for day in (before.overdue_since, one.overdue_since) if day is not None]
    groups[holder] = replace(
        before, counts=before.counts + one.counts, overdue_since=min(known, default=None)
    )


def overdue_since(session: Session, scope: Scope, *, on: dt.date) -> dt.date | None:
    """Return the earliest deadline that has passed without a plan on a day, None without any."""
    groups = status_groups(session, Scope(scope.unit_id), [on])[on]
    days = [row.overdue_since for row in groups if within(scope, row)]
    return min((day for day in days if day is not None), default=None)


@cache
def _status_statement(days: int) -> Any:
    each = plan_facts(days)
    keys = (
        each.c.day,
        col(CaseAssignment.caseworker_id),
        col(CaseAssignment.group_id),
        each.c.gender,
        status_of(each).label("status"),
    )
    return (
        select(*keys, func.count(), func.min(each.c.referred_on))
        .select_from(each)
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == each.c.assignment_id)
        .group_by(*keys)
    )


def plan_parameters(days: Sequence[dt.date]) -> dict[str, Any]:
    """Return the parameters of `plan_facts` for some days."""
    return day_parameters(
        _DAYS,
        [
            (day, earliest_reaching(day, CURRENT_MONTHS), earliest_reaching(day, DEADLINE_MONTHS))
            for day in days
        ],
    )


def plan_facts(days: int, *only: ColumnElement[bool]) -> CTE:
    """Return a row for each case of the population on each of some days, with its plan's facts.

    `only` narrows the population by further conditions on the case.

    Run it with `plan_parameters` and `unit_id`. Columns: day, case_id, referred_on, assignment_id,
    gender, exempt (bool), established_on and revised_on (of the latest existing plan, by the day),
    current_from (the first day from which a plan is still current on the day) and referred_from
    (the first day of referral whose deadline has not passed). Materialised, so that no part is
    worked out twice.
    """
    table = days_table(_DAYS, days)
    day = table.c.day
    cases = (
        select(
            *table.c,
            col(Case.id).label("case_id"),
            col(Case.referred_on).label("referred_on"),
            assignment_id_on(day).label("assignment_id"),
            applicant_gender_on(day).label("gender"),
            exempt_on(day).label("exempt"),
            plan_id_on(day).label("plan_id"),
        )
        .select_from(table)
        .join(Case, and_(population_on(day), *only))
        .cte("cases")
        .prefix_with("MATERIALIZED")
    )
    revised = (
        select(func.max(col(PlanRevision.revised_on)))
        .where(col(PlanRevision.plan_id) == cases.c.plan_id)
        .where(col(PlanRevision.voided_at).is_(None))
        .where(col(PlanRevision.revised_on) <= cases.c.day)
        .correlate_except(PlanRevision)
        .scalar_subquery()
    )
    return (
        select(
            *(column for column in cases.c if column.name != "plan_id"),
            col(ChangePlan.established_on).label("established_on"),
            revised.label("revised_on"),
        )
        .select_from(cases)
        .outerjoin(ChangePlan, col(ChangePlan.id) == cases.c.plan_id)
        .cte("facts")
        .prefix_with("MATERIALIZED")
    )


def status_of(each: CTE) -> ColumnElement[str]:
    """Return the plan status of `plan_facts`, the first that fits."""
    current = (each.c.revised_on >= each.c.current_from) | (
        each.c.established_on >= each.c.current_from
    )
    return case(
        (each.c.exempt, literal(PlanStatus.EXEMPT.value)),
        (current, literal(PlanStatus.CURRENT.value)),
        (each.c.established_on.is_not(None), literal(PlanStatus.OUTDATED.value)),
        (each.c.referred_on >= each.c.referred_from, literal(PlanStatus.DUE.value)),
        else_=literal(PlanStatus.OVERDUE.value),
    )


def population_on(day: Day) -> ColumnElement[bool]:
    """Return the condition that a case of the unit `unit_id` is asked for a plan on a day."""
    return (
        (col(Case.unit_id) == bindparam("unit_id"))
        & (col(Case.kind) == CaseKind.BENEFIT)
        & open_on(day)
        & (col(Case.referred_on) <= day)
    )


def exempt_on(day: Day) -> ColumnElement[bool]:
    """Return the condition that an exemption of a case applies on a day."""
    return exists(
        select(1)
        .where(col(PlanExemption.case_id) == col(Case.id))
        .where(col(PlanExemption.voided_at).is_(None))
        .where(col(PlanExemption.valid_from) <= day)
        .where(col(PlanExemption.valid_to) >= day)
        .correlate_except(PlanExemption)
    )


def plan_id_on(day: Day) -> ScalarSelect[Any]:
    """Return the id of a case's latest plan that exists on a day; of equals the last."""
    established = col(ChangePlan.established_on)
    return (
        select(col(ChangePlan.id))
        .where(col(ChangePlan.case_id) == col(Case.id))
        .where(col(ChangePlan.voided_at).is_(None))
        .where(established <= day)
        .where(col(ChangePlan.ended_on).is_(None) | (col(ChangePlan.ended_on) > day))
        .order_by(established.desc(), col(ChangePlan.id).desc())
        .limit(1)
        .correlate_except(ChangePlan)
        .scalar_subquery()
    )


def _total(rows: Iterable[StatusGroup]) -> StatusCounts:
    return sum((row.counts for row in rows), StatusCounts())


def _status_frame(sums: dict[str, StatusCounts], keys: Sequence[str]) -> pd.DataFrame:
    rows = [
        (
            key,
            sums[key].open,
            sums[key].exempt,
            sums[key].current,
            sums[key].outdated,
            sums[key].due,
            sums[key].overdue,
            sums[key].coverage,
            sums[key].current_share,
        )
        for key in keys
    ]
    return frame(rows, STATUS_COLUMNS)


def _counted(rows: Iterable[tuple[str, DeadlineRow]]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for key, row in rows:
        number, hits = counts.get(key, (0, 0))
        counts[key] = (number + row.number, hits + row.number * row.hit)
    return counts


def _within_frame(counts: dict[str, tuple[int, int]], keys: Sequence[str]) -> pd.DataFrame:
    rows = []
    for key in keys:
        number, hits = counts.get(key, (0, 0))
        rows.append((key, number, hits, share(hits, number)))
    return frame(rows, WITHIN_COLUMNS)
