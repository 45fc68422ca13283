"""Driver models of budget lines: paid benefit as households x kronor x month pattern."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, BudgetLine, DriverAssumption, Outcome
from core.queries.budget import BudgetRow, BudgetTable, budget_table
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.households import household_months
from core.rules.budget import OutcomeRow, booked_amounts, december_booked
from core.rules.dates import month_end, months_between
from core.rules.driver_model import (
    Assumptions,
    DriverFacts,
    DriverResult,
    driver_model,
    from_values,
)
from core.rules.shares import rounded

MONTH = ("households", "known", "pattern", "per_household", "booked", "modelled", "cost")
COLUMNS = ("section", "line", "month", *MONTH)
AREAS = (Area.BUDGET, Area.HOUSEHOLDS, Area.PLACEMENTS, Area.CASES, Area.UNITS)


@dataclass(frozen=True, slots=True)
class DriverLine:
    """A line with a driver model on a day.

    `decided_on` is when its assumptions were last decided, `facts` what is known, and `result` None
    where the model has nothing to stand on.
    """

    row: BudgetRow
    assumed: Assumptions
    decided_on: dt.date
    facts: DriverFacts
    result: DriverResult | None


@cached(*AREAS)
def driver_lines(session: Session, scope: Scope, *, on: dt.date) -> tuple[DriverLine, ...]:
    """Return the lines of a day's year that have a driver model, by section and name."""
    assumed = _assumed(session, scope.unit_id, on)
    table = budget_table(session, scope, on=on)
    facts = _facts(session, scope, table, on)
    found = []
    for row in table.lines:
        if row.id in assumed:
            decided_on, line = assumed[row.id]
            known = facts[(row.section, row.line)]
            found.append(DriverLine(row, line, decided_on, known, driver_model(known, line)))
    return tuple(found)


@cached(*AREAS)
def driver_facts(
    session: Session, scope: Scope, *, section: str, line: str, on: dt.date
) -> DriverFacts:
    """Return what a model of a line of a day's year would know on the day."""
    return _facts(session, scope, budget_table(session, scope, on=on), on)[(section, line)]


def driver_prognoses(session: Session, scope: Scope, *, on: dt.date) -> dict[int, Decimal]:
    """Return the driver models' full-year amounts in kronor with öre, by the line's id."""
    return {
        line.row.id: rounded(line.result.full_year, 2)
        for line in driver_lines(session, scope, on=on)
        if line.result is not None and line.row.id is not None
    }


def driver_months(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the months of the lines that have a driver model, with the columns `COLUMNS`.

    Amounts are kronor; `cost` is the booked amount or else the model's.
    """
    rows = (
        [line.row.section, line.row.line, f"{one.month:%Y-%m}"]
        + [getattr(one, name) for name in MONTH]
        for line in driver_lines(session, scope, on=on)
        if line.result is not None
        for one in line.result.months
    )
    return frame(rows, COLUMNS)


def _assumed(
    session: Session, unit_id: int, on: dt.date
) -> dict[int | None, tuple[dt.date, Assumptions]]:
    """Return each line's latest assumptions decided by a day; of a day, the last made."""
    rows = session.execute(
        select(
            col(DriverAssumption.line_id),
            col(DriverAssumption.decided_on),
            col(DriverAssumption.values),
        )
        .join(BudgetLine, col(BudgetLine.id) == col(DriverAssumption.line_id))
        .where(col(BudgetLine.unit_id) == unit_id)
        .where(col(BudgetLine.year) == on.year)
        .where(col(DriverAssumption.decided_on) <= on)
        .where(col(DriverAssumption.voided_at).is_(None))
        .order_by(col(DriverAssumption.decided_on), col(DriverAssumption.id))
    )
    return {line_id: (decided_on, from_values(values)) for line_id, decided_on, values in rows}


def _facts(
    session: Session, scope: Scope, table: BudgetTable, on: dt.date
) -> dict[tuple[str, str], DriverFacts]:
    """Return what is known of each line of the year by section and name."""
    rows = _outcomes(session, scope.unit_id, on.year)
    closed = december_booked([row for line in rows.values() for row in line], on)
    start, through = dt.date(on.year - 1, 1, 1), table.booked_through
    stated = household_months(session, Scope(scope.unit_id), start=start, end=on)
    households = {
        one.month: one.households
        for one in stated
        if one.households is not None and month_end(one.month) <= on
    }
    months = [] if through is None else months_between(dt.date(on.year, 1, 1), through)
    known = {}
    for row in table.lines:
        name = (row.section, row.line)
        amounts = booked_amounts(rows.get(name, ()), on)
        known[name] = DriverFacts(
            year=on.year,
            booked={month: amounts.get(month, Decimal(0)) for month in months},
            last_year={m: a for m, a in amounts.items() if closed and m.year < on.year},
            households=households,
        )
    return known


def _outcomes(session: Session, unit_id: int, year: int) -> dict[tuple[str, str], list[OutcomeRow]]:
    """Return the booked rows of a year and the year before by section and name of the line."""
    found = session.execute(
        select(
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(Outcome.month),
            col(Outcome.amount),
            col(Outcome.booked_on),
        )
        .join(BudgetLine, col(BudgetLine.id) == col(Outcome.line_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year).in_((year - 1, year)))
        .where(col(Outcome.voided_at).is_(None))
        .order_by(
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(Outcome.booked_on),
            col(Outcome.id),
        )
    )
    return {
        name: [OutcomeRow(month, amount, booked_on) for _, _, month, amount, booked_on in rows]
        for name, rows in groupby(found, key=lambda row: (row[0], row[1]))
    }
