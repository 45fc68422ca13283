"""The forms of what happens in a case: plans, exemptions, adverse decisions, referring, closing.

Each draws one form with today's date filled in, saves it by one service, and then calls `after`,
if there is one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, row_scope
from core.clock import today
from core.queries.case_entries import EntryKind, entries
from core.queries.case_register import CaseInFull
from core.services import cases, change_plans, child_impact
from core.services.change_plans import NewExemption
from core.terms import ClosingReason, ExemptionReason, sv_title
from pages.common import benefit_month_forms, decision_forms, forms, text
from pages.common.conflicts import NOT_IN_FORM, Compared

EARLIEST = dt.date(1990, 1, 1)
UNKNOWN_REASON = "Okänt (inget skäl angivet)"

After = Callable[[Any], None] | None


class Action(StrEnum):
    """What can be reported on a case, in the order that the choices stand."""

    ESTABLISH = "Upprätta plan"
    REVISE = "Revidera plan"
    EXEMPT = "Undanta"
    END_PLAN = "Avsluta plan"
    DECIDE = "Negativt beslut"
    REFER = "Remittera"
    BENEFIT_MONTHS = "Biståndsmånader"
    CLOSE = "Avsluta ärende"
    CORRECT = "Rätta fel"


def is_open(action: Action, case: CaseInFull) -> bool:
    """Tell whether the form of referring or closing a case was drawn and neither saved nor left."""
    return forms.is_open(f"{action.name.lower()}-{case.case_id}")


def draw(action: Action, case: CaseInFull, actor: Actor, after: After = None) -> None:
    """Draw the form of an action on a case."""
    _FORMS[action](case, actor, after)


def brief(action: Action, case: CaseInFull, actor: Actor, after: After = None) -> None:
    """Draw the form of an action, which F8 saves where it only asks for a plan's day."""
    if action in _PLANS:
        _PLANS[action](case, actor, after, shortcut=decision_forms.SAVE_KEY)
    else:
        draw(action, case, actor, after)


def date_field(label: str, name: str, field: str, value: dt.date | None = None) -> dt.date:
    """Draw a date, today's unless told otherwise, with room for what is wrong with it."""
    day = st.date_input(
        label,
        value or today(),
        min_value=EARLIEST,
        format="YYYY-MM-DD",
        key=f"{forms.submit_key(name)}-{field}",
    )
    forms.field_error(name, field)
    return day


def _plan(write: Callable[..., int], words: tuple[str, str, str]) -> Callable[..., None]:
    """Return a form that registers a day in a plan's life by one of the plan services."""
    label, button, done = words

    def form(case: CaseInFull, actor: Actor, after: After, *, shortcut: str | None = None) -> None:
        name = f"{write.__name__}-{case.case_id}"
        with st.form(forms.submit_key(name), border=False):
            day = date_field(label, name, "on")
            sent = st.form_submit_button(button, type="primary", width="stretch", shortcut=shortcut)
        if sent:
            key = forms.submit_key(name)

            def save(session: Any) -> int:
                return write(session, case.case_id, day, by=actor, key=key)

            forms.run(name, save, f"{case.reference}: {done}.", after=after)

    return form


def _exempt(case: CaseInFull, actor: Actor, after: After) -> None:
    name = f"exempt-{case.case_id}"
    key = forms.submit_key(name)
    reason = st.pills(
        "Varför behövs ingen plan?",
        list(ExemptionReason),
        format_func=sv_title,
        key=f"{key}-reason",
        wrap=True,
    )
    forms.field_error(name, "reason")
    with st.form(key, border=False):
        first = date_field("Från och med", name, "valid_from")
        last, why = None, ""
        if reason is ExemptionReason.OTHER:
            last = st.date_input(
                "Till och med", None, min_value=EARLIEST, format="YYYY-MM-DD", key=f"{key}-valid_to"
            )
            forms.field_error(name, "valid_to")
            why = st.text_input("Vad beror det på?", max_chars=300, key=f"{key}-explanation")
            forms.field_error(name, "explanation")
        elif reason is not None:
            st.caption("Undantaget gäller en månad. Därefter kan det förnyas.")
        sent = st.form_submit_button("Undanta", type="primary", width="stretch")
    if sent:
        new = NewExemption(reason, first, last, why)

        def save(session: Any) -> int:
            return change_plans.exempt(session, case.case_id, new, by=actor, key=key)

        forms.run(name, save, f"{case.reference}: undantaget är registrerat.", after=after)


def _refer(case: CaseInFull, actor: Actor, after: After) -> None:
    name = f"refer-{case.case_id}"
    key, shown = forms.submit_key(name), forms.opened(name, case)
    with st.form(key, border=False):
        day = date_field("Remitterat", name, "on")
        sent = forms.submit(name, "Remittera", width="stretch")
    if sent:

        def save(session: Any) -> int:
            version = forms.version(name, shown.version)
            return cases.refer(session, case.case_id, day, version=version, by=actor, key=key)

        values = partial(_compared, shown, referred_on=day)
        forms.run(name, save, f"{case.reference} är remitterat.", after=after, values=values)


def _close(case: CaseInFull, actor: Actor, after: After) -> None:
    name = f"close-{case.case_id}"
    key, shown = forms.submit_key(name), forms.opened(name, case)
    reasons = [reason for reason in ClosingReason if reason is not ClosingReason.UNKNOWN]
    with st.form(key, border=False):
        day = date_field("Avslutat", name, "on")
        reason = st.selectbox(
            "Skäl",
            reasons,
            index=None,
            format_func=sv_title,
            placeholder=UNKNOWN_REASON,
            key=f"{key}-reason",
        )
        sent = forms.submit(name, "Avsluta ärendet", width="stretch")
    if sent:
        closing = cases.Closing(day, reason)

        def save(session: Any) -> int:
            version = forms.version(name, shown.version)
            return cases.close(session, case.case_id, closing, version=version, by=actor, key=key)

        values = partial(_compared, shown, closed_on=day, closing_reason=reason)
        forms.run(name, save, f"{case.reference} är avslutat.", after=after, values=values)


def _compared(shown: CaseInFull, **typed: Any) -> list[Compared]:
    """Return what somebody else may have changed of a case, beside what a form changes of it."""
    return [
        Compared(field, label, getattr(shown, field), typed.get(field, NOT_IN_FORM))
        for field, label in _CASE_VALUES.items()
    ]


def _correct(case: CaseInFull, actor: Actor, after: After) -> None:
    """Draw what was last reported on a case, to be voided one at a time; it is kept as voided."""
    with db.read() as session:
        found = entries(session, row_scope(actor), case_id=case.case_id)
    if not found:
        st.info("Inget är rapporterat på ärendet.", icon=":material/info:")
        return
    name = f"correct-{case.case_id}"
    key = forms.submit_key(name)
    words = {entry: f"{_ENTRIES[entry.kind][0]} {text.date_sv(entry.day)}" for entry in found}
    with st.form(key, border=False):
        entry = st.radio("Vad blev fel?", found, format_func=words.__getitem__, key=f"{key}-entry")
        st.caption("Uppgiften räknas inte längre men finns kvar i loggen. Rapportera sedan rätt.")
        sent = st.form_submit_button("Ta bort", type="primary", width="stretch")
    if sent:

        def save(session: Any) -> int:
            return _ENTRIES[entry.kind][1](session, entry.row_id, by=actor, key=key)

        forms.run(name, save, f"{case.reference}: {words[entry]} är borttagen.", after=after)


_CASE_VALUES = {
    "referred_on": "Remitterat",
    "closed_on": "Avslutat",
    "closing_reason": "Skäl",
    "caseworker": "Handläggare",
    "group": "Grupp",
}
_ENTRIES: dict[EntryKind, tuple[str, Callable[..., int]]] = {
    EntryKind.PLAN: ("Plan upprättad", change_plans.void_plan),
    EntryKind.REVISION: ("Plan reviderad", change_plans.void_revision),
    EntryKind.EXEMPTION: ("Undantag från", change_plans.void_exemption),
    EntryKind.DECISION: ("Negativt beslut", child_impact.void_decision),
    EntryKind.ANALYSIS: ("Konsekvensanalys", child_impact.void_analysis),
}
_PLANS: dict[Action, Callable[..., None]] = {
    Action.ESTABLISH: _plan(
        change_plans.establish, ("Upprättad", "Upprätta plan", "förändringsplanen är upprättad")
    ),
    Action.REVISE: _plan(
        change_plans.revise, ("Reviderad", "Revidera plan", "förändringsplanen är reviderad")
    ),
}
_FORMS: dict[Action, Callable[[CaseInFull, Actor, After], None]] = {
    **_PLANS,
    Action.END_PLAN: _plan(
        change_plans.end, ("Gäller inte från", "Avsluta plan", "förändringsplanen är avslutad")
    ),
    Action.EXEMPT: _exempt,
    Action.DECIDE: decision_forms.decide,
    Action.REFER: _refer,
    Action.BENEFIT_MONTHS: benefit_month_forms.draw,
    Action.CLOSE: _close,
    Action.CORRECT: _correct,
}
