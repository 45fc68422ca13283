"""What has been registered on a placement: its decisions, day rates and reviews, the latest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.clock import today
from core.models import DayRate, Placement, PlacementDecision, PlacementReview
from core.queries import placement_facts
from core.queries.placement_terms import Word
from core.terms import DecisionReason


class Registered(StrEnum):
    """What sort of row it is."""

    DECISION = "decision"
    RATE = "rate"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class PlacementEntry:
    """A row of a placement. `day` is when it was decided, holds from, or was reviewed.

    What another sort of row has is empty: a decision has `decided_by`, `reason`, `planned_end_on`,
    `provider` and `contract`, a rate its `amount` in kronor, a review `next_review_on` and `note`.
    """

    of: Registered
    id: int
    day: dt.date
    decided_by: str = ""
    reason: DecisionReason | None = None
    planned_end_on: dt.date | None = None
    provider: str = ""
    contract: Word | None = None
    amount: Decimal | None = None
    next_review_on: dt.date | None = None
    note: str = ""


def placement_entries(
    session: Session, scope: Scope, *, placement_id: int
) -> tuple[PlacementEntry, ...]:
    """Return what is registered on a placement, the latest day first.

    Nothing for a placement outside the scope, as cases are held today.
    """
    chosen = (col(Placement.id) == placement_id) & (col(Placement.unit_id) == scope.unit_id)
    found = placement_facts.load(session, chosen & col(Placement.voided_at).is_(None))
    if not placement_facts.in_scope(found, scope, today()):
        return ()
    entries = [
        *_decisions(session, placement_id),
        *(
            PlacementEntry(Registered.RATE, row.id, row.valid_from, amount=row.amount)
            for row in _rows(session, DayRate, placement_id)
        ),
        *(
            PlacementEntry(
                Registered.REVIEW,
                row.id,
                row.reviewed_on,
                next_review_on=row.next_review_on,
                note=row.note,
            )
            for row in _rows(session, PlacementReview, placement_id)
        ),
    ]
    return tuple(sorted(entries, key=lambda one: (one.day, one.of, one.id), reverse=True))


def _decisions(session: Session, placement_id: int) -> Iterator[PlacementEntry]:
    for row in _rows(session, PlacementDecision, placement_id):
        yield PlacementEntry(
            Registered.DECISION,
            row.id,
            row.decided_on,
            decided_by=row.decided_by,
            reason=row.reason,
            planned_end_on=row.planned_end_on,
            provider=row.provider,
            contract=Word(row.contract, row.contract_name),
        )


def _rows(session: Session, table: Any, placement_id: int) -> Iterator[Any]:
    statement = select(table).where(table.placement_id == placement_id, table.voided_at.is_(None))
    yield from session.execute(statement).scalars()
