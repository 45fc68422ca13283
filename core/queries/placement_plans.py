"""What placements are for, what comes after them, and who has an individual housing plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Case, CaseAssignment, Placement, PlacementPlan
from core.queries.cache import cached
from core.queries.selects import assignment_id_on

AREAS = (Area.PLACEMENTS, Area.CASES)


@dataclass(frozen=True, slots=True)
class PlanNow:
    """The latest purpose and plan of a placement on a day, and since when.

    `housing_plan` tells whether there is an individual housing plan, None where nobody has said.
    """

    noted_on: dt.date
    purpose: str
    plan_after: str
    housing_plan: bool | None


@cached(*AREAS)
def latest_plans(session: Session, scope: Scope, *, on: dt.date) -> dict[int, PlanNow]:
    """Return the latest plan noted by a day of each placement that has one, by placement id.

    In a scope narrowed to a group or a caseworker: placements of the cases held on the day.
    """
    plans = (
        select(
            col(PlacementPlan.placement_id),
            col(PlacementPlan.noted_on),
            col(PlacementPlan.purpose),
            col(PlacementPlan.plan_after),
            col(PlacementPlan.housing_plan),
        )
        .join(Placement, col(Placement.id) == col(PlacementPlan.placement_id))
        .join(Case, col(Case.id) == col(Placement.case_id))
        .where(col(Placement.unit_id) == scope.unit_id)
        .where(col(Placement.voided_at).is_(None), col(Case.voided_at).is_(None))
        .where(col(PlacementPlan.voided_at).is_(None), col(PlacementPlan.noted_on) <= on)
        .order_by(col(PlacementPlan.noted_on), col(PlacementPlan.id))
    )
    if scope.group_id is not None or scope.caseworker_id is not None:
        plans = plans.join(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(on))
    if scope.group_id is not None:
        plans = plans.where(col(CaseAssignment.group_id) == scope.group_id)
    if scope.caseworker_id is not None:
        plans = plans.where(col(CaseAssignment.caseworker_id) == scope.caseworker_id)
    return {placement_id: PlanNow(*values) for placement_id, *values in session.execute(plans)}
