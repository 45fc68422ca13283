"""The command `check`: is the store whole, on this version, and the configuration usable?"""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from core import audit_files, db
from core.audit_files import AuditKeyMissingError
from core.config import settings
from core.models import Base

VERBS = ("update", "delete", "replace")
TRIGGERS = {
    "sqlite": (
        {
            *(f"audit_{table}_no_{verb}" for table in ("event", "link") for verb in VERBS),
            *("audit_head_onward", "audit_head_no_delete", "audit_head_no_replace"),
        },
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    ),
    "postgresql": (
        {
            *("audit_event_append_only", "audit_link_append_only"),
            *("audit_head_no_delete", "audit_head_onward"),
        },
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    ),
}
"""What keeps the audit log append-only, by database, and how to ask what is there."""


def faults() -> list[str]:
    """Return what is wrong, each in a Swedish sentence that says what to do. Empty: all is well."""
    try:
        settings()
    except ValueError as error:
        return [str(error)]
    try:
        db.store_info()
        audit_files.key()
        with db.engine().connect() as connection:
            return [
                *_version_faults(connection),
                *_integrity_faults(connection),
                *_guard_faults(connection),
            ]
    except AuditKeyMissingError as error:
        return [str(error)]
    except db.StoreNotReadyError as error:
        return [f"{error} Kör: python -m core init"]
    except SQLAlchemyError as error:
        return [f"Databasen går inte att läsa: {type(error).__name__}. Se RT_DATABASE_URL."]


def _version_faults(connection: Connection) -> list[str]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    newest = ScriptDirectory.from_config(db.migration_config(connection)).get_current_head()
    current = context.get_current_revision()
    if current != newest:
        return [f"Databasen har version {current} men programmet {newest}. Starta appen en gång."]
    differences = compare_metadata(context, Base.metadata)
    return [f"Tabellerna avviker från version {newest}: {len(differences)} skillnader."] * bool(
        differences
    )


def _guard_faults(connection: Connection) -> list[str]:
    """Return whether something that keeps the audit log from being changed has been taken away."""
    names, asked = TRIGGERS[connection.dialect.name]
    gone = sorted(names - set(connection.execute(text(asked)).scalars()))
    if not gone:
        return []
    return [
        (
            f"Händelseloggens skydd mot ändringar saknas: {', '.join(gone)}. Ta reda på vem som tog "
            "bort det och kontrollera loggen: python -m core audit verify"
        )
    ]


def _integrity_faults(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    found = []
    verdict = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    if verdict != ["ok"]:
        found.append(f"Databasfilen är skadad: {verdict[0]}. Återställ från säkerhetskopia.")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        found.append(f"{len(broken)} rader hänvisar till rader som saknas, i: {tables}.")
    return found
