"""The form of a case's benefit months: the last twelve, each one tapped on or off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.clock import today
from core.queries.benefit_months import months_of_case
from core.queries.case_register import CaseInFull
from core.rules.dates import months_between
from core.rules.households import (
    LONG_TERM_MONTHS,
    LONG_TERM_WINDOW,
    count_long_term,
    long_term_window,
)
from core.services.benefit_months import NewMonths, set_months
from pages.common import forms, text

After = Callable[[Any], None] | None


def draw(case: CaseInFull, actor: Actor, after: After = None) -> None:
    """Draw the last twelve months of a case, those with benefit chosen."""
    name = f"benefit-months-{case.case_id}"
    window = long_term_window(today())
    shown = months_between(window.start, window.end)
    scope = row_scope(actor, Permission.EDIT_BENEFIT_MONTHS)
    with db.read() as session:
        held = months_of_case(session, scope, case_id=case.case_id)
    known = {row.month for row in held}
    was = forms.opened(name, frozenset(known.intersection(shown)))
    st.markdown(_words(known, shown))
    key = forms.submit_key(name)
    with st.form(key, border=False):
        chosen = st.pills(
            "Månader med ekonomiskt bistånd",
            shown,
            selection_mode="multi",
            default=sorted(was),
            format_func=_month,
            key=f"{key}-months",
            wrap=True,
        )
        forms.field_error(name, "months")
        st.caption("Tryck på en månad för att lägga till den eller ta bort den.")
        sent = st.form_submit_button("Spara månaderna", type="primary", width="stretch")
    if sent:
        new = NewMonths(frozenset(chosen) - was, was - frozenset(chosen))

        def save(session: Any) -> int:
            return set_months(session, case.case_id, new, by=actor, key=key)

        forms.run(name, save, f"{case.reference}: biståndsmånaderna är sparade.", after=after)


def _words(known: set[dt.date], shown: list[dt.date]) -> str:
    """Return how many of the last twelve months have benefit, and whether that is långvarigt."""
    number = len(known.intersection(shown))
    words = f"Bistånd i **{number} av de senaste {LONG_TERM_WINDOW} månaderna**."
    if count_long_term(known, today()).long_term:
        return f"{words} Det räknas som långvarigt."
    return f"{words} Långvarigt är minst {LONG_TERM_MONTHS}, med bistånd också denna månad."


def _month(month: dt.date) -> str:
    return f"{text.SHORT_MONTHS[month.month - 1]} {month.year}"
