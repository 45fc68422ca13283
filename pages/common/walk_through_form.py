"""The form of a walk-through: what was decided on the placement that is up, saved by one key."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import streamlit as st

from core.auth import Actor
from core.queries.placement_plans import PlanNow
from core.queries.walk_throughs import Agenda, Card, Meeting
from core.rules.walk_through import next_day, suggested_end
from core.services import walk_through_items
from core.services.placement_plans import NewPlan
from core.services.walk_through_checks import NewItem
from core.terms import WalkThroughOutcome, sv, sv_title
from pages.common import forms, questions, text, walk_through_address
from pages.common.case_forms import EARLIEST
from pages.common.conflicts import NOT_IN_FORM, Compared
from pages.common.number_fields import NumberFields

SAVE = "Ctrl+Enter"
OUTCOME = "Alt+{}"
HOUSING: dict[bool | None, str] = {None: "uppgift saknas", True: "finns", False: "saknas"}
NO_PLAN = PlanNow(dt.date.min, "", "", None)


def draw(agenda: Agenda, card: Card, actor: Actor) -> None:
    """Draw the outcome's buttons and the form of what follows, and save it."""
    meeting = agenda.meeting
    name = f"walk-{meeting.id}-{card.row.id}"
    key, shown = forms.submit_key(name), forms.opened(name, card)
    with st.container(key="walk-form", gap="small"):
        outcome = _outcome(name, shown)
        with st.form(key, border=False, enter_to_submit=False):  # Ctrl+Enter would save twice
            fields, numbers = _fields(name, shown, meeting, outcome, actor)
            questions.room(name)
            sent = forms.submit(name, "Spara och gå vidare", width="stretch", shortcut=SAVE)
    if sent:
        _save(name, agenda, shown, (fields, numbers), actor)


def _outcome(name: str, shown: Card) -> WalkThroughOutcome | None:
    """Draw a button for each outcome, and return the one that is chosen."""
    key = f"{forms.submit_key(name)}-outcome"
    chosen = st.session_state.setdefault(key, shown.item and shown.item.outcome)
    said = f"**Beslut: {sv(chosen)}**" if chosen else "**Vad beslutar mötet?**"
    st.markdown(said)
    with st.container(key="walk-outcome"), st.grid(columns=2, gap="small"):
        for number, outcome in enumerate(WalkThroughOutcome, start=1):
            st.button(
                sv_title(outcome),
                key=f"{key}-{outcome}",
                type="primary" if outcome is chosen else "secondary",
                icon=":material/check:" if outcome is chosen else None,
                shortcut=OUTCOME.format(number),
                width="stretch",
                on_click=_choose,
                args=(key, outcome),
            )
    forms.field_error(name, "outcome")
    found: WalkThroughOutcome | None = chosen
    return found


def _choose(key: str, outcome: WalkThroughOutcome) -> None:
    st.session_state[key] = outcome


def _fields(
    name: str, shown: Card, meeting: Meeting, outcome: WalkThroughOutcome | None, actor: Actor
) -> tuple[dict[str, Any], NumberFields]:
    """Draw the fields that the outcome has; return what is typed by name, and the numbers."""
    item, numbers = shown.item, NumberFields(name)
    fields: dict[str, Any] = {"outcome": outcome}
    if outcome is WalkThroughOutcome.END:
        end = suggested_end(meeting.held_on, shown.row.planned_end_on)
        planned = (item and item.planned_end_on) or end
        fields["planned_end_on"] = _date("Sista dag", name, "planned_end_on", planned, "end")
    elif outcome is WalkThroughOutcome.CHANGE:
        fields |= _change(name, shown, meeting, numbers)
    fields["next_step"] = _text("Nästa steg", name, "next_step", item.next_step if item else "")
    left, right = st.columns(2)
    with left:
        who = item.responsible if item else shown.row.caseworker or actor.name
        fields["responsible"] = _text("Ansvarig", name, "responsible", who, longest=120)
    with right:
        day = item.next_on if item else next_day(meeting.held_on)
        fields["next_on"] = _date("Nästa uppföljning", name, "next_on", day)
    with st.expander("Ändra syfte och plan efteråt", icon=":material/edit:"):
        fields |= _plan(name, shown.plan or NO_PLAN)
    return fields, numbers


def _change(name: str, shown: Card, meeting: Meeting, numbers: NumberFields) -> dict[str, Any]:
    """Draw the fields of a change: the planned end, and a rate from a day."""
    item = shown.item
    planned = item.planned_end_on if item and item.decision_id else shown.row.planned_end_on
    fields: dict[str, Any] = {
        "planned_end_on": _date(
            "Planerat slut (tomt: tills vidare)", name, "planned_end_on", planned, "change"
        )
    }
    left, right = st.columns(2)
    with left:
        typed = text.plain_number(item.day_rate, 2) if item and item.day_rate else ""
        label = f"Ny dygnskostnad (nu {text.kronor(shown.row.day_rate)})"
        numbers.draw(label, "day_rate", value=typed)
    with right:
        first = (item and item.rate_from) or next_day(meeting.held_on).replace(day=1)
        fields["rate_from"] = _date("Gäller från och med", name, "rate_from", first)
    return fields


def _plan(name: str, plan: PlanNow) -> dict[str, Any]:
    housing = list(HOUSING)
    return {
        "purpose": _text("Syfte", name, "purpose", plan.purpose),
        "plan_after": _text("Plan efter placeringen", name, "plan_after", plan.plan_after),
        "housing_plan": st.selectbox(
            "Individuell boendeplan",
            housing,
            index=housing.index(plan.housing_plan),
            format_func=HOUSING.__getitem__,
            key=f"{forms.submit_key(name)}-housing_plan",
        ),
    }


def _save(
    name: str,
    agenda: Agenda,
    shown: Card,
    typed: tuple[dict[str, Any], NumberFields],
    actor: Actor,
) -> None:
    key, (fields, numbers) = forms.submit_key(name), typed
    values = partial(_compared, shown, fields, numbers)

    def save(session: Any) -> int:
        version = forms.version(name, shown.row.version)

        def write(new: NewItem) -> int:
            return walk_through_items.decide(
                session, shown.row.id, new, version=version, by=actor, key=key
            )

        new = _new_item(agenda.meeting, shown, fields, forms.on_top(name, values()))
        return questions.asking(name, new, write)

    outcome = fields["outcome"]
    said = f"{shown.row.reference}: {sv(outcome)}." if outcome else ""

    def after(_id: int) -> None:
        walk_through_address.go_on(agenda, shown.row.id)

    forms.run(name, save, said, after=after, values=values)


def _new_item(
    meeting: Meeting, shown: Card, fields: dict[str, Any], values: dict[str, Any]
) -> NewItem:
    """Return what is to be saved, with the newest of what wasn't changed here."""
    plan = shown.plan or NO_PLAN
    noted = NewPlan(
        meeting.held_on, values["purpose"], values["plan_after"], values["housing_plan"]
    )
    was = (plan.purpose, plan.plan_after, plan.housing_plan)
    same = (fields["purpose"], fields["plan_after"], fields["housing_plan"]) == was
    return NewItem(
        walk_through_id=meeting.id,
        outcome=values["outcome"],
        next_step=values["next_step"] or "",
        responsible=values["responsible"] or "",
        next_on=values["next_on"],
        planned_end_on=values.get("planned_end_on"),
        day_rate=values.get("day_rate"),
        rate_from=values.get("rate_from"),
        plan=None if same else noted,
    )


def _compared(shown: Card, fields: dict[str, Any], numbers: NumberFields) -> list[Compared]:
    """Return what somebody else may have decided, beside what the form does."""
    item, row, plan = shown.item, shown.row, shown.plan or NO_PLAN
    planned = item.planned_end_on if item and item.decision_id else row.planned_end_on
    opened = {
        "outcome": item and item.outcome,
        "next_step": item and item.next_step,
        "responsible": item and item.responsible,
        "next_on": item and item.next_on,
        "planned_end_on": planned,
        "day_rate": item and item.day_rate,
        "rate_from": item and item.rate_from,
        "purpose": plan.purpose,
        "plan_after": plan.plan_after,
        "housing_plan": plan.housing_plan,
        "current_rate": row.day_rate,
        "provider": row.provider,
    }
    typed = {**fields, **numbers.read()}
    if typed.get("day_rate") is None:
        typed.pop("rate_from", None)
    return [
        Compared(field, _LABELS[field], value, typed.get(field, NOT_IN_FORM))
        for field, value in opened.items()
    ]


def _text(label: str, name: str, field: str, value: str, *, longest: int = 300) -> str:
    key = f"{forms.submit_key(name)}-{field}"
    typed = st.text_input(label, value, max_chars=longest, key=key)
    forms.field_error(name, field)
    return typed or ""


def _date(
    label: str, name: str, field: str, value: dt.date | None, which: str = ""
) -> dt.date | None:
    key = f"{forms.submit_key(name)}-{field}-{which}"
    day: dt.date | None = st.date_input(
        label, value, min_value=EARLIEST, format="YYYY-MM-DD", key=key
    )
    forms.field_error(name, field)
    return day


_LABELS = {
    "outcome": "Beslut",
    "next_step": "Nästa steg",
    "responsible": "Ansvarig",
    "next_on": "Nästa uppföljning",
    "planned_end_on": "Planerat slut",
    "day_rate": "Ny dygnskostnad, kr",
    "rate_from": "Gäller från och med",
    "purpose": "Syfte",
    "plan_after": "Plan efteråt",
    "housing_plan": "Boendeplan",
    "current_rate": "Dygnskostnad nu, kr",
    "provider": "Utförare",
}
