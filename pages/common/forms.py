"""Forms: one row however often a form is sent, faults told at their fields, nothing typed lost.

A form's identity is its submit key. It is made when the form is first drawn and stays until the
form has been saved, so that a retry or a double click is the same submit; the next form is a new
one, with empty fields. So is one that the user has left and comes back to.

A form that edits a row draws its fields from `opened`, the row as it was when the form was opened:
fields that followed the row would lose what is typed when somebody else saves. Its button is
`submit`, the last thing in it, and its save passes `version`. See `conflicts` for what happens when
two people save the same row.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import db
from core.auth import PermissionDeniedError
from core.queries.effects import own_writes
from core.rules.personal_number import PersonalNumberError
from core.services.base import PERSONAL_NUMBER, ConflictError, FieldError, RefusedError
from core.services.questions import AskedError
from pages.common import conflicts, gate
from pages.common.conflicts import Compared, Conflict

T = TypeVar("T")
CONFLICT = (
    "Någon annan har ändrat samma uppgift sedan du öppnade formuläret. Inget har sparats. "
    "Det du skrev står kvar; hämta det senaste för att se vad som gäller nu."
)
SAME_AT_ONCE = "Någon annan sparade samma sak samtidigt. Försök igen."
DENIED = "Du saknar behörighet till detta. Inget har sparats."
CONFIRM = "Inget har sparats än. Kontrollera det som frågas om, och bekräfta det eller ändra det."
CHECK_FIELDS = "Inget har sparats. Rätta det som är markerat."


def submit_key(name: str) -> str:
    """Return the idempotency key of a form: pass it as `key` to the form and to its service."""
    _forget_if_left(name)
    st.session_state[_slot(name, "run")] = st.session_state.get(_RUNS, 0)
    key: str = st.session_state.setdefault(_slot(name, "key"), f"{name}-{secrets.token_hex(12)}")
    return key


def run_completed() -> None:
    """Count a run of the whole page; `main.py` calls it last."""
    st.session_state[_RUNS] = st.session_state.get(_RUNS, 0) + 1


def opened(name: str, value: T) -> T:
    """Return a value as it was when the form was opened: the row it edits, or its version.

    Later reruns return the same, so that a change by somebody else meanwhile is found when saving.
    """
    kept: dict[str, Any] = st.session_state.setdefault(_slot(name, "opened"), {})
    key = submit_key(name)
    if kept.get("key") != key:
        kept.clear()
        kept.update(key=key, value=value)
        st.session_state[_slot(name, "opened")] = kept
    found: T = kept["value"]
    return found


def is_open(name: str) -> bool:
    """Tell whether a form that edits a row was drawn and neither saved nor left."""
    _forget_if_left(name)
    return _slot(name, "opened") in st.session_state


def version(name: str, of_opened: int) -> int:
    """Return the version that a save knows of: the opened row's, or the one seen in a conflict."""
    conflict = pending(name)
    return of_opened if conflict is None else conflict.newest.version


def pending(name: str) -> Conflict | None:
    """Return the conflict that the user is choosing about, if the form has one."""
    found: Conflict | None = st.session_state.get(_slot(name, "conflict"))
    return found


def on_top(name: str, values: Sequence[Compared]) -> dict[str, Any]:
    """Return the fields to save: as typed, or in a conflict as newest where nothing was typed.

    Ask in the save itself, like `version`.
    """
    return conflicts.on_top(pending(name), values)


def submit(
    name: str,
    label: str,
    *,
    type: Literal["primary", "secondary", "tertiary"] = "primary",  # noqa: A002  (as Streamlit's)
    width: Literal["content", "stretch"] | int = "content",
    shortcut: str | None = None,
) -> bool:
    """Draw a form's button, last in the form; tell whether it is to be saved.

    In a conflict both versions stand in its place, with the choice between them.
    """
    place = st.empty()
    st.session_state.setdefault(_slot(name, "fields"), {})[_BUTTON] = place
    conflict = pending(name)
    with place.container():
        if conflict is not None and conflict.differs:
            return conflicts.draw(conflict, submit_key(name), partial(_keep_theirs, name))
        kept = st.session_state.pop(_slot(name, "kept"), "")
        if kept:
            st.info(f"Det sparade står kvar. Du hade skrivit: {kept}.", icon=":material/info:")
        return st.form_submit_button(label, type=type, width=width, shortcut=shortcut)


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
    values: Callable[[], Sequence[Compared]] = tuple,
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
        values: What the form shows or changes of a row, asked for if somebody else has saved it.
    """
    try:
        result = _saved(name, save, values)
    except RefusedError as refused:
        _show(name, refused)
    except PersonalNumberError as held:
        _show(name, RefusedError(FieldError(held.column, PERSONAL_NUMBER)))
    except ConflictError:
        _show_conflict(name)
    except _SavedMeanwhileError:
        st.warning(SAME_AT_ONCE, icon=":material/sync_problem:")
    except PermissionDeniedError as refused:
        gate.log_refusal(refused)
        st.error(DENIED, icon=":material/lock:")
    else:
        forget(name)
        if after is not None:
            after(result)
        st.session_state[_SAVED] = success
        st.rerun()
    return False


def writes() -> int:
    """Return how many writes that move indicators the latest save made: ask in `after`."""
    count: int = st.session_state.get(_WRITES, 0)
    return count


def forget(name: str) -> None:
    """Let the form be a new one the next time it is drawn, with a new key and empty fields."""
    for part in ("key", "opened", "fields", "conflict", "run"):
        st.session_state.pop(_slot(name, part), None)


def show_saved() -> None:
    """Toast what the latest save said, once."""
    said = st.session_state.pop(_SAVED, None)
    if said:
        st.toast(said, icon=":material/check_circle:")


def _forget_if_left(name: str) -> None:
    """Forget a form that a whole run of the page went by without: the user had left it."""
    runs = st.session_state.get(_RUNS, 0)
    if runs - st.session_state.get(_slot(name, "run"), runs) > 1:
        forget(name)


def _saved(name: str, save: Callable[[Any], T], values: Callable[[], Sequence[Compared]]) -> T:
    """Save, also over a change by somebody else that touched nothing of what the form tells."""
    while True:
        try:
            return _written(save)
        except ConflictError as raised:
            if raised.newest is None:
                raise
            conflict = Conflict(raised.newest, tuple(values()))
            st.session_state[_slot(name, "conflict")] = conflict
            if conflict.differs:
                raise


class _SavedMeanwhileError(Exception):
    """Somebody else saved the same thing between this save's checks and its row."""


def _written(save: Callable[[Any], T]) -> T:
    try:
        with db.write() as session:
            result = save(session)
            st.session_state[_WRITES] = own_writes(session)
    except Exception as raised:
        if db.is_duplicate(raised):
            raise _SavedMeanwhileError from raised
        raise
    return result


def _show_conflict(name: str) -> None:
    """Draw the choice in the button's place, or else the offer to fetch the latest."""
    place = st.session_state.get(_slot(name, "fields"), {}).get(_BUTTON)
    conflict = pending(name)
    if place is None or conflict is None:
        st.session_state.pop(_slot(name, "conflict"), None)
        st.warning(CONFLICT, icon=":material/sync_problem:")
        with st.container(horizontal=True):
            st.button("Hämta det senaste", key=_slot(name, "reload"), on_click=forget, args=(name,))
            if conflict is not None:
                take, what = partial(_take_mine, name, conflict), "Skriv mitt ovanpå"
                st.button(what, key=_slot(name, "mine"), on_click=take)
        return
    with place.container():
        conflicts.draw(conflict, submit_key(name), partial(_keep_theirs, name))


def _take_mine(name: str, conflict: Conflict) -> None:
    """Let the next save of a form without a comparison know of the newest version."""
    st.session_state[_slot(name, "conflict")] = conflict
    st.toast("Tryck på spara igen, så skrivs ditt ovanpå.", icon=":material/edit:")


def _keep_theirs(name: str) -> None:
    """Let the saved version stay, and tell once what had been typed."""
    conflict = pending(name)
    forget(name)
    if conflict is not None:
        st.session_state[_slot(name, "kept")] = conflicts.said(conflict.values)


RED = "red[:material/error:"
_SAVED = "_form-saved"
_WRITES = "_form-writes"
_RUNS = "_form-runs"
_BUTTON = "*button"


def _show(name: str, refused: RefusedError) -> None:
    slots: dict[str, DeltaGenerator] = st.session_state.get(_slot(name, "fields"), {})
    elsewhere = []
    asked = refused.questions if isinstance(refused, AskedError) else ()
    for field, message in refused.by_field().items():
        mark = "orange[:material/help:" if FieldError(field, message) in asked else RED
        if field in slots:
            slots[field].markdown(f":{mark} {message}]")
        elif mark == RED:
            elsewhere.append(message)
    if len(asked) == len(refused.errors):
        st.warning(CONFIRM, icon=":material/help:")
        return
    st.error(" ".join([CHECK_FIELDS, *elsewhere]), icon=":material/error:")


def _slot(name: str, part: str) -> str:
    return f"_form-{name}-{part}"
