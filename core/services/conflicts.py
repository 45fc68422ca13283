"""What somebody else saved in a row that a form had open: its values now, who saved them and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select

from core.clock import today
from core.models import (
    Activity,
    AuditEvent,
    BudgetLine,
    Case,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    DayRate,
    Group,
    Placement,
    PlacementDecision,
    PrognosisRound,
    PrognosisRoundLine,
    RoundLimits,
    SavingsMeasure,
    Scenario,
    User,
    UserRole,
)
from core.models.base import Recorded
from core.queries.placement_terms import Word
from core.services.access import assignment_today
from core.services.base import ConflictError, Newest
from core.terms import WITHOUT_CASEWORKER, WITHOUT_GROUP

Row = (
    Case
    | Placement
    | BudgetLine
    | Activity
    | SavingsMeasure
    | PrognosisRound
    | PrognosisRoundLine
    | RoundLimits
    | User
    | Scenario
)
Change = tuple[dt.datetime, int | None]


def same_version(row: Row, version: int) -> None:
    """Raise `ConflictError`, with how the row stands, if it was changed after a form read it."""
    if row.version == version:
        return
    session = object_session(row)
    assert isinstance(session, Session)  # noqa: S101  (rows are read in a session of ours)
    values, dated = _VALUES[type(row)](session, row)
    at, user_id = max([*_logged(session, row), *_changes(dated)], default=(None, None))
    user = None if user_id is None else session.get(User, user_id)
    newest = Newest(row.version, values, None if user is None else user.name, at)
    raise ConflictError(_name(row), newest)


def _of_case(session: Session, case: Case) -> tuple[dict[str, Any], Iterable[Recorded]]:
    assert case.id is not None  # noqa: S101  (read from the store)
    dated = session.exec(select(CaseAssignment).where(col(CaseAssignment.case_id) == case.id)).all()
    held = assignment_today(session, case.id)
    caseworker_id, group_id = (held.caseworker_id, held.group_id) if held else (None, None)
    caseworker = None if caseworker_id is None else session.get(Caseworker, caseworker_id)
    group = None if group_id is None else session.get(Group, group_id)
    lived = session.exec(
        select(CaseComposition).where(col(CaseComposition.case_id) == case.id)
    ).all()
    valid = [row for row in lived if row.voided_at is None and row.valid_from <= today()]
    household = max(valid, key=lambda row: (row.valid_from, row.id), default=None)
    return {
        "referred_on": case.referred_on,
        "closed_on": case.closed_on,
        "closing_reason": case.closing_reason,
        "caseworker_id": caseworker_id,
        "caseworker": caseworker.name if caseworker else WITHOUT_CASEWORKER,
        "group_id": group_id,
        "group": group.name if group else WITHOUT_GROUP,
        "household_type": household.household_type if household else None,
        "children": household.children if household else None,
    }, [*dated, *lived]


def _of_placement(
    session: Session, placement: Placement
) -> tuple[dict[str, Any], Iterable[Recorded]]:
    decisions = session.exec(
        select(PlacementDecision).where(col(PlacementDecision.placement_id) == placement.id)
    ).all()
    rates = session.exec(select(DayRate).where(col(DayRate.placement_id) == placement.id)).all()
    decided = max(
        (one for one in decisions if one.voided_at is None and one.decided_on <= today()),
        key=lambda one: (one.decided_on, one.id),
        default=None,
    )
    valid = sorted(
        (one for one in rates if one.voided_at is None), key=lambda one: (one.valid_from, one.id)
    )
    begun = [one for one in valid if one.valid_from <= today()]
    rate = begun[-1] if begun else next(iter(valid), None)
    return {
        "planned_end_on": decided.planned_end_on if decided else None,
        "provider": decided.provider if decided else None,
        "contract": decided.contract if decided else None,
        "agreed": Word(decided.contract, decided.contract_name) if decided else None,
        "day_rate": rate.amount if rate else None,
        "ended_on": placement.ended_on,
    }, [*decisions, *rates]


def _of_line(_session: Session, line: BudgetLine) -> tuple[dict[str, Any], Iterable[Recorded]]:
    return {"amount": line.amount}, ()


def _of_round(_session: Session, row: PrognosisRound) -> tuple[dict[str, Any], Iterable[Recorded]]:
    return {"state": row.state, "manager_comment": row.manager_comment}, ()


def _of_round_line(
    _session: Session, row: PrognosisRoundLine
) -> tuple[dict[str, Any], Iterable[Recorded]]:
    return {
        "method": row.method,
        "amount": row.amount,
        "comment": row.comment,
        "manager_comment": row.manager_comment,
    }, ()


def _of_limits(_session: Session, row: RoundLimits) -> tuple[dict[str, Any], Iterable[Recorded]]:
    return {"deviation": row.deviation, "change": row.change}, ()


def _of_activity(_session: Session, row: Activity) -> tuple[dict[str, Any], Iterable[Recorded]]:
    return {"status": row.status, "done_on": row.done_on}, ()


def _of_measure(
    _session: Session, row: SavingsMeasure
) -> tuple[dict[str, Any], Iterable[Recorded]]:
    names = ("name", "owner", "starts_on", "ends_on", "monthly_effect", "status")
    return {name: getattr(row, name) for name in names}, ()


def _of_scenario(_session: Session, row: Scenario) -> tuple[dict[str, Any], Iterable[Recorded]]:
    return {"name": row.name, "note": row.note}, ()


def _of_user(session: Session, user: User) -> tuple[dict[str, Any], Iterable[Recorded]]:
    held = session.exec(
        select(UserRole).where(col(UserRole.user_id) == user.id).order_by(col(UserRole.id))
    ).first()
    caseworker = None if held is None or held.caseworker_id is None else held.caseworker_id
    home = None if caseworker is None else session.get_one(Caseworker, caseworker).group_id
    return {
        "role": held.role if held else None,
        "place": (held.unit_id, held.group_id or home) if held else (None, None),
        "active": user.active,
    }, ()


def _logged(session: Session, row: Row) -> list[Change]:
    """Return the latest audit event of the row itself, if there is one."""
    found = session.exec(
        select(AuditEvent)
        .where(col(AuditEvent.entity) == _ENTITIES[type(row)])
        .where(
            col(AuditEvent.entity_id) == (row.unit_id if isinstance(row, RoundLimits) else row.id)
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    ).first()
    return [] if found is None else [(found.at, found.user_id)]


def _changes(dated: Iterable[Recorded]) -> list[Change]:
    """Return when and by whom dated rows were written and voided."""
    written = [(one.created_at, one.created_by_id) for one in dated]
    return written + [(one.voided_at, one.voided_by_id) for one in dated if one.voided_at]


def _name(row: Row) -> str:
    if isinstance(row, PrognosisRound | PrognosisRoundLine | RoundLimits):
        return ""
    return row.reference if isinstance(row, Case | Placement) else row.name


_VALUES: dict[type[Row], Any] = {
    Case: _of_case,
    Placement: _of_placement,
    BudgetLine: _of_line,
    Activity: _of_activity,
    SavingsMeasure: _of_measure,
    PrognosisRound: _of_round,
    PrognosisRoundLine: _of_round_line,
    RoundLimits: _of_limits,
    User: _of_user,
    Scenario: _of_scenario,
}
_ENTITIES: dict[type[Row], str] = {
    Case: "case",
    Placement: "placement",
    BudgetLine: "budget_line",
    Activity: "activity",
    SavingsMeasure: "savings_measure",
    PrognosisRound: "prognosis_round",
    PrognosisRoundLine: "prognosis_round_line",
    RoundLimits: "round_limits",
    User: "user",
    Scenario: "scenario",
}
