"""Fields that the forms of placements share, and what such a form shows and compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.clock import today
from core.queries.placement_terms import Offered, Word, agreed, offered
from core.queries.placements import PlacementRow
from core.services.placement_inputs import Decided
from core.terms import sv
from pages.common import forms, questions, text
from pages.common.case_forms import EARLIEST, date_field
from pages.common.conflicts import NOT_IN_FORM, Compared, word

RATE_HINT = "Kronor per dygn, till exempel 1 850 eller 1 850,50."
OPEN_ENDED = "Planerat slut (tomt: tills vidare)"


@dataclass(frozen=True, slots=True)
class Shown:
    """A placement as a form opened it, with what the form offers."""

    row: PlacementRow
    offers: Offered
    contract: Word | None

    @property
    def contracts(self) -> tuple[Word, ...]:
        """Return the contracts to choose among: one that is closed only where it is held."""
        words = self.offers.contracts
        return words if self.contract is None or self.contract in words else (*words, self.contract)


def opened(name: str, row: PlacementRow, actor: Actor) -> Shown:
    """Return a placement and its choices as they were when the form was opened."""
    scope = row_scope(actor, Permission.MANAGE_PLACEMENTS)
    with db.read() as session:
        offers = offered(session, scope)
        names = agreed(session, row.id, on=today())
    held = None if row.contract is None else Word(row.contract, names.contract_name)
    return forms.opened(name, Shown(row, offers, held))


def now_line(shown: Shown) -> None:
    """Say what holds today, so that one sees what is changed."""
    row = shown.row
    until = f"planerat slut {row.planned_end_on}" if row.planned_end_on else "tills vidare"
    contract = (shown.contract.name or sv(shown.contract.code)) if shown.contract else "utan avtal"
    rate = f"{text.number(row.day_rate, 0 if row.day_rate == int(row.day_rate) else 2)} kr per dygn"
    parts = (text.safe(row.provider or "utan utförare"), text.safe(contract), until, rate)
    st.markdown(f":small[Nu gäller: {', '.join(parts)}.]")


def decided(name: str, actor: Actor) -> Decided:
    """Draw when something was decided and by whom."""
    day = date_field("Beslutat", name, "decided_on")
    who = st.text_input(
        "Beslutat av", actor.name, max_chars=80, key=f"{forms.submit_key(name)}-decided_by"
    )
    forms.field_error(name, "decided_by")
    return Decided(day, who or "")


def optional_date(
    label: str, name: str, field: str, value: dt.date | None = None
) -> dt.date | None:
    """Draw a date that may be left empty."""
    day: dt.date | None = st.date_input(
        label,
        value,
        min_value=EARLIEST,
        format="YYYY-MM-DD",
        key=f"{forms.submit_key(name)}-{field}",
    )
    forms.field_error(name, field)
    return day


def provider(name: str, value: str = "") -> str:
    """Draw the provider."""
    typed = st.text_input(
        "Utförare", value, max_chars=120, key=f"{forms.submit_key(name)}-provider"
    )
    forms.field_error(name, "provider")
    return typed or ""


def choice(
    label: str,
    options: Sequence[Any],
    words: Callable[[Any], str],
    at: tuple[str, str],
    held: Any = None,
) -> Any:
    """Draw a choice among some options; `at` is the form's and the field's name."""
    index = list(options).index(held) if held in options else None
    form, field = at
    chosen = st.selectbox(
        label,
        options,
        index=index,
        format_func=words,
        placeholder="Välj",
        key=f"{forms.submit_key(form)}-{field}",
    )
    forms.field_error(form, field)
    return chosen


def compared(shown: Shown, **typed: Any) -> list[Compared]:
    """Return what somebody else may have changed, beside what a form changes of it."""
    row = shown.row
    opened_as = {
        "planned_end_on": ("Planerat slut", row.planned_end_on),
        "provider": ("Utförare", row.provider),
        "agreed": ("Avtal", shown.contract),
        "day_rate": ("Dygnskostnad, kr", row.day_rate),
        "ended_on": ("Sista dag", row.ended_on),
    }
    return [
        Compared(field, label, value, typed.get(field, NOT_IN_FORM), _word)
        for field, (label, value) in opened_as.items()
    ]


def save(
    name: str,
    shown: Shown,
    read: Callable[[], Any],
    write: Callable[..., int],
    actor: Actor,
    values: Callable[[], Sequence[Compared]],
) -> None:
    """Save over the version of the placement that the form knows of, asking if need be.

    `read` returns the service's input, `write` is the service with the placement's id given.
    """
    key = forms.submit_key(name)

    def run(session: Any) -> int:
        version = forms.version(name, shown.row.version)
        service = partial(write, session, by=actor, key=key, version=version)
        return questions.asking(name, read(), service)

    forms.run(name, run, f"{shown.row.reference} är uppdaterad.", values=values)


def _word(value: Any) -> str:
    return text.safe(value.title) if isinstance(value, Word) else word(value)
