"""A backup as one file: a zip of the store as a SQLite file and a manifest that vouches for it.

The manifest holds the number of rows of each table and the file's SHA-256, and is sealed with the
audit log's key: whoever lacks the key can't make a backup that is taken for one of ours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core import audit_files

STORE, MANIFEST = "roda_traden.db", "innehall.json"
FORMAT = 1
LARGEST_MANIFEST = 1_000_000
AT_A_TIME = 1 << 20


class BackupError(ValueError):
    """A backup can't be made or used; its text says why and what to do, in Swedish."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        made_at: When it was made, UTC in ISO format.
        revision: The version of the store's tables.
        events: How many events the audit log's chain holds.
        rows: The number of rows by table.
        size: Bytes of the SQLite file.
        sha256: The SQLite file's, as hexadecimal digits.
    """

    made_at: str
    revision: str
    events: int
    rows: dict[str, int]
    size: int
    sha256: str
    format: int = FORMAT


def digest(path: Path) -> str:
    """Return a file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(store: Path, manifest: Manifest, to: Path) -> None:
    """Write a backup, which is there whole under its name or not at all.

    Raises `BackupError` if the file is there already, and `OSError` if it can't be written.
    """
    if to.exists():
        msg = f"Filen {to} finns redan. Välj ett annat namn."
        raise BackupError(msg)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.{os.getpid()}")
    text = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True, indent=1)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.write(store, STORE)
                archive.writestr(MANIFEST, text)
                archive.comment = _seal(text.encode()).encode()
            file.flush()
            os.fsync(file.fileno())
        part.rename(to)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def unpack(backup: Path, into: Path) -> Manifest:
    """Write a backup's SQLite file to a path and return the manifest that it was checked against.

    Raises `BackupError` for a file that isn't a backup, is cut or has been changed in any way.
    """
    with _opened(backup) as archive:
        manifest = _manifest(backup, archive)
        if archive.getinfo(STORE).file_size != manifest.size:
            raise _changed(backup)
        found = hashlib.sha256()
        with archive.open(STORE) as source, into.open("xb") as target:
            while chunk := source.read(AT_A_TIME):
                found.update(chunk)
                target.write(chunk)
        if found.hexdigest() != manifest.sha256:
            raise _changed(backup)
        return manifest


def _manifest(backup: Path, archive: zipfile.ZipFile) -> Manifest:
    if sorted(archive.namelist()) != sorted((STORE, MANIFEST)):
        msg = f"{backup} är ingen säkerhetskopia från Röda tråden."
        raise BackupError(msg)
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise _changed(backup)
    text = archive.read(MANIFEST)
    if not hmac.compare_digest(_seal(text).encode(), archive.comment):
        msg = (
            f"{backup} är ändrad, eller gjord av en annan databas än den vars nyckel används här. "
            "Ta en annan säkerhetskopia, eller lägg hit nyckelfilen som hör till den."
        )
        raise BackupError(msg)
    known: dict[str, Any] = json.loads(text)
    if known["format"] != FORMAT:
        msg = f"{backup} är gjord av en nyare version av Röda tråden. Uppdatera programmet först."
        raise BackupError(msg)
    return Manifest(**known)


@contextmanager
def _opened(backup: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup, and tell in Swedish if it can't be read to its end."""
    try:
        with zipfile.ZipFile(backup) as archive:
            yield archive
    except FileNotFoundError:
        msg = f"Filen {backup} finns inte."
        raise BackupError(msg) from None
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        msg = (
            f"{backup} är skadad eller inte hel, och kan inte användas. Ta en annan säkerhetskopia."
        )
        raise BackupError(msg) from error


def _changed(backup: Path) -> BackupError:
    return BackupError(f"{backup} är ändrad sedan den gjordes. Ta en annan säkerhetskopia.")


def _seal(manifest: bytes) -> str:
    return hmac.new(audit_files.key(), b"backup\n" + manifest, hashlib.sha256).hexdigest()
