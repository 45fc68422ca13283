"""Takes each committed event into the audit log's chain, last of all in its transaction.

The place is given at the commit, so that the lock which keeps the sequence gapless is held only
while the chain grows, and is always the last one taken.
"""

from __future__ import annotations

import datetime as dt
import logging

from sqlalchemy import event, insert, inspect, select, update
from sqlmodel import Session

from core import audit_files, clock
from core.audit_files import WrittenHead
from core.models import AuditEvent, AuditHead, AuditLink
from core.rules.audit_chain import Entry, mac, seal

_PENDING = "audit_pending"
_head = AuditHead.__table__  # type: ignore[attr-defined]
_HEAD = select(_head.c.sequence, _head.c.chain_mac, _head.c.day).with_for_update()
_ADD_LINK = insert(AuditLink.__table__)  # type: ignore[attr-defined]
_MOVE_HEAD = update(_head)
_log = logging.getLogger(__name__)


def await_place(session: Session, row: AuditEvent) -> None:
    """Let an event get its place in the chain when its transaction commits."""
    session.info.setdefault(_PENDING, []).append(row)


def entry_of(row: AuditEvent) -> Entry:
    """Return a saved event as the chain sees it."""
    assert row.id is not None  # noqa: S101  (a saved row)
    return Entry(
        id=row.id,
        at=row.at,
        user_id=row.user_id,
        unit_id=row.unit_id,
        action=row.action,
        entity=row.entity,
        entity_id=row.entity_id,
        details=row.details,
        undoes_id=row.undoes_id,
        submit_key=row.submit_key,
    )


@event.listens_for(Session, "before_commit")
def _take_into_chain(session: Session) -> None:
    if session.in_nested_transaction() or _PENDING not in session.info:
        return
    session.flush()
    # What was rolled back to a savepoint is no longer in the store.
    rows = [row for row in session.info.pop(_PENDING) if inspect(row).persistent]
    if rows:
        _chain(session, rows)


def _chain(session: Session, rows: list[AuditEvent]) -> None:
    key = audit_files.key()
    head = session.execute(_HEAD).one()
    today = clock.now().astimezone(clock.STOCKHOLM).date()
    if head.sequence and head.day < today:
        _write_down(head.day, head.sequence, head.chain_mac)
    last, links = head.chain_mac, []
    for sequence, row in enumerate(rows, head.sequence + 1):
        last = mac(key, sequence, last, entry_of(row))
        links.append({"sequence": sequence, "event_id": row.id, "chain_mac": last})
    session.execute(_ADD_LINK, links)
    end, day = head.sequence + len(rows), max(today, head.day)
    moved = {"sequence": end, "chain_mac": last, "day": day, "seal_mac": seal(key, end, last, day)}
    session.execute(_MOVE_HEAD, moved)


def _write_down(day: dt.date, sequence: int, last: str) -> None:
    """Write the last day's head outside the store. A full disk must not stop what people save."""
    try:
        audit_files.append_head(WrittenHead(day, sequence, last, checked=False))
    except OSError:
        _log.exception("The head of the audit log's chain could not be written down")
