"""Whom a measure point asks about: the caseworkers, the open cases, the cases that were closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Role, Scope
from core.models import Area, Case, CaseAssignment
from core.queries.cache import cached
from core.queries.case_register import CaseworkerChoice
from core.queries.selects import assignment_id_on, day_parameters, days_table, open_on
from core.rules.measure_points import SELF_SUPPORT, Definition
from core.terms import ONGOING_KINDS, CaseKind

MANAGERS = (Role.UNIT_MANAGER, Role.DEVELOPER)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom one report is asked about: a caseworker, a case, a group or, with neither, the unit."""

    caseworker_id: int | None = None
    group_id: int | None = None
    case_id: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """A case that ended in self-support, and whose it was that day."""

    closed_on: dt.date
    subject: Subject


def people(
    definition: Definition,
    known: Iterable[CaseworkerChoice],
    groups: Iterable[int],
    also: set[int | None],
) -> list[Subject]:
    """Return whom a definition that doesn't ask by case asks about.

    Active caseworkers, and those in `also`, who have reported; a group each where its manager
    reports on the group, or the unit. Only the definition's own group, if it has one.
    """
    wanted = definition.group_id
    if definition.by_person:
        return [
            Subject(one.id, one.group_id)
            for one in known
            if (one.active or one.id in also) and wanted in {None, one.group_id}
        ]
    if definition.reporter is Role.GROUP_MANAGER:
        return [Subject(group_id=group) for group in groups if wanted in {None, group}]
    return [Subject(group_id=wanted)]


def reaches(scope: Scope, reporter: Role, subject: Subject) -> bool:
    """Tell whether a scope holds what somebody reports about a subject.

    A caseworker's holds the own reports, a group's its caseworkers' and its manager's.
    """
    if scope.caseworker_id is not None:
        return reporter is Role.CASEWORKER and subject.caseworker_id == scope.caseworker_id
    if scope.group_id is not None:
        return reporter not in MANAGERS and subject.group_id == scope.group_id
    return True


@cached(Area.CASES, until=None)
def open_cases(
    session: Session, scope: Scope, *, days: tuple[dt.date, ...]
) -> dict[dt.date, tuple[Subject, ...]]:
    """Return a unit's open ongoing cases on each of some days, by reference. One statement."""
    if not days:
        return {}
    table = days_table(["day"], len(days))
    rows: Iterable[Any] = session.execute(
        select(
            table.c.day,
            col(Case.id),
            col(Case.reference),
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .select_from(table)
        .join(Case, open_on(table.c.day))
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(table.c.day))
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.kind).in_(ONGOING_KINDS))
        .order_by(col(Case.reference)),
        day_parameters(["day"], [(day,) for day in days]),
    )
    found: dict[dt.date, list[Subject]] = {day: [] for day in days}
    for day, case_id, reference, caseworker_id, group_id in rows:
        found[day].append(Subject(caseworker_id, group_id, case_id, reference))
    return {day: tuple(cases) for day, cases in found.items()}


@cached(Area.CASES, until=None)
def closings(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date
) -> tuple[Closing, ...]:
    """Return a unit's benefit cases closed in start..end to self-support, by day and reference."""
    closed_on = col(Case.closed_on)
    rows: Iterable[Any] = session.execute(
        select(
            closed_on,
            col(Case.id),
            col(Case.reference),
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .select_from(Case)
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(closed_on))
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.kind) == CaseKind.BENEFIT)
        .where(col(Case.voided_at).is_(None))
        .where(col(Case.closing_reason).in_(SELF_SUPPORT))
        .where(closed_on.between(start, end))
        .order_by(closed_on, col(Case.reference))
    )
    return tuple(
        Closing(day, Subject(caseworker_id, group_id, case_id, reference))
        for day, case_id, reference, caseworker_id, group_id in rows
    )
