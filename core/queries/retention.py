"""Retention: which cases' time is up, what of them is removed, and the removals so far.

The time counts from the last thing that happened in a case: its closing, the last day of its
placements or its last adverse decision. A voided case's counts from the day it was voided too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_, select
from sqlmodel import Session, col

from core.clock import STOCKHOLM
from core.models import (
    AdverseDecision,
    Base,
    Case,
    ImportChange,
    MeasureEntry,
    Placement,
    RetentionRun,
    RetentionTerm,
    User,
)
from core.rules import retention as rules
from core.rules.dates import ONE_DAY

WORDS = {
    "case_file": "ärenden",
    "case_assignment": "tilldelningar till handläggare och grupp",
    "case_composition": "uppgifter om hushållet",
    "case_adult": "vuxna",
    "adult_obstacle": "försörjningshinder",
    "change_plan": "förändringsplaner",
    "plan_revision": "revideringar av planer",
    "plan_exemption": "undantag från plan",
    "adverse_decision": "negativa beslut",
    "affected_child": "berörda barn",
    "child_impact_analysis": "barnkonsekvensanalyser",
    "placement": "placeringar",
    "placement_decision": "beslut om placeringar",
    "day_rate": "dygnskostnader",
    "placement_review": "uppföljningar av placeringar",
    "placement_plan": "syften och planer för placeringar",
    "walk_through_item": "beslut vid genomgångar",
    "scenario_change": "steg i scenarier",
    "benefit_month": "biståndsmånader",
    "reminder_snooze": "uppskjutna påminnelser",
    "measure_entry": "makulerade rapporter på mätpunkter",
    "measure_answer": "svar i makulerade rapporter",
}
"""The rows that go with a case, by table."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a removal would do: the last day of closing, how many cases, and rows by kind."""

    closed_through: dt.date
    cases: int
    rows: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Return how many rows in all."""
        return sum(number for _, number in self.rows)


@dataclass(frozen=True, slots=True)
class Run:
    """A removal: when (UTC), by whom (None: by command), and what it removed."""

    at: dt.datetime
    by: str | None
    closed_through: dt.date
    cases: int
    rows: int


def term(session: Session) -> int:
    """Return how many months closed cases are kept in this store."""
    decided = select(col(RetentionTerm.months)).order_by(col(RetentionTerm.id).desc()).limit(1)
    return session.execute(decided).scalar() or rules.DEFAULT_MONTHS


def closed_through(session: Session, *, on: dt.date) -> dt.date:
    """Return the last day of closing whose cases are removed on a day."""
    return rules.closed_through(on, term(session))


def preview(session: Session, *, on: dt.date) -> Preview:
    """Return what a removal on a day would do."""
    through = closed_through(session, on=on)
    conditions = row_conditions(time_is_up(through))
    statements = {
        table.name: select(func.count()).select_from(table).where(condition)
        for table, condition in conditions.items()
    }
    counted = {name: session.execute(found).scalar_one() for name, found in statements.items()}
    rows = tuple((word, counted[name]) for name, word in WORDS.items() if counted[name])
    return Preview(through, counted[str(Case.__tablename__)], rows)


def removed_through(session: Session) -> dt.date | None:
    """Return the last day of closing whose cases have been removed so far, None before that.

    A case that was closed by then may be among the removed ones: written again it would count
    twice.
    """
    return session.execute(select(func.max(col(RetentionRun.closed_through)))).scalar()


def runs(session: Session, *, most: int = 12) -> tuple[Run, ...]:
    """Return the latest removals, the latest first."""
    rows = session.execute(
        select(
            col(RetentionRun.created_at),
            col(User.name),
            col(RetentionRun.closed_through),
            col(RetentionRun.cases),
            col(RetentionRun.rows),
        )
        .outerjoin(User, col(User.id) == col(RetentionRun.created_by_id))
        .order_by(col(RetentionRun.id).desc())
        .limit(most)
    )
    return tuple(Run(*row) for row in rows)


def time_is_up(through: dt.date) -> ColumnElement[bool]:
    """Return the condition that a case's rows are removed, given the last day of closing."""
    midnight = dt.datetime.combine(through + ONE_DAY, dt.time(), STOCKHOLM)
    closed = col(Case.closed_on) <= through
    later_placement = (
        select(1)
        .where(col(Placement.case_id) == col(Case.id), col(Placement.voided_at).is_(None))
        .where(or_(col(Placement.ended_on).is_(None), col(Placement.ended_on) > through))
    )
    later_decision = (
        select(1)
        .where(
            col(AdverseDecision.case_id) == col(Case.id), col(AdverseDecision.voided_at).is_(None)
        )
        .where(col(AdverseDecision.decided_on) > through)
    )
    return or_(
        and_(col(Case.voided_at).is_not(None), or_(closed, col(Case.voided_at) < midnight)),
        and_(closed, ~exists(later_placement), ~exists(later_decision)),
    )


def row_conditions(cases: ColumnElement[bool]) -> dict[Table, ColumnElement[bool]]:
    """Return, for each table with rows that go with some cases, the condition on those rows.

    Every table that refers to a case, directly or by another, is found by its foreign keys, so that
    a new one can't be forgotten; a table comes after those it refers to. A report on a measure
    point stays, without its case, unless it is voided.
    """
    found: dict[Table, ColumnElement[bool]] = {_table(Case): cases}
    for table in Base.metadata.sorted_tables:
        owners = [
            key.parent.in_(select(key.column).where(found[key.column.table]))
            for key in table.foreign_keys
            if key.column.table in found
        ]
        if owners:
            found[table] = or_(*owners)
        if owners and table is _table(MeasureEntry):
            found[table] &= col(MeasureEntry.voided_at).is_not(None)
    return found


def imported_rows(conditions: dict[Table, ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition that an import's undo concerns one of the rows that go."""
    return or_(
        *(
            and_(
                col(ImportChange.entity) == table.name,
                col(ImportChange.entity_id).in_(select(table.c.id).where(condition)),
            )
            for table, condition in conditions.items()
        )
    )


def _table(model: type[Base]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
