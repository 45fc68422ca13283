"""What is typed in a prognosis round, line by line, until it has been saved.

A field is saved when it is left. What a save was stopped by is kept with what was typed, so that it
can be told and nothing is lost, also when the round has been locked meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, PermissionDeniedError
from core.queries.prognosis_rounds import RoundLine
from core.rules.personal_number import PersonalNumberError
from core.services import prognosis_rounds as rounds
from core.services.base import PERSONAL_NUMBER, ConflictError, Newest, RefusedError
from core.services.prognosis_round_inputs import LineChoice
from core.services.questions import AskedError
from core.terms import PrognosisMethod
from pages.common import forms, gate, text

OWN = "own"
"""The choice of an amount that no method gave."""


@dataclass
class Draft:
    """A line's fields as they were last known to be, and what stopped the latest save of them.

    `typed` is what stood in the fields then, in words.
    """

    version: int
    amount: Decimal | None
    comment: str
    faults: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    newest: Newest | None = None
    typed: str = ""

    @property
    def unsaved(self) -> bool:
        """Tell whether something typed has not been saved."""
        return bool(self.faults or self.asked or self.newest)


def key(line: RoundLine, name: str) -> str:
    """Return the key of a line's field."""
    return f"round-{line.id}-{name}"


def value(line: RoundLine, name: str) -> Any:
    """Return what stands in a line's field."""
    return st.session_state.get(key(line, name))


def of_controller(line: RoundLine) -> Draft:
    """Return a line's draft, its fields filled in from the store where nothing is lost by it."""
    shown = "" if line.amount is None else text.plain_number(line.amount, 2)
    fields = {"method": line.method or OWN, "amount": shown, "comment": line.comment}
    return _draft(line, "draft", fields, line.comment)


def of_manager(line: RoundLine) -> Draft:
    """Return the draft of the manager's comment to a line, as `of_controller` does."""
    fields = {"manager": line.manager_comment}
    return _draft(line, "manager-draft", fields, line.manager_comment)


def unsaved(line: RoundLine) -> Draft | None:
    """Return what of a line was typed and stopped, None for nothing."""
    for name in ("draft", "manager-draft"):
        kept: Draft | None = st.session_state.get(key(line, name))
        if kept is not None and kept.unsaved:
            return kept
    return None


def forget(line: RoundLine) -> None:
    """Let a line's fields be filled in from the store the next time they are drawn."""
    for name in ("draft", "manager-draft", "confirmed"):
        st.session_state.pop(key(line, name), None)


def _draft(line: RoundLine, name: str, fields: Mapping[str, Any], comment: str) -> Draft:
    kept: Draft | None = st.session_state.get(key(line, name))
    left = any(key(line, one) not in st.session_state for one in fields)
    if kept is None or left or (kept.version != line.version and not kept.unsaved):
        kept = Draft(line.version, line.amount, comment)
        st.session_state[key(line, name)] = kept
        for one, stored in fields.items():
            _put(line, one, stored)
    return kept


def _put(line: RoundLine, name: str, stored: Any) -> None:
    """Fill in a field that holds something else: a field that is set loses what is being typed."""
    here = key(line, name)
    if here not in st.session_state or st.session_state[here] != stored:
        st.session_state[here] = stored


def method_chosen(line: RoundLine, actor: Actor) -> None:
    """Show the chosen method's amount, and save it."""
    method = _method(line)
    if method is not None:
        st.session_state[key(line, "amount")] = text.number(line.computed[method])
    save(line, actor)


def amount_typed(line: RoundLine, actor: Actor) -> None:
    """Save an amount of the own, which no method gave."""
    st.session_state[key(line, "method")] = OWN
    st.session_state.pop(key(line, "confirmed"), None)  # the yes was to another amount
    save(line, actor)


def save(line: RoundLine, actor: Actor) -> None:
    """Save a line as it stands in its fields, and keep what stopped it."""
    kept: Draft = st.session_state[key(line, "draft")]
    comment = value(line, "comment") or ""
    typed = f"{value(line, 'amount')} {comment}".strip()

    def write() -> None:
        confirmed = bool(value(line, "confirmed"))
        choice = LineChoice(_method(line), amount(line), comment, confirmed)
        assert line.id is not None  # noqa: S101  (a line, no sum)
        with db.write() as session:
            rounds.save_line(session, line.id, choice, version=kept.version, by=actor)

    _try(line, kept, typed, write)


def save_comment(line: RoundLine, actor: Actor) -> None:
    """Save the manager's comment to a line, and keep what stopped it."""
    kept: Draft = st.session_state[key(line, "manager-draft")]
    said = value(line, "manager") or ""

    def write() -> None:
        assert line.id is not None  # noqa: S101  (a line, no sum)
        with db.write() as session:
            rounds.comment_line(session, line.id, said, version=kept.version, by=actor)

    _try(line, kept, said, write)


def take_mine(line: RoundLine, newest: Newest, actor: Actor) -> None:
    """Save what is typed on top of the version that somebody else saved."""
    name = "draft" if key(line, "amount") in st.session_state else "manager-draft"
    st.session_state[key(line, name)].version = newest.version
    if name == "draft":
        save(line, actor)
    else:
        save_comment(line, actor)


def amount(line: RoundLine) -> Decimal | None:
    """Return the typed amount, None for an empty field. Raises `ValueError` for no number."""
    typed = str(value(line, "amount") or "").strip()
    return text.parse_number(typed) if typed else None


def _method(line: RoundLine) -> PrognosisMethod | None:
    chosen: PrognosisMethod | str = value(line, "method")
    return None if chosen == OWN else PrognosisMethod(chosen)


def _try(line: RoundLine, kept: Draft, typed: str, write: Callable[[], None]) -> None:
    """Write; stopped, keep why and what was typed, else forget the draft."""
    kept.faults, kept.asked, kept.newest, kept.typed = {}, "", None, typed
    try:
        write()
    except AskedError as asked:
        kept.faults = {fault.field: fault.message for fault in asked.faults}
        kept.asked = " ".join(question.message for question in asked.questions)
    except RefusedError as refused:
        kept.faults = refused.by_field()
    except ConflictError as conflict:
        kept.newest = conflict.newest
    except (ValueError, PersonalNumberError, PermissionDeniedError) as stopped:
        kept.faults = _words(stopped)
    else:
        forget(line)


def _words(stopped: Exception) -> Mapping[str, str]:
    """Return what an exception that stopped a save says, at its field."""
    if isinstance(stopped, PersonalNumberError):
        return {"comment": PERSONAL_NUMBER}
    if isinstance(stopped, PermissionDeniedError):
        gate.log_refusal(stopped)
        return {"round": forms.DENIED}
    return {"amount": str(stopped)}
