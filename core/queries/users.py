"""Who is signed in, and which accounts there are."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from core.auth import Actor, Permission, Role
from core.models import Caseworker, Group, Login, StoreInfo, Unit, User, UserRole
from core.models.base import UtcDateTime


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in browser as the store has it now, acting in one of the user's units.

    `units` are the units that the user has a role in: name by slug, alphabetically by name.
    `has_cookie` tells whether the browser has taken its cookie, `is_demo` whether the store is a
    demo.
    """

    login_id: int
    username: str
    actor: Actor
    unit_name: str | None
    group_name: str | None
    units: dict[str, str]
    must_change_password: bool
    has_cookie: bool
    is_demo: bool
    last_seen_at: dt.datetime


def digest(secret: str) -> str:
    """Return the SHA-256 that is kept of a token, a ticket or a throttled name."""
    return hashlib.sha256(secret.encode()).hexdigest()


def visit(
    session: Session,
    *,
    login_id: int | None = None,
    token: str | None = None,
    unit_slug: str | None = None,
    now: dt.datetime,
    idle: dt.timedelta,
) -> Visit | None:
    """Return the visit of a login, known by its id or by its cookie's token, in one statement.

    None unless the login is neither revoked, expired nor idle for longer than `idle`, its user is
    active and has a role. A unit that the user has no role in is passed over for the first one.
    """
    known = col(Login.id) == login_id if login_id else col(Login.token_hash) == digest(token or "")
    rows = session.execute(_VISIT.where(known, *_in_time(now, idle))).all()
    if not rows:
        return None
    units = {row.unit_slug: row.unit_name for row in rows if row.unit_slug}
    row = next((row for row in rows if unit_slug and row.unit_slug == unit_slug), rows[0])
    return Visit(
        login_id=row.login_id,
        username=row.username,
        actor=_actor(row),
        unit_name=row.unit_name,
        group_name=row.group_name,
        units=dict(sorted(units.items(), key=itemgetter(1))),
        must_change_password=row.must_change_password,
        has_cookie=row.has_cookie,
        is_demo=bool(row.is_demo),
        last_seen_at=row.last_seen_at,
    )


def still_signed_in(
    session: Session, actor: Actor, *, login_id: int, now: dt.datetime, idle: dt.timedelta
) -> bool:
    """Tell whether a login holds, as in `visit`, and its user still has the actor's reach."""
    rows = session.execute(_VISIT.where(col(Login.id) == login_id, *_in_time(now, idle)))
    return any(_actor(row) == actor for row in rows)


def _in_time(now: dt.datetime, idle: dt.timedelta) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a login is neither expired nor idle for too long."""
    return col(Login.expires_at) > now, col(Login.last_seen_at) > now - idle


def _actor(row: Any) -> Actor:
    return Actor(
        user_id=row.user_id,
        name=row.name,
        role=row.role,
        unit_id=row.unit_id,
        group_id=row.group_id,
        caseworker_id=row.caseworker_id,
    )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that an account has: in a unit, or for an admin in none."""

    role: Role
    unit_id: int | None
    unit_name: str | None
    group_id: int | None
    group_name: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the administrator sees it. `last_seen_at` is None for one never signed in."""

    id: int
    username: str
    name: str
    active: bool
    must_change_password: bool
    last_seen_at: dt.datetime | None
    roles: tuple[HeldRole, ...]
    version: int


@dataclass(frozen=True, slots=True)
class UnitGroups:
    """A unit that a user can be given a role in, with its groups' names by id."""

    id: int
    name: str
    groups: dict[int, str]


def accounts(session: Session, *, by: Actor) -> list[Account]:
    """Return every account with its roles, by name, in two statements.

    A caseworker's group is where new cases of theirs belong.
    Raises `PermissionDeniedError` for anybody but an admin.
    """
    by.require(Permission.VIEW_USERS)
    group_id = func.coalesce(col(UserRole.group_id), col(Caseworker.group_id))
    held: dict[int, list[HeldRole]] = {}
    for user_id, *role in session.execute(
        sa_select(
            col(UserRole.user_id),
            col(UserRole.role),
            col(UserRole.unit_id),
            col(Unit.name),
            group_id,
            col(Group.name),
        )
        .outerjoin(Unit, col(Unit.id) == col(UserRole.unit_id))
        .outerjoin(Caseworker, col(Caseworker.id) == col(UserRole.caseworker_id))
        .outerjoin(Group, col(Group.id) == group_id)
        .order_by(col(UserRole.id))
    ):
        held.setdefault(user_id, []).append(HeldRole(*role))
    seen = (
        sa_select(func.max(col(Login.last_seen_at), type_=UtcDateTime()))
        .where(col(Login.user_id) == col(User.id))
        .scalar_subquery()
    )
    rows = session.execute(
        sa_select(
            col(User.id),
            col(User.username),
            col(User.name),
            col(User.active),
            col(User.must_change_password),
            seen.label("seen"),
            col(User.version),
        ).order_by(col(User.name), col(User.username))
    )
    return [
        Account(
            row.id,
            row.username,
            row.name,
            row.active,
            row.must_change_password,
            row.seen,
            tuple(held.get(row.id, ())),
            row.version,
        )
        for row in rows
    ]


def units_with_groups(session: Session, *, by: Actor) -> list[UnitGroups]:
    """Return every unit with its groups, alphabetically.

    Raises `PermissionDeniedError` for anybody but an admin.
    """
    by.require(Permission.VIEW_USERS)
    units = {
        unit_id: UnitGroups(unit_id, name, {})
        for unit_id, name in session.execute(
            sa_select(col(Unit.id), col(Unit.name)).order_by(col(Unit.name))
        )
    }
    for group_id, unit_id, name in session.execute(
        sa_select(col(Group.id), col(Group.unit_id), col(Group.name)).order_by(col(Group.name))
    ):
        units[unit_id].groups[group_id] = name
    return list(units.values())


def is_demo(session: Session) -> bool:
    """Tell whether the store is a demo."""
    return bool(session.exec(select(col(StoreInfo.is_demo))).first())


_VISIT: Select[*tuple[Any, ...]] = (
    sa_select(
        col(Login.id).label("login_id"),
        col(Login.token_hash).is_not(None).label("has_cookie"),
        col(Login.last_seen_at),
        col(User.id).label("user_id"),
        col(User.username),
        col(User.name),
        col(User.must_change_password),
        col(UserRole.role),
        col(UserRole.unit_id),
        col(UserRole.group_id),
        col(UserRole.caseworker_id),
        col(Unit.slug).label("unit_slug"),
        col(Unit.name).label("unit_name"),
        col(Group.name).label("group_name"),
        sa_select(col(StoreInfo.is_demo)).scalar_subquery().label("is_demo"),
    )
    .join(User, col(User.id) == col(Login.user_id))
    .join(UserRole, col(UserRole.user_id) == col(User.id))
    .outerjoin(Unit, col(Unit.id) == col(UserRole.unit_id))
    .outerjoin(Group, col(Group.id) == col(UserRole.group_id))
    .where(col(Login.revoked_at).is_(None), col(User.active))
    .order_by(col(UserRole.id))
)
