"""The audit log: who did what to which row, written in the same transaction.

Triggers keep its rows from being changed or removed; the chain (`core.rules.audit_chain`) shows it
if somebody gets past them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import CheckConstraint, Field

from core.clock import now
from core.models.base import Base, moment


class AuditEvent(Base, table=True):
    """One write, reading, export, sign-in or refusal. Times are real.

    `details` holds ids, dates, codes and amounts, never free text.

    `submit_key` is the key of the form that was submitted: the same form sent twice is one event.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_entity", "entity", "entity_id"),
        Index("ix_audit_event_user", "unit_id", "user_id", "id"),
        Index("ix_audit_event_at", "at", "id"),
        Index("ix_audit_event_by", "user_id", "at", "id"),
        Index("ix_audit_event_action", "action", "at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: dt.datetime = moment(default_factory=now)
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    action: str = Field(max_length=60)
    entity: str = Field(max_length=60)
    entity_id: int | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    undoes_id: int | None = Field(default=None, foreign_key="audit_event.id", unique=True)
    submit_key: str | None = Field(default=None, max_length=64, unique=True)


class AuditLink(Base, table=True):
    """An event's place in the chain: gapless from 1, given when its transaction commits.

    `chain_mac` is the code over the event, the place and the code of the place before.
    """

    __tablename__ = "audit_link"

    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event_id: int = Field(foreign_key="audit_event.id", unique=True)
    chain_mac: str = Field(max_length=64)


class AuditHead(Base, table=True):
    """The one row about the chain's end: its place and code, the Swedish day, and their seal."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    sequence: int
    chain_mac: str = Field(max_length=64)
    day: dt.date
    seal_mac: str = Field(max_length=64)
