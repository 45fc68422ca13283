"""The monthly rounds of prognoses: a round with its lines, and the rounds there are.

Drafts are saved line by line, so nothing here is cached. Amounts are net cost in kronor.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth import Scope
from core.models import BudgetLine, PrognosisRound, PrognosisRoundLine, RoundLimits, User
from core.queries import budget as reading
from core.rules import prognosis_round as rules
from core.rules.budget import deviation
from core.rules.dates import ONE_DAY
from core.rules.prognosis_round import DEFAULT_LIMITS, Limits, Passed
from core.terms import PrognosisMethod, RoundState


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A round without its lines. Times are UTC, names those of who did it; None before it is done."""

    id: int
    version: int
    month: dt.date
    number: int
    state: RoundState
    made_on: dt.date
    opened_by: str | None
    submitted_at: dt.datetime | None
    submitted_by: str | None
    approved_at: dt.datetime | None
    approved_by: str | None
    manager_comment: str


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A line of a round, or a sum of lines, whose `id` is None and `line` empty.

    `before` is last month's prognosis and `before_comment` what was said of it. `former` and
    `former_comment` are those of the version before of the same round, None where there is none.
    A sum has a value only where all its lines have one.
    """

    section: str
    line: str
    budget: Decimal
    outcome_to_date: Decimal | None
    before: Decimal | None
    amount: Decimal | None
    id: int | None = None
    line_id: int | None = None
    version: int = 0
    run_rate: Decimal | None = None
    last_year_pattern: Decimal | None = None
    bottom_up: Decimal | None = None
    driver: Decimal | None = None
    method: PrognosisMethod | None = None
    comment: str = ""
    manager_comment: str = ""
    before_comment: str = ""
    former: Decimal | None = None
    former_comment: str | None = None

    @property
    def deviation(self) -> Decimal | None:
        """Return budget - prognosis, above 0 a surplus."""
        return deviation(self.budget, self.amount)

    @property
    def change(self) -> Decimal | None:
        """Return how the prognosis moved since last month, above 0 dearer."""
        return rules.change(self.amount, self.before)

    @property
    def differs(self) -> bool:
        """Tell whether the line differs from the version before of the same round."""
        return self.former_comment is not None and (
            (self.amount, self.comment) != (self.former, self.former_comment)
        )

    @property
    def computed(self) -> dict[PrognosisMethod, Decimal]:
        """Return the computed prognoses that the line has, in the order they are shown."""
        found = {method: getattr(self, method.value) for method in PrognosisMethod}
        return {method: amount for method, amount in found.items() if amount is not None}

    def passed(self, limits: Limits) -> tuple[Passed, ...]:
        """Return the limits that the line passes, each of which must be explained."""
        return rules.must_comment(
            self.amount, budget=self.budget, before=self.before, limits=limits
        )

    def unexplained(self, limits: Limits) -> bool:
        """Tell whether the line lacks a comment that it must have."""
        return bool(self.passed(limits)) and not self.comment


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with lines by section and name, sums by section, and the total."""

    head: RoundHead
    lines: tuple[RoundLine, ...]
    sections: tuple[RoundLine, ...]
    total: RoundLine
    limits: Limits

    @property
    def without_amount(self) -> tuple[RoundLine, ...]:
        """Return the lines that lack a prognosis."""
        return tuple(line for line in self.lines if line.amount is None)

    @property
    def unexplained(self) -> tuple[RoundLine, ...]:
        """Return the lines that lack a comment that they must have."""
        return tuple(line for line in self.lines if line.unexplained(self.limits))


@dataclass(frozen=True, slots=True)
class SetLimits:
    """The unit's limits; `version` is 0 while they are the product's own."""

    limits: Limits
    version: int


def round_heads(session: Session, scope: Scope, *, since: dt.date) -> tuple[RoundHead, ...]:
    """Return the rounds from a month on, the latest first, of a month the latest version first."""
    opener, sender, approver = aliased(User), aliased(User), aliased(User)
    table = PrognosisRound
    rows = session.execute(
        select(
            col(table.id),
            col(table.version),
            col(table.month),
            col(table.number),
            col(table.state),
            col(table.made_on),
            col(opener.name),
            col(table.submitted_at),
            col(sender.name),
            col(table.approved_at),
            col(approver.name),
            col(table.manager_comment),
        )
        .outerjoin(opener, col(opener.id) == col(table.created_by_id))
        .outerjoin(sender, col(sender.id) == col(table.submitted_by_id))
        .outerjoin(approver, col(approver.id) == col(table.approved_by_id))
        .where(col(table.unit_id) == scope.unit_id, col(table.voided_at).is_(None))
        .where(col(table.month) >= since)
        .order_by(col(table.month).desc(), col(table.number).desc())
    )
    return tuple(RoundHead(*row) for row in rows)


def latest_head(session: Session, scope: Scope, *, month: dt.date) -> RoundHead | None:
    """Return the latest version of a month's round, None when it has none."""
    heads = round_heads(session, scope, since=month)
    return next((head for head in heads if head.month == month), None)


def limits(session: Session, scope: Scope) -> SetLimits:
    """Return from what a unit's lines must be explained."""
    row = session.execute(
        select(col(RoundLimits.deviation), col(RoundLimits.change), col(RoundLimits.version)).where(
            col(RoundLimits.unit_id) == scope.unit_id
        )
    ).first()
    return (
        SetLimits(DEFAULT_LIMITS, 0) if row is None else SetLimits(Limits(row[0], row[1]), row[2])
    )


def round_view(
    session: Session, scope: Scope, *, month: dt.date, number: int | None = None
) -> RoundView | None:
    """Return a month's round, its latest version unless a number is given; None for none."""
    heads = [h for h in round_heads(session, scope, since=month) if h.month == month]
    head = next((one for one in heads if number in {None, one.number}), None)
    if head is None:
        return None
    former = next((one for one in heads if one.number == head.number - 1), None)
    found = _lines(session, [head.id] if former is None else [head.id, former.id])
    before = reading.budget_table(session, scope, on=month - ONE_DAY)
    said = {row.id: row.comment for row in before.lines}
    of_former = {line.line_id: line for line in found[former.id]} if former else {}
    lines = [
        _with(line, said.get(line.line_id, ""), of_former.get(line.line_id), former is not None)
        for line in found[head.id]
    ]
    sections = (
        _sum_of(section, tuple(rows)) for section, rows in groupby(lines, lambda one: one.section)
    )
    return RoundView(
        head, tuple(lines), tuple(sections), _sum_of("", lines), limits(session, scope).limits
    )


def _lines(session: Session, round_ids: Sequence[int]) -> defaultdict[int, list[RoundLine]]:
    """Return the lines of some rounds by round, by section and name."""
    table = PrognosisRoundLine
    rows = session.execute(
        select(
            col(table.round_id),
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(table.budget),
            col(table.outcome_to_date),
            col(table.before),
            col(table.amount),
            col(table.id),
            col(table.line_id),
            col(table.version),
            col(table.run_rate),
            col(table.last_year_pattern),
            col(table.bottom_up),
            col(table.driver),
            col(table.method),
            col(table.comment),
            col(table.manager_comment),
        )
        .join(BudgetLine, col(BudgetLine.id) == col(table.line_id))
        .where(col(table.round_id).in_(round_ids))
    )
    found: defaultdict[int, list[RoundLine]] = defaultdict(list)
    for round_id, *values in sorted(rows, key=lambda row: (row[1], row[2])):
        found[round_id].append(RoundLine(*values))
    return found


def _with(line: RoundLine, said: str, former: RoundLine | None, is_later: bool) -> RoundLine:
    """Return a line with what was said last month and what stood in the version before."""
    return replace(
        line,
        before_comment=said,
        former=former.amount if former else None,
        former_comment=(former.comment if former else "") if is_later else None,
    )


def _sum_of(section: str, lines: Sequence[RoundLine]) -> RoundLine:
    return RoundLine(
        section=section,
        line="",
        budget=sum((line.budget for line in lines), Decimal(0)),
        outcome_to_date=_sum(line.outcome_to_date for line in lines),
        before=_sum(line.before for line in lines),
        amount=_sum(line.amount for line in lines),
        former=_sum(line.former for line in lines),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of values, None when there are none or one of them has no value."""
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(found) else None
