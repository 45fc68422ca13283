"""Goals, indicators, staff surveys and household months for tests. All of it is made up."""

import datetime as dt
import itertools
from decimal import Decimal

from core.models import (
    Activity,
    Goal,
    HouseholdMonth,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    StaffSurvey,
)
from core.rules.dates import Period, month_of, tertial_of, year_of
from core.terms import (
    ActivityStatus,
    ComputedFigure,
    DataSource,
    Direction,
    GoalLevel,
    IndicatorSource,
    IndicatorUnit,
    Periodicity,
)
from tests.factories import save

_numbers = itertools.count(1)


def period(label):
    """Return the period of a label: 2024, 2024-T1 or 2024-05."""
    if "-" not in label:
        return year_of(dt.date(int(label), 1, 1))
    year, part = label.split("-")
    if part.startswith("T"):
        return tertial_of(dt.date(int(year), 4 * int(part[1:]), 1))
    return month_of(dt.date(int(year), int(part), 1))


def goal(session, of, year=2024, level=GoalLevel.UNIT_GOAL, above=None, **fields):
    """Save a goal of a unit's year."""
    n = next(_numbers)
    return save(
        session,
        Goal(
            **{
                "unit_id": of.id,
                "year": year,
                "level": level,
                "code": f"M{n}",
                "parent_id": above.id if above else None,
                "name": f"Mål {n}",
            }
            | fields
        ),
    )


def indicator(session, goal, name=None, target=None, **fields):
    """Save an indicator of a goal, in % and by tertial; with a target of the goal's year if given."""
    n = next(_numbers)
    computed = fields.get("computed")
    row = save(
        session,
        Indicator(
            **{
                "unit_id": goal.unit_id,
                "goal_id": goal.id,
                "name": name or f"Indikator {n}",
                "unit_of_measure": IndicatorUnit.PERCENT,
                "direction": Direction.HIGHER,
                "periodicity": Periodicity.TERTIAL,
                "source": IndicatorSource.COMPUTED if computed else IndicatorSource.TYPED,
            }
            | fields
        ),
    )
    if target is not None:
        set_target(session, row, goal.year, target)
    return row


def computed(session, goal, figure=ComputedFigure.PLANS_COVERAGE, **fields):
    """Save an indicator that takes its values from a figure."""
    return indicator(session, goal, computed=figure, **fields)


def set_target(session, indicator, year, target=None, city=None, decided_on=None):
    """Save a target: numbers or texts."""
    return save(
        session,
        IndicatorTarget(
            indicator_id=indicator.id,
            year=year,
            decided_on=decided_on or dt.date(year, 1, 1),
            target=Decimal(target) if isinstance(target, int | Decimal) else None,
            target_text=target if isinstance(target, str) else "",
            city_target=Decimal(city) if isinstance(city, int | Decimal) else None,
            city_target_text=city if isinstance(city, str) else "",
        ),
    )


def value(session, indicator, label, number, **fields):
    """Save a value of a period, measured on its last day unless another is given."""
    of = label if isinstance(label, Period) else period(label)
    return save(
        session,
        IndicatorValue(
            **{
                "indicator_id": indicator.id,
                "period_start": of.start,
                "period_end": of.end,
                "value": Decimal(number),
                "measured_on": of.end,
            }
            | fields
        ),
    )


def activity(session, goal, starts_on, ends_on, status=ActivityStatus.ONGOING, **fields):
    """Save an activity of a goal."""
    n = next(_numbers)
    return save(
        session,
        Activity(
            **{
                "unit_id": goal.unit_id,
                "goal_id": goal.id,
                "name": f"Aktivitet {n}",
                "starts_on": starts_on,
                "ends_on": ends_on,
                "status": status,
            }
            | fields
        ),
    )


def survey(session, of, year, group=None, *, invited=20, respondents=15, **indices):
    """Save a year's result of a group, or of the whole unit."""
    numbers = {name: Decimal(str(index)) for name, index in indices.items()}
    return save(
        session,
        StaffSurvey(
            unit_id=of.id,
            group_id=group.id if group else None,
            year=year,
            invited=invited,
            respondents=respondents,
            **numbers,
        ),
    )


def household_month(session, of, month, sourced_on, **numbers):
    """Save what a source says of a month ("2024-05")."""
    return save(
        session,
        HouseholdMonth(
            **{
                "unit_id": of.id,
                "month": dt.date.fromisoformat(f"{month}-01"),
                "source": DataSource.TYPED,
                "sourced_on": sourced_on,
            }
            | numbers
        ),
    )
