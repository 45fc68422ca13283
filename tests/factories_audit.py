"""An audit log to test against, and what somebody with the database's own tools can do to it."""

import json

from sqlalchemy import text

from core import db
from core.services.base import Event, record
from tests import factories as make

COLUMNS = {
    "audit_event": (
        "id",
        "at",
        "user_id",
        "unit_id",
        "action",
        "entity",
        "entity_id",
        "details",
        "undoes_id",
        "submit_key",
    ),
    "audit_link": ("sequence", "event_id", "chain_mac"),
    "audit_head": ("sequence", "chain_mac", "day", "seal_mac"),
}
OTHER = {
    "id": 977,
    "at": "2024-05-27 10:00:00.000001",
    "user_id": 2,
    "unit_id": 2,
    "action": "refer",
    "entity": "placement",
    "entity_id": 99,
    "details": json.dumps({"amount": "13.00"}),
    "undoes_id": 3,
    "submit_key": "another form",
    "sequence": 976,
    "event_id": 998,
    "chain_mac": "f" * 64,
    "day": "2031-01-01",
    "seal_mac": "e" * 64,
}


def events(count=12):
    """Save a unit and a number of events, three to a transaction. Returns the unit's id."""
    with db.write() as session:
        unit, _ = make.unit(session), make.unit(session)
        by = make.actor(session, of=unit)
        make.actor(session, of=unit)
    for first in range(0, count, 3):
        with db.write() as session:
            for n in range(first, min(first + 3, count)):
                event = Event("set_amount", "budget_line", n, unit.id, details={"amount": n})
                record(session, event, by=by, key=f"form {n}" if n % 2 else None)
    return unit.id


def without_triggers(session):
    """Let a transaction past the triggers and the foreign keys, as a database's owner can."""
    if session.get_bind().dialect.name == "postgresql":
        for table in COLUMNS:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    found = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in found.scalars().all():
        session.execute(text(f"DROP TRIGGER {name}"))
