"""The goal chains with indicators, targets, values and activities."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.demo import inputs
from core.demo.people import BENEFIT_UNIT, WORK_UNIT, Place
from core.demo.rows import Rows
from core.models import Activity, Goal, Indicator, IndicatorTarget, IndicatorValue
from core.rules.dates import Period, add_months, month_of, tertial_of, year_of
from core.terms import (
    ActivityStatus,
    ComputedFigure,
    Direction,
    Gender,
    GoalLevel,
    IndicatorSource,
    IndicatorUnit,
    OwnerLevel,
    Periodicity,
    sv,
)

PLAN_YEAR = 2024
LEVELS = {
    "KF inriktningsmål": GoalLevel.CITY_DIRECTION,
    "KF mål": GoalLevel.CITY_GOAL,
    "nämndmål": GoalLevel.BOARD_GOAL,
    "enhetsmål": GoalLevel.UNIT_GOAL,
}
DIRECTIONS = {"högre": Direction.HIGHER, "lägre": Direction.LOWER}
PERIODICITIES = {sv(periodicity): periodicity for periodicity in Periodicity}
UNITS = {sv(unit): unit for unit in IndicatorUnit}
OWNERS = {sv(owner): owner for owner in OwnerLevel}
GOAL_PREFIX = {OwnerLevel.CITY: "", OwnerLevel.BOARD: "N", OwnerLevel.UNIT: "E"}
COMPUTED = {
    "Andel individer som avslutas till kodningen Okänt (ekonomiskt bistånd)": (
        ComputedFigure.CLOSED_AS_UNKNOWN
    ),
    "Antal barnfamiljer som beviljats tillfälligt boende på hotell/vandrarhem": (
        ComputedFigure.FAMILIES_IN_HOTEL
    ),
}
PUBLISHED = {
    "Förändringsplaner inom tre månader från remiss": "change_plans_within_3_months",
    "Barnkonsekvensanalyser vid negativa beslut": "bka_coverage",
    "Andel personer med ekonomiskt bistånd av befolkningen": "share_of_population",
    "Andel barn i familjer med ekonomiskt bistånd": "share_of_children",
}
GENDERS = {"": None, "kvinnor": Gender.WOMAN, "män": Gender.MAN}


def add_goals(rows: Rows, place: Place) -> None:
    """Add a unit's goals with all that hangs on them."""
    goals = _add_chain(rows, place)
    if place.slug == BENEFIT_UNIT:
        _add_plan(rows, place, goals)
    for record in inputs.of_unit("demo_indicators", place.slug):
        source = inputs.source_title(record["source"])
        indicator_id = _add_indicator(rows, place, goals[record["goal"]], record, source)
        _add_target(rows, indicator_id, int(record["year"]), record["target"], "")
        if place.slug == WORK_UNIT:
            _add_published(rows, indicator_id, PUBLISHED[record["name"]], record)
    _add_example_values(rows, place)
    for record in inputs.of_unit("demo_activities", place.slug):
        _add_activity(rows, place, goals[record["goal"]], record, OWNERS[record["owner_level"]])


def _add_chain(rows: Rows, place: Place) -> dict[str, int]:
    goals: dict[str, int] = {}
    for record in inputs.of_unit("goals", place.slug):
        goals[record["code"]] = rows.add(
            Goal,
            unit_id=place.unit_id,
            year=int(record["year"]),
            level=LEVELS[record["level"]],
            code=record["code"],
            parent_id=goals[record["parent"]] if record["parent"] else None,
            name=record["name"],
            source_name=place.source,
        )
    for record in inputs.of_unit("demo_goal_texts", place.slug):
        goal = rows.of(Goal)[goals[record["code"]] - 1]
        texts = ("expected_result", "ways_of_working", "resources", "follow_up", "development")
        goal.update({text: record[text] for text in texts})
    return goals


def _add_plan(rows: Rows, place: Place, goals: Mapping[str, int]) -> None:
    """Add the operational plan's indicators and activities, each on its owner's level."""
    for record in inputs.read("operational_plan_2024"):
        owner = OWNERS[record["owner_level"]]
        goal_id = goals[GOAL_PREFIX[owner] + record["kf_goal"]]
        if record["kind"] == "aktivitet":
            _add_activity(rows, place, goal_id, record, owner)
            continue
        indicator_id = _add_indicator(rows, place, goal_id, record, place.source)
        target, city_target = record["target"], record["city_target"]
        _add_target(rows, indicator_id, PLAN_YEAR, target, city_target)


def _add_activity(
    rows: Rows, place: Place, goal_id: int, record: inputs.Record, owner: OwnerLevel
) -> None:
    rows.add(
        Activity,
        unit_id=place.unit_id,
        goal_id=goal_id,
        name=record["name"],
        starts_on=inputs.day(record["start"]),
        ends_on=inputs.day(record["end"]),
        status=ActivityStatus(record.get("status", ActivityStatus.ONGOING)),
        done_on=inputs.day(record["done_on"]) if record.get("done_on") else None,
        owner=record.get("owner", ""),
        owner_level=owner,
        source_name=inputs.EXAMPLE if record.get("owner") else place.source,
    )


def _add_indicator(
    rows: Rows, place: Place, goal_id: int, record: inputs.Record, source_name: str
) -> int:
    unit = UNITS.get(record["unit_of_measure"], IndicatorUnit.OWN)
    named = record.get("computed")
    computed = ComputedFigure(named) if named else COMPUTED.get(record["name"])
    tolerance = record.get("tolerance")
    return rows.add(
        Indicator,
        unit_id=place.unit_id,
        goal_id=goal_id,
        name=record["name"],
        unit_of_measure=unit,
        own_unit=record["unit_of_measure"] if unit is IndicatorUnit.OWN else "",
        direction=DIRECTIONS[record["direction"]],
        periodicity=PERIODICITIES[record["periodicity"]],
        tolerance=Decimal(tolerance) if tolerance else None,
        source=IndicatorSource.COMPUTED if computed else IndicatorSource.TYPED,
        computed=computed,
        owner_level=OWNERS[record.get("owner_level", sv(OwnerLevel.UNIT))],
        is_example=record.get("example") == "1" or record["name"] in COMPUTED,
        source_name=source_name,
    )


def _add_target(rows: Rows, indicator_id: int, year: int, target: str, city_target: str) -> None:
    """Add a year's targets, decided as the year began."""
    amount, text = _number_or_text(target)
    city_amount, city_text = _number_or_text(city_target)
    rows.add(
        IndicatorTarget,
        indicator_id=indicator_id,
        year=year,
        decided_on=dt.date(year, 1, 1),
        target=amount,
        target_text=text,
        city_target=city_amount,
        city_target_text=city_text,
    )


def _number_or_text(cell: str) -> tuple[Decimal | None, str]:
    try:
        return (Decimal(cell), "") if cell else (None, "")
    except InvalidOperation:
        return None, cell


def _add_published(rows: Rows, indicator_id: int, measure: str, record: inputs.Record) -> None:
    """Add the published targets, and the published values of an indicator that is not computed."""
    for row in inputs.published(measure):
        period = _period(row["period"])
        if row["target"]:
            _add_target(rows, indicator_id, period.end.year, row["target"], row["city_target"])
        if not record["computed"]:
            _add_value(
                rows,
                indicator_id,
                period,
                value=Decimal(row["value"]),
                gender=GENDERS[row["group"]],
                source_name=inputs.source_title(row["source"]),
            )


def _add_example_values(rows: Rows, place: Place) -> None:
    """Add the made-up values, and mark their indicators as examples."""
    by_name: defaultdict[str, list[inputs.Record]] = defaultdict(list)
    for record in inputs.of_unit("demo_indicator_values", place.slug):
        by_name[record["name"]].append(record)
    for indicator in rows.of(Indicator):
        if indicator["unit_id"] != place.unit_id:
            continue
        for record in by_name[indicator["name"]]:
            indicator["is_example"] = True
            _add_example_value(rows, indicator["id"], record)


def _add_example_value(rows: Rows, indicator_id: int, record: inputs.Record) -> None:
    period = _period(record["period"])
    parts = {name: Decimal(record[name]) for name in ("numerator", "denominator") if record[name]}
    _add_value(
        rows,
        indicator_id,
        period,
        value=Decimal(record["value"]),
        source_name=inputs.EXAMPLE,
        **parts,
    )
    for gender in (Gender.WOMAN, Gender.MAN):
        if record[gender.value]:
            _add_value(
                rows,
                indicator_id,
                period,
                value=Decimal(record[gender.value]),
                gender=gender,
                source_name=inputs.EXAMPLE,
            )


def _add_value(rows: Rows, indicator_id: int, period: Period, **values: object) -> None:
    rows.add(
        IndicatorValue,
        indicator_id=indicator_id,
        period_start=period.start,
        period_end=period.end,
        measured_on=period.end,
        **values,
    )


def _period(text: str) -> Period:
    """Return the period written as 2023, 2023-T1 or 2023-05."""
    year, _, part = text.partition("-")
    first = dt.date(int(year), 1, 1)
    if not part:
        return year_of(first)
    if part.startswith("T"):
        return tertial_of(add_months(first, 4 * (int(part[1:]) - 1)))
    return month_of(first.replace(month=int(part)))
