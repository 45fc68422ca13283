"""A caseworker's own cases, each with what is due next and when (domain: Change plan, BKA)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.auth import Scope
from core.models import (
    AdverseDecision,
    AffectedChild,
    Area,
    Case,
    CaseAssignment,
    ChangePlan,
    ChildImpactAnalysis,
    PlanExemption,
    PlanRevision,
)
from core.queries.cache import cached
from core.rules.change_plans import (
    Exemption,
    Plan,
    PlanCase,
    current_from,
    exempt_until,
    latest_plan,
    next_due,
    status,
)
from core.rules.child_impact import analysis_status
from core.terms import AnalysisStatus, CaseKind, DecisionKind, PlanStatus


class Step(StrEnum):
    """What a case needs next."""

    ESTABLISH = auto()
    REVISE = auto()
    REFER = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class WeekCase:
    """An open case of one's own on a day.

    `due_on` is the last day in time for the next step; it lies before the day when that is late.
    `status` and `due_on` are None for a case that is not asked for a plan: not yet referred, or of
    another kind than ekonomiskt bistånd. `plan_from` is the day since which its plan is current;
    `established_on` and `revised_on` are that plan's, the latest revision. `version` is the row's.
    """

    case_id: int
    version: int
    reference: str
    kind: CaseKind
    opened_on: dt.date
    referred_on: dt.date | None
    status: PlanStatus | None
    step: Step
    due_on: dt.date | None
    plan_from: dt.date | None
    exempt_until: dt.date | None
    established_on: dt.date | None
    revised_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MissingAnalysis:
    """A child without impact analysis in an adverse decision in a case of one's own.

    `registered_at` is when the decision was registered, whatever day it is dated.
    """

    decision_id: int
    case_id: int
    reference: str
    decided_on: dt.date
    kind: DecisionKind
    registered_at: dt.datetime
    child_number: int


@dataclass(frozen=True, slots=True)
class Week:
    """What a caseworker has to do: cases, the most late first, and children without analysis."""

    cases: tuple[WeekCase, ...]
    missing: tuple[MissingAnalysis, ...]


@cached(Area.CASES, Area.PLANS, Area.CHILD_IMPACT)
def my_week(session: Session, scope: Scope, *, on: dt.date) -> Week:
    """Return the open cases that the scope's caseworker holds on a day, and what they lack.

    Cases stand in the order of the day that their next step is due; those without one stand last,
    by reference. Decisions of closed cases are there too, as a decision needs its analyses anyway.
    Six statements, however many cases.
    """
    held = session.exec(held_on(scope, on)).all()
    plans = _plans(session, held, on)
    exemptions = _exemptions(session, held, on)
    open_cases = session.exec(
        select(Case)
        .where(col(Case.id).in_(held))
        .where(col(Case.opened_on) <= on)
        .where(or_(col(Case.closed_on).is_(None), col(Case.closed_on) > on))
    ).all()
    cases = [
        _week_case(case, (plans[case.id or 0], exemptions[case.id or 0]), on) for case in open_cases
    ]
    cases.sort(key=lambda case: (case.due_on or dt.date.max, case.reference))
    return Week(tuple(cases), _missing(session, held, on))


def held_on(scope: Scope, on: dt.date) -> SelectOfScalar[int]:
    """Return a statement for the ids of cases that a scope's caseworker holds on a day."""
    later = aliased(CaseAssignment)
    replaced = (
        select(later.id)
        .where(col(later.case_id) == col(CaseAssignment.case_id))
        .where(col(later.voided_at).is_(None))
        .where(col(later.valid_from) <= on)
        .where(
            or_(
                col(later.valid_from) > col(CaseAssignment.valid_from),
                and_(
                    col(later.valid_from) == col(CaseAssignment.valid_from),
                    col(later.id) > col(CaseAssignment.id),
                ),
            )
        )
    )
    return (
        select(col(CaseAssignment.case_id))
        .join(Case, col(Case.id) == col(CaseAssignment.case_id))
        .where(col(CaseAssignment.caseworker_id) == scope.caseworker_id)
        .where(col(CaseAssignment.voided_at).is_(None))
        .where(col(CaseAssignment.valid_from) <= on)
        .where(~replaced.exists())
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.voided_at).is_(None))
    )


def _week_case(case: Case, facts: tuple[list[Plan], list[Exemption]], on: dt.date) -> WeekCase:
    plan_case = PlanCase(
        opened_on=case.opened_on,
        referred_on=case.referred_on,
        closed_on=case.closed_on,
        plans=tuple(facts[0]),
        exemptions=tuple(facts[1]),
    )
    asked = case.kind is CaseKind.BENEFIT
    plan = latest_plan(plan_case, on) if asked else None
    plan_from = current_from(plan_case, on) if asked else None
    assert case.id is not None  # noqa: S101  (read from the store)
    return WeekCase(
        case_id=case.id,
        version=case.version,
        reference=case.reference,
        kind=case.kind,
        opened_on=case.opened_on,
        referred_on=case.referred_on,
        status=status(plan_case, on) if asked else None,
        step=_step(case, plan_from),
        due_on=next_due(plan_case, on) if asked else None,
        plan_from=plan_from,
        exempt_until=exempt_until(plan_case, on) if asked else None,
        established_on=None if plan is None else plan.established_on,
        revised_on=None if plan is None else max(plan.revised_on, default=None),
    )


def _step(case: Case, plan_from: dt.date | None) -> Step:
    if case.kind is not CaseKind.BENEFIT:
        return Step.NOTHING
    if case.referred_on is None:
        return Step.REFER
    return Step.ESTABLISH if plan_from is None else Step.REVISE


def _plans(session: Session, held: Sequence[int], on: dt.date) -> defaultdict[int, list[Plan]]:
    """Return the plans of cases with their revisions, by case, oldest first."""
    of_case = and_(col(ChangePlan.case_id).in_(held), col(ChangePlan.voided_at).is_(None))
    revised: defaultdict[int, list[dt.date]] = defaultdict(list)
    for plan_id, day in session.execute(
        select(col(PlanRevision.plan_id), col(PlanRevision.revised_on))
        .join(ChangePlan, col(ChangePlan.id) == col(PlanRevision.plan_id))
        .where(of_case)
        .where(col(PlanRevision.voided_at).is_(None))
        .where(col(PlanRevision.revised_on) <= on)
    ):
        revised[plan_id].append(day)
    rows: Iterable[Any] = session.execute(
        select(
            col(ChangePlan.id),
            col(ChangePlan.case_id),
            col(ChangePlan.established_on),
            col(ChangePlan.ended_on),
        )
        .where(of_case)
        .order_by(col(ChangePlan.established_on), col(ChangePlan.id))
    )
    plans: defaultdict[int, list[Plan]] = defaultdict(list)
    for row in rows:
        plan = Plan(row.established_on, row.ended_on, tuple(revised[row.id]))
        plans[row.case_id].append(plan)
    return plans


def _exemptions(
    session: Session, held: Sequence[int], on: dt.date
) -> defaultdict[int, list[Exemption]]:
    rows: Iterable[Any] = session.execute(
        select(
            col(PlanExemption.case_id),
            col(PlanExemption.reason),
            col(PlanExemption.valid_from),
            col(PlanExemption.valid_to),
        )
        .where(col(PlanExemption.case_id).in_(held))
        .where(col(PlanExemption.voided_at).is_(None))
        .where(col(PlanExemption.valid_from) <= on)
    )
    exemptions: defaultdict[int, list[Exemption]] = defaultdict(list)
    for row in rows:
        exemptions[row.case_id].append(Exemption(row.reason, row.valid_from, row.valid_to))
    return exemptions


def _missing(session: Session, held: Sequence[int], on: dt.date) -> tuple[MissingAnalysis, ...]:
    """Return the children without an analysis, those who have waited longest first."""
    children: Iterable[Any] = session.execute(
        sa.select(
            col(AffectedChild.id),
            col(AffectedChild.decision_id),
            col(AdverseDecision.case_id),
            col(Case.reference),
            col(AdverseDecision.decided_on),
            col(AdverseDecision.kind),
            col(AdverseDecision.created_at),
            col(AffectedChild.child_number),
            col(ChildImpactAnalysis.analysed_on),
        )
        .join(AffectedChild, col(AffectedChild.decision_id) == col(AdverseDecision.id))
        .join(Case, col(Case.id) == col(AdverseDecision.case_id))
        .join(
            ChildImpactAnalysis,
            and_(
                col(ChildImpactAnalysis.affected_child_id) == col(AffectedChild.id),
                col(ChildImpactAnalysis.voided_at).is_(None),
            ),
            isouter=True,
        )
        .where(col(AdverseDecision.case_id).in_(held))
        .where(col(AdverseDecision.voided_at).is_(None))
        .where(col(AdverseDecision.decided_on) <= on)
        .order_by(col(AdverseDecision.decided_on), col(Case.reference), col(AffectedChild.id))
    )
    analysed: defaultdict[MissingAnalysis, list[dt.date]] = defaultdict(list)
    for row in children:
        child = MissingAnalysis(
            row.decision_id,
            row.case_id,
            row.reference,
            row.decided_on,
            row.kind,
            row.created_at,
            row.child_number,
        )
        analysed[child] += [] if row.analysed_on is None else [row.analysed_on]
    return tuple(
        child
        for child, days in analysed.items()
        if analysis_status(child.decided_on, days, on) is AnalysisStatus.MISSING
    )
