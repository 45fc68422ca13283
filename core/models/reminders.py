"""Reminders that a caseworker has put off for a while."""

from __future__ import annotations

import datetime as dt

from sqlmodel import CheckConstraint, Field

from core.models.base import Base, Recorded, code, index_of_valid
from core.terms import ReminderKind


class ReminderSnooze(Recorded, Base, table=True):
    """A case's reminder put off, first and last day included. It never touches a figure."""

    __tablename__ = "reminder_snooze"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="end_after_start"),
        CheckConstraint("reason <> ''", name="has_reason"),
        index_of_valid("ix_reminder_snooze_case", "case_id", "ends_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    case_id: int = Field(foreign_key="case_file.id")
    kind: ReminderKind = code(ReminderKind)
    measure_point_id: int | None = Field(default=None, foreign_key="measure_point.id")
    reason: str = Field(max_length=300)
    starts_on: dt.date
    ends_on: dt.date
