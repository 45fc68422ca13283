"""What the writes on a placement share: which ones a user reaches, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, func, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import today
from core.models import (
    Case,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementTerm,
    Unit,
)
from core.services.access import reachable_case
from core.services.base import Checks
from core.services.case_checks import MOST_CHILDREN, Life, not_in_future
from core.services.conflicts import same_version
from core.services.placement_inputs import NewPlacement
from core.terms import Contract, DecisionReason, LegalBasis, PlacementDimension

HIGHEST_RATE = Decimal(1_000_000)
ORE = -2
PREFIX = "PL-"
DIGITS_OF_A_PERSONAL_NUMBER = 10


def reachable_placement(session: Session, placement_id: int, *, by: Actor) -> Placement:
    """Return a placement that the user may write to, with its case locked until the end.

    Raises `PermissionDeniedError` without the permission, and alike for a placement that doesn't
    exist, is voided or belongs to a case outside the user's scope.
    """
    by.require(Permission.MANAGE_PLACEMENTS)
    row = session.get(Placement, placement_id)
    if row is None:
        raise PermissionDeniedError(Permission.MANAGE_PLACEMENTS)
    reachable_case(session, row.case_id, by=by, permission=Permission.MANAGE_PLACEMENTS)
    session.refresh(row)  # it may have changed while the case was locked
    if row.voided_at is not None:
        raise PermissionDeniedError(Permission.MANAGE_PLACEMENTS)
    return row


def edited_placement(session: Session, placement_id: int, version: int, *, by: Actor) -> Placement:
    """Return a reachable placement whose version is raised, so that other open forms notice.

    Raises `ConflictError` if it was changed after the form that is saved was read.
    """
    row = reachable_placement(session, placement_id, by=by)
    same_version(row, version)
    flag_modified(row, "starts_on")
    return row


def decisions_of(session: Session, placement: Placement) -> Sequence[PlacementDecision]:
    """Return a placement's decisions, oldest first."""
    return session.exec(
        select(PlacementDecision)
        .where(col(PlacementDecision.placement_id) == placement.id)
        .where(col(PlacementDecision.voided_at).is_(None))
        .order_by(col(PlacementDecision.decided_on), col(PlacementDecision.id))
    ).all()


def rates_of(session: Session, placement: Placement) -> Sequence[DayRate]:
    """Return a placement's day rates, oldest first."""
    return session.exec(
        select(DayRate)
        .where(col(DayRate.placement_id) == placement.id)
        .where(col(DayRate.voided_at).is_(None))
        .order_by(col(DayRate.valid_from), col(DayRate.id))
    ).all()


def known_from(session: Session, placement: Placement) -> dt.date:
    """Return the first day that a placement exists on: started or decided."""
    decided = [decision.decided_on for decision in decisions_of(session, placement)]
    return min([placement.starts_on, *decided])


def rate_moves_from(session: Session, placement: Placement, valid_from: dt.date) -> dt.date:
    """Return the first day whose figures a rate can move, at the latest today.

    A rate counts before the day it is valid from, in what is committed, but in its own year only.
    Today's list changes with any rate: it holds the version that the next form has to know.
    """
    first = max(known_from(session, placement), dt.date(valid_from.year, 1, 1))
    return min(first, today())


def free_reference(session: Session, checks: Checks, unit_id: int, typed: str) -> str:
    """Return the typed reference or the unit's next one; refuse one that is taken.

    The unit's row is locked, so that of two registrations at once the second sees the first.
    """
    session.exec(select(Unit).where(col(Unit.id) == unit_id).with_for_update(key_share=True)).one()
    if not typed:
        return _next_reference(session, unit_id)
    checks.guard_text("reference", typed, longest=20)
    checks.refuse_if(
        sum(char.isdigit() for char in typed) >= DIGITS_OF_A_PERSONAL_NUMBER,
        "reference",
        "En referens får inte ha tio siffror eller fler.",
    )
    taken = session.exec(
        select(Placement.id)
        .where(col(Placement.unit_id) == unit_id)
        .where(col(Placement.reference) == typed)
        .where(col(Placement.voided_at).is_(None))
    ).first()
    checks.refuse_if(taken is not None, "reference", f"Referensen {typed} används redan.")
    return typed


def _next_reference(session: Session, unit_id: int) -> str:
    """Return the reference after the highest one in use, voided ones included."""
    reference = col(Placement.reference)
    given = session.exec(
        select(reference)
        .where(col(Placement.unit_id) == unit_id)
        .where(reference.startswith(PREFIX))
        .order_by(func.length(reference).desc(), reference.desc())
    )
    numbers = (int(one[len(PREFIX) :]) for one in given if one[len(PREFIX) :].isdecimal())
    return f"{PREFIX}{next(numbers, 0) + 1:04}"


def check_rate(checks: Checks, field: str, amount: Decimal | None) -> None:
    """Refuse a day rate that is missing, not above 0, finer than öre, or a million kr or more."""
    if amount is None:
        checks.refuse_if(True, field, "Ange dygnskostnaden från den första dagen, i kronor.")
        return
    checks.refuse_if(amount <= 0, field, "Dygnskostnaden måste vara mer än 0 kr.")
    checks.refuse_if(
        amount >= HIGHEST_RATE,
        field,
        "Dygnskostnaden är orimligt hög. Ange kronor per dygn.",
    )
    checks.refuse_if(finer_than_ore(amount), field, "Ange dygnskostnaden med högst två decimaler.")


def check_agreement(
    checks: Checks,
    decided_by: str,
    provider: str,
    contract: Contract | None,
) -> None:
    """Refuse a decision without decision-maker, provider or contract."""
    check_decider(checks, decided_by)
    checks.refuse_if(not provider.strip(), "provider", "Ange utföraren.")
    checks.guard_text("provider", provider, longest=120)
    checks.refuse_if(contract is None, "contract", "Välj avtal.")


def check_decider(checks: Checks, decided_by: str) -> None:
    """Refuse a decision that nobody made."""
    checks.refuse_if(not decided_by.strip(), "decided_by", "Ange vem som fattade beslutet.")
    checks.guard_text("decided_by", decided_by, longest=80)


def check_word(
    session: Session,
    checks: Checks,
    unit_id: int,
    word: tuple[PlacementDimension, LegalBasis | Contract | None, str],
    *,
    kept: str = "",
) -> None:
    """Refuse an own word that the unit doesn't have for the code, or has closed.

    `kept` is the word that the placement has already, which may have been closed since.
    """
    dimension, counts_as, name = word
    if not name or name == kept:
        return
    found = session.exec(
        select(PlacementTerm.id)
        .where(col(PlacementTerm.unit_id) == unit_id)
        .where(col(PlacementTerm.dimension) == dimension)
        .where(col(PlacementTerm.name) == name)
        .where(col(PlacementTerm.counts_as) == counts_as)
        .where(col(PlacementTerm.active), col(PlacementTerm.voided_at).is_(None))
    ).first()
    checks.refuse_if(
        found is None, dimension, f"Enheten använder inte {name} längre. Välj något annat."
    )


def check_kind(session: Session, checks: Checks, case: Case, new: NewPlacement) -> None:
    """Refuse a placement without kind or legal basis, or with an impossible number of children."""
    checks.refuse_if(new.kind_id is None, "kind_id", "Välj slag av placering.")
    checks.refuse_if(new.legal_basis is None, "legal_basis", "Välj lagrum.")
    checks.refuse_if(
        not 0 <= new.children <= MOST_CHILDREN,
        "children",
        f"Ange antal barn från 0 till {MOST_CHILDREN}.",
    )
    if new.kind_id is not None:
        kind = session.get(PlacementKind, new.kind_id)
        if kind is None or kind.unit_id != case.unit_id:
            raise PermissionDeniedError("placement_kind")
        checks.refuse_if(
            not kind.active, "kind_id", f"Enheten använder inte {kind.name} längre. Välj ett annat."
        )


def check_days(checks: Checks, case: Life, new: NewPlacement) -> None:
    """Refuse days before the case was opened or after it was closed, and impossible ends."""
    for field, day in (("starts_on", new.starts_on), ("decided_on", new.decided_on)):
        checks.refuse_if(
            day < case.opened_on,
            field,
            f"Ärendet öppnades {case.opened_on}. Ange den dagen eller en senare.",
        )
    checks.refuse_if(
        case.closed_on is not None and new.starts_on >= case.closed_on,
        "starts_on",
        f"Ärendet avslutades {case.closed_on}. Ange en dag då det var öppet.",
    )
    not_in_future(checks, "decided_on", new.decided_on)
    check_planned_end(checks, new.starts_on, new.planned_end_on)


def check_planned_end(checks: Checks, starts_on: dt.date, planned_end_on: dt.date | None) -> None:
    """Refuse a planned end before the first day."""
    checks.refuse_if(
        planned_end_on is not None and planned_end_on < starts_on,
        "planned_end_on",
        f"Placeringen kan inte sluta innan den börjar, {starts_on}.",
    )


def check_reason(
    checks: Checks,
    decisions: Sequence[PlacementDecision],
    reason: DecisionReason | None,
    planned_end_on: dt.date | None,
) -> None:
    """Refuse an extension that ends no later than what holds, or a shortening no earlier.

    `decisions` are those made by the day of the new one, oldest first.
    """
    held = decisions[-1].planned_end_on if decisions else None
    if reason is DecisionReason.EXTENSION:
        checks.refuse_if(
            planned_end_on is not None and (held is None or planned_end_on <= held),
            "planned_end_on",
            f"Nu gäller {held or 'tills vidare'}. En förlängning slutar senare än så.",
        )
    if reason is DecisionReason.SHORTENING:
        checks.refuse_if(
            planned_end_on is None or (held is not None and planned_end_on >= held),
            "planned_end_on",
            f"Nu gäller {held or 'tills vidare'}. Ange en tidigare dag.",
        )


def check_decision_day(
    session: Session, checks: Checks, placement: Placement, decided_on: dt.date
) -> None:
    """Refuse a decision in the future, before the case or after the placement."""
    not_in_future(checks, "decided_on", decided_on)
    opened_on = session.get_one(Case, placement.case_id).opened_on
    checks.refuse_if(
        decided_on < opened_on,
        "decided_on",
        f"Ärendet öppnades {opened_on}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        placement.ended_on is not None and decided_on > placement.ended_on,
        "decided_on",
        f"Placeringen avslutades {placement.ended_on}. Öppna den igen först.",
    )


def check_inside(checks: Checks, field: str, placement: Placement, day: dt.date) -> None:
    """Refuse a day before a placement began or after it ended."""
    checks.refuse_if(
        day < placement.starts_on,
        field,
        f"Placeringen börjar {placement.starts_on}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        placement.ended_on is not None and day > placement.ended_on,
        field,
        f"Placeringen avslutades {placement.ended_on}. Ange den dagen eller en tidigare.",
    )


def finer_than_ore(amount: Decimal) -> bool:
    """Tell whether an amount has more than two decimals."""
    exponent = amount.normalize().as_tuple().exponent
    return not isinstance(exponent, int) or exponent < ORE
