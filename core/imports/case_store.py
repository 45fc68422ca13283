"""What the store knows of the cases that a file names, and of the unit's people: read all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.imports.bulk import in_parts
from core.imports.values import folded
from core.models import (
    AdultObstacle,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    ChangePlan,
    Group,
    PlanRevision,
    Unit,
)
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle

FEW = 2_000
"""Cases that are named one by one; of more, the whole unit is read."""


class Assignment(NamedTuple):
    """Whose a case is from a day on."""

    valid_from: dt.date
    caseworker_id: int | None
    group_id: int | None


UNASSIGNED = Assignment(dt.date.min, None, None)


class Composition(NamedTuple):
    """A household from a day on."""

    valid_from: dt.date
    household_type: HouseholdType
    children: int


@dataclass(slots=True)
class Adult:
    """An adult of a case, with the latest obstacle and the day it holds from."""

    id: int
    gender: Gender
    valid_from: dt.date
    valid_to: dt.date | None
    obstacle: Obstacle = Obstacle.UNKNOWN
    obstacle_from: dt.date = dt.date.min


@dataclass(slots=True)
class Plan:
    """A change plan with its revisions."""

    id: int
    established_on: dt.date
    ended_on: dt.date | None
    revised_on: set[dt.date] = field(default_factory=set)


@dataclass(slots=True)
class StoredCase:
    """A case as the store has it, with the latest of what is dated."""

    id: int
    reference: str
    kind: CaseKind
    opened_on: dt.date
    referred_on: dt.date | None
    closed_on: dt.date | None
    closing_reason: ClosingReason | None
    assignment: Assignment = UNASSIGNED
    composition: Composition | None = None
    adults: dict[int, Adult] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)

    def adult(self, number: int) -> Adult | None:
        """Return an adult who has not left."""
        found = self.adults.get(number)
        return found if found is not None and found.valid_to is None else None


@dataclass(frozen=True, slots=True)
class Person:
    """A caseworker of the unit."""

    id: int
    group_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """A unit's reference format, its caseworkers and groups by folded name, and names by id."""

    reference_format: str
    people: dict[str, Person]
    groups: dict[str, int]
    names: dict[int | None, str]
    group_names: dict[int | None, str]
    active: dict[int, bool]


def staff_of(session: Session, unit_id: int) -> Staff:
    """Return a unit's people and groups."""
    unit = session.execute(
        select(col(Unit.reference_format)).where(col(Unit.id) == unit_id)
    ).scalar_one()
    people = session.execute(
        select(
            col(Caseworker.id),
            col(Caseworker.name),
            col(Caseworker.group_id),
            col(Caseworker.active),
        )
        .where(col(Caseworker.unit_id) == unit_id)
        .order_by(col(Caseworker.name))
    ).all()
    groups = session.execute(
        select(col(Group.id), col(Group.name), col(Group.slug))
        .where(col(Group.unit_id) == unit_id)
        .order_by(col(Group.name))
    ).all()
    return Staff(
        reference_format=unit,
        people={folded(name): Person(i, group, active) for i, name, group, active in people},
        groups={folded(word): i for i, name, slug in groups for word in (slug, name)},
        names={i: name for i, name, _group, _active in people},
        group_names={i: name for i, name, _slug in groups},
        active={i: active for i, _name, _group, active in people},
    )


def cases_of(session: Session, unit_id: int, references: Sequence[str]) -> dict[str, StoredCase]:
    """Return the unit's cases by reference, of those that are named."""
    by_id: dict[int, StoredCase] = {}
    named = (
        select(
            col(Case.id),
            col(Case.reference),
            col(Case.kind),
            col(Case.opened_on),
            col(Case.referred_on),
            col(Case.closed_on),
            col(Case.closing_reason),
        )
        .where(col(Case.unit_id) == unit_id)
        .where(col(Case.voided_at).is_(None))
        .order_by(col(Case.id))
    )
    if session.info.get("writes"):
        named = named.with_for_update()
    of_unit = select(col(Case.id)).where(
        col(Case.unit_id) == unit_id, col(Case.voided_at).is_(None)
    )
    asked = _Asked(session, of_unit, everything=len(references) > FEW)
    for row in asked.rows(named, col(Case.reference), sorted(set(references)), None):
        by_id[row.id] = StoredCase(*row)
    _add_assignments(asked, by_id)
    _add_compositions(asked, by_id)
    _add_adults(asked, by_id)
    _add_plans(asked, by_id)
    return {case.reference: case for case in by_id.values()}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Reads rows of the named cases, or, when very many are named, of the whole unit."""

    session: Session
    of_unit: Any
    everything: bool

    def rows(self, statement: Any, column: Any, values: Iterable[Any], whole: Any) -> Iterator[Any]:
        """Run a statement for some values in a column, or for those that `whole` selects."""
        if self.everything:
            asked = statement if whole is None else statement.where(column.in_(whole))
            yield from self.session.execute(asked)
            return
        for part in in_parts(values):
            yield from self.session.execute(statement.where(column.in_(part)))

    def of_cases(self, statement: Any, column: Any, cases: dict[int, StoredCase]) -> Iterator[Any]:
        """Run a statement for the rows of the cases."""
        return self.rows(statement, column, sorted(cases), self.of_unit)


def _add_assignments(asked: _Asked, cases: dict[int, StoredCase]) -> None:
    statement = (
        select(
            col(CaseAssignment.case_id),
            col(CaseAssignment.valid_from),
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .where(col(CaseAssignment.voided_at).is_(None))
        .order_by(col(CaseAssignment.valid_from), col(CaseAssignment.id))
    )
    for case_id, *rest in asked.of_cases(statement, col(CaseAssignment.case_id), cases):
        cases[case_id].assignment = Assignment(*rest)


def _add_compositions(asked: _Asked, cases: dict[int, StoredCase]) -> None:
    statement = (
        select(
            col(CaseComposition.case_id),
            col(CaseComposition.valid_from),
            col(CaseComposition.household_type),
            col(CaseComposition.children),
        )
        .where(col(CaseComposition.voided_at).is_(None))
        .order_by(col(CaseComposition.valid_from), col(CaseComposition.id))
    )
    for case_id, *rest in asked.of_cases(statement, col(CaseComposition.case_id), cases):
        cases[case_id].composition = Composition(*rest)


def _add_adults(asked: _Asked, cases: dict[int, StoredCase]) -> None:
    statement = (
        select(
            col(CaseAdult.case_id),
            col(CaseAdult.number),
            col(CaseAdult.id),
            col(CaseAdult.gender),
            col(CaseAdult.valid_from),
            col(CaseAdult.valid_to),
        )
        .where(col(CaseAdult.voided_at).is_(None))
        .order_by(col(CaseAdult.valid_from), col(CaseAdult.id))
    )
    adults: dict[int, Adult] = {}
    for case_id, number, *rest in asked.of_cases(statement, col(CaseAdult.case_id), cases):
        adult = Adult(*rest)
        cases[case_id].adults[number] = adults[adult.id] = adult
    obstacles = (
        select(
            col(AdultObstacle.adult_id), col(AdultObstacle.obstacle), col(AdultObstacle.valid_from)
        )
        .where(col(AdultObstacle.voided_at).is_(None))
        .order_by(col(AdultObstacle.valid_from), col(AdultObstacle.id))
    )
    found = asked.rows(
        obstacles,
        col(AdultObstacle.adult_id),
        sorted(adults),
        select(col(CaseAdult.id)).where(
            col(CaseAdult.case_id).in_(asked.of_unit), col(CaseAdult.voided_at).is_(None)
        ),
    )
    for adult_id, obstacle, valid_from in found:
        adults[adult_id].obstacle = obstacle
        adults[adult_id].obstacle_from = valid_from


def _add_plans(asked: _Asked, cases: dict[int, StoredCase]) -> None:
    statement = (
        select(
            col(ChangePlan.case_id),
            col(ChangePlan.id),
            col(ChangePlan.established_on),
            col(ChangePlan.ended_on),
        )
        .where(col(ChangePlan.voided_at).is_(None))
        .order_by(col(ChangePlan.established_on), col(ChangePlan.id))
    )
    plans: dict[int, Plan] = {}
    for case_id, *rest in asked.of_cases(statement, col(ChangePlan.case_id), cases):
        plan = Plan(*rest)
        plans[plan.id] = plan
        cases[case_id].plans.append(plan)
    revisions = select(col(PlanRevision.plan_id), col(PlanRevision.revised_on)).where(
        col(PlanRevision.voided_at).is_(None)
    )
    for plan_id, day in asked.rows(
        revisions,
        col(PlanRevision.plan_id),
        sorted(plans),
        select(col(ChangePlan.id)).where(
            col(ChangePlan.case_id).in_(asked.of_unit), col(ChangePlan.voided_at).is_(None)
        ),
    ):
        plans[plan_id].revised_on.add(day)
