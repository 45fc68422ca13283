"""Names of caseworkers and groups, and the order that rows by them stand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Caseworker, Group
from core.queries.cache import cached
from core.queries.keys import By
from core.terms import ALL, WITHOUT_CASEWORKER, WITHOUT_GROUP, Gender, sv

T = TypeVar("T")
LAST = (WITHOUT_CASEWORKER, WITHOUT_GROUP)


@dataclass(frozen=True)
class Names:
    """A unit's caseworkers and groups: name by id."""

    caseworkers: dict[int, str]
    groups: dict[int, str]

    def caseworker(self, caseworker_id: int | None) -> str:
        """Return a caseworker's name, or `utan handläggare`."""
        return WITHOUT_CASEWORKER if caseworker_id is None else self.caseworkers[caseworker_id]

    def group(self, group_id: int | None) -> str:
        """Return a group's name, or `utan grupp`."""
        return WITHOUT_GROUP if group_id is None else self.groups[group_id]


class Held(Protocol):
    """A row that belongs to a caseworker, a group and a gender on its own day."""

    @property
    def caseworker_id(self) -> int | None: ...  # noqa: D102
    @property
    def group_id(self) -> int | None: ...  # noqa: D102


@cached(Area.UNITS, until=None)
def names(session: Session, scope: Scope) -> Names:
    """Return the names of the scope's unit."""
    people = session.execute(
        select(col(Caseworker.id), col(Caseworker.name)).where(
            col(Caseworker.unit_id) == scope.unit_id
        )
    )
    groups = session.execute(
        select(col(Group.id), col(Group.name)).where(col(Group.unit_id) == scope.unit_id)
    )
    return Names({row.id: row.name for row in people}, {row.id: row.name for row in groups})


def within(scope: Scope, row: Held) -> bool:
    """Tell whether a row lies within a scope."""
    return (scope.group_id is None or row.group_id == scope.group_id) and (
        scope.caseworker_id is None or row.caseworker_id == scope.caseworker_id
    )


def key_of(by: By, known: Names) -> Callable[[Any], str]:
    """Return how a row's key is made for a split by caseworker, group, gender or nothing."""
    keys: dict[By, Callable[[Any], str]] = {
        By.CASEWORKER: lambda row: known.caseworker(row.caseworker_id),
        By.GROUP: lambda row: known.group(row.group_id),
        By.GENDER: lambda row: sv(row.gender or Gender.OTHER),
        By.NONE: lambda _row: ALL,
    }
    return keys[by]


def in_order(keys: Iterable[str]) -> list[str]:
    """Return keys alphabetically in Swedish, those without a caseworker or group last."""
    return sorted(keys, key=lambda key: (key in LAST, key.lower().translate(_SWEDISH)))


def added(rows: Iterable[tuple[Hashable, Any]]) -> dict[Any, Any]:
    """Add up values by key."""
    sums: dict[Any, Any] = {}
    for key, value in rows:
        sums[key] = sums[key] + value if key in sums else value
    return sums


def month_key(day: dt.date) -> str:
    """Return a month's key, as 2024-05."""
    return f"{day:%Y-%m}"


_SWEDISH = str.maketrans({"å": "{", "ä": "|", "ö": "}"})
