"""Very many rows into a table: as the driver takes them fastest, past SQLAlchemy's row by row.

The guard against personal identity numbers is asked here as it is for every other statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, insert
from sqlmodel import Session

from core.db import guard_rows

T = TypeVar("T")
AT_ONCE = 5_000


def in_parts(items: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Return items a part at a time: a statement holds only so many values."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns. Raises `PersonalNumberError` as any write."""
    if not rows:
        return
    names = list(rows[0])
    guard_rows(names, rows)
    connection = session.connection()
    dialect = connection.dialect
    as_stored = [table.c[n].type.dialect_impl(dialect).bind_processor(dialect) for n in names]
    columns = list(zip(names, as_stored, strict=True))
    values = (tuple(f(row[n]) if f else row[n] for n, f in columns) for row in rows)
    if dialect.name == "postgresql":
        quoted = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
        cursor: Any = connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({quoted}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    statement = str(insert(table).inline().compile(dialect=dialect, column_keys=names))
    for part in in_parts(values):
        connection.exec_driver_sql(statement, part)
