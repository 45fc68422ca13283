"""Budget lines with outcome, prognosis and the three computed prognoses (domain: Budget).

Budget is the unit's: a scope narrowed to a group reads the same lines. Amounts are net cost in
kronor, income negative.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple, TypeVar

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, BudgetLine, Outcome, PlacementKind, Prognosis
from core.queries import placement_facts, retained
from core.queries.cache import cached
from core.queries.frames import frame
from core.rules import budget as rules
from core.rules import placements as placement_rules
from core.rules.budget import LineFacts, LineFigures, OutcomeRow, PrognosisRow
from core.rules.dates import ONE_DAY, latest_by, year_of
from core.rules.prognosis_round import change
from core.rules.shares import rounded

AREAS = (Area.BUDGET, *placement_facts.AREAS)
COLUMNS = (
    "section",
    "line",
    "budget",
    "outcome_to_date",
    "prognosis",
    "deviation",
    "run_rate",
    "last_year_pattern",
    "bottom_up",
)
Amount = TypeVar("Amount", Decimal, Fraction)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A line of the budget of a day's year, or a sum of lines, unrounded; None is "no value".

    `id` and `version` are None for a sum, whose `line` is empty. A sum has a value only where all
    its lines have one, so that it never mixes known and unknown. `comment` and `made_on` are the
    prognosis's; `pays_placements` tells that a kind of placement points to the line.
    """

    section: str
    line: str
    figures: LineFigures
    id: int | None = None
    version: int | None = None
    made_on: dt.date | None = None
    comment: str = ""
    before: Decimal | None = None
    pays_placements: bool = False

    @property
    def change(self) -> Decimal | None:
        """Return how the prognosis moved since the one before, above 0 dearer."""
        return change(self.figures.prognosis, self.before)

    @property
    def deviation_share(self) -> Fraction | None:
        """Return the deviation as a share of the budget's size."""
        return rules.deviation_share(self.figures.budget, self.figures.prognosis)


@dataclass(frozen=True, slots=True)
class BudgetSummary:
    """The unit's budget on a day in a few numbers, in kronor.

    `prognosis` and `deviation` are None until every line has a prognosis; `without_prognosis`
    counts the lines that lack one. `booked_through` is the month (its first day) that
    `outcome_to_date` reaches, None when nothing of the year is booked.
    """

    lines: int
    budget: Decimal
    prognosis: Decimal | None
    deviation: Decimal | None
    deviation_share: Fraction | None
    outcome_to_date: Decimal | None
    booked_through: dt.date | None
    without_prognosis: int


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """The budget of a day's year: lines by section and name, sums by section, and the total.

    `booked_through` is the latest booked month that has ended (its first day), None before it.
    """

    lines: tuple[BudgetRow, ...]
    sections: tuple[BudgetRow, ...]
    total: BudgetRow
    booked_through: dt.date | None


class Line(NamedTuple):
    """A budget line as it is stored."""

    id: int
    version: int
    year: int
    section: str
    name: str
    amount: Decimal


class Made(NamedTuple):
    """A prognosis that somebody made of a line."""

    made_on: dt.date
    amount: Decimal
    comment: str


@cached(*AREAS)
def budget_table(session: Session, scope: Scope, *, on: dt.date) -> BudgetTable:
    """Return the budget of a day's year with sums, in a fixed number of statements."""
    years = (on.year - 1, on.year)
    lines = lines_of(session, scope.unit_id, *years)
    outcomes = outcomes_of(session, scope.unit_id, *years)
    booked = [row for rows in outcomes.values() for row in rows]
    through = rules.latest_booked_month(booked, on)
    december_is_booked = rules.december_booked(booked, on)
    made = prognoses_of(session, scope.unit_id, on.year, on.year)
    costs = _placement_costs(session, scope, on, through)
    earlier = {(line.section, line.name): line.id for line in lines if line.year < on.year}
    rows = []
    for line in (line for line in lines if line.year == on.year):
        name = (line.section, line.name)
        facts = LineFacts(
            budget=line.amount,
            outcomes=tuple(outcomes[line.id]),
            last_year=tuple(outcomes[earlier[name]]) if name in earlier else (),
            prognoses=tuple(PrognosisRow(row.made_on, row.amount) for row in made[line.id]),
            placement_cost=costs.get(name),
        )
        figures = rules.line_figures(facts, on, through, december_is_booked=december_is_booked)
        rows.append(_row(line, figures, made[line.id], on, pays_placements=name in costs))
    return _with_sums(sorted(rows, key=lambda row: (row.section, row.line)), through)


@cached(*AREAS)
def budget(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the lines of a day's year by section and name, with the columns `COLUMNS`.

    Amounts are kronor with two decimals, None is "no value". Sums are left to the reader.
    """
    table = budget_table(session, scope, on=on)
    return frame(map(_values, table.lines), COLUMNS)


@cached(*AREAS)
def budget_summary(session: Session, scope: Scope, *, on: dt.date) -> BudgetSummary:
    """Return the unit's budget on a day in a few numbers."""
    table = budget_table(session, scope, on=on)
    figures = table.total.figures
    return BudgetSummary(
        lines=len(table.lines),
        budget=figures.budget,
        prognosis=figures.prognosis,
        deviation=figures.deviation,
        deviation_share=table.total.deviation_share,
        outcome_to_date=figures.outcome_to_date,
        booked_through=table.booked_through,
        without_prognosis=sum(row.figures.prognosis is None for row in table.lines),
    )


def _row(
    line: Line, figures: LineFigures, made: Sequence[Made], on: dt.date, *, pays_placements: bool
) -> BudgetRow:
    latest = latest_by(made, lambda row: row.made_on, on)
    before = latest_by(made, lambda row: row.made_on, latest.made_on - ONE_DAY) if latest else None
    return BudgetRow(
        section=line.section,
        line=line.name,
        figures=figures,
        id=line.id,
        version=line.version,
        made_on=latest.made_on if latest else None,
        comment=latest.comment if latest else "",
        before=before.amount if before else None,
        pays_placements=pays_placements,
    )


def _values(row: BudgetRow) -> list[object]:
    figures = row.figures
    amounts = (
        figures.budget,
        figures.outcome_to_date,
        figures.prognosis,
        figures.deviation,
        figures.run_rate,
        figures.last_year_pattern,
        figures.bottom_up,
    )
    return [row.section, row.line, *(None if a is None else rounded(a, 2) for a in amounts)]


def _with_sums(lines: Sequence[BudgetRow], through: dt.date | None) -> BudgetTable:
    sections = (
        _sum_of(section, tuple(rows))
        for section, rows in groupby(lines, key=lambda row: row.section)
    )
    return BudgetTable(tuple(lines), tuple(sections), _sum_of("", lines), through)


def _sum_of(section: str, lines: Sequence[BudgetRow]) -> BudgetRow:
    return BudgetRow(
        section=section,
        line="",
        figures=sum_of([line.figures for line in lines]),
        before=_sum([line.before for line in lines], Decimal(0)),
        pays_placements=any(line.pays_placements for line in lines),
    )


def sum_of(figures: Sequence[LineFigures]) -> LineFigures:
    """Return lines' figures added up, each with a value only where every line has one."""
    return LineFigures(
        budget=sum((line.budget for line in figures), Decimal(0)),
        outcome_to_date=_sum([line.outcome_to_date for line in figures], Decimal(0)),
        prognosis=_sum([line.prognosis for line in figures], Decimal(0)),
        deviation=_sum([line.deviation for line in figures], Decimal(0)),
        run_rate=_sum([line.run_rate for line in figures], Fraction(0)),
        last_year_pattern=_sum([line.last_year_pattern for line in figures], Fraction(0)),
        bottom_up=_sum([line.bottom_up for line in figures], Decimal(0)),
    )


def _sum(values: Sequence[Amount | None], zero: Amount) -> Amount | None:
    """Return the sum of values, None when there are none or one of them has no value."""
    known = [value for value in values if value is not None]
    return sum(known, zero) if known and len(known) == len(values) else None


def _placement_costs(
    session: Session, scope: Scope, on: dt.date, through: dt.date | None
) -> dict[tuple[str, str], Decimal]:
    """Return what each line's placements cost after `through` to 31 December, as known on `on`.

    Only lines that a kind of placement points to have an entry, 0 included.
    """
    kinds = select(col(PlacementKind.budget_section), col(PlacementKind.budget_line)).where(
        col(PlacementKind.unit_id) == scope.unit_id,
        col(PlacementKind.budget_section).is_not(None),
        col(PlacementKind.budget_line).is_not(None),
    )
    costs = {(section, line): Decimal(0) for section, line in session.execute(kinds)}
    start, end = rules.bottom_up_from(on, through), year_of(on).end
    for placed in placement_facts.of_year(session, Scope(scope.unit_id), on=on) if costs else ():
        if placed.paid_by in costs:
            costs[placed.paid_by] += placement_rules.interval_cost(placed.facts, start, end, on)
    unit = Scope(scope.unit_id)
    for kept in retained.costs(session, unit, on=on, since=start) if costs else ():
        if kept.paid_by in costs:
            costs[kept.paid_by] += kept.cost(start, end).cost
    return costs


def lines_of(session: Session, unit_id: int, first: int, last: int) -> list[Line]:
    """Return the unit's lines of some years."""
    rows = session.execute(
        select(
            col(BudgetLine.id),
            col(BudgetLine.version),
            col(BudgetLine.year),
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(BudgetLine.amount),
        ).where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year).between(first, last))
    )
    return [Line(*row) for row in rows]


def outcomes_of(
    session: Session, unit_id: int, first: int, last: int
) -> defaultdict[int, list[OutcomeRow]]:
    """Return the rows of some years' lines by line; of a day's, the one made last comes last."""
    rows = session.execute(
        select(
            col(Outcome.line_id), col(Outcome.month), col(Outcome.amount), col(Outcome.booked_on)
        )
        .join(BudgetLine, col(BudgetLine.id) == col(Outcome.line_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year).between(first, last))
        .where(col(Outcome.voided_at).is_(None))
        .order_by(col(Outcome.booked_on), col(Outcome.id))
    )
    found: defaultdict[int, list[OutcomeRow]] = defaultdict(list)
    for line_id, month, amount, booked_on in rows:
        found[line_id].append(OutcomeRow(month, amount, booked_on))
    return found


def prognoses_of(
    session: Session, unit_id: int, first: int, last: int
) -> defaultdict[int, list[Made]]:
    """Return the prognoses of some years' lines by line; of a day's, the last made comes last."""
    rows = session.execute(
        select(
            col(Prognosis.line_id),
            col(Prognosis.made_on),
            col(Prognosis.amount),
            col(Prognosis.comment),
        )
        .join(BudgetLine, col(BudgetLine.id) == col(Prognosis.line_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year).between(first, last))
        .where(col(Prognosis.voided_at).is_(None))
        .order_by(col(Prognosis.made_on), col(Prognosis.id))
    )
    found: defaultdict[int, list[Made]] = defaultdict(list)
    for line_id, *values in rows:
        found[line_id].append(Made(*values))
    return found
