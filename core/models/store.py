"""The store's own facts: whether it is a demo, and how far each area's data has moved."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlmodel import CheckConstraint, Field

from core.clock import now
from core.models.base import Base, code, moment


class Area(StrEnum):
    """A part of the data whose changes spoil the same cached figures."""

    CASES = "cases"
    PLANS = "plans"
    CHILD_IMPACT = "child_impact"
    PLACEMENTS = "placements"
    BUDGET = "budget"
    GOALS = "goals"
    HOUSEHOLDS = "households"
    STAFF_SURVEY = "staff_survey"
    UNITS = "units"
    MEASURES = "measures"
    BENEFIT_MONTHS = "benefit_months"
    CLIENT_SURVEYS = "client_surveys"
    REMINDERS = "reminders"
    RETENTION = "retention"


class StoreInfo(Base, table=True):
    """The one row about the store. `demo_today` is set in a demo store and nowhere else."""

    __tablename__ = "store_info"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("is_demo OR demo_today IS NULL", name="date_only_in_demo"),
    )

    id: int = Field(default=1, primary_key=True)
    store_key: str = Field(max_length=64)
    is_demo: bool = False
    demo_today: dt.date | None = None
    created_at: dt.datetime = moment(default_factory=now)


class DataVersion(Base, table=True):
    """A counter of writes to an area of a unit whose facts are dated in a month.

    A fact dated in a month moves only figures as of that month or later, so the sum of the counters
    up to a day's month tells whether a cached figure of that day still holds.
    """

    __tablename__ = "data_version"

    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    area: Area = code(Area, primary_key=True)
    month: dt.date = Field(primary_key=True)
    writes: int = 0
