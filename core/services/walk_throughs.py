"""Meetings that go through placements: start, close, open again, and take back one of no use.

What a meeting decides on each placement is in `walk_through_items`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError, row_scope
from core.clock import now
from core.models import Area, Group, Unit, WalkThrough, WalkThroughItem
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import not_in_future, void
from core.services.placement_checks import reachable_placement


@dataclass(frozen=True, slots=True)
class NewWalkThrough:
    """A meeting as it starts: its day, whose it is, and the placements in the order they come up.

    `group_id` is empty for the whole unit.
    """

    held_on: dt.date
    placement_ids: tuple[int, ...]
    group_id: int | None = None


def start(session: Session, new: NewWalkThrough, *, by: Actor, key: str | None = None) -> int:
    """Start a meeting. Returns its id.

    A unit, or a group, has one open meeting at a time.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    scope = row_scope(by, Permission.MANAGE_PLACEMENTS).narrowed_to(new.group_id)
    if scope.group_id is not None:
        group = session.get(Group, scope.group_id)
        if group is None or group.unit_id != scope.unit_id:
            raise PermissionDeniedError("group")
    checks = Checks()
    not_in_future(checks, "held_on", new.held_on)
    checks.refuse_if(
        not new.placement_ids, "placement_ids", "Urvalet har inga placeringar att gå igenom."
    )
    opened = _open_meeting(session, scope.unit_id, scope.group_id)
    checks.refuse_if(
        opened is not None,
        "held_on",
        f"Genomgången {opened and opened.held_on} är inte avslutad. Fortsätt eller avsluta den.",
    )
    checks.done()
    for placement_id in new.placement_ids:
        reachable_placement(session, placement_id, by=by)
    row = WalkThrough(
        unit_id=scope.unit_id,
        group_id=scope.group_id,
        held_on=new.held_on,
        queue=list(dict.fromkeys(new.placement_ids)),
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    return _recorded(session, row, "start", by, key)


def close(session: Session, walk_through_id: int, *, by: Actor, key: str | None = None) -> int:
    """Close a meeting: what it decided stands. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_meeting(session, walk_through_id, by=by)
    checks = Checks()
    checks.refuse_if(row.closed_at is not None, "closed_at", "Genomgången är redan avslutad.")
    checks.done()
    row.closed_at = now()
    return _recorded(session, row, "close", by, key)


def reopen(session: Session, walk_through_id: int, *, by: Actor, key: str | None = None) -> int:
    """Open a closed meeting again, to go on with it or to correct it. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_meeting(session, walk_through_id, by=by)
    checks = Checks()
    checks.refuse_if(row.closed_at is None, "closed_at", "Genomgången är redan öppen.")
    opened = _open_meeting(session, row.unit_id, row.group_id)
    checks.refuse_if(
        row.closed_at is not None and opened is not None,
        "closed_at",
        f"Genomgången {opened and opened.held_on} är öppen. Avsluta den först.",
    )
    checks.done()
    row.closed_at = None
    return _recorded(session, row, "reopen", by, key)


def void_meeting(
    session: Session, walk_through_id: int, *, by: Actor, key: str | None = None
) -> int:
    """Void a meeting that was started by mistake and has decided nothing. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_meeting(session, walk_through_id, by=by)
    checks = Checks()
    checks.refuse_if(
        bool(items_of(session, walk_through_id)),
        "closed_at",
        "Genomgången har beslut. Avsluta den i stället.",
    )
    checks.done()
    void(row, by)
    return _recorded(session, row, "void", by, key)


def reachable_meeting(session: Session, walk_through_id: int, *, by: Actor) -> WalkThrough:
    """Return a meeting that the user may write to, locked until the end.

    Raises `PermissionDeniedError` without the permission, and alike for one that doesn't exist, is
    voided, or is another unit's or, for a group manager, not the own group's.
    """
    scope = row_scope(by, Permission.MANAGE_PLACEMENTS)
    row = session.exec(
        select(WalkThrough)
        .where(col(WalkThrough.id) == walk_through_id)
        .where(col(WalkThrough.unit_id) == scope.unit_id)
        .where(col(WalkThrough.voided_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None or scope.group_id not in {None, row.group_id}:
        raise PermissionDeniedError(Permission.MANAGE_PLACEMENTS)
    return row


def items_of(session: Session, walk_through_id: int) -> Sequence[WalkThroughItem]:
    """Return what a meeting has decided, oldest first."""
    return session.exec(
        select(WalkThroughItem)
        .where(col(WalkThroughItem.walk_through_id) == walk_through_id)
        .where(col(WalkThroughItem.voided_at).is_(None))
        .order_by(col(WalkThroughItem.id))
    ).all()


def _open_meeting(session: Session, unit_id: int, group_id: int | None) -> WalkThrough | None:
    """Return the open meeting of a unit or a group, with the unit locked against another."""
    session.exec(select(Unit).where(col(Unit.id) == unit_id).with_for_update(key_share=True)).one()
    return session.exec(
        select(WalkThrough)
        .where(col(WalkThrough.unit_id) == unit_id)
        .where(col(WalkThrough.group_id).is_not_distinct_from(group_id))
        .where(col(WalkThrough.closed_at).is_(None))
        .where(col(WalkThrough.voided_at).is_(None))
    ).first()


def _recorded(session: Session, row: WalkThrough, action: str, by: Actor, key: str | None) -> int:
    assert row.id is not None  # noqa: S101  (saved or read from the store)
    moved = [(Area.PLACEMENTS, row.held_on)]
    details = {"held_on": row.held_on, "group_id": row.group_id, "rows": len(row.queue)}
    event = Event(action, "walk_through", row.id, row.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
