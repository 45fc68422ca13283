"""Months in which a case got benefit, told by hand (domain: Household statistics, långvarigt)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Actor, Permission
from core.clock import today
from core.models import Area, BenefitMonth, Case
from core.rules.dates import month_start
from core.services.access import reachable_case
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import benefit_only, void
from core.services.field_checks import check_digits
from core.services.goals import FIRST_YEAR
from core.terms import DataSource

MOST_AMOUNT = 1_000_000
"""No household is paid this many kronor in a month: a larger amount is a slip."""


@dataclass(frozen=True, slots=True)
class NewMonths:
    """Months, by any day in them, that a case got benefit in, and months that it did not.

    Months that are in neither stay as they are, so that two people who tell of different months
    don't take anything back from each other.
    """

    with_benefit: frozenset[dt.date] = frozenset()
    without_benefit: frozenset[dt.date] = frozenset()


def set_months(
    session: Session, case_id: int, new: NewMonths, *, by: Actor, key: str | None = None
) -> int:
    """Tell which months a case got benefit in. Returns the case's id.

    A month that it turns out not to have got is voided and kept. What already is so is left alone.
    Raises `RefusedError` for a case of another kind, or a month that is to come, after the case's
    last one, or told both ways.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=Permission.EDIT_BENEFIT_MONTHS)
    wanted = {month_start(month) for month in new.with_benefit}
    unwanted = {month_start(month) for month in new.without_benefit}
    checks = Checks()
    benefit_only(checks, "months", case)
    for month in sorted(wanted):
        check_month(checks, "months", month, case.closed_on)
    checks.refuse_if(bool(wanted & unwanted), "months", "Samma månad kan inte både ha och sakna.")
    checks.done()
    held = _held(session, case_id, wanted | unwanted)
    for month in sorted(wanted - set(held)):
        session.add(
            BenefitMonth(
                unit_id=case.unit_id,
                case_id=case_id,
                month=month,
                source=DataSource.TYPED,
                created_by_id=by.user_id,
            )
        )
    for month in sorted(unwanted & set(held)):
        void(held[month], by)
        session.add(held[month])
    session.flush()
    _record(session, case, (wanted - set(held), unwanted & set(held)), by, key)
    return case_id


def check_month(checks: Checks, field: str, month: dt.date, closed_on: dt.date | None) -> None:
    """Refuse a month (its first day) that a case, open or closed on a day, can't have benefit in.

    One before the case was opened is accepted: it came along from another unit.
    """
    checks.refuse_if(
        month > today(), field, f"Månaden {month:%Y-%m} ligger efter i dag, {today()}."
    )
    checks.refuse_if(
        month.year < FIRST_YEAR, field, f"Välj en månad från år {FIRST_YEAR}, inte {month:%Y-%m}."
    )
    checks.refuse_if(
        closed_on is not None and month > closed_on,
        field,
        f"Ärendet avslutades {closed_on}. Månaden {month:%Y-%m} ligger efter det.",
    )


def check_amount(checks: Checks, field: str, amount: Decimal | None) -> None:
    """Refuse an amount of a month, in kronor, that is negative or out of proportion."""
    if amount is None:
        return
    check_digits(checks, field, amount, digits=2)
    checks.refuse_if(
        not 0 <= amount < MOST_AMOUNT, field, f"Ange ett belopp från 0 till {MOST_AMOUNT} kr."
    )


def _held(
    session: Session, case_id: int, months: Collection[dt.date]
) -> dict[dt.date, BenefitMonth]:
    rows = session.exec(
        select(BenefitMonth)
        .where(col(BenefitMonth.case_id) == case_id)
        .where(col(BenefitMonth.month).in_(months))
        .where(col(BenefitMonth.voided_at).is_(None))
    )
    return {row.month: row for row in rows}


def _record(
    session: Session,
    case: Case,
    changed: tuple[Collection[dt.date], Collection[dt.date]],
    by: Actor,
    key: str | None,
) -> None:
    added, voided = (sorted(months) for months in changed)
    event = Event(
        "set_months",
        "benefit_month",
        case.id,
        case.unit_id,
        [(Area.BENEFIT_MONTHS, month) for month in (*added, *voided)],
        {"added": added, "voided": voided},
    )
    record(session, event, by=by, key=key)
