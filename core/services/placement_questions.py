"""What is asked about a placement before it is saved: slips that are possible all the same.

A year is a long time for a date that somebody types today, and two for a planned end. The limits
of a day rate are wide: dearer and cheaper ones exist, and go through with a yes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, or_, select

from core.clock import today
from core.models import Case, DayRate, Placement, PlacementDecision, PlacementKind, PlacementReview
from core.rules.dates import ONE_DAY, add_months
from core.services.placement_inputs import NewPlacement, NewRate
from core.services.questions import Questions, kronor

HIGH_RATE = Decimal(10_000)
LOW_RATE = Decimal(100)
JUMP = 2
"""A new rate of more than this many times the former one, or less than one in as many, is asked
about."""
LONG_AGO_MONTHS = 12
FAR_AHEAD_MONTHS = 24
DAYS_OF_A_MONTH = 30


def ask_amount(questions: Questions, field: str, amount: Decimal | None) -> None:
    """Ask about a day rate that is unusually high or low."""
    if amount is None or amount <= 0:
        return
    month = kronor(amount * DAYS_OF_A_MONTH)
    questions.ask_if(
        amount > HIGH_RATE,
        field,
        f"{kronor(amount)} per dygn är ovanligt mycket: {month} på trettio dagar. Är det ett "
        "månadsbelopp, eller saknas ett decimalkomma?",
    )
    questions.ask_if(
        amount < LOW_RATE,
        field,
        f"{kronor(amount)} per dygn är ovanligt lite: {month} på trettio dagar. Stämmer det?",
    )


def ask_rate(questions: Questions, rates: Sequence[DayRate], new: NewRate) -> None:
    """Ask about a rate that is unusual, replaces one, is cut short by one, or leaps.

    `rates` are the placement's, oldest first.
    """
    ask_amount(questions, "amount", new.amount)
    ask_long_ago(questions, "valid_from", new.valid_from)
    if new.amount is None or new.amount <= 0:
        return
    same = next((one for one in rates if one.valid_from == new.valid_from), None)
    before = [one for one in rates if one.valid_from < new.valid_from]
    after = next((one for one in rates if one.valid_from > new.valid_from), None)
    if same is not None:
        questions.ask_if(
            True,
            "valid_from",
            f"Från {same.valid_from} gäller redan {kronor(same.amount)}. "
            f"Ska den ersättas av {kronor(new.amount)}?",
        )
    if after is not None:
        questions.ask_if(
            True,
            "valid_from",
            f"Från {after.valid_from} gäller redan {kronor(after.amount)}. Den nya gäller då bara "
            f"till och med {after.valid_from - ONE_DAY}. Är det rätt?",
        )
    if before and not _near(before[-1].amount, new.amount):
        former = before[-1].amount
        questions.ask_if(
            True,
            "amount",
            f"Dygnskostnaden går från {kronor(former)} till {kronor(new.amount)}. Stämmer det?",
        )


def ask_long_ago(questions: Questions, field: str, day: dt.date | None) -> None:
    """Ask about a day more than a year ago."""
    questions.ask_if(
        day is not None and day < add_months(today(), -LONG_AGO_MONTHS),
        field,
        f"{day} är mer än ett år sedan. Är det rätt datum?",
    )


def ask_start(questions: Questions, new: NewPlacement) -> None:
    """Ask about a first day or a decision far away in time."""
    ask_long_ago(questions, "starts_on", new.starts_on)
    questions.ask_if(
        new.starts_on > add_months(today(), LONG_AGO_MONTHS),
        "starts_on",
        f"{new.starts_on} är mer än ett år framåt. Är det rätt datum?",
    )
    questions.ask_if(
        new.decided_on < add_months(new.starts_on, -LONG_AGO_MONTHS),
        "decided_on",
        f"Beslutet är från {new.decided_on}, mer än ett år före första dagen. Stämmer det?",
    )


def ask_planned_end(
    questions: Questions, starts_on: dt.date, decided_on: dt.date, planned_end_on: dt.date | None
) -> None:
    """Ask about a planned end years away, or one that had passed when it was decided."""
    if planned_end_on is None or planned_end_on < starts_on:
        return
    first = max(starts_on, today())
    questions.ask_if(
        planned_end_on > add_months(first, FAR_AHEAD_MONTHS),
        "planned_end_on",
        f"{planned_end_on} är mer än två år framåt. Är det rätt datum? "
        "Lämna fältet tomt om placeringen löper tills vidare.",
    )
    questions.ask_if(
        planned_end_on < decided_on,
        "planned_end_on",
        f"{planned_end_on} hade redan passerat när beslutet fattades, {decided_on}. "
        "Placeringen räknas då som tills vidare. Är det rätt datum?",
    )


def ask_later_decision(
    questions: Questions, decisions: Sequence[PlacementDecision], decided_on: dt.date
) -> None:
    """Ask about a decision older than another, which goes on holding. `decisions` oldest first."""
    later = next((one.decided_on for one in decisions if one.decided_on > decided_on), None)
    questions.ask_if(
        later is not None,
        "decided_on",
        f"Det finns ett senare beslut, från {later}, som gäller efter det här. Är det rätt datum?",
    )


def ask_end(session: Session, questions: Questions, placement: Placement, on: dt.date) -> None:
    """Ask about an end long ago, or before what has been registered on the placement."""
    ask_long_ago(questions, "on", on)
    reviewed: dt.date | None = session.execute(
        sa_select(func.max(col(PlacementReview.reviewed_on)))
        .where(col(PlacementReview.placement_id) == placement.id)
        .where(col(PlacementReview.voided_at).is_(None))
    ).scalar()
    questions.ask_if(
        reviewed is not None and reviewed > on,
        "on",
        f"Placeringen följdes upp {reviewed}, efter den dagen. Är det rätt datum?",
    )
    questions.ask_if(
        _rate_began_after(session, placement, on),
        "on",
        f"En ny dygnskostnad har börjat gälla efter {on}. Är det rätt datum?",
    )


def ask_twin(session: Session, questions: Questions, case: Case, new: NewPlacement) -> None:
    """Ask about a placement beside another of the same case and kind on the same days."""
    last = new.planned_end_on or dt.date.max
    twin = session.execute(
        sa_select(col(Placement.reference), col(PlacementKind.name), col(Placement.starts_on))
        .join(PlacementKind, col(PlacementKind.id) == col(Placement.kind_id))
        .where(col(Placement.case_id) == case.id)
        .where(col(Placement.kind_id) == new.kind_id)
        .where(col(Placement.voided_at).is_(None))
        .where(col(Placement.starts_on) <= last)
        .where(or_(col(Placement.ended_on).is_(None), col(Placement.ended_on) >= new.starts_on))
        .order_by(col(Placement.id))
        .limit(1)
    ).first()
    if twin is not None:
        reference, kind, since = twin
        questions.ask_if(
            True,
            "case_id",
            f"Ärendet har redan {reference}, {kind}, från {since} samma dagar. Är det här en till?",
        )


def _near(former: Decimal, new: Decimal) -> bool:
    return former <= new * JUMP and new <= former * JUMP


def _rate_began_after(session: Session, placement: Placement, on: dt.date) -> bool:
    rate = session.exec(
        select(DayRate.id)
        .where(col(DayRate.placement_id) == placement.id)
        .where(col(DayRate.voided_at).is_(None))
        .where(col(DayRate.valid_from) > on, col(DayRate.valid_from) <= today())
        .limit(1)
    ).first()
    return rate is not None
