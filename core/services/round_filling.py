"""What a prognosis round is filled in with: outcome, last month's prognosis and computed ones."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlmodel import Session

from core.auth import Scope
from core.models import PrognosisRound, PrognosisRoundLine
from core.queries.budget import BudgetRow, budget_table
from core.queries.drivers import driver_prognoses
from core.rules.dates import ONE_DAY
from core.rules.prognosis_round import whole_kronor
from core.rules.shares import Number, rounded
from core.services.round_checks import lines_of
from core.terms import PrognosisMethod


def fill(session: Session, row: PrognosisRound, former: Mapping[int, PrognosisRoundLine]) -> None:
    """Fill a round with what is known on its day; a line that is there keeps what was chosen."""
    scope = Scope(row.unit_id)
    drivers = driver_prognoses(session, scope, on=row.made_on)
    last_month = budget_table(session, scope, on=row.month - ONE_DAY)
    before = {one.id: one.figures.prognosis for one in last_month.lines}
    present = {line.line_id: line for line in lines_of(session, row)}
    for known in budget_table(session, scope, on=row.made_on).lines:
        assert known.id is not None and row.id is not None  # noqa: S101, PT018  (stored rows)
        line = present.get(known.id) or _new_line(row.id, known, former)
        line.budget, line.before = known.figures.budget, before.get(known.id)
        line.outcome_to_date = known.figures.outcome_to_date
        line.run_rate = _exact(known.figures.run_rate)
        line.last_year_pattern = _exact(known.figures.last_year_pattern)
        line.bottom_up = known.figures.bottom_up
        line.driver = drivers.get(known.id)
        if line.method is not None:
            _follow(line, line.method)
        session.add(line)
    session.flush()


def _new_line(
    round_id: int, known: BudgetRow, former: Mapping[int, PrognosisRoundLine]
) -> PrognosisRoundLine:
    """Return a line that isn't in the round yet: as in the version before, or the latest prognosis."""
    assert known.id is not None  # noqa: S101  (a stored row)
    line = PrognosisRoundLine(round_id=round_id, line_id=known.id, budget=known.figures.budget)
    line.amount = known.figures.prognosis
    old = former.get(known.id)
    if old is not None:
        line.method, line.amount, line.comment = old.method, old.amount, old.comment
    return line


def _follow(line: PrognosisRoundLine, method: PrognosisMethod) -> None:
    """Let a line have its method's amount of today; without one it stays, as a typed amount."""
    amount = whole_kronor(getattr(line, method.value))
    if amount is None:
        line.method = None
    else:
        line.amount = amount


def _exact(amount: Number | None) -> Decimal | None:
    return None if amount is None else rounded(amount, 2)
