"""Which form a report on a measure point fills in, whose it is, and what may be said once only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from core.auth import Actor, Permission, PermissionDeniedError, Role, Scope, row_scope
from core.clock import today
from core.models import Case, Caseworker, Group, MeasurePoint
from core.queries.measure_rows import Point, points
from core.rules.measure_points import Asked, Definition, asked_on
from core.services.access import assignment_today
from core.services.base import FieldError, RefusedError
from core.services.measure_inputs import NewEntry, NothingToReport
from core.terms import MeasureKind, MeasureSubject

PERMISSION = Permission.REPORT_MEASURES
MANAGERS = frozenset({Role.UNIT_MANAGER, Role.DEVELOPER})
MAY_REPORT: dict[Role, frozenset[Role]] = {
    Role.CASEWORKER: MANAGERS | {Role.CASEWORKER, Role.GROUP_MANAGER},
    Role.GROUP_MANAGER: MANAGERS | {Role.GROUP_MANAGER},
    Role.UNIT_MANAGER: MANAGERS,
    Role.DEVELOPER: MANAGERS,
}
"""Who may report what a role is asked for: the role itself and those above it."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a report concerns: a caseworker, a group or, with neither, the unit."""

    caseworker_id: int | None
    group_id: int | None

    @property
    def slot(self) -> str:
        """Return what tells one from another."""
        if self.caseworker_id is not None:
            return f"c{self.caseworker_id}"
        return "u" if self.group_id is None else f"g{self.group_id}"


@dataclass(frozen=True, slots=True)
class Form:
    """The form that a report fills in: a definition's, for a period."""

    point: Point
    definition: Definition
    asked: Asked


def locked_point(session: Session, point_id: int, by: Actor) -> Point:
    """Return a point of the own unit, locked so that of two reports at once the second one waits."""
    unit_id = row_scope(by, PERMISSION).unit_id
    row = session.get(MeasurePoint, point_id, with_for_update=True)
    if row is None or row.unit_id != unit_id or row.voided_at is not None:
        raise PermissionDeniedError(PERMISSION)
    return next(p for p in points(session, Scope(unit_id)) if p.point_id == point_id)


def form_of(point: Point, day: dt.date, by: Actor) -> Form:
    """Return the form that is asked for on a day. Refuses a day on which none is."""
    found = asked_on(point.spans, day)
    if found is None:
        first = point.spans[0].start if point.spans else day
        ended = point.ended_on
        known = f"Mätpunkten frågas från {first}" + (f" till {ended}." if ended else ".")
        raise RefusedError(FieldError("measured_on", f"{known} Inget ska rapporteras för {day}."))
    definition, asked = found
    if by.role not in MAY_REPORT[definition.reporter]:
        raise PermissionDeniedError(PERMISSION)
    return Form(point, definition, asked)


def day_of(point: Point, day: dt.date, case: Case | None) -> dt.date:
    """Return the day whose form is filled in: a closed case's own, where closings are asked for."""
    definition = point.latest if point.on(day) is None else point.on(day)
    assert definition is not None  # noqa: S101  (a point has a definition)
    closing = definition.subject is MeasureSubject.SELF_SUPPORT_CLOSINGS
    return case.closed_on if closing and case and case.closed_on else day


def counts_on(form: Form, day: dt.date, case: Case | None) -> dt.date:
    """Return the day that a report counts on; a number's is its period's last day so far."""
    if form.definition.subject is MeasureSubject.SELF_SUPPORT_CLOSINGS and case and case.closed_on:
        return case.closed_on
    if form.definition.kind is MeasureKind.NUMBER:
        return min(form.asked.period.end, today())
    return day


def whose_case(session: Session, case: Case, by: Actor) -> Whose:
    """Return whom a report on a case concerns: the reporting caseworker, else the case's own."""
    assert case.id is not None  # noqa: S101  (read from the store)
    held = assignment_today(session, case.id)
    whose = by.caseworker_id if held is None else (by.caseworker_id or held.caseworker_id)
    return Whose(whose, None if held is None else held.group_id)


def whose_of(
    session: Session, definition: Definition, new: NewEntry | NothingToReport, by: Actor
) -> Whose:
    """Return whom a report without a case concerns, within what the reporter reaches."""
    scope = row_scope(by, PERMISSION)
    if definition.by_person:
        return _person(session, definition, new.caseworker_id or scope.caseworker_id, scope)
    if definition.reporter is not Role.GROUP_MANAGER:
        return Whose(None, definition.group_id)
    group_id = scope.group_id or new.group_id or definition.group_id
    if group_id is None:
        raise RefusedError(FieldError("group_id", "Välj vilken grupp det gäller."))
    group = session.get(Group, group_id)
    if group is None or group.unit_id != scope.unit_id:
        raise PermissionDeniedError(PERMISSION)
    if definition.group_id not in {None, group_id} or new.group_id not in {None, group_id}:
        raise PermissionDeniedError(PERMISSION)
    return Whose(None, group_id)


def _person(
    session: Session, definition: Definition, caseworker_id: int | None, scope: Scope
) -> Whose:
    if caseworker_id is None:
        raise RefusedError(FieldError("caseworker_id", "Välj vilken handläggare det gäller."))
    row = session.get(Caseworker, caseworker_id)
    reached = (
        row is not None
        and row.unit_id == scope.unit_id
        and scope.caseworker_id in {None, row.id}
        and scope.group_id in {None, row.group_id}
        and definition.group_id in {None, row.group_id}
    )
    if row is None or not reached:
        raise PermissionDeniedError(PERMISSION)
    return Whose(row.id, row.group_id)


def slot_of(form: Form, whose: Whose, new: NewEntry) -> str | None:
    """Return what may be reported once only; None where there may be any number of reports."""
    definition, start = form.definition, form.asked.period.start
    if definition.by_case or definition.kind is MeasureKind.CASE_CHECK:
        return f"{start}:case{new.case_id}"
    if definition.kind is MeasureKind.NUMBER:
        about = "" if new.case_id is None else f":case{new.case_id}"
        return f"{start}:{whose.slot}{about}" + (f":{new.gender}" if new.gender else "")
    if definition.subject is MeasureSubject.CASEWORKERS:
        return f"{start}:{whose.slot}"
    return None
