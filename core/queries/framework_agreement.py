"""What of a day's placement list lies outside the framework agreement, and what that costs more.

The year is the day's, with its committed days. What days outside are compared with is always the
whole unit's ramavtal days of the year, whatever the list is narrowed to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from core.auth import Scope
from core.queries import retained
from core.queries.cache import cached
from core.queries.names import in_order
from core.queries.placement_choices import EVERYTHING, Choices
from core.queries.placement_facts import AREAS
from core.queries.placement_sums import YearParts, chosen_parts, year_parts
from core.queries.retained import KeptCost
from core.rules import framework_agreement as rules
from core.rules.dates import year_of
from core.rules.framework_agreement import COMPARED_WITH, NO_DAYS, OUTSIDE, OutsideTotal, added
from core.rules.placements import CostPart, DaysCost, by_contract
from core.terms import Contract


@dataclass(frozen=True, slots=True)
class KindOutside:
    """A kind's days outside in the year, and the unit's ramavtal days that they are compared with.

    `to_date` is the part of `outside` through the day.
    """

    kind: str
    outside: DaysCost
    to_date: DaysCost
    framework: DaysCost

    @property
    def rate(self) -> Fraction | None:
        """Return what a day outside costs on average."""
        return rules.average_rate(self.outside)

    @property
    def usual_rate(self) -> Fraction | None:
        """Return what a ramavtal day costs on average, None without one."""
        return rules.average_rate(self.framework)

    @property
    def extra(self) -> Fraction | None:
        """Return what the days outside cost more in the year."""
        return rules.extra_cost(self.outside, self.framework)


@dataclass(frozen=True, slots=True)
class PlacementOutside:
    """A placement's days outside in the year. `extra` is None with nothing to compare with."""

    reference: str
    kind: str
    provider: str
    outside: DaysCost
    extra: Fraction | None


@dataclass(frozen=True, slots=True, eq=False)
class OutsideAgreement:
    """What lies outside: by kind, by placement (the dearest extra cost first) and together.

    `days` are all paid and committed days of the year, and `total` and `to_date` the days outside
    in the year and through the day.
    """

    kinds: tuple[KindOutside, ...]
    placements: tuple[PlacementOutside, ...]
    days: int
    total: OutsideTotal
    to_date: OutsideTotal


@cached(*AREAS)
def outside_agreement(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    choices: Choices = EVERYTHING,
    with_case: bool = False,
) -> OutsideAgreement:
    """Return what lies outside the framework agreement in a day's year, as known on the day.

    Removed placements count by kind and in the sums, unless the list is narrowed; they are not
    among the single placements.
    """
    chosen = chosen_parts(session, scope, on=on, choices=choices, with_case=with_case)
    everybody = Scope(scope.unit_id)
    usual = _by_kind(year_parts(session, everybody, on=on), COMPARED_WITH)
    _add_removed(usual, retained.costs(session, everybody, on=on, since=_first(on)), on)
    outside, days = _by_kind(chosen, OUTSIDE), sum(part.days for part in _parts(chosen))
    to_date = _by_kind(chosen, OUTSIDE, only_paid=True)
    if choices == EVERYTHING:
        removed = retained.costs(session, scope, on=on, since=_first(on))
        _add_removed(outside, removed, on, OUTSIDE)
        _add_removed(to_date, removed, on, OUTSIDE, end=on)
        days += retained.total(removed, _first(on), year_of(on).end).days
    kinds = tuple(
        KindOutside(kind, outside[kind], to_date.get(kind, NO_DAYS), usual.get(kind, NO_DAYS))
        for kind in in_order(outside)
        if outside[kind].days
    )
    return OutsideAgreement(
        kinds=kinds,
        placements=_placements(chosen, usual),
        days=days,
        total=rules.outside_total((one.outside, one.framework) for one in kinds),
        to_date=rules.outside_total((one.to_date, one.framework) for one in kinds),
    )


def _first(on: dt.date) -> dt.date:
    return year_of(on).start


def _parts(placed: Iterable[YearParts], *, only_paid: bool = False) -> Iterator[CostPart]:
    for one in placed:
        yield from one.paid
        if not only_paid:
            yield from one.committed


def _by_kind(
    placed: Iterable[YearParts], contract: Contract, *, only_paid: bool = False
) -> dict[str, DaysCost]:
    """Return the days on a contract and their cost, by kind."""
    sums: dict[str, DaysCost] = {}
    for one in placed:
        kind = one.placed.kind
        paid = _on_contract(_parts([one], only_paid=only_paid), contract)
        sums[kind] = added(sums.get(kind, NO_DAYS), paid)
    return sums


def _on_contract(parts: Iterable[CostPart], contract: Contract) -> DaysCost:
    found = NO_DAYS
    for part in parts:
        if by_contract(part) is contract:
            found = added(found, DaysCost(part.days, part.cost))
    return found


def _add_removed(
    sums: dict[str, DaysCost],
    removed: Iterable[KeptCost],
    on: dt.date,
    contract: Contract = COMPARED_WITH,
    *,
    end: dt.date | None = None,
) -> None:
    """Add removed placements' days on a contract in the year, or through its day `end`."""
    last = end or year_of(on).end
    for row in removed:
        if row.contract is contract:
            sums[row.kind] = added(sums.get(row.kind, NO_DAYS), row.cost(_first(on), last))


def _placements(
    chosen: Iterable[YearParts], usual: dict[str, DaysCost]
) -> tuple[PlacementOutside, ...]:
    found = []
    for one in chosen:
        outside = _on_contract(_parts([one]), OUTSIDE)
        if outside.days:
            latest = [part for part in _parts([one]) if by_contract(part) is OUTSIDE][-1]
            found.append(
                PlacementOutside(
                    reference=one.placed.reference,
                    kind=one.placed.kind,
                    provider=latest.decision.provider if latest.decision else "",
                    outside=outside,
                    extra=rules.extra_cost(outside, usual.get(one.placed.kind, NO_DAYS)),
                )
            )
    found.sort(key=lambda row: (row.extra is None, -(row.extra or 0), row.reference))
    return tuple(found)
