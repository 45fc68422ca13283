"""The audit log: who did what to which row, written in the same transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from core.clock import now
from core.models.base import Base, moment


class AuditEvent(Base, table=True):
    """One write. Times are real. `details` holds ids, dates, codes and amounts, never free text.

    `submit_key` is the key of the form that was submitted: the same form sent twice is one event.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_entity", "entity", "entity_id"),
        Index("ix_audit_event_user", "unit_id", "user_id", "id"),
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
