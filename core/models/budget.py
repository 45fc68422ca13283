"""Budget lines with monthly outcome and dated prognoses. Amounts are net cost in kronor."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, index_of_valid, money


class BudgetLine(Versioned, Base, table=True):
    """A line of a unit's budget for a year. The same line in another year has the same names."""

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("unit_id", "year", "section", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    year: int
    section: str = Field(max_length=80)
    name: str = Field(max_length=120)
    amount: Decimal = money()
    source_name: str = Field(default="", max_length=200)


class Outcome(Recorded, Base, table=True):
    """A line's booked amount of a month (its first day); the latest booked row is the amount."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("booked_on >= month", name="booked_after_month_began"),
        index_of_valid("ix_outcome_line", "line_id", "month", "booked_on", "amount"),
    )

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    month: dt.date
    amount: Decimal = money()
    booked_on: dt.date


class Prognosis(Recorded, Base, table=True):
    """What somebody expects a line to cost over the whole year, as of the day it was made."""

    __tablename__ = "prognosis"
    __table_args__ = (index_of_valid("ix_prognosis_line", "line_id", "made_on", "amount"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    amount: Decimal = money()
    made_on: dt.date
    comment: str = Field(default="", max_length=500)
