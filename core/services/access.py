"""Which cases a user reaches when writing: the same scopes as when reading, on today's assignment."""

from __future__ import annotations

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError, row_scope
from core.clock import today
from core.models import Case, CaseAssignment


def assignment_today(session: Session, case_id: int) -> CaseAssignment | None:
    """Return the assignment that holds today, if the case has one."""
    return session.exec(
        select(CaseAssignment)
        .where(col(CaseAssignment.case_id) == case_id)
        .where(col(CaseAssignment.voided_at).is_(None))
        .where(col(CaseAssignment.valid_from) <= today())
        .order_by(col(CaseAssignment.valid_from).desc(), col(CaseAssignment.id).desc())
        .limit(1)
    ).first()


def reachable_case(session: Session, case_id: int, *, by: Actor, permission: Permission) -> Case:
    """Return a case that the user may write to under a permission, locked until the end.

    Raises `PermissionDeniedError` if the role lacks the permission, or if the case doesn't exist, is
    voided or lies outside the user's scope: the answer is the same, so that it tells nothing.
    """
    scope = row_scope(by, permission)
    case = session.exec(
        select(Case)
        .where(col(Case.id) == case_id)
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.voided_at).is_(None))
        .with_for_update()
    ).first()
    if case is None:
        raise PermissionDeniedError(permission)
    if scope.group_id is not None or scope.caseworker_id is not None:
        held = assignment_today(session, case_id)
        inside = held is not None and (
            held.group_id == scope.group_id
            if scope.group_id is not None
            else held.caseworker_id == scope.caseworker_id
        )
        if not inside:
            raise PermissionDeniedError(permission)
    return case
