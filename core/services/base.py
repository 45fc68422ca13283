"""What every write shares: refusals at a field, the audit event, and the data version."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, text

from core.auth import Actor
from core.models import Area, AuditEvent, DataVersion
from core.rules.dates import month_start
from core.rules.personal_number import find_personal_number
from core.services import chain

PERSONAL_NUMBER = (
    "Texten innehåller något som ser ut som ett personnummer. "
    "Ta bort det och använd ärendets referens."
)

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}|-?[0-9]{1,15}([.-][0-9]{1,6}){0,2}|[0-9a-f]{64}")
"""What a text in the audit log's details looks like: a code, an amount, a date or a SHA-256."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, in Swedish: the fault and what is expected."""

    field: str
    message: str


class RefusedError(Exception):
    """A write was refused, with a message for each field at fault. Nothing was changed."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors

    def by_field(self) -> dict[str, str]:
        """Return the first message of each field."""
        messages: dict[str, str] = {}
        for error in self.errors:
            messages.setdefault(error.field, error.message)
        return messages


@dataclass(frozen=True, slots=True)
class Newest:
    """How a row stands now that somebody changed after a form had opened it.

    `values` are those that a form of the row can show or change, by name, as the tables hold them.
    `by` and `at` are who changed it last and when, None where that isn't known.
    """

    version: int
    values: Mapping[str, Any]
    by: str | None = None
    at: dt.datetime | None = None


class ConflictError(Exception):
    """Somebody else changed the row after it was read. Nothing was changed."""

    def __init__(self, name: str = "", newest: Newest | None = None) -> None:
        super().__init__(name)
        self.newest = newest


@dataclass
class Checks:
    """Collects what is wrong with a form's fields, so that all of it is told at once."""

    errors: list[FieldError] = field(default_factory=list)

    def refuse_if(self, wrong: bool | None, field_name: str, message: str) -> None:
        """Note a fault of a field."""
        if wrong:
            self.errors.append(FieldError(field_name, message))

    def guard_text(self, field_name: str, value: str, *, longest: int = 300) -> None:
        """Note a text that is too long or holds a personal identity number."""
        self.refuse_if(
            len(value) > longest,
            field_name,
            f"Texten får ha högst {longest} tecken, inte {len(value)}.",
        )
        self.refuse_if(
            find_personal_number(value) is not None,
            field_name,
            PERSONAL_NUMBER,
        )

    def done(self) -> None:
        """Raise `RefusedError` if anything was wrong."""
        if self.errors:
            raise RefusedError(*self.errors)


@dataclass(frozen=True, slots=True)
class Event:
    """What is written in the audit log about one write.

    `moved` names each area whose figures the write moves and the first day that it moves them on.
    `details` holds ids, dates, codes and amounts only.
    """

    action: str
    entity: str
    entity_id: int | None
    unit_id: int | None
    moved: Iterable[tuple[Area, dt.date]] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    undoes_id: int | None = None


def already_done(session: Session, key: str | None) -> int | None:
    """Return the id of the row that an earlier submit of the same form wrote, if there was one.

    Call it first in a write: of two submits with one key at the same time, the second one waits
    here until the first has finished.
    """
    if key is None:
        return None
    if session.get_bind().dialect.name == "postgresql":
        session.exec(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), params={"key": key})  # type: ignore[call-overload]
    found: int | None = session.exec(
        select(col(AuditEvent.entity_id)).where(col(AuditEvent.submit_key) == key)
    ).first()
    return found


def record(session: Session, event: Event, *, by: Actor | None, key: str | None = None) -> int:
    """Write a write's audit event and raise its areas' data versions. Returns the event's id.

    `by` is None only for what the command line does. The event gets its place in the chain when the
    transaction commits. Raises `ValueError` for a detail that isn't an id, date, code or amount.
    """
    return record_as(session, event, user_id=by.user_id if by else None, key=key)


def record_as(
    session: Session, event: Event, *, user_id: int | None, key: str | None = None
) -> int:
    """Do as `record` for somebody who isn't signed in yet, known by the account's id at most."""
    row = AuditEvent(
        user_id=user_id,
        unit_id=event.unit_id,
        action=_code(event.action),
        entity=event.entity,
        entity_id=event.entity_id,
        details={_code(name): _plain(value) for name, value in event.details.items()},
        undoes_id=event.undoes_id,
        submit_key=key,
    )
    session.add(row)
    session.flush()
    chain.await_place(session, row)
    if event.unit_id is not None:
        for area, day in sorted(set(event.moved)):
            _bump(session, event.unit_id, area, day)
            session.info.setdefault("moved", []).append(area)
    assert row.id is not None  # noqa: S101  (flushed above)
    return row.id


def _bump(session: Session, unit_id: int, area: Area, day: dt.date) -> None:
    row = {"unit_id": unit_id, "area": area, "month": month_start(day), "writes": 1}
    session.execute(_bumping(session.get_bind().dialect.name), row)


@cache
def _bumping(dialect: str) -> Any:
    """Return the statement that counts a write; made once, as it is part of every write."""
    table = DataVersion.__table__  # type: ignore[attr-defined]
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    return statement.on_conflict_do_update(
        index_elements=["unit_id", "area", "month"], set_={"writes": table.c.writes + 1}
    )


def _plain(value: Any) -> Any:
    """Return a detail as it is kept. Raises `ValueError` for what could be somebody's words."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date | Decimal):
        return str(value)
    return _code(value)


def _code(value: object) -> str:
    """Return a code, an amount or a date as text. Raises `ValueError` for any other text."""
    text = str(value)
    if CODE.fullmatch(text) is None or find_personal_number(text) is not None:
        msg = "The audit log takes ids, dates, codes and amounts only"
        raise ValueError(msg)
    return text
