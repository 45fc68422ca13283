"""An indicator's own rows: what it measures, its dated targets and its typed or imported values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Goal, Indicator, IndicatorTarget, IndicatorValue
from core.queries.cache import cached
from core.rules.dates import Period, latest_by
from core.rules.indicators import Measurement, percent_value
from core.rules.shares import rounded
from core.terms import (
    Accumulation,
    ComputedFigure,
    Direction,
    Gender,
    IndicatorUnit,
    Periodicity,
    sv,
)

Target = Decimal | str | None
DIGITS = 4
"""Decimals of a stored value."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What is measured. `unit` is the Swedish unit of measure, `year` the goal's year.

    `measured` tells that reports on a measure point give it values, as of the day it is read for.
    """

    indicator_id: int
    goal_id: int
    year: int
    name: str
    unit_of_measure: IndicatorUnit
    unit: str
    direction: Direction
    periodicity: Periodicity
    accumulation: Accumulation
    tolerance: Decimal | None
    computed: ComputedFigure | None
    is_example: bool
    source_name: str
    measured: bool = False


@dataclass(frozen=True, slots=True)
class StoredValue(Measurement):
    """A known value; `gender` is None for everybody together.

    `value_id` is the row of a typed or imported one, None for one that reports on a measure point
    give.
    """

    value_id: int | None
    gender: Gender | None
    numerator: Decimal | None
    denominator: Decimal | None
    source_name: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """An indicator's targets of a year as decided on a day: numbers, texts or None."""

    year: int
    decided_on: dt.date
    target: Target
    city_target: Target


@cached(Area.GOALS, until=None)
def indicators_of_year(session: Session, scope: Scope, *, year: int) -> tuple[IndicatorRow, ...]:
    """Return the indicators that hang on a unit's goals of a year, in the order they were added."""
    rows = session.execute(
        select(Indicator)
        .join(Goal, col(Goal.id) == col(Indicator.goal_id))
        .where(col(Goal.unit_id) == scope.unit_id)
        .where(col(Goal.year) == year)
        .order_by(col(Indicator.id))
    )
    return tuple(_indicator_row(row, year) for (row,) in rows)


@cached(Area.GOALS, until=None)
def stored_values(
    session: Session, scope: Scope, *, year: int
) -> dict[int, tuple[StoredValue, ...]]:
    """Return by indicator every valid value of the indicators of a year's goals, any period.

    In the order they were written, so that of two measured the same day the last one holds.
    """
    statement = (
        _of_year(
            select(IndicatorValue, col(Indicator.unit_of_measure)).join(
                Indicator, col(Indicator.id) == col(IndicatorValue.indicator_id)
            ),
            scope,
            year,
        )
        .where(col(IndicatorValue.voided_at).is_(None))
        .order_by(col(IndicatorValue.id))
    )
    values: dict[int, list[StoredValue]] = {}
    for row, unit in session.execute(statement):
        values.setdefault(row.indicator_id, []).append(_stored_value(row, unit))
    return {indicator: tuple(rows) for indicator, rows in values.items()}


@cached(Area.GOALS, until=None)
def targets_of(session: Session, scope: Scope, *, year: int) -> dict[int, tuple[TargetRow, ...]]:
    """Return by indicator every valid target of the indicators of a year's goals, any year.

    In the order they were written, so that of two decided the same day the last one holds.
    """
    statement = (
        _of_year(
            select(IndicatorTarget).join(
                Indicator, col(Indicator.id) == col(IndicatorTarget.indicator_id)
            ),
            scope,
            year,
        )
        .where(col(IndicatorTarget.voided_at).is_(None))
        .order_by(col(IndicatorTarget.id))
    )
    targets: dict[int, list[TargetRow]] = {}
    for (row,) in session.execute(statement):
        targets.setdefault(row.indicator_id, []).append(_target_row(row))
    return {indicator: tuple(rows) for indicator, rows in targets.items()}


def target_on(targets: Iterable[TargetRow], year: int, on: dt.date) -> TargetRow | None:
    """Return a year's targets as decided on a day, None before any decision."""
    of_year = (row for row in targets if row.year == year)
    return latest_by(of_year, lambda row: row.decided_on, on)


def _of_year(
    statement: Select[*tuple[Any, ...]], scope: Scope, year: int
) -> Select[*tuple[Any, ...]]:
    return (
        statement.join(Goal, col(Goal.id) == col(Indicator.goal_id))
        .where(col(Goal.unit_id) == scope.unit_id)
        .where(col(Goal.year) == year)
    )


def _indicator_row(row: Indicator, year: int) -> IndicatorRow:
    assert row.id is not None  # noqa: S101  (read from the store)
    return IndicatorRow(
        indicator_id=row.id,
        goal_id=row.goal_id,
        year=year,
        name=row.name,
        unit_of_measure=row.unit_of_measure,
        unit=row.own_unit or sv(row.unit_of_measure),
        direction=row.direction,
        periodicity=row.periodicity,
        accumulation=row.accumulation,
        tolerance=row.tolerance,
        computed=row.computed,
        is_example=row.is_example,
        source_name=row.source_name,
    )


def _stored_value(row: IndicatorValue, unit: IndicatorUnit) -> StoredValue:
    assert row.id is not None  # noqa: S101  (read from the store)
    return StoredValue(
        period=Period(row.period_start, row.period_end),
        measured_on=row.measured_on,
        value=_exact(row, unit),
        value_id=row.id,
        gender=row.gender,
        numerator=row.numerator,
        denominator=row.denominator,
        source_name=row.source_name,
    )


def _exact(row: IndicatorValue, unit: IndicatorUnit) -> Fraction:
    """Return a value unrounded: a % whose parts are known is their share.

    Only where the stored value is that share rounded; a stated value that differs stands.
    """
    if unit is IndicatorUnit.PERCENT and row.numerator is not None and row.denominator is not None:
        part = percent_value(row.numerator, row.denominator)
        if part is not None and rounded(part, DIGITS) == row.value:
            return part
    return Fraction(row.value)


def _target_row(row: IndicatorTarget) -> TargetRow:
    return TargetRow(
        year=row.year,
        decided_on=row.decided_on,
        target=_target(row.target, row.target_text),
        city_target=_target(row.city_target, row.city_target_text),
    )


def _target(number: Decimal | None, text: str) -> Target:
    return number if number is not None else text or None
