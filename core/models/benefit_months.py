"""The months in which a case got benefit, which långvarigt is counted from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import CheckConstraint, Field

from core.models.base import Base, Recorded, code, index_of_valid, money
from core.terms import DataSource


class BenefitMonth(Recorded, Base, table=True):
    """A case got benefit in a month, kept as its first day. The amount may be unknown."""

    __tablename__ = "benefit_month"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        index_of_valid("uq_benefit_month_case", "case_id", "month", unique=True),
        index_of_valid("ix_benefit_month_unit", "unit_id", "month", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    case_id: int = Field(foreign_key="case_file.id")
    month: dt.date
    amount: Decimal | None = money(default=None)
    source: DataSource = code(DataSource)
    source_name: str = Field(default="", max_length=200)
