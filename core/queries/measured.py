"""The values that indicators take from reports on measure points (domain: Indicator).

A typed or imported value of the same period stands beside them; the latest measured one holds.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, MeasureAnswer, MeasureChoice, MeasureDefinition, MeasureEntry
from core.queries.cache import cached
from core.queries.indicator_rows import IndicatorRow, StoredValue, stored_values
from core.queries.measure_rows import points
from core.rules.measure_values import Reports, values_by_period
from core.terms import Gender


def known_values(
    session: Session, scope: Scope, *, rows: Iterable[IndicatorRow], on: dt.date
) -> dict[int, tuple[StoredValue, ...]]:
    """Return by indicator the values of any period that indicators of one year have on a day.

    Those that are typed or imported, and those that reports on measure points give. Computed
    indicators have neither. The year's stored values and two more statements at most.
    """
    asked = list(rows)
    if not asked:
        return {}
    stored = stored_values(session, scope, year=asked[0].year)
    reports = reports_by_indicator(session, scope)
    names = _names(session, scope, on) if reports else {}
    return {
        row.indicator_id: stored.get(row.indicator_id, ())
        + _measured(row, reports.get(row.indicator_id, ()), names.get(row.indicator_id, ""), on)
        for row in asked
    }


def fed_on(session: Session, scope: Scope, *, on: dt.date) -> frozenset[int]:
    """Return the indicators that take their values from what is asked on a day: none is typed in."""
    asked = (point.on(on) for point in points(session, Scope(scope.unit_id)))
    return frozenset(d.indicator_id for d in asked if d is not None and d.indicator_id is not None)


@cached(Area.MEASURES, until=None)
def reports_by_indicator(session: Session, scope: Scope) -> dict[int, tuple[Reports, ...]]:
    """Return by indicator every report of a unit that feeds it, by its own definition.

    Added up by day, answer and gender. One statement.
    """
    definition = MeasureDefinition
    question = col(MeasureAnswer.question_number)
    rows: Iterable[Any] = session.execute(
        select(
            col(definition.indicator_id),
            col(definition.feed),
            col(MeasureEntry.measured_on),
            col(MeasureChoice.counts),
            col(MeasureEntry.gender),
            col(MeasureEntry.none_to_report),
            func.count(),
            func.sum(col(MeasureEntry.value)),
        )
        .select_from(MeasureEntry)
        .join(definition, col(definition.id) == col(MeasureEntry.definition_id))
        .outerjoin(
            MeasureAnswer,
            and_(
                col(MeasureAnswer.entry_id) == col(MeasureEntry.id),
                or_(col(definition.feed_question).is_(None), question == definition.feed_question),
            ),
        )
        .outerjoin(MeasureChoice, col(MeasureChoice.id) == col(MeasureAnswer.choice_id))
        .where(col(MeasureEntry.unit_id) == scope.unit_id)
        .where(col(MeasureEntry.voided_at).is_(None))
        .where(col(definition.indicator_id).is_not(None))
        .group_by(
            col(definition.indicator_id),
            col(definition.feed),
            col(MeasureEntry.measured_on),
            col(MeasureChoice.counts),
            col(MeasureEntry.gender),
            col(MeasureEntry.none_to_report),
        )
        .order_by(col(MeasureEntry.measured_on))
    )
    found: defaultdict[int, list[Reports]] = defaultdict(list)
    for indicator_id, feed, day, counts, gender, nothing, reports, number in rows:
        found[indicator_id].append(Reports(day, feed, reports, counts, number, gender, nothing))
    return {indicator_id: tuple(reports) for indicator_id, reports in found.items()}


def _names(session: Session, scope: Scope, on: dt.date) -> dict[int, str]:
    """Return by indicator the name of the measure point that feeds it, the latest of several.

    As the point was called on a day: a name that is to come is no fact yet.
    """
    return {
        definition.indicator_id: definition.name
        for point in points(session, scope)
        for definition in point.definitions
        if definition.indicator_id is not None and definition.valid_from <= on
    }


def _measured(
    row: IndicatorRow, reports: tuple[Reports, ...], name: str, on: dt.date
) -> tuple[StoredValue, ...]:
    """Return an indicator's values from reports, of everybody and of each gender that is asked."""
    genders: list[Gender | None] = [None, *sorted({r.gender for r in reports if r.gender})]
    found = []
    for gender in genders:
        of = reports if gender is None else [r for r in reports if r.gender is gender]
        for period, value in values_by_period(of, row.periodicity, on).items():
            found.append(
                StoredValue(
                    period=period,
                    measured_on=value.measured_on,
                    value=value.value,
                    value_id=None,
                    gender=gender,
                    numerator=value.numerator,
                    denominator=value.denominator,
                    source_name=f"Mätpunkten {name}",
                )
            )
    return tuple(found)
