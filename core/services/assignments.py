"""Whose a case is: one case handed over, or a whole caseload when somebody leaves (domain: Case).

A group manager reaches the own group's cases, and may hand them over to another group of the unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError, Scope, row_scope
from core.clock import today
from core.models import Area, Case, CaseAssignment, Caseworker, Group
from core.services.access import reachable_case
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import not_in_future, open_that_day
from core.services.conflicts import same_version


@dataclass(frozen=True, slots=True)
class Handover:
    """Whose a case is to be from a day on. An empty caseworker or group means without one."""

    caseworker_id: int | None
    group_id: int | None
    from_day: dt.date


@dataclass(frozen=True, slots=True)
class CaseloadHandover:
    """Who takes over a caseload from a day on.

    Several receivers are dealt the cases in turn, kind by kind, in the order of their
    references. Without a receiver the cases are left without caseworker.
    """

    receivers: tuple[int, ...]
    from_day: dt.date


def reassign(
    session: Session,
    case_id: int,
    to: Handover,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Give a case to another caseworker or group from a day on. Returns the assignment's id.

    The day may not lie before the assignment that it replaces: what came after would hide it.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=Permission.REASSIGN_CASE)
    same_version(case, version)
    checks = Checks()
    check_receiver(session, checks, case.unit_id, (to.caseworker_id, to.group_id))
    open_that_day(checks, "from_day", to.from_day, case)
    _check_replaces(session, checks, case_id, to)
    checks.done()
    row = CaseAssignment(
        case_id=case_id,
        valid_from=to.from_day,
        caseworker_id=to.caseworker_id,
        group_id=to.group_id,
        created_by_id=by.user_id,
    )
    session.add(row)
    flag_modified(case, "opened_on")  # raises the version, so that an open form notices
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details = {
        "case_id": case_id,
        "from_day": to.from_day,
        "caseworker_id": to.caseworker_id,
        "group_id": to.group_id,
        "assignment_ids": [row.id],
        "within_group_id": by.group_id,
    }
    moved = [(Area.CASES, to.from_day)]
    event = Event("reassign", "case_assignment", row.id, case.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id


def reassign_caseload(
    session: Session,
    from_caseworker_id: int,
    to: CaseloadHandover,
    *,
    by: Actor,
    key: str | None = None,
) -> int:
    """Hand over every open case that somebody holds today, as one event.

    Each case moves from the given day on, or from the day it came to them if that is later, so that
    none is left behind. It follows its receiver's group, and keeps its own where that is unknown.
    Returns the id of the caseworker who left.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    scope = row_scope(by, Permission.REASSIGN_CASE)
    checks = Checks()
    not_in_future(checks, "from_day", to.from_day)
    leaver = _leaver(session, scope, from_caseworker_id)
    for receiver in to.receivers:
        check_receiver(session, checks, scope.unit_id, (receiver, None), "receivers")
    checks.refuse_if(
        from_caseworker_id in to.receivers,
        "receivers",
        "Den som lämnar ärendena kan inte också ta emot dem.",
    )
    checks.done()
    held = _held_by(session, scope, from_caseworker_id)
    if not held and scope.group_id not in {None, leaver.group_id}:
        raise PermissionDeniedError("group")
    checks.refuse_if(not held, "from_caseworker_id", "Handläggaren har inga öppna ärenden.")
    checks.done()
    rows = _deal(session, held, to, by)
    session.add_all(rows)
    session.execute(
        update(Case)
        .where(col(Case.id).in_([row.case_id for row in rows]))
        .values(version=Case.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    details = {
        "from_day": to.from_day,
        "receivers": to.receivers,
        "assignment_ids": [row.id for row in rows],
        "within_group_id": by.group_id,
    }
    moved = [(Area.CASES, min(row.valid_from for row in rows))]
    event = Event(
        "reassign_caseload", "caseworker", from_caseworker_id, scope.unit_id, moved, details
    )
    record(session, event, by=by, key=key)
    return from_caseworker_id


def check_receiver(
    session: Session,
    checks: Checks,
    unit_id: int,
    receiver: tuple[int | None, int | None],
    field: str = "caseworker_id",
) -> None:
    """Refuse a caseworker who has left; one of another unit, or its group, is denied."""
    caseworker_id, group_id = receiver
    if caseworker_id is not None:
        caseworker = session.get(Caseworker, caseworker_id)
        if caseworker is None or caseworker.unit_id != unit_id:
            raise PermissionDeniedError("caseworker")
        checks.refuse_if(
            not caseworker.active,
            field,
            "Handläggaren tar inte längre emot ärenden. Välj en annan.",
        )
    if group_id is not None:
        group = session.get(Group, group_id)
        if group is None or group.unit_id != unit_id:
            raise PermissionDeniedError("group")


def _check_replaces(session: Session, checks: Checks, case_id: int, to: Handover) -> None:
    latest = session.exec(
        select(CaseAssignment)
        .where(col(CaseAssignment.case_id) == case_id)
        .where(col(CaseAssignment.voided_at).is_(None))
        .order_by(col(CaseAssignment.valid_from).desc(), col(CaseAssignment.id).desc())
        .limit(1)
    ).one()
    checks.refuse_if(
        to.from_day < latest.valid_from,
        "from_day",
        f"Ärendet fördelades senast {latest.valid_from}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        (latest.caseworker_id, latest.group_id) == (to.caseworker_id, to.group_id),
        "caseworker_id",
        "Ärendet är redan fördelat så. Välj en annan handläggare eller grupp.",
    )


def _leaver(session: Session, scope: Scope, caseworker_id: int) -> Caseworker:
    caseworker = session.get(Caseworker, caseworker_id)
    if caseworker is None or caseworker.unit_id != scope.unit_id:
        raise PermissionDeniedError("caseworker")
    return caseworker


def _held_by(session: Session, scope: Scope, caseworker_id: int) -> Sequence[CaseAssignment]:
    """Return the assignments by which somebody holds open cases, whose cases are locked first.

    They are read after the locks, so that a case just given to somebody else stays with them.
    """
    later = aliased(CaseAssignment)
    replaced = (
        select(later.id)
        .where(col(later.case_id) == col(CaseAssignment.case_id))
        .where(col(later.voided_at).is_(None))
        .where(
            or_(
                col(later.valid_from) > col(CaseAssignment.valid_from),
                and_(
                    col(later.valid_from) == col(CaseAssignment.valid_from),
                    col(later.id) > col(CaseAssignment.id),
                ),
            )
        )
    )
    held = (
        select(CaseAssignment)
        .join(Case, col(CaseAssignment.case_id) == col(Case.id))
        .where(col(CaseAssignment.caseworker_id) == caseworker_id)
        .where(col(CaseAssignment.voided_at).is_(None))
        .where(~replaced.exists())
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.voided_at).is_(None))
        .where(or_(col(Case.closed_on).is_(None), col(Case.closed_on) > today()))
        .order_by(col(Case.kind), col(Case.reference))
    )
    if scope.group_id is not None:
        held = held.where(col(CaseAssignment.group_id) == scope.group_id)
    session.exec(held.with_for_update(of=Case)).all()
    return session.exec(held.execution_options(populate_existing=True)).all()


def _deal(
    session: Session,
    held: Sequence[CaseAssignment],
    to: CaseloadHandover,
    by: Actor,
) -> list[CaseAssignment]:
    groups = {receiver: session.get_one(Caseworker, receiver).group_id for receiver in to.receivers}
    turns = cycle(to.receivers or (None,))
    rows = []
    for current, receiver in zip(held, turns, strict=False):
        group_id = None if receiver is None else groups[receiver]
        rows.append(
            CaseAssignment(
                case_id=current.case_id,
                valid_from=max(to.from_day, current.valid_from),
                caseworker_id=receiver,
                group_id=current.group_id if group_id is None else group_id,
                created_by_id=by.user_id,
            )
        )
    return rows
