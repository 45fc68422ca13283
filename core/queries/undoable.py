"""What a user's undo would take back: the latest of the own moves of cases that still stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from core.auth import Scope
from core.models import Area, AuditEvent, Case, CaseAssignment, Caseworker
from core.queries.cache import cached

UNDOABLE = (
    ("register", "case"),
    ("refer", "case"),
    ("close", "case"),
    ("reassign", "case_assignment"),
    ("reassign_caseload", "caseworker"),
)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A write that can be undone: what was done (its action) to which case, or whose caseload.

    `name` is the case's reference, or the name of the caseworker who left `cases` cases.
    `details` are the audit event's.
    """

    event_id: int
    action: str
    entity: str
    entity_id: int
    at: dt.datetime
    name: str
    cases: int
    details: dict[str, Any]


@cached(Area.CASES, until=None)
def latest_undoable(session: Session, scope: Scope, *, user_id: int) -> Undoable | None:
    """Return a user's latest undoable write in the scope's unit, None when there is none left.

    What concerned cases that have been removed since can't be undone.
    """
    undoing = aliased(AuditEvent)
    undone = select(undoing.id).where(col(undoing.undoes_id) == col(AuditEvent.id))
    kinds = [
        (col(AuditEvent.action) == action) & (col(AuditEvent.entity) == entity)
        for action, entity in UNDOABLE
    ]
    event = session.exec(
        select(AuditEvent)
        .where(col(AuditEvent.unit_id) == scope.unit_id)
        .where(col(AuditEvent.user_id) == user_id)
        .where(or_(*kinds))
        .where(~undone.exists())
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    ).first()
    if event is None or event.id is None or event.entity_id is None:
        return None
    name = _name(session, event)
    if name is None:
        return None
    return Undoable(
        event_id=event.id,
        action=event.action,
        entity=event.entity,
        entity_id=event.entity_id,
        at=event.at,
        name=name,
        cases=len(event.details.get("assignment_ids", [event.entity_id])),
        details=event.details,
    )


def _name(session: Session, event: AuditEvent) -> str | None:
    """Return what the event concerned, None if any of it has been removed."""
    handed = event.details.get("assignment_ids", [])
    left = select(func.count()).where(col(CaseAssignment.id).in_(handed))
    if handed and session.exec(left).one() < len(handed):
        return None
    if event.entity == "caseworker":
        statement = select(Caseworker.name).where(col(Caseworker.id) == event.entity_id)
    else:
        case_id = event.details.get("case_id", event.entity_id)
        statement = select(Case.reference).where(col(Case.id) == case_id)
    return session.exec(statement).first()
