"""The browsers in which somebody is signed in just now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor
from core.models import Login
from core.rules.devices import device_words


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser, in Swedish words. Times are aware of UTC."""

    login_id: int
    words: str
    signed_in_at: dt.datetime
    last_seen_at: dt.datetime


def devices(session: Session, *, by: Actor, now: dt.datetime, idle: dt.timedelta) -> list[Device]:
    """Return one's own sessions that still hold, the latest used first.

    One holds that is neither ended nor expired nor idle for longer than `idle`, as at the gate.
    """
    logins = session.exec(
        select(Login)
        .where(col(Login.user_id) == by.user_id, col(Login.revoked_at).is_(None))
        .where(col(Login.expires_at) > now, col(Login.last_seen_at) > now - idle)
        .order_by(col(Login.last_seen_at).desc(), col(Login.id).desc())
    )
    return [
        Device(login.id or 0, device_words(login.device), login.created_at, login.last_seen_at)
        for login in logins
    ]
