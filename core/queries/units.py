"""Units and groups to choose between."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import Area, Group, Unit
from core.queries.cache import cached


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group that figures can be narrowed to."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitChoices:
    """A unit and its groups, by name."""

    slug: str
    name: str
    groups: tuple[GroupChoice, ...]


@cached(Area.UNITS, until=None)
def choices(session: Session, scope: Scope) -> UnitChoices:
    """Return the scope's unit with its groups, alphabetically; only the own group if it has one."""
    unit = session.exec(
        select(col(Unit.slug), col(Unit.name)).where(col(Unit.id) == scope.unit_id)
    ).one()
    asked = select(col(Group.id), col(Group.slug), col(Group.name)).where(
        col(Group.unit_id) == scope.unit_id
    )
    if scope.group_id is not None:
        asked = asked.where(col(Group.id) == scope.group_id)
    groups = [GroupChoice(row.id, row.slug, row.name) for row in session.execute(asked)]
    return UnitChoices(unit[0], unit[1], tuple(sorted(groups, key=lambda group: group.name)))
