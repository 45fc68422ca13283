"""What a unit chooses among on its placements: kinds, and own words for legal basis and contract.

An own word counts as one of the usual codes, so that every figure stays the same for all units.
What is closed can't be chosen any longer and stays on the placements that have it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Placement, PlacementDecision, PlacementKind, PlacementTerm, RetainedCost
from core.queries.names import in_order
from core.terms import Contract, LegalBasis, PlacementDimension, sv, sv_title

CODES: dict[PlacementDimension, type[LegalBasis] | type[Contract]] = {
    PlacementDimension.LEGAL_BASIS: LegalBasis,
    PlacementDimension.CONTRACT: Contract,
}


@dataclass(frozen=True, slots=True)
class Word:
    """A code and the unit's own word for it, empty for the usual one."""

    code: LegalBasis | Contract
    name: str = ""

    @property
    def title(self) -> str:
        """Return the word as a form offers it, with what an own word counts as."""
        return f"{self.name} ({sv(self.code)})" if self.name else sv_title(self.code)


@dataclass(frozen=True, slots=True)
class TermRow:
    """A unit's own word, the code it counts as, and how many placements have it."""

    id: int
    version: int
    dimension: PlacementDimension
    name: str
    counts_as: LegalBasis | Contract
    active: bool
    used: int


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of placement. `used` counts its placements, `kept` tells of removed ones.

    `is_hotel` is temporary housing in hotel or hostel, `is_temporary` other temporary housing.
    """

    id: int
    version: int
    name: str
    is_hotel: bool
    is_temporary: bool
    active: bool
    used: int
    kept: bool
    budget_line: str | None

    @property
    def fixed(self) -> bool:
        """Tell whether the past rests on the kind's name and on its being a hotel."""
        return self.used > 0 or self.kept


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form of a placement offers: kinds by id, legal bases and contracts."""

    kinds: dict[int, str]
    bases: tuple[Word, ...]
    contracts: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A placement's own words on a day: of its legal basis, and of its latest decision."""

    legal_name: str
    contract_name: str


def word_of(code: LegalBasis | Contract, name: str = "") -> str:
    """Return what a list shows: the unit's own word, else the usual one."""
    return name or sv(code)


def terms(
    session: Session, scope: Scope, dimension: PlacementDimension | None = None
) -> tuple[TermRow, ...]:
    """Return the unit's own words, of one dimension or of both: the open ones first, by name."""
    statement = (
        select(PlacementTerm)
        .where(col(PlacementTerm.unit_id) == scope.unit_id)
        .where(col(PlacementTerm.voided_at).is_(None))
    )
    if dimension is not None:
        statement = statement.where(col(PlacementTerm.dimension) == dimension)
    used = _used_words(session, scope)
    rows = [
        TermRow(
            id=row.id or 0,
            version=row.version,
            dimension=row.dimension,
            name=row.name,
            counts_as=CODES[row.dimension](row.counts_as),
            active=row.active,
            used=used.get((row.dimension, row.name), 0),
        )
        for row in session.execute(statement).scalars()
    ]
    return tuple(sorted(rows, key=lambda row: (row.dimension, not row.active, row.name.casefold())))


def kinds(session: Session, scope: Scope) -> tuple[KindRow, ...]:
    """Return the unit's kinds of placement, the open ones first, by name."""
    used = (
        select(col(Placement.kind_id), func.count().label("number"))
        .where(col(Placement.unit_id) == scope.unit_id)
        .group_by(col(Placement.kind_id))
        .subquery()
    )
    kept = (
        select(RetainedCost.id)  # type: ignore[call-overload]
        .where(col(RetainedCost.kind_id) == col(PlacementKind.id))
        .correlate(PlacementKind)
        .exists()
    )
    found = session.execute(
        select(PlacementKind, func.coalesce(used.c.number, 0), kept)
        .outerjoin(used, used.c.kind_id == col(PlacementKind.id))
        .where(col(PlacementKind.unit_id) == scope.unit_id)
    )
    rows = [
        KindRow(
            id=row.id or 0,
            version=row.version,
            name=row.name,
            is_hotel=row.is_hotel,
            is_temporary=row.is_temporary,
            active=row.active,
            used=number,
            kept=removed,
            budget_line=row.budget_line,
        )
        for row, number, removed in found
    ]
    places = {name: place for place, name in enumerate(in_order(row.name for row in rows))}
    return tuple(sorted(rows, key=lambda row: (not row.active, places[row.name])))


def offered(session: Session, scope: Scope) -> Offered:
    """Return what the forms of placements offer today."""
    own = terms(session, scope)
    return Offered(
        {row.id: row.name for row in kinds(session, scope) if row.active},
        _words(PlacementDimension.LEGAL_BASIS, own),
        _words(PlacementDimension.CONTRACT, own),
    )


def agreed(session: Session, placement_id: int, *, on: dt.date) -> Agreed:
    """Return a placement's own words on a day; of decisions, the latest made by then."""
    decided = (
        select(col(PlacementDecision.contract_name))
        .where(col(PlacementDecision.placement_id) == placement_id)
        .where(col(PlacementDecision.voided_at).is_(None))
        .where(col(PlacementDecision.decided_on) <= on)
        .order_by(col(PlacementDecision.decided_on).desc(), col(PlacementDecision.id).desc())
        .limit(1)
    )
    legal = select(col(Placement.legal_name)).where(col(Placement.id) == placement_id)
    return Agreed(
        session.execute(legal).scalar_one(), session.execute(decided).scalar_one_or_none() or ""
    )


def _words(dimension: PlacementDimension, own: tuple[TermRow, ...]) -> tuple[Word, ...]:
    """Return the usual words, then the unit's open ones."""
    usual = [Word(code) for code in CODES[dimension]]
    named = [
        Word(row.counts_as, row.name) for row in own if row.dimension is dimension and row.active
    ]
    return (*usual, *named)


def _used_words(session: Session, scope: Scope) -> dict[tuple[PlacementDimension, str], int]:
    """Return how many placements have each own word, voided rows included."""
    of_unit = col(Placement.unit_id) == scope.unit_id
    legal = (
        select(col(Placement.legal_name), func.count())
        .where(of_unit, col(Placement.legal_name) != "")
        .group_by(col(Placement.legal_name))
    )
    contract = (
        select(
            col(PlacementDecision.contract_name),
            func.count(func.distinct(col(PlacementDecision.placement_id))),
        )
        .join(Placement, col(Placement.id) == col(PlacementDecision.placement_id))
        .where(of_unit, col(PlacementDecision.contract_name) != "")
        .group_by(col(PlacementDecision.contract_name))
    )
    return {
        (dimension, name): number
        for dimension, statement in (
            (PlacementDimension.LEGAL_BASIS, legal),
            (PlacementDimension.CONTRACT, contract),
        )
        for name, number in session.execute(statement)
    }
