"""The placement list as it stood on a day, and what placements cost (domain: Placement).

In a scope narrowed to a group or a caseworker, placements are those of the cases held on the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import PlacementKind
from core.queries import names, placement_arrays, placement_facts, retained
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.names import Names
from core.queries.placement_facts import AREAS, Placed
from core.queries.retained import KeptCost
from core.rules import placements as rules
from core.rules.dates import month_end, month_start, months_between
from core.rules.placements import DaysCost, Decision
from core.terms import (
    ALL,
    WITHOUT_CASEWORKER,
    WITHOUT_GROUP,
    Contract,
    LegalBasis,
    PlacementState,
    sv,
)

WITHOUT_DECISION = "utan beslut"
LIST_COLUMNS = (
    "reference",
    "case",
    "kind",
    "contract",
    "starts_on",
    "planned_end_on",
    "ended_on",
    "day_rate",
    "month_cost",
    "cost_to_date",
    "committed",
    "full_year",
    "last_review_on",
    "review_overdue",
)
COST_COLUMNS = ("key", "days", "cost")
NOTHING = DaysCost(0, Decimal(0))
_WITHOUT = {By.GROUP: WITHOUT_GROUP, By.CASEWORKER: WITHOUT_CASEWORKER}


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement as it stood on a day; amounts are kronor.

    `month_cost` is the whole calendar month's, `month_committed` the part of it after the day.
    `planned_end_passed` tells that it runs on past its planned end, `decided_on` and `rate_from`
    since when the decision and the day rate hold. `legal_name` and `contract_name` are the unit's
    own words, empty for the usual ones. The case, its caseworker and their ids are None where the
    reader may not see them.
    """

    id: int
    version: int
    reference: str
    case_id: int | None
    case: str | None
    caseworker_id: int | None
    caseworker: str | None
    group: str | None
    kind: str
    legal_basis: LegalBasis
    contract: Contract | None
    provider: str | None
    children: int
    starts_on: dt.date
    planned_end_on: dt.date | None
    ended_on: dt.date | None
    day_rate: Decimal
    month_cost: Decimal
    month_committed: Decimal
    cost_to_date: Decimal
    committed: Decimal
    full_year: Decimal
    last_review_on: dt.date | None
    next_review_on: dt.date | None
    state: PlacementState
    running: bool
    review_overdue: bool
    planned_end_passed: bool
    family_in_hotel: bool
    decided_on: dt.date | None = None
    rate_from: dt.date | None = None
    legal_name: str = ""
    contract_name: str = ""

    @property
    def legal_word(self) -> str:
        """Return the legal basis in the unit's own word, else the usual one."""
        return self.legal_name or sv(self.legal_basis)

    @property
    def contract_word(self) -> str | None:
        """Return the contract in the unit's own word, else the usual one; None for none."""
        return self.contract_name or (self.contract and sv(self.contract))


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of placement to choose in a form, and the budget line that pays it if one does."""

    id: int
    name: str
    is_hotel: bool
    budget_section: str | None
    budget_line: str | None


@cached(*AREAS)
def placement_rows(
    session: Session, scope: Scope, *, on: dt.date, with_case: bool
) -> tuple[PlacementRow, ...]:
    """Return the list of a day, ordered by reference.

    All placements with a paid day in the day's year that started or were decided by the day.
    `with_case` is False for somebody who sees references and costs only.
    """
    rows = [_row(placed, on) for placed in _listed(session, scope, on)]
    return tuple(rows if with_case else map(without_case, rows))


def _listed(session: Session, scope: Scope, on: dt.date) -> Iterator[Placed]:
    for placed in placement_facts.of_year(session, scope, on=on):
        if rules.listed(placed.facts, on):
            yield placed


@cached(*AREAS)
def placements(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the list of a day, ordered by reference, with the columns `LIST_COLUMNS`.

    Kinds and contracts are Swedish words, amounts kronor, `review_overdue` is a bool.
    """
    rows = placement_rows(session, scope, on=on, with_case=True)
    return frame(map(_listed_values, rows), LIST_COLUMNS)


@cached(*AREAS, until=None)
def placement_cost(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date, by: By
) -> pd.DataFrame:
    """Return paid days and cost in kronor of start..end: columns `key`, `days`, `cost`.

    Days after `today` are committed ones. Contracts and providers are those of the decision valid
    on each day. Every month has a row (key 2024-05), and `alla`; the others only with a paid day.
    """
    on = min(end, today)
    sums: dict[str, DaysCost] = dict.fromkeys(_fixed_keys(start, end, by), NOTHING)
    found = placement_arrays.paid_by(session, scope, start=start, end=end, today=today, by=by)
    for value, paid in found.items():
        _add(sums, _key(value, by), paid)
    for key, paid in removed_costs(session, scope, start=start, end=end, on=on, by=by).items():
        _add(sums, key, paid)
    rows = [(key, *sums[key]) for key in in_order(sums)]
    return frame(rows, COST_COLUMNS)


def removed_costs(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, on: dt.date, by: By
) -> dict[str, DaysCost]:
    """Return removed placements' paid days and cost of start..end as known on a day, by key.

    Only keys with a paid day.
    """
    months = months_between(start, end) if by is By.MONTH else [start]
    known = names.names(session, Scope(scope.unit_id)) if by is By.CASEWORKER else None
    sums: dict[str, DaysCost] = {}
    for row in retained.costs(session, scope, on=on, since=start):
        for month in months:
            if by is By.MONTH:
                last = min(end, month_end(month))
                _add(sums, f"{month:%Y-%m}", row.cost(max(start, month), last))
            else:
                _add(sums, _kept_key(row, by, known), row.cost(start, end))
    return {key: paid for key, paid in sums.items() if paid.days}


def placement_kinds(session: Session, scope: Scope) -> tuple[KindChoice, ...]:
    """Return the unit's kinds of placement, by name."""
    rows = session.exec(select(PlacementKind).where(col(PlacementKind.unit_id) == scope.unit_id))
    kinds = (
        KindChoice(row.id or 0, row.name, row.is_hotel, row.budget_section, row.budget_line)
        for row in rows
    )
    return tuple(sorted(kinds, key=lambda kind: kind.name))


def _row(placed: Placed, on: dt.date) -> PlacementRow:
    facts, held = placed.facts, placed.held_by(on)
    decision, review = rules.decision_on(facts, on), rules.last_review(facts, on)
    month_cost = rules.month_cost(facts, on)
    to_date, committed = rules.cost_to_date(facts, on), rules.committed(facts, on)
    return PlacementRow(
        id=placed.id,
        version=placed.version,
        reference=placed.reference,
        case_id=placed.case_id,
        case=placed.case,
        caseworker_id=held.caseworker_id,
        caseworker=held.caseworker,
        group=held.group,
        kind=placed.kind,
        legal_basis=placed.legal_basis,
        contract=decision.contract if decision else None,
        provider=decision.provider if decision else None,
        children=facts.children,
        starts_on=facts.starts_on,
        planned_end_on=rules.planned_end(facts, on),
        ended_on=rules.known_end(facts, on),
        day_rate=rules.listed_rate(facts, on),
        month_cost=month_cost,
        month_committed=month_cost - rules.interval_cost(facts, month_start(on), on, on),
        cost_to_date=to_date,
        committed=committed,
        full_year=to_date + committed,
        last_review_on=review.reviewed_on if review else None,
        next_review_on=review.next_review_on if review else None,
        state=rules.state(facts, on),
        running=rules.runs_on(facts, on),
        review_overdue=rules.review_overdue(facts, on),
        planned_end_passed=rules.planned_end_passed(facts, on),
        family_in_hotel=rules.family_in_hotel(facts, on),
        decided_on=decision.decided_on if decision and decision.decided_on <= on else None,
        rate_from=rules.listed_rate_from(facts, on),
        legal_name=placed.legal_name,
        contract_name=decision.contract_name if decision else "",
    )


def _listed_values(row: PlacementRow) -> list[object]:
    plain = {"contract": row.contract and sv(row.contract)}
    return [plain.get(name, getattr(row, name)) for name in LIST_COLUMNS]


def without_case(row: PlacementRow) -> PlacementRow:
    """Return a row as somebody sees it who sees references and costs only."""
    return replace(row, case_id=None, case=None, caseworker_id=None, caseworker=None)


def _key(value: str | Contract | dt.date | None, by: By) -> str:
    """Return the row's key of a value that `placement_arrays.paid_by` splits by."""
    if by is By.NONE:
        return ALL
    if value is None:
        return _WITHOUT.get(by, WITHOUT_DECISION)
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    return sv(value) if isinstance(value, Contract) else value


def _fixed_keys(start: dt.date, end: dt.date, by: By) -> list[str]:
    if by is By.MONTH:
        return [f"{month:%Y-%m}" for month in months_between(start, end)]
    return [ALL] if by is By.NONE else []


def key_of(placed: Placed, decision: Decision | None, on: dt.date, by: By) -> str:
    """Return a placement's key: its kind, whose its case is on a day, or a decision's content."""
    if by is By.GROUP:
        return placed.held_by(on).group or WITHOUT_GROUP
    if by is By.CASEWORKER:
        return placed.held_by(on).caseworker or WITHOUT_CASEWORKER
    if by is By.KIND:
        return placed.kind
    if by is By.NONE:
        return ALL
    if decision is None:
        return WITHOUT_DECISION
    return sv(decision.contract) if by is By.CONTRACT else decision.provider


def _kept_key(row: KeptCost, by: By, known: Names | None) -> str:
    if known is not None:
        return known.caseworker(row.caseworker_id)
    if by is By.GROUP:
        return row.group or WITHOUT_GROUP
    if by is By.KIND:
        return row.kind
    if by is By.NONE:
        return ALL
    if row.contract is None or row.provider is None:
        return WITHOUT_DECISION
    return sv(row.contract) if by is By.CONTRACT else row.provider


def _add(sums: dict[str, DaysCost], key: str, paid: DaysCost) -> None:
    before = sums.get(key, NOTHING)
    sums[key] = DaysCost(before.days + paid.days, before.cost + paid.cost)


def in_order(keys: Iterable[str]) -> list[str]:
    """Return keys alphabetically in Swedish, those for what is missing last."""
    return sorted(names.in_order(keys), key=lambda key: key == WITHOUT_DECISION)
