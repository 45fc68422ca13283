"""Results of earlier years that documents state, such as an annual report, written by the controller."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Actor, Permission
from core.clock import today
from core.models import Area, YearResult
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import void
from core.services.round_checks import check_amount, lock_unit, unit_of

EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class NewResult:
    """A year's budget - outcome in kronor, above 0 a surplus, and the document that states it."""

    year: int
    amount: Decimal | None
    source_name: str


def state_result(session: Session, new: NewResult, *, by: Actor, key: str | None = None) -> int:
    """Write what a document states of a year; what was written before is voided. Returns the id."""
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = unit_of(by, Permission.EDIT_BUDGET)
    source = new.source_name.strip()
    checks = Checks()
    last = today().year - 1
    checks.refuse_if(
        not EARLIEST_YEAR <= new.year <= last,
        "year",
        f"Ange ett år från {EARLIEST_YEAR} till {last}.",
    )
    check_amount(checks, "amount", new.amount)
    checks.refuse_if(not source, "source_name", "Ange dokumentet som resultatet står i.")
    checks.guard_text("source_name", source, longest=200)
    checks.done()
    lock_unit(session, unit_id)
    before = session.exec(
        select(YearResult)
        .where(col(YearResult.unit_id) == unit_id, col(YearResult.year) == new.year)
        .where(col(YearResult.voided_at).is_(None))
    ).first()
    if before is not None:
        void(before, by)
        session.add(before)
        session.flush()
    assert new.amount is not None  # noqa: S101  (refused above)
    row = YearResult(
        unit_id=unit_id,
        year=new.year,
        amount=new.amount,
        source_name=source,
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    details = {"year": new.year, "amount": new.amount}
    moved = [(Area.BUDGET, dt.date(new.year, 1, 1))]
    record(
        session,
        Event("state_result", "year_result", row.id, unit_id, moved, details),
        by=by,
        key=key,
    )
    assert row.id is not None  # noqa: S101  (flushed above)
    return row.id
