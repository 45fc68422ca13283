"""The register of cases: who cases can be given to, searching them, and one of them in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from core.auth import Scope
from core.models import (
    AdultObstacle,
    Area,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    Group,
    Unit,
)
from core.queries.cache import cached
from core.rules.cases import Adult, ObstacleFrom, adults_on, as_of, obstacle_on
from core.terms import (
    WITHOUT_CASEWORKER,
    WITHOUT_GROUP,
    CaseKind,
    ClosingReason,
    Gender,
    HouseholdType,
    Obstacle,
)

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class CaseworkerChoice:
    """Somebody that cases can be given to, and the group where cases of theirs belong."""

    id: int
    name: str
    group_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: part of a reference, a kind, whose; open cases unless told otherwise."""

    text: str = ""
    kind: CaseKind | None = None
    caseworker_id: int | None = None
    without_caseworker: bool = False
    closed_too: bool = False


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case in a list, with whose it is on the day asked."""

    case_id: int
    reference: str
    kind: CaseKind
    opened_on: dt.date
    referred_on: dt.date | None
    closed_on: dt.date | None
    caseworker: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The first cases of a search, and how many there are in all."""

    rows: tuple[FoundCase, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AdultNow:
    """An adult of a case on a day, with the obstacle then."""

    adult_id: int
    number: int
    gender: Gender
    valid_from: dt.date
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class CaseInFull:
    """A case with its household on a day. Type and children are None where they aren't known."""

    case_id: int
    version: int
    reference: str
    kind: CaseKind
    opened_on: dt.date
    referred_on: dt.date | None
    closed_on: dt.date | None
    closing_reason: ClosingReason | None
    caseworker_id: int | None
    caseworker: str
    group_id: int | None
    group: str
    household_type: HouseholdType | None
    children: int | None
    adults: tuple[AdultNow, ...]


@cached(Area.UNITS, until=None)
def caseworkers(session: Session, scope: Scope) -> tuple[CaseworkerChoice, ...]:
    """Return the unit's caseworkers by name, also those who no longer take cases."""
    rows: Iterable[Any] = session.execute(
        select(
            col(Caseworker.id),
            col(Caseworker.name),
            col(Caseworker.group_id),
            col(Caseworker.active),
        )
        .where(col(Caseworker.unit_id) == scope.unit_id)
        .order_by(col(Caseworker.name))
    )
    return tuple(CaseworkerChoice(row.id, row.name, row.group_id, row.active) for row in rows)


@cached(Area.CASES, Area.UNITS, until=None)
def search(session: Session, scope: Scope, *, on: dt.date, wanted: Wanted) -> Found:
    """Return the scope's cases that fit, by reference, at most `MOST_ROWS` of them.

    A scope narrowed to a group or caseworker holds the cases that are theirs on the day. Two
    statements.
    """
    fits = _fits(scope, on, wanted)
    joined = _assigned(on)
    total = session.exec(
        select(func.count())
        .select_from(Case)
        .join(CaseAssignment, joined, isouter=True)
        .where(*fits)
    ).one()
    rows: Iterable[Any] = session.execute(
        sa.select(
            col(Case.id),
            col(Case.reference),
            col(Case.kind),
            col(Case.opened_on),
            col(Case.referred_on),
            col(Case.closed_on),
            col(Caseworker.name),
            col(Group.name),
        )
        .select_from(Case)
        .join(CaseAssignment, joined, isouter=True)
        .join(Caseworker, col(Caseworker.id) == col(CaseAssignment.caseworker_id), isouter=True)
        .join(Group, col(Group.id) == col(CaseAssignment.group_id), isouter=True)
        .where(*fits)
        .order_by(col(Case.reference))
        .limit(MOST_ROWS)
    )
    return Found(tuple(FoundCase(*row) for row in rows), total)


@cached(Area.CASES, until=None)
def case_in_full(session: Session, scope: Scope, *, case_id: int, on: dt.date) -> CaseInFull | None:
    """Return a case of the scope with its household on a day, None when it isn't there."""
    found = session.execute(
        select(Case, CaseAssignment, col(Caseworker.name), col(Group.name))
        .select_from(Case)
        .join(CaseAssignment, _assigned(on), isouter=True)
        .join(Caseworker, col(Caseworker.id) == col(CaseAssignment.caseworker_id), isouter=True)
        .join(Group, col(Group.id) == col(CaseAssignment.group_id), isouter=True)
        .where(col(Case.id) == case_id)
        .where(*_reached(scope))
    ).first()
    if found is None:
        return None
    case, held, caseworker, group = found
    compositions = session.exec(
        select(CaseComposition)
        .where(col(CaseComposition.case_id) == case_id)
        .where(col(CaseComposition.voided_at).is_(None))
        .order_by(col(CaseComposition.id))
    ).all()
    household = as_of(compositions, on)
    return CaseInFull(
        case_id=case.id,
        version=case.version,
        reference=case.reference,
        kind=case.kind,
        opened_on=case.opened_on,
        referred_on=case.referred_on,
        closed_on=case.closed_on,
        closing_reason=case.closing_reason,
        caseworker_id=None if held is None else held.caseworker_id,
        caseworker=caseworker or WITHOUT_CASEWORKER,
        group_id=None if held is None else held.group_id,
        group=group or WITHOUT_GROUP,
        household_type=None if household is None else household.household_type,
        children=None if household is None else household.children,
        adults=_adults(session, case_id, on),
    )


def next_reference(session: Session, scope: Scope) -> str | None:
    """Return the reference after the unit's highest, in its format; None when they are used up."""
    form = session.exec(select(Unit.reference_format).where(col(Unit.id) == scope.unit_id)).one()
    places = [place for place, char in enumerate(form) if char == "0"]
    like = "".join(f"\\{char}" if char in "%_\\" else char for char in form).replace("0", "_")
    highest = session.exec(
        select(func.max(Case.reference))
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.voided_at).is_(None))
        .where(col(Case.reference).like(like, escape="\\"))
    ).one()
    number = int("".join(highest[place] for place in places)) + 1 if highest and places else 1
    digits = str(number).zfill(len(places))
    if len(digits) > len(places):
        return None
    reference = list(form)
    for place, digit in zip(places, digits, strict=True):
        reference[place] = digit
    return "".join(reference)


def _assigned(on: dt.date) -> ColumnElement[bool]:
    """Join a case to the assignment that holds on a day."""
    newest = aliased(CaseAssignment)
    latest = (
        select(newest.id)
        .where(col(newest.case_id) == col(Case.id))
        .where(col(newest.voided_at).is_(None))
        .where(col(newest.valid_from) <= on)
        .order_by(col(newest.valid_from).desc(), col(newest.id).desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    return and_(col(CaseAssignment.case_id) == col(Case.id), col(CaseAssignment.id) == latest)


def _reached(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [col(Case.unit_id) == scope.unit_id, col(Case.voided_at).is_(None)]
    if scope.group_id is not None:
        conditions.append(col(CaseAssignment.group_id) == scope.group_id)
    if scope.caseworker_id is not None:
        conditions.append(col(CaseAssignment.caseworker_id) == scope.caseworker_id)
    return conditions


def _fits(scope: Scope, on: dt.date, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = _reached(scope)
    if wanted.text.strip():
        sought = wanted.text.strip().lower()
        conditions.append(func.lower(Case.reference).contains(sought, autoescape=True))
    if wanted.kind is not None:
        conditions.append(col(Case.kind) == wanted.kind)
    if wanted.without_caseworker:
        conditions.append(col(CaseAssignment.caseworker_id).is_(None))
    elif wanted.caseworker_id is not None:
        conditions.append(col(CaseAssignment.caseworker_id) == wanted.caseworker_id)
    if not wanted.closed_too:
        conditions.append(or_(col(Case.closed_on).is_(None), col(Case.closed_on) > on))
    return conditions


def _adults(session: Session, case_id: int, on: dt.date) -> tuple[AdultNow, ...]:
    obstacles: dict[int, list[ObstacleFrom]] = {}
    for adult_id, day, obstacle in session.execute(
        select(
            col(AdultObstacle.adult_id), col(AdultObstacle.valid_from), col(AdultObstacle.obstacle)
        )
        .join(CaseAdult, col(CaseAdult.id) == col(AdultObstacle.adult_id))
        .where(col(CaseAdult.case_id) == case_id)
        .where(col(AdultObstacle.voided_at).is_(None))
        .order_by(col(AdultObstacle.id))
    ):
        obstacles.setdefault(adult_id, []).append(ObstacleFrom(obstacle, day))
    rows = session.exec(
        select(CaseAdult)
        .where(col(CaseAdult.case_id) == case_id)
        .where(col(CaseAdult.voided_at).is_(None))
        .order_by(col(CaseAdult.number), col(CaseAdult.valid_from))
    ).all()
    known = []
    for row in rows:
        assert row.id is not None  # noqa: S101  (read from the store)
        adult = Adult(
            row.number,
            row.gender,
            row.valid_from,
            row.valid_to,
            tuple(obstacles.get(row.id, [])),
        )
        if adults_on([adult], on):
            known.append(
                AdultNow(row.id, row.number, row.gender, row.valid_from, obstacle_on(adult, on))
            )
    return tuple(known)
