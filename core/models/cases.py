"""Cases with their dated assignments, composition, adults and obstacles."""

from __future__ import annotations

import datetime as dt

from sqlmodel import CheckConstraint, Field

from core.models.base import Base, Recorded, Versioned, code, index_of_valid
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle


class Case(Versioned, Recorded, Base, table=True):
    """One matter, known only by its reference. Open on a day d: `opened_on` <= d < `closed_on`."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("referred_on >= opened_on", name="referred_after_opened"),
        CheckConstraint("closed_on >= opened_on", name="closed_after_opened"),
        CheckConstraint("closed_on IS NOT NULL OR closing_reason IS NULL", name="reason_if_closed"),
        index_of_valid("uq_case_file_reference", "unit_id", "reference", unique=True),
        index_of_valid(
            "ix_case_file_open", "unit_id", "kind", "closed_on", "opened_on", "referred_on"
        ),
        index_of_valid("ix_case_file_referred", "unit_id", "kind", "referred_on"),
        index_of_valid("ix_case_file_opened", "unit_id", "kind", "opened_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    reference: str = Field(max_length=20)
    kind: CaseKind = code(CaseKind)
    opened_on: dt.date
    referred_on: dt.date | None = None
    closed_on: dt.date | None = None
    closing_reason: ClosingReason | None = code(ClosingReason, default=None)


class CaseAssignment(Recorded, Base, table=True):
    """Whose a case is from a day on, until the next assignment. Both may be empty."""

    __tablename__ = "case_assignment"
    __table_args__ = (
        index_of_valid(
            "ix_case_assignment_case", "case_id", "valid_from", "caseworker_id", "group_id"
        ),
        index_of_valid("ix_case_assignment_caseworker", "caseworker_id", "case_id", "valid_from"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    valid_from: dt.date
    caseworker_id: int | None = Field(default=None, foreign_key="caseworker.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")


class CaseComposition(Recorded, Base, table=True):
    """The household's type and number of children from a day on."""

    __tablename__ = "case_composition"
    __table_args__ = (
        CheckConstraint("children >= 0", name="children_not_negative"),
        index_of_valid("ix_case_composition_case", "case_id", "valid_from", "children"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    valid_from: dt.date
    household_type: HouseholdType = code(HouseholdType)
    children: int = 0


class CaseAdult(Recorded, Base, table=True):
    """An adult of a benefit case; number 1 is the applicant. `valid_to` is the last day."""

    __tablename__ = "case_adult"
    __table_args__ = (
        CheckConstraint("number IN (1, 2)", name="one_or_two"),
        CheckConstraint("valid_to >= valid_from", name="to_after_from"),
        index_of_valid(
            "ix_case_adult_case", "case_id", "number", "valid_from", "valid_to", "gender"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    number: int
    gender: Gender = code(Gender)
    valid_from: dt.date
    valid_to: dt.date | None = None


class AdultObstacle(Recorded, Base, table=True):
    """An adult's obstacle to self-support from a day on, until the next one."""

    __tablename__ = "adult_obstacle"
    __table_args__ = (
        index_of_valid("ix_adult_obstacle_adult", "adult_id", "valid_from", "obstacle"),
    )

    id: int | None = Field(default=None, primary_key=True)
    adult_id: int = Field(foreign_key="case_adult.id")
    valid_from: dt.date
    obstacle: Obstacle = code(Obstacle)
