"""How near each method and the controller came to the final amount in closed years.

The methods are counted as of each month's last day, from what was known then (domain: Budget,
accuracy). Amounts are net cost in kronor.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, PlacementKind, RetainedCost
from core.queries import budget, placement_facts
from core.queries.budget import Line, Made
from core.queries.cache import cached
from core.queries.retained import any_removed
from core.rules import budget as rules
from core.rules import placements as placement_rules
from core.rules.accuracy import Average, Method, Miss, average, best_method, is_closed, misses
from core.rules.accuracy import month_ends as ends_of
from core.rules.budget import LineFacts, OutcomeRow, PrognosisRow
from core.rules.dates import year_of
from core.rules.retained_costs import Rates, days_cost
from core.terms import PrognosisMethod

AREAS = (Area.BUDGET, *placement_facts.AREAS, Area.RETENTION)
Name = tuple[str, str]
Costs = Mapping[dt.date, Mapping[Name, Decimal]]


@dataclass(frozen=True, slots=True)
class LineAccuracy:
    """A line's misses in the closed years; `line` and `section` are empty for the whole unit."""

    section: str
    line: str
    misses: tuple[Miss, ...]

    def average(self, method: Method, month: int) -> Average | None:
        """Return a method's mean miss after a month."""
        return average(self.misses, method, month)

    def best(self, month: int) -> PrognosisMethod | None:
        """Return the method that has come nearest after a month."""
        return best_method(self.misses, month)


@dataclass(frozen=True, slots=True)
class AccuracyTable:
    """The closed years, oldest first, the lines by section and name, and the whole unit."""

    years: tuple[int, ...]
    lines: tuple[LineAccuracy, ...]
    total: LineAccuracy

    def of(self, section: str, line: str) -> LineAccuracy | None:
        """Return a line's accuracy, None when no closed year has such a line."""
        return next((one for one in self.lines if (one.section, one.line) == (section, line)), None)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a unit's budget years hold."""

    lines: tuple[Line, ...]
    outcomes: Mapping[int, list[OutcomeRow]]
    prognoses: Mapping[int, list[Made]]

    def rows(self, year: int) -> list[OutcomeRow]:
        """Return the outcome rows of all lines of a year."""
        return [row for line in self.of(year).values() for row in self.outcomes.get(line.id, ())]

    def of(self, year: int) -> dict[Name, Line]:
        """Return a year's lines by section and name."""
        return {(line.section, line.name): line for line in self.lines if line.year == year}


@cached(*AREAS)
def accuracy(session: Session, scope: Scope, *, on: dt.date) -> AccuracyTable:
    """Return the misses in every year that is closed by a day, in a fixed number of statements."""
    unit = Scope(scope.unit_id)
    facts = _Facts(
        lines=tuple(budget.lines_of(session, unit.unit_id, 0, on.year)),
        outcomes=budget.outcomes_of(session, unit.unit_id, 0, on.year),
        prognoses=budget.prognoses_of(session, unit.unit_id, 0, on.year),
    )
    known = sorted({line.year for line in facts.lines})
    closed = tuple(year for year in known if is_closed(facts.rows(year), year, on))
    through = tuple(_through(facts, closed))
    costs: Costs = {}
    if through:
        costs = _placement_costs(session, unit, through=through, end=through[-1][0])
    found: defaultdict[Name, list[Miss]] = defaultdict(list)
    total: list[Miss] = []
    for year in closed:
        of_lines, of_all = _of_year(facts, year, dict(through), costs, on)
        total += of_all
        for name, some in of_lines.items():
            found[name] += some
    lines = (LineAccuracy(*name, tuple(some)) for name, some in sorted(found.items()))
    return AccuracyTable(closed, tuple(lines), LineAccuracy("", "", tuple(total)))


def _through(facts: _Facts, years: Iterable[int]) -> Iterator[tuple[dt.date, dt.date | None]]:
    """Yield each month's last day with the latest month that was booked by then."""
    for year in years:
        booked = facts.rows(year)
        for day in ends_of(year):
            yield day, rules.latest_booked_month(booked, day)


def _of_year(
    facts: _Facts,
    year: int,
    through: Mapping[dt.date, dt.date | None],
    costs: Costs,
    on: dt.date,
) -> tuple[dict[Name, list[Miss]], list[Miss]]:
    """Return the misses of a closed year by line, and those of all lines together."""
    lines, earlier = facts.of(year), facts.of(year - 1)
    before = facts.rows(year - 1)
    december = dt.date(year, rules.MONTHS, 1)
    finals = {
        name: rules.outcome_to(rules.booked_amounts(facts.outcomes.get(line.id, ()), on), december)
        for name, line in lines.items()
    }
    found: dict[Name, list[Miss]] = {name: [] for name in lines}
    total: list[Miss] = []
    for day in ends_of(year):
        booked = rules.december_booked(before, day)
        figures = {}
        for name, line in lines.items():
            last_year = facts.outcomes.get(earlier[name].id, ()) if name in earlier else ()
            of_line = LineFacts(
                budget=line.amount,
                outcomes=tuple(facts.outcomes.get(line.id, ())),
                last_year=tuple(last_year),
                prognoses=tuple(
                    PrognosisRow(row.made_on, row.amount)
                    for row in facts.prognoses.get(line.id, ())
                ),
                placement_cost=costs.get(day, {}).get(name),
            )
            figures[name] = rules.line_figures(
                of_line, day, through[day], december_is_booked=booked
            )
            found[name] += misses(day, figures[name], finals[name])
        total += misses(
            day, budget.sum_of(list(figures.values())), sum(finals.values(), Decimal(0))
        )
    return found, total


@cached(*AREAS, until="end")
def _placement_costs(
    session: Session,
    scope: Scope,
    *,
    through: tuple[tuple[dt.date, dt.date | None], ...],
    end: dt.date,
) -> Costs:
    """Return, by day and line, what placements cost after what was booked to 31 December.

    As known on each day. Only lines that a kind of placement points to have an entry. Kept while
    only facts of the years after `end` are written.
    """
    kinds = select(
        col(PlacementKind.id), col(PlacementKind.budget_section), col(PlacementKind.budget_line)
    ).where(
        col(PlacementKind.unit_id) == scope.unit_id,
        col(PlacementKind.budget_section).is_not(None),
        col(PlacementKind.budget_line).is_not(None),
    )
    paid_by: dict[int, Name] = {row[0]: (row[1], row[2]) for row in session.execute(kinds)}
    intervals = [(rules.bottom_up_from(day, month), day) for day, month in through]
    costs = {day: dict.fromkeys(paid_by.values(), Decimal(0)) for _, day in intervals}
    if not paid_by:
        return costs
    first = min(start for start, _ in intervals)
    placed = placement_facts.of_interval(session, scope, start=first, end=end, today=end)
    for one in placed:
        name = paid_by.get(one.kind_id)
        for start, day in intervals:
            last = year_of(day).end
            if (
                name is not None
                and one.facts.starts_on <= last
                and (one.facts.ended_on or last) >= start
            ):
                costs[day][name] += placement_rules.interval_cost(one.facts, start, last, day)
    for kind_id, known_on, paid_on, rates in _removed(session, scope, end):
        for start, day in intervals if kind_id in paid_by else ():
            if known_on <= day:
                kept = days_cost(rates, paid_on, start, year_of(day).end)
                costs[day][paid_by[kind_id]] += kept.cost
    return costs


def _removed(
    session: Session, scope: Scope, end: dt.date
) -> list[tuple[int, dt.date, dt.date, Rates]]:
    """Return what removed placements changed the cost by: kind, known, paid from, how much."""
    if not any_removed(session, scope.unit_id):
        return []
    rows = session.execute(
        select(
            col(RetainedCost.kind_id),
            col(RetainedCost.known_on),
            col(RetainedCost.paid_on),
            col(RetainedCost.number),
            col(RetainedCost.amount),
        )
        .where(col(RetainedCost.unit_id) == scope.unit_id)
        .where(col(RetainedCost.known_on) <= end)
    )
    return [(kind, known, paid, Rates(int(n), amount)) for kind, known, paid, n, amount in rows]
