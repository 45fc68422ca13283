"""Groups and the unit itself as files name them, and rows that say the same in other words."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from core.imports.kinds import Planned
from core.imports.values import folded, quoted
from core.models import Group, Unit
from core.terms import ALL

WHOLE_UNIT = (ALL, "hela enheten", "enheten")


@dataclass(frozen=True, slots=True)
class Places:
    """A unit's name, the ids of its groups by their folded names, and the names by id."""

    unit_name: str
    groups: dict[str, int]
    names: dict[int, str]

    def group_of(self, planned: Planned, column: str = "group") -> int | None:
        """Return the group that a row names, None for the whole unit; an unknown one is a fault."""
        name = planned.row[column]
        if name is None or folded(name) in {*WHOLE_UNIT, folded(self.unit_name)}:
            return None
        found = self.groups.get(folded(name))
        if found is None:
            known = ", ".join(sorted(self.names.values())) or "inga grupper"
            planned.fault(
                column,
                f"{quoted(name)} är ingen grupp i enheten. Finns: {known}. Tomt är hela enheten.",
            )
        return found


def places_of(session: Session, unit_id: int) -> Places:
    """Return a unit's name and groups."""
    unit = session.execute(select(col(Unit.name)).where(col(Unit.id) == unit_id)).scalar_one()
    groups = session.execute(
        select(col(Group.id), col(Group.name), col(Group.slug)).where(col(Group.unit_id) == unit_id)
    ).all()
    return Places(
        unit,
        {folded(word): i for i, name, slug in groups for word in (slug, name)},
        {i: name for i, name, _slug in groups},
    )


def told_once(planned: Planned, seen: dict[Hashable, int], key: Hashable, column: str) -> None:
    """Note a fault if an earlier row of the file is about the same, spelt otherwise.

    `seen` holds the row that was first about each key.
    """
    first = seen.setdefault(key, planned.row.number)
    if first != planned.row.number:
        planned.fault(column, f"Rad {first} handlar om samma sak. Ta bort en av raderna.")
