"""Who is signed in, checked against the store on every rerun, and the gate of every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from core import clock, db
from core.auth import Actor, Permission, PermissionDeniedError, Scope
from core.config import settings
from core.queries import users
from core.queries.users import Visit
from core.services import audit, sign_in
from core.web import COOKIE

_LOGIN, _TICKET, _UNIT, _VISIT, _FRESH = "_login_id", "_ticket", "_unit", "_visit", "_fresh"
_LEAVE, _LOGGED = "_leave", "_logged"
QUARTER_SECONDS = 900
ENDED = "_ended"


def enter() -> Visit | None:
    """Check the session and return the visit, or None; called once by `main.py` each rerun.

    The first `require` of the page that follows takes this check's result over.
    """
    visit = _checked()
    if visit is None:
        if _LOGIN in st.session_state:
            forget()
            st.session_state[ENDED] = True
        return None
    st.session_state[_LOGIN] = visit.login_id
    st.session_state[_VISIT] = visit
    st.session_state[_FRESH] = True
    return visit


def require(permission: Permission | None = None) -> Actor:
    """Return the signed-in user, or stop the page. First line of every page.

    Without a permission any signed-in user passes, also one who must change password first. Call it
    again first in a fragment: a fragment runs without the rest of the page.
    """
    fresh = st.session_state.pop(_FRESH, False)
    visit = st.session_state[_VISIT] if fresh else _checked()
    if visit is None:
        st.error("Logga in för att se sidan.", icon=":material/lock:")
        st.stop()
    st.session_state[_VISIT] = visit
    if permission is not None and visit.must_change_password:
        st.error("Byt ditt engångslösenord först.", icon=":material/lock:")
        st.stop()
    if permission is not None and not visit.actor.may(permission):
        denied(permission)
        st.stop()
    actor: Actor = visit.actor
    return actor


def denied(permission: Permission) -> None:
    """Say in Swedish that the user's role doesn't reach the page, and log it."""
    log_refusal(PermissionDeniedError(permission))
    st.error("Du saknar behörighet till sidan.", icon=":material/lock:")


def seen_rows(actor: Actor, what: str, scope: Scope) -> None:
    """Log that the page shows case rows: call it where they are drawn.

    Logged once a tab, list, scope and quarter of an hour, so that a rerun writes nothing.
    """
    _log_once(
        ("read", what, scope), lambda session: audit.record_read(session, what, scope, by=actor)
    )


def log_refusal(refused: PermissionDeniedError) -> None:
    """Log that the user was refused something; as with readings, once a quarter of an hour."""
    known: Visit | None = st.session_state.get(_VISIT)
    if known is not None:
        _log_once(
            ("refused", str(refused), known.actor),
            lambda session: audit.record_refusal(session, refused, by=known.actor),
        )


def _log_once(what: Hashable, write: Callable[[Any], object]) -> None:
    quarter = int(clock.now().timestamp() // QUARTER_SECONDS)
    logged: dict[Hashable, int] = st.session_state.get(_LOGGED, {})
    if logged.get(what) == quarter:
        return
    with db.write() as session:
        write(session)
    current = {seen: when for seen, when in logged.items() if when == quarter}
    st.session_state[_LOGGED] = current | {what: quarter}


def visit() -> Visit:
    """Return the visit as it was at this rerun's check, for what is only shown."""
    known: Visit = st.session_state[_VISIT]
    return known


def login_id() -> int | None:
    """Return the session that this rerun belongs to; None before anybody has signed in."""
    known: int | None = st.session_state.get(_LOGIN)
    return known


def open_for(user_id: int) -> None:
    """Open a session for a user whose password has just been checked."""
    forget()
    agent = st.context.headers.get("User-Agent")
    with db.write() as session:
        login_id, ticket = sign_in.open_session(
            session, user_id, agent if isinstance(agent, str) else ""
        )
    st.session_state[_LOGIN] = login_id
    st.session_state[_TICKET] = ticket


def sign_out() -> None:
    """End the session, forget what the tab holds, and take the cookie back."""
    known = st.session_state.get(_VISIT)
    if known is not None:
        with db.write() as session:
            sign_in.close_session(session, known.login_id)
    _leave()


def sign_out_everywhere() -> None:
    """End all of the user's sessions, this one too."""
    with db.write() as session:
        sign_in.close_everywhere(session, by=visit().actor)
    _leave()


def _leave() -> None:
    forget()
    st.session_state[_LEAVE] = True


def take_cookie_back() -> None:
    """After signing out, show the image whose answer removes the cookie."""
    if st.session_state.pop(_LEAVE, False):
        st.html('<img src="/auth/leave" alt="" width="1" height="1">')


def hand_out_cookie() -> None:
    """Show the image whose answer sets the cookie, until the browser has fetched it."""
    ticket = st.session_state.get(_TICKET)
    if ticket and visit().has_cookie:
        del st.session_state[_TICKET]
    elif ticket:
        st.html(f'<img src="/auth/enter?ticket={ticket}" alt="" width="1" height="1">')


def forget() -> None:
    """Forget everything that the tab's session holds of the user."""
    for key in list(st.session_state):
        del st.session_state[key]


def address() -> str | None:
    """Return the visitor's network address, if it is known."""
    found = st.context.ip_address
    return found if isinstance(found, str) else None


def _checked() -> Visit | None:
    login_id = st.session_state.get(_LOGIN)
    token = None if login_id else _cookie()
    if not login_id and not token:
        return None
    chosen = st.query_params.get("enhet") or st.session_state.get(_UNIT)
    now = clock.now()
    with db.read() as session:
        visit = users.visit(
            session,
            login_id=login_id,
            token=token,
            unit_slug=chosen,
            now=now,
            idle=dt.timedelta(minutes=settings().idle_minutes),
        )
    if visit is None:
        return None
    st.session_state[_UNIT] = chosen
    if now - visit.last_seen_at >= sign_in.SEEN_EVERY:
        with db.write() as session:
            sign_in.seen(session, visit.login_id)
    return visit


def _cookie() -> str | None:
    found: Any = st.context.cookies.get(COOKIE)
    return found if isinstance(found, str) and found else None
