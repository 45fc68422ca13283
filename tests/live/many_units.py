"""Copies of a unit with all that belongs to it, to see what a page costs in a large store."""

from sqlalchemy import text

from core import db
from core.models import Base

SHARED = {
    "user_account",
    "store_info",
    "login",
    "sign_in_throttle",
    "audit_event",
    "audit_link",
    "audit_head",
    "user_role",
}


def copy_unit(slug, times):
    """Copy a unit of the configured store a number of times, with new ids and slugs."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in SHARED]
    with db.engine().execution_options(writes=True).begin() as connection:
        unit = connection.execute(
            text("SELECT id FROM unit WHERE slug = :slug"), {"slug": slug}
        ).scalar_one()
        step = 1 + max(
            connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table.name}")).scalar_one()
            for table in tables
            if "id" in table.c
        )
        for number in range(1, times + 1):
            for table in tables:
                statement = _copy(table, tables)
                connection.execute(text(statement), {"unit": unit, "step": step * number})
        connection.execute(text("ANALYZE"))


def _copy(table, tables):
    names = {t.name for t in tables}
    columns, values = [], []
    for column in table.c:
        target = next((key.column.table.name for key in column.foreign_keys), None)
        columns.append(f'"{column.name}"')
        if column.name == "id" or target in names:
            values.append(f'"{column.name}" + :step')
        elif table.name == "unit" and column.name in {"slug", "name"}:
            values.append(f"\"{column.name}\" || '-' || :step")
        else:
            values.append(f'"{column.name}"')
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {table.name} WHERE {_belongs(table)}"
    )


def _belongs(table):
    """A condition for the rows of one unit, following the first required parent upwards."""
    if table.name == "unit":
        return "id = :unit"
    if "unit_id" in table.c:
        return "unit_id = :unit"
    for column in table.c:
        parent = next((key.column.table for key in column.foreign_keys), None)
        if parent is not None and not column.nullable and parent.name not in SHARED:
            return f"{column.name} IN (SELECT id FROM {parent.name} WHERE {_belongs(parent)})"
    raise ValueError(f"{table.name} belongs to no unit")
