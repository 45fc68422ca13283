"""Outcomes that follow the ledger when a mapping is changed, and when an import is undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Actor
from core.clock import now, today
from core.models import LedgerRow, Outcome
from core.queries import ledger_facts as facts
from core.queries.ledger_facts import LineMonth, OutcomeChange


def follow_mapping(
    session: Session, unit_id: int, touched: Collection[LineMonth], by: Actor
) -> int:
    """Book what changed mappings make some lines' months; returns how many were changed.

    A line that no row is mapped to any more gets 0: what was booked there is another line's now.
    """
    changed = _changes(session, unit_id, touched)
    moved = [one for one in changed if one.new is not None or one.old]
    _book(session, moved, by)
    return len(moved)


def follow_undone(session: Session, unit_id: int, run_id: int, by: Actor) -> int:
    """Let outcomes be as the ledger is without an undone import; returns how many were changed.

    What was typed in meanwhile stays. Where the ledger says nothing of a month any more, what it had
    made is voided, so that what was typed in before counts again.
    """
    months = set(
        session.exec(select(col(LedgerRow.month)).where(col(LedgerRow.run_id) == run_id).distinct())
    )
    years = {month.year for month in months}
    touched = {
        (line, month)
        for year, line in facts.lines(session, unit_id, years)
        for month in months
        if month.year == year
    }
    changed = _changes(session, unit_id, touched)
    gone = {row_id for one in changed if one.new is None for row_id in one.made}
    for row in session.exec(select(Outcome).where(col(Outcome.id).in_(sorted(gone)))):
        row.voided_at, row.voided_by_id = now(), by.user_id
    moved = [one for one in changed if one.new is not None and not one.typed]
    _book(session, moved, by)
    return len(moved) + len(gone)


def _changes(session: Session, unit_id: int, touched: Collection[LineMonth]) -> list[OutcomeChange]:
    months: set[dt.date] = {month for _line, month in touched}
    found = facts.amounts(session, unit_id, months, on=today())
    to = facts.lines_of(facts.mappings(session, unit_id))
    return facts.changes(session, unit_id, found, to, touched, on=today())


def _book(session: Session, changed: Iterable[OutcomeChange], by: Actor) -> None:
    for one in changed:
        session.add(
            Outcome(
                line_id=one.line_id,
                month=one.month,
                amount=Decimal(0) if one.new is None else one.new,
                booked_on=today(),
                from_ledger=True,
                created_by_id=by.user_id,
            )
        )
    session.flush()
