"""Benefit months: in which months a case got benefit, and how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, col, select

from core.imports.kinds import Change, Column, Insert, Kind, Planned, Row, Target, Void
from core.imports.values import decimal, month, month_shown, text
from core.models import Area, BenefitMonth, Case
from core.services.base import Checks
from core.services.benefit_months import check_amount, check_month
from core.terms import CaseKind, DataSource, ImportKind


class _Stored(NamedTuple):
    id: int
    amount: Decimal | None


class _Case(NamedTuple):
    id: int
    kind: CaseKind
    closed_on: dt.date | None


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare benefit months with the store."""
    cases = {
        reference: _Case(case_id, kind, closed_on)
        for case_id, reference, kind, closed_on in session.execute(
            select(col(Case.id), col(Case.reference), col(Case.kind), col(Case.closed_on))
            .where(col(Case.unit_id) == target.unit_id)
            .where(col(Case.voided_at).is_(None))
        )
    }
    known = {
        (case_id, day): _Stored(row_id, amount)
        for row_id, case_id, day, amount in session.execute(
            select(
                col(BenefitMonth.id),
                col(BenefitMonth.case_id),
                col(BenefitMonth.month),
                col(BenefitMonth.amount),
            )
            .where(col(BenefitMonth.unit_id) == target.unit_id)
            .where(col(BenefitMonth.voided_at).is_(None))
        )
    }
    return [_planned(row, target, cases, known) for row in rows]


def _planned(
    row: Row,
    target: Target,
    cases: dict[str, _Case],
    known: dict[tuple[int, dt.date], _Stored],
) -> Planned:
    planned = Planned(row)
    case = cases.get(row["reference"])
    if case is None:
        planned.fault("reference", "Ärendet finns inte i enheten. Importera ärendet först.")
        return planned
    if case.kind is not CaseKind.BENEFIT:
        planned.fault("reference", "Uppgiften gäller bara ekonomiskt bistånd.")
    checks = Checks()
    check_month(checks, "month", row["month"], case.closed_on)
    check_amount(checks, "amount", row["amount"])
    planned.faults_of(checks)
    if planned.faults:
        return planned
    stored = known.get((case.id, row["month"]))
    amount = row.get("amount", stored.amount if stored else None)
    if stored is not None and stored.amount == amount:
        return planned
    if stored is None:
        planned.all_new()
    else:
        planned.changes.append(Change("amount", stored.amount, amount))
        planned.writes.append(Void(BenefitMonth, stored.id))
    planned.writes.append(
        Insert(
            BenefitMonth,
            {
                "unit_id": target.unit_id,
                "case_id": case.id,
                "month": row["month"],
                "amount": amount,
                "source": DataSource.IMPORTED,
                "source_name": target.file_name,
            },
        )
    )
    planned.moved.append((Area.BENEFIT_MONTHS, row["month"]))
    return planned


BENEFIT_MONTHS = Kind(
    code=ImportKind.BENEFIT_MONTHS,
    lead="De månader då ett ärende fått ekonomiskt bistånd, ur verksamhetssystemet.",
    rules=(
        "Månader som inte finns i filen lämnas som de är.",
        "Ett nytt belopp ersätter det förra; båda finns kvar i historiken.",
    ),
    columns=(
        Column(
            "reference",
            "Ärende",
            "Ärendets referens.",
            text(20),
            example="AR-0001",
            required=True,
            also=("referens", "ärendereferens", "ärendenummer", "case"),
        ),
        Column(
            "month",
            "Månad",
            "Månaden som biståndet avser, till exempel 2024-03.",
            month,
            example=dt.date(2024, 3, 1),
            required=True,
            also=("avser månad", "period"),
            show=month_shown,
        ),
        Column(
            "amount",
            "Belopp",
            "Utbetalt belopp i kronor. Får vara tomt.",
            decimal(digits=2, lowest=0),
            example=Decimal("8450.00"),
            also=("utbetalt", "utbetalt belopp", "kronor"),
        ),
    ),
    key=("reference", "month"),
    plan=plan,
)
