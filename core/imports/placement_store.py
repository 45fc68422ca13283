"""What the store knows of a unit's placements and their cases, read in a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.imports import placement_words as words
from core.imports.kinds import Target
from core.models import (
    Case,
    CaseAssignment,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementTerm,
)
from core.queries.retention import removed_through
from core.services.placement_checks import PREFIX
from core.terms import Contract, LegalBasis, PlacementDimension


class StoredCase(NamedTuple):
    """A case, and the group that it is in today."""

    id: int
    reference: str
    opened_on: dt.date
    closed_on: dt.date | None
    group_id: int | None = None


class StoredDecision(NamedTuple):
    """A decision on a placement."""

    decided_on: dt.date
    decided_by: str
    planned_end_on: dt.date | None
    provider: str
    contract: Contract
    contract_name: str


class StoredRate(NamedTuple):
    """What a day costs from a day on."""

    id: int
    valid_from: dt.date
    amount: Decimal


@dataclass(slots=True)
class StoredPlacement:
    """A placement with its decisions and rates, oldest first."""

    id: int
    case_id: int
    reference: str
    kind_id: int
    legal_basis: LegalBasis
    legal_name: str
    starts_on: dt.date
    ended_on: dt.date | None
    children: int
    decisions: list[StoredDecision] = field(default_factory=list)
    rates: list[StoredRate] = field(default_factory=list)

    def rate_on(self, day: dt.date) -> StoredRate:
        """Return the rate that is valid on a day; before the first, the first."""
        valid = [rate for rate in self.rates if rate.valid_from <= day]
        return valid[-1] if valid else self.rates[0]

    def overlaps(self, starts_on: dt.date, last: dt.date) -> bool:
        """Tell whether it runs, or may run, on any of some days."""
        return self.starts_on <= last and (self.ended_on is None or self.ended_on >= starts_on)


@dataclass(slots=True)
class Stored:
    """A unit's cases and placements, and the words that its lists may use."""

    target: Target
    removed: dt.date
    cases: dict[str, StoredCase]
    case_names: dict[int, str]
    kind_names: dict[int, str]
    kinds: words.Terms[int]
    bases: words.BasisTerms
    contracts: words.Terms[Contract]
    placements: dict[str, StoredPlacement]
    of_case: dict[int, list[StoredPlacement]]
    next_number: int
    taken: set[str] = field(default_factory=set)

    def reaches(self, case: StoredCase) -> bool:
        """Tell whether a case is one that who imports may write to."""
        return self.target.group_id in {None, case.group_id}

    def next_reference(self) -> str:
        """Return the unit's next free reference, and leave it taken."""
        while True:
            found = f"{PREFIX}{self.next_number:04}"
            self.next_number += 1
            if found not in self.placements and found not in self.taken:
                return found


def stored(session: Session, target: Target) -> Stored:
    """Return what a unit has; its cases are locked if the session writes."""
    cases = _cases(session, target)
    by_id = _placements(session, target.unit_id)
    of_case: dict[int, list[StoredPlacement]] = defaultdict(list)
    for placement in by_id.values():
        of_case[placement.case_id].append(placement)
    kinds = session.execute(
        select(col(PlacementKind.id), col(PlacementKind.name), col(PlacementKind.active))
        .where(col(PlacementKind.unit_id) == target.unit_id)
        .order_by(col(PlacementKind.name))
    ).all()
    own = _terms(session, target.unit_id)
    return Stored(
        target=target,
        removed=removed_through(session) or dt.date.min,
        cases={case.reference: case for case in cases},
        case_names={case.id: case.reference for case in cases},
        kind_names={row_id: name for row_id, name, _active in kinds},
        kinds=words.kinds([(row_id, name, active) for row_id, name, active in kinds]),
        bases=words.bases(own[PlacementDimension.LEGAL_BASIS]),
        contracts=words.contracts(own[PlacementDimension.CONTRACT]),
        placements={placement.reference: placement for placement in by_id.values()},
        of_case=of_case,
        next_number=_last_number(session, target.unit_id) + 1,
    )


def _cases(session: Session, target: Target) -> list[StoredCase]:
    statement = (
        select(col(Case.id), col(Case.reference), col(Case.opened_on), col(Case.closed_on))
        .where(col(Case.unit_id) == target.unit_id)
        .where(col(Case.voided_at).is_(None))
        .order_by(col(Case.id))
    )
    if session.info.get("writes"):
        statement = statement.with_for_update()
    rows = session.execute(statement).all()
    if target.group_id is None:
        return [StoredCase(*row) for row in rows]
    held = session.execute(
        select(col(CaseAssignment.case_id), col(CaseAssignment.group_id))
        .join(Case, col(Case.id) == col(CaseAssignment.case_id))
        .where(col(Case.unit_id) == target.unit_id)
        .where(col(CaseAssignment.voided_at).is_(None))
        .where(col(CaseAssignment.valid_from) <= target.today)
        .order_by(col(CaseAssignment.valid_from), col(CaseAssignment.id))
    )
    groups = {case_id: group_id for case_id, group_id in held}  # noqa: C416  (the latest wins)
    return [StoredCase(*row)._replace(group_id=groups.get(row.id)) for row in rows]


def _placements(session: Session, unit_id: int) -> dict[int, StoredPlacement]:
    found = {
        row.id: StoredPlacement(*row)
        for row in session.execute(
            select(
                col(Placement.id),
                col(Placement.case_id),
                col(Placement.reference),
                col(Placement.kind_id),
                col(Placement.legal_basis),
                col(Placement.legal_name),
                col(Placement.starts_on),
                col(Placement.ended_on),
                col(Placement.children),
            )
            .where(col(Placement.unit_id) == unit_id)
            .where(col(Placement.voided_at).is_(None))
            .order_by(col(Placement.id))
        )
    }
    for placement_id, *rest in session.execute(_children(PlacementDecision, unit_id)):
        if placement_id in found:
            found[placement_id].decisions.append(StoredDecision(*rest))
    for placement_id, *rest in session.execute(_children(DayRate, unit_id)):
        if placement_id in found:
            found[placement_id].rates.append(StoredRate(*rest))
    return found


_COLUMNS: dict[type[PlacementDecision] | type[DayRate], tuple[Any, ...]] = {
    PlacementDecision: (
        col(PlacementDecision.decided_on),
        col(PlacementDecision.decided_by),
        col(PlacementDecision.planned_end_on),
        col(PlacementDecision.provider),
        col(PlacementDecision.contract),
        col(PlacementDecision.contract_name),
    ),
    DayRate: (col(DayRate.id), col(DayRate.valid_from), col(DayRate.amount)),
}


def _children(table: type[PlacementDecision] | type[DayRate], unit_id: int) -> Any:
    """Select the rows of a table that count, with their placement's id first, oldest first."""
    day = col(PlacementDecision.decided_on if table is PlacementDecision else DayRate.valid_from)
    return (
        select(col(table.placement_id), *_COLUMNS[table])
        .join(Placement, col(Placement.id) == col(table.placement_id))
        .where(col(Placement.unit_id) == unit_id)
        .where(col(Placement.voided_at).is_(None), col(table.voided_at).is_(None))
        .order_by(day, col(table.id))
    )


def _terms(session: Session, unit_id: int) -> dict[PlacementDimension, list[tuple[str, str, bool]]]:
    """Return a unit's own words by what they are for; the active ones first."""
    found: dict[PlacementDimension, list[tuple[str, str, bool]]] = defaultdict(list)
    rows = session.execute(
        select(
            col(PlacementTerm.dimension),
            col(PlacementTerm.name),
            col(PlacementTerm.counts_as),
            col(PlacementTerm.active),
        )
        .where(col(PlacementTerm.unit_id) == unit_id)
        .where(col(PlacementTerm.voided_at).is_(None))
        .order_by(col(PlacementTerm.active).desc(), col(PlacementTerm.name))
    )
    for dimension, *rest in rows:
        found[dimension].append((rest[0], rest[1], rest[2]))
    return found


def _last_number(session: Session, unit_id: int) -> int:
    """Return the highest number among the references in use, voided ones included."""
    given = session.execute(
        select(col(Placement.reference))
        .where(col(Placement.unit_id) == unit_id)
        .where(col(Placement.reference).startswith(PREFIX))
    ).scalars()
    numbers = (one.removeprefix(PREFIX) for one in given)
    return max((int(number) for number in numbers if number.isdecimal()), default=0)
