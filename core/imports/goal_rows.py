"""Rows about goals, indicators with targets, and activities, compared with the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.imports.goal_store import Chain, KnownGoal
from core.imports.kinds import Change, Insert, Planned, Update
from core.imports.places import told_once
from core.imports.values import folded
from core.models import Activity, Area, Base, Goal, Indicator, IndicatorTarget
from core.services.base import Checks
from core.services.goals import (
    FINISHED,
    GOAL_TEXTS,
    LEVELS,
    NewActivity,
    NewGoal,
    NewStatus,
    check_above,
    check_activity,
    check_done_on,
    check_goal,
    first_status,
)
from core.services.indicators import (
    NewIndicator,
    NewTarget,
    check_indicator,
    check_target,
    target_columns,
)
from core.terms import Accumulation, IndicatorSource, IndicatorUnit, OwnerLevel, sv

NOT_KNOWN = 0
"""The id of a goal or an indicator that is still to be made, where a check asks for one."""
UNITS = {
    "%": IndicatorUnit.PERCENT,
    "procent": IndicatorUnit.PERCENT,
    "antal": IndicatorUnit.COUNT,
    "st": IndicatorUnit.COUNT,
    "index": IndicatorUnit.INDEX,
    "kr": IndicatorUnit.KRONOR,
    "kronor": IndicatorUnit.KRONOR,
}
EMPTY = "Cellen är tom. {what} krävs för {new}."


def plan_goal(planned: Planned, chain: Chain) -> None:
    """Compare a goal with the one of its year that has its code."""
    row, year = planned.row, chain.year_of(planned)
    slot = (year, folded(row["code"]))
    told_once(planned, chain.seen, ("goal", *slot), "code")
    known = chain.goals.get(slot)
    stored = known.stored if known else None
    level = row.get("level", stored.level if stored else None)
    parent = chain.goal(planned, "parent") if row["parent"] is not None else None
    if level is None:
        planned.fault("level", EMPTY.format(what="Nivå", new="nya mål"))
    if planned.faults:
        return
    new = NewGoal(
        year=year,
        level=level,
        code=stored.code if stored else row["code"],
        name=row["name"],
        source_name=_source(planned, stored, chain),
        **{text: row.get(text, getattr(stored, text) if stored else "") for text in GOAL_TEXTS},
    )
    checks = Checks()
    check_goal(checks, new)
    if parent is not None:
        check_above(checks, new, parent.year, parent.level)
    _check_below(checks, new, stored, chain)
    planned.faults_of(checks, {"parent_id": "parent"})
    after = {name: getattr(new, name) for name in ("level", "name", "source_name", *GOAL_TEXTS)}
    if parent is not None:
        after["parent_id"] = parent.reference
    made = _made(planned, (Goal, stored), after, {"year": year, "code": new.code}, chain)
    chain.goals[slot] = KnownGoal(year, new.code, level, stored, made)
    _moved(planned, dt.date(year, 1, 1))


def plan_indicator(planned: Planned, chain: Chain) -> None:
    """Compare an indicator with the one of its year that has its name, and its targets."""
    row, year = planned.row, chain.year_of(planned)
    told_once(planned, chain.seen, ("indicator", year, folded(row["name"])), "name")
    stored = chain.indicators.get((year, folded(row["name"])))
    goal = chain.goal(planned, "code")
    _check_same_measure(planned, stored)
    _required(planned, stored, "nya indikatorer", ("unit_of_measure", "direction", "periodicity"))
    if planned.faults or goal is None:
        return
    new = _indicator(planned, stored, chain)
    checks = Checks()
    check_indicator(checks, new)
    planned.faults_of(checks, {"own_unit": "unit_of_measure"})
    names = ("direction", "accumulation", "tolerance", "owner_level", "source_name")
    after = {name: getattr(new, name) for name in names} | {"goal_id": goal.reference}
    first = {
        "name": new.name,
        "unit_of_measure": new.unit_of_measure,
        "own_unit": new.own_unit,
        "periodicity": new.periodicity,
        "source": IndicatorSource.TYPED,
    }
    made = _made(planned, (Indicator, stored), after, first, chain)
    _moved(planned, dt.date(year, 1, 1))
    _plan_target(planned, chain, (stored, made), new)


def plan_activity(planned: Planned, chain: Chain) -> None:
    """Compare an activity with the one of its goal that has its name."""
    row, goal = planned.row, chain.goal(planned, "code")
    if goal is None:
        return
    told_once(planned, chain.seen, ("activity", goal.year, goal.code, folded(row["name"])), "name")
    stored = None
    if goal.stored is not None and goal.stored.id is not None:
        stored = chain.activities.get((goal.stored.id, folded(row["name"])))
    _required(planned, stored, "nya aktiviteter", ("starts_on", "ends_on"))
    if planned.faults:
        return
    new = NewActivity(
        goal_id=NOT_KNOWN,
        name=row["name"],
        starts_on=row.get("starts_on", stored.starts_on if stored else None),
        ends_on=row.get("ends_on", stored.ends_on if stored else None),
        owner=row.get("owner", stored.owner if stored else ""),
        owner_level=row.get("owner_level", stored.owner_level if stored else OwnerLevel.UNIT),
        source_name=_source(planned, stored, chain),
    )
    status = row.get("status", stored.status if stored else first_status(new.starts_on))
    done_on = None
    if status in FINISHED:
        done_on = row["done_on"] or (stored.done_on if stored else None) or chain.target.today
    checks = Checks()
    check_activity(checks, new)
    check_done_on(checks, NewStatus(status, 0, row["done_on"]), done_on, new.starts_on)
    planned.faults_of(checks)
    names = ("starts_on", "ends_on", "owner", "owner_level", "source_name")
    after = {name: getattr(new, name) for name in names} | {"status": status, "done_on": done_on}
    _made(planned, (Activity, stored), after, {"name": new.name, "goal_id": goal.reference}, chain)
    _moved(planned, min(new.starts_on, dt.date(goal.year, 1, 1)))


def _indicator(planned: Planned, stored: Indicator | None, chain: Chain) -> NewIndicator:
    row = planned.row
    unit, own_unit = _unit(row["unit_of_measure"])
    return NewIndicator(
        goal_id=NOT_KNOWN,
        name=stored.name if stored else row["name"],
        unit_of_measure=stored.unit_of_measure if stored else unit,
        own_unit=stored.own_unit if stored else own_unit,
        direction=row.get("direction", stored.direction if stored else None),
        periodicity=row.get("periodicity", stored.periodicity if stored else None),
        accumulation=row.get(
            "accumulation", stored.accumulation if stored else Accumulation.LATEST
        ),
        tolerance=row.get("tolerance", stored.tolerance if stored else None),
        computed=stored.computed if stored else None,
        owner_level=row.get("owner_level", stored.owner_level if stored else OwnerLevel.UNIT),
        source_name=_source(planned, stored, chain),
    )


def _plan_target(
    planned: Planned,
    chain: Chain,
    of: tuple[Indicator | None, Insert | None],
    new: NewIndicator,
) -> None:
    """Compare an indicator's targets of the year; changed ones are a new decision."""
    row, year, (stored, made) = planned.row, chain.year_of(planned), of
    if row["target"] is None and row["city_target"] is None:
        return
    known = None
    if stored is not None and stored.id is not None:
        known = chain.targets.get((stored.id, year))
    before = {
        "target": _told(known.target, known.target_text) if known else None,
        "city_target": _told(known.city_target, known.city_target_text) if known else None,
    }
    after = {name: row.get(name, value) for name, value in before.items()}
    if after == before:
        return
    today = chain.target.today
    usual = today if known else min(today, dt.date(year, 1, 1))
    wanted = NewTarget(NOT_KNOWN, year, row.get("decided_on", usual), **after)
    checks = Checks()
    check_target(checks, wanted, _as_row(new, chain))
    checks.refuse_if(
        known is not None and wanted.decided_on < known.decided_on,
        "decided_on",
        f"Det finns ett senare beslut, {known.decided_on if known else ''}. Ange den dagen eller "
        "en senare.",
    )
    planned.faults_of(checks)
    if planned.faults:
        return
    if not planned.is_new:
        planned.changes += [
            Change(name, before[name], after[name])
            for name in before
            if before[name] != after[name]
        ]
    reference = made or (stored.id if stored else None)
    values = {"indicator_id": reference, "year": year, "decided_on": wanted.decided_on}
    planned.writes.append(Insert(IndicatorTarget, values | target_columns(wanted)))
    _moved(planned, wanted.decided_on)


def _made(
    planned: Planned,
    of: tuple[type[Base], Any],
    after: dict[str, Any],
    first: Mapping[str, Any],
    chain: Chain,
) -> Insert | None:
    """Plan a new row (returned), or an update of what differs in the stored one.

    `first` holds what only a new row is given.
    """
    table, stored = of
    if stored is None:
        made = Insert(table, {"unit_id": chain.target.unit_id, **first, **after})
        planned.all_new()
        if not planned.faults:
            planned.writes.append(made)
        return made
    differs = [name for name, value in after.items() if getattr(stored, name) != value]
    if differs and not planned.faults:
        planned.changes += [
            Change(_COLUMNS.get(name, name), *_shown(planned, name, stored, after[name], chain))
            for name in differs
        ]
        before = {name: getattr(stored, name) for name in differs}
        update = Update(table, stored.id, before, {name: after[name] for name in differs})
        planned.writes.append(update)
    return None


def _shown(planned: Planned, name: str, stored: Any, value: Any, chain: Chain) -> tuple[Any, Any]:
    """Return what a person is shown of a change: a goal is told by its code."""
    if name not in _COLUMNS:
        return getattr(stored, name), value
    old = getattr(stored, name)
    codes = (goal.code for goal in chain.goals.values() if goal.stored and goal.stored.id == old)
    return next(codes, None), planned.row[_COLUMNS[name]]


_COLUMNS = {"parent_id": "parent", "goal_id": "code"}


def _moved(planned: Planned, day: dt.date) -> None:
    planned.moved.append((Area.GOALS, day))


def _check_below(checks: Checks, new: NewGoal, stored: Goal | None, chain: Chain) -> None:
    """Refuse a level that is not above those of the goals that hang on it."""
    below = chain.children.get(stored.id, []) if stored and stored.id is not None else []
    checks.refuse_if(
        any(LEVELS.index(goal.level) <= LEVELS.index(new.level) for goal in below),
        "level",
        "Målen under det här ligger på samma nivå eller högre. Ange en högre nivå.",
    )


def _check_same_measure(planned: Planned, stored: Indicator | None) -> None:
    """Refuse another unit of measure or periodicity: the values so far would mean something else."""
    row = planned.row
    if stored is None:
        return
    if row["unit_of_measure"] is not None:
        told = _unit(row["unit_of_measure"])
        if told != (stored.unit_of_measure, stored.own_unit):
            now = stored.own_unit or sv(stored.unit_of_measure)
            planned.fault(
                "unit_of_measure",
                f"Indikatorn mäts redan i {now}. Låt cellen stå tom, eller ge den ett nytt namn.",
            )
    if row["periodicity"] not in {None, stored.periodicity}:
        planned.fault(
            "periodicity",
            f"Indikatorn mäts redan per {sv(stored.periodicity)}. Låt cellen stå tom.",
        )


def _required(planned: Planned, stored: object, new: str, columns: tuple[str, ...]) -> None:
    """Note a fault for each column that something new must have."""
    if stored is None:
        for name in columns:
            if planned.row[name] is None:
                planned.fault(name, EMPTY.format(what="Uppgiften", new=new))


def _unit(written: str | None) -> tuple[IndicatorUnit, str]:
    known = UNITS.get(folded(written or ""))
    return (known, "") if known else (IndicatorUnit.OWN, written or "")


def _as_row(new: NewIndicator, chain: Chain) -> Indicator:
    """Return an indicator as a row that is never saved, for a check that asks for one."""
    return Indicator(
        unit_id=chain.target.unit_id,
        goal_id=NOT_KNOWN,
        name=new.name,
        unit_of_measure=new.unit_of_measure,
        direction=new.direction,
        periodicity=new.periodicity,
    )


def _told(number: Decimal | None, words: str) -> Decimal | str | None:
    return number if number is not None else words or None


def _source(planned: Planned, stored: Any, chain: Chain) -> str:
    name: str = planned.row.get(
        "source_name", stored.source_name if stored else chain.target.file_name
    )
    return name
