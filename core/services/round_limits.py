"""Above what a unit's prognoses must be commented, set by the controller."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import Session

from core.auth import Actor, Permission
from core.models import RoundLimits
from core.rules.prognosis_round import DEFAULT_LIMITS
from core.services.base import Checks, Event, already_done, record
from core.services.conflicts import same_version
from core.services.round_checks import check_amount, lock_unit, unit_of


def set_limits(
    session: Session,
    deviation: Decimal | None,
    change: Decimal | None,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Set above what a line's deviation and change must be commented. Returns the unit's id.

    `version` is 0 while the unit has set none.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = unit_of(by, Permission.EDIT_BUDGET)
    lock_unit(session, unit_id)
    row = session.get(RoundLimits, unit_id)
    if row is None:
        row = RoundLimits(
            unit_id=unit_id, deviation=DEFAULT_LIMITS.deviation, change=DEFAULT_LIMITS.change
        )
    elif row.version != version:
        same_version(row, version)
    checks = Checks()
    for name, amount in (("deviation", deviation), ("change", change)):
        check_amount(checks, name, amount)
        checks.refuse_if(amount is not None and amount < 0, name, "Gränsen kan inte vara negativ.")
    checks.done()
    assert deviation is not None and change is not None  # noqa: S101, PT018  (refused above)
    details = {"deviation": deviation, "change": change}
    row.deviation, row.change = deviation, change
    session.add(row)
    session.flush()
    record(
        session, Event("set_limits", "round_limits", unit_id, unit_id, (), details), by=by, key=key
    )
    return unit_id
