"""The forms of Åtgärdsplan: add, follow up and change a measure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.budget import BudgetTable
from core.queries.savings import ActionPlan, MeasureRow
from core.rules.dates import add_months
from core.rules.savings import MeasureFacts, measure_months
from core.services import savings
from core.services.savings import NewFollowUp, NewMeasure
from core.terms import ActivityStatus, sv_title
from pages.common import forms, text
from pages.common.conflicts import Compared
from pages.common.number_fields import NumberFields

EFFECT = "Sparar per månad, kronor"


def add(budget: BudgetTable, actor: Actor) -> None:
    """Draw the form that adds a measure."""
    name = "savings-new"
    key, numbers = forms.submit_key(name), NumberFields(name)
    labels = {row.id: f"{row.section}: {row.line}" for row in budget.lines}
    with st.form(key, border=False):
        line_id = st.selectbox(
            "Budgetpost",
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder="Vilken post sparar åtgärden på?",
            key=f"{key}-line",
        )
        forms.field_error(name, "line_id")
        fields = _Fields(name, numbers, None)
        sent = st.form_submit_button("Lägg till åtgärden", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = fields.read()
            return savings.add_measure(session, line_id, new, by=actor, key=key)

        forms.run(name, save, f"{fields.name} är tillagd i åtgärdsplanen.")


def follow_up(plan: ActionPlan, actor: Actor) -> None:
    """Draw the choice of a measure and the form that follows it up."""
    measure = _choose(plan, "savings-follow")
    if measure is None:
        return
    name = f"follow-{measure.id}"
    key, numbers = forms.submit_key(name), NumberFields(name)
    facts = MeasureFacts(measure.starts_on, measure.monthly_effect, measure.ends_on)
    begun = [month for month in measure_months(facts, today().year) if month <= today()]
    done = {one.month for one in measure.followed_up}
    missing = [month for month in begun if month not in done]
    if not begun:
        st.info(
            f"Ingen månad att följa upp: åtgärden gäller från {text.date_sv(measure.starts_on)}.",
            icon=":material/schedule:",
        )
        return
    begun, first = forms.opened(name, (begun, missing[0] if missing else begun[-1]))
    with st.form(key, border=False):
        month = st.selectbox(
            "Månad",
            begun,
            index=begun.index(first),
            format_func=text.month_sv,
            key=f"{key}-month",
        )
        forms.field_error(name, "month")
        expected = text.kronor(measure.monthly_effect)
        numbers.draw(f"Sparade, kronor (förväntat {expected})", "effect")
        comment = st.text_input("Kommentar", max_chars=300, key=f"{key}-comment")
        forms.field_error(name, "comment")
        sent = st.form_submit_button("Spara uppföljningen", type="primary")
    if sent and month is not None:

        def save(session: Any) -> int:
            new = NewFollowUp(month, numbers.read()["effect"], comment or "")
            return savings.follow_up(session, measure.id, new, by=actor, key=key)

        forms.run(name, save, f"{measure.name}: {text.month_sv(month)} är uppföljd.")


def change(plan: ActionPlan, actor: Actor) -> None:
    """Draw the choice of a measure, the form that changes it, and its removal."""
    measure = _choose(plan, "savings-change")
    if measure is None:
        return
    name = f"savings-{measure.id}"
    key, shown = forms.submit_key(name), forms.opened(name, measure)
    numbers = NumberFields(name)
    with st.form(key, border=False):
        fields = _Fields(name, numbers, shown)
        sent = forms.submit(name, "Spara åtgärden")
    if sent:

        def save(session: Any) -> int:
            fresh = forms.on_top(name, fields.compared())
            new = NewMeasure(**{**fields.values(), **fresh})
            version = forms.version(name, shown.version)
            return savings.change_measure(
                session, measure.id, new, version=version, by=actor, key=key
            )

        forms.run(name, save, f"{fields.name} är ändrad.", values=fields.compared)
    _removal(measure, actor)


class _Fields:
    """The fields of a measure in a form, and what is typed in them."""

    def __init__(self, form: str, numbers: NumberFields, shown: MeasureRow | None) -> None:
        key, self.shown, self.numbers = forms.submit_key(form), shown, numbers
        self.name = st.text_input(
            "Åtgärd", shown.name if shown else "", max_chars=200, key=f"{key}-name"
        )
        forms.field_error(form, "name")
        left, right = st.columns(2)
        with left:
            self.owner = st.text_input(
                "Ansvarig", shown.owner if shown else "", max_chars=120, key=f"{key}-owner"
            )
            forms.field_error(form, "owner")
            self.starts_on = _day("Från", form, "starts_on", shown.starts_on if shown else today())
            effect = text.plain_number(shown.monthly_effect, 2) if shown else ""
            numbers.draw(EFFECT, "monthly_effect", hint="Ett tal över 0.", value=effect)
        with right:
            statuses = list(ActivityStatus)
            self.status = st.selectbox(
                "Läge",
                statuses,
                index=statuses.index(shown.status) if shown else 0,
                format_func=sv_title,
                key=f"{key}-status",
            )
            self.ends_on = _day(
                "Till (tomt: tills vidare)", form, "ends_on", shown.ends_on if shown else None
            )

    def values(self) -> dict[str, Any]:
        """Return what is typed, by the service's names. Raises `RefusedError` at the number."""
        return {
            "name": self.name,
            "owner": self.owner,
            "starts_on": self.starts_on or today(),
            "ends_on": self.ends_on,
            "monthly_effect": self.numbers.read()["monthly_effect"],
            "status": self.status,
        }

    def read(self) -> NewMeasure:
        """Return the measure that is typed."""
        return NewMeasure(**self.values())

    def compared(self) -> list[Compared]:
        """Return what is typed beside what was shown, for when somebody else has saved."""
        labels = {
            "name": "Åtgärd",
            "owner": "Ansvarig",
            "starts_on": "Från",
            "ends_on": "Till",
            "monthly_effect": EFFECT,
            "status": "Läge",
        }
        typed = self.values()
        return [
            Compared(field, label, getattr(self.shown, field), typed[field])
            for field, label in labels.items()
        ]


def _choose(plan: ActionPlan, key: str) -> MeasureRow | None:
    labels = {one.id: f"{one.name} ({one.line})" for one in plan.measures}
    chosen = st.selectbox(
        "Åtgärd",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Välj åtgärd",
        key=key,
    )
    return next((one for one in plan.measures if one.id == chosen), None)


def _removal(measure: MeasureRow, actor: Actor) -> None:
    name = f"savings-void-{measure.id}"
    key = forms.submit_key(name)
    with st.popover("Makulera åtgärden", icon=":material/delete:"):
        st.markdown("Åtgärden och dess uppföljningar räknas inte längre. De finns kvar i loggen.")
        if st.button("Makulera", key=f"{name}-button", type="primary"):
            forms.run(
                name,
                lambda session: savings.void_measure(
                    session, measure.id, version=measure.version, by=actor, key=key
                ),
                f"{measure.name} är makulerad.",
            )


def _day(label: str, form: str, field: str, value: dt.date | None) -> dt.date | None:
    key = f"{forms.submit_key(form)}-{field}"
    earliest, latest = add_months(today(), -120), add_months(today(), 120)
    day = st.date_input(
        label, value, min_value=earliest, max_value=latest, format="YYYY-MM-DD", key=key
    )
    forms.field_error(form, field)
    return day
