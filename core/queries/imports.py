"""The history of imports: who, when, which file, its effect, and which one can be undone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.auth import Actor, Permission
from core.models import ImportRun, Unit, User
from core.terms import ImportKind

FROM_COMMAND = "kommandoraden"
OWN_PERMISSION = {
    ImportKind.PLACEMENTS: Permission.IMPORT_PLACEMENTS,
    ImportKind.LEDGER: Permission.IMPORT_LEDGER,
}


def permission_for(kind: ImportKind) -> Permission:
    """Return what somebody must be allowed in order to import a kind of file and to undo it."""
    return OWN_PERMISSION.get(kind, Permission.IMPORT_FILES)


def may_import(actor: Actor) -> tuple[ImportKind, ...]:
    """Return the kinds of files that somebody may import."""
    return tuple(kind for kind in ImportKind if actor.may(permission_for(kind)))


def kinds_together(kind: ImportKind) -> tuple[ImportKind, ...]:
    """Return the kinds that the same people import: the latest of them is what can be undone."""
    return tuple(one for one in ImportKind if permission_for(one) is permission_for(kind))


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """An import. `who` did it, or the command line; `undone_by` is empty unless it was undone.

    `is_latest` tells that it is the unit's latest that stands of the kinds that the same people
    import: the one that can be undone.
    """

    run_id: int
    unit_name: str
    at: dt.datetime
    who: str
    kind: ImportKind
    file_name: str
    sha256: str
    rows: int
    created: int
    changed: int
    unchanged: int
    undone_at: dt.datetime | None
    undone_by: str
    is_latest: bool


def history(session: Session, *, by: Actor, most: int = 100) -> list[ImportedFile]:
    """Return imports, the latest first: the unit's of the kinds that the reader imports.

    Every unit's of every kind for an admin.
    """
    by.require(Permission.VIEW_IMPORTS)
    undoer = aliased(User)
    statement = (
        select(ImportRun, Unit.name, col(User.name), col(undoer.name))
        .join(Unit, col(Unit.id) == col(ImportRun.unit_id))
        .outerjoin(User, col(User.id) == col(ImportRun.created_by_id))
        .outerjoin(undoer, col(undoer.id) == col(ImportRun.voided_by_id))
        .order_by(col(ImportRun.id).desc())
        .limit(most)
    )
    if by.unit_id is not None:
        statement = statement.where(
            col(ImportRun.unit_id) == by.unit_id, col(ImportRun.kind).in_(may_import(by))
        )
    found, standing = [], set()
    for run, unit_name, who, undone_by in session.exec(statement):
        together = (run.unit_id, permission_for(run.kind))
        latest = run.voided_at is None and together not in standing
        if latest:
            standing.add(together)
        found.append(
            ImportedFile(
                run_id=run.id or 0,
                unit_name=unit_name,
                at=run.created_at,
                who=who or FROM_COMMAND,
                kind=run.kind,
                file_name=run.file_name,
                sha256=run.file_sha256,
                rows=run.rows,
                created=run.created,
                changed=run.changed,
                unchanged=run.unchanged,
                undone_at=run.voided_at,
                undone_by=undone_by or "",
                is_latest=latest,
            )
        )
    return found


def reference_format(session: Session, *, by: Actor) -> str:
    """Return the format of the references of the unit that is imported to."""
    by.require(Permission.VIEW_IMPORTS)
    return session.exec(select(col(Unit.reference_format)).where(col(Unit.id) == by.unit_id)).one()
