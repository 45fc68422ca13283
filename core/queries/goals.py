"""The goal chain as a tree, with indicators and activities (domain: Goal chain)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import Activity, Area, Goal
from core.queries.cache import cached
from core.queries.goal_chain import GoalRow, goal_year, goals_of_year
from core.queries.indicators import COMPUTED_FROM, IndicatorStatus, indicator_statuses
from core.terms import ActivityStatus, OwnerLevel

FINISHED = (ActivityStatus.DONE, ActivityStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as of a day: before it was finished it was still going on.

    `past_end` tells that its last day has passed without its being done or cancelled.
    """

    activity_id: int
    version: int
    goal_id: int
    goal: str
    name: str
    starts_on: dt.date
    ends_on: dt.date
    status: ActivityStatus
    done_on: dt.date | None
    owner: str
    owner_level: OwnerLevel
    past_end: bool
    source_name: str


@dataclass(frozen=True, slots=True)
class GoalNode:
    """A goal with what hangs on it. A goal without a parent among the year's goals is a root."""

    goal: GoalRow
    indicators: tuple[IndicatorStatus, ...]
    activities: tuple[ActivityRow, ...]
    children: tuple[GoalNode, ...]


@dataclass(frozen=True, slots=True)
class GoalTree:
    """The goals of a year; `year` is None and there are no roots before a unit has any goals."""

    year: int | None
    roots: tuple[GoalNode, ...]


@cached(Area.GOALS, *COMPUTED_FROM)
def goal_tree(session: Session, scope: Scope, *, on: dt.date) -> GoalTree:
    """Return the goals that hold on a day as a tree, from the city's directions downwards."""
    unit = Scope(scope.unit_id)
    year = goal_year(session, unit, on=on)
    if year is None:
        return GoalTree(None, ())
    goals = goals_of_year(session, unit, year=year)
    indicators = indicator_statuses(session, unit, on=on)
    done = activities(session, unit, on=on)
    ids = {goal.goal_id for goal in goals}

    def nodes(level_of: Iterable[GoalRow]) -> tuple[GoalNode, ...]:
        return tuple(
            GoalNode(
                goal=goal,
                indicators=tuple(i for i in indicators if i.indicator.goal_id == goal.goal_id),
                activities=tuple(a for a in done if a.goal_id == goal.goal_id),
                children=nodes(below for below in goals if below.parent_id == goal.goal_id),
            )
            for goal in level_of
        )

    return GoalTree(year, nodes(goal for goal in goals if goal.parent_id not in ids))


@cached(Area.GOALS)
def activities(session: Session, scope: Scope, *, on: dt.date) -> tuple[ActivityRow, ...]:
    """Return the activities of the goals that hold on a day, by end and name."""
    year = goal_year(session, scope, on=on)
    statement = select(Activity, col(Goal.name)).join(Goal, col(Goal.id) == col(Activity.goal_id))
    rows = session.exec(
        statement.where(col(Goal.unit_id) == scope.unit_id, col(Goal.year) == year).order_by(
            col(Activity.ends_on), col(Activity.name)
        )
    )
    return tuple(_activity_row(row, goal, on) for row, goal in rows)


@cached(Area.GOALS)
def overdue_activities(session: Session, scope: Scope, *, on: dt.date) -> tuple[ActivityRow, ...]:
    """Return the activities past their end on a day, the longest past first, of any year's goals.

    Past its end is one whose last day lies before the day and that was not done or cancelled by it.
    """
    unfinished = or_(
        col(Activity.status).not_in(FINISHED),
        and_(col(Activity.done_on).is_not(None), col(Activity.done_on) > on),
    )
    statement = select(Activity, col(Goal.name)).join(Goal, col(Goal.id) == col(Activity.goal_id))
    rows = session.exec(
        statement.where(
            col(Activity.unit_id) == scope.unit_id, col(Activity.ends_on) < on, unfinished
        ).order_by(col(Activity.ends_on), col(Activity.name))
    )
    return tuple(_activity_row(row, goal, on) for row, goal in rows)


def _activity_row(row: Activity, goal: str, on: dt.date) -> ActivityRow:
    assert row.id is not None  # noqa: S101  (read from the store)
    status = row.status
    finished = status in FINISHED
    if finished and row.done_on is not None and row.done_on > on:
        status, finished = ActivityStatus.ONGOING, False
    return ActivityRow(
        activity_id=row.id,
        version=row.version,
        goal_id=row.goal_id,
        goal=goal,
        name=row.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        status=status,
        done_on=row.done_on if finished else None,
        owner=row.owner,
        owner_level=row.owner_level,
        past_end=row.ends_on < on and not finished,
        source_name=row.source_name,
    )
