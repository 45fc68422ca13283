"""Sign-in: sessions that can be revoked, and a growing delay after failed attempts.

Real time throughout: a demo store's date has nothing to do with who may sign in.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from core import clock
from core.auth import Actor, PermissionDeniedError
from core.config import settings
from core.models import Login, SignInThrottle, User
from core.queries.users import digest
from core.services import passwords
from core.services.base import Event, record_as

TICKET_LIFE = dt.timedelta(seconds=60)
SEEN_EVERY = dt.timedelta(minutes=1)
LONGEST_WAIT = 900
FORGET_AFTER = dt.timedelta(hours=1)
FREE_FOR_ACCOUNT = 4
FREE_FOR_ADDRESS = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose password an attempt is compared with. `user_id` is None for a name that isn't there.

    `wait_seconds` above 0: too many attempts have failed, nothing may be compared yet.
    """

    user_id: int | None
    password_hash: str
    wait_seconds: int = 0


def begin(session: Session, username: str, address: str | None) -> Candidate:
    """Count an attempt as failed before its password is compared, and return whom to compare with.

    Counting first means that attempts at the same time can't slip past the delay; `succeed` takes
    the count back. An unknown or disabled account gets a decoy hash that costs the same time.
    """
    now = clock.now()
    session.execute(
        delete(SignInThrottle).where(col(SignInThrottle.last_failed_at) < now - FORGET_AFTER)
    )
    known = [_row(session, key) for key in _keys(username, address)]
    wait = max(_wait(row, free, now) for row, free in known)
    if wait:
        return Candidate(None, passwords.decoy_hash(), wait)
    for row, _ in known:
        row.failures += 1
        row.last_failed_at = now
    user = session.exec(
        select(User).where(col(User.username) == username_form(username), col(User.active))
    ).first()
    if user is None:
        return Candidate(None, passwords.decoy_hash())
    return Candidate(user.id, user.password_hash)


def succeed(session: Session, username: str, address: str | None) -> None:
    """Take back what `begin` counted: all of the account's failures, one of the address's."""
    (account, _), *addresses = (_row(session, key) for key in _keys(username, address))
    account.failures = 0
    for row, _ in addresses:
        row.failures = max(row.failures - 1, 0)


def fail(session: Session, candidate: Candidate) -> None:
    """Write in the audit log that a password was wrong. Of an unknown name nothing is kept."""
    event = Event("sign_in_failed", "user", candidate.user_id, None)
    record_as(session, event, user_id=None)


def username_form(username: str) -> str:
    """Return a user name as it is kept: lower case, without spaces around it."""
    return username.strip().lower()


def open_session(session: Session, user_id: int, device: str = "") -> tuple[int, str]:
    """Open a session. Returns the login's id and the ticket that the browser trades for a cookie.

    The ticket works once and for 60 seconds.
    """
    now = clock.now()
    ticket = secrets.token_urlsafe(32)
    login = Login(
        user_id=user_id,
        ticket_hash=digest(ticket),
        ticket_expires_at=now + TICKET_LIFE,
        created_at=now,
        last_seen_at=now,
        expires_at=now + dt.timedelta(hours=settings().session_hours),
        device=device[:200],
    )
    session.add(login)
    session.flush()
    assert login.id is not None  # noqa: S101  (flushed above)
    record_as(session, Event("sign_in", "login", login.id, None), user_id=user_id)
    return login.id, ticket


def redeem(session: Session, ticket: str) -> tuple[str, int] | None:
    """Trade a ticket for a new random token, of which only the hash is kept.

    Returns the token and the seconds until the session ends; None for a ticket that is used, too
    old or unknown, or whose session has ended.
    """
    now = clock.now()
    login = session.exec(
        select(Login)
        .where(col(Login.ticket_hash) == digest(ticket))
        .where(col(Login.ticket_expires_at) > now, col(Login.expires_at) > now)
        .where(col(Login.revoked_at).is_(None))
        .with_for_update()
    ).first()
    if login is None:
        return None
    token = secrets.token_urlsafe(32)
    login.ticket_hash = None
    login.token_hash = digest(token)
    session.add(login)
    return token, int((login.expires_at - now).total_seconds())


def seen(session: Session, login_id: int) -> None:
    """Note that a session is in use, which puts off its idle limit."""
    session.execute(update(Login).where(col(Login.id) == login_id).values(last_seen_at=clock.now()))


def close_session(session: Session, login_id: int) -> None:
    """Sign out: the session ends now, in every tab of its browser."""
    _sign_out(session, col(Login.id) == login_id)


def close_by_token(session: Session, token: str) -> None:
    """Sign out the browser that holds a cookie."""
    _sign_out(session, col(Login.token_hash) == digest(token))


def close_own(session: Session, login_id: int, *, by: Actor) -> int:
    """Sign out one of one's own devices. Returns its login's id.

    Raises `PermissionDeniedError` for somebody else's.
    """
    whose = session.exec(select(col(Login.user_id)).where(col(Login.id) == login_id)).first()
    if whose != by.user_id:
        raise PermissionDeniedError("login")
    close_session(session, login_id)
    return login_id


def close_everywhere(session: Session, *, by: Actor) -> int:
    """Sign out all of one's own devices, this one too. Returns how many there were."""
    return _sign_out(session, col(Login.user_id) == by.user_id)


def revoke_sessions(session: Session, user_id: int, *, but: int | None = None) -> None:
    """End all of a user's sessions, except one if it is given. The cause is logged by its own."""
    _revoke(session, (col(Login.user_id) == user_id) & (col(Login.id) != (but or 0)))


def _sign_out(session: Session, which: object) -> int:
    ended = _revoke(session, which)
    for login_id, user_id in ended:
        record_as(session, Event("sign_out", "login", login_id, None), user_id=user_id)
    return len(ended)


def _revoke(session: Session, which: object) -> list[tuple[int, int]]:
    """End the sessions that still hold; return their ids and their users'."""
    ended = session.execute(
        update(Login)
        .where(which, col(Login.revoked_at).is_(None))  # type: ignore[arg-type]
        .values(revoked_at=clock.now())
        .returning(col(Login.id), col(Login.user_id))
        .execution_options(synchronize_session=False)
    )
    return sorted((login_id, user_id) for login_id, user_id in ended)


def _keys(username: str, address: str | None) -> list[tuple[str, int]]:
    keys = [(f"account:{username_form(username)}", FREE_FOR_ACCOUNT)]
    if address:
        keys.append((f"address:{address}", FREE_FOR_ADDRESS))
    return keys


def _row(session: Session, key: tuple[str, int]) -> tuple[SignInThrottle, int]:
    name, free = key
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = SignInThrottle.__table__  # type: ignore[attr-defined]
    new = {"key_hash": digest(name), "failures": 0, "last_failed_at": clock.now()}
    session.execute(dialect.insert(table).values(new).on_conflict_do_nothing())
    found = select(SignInThrottle).where(col(SignInThrottle.key_hash) == digest(name))
    return session.exec(found.with_for_update()).one(), free


def _wait(row: SignInThrottle, free: int, now: dt.datetime) -> int:
    if row.failures <= free:
        return 0
    delay = min(2 ** min(row.failures - free, 20), LONGEST_WAIT)
    left = row.last_failed_at + dt.timedelta(seconds=delay) - now
    return max(0, -(-int(left.total_seconds() * 1000) // 1000))
