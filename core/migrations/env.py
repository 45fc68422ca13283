"""Runs migrations on the connection that `core.db` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from core.models import Base


def plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write a column's stored type in a new migration, so that old ones outlive our classes."""
    if kind == "type" and isinstance(item, TypeDecorator):
        length = getattr(item.impl_instance, "length", None)
        return f"sa.{type(item.impl_instance).__name__}({f'length={length}' if length else ''})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_type,
    compare_type=True,
)
context.run_migrations()
