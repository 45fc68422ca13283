"""Putting a reminder off, with a reason and an end, and letting it come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.reminders import Snoozed
from core.rules.reminders import AHEAD, LONGEST_SNOOZE, latest_snooze_end
from core.services import reminders
from core.services.reminders import NewSnooze
from core.terms import ReminderKind
from pages.common import forms

REASONS = ("Väntar på underlag", "Väntar på annan myndighet", "Möte är bokat", "Flyttar snart")
"""Reasons that are common; any other is written."""

After = Callable[[Any], None] | None


def put_off(
    about: tuple[int, str],
    kind: ReminderKind,
    actor: Actor,
    after: After,
    *,
    point: int | None = None,
) -> None:
    """Draw how a case's reminder is put off.

    Args:
        about: The case's id and reference.
        kind: What the reminder is about.
        actor: Who puts it off.
        after: Called with the snooze's id when it is saved.
        point: The measure point, for a reminder about one.
    """
    case_id, reference = about
    name = f"snooze-{kind}-{case_id}-{point}"
    key = forms.submit_key(name)
    st.caption(
        f"Påminnelsen försvinner från din lista, högst {LONGEST_SNOOZE.days} dagar. Siffrorna ändras "
        "inte, och din chef ser skälet."
    )
    chosen = st.pills("Varför?", REASONS, key=f"{key}-common", wrap=True)
    with st.form(key, border=False):
        written = st.text_input(
            "Skäl, utan namn", value=chosen or "", max_chars=300, key=f"{key}-reason-{chosen}"
        )
        forms.field_error(name, "reason")
        ends_on = st.date_input(
            "Till och med",
            today() + AHEAD,
            min_value=today(),
            max_value=latest_snooze_end(today()),
            format="YYYY-MM-DD",
            key=f"{key}-ends_on",
        )
        forms.field_error(name, "ends_on")
        sent = st.form_submit_button("Skjut upp", type="primary", width="stretch")
    if sent:

        def save(session: Any) -> int:
            new = NewSnooze(kind, written or "", ends_on, point)
            return reminders.snooze(session, case_id, new, by=actor, key=key)

        said = f"{reference}: påminnelsen är uppskjuten till och med {_day(ends_on)}."
        forms.run(name, save, said, after=after)


def come_back(row: Snoozed, actor: Actor, after: After) -> None:
    """Draw the button that lets a reminder come back before its day."""
    name = f"come-back-{row.snooze_id}"
    key = forms.submit_key(name)
    if st.button("Visa igen", key=f"{key}-send", icon=":material/notifications_active:"):

        def save(session: Any) -> int:
            return reminders.take_back(session, row.snooze_id, by=actor, key=key)

        forms.run(name, save, f"{row.reference}: påminnelsen är tillbaka.", after=after)


def _day(day: dt.date | None) -> str:
    return "" if day is None else str(day)
