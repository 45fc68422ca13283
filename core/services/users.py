"""Accounts: added, closed and opened, with role, unit and group, and their passwords.

`by` is None only for what the command line does. No name, user name or password is written in the
audit log.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from core.auth import Actor, Permission, Role
from core.models import Area, Caseworker, Group, Unit, User, UserRole
from core.services import passwords, sign_in
from core.services.base import Checks, Event, already_done, record
from core.services.conflicts import same_version

USERNAME = re.compile(r"[a-zåäö0-9][a-zåäö0-9._-]{1,58}[a-zåäö0-9]")


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to add. `unit_id` for every role but admin, `group_id` for a group manager.

    A caseworker's `group_id` is where new cases of theirs belong; it may be empty.
    """

    username: str
    name: str
    role: Role
    unit_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role to give a user in a unit, with the same rules as in `NewUser`."""

    role: Role
    unit_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddedUser:
    """An account just added. Its password is shown once and has to be changed at sign-in."""

    id: int
    one_time_password: str


def add_user(
    session: Session, new: NewUser, *, by: Actor | None, key: str | None = None
) -> AddedUser:
    """Add an account with its first role and a one-time password.

    A caseworker is linked to the unit's caseworker of the same name, or gets a new one. The same
    form sent again adds nothing, but gives the account a new one-time password to show.
    """
    _require(by)
    done = already_done(session, key)
    if done is not None:
        return AddedUser(done, reset_password(session, done, by=by))
    username = sign_in.username_form(new.username)
    name = " ".join(new.name.split())
    checks = Checks()
    checks.refuse_if(
        USERNAME.fullmatch(username) is None,
        "username",
        "Användarnamnet ska ha 3-60 tecken: små bokstäver, siffror, punkt, bindestreck.",
    )
    checks.guard_text("username", username, longest=60)
    taken = session.exec(select(User.id).where(col(User.username) == username)).first()
    checks.refuse_if(taken is not None, "username", "Användarnamnet finns redan.")
    checks.refuse_if(not name, "name", "Skriv personens namn.")
    checks.guard_text("name", name, longest=120)
    role = NewRole(new.role, new.unit_id, new.group_id)
    _check_role(session, checks, role, name)
    checks.done()
    password = passwords.one_time()
    user = User(
        username=username,
        name=name,
        password_hash=passwords.hashed(password),
        must_change_password=True,
    )
    session.add(user)
    session.flush()
    assert user.id is not None  # noqa: S101  (flushed above)
    session.add(_role_row(session, user, role))
    _record(session, "add_user", user.id, by, role=role, key=key)
    return AddedUser(user.id, password)


def disable(session: Session, user_id: int, *, by: Actor | None, key: str | None = None) -> int:
    """Close an account: it is signed out everywhere at the next click. Nothing of it is removed.

    A caseworker keeps the cases until somebody hands them over, and is given no more. Refuses one's own account and the last open one of an admin.
    """
    _require(by)
    if already_done(session, key) is not None:
        return user_id
    user = _user(session, user_id)
    checks = Checks()
    checks.refuse_if(by is not None and by.user_id == user_id, "user", OWN)
    checks.refuse_if(_is_last_admin(session, user_id), "user", LAST_ADMIN)
    checks.done()
    user.active = False
    sign_in.revoke_sessions(session, user_id)
    _let_take_cases(session, _roles(session, user_id), by, takes=False)
    _record(session, "disable_user", user_id, by, key=key)
    return user_id


def enable(session: Session, user_id: int, *, by: Actor | None, key: str | None = None) -> int:
    """Open a closed account again, with the password and roles that it had."""
    _require(by)
    if already_done(session, key) is not None:
        return user_id
    _user(session, user_id).active = True
    _let_take_cases(session, _roles(session, user_id), by, takes=True)
    _record(session, "enable_user", user_id, by, key=key)
    return user_id


def reset_password(
    session: Session, user_id: int, *, by: Actor | None, key: str | None = None
) -> str:
    """Give an account a new one-time password, which is returned, and end its sessions.

    The same form sent again gives yet another one, as the first can't be shown a second time.
    """
    _require(by)
    again = already_done(session, key) is not None
    user = _user(session, user_id)
    password = passwords.one_time()
    user.password_hash = passwords.hashed(password)
    user.must_change_password = True
    sign_in.revoke_sessions(session, user_id)
    _record(session, "reset_password", user_id, by, key=None if again else key)
    return password


def change_password(
    session: Session, old: str, new: str, *, by: Actor, login_id: int | None = None
) -> int:
    """Change one's own password and end one's other sessions; `login_id` is the one to keep."""
    user = _user(session, by.user_id)
    checks = Checks()
    checks.refuse_if(
        not passwords.matches(old, user.password_hash), "old", "Det nuvarande lösenordet är fel."
    )
    fault = passwords.fault(new)
    checks.refuse_if(fault is not None, "new", fault or "")
    checks.refuse_if(
        fault is None and passwords.normal_form(old) == passwords.normal_form(new),
        "new",
        "Välj ett annat lösenord än det nuvarande.",
    )
    checks.done()
    user.password_hash = passwords.hashed(new)
    user.must_change_password = False
    sign_in.revoke_sessions(session, by.user_id, but=login_id)
    _record(session, "change_password", by.user_id, by)
    return by.user_id


def set_role(
    session: Session,
    user_id: int,
    new: NewRole,
    *,
    by: Actor | None,
    key: str | None = None,
    version: int | None = None,
) -> int:
    """Give a user a role in a unit instead of the one held there, if any, and end all sessions.

    An admin's role stands alone: it takes the place of all others, and any other one of it.
    Refuses to change one's own role or to leave the store without an admin. `version` is the
    account's when a form opened it: raises `ConflictError` if somebody changed it since.
    """
    _require(by)
    if already_done(session, key) is not None:
        return user_id
    user = _user(session, user_id)
    if version is not None:
        same_version(user, version)
    checks = Checks()
    _check_own_or_last(session, checks, user_id, by, keeps_admin=new.role is Role.ADMIN)
    held = _roles(session, user_id)
    replaced = [
        row
        for row in held
        if new.role is Role.ADMIN or row.role is Role.ADMIN or row.unit_id == new.unit_id
    ]
    _check_role(session, checks, new, user.name, own=replaced)
    checks.done()
    row = _role_row(session, user, new)
    left = [old for old in replaced if old.caseworker_id != row.caseworker_id]
    _let_take_cases(session, left, by, takes=False)
    for old in replaced:
        session.delete(old)
    session.flush()
    session.add(row)
    sign_in.revoke_sessions(session, user_id)
    flag_modified(user, "active")  # raises the version, so that an open form notices
    _record(session, "set_role", user_id, by, role=new, key=key)
    return user_id


def end_role(
    session: Session, user_id: int, unit_id: int, *, by: Actor | None, key: str | None = None
) -> int:
    """Take a user's role in a unit away and end all sessions.

    Refuses the only role: close the account instead.
    """
    _require(by)
    if already_done(session, key) is not None:
        return user_id
    held = _roles(session, user_id)
    ended = [row for row in held if row.unit_id == unit_id]
    checks = Checks()
    checks.refuse_if(not ended, "unit_id", "Kontot har ingen roll i enheten.")
    checks.refuse_if(
        bool(ended) and len(held) == 1,
        "unit_id",
        "Det är kontots enda roll. Stäng kontot i stället.",
    )
    checks.done()
    _let_take_cases(session, ended, by, takes=False)
    session.delete(ended[0])
    sign_in.revoke_sessions(session, user_id)
    _record(session, "end_role", user_id, by, role=NewRole(ended[0].role, unit_id), key=key)
    return user_id


OWN = "Du kan inte stänga ditt eget konto."
OWN_ROLE = "Du kan inte ändra din egen roll."
LAST_ADMIN = "Kontot är den enda öppna systemansvariga. Lägg till en annan först."


def _require(by: Actor | None) -> None:
    if by is not None:
        by.require(Permission.MANAGE_USERS)


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update=True)
    checks = Checks()
    checks.refuse_if(user is None, "user", "Kontot finns inte.")
    checks.done()
    assert user is not None  # noqa: S101  (refused above)
    return user


def _roles(session: Session, user_id: int) -> list[UserRole]:
    asked = select(UserRole).where(col(UserRole.user_id) == user_id)
    return list(session.exec(asked.order_by(col(UserRole.id))))


def _is_last_admin(session: Session, user_id: int) -> bool:
    admins = set(
        session.exec(
            select(col(UserRole.user_id))
            .join(User, col(User.id) == col(UserRole.user_id))
            .where(col(UserRole.role) == Role.ADMIN, col(User.active))
        )
    )
    return admins == {user_id}


def _check_own_or_last(
    session: Session, checks: Checks, user_id: int, by: Actor | None, *, keeps_admin: bool
) -> None:
    checks.refuse_if(by is not None and by.user_id == user_id, "user", OWN_ROLE)
    checks.refuse_if(not keeps_admin and _is_last_admin(session, user_id), "user", LAST_ADMIN)


def _check_role(
    session: Session, checks: Checks, new: NewRole, name: str, own: list[UserRole] | None = None
) -> None:
    """Check that the unit and group fit the role, and that a caseworker of the name is free."""
    if new.role is Role.ADMIN:
        checks.refuse_if(
            new.unit_id is not None, "unit_id", "En systemansvarig hör inte till någon enhet."
        )
        return
    unit = session.get(Unit, new.unit_id) if new.unit_id is not None else None
    checks.refuse_if(unit is None, "unit_id", "Välj en enhet.")
    if unit is None:
        return
    group = session.get(Group, new.group_id) if new.group_id is not None else None
    elsewhere = new.group_id is not None and (group is None or group.unit_id != unit.id)
    checks.refuse_if(elsewhere, "group_id", "Gruppen finns inte i enheten.")
    checks.refuse_if(
        new.role is Role.GROUP_MANAGER and group is None,
        "group_id",
        "En biträdande enhetschef behöver en grupp.",
    )
    if new.role is Role.CASEWORKER:
        linked = _linked_to(session, unit.id, name)
        mine = {row.id for row in own or []}
        checks.refuse_if(
            linked is not None and linked not in mine,
            "name",
            "Enheten har redan en handläggare med det namnet och ett eget konto.",
        )


def _caseworker(session: Session, unit_id: int | None, name: str) -> Caseworker | None:
    asked = select(Caseworker).where(col(Caseworker.unit_id) == unit_id)
    return session.exec(asked.where(col(Caseworker.name) == name)).first()


def _linked_to(session: Session, unit_id: int | None, name: str) -> int | None:
    """Return the id of the role that a unit's caseworker of a name is linked to, if any."""
    found = _caseworker(session, unit_id, name)
    if found is None:
        return None
    asked = select(col(UserRole.id)).where(col(UserRole.caseworker_id) == found.id)
    return session.exec(asked).first()


def _role_row(session: Session, user: User, new: NewRole) -> UserRole:
    assert user.id is not None  # noqa: S101  (a saved user)
    row = UserRole(user_id=user.id, role=new.role, unit_id=new.unit_id)
    if new.role is Role.GROUP_MANAGER:
        row.group_id = new.group_id
    if new.role is Role.CASEWORKER:
        row.caseworker_id = _ready_caseworker(session, user.name, new)
    return row


def _let_take_cases(
    session: Session, roles: Iterable[UserRole], by: Actor | None, *, takes: bool
) -> None:
    """Let the caseworkers of some roles be given cases, or no more; each one with its event."""
    for role in roles:
        if role.caseworker_id is None:
            continue
        caseworker = session.get_one(Caseworker, role.caseworker_id)
        if caseworker.active is takes:
            continue
        caseworker.active = takes
        session.add(caseworker)
        moved = [(Area.UNITS, dt.date.min)]
        event = Event(
            "take_cases" if takes else "take_no_cases",
            "caseworker",
            caseworker.id,
            caseworker.unit_id,
            moved,
        )
        record(session, event, by=by)


def _ready_caseworker(session: Session, name: str, new: NewRole) -> int | None:
    assert new.unit_id is not None  # noqa: S101  (checked with the role)
    found = _caseworker(session, new.unit_id, name)
    caseworker = found or Caseworker(unit_id=new.unit_id, name=name)
    caseworker.active = True
    if new.group_id is not None:
        caseworker.group_id = new.group_id
    session.add(caseworker)
    session.flush()
    return caseworker.id


def _record(
    session: Session,
    action: str,
    user_id: int,
    by: Actor | None,
    *,
    role: NewRole | None = None,
    key: str | None = None,
) -> None:
    session.flush()
    unit_id = role.unit_id if role else None
    moved = [(Area.UNITS, dt.date.min)] if role and role.role is Role.CASEWORKER else []
    details = {"role": role.role, "group_id": role.group_id} if role else {}
    record(session, Event(action, "user", user_id, unit_id, moved, details), by=by, key=key)
