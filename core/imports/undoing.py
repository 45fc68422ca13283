"""Undo of a unit's latest import: what it made is voided, what it changed is put back.

Refused if anything of it has been changed since, or if something new rests on what it made.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update
from sqlmodel import Session, col

from core.auth import Actor, Permission, PermissionDeniedError, Role, row_scope
from core.clock import now, today
from core.imports.applying import contents, many_objects, mark_of
from core.imports.bulk import in_parts
from core.imports.registry import KINDS
from core.models import Area, AuditEvent, Base, ImportChange, ImportRun, Placement, Unit
from core.queries import placement_facts
from core.queries.imports import kinds_together, permission_for
from core.services.base import ConflictError, Event, FieldError, RefusedError, already_done, record
from core.terms import ImportKind

FIELD = "undo"
TOLD = 5
_WORDS = {
    "case_file": "ärendet",
    "goal": "målet",
    "indicator": "indikatorn",
    "activity": "aktiviteten",
    "placement": "placeringen",
    "budget_line": "budgetposten",
}


@dataclass(slots=True)
class _Rows:
    """A table's rows of an import: those that it made, and those that it changed, as they were."""

    table: Table
    made: dict[int, str] = field(default_factory=dict)
    changed: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    now: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Tell whether the table's rows are voided, not removed."""
        return "voided_at" in self.table.c


@many_objects()
def undo(session: Session, run_id: int, *, by: Actor, key: str | None = None) -> int:
    """Undo the unit's latest import of the kinds that the same people import. Returns its id.

    Raises:
        RefusedError: Something of it has been changed since, or is another group's than the one
            that a group manager reaches.
        ConflictError: It is not the latest any more, or already undone.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    asked = session.get(ImportRun, run_id)
    if asked is None or by.unit_id is None or asked.unit_id != by.unit_id:
        raise PermissionDeniedError("unit")
    by.require(permission_for(asked.kind))
    run = _latest(session, by.unit_id, asked.kind)
    if run is None or run.id != run_id:
        raise ConflictError("import")
    tables = _rows_of(session, run_id)
    _check_reached(session, tables, by)
    _check_untouched(session, tables)
    _check_nothing_rests(session, tables)
    for rows in reversed(tables):
        _take_away(session, rows, tables, by)
    for rows in tables:
        _put_back(session, rows)
    follow = KINDS[run.kind].undone if run.kind in KINDS else None
    if follow is not None:
        session.flush()
        follow(session, run.unit_id, run_id, by)
    run.voided_at = now()
    run.voided_by_id = by.user_id
    imported = session.exec(
        select(AuditEvent.id)  # type: ignore[call-overload]
        .where(col(AuditEvent.entity) == "import_run")
        .where(col(AuditEvent.entity_id) == run_id)
        .where(col(AuditEvent.action) == "import")
    ).scalar()
    moved = [(Area(area), dt.date.fromisoformat(day)) for area, day in run.moved.items()]
    details = {"kind": run.kind, "created": run.created, "changed": run.changed}
    event = Event(
        "undo_import", "import_run", run_id, run.unit_id, moved, details, undoes_id=imported
    )
    record(session, event, by=by, key=key)
    return run_id


def _latest(session: Session, unit_id: int, kind: ImportKind) -> ImportRun | None:
    session.execute(
        select(col(Unit.id)).where(col(Unit.id) == unit_id).with_for_update(key_share=True)
    )
    return session.scalars(
        select(ImportRun)
        .where(col(ImportRun.unit_id) == unit_id)
        .where(col(ImportRun.kind).in_(kinds_together(kind)))
        .where(col(ImportRun.voided_at).is_(None))
        .order_by(col(ImportRun.id).desc())
        .limit(1)
    ).first()


def _rows_of(session: Session, run_id: int) -> list[_Rows]:
    """Return the import's rows by table, parents first."""
    by_name: dict[str, _Rows] = {}
    for table in Base.metadata.sorted_tables:
        by_name[table.name] = _Rows(table)
    changes = session.execute(
        select(
            col(ImportChange.entity),
            col(ImportChange.entity_id),
            col(ImportChange.before),
            col(ImportChange.digest),
        ).where(col(ImportChange.run_id) == run_id)
    )
    for entity, row_id, before, mark in changes:
        if before is None:
            by_name[entity].made[row_id] = mark
        else:
            by_name[entity].changed[row_id] = (mark, before)
    found = [rows for rows in by_name.values() if rows.made or rows.changed]
    for rows in found:
        ids = sorted({*rows.made, *rows.changed})
        rows.now = {row["id"]: row for row in contents(session, rows.table, ids)}
    return found


def _check_reached(session: Session, tables: Iterable[_Rows], by: Actor) -> None:
    """Refuse if a placement of the import is outside what a group manager reaches today."""
    if by.role is not Role.GROUP_MANAGER:
        return
    scope = row_scope(by, Permission.IMPORT_PLACEMENTS)
    ids = {row_id for rows in tables if rows.table.name == "placement" for row_id in rows.now}
    inside: set[int] = set()
    for part in in_parts(ids):
        found = placement_facts.load(session, col(Placement.id).in_(part))
        inside |= {one.id for one in placement_facts.in_scope(found, scope, today())}
    if inside != ids:
        message = (
            "Importen rör också placeringar utanför din grupp. Be den som importerade filen eller "
            "enhetschefen att ångra den."
        )
        raise RefusedError(FieldError(FIELD, message))


def _check_untouched(session: Session, tables: Iterable[_Rows]) -> None:
    for rows in tables:
        marks = rows.made | {row_id: mark for row_id, (mark, _before) in rows.changed.items()}
        touched = [
            row_id
            for row_id, mark in marks.items()
            if row_id not in rows.now or mark_of(rows.table, rows.now[row_id]) != mark
        ]
        if touched:
            raise _refused(session, rows, touched, "har ändrats sedan importen")


def _check_nothing_rests(session: Session, tables: list[_Rows]) -> None:
    """Refuse if a row that the import didn't make refers to one that it made."""
    made = {rows.table.name: rows for rows in tables if rows.made}
    for other in Base.metadata.sorted_tables:
        own = made[other.name].made if other.name in made else {}
        for key in other.foreign_keys:
            rows = made.get(key.column.table.name)
            if rows is None:
                continue
            resting = [
                to
                for part in in_parts(rows.made)
                for row_id, to in session.execute(_resting(other, key, part, rows.kept))
                if row_id not in own
            ]
            if resting:
                raise _refused(session, rows, resting, "har fått nya uppgifter sedan importen")


def _resting(table: Table, key: Any, ids: list[int], kept: bool) -> Any:
    """Select a table's rows that count and refer to some rows, with which one.

    A voided row counts too where the row it refers to is to be removed and it can't go with it.
    """
    refers = key.parent
    own = table.c.id if "id" in table.c else refers
    statement = select(own, refers).where(refers.in_(ids))
    if "voided_at" not in table.c or not (kept or _is_last(table)):
        return statement
    return statement.where(table.c.voided_at.is_(None))


def _is_last(table: Table) -> bool:
    """Tell whether no table refers to a table's rows."""
    others = Base.metadata.sorted_tables
    return not any(key.column.table is table for other in others for key in other.foreign_keys)


def _take_away(session: Session, rows: _Rows, tables: list[_Rows], by: Actor) -> None:
    table = rows.table
    if rows.kept:
        values: dict[str, Any] = {"voided_at": now(), "voided_by_id": by.user_id}
        hanging = _of_removed(rows, tables)
        for part in in_parts(row_id for row_id in rows.made if row_id not in hanging):
            session.execute(
                update(table).where(table.c.id.in_(part)).values(values | _version(table))
            )
        for part in in_parts(hanging):
            session.execute(delete(table).where(table.c.id.in_(part)))
        return
    voided = {other.table.name: other.made for other in tables if other.kept}
    parents = [(k.parent.name, voided[k.column.table.name]) for k in _keys_to(table, voided)]
    gone = [
        row_id
        for row_id in rows.made
        if not any(rows.now[row_id][name] in made for name, made in parents)
    ]
    for part in in_parts(gone):
        _remove_voided(session, table, part)
        session.execute(delete(table).where(table.c.id.in_(part)))


def _remove_voided(session: Session, table: Table, ids: list[int]) -> None:
    """Remove the voided rows that hang on rows to be removed: they can't be kept without them."""
    for other in Base.metadata.sorted_tables:
        if "voided_at" not in other.c:
            continue
        for key in _keys_to(other, {table.name: ids}):
            session.execute(
                delete(other).where(key.parent.in_(ids)).where(other.c.voided_at.is_not(None))
            )


def _of_removed(rows: _Rows, tables: list[_Rows]) -> set[int]:
    """Return the made rows that hang on a made one that is removed: they can't be kept without it."""
    removed = {other.table.name: other.made for other in tables if other.made and not other.kept}
    parents = [(k.parent.name, removed[k.column.table.name]) for k in _keys_to(rows.table, removed)]
    return {
        row_id
        for row_id in rows.made
        if any(rows.now[row_id][name] in made for name, made in parents)
    }


def _keys_to(table: Table, names: Mapping[str, Any]) -> list[Any]:
    return [key for key in table.foreign_keys if key.column.table.name in names]


def _put_back(session: Session, rows: _Rows) -> None:
    table = rows.table
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, (_mark, before) in rows.changed.items():
        values = {f"to_{name}": _stored(table, name, value) for name, value in before.items()}
        alike[tuple(before)].append({"which": row_id} | values)
    for names, parameters in alike.items():
        values = {name: bindparam(f"to_{name}") for name in names} | _version(table)
        if values:
            statement = update(table).where(table.c.id == bindparam("which")).values(values)
            for part in in_parts(parameters):
                session.execute(statement, part)


def _stored(table: Table, name: str, value: Any) -> Any:
    """Return a value that was kept as JSON as its column holds it."""
    if value is None or not isinstance(value, str):
        return value
    kind: Any = table.c[name].type
    python: type = getattr(kind, "enum_class", None) or kind.python_type
    if python in (dt.date, dt.datetime):
        return python.fromisoformat(value)
    if python in (str, object):  # SQLModel's text columns know no type of their own
        return value
    return Decimal(value) if type(kind).__name__ == "Fixed" else python(value)


def _version(table: Table) -> dict[str, Any]:
    return {"version": table.c.version + 1} if "version" in table.c else {}


def _refused(session: Session, rows: _Rows, ids: list[int], what: str) -> RefusedError:
    names = sorted({_name(session, rows.table, row_id) for row_id in ids[: TOLD * 10]})[:TOLD]
    more = " med flera" if len(set(ids)) > len(names) else ""
    message = f"Importen kan inte ångras: {', '.join(names)}{more} {what}."
    return RefusedError(FieldError(FIELD, message))


def _name(session: Session, table: Table, row_id: int) -> str:
    """Return what a row is about: its own name, or that of the row that it belongs to."""
    row = session.execute(select(table).where(table.c.id == row_id)).mappings().first()
    if row is None:
        return "en uppgift"
    for name in ("reference", "name", "title"):
        if name in table.c:
            return f"{_WORDS.get(table.name, 'uppgiften')} {row[name]}"
    for key in table.foreign_keys:
        if key.column.table is not table and key.parent.name in _PARENTS:
            return _name(session, key.column.table, row[key.parent.name])
    return "en uppgift"


_PARENTS = {"case_id", "adult_id", "plan_id", "indicator_id", "goal_id", "line_id", "placement_id"}
