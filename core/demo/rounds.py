"""Last month's approved prognosis round and this month's open one, and earlier years' results."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Role
from core.demo import inputs
from core.demo.money import PROGNOSIS_DAY
from core.demo.people import Place
from core.demo.rows import Rows
from core.models import Prognosis, PrognosisRound, PrognosisRoundLine, Unit, UserRole, YearResult
from core.rules.dates import add_months, month_start
from core.rules.prognosis_round import DEFAULT_LIMITS, must_comment
from core.services.round_checks import lines_of
from core.services.round_filling import fill
from core.terms import RoundState

MILLION = 1_000_000
WITHOUT_REASON = "Följer utfallet hittills (påhittat)"
MANAGERS_WORDS = "Vi följer tillfälligt boende varje vecka (påhittat)"
HANDED_OVER, APPROVED = dt.time(9, 10, tzinfo=dt.UTC), dt.time(13, 40, tzinfo=dt.UTC)


def add_year_results(rows: Rows, place: Place) -> None:
    """Add the published results of the unit's earlier years, by the document that tells of it."""
    of_unit = (record for record in inputs.read("demo_units") if record["slug"] == place.slug)
    sources = {record["source"] for record in of_unit}
    for record in inputs.read("published_figures"):
        if record["measure"] == "budget_result" and record["source"] in sources:
            rows.add(
                YearResult,
                unit_id=place.unit_id,
                year=int(record["period"]),
                amount=Decimal(record["value"]) * MILLION,
                source_name=inputs.source_title(record["source"]),
            )


def add_rounds(session: Session, today: dt.date) -> None:
    """Add each unit's two rounds, filled in from the store as a controller opening them would see."""
    this_month = month_start(today)
    for unit_id in session.exec(select(Unit.id).order_by(col(Unit.id))):
        assert unit_id is not None  # noqa: S101  (a stored row)
        _add_approved(session, unit_id, add_months(this_month, -1))
        row = _new(session, unit_id, this_month, today)
        fill(session, row, {})


def _add_approved(session: Session, unit_id: int, month: dt.date) -> None:
    """Add a round whose prognoses are those that were made that month."""
    made_on = month.replace(day=PROGNOSIS_DAY)
    row = _new(session, unit_id, month, made_on)
    fill(session, row, {})
    for line in lines_of(session, row):
        made = _made(session, line, made_on)
        line.amount, line.prognosis_id = made.amount, made.id
        passed = must_comment(
            made.amount, budget=line.budget, before=line.before, limits=DEFAULT_LIMITS
        )
        line.comment = made.comment or (WITHOUT_REASON if passed else "")
    row.state, row.manager_comment = RoundState.APPROVED, MANAGERS_WORDS
    row.submitted_by_id = row.created_by_id
    row.approved_by_id = _user(session, unit_id, Role.UNIT_MANAGER)
    row.submitted_at = dt.datetime.combine(made_on, HANDED_OVER)
    row.approved_at = dt.datetime.combine(made_on, APPROVED)
    session.flush()


def _new(session: Session, unit_id: int, month: dt.date, made_on: dt.date) -> PrognosisRound:
    opener = _user(session, unit_id, Role.CONTROLLER)
    row = PrognosisRound(unit_id=unit_id, month=month, made_on=made_on, created_by_id=opener)
    session.add(row)
    session.flush()
    return row


def _made(session: Session, line: PrognosisRoundLine, made_on: dt.date) -> Prognosis:
    return session.exec(
        select(Prognosis)
        .where(col(Prognosis.line_id) == line.line_id)
        .where(col(Prognosis.made_on) == made_on)
    ).one()


def _user(session: Session, unit_id: int, role: Role) -> int | None:
    return session.exec(
        select(UserRole.user_id)
        .where(col(UserRole.unit_id) == unit_id, col(UserRole.role) == role)
        .order_by(col(UserRole.id))
    ).first()
