"""The underlying result by budget line: state grants and one-off items kept apart."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, BudgetLine, OneOffItem
from core.queries.budget import budget_table
from core.queries.cache import cached
from core.queries.frames import frame
from core.rules.underlying import OneOff, UnderlyingFigures, underlying
from core.terms import OneOffKind

AREAS = (Area.BUDGET, Area.PLACEMENTS, Area.CASES, Area.UNITS)
FIGURES = (
    "outcome_to_date",
    "grants",
    "one_offs",
    "underlying_to_date",
    "prognosis",
    "underlying_prognosis",
    "run_rate",
    "underlying_run_rate",
)
COLUMNS = ("section", "line", *FIGURES)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A state grant or a one-off item. `amount` is kronor, an income negative."""

    id: int
    line_id: int
    section: str
    line: str
    month: dt.date
    kind: OneOffKind
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class UnderlyingLine:
    """A budget line with its underlying figures; the whole unit has no `line` and no id."""

    line_id: int | None
    section: str
    line: str
    budget: Decimal
    figures: UnderlyingFigures


@dataclass(frozen=True, slots=True)
class UnderlyingTable:
    """The items known on a day and the lines of its year; `total` is the whole unit."""

    items: tuple[ItemRow, ...]
    lines: tuple[UnderlyingLine, ...]
    total: UnderlyingLine
    booked_through: dt.date | None


@cached(*AREAS)
def underlying_table(session: Session, scope: Scope, *, on: dt.date) -> UnderlyingTable:
    """Return the underlying result of a day's year, in a fixed number of statements."""
    table = budget_table(session, scope, on=on)
    items = _items(session, scope.unit_id, on)
    of_line: defaultdict[int | None, list[OneOff]] = defaultdict(list)
    for item in items:
        of_line[item.line_id].append(OneOff(item.month, item.kind, item.amount))
    every = [one for found in of_line.values() for one in found]
    through = table.booked_through
    lines = tuple(
        UnderlyingLine(
            row.id,
            row.section,
            row.line,
            row.figures.budget,
            underlying(row.figures, of_line[row.id], on, through),
        )
        for row in table.lines
    )
    total = table.total.figures
    figures = underlying(total, every, on, through)
    return UnderlyingTable(
        items, lines, UnderlyingLine(None, "", "", total.budget, figures), through
    )


def underlying_lines(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the lines of a day's year by section and name, with the columns `COLUMNS`.

    Amounts are kronor, None is "no value". Sums are left to the reader.
    """
    table = underlying_table(session, scope, on=on)
    rows = (
        [line.section, line.line, *(getattr(line.figures, name) for name in FIGURES)]
        for line in table.lines
    )
    return frame(rows, COLUMNS)


def _items(session: Session, unit_id: int, on: dt.date) -> tuple[ItemRow, ...]:
    """Return the valid items of a day's year whose month has begun, oldest first."""
    rows = session.execute(
        select(
            col(OneOffItem.id),
            col(OneOffItem.line_id),
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(OneOffItem.month),
            col(OneOffItem.kind),
            col(OneOffItem.name),
            col(OneOffItem.amount),
        )
        .join(BudgetLine, col(BudgetLine.id) == col(OneOffItem.line_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year) == on.year)
        .where(col(OneOffItem.month) <= on)
        .where(col(OneOffItem.voided_at).is_(None))
        .order_by(col(OneOffItem.month), col(OneOffItem.id))
    )
    return tuple(ItemRow(*row) for row in rows)
