"""Which headings of a unit's files were understood last time: read when the next file comes."""

from __future__ import annotations

from sqlmodel import Session, col, select

from core.models import ColumnMapping
from core.terms import ImportKind

NOT_READ = ""
"""What a heading is mapped to when its column is not to be read."""


def headings_of(session: Session, unit_id: int, kind: ImportKind) -> dict[str, str]:
    """Return the remembered columns of a kind of file: a column's English name by folded heading.

    `NOT_READ` for a heading that is not to be read. Empty when nothing is remembered.
    """
    found = session.exec(
        select(ColumnMapping)
        .where(col(ColumnMapping.unit_id) == unit_id)
        .where(col(ColumnMapping.kind) == kind)
        .where(col(ColumnMapping.voided_at).is_(None))
    ).first()
    return {} if found is None else {str(k): str(v) for k, v in found.headings.items()}
