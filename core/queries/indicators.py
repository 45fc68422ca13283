"""Indicators against their targets, as of a day (domain: Indicator).

Everything is of one year: the one whose goals hold on the day (`goal_year`). Of an earlier year the
whole year counts, as known on the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import cast

import pandas as pd
from sqlmodel import Session

from core.auth import Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.computed import ComputedValue, year_to_date
from core.queries.frames import frame
from core.queries.goal_chain import chain_upwards, goal_year, goals_of_year
from core.queries.indicator_rows import (
    IndicatorRow,
    StoredValue,
    Target,
    TargetRow,
    indicators_of_year,
    target_on,
    targets_of,
)
from core.queries.measured import known_values
from core.rules.dates import year_of
from core.rules.indicators import fulfilment, values_on, year_is_complete, year_value
from core.rules.suppression import is_small
from core.terms import Accumulation, ComputedFigure, Fulfilment, IndicatorUnit, sv

COLUMNS = ["indicator", "period", "value", "target", "city_target", "fulfilment"]
COMPUTED_FROM = (
    Area.CASES,
    Area.PLANS,
    Area.CHILD_IMPACT,
    Area.PLACEMENTS,
    Area.BENEFIT_MONTHS,
    Area.MEASURES,
)


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value of a period: unrounded, a % as 0-100, with what it is made of where that is known.

    `measured_on` is the day it counts from.
    """

    period: str
    value: Fraction | None
    numerator: Decimal | int | None
    denominator: Decimal | int | None
    measured_on: dt.date
    source_name: str


@dataclass(frozen=True, slots=True)
class IndicatorStatus:
    """An indicator's value that stands for its year, against the year's targets.

    `period` is the label of the value's period, or the year while there is no value. `value` is
    unrounded, a % as 0-100; numerator and denominator are empty where none is known, and for a sum.
    `target` and `city_target` are a number, a text or None. `latest` is the latest period's value
    of any year, for when this year has no outcome yet. `sums_small` tells that `value` is a sum with
    a count of 1-4 in it, which a reader may not take from it.
    """

    indicator: IndicatorRow
    year: int
    period: str
    value: Fraction | None
    numerator: Decimal | int | None
    denominator: Decimal | int | None
    target: Target
    city_target: Target
    fulfilment: Fulfilment
    latest: KnownValue | None
    sums_small: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What an entry counts towards: an indicator and the goals above it.

    `goals` are names from the unit's goal up to the city's direction. `period` is the label of the
    value's period. `unit` is the Swedish unit of measure; `target` a number, a text or None.
    """

    indicator_id: int
    indicator_name: str
    period: str
    value: Fraction | None
    numerator: Decimal | int | None
    denominator: Decimal | int | None
    unit: str
    target: Target
    fulfilment: Fulfilment
    goals: tuple[str, ...]


@cached(Area.GOALS, *COMPUTED_FROM)
def indicator_statuses(
    session: Session, scope: Scope, *, on: dt.date
) -> tuple[IndicatorStatus, ...]:
    """Return the indicators of the goals that hold on a day, by name.

    They are the unit's, whatever narrower scope is asked with.
    """
    unit = Scope(scope.unit_id)
    year = goal_year(session, unit, on=on)
    if year is None:
        return ()
    rows = indicators_of_year(session, unit, year=year)
    values = known_values(session, unit, rows=rows, on=on)
    targets = targets_of(session, unit, year=year)
    until = min(on, year_of(dt.date(year, 1, 1)).end)
    computed = {
        row.computed: year_to_date(session, unit, figure=row.computed, on=until)
        for row in rows
        if row.computed is not None
    }
    return tuple(
        _status(
            _with_reports(row, values.get(row.indicator_id, ())),
            _computed(row.computed, computed, year, until)
            or _stored(row, values.get(row.indicator_id, ()), year, on),
            target_on(targets.get(row.indicator_id, ()), year, on),
            year_is_complete(year, on),
        )
        for row in sorted(rows, key=lambda row: (row.name, row.indicator_id))
    )


def _with_reports(row: IndicatorRow, values: Iterable[StoredValue]) -> IndicatorRow:
    """Return an indicator that tells whether any of its values comes from reports."""
    return replace(row, measured=any(value.value_id is None for value in values))


def indicators(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the indicators of the goals that hold on a day.

    Columns: indicator, period ("2024", "2024-T1", "2024-05"), value (Fraction or None, a % as
    0-100), target and city_target (Decimal, text or None), fulfilment (the Swedish word). Rows by
    indicator.
    """
    rows = [
        [
            status.indicator.name,
            status.period,
            status.value,
            status.target,
            status.city_target,
            sv(status.fulfilment),
        ]
        for status in indicator_statuses(session, scope, on=on)
    ]
    return frame(rows, COLUMNS)


def thread_for(
    session: Session, scope: Scope, computed: ComputedFigure, *, on: dt.date
) -> Thread | None:
    """Return the indicator that a computed figure counts towards, with its goals.

    The first by name if several do. None when no indicator of the goals that hold on the day does.
    """
    for status in indicator_statuses(session, Scope(scope.unit_id), on=on):
        if status.indicator.computed is computed:
            return _thread(session, scope, status)
    return None


def thread_of(session: Session, scope: Scope, *, indicator_id: int, on: dt.date) -> Thread | None:
    """Return an indicator of the goals that hold on a day with its goals, None for another."""
    for status in indicator_statuses(session, Scope(scope.unit_id), on=on):
        if status.indicator.indicator_id == indicator_id:
            return _thread(session, scope, status)
    return None


def _thread(session: Session, scope: Scope, status: IndicatorStatus) -> Thread:
    goals = goals_of_year(session, Scope(scope.unit_id), year=status.year)
    return Thread(
        indicator_id=status.indicator.indicator_id,
        indicator_name=status.indicator.name,
        period=status.period,
        value=status.value,
        numerator=status.numerator,
        denominator=status.denominator,
        unit=status.indicator.unit,
        target=status.target,
        fulfilment=status.fulfilment,
        goals=tuple(goal.name for goal in chain_upwards(goals, status.indicator.goal_id)),
    )


@dataclass(frozen=True, slots=True)
class _YearValue:
    """The value that stands for a year, and the latest one of any year."""

    period: str
    value: Fraction | None = None
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    latest: KnownValue | None = None
    sums_small: bool = False


def _computed(
    figure: ComputedFigure | None,
    computed: dict[ComputedFigure, ComputedValue],
    year: int,
    on: dt.date,
) -> _YearValue | None:
    """Return a computed indicator's value of the year so far, None for other indicators."""
    if figure is None:
        return None
    v = computed[figure]
    latest = KnownValue(str(year), v.value, v.numerator, v.denominator, on, "")
    return _YearValue(str(year), v.value, v.numerator, v.denominator, latest)


def _stored(
    row: IndicatorRow, values: tuple[StoredValue, ...], year: int, on: dt.date
) -> _YearValue:
    whole = [value for value in values if value.gender is None]
    known = cast("list[StoredValue]", values_on(whole, on))
    latest = _known(known[-1]) if known else None
    of_year = [value for value in known if value.period.end.year == year]
    if not of_year:
        return _YearValue(str(year), latest=latest)
    value = year_value(whole, row.accumulation, year, on)
    if row.accumulation is Accumulation.SUM:
        small = row.unit_of_measure is IndicatorUnit.COUNT and any(
            is_small(int(v.value)) for v in of_year if v.value == int(v.value)
        )
        return _YearValue(str(year), value, latest=latest, sums_small=small)
    last = of_year[-1]
    return _YearValue(last.period.label, value, last.numerator, last.denominator, latest)


def _known(v: StoredValue) -> KnownValue:
    return KnownValue(
        v.period.label,
        Fraction(v.value),
        v.numerator,
        v.denominator,
        v.measured_on,
        v.source_name,
    )


def _status(
    row: IndicatorRow, value: _YearValue, target: TargetRow | None, complete: bool
) -> IndicatorStatus:
    annual = None if target is None else target.target
    return IndicatorStatus(
        indicator=row,
        year=row.year,
        period=value.period,
        value=value.value,
        numerator=value.numerator,
        denominator=value.denominator,
        target=annual,
        city_target=None if target is None else target.city_target,
        fulfilment=fulfilment(
            value.value, annual, row.direction, row.tolerance, row.accumulation, complete
        ),
        latest=value.latest,
        sums_small=value.sums_small,
    )
