"""Placements with their dated decisions, day rates and reviews."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import JSON, false, true
from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, code, index_of_valid, moment, money
from core.terms import (
    Contract,
    DecisionReason,
    LegalBasis,
    PlacementDimension,
    WalkThroughOutcome,
)


class PlacementKind(Versioned, Base, table=True):
    """A kind of placement in a unit, and the budget line (section and name) that pays it.

    `is_hotel` marks temporary housing in hotel or hostel, where families with children are flagged;
    `is_temporary` other temporary housing. A kind that is not `active` can't be chosen any longer;
    its placements stay.
    """

    __tablename__ = "placement_kind"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=80)
    is_hotel: bool = False
    budget_section: str | None = Field(default=None, max_length=80)
    budget_line: str | None = Field(default=None, max_length=120)
    active: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    is_temporary: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class PlacementTerm(Versioned, Recorded, Base, table=True):
    """A unit's own word for a legal basis or a contract, and the code that it counts as."""

    __tablename__ = "placement_term"
    __table_args__ = (
        index_of_valid("uq_placement_term_name", "unit_id", "dimension", "name", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    dimension: PlacementDimension = code(PlacementDimension)
    name: str = Field(max_length=60)
    counts_as: str = Field(max_length=40)
    active: bool = True


class Placement(Versioned, Recorded, Base, table=True):
    """Somebody of a case placed. First and last day are both paid; running while not ended.

    `legal_name` is the unit's own word for the legal basis, empty for the usual one.
    """

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
    legal_name: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})


class PlacementDecision(Recorded, Base, table=True):
    """A decision on a placement: until when, with whom and on what contract, and why.

    `contract_name` is the unit's own word for the contract, empty for the usual one.
    """

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
    contract_name: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    reason: DecisionReason | None = code(DecisionReason, default=None)


class PlacementPlan(Recorded, Base, table=True):
    """What a placement is for and what comes after it, as of a day.

    `housing_plan` tells whether there is an individual housing plan (temporary housing).
    """

    __tablename__ = "placement_plan"
    __table_args__ = (index_of_valid("ix_placement_plan_placement", "placement_id", "noted_on"),)

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placement.id")
    noted_on: dt.date
    purpose: str = Field(default="", max_length=300)
    plan_after: str = Field(default="", max_length=300)
    housing_plan: bool | None = None


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


class WalkThrough(Versioned, Recorded, Base, table=True):
    """A meeting that goes through placements one by one. `group_id` is empty for the whole unit.

    `queue` holds the placements' ids in the order that they come up.
    """

    __tablename__ = "walk_through"
    __table_args__ = (index_of_valid("ix_walk_through_unit", "unit_id", "held_on"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    held_on: dt.date
    closed_at: dt.datetime | None = moment(default=None)
    queue: list[int] = Field(default_factory=list, sa_type=JSON)


class WalkThroughItem(Recorded, Base, table=True):
    """What a walk-through decided on a placement. A new row replaces an earlier, voided one.

    `full_year_before` is the placement's cost of the year when it came up, and `months` what each
    month of the year, from January, became dearer, in kronor as text. `decision_id`, `rate_id` and
    `review_id` are the rows that the walk-through made, `replaced_rate_id` the rate from the same
    day that its own one took the place of.
    """

    __tablename__ = "walk_through_item"
    __table_args__ = (
        index_of_valid("uq_walk_through_item", "walk_through_id", "placement_id", unique=True),
        index_of_valid("ix_walk_through_item_placement", "placement_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    walk_through_id: int = Field(foreign_key="walk_through.id")
    placement_id: int = Field(foreign_key="placement.id")
    outcome: WalkThroughOutcome = code(WalkThroughOutcome)
    next_step: str = Field(default="", max_length=300)
    responsible: str = Field(default="", max_length=120)
    next_on: dt.date | None = None
    full_year_before: Decimal = money()
    full_year_after: Decimal = money()
    decision_id: int | None = Field(default=None, foreign_key="placement_decision.id")
    review_id: int | None = Field(default=None, foreign_key="placement_review.id")
    rate_id: int | None = Field(default=None, foreign_key="day_rate.id")
    replaced_rate_id: int | None = Field(default=None, foreign_key="day_rate.id")
    months: list[str] = Field(default_factory=list, sa_type=JSON)
