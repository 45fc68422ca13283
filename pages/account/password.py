"""Byt lösenord: the signed-in user's own, and the first thing to do with a one-time password."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import db
from core.services import passwords, sign_in, users
from core.services.base import Checks
from pages.common import forms, gate
from pages.common.gate import require

actor = require()
st.title("Byt lösenord", anchor=False)
NAME = "password"
visit = gate.visit()
if visit.must_change_password:
    st.warning("Du har loggat in med ett engångslösenord. Välj ett eget.", icon=":material/key:")
st.caption(
    f"Minst {passwords.MIN_LENGTH} tecken, vilka som helst. En mening på några ord är lätt att minnas."
)

with st.form(forms.submit_key(NAME), width=420):
    old = st.text_input(
        "Nuvarande lösenord",
        type="password",
        autocomplete="current-password",
        key=f"{forms.submit_key(NAME)}-old",
    )
    forms.field_error(NAME, "old")
    new = st.text_input(
        "Nytt lösenord",
        type="password",
        autocomplete="new-password",
        key=f"{forms.submit_key(NAME)}-new",
    )
    forms.field_error(NAME, "new")
    again = st.text_input(
        "Nytt lösenord igen",
        type="password",
        autocomplete="new-password",
        key=f"{forms.submit_key(NAME)}-again",
    )
    forms.field_error(NAME, "again")
    sent = st.form_submit_button("Byt lösenord", type="primary")

if sent:
    with db.write() as session:
        attempt = sign_in.begin(session, visit.username, None)

    def save(session: Any) -> None:
        """Change the password, unless too many attempts have failed or the new ones differ."""
        checks = Checks()
        checks.refuse_if(
            attempt.wait_seconds > 0,
            "old",
            f"För många misslyckade försök. Försök igen om {attempt.wait_seconds} sekunder.",
        )
        checks.refuse_if(new != again, "again", "De två nya lösenorden är olika.")
        checks.done()
        users.change_password(session, old, new, by=actor, login_id=visit.login_id)
        sign_in.succeed(session, visit.username, None)

    forms.run(NAME, save, "Lösenordet är bytt.")
