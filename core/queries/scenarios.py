"""A unit's scenarios of a year: what their steps would cost, beside what is decided now.

Nothing here is real until it is decided on Placeringar. A scenario is the unit's; in a scope
narrowed to a group only those are seen that touch no other group's placements.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from sqlmodel import Session, col, func, select

from core.auth import Scope
from core.models import Placement, Scenario, ScenarioChange
from core.queries import placement_facts
from core.queries.budget import BudgetTable
from core.queries.placement_facts import Placed
from core.queries.placement_sums import month_costs
from core.queries.placements import KindChoice, placement_kinds
from core.rules import placements as placement_rules
from core.rules import scenarios as rules
from core.rules.budget import deviation
from core.rules.dates import month_end
from core.rules.scenarios import Imagined, Step, StepFault, Support
from core.terms import Contract, ScenarioStep

Line = tuple[str, str]
"""A budget line's section and name."""
NO_LINE: Line = ("", "")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it stands on a day.

    `kind_id` and `contract` are the step's own, `kind` the name of that kind or the placement's.
    `name` is the placement's reference, or what an added one is called. `effect` is what the step
    changes the year's cost by in kronor, after those before it. `fault` says why it changes
    nothing; `decided_since` that somebody has changed the placement since the step was made.
    """

    id: int
    step: ScenarioStep
    placement_id: int | None
    name: str
    day: dt.date
    until: dt.date | None
    amount: Decimal | None
    kind_id: int | None
    kind: str | None
    contract: Contract | None
    effect: Decimal
    fault: StepFault | None
    decided_since: bool

    @property
    def rule(self) -> Step:
        """Return the step as the rules know it."""
        return Step(
            kind=self.step,
            day=self.day,
            placement_id=self.placement_id,
            until=self.until,
            amount=self.amount,
            kind_id=self.kind_id,
            contract=self.contract,
        )


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario and what it would come to: kronor a month of the year, and the year.

    `lines` is what it changes each budget line by, `NO_LINE` for kinds that no line pays.
    """

    id: int
    version: int
    name: str
    note: str
    steps: tuple[StepRow, ...]
    months: tuple[Decimal, ...]
    lines: Mapping[Line, Decimal]

    @property
    def year(self) -> Decimal:
        """Return what the year would cost."""
        return sum(self.months, Decimal(0))


@dataclass(frozen=True, slots=True)
class ScenarioTable:
    """The scenarios of a day's year by name, beside the present.

    `months` are first days; `present` is what each costs as decided now, removed placements
    included. `hidden` counts scenarios that touch placements outside the scope.
    """

    months: tuple[dt.date, ...]
    present: tuple[Decimal, ...]
    scenarios: tuple[ScenarioRow, ...]
    hidden: int

    @property
    def present_year(self) -> Decimal:
        """Return what the year costs as decided now."""
        return sum(self.present, Decimal(0))


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A budget line that pays placements: its forecast as decided, and with each scenario.

    Forecasts are bottom-up (domain: Budget), deviations budget - forecast. `with_scenarios` has
    (forecast, deviation) in the scenarios' order.
    """

    section: str
    line: str
    budget: Decimal
    forecast: Decimal
    deviation: Decimal | None
    with_scenarios: tuple[tuple[Decimal, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the unit's scenarios are read from: placements by id, kinds, and the present."""

    placed: Mapping[int, Placed]
    present: Mapping[int, Support]
    kinds: Mapping[int, KindChoice]
    months: tuple[dt.date, ...]
    costs: tuple[Decimal, ...]
    on: dt.date

    def cost(self, supports: Iterable[Support]) -> list[Decimal]:
        """Return what supports cost each month."""
        periods = [(month, month_end(month)) for month in self.months]
        return rules.costs(supports, periods, self.on)


def scenarios(session: Session, scope: Scope, *, on: dt.date) -> ScenarioTable:
    """Return the scenarios of a day's year, read from what is known on the day."""
    found = _scenarios(session, scope.unit_id, on.year)
    changes = _changes(session, [one.id for one in found if one.id is not None])
    placed, present = _placements(session, scope.unit_id, changes.values(), on)
    inside = {one.id for one in placement_facts.in_scope(placed.values(), scope, on)} | {None}
    seen = [one for one in found if {c.placement_id for c in changes[one.id or 0]} <= inside]
    costs = month_costs(session, scope, on=on)
    known = _Known(
        placed,
        present,
        {kind.id: kind for kind in placement_kinds(session, scope)},
        tuple(costs["month"]),
        tuple(costs["paid"] + costs["committed"]),
        on,
    )
    return ScenarioTable(
        months=known.months,
        present=known.costs,
        scenarios=tuple(_row(one, changes[one.id or 0], known) for one in seen),
        hidden=len(found) - len(seen),
    )


def line_effects(table: BudgetTable, shown: Sequence[ScenarioRow]) -> tuple[LineEffect, ...]:
    """Return the lines that pay placements, with the scenarios that are shown.

    A scenario changes only days after the day that the table is read on, and the bottom-up forecast
    counts placements from the day after it or earlier: so all of the change is in the forecast.
    """
    effects = []
    for row in table.lines:
        budget, forecast = row.figures.budget, row.figures.bottom_up
        if forecast is not None:
            moved = [forecast + one.lines.get((row.section, row.line), NOTHING) for one in shown]
            effects.append(
                LineEffect(
                    section=row.section,
                    line=row.line,
                    budget=budget,
                    forecast=forecast,
                    deviation=deviation(budget, forecast),
                    with_scenarios=tuple((one, deviation(budget, one)) for one in moved),
                )
            )
    return tuple(effects)


def _scenarios(session: Session, unit_id: int, year: int) -> Sequence[Scenario]:
    return session.exec(
        select(Scenario)
        .where(col(Scenario.unit_id) == unit_id)
        .where(col(Scenario.year) == year)
        .where(col(Scenario.voided_at).is_(None))
        .order_by(func.lower(col(Scenario.name)), col(Scenario.id))
    ).all()


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[ScenarioChange]]:
    """Return the steps of scenarios in order, by scenario."""
    found: dict[int, list[ScenarioChange]] = {one: [] for one in ids}
    rows = session.exec(
        select(ScenarioChange)
        .where(col(ScenarioChange.scenario_id).in_(ids))
        .order_by(col(ScenarioChange.position))
    )
    for row in rows if ids else ():
        found[row.scenario_id].append(row)
    return found


def _placements(
    session: Session, unit_id: int, changes: Iterable[Sequence[ScenarioChange]], on: dt.date
) -> tuple[dict[int, Placed], dict[int, Support]]:
    """Return the placements that steps touch: all of them, and those that can have a step.

    One that has ended can, so that the step says so; a voided one can't.
    """
    ids = {one.placement_id for rows in changes for one in rows if one.placement_id is not None}
    there = {one.id: one for one in placement_facts.of_year(session, Scope(unit_id), on=on)}
    placed = {one: there[one] for one in ids if one in there}
    missing = ids - placed.keys()
    if missing:
        chosen = col(Placement.id).in_(missing) & (col(Placement.unit_id) == unit_id)
        placed |= {one.id: one for one in placement_facts.load(session, chosen)}
    return placed, {
        number: Support(one.kind_id, one.facts)
        for number, one in placed.items()
        if number in there or placement_rules.known_end(one.facts, on) is not None
    }


def step_of(row: ScenarioChange) -> Step:
    """Return a stored step as the rules know it."""
    return Step(
        kind=row.step,
        day=row.from_on,
        placement_id=row.placement_id,
        until=row.to_on,
        amount=row.amount,
        kind_id=row.kind_id,
        contract=row.contract,
    )


def _row(row: Scenario, changes: Sequence[ScenarioChange], known: _Known) -> ScenarioRow:
    assert row.id is not None  # noqa: S101  (read from the store)
    steps = [step_of(change) for change in changes]
    imagined = rules.imagine(known.present, steps, known.on)
    before, after = known.cost(known.present.values()), known.cost(imagined.supports)
    moved = (new - old for new, old in zip(after, before, strict=True))
    return ScenarioRow(
        id=row.id,
        version=row.version,
        name=row.name,
        note=row.note,
        steps=tuple(_steps(changes, steps, imagined, known)),
        months=tuple(cost + more for cost, more in zip(known.costs, moved, strict=True)),
        lines=_lines(imagined, known),
    )


def _steps(
    changes: Sequence[ScenarioChange], steps: Sequence[Step], imagined: Imagined, known: _Known
) -> Iterable[StepRow]:
    """Return each step with what it changes after those before it."""
    on = known.on
    sums = [
        sum(known.cost(rules.imagine(known.present, steps[:n], on).supports), NOTHING)
        for n in range(len(steps) + 1)
    ]
    effects = [after - before for before, after in pairwise(sums)]
    for change, effect, fault in zip(changes, effects, imagined.faults, strict=True):
        placed = known.placed.get(change.placement_id or 0)
        kind = known.kinds.get(change.kind_id or (placed.kind_id if placed else 0))
        yield StepRow(
            id=change.id or 0,
            step=change.step,
            placement_id=change.placement_id,
            name=placed.reference if placed else change.label,
            day=change.from_on,
            until=change.to_on,
            amount=change.amount,
            kind_id=change.kind_id,
            kind=kind.name if kind else None,
            contract=change.contract,
            effect=effect,
            fault=fault,
            decided_since=placed is not None and placed.version != change.placement_version,
        )


def _lines(imagined: Imagined, known: _Known) -> dict[Line, Decimal]:
    """Return what a scenario changes the year of each budget line by."""
    sums: defaultdict[Line, Decimal] = defaultdict(Decimal)
    for sign, supports in ((-1, known.present.values()), (1, imagined.supports)):
        for support in supports:
            kind = known.kinds.get(support.kind_id)
            line = (kind.budget_section, kind.budget_line) if kind else (None, None)
            paid_by = (line[0] or "", line[1] or "") if all(line) else NO_LINE
            sums[paid_by] += sign * sum(known.cost([support]), NOTHING)
    return {line: cost for line, cost in sums.items() if cost}
