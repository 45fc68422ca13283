"""Copies of a whole store: between SQLite files while people work, and between kinds of database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    Table,
    create_engine,
    func,
    inspect,
    select,
    text,
)

from core import db
from core.models import Base

ROWS_AT_A_TIME = 2_000
HEAD = "audit_head"
"""Its one row is there from the start, and may be moved on but not removed."""


def open_file(path: Path) -> Engine:
    """Return an engine for a SQLite file that is nobody's store yet."""
    return create_engine(f"sqlite:///{path}", module=db.sqlite_module(), poolclass=NullPool)


def copy_file(source: Path, target: Path) -> None:
    """Copy a SQLite store as it stands at one moment, while others read and write it.

    All pages are copied in one step: in several, a write between them would begin the copy anew.
    """
    module = db.sqlite_module()
    with closing(module.connect(source)) as live, closing(module.connect(target)) as copy:
        live.execute(f"PRAGMA busy_timeout={db.BUSY_MILLISECONDS}")
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def upgrade(engine: Engine) -> None:
    """Bring a store that nobody uses to this version's tables."""
    with engine.begin() as connection:
        command.upgrade(db.migration_config(connection), "head")


def revision(connection: Connection) -> str | None:
    """Return the version of a store's tables; None without tables."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision(connection: Connection) -> str | None:
    """Return the version that this program's tables have."""
    return _scripts(connection).get_current_head()


def knows(connection: Connection, wanted: str) -> bool:
    """Tell whether this program knows a version of the tables."""
    return wanted in {script.revision for script in _scripts(connection).walk_revisions()}


def counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows by table, of the tables that are there."""
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
        for name in names
    }


def file_faults(connection: Connection) -> list[str]:
    """Return what is wrong with a SQLite file, in Swedish: damaged, or rows without their parent."""
    verdict = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    if verdict != ["ok"]:
        return [f"Databasfilen är skadad: {verdict[0]}."]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        return [f"{len(broken)} rader hänvisar till rader som saknas, i: {tables}."]
    return []


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of a store to a fresh one with the same tables, in the caller's transaction.

    What the fresh store's migrations put there gives way to what the source has.
    """
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        if table.name != HEAD and target.execute(select(table).limit(1)).first() is not None:
            target.execute(table.delete())
    for table in tables:
        if table.name == HEAD:
            _move_head(source, target, table)
        else:
            _copy_table(source, target, table)
    if target.dialect.name == "postgresql":
        _set_sequences(target, tables)


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    asked = select(table).order_by(*table.primary_key.columns)
    rows = source.execute(asked, execution_options={"yield_per": ROWS_AT_A_TIME})
    parent = next((key.parent for key in table.foreign_keys if key.column.table is table), None)
    for chunk in _parents_first(rows.mappings().partitions(), parent):
        target.execute(table.insert(), chunk)


def _parents_first(chunks: Iterable[Any], parent: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield rows in chunks; a row that refers to a later one of its own table comes after it."""
    if parent is None:
        for chunk in chunks:
            yield [dict(row) for row in chunk]
        return
    seen: set[Any] = {None}
    waiting: list[dict[str, Any]] = []
    for chunk in chunks:
        ready = []
        for row in map(dict, chunk):
            if row[parent.name] in seen or row[parent.name] == row["id"]:
                ready.append(row)
                seen.add(row["id"])
            else:
                waiting.append(row)
        if ready:
            yield ready
    while waiting:
        ready = [row for row in waiting if row[parent.name] in seen] or waiting
        seen |= {row["id"] for row in ready}
        waiting = [row for row in waiting if row["id"] not in seen]
        yield ready


def _move_head(source: Connection, target: Connection, table: Table) -> None:
    for row in source.execute(select(table)).mappings():
        if row["sequence"]:
            target.execute(table.update(), [dict(row)])


def _set_sequences(target: Connection, tables: Iterable[Table]) -> None:
    """Let new rows' ids go on after the copied ones."""
    for table in tables:
        if "id" not in table.c or not table.c.id.primary_key:
            continue
        sequence = target.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        if sequence is not None:
            last = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            target.execute(select(func.setval(sequence, last, False)))


def _scripts(connection: Connection) -> ScriptDirectory:
    return ScriptDirectory.from_config(db.migration_config(connection))
