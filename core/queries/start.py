"""What Start shows, put together from the figures' own queries: no figure is defined here.

Each figure has its values on twelve days: the last days of the eleven months before, and the day
itself. The change is against the last day of the month before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Generic, TypeVar

import pandas as pd
from sqlmodel import Session

from core.auth import Actor, Permission, Role, Scope, caseworker_scope, row_scope
from core.models import Area
from core.queries.budget import BudgetSummary, budget_summary, budget_table
from core.queries.cache import cached
from core.queries.cases import flow, load, load_groups
from core.queries.change_plans import change_plans
from core.queries.child_impact import bka
from core.queries.computed import by_month
from core.queries.households import MonthFigures, household_months
from core.queries.indicator_rows import Target
from core.queries.indicator_series import TileIndicator, tile_indicators
from core.queries.indicators import indicator_statuses
from core.queries.keys import By
from core.queries.placement_sums import PlacementSummary, month_costs, placement_summary
from core.rules.dates import add_months, last_twelve, month_start
from core.rules.indicators import fulfilment, percent_value, year_is_complete
from core.rules.shares import share
from core.terms import WITHOUT_CASEWORKER, ComputedFigure, Fulfilment

T = TypeVar("T")
SHARES = (
    ComputedFigure.PLANS_WITHIN_THREE_MONTHS,
    ComputedFigure.PLANS_CURRENT_SHARE,
    ComputedFigure.BKA_COVERAGE,
)
HOUSEHOLD_MONTHS = 24
MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Trend(Generic[T]):
    """A figure on some days, ascending: the last one is the day asked for."""

    days: tuple[dt.date, ...]
    values: tuple[T, ...]

    @property
    def now(self) -> T:
        """Return the value on the day asked for."""
        return self.values[-1]

    @property
    def before(self) -> T | None:
        """Return the value on the last day of the month before, None when it isn't followed."""
        return self.values[-2] if len(self.values) > 1 else None


@dataclass(frozen=True, slots=True)
class Part:
    """A share of people, as the counts it is made of."""

    part: int
    whole: int

    @property
    def value(self) -> Fraction | None:
        """Return the share, None for no people."""
        return _value(self.part, self.whole)

    @property
    def percent(self) -> Fraction | None:
        """Return the share in percent (0-100), None for no people."""
        return _percent(self.part, self.whole)


@lru_cache(maxsize=16_384)
def _value(part: int, whole: int) -> Fraction | None:
    return share(part, whole)


@lru_cache(maxsize=16_384)
def _percent(part: int, whole: int) -> Fraction | None:
    return percent_value(part, whole)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a figure stands against its indicator's annual target; a % target is 0-100."""

    target: Target
    fulfilment: Fulfilment


@dataclass(frozen=True, slots=True)
class FlowMonth:
    """Cases opened, referred and closed in a month (its first day), so far in the last one."""

    month: dt.date
    opened: int
    referred: int
    closed: int

    @property
    def net(self) -> int:
        """Return how many more were opened than closed."""
        return self.opened - self.closed


@dataclass(frozen=True, slots=True)
class CaseSums:
    """The part of `Sums` that cases alone make up."""

    households: Trend[int]
    other_cases: int
    caseworkers: Trend[int]
    without_caseworker: int
    flow: tuple[FlowMonth, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """A unit's, or one of its groups', sums.

    `without_caseworker` counts ongoing cases, of every kind, that nobody has, `analyses_missing`
    children of the last twelve months' decisions. `standings` holds the figures that an indicator of
    the day's year is computed from.
    """

    within: Trend[Part]
    current: Trend[Part]
    analyses: Trend[Part]
    analyses_missing: int
    overdue: int
    households: Trend[int]
    other_cases: int
    caseworkers: Trend[int]
    without_caseworker: int
    flow: tuple[FlowMonth, ...]
    standings: dict[ComputedFigure, Standing]


@dataclass(frozen=True, slots=True)
class PlacementFigures:
    """Placements on the day, how many ran on each day, and the day's year month by month.

    `months` has the columns of `placement_sums.month_costs`; `month_budget` is a twelfth of what
    the lines that pay placements have for the year, None without any.
    """

    now: PlacementSummary
    before: PlacementSummary
    running: Trend[int]
    months: pd.DataFrame
    month_budget: Fraction | None
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class BudgetFigures:
    """The unit's budget on the day, and the deviation at each month's end of the day's year."""

    now: BudgetSummary
    deviation: Trend[Decimal | None]


@dataclass(frozen=True, slots=True)
class Start:
    """All that Start shows to somebody. What their role doesn't reach is None.

    `plans` and `loads` are `change_plans` and `load` by caseworker within what they may see (a
    controller sees nobody's load, which belongs to those who see cases), and `sees_references` tells whether they reach every placement that the sums are made of.
    """

    on: dt.date
    sums: Sums
    plans: pd.DataFrame | None
    loads: pd.DataFrame | None
    placements: PlacementFigures | None
    sees_references: bool
    budget: BudgetFigures | None
    ami: TileIndicator | None
    sick_leave: TileIndicator | None
    household_months: tuple[MonthFigures, ...]

    @property
    def before(self) -> dt.date:
        """Return the last day of the month before."""
        return self.sums.households.days[-2]

    @property
    def is_empty(self) -> bool:
        """Tell whether the unit has nothing to follow yet."""
        sums = self.sums
        cases = any(sums.households.values) or sums.other_cases or sums.without_caseworker
        money = self.budget is not None and self.budget.now.lines
        placed = self.placements is not None and self.placements.now.full_year
        return not (cases or money or placed or self.household_months)


def read(session: Session, actor: Actor, scope: Scope, *, on: dt.date) -> Start:
    """Return what Start shows an actor of a unit, or of one of its groups, on a day.

    Sums are the scope's. Figures by caseworker are those that the actor may see: a caseworker's
    own, a group manager's group's, and none for a reader. A caseworker sees no placement sums, and
    the budget is for those who may see it.
    """
    bars = _bars_scope(actor, scope)
    placements = actor.may(Permission.VIEW_PLACEMENTS) and actor.role is not Role.CASEWORKER
    ami, sick_leave = tile_indicators(session, Scope(scope.unit_id), on=on)
    first = add_months(month_start(on), 1 - HOUSEHOLD_MONTHS)
    return Start(
        on=on,
        sums=sums(session, scope, on=on),
        plans=change_plans(session, bars, on=on, by=By.CASEWORKER) if bars else None,
        loads=load(session, bars, on=on, by=By.CASEWORKER)
        if bars and actor.may(Permission.VIEW_CASES)
        else None,
        placements=placement_figures(session, scope, on=on) if placements else None,
        sees_references=placements
        and row_scope(actor, Permission.VIEW_PLACEMENTS).group_id in {None, scope.group_id},
        budget=budget_figures(session, Scope(scope.unit_id), on=on)
        if actor.may(Permission.VIEW_BUDGET)
        else None,
        ami=ami,
        sick_leave=sick_leave,
        household_months=household_months(session, Scope(scope.unit_id), start=first, end=on),
    )


@cached(Area.CASES, Area.PLANS, Area.CHILD_IMPACT, Area.GOALS, Area.UNITS, until=None)
def sums(session: Session, scope: Scope, *, on: dt.date) -> Sums:
    """Return the sums of a unit or a group on a day."""
    shares = {figure: _parts(session, scope, figure, on) for figure in SHARES}
    cases = case_sums(session, scope, on=on)
    year_back = month_start(last_twelve(on)[0])
    analyses = bka(session, scope, start=year_back, end=on, today=on, by=By.NONE)
    return Sums(
        within=shares[ComputedFigure.PLANS_WITHIN_THREE_MONTHS],
        current=shares[ComputedFigure.PLANS_CURRENT_SHARE],
        analyses=shares[ComputedFigure.BKA_COVERAGE],
        analyses_missing=analyses["missing"].iloc[0],
        overdue=change_plans(session, scope, on=on, by=By.NONE)["overdue"].iloc[0],
        households=cases.households,
        other_cases=cases.other_cases,
        caseworkers=cases.caseworkers,
        without_caseworker=cases.without_caseworker,
        flow=cases.flow,
        standings={
            figure: standing
            for figure, trend in shares.items()
            if (standing := standing_of(session, scope, figure, trend.now.percent, on))
        },
    )


@cached(Area.CASES, Area.UNITS)
def case_sums(session: Session, scope: Scope, *, on: dt.date) -> CaseSums:
    """Return a unit's or a group's cases on the twelve days, which no plan moves."""
    loads = _loads(session, scope, on)
    return CaseSums(
        households=Trend(
            tuple(loads), tuple(int(frame["households"].sum()) for frame in loads.values())
        ),
        other_cases=int(loads[on]["other_cases"].sum()),
        caseworkers=Trend(tuple(loads), tuple(map(_caseworkers, loads.values()))),
        without_caseworker=_without_caseworker(loads[on]),
        flow=_flow(session, scope, on),
    )


@cached(Area.CASES, Area.PLACEMENTS, Area.BUDGET, Area.GOALS, Area.UNITS, until=None)
def placement_figures(session: Session, scope: Scope, *, on: dt.date) -> PlacementFigures:
    """Return the placements of a unit, or of a group's cases, on a day."""
    days = tuple(last_twelve(on))
    lists = [placement_summary(session, scope, on=day) for day in days]
    lines = budget_table(session, scope, on=on).lines
    budgets = [row.figures.budget for row in lines if row.pays_placements]
    return PlacementFigures(
        now=lists[-1],
        before=lists[-2],
        running=Trend(days, tuple(of_day.running for of_day in lists)),
        months=month_costs(session, scope, on=on),
        month_budget=Fraction(sum(budgets)) / MONTHS_IN_A_YEAR if budgets else None,
        standing=standing_of(
            session,
            scope,
            ComputedFigure.FAMILIES_IN_HOTEL,
            Fraction(lists[-1].families_in_hotel),
            on,
        ),
    )


@cached(Area.CASES, Area.PLACEMENTS, Area.BUDGET, Area.UNITS, until=None)
def budget_figures(session: Session, scope: Scope, *, on: dt.date) -> BudgetFigures:
    """Return the unit's budget on a day; deviations are followed within the day's year."""
    days = tuple(day for day in last_twelve(on) if day.year == on.year)
    summaries = [budget_summary(session, scope, on=day) for day in days]
    return BudgetFigures(summaries[-1], Trend(days, tuple(day.deviation for day in summaries)))


def _bars_scope(actor: Actor, scope: Scope) -> Scope | None:
    """Return where figures by caseworker are read, None for a reader or another group's manager."""
    reached = caseworker_scope(actor)
    if reached is None or reached.group_id is None or scope.group_id is None:
        return reached.narrowed_to(scope.group_id) if reached else None
    return reached if reached.group_id == scope.group_id else None


def _parts(session: Session, scope: Scope, figure: ComputedFigure, on: dt.date) -> Trend[Part]:
    series = by_month(session, scope, figure=figure, on=on)
    parts = (Part(value.numerator or 0, value.denominator or 0) for _, value in series)
    return Trend(tuple(day for day, _ in series), tuple(parts))


def _loads(session: Session, scope: Scope, on: dt.date) -> dict[dt.date, pd.DataFrame]:
    """Return `load` by caseworker on each of the twelve days."""
    days = tuple(last_twelve(on))
    load_groups(session, Scope(scope.unit_id), days)  # all twelve in one statement
    return {day: load(session, scope, on=day, by=By.CASEWORKER) for day in days}


def _caseworkers(loads: pd.DataFrame) -> int:
    """Return how many caseworkers have ongoing cases."""
    return int((loads["key"] != WITHOUT_CASEWORKER).sum())


def _without_caseworker(loads: pd.DataFrame) -> int:
    nobodys = loads[loads["key"] == WITHOUT_CASEWORKER]
    return int(nobodys["households"].sum() + nobodys["other_cases"].sum())


def _flow(session: Session, scope: Scope, on: dt.date) -> tuple[FlowMonth, ...]:
    months = [month_start(day) for day in last_twelve(on)]
    frame = flow(session, scope, start=months[0], end=on, by=By.MONTH)
    rows = zip(months, frame["opened"], frame["referred"], frame["closed"], strict=True)
    return tuple(FlowMonth(*row) for row in rows)


def standing_of(
    session: Session, scope: Scope, figure: ComputedFigure, value: Fraction | None, on: dt.date
) -> Standing | None:
    """Return how a value stands against the indicator it counts towards in the day's year."""
    statuses = indicator_statuses(session, Scope(scope.unit_id), on=on)
    found = next((status for status in statuses if status.indicator.computed is figure), None)
    if found is None or found.year != on.year:
        return None
    row = found.indicator
    complete = year_is_complete(found.year, on)
    reached = fulfilment(
        value, found.target, row.direction, row.tolerance, row.accumulation, complete
    )
    return Standing(found.target, reached)
