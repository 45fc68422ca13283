"""The cases behind a bar of change-plan statuses, each with its next step (domain: Change plan)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Case, CaseAssignment, PlanExemption
from core.queries.cache import cached
from core.queries.change_plans import plan_facts, plan_parameters, status_of
from core.queries.names import Names, names, within
from core.rules.change_plans import Exemption, Plan, PlanCase, current_from, next_due, status
from core.terms import ExemptionReason, PlanStatus


@dataclass(frozen=True, slots=True)
class PlanCaseRow:
    """A case of the population on a day.

    `current_from` is the day since which its plan is current, None without a plan. `due_on` is the
    last day in time for the next step; it lies before the day when that is late.
    """

    case_id: int
    version: int
    reference: str
    caseworker: str
    group: str
    opened_on: dt.date
    referred_on: dt.date
    current_from: dt.date | None
    exempt_until: dt.date | None
    due_on: dt.date
    status: PlanStatus


@cached(Area.CASES, Area.PLANS, Area.UNITS, until=None)
def plan_cases(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    status: PlanStatus | None = None,
    caseworker: str | None = None,
) -> tuple[PlanCaseRow, ...]:
    """Return a scope's cases of the population on a day, those due first at the top.

    Args:
        session: An open session.
        scope: Whose cases, by the assignment valid on the day.
        on: The day.
        status: Only the cases of this status.
        caseworker: Only the cases behind this key of `change_plans` by caseworker.
    """
    known = names(session, Scope(scope.unit_id))
    whose = _whose(known, scope, caseworker)
    found: Iterable[Any] = session.execute(
        _statement(whose is not None),
        plan_parameters([on]) | {"unit_id": scope.unit_id, "caseworker_id": whose},
    )
    rows = [
        _row(row, known, on)
        for row in found
        if within(scope, row)
        and caseworker in {None, known.caseworker(row.caseworker_id)}
        and status in {None, row.status}
    ]
    rows.sort(key=lambda row: (row.due_on, row.reference))
    return tuple(rows)


def _whose(known: Names, scope: Scope, caseworker: str | None) -> int | None:
    """Return the only caseworker whose cases are asked for, None for several or nobody's."""
    if scope.caseworker_id is not None:
        return scope.caseworker_id
    return next((id_ for id_, name in known.caseworkers.items() if name == caseworker), None)


@cache
def _statement(of_one: bool) -> Any:
    """Return the statement for a unit's cases; `of_one`: only those `caseworker_id` has ever had."""
    had = (
        select(col(CaseAssignment.case_id))
        .where(col(CaseAssignment.caseworker_id) == bindparam("caseworker_id"))
        .where(col(CaseAssignment.voided_at).is_(None))
    )
    each = plan_facts(1, *([col(Case.id).in_(had)] if of_one else []))
    exempt_until = (
        select(func.max(col(PlanExemption.valid_to)))
        .where(col(PlanExemption.case_id) == each.c.case_id)
        .where(col(PlanExemption.voided_at).is_(None))
        .where(col(PlanExemption.valid_from) <= each.c.day)
        .where(col(PlanExemption.valid_to) >= each.c.day)
        .correlate(each)
        .scalar_subquery()
    )
    return (
        select(
            col(Case.id),
            col(Case.version),
            col(Case.reference),
            col(Case.opened_on),
            each.c.referred_on,
            each.c.established_on,
            each.c.revised_on,
            exempt_until.label("exempt_until"),
            status_of(each).label("status"),
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .select_from(each)
        .join(Case, col(Case.id) == each.c.case_id)
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == each.c.assignment_id)
    )


def _row(row: Any, known: Names, on: dt.date) -> PlanCaseRow:
    """Let the rule say what a case needs, from the parts of its facts that hold on the day."""
    revised = () if row.revised_on is None else (row.revised_on,)
    exempt = () if row.exempt_until is None else ((on, row.exempt_until),)
    facts = PlanCase(
        opened_on=row.opened_on,
        referred_on=row.referred_on,
        plans=() if row.established_on is None else (Plan(row.established_on, None, revised),),
        exemptions=tuple(Exemption(ExemptionReason.OTHER, *days) for days in exempt),
    )
    found, due_on = status(facts, on), next_due(facts, on)
    assert found is not None and due_on is not None  # noqa: PT018, S101  (of the population)
    return PlanCaseRow(
        case_id=row.id,
        version=row.version,
        reference=row.reference,
        caseworker=known.caseworker(row.caseworker_id),
        group=known.group(row.group_id),
        opened_on=row.opened_on,
        referred_on=row.referred_on,
        current_from=current_from(facts, on),
        exempt_until=row.exempt_until,
        due_on=due_on,
        status=found,
    )
