"""The ledger's rows, what they are mapped to, and the lines' outcomes: in a few statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.models import BudgetLine, LedgerMapping, LedgerRow, Outcome
from core.rules import ledger as rules
from core.rules.dates import latest_by
from core.rules.ledger import Amounts, Booked, Combination, LineName


class Mapped(NamedTuple):
    """A mapping: its row, and the line that it points to; `rules.LEFT_OUT` for none on purpose."""

    id: int
    line: LineName


class BookedOutcome(NamedTuple):
    """A row of a line's month."""

    id: int
    amount: Decimal
    booked_on: dt.date
    from_ledger: bool


class LineId(NamedTuple):
    """A budget line of a year, with its budget."""

    id: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """What a line's outcome of a month is, and what the ledger's rows make it.

    `old` None: nothing is booked. `new` None: no row of the ledger is mapped to the line that month.
    `typed` tells that what is booked was typed in; `made` are the rows that the ledger has made.
    """

    line_id: int
    line: LineName
    month: dt.date
    old: Decimal | None
    new: Decimal | None
    typed: bool = False
    made: tuple[int, ...] = ()


LineMonth = tuple[LineName, dt.date]


def amounts(session: Session, unit_id: int, months: Collection[dt.date], *, on: dt.date) -> Amounts:
    """Return the amounts that count at a day, of some months."""
    return rules.counting(booked(session, unit_id, months), on)


def booked(session: Session, unit_id: int, months: Collection[dt.date]) -> list[Booked]:
    """Return the unit's valid rows of some months in the order that they were made."""
    rows = session.execute(
        select(
            col(LedgerRow.account),
            col(LedgerRow.cost_centre),
            col(LedgerRow.activity),
            col(LedgerRow.month),
            col(LedgerRow.amount),
            col(LedgerRow.booked_on),
        )
        .where(col(LedgerRow.unit_id) == unit_id, col(LedgerRow.month).in_(sorted(months)))
        .where(col(LedgerRow.voided_at).is_(None))
        .order_by(col(LedgerRow.id))
    )
    return [
        Booked(Combination(account, centre, activity), month, amount, booked_on)
        for account, centre, activity, month, amount, booked_on in rows
    ]


def mappings(session: Session, unit_id: int) -> dict[Combination, Mapped]:
    """Return what the unit's combinations are mapped to."""
    rows = session.execute(
        select(
            col(LedgerMapping.id),
            col(LedgerMapping.account),
            col(LedgerMapping.cost_centre),
            col(LedgerMapping.activity),
            col(LedgerMapping.section),
            col(LedgerMapping.line),
        )
        .where(col(LedgerMapping.unit_id) == unit_id)
        .where(col(LedgerMapping.voided_at).is_(None))
    )
    return {
        Combination(account, centre, activity): Mapped(row_id, LineName(section, line))
        for row_id, account, centre, activity, section, line in rows
    }


def lines_of(found: Mapping[Combination, Mapped]) -> dict[Combination, LineName]:
    """Return mappings without their rows, as the rules read them."""
    return {combination: mapped.line for combination, mapped in found.items()}


def lines(
    session: Session, unit_id: int, years: Iterable[int]
) -> dict[tuple[int, LineName], LineId]:
    """Return the unit's budget lines of some years."""
    rows = session.execute(
        select(
            col(BudgetLine.year),
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(BudgetLine.id),
            col(BudgetLine.amount),
        )
        .where(col(BudgetLine.unit_id) == unit_id)
        .where(col(BudgetLine.year).in_(sorted(set(years))))
        .order_by(col(BudgetLine.section), col(BudgetLine.name))
    )
    return {
        (year, LineName(section, name)): LineId(line_id, amount)
        for year, section, name, line_id, amount in rows
    }


def years_with_budget(session: Session, unit_id: int) -> set[int]:
    """Return the years that the unit has a budget for."""
    own = select(col(BudgetLine.year)).where(col(BudgetLine.unit_id) == unit_id).distinct()
    return set(session.scalars(own))


def changes(
    session: Session,
    unit_id: int,
    found: Amounts,
    to: Mapping[Combination, LineName],
    touched: Collection[LineMonth],
    *,
    on: dt.date,
) -> list[OutcomeChange]:
    """Return which outcomes the ledger's amounts change, by line and month.

    Args:
        session: A session.
        unit_id: The unit.
        found: Every amount that counts of the months in question.
        to: What the combinations are mapped to.
        touched: The lines and months to look at; a line that the year lacks is passed over.
        on: Today.
    """
    expected = rules.outcomes(found, to)
    by_year = lines(session, unit_id, {month.year for _line, month in touched})
    known = {
        (line, month): by_year[month.year, line].id
        for line, month in touched
        if (month.year, line) in by_year
    }
    rows = _outcomes(session, set(known.values()), {month for _line, month in known})
    changed = []
    for (line, month), line_id in sorted(known.items()):
        made = rows[line_id, month]
        now = latest_by(made, lambda row: row.booked_on, on)
        new, old = expected.get((line, month)), None if now is None else now.amount
        if new != old:
            typed = now is not None and not now.from_ledger
            own = tuple(row.id for row in made if row.from_ledger)
            changed.append(OutcomeChange(line_id, line, month, old, new, typed, own))
    return changed


def _outcomes(
    session: Session, line_ids: set[int], months: set[dt.date]
) -> defaultdict[tuple[int, dt.date], list[BookedOutcome]]:
    rows = session.execute(
        select(
            col(Outcome.line_id),
            col(Outcome.month),
            col(Outcome.id),
            col(Outcome.amount),
            col(Outcome.booked_on),
            col(Outcome.from_ledger),
        )
        .where(col(Outcome.line_id).in_(sorted(line_ids)))
        .where(col(Outcome.month).in_(sorted(months)))
        .where(col(Outcome.voided_at).is_(None))
        .order_by(col(Outcome.booked_on), col(Outcome.id))
    )
    found: defaultdict[tuple[int, dt.date], list[BookedOutcome]] = defaultdict(list)
    for line_id, month, *values in rows:
        found[line_id, month].append(BookedOutcome(*values))
    return found
