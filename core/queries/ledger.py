"""The ledger of a year as it is known on a day: combinations by line, sums, and corrections.

The ledger is the unit's: a scope narrowed to a group reads the same rows. Amounts are kronor.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, BudgetLine, ImportChange, ImportRun, Outcome, User
from core.queries import ledger_facts as facts
from core.queries.cache import cached
from core.queries.ledger_facts import LineId, Mapped
from core.rules import ledger as rules
from core.rules.ledger import LEFT_OUT, Amounts, Combination, LineName, Sums
from core.terms import ImportKind

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Unmapped:
    """How many combinations no budget line takes, and their sum in kronor."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CombinationRow:
    """A combination's year.

    `line` is the line that takes it, `rules.LEFT_OUT` where it is left out on purpose, None where
    no line does; then `lacking` is a line that it is mapped to but that the year lacks. `by` is the
    mapping that decides: itself, or one for any cost centre or activity. A month without a row is
    None.
    """

    combination: Combination
    line: LineName | None
    lacking: LineName | None
    by: Combination | None
    months: tuple[Decimal | None, ...]

    @property
    def amount(self) -> Decimal:
        """Return the year's sum."""
        return sum((amount for amount in self.months if amount is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class LedgerYear:
    """A year's ledger: what no line takes first, then by line, then what is left out.

    `sums` are its parts, which add up to its total. `lines` are the year's lines with their ids.
    """

    year: int
    rows: tuple[CombinationRow, ...]
    sums: Sums
    lines: Mapping[LineName, LineId]
    mappings: Mapping[Combination, Mapped]

    @property
    def unmapped(self) -> Unmapped:
        """Return what no line takes."""
        return Unmapped(sum(row.line is None for row in self.rows), self.sums.unmapped)


@dataclass(frozen=True, slots=True)
class Correction:
    """A line's month that was booked and became another amount.

    `file_name` is the import's; empty where a mapping or somebody's typing changed it, as
    `from_ledger` tells. `who` is empty where nobody is known.
    """

    line: LineName
    month: dt.date
    old: Decimal
    new: Decimal
    booked_on: dt.date
    who: str
    from_ledger: bool
    file_name: str

    @property
    def difference(self) -> Decimal:
        """Return how much more it became."""
        return self.new - self.old


@cached(Area.BUDGET)
def ledger_year(session: Session, scope: Scope, *, year: int, on: dt.date) -> LedgerYear:
    """Return a year's ledger as imported by a day, in three statements."""
    amounts = facts.amounts(session, scope.unit_id, months_of(year), on=on)
    mapped = facts.mappings(session, scope.unit_id)
    lines = {
        line: found for (_y, line), found in facts.lines(session, scope.unit_id, [year]).items()
    }
    to = facts.lines_of(mapped)
    rows = [_row(one, months, to, lines) for one, months in _by_combination(amounts).items()]
    return LedgerYear(
        year=year,
        rows=tuple(sorted(rows, key=_order)),
        sums=rules.sums(amounts, to, lines.keys()),
        lines=lines,
        mappings=mapped,
    )


def unmapped(session: Session, scope: Scope, *, year: int, on: dt.date) -> Unmapped:
    """Return what of a year's ledger no budget line takes, as imported by a day."""
    return ledger_year(session, scope, year=year, on=on).unmapped


@cached(Area.BUDGET)
def corrections(
    session: Session, scope: Scope, *, year: int, on: dt.date
) -> tuple[Correction, ...]:
    """Return the changes of booked months of a year's lines by a day, the latest first."""
    files = _files(session, scope.unit_id)
    found = []
    for (line, month), booked in groupby(_booked(session, scope.unit_id, year, on), _line_month):
        rows = list(booked)
        for before, after in pairwise(rows):
            if before.amount != after.amount:
                found.append(
                    Correction(
                        line=line,
                        month=month,
                        old=before.amount,
                        new=after.amount,
                        booked_on=after.booked_on,
                        who=after.who,
                        from_ledger=after.from_ledger,
                        file_name=files.get(after.id, ""),
                    )
                )
    return tuple(sorted(found, key=lambda one: (one.booked_on, one.month), reverse=True))


def months_of(year: int) -> list[dt.date]:
    """Return the first days of a year's months."""
    return [dt.date(year, number, 1) for number in range(1, MONTHS + 1)]


class _Booked(NamedTuple):
    id: int
    line: LineName
    month: dt.date
    amount: Decimal
    booked_on: dt.date
    from_ledger: bool
    who: str


def _line_month(row: _Booked) -> tuple[LineName, dt.date]:
    return row.line, row.month


def _booked(session: Session, unit_id: int, year: int, on: dt.date) -> Iterable[_Booked]:
    """Return the outcomes of a year's lines by line and month, in the order that they counted."""
    rows = session.execute(
        select(
            col(Outcome.id),
            col(BudgetLine.section),
            col(BudgetLine.name),
            col(Outcome.month),
            col(Outcome.amount),
            col(Outcome.booked_on),
            col(Outcome.from_ledger),
            col(User.name),
        )
        .join(BudgetLine, col(BudgetLine.id) == col(Outcome.line_id))
        .outerjoin(User, col(User.id) == col(Outcome.created_by_id))
        .where(col(BudgetLine.unit_id) == unit_id, col(BudgetLine.year) == year)
        .where(col(Outcome.voided_at).is_(None), col(Outcome.booked_on) <= on)
        .order_by(col(Outcome.line_id), col(Outcome.month))
        .order_by(col(Outcome.booked_on), col(Outcome.id))
    )
    for row_id, section, name, month, amount, booked_on, from_ledger, who in rows:
        line = LineName(section, name)
        yield _Booked(row_id, line, month, amount, booked_on, from_ledger, who or "")


def _files(session: Session, unit_id: int) -> dict[int, str]:
    """Return the file that made an outcome, by its id."""
    rows = session.execute(
        select(col(ImportChange.entity_id), col(ImportRun.file_name))
        .join(ImportRun, col(ImportRun.id) == col(ImportChange.run_id))
        .where(col(ImportRun.unit_id) == unit_id, col(ImportRun.kind) == ImportKind.LEDGER)
        .where(col(ImportRun.voided_at).is_(None))
        .where(col(ImportChange.entity) == Outcome.__tablename__)
    )
    return {row.entity_id: row.file_name for row in rows}


def _by_combination(amounts: Amounts) -> dict[Combination, dict[int, Decimal]]:
    found: defaultdict[Combination, dict[int, Decimal]] = defaultdict(dict)
    for (combination, month), amount in amounts.items():
        found[combination][month.month] = amount
    return found


def _row(
    combination: Combination,
    months: Mapping[int, Decimal],
    to: Mapping[Combination, LineName],
    lines: Mapping[LineName, LineId],
) -> CombinationRow:
    by = rules.pattern_of(combination, to.keys())
    line = None if by is None else to[by]
    lacking = line if line not in (None, LEFT_OUT) and line not in lines else None
    return CombinationRow(
        combination=combination,
        line=None if lacking is not None else line,
        lacking=lacking,
        by=by,
        months=tuple(months.get(number) for number in range(1, MONTHS + 1)),
    )


def _order(row: CombinationRow) -> tuple[int, LineName, Decimal, Combination]:
    """Put what no line takes first, the largest amounts on top; what is left out comes last."""
    if row.line is None:
        return 0, LEFT_OUT, -abs(row.amount), row.combination
    place = 2 if row.line == LEFT_OUT else 1
    return place, row.line, Decimal(0), row.combination
