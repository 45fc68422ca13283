"""What the writes of a prognosis round share: whose it is, what is locked, and unlikely amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from sqlmodel import Session, col, func, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import Prognosis, PrognosisRound, PrognosisRoundLine, Unit
from core.rules.prognosis_round import meant_amount
from core.rules.shares import Number
from core.services.base import Checks
from core.services.placement_checks import finer_than_ore
from core.services.questions import Questions, kronor
from core.terms import RoundState

HIGHEST = Decimal(100_000_000_000)
LOCKED = (
    "Rundan är godkänd och låst. Öppna en ny version för att ändra. Det du skrev är inte sparat."
)
HANDED_OVER = (
    "Rundan är lämnad till enhetschefen och kan inte ändras nu. Be att få den tillbaka. "
    "Det du skrev är inte sparat."
)
NOT_HANDED_OVER = "Rundan är inte lämnad till enhetschefen."


def ask_about_unit(
    checks: Questions, amount: Decimal, known: Iterable[Number | None], field: str = "amount"
) -> None:
    """Ask about an amount that looks typed in tkr where kronor are expected, or the reverse."""
    meant = meant_amount(amount, known)
    if meant is not None:
        checks.ask_if(
            True,
            field,
            f"Beloppet är ungefär tusen gånger fel mot det som är känt om posten. Menade du "
            f"{kronor(meant)}? Beloppet anges i kronor, inte i tkr.",
        )


def check_amount(checks: Checks, field: str, amount: Decimal | None) -> None:
    """Refuse no amount, one that is too large, and one finer than öre."""
    if amount is None:
        checks.refuse_if(True, field, "Ange ett belopp i kronor.")
        return
    checks.refuse_if(abs(amount) >= HIGHEST, field, "Beloppet är orimligt stort.")
    checks.refuse_if(finer_than_ore(amount), field, "Ange beloppet med högst två decimaler.")


def check_state(row: PrognosisRound, state: RoundState) -> None:
    """Refuse a write to a round that isn't in the state it needs."""
    if row.state is state:
        return
    said = {RoundState.APPROVED: LOCKED, RoundState.SUBMITTED: HANDED_OVER}
    checks = Checks()
    checks.refuse_if(True, "round", said.get(row.state, NOT_HANDED_OVER))
    checks.done()


def unit_of(by: Actor, permission: Permission) -> int:
    """Return the user's unit. Denied without the permission."""
    by.require(permission)
    if by.unit_id is None:
        raise PermissionDeniedError(permission)
    return by.unit_id


def lock_unit(session: Session, unit_id: int) -> None:
    """Let one at a time open a round or set limits in a unit."""
    session.exec(select(col(Unit.id)).where(col(Unit.id) == unit_id).with_for_update()).one()


def reachable_round(
    session: Session, round_id: int, by: Actor, permission: Permission
) -> PrognosisRound:
    """Return a round of the user's unit, locked until the end. Denied if there is none."""
    unit_id = unit_of(by, permission)
    row = session.exec(
        select(PrognosisRound)
        .where(col(PrognosisRound.id) == round_id, col(PrognosisRound.unit_id) == unit_id)
        .where(col(PrognosisRound.voided_at).is_(None))
        .with_for_update()
    ).first()
    if row is None:
        raise PermissionDeniedError(permission)
    return row


def reachable_line(
    session: Session, line_id: int, by: Actor, permission: Permission
) -> tuple[PrognosisRoundLine, PrognosisRound]:
    """Return a line of a round of the user's unit and the round, both locked until the end."""
    by.require(permission)
    line = session.get(PrognosisRoundLine, line_id)
    if line is None:
        raise PermissionDeniedError(permission)
    row = reachable_round(session, line.round_id, by, permission)
    session.refresh(line)  # it may have been saved while the round was locked
    return line, row


def lines_of(session: Session, row: PrognosisRound) -> list[PrognosisRoundLine]:
    """Return a round's lines, in the order they were added."""
    found = session.exec(
        select(PrognosisRoundLine)
        .where(col(PrognosisRoundLine.round_id) == row.id)
        .order_by(col(PrognosisRoundLine.id))
    )
    return list(found)


def latest_version(session: Session, unit_id: int, month: dt.date) -> PrognosisRound | None:
    """Return the latest version of a month's round, None when it has none."""
    return session.exec(
        select(PrognosisRound)
        .where(col(PrognosisRound.unit_id) == unit_id, col(PrognosisRound.month) == month)
        .where(col(PrognosisRound.voided_at).is_(None))
        .order_by(col(PrognosisRound.number).desc())
    ).first()


def latest_made(session: Session, row: PrognosisRound, *, by: dt.date) -> dict[int, dt.date]:
    """Return the day of the latest prognosis made by a day, for the round's lines that have one."""
    found = session.exec(
        select(Prognosis.line_id, func.max(Prognosis.made_on))
        .join(PrognosisRoundLine, col(PrognosisRoundLine.line_id) == col(Prognosis.line_id))
        .where(col(PrognosisRoundLine.round_id) == row.id)
        .where(col(Prognosis.made_on) <= by, col(Prognosis.voided_at).is_(None))
        .group_by(col(Prognosis.line_id))
    )
    return dict(found.all())
