"""Backup while people work, and restoring to a fresh place; what each is checked for.

A backup is the same whatever database the store lies in: PostgreSQL is read in one transaction that
sees the store as it stood at its start.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from sqlalchemy import NullPool, create_engine, delete, inspect, make_url
from sqlmodel import Session

from core import audit_files, clock, db
from core.config import settings
from core.models import AuditLink, Login
from core.services import audit_check, store_copy
from core.services.backup_file import BackupError, Manifest, digest, pack, unpack
from core.services.base import Event, record

NAME = "roda-traden-%Y-%m-%d-%H%M%S.zip"
TRIES = 2


@dataclass(frozen=True, slots=True)
class Done:
    """What was backed up or restored: the file, what it held, and heads that were put aside."""

    path: Path
    manifest: Manifest
    put_aside: Path | None = None


def back_up(to: Path) -> Done:
    """Back up the configured store to a file, or to a new one in a folder, while people work.

    Raises `BackupError` if the copy doesn't hold, and `OSError` if it can't be written.
    """
    db.attach()
    path = to / f"{clock.now().astimezone(clock.STOCKHOLM):{NAME}}" if to.is_dir() else to
    if path.exists():
        msg = f"Filen {path} finns redan. Välj ett annat namn."
        raise BackupError(msg)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".roda-traden-") as folder:
        copy = Path(folder) / "copy.db"
        manifest = _checked_copy(copy)
        pack(copy, manifest, path)
        unpack(path, Path(folder) / "read back.db")
    with db.write() as session:
        details = {"events": manifest.events}
        record(session, Event("back_up", "store", None, None, details=details), by=None)
    return Done(path, manifest)


def restore(backup: Path) -> Done:
    """Restore a backup to the configured place, where there may be no store, and sign everybody out.

    Raises `BackupError`, with nothing changed, if there is a store or the backup doesn't hold.
    """
    url = make_url(settings().database_url)
    _refuse_a_store_that_exists()
    audit_files.key()
    near = Path(url.database or ".").parent if url.get_backend_name() == "sqlite" else None
    if near is not None:
        near.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=near, prefix=".roda-traden-") as folder:
        copy = Path(folder) / "copy.db"
        manifest = unpack(backup, copy)
        _check_file(copy, manifest)
        put_aside = _let_heads_end(manifest)
        _check_chain(copy)
        if near is not None:
            copy.rename(Path(str(url.database)))
        else:
            _load(copy, manifest)
    db.open_store()
    with db.write() as session:
        session.execute(delete(Login))
        details = {"events": manifest.events}
        record(session, Event("restore", "store", None, None, details=details), by=None)
    return Done(backup, manifest, put_aside)


def _checked_copy(copy: Path) -> Manifest:
    """Copy the configured store to a SQLite file, and check all that can be checked of it."""
    for _ in range(TRIES):
        heads = audit_files.written_heads()
        copy.unlink(missing_ok=True)
        made_at = clock.now()
        rows = _copy(copy)
        try:
            events = _check_chain(copy)
            break
        except BackupError:
            if audit_files.written_heads() == heads:
                raise  # or else the log's end was written down after the copy was taken
    else:
        msg = "Händelseloggen kontrollerades samtidigt. Försök igen."
        raise BackupError(msg)
    with store_copy.open_file(copy).connect() as connection:
        _refuse(store_copy.file_faults(connection))
        found = store_copy.counts(connection)
        revision = store_copy.revision(connection) or ""
    if rows is not None and rows != found:
        msg = "Kopian har inte lika många rader som databasen. Försök igen."
        raise BackupError(msg)
    return Manifest(
        made_at=made_at.isoformat(timespec="seconds"),
        revision=revision,
        events=events,
        rows=found,
        size=copy.stat().st_size,
        sha256=digest(copy),
    )


def _copy(copy: Path) -> dict[str, int] | None:
    """Copy the configured store to a SQLite file. Returns its rows by table, if they are known."""
    engine = db.engine()
    if engine.dialect.name == "sqlite":
        store_copy.copy_file(Path(str(engine.url.database)), copy)
        return None
    target = store_copy.open_file(copy)
    store_copy.upgrade(target)
    one_moment = engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with one_moment.connect() as source, target.begin() as connection:
        if store_copy.revision(source) != store_copy.newest_revision(source):
            msg = "Databasen har en annan version än programmet. Starta appen en gång först."
            raise BackupError(msg)
        store_copy.copy_rows(source, connection)
        return store_copy.counts(source)


def _check_file(copy: Path, manifest: Manifest) -> None:
    """Check a backup's file against its manifest."""
    with store_copy.open_file(copy).connect() as connection:
        _refuse(store_copy.file_faults(connection))
        if store_copy.counts(connection) != manifest.rows:
            msg = "Säkerhetskopian har inte de rader som den ska ha. Ta en annan."
            raise BackupError(msg)
        if not store_copy.knows(connection, manifest.revision):
            msg = (
                f"Säkerhetskopian har version {manifest.revision}, som programmet inte känner till. "
                "Uppdatera programmet först."
            )
            raise BackupError(msg)


def _check_chain(copy: Path) -> int:
    """Check the audit log's chain in a copy. Returns the number of its events."""
    engine = store_copy.open_file(copy)
    if not inspect(engine).has_table(AuditLink.__tablename__):
        return 0
    with Session(engine) as session:
        verdict = audit_check.check(session)
    if verdict.fault is not None:
        msg = f"Händelseloggen i kopian är inte hel. {verdict.fault}"
        raise BackupError(msg)
    return verdict.events


def _refuse(faults: list[str]) -> None:
    if faults:
        raise BackupError(" ".join(faults))


def _refuse_a_store_that_exists() -> None:
    url = make_url(settings().database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        there = any(Path(f"{path}{end}").exists() for end in ("", "-wal", "-journal"))
    else:
        path = Path(url.database or "")
        there = bool(inspect(db.engine()).get_table_names())
    if there:
        msg = (
            f"Det finns redan en databas i {path}. En säkerhetskopia återställs bara till en tom "
            "plats: flytta undan databasen eller välj en annan plats i RT_DATABASE_URL."
        )
        raise BackupError(msg)


def _let_heads_end(manifest: Manifest) -> Path | None:
    """Put aside what was written down of the log after the backup. Returns where, if there was any.

    What was written down before it stays, and the restored log is compared with it.
    """
    heads = audit_files.written_heads()
    kept = [head for head in heads if head.sequence <= manifest.events]
    if kept == heads:
        return None
    path = audit_files.heads_path()
    aside = path.with_name(f"{path.name}-{clock.now():%Y%m%dT%H%M%S}")
    path.rename(aside)
    for head in kept:
        audit_files.append_head(head)
    return aside


def _load(copy: Path, manifest: Manifest) -> None:
    """Load a SQLite file into the configured, empty database of another kind, whole or not at all."""
    source = store_copy.open_file(copy)
    store_copy.upgrade(source)
    target = create_engine(settings().database_url, poolclass=NullPool)
    with source.connect() as rows, target.begin() as connection:
        command.upgrade(db.migration_config(connection), "head")
        store_copy.copy_rows(rows, connection)
        found, wanted = store_copy.counts(connection), store_copy.counts(rows)
        if any(found[name] != wanted[name] for name in manifest.rows if name in wanted):
            msg = "Databasen fick inte lika många rader som säkerhetskopian. Inget har sparats."
            raise BackupError(msg)
