"""Mistakes about placements, voided: the row stays with who and when, and counts nowhere."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from sqlmodel import Session

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import Area, DayRate, Placement, PlacementDecision, PlacementReview
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import void
from core.services.placement_checks import (
    decisions_of,
    edited_placement,
    known_from,
    rate_moves_from,
    rates_of,
    reachable_placement,
)

Row = TypeVar("Row", PlacementDecision, DayRate, PlacementReview)


def void_placement(
    session: Session, placement_id: int, *, version: int, by: Actor, key: str | None = None
) -> int:
    """Void a placement registered by mistake. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    return _voided(session, (placement, placement, known_from(session, placement)), by, key)


def void_decision(session: Session, decision_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a decision registered by mistake, unless it is the only one. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    decision, placement = _valid(session, PlacementDecision, decision_id, by)
    checks = Checks()
    decisions = decisions_of(session, placement)
    checks.refuse_if(
        len(decisions) == 1,
        "decision_id",
        "Placeringen har inget annat beslut. Registrera det rätta först.",
    )
    checks.done()
    first = decisions[0].id == decision.id
    day = known_from(session, placement) if first else decision.decided_on
    return _voided(session, (decision, placement, day), by, key)


def void_rate(session: Session, rate_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a day rate registered by mistake, unless it is the first day's. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    rate, placement = _valid(session, DayRate, rate_id, by)
    checks = Checks()
    checks.refuse_if(
        rates_of(session, placement)[0].id == rate.id,
        "rate_id",
        "Placeringen måste ha en dygnskostnad från första dagen. Registrera den rätta i stället.",
    )
    checks.done()
    day = rate_moves_from(session, placement, rate.valid_from)
    return _voided(session, (rate, placement, day), by, key)


def void_review(session: Session, review_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a review registered by mistake. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    review, placement = _valid(session, PlacementReview, review_id, by)
    return _voided(session, (review, placement, review.reviewed_on), by, key)


def _valid(session: Session, table: type[Row], row_id: int, by: Actor) -> tuple[Row, Placement]:
    """Return a row that is not voided and its placement, with the case locked."""
    by.require(Permission.MANAGE_PLACEMENTS)
    row = session.get(table, row_id)
    if row is None:
        raise PermissionDeniedError(table.__tablename__)
    placement = reachable_placement(session, row.placement_id, by=by)
    session.refresh(row)  # it may have been voided while the case was locked
    if row.voided_at is not None:
        raise PermissionDeniedError(table.__tablename__)
    return row, placement


def _voided(
    session: Session,
    what: tuple[Placement | PlacementDecision | DayRate | PlacementReview, Placement, dt.date],
    by: Actor,
    key: str | None,
) -> int:
    """Void a row, with its event, which moves the figures from a day on. Returns the row's id."""
    row, placement, day = what
    assert row.id is not None  # noqa: S101  (read from the store)
    void(row, by)
    moved, details = [(Area.PLACEMENTS, day)], {"placement_id": placement.id, "day": day}
    event = Event("void", str(row.__tablename__), row.id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
