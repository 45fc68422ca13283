"""Cases: load, flow, households, obstacles and closing reasons (domain: Case)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy import bindparam, func, literal, select, union_all
from sqlmodel import Session, col

from core.auth import Scope
from core.models import AdultObstacle, Area, Case, CaseAdult, CaseAssignment
from core.queries import retained
from core.queries.cache import cached, cached_by_day
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.names import added, in_order, key_of, month_key, names, within
from core.queries.selects import (
    Day,
    adult_on,
    applicant_gender_on,
    assignment_id_on,
    children_on,
    day_parameters,
    days_table,
    open_on,
)
from core.rules.cases import Adult, ObstacleFrom, closing_shares, long_obstacle, obstacle_on
from core.rules.dates import months_between
from core.rules.households import HouseholdCounts
from core.rules.retention import Kept
from core.terms import (
    ALL,
    OBSTACLE_CODES,
    ONGOING_KINDS,
    CaseKind,
    ClosingReason,
    Gender,
    Obstacle,
    sv,
)

LOAD_COLUMNS = ["key", "households", "other_cases"]
FLOW_COLUMNS = ["key", "opened", "referred", "closed"]
OBSTACLE_COLUMNS = ["obstacle", "adults"]
LONG_COLUMNS = ["obstacle", "adults", "over_a_year"]
REASON_COLUMNS = ["reason", "cases", "share"]


@dataclass(frozen=True, slots=True)
class Ongoing:
    """Open ongoing cases: households with benefit, and cases of the other kinds."""

    households: int = 0
    other_cases: int = 0

    def __add__(self, other: Ongoing) -> Ongoing:
        """Return the sums of two counts."""
        return Ongoing(self.households + other.households, self.other_cases + other.other_cases)


@dataclass(frozen=True, slots=True)
class LoadGroup:
    """Open ongoing cases of a caseworker and group on a day."""

    caseworker_id: int | None
    group_id: int | None
    counts: Ongoing


@cached(Area.CASES, Area.UNITS)
def load(session: Session, scope: Scope, *, on: dt.date, by: By) -> pd.DataFrame:
    """Return open ongoing cases on a day. Columns: `LOAD_COLUMNS`.

    One-off applications and statements are not ongoing. Kinds are never added into one number.
    """
    rows = load_groups(session, Scope(scope.unit_id), [on])[on]
    mine = [row for row in rows if within(scope, row)]
    if by is By.NONE:
        sums = {ALL: sum((row.counts for row in mine), Ongoing())}
    else:
        key = key_of(by, names(session, Scope(scope.unit_id)))
        sums = added((key(row), row.counts) for row in mine)
    return frame(
        [(key, sums[key].households, sums[key].other_cases) for key in in_order(sums)],
        LOAD_COLUMNS,
    )


@cached_by_day(Area.CASES)
def load_groups(
    session: Session, scope: Scope, days: tuple[dt.date, ...]
) -> dict[dt.date, list[LoadGroup]]:
    """Return a unit's open ongoing cases by caseworker and group on some days, in one statement."""
    rows = session.execute(
        _load_statement(len(days)),
        day_parameters(["day"], [(day,) for day in days]) | {"unit_id": scope.unit_id},
    )
    found: dict[dt.date, dict[tuple[int | None, int | None], Ongoing]] = {one: {} for one in days}
    for on, caseworker_id, group_id, kind, number in rows:
        counts = Ongoing(number, 0) if kind is CaseKind.BENEFIT else Ongoing(0, number)
        before = found[on].get((caseworker_id, group_id), Ongoing())
        found[on][caseworker_id, group_id] = before + counts
    for row in retained.counts(session, scope, [Kept.OPEN], days):
        benefit = row.part == CaseKind.BENEFIT
        counts = Ongoing(row.number, 0) if benefit else Ongoing(0, row.number)
        before = found[row.day].get((row.caseworker_id, row.group_id), Ongoing())
        found[row.day][row.caseworker_id, row.group_id] = before + counts
    return {
        on: [LoadGroup(*holder, counts) for holder, counts in groups.items()]
        for on, groups in found.items()
    }


@cache
def _load_statement(days: int) -> Any:
    table = days_table(["day"], days)
    day = table.c.day
    keys = (
        day,
        col(CaseAssignment.caseworker_id),
        col(CaseAssignment.group_id),
        col(Case.kind),
    )
    return (
        select(*keys, func.count())
        .select_from(table)
        .join(Case, (col(Case.unit_id) == bindparam("unit_id")) & open_on(day))
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(day))
        .where(col(Case.kind).in_(ONGOING_KINDS))
        .group_by(*keys)
    )


@cached(Area.CASES, until="end")
def flow(session: Session, scope: Scope, *, start: dt.date, end: dt.date, by: By) -> pd.DataFrame:
    """Return benefit cases opened, referred and closed in start..end. Columns: `FLOW_COLUMNS`.

    By month every month of start..end has a row, with its days inside start..end.
    """
    months = [month_key(month) for month in months_between(start, end)]
    keys = months if by is By.MONTH else [ALL]
    counts = {key: Counter[str]() for key in keys}
    for year in range(start.year, end.year + 1):
        last = min(end, dt.date(year, 12, 31))
        for move, day, holder, number in moves(session, Scope(scope.unit_id), year=year, end=last):
            if start <= day <= end and within(scope, holder):
                counts[month_key(day) if by is By.MONTH else ALL][move] += number
    return frame(
        [(key, *(counts[key][move] for move in FLOW_COLUMNS[1:])) for key in keys],
        FLOW_COLUMNS,
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a case was on a day."""

    caseworker_id: int | None
    group_id: int | None


@cached(Area.CASES, until="end")
def moves(
    session: Session, scope: Scope, *, year: int, end: dt.date
) -> list[tuple[str, dt.date, Holder, int]]:
    """Return how many benefit cases of a unit moved on each day of a year through `end`.

    Each row: `opened`, `referred` or `closed`, the day, whose the case was that day, how many.
    """
    parts = []
    for name, day in (
        ("opened", col(Case.opened_on)),
        ("referred", col(Case.referred_on)),
        ("closed", col(Case.closed_on)),
    ):
        holder = (col(CaseAssignment.caseworker_id), col(CaseAssignment.group_id))
        parts.append(
            select(literal(name), day, *holder, func.count())
            .select_from(Case)
            .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(day))
            .where(col(Case.unit_id) == scope.unit_id)
            .where(col(Case.kind) == CaseKind.BENEFIT)
            .where(col(Case.voided_at).is_(None))
            .where(day >= dt.date(year, 1, 1), day <= end)
            .group_by(day, *holder)
        )
    kept = retained.events(session, scope, [Kept.MOVE], dt.date(year, 1, 1), end)
    return [
        (name, day, Holder(caseworker_id, group_id), number)
        for name, day, caseworker_id, group_id, number in session.execute(union_all(*parts))
    ] + [(row.part, row.day, Holder(row.caseworker_id, row.group_id), row.number) for row in kept]


def obstacles(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the adults of open benefit cases by obstacle on a day. Columns: `OBSTACLE_COLUMNS`.

    The leaf codes of `OBSTACLE_CODES` that somebody has, in their order.
    """
    return long_obstacles(session, scope, on=on)[OBSTACLE_COLUMNS]


@cached(Area.CASES)
def long_obstacles(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return adults by obstacle on a day, and how many have had it over a year.

    Columns: `LONG_COLUMNS`. Only obstacles that somebody has.
    """
    adults, long = Counter[Obstacle](), Counter[Obstacle]()
    for adult in _adults(session, scope, on):
        obstacle = obstacle_on(adult, on)
        adults[obstacle] += 1
        long[obstacle] += long_obstacle(adult, on)
    for row in retained.counts(session, scope, [Kept.OBSTACLE, Kept.LONG_OBSTACLE], [on]):
        counted = adults if row.kept is Kept.OBSTACLE else long
        counted[Obstacle(row.part)] += row.number
    rows = [
        (code, adults[obstacle], long[obstacle])
        for obstacle, code in OBSTACLE_CODES.items()
        if adults[obstacle]
    ]
    return frame(rows, LONG_COLUMNS)


def _adults(session: Session, scope: Scope, on: dt.date) -> list[Adult]:
    """Return the adults of a scope's open benefit cases on a day, with their obstacles by then."""
    mine = _benefit_cases(select(col(CaseAdult.id)).join(Case), scope, on).where(
        col(CaseAdult.case_id) == col(Case.id), adult_on(on)
    )
    held: dict[int, list[ObstacleFrom]] = defaultdict(list)
    for adult_id, obstacle, day in session.execute(
        select(
            col(AdultObstacle.adult_id), col(AdultObstacle.obstacle), col(AdultObstacle.valid_from)
        )
        .where(col(AdultObstacle.adult_id).in_(mine))
        .where(col(AdultObstacle.voided_at).is_(None))
        .where(col(AdultObstacle.valid_from) <= on)
        .order_by(col(AdultObstacle.valid_from), col(AdultObstacle.id))
    ):
        held[adult_id].append(ObstacleFrom(obstacle, day))
    return [
        Adult(1, Gender.OTHER, on, None, tuple(held[adult_id]))
        for (adult_id,) in session.execute(mine)
    ]


@cached(Area.CASES, until="end")
def closing_reasons(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date
) -> pd.DataFrame:
    """Return benefit cases closed in start..end by reason. Columns: `REASON_COLUMNS`.

    Reasons that occur, the most common first, an empty one as unknown. Cases opened and closed the
    same day count.
    """
    closed = col(Case.closed_on)
    statement = (
        select(col(Case.closing_reason), func.count())
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.kind) == CaseKind.BENEFIT)
        .where(col(Case.voided_at).is_(None))
        .where(closed >= start, closed <= end)
        .group_by(col(Case.closing_reason))
    )
    found = Counter[ClosingReason | None]()
    for reason, number in session.execute(_held(statement, scope, closed)):
        found[reason] += number
    for row in retained.events(session, scope, [Kept.CLOSING], start, end):
        found[ClosingReason(row.part) if row.part else None] += row.number
    rows = [
        (sv(reason), part.cases, part.share)
        for reason, part in closing_shares(found).items()
        if part.cases
    ]
    rows.sort(key=lambda row: (-row[1], row[0]))
    return frame(rows, REASON_COLUMNS)


@cached(Area.CASES)
def households_at(session: Session, scope: Scope, *, on: dt.date) -> HouseholdCounts:
    """Return the households of a scope's open benefit cases on a day, and their people."""
    adults = (
        select(func.count())
        .select_from(CaseAdult)
        .where(col(CaseAdult.case_id) == col(Case.id), adult_on(on))
        .correlate_except(CaseAdult)
        .scalar_subquery()
    )
    each = _benefit_cases(
        select(
            adults.label("adults"),
            func.coalesce(children_on(on), 0).label("children"),
            applicant_gender_on(on).label("gender"),
        ),
        scope,
        on,
    ).subquery()
    rows = session.execute(
        select(
            each.c.gender, func.count(), func.sum(each.c.adults), func.sum(each.c.children)
        ).group_by(each.c.gender)
    )
    return sum((_households(*row) for row in rows), _removed_households(session, scope, on))


def _households(
    gender: Gender | None, households: int, adults: int, children: int
) -> HouseholdCounts:
    return HouseholdCounts(
        households,
        int(adults),
        int(children),
        women=households * (gender is Gender.WOMAN),
        men=households * (gender is Gender.MAN),
        other=households * (gender not in {Gender.WOMAN, Gender.MAN}),
    )


def _removed_households(session: Session, scope: Scope, on: dt.date) -> HouseholdCounts:
    total = HouseholdCounts()
    for row in retained.counts(session, scope, [Kept.OPEN, Kept.ADULTS, Kept.CHILDREN], [on]):
        if row.kept is Kept.ADULTS:
            total += HouseholdCounts(adults=row.number)
        elif row.kept is Kept.CHILDREN:
            total += HouseholdCounts(children=row.number)
        elif row.part == CaseKind.BENEFIT:
            total += _households(row.gender, row.number, 0, 0)
    return total


def _benefit_cases(statement: Any, scope: Scope, on: dt.date) -> Any:
    """Narrow a statement over cases to a scope's open benefit cases on a day."""
    return _held(
        statement.where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.kind) == CaseKind.BENEFIT)
        .where(open_on(on)),
        scope,
        on,
    )


def _held(statement: Any, scope: Scope, day: Day) -> Any:
    """Narrow a statement over cases to those that a scope holds on a day."""
    wanted: Iterable[tuple[Any, int | None]] = (
        (col(CaseAssignment.group_id), scope.group_id),
        (col(CaseAssignment.caseworker_id), scope.caseworker_id),
    )
    for column, value in wanted:
        if value is not None:
            held = select(column).where(col(CaseAssignment.id) == assignment_id_on(day))
            statement = statement.where(held.correlate(Case).scalar_subquery() == value)
    return statement
