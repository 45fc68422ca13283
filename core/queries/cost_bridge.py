"""The bridge between the full-year cost as known on two days (core.rules.cost_bridge)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from core.auth import Scope
from core.queries import known_rates, placement_facts, retained
from core.queries.cache import cached
from core.queries.placement_facts import AREAS, Placed
from core.rules import cost_bridge as rules
from core.rules.cost_bridge import Span
from core.rules.dates import year_of
from core.rules.placements import PlacementFacts, is_known, known_end, planned_end
from core.rules.placements import planned_end_passed as passed
from core.terms import BridgeCause

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """What one cause moved one placement's cost of the year by, in kronor.

    `until_before` and `until_after` are the end, or the planned end, as known on each day: None
    where it runs until further notice. `known_before` is False for one that was not known then.
    """

    id: int
    reference: str
    kind: str
    cause: BridgeCause
    amount: Decimal
    known_before: bool
    until_before: dt.date | None
    until_after: dt.date | None


@dataclass(frozen=True, slots=True)
class CauseSum:
    """What one cause moved the cost of the year by, in kronor, and in how many placements."""

    cause: BridgeCause
    placements: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bridge:
    """The full-year cost of a year as known on two days, and what lies between, in kronor.

    The causes add up to `end - start` exactly. `rows` tell which placements each is made of, the
    largest amounts first; `removed` is the part of it that has no rows, since its cases have been
    removed. `start_listed` and `end_listed` are what the placement list shows for the same days:
    another amount where rates were registered later.
    """

    span: Span
    start: Decimal
    end: Decimal
    start_listed: Decimal
    end_listed: Decimal
    causes: tuple[CauseSum, ...]
    rows: tuple[BridgeRow, ...]
    removed: Decimal

    @property
    def difference(self) -> Decimal:
        """Return how much more the year costs as known on the second day."""
        return self.end - self.start


@cached(*AREAS, until="after")
def bridge(
    session: Session, scope: Scope, *, before: dt.date, after: dt.date, today: dt.date
) -> Bridge:
    """Return the bridge between two days, of the second one's year.

    The first day may lie in the year before. In a narrowed scope each day counts the cases held
    on it; a placement whose case has changed hands is `other`.
    """
    span = Span(before, after, year_of(after))
    year = span.year
    unit = placement_facts.of_interval(
        session, Scope(scope.unit_id), start=year.start, end=year.end, today=before
    )
    later = known_rates.later_rates(session, Scope(scope.unit_id), since=before)
    counted = [
        {placed.id for placed in placement_facts.in_scope(unit, scope, day)}
        for day in (before, after)
    ]
    rows: list[BridgeRow] = []
    sums = dict.fromkeys(("start", "end", "start_listed", "end_listed"), ZERO)
    for placed in unit:
        on_days = [
            known_rates.known(placed, later, since=before, on=day, today=today)
            if placed.id in ids
            else None
            for day, ids in zip((before, after), counted, strict=True)
        ]
        for day, facts, name in zip((before, after), on_days, ("start", "end"), strict=True):
            sums[name] += rules.year_cost(facts, year, day)
            sums[f"{name}_listed"] += rules.year_cost(facts and placed.facts, year, day)
        rows += _rows(placed, on_days[0], on_days[1], span)
    return _bridge(span, sums, rows, _removed(session, scope, span))


def _rows(
    placed: Placed, before: PlacementFacts | None, after: PlacementFacts | None, span: Span
) -> list[BridgeRow]:
    return [
        BridgeRow(
            id=placed.id,
            reference=placed.reference,
            kind=placed.kind,
            cause=cause,
            amount=amount,
            known_before=before is not None and is_known(before, span.before),
            until_before=_until(placed.facts, span.before),
            until_after=_until(placed.facts, span.after),
        )
        for cause, amount in rules.parts(before, after, span).items()
    ]


def _until(facts: PlacementFacts, on: dt.date) -> dt.date | None:
    return known_end(facts, on) or (None if passed(facts, on) else planned_end(facts, on))


def _removed(session: Session, scope: Scope, span: Span) -> tuple[Decimal, Decimal]:
    """Return what removed placements cost in the year as known on each of the days."""
    year = span.year
    before, after = (
        retained.total(
            retained.costs(session, scope, on=day, since=year.start), year.start, year.end
        ).cost
        for day in (span.before, span.after)
    )
    return before, after


def _bridge(
    span: Span,
    sums: dict[str, Decimal],
    rows: Sequence[BridgeRow],
    removed: tuple[Decimal, Decimal],
) -> Bridge:
    amounts: defaultdict[BridgeCause, Decimal] = defaultdict(Decimal)
    placements = Counter(row.cause for row in rows)
    for row in rows:
        amounts[row.cause] += row.amount
    moved = removed[1] - removed[0]
    if moved:
        amounts[BridgeCause.OTHER] += moved
    return Bridge(
        span=span,
        start=sums["start"] + removed[0],
        end=sums["end"] + removed[1],
        start_listed=sums["start_listed"] + removed[0],
        end_listed=sums["end_listed"] + removed[1],
        causes=tuple(
            CauseSum(cause, placements[cause], amounts[cause])
            for cause in BridgeCause
            if cause in amounts
        ),
        rows=tuple(sorted(rows, key=lambda row: (-abs(row.amount), row.reference))),
        removed=moved,
    )
