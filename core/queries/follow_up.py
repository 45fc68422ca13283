"""What the pages of change plans and BKA show, put together from the figures' own queries.

No figure is defined here. Each has its values on twelve days: the last days of the eleven months
before, and the day itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from core.auth import Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.change_plans import change_plans, within_three_months
from core.queries.child_impact import ChildRow, bka, not_in_time
from core.queries.computed import by_month
from core.queries.keys import By
from core.queries.start import Part, Standing, Trend, standing_of
from core.rules.dates import last_twelve, month_start, months_between, year_of
from core.rules.indicators import percent_value
from core.terms import ComputedFigure


@dataclass(frozen=True, slots=True)
class Share:
    """A share on some days, and how it stands against its target (None: it has no indicator)."""

    trend: Trend[Part]
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """The figures of change plans on a day.

    `within`, and `within_by_group` and `within_by_gender`, count deadlines from 1 January.
    `by_month` and the other tables have the columns of their figures.
    """

    on: dt.date
    within: Share
    coverage: Share
    current: Share
    overdue: Trend[int]
    by_month: pd.DataFrame
    by_caseworker: pd.DataFrame
    by_group: pd.DataFrame
    by_gender: pd.DataFrame
    within_by_group: pd.DataFrame
    within_by_gender: pd.DataFrame


@dataclass(frozen=True, slots=True)
class BkaFigures:
    """The figures of impact analyses on a day.

    `coverage` counts from 1 January; the tables and the children not in time concern the decisions
    since `since`, the first day of the twelve `months`.
    """

    on: dt.date
    since: dt.date
    months: tuple[dt.date, ...]
    coverage: Share
    total: pd.DataFrame
    by_month: pd.DataFrame
    by_caseworker: pd.DataFrame
    not_in_time: tuple[ChildRow, ...]


@cached(Area.CASES, Area.PLANS, Area.GOALS, Area.UNITS, until=None)
def plan_figures(session: Session, scope: Scope, *, on: dt.date) -> PlanFigures:
    """Return the figures of change plans in a scope on a day."""
    months = change_plans(session, scope, on=on, by=By.MONTH)
    rows = months.to_dict("records")
    days = tuple(last_twelve(on))
    coverage = [Part(row["current"] + row["outdated"], row["open"] - row["exempt"]) for row in rows]
    current = [Part(row["current"], row["open"] - row["exempt"]) for row in rows]
    plans = {
        by: change_plans(session, scope, on=on, by=by)
        for by in (By.CASEWORKER, By.GROUP, By.GENDER)
    }
    within = {
        by: within_three_months(session, scope, start=year_of(on).start, end=on, today=on, by=by)
        for by in (By.GROUP, By.GENDER)
    }
    return PlanFigures(
        on=on,
        within=_year_to_date(session, scope, ComputedFigure.PLANS_WITHIN_THREE_MONTHS, on),
        coverage=_share(
            session, scope, ComputedFigure.PLANS_COVERAGE, Trend(days, tuple(coverage))
        ),
        current=_share(
            session, scope, ComputedFigure.PLANS_CURRENT_SHARE, Trend(days, tuple(current))
        ),
        overdue=Trend(days, tuple(row["overdue"] for row in rows)),
        by_month=months,
        by_caseworker=plans[By.CASEWORKER],
        by_group=plans[By.GROUP],
        by_gender=plans[By.GENDER],
        within_by_group=within[By.GROUP],
        within_by_gender=within[By.GENDER],
    )


@cached(Area.CASES, Area.CHILD_IMPACT, Area.GOALS, Area.UNITS, until=None)
def bka_figures(session: Session, scope: Scope, *, on: dt.date) -> BkaFigures:
    """Return the figures of impact analyses in a scope on a day."""
    since = month_start(last_twelve(on)[0])
    period: dict[str, Any] = {"start": since, "end": on, "today": on}
    return BkaFigures(
        on=on,
        since=since,
        months=tuple(months_between(since, on)),
        coverage=_year_to_date(session, scope, ComputedFigure.BKA_COVERAGE, on),
        total=bka(session, scope, **period, by=By.NONE),
        by_month=bka(session, scope, **period, by=By.MONTH),
        by_caseworker=bka(session, scope, **period, by=By.CASEWORKER),
        not_in_time=tuple(not_in_time(session, scope, **period)),
    )


def _year_to_date(session: Session, scope: Scope, figure: ComputedFigure, on: dt.date) -> Share:
    series = by_month(session, scope, figure=figure, on=on)
    parts = tuple(Part(value.numerator or 0, value.denominator or 0) for _, value in series)
    return _share(session, scope, figure, Trend(tuple(day for day, _ in series), parts))


def _share(session: Session, scope: Scope, figure: ComputedFigure, trend: Trend[Part]) -> Share:
    value = percent_value(trend.now.part, trend.now.whole)
    return Share(trend, standing_of(session, scope, figure, value, trend.days[-1]))
