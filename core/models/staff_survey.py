"""The yearly staff survey by group."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import CheckConstraint, Field

from core.models.base import Base, Recorded, code, index_of_valid, measured
from core.terms import DataSource


class StaffSurvey(Recorded, Base, table=True):
    """A year's result of a group, or of the whole unit when `group_id` is empty. Indices 0-100."""

    __tablename__ = "staff_survey"
    __table_args__ = (
        CheckConstraint("respondents BETWEEN 0 AND invited", name="respondents_of_invited"),
        index_of_valid("ix_staff_survey_unit", "unit_id", "year", "group_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    year: int
    invited: int
    respondents: int
    ami: Decimal | None = measured(default=None)
    leadership: Decimal | None = measured(default=None)
    motivation: Decimal | None = measured(default=None)
    steering: Decimal | None = measured(default=None)
    target: Decimal | None = measured(default=None)
    source: DataSource = code(DataSource, default=DataSource.TYPED)
    source_name: str = Field(default="", max_length=200)
