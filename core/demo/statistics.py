"""Household months and staff surveys: published ones, derived ones and made-up ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from core.demo import inputs
from core.demo.matters import Matter, household_type
from core.demo.people import WORK_UNIT, Place
from core.demo.rows import Rows
from core.models import HouseholdMonth, HouseholdMonthPart, StaffSurvey
from core.rules.cases import Adult, ObstacleFrom, as_of
from core.rules.dates import ONE_DAY, month_end, months_between
from core.rules.households import HouseholdCounts, count_household
from core.terms import CaseKind, DataSource, Obstacle

LAG_DAYS = 50
FIRST_MONTH = {WORK_UNIT: dt.date(2020, 9, 1)}
USUAL_FIRST_MONTH = dt.date(2022, 1, 1)
PUBLISHED_MEASURES = {
    ("households", ""): "households",
    ("recipients", ""): "recipients",
    ("children", ""): "children",
    ("households", "kvinnor"): "women",
    ("households", "män"): "men",
}
PUBLISHED_ON = dt.date(2022, 5, 31)


def add_household_months(
    rows: Rows,
    place: Place,
    matters: Sequence[Matter],
    paid: Mapping[dt.date, Decimal],
    today: dt.date,
) -> None:
    """Add what the unit's cases give at each month's end, and the made-up benefit paid."""
    cases = [matter for matter in matters if matter.kind is CaseKind.BENEFIT]
    first = FIRST_MONTH.get(place.slug, USUAL_FIRST_MONTH)
    for month in months_between(first, today):
        end = month_end(month)
        if end <= today:
            _derive(rows, place, [matter for matter in cases if matter.open_on(end)], month)
        known_on = end + dt.timedelta(days=LAG_DAYS)
        if month in paid and known_on <= today:
            rows.add(
                HouseholdMonth,
                unit_id=place.unit_id,
                month=month,
                paid_benefit=paid[month],
                source=DataSource.IMPORTED,
                source_name=inputs.EXAMPLE,
                sourced_on=known_on,
            )
    if place.slug == WORK_UNIT:
        _add_published_months(rows, place)


def _derive(rows: Rows, place: Place, present: Sequence[Matter], month: dt.date) -> None:
    end = month_end(month)
    total = HouseholdCounts()
    obstacles: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for matter in present:
        total += count_household(_adults(matter), matter.children_on(end), end)
        types[household_type(len(matter.adults), matter.children_on(end))] += 1
        obstacles.update(_obstacles(matter, end))
    row_id = rows.add(
        HouseholdMonth,
        unit_id=place.unit_id,
        month=month,
        households=total.households,
        recipients=total.recipients,
        adults=total.adults,
        children=total.children,
        women=total.women,
        men=total.men,
        other=total.other,
        source=DataSource.DERIVED,
        source_name=f"{inputs.EXAMPLE}: egna ärenden vid månadens slut",
        sourced_on=end + ONE_DAY,
    )
    _add_parts(rows, row_id, "obstacle", obstacles)
    _add_parts(rows, row_id, "household_type", types)


def _add_parts(rows: Rows, row_id: int, dimension: str, counts: Mapping[str, int]) -> None:
    for part, amount in sorted(counts.items()):
        rows.add(
            HouseholdMonthPart,
            household_month_id=row_id,
            dimension=dimension,
            part=str(part),
            amount=amount,
        )


def _adults(matter: Matter) -> list[Adult]:
    return [
        Adult(number, person.gender, matter.opened_on)
        for number, person in enumerate(matter.adults, start=1)
    ]


def _obstacles(matter: Matter, on: dt.date) -> Iterable[str]:
    for person in matter.adults:
        held = as_of([ObstacleFrom(code, since) for since, code in person.obstacles], on)
        yield held.obstacle if held else Obstacle.UNKNOWN


def _add_published_months(rows: Rows, place: Place) -> None:
    """Add what the source document says of some months, and nothing more."""
    stated: defaultdict[str, dict[str, int]] = defaultdict(dict)
    source = ""
    for (measure, group), column in PUBLISHED_MEASURES.items():
        for row in inputs.published(measure):
            if row["group"] == group:
                stated[row["period"]][column] = int(row["value"])
                source = inputs.source_title(row["source"])
    for period, numbers in sorted(stated.items()):
        rows.add(
            HouseholdMonth,
            unit_id=place.unit_id,
            month=inputs.day(f"{period}-01"),
            source=DataSource.IMPORTED,
            source_name=source,
            sourced_on=PUBLISHED_ON,
            **numbers,
        )


def add_staff_surveys(rows: Rows, place: Place) -> None:
    """Add each year's staff survey; an index that is published is taken from the document."""
    for record in inputs.of_unit("demo_staff_survey", place.slug):
        rows.add(
            StaffSurvey,
            unit_id=place.unit_id,
            group_id=place.groups[record["group"]] if record["group"] else None,
            year=int(record["year"]),
            invited=int(record["invited"]),
            respondents=int(record["respondents"]),
            ami=_index(record, "ami"),
            leadership=_index(record, "leadership"),
            motivation=_index(record, "motivation"),
            steering=_index(record, "steering"),
            target=_decimal(record["target"]),
            source=DataSource.IMPORTED,
            source_name=inputs.source_title(record["source"]),
        )


def _index(record: inputs.Record, column: str) -> Decimal | None:
    """Return an index: as assumed, or the published one that the record names the unit of."""
    if record[column] != "published":
        return _decimal(record[column])
    measure = {"ami": "staff_survey_ami", "leadership": "staff_survey_ledarskap"}[column]
    for row in inputs.published(measure, record["published_unit"]):
        if row["period"] == record["year"]:
            return Decimal(row["value"])
    raise KeyError(record["published_unit"])


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
