"""Forms: one row however often a form is sent, faults told at their fields, nothing typed lost.

A form's identity is its submit key. It is made when the form is first drawn and stays until the
form has been saved, so that a retry or a double click is the same submit; the next form is a new
one, with empty fields.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import db
from core.auth import PermissionDeniedError
from core.rules.personal_number import PersonalNumberError
from core.services.base import PERSONAL_NUMBER, ConflictError, FieldError, RefusedError

T = TypeVar("T")
CONFLICT = (
    "Någon annan har ändrat samma uppgift sedan du öppnade formuläret. Inget har sparats. "
    "Det du skrev står kvar; hämta det senaste för att se vad som gäller nu."
)
DENIED = "Du saknar behörighet till detta. Inget har sparats."
CHECK_FIELDS = "Inget har sparats. Rätta det som är markerat."


def submit_key(name: str) -> str:
    """Return the idempotency key of a form: pass it as `key` to the form and to its service."""
    key: str = st.session_state.setdefault(_slot(name, "key"), f"{name}-{secrets.token_hex(12)}")
    return key


def opened(name: str, value: T) -> T:
    """Return a value as it was when the form was opened, such as the version of the row it edits.

    Later reruns return the same, so that a change by somebody else meanwhile is found when saving.
    """
    kept: dict[str, Any] = st.session_state.setdefault(_slot(name, "opened"), {})
    key = submit_key(name)
    if kept.get("key") != key:
        kept.clear()
        kept.update(key=key, value=value)
    found: T = kept["value"]
    return found


def field_error(name: str, field: str) -> None:
    """Leave room under a field for what is wrong with it. Call it right after the field."""
    slots: dict[str, DeltaGenerator] = st.session_state.setdefault(_slot(name, "fields"), {})
    slots[field] = st.empty()


def run(
    name: str,
    save: Callable[[Any], T],
    success: str,
    *,
    after: Callable[[T], None] | None = None,
) -> bool:
    """Save a form by one call of a service, and tell how it went.

    Saved: `success` is toasted and the page is drawn again, so that every figure shows it; the form
    comes back empty. Refused: each message stands at its field, what was typed stays, and the
    answer is False.

    Args:
        name: The form's name, as in `submit_key`.
        save: Calls a service with the session (`core.db.write`) of one transaction.
        success: What is toasted, in Swedish.
        after: Called with what `save` returned, before the page is drawn again.
    """
    try:
        with db.write() as session:
            result = save(session)
    except RefusedError as refused:
        _show(name, refused)
    except PersonalNumberError as held:
        _show(name, RefusedError(FieldError(held.column, PERSONAL_NUMBER)))
    except ConflictError:
        st.warning(CONFLICT, icon=":material/sync_problem:")
        st.button("Hämta det senaste", key=_slot(name, "reload"), on_click=forget, args=(name,))
    except PermissionDeniedError:
        st.error(DENIED, icon=":material/lock:")
    else:
        forget(name)
        if after is not None:
            after(result)
        st.session_state[_SAVED] = success
        st.rerun()
    return False


def forget(name: str) -> None:
    """Let the form be a new one the next time it is drawn, with a new key and empty fields."""
    for part in ("key", "opened", "fields"):
        st.session_state.pop(_slot(name, part), None)


def show_saved() -> None:
    """Toast what the latest save said, once."""
    said = st.session_state.pop(_SAVED, None)
    if said:
        st.toast(said, icon=":material/check_circle:")


_SAVED = "_form-saved"


def _show(name: str, refused: RefusedError) -> None:
    slots: dict[str, DeltaGenerator] = st.session_state.get(_slot(name, "fields"), {})
    elsewhere = []
    for field, message in refused.by_field().items():
        if field in slots:
            slots[field].markdown(f":red[:material/error: {message}]")
        else:
            elsewhere.append(message)
    st.error(" ".join([CHECK_FIELDS, *elsewhere]), icon=":material/error:")


def _slot(name: str, part: str) -> str:
    return f"_form-{name}-{part}"
