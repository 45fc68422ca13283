"""The forms of Placeringar: register, review, and the choice of what else to register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Scope
from core.clock import today
from core.queries.case_register import Wanted, search
from core.queries.placement_terms import Word, offered
from core.queries.placements import PlacementRow
from core.services import placements
from core.services.placement_inputs import NewPlacement, NewReview
from pages.common import forms, placement_change_forms, placement_history_form, questions
from pages.common import placement_fields as fields
from pages.common.case_forms import date_field
from pages.common.number_fields import NumberFields


class Change(StrEnum):
    """What can be registered on a placement, in the order that the choices stand."""

    REVIEW = "Uppföljning"
    EXTEND = "Förläng"
    SHORTEN = "Korta"
    RATE = "Ändra dygnskostnad"
    SWITCH = "Byt utförare eller avtal"
    END = "Avsluta"
    REOPEN = "Öppna igen"
    CORRECT = "Historik och rättelse"


def register(scope: Scope, actor: Actor) -> None:
    """Draw the form that registers a placement with its decision and first day rate."""
    name = "placement"
    key, numbers = forms.submit_key(name), NumberFields(name)
    with db.read() as session:
        offers = forms.opened(name, offered(session, scope))
    names = offers.kinds
    with st.form(key, border=False):
        left, right = st.columns(2)
        with left:
            case = st.text_input(
                "Ärendets referens", max_chars=20, key=f"{forms.submit_key(name)}-case_id"
            )
            forms.field_error(name, "case_id")
            kind_id = fields.choice("Slag", list(names), names.__getitem__, (name, "kind_id"))
            basis = fields.choice("Lagrum", offers.bases, _title, (name, "legal_basis"))
            starts_on = date_field("Första dag", name, "starts_on")
            children, reference = _children_and_reference(name)
        with right:
            numbers.draw("Dygnskostnad från första dagen", "day_rate", hint=fields.RATE_HINT)
            by = fields.decided(name, actor)
            planned = fields.optional_date(fields.OPEN_ENDED, name, "planned_end_on")
            provider = fields.provider(name)
            contract = fields.choice("Avtal", offers.contracts, _title, (name, "contract"))
        questions.room(name)
        sent = st.form_submit_button("Registrera placering", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewPlacement(
                case_id=_case_id(session, scope, case),
                kind_id=kind_id,
                legal_basis=basis.code if basis else None,
                legal_name=basis.name if basis else "",
                starts_on=starts_on,
                children=children,
                reference=reference,
                day_rate=numbers.read()["day_rate"],
                decided_on=by.decided_on,
                decided_by=by.decided_by,
                planned_end_on=planned,
                provider=provider,
                contract=contract.code if contract else None,
                contract_name=contract.name if contract else "",
            )
            start = partial(placements.start, session, by=actor, key=key)
            return questions.asking(name, new, start)

        forms.run(name, save, "Placeringen är registrerad.")


def change(rows: Sequence[PlacementRow], actor: Actor) -> None:
    """Draw the choice of a placement and of what to register, and that form."""
    # Nothing that a colleague can change: the choice would be lost, and what is typed with it.
    labels = {row.id: f"{row.reference}, {row.kind}, från {row.starts_on}" for row in rows}
    chosen = st.selectbox(
        "Placering",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Välj placering",
        key="placement-chosen",
    )
    row = next((row for row in rows if row.id == chosen), None)
    if row is None:
        return
    ended = row.ended_on is not None
    fits = [c for c in Change if c is Change.CORRECT or (c is Change.REOPEN) == ended]
    possible = [one for one in Change if one in fits or forms.is_open(_name(one, row))]
    todo = st.pills("Vad ska registreras?", possible, key=f"placement-change-{row.id}")
    if todo is not None:
        _FORMS[todo](_name(todo, row), row, actor)


def _review(name: str, row: PlacementRow, actor: Actor) -> None:
    key = forms.submit_key(name)
    with st.form(key, border=False):
        reviewed_on = date_field("Uppföljd", name, "reviewed_on")
        next_review_on = fields.optional_date(
            "Nästa uppföljning (om bestämd)", name, "next_review_on"
        )
        note = st.text_area("Anteckning", max_chars=300, key=f"{forms.submit_key(name)}-note")
        forms.field_error(name, "note")
        sent = st.form_submit_button("Spara uppföljning", type="primary")
    if sent:
        new = NewReview(reviewed_on, next_review_on, note or "")
        _save(name, row, partial(placements.review, placement_id=row.id, new=new), actor)


def _save(name: str, row: PlacementRow, write: Callable[..., int], actor: Actor) -> None:
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        return write(session, by=actor, key=key)

    forms.run(name, save, f"{row.reference} är uppdaterad.")


def _name(change: Change, row: PlacementRow) -> str:
    return f"{change.name.lower()}-{row.id}"


def _children_and_reference(name: str) -> tuple[int, str]:
    children = st.number_input(
        "Antal barn med", 0, step=1, key=f"{forms.submit_key(name)}-children"
    )
    forms.field_error(name, "children")
    reference = st.text_input(
        "Placeringens referens (tomt: nästa nummer)",
        max_chars=20,
        key=f"{forms.submit_key(name)}-reference",
    )
    forms.field_error(name, "reference")
    return children, reference or ""


def _case_id(session: Any, scope: Scope, typed: str) -> int | None:
    """Return the id of the case with a reference within the user's reach."""
    wanted = typed.strip().casefold()
    if not wanted:
        return None
    found = search(session, scope, on=today(), wanted=Wanted(typed.strip(), closed_too=True))
    return next((row.case_id for row in found.rows if row.reference.casefold() == wanted), None)


def _title(word: Word) -> str:
    return word.title


_FORMS: dict[Change, Callable[[str, PlacementRow, Actor], None]] = {
    Change.REVIEW: _review,
    Change.EXTEND: placement_change_forms.extend,
    Change.SHORTEN: placement_change_forms.shorten,
    Change.RATE: placement_change_forms.rate,
    Change.SWITCH: placement_change_forms.switch,
    Change.END: placement_change_forms.end,
    Change.REOPEN: placement_change_forms.reopen,
    Change.CORRECT: placement_history_form.correct,
}
