"""Retention: closed cases' rows are removed when their time is up, and the figures stay.

What the cases counted as is first added to the changes that earlier removed cases left
(`core.rules.retention`), then every row of them is deleted. `by` is None only for what the command
line does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Delete, Update, bindparam, delete, null, select, text, update
from sqlmodel import Session, col

from core.auth import Actor, Permission
from core.clock import today
from core.models import Area, Case, ImportChange, MeasureEntry, RetentionRun, RetentionTerm
from core.queries import retention
from core.services.base import Checks, Event, already_done, record
from core.services.retained import keep

SHORTEST, LONGEST = 6, 120
AREAS = (
    Area.CASES,
    Area.PLANS,
    Area.CHILD_IMPACT,
    Area.PLACEMENTS,
    Area.BENEFIT_MONTHS,
    Area.MEASURES,
    Area.REMINDERS,
    Area.RETENTION,
)
BATCH = 500


def set_term(session: Session, months: int, *, by: Actor, key: str | None = None) -> int:
    """Decide how many months closed cases are kept. Returns the row's id.

    Raises `RefusedError` for a time outside half a year to ten years.
    """
    by.require(Permission.MANAGE_RETENTION)
    done = already_done(session, key)
    if done is not None:
        return done
    checks = Checks()
    checks.refuse_if(
        not SHORTEST <= months <= LONGEST,
        "months",
        f"Ange ett antal månader från {SHORTEST} till {LONGEST}.",
    )
    checks.done()
    before = retention.term(session)
    row = RetentionTerm(months=months, created_by_id=by.user_id)
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details = {"months": months, "before": before}
    event = Event("set_term", "retention_term", row.id, None, details=details)
    record(session, event, by=by, key=key)
    return row.id


def remove(
    session: Session, *, by: Actor | None, expected: int | None = None, key: str | None = None
) -> int | None:
    """Remove the cases whose time is up. Returns the run's id, None when there was nothing.

    `expected` is how many cases somebody was told and confirms. Raises `RefusedError` if it is
    another number; nothing is removed then.
    """
    if by is not None:
        by.require(Permission.MANAGE_RETENTION)
    done = already_done(session, key)
    if done is not None:
        return done
    through = retention.closed_through(session, on=today())
    found = _locked(session, through)
    checks = Checks()
    checks.refuse_if(
        expected not in {None, len(found)},
        "expected",
        f"Antalet ärenden är {len(found)}. Skriv det för att bekräfta.",
    )
    checks.done()
    if not found:
        return None
    by_unit: dict[int, list[int]] = {}
    for case_id, unit_id in found:
        by_unit.setdefault(unit_id, []).append(case_id)
    with _overwriting(session), _found_by_owner(session):
        rows = {unit_id: _remove_of_unit(session, unit_id, ids) for unit_id, ids in by_unit.items()}
    run = RetentionRun(
        closed_through=through,
        cases=len(found),
        rows=sum(rows.values()),
        created_by_id=by.user_id if by else None,
    )
    session.add(run)
    session.flush()
    for place, (unit_id, ids) in enumerate(sorted(by_unit.items())):
        event = Event(
            "remove_closed",
            "retention_run",
            run.id,
            unit_id,
            [(area, dt.date.min) for area in AREAS],
            {"closed_through": through, "cases": len(ids), "rows": rows[unit_id]},
        )
        record(session, event, by=by, key=None if place else key)
    return run.id


def _locked(session: Session, through: dt.date) -> list[tuple[int, int]]:
    """Return the cases whose time is up with their units, locked against everybody else.

    Asked again once they are locked: what somebody wrote meanwhile can have given one more time.
    """
    cases = (
        select(col(Case.id), col(Case.unit_id))
        .where(retention.time_is_up(through))
        .order_by(col(Case.id))
    )
    locked = {case_id for case_id, _ in session.execute(cases.with_for_update())}
    return [(case_id, unit_id) for case_id, unit_id in session.execute(cases) if case_id in locked]


@contextmanager
def _overwriting(session: Session) -> Iterator[None]:
    """Let SQLite write over what is deleted, which would otherwise stay in the file's free pages."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    if sqlite:
        session.execute(text("PRAGMA secure_delete=ON"))
    try:
        yield
    finally:
        if sqlite:
            session.execute(text("PRAGMA secure_delete=OFF"))


@contextmanager
def _found_by_owner(session: Session) -> Iterator[None]:
    """Let SQLite find the rows that refer to a row it deletes, also voided ones, by index.

    The tables' own indexes leave the voided ones out, so that each deleted row would read every
    table through while nobody else can write. PostgreSQL lets others write meanwhile.
    """
    tables = retention.row_conditions(col(Case.id).is_not(None))
    keys = [
        (table.name, key.parent.name)
        for table in tables
        for key in table.foreign_keys
        if key.column.table in tables
    ]
    sqlite = session.get_bind().dialect.name == "sqlite"
    for table, column in keys if sqlite else ():
        session.execute(text(f"CREATE INDEX removal_{table}_{column} ON {table} ({column})"))
    yield
    for table, column in keys if sqlite else ():
        session.execute(text(f"DROP INDEX removal_{table}_{column}"))


def _remove_of_unit(session: Session, unit_id: int, ids: list[int]) -> int:
    """Keep what a unit's cases counted as, and delete their rows. Returns how many rows."""
    batches = [ids[first : first + BATCH] for first in range(0, len(ids), BATCH)]
    keep(session, unit_id, batches)
    return sum(_delete(session, batch) for batch in batches)


def _delete(session: Session, ids: list[int]) -> int:
    """Delete some cases with all that hangs on them, the last leaf first.

    An import that wrote some of it keeps that it did, but not what: it can't be undone any more.
    """
    # Written into the statements: each table's condition has the ids, too many to be parameters.
    written: Any = bindparam("ids", ids, expanding=True, literal_execute=True)
    conditions = retention.row_conditions(col(Case.id).in_(written))
    imported = update(ImportChange).where(retention.imported_rows(conditions))
    _changed(session, imported.values(before=null(), digest=""))
    reported = update(MeasureEntry).where(
        col(MeasureEntry.case_id).in_(ids), col(MeasureEntry.voided_at).is_(None)
    )
    _changed(session, reported.values(case_id=None, slot=None))
    return sum(
        _changed(session, delete(table).where(condition))
        for table, condition in reversed(conditions.items())
    )


def _changed(session: Session, statement: Delete | Update) -> int:
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
