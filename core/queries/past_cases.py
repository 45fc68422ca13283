"""Closed cases with all that counts of them, as retention reads them before they are removed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.models import (
    AdultObstacle,
    AdverseDecision,
    AffectedChild,
    BenefitMonth,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    ChildImpactAnalysis,
    Placement,
    PlanExemption,
    PlanRevision,
)
from core.queries import placement_facts
from core.rules.cases import Adult, ObstacleFrom
from core.rules.change_plans import Exemption, Plan, PlanCase
from core.rules.retention import ChildrenFrom, Holding, PastCase, Refusal

Grouped = defaultdict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A past case, and the kind of each of its placements."""

    case: PastCase
    kind_ids: tuple[int, ...]


def past_cases(session: Session, ids: Sequence[int]) -> list[Loaded]:
    """Return some cases that are not voided, in a fixed number of statements."""
    of_case = _of_case(session, ids)
    adults = _adults(session, ids)
    plans = _plans(session, ids)
    refusals = _refusals(session, ids)
    placements = _placements(session, ids)
    cases = session.execute(
        select(
            col(Case.id),
            col(Case.kind),
            col(Case.closing_reason),
            col(Case.opened_on),
            col(Case.referred_on),
            col(Case.closed_on),
        )
        .where(col(Case.id).in_(ids))
        .where(col(Case.voided_at).is_(None))
    )
    found = []
    for case_id, kind, reason, opened_on, referred_on, closed_on in cases:
        exemptions = tuple(Exemption(*row) for row in of_case[PlanExemption][case_id])
        case = PastCase(
            kind=kind,
            plan=PlanCase(opened_on, referred_on, closed_on, tuple(plans[case_id]), exemptions),
            reason=reason,
            held=tuple(Holding(*row) for row in of_case[CaseAssignment][case_id]),
            adults=tuple(adults[case_id]),
            children=tuple(ChildrenFrom(*row) for row in of_case[CaseComposition][case_id]),
            benefit_months=tuple(month for (month,) in of_case[BenefitMonth][case_id]),
            refusals=tuple(refusals[case_id]),
            placements=tuple(placed.facts for placed in placements[case_id]),
        )
        found.append(Loaded(case, tuple(placed.kind_id for placed in placements[case_id])))
    return found


def _of_case(session: Session, ids: Sequence[int]) -> dict[type[Any], Grouped]:
    """Return the valid rows of the tables that hang on a case and on nothing else, oldest first."""
    tables: dict[type[Any], tuple[Any, ...]] = {
        CaseAssignment: (
            CaseAssignment.valid_from,
            CaseAssignment.caseworker_id,
            CaseAssignment.group_id,
        ),
        CaseComposition: (CaseComposition.valid_from, CaseComposition.children),
        PlanExemption: (PlanExemption.reason, PlanExemption.valid_from, PlanExemption.valid_to),
        BenefitMonth: (BenefitMonth.month,),
    }
    return {
        table: _grouped(
            session.execute(
                select(table.case_id, *columns)
                .where(table.case_id.in_(ids), table.voided_at.is_(None))
                .order_by(*columns[:1], table.id)
            )
        )
        for table, columns in tables.items()
    }


def _adults(session: Session, ids: Sequence[int]) -> Grouped:
    obstacles = _grouped(
        session.execute(
            select(
                col(AdultObstacle.adult_id),
                col(AdultObstacle.obstacle),
                col(AdultObstacle.valid_from),
            )
            .join(CaseAdult, col(CaseAdult.id) == col(AdultObstacle.adult_id))
            .where(col(CaseAdult.case_id).in_(ids), col(AdultObstacle.voided_at).is_(None))
            .order_by(col(AdultObstacle.valid_from), col(AdultObstacle.id))
        )
    )
    rows = session.execute(
        select(
            col(CaseAdult.case_id),
            col(CaseAdult.id),
            col(CaseAdult.number),
            col(CaseAdult.gender),
            col(CaseAdult.valid_from),
            col(CaseAdult.valid_to),
        )
        .where(col(CaseAdult.case_id).in_(ids), col(CaseAdult.voided_at).is_(None))
        .order_by(col(CaseAdult.valid_from), col(CaseAdult.id))
    )
    found: Grouped = defaultdict(list)
    for case_id, adult_id, number, gender, valid_from, valid_to in rows:
        known = tuple(ObstacleFrom(*row) for row in obstacles[adult_id])
        found[case_id].append(Adult(number, gender, valid_from, valid_to, known))
    return found


def _plans(session: Session, ids: Sequence[int]) -> Grouped:
    revised = _grouped(
        session.execute(
            select(col(PlanRevision.plan_id), col(PlanRevision.revised_on))
            .join(ChangePlan, col(ChangePlan.id) == col(PlanRevision.plan_id))
            .where(col(ChangePlan.case_id).in_(ids), col(PlanRevision.voided_at).is_(None))
        )
    )
    rows = session.execute(
        select(
            col(ChangePlan.case_id),
            col(ChangePlan.id),
            col(ChangePlan.established_on),
            col(ChangePlan.ended_on),
        )
        .where(col(ChangePlan.case_id).in_(ids), col(ChangePlan.voided_at).is_(None))
        .order_by(col(ChangePlan.established_on), col(ChangePlan.id))
    )
    found: Grouped = defaultdict(list)
    for case_id, plan_id, established_on, ended_on in rows:
        days = tuple(day for (day,) in revised[plan_id])
        found[case_id].append(Plan(established_on, ended_on, days))
    return found


def _refusals(session: Session, ids: Sequence[int]) -> Grouped:
    first = (
        select(func.min(col(ChildImpactAnalysis.analysed_on)))
        .where(col(ChildImpactAnalysis.affected_child_id) == col(AffectedChild.id))
        .where(col(ChildImpactAnalysis.voided_at).is_(None))
        .correlate(AffectedChild)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            col(AdverseDecision.case_id), col(AdverseDecision.id), col(AdverseDecision.decided_on)
        )
        .add_columns(first)
        .join(AffectedChild, col(AffectedChild.decision_id) == col(AdverseDecision.id))
        .where(col(AdverseDecision.case_id).in_(ids), col(AdverseDecision.voided_at).is_(None))
        .order_by(col(AdverseDecision.id))
    )
    children: dict[tuple[int, int, dt.date], list[dt.date | None]] = {}
    for case_id, decision_id, decided_on, analysed_on in rows:
        children.setdefault((case_id, decision_id, decided_on), []).append(analysed_on)
    found: Grouped = defaultdict(list)
    for (case_id, _, decided_on), analyses in children.items():
        found[case_id].append(Refusal(decided_on, tuple(analyses)))
    return found


def _placements(session: Session, ids: Sequence[int]) -> Grouped:
    chosen = col(Placement.case_id).in_(ids) & col(Placement.voided_at).is_(None)
    found: Grouped = defaultdict(list)
    for placed in placement_facts.load(session, chosen):
        found[placed.case_id].append(placed)
    return found


def _grouped(rows: Iterable[Any]) -> Grouped:
    found: Grouped = defaultdict(list)
    for owner, *values in rows:
        found[owner].append(tuple(values))
    return found
