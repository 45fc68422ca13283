"""Undo of what was just reported: it is taken back as the mistake it was, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from sqlmodel import Session

from core.auth import Actor, Scope, row_scope
from core.queries.undoable import latest_undoable
from core.services import change_plans, child_impact, measure_entries, reminders
from core.services.base import Event, FieldError, RefusedError, already_done, record
from core.services.undo import undo_latest


class ReportKind(StrEnum):
    """What was reported."""

    PLAN = auto()
    REVISION = auto()
    PLAN_END = auto()
    EXEMPTION = auto()
    DECISION = auto()
    ANALYSIS = auto()
    REFERRAL = auto()
    CLOSING = auto()
    SNOOZE = auto()
    MEASURE = auto()


@dataclass(frozen=True, slots=True)
class Reported:
    """A write that can be undone: the id of its row, or of the case that was referred or closed."""

    kind: ReportKind
    row_id: int


def undo_reports(
    session: Session, reported: Sequence[Reported], *, by: Actor, key: str | None = None
) -> int:
    """Undo some reports, the latest first, all or none. Returns the id of the first one's row.

    Raises `RefusedError` when something later rests on one of them, and `PermissionDeniedError` when
    one has been taken back already or its case has moved out of reach.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    for one in reversed(reported):
        _UNDO[one.kind](session, one.row_id, by)
    first = reported[0].row_id
    details = {"reports": len(reported), "kinds": sorted({one.kind for one in reported})}
    event = Event("undo_reports", "report", first, row_scope(by).unit_id, (), details)
    record(session, event, by=by, key=key)
    return first


def _by(service: Callable[..., int]) -> Callable[[Session, int, Actor], None]:
    def undo(session: Session, row_id: int, by: Actor) -> None:
        service(session, row_id, by=by)

    return undo


def _of_case(action: str) -> Callable[[Session, int, Actor], None]:
    """Return how a referral or a closing is undone: only while it is the user's latest."""

    def undo(session: Session, case_id: int, by: Actor) -> None:
        scope = Scope(row_scope(by).unit_id)
        latest = latest_undoable(session, scope, user_id=by.user_id)
        if latest is None or (latest.action, latest.entity_id) != (action, case_id):
            raise RefusedError(
                FieldError("undo", "Något annat har gjorts sedan dess. Rätta det i ärendet.")
            )
        undo_latest(session, by=by, expected=latest.event_id)

    return undo


_UNDO: dict[ReportKind, Callable[[Session, int, Actor], None]] = {
    ReportKind.PLAN: _by(change_plans.void_plan),
    ReportKind.REVISION: _by(change_plans.void_revision),
    ReportKind.PLAN_END: _by(change_plans.resume),
    ReportKind.EXEMPTION: _by(change_plans.void_exemption),
    ReportKind.DECISION: _by(child_impact.void_decision),
    ReportKind.ANALYSIS: _by(child_impact.void_analysis),
    ReportKind.REFERRAL: _of_case("refer"),
    ReportKind.CLOSING: _of_case("close"),
    ReportKind.SNOOZE: _by(reminders.undo_snooze),
    ReportKind.MEASURE: _by(measure_entries.void_entry),
}
