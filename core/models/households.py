"""Household statistics by month, of the own unit or of a district to compare with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, code, index_of_valid, money
from core.terms import DataSource


class HouseholdMonth(Recorded, Base, table=True):
    """What one source says of a month. `district` is empty for the unit itself.

    A source that does not state a number leaves it empty. Where several rows state the same number,
    the one with the latest `sourced_on` holds.
    """

    __tablename__ = "household_month"
    __table_args__ = (index_of_valid("ix_household_month_unit", "unit_id", "district", "month"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    district: str = Field(default="", max_length=120)
    month: dt.date
    households: int | None = Field(default=None, ge=0)
    recipients: int | None = Field(default=None, ge=0)
    adults: int | None = Field(default=None, ge=0)
    children: int | None = Field(default=None, ge=0)
    women: int | None = Field(default=None, ge=0)
    men: int | None = Field(default=None, ge=0)
    other: int | None = Field(default=None, ge=0)
    paid_benefit: Decimal | None = money(default=None)
    source: DataSource = code(DataSource)
    source_name: str = Field(default="", max_length=200)
    sourced_on: dt.date


class HouseholdMonthPart(Base, table=True):
    """A household month split by obstacle or household type: a code and how many."""

    __tablename__ = "household_month_part"
    __table_args__ = (
        UniqueConstraint("household_month_id", "dimension", "part"),
        CheckConstraint("dimension IN ('obstacle', 'household_type')", name="known_dimension"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    household_month_id: int = Field(foreign_key="household_month.id")
    dimension: str = Field(max_length=20)
    part: str = Field(max_length=40)
    amount: int
