"""Indicators: what is measured, and dated targets (domain: Indicator)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import today
from core.models import Area, Goal, Indicator, IndicatorTarget, IndicatorValue, Unit
from core.services.base import Checks, Event, already_done, record
from core.services.field_checks import (
    check_digits,
    check_required,
    check_texts,
    not_in_future,
)
from core.services.goals import FIRST_YEAR, own_goal, own_unit
from core.terms import (
    Accumulation,
    ComputedFigure,
    Direction,
    IndicatorSource,
    IndicatorUnit,
    OwnerLevel,
    Periodicity,
)

COUNTED = (ComputedFigure.FAMILIES_IN_HOTEL, ComputedFigure.REFUSALS_AFFECTING_CHILDREN)
"""Computed figures that are a number; the others are a share."""
FULL = 100
"""The highest % and the highest index."""


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """An indicator of a goal. `own_unit` names the unit of measure when it is OWN.

    `tolerance` is in the indicator's own unit, None for a tenth of the target's size. `computed`
    names the figure that gives the values; None when they are typed in.
    """

    goal_id: int
    name: str
    unit_of_measure: IndicatorUnit
    direction: Direction
    periodicity: Periodicity
    accumulation: Accumulation = Accumulation.LATEST
    own_unit: str = ""
    tolerance: Decimal | None = None
    computed: ComputedFigure | None = None
    owner_level: OwnerLevel = OwnerLevel.UNIT
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class NewTarget:
    """An indicator's targets of a year as decided on a day: numbers, texts or None."""

    indicator_id: int
    year: int
    decided_on: dt.date
    target: Decimal | str | None = None
    city_target: Decimal | str | None = None


def add_indicator(session: Session, new: NewIndicator, *, by: Actor, key: str | None = None) -> int:
    """Add an indicator to a goal of the own unit. Returns its id.

    Raises `RefusedError` for a name that the year's goals already measure by, a missing own unit, a
    negative tolerance, or a computed figure that has another unit of measure.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    goal = own_goal(session, new.goal_id, by)
    checks = Checks()
    check_indicator(checks, new)
    _check_indicator_name(session, checks, new.name, goal)
    checks.done()
    source = IndicatorSource.TYPED if new.computed is None else IndicatorSource.COMPUTED
    row = Indicator(unit_id=goal.unit_id, source=source, **asdict(new))
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    moved = [(Area.GOALS, dt.date(goal.year, 1, 1))]
    record(session, Event("add", "indicator", row.id, goal.unit_id, moved), by=by, key=key)
    return row.id


def set_target(session: Session, new: NewTarget, *, by: Actor, key: str | None = None) -> int:
    """Set an indicator's targets of a year as decided on a day; earlier decisions are kept.

    Returns the row's id. Raises `RefusedError` for a decision in the future, a target that the unit
    of measure doesn't allow, or no target at all.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    indicator = own_indicator(session, new.indicator_id, by)
    checks = Checks()
    check_target(checks, new, indicator)
    checks.done()
    row = IndicatorTarget(
        indicator_id=new.indicator_id,
        year=new.year,
        decided_on=new.decided_on,
        **target_columns(new),
        created_by_id=by.user_id,
    )
    event = ("set_target", "indicator_target", new.decided_on)
    return written(session, row, event, indicator, by, key)


def check_indicator(checks: Checks, new: NewIndicator) -> None:
    """Refuse an indicator without a name, or that its unit of measure doesn't go with."""
    check_texts(
        checks,
        name=(new.name, 200),
        own_unit=(new.own_unit, 40),
        source_name=(new.source_name, 200),
    )
    check_required(checks, name=new.name)
    _check_measure(checks, new)


def check_target(checks: Checks, new: NewTarget, indicator: Indicator) -> None:
    """Refuse targets decided in the future, none at all, or that the unit doesn't allow."""
    last = today().year + 1
    checks.refuse_if(
        not FIRST_YEAR <= new.year <= last, "year", f"Ange ett år från {FIRST_YEAR} till {last}."
    )
    not_in_future(checks, "decided_on", new.decided_on)
    checks.refuse_if(
        new.target in {None, ""} and new.city_target in {None, ""},
        "target",
        "Ange ett årsmål, KF:s årsmål eller båda.",
    )
    for field, target in (("target", new.target), ("city_target", new.city_target)):
        if isinstance(target, str):
            checks.guard_text(field, target, longest=80)
        elif target is not None:
            check_measured(checks, field, target, indicator)


def target_columns(new: NewTarget) -> dict[str, Any]:
    """Return targets as the row holds them: a number, or else a text."""
    return {
        "target": _number(new.target),
        "target_text": _text(new.target),
        "city_target": _number(new.city_target),
        "city_target_text": _text(new.city_target),
    }


def own_indicator(session: Session, indicator_id: int, by: Actor) -> Indicator:
    """Return an indicator that somebody may write to, as `own_goal` does."""
    unit_id = own_unit(by, Permission.EDIT_GOALS)
    row = session.get(Indicator, indicator_id)
    if row is None or row.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_GOALS)
    return row


def _check_measure(checks: Checks, new: NewIndicator) -> None:
    checks.refuse_if(
        new.unit_of_measure is IndicatorUnit.OWN and not new.own_unit.strip(),
        "own_unit",
        "Skriv måttenheten, till exempel kg CO2/kg.",
    )
    if new.tolerance is not None:
        check_digits(checks, "tolerance", new.tolerance)
        checks.refuse_if(new.tolerance < 0, "tolerance", "Toleransen får inte vara negativ.")
    if new.computed is None:
        return
    expected = IndicatorUnit.COUNT if new.computed in COUNTED else IndicatorUnit.PERCENT
    checks.refuse_if(
        new.unit_of_measure is not expected,
        "unit_of_measure",
        f"Uppgiften räknas ut i {'antal' if expected is IndicatorUnit.COUNT else '%'}.",
    )
    checks.refuse_if(
        new.accumulation is not Accumulation.LATEST,
        "accumulation",
        "En uppgift som räknas ut gäller redan hela året. Välj senaste värdet.",
    )


def _check_indicator_name(session: Session, checks: Checks, name: str, goal: Goal) -> None:
    session.get(Unit, goal.unit_id, with_for_update=True)  # a second form at once waits here
    taken = session.exec(
        select(col(Indicator.id))
        .join(Goal, col(Goal.id) == col(Indicator.goal_id))
        .where(col(Goal.unit_id) == goal.unit_id)
        .where(col(Goal.year) == goal.year)
        .where(col(Indicator.name) == name)
    ).first()
    checks.refuse_if(
        taken is not None, "name", f"Indikatorn finns redan bland målen för {goal.year}."
    )


def check_measured(checks: Checks, field: str, value: Decimal, indicator: Indicator) -> None:
    """Refuse a number that the indicator's unit of measure doesn't allow."""
    check_digits(checks, field, value)
    bounded = indicator.unit_of_measure in {IndicatorUnit.PERCENT, IndicatorUnit.INDEX}
    checks.refuse_if(bounded and not 0 <= value <= FULL, field, "Ange ett tal från 0 till 100.")
    checks.refuse_if(
        indicator.unit_of_measure is IndicatorUnit.COUNT and value < 0,
        field,
        "Ett antal får inte vara negativt.",
    )


def _number(target: Decimal | str | None) -> Decimal | None:
    return target if isinstance(target, Decimal) else None


def _text(target: Decimal | str | None) -> str:
    return target if isinstance(target, str) else ""


def written(
    session: Session,
    row: IndicatorTarget | IndicatorValue,
    what: tuple[str, str, dt.date],
    indicator: Indicator,
    by: Actor,
    key: str | None,
) -> int:
    """Write a row of an indicator with its event, and return the row's id.

    `what` is action, entity and the first day that the row moves.
    """
    action, entity, first = what
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details = {"indicator_id": indicator.id}
    event = Event(action, entity, row.id, indicator.unit_id, [(Area.GOALS, first)], details)
    record(session, event, by=by, key=key)
    return row.id
