"""What is logged though nothing is written: readings of case rows, and refusals of permission."""

from __future__ import annotations

from sqlmodel import Session

from core.auth import Actor, PermissionDeniedError, Scope
from core.services.base import CODE, Event, record


def record_read(session: Session, what: str, scope: Scope, *, by: Actor | None) -> int:
    """Write in the audit log that somebody saw a list of case rows. Returns the event's id.

    `what` is the list's code. `by` is None only for the command line.
    """
    details = {"group_id": scope.group_id, "caseworker_id": scope.caseworker_id}
    known = {name: value for name, value in details.items() if value is not None}
    return record(session, Event("read", what, None, scope.unit_id, details=known), by=by)


def record_refusal(session: Session, refused: PermissionDeniedError, *, by: Actor) -> int:
    """Write in the audit log that somebody asked for what they may not have.

    Returns the event's id. Its entity is the permission that was missing, or the kind of row.
    """
    what = str(refused.args[0]) if refused.args else ""
    entity = what if CODE.fullmatch(what) else "row"
    return record(session, Event("refused", entity, None, by.unit_id), by=by)
