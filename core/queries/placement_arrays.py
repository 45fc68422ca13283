"""Placements as columns for `core.rules.cost_engine`, in three statements whatever their number.

The same placements as `placement_facts.of_interval` gives one by one;
`tests/core/queries/test_placement_arrays.py` holds their costs equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, Select, and_, or_, select, type_coerce
from sqlmodel import Session, col

from core.auth import Scope
from core.models import (
    Case,
    CaseAssignment,
    Caseworker,
    DayRate,
    Group,
    Placement,
    PlacementDecision,
    PlacementKind,
)
from core.queries.keys import By
from core.queries.selects import assignment_id_on
from core.rules.cost_engine import (
    NEVER,
    Ints,
    Pieces,
    PlacementArrays,
    by_key,
    by_month,
    kronor,
    pieces,
)
from core.rules.dates import ONE_DAY, months_between
from core.rules.placements import DaysCost
from core.terms import Contract

Objects = npt.NDArray[np.object_]
PART = 5_000


@dataclass(frozen=True, slots=True)
class LoadedPlacements:
    """Placements as columns, with what their cost is split by.

    `kind`, `group` and `caseworker` have a place in `kinds` and so on for each placement,
    `contract` and `provider` for each decision; -1 is none. Group and caseworker are those that
    hold the case on the interval's last day, or on `today` if that is earlier.
    """

    arrays: PlacementArrays
    kinds: tuple[str, ...]
    kind: Ints
    groups: tuple[str, ...]
    group: Ints
    caseworkers: tuple[str, ...]
    caseworker: Ints
    contracts: tuple[Contract, ...]
    contract: Ints
    providers: tuple[str, ...]
    provider: Ints


def of_interval(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date
) -> LoadedPlacements:
    """Return what can have a day in start..end paid or committed as known on `today`.

    Of the cases in scope on the interval's last day, or on `today` if that is earlier.
    """
    paid = and_(
        col(Placement.unit_id) == scope.unit_id,
        col(Placement.voided_at).is_(None),
        col(Placement.starts_on) <= end,
        or_(
            col(Placement.ended_on).is_(None),
            col(Placement.ended_on) >= min(start, today + ONE_DAY),
        ),
    )
    chosen = _placements(paid, scope, min(end, today))
    ids, starts, ends, kinds, groups, caseworkers = _columns(session, chosen, 6)
    placed = _Places(_ints(ids))
    rate_of, rate_from, ore = _dated(session, placed, _rates(paid), 4)
    decision_of, decided, planned, providers, contracts = _dated(
        session, placed, _decisions(paid), 6
    )
    kind_codes, kind_names = _coded(kinds)
    group_codes, group_names = _coded(groups)
    caseworker_codes, caseworker_names = _coded(caseworkers)
    contract_codes, contract_names = _coded(contracts)
    provider_codes, provider_names = _coded(providers)
    return LoadedPlacements(
        arrays=PlacementArrays(
            starts_on=_days(starts),
            ended_on=_days(ends),
            rate_of=rate_of,
            rate_from=rate_from,
            rate_ore=_ints(ore),
            decision_of=decision_of,
            decided_on=decided,
            planned_end_on=_days(planned),
        ),
        kinds=kind_names,
        kind=kind_codes,
        groups=group_names,
        group=group_codes,
        caseworkers=caseworker_names,
        caseworker=caseworker_codes,
        contracts=contract_names,
        contract=contract_codes,
        providers=provider_names,
        provider=provider_codes,
    )


def paid_by(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date, by: By
) -> dict[str | Contract | dt.date | None, DaysCost]:
    """Return paid and committed days of start..end and their cost in kronor, by key.

    The key is a kind's, group's, caseworker's or provider's name, a contract or a month's first
    day; None where there is none, and for all together. Only keys with a paid day.
    """
    loaded = of_interval(session, scope, start=start, end=end, today=today)
    found = pieces(loaded.arrays, start, end, today)
    if by is By.MONTH:
        paid = by_month(found, start, end)
        months = months_between(start, end)
        return _with_days(months, paid.days[0], paid.ore[0])
    names, codes = _keys(loaded, found, by)
    sums = by_key(found, np.where(codes < 0, len(names), codes), len(names) + 1)
    return _with_days((*names, None), sums.days, sums.ore)


def _keys(loaded: LoadedPlacements, found: Pieces, by: By) -> tuple[tuple[Any, ...], Ints]:
    """Return the keys to split by, and each piece's place among them, -1 for none."""
    if by is By.KIND:
        return loaded.kinds, loaded.kind[found.placement]
    if by is By.GROUP:
        return loaded.groups, loaded.group[found.placement]
    if by is By.CASEWORKER:
        return loaded.caseworkers, loaded.caseworker[found.placement]
    if by is By.NONE:
        return (), np.full(len(found.ore), -1, np.int64)
    by_contract = by is By.CONTRACT
    names = loaded.contracts if by_contract else loaded.providers
    codes = loaded.contract if by_contract else loaded.provider
    return names, np.append(codes, -1)[found.decision]  # the last is for no decision


def _with_days(keys: Iterable[Any], days: Ints, ore: Ints) -> dict[Any, DaysCost]:
    rows = zip(keys, days.tolist(), ore, strict=True)
    return {key: DaysCost(number, kronor(cost)) for key, number, cost in rows if number}


class _Places:
    """Where each placement's id stands among the placements."""

    def __init__(self, ids: Ints) -> None:
        self._order = np.argsort(ids)
        self._sorted = ids[self._order]

    def of(self, ids: Ints) -> Ints:
        """Return the place of each id, -1 for one that is not among the placements."""
        if not len(self._order):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self._sorted, ids), len(self._order) - 1)
        return np.where(self._sorted[at] == ids, self._order[at], -1)


def _dated(session: Session, placed: _Places, statement: Any, width: int) -> list[Any]:
    """Return a dated table's columns after its id, ordered as `PlacementArrays` says.

    The first two are the placement, as a place, and the day. Rows of other placements are left out.
    """
    row_ids, owners, days, *others = _columns(session, statement, width)
    of, ordinals = placed.of(_ints(owners)), _days(days)
    order = np.lexsort((_ints(row_ids), ordinals, of))
    order = order[of[order] >= 0]
    return [of[order], ordinals[order], *(column[order] for column in others)]


def _columns(session: Session, statement: Any, width: int) -> list[Objects]:
    """Return a statement's rows as columns; a part of the rows at a time, which costs less."""
    result = session.connection().execute(statement)
    parts = [
        [_objects(column) for column in zip(*rows, strict=True)] for rows in result.partitions(PART)
    ]
    if not parts:
        return [_objects(())] * width
    return [np.concatenate(columns) for columns in zip(*parts, strict=True)]


def _placements(
    paid: ColumnElement[bool], scope: Scope, held_on: dt.date
) -> Select[*tuple[Any, ...]]:
    """Select the placements of the cases in scope on a day, and the group that holds each."""
    narrowed = (
        (col(CaseAssignment.group_id), scope.group_id),
        (col(CaseAssignment.caseworker_id), scope.caseworker_id),
    )
    return (
        select(
            col(Placement.id),
            col(Placement.starts_on),
            col(Placement.ended_on),
            col(PlacementKind.name),
            col(Group.name),
            col(Caseworker.name),
        )
        .join(PlacementKind, col(PlacementKind.id) == col(Placement.kind_id))
        .join(Case, col(Case.id) == col(Placement.case_id))
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(held_on))
        .outerjoin(Group, col(Group.id) == col(CaseAssignment.group_id))
        .outerjoin(Caseworker, col(Caseworker.id) == col(CaseAssignment.caseworker_id))
        .where(paid, col(Case.voided_at).is_(None))
        .where(*(column == wanted for column, wanted in narrowed if wanted is not None))
    )


def _rates(paid: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select rates with their amount in öre, as it is stored."""
    return (
        select(
            col(DayRate.id),
            col(DayRate.placement_id),
            col(DayRate.valid_from),
            type_coerce(col(DayRate.amount), BigInteger),
        )
        .join(Placement, col(Placement.id) == col(DayRate.placement_id))
        .where(paid, col(DayRate.voided_at).is_(None))
    )


def _decisions(paid: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(PlacementDecision.id),
            col(PlacementDecision.placement_id),
            col(PlacementDecision.decided_on),
            col(PlacementDecision.planned_end_on),
            col(PlacementDecision.provider),
            col(PlacementDecision.contract),
        )
        .join(Placement, col(Placement.id) == col(PlacementDecision.placement_id))
        .where(paid, col(PlacementDecision.voided_at).is_(None))
    )


def _coded(values: Any) -> tuple[Ints, tuple[Any, ...]]:
    """Return each value's place among the distinct ones, -1 for None, and those."""
    codes, distinct = pd.factorize(values)
    return codes.astype(np.int64), tuple(distinct)


def _days(days: Any) -> Ints:
    """Return days as ordinals, `NEVER` for None. There are few distinct ones."""
    codes, distinct = _coded(days)
    return _ints([*(day.toordinal() for day in distinct), NEVER])[codes]  # -1 is the last


def _ints(numbers: Any) -> Ints:
    return np.asarray(numbers, dtype=np.int64)


def _objects(values: Any) -> Objects:
    return np.asarray(values, dtype=object)
