"""The action plan of a year: measures, what they did, and the prognosis with and without them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import Area, BudgetLine, SavingsFollowUp, SavingsMeasure
from core.queries.budget import BudgetRow, budget_table
from core.queries.cache import cached
from core.queries.frames import frame
from core.rules.budget import deviation
from core.rules.dates import month_start
from core.rules.savings import MeasureFacts, MeasureFigures, measure_figures, with_measures
from core.terms import ActivityStatus

AREAS = (Area.BUDGET, Area.PLACEMENTS, Area.CASES, Area.UNITS)
COLUMNS = (
    "section",
    "line",
    "budget",
    "prognosis",
    "expected",
    "achieved",
    "remaining",
    "with_plan",
    "deviation",
    "deviation_with_plan",
)


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What a measure did save in a month, and what was said about it."""

    month: dt.date
    effect: Decimal
    comment: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure of the plan with its figures on a day. Amounts are kronor."""

    id: int
    version: int
    line_id: int
    section: str
    line: str
    name: str
    owner: str
    starts_on: dt.date
    ends_on: dt.date | None
    monthly_effect: Decimal
    status: ActivityStatus
    followed_up: tuple[FollowedUp, ...]
    figures: MeasureFigures


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A budget line with measures: its prognosis as it is, and with what remains of them.

    `line` is empty for the sum of all the unit's lines. Deviations are budget - prognosis, so what
    is above 0 is a surplus; None without a prognosis.
    """

    section: str
    line: str
    budget: Decimal
    prognosis: Decimal | None
    expected: Decimal
    achieved: Decimal
    remaining: Decimal
    with_plan: Decimal | None
    deviation: Decimal | None
    deviation_with_plan: Decimal | None


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """The action plan of a day's year.

    `booked_through` is the latest booked month; `lines` those with measures, `total` all lines.
    """

    measures: tuple[MeasureRow, ...]
    lines: tuple[PlanLine, ...]
    total: PlanLine
    booked_through: dt.date | None


@cached(*AREAS)
def action_plan(session: Session, scope: Scope, *, on: dt.date) -> ActionPlan:
    """Return the action plan of a day's year.

    A month that begins after the day has no follow-up yet. In a fixed number of statements.
    """
    table = budget_table(session, scope, on=on)
    followed = _follow_ups(session, scope.unit_id, on)
    measures = []
    for row, section, line in _measures(session, scope.unit_id, on.year):
        assert row.id is not None  # noqa: S101  (read from the store)
        done = tuple(followed[row.id])
        facts = MeasureFacts(
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            monthly_effect=row.monthly_effect,
            achieved={one.month: one.effect for one in done},
            stopped=row.status is ActivityStatus.CANCELLED,
        )
        measures.append(
            MeasureRow(
                id=row.id,
                version=row.version,
                line_id=row.line_id,
                section=section,
                line=line,
                name=row.name,
                owner=row.owner,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                monthly_effect=row.monthly_effect,
                status=row.status,
                followed_up=done,
                figures=measure_figures(facts, on.year, table.booked_through),
            )
        )
    lines = [
        _plan_line(row, [one for one in measures if one.line_id == row.id]) for row in table.lines
    ]
    planned = {one.line_id for one in measures}
    return ActionPlan(
        measures=tuple(measures),
        lines=tuple(
            line for line, row in zip(lines, table.lines, strict=True) if row.id in planned
        ),
        total=_plan_line(table.total, measures),
        booked_through=table.booked_through,
    )


def action_plan_lines(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the lines of a day's year that have measures, with the columns `COLUMNS`.

    Amounts are kronor, None is "no value". Sums are left to the reader.
    """
    plan = action_plan(session, scope, on=on)
    return frame(([getattr(line, name) for name in COLUMNS] for line in plan.lines), COLUMNS)


def _plan_line(row: BudgetRow, measures: Iterable[MeasureRow]) -> PlanLine:
    figures = [one.figures for one in measures]
    prognosis, budget = row.figures.prognosis, row.figures.budget
    remaining = sum((one.remaining for one in figures), Decimal(0))
    with_plan = with_measures(prognosis, [remaining])
    return PlanLine(
        section=row.section,
        line=row.line,
        budget=budget,
        prognosis=prognosis,
        expected=sum((one.expected for one in figures), Decimal(0)),
        achieved=sum((one.achieved for one in figures), Decimal(0)),
        remaining=remaining,
        with_plan=with_plan,
        deviation=row.figures.deviation,
        deviation_with_plan=deviation(budget, with_plan),
    )


def _measures(session: Session, unit_id: int, year: int) -> list[tuple[SavingsMeasure, str, str]]:
    """Return the valid measures on lines of a year with section and name of the line."""
    rows = session.exec(
        select(SavingsMeasure, BudgetLine.section, BudgetLine.name)
        .join(BudgetLine, col(BudgetLine.id) == col(SavingsMeasure.line_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year) == year)
        .where(col(SavingsMeasure.voided_at).is_(None))
        .order_by(
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(SavingsMeasure.starts_on),
            col(SavingsMeasure.id),
        )
    )
    return list(rows)


def _follow_ups(session: Session, unit_id: int, on: dt.date) -> defaultdict[int, list[FollowedUp]]:
    """Return what the measures of a day's year did by measure, oldest month first."""
    rows = session.execute(
        select(
            col(SavingsFollowUp.measure_id),
            col(SavingsFollowUp.month),
            col(SavingsFollowUp.effect),
            col(SavingsFollowUp.comment),
        )
        .join(SavingsMeasure, col(SavingsMeasure.id) == col(SavingsFollowUp.measure_id))
        .join(BudgetLine, col(BudgetLine.id) == col(SavingsMeasure.line_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year) == on.year)
        .where(col(SavingsFollowUp.voided_at).is_(None))
        .where(col(SavingsFollowUp.month) <= month_start(on))
        .order_by(col(SavingsFollowUp.month))
    )
    found: defaultdict[int, list[FollowedUp]] = defaultdict(list)
    for measure_id, *values in rows:
        found[measure_id].append(FollowedUp(*values))
    return found
