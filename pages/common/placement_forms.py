"""The forms of Placeringar: register, decide, day rate, review, end and reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from core.auth import Actor, Scope
from core.clock import today
from core.queries.case_register import Wanted, search
from core.queries.placements import KindChoice, PlacementRow
from core.services import placements
from core.services.placement_inputs import NewDecision, NewPlacement, NewRate, NewReview
from core.terms import Contract, LegalBasis, sv_title
from pages.common import forms
from pages.common.case_forms import EARLIEST, date_field
from pages.common.conflicts import NOT_IN_FORM, Compared
from pages.common.number_fields import NumberFields

RATE_HINT = "Kronor per dygn, till exempel 1 850 eller 1 850,50."
OPEN_ENDED = "Planerat slut (tomt: tills vidare)"


class Change(StrEnum):
    """What can be registered on a placement, in the order that the choices stand."""

    REVIEW = "Uppföljning"
    DECIDE = "Nytt beslut"
    RATE = "Ny dygnskostnad"
    END = "Avsluta"
    REOPEN = "Öppna igen"


def register(kinds: Sequence[KindChoice], scope: Scope, actor: Actor) -> None:
    """Draw the form that registers a placement with its decision and first day rate."""
    name = "placement"
    key, numbers = forms.submit_key(name), NumberFields(name)
    names = {kind.id: kind.name for kind in kinds}
    with st.form(key, border=False):
        left, right = st.columns(2)
        with left:
            case = st.text_input("Ärendets referens", max_chars=20)
            forms.field_error(name, "case_id")
            kind_id = _choice("Slag", list(names), names.__getitem__, name, "kind_id")
            basis = _choice("Lagrum", list(LegalBasis), sv_title, name, "legal_basis")
            starts_on = date_field("Första dag", name, "starts_on")
            children = st.number_input("Antal barn med", 0, step=1)
            forms.field_error(name, "children")
            reference = st.text_input("Placeringens referens (tomt: nästa nummer)", max_chars=20)
            forms.field_error(name, "reference")
        with right:
            numbers.draw("Dygnskostnad från första dagen", "day_rate", hint=RATE_HINT)
            agreement = _agreement(name, actor.name, None)
        sent = st.form_submit_button("Registrera placering", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewPlacement(
                case_id=_case_id(session, scope, case),
                kind_id=kind_id,
                legal_basis=basis,
                starts_on=starts_on,
                children=children,
                reference=reference,
                day_rate=numbers.read()["day_rate"],
                **agreement,
            )
            return placements.start(session, new, by=actor, key=key)

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
    fits = [one for one in Change if (one is Change.REOPEN) == (row.ended_on is not None)]
    possible = [one for one in Change if one in fits or forms.is_open(_name(one, row))]
    todo = st.pills("Vad ska registreras?", possible, key=f"placement-change-{row.id}")
    if todo is not None:
        _FORMS[todo](row, actor)


def _review(row: PlacementRow, actor: Actor) -> None:
    name = f"review-{row.id}"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        reviewed_on = date_field("Uppföljd", name, "reviewed_on")
        next_review_on = _date("Nästa uppföljning (om bestämd)", name, "next_review_on")
        note = st.text_area("Anteckning", max_chars=300)
        forms.field_error(name, "note")
        sent = st.form_submit_button("Spara uppföljning", type="primary")
    if sent:
        new = NewReview(reviewed_on, next_review_on, note or "")
        _save(name, row, partial(placements.review, placement_id=row.id, new=new), actor)


def _decide(row: PlacementRow, actor: Actor) -> None:
    name = _name(Change.DECIDE, row)
    key, shown = forms.submit_key(name), forms.opened(name, row)
    with st.form(key, border=False):
        agreement = _agreement(name, actor.name, shown)
        sent = forms.submit(name, "Spara beslut")
    if sent:
        values = _compared(shown, **agreement)

        def write(session: Any, **who: Any) -> int:
            new = NewDecision(**{**agreement, **forms.on_top(name, values)})
            return placements.decide(session, row.id, new, **who)

        _save_version(name, shown, write, actor, lambda: values)


def _rate(row: PlacementRow, actor: Actor) -> None:
    name = _name(Change.RATE, row)
    key, shown = forms.submit_key(name), forms.opened(name, row)
    numbers = NumberFields(name)
    with st.form(key, border=False):
        valid_from = date_field("Gäller från och med", name, "valid_from")
        numbers.draw("Dygnskostnad", "amount", hint=RATE_HINT)
        sent = forms.submit(name, "Spara dygnskostnad")
    if sent:

        def write(session: Any, **who: Any) -> int:
            new = NewRate(valid_from, numbers.read()["amount"])
            return placements.set_rate(session, row.id, new, **who)

        def values() -> list[Compared]:
            return _compared(shown, day_rate=numbers.read()["amount"])

        _save_version(name, shown, write, actor, values)


def _end(row: PlacementRow, actor: Actor) -> None:
    name = _name(Change.END, row)
    key, shown = forms.submit_key(name), forms.opened(name, row)
    with st.form(key, border=False):
        on = date_field("Sista dag (betalas)", name, "on")
        sent = forms.submit(name, "Avsluta placeringen")
    if sent:
        write = partial(placements.end, placement_id=row.id, on=on)
        _save_version(name, shown, write, actor, partial(_compared, shown, ended_on=on))


def _reopen(row: PlacementRow, actor: Actor) -> None:
    name = _name(Change.REOPEN, row)
    key, shown = forms.submit_key(name), forms.opened(name, row)
    with st.form(key, border=False):
        st.markdown(f"Placeringen avslutades {shown.ended_on}. Öppnas den igen löper den vidare.")
        forms.field_error(name, "on")
        sent = forms.submit(name, "Öppna igen")
    if sent:
        write = partial(placements.reopen, placement_id=row.id)
        _save_version(name, shown, write, actor, partial(_compared, shown, ended_on=None))


def _save(name: str, row: PlacementRow, write: Callable[..., int], actor: Actor) -> None:
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        return write(session, by=actor, key=key)

    forms.run(name, save, f"{row.reference} är uppdaterad.")


def _save_version(
    name: str,
    shown: PlacementRow,
    write: Callable[..., int],
    actor: Actor,
    values: Callable[[], Sequence[Compared]],
) -> None:
    """Save over the version of the placement that the form knows of."""
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        version = forms.version(name, shown.version)
        return write(session, by=actor, key=key, version=version)

    forms.run(name, save, f"{shown.reference} är uppdaterad.", values=values)


def _name(change: Change, row: PlacementRow) -> str:
    return f"{change.name.lower()}-{row.id}"


def _compared(shown: PlacementRow, **typed: Any) -> list[Compared]:
    """Return what somebody else may have changed, beside what a form changes of it."""
    return [
        Compared(field, label, getattr(shown, field), typed.get(field, NOT_IN_FORM))
        for field, label in _VALUES.items()
    ]


def _agreement(name: str, decided_by: str, row: PlacementRow | None) -> dict[str, Any]:
    """Draw a decision's fields, as they stand in the latest one; return them by name."""
    fields: dict[str, Any] = {"decided_on": date_field("Beslutat", name, "decided_on")}
    fields["decided_by"] = st.text_input("Beslutat av", decided_by, max_chars=80)
    forms.field_error(name, "decided_by")
    planned = row.planned_end_on if row else None
    fields["planned_end_on"] = _date(OPEN_ENDED, name, "planned_end_on", planned)
    fields["provider"] = st.text_input("Utförare", (row and row.provider) or "", max_chars=120)
    forms.field_error(name, "provider")
    contracts, now = list(Contract), row.contract if row else None
    fields["contract"] = st.selectbox(
        "Avtal",
        contracts,
        index=contracts.index(now) if now else None,
        format_func=sv_title,
        placeholder="Välj",
    )
    forms.field_error(name, "contract")
    return fields


def _choice(
    label: str, options: Sequence[Any], words: Callable[[Any], str], name: str, field: str
) -> Any:
    chosen = st.selectbox(label, options, index=None, format_func=words, placeholder="Välj")
    forms.field_error(name, field)
    return chosen


def _date(label: str, name: str, field: str, value: dt.date | None = None) -> dt.date | None:
    """Draw a date that may be left empty."""
    day: dt.date | None = st.date_input(label, value, min_value=EARLIEST, format="YYYY-MM-DD")
    forms.field_error(name, field)
    return day


def _case_id(session: Any, scope: Scope, typed: str) -> int | None:
    """Return the id of the case with a reference within the user's reach."""
    wanted = typed.strip().casefold()
    if not wanted:
        return None
    found = search(session, scope, on=today(), wanted=Wanted(typed.strip(), closed_too=True))
    return next((row.case_id for row in found.rows if row.reference.casefold() == wanted), None)


_VALUES = {
    "planned_end_on": "Planerat slut",
    "provider": "Utförare",
    "contract": "Avtal",
    "day_rate": "Dygnskostnad, kr",
    "ended_on": "Sista dag",
}
_FORMS: dict[Change, Callable[[PlacementRow, Actor], None]] = {
    Change.REVIEW: _review,
    Change.DECIDE: _decide,
    Change.RATE: _rate,
    Change.END: _end,
    Change.REOPEN: _reopen,
}
