"""Exports of tables: each one is written in the audit log when the file is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core import clock
from core.auth import Actor, Permission, PermissionDeniedError
from core.config import settings
from core.models import User
from core.queries.users import still_signed_in
from core.services.base import Event, record

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Export:
    """What was taken out: the table's name, how many rows, and the day it shows.

    `login_id` is the session in which the page was drawn, where there is one.
    """

    name: str
    rows: int
    on: dt.date
    login_id: int | None = None


def record_export(session: Session, export: Export, *, permission: Permission, by: Actor) -> int:
    """Write in the audit log that a table was taken out as a file. Returns the event's id.

    Raises `PermissionDeniedError` if the role may not read the table, or if the user has signed out,
    lost the role or been disabled since the page was drawn: a file is made without a rerun.
    """
    by.require(permission)
    if export.login_id is not None and not still_signed_in(
        session,
        by,
        login_id=export.login_id,
        now=clock.now(),
        idle=dt.timedelta(minutes=settings().idle_minutes),
    ):
        raise PermissionDeniedError(permission)
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
