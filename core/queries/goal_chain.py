"""A unit's goals of a year, and the way from one of them up to the city's (domain: Goal chain)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from core.auth import Scope
from core.models import Area, Goal
from core.queries.cache import cached
from core.terms import GoalLevel

LEVELS = tuple(GoalLevel)
"""The chain's levels, the city's direction first."""


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal. The five texts are empty on other levels than the unit's."""

    goal_id: int
    year: int
    level: GoalLevel
    code: str
    parent_id: int | None
    name: str
    expected_result: str
    ways_of_working: str
    resources: str
    follow_up: str
    development: str


@cached(Area.GOALS, until=None)
def goal_year(session: Session, scope: Scope, *, on: dt.date) -> int | None:
    """Return the year whose goals hold on a day: the day's own, or else the latest one before it.

    A unit that has not yet written this year's goals is followed up on the last ones it has, with
    their own year's targets and figures, never with another year's figures against them. None when
    there are no goals yet.
    """
    year: int | None = session.exec(
        select(func.max(col(Goal.year)))
        .where(col(Goal.unit_id) == scope.unit_id)
        .where(col(Goal.year) <= on.year)
    ).one()
    return year


@cached(Area.GOALS, until=None)
def goals_of_year(session: Session, scope: Scope, *, year: int) -> tuple[GoalRow, ...]:
    """Return a unit's goals of a year, by level from the city's down and then by code."""
    rows = session.exec(
        select(Goal).where(col(Goal.unit_id) == scope.unit_id).where(col(Goal.year) == year)
    )
    goals = [_goal_row(row) for row in rows]
    return tuple(sorted(goals, key=lambda goal: (LEVELS.index(goal.level), _code_key(goal.code))))


def chain_upwards(goals: Iterable[GoalRow], goal_id: int) -> tuple[GoalRow, ...]:
    """Return a goal and what it serves, upwards to the topmost; a loop ends where it began."""
    by_id = {goal.goal_id: goal for goal in goals}
    chain: dict[int, GoalRow] = {}
    step: int | None = goal_id
    while step is not None and step in by_id and step not in chain:
        chain[step] = by_id[step]
        step = by_id[step].parent_id
    return tuple(chain.values())


def _goal_row(row: Goal) -> GoalRow:
    assert row.id is not None  # noqa: S101  (read from the store)
    return GoalRow(
        goal_id=row.id,
        year=row.year,
        level=row.level,
        code=row.code,
        parent_id=row.parent_id,
        name=row.name,
        expected_result=row.expected_result,
        ways_of_working=row.ways_of_working,
        resources=row.resources,
        follow_up=row.follow_up,
        development=row.development,
    )


def _code_key(code: str) -> tuple[str, list[int], str]:
    """Return a key that puts E2 before E10 and 3.2 before 3.10."""
    letters = code.rstrip("0123456789.")
    numbers = [int(part) for part in code[len(letters) :].split(".") if part]
    return letters, numbers, code
