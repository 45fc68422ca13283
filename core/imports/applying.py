"""Planned writes into the store, in bulk, and what undoing them needs.

Ids are taken beforehand, so that children know their parents and each table is one statement.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, func, select, text, update
from sqlmodel import Session

from core.clock import now
from core.imports.bulk import in_parts, insert_many
from core.imports.kinds import Insert, Update, Void, Write
from core.models import Base, ImportChange

T = TypeVar("T")
NOT_IN_MARK = {"id", "created_at", "created_by_id", "voided_by_id"}


@contextmanager
def many_objects() -> Iterator[None]:
    """Let Python not look for unused objects while very many are made: it would find none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def table_of(model: type[Base]) -> Table:
    """Return a model's table."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON and marks hold it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{(value + 0).normalize():f}"
    return str(value)


def mark_of(table: Table, row: Mapping[str, Any]) -> str:
    """Return a digest of a row's content, its version included."""
    content = [
        str(row[name] is not None if name == "voided_at" else plain(row[name]))
        for name in _marked(table)
    ]
    return hashlib.blake2b(repr(content).encode(), digest_size=8).hexdigest()


def carry_out(
    session: Session, writes: Sequence[Write], *, run_id: int, author_id: int | None
) -> None:
    """Carry out writes, and keep for each row what it was and what it became."""
    changes = _Changes(run_id)
    voided = [write for write in writes if isinstance(write, Void)]
    updated = [write for write in writes if isinstance(write, Update)]
    inserted = [write for write in writes if isinstance(write, Insert)]
    _void(session, voided, author_id)
    ids = _insert(session, inserted, author_id, changes)
    _update(session, updated, ids)
    as_valid = {"voided_at": None, "voided_by_id": None}
    before = [(table_of(w.table), w.row_id, as_valid) for w in voided]
    before += [(table_of(u.table), u.row_id, dict(u.before)) for u in updated]
    _keep_changed(session, before, changes)
    changes.save(session)


def contents(session: Session, table: Table, ids: Iterable[int]) -> Iterator[Mapping[str, Any]]:
    """Return rows by id, locked until the end."""
    for part in in_parts(ids):
        statement = select(table).where(table.c.id.in_(part)).order_by(table.c.id).with_for_update()
        for row in session.execute(statement).mappings():
            yield {str(name): value for name, value in row.items()}


class _Changes:
    """The rows of `ImportChange` of one run."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.rows: list[dict[str, Any]] = []

    def add(self, table: Table, row: Mapping[str, Any], before: dict[str, Any] | None) -> None:
        was = None
        if before is not None:
            was = {name: plain(value) for name, value in before.items()}
        self.rows.append(
            {
                "run_id": self.run_id,
                "entity": table.name,
                "entity_id": row["id"],
                "before": was,
                "digest": mark_of(table, row),
            }
        )

    def save(self, session: Session) -> None:
        """Insert the rows, and forget them: there may be half a million."""
        insert_many(session, table_of(ImportChange), self.rows)
        self.rows.clear()


def _void(session: Session, writes: Sequence[Void], author_id: int | None) -> None:
    for model, of_table in _by_table(writes).items():
        table = table_of(model)
        values: dict[str, Any] = {"voided_at": now(), "voided_by_id": author_id}
        for part in in_parts(write.row_id for write in of_table):
            session.execute(
                update(table).where(table.c.id.in_(part)).values(values | _next_version(table))
            )


def _insert(
    session: Session, writes: Sequence[Insert], author_id: int | None, changes: _Changes
) -> dict[Insert, int]:
    ids: dict[Insert, int] = {}
    by_table = {table_of(model): (model, made) for model, made in _by_table(writes).items()}
    for table, (_model, made) in by_table.items():
        ids.update(zip(made, _new_ids(session, table, len(made)), strict=True))
    at = now()
    for table in Base.metadata.sorted_tables:
        if table not in by_table:
            continue
        model, made = by_table[table]
        told = {"created_at": at, "created_by_id": author_id, "run_id": changes.run_id}
        first = _defaults(model) | told
        blank = {name: value for name, value in first.items() if name in table.c}
        rows = []
        for write in made:
            values = {
                name: ids.get(v, v) if isinstance(v, Insert) else v
                for name, v in write.values.items()
            }
            row = blank | values | {"id": ids[write]}
            rows.append(row)
            changes.add(table, row, None)
        insert_many(session, table, rows)
        changes.save(session)
    return ids


def _update(session: Session, writes: Sequence[Update], ids: Mapping[Insert, int]) -> None:
    alike: dict[tuple[type[Base], tuple[str, ...]], list[Update]] = defaultdict(list)
    for write in writes:
        alike[write.table, tuple(write.after)].append(write)
    for (model, names), of_table in alike.items():
        table = table_of(model)
        values = {name: bindparam(f"to_{name}") for name in names} | _next_version(table)
        if not values:
            continue
        statement = update(table).where(table.c.id == bindparam("which")).values(values)
        rows = [
            {"which": write.row_id}
            | {f"to_{n}": ids[v] if isinstance(v, Insert) else v for n, v in write.after.items()}
            for write in of_table
        ]
        for part in in_parts(rows):
            session.execute(statement, part)


def _keep_changed(
    session: Session, before: Sequence[tuple[Table, int, dict[str, Any]]], changes: _Changes
) -> None:
    by_table: dict[Table, dict[int, dict[str, Any]]] = defaultdict(dict)
    for table, row_id, values in before:
        kept = by_table[table].setdefault(row_id, {})
        kept.update(values | kept)
    for table, known in by_table.items():
        for row in contents(session, table, known):
            changes.add(table, row, known[row["id"]])


def _new_ids(session: Session, table: Table, count: int) -> list[int]:
    """Take ids that nobody else gets."""
    if session.get_bind().dialect.name == "postgresql":
        statement = text(
            "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
        )
        return list(session.scalars(statement, {"name": table.name, "count": count}))
    last = session.execute(select(func.max(table.c.id))).scalar_one() or 0
    return list(range(last + 1, last + 1 + count))


def _next_version(table: Table) -> dict[str, Any]:
    return {"version": table.c.version + 1} if "version" in table.c else {}


@lru_cache(maxsize=256)
def _marked(table: Table) -> tuple[str, ...]:
    return tuple(name for name in table.c.keys() if name not in NOT_IN_MARK)  # noqa: SIM118


def _defaults(model: type[Base]) -> dict[str, Any]:
    """Return what a row of a model holds where nothing else is said."""
    return {
        name: None if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }


W = TypeVar("W", Insert, Void)


def _by_table(writes: Sequence[W]) -> dict[type[Base], list[W]]:
    found: dict[type[Base], list[W]] = defaultdict(list)
    for write in writes:
        found[write.table].append(write)
    return found
