"""Checks the audit log's chain: has any event been changed, removed, added, moved or cut off?

The events' codes are computed anew from the store and compared with those that were kept, with the
sealed head, and with the heads that were written down outside the store.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from core import audit_files, clock
from core.audit_files import WrittenHead
from core.models import AuditEvent, AuditHead, AuditLink
from core.rules.audit_chain import START, Entry, mac, same, seal

ROWS_AT_A_TIME = 2_000
WRONG = "är ändrad, flyttad eller inskjuten."
WRONG_FROM_THE_START = "Händelse 1 är ändrad, eller också hör nyckeln till en annan databas."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    Attributes:
        events: How many events, from the first on, are as they were written.
        fault: What is wrong, in Swedish; None when all is well.
        first_wrong: The place of the first event that is wrong, where it has one.
        heads: How many of the written heads the chain was compared with.
        unchained: How many of the first events were written before there was a chain.
    """

    events: int
    fault: str | None = None
    first_wrong: int | None = None
    heads: int = 0
    unchained: int = 0


@dataclass(slots=True)
class _Walk:
    """How far the chain has been followed, and its code there."""

    place: int = 0
    code: str = START
    unchained: int = 0


def check(session: Session) -> Verdict:
    """Follow the chain from its first event to its end. Writes the end down when all is well.

    Raises `AuditKeyMissingError` without a key, and `OSError` if the end can't be written down.
    """
    try:
        heads = audit_files.written_heads()
    except ValueError as error:
        return Verdict(0, str(error))
    walk = _Walk()
    fault = _follow(session, walk, {head.sequence: head for head in heads})
    if fault is not None:
        return Verdict(walk.place, fault, walk.place + 1, unchained=walk.unchained)
    found = _at_the_end(session, walk, heads)
    if found is not None:
        return found
    _write_down(walk, heads)
    return Verdict(walk.place, heads=len(heads), unchained=walk.unchained)


def checked_until() -> WrittenHead | None:
    """Return the head that the latest check without fault wrote down; None before the first."""
    try:
        checked = [head for head in audit_files.written_heads() if head.checked]
    except ValueError:
        return None
    return checked[-1] if checked else None


def _follow(session: Session, walk: _Walk, heads: dict[int, WrittenHead]) -> str | None:
    """Follow the chain as long as it holds. Returns what is wrong with the next event, if any."""
    key = audit_files.key()
    # Days and details are read as texts, since changed ones may not be readable.
    with session.execute(_CHAIN, execution_options={"yield_per": ROWS_AT_A_TIME}) as rows:
        for row in rows:
            fault = _step(row, walk, key, heads.get(walk.place + 1))
            if fault is not None:
                return fault
    return None


def _step(row: Any, walk: _Walk, key: bytes, head: WrittenHead | None) -> str | None:
    place = walk.place + 1
    if row.sequence < place:
        return f"En händelse är inskjuten före händelse {place}."
    if row.sequence > place or row.id is None:
        return f"Händelse {place} saknas: den har tagits bort."
    entry = _entry(row)
    code = None if entry is None else mac(key, place, walk.code, entry)
    if code is None or not same(code, str(row.chain_mac)):
        return WRONG_FROM_THE_START if place == 1 else f"Händelse {place} {WRONG}"
    if head is not None and head.mac != code:
        return f"Händelse {place} är en annan än den som skrevs ned {head.day}."
    if row.action == "start_chain":
        walk.unchained = place - 1
    walk.place, walk.code = place, code
    return None


def _at_the_end(session: Session, walk: _Walk, heads: list[WrittenHead]) -> Verdict | None:
    """Return what is wrong with the chain's end, if anything."""
    end, place = walk.place, walk.place + 1

    def wrong(fault: str, first: int | None = place) -> Verdict:
        return Verdict(end, fault, first, len(heads), walk.unchained)

    head = session.execute(_HEAD).first()
    if head is None:
        return wrong("Uppgiften om var loggen slutar har tagits bort.")
    longest = max([head.sequence, *(written.sequence for written in heads)])
    if longest > end:
        return wrong(f"Händelse {place} saknas: loggens slut har tagits bort.")
    day = _date(head.day)
    sealed = day is not None and same(
        seal(audit_files.key(), end, walk.code, day), str(head.seal_mac)
    )
    if head.sequence != end or head.chain_mac != walk.code or not sealed:
        return wrong("Uppgiften om var loggen slutar är ändrad.")
    outside = session.execute(_OUTSIDE).scalar()
    if outside is not None:
        return wrong(f"Raden med id {outside} i audit_event är inskjuten utanför kedjan.", None)
    return None


def _write_down(walk: _Walk, heads: list[WrittenHead]) -> None:
    today = clock.now().astimezone(clock.STOCKHOLM).date()
    head = WrittenHead(today, walk.place, walk.code, checked=True)
    if walk.place and head not in heads[-1:]:
        audit_files.append_head(head)


def _entry(row: Any) -> Entry | None:
    """Return an event as the chain sees it; None for one that can't be read as it was written."""
    try:
        details = json.loads(row.details)
        if json.dumps(details) != row.details:  # as with a name that stands twice
            return None
        return Entry(
            id=row.id,
            at=dt.datetime.fromisoformat(row.at).replace(tzinfo=dt.UTC),
            user_id=row.user_id,
            unit_id=row.unit_id,
            action=str(row.action),
            entity=str(row.entity),
            entity_id=row.entity_id,
            details=details,
            undoes_id=row.undoes_id,
            submit_key=None if row.submit_key is None else str(row.submit_key),
        )
    except (TypeError, ValueError):
        return None


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


_CHAIN = (
    sa_select(
        col(AuditLink.sequence),
        col(AuditLink.chain_mac),
        col(AuditEvent.id),
        cast(AuditEvent.at, Text).label("at"),
        col(AuditEvent.user_id),
        col(AuditEvent.unit_id),
        col(AuditEvent.action),
        col(AuditEvent.entity),
        col(AuditEvent.entity_id),
        cast(AuditEvent.details, Text).label("details"),
        col(AuditEvent.undoes_id),
        col(AuditEvent.submit_key),
    )
    .outerjoin(AuditEvent, col(AuditEvent.id) == col(AuditLink.event_id))
    .order_by(col(AuditLink.sequence))
)
_HEAD = sa_select(
    col(AuditHead.sequence),
    col(AuditHead.chain_mac),
    cast(AuditHead.day, Text).label("day"),
    col(AuditHead.seal_mac),
)
_OUTSIDE = (
    sa_select(func.min(AuditEvent.id))
    .outerjoin(AuditLink, col(AuditLink.event_id) == col(AuditEvent.id))
    .where(col(AuditLink.sequence).is_(None))
)
