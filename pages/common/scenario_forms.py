"""The forms of Vad händer om: a new scenario, its steps, its name, a copy, and taking it away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.placements import PlacementRow
from core.queries.scenarios import ScenarioRow
from core.rules.scenarios import earliest_day
from core.services import scenarios
from core.services.scenario_inputs import NewScenario, NewStep
from core.terms import Contract, ScenarioStep, sv_title
from pages.common import forms, questions, text
from pages.common import placement_fields as fields
from pages.common.case_forms import date_field
from pages.common.conflicts import Compared
from pages.common.number_fields import NumberFields
from pages.common.scenario_parts import step_words

OPEN = "scenario-open"
DAY = {
    ScenarioStep.MOVE_END: "Ny sista dag",
    ScenarioStep.SET_RATE: "Ny dygnskostnad från och med",
    ScenarioStep.END: "Sista dag",
    ScenarioStep.REPLACE: "Den nya insatsen från och med",
    ScenarioStep.ADD: "Första dag",
}
UNTIL = {
    ScenarioStep.REPLACE: "Till och med (tomt: så länge placeringen skulle ha löpt)",
    ScenarioStep.ADD: "Sista dag (tomt: tills vidare)",
}


@dataclass(frozen=True, slots=True)
class Offers:
    """What a step can be about: the placements that have not ended, and the kinds by id."""

    placements: Sequence[PlacementRow]
    kinds: Mapping[int, str]


class Change(StrEnum):
    """What can be done with a scenario, in the order that the choices stand."""

    ADD = "Lägg till ett steg"
    REMOVE = "Ta bort ett steg"
    RENAME = "Ändra namn"
    COPY = "Kopiera"
    DISCARD = "Ta bort scenariot"


def create(actor: Actor) -> None:
    """Draw the form of a new scenario; it is the one worked on once it is saved."""
    name = "scenario"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        typed = _name_fields(name)
        sent = st.form_submit_button("Skapa scenario", type="primary")
    if sent:

        def save(session: Any) -> int:
            return scenarios.create(session, typed, by=actor, key=key)

        forms.run(name, save, "Scenariot är skapat. Lägg till steg.", after=_open)


def choose(found: Sequence[ScenarioRow]) -> ScenarioRow | None:
    """Draw the choice of the scenario to work on."""
    names = {one.id: one.name for one in found}
    opened = st.session_state.pop(OPEN, None)
    if opened in names:
        st.session_state["scenario-chosen"] = opened
    chosen = st.selectbox(
        "Arbeta med",
        list(names),
        format_func=lambda one: names.get(one, ""),
        key="scenario-chosen",
    )
    return next((one for one in found if one.id == chosen), None)


def change(one: ScenarioRow, offers: Offers, actor: Actor) -> None:
    """Draw the choice of what to do with a scenario, and that form."""
    todo = st.pills(
        "Vad vill du göra?",
        [choice for choice in Change if one.steps or choice is not Change.REMOVE],
        key=f"scenario-change-{one.id}",
        default=Change.ADD,
    )
    if todo is Change.ADD:
        _step(one, offers, actor)
    elif todo is not None:
        _FORMS[todo](one, actor)


def _step(one: ScenarioRow, offers: Offers, actor: Actor) -> None:
    """Draw what is changed of which placement, and the form of that."""
    kind = st.pills(
        "Vad ska ändras?", list(ScenarioStep), format_func=sv_title, key=f"scenario-step-{one.id}"
    )
    if kind is None:
        return
    row = None
    if kind is not ScenarioStep.ADD:
        row = _placement(one, offers)
        if row is None:
            return
    name = f"step-{one.id}-{kind}-{row.id if row else 0}"
    key, numbers = forms.submit_key(name), NumberFields(name)
    with st.form(key, border=False):
        if row is not None:
            _now_line(row)
        typed = _fields(name, kind, numbers, forms.opened(name, offers))
        questions.room(name)
        sent = st.form_submit_button("Lägg till steget", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewStep(kind, row.id if row else None, **typed, amount=_amount(numbers))
            write = partial(scenarios.add_step, session, one.id, by=actor, key=key)
            return questions.asking(name, new, lambda asked: write(new=asked))

        forms.run(name, save, f"Steget är tillagt i {one.name}.")


def _placement(one: ScenarioRow, offers: Offers) -> PlacementRow | None:
    labels = {
        row.id: f"{row.reference}, {row.kind}, från {row.starts_on}" for row in offers.placements
    }
    chosen = st.selectbox(
        "Placering",
        list(labels),
        index=None,
        format_func=lambda number: labels.get(number, ""),
        placeholder="Välj placering",
        key=f"scenario-placement-{one.id}",
    )
    return next((row for row in offers.placements if row.id == chosen), None)


def _now_line(row: PlacementRow) -> None:
    """Say what holds today, so that one sees what is imagined."""
    until = "tills vidare"
    if row.planned_end_on is not None:
        passed = ", har passerat" if row.planned_end_passed else ""
        until = f"planerat slut {row.planned_end_on}{passed}"
    rate = text.plain_number(row.day_rate, 2)
    year = text.kronor(row.full_year)
    st.markdown(f":small[Nu gäller: {until}, {rate} kr per dygn, helår {year}.]")


def _fields(name: str, kind: ScenarioStep, numbers: NumberFields, offers: Offers) -> dict[str, Any]:
    """Draw the fields of a kind of step; return what is chosen, by name, without the rate."""
    typed: dict[str, Any] = {}
    if kind is ScenarioStep.ADD:
        typed["label"] = st.text_input("Vad placeringen kallas (inte ett namn)", max_chars=80)
        forms.field_error(name, "label")
    if kind in UNTIL:
        kinds = offers.kinds
        typed["kind_id"] = st.selectbox(
            "Slag", list(kinds), index=None, format_func=kinds.__getitem__, placeholder="Välj"
        )
        forms.field_error(name, "kind_id")
        contracts = list(Contract)
        typed["contract"] = st.selectbox("Avtal", contracts, format_func=sv_title)
    if kind in UNTIL or kind is ScenarioStep.SET_RATE:
        numbers.draw("Dygnskostnad", "amount", hint=fields.RATE_HINT)
    first: dt.date = earliest_day(kind, today())
    typed["from_on"] = date_field(DAY[kind], name, "from_on", first)
    if kind in UNTIL:
        typed["to_on"] = fields.optional_date(UNTIL[kind], name, "to_on")
    for field in ("placement_id", "step"):
        forms.field_error(name, field)
    return typed


def _amount(numbers: NumberFields) -> Any:
    return numbers.read().get("amount")


def _remove_step(one: ScenarioRow, actor: Actor) -> None:
    name = f"remove-step-{one.id}"
    key, steps = forms.submit_key(name), {step.id: step_words(step) for step in one.steps}
    steps = forms.opened(name, steps)
    with st.form(key, border=False):
        step_id = st.selectbox("Steg", list(steps), format_func=steps.__getitem__)
        forms.field_error(name, "step")
        sent = st.form_submit_button("Ta bort steget", type="primary")
    if sent and step_id is not None:

        def save(session: Any) -> int:
            return scenarios.remove_step(session, step_id, by=actor, key=key)

        forms.run(name, save, "Steget är borttaget.")


def _rename(one: ScenarioRow, actor: Actor) -> None:
    name = f"rename-scenario-{one.id}"
    key, shown = forms.submit_key(name), forms.opened(name, one)
    with st.form(key, border=False):
        typed = _name_fields(name, shown)
        sent = forms.submit(name, "Spara namnet")
    if sent:

        def values() -> list[Compared]:
            return [
                Compared("name", "Namn", shown.name, typed.name),
                Compared("note", "Vad det handlar om", shown.note, typed.note),
            ]

        def save(session: Any) -> int:
            chosen = {"name": typed.name, "note": typed.note} | forms.on_top(name, values())
            version = forms.version(name, shown.version)
            new = NewScenario(**chosen)
            return scenarios.rename(session, one.id, new, version=version, by=actor, key=key)

        forms.run(name, save, "Scenariot är ändrat.", values=values)


def _copy(one: ScenarioRow, actor: Actor) -> None:
    name = f"copy-scenario-{one.id}"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        called = st.text_input("Kopians namn", f"{forms.opened(name, one.name)}, kopia"[:80])
        forms.field_error(name, "name")
        sent = st.form_submit_button("Kopiera scenariot", type="primary")
    if sent:

        def save(session: Any) -> int:
            return scenarios.copy(session, one.id, called or "", by=actor, key=key)

        forms.run(name, save, "Scenariot är kopierat.", after=_open)


def _discard(one: ScenarioRow, actor: Actor) -> None:
    name = f"discard-scenario-{one.id}"
    key, shown = forms.submit_key(name), forms.opened(name, one)
    with st.form(key, border=False):
        st.markdown(f"{text.safe(shown.name)} tas bort med sina {len(shown.steps)} steg.")
        sent = forms.submit(name, "Ta bort scenariot")
    if sent:

        def save(session: Any) -> int:
            version = forms.version(name, shown.version)
            return scenarios.remove(session, one.id, version=version, by=actor, key=key)

        forms.run(name, save, f"{shown.name} är borttaget.")


def _name_fields(name: str, shown: ScenarioRow | None = None) -> NewScenario:
    called = st.text_input("Namn", shown.name if shown else "", max_chars=80)
    forms.field_error(name, "name")
    note = st.text_area("Vad det handlar om", shown.note if shown else "", max_chars=500)
    forms.field_error(name, "note")
    return NewScenario(called or "", note or "")


def _open(scenario_id: int) -> None:
    st.session_state[OPEN] = scenario_id


_FORMS: dict[Change, Callable[[ScenarioRow, Actor], None]] = {
    Change.REMOVE: _remove_step,
    Change.RENAME: _rename,
    Change.COPY: _copy,
    Change.DISCARD: _discard,
}
