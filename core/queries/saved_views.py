"""The views of a page that a user has saved for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import SavedView


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its name, and the chosen values by their names in the page's address."""

    id: int
    name: str
    choices: Mapping[str, tuple[str, ...]]


def saved_views(session: Session, scope: Scope, *, user_id: int, page: str) -> tuple[View, ...]:
    """Return a user's views of a page in the scope's unit, by name."""
    rows = session.execute(
        select(col(SavedView.id), col(SavedView.name), col(SavedView.choices))
        .where(col(SavedView.user_id) == user_id)
        .where(col(SavedView.unit_id) == scope.unit_id)
        .where(col(SavedView.page) == page)
    )
    found = (
        View(row.id, row.name, {part: tuple(values) for part, values in row.choices.items()})
        for row in rows
    )
    return tuple(sorted(found, key=lambda view: view.name.lower()))
