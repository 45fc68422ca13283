"""Which budget lines somebody reaches, and the checks of amounts on them."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import BudgetLine
from core.services.base import Checks
from core.services.placement_checks import finer_than_ore

HIGHEST = Decimal(100_000_000_000)


def line_of_unit(
    session: Session, line_id: int | None, *, by: Actor, permission: Permission
) -> BudgetLine:
    """Return a line of the user's unit, locked until the end. Denied if there is none."""
    by.require(permission)
    line = session.exec(
        select(BudgetLine)
        .where(col(BudgetLine.id) == line_id)
        .where(col(BudgetLine.unit_id) == by.unit_id)
        .with_for_update()
    ).first()
    if line is None:
        raise PermissionDeniedError(permission)
    return line


def check_amount(checks: Checks, field: str, amount: Decimal | None) -> None:
    """Refuse an amount that is missing, out of all proportion or finer than öre."""
    if amount is None:
        checks.refuse_if(True, field, "Ange ett belopp i kronor.")
        return
    checks.refuse_if(abs(amount) >= HIGHEST, field, "Beloppet är orimligt stort.")
    checks.refuse_if(finer_than_ore(amount), field, "Ange beloppet med högst två decimaler.")
