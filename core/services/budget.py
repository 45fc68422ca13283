"""Budget lines, their monthly outcome and their prognoses, written by the unit's controller.

Outcome and prognoses are dated rows that are added, never changed (domain: Budget). Amounts are net
cost in kronor, income negative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError, Scope
from core.models import Area, BudgetLine, Outcome, PlacementKind, Prognosis
from core.queries.budget import budget_table
from core.rules.dates import month_end, month_start
from core.rules.ledger import LineName
from core.rules.shares import Number
from core.services.base import Checks, Event, already_done, record
from core.services.budget_access import check_amount, line_of_unit
from core.services.case_checks import not_in_future, void
from core.services.conflicts import same_version
from core.services.ledger_outcomes import follow_mapping
from core.services.questions import Questions
from core.services.round_checks import ask_about_unit

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
ALWAYS = dt.date(EARLIEST_YEAR, 1, 1)
Row = TypeVar("Row", Outcome, Prognosis)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line of the unit's budget for a year. The same line in another year has the same names."""

    year: int
    section: str
    name: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class NewOutcome:
    """A month's booked amount. `month` is any day of it; the latest booked is what counts."""

    month: dt.date
    amount: Decimal | None
    booked_on: dt.date


@dataclass(frozen=True, slots=True)
class NewPrognosis:
    """What a line is expected to cost over the whole year, as of the day it was made.

    `confirmed` answers yes to whether an unlikely amount is in the right unit.
    """

    amount: Decimal | None
    made_on: dt.date
    comment: str = ""
    confirmed: bool = False


def add_line(session: Session, new: NewLine, *, by: Actor, key: str | None = None) -> int:
    """Add a line to the unit's budget of a year. Returns the line's id.

    What the ledger already has for a line of that name in the year is its outcome at once.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(by)
    section, name = new.section.strip(), new.name.strip()
    checks = Checks()
    for field, value, longest in (("section", section, 80), ("name", name, 120)):
        checks.refuse_if(not value, field, "Fyll i fältet.")
        checks.guard_text(field, value, longest=longest)
    checks.refuse_if(
        not EARLIEST_YEAR <= new.year <= LATEST_YEAR, "year", "Ange året med fyra siffror."
    )
    check_amount(checks, "amount", new.amount)
    same = session.exec(
        select(BudgetLine.id)
        .where(col(BudgetLine.unit_id) == unit_id)
        .where(col(BudgetLine.year) == new.year)
        .where(col(BudgetLine.section) == section)
        .where(col(BudgetLine.name) == name)
    ).first()
    checks.refuse_if(same is not None, "name", f"Raden finns redan i budgeten för {new.year}.")
    checks.done()
    assert new.amount is not None  # noqa: S101  (refused above)
    row = BudgetLine(unit_id=unit_id, year=new.year, section=section, name=name, amount=new.amount)
    details = {"year": new.year, "amount": new.amount}
    line_id = _save(session, ("add_line", row, dt.date(new.year, 1, 1), details), by, key)
    months = [dt.date(new.year, number, 1) for number in range(1, 13)]
    follow_mapping(session, unit_id, {(LineName(section, name), month) for month in months}, by)
    return line_id


def change_line_amount(
    session: Session,
    line_id: int,
    amount: Decimal | None,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Change a line's budget for the whole year. Returns the line's id.

    The audit log keeps the amount that was.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    line = _line(session, line_id, by)
    same_version(line, version)
    checks = Checks()
    check_amount(checks, "amount", amount)
    checks.done()
    assert amount is not None  # noqa: S101  (refused above)
    details = {"amount": amount, "was": line.amount}
    line.amount = amount
    return _save(session, ("change_amount", line, dt.date(line.year, 1, 1), details), by, key)


def set_outcome(
    session: Session, line_id: int, new: NewOutcome, *, by: Actor, key: str | None = None
) -> int:
    """Book a month's amount of a line; what was booked before is kept. Returns the row's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    line = _line(session, line_id, by)
    checks = Checks()
    check_amount(checks, "amount", new.amount)
    last_day = month_end(new.month)
    checks.refuse_if(
        new.month.year != line.year, "month", f"Raden gäller {line.year}. Välj en månad i det året."
    )
    not_in_future(checks, "booked_on", new.booked_on)
    checks.refuse_if(
        new.booked_on < last_day,
        "booked_on",
        f"Månaden slutar {last_day}. Utfallet bokas den dagen eller senare.",
    )
    checks.done()
    assert new.amount is not None  # noqa: S101  (refused above)
    row = Outcome(
        line_id=line_id,
        month=month_start(new.month),
        amount=new.amount,
        booked_on=new.booked_on,
        created_by_id=by.user_id,
    )
    details = {"line_id": line_id, "month": row.month, "amount": new.amount}
    return _save(session, ("set_outcome", row, new.booked_on, details), by, key)


def set_prognosis(
    session: Session, line_id: int, new: NewPrognosis, *, by: Actor, key: str | None = None
) -> int:
    """Say what a line is expected to cost over the year; earlier ones are kept. Returns the id."""
    done = already_done(session, key)
    if done is not None:
        return done
    line = _line(session, line_id, by)
    checks = Questions(confirmed=new.confirmed)
    check_amount(checks, "amount", new.amount)
    if new.amount is not None:
        ask_about_unit(checks, new.amount, _known(session, line, new.made_on))
    not_in_future(checks, "made_on", new.made_on)
    checks.refuse_if(
        new.made_on.year > line.year,
        "made_on",
        f"Året {line.year} är slut. En prognos görs senast {line.year}-12-31.",
    )
    checks.guard_text("comment", new.comment, longest=500)
    checks.done()
    assert new.amount is not None  # noqa: S101  (refused above)
    row = Prognosis(
        line_id=line_id,
        amount=new.amount,
        made_on=new.made_on,
        comment=new.comment.strip(),
        created_by_id=by.user_id,
    )
    details = {"line_id": line_id, "amount": new.amount, "made_on": new.made_on}
    return _save(session, ("set_prognosis", row, new.made_on, details), by, key)


def void_outcome(session: Session, outcome_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void an outcome booked by mistake: what was booked before counts again. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = _valid(session, Outcome, outcome_id, by)
    void(row, by)
    return _save(session, ("void", row, row.booked_on, {"line_id": row.line_id}), by, key)


def void_prognosis(
    session: Session, prognosis_id: int, *, by: Actor, key: str | None = None
) -> int:
    """Void a prognosis made by mistake: the one before counts again. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = _valid(session, Prognosis, prognosis_id, by)
    void(row, by)
    return _save(session, ("void", row, row.made_on, {"line_id": row.line_id}), by, key)


def pay_kind_from(
    session: Session, kind_id: int, line_id: int | None, *, by: Actor, key: str | None = None
) -> int:
    """Let a kind of placement be paid by a line, in every year; None by no line. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(by)
    kind = session.get(PlacementKind, kind_id)
    if kind is None or kind.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    line = None if line_id is None else _line(session, line_id, by)
    kind.budget_section = line.section if line else None
    kind.budget_line = line.name if line else None
    return _save(session, ("pay_from", kind, ALWAYS, {"line_id": line_id}), by, key)


def _unit(by: Actor) -> int:
    by.require(Permission.EDIT_BUDGET)
    if by.unit_id is None:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    return by.unit_id


def _line(session: Session, line_id: int, by: Actor) -> BudgetLine:
    """Return a line of the user's unit, locked until the end. Denied if there is none."""
    return line_of_unit(session, line_id, by=by, permission=Permission.EDIT_BUDGET)


def _valid(session: Session, table: type[Row], row_id: int, by: Actor) -> Row:
    """Return a row of the user's unit that is not voided, with its line locked."""
    _unit(by)
    row = session.get(table, row_id)
    if row is None:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    _line(session, row.line_id, by)
    session.refresh(row)  # it may have been voided while the line was locked
    if row.voided_at is not None:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    return row


def _known(session: Session, line: BudgetLine, on: dt.date) -> Iterable[Number | None]:
    """Return the amounts of a whole year that are known of a line on a day, its budget first."""
    table = budget_table(session, Scope(line.unit_id), on=on)
    found = next((row.figures for row in table.lines if row.id == line.id), None)
    if found is None:
        return (line.amount,)
    computed = (found.run_rate, found.last_year_pattern, found.bottom_up)
    return (line.amount, found.prognosis, *computed)


def _save(
    session: Session,
    what: tuple[
        str, BudgetLine | Outcome | Prognosis | PlacementKind, dt.date, Mapping[str, object]
    ],
    by: Actor,
    key: str | None,
) -> int:
    """Write a row and its event, which moves the figures from a day on. Returns the row's id."""
    action, row, day, details = what
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    moved = [(Area.BUDGET, day)]
    if isinstance(row, PlacementKind):
        moved.append((Area.PLACEMENTS, day))  # a placement's cost is read with the line that pays
    event = Event(action, str(row.__tablename__), row.id, by.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
