"""The rows that writes on a placement add."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlmodel import Session

from core.auth import Actor
from core.models import Area, Case, DayRate, Placement, PlacementDecision, PlacementReview
from core.services.case_checks import void
from core.services.placement_checks import rates_of
from core.services.placement_inputs import Decided, NewDecision, NewPlacement, NewRate
from core.terms import DecisionReason


def placement_row(case: Case, new: NewPlacement, reference: str, by: Actor) -> Placement:
    """Return a placement that has been checked."""
    assert case.id is not None  # noqa: S101  (read from the store)
    assert new.kind_id is not None  # noqa: S101  (refused before)
    assert new.legal_basis is not None  # noqa: S101  (refused before)
    return Placement(
        unit_id=case.unit_id,
        case_id=case.id,
        reference=reference,
        kind_id=new.kind_id,
        legal_basis=new.legal_basis,
        legal_name=new.legal_name,
        starts_on=new.starts_on,
        children=new.children,
        created_by_id=by.user_id,
    )


def decision_row(
    placement_id: int, new: NewDecision | NewPlacement, by: Actor
) -> PlacementDecision:
    """Return a decision that has been checked."""
    assert new.contract is not None  # noqa: S101  (refused before)
    return PlacementDecision(
        placement_id=placement_id,
        decided_on=new.decided_on,
        decided_by=new.decided_by.strip(),
        planned_end_on=new.planned_end_on,
        provider=new.provider.strip(),
        contract=new.contract,
        contract_name=new.contract_name,
        reason=new.reason,
        created_by_id=by.user_id,
    )


def same_agreement(
    decisions: Sequence[PlacementDecision],
    decided: Decided,
    reason: DecisionReason,
    by: Actor,
) -> PlacementDecision:
    """Return a decision that leaves end, provider and contract as they are on its day."""
    earlier = [one for one in decisions if one.decided_on <= decided.decided_on]
    held = earlier[-1] if earlier else decisions[0]
    return PlacementDecision(
        placement_id=held.placement_id,
        decided_on=decided.decided_on,
        decided_by=decided.decided_by.strip(),
        planned_end_on=held.planned_end_on,
        provider=held.provider,
        contract=held.contract,
        contract_name=held.contract_name,
        reason=reason,
        created_by_id=by.user_id,
    )


def replace_rate(session: Session, placement: Placement, new: NewRate, by: Actor) -> int:
    """Add a rate that has been checked, and void one from the same day. Returns its id."""
    assert placement.id is not None  # noqa: S101  (read from the store)
    assert new.amount is not None  # noqa: S101  (refused before)
    for replaced in rates_of(session, placement):
        if replaced.valid_from == new.valid_from:
            void(replaced, by)
    return saved(session, rate_row(placement.id, new.valid_from, new.amount, by))


def rate_row(placement_id: int, valid_from: dt.date, amount: Decimal, by: Actor) -> DayRate:
    """Return a day rate that has been checked."""
    return DayRate(
        placement_id=placement_id,
        valid_from=valid_from,
        amount=amount,
        created_by_id=by.user_id,
    )


def saved(session: Session, row: Placement | PlacementDecision | DayRate | PlacementReview) -> int:
    """Add a row and return its id."""
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    return row.id


def moved_from(*days: dt.date | None) -> list[tuple[Area, dt.date]]:
    """Return that figures of placements move from the first of some days."""
    return [(Area.PLACEMENTS, min(day for day in days if day is not None))]
