"""The audit log's chain: each event's code covers the event, its place and the code before it.

The codes are HMAC-SHA256 with a key that the store never holds, so that no event can be changed,
removed, added or moved without the codes after it ceasing to fit. The head's seal says where the
chain ends, so that its end can't be cut off either.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the chain sees it: every column of its row. `at` is aware of its zone."""

    id: int
    at: dt.datetime
    user_id: int | None
    unit_id: int | None
    action: str
    entity: str
    entity_id: int | None
    details: dict[str, Any]
    undoes_id: int | None
    submit_key: str | None


def mac(key: bytes, sequence: int, previous: str, entry: Entry) -> str:
    """Return the code of an event that stands at a place in the chain, after another's code."""
    return _code(
        key,
        [
            sequence,
            previous,
            entry.id,
            entry.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds"),
            entry.user_id,
            entry.unit_id,
            entry.action,
            entry.entity,
            entry.entity_id,
            entry.details,
            entry.undoes_id,
            entry.submit_key,
        ],
    )


def seal(key: bytes, sequence: int, last: str, day: dt.date) -> str:
    """Return the code that vouches for a chain ending at a place with a code, on a day."""
    return _code(key, ["head", sequence, last, day.isoformat()])


def same(one: str, other: str) -> bool:
    """Tell whether two codes are equal, in a time that says nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _code(key: bytes, content: list[Any]) -> str:
    written = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, written.encode(), "sha256").hex()
