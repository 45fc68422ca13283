"""Which of a file's headings is which column: chosen by a person, kept for the next file."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from core.auth import Actor, PermissionDeniedError
from core.models import ColumnMapping, Unit
from core.queries.column_mappings import NOT_READ
from core.queries.imports import permission_for
from core.services.base import Checks, Event, already_done, record
from core.terms import ImportKind

LONGEST_HEADING = 200
MOST_HEADINGS = 400
FIELD = "headings"


def remember(
    session: Session,
    kind: ImportKind,
    headings: Mapping[str, str],
    *,
    known: frozenset[str],
    by: Actor,
    key: str | None = None,
) -> int:
    """Remember what headings stand for in the own unit's files of a kind. Returns the row's id.

    Headings that were remembered before and are not named now stay as they were.

    Args:
        session: A write.
        kind: What the files hold.
        headings: A column's English name by folded heading, `NOT_READ` for a column not to be read.
        known: The names of the kind's columns.
        by: Who chose. Must be allowed to import the kind.
        key: The form's idempotency key.

    Raises:
        RefusedError: Two headings stand for one column, or a heading holds a personal number.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(permission_for(kind))
    if by.unit_id is None:
        raise PermissionDeniedError("unit")
    _check(headings, known)
    session.exec(
        select(Unit).where(col(Unit.id) == by.unit_id).with_for_update(key_share=True)
    ).one()
    row = session.exec(
        select(ColumnMapping)
        .where(col(ColumnMapping.unit_id) == by.unit_id)
        .where(col(ColumnMapping.kind) == kind)
    ).first()
    if row is None:
        row = ColumnMapping(unit_id=by.unit_id, kind=kind, created_by_id=by.user_id)
    row.headings = _merged(row.headings, headings)
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details = {"kind": kind, "columns": len(headings)}
    event = Event("map_columns", "column_mapping", row.id, by.unit_id, (), details)
    record(session, event, by=by, key=key)
    return row.id


def _check(headings: Mapping[str, str], known: frozenset[str]) -> None:
    checks = Checks()
    for heading, name in headings.items():
        checks.guard_text(FIELD, heading, longest=LONGEST_HEADING)
        checks.refuse_if(
            name != NOT_READ and name not in known, FIELD, f"Kolumnen {name} finns inte."
        )
        checks.refuse_if(
            name != NOT_READ and list(headings.values()).count(name) > 1,
            heading,
            "Två kolumner i filen har fått samma betydelse. Välj en av dem.",
        )
    checks.refuse_if(len(headings) > MOST_HEADINGS, FIELD, "Filen har för många kolumner.")
    checks.done()


def _merged(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return all that is remembered; the latest choice counts, and the list doesn't grow on."""
    kept = {heading: name for heading, name in before.items() if heading not in now}
    together = kept | dict(now)
    return dict(list(together.items())[-MOST_HEADINGS:])
