"""A made-up case before it becomes rows, and how it becomes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.demo.inputs import EXAMPLE
from core.demo.people import Worker
from core.demo.rows import Rows
from core.models import (
    AdultObstacle,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    PlanExemption,
    PlanRevision,
)
from core.rules.cases import is_open
from core.rules.change_plans import Exemption as Exempt
from core.rules.change_plans import Plan as RulePlan
from core.rules.change_plans import PlanCase, deadline
from core.terms import CaseKind, ClosingReason, ExemptionReason, Gender, HouseholdType, Obstacle


@dataclass
class Plan:
    """A change plan with its revisions."""

    established_on: dt.date
    ended_on: dt.date | None = None
    revised_on: list[dt.date] = field(default_factory=list)


@dataclass
class Person:
    """An adult of a household with dated obstacles."""

    gender: Gender
    obstacles: list[tuple[dt.date, Obstacle]] = field(default_factory=list)


@dataclass
class Assignment:
    """Whose a matter is from a day on; nobody's without a worker."""

    valid_from: dt.date
    worker: Worker | None
    group_id: int


@dataclass(eq=False)
class Matter:
    """A made-up case, equal only to itself. `children` holds the number of children from a day on."""

    kind: CaseKind
    opened_on: dt.date
    referred_on: dt.date | None = None
    closed_on: dt.date | None = None
    reason: ClosingReason | None = None
    children: list[tuple[dt.date, int]] = field(default_factory=list)
    adults: list[Person] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    exemptions: list[Exempt] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    hit: bool | None = None
    covered: bool | None = None
    case_id: int = 0
    reference: str = ""

    def open_on(self, day: dt.date) -> bool:
        """Tell whether the matter is open on a day."""
        return is_open(self.opened_on, self.closed_on, day)

    def children_on(self, day: dt.date) -> int:
        """Return how many children the household has on a day."""
        return next((count for since, count in reversed(self.children) if since <= day), 0)

    def set_children(self, day: dt.date, count: int) -> None:
        """Let the household have a number of children from a day on, the latest one so far."""
        self.children = [step for step in self.children if step[0] < day] + [(day, count)]

    @property
    def deadline(self) -> dt.date | None:
        """Return the last day for the first plan, None before referral."""
        return None if self.referred_on is None else deadline(self.referred_on)

    @property
    def gender(self) -> Gender:
        """Return the applicant's gender."""
        return self.adults[0].gender

    def plan_case(self) -> PlanCase:
        """Return the matter as the rules of change plans know it."""
        plans = tuple(
            RulePlan(plan.established_on, plan.ended_on, tuple(plan.revised_on))
            for plan in self.plans
        )
        return PlanCase(
            self.opened_on, self.referred_on, self.closed_on, plans, tuple(self.exemptions)
        )


def add_matters(rows: Rows, unit_id: int, reference_format: str, matters: Iterable[Matter]) -> None:
    """Add matters as cases, numbered by the day they were opened."""
    digits = reference_format.count("0")
    prefix = reference_format.rstrip("0")
    ordered = sorted(matters, key=lambda matter: matter.opened_on)
    for number, matter in enumerate(ordered, start=1):
        matter.reference = f"{prefix}{number:0{digits}}"
        matter.case_id = rows.add(
            Case,
            unit_id=unit_id,
            reference=matter.reference,
            kind=matter.kind,
            opened_on=matter.opened_on,
            referred_on=matter.referred_on,
            closed_on=matter.closed_on,
            closing_reason=matter.reason,
        )
        _add_assignments(rows, matter)
        if matter.kind is CaseKind.BENEFIT:
            _add_household(rows, matter)
            _add_plans(rows, matter)


def _add_assignments(rows: Rows, matter: Matter) -> None:
    for held in matter.assignments:
        rows.add(
            CaseAssignment,
            case_id=matter.case_id,
            valid_from=held.valid_from,
            caseworker_id=held.worker.worker_id if held.worker else None,
            group_id=held.group_id,
        )


def _add_household(rows: Rows, matter: Matter) -> None:
    for since, count in matter.children:
        rows.add(
            CaseComposition,
            case_id=matter.case_id,
            valid_from=since,
            household_type=household_type(len(matter.adults), count),
            children=count,
        )
    for number, person in enumerate(matter.adults, start=1):
        adult_id = rows.add(
            CaseAdult,
            case_id=matter.case_id,
            number=number,
            gender=person.gender,
            valid_from=matter.opened_on,
        )
        for since, obstacle in person.obstacles:
            rows.add(AdultObstacle, adult_id=adult_id, valid_from=since, obstacle=obstacle)


def _add_plans(rows: Rows, matter: Matter) -> None:
    for plan in matter.plans:
        plan_id = rows.add(
            ChangePlan,
            case_id=matter.case_id,
            established_on=plan.established_on,
            ended_on=plan.ended_on,
        )
        for day in plan.revised_on:
            rows.add(PlanRevision, plan_id=plan_id, revised_on=day)
    for exemption in matter.exemptions:
        rows.add(
            PlanExemption,
            case_id=matter.case_id,
            reason=exemption.reason,
            explanation=EXAMPLE if exemption.reason is ExemptionReason.OTHER else "",
            valid_from=exemption.valid_from,
            valid_to=exemption.valid_to,
        )


def household_type(adults: int, children: int) -> HouseholdType:
    """Return the type of a household with some adults and children."""
    if adults > 1:
        return HouseholdType.COUPLE_WITH_CHILDREN if children else HouseholdType.COUPLE
    return HouseholdType.SINGLE_WITH_CHILDREN if children else HouseholdType.SINGLE
