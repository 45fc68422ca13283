"""What a line's driver model assumes, decided by the controller. Earlier assumptions are kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Actor, Permission
from core.clock import today
from core.models import Area, BudgetLine, DriverAssumption
from core.rules.driver_model import Assumptions, to_values
from core.services.base import Checks, Event, FieldError, RefusedError, already_done, record
from core.services.budget_access import check_amount, line_of_unit
from core.services.case_checks import void

MOST_HOUSEHOLDS = 20_000
HIGHEST_EACH = Decimal(50_000)
LARGEST_NORM_CHANGE = Decimal("0.2")


def assume(
    session: Session, line_id: int, assumed: Assumptions, *, by: Actor, key: str | None = None
) -> int:
    """Let a line's driver model assume something from today on. Returns the assumption's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    line = line_of_unit(session, line_id, by=by, permission=Permission.EDIT_BUDGET)
    checks = Checks()
    _check(checks, line, assumed)
    checks.done()
    row = DriverAssumption(
        line_id=line_id,
        decided_on=today(),
        values=to_values(assumed),
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    event = Event("assume", "driver_assumption", row.id, line.unit_id, _moved(row), _details(row))
    record(session, event, by=by, key=key)
    return row.id


def remove(session: Session, line_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void all that a line's driver model assumes, so that it has none. Returns the line's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    line = line_of_unit(session, line_id, by=by, permission=Permission.EDIT_BUDGET)
    rows = session.exec(
        select(DriverAssumption)
        .where(col(DriverAssumption.line_id) == line_id)
        .where(col(DriverAssumption.voided_at).is_(None))
        .order_by(col(DriverAssumption.decided_on))
    ).all()
    if not rows:
        raise RefusedError(FieldError("line_id", "Posten har ingen biståndsmodell."))
    for row in rows:
        void(row, by)
    moved = _moved(rows[0])
    event = Event("void", "driver_assumption", line_id, line.unit_id, moved, {"line_id": line_id})
    record(session, event, by=by, key=key)
    return line_id


def _check(checks: Checks, line: BudgetLine, assumed: Assumptions) -> None:
    checks.refuse_if(
        line.year != today().year,
        "line_id",
        f"Posten gäller {line.year}. Modellen räknar på {today().year}.",
    )
    checks.refuse_if(
        assumed.households is not None and not 0 <= assumed.households <= MOST_HOUSEHOLDS,
        "households",
        f"Ange antalet hushåll som ett tal mellan 0 och {MOST_HOUSEHOLDS}.",
    )
    checks.refuse_if(
        abs(assumed.change) > MOST_HOUSEHOLDS / 10,
        "change",
        "Så många hushåll kan inte tillkomma eller försvinna varje månad. Ange ett tal per månad.",
    )
    if assumed.per_household is not None:
        check_amount(checks, "per_household", assumed.per_household)
        checks.refuse_if(
            not 0 < assumed.per_household <= HIGHEST_EACH,
            "per_household",
            "Ange kronor per hushåll och månad, mellan 1 och 50 000. Är talet ett årsbelopp, "
            "dela det med tolv.",
        )
    checks.refuse_if(
        abs(assumed.norm_change) > LARGEST_NORM_CHANGE,
        "norm_change",
        "Ange riksnormens ändring i procent, mellan \u221220 och 20. 3 procent skrivs 3.",
    )
    check_amount(checks, "rent_change", assumed.rent_change)
    checks.refuse_if(
        abs(assumed.rent_change) > HIGHEST_EACH,
        "rent_change",
        "Ange hyrornas ändring i kronor per hushåll och månad.",
    )
    for change, month, field in (
        (assumed.norm_change, assumed.norm_from, "norm_from"),
        (assumed.rent_change, assumed.rent_from, "rent_from"),
    ):
        checks.refuse_if(change != 0 and month is None, field, "Välj från vilken månad.")
        checks.refuse_if(
            month is not None and month.year != line.year,
            field,
            f"Välj en månad i {line.year}.",
        )


def _moved(row: DriverAssumption) -> list[tuple[Area, dt.date]]:
    return [(Area.BUDGET, row.decided_on)]


def _details(row: DriverAssumption) -> dict[str, object]:
    return {"line_id": row.line_id, **row.values}
