"""Placements with their dated facts, loaded in a fixed number of statements.

What the facts mean on a day is for `core.rules.placements` to say; nothing is judged here but whose
a placement is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import (
    Area,
    Case,
    CaseAssignment,
    Caseworker,
    DayRate,
    Group,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementReview,
)
from core.queries.cache import cached
from core.rules.cases import as_of
from core.rules.dates import ONE_DAY
from core.rules.placements import Decision, PlacementFacts, Rate, Review
from core.terms import LegalBasis

AREAS = (Area.PLACEMENTS, Area.CASES, Area.UNITS)


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Whose a case is from a day on. Names are None where nobody or no group is set."""

    valid_from: dt.date
    caseworker_id: int | None
    caseworker: str | None
    group_id: int | None
    group: str | None


NOBODY = HeldBy(dt.date.min, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement with all its facts, later ones included.

    `paid_by` is the section and name of the budget line that its kind points to, `legal_name` the
    unit's own word for the legal basis, empty for the usual one.
    """

    id: int
    version: int
    reference: str
    legal_basis: LegalBasis
    kind_id: int
    kind: str
    paid_by: tuple[str | None, str | None]
    case_id: int
    case: str
    facts: PlacementFacts
    held: tuple[HeldBy, ...]
    legal_name: str = ""

    def held_by(self, on: dt.date) -> HeldBy:
        """Return whose the case is on a day."""
        return as_of(self.held, on) or NOBODY


def of_year(session: Session, scope: Scope, *, on: dt.date) -> tuple[Placed, ...]:
    """Return what can have a paid day in the year of `on`, of the cases in scope on that day.

    Ordered by reference. Whether each is known on the day is for the rules to say.
    """
    unit = _year(session, Scope(scope.unit_id), year=on.year)
    return in_scope(unit, scope, on)


def of_interval(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date
) -> tuple[Placed, ...]:
    """Return what can have a day in start..end paid or committed as known on `today`.

    Of the cases in scope on the interval's last day, or on `today` if that is earlier.
    """
    loaded = _load(session, scope.unit_id, min(start, today + ONE_DAY), end)
    return in_scope(loaded, scope, min(end, today))


def in_scope(placements: Iterable[Placed], scope: Scope, on: dt.date) -> tuple[Placed, ...]:
    """Return the placements whose case is a scope's on a day."""
    found = tuple(placements)
    if scope.group_id is not None:
        found = tuple(p for p in found if p.held_by(on).group_id == scope.group_id)
    if scope.caseworker_id is not None:
        found = tuple(p for p in found if p.held_by(on).caseworker_id == scope.caseworker_id)
    return found


@cached(*AREAS, until=None)
def _year(session: Session, scope: Scope, *, year: int) -> tuple[Placed, ...]:
    return _load(session, scope.unit_id, dt.date(year, 1, 1), dt.date(year, 12, 31))


def _load(session: Session, unit_id: int, start: dt.date, end: dt.date) -> tuple[Placed, ...]:
    """Return a unit's placements that started by `end` and had not ended before `start`."""
    chosen = and_(
        col(Placement.unit_id) == unit_id,
        col(Placement.voided_at).is_(None),
        col(Case.voided_at).is_(None),
        col(Placement.starts_on) <= end,
        or_(col(Placement.ended_on).is_(None), col(Placement.ended_on) >= start),
    )
    return load(session, chosen)


def load(session: Session, chosen: ColumnElement[bool]) -> tuple[Placed, ...]:
    """Return the placements that fit a condition on them and their cases, ordered by reference."""
    rates = _grouped(session, _children(DayRate, DayRate.valid_from, chosen, DayRate.amount), Rate)
    reviews = _grouped(session, _reviews(chosen), Review)
    decisions = _grouped(session, _decisions(chosen), Decision)
    held = _grouped(session, _assignments(chosen), HeldBy)
    placements = (
        Placed(
            id=row.id,
            version=row.version,
            reference=row.reference,
            legal_basis=row.legal_basis,
            kind_id=row.kind_id,
            kind=row.kind,
            paid_by=(row.budget_section, row.budget_line),
            case_id=row.case_id,
            case=row.case_reference,
            facts=PlacementFacts(
                starts_on=row.starts_on,
                ended_on=row.ended_on,
                rates=tuple(rates[row.id]),
                decisions=tuple(decisions[row.id]),
                reviews=tuple(reviews[row.id]),
                children=row.children,
                hotel=row.is_hotel,
            ),
            held=tuple(held[row.case_id]),
            legal_name=row.legal_name,
        )
        for row in session.execute(_placements(chosen))
    )
    return tuple(sorted(placements, key=lambda placed: (placed.reference, placed.id)))


def _placements(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Placement.id),
            col(Placement.version),
            col(Placement.reference),
            col(Placement.legal_basis),
            col(Placement.legal_name),
            col(Placement.starts_on),
            col(Placement.ended_on),
            col(Placement.children),
            col(Placement.kind_id),
            col(PlacementKind.name).label("kind"),
            col(PlacementKind.is_hotel),
            col(PlacementKind.budget_section),
            col(PlacementKind.budget_line),
            col(Placement.case_id),
            col(Case.reference).label("case_reference"),
        )
        .join(PlacementKind, col(PlacementKind.id) == col(Placement.kind_id))
        .join(Case, col(Case.id) == col(Placement.case_id))
        .where(chosen)
    )


def _decisions(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _children(
        PlacementDecision,
        PlacementDecision.decided_on,
        chosen,
        PlacementDecision.planned_end_on,
        PlacementDecision.provider,
        PlacementDecision.contract,
        PlacementDecision.contract_name,
    )


def _reviews(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _children(
        PlacementReview, PlacementReview.reviewed_on, chosen, PlacementReview.next_review_on
    )


def _children(
    table: Any, day: Any, chosen: ColumnElement[bool], *columns: Any
) -> Select[*tuple[Any, ...]]:
    """Select a dated table's rows of the chosen placements, oldest first: of a day, the last."""
    return (
        select(col(Placement.id), day, *columns)
        .join(Case, col(Case.id) == col(Placement.case_id))
        .join(table, table.placement_id == col(Placement.id))
        .where(chosen, table.voided_at.is_(None))
        .order_by(day, table.id)
    )


def _assignments(chosen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    cases = select(col(Placement.case_id)).join(Case, col(Case.id) == col(Placement.case_id))
    return (
        select(
            col(CaseAssignment.case_id),
            col(CaseAssignment.valid_from),
            col(CaseAssignment.caseworker_id),
            col(Caseworker.name),
            col(CaseAssignment.group_id),
            col(Group.name),
        )
        .outerjoin(Caseworker, col(Caseworker.id) == col(CaseAssignment.caseworker_id))
        .outerjoin(Group, col(Group.id) == col(CaseAssignment.group_id))
        .where(col(CaseAssignment.case_id).in_(cases.where(chosen)))
        .where(col(CaseAssignment.voided_at).is_(None))
        .order_by(col(CaseAssignment.valid_from), col(CaseAssignment.id))
    )


def _grouped(
    session: Session, statement: Select[*tuple[Any, ...]], kind: Any
) -> defaultdict[int, list[Any]]:
    """Return a statement's rows, made into `kind`, by the id in their first column."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for owner, *values in session.execute(statement):
        found[owner].append(kind(*values))
    return found
