"""The goal chain with its indicators, dated targets, values and activities."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, code, index_of_valid, measured
from core.terms import (
    Accumulation,
    ActivityStatus,
    ComputedFigure,
    Direction,
    Gender,
    GoalLevel,
    IndicatorSource,
    IndicatorUnit,
    OwnerLevel,
    Periodicity,
)


class Goal(Versioned, Base, table=True):
    """A goal of a unit's year. A unit goal also tells how it is to be reached."""

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("unit_id", "year", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    year: int
    level: GoalLevel = code(GoalLevel)
    code: str = Field(max_length=20)
    parent_id: int | None = Field(default=None, foreign_key="goal.id")
    name: str = Field(max_length=300)
    expected_result: str = Field(default="", max_length=2000)
    ways_of_working: str = Field(default="", max_length=2000)
    resources: str = Field(default="", max_length=2000)
    follow_up: str = Field(default="", max_length=2000)
    development: str = Field(default="", max_length=2000)
    source_name: str = Field(default="", max_length=200)


class Indicator(Versioned, Base, table=True):
    """What a goal is measured by. `own_unit` is the unit of measure when it is not a usual one.

    `tolerance` is in the indicator's own unit; empty means a tenth of the target's size.
    """

    __tablename__ = "indicator"
    __table_args__ = (
        Index("ix_indicator_unit", "unit_id", "goal_id"),
        CheckConstraint("(source = 'computed') = (computed IS NOT NULL)", name="computed_from"),
        CheckConstraint("tolerance >= 0", name="tolerance_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    goal_id: int = Field(foreign_key="goal.id", index=True)
    name: str = Field(max_length=200)
    unit_of_measure: IndicatorUnit = code(IndicatorUnit)
    own_unit: str = Field(default="", max_length=40)
    direction: Direction = code(Direction)
    periodicity: Periodicity = code(Periodicity)
    accumulation: Accumulation = code(Accumulation, default=Accumulation.LATEST)
    tolerance: Decimal | None = measured(default=None)
    source: IndicatorSource = code(IndicatorSource, default=IndicatorSource.TYPED)
    computed: ComputedFigure | None = code(ComputedFigure, default=None)
    owner_level: OwnerLevel = code(OwnerLevel, default=OwnerLevel.UNIT)
    is_example: bool = False
    source_name: str = Field(default="", max_length=200)


class IndicatorTarget(Recorded, Base, table=True):
    """An indicator's targets of a year, as decided on a day; either may be a number or a text."""

    __tablename__ = "indicator_target"
    __table_args__ = (
        index_of_valid("ix_indicator_target_indicator", "indicator_id", "year", "decided_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    year: int
    decided_on: dt.date
    target: Decimal | None = measured(default=None)
    target_text: str = Field(default="", max_length=80)
    city_target: Decimal | None = measured(default=None)
    city_target_text: str = Field(default="", max_length=80)


class IndicatorValue(Recorded, Base, table=True):
    """A value of an indicator for a period, counting from `measured_on`. A % is stored as 0-100.

    `gender` is empty for everybody together. The latest measured row of a period is its value.
    """

    __tablename__ = "indicator_value"
    __table_args__ = (
        CheckConstraint("period_end >= period_start", name="period_in_order"),
        index_of_valid("ix_indicator_value_indicator", "indicator_id", "period_end", "measured_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    period_start: dt.date
    period_end: dt.date
    gender: Gender | None = code(Gender, default=None)
    value: Decimal = measured()
    numerator: Decimal | None = measured(default=None)
    denominator: Decimal | None = measured(default=None)
    measured_on: dt.date
    source_name: str = Field(default="", max_length=200)


class Activity(Versioned, Base, table=True):
    """Something a unit does to reach a goal, between two days."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="end_after_start"),
        Index("ix_activity_unit", "unit_id", "ends_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    goal_id: int = Field(foreign_key="goal.id", index=True)
    name: str = Field(max_length=300)
    starts_on: dt.date
    ends_on: dt.date
    status: ActivityStatus = code(ActivityStatus, default=ActivityStatus.ONGOING)
    done_on: dt.date | None = None
    owner: str = Field(default="", max_length=120)
    owner_level: OwnerLevel = code(OwnerLevel, default=OwnerLevel.UNIT)
    source_name: str = Field(default="", max_length=200)
