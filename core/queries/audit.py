"""The audit log as an admin reads it: the latest first, in Swedish words, nothing of any case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, or_, select

from core.audit_words import ACTIONS_OF, DETAILS, EventKind, action_word, entity_word
from core.auth import ROLE_NAMES, Actor, Permission, Role
from core.clock import STOCKHOLM
from core.models import AuditEvent, AuditLink, Unit, User

NOBODY = "ingen inloggad"
UNKNOWN_ACCOUNT = "okänt konto"
Cursor = tuple[dt.datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for. Both days are Swedish and count; nothing given asks for all."""

    start: dt.date
    end: dt.date
    user_id: int | None = None
    kind: EventKind | None = None
    actions: tuple[str, ...] = ()
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """An event in words. `at` is Swedish time; `number` its place in the chain."""

    number: int | None
    at: dt.datetime
    who: str
    unit: str | None
    done: str
    what: str
    details: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some events, the latest first, and where the older ones go on (None: there are none)."""

    rows: list[LogRow]
    older: Cursor | None


def events(
    session: Session, wanted: Wanted, *, by: Actor, size: int, before: Cursor | None = None
) -> LogPage:
    """Return a page of the log, in one statement however long it is.

    Raises `PermissionDeniedError` for anybody but an admin.
    """
    by.require(Permission.VIEW_AUDIT)
    statement = _EVENTS.where(*_conditions(wanted)).limit(size + 1)
    if before is not None:
        at, event_id = before
        earlier = (col(AuditEvent.at) == at) & (col(AuditEvent.id) < event_id)
        statement = statement.where(col(AuditEvent.at) <= at, (col(AuditEvent.at) < at) | earlier)
    found = session.execute(statement).all()
    rows = found[:size]
    older = (rows[-1].at, rows[-1].id) if len(found) > size else None
    return LogPage([_in_words(row) for row in rows], older)


def people(session: Session, *, by: Actor) -> dict[int, str]:
    """Return every account's name and user name by id, alphabetically."""
    by.require(Permission.VIEW_AUDIT)
    found = session.exec(
        select(col(User.id), col(User.name), col(User.username)).order_by(
            col(User.name), col(User.username)
        )
    )
    return {user_id or 0: f"{name} ({username})" for user_id, name, username in found}


def units(session: Session, *, by: Actor) -> dict[int, str]:
    """Return every unit's name by id, alphabetically."""
    by.require(Permission.VIEW_AUDIT)
    found = session.exec(select(col(Unit.id), col(Unit.name)).order_by(col(Unit.name)))
    return {unit_id or 0: name for unit_id, name in found}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [
        col(AuditEvent.at) >= _midnight(wanted.start),
        col(AuditEvent.at) < _midnight(wanted.end + dt.timedelta(days=1)),
    ]
    if wanted.user_id is not None:
        # What was done by somebody, and what was done to the account or tried on it.
        on_account = (col(AuditEvent.entity) == "user") & (
            col(AuditEvent.entity_id) == wanted.user_id
        )
        found.append(or_(col(AuditEvent.user_id) == wanted.user_id, on_account))
    if wanted.unit_id is not None:
        found.append(col(AuditEvent.unit_id) == wanted.unit_id)
    if wanted.actions:
        found.append(col(AuditEvent.action).in_(wanted.actions))
    elif wanted.kind is EventKind.WRITE:
        others = [action for actions in ACTIONS_OF.values() for action in actions]
        found.append(col(AuditEvent.action).not_in(others))
    elif wanted.kind is not None:
        found.append(col(AuditEvent.action).in_(ACTIONS_OF[wanted.kind]))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), STOCKHOLM)


def _in_words(row: Row[*tuple[Any, ...]]) -> LogRow:
    return LogRow(
        number=row.sequence,
        at=row.at.astimezone(STOCKHOLM),
        who=row.name or NOBODY,
        unit=row.unit_name,
        done=action_word(row.action),
        what=_what(row),
        details=", ".join(
            f"{word} {_value(row.details[name])}"
            for name, word in DETAILS.items()
            if row.details.get(name) is not None
        ),
    )


def _what(row: Row[*tuple[Any, ...]]) -> str:
    if row.action == "sign_in_failed" and row.entity_id is None:
        return UNKNOWN_ACCOUNT
    word = entity_word(row.entity)
    return word if row.entity_id is None or row.entity == "store" else f"{word} {row.entity_id}"


def _value(value: Any) -> str:
    return ROLE_NAMES[Role(value)] if value in set(Role) else str(value)


_EVENTS: Select[*tuple[Any, ...]] = (
    sa_select(
        col(AuditEvent.id),
        col(AuditEvent.at),
        col(AuditEvent.action),
        col(AuditEvent.entity),
        col(AuditEvent.entity_id),
        col(AuditEvent.details),
        col(AuditLink.sequence),
        col(User.name),
        col(Unit.name).label("unit_name"),
    )
    .outerjoin(AuditLink, col(AuditLink.event_id) == col(AuditEvent.id))
    .outerjoin(User, col(User.id) == col(AuditEvent.user_id))
    .outerjoin(Unit, col(Unit.id) == col(AuditEvent.unit_id))
    .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
)
