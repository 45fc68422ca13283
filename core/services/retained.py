"""Keeping what cases counted as, before they are removed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from core.models import RetainedCost, RetainedCount
from core.queries.past_cases import past_cases
from core.rules.retained_costs import CostChanges, CostKey, Rates, added, cost_changes
from core.rules.retention import Changes, CountKey, changes

ROWS = 5_000


def keep(session: Session, unit_id: int, batches: Iterable[Sequence[int]]) -> None:
    """Add what some cases of a unit count as to what its removed cases count as already.

    All of the unit's rows are written anew in an order of their own, so that neither a row nor its
    place tells which cases, or which removal, it came from.
    """
    counts = _known_counts(session, unit_id)
    costs = [_known_costs(session, unit_id)]
    for ids in batches:
        for loaded in past_cases(session, ids):
            counts.update(changes(loaded.case))
            costs += (
                cost_changes(facts, kind_id, loaded.case.held)
                for facts, kind_id in zip(loaded.case.placements, loaded.kind_ids, strict=True)
            )
    _write(session, RetainedCount, unit_id, _count_rows(counts))
    _write(session, RetainedCost, unit_id, _cost_rows(added(costs)))


def _known_counts(session: Session, unit_id: int) -> Changes:
    rows = session.execute(
        select(
            *(getattr(RetainedCount, field.name) for field in fields(CountKey)),
            col(RetainedCount.day),
            col(RetainedCount.number),
        ).where(col(RetainedCount.unit_id) == unit_id)
    )
    return Changes({(CountKey(*key), day): number for *key, day, number in rows})


def _known_costs(session: Session, unit_id: int) -> CostChanges:
    rows = session.execute(
        select(
            *(getattr(RetainedCost, field.name) for field in fields(CostKey)),
            col(RetainedCost.known_on),
            col(RetainedCost.paid_on),
            col(RetainedCost.number),
            col(RetainedCost.amount),
        ).where(col(RetainedCost.unit_id) == unit_id)
    )
    return {
        (CostKey(*key), known_on, paid_on): Rates(number, amount)
        for *key, known_on, paid_on, number, amount in rows
    }


def _count_rows(counts: Counter[tuple[CountKey, dt.date]]) -> list[dict[str, Any]]:
    return [
        _columns(key) | {"day": day, "number": number}
        for (key, day), number in counts.items()
        if number
    ]


def _cost_rows(costs: CostChanges) -> list[dict[str, Any]]:
    return [
        _columns(key)
        | {"known_on": known, "paid_on": paid, "number": rates.number, "amount": rates.amount}
        for (key, known, paid), rates in costs.items()
    ]


def _columns(key: CountKey | CostKey) -> dict[str, Any]:
    return dict(zip((field.name for field in fields(key)), astuple(key), strict=True))


def _write(
    session: Session,
    table: type[RetainedCount] | type[RetainedCost],
    unit_id: int,
    rows: list[dict[str, Any]],
) -> None:
    session.execute(delete(table).where(col(table.unit_id) == unit_id))
    rows.sort(key=lambda row: [str(value) for value in row.values()])
    for first in range(0, len(rows), ROWS):
        part = [row | {"unit_id": unit_id} for row in rows[first : first + ROWS]]
        session.execute(insert(table), part)
