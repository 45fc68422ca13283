"""The deadlines of change plans, each decided by the rule itself (domain: Within three months)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Case, CaseAdult, CaseAssignment, ChangePlan, PlanExemption
from core.queries import retained
from core.queries.cache import cached_by_day
from core.queries.retained import KeptCount
from core.rules.cases import Adult, applicant_gender, as_of
from core.rules.change_plans import (
    DEADLINE_MONTHS,
    Exemption,
    Plan,
    PlanCase,
    deadline,
    within_three_months,
)
from core.rules.dates import (
    earliest_reaching,
    latest_within,
    month_end,
    month_start,
    months_between,
)
from core.rules.retention import HIT, Kept
from core.terms import CaseKind, Gender

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A case's deadline, whose it was that day, and whether it had a plan by then.

    `case_id` is None for cases that have been removed: `number` of them with the same answer.
    """

    case_id: int | None
    deadline: dt.date
    hit: bool
    caseworker_id: int | None
    group_id: int | None
    gender: Gender | None
    number: int = 1


@dataclass(frozen=True, slots=True)
class _Assigned:
    valid_from: dt.date
    caseworker_id: int | None
    group_id: int | None


def deadlines(
    session: Session, unit_id: int, start: dt.date, end: dt.date, today: dt.date
) -> list[DeadlineRow]:
    """Return a unit's counted deadlines in start..end. Those after `today` are not counted yet.

    Kept month by month, so that the points of a trend share what they read, and what is written
    today moves no earlier month.
    """
    last = min(end, today)
    months = [month_end(month) for month in months_between(start, last)]
    if not months:
        return []
    found = of_months(session, Scope(unit_id), months)
    return [row for rows in found.values() for row in rows if start <= row.deadline <= last]


@cached_by_day(Area.CASES, Area.PLANS)
def of_months(
    session: Session, scope: Scope, days: tuple[dt.date, ...]
) -> dict[dt.date, list[DeadlineRow]]:
    """Return a unit's counted deadlines of some months, by each month's last day: four statements."""
    first, end = month_start(min(days)), max(days)
    candidates = (
        (col(Case.unit_id) == scope.unit_id)
        & (col(Case.kind) == CaseKind.BENEFIT)
        & col(Case.voided_at).is_(None)
        & (col(Case.referred_on) >= earliest_reaching(first, DEADLINE_MONTHS))
        & (col(Case.referred_on) <= latest_within(end, DEADLINE_MONTHS))
    )
    ids = select(col(Case.id)).where(candidates)
    exemptions = _exemptions(session, ids)
    held = _assignments(session, ids)
    adults = _applicants(session, ids)
    found: dict[dt.date, list[DeadlineRow]] = {day: [] for day in days}
    for row in session.execute(_cases(candidates)):
        facts = PlanCase(
            row.opened_on,
            row.referred_on,
            row.closed_on,
            (Plan(row.first_plan_on),) if row.first_plan_on else (),
            tuple(exemptions[row.id]),
        )
        hit = within_three_months(facts, first, end, end)
        by = deadline(row.referred_on)
        if hit is not None and month_end(by) in found:
            whose = as_of(held[row.id], by) or _Assigned(by, None, None)
            gender = applicant_gender(adults[row.id], by)
            found[month_end(by)].append(
                DeadlineRow(row.id, by, hit, whose.caseworker_id, whose.group_id, gender)
            )
    for kept in retained.events(session, scope, [Kept.DEADLINE], first, end):
        if month_end(kept.day) in found:
            found[month_end(kept.day)].append(_removed(kept))
    return found


def _removed(kept: KeptCount) -> DeadlineRow:
    hit = kept.part == HIT
    return DeadlineRow(
        None, kept.day, hit, kept.caseworker_id, kept.group_id, kept.gender, kept.number
    )


def _cases(candidates: Any) -> Any:
    first_plan = (
        select(func.min(col(ChangePlan.established_on)))
        .where(col(ChangePlan.case_id) == col(Case.id))
        .where(col(ChangePlan.voided_at).is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
    return select(
        col(Case.id),
        col(Case.opened_on),
        col(Case.referred_on),
        col(Case.closed_on),
        first_plan.label("first_plan_on"),
    ).where(candidates)


def _exemptions(session: Session, ids: Any) -> dict[int, list[Exemption]]:
    rows = session.execute(
        select(
            col(PlanExemption.case_id),
            col(PlanExemption.reason),
            col(PlanExemption.valid_from),
            col(PlanExemption.valid_to),
        )
        .where(col(PlanExemption.case_id).in_(ids))
        .where(col(PlanExemption.voided_at).is_(None))
    )
    return _by_case((case_id, Exemption(*rest)) for case_id, *rest in rows)


def _assignments(session: Session, ids: Any) -> dict[int, list[_Assigned]]:
    rows = session.execute(
        select(
            col(CaseAssignment.case_id),
            col(CaseAssignment.valid_from),
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .where(col(CaseAssignment.case_id).in_(ids))
        .where(col(CaseAssignment.voided_at).is_(None))
        .order_by(col(CaseAssignment.valid_from), col(CaseAssignment.id))
    )
    return _by_case((case_id, _Assigned(*rest)) for case_id, *rest in rows)


def _applicants(session: Session, ids: Any) -> dict[int, list[Adult]]:
    rows = session.execute(
        select(
            col(CaseAdult.case_id),
            col(CaseAdult.number),
            col(CaseAdult.gender),
            col(CaseAdult.valid_from),
            col(CaseAdult.valid_to),
        )
        .where(col(CaseAdult.case_id).in_(ids))
        .where(col(CaseAdult.voided_at).is_(None))
        .order_by(col(CaseAdult.valid_from), col(CaseAdult.id))
    )
    return _by_case((case_id, Adult(*rest)) for case_id, *rest in rows)


def _by_case(rows: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for case_id, row in rows:
        found[case_id].append(row)
    return found
