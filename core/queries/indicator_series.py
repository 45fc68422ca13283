"""One indicator over time: earlier periods, by gender, its targets, and what Start's tiles show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast

from sqlmodel import Session

from core.auth import Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.computed import by_gender, by_month
from core.queries.indicator_rows import (
    IndicatorRow,
    StoredValue,
    Target,
    TargetRow,
    target_on,
    targets_of,
)
from core.queries.indicators import COMPUTED_FROM, IndicatorStatus, indicator_statuses
from core.queries.measured import known_values
from core.queries.staff_survey import SurveyResult, survey_results
from core.rules.dates import Period, month_start, year_of
from core.rules.indicators import values_on
from core.terms import ALL, Fulfilment, Gender, IndicatorUnit, sv

SICK_LEAVE = "sjukfrånvaro"
AMI = "aktivt medskapandeindex"


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """A period's value, a % as 0-100 unrounded, and the target of its year as decided by then.

    `value_id` is None for a point that is computed or that reports on a measure point give.
    """

    period: Period
    label: str
    value: Fraction | None
    numerator: Decimal | int | None
    denominator: Decimal | int | None
    target: Decimal | None
    measured_on: dt.date
    value_id: int | None
    source_name: str


@dataclass(frozen=True, slots=True)
class GenderValue:
    """A period's value of one gender."""

    gender: Gender
    label: str
    value: Fraction | None
    numerator: Decimal | int | None
    denominator: Decimal | int | None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator's own view: its status, periods ascending, latest gender split, targets."""

    status: IndicatorStatus
    points: tuple[SeriesPoint, ...]
    genders: tuple[GenderValue, ...]
    targets: tuple[TargetRow, ...]


@dataclass(frozen=True, slots=True)
class TileIndicator:
    """What a tile shows of an indicator.

    `value` is the latest known, of `period`; `change` is what it has moved since
    `previous_period`. Target and fulfilment are of the goals' year, in which there may be no
    outcome yet. `indicator_id` is None when the value comes from the staff survey itself.
    """

    indicator_id: int | None
    name: str
    unit: str
    period: str
    value: Fraction | None
    target: Target
    fulfilment: Fulfilment
    change: Fraction | None
    previous_period: str | None
    measured_on: dt.date | None
    source_name: str
    points: tuple[SeriesPoint, ...]


@cached(Area.GOALS, *COMPUTED_FROM)
def indicator_series(
    session: Session, scope: Scope, indicator_id: int, *, on: dt.date
) -> IndicatorView | None:
    """Return an indicator's view on a day, None if it is not one of the goals that hold then."""
    unit = Scope(scope.unit_id)
    for status in indicator_statuses(session, unit, on=on):
        if status.indicator.indicator_id == indicator_id:
            return _view(session, unit, status, on)
    return None


@cached(Area.GOALS, Area.STAFF_SURVEY, *COMPUTED_FROM, until=None)
def tile_indicators(
    session: Session, scope: Scope, *, on: dt.date
) -> tuple[TileIndicator | None, TileIndicator | None]:
    """Return what Start shows of AMI and of sick leave; None where the unit follows up neither.

    The indicators are found by their names. A unit without a value of AMI among its indicators
    shows the staff survey's of the whole unit.
    """
    unit = Scope(scope.unit_id)
    statuses = indicator_statuses(session, unit, on=on)
    ami = _named(statuses, AMI)
    sick = _named(statuses, SICK_LEAVE)
    ami_tile = None if ami is None else _tile(_view(session, unit, ami, on))
    if ami_tile is None or ami_tile.value is None:
        ami_tile = _survey_tile(session, unit, ami_tile, on) or ami_tile
    return ami_tile, None if sick is None else _tile(_view(session, unit, sick, on))


def _view(session: Session, scope: Scope, status: IndicatorStatus, on: dt.date) -> IndicatorView:
    row = status.indicator
    targets = targets_of(session, scope, year=row.year).get(row.indicator_id, ())
    known = tuple(sorted((t for t in targets if t.decided_on <= on), key=_target_order))
    if row.computed is None:
        values = known_values(session, scope, rows=(row,), on=on)[row.indicator_id]
        return IndicatorView(status, _points(values, known, on), _genders(values, on), known)
    until = min(on, year_of(dt.date(row.year, 1, 1)).end)
    return IndicatorView(
        status,
        _computed_points(session, scope, row, known, until),
        tuple(
            GenderValue(gender, f"{until:%Y-%m}", v.value, v.numerator, v.denominator)
            for gender, v in by_gender(session, scope, figure=row.computed, on=until).items()
        ),
        known,
    )


def _points(
    values: tuple[StoredValue, ...], targets: tuple[TargetRow, ...], on: dt.date
) -> tuple[SeriesPoint, ...]:
    whole = [value for value in values if value.gender is None]
    known = cast("list[StoredValue]", values_on(whole, on))
    return tuple(
        SeriesPoint(
            period=v.period,
            label=v.period.label,
            value=Fraction(v.value),
            numerator=v.numerator,
            denominator=v.denominator,
            target=_number(target_on(targets, v.period.end.year, on)),
            measured_on=v.measured_on,
            value_id=v.value_id,
            source_name=v.source_name,
        )
        for v in known
    )


def _computed_points(
    session: Session, scope: Scope, row: IndicatorRow, targets: tuple[TargetRow, ...], on: dt.date
) -> tuple[SeriesPoint, ...]:
    assert row.computed is not None  # noqa: S101  (the caller's branch)
    return tuple(
        SeriesPoint(
            period=Period(month_start(day), day),
            label=f"{day:%Y-%m}",
            value=found.value,
            numerator=found.numerator,
            denominator=found.denominator,
            target=_number(target_on(targets, day.year, on)),
            measured_on=day,
            value_id=None,
            source_name="",
        )
        for day, found in by_month(session, scope, figure=row.computed, on=on)
    )


def _genders(values: tuple[StoredValue, ...], on: dt.date) -> tuple[GenderValue, ...]:
    """Return each gender's value of the latest period that has any."""
    split = {
        gender: cast("list[StoredValue]", values_on((v for v in values if v.gender is gender), on))
        for gender in Gender
    }
    latest = max((rows[-1].period.end for rows in split.values() if rows), default=None)
    return tuple(
        GenderValue(gender, v.period.label, Fraction(v.value), v.numerator, v.denominator)
        for gender, rows in split.items()
        for v in rows[-1:]
        if v.period.end == latest
    )


def _named(statuses: tuple[IndicatorStatus, ...], word: str) -> IndicatorStatus | None:
    """Return the indicator whose name begins with a word, the shortest name of several."""
    found = [s for s in statuses if s.indicator.name.casefold().startswith(word)]
    return min(found, key=lambda status: len(status.indicator.name), default=None)


def _tile(view: IndicatorView) -> TileIndicator:
    status, row = view.status, view.status.indicator
    known = [point for point in view.points if point.value is not None]
    last = known[-1] if known else None
    before = known[-2] if len(known) > 1 else None
    return TileIndicator(
        indicator_id=row.indicator_id,
        name=row.name,
        unit=row.unit,
        period=status.period if last is None else last.label,
        value=None if last is None else last.value,
        target=status.target,
        fulfilment=status.fulfilment,
        change=_change(last, before),
        previous_period=None if before is None else before.label,
        measured_on=None if last is None else last.measured_on,
        source_name="" if last is None else last.source_name,
        points=view.points,
    )


def _change(last: SeriesPoint | None, before: SeriesPoint | None) -> Fraction | None:
    if last is None or before is None or last.value is None or before.value is None:
        return None
    return last.value - before.value


def _survey_tile(
    session: Session, scope: Scope, tile: TileIndicator | None, on: dt.date
) -> TileIndicator | None:
    """Return a tile of the staff survey's AMI; the indicator's own target and fulfilment stand."""
    rows = survey_results(session, scope).rows
    results = [
        row for row in rows if row.group == ALL and row.year <= on.year and row.ami is not None
    ]
    if not results:
        return None
    last, before = results[-1], results[-2] if len(results) > 1 else None
    points = tuple(_survey_point(result) for result in results)
    return TileIndicator(
        indicator_id=None if tile is None else tile.indicator_id,
        name="Aktivt Medskapandeindex" if tile is None else tile.name,
        unit=sv(IndicatorUnit.INDEX),
        period=str(last.year),
        value=points[-1].value,
        target=last.target if tile is None else tile.target,
        fulfilment=last.fulfilment if tile is None else tile.fulfilment,
        change=_change(points[-1], points[-2] if before else None),
        previous_period=None if before is None else str(before.year),
        measured_on=None,
        source_name=last.source_name,
        points=points,
    )


def _survey_point(result: SurveyResult) -> SeriesPoint:
    period = year_of(dt.date(result.year, 1, 1))
    return SeriesPoint(
        period=period,
        label=period.label,
        value=None if result.ami is None else Fraction(result.ami),
        numerator=None,
        denominator=None,
        target=result.target,
        measured_on=period.end,
        value_id=None,
        source_name=result.source_name,
    )


def _number(target: TargetRow | None) -> Decimal | None:
    """Return an annual target that is a number."""
    return target.target if target and isinstance(target.target, Decimal) else None


def _target_order(target: TargetRow) -> tuple[int, dt.date]:
    return target.year, target.decided_on
