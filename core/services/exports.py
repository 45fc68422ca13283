"""Exports of tables: each one is written in the audit log when the file is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import User
from core.services.base import Event, record

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Export:
    """What was taken out: the table's name, how many rows, and the day it shows."""

    name: str
    rows: int
    on: dt.date


def record_export(session: Session, export: Export, *, permission: Permission, by: Actor) -> int:
    """Write in the audit log that a table was taken out as a file. Returns the event's id.

    Raises `PermissionDeniedError` if the role may not read the table, or if the account has been
    disabled since the page was drawn.
    """
    by.require(permission)
    active = session.exec(select(col(User.active)).where(col(User.id) == by.user_id)).first()
    if not active:
        raise PermissionDeniedError(permission)
    event = Event(
        action="export",
        entity=export.name[:LONGEST_NAME],
        entity_id=None,
        unit_id=by.unit_id,
        details={"rows": export.rows, "on": export.on},
    )
    return record(session, event, by=by)
