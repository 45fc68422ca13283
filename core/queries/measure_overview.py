"""A unit's measure points as those who decide on them see them: asked now, coming or ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Goal, Indicator, MeasureEntry
from core.queries.cache import cached
from core.queries.measure_rows import Point, points
from core.queries.names import in_order
from core.rules.measure_points import Definition
from core.terms import IndicatorSource, IndicatorUnit


class PointState(StrEnum):
    """Where a measure point stands on a day."""

    ASKED = auto()
    COMING = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class PointRow:
    """A measure point with how much has been reported on it.

    `definition` is the one asked now, or else the next or the last one. `coming` is a definition
    that takes over later, from `coming_from` on. `reports` leave out that there was nothing.
    `past_year` is the year of the indicator that it feeds, where that year is past and no coming
    definition feeds one of a later year: what is reported now is in no indicator that is shown.
    """

    point: Point
    state: PointState
    definition: Definition
    coming: Definition | None
    coming_from: dt.date | None
    reports: int
    latest_on: dt.date | None
    indicator: str | None
    past_year: int | None


@dataclass(frozen=True, slots=True)
class IndicatorChoice:
    """An indicator that a measure point can feed, with the goal and the year it hangs on."""

    indicator_id: int
    name: str
    goal: str
    year: int
    unit_of_measure: IndicatorUnit


@cached(Area.MEASURES, Area.GOALS, until=None)
def overview(session: Session, scope: Scope, *, on: dt.date) -> tuple[PointRow, ...]:
    """Return a unit's measure points as of a day: asked now first, then coming, then ended, by name.

    Two statements beside the points' own.
    """
    unit = Scope(scope.unit_id)
    known = points(session, unit)
    reported: dict[int, Any] = {
        row[0]: row
        for row in session.execute(
            select(
                col(MeasureEntry.measure_point_id),
                func.count(),
                func.max(col(MeasureEntry.measured_on)),
            )
            .where(col(MeasureEntry.unit_id) == scope.unit_id)
            .where(col(MeasureEntry.voided_at).is_(None))
            .where(col(MeasureEntry.none_to_report).is_(False))
            .group_by(col(MeasureEntry.measure_point_id))
        )
    }
    fed: Iterable[Any] = session.execute(
        select(col(Indicator.id), col(Indicator.name), col(Goal.year))
        .join(Goal, col(Goal.id) == col(Indicator.goal_id))
        .where(col(Indicator.unit_id) == scope.unit_id)
    )
    names, years = {}, {}
    for indicator_id, name, year in fed:
        names[indicator_id], years[indicator_id] = name, year
    rows = []
    for point in known:
        state, definition = state_of(point, on)
        later = next((span for span in point.spans if span.start > on), None)
        coming = later if later and state is PointState.ASKED else None
        _, reports, latest = reported.get(point.point_id, (None, 0, None))
        rows.append(
            PointRow(
                point=point,
                state=state,
                definition=definition,
                coming=coming.definition if coming else None,
                coming_from=coming.start if coming else None,
                reports=reports,
                latest_on=latest,
                indicator=names.get(definition.indicator_id),
                past_year=_past_year(point, years, on),
            )
        )
    order = list(PointState)
    return tuple(sorted(rows, key=lambda row: (order.index(row.state), row.definition.name)))


def _past_year(point: Point, years: dict[int, int], on: dt.date) -> int | None:
    """Return the past year of the indicator that a point's last definition to be asked feeds."""
    left = [span for span in point.spans if span.end is None or span.end >= on]
    fed = left[-1].definition.indicator_id if left else None
    year = None if fed is None else years.get(fed)
    return year if year is not None and year < on.year else None


def state_of(point: Point, on: dt.date) -> tuple[PointState, Definition]:
    """Return where a point stands on a day, with the definition to show."""
    now = point.on(on)
    if now is not None:
        return PointState.ASKED, now
    later = next((span for span in point.spans if span.start > on), None)
    if later is not None:
        return PointState.COMING, later.definition
    return PointState.ENDED, point.spans[-1].definition if point.spans else point.latest


@cached(Area.GOALS, until=None)
def feedable(session: Session, scope: Scope, *, year: int) -> tuple[IndicatorChoice, ...]:
    """Return the indicators of the latest goals up to a year, and later ones, that can be fed.

    Computed ones can't. By name; of one name the latest year first.
    """
    latest = (
        select(func.max(col(Goal.year)))
        .where(col(Goal.unit_id) == scope.unit_id)
        .where(col(Goal.year) <= year)
        .scalar_subquery()
    )
    rows: Iterable[Any] = session.execute(
        select(
            col(Indicator.id),
            col(Indicator.name),
            col(Goal.code),
            col(Goal.year),
            col(Indicator.unit_of_measure),
        )
        .join(Goal, col(Goal.id) == col(Indicator.goal_id))
        .where(col(Indicator.unit_id) == scope.unit_id)
        .where(col(Indicator.source) != IndicatorSource.COMPUTED)
        .where(col(Goal.year) >= latest)
        .order_by(col(Goal.year).desc(), col(Indicator.id))
    )
    found = [IndicatorChoice(*row) for row in rows]
    order = {name: place for place, name in enumerate(in_order({one.name for one in found}))}
    return tuple(sorted(found, key=lambda one: order[one.name]))
