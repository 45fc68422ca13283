"""The forms of an indicator's own view: a value, its targets, and a value that was wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, unit_scope
from core.clock import today
from core.queries.indicator_rows import IndicatorRow
from core.queries.indicator_series import IndicatorView, SeriesPoint
from core.queries.measured import fed_on
from core.rules.dates import Period, add_months, period_of
from core.services.indicator_values import NewValue, record_value, void_value
from core.services.indicators import NewTarget, set_target
from core.terms import Gender, Periodicity, sv_title
from pages.common import forms, text
from pages.common.number_fields import NumberFields

EVERYBODY = "Alla"
MONTHS = {Periodicity.MONTH: 1, Periodicity.TERTIAL: 4, Periodicity.YEAR: 12}
CHOICES = 8


def draw(view: IndicatorView, actor: Actor) -> None:
    """Draw the forms that an indicator has: a computed one takes no values."""
    row = view.status.indicator
    with db.read() as session:
        fed = row.indicator_id in fed_on(session, unit_scope(actor), on=today())
    if fed:
        st.caption("Värdena kommer från en mätpunkt och skrivs inte in här.")
    elif row.computed is None:
        with st.expander("Skriv in ett värde", icon=":material/edit:", expanded=True):
            _value_form(row, actor)
    with st.expander("Sätt årsmål", icon=":material/flag:"):
        _target_form(row, actor)
    typed = [point for point in view.points if point.value_id is not None]
    if typed:
        with st.expander("Ta bort ett felaktigt värde", icon=":material/undo:"):
            _void_form(row, typed, actor)


def periods(periodicity: Periodicity, on: dt.date) -> list[Period]:
    """Return the periods that a value can be entered for, the running one first."""
    step = MONTHS[periodicity]
    return [
        period_of(add_months(on.replace(day=1), -step * back), periodicity)
        for back in range(CHOICES)
    ]


def _value_form(row: IndicatorRow, actor: Actor) -> None:
    name = f"indicator-value-{row.indicator_id}"
    numbers = NumberFields(name)
    with st.form(forms.submit_key(name), border=False):
        left, right = st.columns(2)
        with left:
            period = st.selectbox(
                "Period",
                periods(row.periodicity, today()),
                index=1,
                format_func=lambda found: found.label,
                key=f"{forms.submit_key(name)}-period",
            )
            forms.field_error(name, "period")
            gender = st.selectbox(
                "Kön",
                [None, *Gender],
                format_func=lambda found: EVERYBODY if found is None else sv_title(found),
                key=f"{forms.submit_key(name)}-gender",
            )
            measured_on = st.date_input(
                "Mätt den (tomt = periodens sista dag)",
                None,
                format="YYYY-MM-DD",
                key=f"{forms.submit_key(name)}-measured_on",
            )
            forms.field_error(name, "measured_on")
        with right:
            numbers.draw(f"Värde ({row.unit})", "value", digits=4)
            numbers.draw("Täljare", "numerator", digits=4, hint="Lämnas tomt om den inte är känd.")
            numbers.draw("Nämnare", "denominator", digits=4)
        sent = st.form_submit_button("Spara värdet", type="primary")
    if sent:
        key = forms.submit_key(name)

        def save(session: Any) -> int:
            typed = numbers.read()
            new = NewValue(
                indicator_id=row.indicator_id,
                period=period,
                value=typed["value"],
                numerator=typed["numerator"],
                denominator=typed["denominator"],
                gender=gender,
                measured_on=measured_on,
            )
            return record_value(session, new, by=actor, key=key)

        forms.run(name, save, f"Värdet för {period.label} är sparat.")


def _target_form(row: IndicatorRow, actor: Actor) -> None:
    name = f"indicator-target-{row.indicator_id}"
    hint = "Ett tal, eller en text som ”fastställs 2024”."
    with st.form(forms.submit_key(name), border=False):
        left, right = st.columns(2)
        with left:
            year = st.number_input(
                "År", 2000, today().year + 1, row.year, step=1, key=f"{forms.submit_key(name)}-year"
            )
            forms.field_error(name, "year")
            decided_on = st.date_input(
                "Beslutat den",
                today(),
                format="YYYY-MM-DD",
                key=f"{forms.submit_key(name)}-decided_on",
            )
            forms.field_error(name, "decided_on")
        with right:
            target = st.text_input("Årsmål", help=hint, key=f"{forms.submit_key(name)}-target")
            forms.field_error(name, "target")
            city_target = st.text_input(
                "KF:s årsmål", help=hint, key=f"{forms.submit_key(name)}-city_target"
            )
            forms.field_error(name, "city_target")
        sent = st.form_submit_button("Spara årsmålet", type="primary")
    if sent:
        key = forms.submit_key(name)

        def save(session: Any) -> int:
            new = NewTarget(
                indicator_id=row.indicator_id,
                year=int(year),
                decided_on=decided_on,
                target=_number_or_text(target),
                city_target=_number_or_text(city_target),
            )
            return set_target(session, new, by=actor, key=key)

        forms.run(name, save, f"Årsmålet för {year} är sparat.")


def _void_form(row: IndicatorRow, points: Sequence[SeriesPoint], actor: Actor) -> None:
    name = f"indicator-void-{row.indicator_id}"
    with st.form(forms.submit_key(name), border=False):
        point = st.selectbox(
            "Värde",
            list(reversed(points)),
            format_func=lambda found: f"{found.label}: {text.plain_number(found.value)}",
            key=f"{forms.submit_key(name)}-point",
        )
        st.caption("Värdet räknas inte längre, men finns kvar i historiken.")
        sent = st.form_submit_button("Ta bort värdet")
    if sent and point.value_id is not None:
        value_id, key = point.value_id, forms.submit_key(name)
        forms.run(
            name,
            lambda session: void_value(session, value_id, by=actor, key=key),
            f"Värdet för {point.label} räknas inte längre.",
        )


def _number_or_text(typed: str) -> Decimal | str | None:
    """Return a number where one is typed, or else the text, None for nothing."""
    cleaned = typed.strip()
    if not cleaned:
        return None
    try:
        return text.parse_number(cleaned.removesuffix("%"), digits=4)
    except ValueError:
        return cleaned
