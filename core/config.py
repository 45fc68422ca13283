"""Settings from the environment, read once and named in the README.

A demo is never switched on here: whether a store is a demo, and which date it lives on, is stored
in the store itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
DEFAULT_DATABASE_URL = f"sqlite:///{DATA / 'roda_traden.db'}"
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator may choose. Minutes and hours are whole numbers.

    `audit_key` and `audit_heads` are None when they are the files beside the store.
    """

    database_url: str
    idle_minutes: int
    session_hours: int
    audit_key: str | None = None
    audit_heads: Path | None = None


def settings() -> Settings:
    """Return the settings as the environment has them now.

    `RT_DATABASE_URL`: SQLAlchemy URL of the store. `RT_IDLE_MINUTES`: minutes without a click until
    a session ends (30). `RT_SESSION_HOURS`: hours until a session ends whatever happens (10).
    `RT_AUDIT_KEY`: the audit log's key, at least 32 characters, instead of the file beside the
    store. `RT_AUDIT_HEADS`: the file of the audit log's daily heads, if it lies elsewhere.
    Raises `ValueError` for a limit that is not a positive whole number, or a key that is too short.
    """
    heads = os.environ.get("RT_AUDIT_HEADS")
    return Settings(
        database_url=os.environ.get("RT_DATABASE_URL") or DEFAULT_DATABASE_URL,
        idle_minutes=_positive("RT_IDLE_MINUTES", 30),
        session_hours=_positive("RT_SESSION_HOURS", 10),
        audit_key=_key("RT_AUDIT_KEY"),
        audit_heads=Path(heads) if heads else None,
    )


def _key(name: str) -> str | None:
    text = os.environ.get(name) or None
    if text is not None and len(text) < SHORTEST_KEY:
        msg = f"{name} ska ha minst {SHORTEST_KEY} tecken."
        raise ValueError(msg)
    return text


def _positive(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        msg = f"{name} ska vara ett positivt heltal, inte {text!r}."
        raise ValueError(msg)
    return int(text)
