"""The administrator's forms: add an account, change its role, close it, give it a new password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.auth import ROLE_NAMES, Actor, Role
from core.queries.users import Account, UnitGroups
from core.services import users
from pages.common import forms, text
from pages.common.conflicts import Compared

Place = tuple[int | None, int | None]
NEW = "new-user"
NOWHERE: Place = (None, None)
NOBODY = "ingen"
_SHOWN_ONCE = "_one_time_password"


def places(units: list[UnitGroups]) -> dict[Place, str]:
    """Return where a user can be placed: (unit id, group id or None) with its Swedish name."""
    found: dict[Place, str] = {NOWHERE: "ingen (systemansvarig)"}
    for unit in units:
        found[unit.id, None] = unit.name
        found |= {(unit.id, group): f"{unit.name}, {name}" for group, name in unit.groups.items()}
    return found


def show_one_time_password() -> None:
    """Show a password that was just made. The next rerun doesn't show it again."""
    if _SHOWN_ONCE in st.session_state:
        username, password = st.session_state.pop(_SHOWN_ONCE)
        st.success(
            f"Engångslösenord för **{username}**. Det visas bara nu och byts vid första "
            "inloggningen.",
            icon=":material/key:",
        )
        st.code(password, language=None)


def add(where: dict[Place, str], actor: Actor) -> None:
    """Draw the form that adds an account."""
    with st.form(forms.submit_key(NEW), border=False):
        username = st.text_input(
            "Användarnamn", autocomplete="off", key=f"{forms.submit_key(NEW)}-username"
        )
        forms.field_error(NEW, "username")
        name = st.text_input("Namn", autocomplete="off", key=f"{forms.submit_key(NEW)}-name")
        forms.field_error(NEW, "name")
        role = _role_input(NEW, None)
        place = _place_input(NEW, where, NOWHERE)
        if not st.form_submit_button("Lägg till", type="primary"):
            return
    new = users.NewUser(username, name, role, *place)
    forms.run(
        NEW,
        lambda session: users.add_user(session, new, by=actor, key=forms.submit_key(NEW)),
        "Kontot är tillagt.",
        after=lambda added: _keep_shown(new.username, added.one_time_password),
    )


def change(accounts: list[Account], where: dict[Place, str], actor: Actor) -> None:
    """Draw what can be done with an existing account."""
    account = st.selectbox(
        "Konto",
        accounts,
        format_func=lambda found: f"{found.name} ({found.username})",
        key="account-to-change",
    )
    _change_role(account, where, actor)
    with st.container(horizontal=True):
        if account.active:
            words = ("close", "Stäng kontot", "Kontot är stängt.")
            _button(account, words, users.disable, actor)
        else:
            words = ("open", "Öppna kontot", "Kontot är öppet.")
            _button(account, words, users.enable, actor)
        _button(
            account,
            ("reset", "Nytt engångslösenord", "Lösenordet är bytt."),
            users.reset_password,
            actor,
            after=lambda password: _keep_shown(account.username, password),
        )
        if len(account.roles) > 1:
            for held in account.roles:
                _button(
                    account,
                    (
                        f"end-{held.unit_id}",
                        f"Ta bort rollen i {held.unit_name}",
                        "Rollen är borttagen.",
                    ),
                    lambda session, user_id, by, key, unit=held.unit_id: users.end_role(
                        session, user_id, unit, by=by, key=key
                    ),
                    actor,
                )


def _change_role(account: Account, where: dict[Place, str], actor: Actor) -> None:
    form = f"role-{account.id}"
    shown = forms.opened(form, account)
    held = shown.roles[0] if shown.roles else None
    was = (held.unit_id, held.group_id) if held else NOWHERE
    with st.form(forms.submit_key(form), border=False):
        role = _role_input(form, held.role if held else None)
        place = _place_input(form, where, was)
        forms.field_error(form, "user")
        if not forms.submit(form, "Spara rollen"):
            return
    values = (
        Compared("role", "Roll", held and held.role, role, _role_word),
        Compared("place", "Enhet och grupp", was, place, lambda one: where.get(one, NOBODY)),
        Compared("active", "Kontot är öppet", shown.active, words=text.yes_no),
    )

    def save(session: Any) -> int:
        kept = forms.on_top(form, values)
        return users.set_role(
            session,
            account.id,
            users.NewRole(kept["role"], *kept["place"]),
            by=actor,
            key=forms.submit_key(form),
            version=forms.version(form, shown.version),
        )

    forms.run(form, save, "Rollen är sparad.", values=lambda: values)


def _role_word(role: Role | None) -> str:
    return text.DASH if role is None else ROLE_NAMES[role]


def _role_input(form: str, held: Role | None) -> Role:
    roles = list(Role)
    chosen: Role = st.selectbox(
        "Roll",
        roles,
        index=roles.index(held) if held else 0,
        format_func=ROLE_NAMES.__getitem__,
        key=f"{forms.submit_key(form)}-role",
    )
    return chosen


def _place_input(form: str, where: dict[Place, str], held: Place) -> Place:
    options = list(where)
    chosen: Place = st.selectbox(
        "Enhet och grupp",
        options,
        index=options.index(held),
        format_func=where.__getitem__,
        key=f"{forms.submit_key(form)}-place",
    )
    forms.field_error(form, "unit_id")
    forms.field_error(form, "group_id")
    return chosen


def _button(
    account: Account,
    words: tuple[str, str, str],
    service: Callable[..., Any],
    actor: Actor,
    after: Callable[[Any], None] | None = None,
) -> None:
    verb, label, success = words
    form = f"account-{account.id}-{verb}"
    key = forms.submit_key(form)
    if st.button(label, key=key):
        forms.run(
            form,
            lambda session: service(session, account.id, by=actor, key=key),
            success,
            after=after,
        )


def _keep_shown(username: str, password: str) -> None:
    st.session_state[_SHOWN_ONCE] = (username, password)
