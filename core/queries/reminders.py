"""Reminders that are put off on a day: which, why and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Case, CaseAssignment, ReminderSnooze
from core.queries.cache import cached
from core.queries.names import names, within
from core.queries.selects import assignment_id_on, open_on
from core.terms import ReminderKind


@dataclass(frozen=True, slots=True)
class Snoozed:
    """A case's reminder that is put off, both days included, and whose the case is on the day.

    `put_off_at` is when that was done. `times` is how many times that reminder of the case has been put off, this one included.
    """

    snooze_id: int
    case_id: int
    reference: str
    kind: ReminderKind
    measure_point_id: int | None
    reason: str
    starts_on: dt.date
    ends_on: dt.date
    put_off_at: dt.datetime
    times: int
    caseworker_id: int | None
    group_id: int | None
    caseworker: str


@cached(Area.REMINDERS, Area.CASES, Area.UNITS)
def snoozed(session: Session, scope: Scope, *, on: dt.date) -> tuple[Snoozed, ...]:
    """Return the reminders of a scope's cases that are put off on a day, the longest ones last.

    Of several times that hold for one reminder, the one that ends last is told. A closed case has only its missing impact analyses left to be reminded of. One statement.
    """
    earlier = aliased(ReminderSnooze)
    times = (
        select(func.count())
        .where(col(earlier.case_id) == col(ReminderSnooze.case_id))
        .where(col(earlier.kind) == col(ReminderSnooze.kind))
        .where(
            col(earlier.measure_point_id).is_not_distinct_from(col(ReminderSnooze.measure_point_id))
        )
        .where(col(earlier.voided_at).is_(None))
        .where(col(earlier.starts_on) <= on)
        .correlate(ReminderSnooze)
        .scalar_subquery()
    )
    rows: Iterable[Any] = session.execute(
        select(
            ReminderSnooze,
            col(Case.reference),
            times,
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .select_from(ReminderSnooze)
        .join(Case, col(Case.id) == col(ReminderSnooze.case_id))
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(on))
        .where(col(ReminderSnooze.unit_id) == scope.unit_id)
        .where(col(ReminderSnooze.voided_at).is_(None))
        .where(col(ReminderSnooze.starts_on) <= on, col(ReminderSnooze.ends_on) >= on)
        .where(col(Case.voided_at).is_(None))
        .where(or_(open_on(on), col(ReminderSnooze.kind) == ReminderKind.CHILD_IMPACT))
        .order_by(col(ReminderSnooze.ends_on), col(Case.reference), col(ReminderSnooze.id))
    )
    known = names(session, Scope(scope.unit_id))
    found = [
        Snoozed(
            snooze_id=row.id,
            case_id=row.case_id,
            reference=reference,
            kind=row.kind,
            measure_point_id=row.measure_point_id,
            reason=row.reason,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            put_off_at=row.created_at,
            times=count,
            caseworker_id=one,
            group_id=group,
            caseworker=known.caseworker(one),
        )
        for row, reference, count, one, group in rows
    ]
    longest = {(row.case_id, row.kind, row.measure_point_id): row for row in found}
    return tuple(row for row in found if row in longest.values() and within(scope, row))
