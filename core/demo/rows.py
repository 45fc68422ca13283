"""Rows on their way into an empty store: numbered as they are made, written all at once."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import func, insert, select, text
from sqlmodel import Session

from core.models import Base


class Rows:
    """Rows by table. They get their ids when added, so that other rows can point to them."""

    def __init__(self) -> None:
        self._rows: defaultdict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._defaults: dict[type[Base], dict[str, Any]] = {}

    def add(self, model: type[Base], **values: Any) -> int:
        """Add a row with the model's defaults for what is not given. Returns its id."""
        rows = self._rows[model]
        number = len(rows) + 1
        rows.append(self._default(model) | values | {"id": number})
        return number

    def of(self, model: type[Base]) -> list[dict[str, Any]]:
        """Return the rows added to a table, in order."""
        return self._rows[model]

    def write(self, session: Session) -> None:
        """Insert every row, the tables that others point to first."""
        by_table = {model.__table__: rows for model, rows in self._rows.items()}  # type: ignore[attr-defined]
        for table in Base.metadata.sorted_tables:
            if table in by_table:
                session.execute(insert(table), by_table[table])
                self._continue_numbering(session, table)

    def _default(self, model: type[Base]) -> dict[str, Any]:
        if model not in self._defaults:
            self._defaults[model] = {
                name: None if value is PydanticUndefined else value
                for name, value in (
                    (name, field.get_default(call_default_factory=True, validated_data={}))
                    for name, field in model.model_fields.items()
                )
            }
        return self._defaults[model]

    @staticmethod
    def _continue_numbering(session: Session, table: Any) -> None:
        """Let PostgreSQL count on from the ids given here; SQLite does so by itself."""
        if session.get_bind().dialect.name == "postgresql":
            last = session.execute(select(func.max(table.c.id))).scalar_one()
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": table.name, "last": last},
            )
