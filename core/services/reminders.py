"""Putting off a case's reminder for a while, with a reason, and taking that back.

The reminder leaves the own list only. Every figure and every list of a manager's stays as it is, and
managers see what is put off, why and until when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import today
from core.models import Area, Case, MeasurePoint, ReminderSnooze
from core.rules.reminders import LONGEST_SNOOZE, latest_snooze_end
from core.services.access import reachable_case
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import void
from core.terms import ReminderKind

PERMISSIONS: dict[ReminderKind, Permission] = {
    ReminderKind.PLAN: Permission.REPORT_PLANS,
    ReminderKind.CHILD_IMPACT: Permission.REPORT_CHILD_IMPACT,
    ReminderKind.MEASURE: Permission.REPORT_MEASURES,
}


@dataclass(frozen=True, slots=True)
class NewSnooze:
    """What is put off from today to a last day, and why. `measure_point_id` is for a measure."""

    kind: ReminderKind
    reason: str
    ends_on: dt.date | None
    measure_point_id: int | None = None


def snooze(
    session: Session, case_id: int, new: NewSnooze, *, by: Actor, key: str | None = None
) -> int:
    """Put a case's reminder off from today to a last day, at most 60 days on. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=PERMISSIONS[new.kind])
    checks = Checks()
    checks.guard_text("reason", new.reason)
    checks.refuse_if(not new.reason.strip(), "reason", "Skriv varför påminnelsen skjuts upp.")
    _check_end(checks, new.ends_on)
    _check_measure_point(session, checks, case, new)
    _check_not_longer_already(session, checks, case_id, new)
    checks.done()
    assert new.ends_on is not None  # noqa: S101  (refused above)
    row = ReminderSnooze(
        unit_id=case.unit_id,
        case_id=case_id,
        kind=new.kind,
        measure_point_id=new.measure_point_id,
        reason=new.reason.strip(),
        starts_on=today(),
        ends_on=new.ends_on,
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    return _record(session, "snooze", row, by, key)


def take_back(session: Session, snooze_id: int, *, by: Actor, key: str | None = None) -> int:
    """Let a reminder that was put off come back, also from earlier times that still hold.

    Returns the snooze's id.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = _reached(session, snooze_id, by)
    for held in _holding(session, row.case_id, row.kind, row.measure_point_id):
        void(held, by)
    return _record(session, "void", row, by, key)


def undo_snooze(session: Session, snooze_id: int, *, by: Actor, key: str | None = None) -> int:
    """Undo one time that a reminder was put off; earlier times that still hold are in force again.

    Returns the snooze's id.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = _reached(session, snooze_id, by)
    void(row, by)
    return _record(session, "void", row, by, key)


def _reached(session: Session, snooze_id: int, by: Actor) -> ReminderSnooze:
    """Return a snooze that holds, with its case locked. Raises `PermissionDeniedError` otherwise."""
    row = session.get(ReminderSnooze, snooze_id)
    if row is None:
        raise PermissionDeniedError("snooze")
    reachable_case(session, row.case_id, by=by, permission=PERMISSIONS[row.kind])
    session.refresh(row)  # it may have been taken back while the case was locked
    if row.voided_at is not None or row.ends_on < today():
        raise PermissionDeniedError("snooze")
    return row


def _check_end(checks: Checks, ends_on: dt.date | None) -> None:
    if ends_on is None:
        checks.refuse_if(True, "ends_on", "Ange till och med vilken dag påminnelsen skjuts upp.")
        return
    last = latest_snooze_end(today())
    checks.refuse_if(ends_on < today(), "ends_on", f"Ange i dag, {today()}, eller en senare dag.")
    checks.refuse_if(
        ends_on > last,
        "ends_on",
        f"En påminnelse kan skjutas upp högst {LONGEST_SNOOZE.days} dagar, till och med {last}.",
    )


def _check_measure_point(session: Session, checks: Checks, case: Case, new: NewSnooze) -> None:
    wanted = new.kind is ReminderKind.MEASURE
    point = (
        session.get(MeasurePoint, new.measure_point_id)
        if wanted and new.measure_point_id is not None
        else None
    )
    checks.refuse_if(
        wanted and (point is None or point.unit_id != case.unit_id),
        "measure_point_id",
        "Välj en av enhetens mätpunkter.",
    )
    checks.refuse_if(
        not wanted and new.measure_point_id is not None,
        "measure_point_id",
        "Påminnelsen gäller ingen mätpunkt.",
    )


def _check_not_longer_already(
    session: Session, checks: Checks, case_id: int, new: NewSnooze
) -> None:
    """Refuse one that adds no day to what is put off already."""
    if new.ends_on is None:
        return
    holding = _holding(session, case_id, new.kind, new.measure_point_id)
    until = max((row.ends_on for row in holding), default=None)
    checks.refuse_if(
        until is not None and until >= new.ends_on,
        "ends_on",
        f"Påminnelsen är redan uppskjuten till och med {until}.",
    )


def _holding(
    session: Session, case_id: int, kind: ReminderKind, measure_point_id: int | None
) -> Sequence[ReminderSnooze]:
    """Return the times a reminder was put off that hold today or later."""
    return session.exec(
        select(ReminderSnooze)
        .where(col(ReminderSnooze.case_id) == case_id)
        .where(col(ReminderSnooze.kind) == kind)
        .where(col(ReminderSnooze.measure_point_id).is_not_distinct_from(measure_point_id))
        .where(col(ReminderSnooze.voided_at).is_(None))
        .where(col(ReminderSnooze.ends_on) >= today())
    ).all()


def _record(session: Session, action: str, row: ReminderSnooze, by: Actor, key: str | None) -> int:
    """Write an event; what was written as the reason stays out of it."""
    assert row.id is not None  # noqa: S101  (flushed by the caller)
    details = {
        "case_id": row.case_id,
        "kind": row.kind,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
    moved = [(Area.REMINDERS, row.starts_on)]
    event = Event(action, row.__tablename__, row.id, row.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
