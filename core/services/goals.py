"""Setting up the goal chain: goals and their activities (domain: Goal chain)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import today
from core.models import Activity, Area, Goal, Unit
from core.services.base import Checks, Event, already_done, record
from core.services.conflicts import same_version
from core.services.field_checks import check_required, check_texts, not_in_future
from core.terms import ActivityStatus, GoalLevel, OwnerLevel

FIRST_YEAR = 2000
LONGEST_TEXT = 2000
GOAL_TEXTS = ("expected_result", "ways_of_working", "resources", "follow_up", "development")
LEVELS = tuple(GoalLevel)
FINISHED = (ActivityStatus.DONE, ActivityStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class NewGoal:
    """A goal of a year. `parent_id` is the goal above it; the five texts are for unit goals."""

    year: int
    level: GoalLevel
    code: str
    name: str
    parent_id: int | None = None
    expected_result: str = ""
    ways_of_working: str = ""
    resources: str = ""
    follow_up: str = ""
    development: str = ""
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class NewActivity:
    """Something to do for a goal between two days, both included."""

    goal_id: int
    name: str
    starts_on: dt.date
    ends_on: dt.date
    owner: str = ""
    owner_level: OwnerLevel = OwnerLevel.UNIT
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class NewStatus:
    """Where an activity stands now. `version` is its version when the form was opened.

    `done_on` is the day it was done or cancelled, by default today; None for other statuses.
    """

    status: ActivityStatus
    version: int
    done_on: dt.date | None = None


def add_goal(session: Session, new: NewGoal, *, by: Actor, key: str | None = None) -> int:
    """Add a goal to the own unit's chain. Returns its id.

    Raises `RefusedError` for a code that the year already has, a goal above it that is of another
    year or not of a higher level, or an unfit text.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_GOALS)
    checks = Checks()
    check_goal(checks, new)
    _check_code(session, checks, new, unit_id)
    _check_parent(session, checks, new, unit_id)
    checks.done()
    row = Goal(unit_id=unit_id, **asdict(new))
    return _added(session, row, "goal", dt.date(new.year, 1, 1), by, key)


def add_activity(session: Session, new: NewActivity, *, by: Actor, key: str | None = None) -> int:
    """Add an activity to a goal of the own unit. Returns its id.

    Raises `RefusedError` for an end before the start or an unfit text.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    goal = own_goal(session, new.goal_id, by)
    checks = Checks()
    check_activity(checks, new)
    checks.done()
    row = Activity(unit_id=goal.unit_id, status=first_status(new.starts_on), **asdict(new))
    return _added(session, row, "activity", _first_day(row, goal), by, key)


def set_activity_status(
    session: Session,
    activity_id: int,
    new: NewStatus,
    *,
    by: Actor,
    key: str | None = None,
) -> int:
    """Set where an activity of the own unit stands. Returns its id.

    Raises `ConflictError` if somebody changed it after the form was opened, and `RefusedError` for
    a day that is in the future, or before the start of what is done.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_GOALS)
    row = session.get(Activity, activity_id, with_for_update=True)
    if row is None or row.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_GOALS)
    same_version(row, new.version)
    finished = new.status in FINISHED
    day = (new.done_on or today()) if finished else None
    checks = Checks()
    check_done_on(checks, new, day, row.starts_on)
    checks.done()
    goal = session.get_one(Goal, row.goal_id)
    row.status, row.done_on = new.status, day
    session.add(row)
    session.flush()
    moved = [(Area.GOALS, _first_day(row, goal))]
    details = {"status": new.status.value, "done_on": day}
    event = Event("set_status", "activity", activity_id, unit_id, moved, details)
    record(session, event, by=by, key=key)
    return activity_id


def own_unit(by: Actor, permission: Permission) -> int:
    """Return the unit that somebody may write to. Raises `PermissionDeniedError` without one."""
    by.require(permission)
    if by.unit_id is None:
        raise PermissionDeniedError(permission)
    return by.unit_id


def own_goal(session: Session, goal_id: int, by: Actor) -> Goal:
    """Return a goal that somebody may write to.

    Raises `PermissionDeniedError` if it is another unit's or doesn't exist: the same answer.
    """
    unit_id = own_unit(by, Permission.EDIT_GOALS)
    goal = session.get(Goal, goal_id)
    if goal is None or goal.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_GOALS)
    return goal


def check_goal(checks: Checks, new: NewGoal) -> None:
    """Refuse a goal of a year out of reach, without code or name, or with an unfit text."""
    _check_year(checks, new.year)
    check_texts(
        checks, code=(new.code, 20), name=(new.name, 300), source_name=(new.source_name, 200)
    )
    for field in GOAL_TEXTS:
        checks.guard_text(field, getattr(new, field), longest=LONGEST_TEXT)
    check_required(checks, code=new.code, name=new.name)


def check_activity(checks: Checks, new: NewActivity) -> None:
    """Refuse an activity without a name, with an unfit text, or that ends before it starts."""
    check_texts(
        checks, name=(new.name, 300), owner=(new.owner, 120), source_name=(new.source_name, 200)
    )
    check_required(checks, name=new.name)
    checks.refuse_if(
        new.ends_on < new.starts_on, "ends_on", f"Slutet ligger före starten {new.starts_on}."
    )


def first_status(starts_on: dt.date) -> ActivityStatus:
    """Return the status of an activity that nobody has told anything of."""
    return ActivityStatus.ONGOING if starts_on <= today() else ActivityStatus.NOT_STARTED


def check_above(checks: Checks, new: NewGoal, year: int, level: GoalLevel) -> None:
    """Refuse that a goal hangs on one of another year, or that is not of a higher level."""
    checks.refuse_if(year != new.year, "parent_id", f"Välj ett överordnat mål från {new.year}.")
    checks.refuse_if(
        LEVELS.index(level) >= LEVELS.index(new.level),
        "parent_id",
        "Det överordnade målet ska ligga på en högre nivå.",
    )


def _check_year(checks: Checks, year: int) -> None:
    last = today().year + 1
    checks.refuse_if(
        not FIRST_YEAR <= year <= last, "year", f"Ange ett år från {FIRST_YEAR} till {last}."
    )


def check_done_on(checks: Checks, new: NewStatus, day: dt.date | None, starts_on: dt.date) -> None:
    """Refuse a day on which an activity that starts on another one can't have been finished.

    `day` is the day to be kept: None for what is not finished.
    """
    finished = day is not None
    checks.refuse_if(
        new.done_on is not None and not finished,
        "done_on",
        "Ange datum bara för det som är klart eller avbrutet.",
    )
    not_in_future(checks, "done_on", day)
    checks.refuse_if(
        new.status is ActivityStatus.DONE and day is not None and day < starts_on,
        "done_on",
        f"Aktiviteten började {starts_on}. Ange den dagen eller en senare.",
    )


def _check_code(session: Session, checks: Checks, new: NewGoal, unit_id: int) -> None:
    session.get(Unit, unit_id, with_for_update=True)  # two forms at once: the second one waits here
    taken = session.exec(
        select(col(Goal.id))
        .where(col(Goal.unit_id) == unit_id)
        .where(col(Goal.year) == new.year)
        .where(col(Goal.code) == new.code)
    ).first()
    checks.refuse_if(
        taken is not None,
        "code",
        f"Beteckningen {new.code} finns redan {new.year}. Välj en annan.",
    )


def _check_parent(session: Session, checks: Checks, new: NewGoal, unit_id: int) -> None:
    if new.parent_id is None:
        return
    parent = session.get(Goal, new.parent_id)
    if parent is None or parent.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_GOALS)
    check_above(checks, new, parent.year, parent.level)


def _first_day(row: Activity, goal: Goal) -> dt.date:
    """Return the first day that an activity can be shown on."""
    return min(row.starts_on, dt.date(goal.year, 1, 1))


def _added(
    session: Session,
    row: Goal | Activity,
    entity: str,
    first: dt.date,
    by: Actor,
    key: str | None,
) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    event = Event("add", entity, row.id, row.unit_id, [(Area.GOALS, first)])
    record(session, event, by=by, key=key)
    return row.id
