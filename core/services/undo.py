"""Undo of the latest: what a user last did to cases is taken back, if nothing rests on it.

A registration is voided with its rows, a referral or closing is removed, and the assignments of a
handover are voided, so that the ones before them hold again. Undoing again takes the one before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.auth import Actor, Permission, PermissionDeniedError, Scope, row_scope
from core.clock import now
from core.models import (
    AdultObstacle,
    AdverseDecision,
    Area,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    Placement,
    PlanExemption,
)
from core.queries.undoable import Undoable, latest_undoable
from core.services.access import reachable_case
from core.services.base import ConflictError, Event, FieldError, RefusedError, already_done, record
from core.services.case_checks import void

FIELD = "undo"
Rows = type[CaseAssignment] | type[CaseComposition] | type[CaseAdult] | type[AdultObstacle]


def undo_latest(
    session: Session, *, by: Actor, expected: int | None = None, key: str | None = None
) -> int:
    """Undo the acting user's latest undoable write in the unit. Returns the id it concerned.

    `expected` is the event that the user was told would be undone.

    Raises:
        RefusedError: There is nothing to undo, or something later rests on it.
        ConflictError: Another write of the user's has become the latest.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    if by.unit_id is None:
        raise PermissionDeniedError("unit")
    latest = latest_undoable(session, Scope(by.unit_id), user_id=by.user_id)
    if latest is None:
        raise _refused("Det finns inget att ångra.")
    if expected not in {None, latest.event_id}:
        raise ConflictError(latest.name)
    from_day = _UNDO[latest.action](session, latest, by)
    event = Event(
        "undo",
        latest.entity,
        latest.entity_id,
        by.unit_id,
        [(Area.CASES, from_day)],
        {"undone": latest.action},
        undoes_id=latest.event_id,
    )
    record(session, event, by=by, key=key)
    return latest.entity_id


def _undo_registration(session: Session, latest: Undoable, by: Actor) -> dt.date:
    permission = Permission.REGISTER_CASE
    case = reachable_case(session, latest.entity_id, by=by, permission=permission)
    referred = None if case.referred_on is None else str(case.referred_on)
    if referred != latest.details["referred_on"] or case.closed_on is not None:
        raise _refused(f"{case.reference} har remitterats eller avslutats sedan dess.")
    for what, statement in _resting_on(latest.entity_id):
        if session.exec(statement).first() is not None:
            raise _refused(f"{case.reference} har {what} sedan dess.")
    void(case, by)
    adults = select(CaseAdult.id).where(col(CaseAdult.case_id) == case.id)
    of_case: list[tuple[Rows, ColumnElement[bool]]] = [
        (CaseAssignment, col(CaseAssignment.case_id) == case.id),
        (CaseComposition, col(CaseComposition.case_id) == case.id),
        (AdultObstacle, col(AdultObstacle.adult_id).in_(adults)),
        (CaseAdult, col(CaseAdult.case_id) == case.id),
    ]
    for table, rows in of_case:
        _void_all(session, table, rows, by)
    return case.opened_on


def _undo_referral(session: Session, latest: Undoable, by: Actor) -> dt.date:
    case = reachable_case(session, latest.entity_id, by=by, permission=Permission.REFER_CASE)
    if case.closed_on is not None:
        raise _refused(f"{case.reference} har avslutats sedan dess.")
    case.referred_on = None
    return dt.date.fromisoformat(latest.details["referred_on"])


def _undo_closing(session: Session, latest: Undoable, by: Actor) -> dt.date:
    case = reachable_case(session, latest.entity_id, by=by, permission=Permission.CLOSE_CASE)
    case.closed_on = None
    case.closing_reason = None
    return dt.date.fromisoformat(latest.details["closed_on"])


def _undo_handover(session: Session, latest: Undoable, by: Actor) -> dt.date:
    """Void a handover's assignments; allowed also when it led out of a group manager's group."""
    scope = row_scope(by, Permission.REASSIGN_CASE)
    if latest.details["within_group_id"] != scope.group_id:
        raise PermissionDeniedError(Permission.REASSIGN_CASE)
    ids = latest.details["assignment_ids"]
    handed = select(CaseAssignment.case_id).where(col(CaseAssignment.id).in_(ids))
    cases = session.exec(
        select(Case).where(col(Case.id).in_(handed)).order_by(col(Case.id)).with_for_update()
    ).all()
    later = aliased(CaseAssignment)
    moved_on = session.exec(
        select(Case.reference)
        .join(CaseAssignment, col(CaseAssignment.case_id) == col(Case.id))
        .join(later, col(later.case_id) == col(Case.id))
        .where(col(CaseAssignment.id).in_(ids))
        .where(col(later.id) > col(CaseAssignment.id))
        .where(col(later.voided_at).is_(None))
        .order_by(col(Case.reference))
    ).first()
    if moved_on is not None:
        raise _refused(f"{moved_on} har omfördelats sedan dess.")
    since = session.exec(
        select(col(CaseAssignment.valid_from)).where(col(CaseAssignment.id).in_(ids))
    ).all()
    _void_all(session, CaseAssignment, col(CaseAssignment.id).in_(ids), by)
    session.execute(
        update(Case)
        .where(col(Case.id).in_([case.id for case in cases]))
        .values(version=Case.version + 1)
        .execution_options(synchronize_session=False)
    )
    return min(since)


def _resting_on(case_id: int) -> list[tuple[str, SelectOfScalar[int | None]]]:
    """Return what would lose its footing with a case, and a statement that finds a row of it."""
    first = (
        select(col(CaseAssignment.id))
        .where(col(CaseAssignment.case_id) == case_id)
        .where(col(CaseAssignment.voided_at).is_(None))
        .order_by(col(CaseAssignment.id))
        .offset(1)
    )
    tables = (
        (ChangePlan, "fått en förändringsplan"),
        (PlanExemption, "fått ett undantag"),
        (AdverseDecision, "fått ett negativt beslut"),
        (Placement, "fått en placering"),
    )
    found = [
        (
            what,
            select(col(table.id))
            .where(col(table.case_id) == case_id)
            .where(col(table.voided_at).is_(None)),
        )
        for table, what in tables
    ]
    return [("omfördelats", first), *found]


def _void_all(session: Session, table: Rows, rows: ColumnElement[bool], by: Actor) -> None:
    session.execute(
        update(table)
        .where(rows)
        .where(col(table.voided_at).is_(None))
        .values(voided_at=now(), voided_by_id=by.user_id)
        .execution_options(synchronize_session=False)
    )


def _refused(message: str) -> RefusedError:
    return RefusedError(FieldError(FIELD, message))


_UNDO: dict[str, Callable[[Session, Undoable, Actor], dt.date]] = {
    "register": _undo_registration,
    "refer": _undo_referral,
    "close": _undo_closing,
    "reassign": _undo_handover,
    "reassign_caseload": _undo_handover,
}
