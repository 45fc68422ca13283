"""What the audit log keeps outside the store: its key, and the file of its daily heads.

Both lie beside a SQLite store (`roda_traden.audit-key`, `roda_traden.audit-heads`), for PostgreSQL
in `data/` under the database's name, unless `RT_AUDIT_KEY` or `RT_AUDIT_HEADS` says otherwise.
Whoever can change the store but can't read the key can't make a chain that holds.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import make_url

from core.config import DATA, SHORTEST_KEY, settings

DAY, CHECKED = "dag", "kontroll"


class AuditKeyMissingError(ValueError):
    """The store has an audit chain but its key can't be found; its text says what to do."""


@dataclass(frozen=True, slots=True)
class WrittenHead:
    """A line of the heads file: the chain's end on a day, and whether it was checked then."""

    day: dt.date
    sequence: int
    mac: str
    checked: bool


def key_path() -> Path:
    """Return where the key file of the configured store lies."""
    return _beside("audit-key")


def heads_path() -> Path:
    """Return where the daily heads of the configured store are written."""
    return settings().audit_heads or _beside("audit-heads")


def key() -> bytes:
    """Return the configured store's key. Raises `AuditKeyMissingError` if there is none."""
    given = settings().audit_key
    return given.encode() if given is not None else _read_key(key_path())


@lru_cache(maxsize=16)
def _read_key(path: Path) -> bytes:
    with suppress(OSError):
        found = path.read_bytes().strip()
        if len(found) >= SHORTEST_KEY:
            return found
    msg = (
        f"Nyckeln till händelseloggen saknas: {path}. Kopiera dit nyckelfilen som hör till "
        "databasen, eller ange nyckeln i RT_AUDIT_KEY."
    )
    raise AuditKeyMissingError(msg)


def make_key() -> bytes:
    """Return the store's key, made at its first start in a file that only its owner can read."""
    path = key_path()
    if settings().audit_key is None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
    return key()


def append_head(head: WrittenHead) -> None:
    """Add a line to the heads file. Raises `OSError` if it can't be written."""
    path = heads_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    why = CHECKED if head.checked else DAY
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(f"{head.day} {head.sequence} {head.mac} {why}\n")


def written_heads() -> list[WrittenHead]:
    """Return the heads file's lines, oldest first; empty without a file.

    Raises `ValueError` with a Swedish message for a line that isn't a head.
    """
    try:
        lines = heads_path().read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    return [_head(number, line) for number, line in enumerate(lines, 1)]


def _head(number: int, line: str) -> WrittenHead:
    try:
        day, sequence, mac, why = line.split(" ")
        return WrittenHead(dt.date.fromisoformat(day), int(sequence), mac, why == CHECKED)
    except ValueError:
        msg = f"Rad {number} i {heads_path()} är ändrad: den går inte att läsa."
        raise ValueError(msg) from None


def _beside(ending: str) -> Path:
    return _place(settings().database_url, ending)


@lru_cache(maxsize=16)
def _place(database_url: str, ending: str) -> Path:
    url = make_url(database_url)
    name = url.database or ""
    if url.get_backend_name() == "sqlite" and name not in {"", ":memory:"}:
        return Path(name).with_suffix(f".{ending}")
    return DATA / f"{Path(name).name or 'roda_traden'}.{ending}"
