"""The table of own cases saved as a whole: every change of every row, or none of them.

A cell that was changed is a new fact of the case: it was referred, its plan was established or
revised, it was exempted for a month, or it was closed. Facts there already are put right on the case
itself, where they are voided. A row that somebody else has changed since the table was opened is
refused with what has changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError, row_scope
from core.clock import today
from core.models import Case
from core.queries.my_week import WeekCase, my_week
from core.services import cases, change_plans
from core.services.base import (
    ConflictError,
    Event,
    FieldError,
    RefusedError,
    already_done,
    record,
)
from core.services.change_plans import NewExemption
from core.services.undo_reports import Reported, ReportKind
from core.terms import ClosingReason, ExemptionReason


class Cell(StrEnum):
    """What can be changed in a row."""

    REFERRED = "referred_on"
    ESTABLISHED = "established_on"
    REVISED = "revised_on"
    EXEMPTION = "exemption"
    CLOSED = "closed_on"
    REASON = "closing_reason"


DATES = (Cell.REFERRED, Cell.ESTABLISHED, Cell.REVISED, Cell.CLOSED)
SEEN = ("version", "referred_on", "established_on", "revised_on", "exempt_until")
"""The facts of a case that a row shows; a change of any of them by somebody else is told."""


@dataclass(frozen=True, slots=True)
class RowEdit:
    """A row's changed cells with their new values, and the case as the table showed it.

    Values: a date, an `ExemptionReason` or a `ClosingReason`; None is a cell that was emptied.
    """

    seen: WeekCase
    changes: Mapping[Cell, Any]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: at a cell, or with the whole row (None).

    `changed` names the facts of `SEEN` that somebody else has changed since the table was opened.
    """

    case_id: int
    reference: str
    cell: Cell | None
    message: str
    changed: tuple[str, ...] = ()


class TableRefusedError(RefusedError):
    """A table was refused, with what is wrong by row and cell. Nothing was saved."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(*(FieldError(f"{f.reference} {f.cell or ''}", f.message) for f in faults))
        self.faults = tuple(faults)


def save_table(
    session: Session, edits: Iterable[RowEdit], *, by: Actor, key: str | None = None
) -> tuple[Reported, ...]:
    """Save the changed cells of a table of own cases. Returns what was reported, to be undone.

    Of a table sent twice the second time returns nothing.

    Raises:
        TableRefusedError: with every fault of every row.
        PermissionDeniedError: the user has no own cases.
    """
    if already_done(session, key) is not None:
        return ()
    by.require(Permission.VIEW_OWN_WEEK)
    rows = sorted((edit for edit in edits if edit.changes), key=lambda edit: edit.seen.case_id)
    if not rows:
        raise RefusedError(FieldError("table", "Inget är ändrat."))
    scope = row_scope(by)
    _lock(session, [edit.seen.case_id for edit in rows])
    now = {case.case_id: case for case in my_week(session, scope, on=today()).cases}
    faults: list[RowFault] = []
    reported: list[Reported] = []
    for edit in rows:
        stale = _stale(edit, now.get(edit.seen.case_id))
        if stale is not None:
            faults.append(stale)
        else:
            _save_row(session, edit, by, faults, reported)
    if faults:
        raise TableRefusedError(faults)
    details = {"changes": len(reported)}
    event = Event("save_table", "case", rows[0].seen.case_id, scope.unit_id, (), details)
    record(session, event, by=by, key=key)
    return tuple(reported)


def _lock(session: Session, case_ids: Sequence[int]) -> None:
    """Lock the rows in one order, so that two tables saved at once never wait for each other."""
    session.exec(
        select(Case.id).where(col(Case.id).in_(case_ids)).order_by(col(Case.id)).with_for_update()
    ).all()


def _stale(edit: RowEdit, now: WeekCase | None) -> RowFault | None:
    """Return what somebody else has changed in a row since it was shown, None if nothing."""
    seen = edit.seen
    if now is None:
        return _fault(edit, None, "Ärendet är avslutat eller inte längre ditt.")
    changed = tuple(name for name in SEEN if getattr(seen, name) != getattr(now, name))
    if not changed:
        return None
    message = "Någon annan har ändrat ärendet sedan tabellen öppnades."
    return _fault(edit, None, message, changed)


def _save_row(
    session: Session,
    edit: RowEdit,
    by: Actor,
    faults: list[RowFault],
    reported: list[Reported],
) -> None:
    """Save a row's cells in the order that they happen; note what is refused."""
    before = len(faults)
    faults += [_fault(edit, cell, message) for cell, message in _impossible(edit)]
    for cell in Cell:
        if cell not in edit.changes or len(faults) > before or cell is Cell.REASON:
            continue
        try:
            reported.append(_WRITES[cell](session, edit, by))
        except RefusedError as refused:
            faults += [_fault(edit, cell, error.message) for error in refused.errors]
        except (PermissionDeniedError, ConflictError):
            faults.append(_fault(edit, cell, "Du får inte göra detta i ärendet."))


def _impossible(edit: RowEdit) -> Iterable[tuple[Cell, str]]:
    """Yield what no service is asked about: emptied cells, and a reason without its day."""
    for cell in DATES:
        if cell in edit.changes and edit.changes[cell] is None:
            yield cell, "Ett datum tas inte bort här. Använd Rätta fel på ärendet."
    revised = edit.changes.get(Cell.REVISED)
    seen = edit.seen.revised_on
    if revised is not None and seen is not None and revised < seen:
        yield (
            Cell.REVISED,
            f"Planen reviderades {seen}. Ange en senare dag, eller använd Rätta fel på ärendet.",
        )
    if Cell.REASON in edit.changes and edit.changes.get(Cell.CLOSED) is None:
        yield Cell.REASON, "Ange också vilken dag ärendet avslutades."


def _fault(
    edit: RowEdit, cell: Cell | None, message: str, changed: tuple[str, ...] = ()
) -> RowFault:
    return RowFault(edit.seen.case_id, edit.seen.reference, cell, message, changed)


def _refer(session: Session, edit: RowEdit, by: Actor) -> Reported:
    case_id, day = edit.seen.case_id, edit.changes[Cell.REFERRED]
    cases.refer(session, case_id, day, version=edit.seen.version, by=by)
    return Reported(ReportKind.REFERRAL, case_id)


def _establish(session: Session, edit: RowEdit, by: Actor) -> Reported:
    day: dt.date = edit.changes[Cell.ESTABLISHED]
    row_id = change_plans.establish(session, edit.seen.case_id, day, by=by)
    return Reported(ReportKind.PLAN, row_id)


def _revise(session: Session, edit: RowEdit, by: Actor) -> Reported:
    day: dt.date = edit.changes[Cell.REVISED]
    row_id = change_plans.revise(session, edit.seen.case_id, day, by=by)
    return Reported(ReportKind.REVISION, row_id)


def _exempt(session: Session, edit: RowEdit, by: Actor) -> Reported:
    reason: ExemptionReason | None = edit.changes[Cell.EXEMPTION]
    new = NewExemption(reason, today())
    row_id = change_plans.exempt(session, edit.seen.case_id, new, by=by)
    return Reported(ReportKind.EXEMPTION, row_id)


def _close(session: Session, edit: RowEdit, by: Actor) -> Reported:
    case_id = edit.seen.case_id
    reason: ClosingReason | None = edit.changes.get(Cell.REASON)
    closing = cases.Closing(edit.changes[Cell.CLOSED], reason)
    version = session.get_one(Case, case_id).version  # a referral in the same row has raised it
    cases.close(session, case_id, closing, version=version, by=by)
    return Reported(ReportKind.CLOSING, case_id)


_WRITES: dict[Cell, Callable[[Session, RowEdit, Actor], Reported]] = {
    Cell.REFERRED: _refer,
    Cell.ESTABLISHED: _establish,
    Cell.REVISED: _revise,
    Cell.EXEMPTION: _exempt,
    Cell.CLOSED: _close,
}
