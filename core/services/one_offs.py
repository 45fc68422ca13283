"""State grants and one-off items inside the outcome, kept apart by the controller."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import today
from core.models import Area, BudgetLine, OneOffItem
from core.rules.dates import month_start
from core.services.base import Checks, Event, already_done, record
from core.services.budget_access import check_amount, line_of_unit
from core.services.case_checks import void
from core.services.field_checks import check_required, check_texts
from core.terms import OneOffKind


@dataclass(frozen=True, slots=True)
class NewItem:
    """An amount inside a line's outcome of a month (any day of it): an income is negative."""

    month: dt.date
    kind: OneOffKind
    name: str
    amount: Decimal | None


def add_item(
    session: Session, line_id: int | None, new: NewItem, *, by: Actor, key: str | None = None
) -> int:
    """Keep an amount of a line's month apart. Returns the item's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(Permission.EDIT_BUDGET)
    line = None
    if line_id is not None:
        line = line_of_unit(session, line_id, by=by, permission=Permission.EDIT_BUDGET)
    checks, month = Checks(), month_start(new.month)
    checks.refuse_if(line is None, "line_id", "Välj vilken budgetpost beloppet ligger på.")
    check_required(checks, name=new.name)
    check_texts(checks, name=(new.name, 120))
    check_amount(checks, "amount", new.amount)
    checks.refuse_if(new.amount == 0, "amount", "Ange ett belopp som inte är 0.")
    checks.refuse_if(
        new.kind is OneOffKind.STATE_GRANT and new.amount is not None and new.amount > 0,
        "amount",
        "En generalschablon är en intäkt. Skriv beloppet med minus.",
    )
    checks.refuse_if(
        line is not None and month.year != line.year, "month", "Välj en månad i budgetens år."
    )
    checks.refuse_if(month > today(), "month", "Välj en månad som har börjat.")
    checks.done()
    assert line is not None  # noqa: S101  (refused above)
    assert line_id is not None  # noqa: S101  (refused above)
    assert new.amount is not None  # noqa: S101  (refused above)
    row = OneOffItem(
        line_id=line_id,
        month=month,
        kind=new.kind,
        name=new.name.strip(),
        amount=new.amount,
        created_by_id=by.user_id,
    )
    return _saved(session, row, line, "add", by, key)


def void_item(session: Session, item_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void an item that was added by mistake. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(Permission.EDIT_BUDGET)
    row = session.get(OneOffItem, item_id)
    if row is None:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    line = line_of_unit(session, row.line_id, by=by, permission=Permission.EDIT_BUDGET)
    session.refresh(row)  # it may have been voided while the line was locked
    if row.voided_at is not None:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    void(row, by)
    return _saved(session, row, line, "void", by, key)


def _saved(
    session: Session, row: OneOffItem, line: BudgetLine, action: str, by: Actor, key: str | None
) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details = {"line_id": row.line_id, "kind": row.kind, "month": row.month, "amount": row.amount}
    moved = [(Area.BUDGET, row.month)]
    event = Event(action, "one_off_item", row.id, line.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
