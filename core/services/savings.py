"""The action plan (åtgärdsplan): measures on budget lines, and what they did month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import today
from core.models import Area, BudgetLine, SavingsFollowUp, SavingsMeasure
from core.rules.dates import month_start
from core.services.base import Checks, Event, already_done, record
from core.services.budget_access import check_amount, line_of_unit
from core.services.case_checks import void
from core.services.conflicts import same_version
from core.services.field_checks import check_required, check_texts
from core.terms import ActivityStatus


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """A measure: what is done, by whom, from when, and what it should save in kronor a month.

    `monthly_effect` above 0 lowers the cost. `ends_on` is empty when it goes on.
    """

    name: str
    owner: str
    starts_on: dt.date
    monthly_effect: Decimal | None
    ends_on: dt.date | None = None
    status: ActivityStatus = ActivityStatus.NOT_STARTED


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """What a measure did save in a month. `month` is any day of it."""

    month: dt.date
    effect: Decimal | None
    comment: str = ""


def add_measure(
    session: Session, line_id: int | None, new: NewMeasure, *, by: Actor, key: str | None = None
) -> int:
    """Add a measure to a line's action plan. Returns the measure's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(Permission.EDIT_SAVINGS)
    line = None
    if line_id is not None:
        line = line_of_unit(session, line_id, by=by, permission=Permission.EDIT_SAVINGS)
    _check(line, new)
    assert line is not None  # noqa: S101  (refused above)
    assert line_id is not None  # noqa: S101  (refused above)
    row = SavingsMeasure(line_id=line_id, created_by_id=by.user_id, **_columns(new))
    return _saved(session, row, line, "add", by, key)


def change_measure(
    session: Session,
    measure_id: int,
    new: NewMeasure,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Change a measure. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row, line = _measure(session, measure_id, by)
    same_version(row, version)
    _check(line, new)
    for name, value in _columns(new).items():
        setattr(row, name, value)
    return _saved(session, row, line, "change", by, key)


def void_measure(
    session: Session, measure_id: int, *, version: int, by: Actor, key: str | None = None
) -> int:
    """Void a measure that was added by mistake, with what was followed up. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row, line = _measure(session, measure_id, by)
    same_version(row, version)
    void(row, by)
    for one in _follow_ups(session, measure_id):
        void(one, by)
    return _saved(session, row, line, "void", by, key)


def follow_up(
    session: Session, measure_id: int, new: NewFollowUp, *, by: Actor, key: str | None = None
) -> int:
    """Say what a measure did save in a month; what was said before is voided. Returns the id."""
    done = already_done(session, key)
    if done is not None:
        return done
    measure, line = _measure(session, measure_id, by)
    checks, month = Checks(), month_start(new.month)
    check_amount(checks, "effect", new.effect)
    checks.refuse_if(month > today(), "month", "Välj en månad som har börjat.")
    checks.refuse_if(
        month < month_start(measure.starts_on),
        "month",
        f"Åtgärden börjar {measure.starts_on}. Välj den månaden eller en senare.",
    )
    checks.refuse_if(
        measure.ends_on is not None and month > measure.ends_on,
        "month",
        f"Åtgärden slutar {measure.ends_on}. Välj den månaden eller en tidigare.",
    )
    checks.refuse_if(
        month.year != line.year, "month", f"Posten gäller {line.year}. Välj en månad i det året."
    )
    check_texts(checks, comment=(new.comment, 300))
    checks.done()
    assert new.effect is not None  # noqa: S101  (refused above)
    for one in _follow_ups(session, measure_id):
        if one.month == month:
            void(one, by)
    session.flush()
    row = SavingsFollowUp(
        measure_id=measure_id,
        month=month,
        effect=new.effect,
        comment=new.comment.strip(),
        created_by_id=by.user_id,
    )
    return _saved(session, row, line, "follow_up", by, key)


def _check(line: BudgetLine | None, new: NewMeasure) -> None:
    checks = Checks()
    checks.refuse_if(line is None, "line_id", "Välj vilken budgetpost åtgärden sparar på.")
    check_required(checks, name=new.name, owner=new.owner)
    check_texts(checks, name=(new.name, 200), owner=(new.owner, 120))
    check_amount(checks, "monthly_effect", new.monthly_effect)
    checks.refuse_if(
        new.monthly_effect is not None and new.monthly_effect <= 0,
        "monthly_effect",
        "Ange vad åtgärden sparar i kronor per månad, ett tal över 0.",
    )
    if line is not None:
        _check_against(checks, line, new)
    checks.refuse_if(
        new.ends_on is not None and new.ends_on < new.starts_on,
        "ends_on",
        f"Åtgärden slutar före sin början {new.starts_on}. Ange en senare dag eller lämna tomt.",
    )
    checks.done()


def _check_against(checks: Checks, line: BudgetLine, new: NewMeasure) -> None:
    checks.refuse_if(
        new.monthly_effect is not None and new.monthly_effect > abs(line.amount),
        "monthly_effect",
        f"Effekten per månad är större än hela årets budget för posten, {line.amount:.0f} kronor. "
        "Ange kronor per månad.",
    )
    checks.refuse_if(
        new.starts_on.year > line.year,
        "starts_on",
        f"Posten gäller {line.year}. Åtgärden ska börja senast det året.",
    )


def _columns(new: NewMeasure) -> dict[str, Any]:
    return {
        "name": new.name.strip(),
        "owner": new.owner.strip(),
        "starts_on": new.starts_on,
        "ends_on": new.ends_on,
        "monthly_effect": new.monthly_effect,
        "status": new.status,
    }


def _measure(session: Session, measure_id: int, by: Actor) -> tuple[SavingsMeasure, BudgetLine]:
    """Return a measure of the user's unit with its line, which is locked until the end."""
    by.require(Permission.EDIT_SAVINGS)
    row = session.get(SavingsMeasure, measure_id)
    if row is None:
        raise PermissionDeniedError(Permission.EDIT_SAVINGS)
    line = line_of_unit(session, row.line_id, by=by, permission=Permission.EDIT_SAVINGS)
    session.refresh(row)  # it may have been changed while the line was locked
    if row.voided_at is not None:
        raise PermissionDeniedError(Permission.EDIT_SAVINGS)
    return row, line


def _follow_ups(session: Session, measure_id: int) -> list[SavingsFollowUp]:
    return list(
        session.exec(
            select(SavingsFollowUp)
            .where(col(SavingsFollowUp.measure_id) == measure_id)
            .where(col(SavingsFollowUp.voided_at).is_(None))
        )
    )


def _saved(
    session: Session,
    row: SavingsMeasure | SavingsFollowUp,
    line: BudgetLine,
    action: str,
    by: Actor,
    key: str | None,
) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details: Mapping[str, object] = (
        {"line_id": row.line_id, "monthly_effect": row.monthly_effect, "status": row.status}
        if isinstance(row, SavingsMeasure)
        else {"measure_id": row.measure_id, "month": row.month, "effect": row.effect}
    )
    moved = [(Area.BUDGET, dt.date(line.year, 1, 1))]
    event = Event(action, str(row.__tablename__), row.id, line.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
