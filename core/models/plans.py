"""Change plans, their revisions, and exemptions from having one."""

from __future__ import annotations

import datetime as dt

from sqlmodel import CheckConstraint, Field

from core.models.base import Base, Recorded, Versioned, code, index_of_valid
from core.terms import ExemptionReason


class ChangePlan(Versioned, Recorded, Base, table=True):
    """A change plan of a case. It exists on a day d if `established_on` <= d < `ended_on`."""

    __tablename__ = "change_plan"
    __table_args__ = (
        CheckConstraint("ended_on >= established_on", name="ended_after_established"),
        index_of_valid("ix_change_plan_case", "case_id", "established_on", "ended_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    established_on: dt.date
    ended_on: dt.date | None = None


class PlanRevision(Recorded, Base, table=True):
    """A day on which a change plan was revised, which makes it current again."""

    __tablename__ = "plan_revision"
    __table_args__ = (index_of_valid("ix_plan_revision_plan", "plan_id", "revised_on"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="change_plan.id")
    revised_on: dt.date


class PlanExemption(Recorded, Base, table=True):
    """A time during which a case needs no change plan; first and last day are both exempt."""

    __tablename__ = "plan_exemption"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="to_after_from"),
        CheckConstraint("reason <> 'other' OR explanation <> ''", name="other_needs_text"),
        index_of_valid("ix_plan_exemption_case", "case_id", "valid_from", "valid_to"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    reason: ExemptionReason = code(ExemptionReason)
    explanation: str = Field(default="", max_length=300)
    valid_from: dt.date
    valid_to: dt.date
