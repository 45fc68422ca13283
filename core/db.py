"""The store: engine, sessions and migrations. The only module that knows where the data lies."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, event, inspect, make_url
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, create_engine, select

from core import audit_files, clock
from core.config import settings
from core.models import StoreInfo
from core.rules.personal_number import PersonalNumberError, find_personal_number

try:
    from pysqlite3 import dbapi2 as bundled_sqlite
except ImportError:  # no wheel for this platform: Python's own library is used
    bundled_sqlite = None

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 10_000
# SQLite's write-ahead log could corrupt a file before these releases.
WAL_FIXED_FROM = ((3, 51, 3),)
WAL_FIXED_IN = ((3, 50, 7), (3, 44, 6))
UNIQUE_VIOLATION = "23505"
"""PostgreSQL's code for a unique key that is taken."""
MADE_UP = re.compile(r"(hash|key|sha256|mac|digest|signature)(_m?[0-9]+)*$")
"""How columns end that hold what a machine made up, in which ten digits say nothing."""
_engines: dict[str, Engine] = {}
_lock = Lock()


class StoreNotReadyError(Exception):
    """The store has no tables, or another version's."""


def sqlite_module() -> ModuleType:
    """Return the SQLite library in use: the bundled newer one where it can be had."""
    return bundled_sqlite or sqlite3


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether a SQLite version has the fix of the write-ahead log's corruption bug."""
    backported = any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_FIXED_IN)
    return backported or any(version >= fixed for fixed in WAL_FIXED_FROM)


def make_engine(url: str) -> Engine:
    """Return an engine for a store's URL, with what SQLite needs to lose no write."""
    engine = _postgresql(url) if make_url(url).get_backend_name() != "sqlite" else _sqlite(url)
    event.listen(engine, "before_cursor_execute", _guard_texts)
    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)


def _sqlite(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    module = sqlite_module()
    engine = create_engine(
        url, module=module, pool_size=10, max_overflow=40, connect_args={"check_same_thread": False}
    )
    journal = "WAL" if wal_is_safe(module.sqlite_version_info) else "DELETE"

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would otherwise begin too late
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _guard_texts(
    _connection: Connection,
    _cursor: object,
    _statement: str,
    _parameters: object,
    context: Any,
    _many: bool,
) -> None:
    """Let no text with a personal identity number into any table, whoever writes it.

    Services tell it at the field before this; here it can't be forgotten. Raises
    `PersonalNumberError`.
    """
    if context.compiled is None or not (context.isinsert or context.isupdate):
        return
    rows = context.compiled_parameters
    guard_rows(list(rows[0]) if rows else [], rows)


def guard_rows(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Raise `PersonalNumberError` if a row to be written holds a personal identity number.

    Every statement of the store asks this; so must a driver's own way in for very many rows.
    """
    texts = [column for column in columns if not MADE_UP.search(column)]
    for row in rows:
        for column in texts:
            value = row[column]
            if isinstance(value, str | dict | list) and _holds_personal_number(value):
                raise PersonalNumberError(column)


def _holds_personal_number(value: object) -> bool:
    if isinstance(value, str):
        return find_personal_number(value) is not None
    if isinstance(value, dict):
        return any(map(_holds_personal_number, value.values()))
    return isinstance(value, list) and any(map(_holds_personal_number, value))


def engine() -> Engine:
    """Return the process's engine of the configured store."""
    url = settings().database_url
    with _lock:
        if url not in _engines:
            _engines[url] = make_engine(url)
        return _engines[url]


@contextmanager
def read() -> Iterator[Session]:
    """Open one consistent view of the store. Nothing that is read can be written back through it."""
    opened = engine()
    if opened.dialect.name == "postgresql":
        opened = opened.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    with Session(opened, autoflush=False) as session:
        yield session
        session.rollback()


@contextmanager
def write() -> Iterator[Session]:
    """Open one unit of work: committed whole at the end, or rolled back whole on any error."""
    with Session(engine().execution_options(writes=True), expire_on_commit=False) as session:
        session.info["writes"] = True
        with session.begin():
            yield session


def is_duplicate(error: Exception) -> bool:
    """Tell whether a write failed as another one had saved the same row: a unique key is taken."""
    if not isinstance(error, IntegrityError):
        return False
    sqlite = str(error.orig).startswith("UNIQUE constraint failed")
    return sqlite or getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION


def migration_config(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate() -> None:
    """Bring the configured store's tables to this version, and give a new store its identity."""
    with _free_to_rebuild() as connection:
        command.upgrade(migration_config(connection), "head")
    with write() as session:
        if session.exec(select(StoreInfo)).first() is None:
            session.add(StoreInfo(store_key=secrets.token_hex(16)))


@contextmanager
def _free_to_rebuild() -> Iterator[Connection]:
    """Open a transaction in which SQLite lets a table that others refer to be made again.

    Its foreign keys can only be let go before the transaction, so all of them are checked at its
    end. Raises `StoreNotReadyError`, with nothing changed, if one doesn't hold.
    """
    with engine().execution_options(writes=True).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw: Any = connection.connection.driver_connection
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if sqlite and raw.execute("PRAGMA foreign_key_check").fetchone():
                    msg = "Databasens rader hänger inte ihop; inget har ändrats."
                    raise StoreNotReadyError(msg)
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def store_info() -> StoreInfo:
    """Return the store's own facts. Raises `StoreNotReadyError` for a store without tables."""
    if not inspect(engine()).has_table(StoreInfo.__tablename__):
        msg = "Databasen saknar tabeller."
        raise StoreNotReadyError(msg)
    with read() as session:
        info = session.exec(select(StoreInfo)).first()
        if info is None:
            msg = "Databasen saknar sin rad i store_info."
            raise StoreNotReadyError(msg)
        session.expunge(info)
        return info


def open_store() -> StoreInfo:
    """Migrate the configured store and let its own date, if it is a demo, stand for today.

    Raises `AuditKeyMissingError` if the key of the store's audit log can't be found.
    """
    migrate()
    audit_files.key()
    info = store_info()
    clock.fix_today(info.demo_today)
    return info


def attach() -> StoreInfo:
    """Use the configured store as it is, for reading figures or for accounts, without migrating."""
    info = store_info()
    clock.fix_today(info.demo_today)
    return info


def close() -> None:
    """Close the process's connections and forget the store, its date included."""
    with _lock:
        for opened in _engines.values():
            opened.dispose()
        _engines.clear()
    clock.fix_today(None)
