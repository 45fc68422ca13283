"""Logga in: the form of streamlit-authenticator, which also compares the password by bcrypt.

Nothing else of that library is used: the session, its cookie and the throttle are our own.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController

from core import db
from core.auth import ROLE_NAMES
from core.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from core.queries import users
from core.services import passwords, sign_in
from pages.common import gate, menu

_LIBRARY_KEYS = ("authentication_status", "username", "name", "email", "roles", "logout")
_FIELDS = {
    "Form name": "Logga in",
    "Username": "Användarnamn",
    "Password": "Lösenord",
    "Login": "Logga in",
}


class _Comparison(AuthenticationController):  # type: ignore[misc]
    """Hands the library the typed name's hash alone, and the password exactly as typed."""

    def __init__(self) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        self.candidate: sign_in.Candidate | None = None
        self.message: str | None = None

    def login(
        self, username: str | None = None, password: str | None = None, *_: Any, **__: Any
    ) -> bool:
        """Compare a password, unless something is missing or the throttle says to wait."""
        if not username or not password:
            self.message = "Skriv både användarnamn och lösenord."
            return False
        if passwords.too_long(password):
            self.message = passwords.too_long_message(password)
            return False
        with db.write() as session:
            self.candidate = sign_in.begin(session, username, gate.address())
        if self.candidate.wait_seconds:
            self.message = _wait_message(self.candidate.wait_seconds)
            return False
        name = sign_in.username_form(username)
        known = {name: {"password": self.candidate.password_hash}}
        self.authentication_model.credentials = {"usernames": known}
        matched = self.authentication_model.login(name, passwords.normal_form(password))
        if not matched or self.candidate.user_id is None:
            with db.write() as session:
                sign_in.fail(session, self.candidate)
            self.message = "Fel användarnamn eller lösenord."
            return False
        with db.write() as session:
            sign_in.succeed(session, username, gate.address())
        return True


class _NoCookie:
    """Stands where the library would keep its own cookie, which no script may set here."""

    def get_cookie(self) -> None:
        """Know no cookie."""

    def set_cookie(self) -> None:
        """Set no cookie."""


class _Form(Authenticate):  # type: ignore[misc]
    """The library's form, without the cookie component that its own constructor draws."""

    def __init__(self, comparison: _Comparison) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = comparison


def draw() -> None:
    """Draw the sign-in page and open a session when the password is right."""
    gate.take_cookie_back()
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        st.title("Röda tråden", anchor=False)
        st.caption("Enhetens uppföljning, från ärende till mål.")
        if st.session_state.pop(gate.ENDED, False):
            st.info("Du har loggats ut. Logga in igen för att fortsätta.", icon=":material/logout:")
        comparison = _Comparison()
        _forget_the_librarys_state()
        _Form(comparison).login(fields=_FIELDS, key="sign_in")
        _forget_the_librarys_state()
        if comparison.message:
            st.error(comparison.message, icon=":material/error:")
        elif comparison.candidate and comparison.candidate.user_id:
            gate.open_for(comparison.candidate.user_id)
            st.rerun()
        _demo_accounts()


def _forget_the_librarys_state() -> None:
    for key in _LIBRARY_KEYS:
        st.session_state.pop(key, None)


def _wait_message(seconds: int) -> str:
    wait = f"{seconds} sekunder" if seconds < 60 else f"{-(-seconds // 60)} minuter"
    return f"För många misslyckade försök. Försök igen om {wait}."


def _demo_accounts() -> None:
    with db.read() as session:
        if not users.is_demo(session):
            return
    with st.container(border=True):
        menu.demo_badge()
        st.markdown(f"Alla konton har lösenordet `{DEMO_PASSWORD}`. Alla uppgifter är påhittade.")
        st.table(
            {
                "Användarnamn": [account.username for account in DEMO_ACCOUNTS],
                "Roll": [ROLE_NAMES[account.role] for account in DEMO_ACCOUNTS],
                "Enhet": [account.unit or "alla" for account in DEMO_ACCOUNTS],
            },
            hide_index=True,
        )
