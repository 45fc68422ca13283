"""Placements with their dated decisions, day rates and reviews."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, code, index_of_valid, money
from core.terms import Contract, LegalBasis


class PlacementKind(Base, table=True):
    """A kind of placement in a unit, and the budget line (section and name) that pays it.

    `is_hotel` marks temporary housing in hotel or hostel, where families with children are flagged.
    """

    __tablename__ = "placement_kind"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=80)
    is_hotel: bool = False
    budget_section: str | None = Field(default=None, max_length=80)
    budget_line: str | None = Field(default=None, max_length=120)


class Placement(Versioned, Recorded, Base, table=True):
    """Somebody of a case placed. First and last day are both paid; running while not ended."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ended_on >= starts_on", name="ended_after_start"),
        CheckConstraint("children >= 0", name="children_not_negative"),
        index_of_valid("uq_placement_reference", "unit_id", "reference", unique=True),
        index_of_valid("ix_placement_unit", "unit_id", "ended_on", "starts_on"),
        index_of_valid("ix_placement_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    case_id: int = Field(foreign_key="case_file.id")
    reference: str = Field(max_length=20)
    kind_id: int = Field(foreign_key="placement_kind.id")
    legal_basis: LegalBasis = code(LegalBasis)
    starts_on: dt.date
    ended_on: dt.date | None = None
    children: int = 0


class PlacementDecision(Recorded, Base, table=True):
    """A decision on a placement: until when, with whom and on what contract."""

    __tablename__ = "placement_decision"
    __table_args__ = (
        index_of_valid("ix_placement_decision_placement", "placement_id", "decided_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placement.id")
    decided_on: dt.date
    decided_by: str = Field(default="", max_length=80)
    planned_end_on: dt.date | None = None
    provider: str = Field(max_length=120)
    contract: Contract = code(Contract)


class DayRate(Recorded, Base, table=True):
    """What a day costs in kronor from a day on; `valid_from` says on which days it holds."""

    __tablename__ = "day_rate"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        index_of_valid("ix_day_rate_placement", "placement_id", "valid_from", "amount"),
    )

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placement.id")
    valid_from: dt.date
    amount: Decimal = money()


class PlacementReview(Recorded, Base, table=True):
    """A follow-up of a placement, and the day of the next one if it was decided."""

    __tablename__ = "placement_review"
    __table_args__ = (
        CheckConstraint("next_review_on > reviewed_on", name="next_after_this"),
        index_of_valid(
            "ix_placement_review_placement", "placement_id", "reviewed_on", "next_review_on"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placement.id")
    reviewed_on: dt.date
    next_review_on: dt.date | None = None
    note: str = Field(default="", max_length=300)
