"""The forms of Hushåll: a month derived from own cases, or typed in from a source."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.rules.dates import add_months, month_end, month_start
from core.services.households import NewMonth, derive_month, record_month
from pages.common import forms, text
from pages.common.number_fields import NumberFields

MONTHS = 24
DERIVE = "Räkna fram en månad ur egna ärenden"
RECORD = "Skriv in en månad från en källa"
COUNTS = {
    "households": "Hushåll",
    "women": "Kvinna söker",
    "men": "Man söker",
    "other": "Annat/okänt",
    "adults": "Vuxna",
    "children": "Barn",
    "recipients": "Mottagare",
}


def draw(actor: Actor) -> None:
    """Draw both forms."""
    for title, icon, form in (
        (DERIVE, "calculate", _derive),
        (RECORD, "edit", _record),
    ):
        box = st.expander(title, icon=f":material/{icon}:", key=title, on_change="rerun")
        if box.open:  # a closed form costs nothing
            with box:
                form(actor)


def months(on: dt.date) -> list[dt.date]:
    """Return the first days of the latest months, the day's own first."""
    return [add_months(month_start(on), -back) for back in range(MONTHS)]


def _derive(actor: Actor) -> None:
    name = "derive-month"
    over = [month for month in months(today()) if month_end(month) <= today()]
    with st.form(forms.submit_key(name), border=False):
        month = st.selectbox(
            "Månad", over, format_func=text.month_sv, key=f"{forms.submit_key(name)}-month"
        )
        forms.field_error(name, "month")
        st.caption("Läget vid månadens slut. Det utbetalda biståndet ändras inte.")
        sent = st.form_submit_button("Räkna fram", type="primary")
    if sent:
        key = forms.submit_key(name)
        forms.run(
            name,
            lambda session: derive_month(session, month, actor, key=key),
            f"{text.month_sv(month).capitalize()} är framräknad.",
        )


def _record(actor: Actor) -> None:
    name = "household-month"
    counts, amount = NumberFields(name), NumberFields(name)
    with st.form(forms.submit_key(name), border=False):
        month = st.selectbox(
            "Månad",
            months(today()),
            index=1,
            format_func=text.month_sv,
            key=f"{forms.submit_key(name)}-month",
        )
        forms.field_error(name, "month")
        left, right = st.columns(2)
        for place, (field, label) in enumerate(COUNTS.items()):
            with (left, right)[place % 2]:
                counts.draw(label, field, digits=0)
        with right:
            amount.draw("Utbetalt bistånd, kr", "paid_benefit")
        with left:
            source_name = st.text_input(
                "Källa",
                placeholder="Till exempel månadsrapporten",
                key=f"{forms.submit_key(name)}-source_name",
            )
            forms.field_error(name, "source_name")
        with right:
            sourced_on = st.date_input(
                "Källans datum",
                today(),
                format="YYYY-MM-DD",
                key=f"{forms.submit_key(name)}-sourced_on",
            )
            forms.field_error(name, "sourced_on")
        st.caption("Lämna tomt det som källan inte uppger. Av två källor gäller den senare.")
        sent = st.form_submit_button("Spara månaden", type="primary")
    if sent:
        key = forms.submit_key(name)

        def save(session: Any) -> int:
            number = counts.whole()
            new = NewMonth(
                month=month,
                households=number["households"],
                recipients=number["recipients"],
                adults=number["adults"],
                children=number["children"],
                women=number["women"],
                men=number["men"],
                other=number["other"],
                paid_benefit=amount.read()["paid_benefit"],
                source_name=source_name or "",
                sourced_on=sourced_on,
            )
            return record_month(session, new, by=actor, key=key)

        forms.run(name, save, f"{text.month_sv(month).capitalize()} är sparad.")
