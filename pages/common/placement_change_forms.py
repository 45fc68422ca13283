"""The forms that change a placement: extend, shorten, day rate, provider or contract, end, reopen.

Each one is a dated decision with who made it and why; the choice of form says why.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import streamlit as st

from core.auth import Actor
from core.queries.placement_terms import Word
from core.queries.placements import PlacementRow
from core.services import placements
from core.services.base import FieldError, RefusedError
from core.services.placement_inputs import Decided, NewDecision, NewEnd, NewRate, NewReopening
from core.terms import DecisionReason
from pages.common import forms, questions
from pages.common import placement_fields as fields
from pages.common.case_forms import date_field
from pages.common.number_fields import NumberFields
from pages.common.placement_fields import Shown, compared

FOR_NOW = "Tills vidare, utan planerat slut"
UNTIL_WHEN = "Ange den nya sista dagen, eller kryssa för tills vidare."


def extend(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw the form of a later planned end."""
    shown = fields.opened(name, row, actor)
    with st.form(forms.submit_key(name), border=False):
        fields.now_line(shown)
        planned = fields.optional_date("Nytt planerat slut", name, "planned_end_on")
        for_now = st.checkbox(FOR_NOW, key=f"{forms.submit_key(name)}-for_now")
        by = fields.decided(name, actor)
        questions.room(name)
        sent = forms.submit(name, "Förläng placeringen")
    if sent:
        new = (by, None if for_now else planned, DecisionReason.EXTENSION)
        _decide(name, shown, actor, new, missing=planned is None and not for_now)


def shorten(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw the form of an earlier planned end."""
    shown = fields.opened(name, row, actor)
    with st.form(forms.submit_key(name), border=False):
        fields.now_line(shown)
        planned = fields.optional_date("Ny planerad sista dag", name, "planned_end_on")
        by = fields.decided(name, actor)
        questions.room(name)
        sent = forms.submit(name, "Korta placeringen")
    if sent:
        _decide(name, shown, actor, (by, planned, DecisionReason.SHORTENING))


def rate(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw the form of a new day rate."""
    shown = fields.opened(name, row, actor)
    numbers = NumberFields(name)
    with st.form(forms.submit_key(name), border=False):
        fields.now_line(shown)
        valid_from = date_field("Gäller från och med", name, "valid_from")
        numbers.draw("Dygnskostnad", "amount", hint=fields.RATE_HINT)
        by = fields.decided(name, actor)
        questions.room(name)
        sent = forms.submit(name, "Spara dygnskostnad")
    if sent:

        def read() -> NewRate:
            return NewRate(valid_from, numbers.read()["amount"], by)

        def values() -> list[Any]:
            return compared(shown, day_rate=numbers.read()["amount"])

        fields.save(name, shown, read, _on(placements.set_rate, row), actor, values)


def switch(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw the form of another provider or contract, with the new day rate if there is one."""
    shown = fields.opened(name, row, actor)
    numbers = NumberFields(name)
    with st.form(forms.submit_key(name), border=False):
        fields.now_line(shown)
        left, right = st.columns(2)
        with left:
            provider = fields.provider(name, shown.row.provider or "")
            at = (name, "contract")
            agreed = fields.choice("Avtal", shown.contracts, _title, at, shown.contract)
            planned = fields.optional_date(
                fields.OPEN_ENDED, name, "planned_end_on", shown.row.planned_end_on
            )
        with right:
            numbers.draw("Ny dygnskostnad (tomt: oförändrad)", "amount", hint=fields.RATE_HINT)
            valid_from = date_field("Ny dygnskostnad gäller från och med", name, "valid_from")
            by = fields.decided(name, actor)
        questions.room(name)
        sent = forms.submit(name, "Spara bytet")
    if sent:
        typed = {"provider": provider, "agreed": agreed, "planned_end_on": planned}

        def values() -> list[Any]:
            amount = numbers.read()["amount"]
            changed = {} if amount is None else {"day_rate": amount}
            return compared(shown, **typed, **changed)

        def read() -> NewDecision:
            amount = numbers.read()["amount"]
            chosen = {**typed, **forms.on_top(name, compared(shown, **typed))}
            new = None if amount is None else NewRate(valid_from, amount)
            return _switched(shown, by, chosen, new)

        fields.save(name, shown, read, _on(placements.decide, row), actor, values)


def end(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw the form of a last day that has been."""
    shown = fields.opened(name, row, actor)
    with st.form(forms.submit_key(name), border=False):
        fields.now_line(shown)
        on = date_field("Sista dag (betalas)", name, "on")
        by = fields.decided(name, actor)
        questions.room(name)
        sent = forms.submit(name, "Avsluta placeringen")
    if sent:
        values = partial(compared, shown, ended_on=on)
        read = partial(NewEnd, on, by)
        fields.save(name, shown, read, _on(placements.end, row), actor, values)


def reopen(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw the form that lets an ended placement run on."""
    shown = fields.opened(name, row, actor)
    with st.form(forms.submit_key(name), border=False):
        st.markdown(
            f"Placeringen avslutades {shown.row.ended_on}. Öppnas den igen löper den vidare, och "
            "dagarna sedan dess räknas som betalda."
        )
        forms.field_error(name, "on")
        planned = fields.optional_date(fields.OPEN_ENDED, name, "planned_end_on")
        by = fields.decided(name, actor)
        questions.room(name)
        sent = forms.submit(name, "Öppna igen")
    if sent:
        values = partial(compared, shown, ended_on=None)
        read = partial(NewReopening, by, planned)
        fields.save(name, shown, read, _on(placements.reopen, row), actor, values)


def _decide(
    name: str,
    shown: Shown,
    actor: Actor,
    new: tuple[Decided, dt.date | None, DecisionReason],
    *,
    missing: bool = False,
) -> None:
    """Save another planned end, with provider and contract as they are."""
    by, planned, reason = new

    def values() -> list[Any]:
        return compared(shown, planned_end_on=planned)

    def read() -> NewDecision:
        if missing:
            raise RefusedError(FieldError("planned_end_on", UNTIL_WHEN))
        # What the form doesn't show stays as somebody else may have saved it meanwhile.
        pending = forms.pending(name)
        newest = pending.newest.values if pending else None
        provider = newest["provider"] if newest else shown.row.provider
        agreed: Word | None = newest["agreed"] if newest else shown.contract
        return NewDecision(
            decided_on=by.decided_on,
            decided_by=by.decided_by,
            provider=provider or "",
            contract=agreed.code if agreed else None,  # type: ignore[arg-type]
            contract_name=agreed.name if agreed else "",
            planned_end_on=planned,
            reason=reason,
        )

    fields.save(name, shown, read, _on(placements.decide, shown.row), actor, values)


def _switched(
    shown: Shown, by: Decided, chosen: dict[str, Any], new: NewRate | None
) -> NewDecision:
    """Return the decision that another provider or contract is; refuse one that is neither."""
    agreed: Word | None = chosen["agreed"]
    provider = chosen["provider"].strip()
    elsewhere, otherwise = provider != (shown.row.provider or ""), agreed != shown.contract
    if not elsewhere and not otherwise:
        said = (
            "Utföraren och avtalet är som förut. Ändra något av dem, eller välj en annan ändring."
        )
        raise RefusedError(FieldError("provider", said))
    return NewDecision(
        decided_on=by.decided_on,
        decided_by=by.decided_by,
        provider=provider,
        contract=agreed.code if agreed else None,  # type: ignore[arg-type]
        contract_name=agreed.name if agreed else "",
        planned_end_on=chosen["planned_end_on"],
        reason=DecisionReason.NEW_PROVIDER if elsewhere else DecisionReason.NEW_CONTRACT,
        rate=new,
    )


def _on(service: Any, row: PlacementRow) -> Any:
    """Return a service that writes to a placement, to be called with session and input."""

    def write(session: Any, new: Any, **who: Any) -> int:
        done: int = service(session, row.id, new, **who)
        return done

    return write


def _title(word: Word) -> str:
    return word.title
