"""Retention: how long closed cases are kept, the runs that removed some, and what they leave.

What is left are changes of counts and of costs, added up over all removed cases of a unit: no row
tells of one case. Every run makes a unit's rows anew, so that not even their order does.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import CheckConstraint, Field

from core.clock import now
from core.models.base import Base, code, moment, money
from core.rules.retention import Kept
from core.terms import Contract, Gender


class RetentionTerm(Base, table=True):
    """How many months a closed case's rows are kept; the last row holds, earlier ones are history."""

    __tablename__ = "retention_term"
    __table_args__ = (CheckConstraint("months BETWEEN 6 AND 120", name="half_to_ten_years"),)

    id: int | None = Field(default=None, primary_key=True)
    months: int
    created_at: dt.datetime = moment(default_factory=now)
    created_by_id: int | None = Field(default=None, foreign_key="user_account.id")


class RetentionRun(Base, table=True):
    """One removal: cases closed through which day, how many, and how many rows in all."""

    __tablename__ = "retention_run"

    id: int | None = Field(default=None, primary_key=True)
    closed_through: dt.date
    cases: int
    rows: int
    created_at: dt.datetime = moment(default_factory=now)
    created_by_id: int | None = Field(default=None, foreign_key="user_account.id")


class RetainedCount(Base, table=True):
    """By how much removed cases change a count from a day on; of an event, on the day.

    The columns between are those of `core.rules.retention.CountKey`.
    """

    __tablename__ = "retained_count"
    __table_args__ = (Index("ix_retained_count_kept", "unit_id", "kept", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    kept: Kept = code(Kept)
    day: dt.date
    caseworker_id: int | None = Field(default=None, foreign_key="caseworker.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    gender: Gender | None = code(Gender, default=None)
    part: str = Field(default="", max_length=40)
    since: dt.date | None = None
    number: int


class RetainedCost(Base, table=True):
    """By how much removed placements change the cost a day, from a paid day on.

    `known_on` is the day from which that is known; `number` counts placements and `amount` is what
    they cost a day together. The columns between are those of `core.rules.retained_costs.CostKey`.
    """

    __tablename__ = "retained_cost"
    __table_args__ = (Index("ix_retained_cost_known", "unit_id", "known_on"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    known_on: dt.date
    paid_on: dt.date
    kind_id: int = Field(foreign_key="placement_kind.id")
    caseworker_id: int | None = Field(default=None, foreign_key="caseworker.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    contract: Contract | None = code(Contract, default=None)
    provider: str | None = Field(default=None, max_length=120)
    number: int
    amount: Decimal = money()
