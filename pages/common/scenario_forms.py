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
from core.queries.scenarios import ScenarioRow, StepRow
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


@dataclass(frozen=True, slots=True)
class _About:
    """What a step's form is about: the kind of step, its placement, and the step it changes."""

    kind: ScenarioStep
    placement_id: int | None
    row: PlacementRow | None
    shown: StepRow | None = None


class Change(StrEnum):
    """What can be done with a scenario, in the order that the choices stand."""

    ADD = "Lägg till ett steg"
    EDIT = "Ändra ett steg"
    REMOVE = "Ta bort ett steg"
    RENAME = "Ändra namn"
    COPY = "Kopiera"
    DISCARD = "Ta bort scenariot"


OF_STEPS = frozenset({Change.EDIT, Change.REMOVE})


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
        [choice for choice in Change if one.steps or choice not in OF_STEPS],
        key=f"scenario-change-{one.id}",
        default=Change.ADD,
    )
    if todo is Change.ADD:
        _add(one, offers, actor)
    elif todo is Change.EDIT:
        _edit(one, offers, actor)
    elif todo is not None:
        _FORMS[todo](one, actor)


def _add(one: ScenarioRow, offers: Offers, actor: Actor) -> None:
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
    about = _About(kind, row.id if row else None, row)
    write = partial(scenarios.add_step, scenario_id=one.id)
    saved = ("Lägg till steget", f"Steget är tillagt i {one.name}.")
    _step_form(name, about, forms.opened(name, offers), partial(write, by=actor), saved)


def _edit(one: ScenarioRow, offers: Offers, actor: Actor) -> None:
    """Draw the choice of a step, and its form filled in."""
    words = {step.id: step_words(step) for step in one.steps}
    chosen = st.selectbox(
        "Steg",
        list(words),
        index=None,
        format_func=lambda number: words.get(number, ""),
        placeholder="Välj steg",
        key=f"scenario-edit-{one.id}",
    )
    name = f"edit-step-{chosen}"
    found = next((step for step in one.steps if step.id == chosen), None)
    if found is None:
        return
    shown, held = forms.opened(name, (found, offers))
    row = next((row for row in offers.placements if row.id == shown.placement_id), None)
    about = _About(shown.step, shown.placement_id, row, shown)
    write = partial(scenarios.change_step, step_id=shown.id, was=shown.rule)
    saved = ("Spara steget", "Steget är ändrat.")
    _step_form(name, about, held, partial(write, by=actor), saved)


def _step_form(
    name: str,
    about: _About,
    offers: Offers,
    write: Callable[..., int],
    words: tuple[str, str],
) -> None:
    """Draw a step's form. `words` are its button's, and what is said when it is saved."""
    key, numbers = forms.submit_key(name), NumberFields(name)
    with st.form(key, border=False):
        if about.row is not None:
            _now_line(about.row)
        typed = _fields(name, about, numbers, offers)
        questions.room(name)
        sent = st.form_submit_button(words[0], type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewStep(about.kind, about.placement_id, **typed, amount=_amount(numbers))
            return questions.asking(name, new, lambda asked: write(session, new=asked, key=key))

        forms.run(name, save, words[1])


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


def _fields(name: str, about: _About, numbers: NumberFields, offers: Offers) -> dict[str, Any]:
    """Draw the fields of a kind of step; return what is chosen, by name, without the rate."""
    kind, shown = about.kind, about.shown
    typed: dict[str, Any] = {}
    if kind is ScenarioStep.ADD:
        called = shown.name if shown else ""
        typed["label"] = st.text_input(
            "Vad placeringen kallas (inte ett namn)",
            called,
            max_chars=80,
            key=f"{forms.submit_key(name)}-label",
        )
        forms.field_error(name, "label")
    if kind in UNTIL:
        typed |= _support_fields(name, shown, offers)
    if kind in UNTIL or kind is ScenarioStep.SET_RATE:
        amount = text.plain_number(shown.amount, 2) if shown and shown.amount else ""
        numbers.draw("Dygnskostnad", "amount", hint=fields.RATE_HINT, value=amount)
    first: dt.date = shown.day if shown else earliest_day(kind, today())
    typed["from_on"] = date_field(DAY[kind], name, "from_on", first)
    if kind in UNTIL:
        until = shown.until if shown else None
        typed["to_on"] = fields.optional_date(UNTIL[kind], name, "to_on", until)
    for field in ("placement_id", "step"):
        forms.field_error(name, field)
    return typed


def _support_fields(name: str, shown: StepRow | None, offers: Offers) -> dict[str, Any]:
    """Draw the kind and contract of what replaces or is added."""
    kinds = dict(offers.kinds)
    if shown is not None and shown.kind_id is not None:
        kinds.setdefault(
            shown.kind_id, shown.kind or ""
        )  # one that is closed only where it is held
    ids, contracts = list(kinds), list(Contract)
    kind_id = st.selectbox(
        "Slag",
        ids,
        index=ids.index(shown.kind_id) if shown and shown.kind_id in ids else None,
        format_func=kinds.__getitem__,
        placeholder="Välj",
        key=f"{forms.submit_key(name)}-kind_id",
    )
    forms.field_error(name, "kind_id")
    agreed = shown.contract if shown and shown.contract else contracts[0]
    contract = st.selectbox(
        "Avtal",
        contracts,
        index=contracts.index(agreed),
        format_func=sv_title,
        key=f"{forms.submit_key(name)}-contract",
    )
    return {"kind_id": kind_id, "contract": contract}


def _amount(numbers: NumberFields) -> Any:
    return numbers.read().get("amount")


def _remove_step(one: ScenarioRow, actor: Actor) -> None:
    name = f"remove-step-{one.id}"
    key, steps = forms.submit_key(name), {step.id: step for step in one.steps}
    steps = forms.opened(name, steps)
    with st.form(key, border=False):
        step_id = st.selectbox(
            "Steg",
            list(steps),
            format_func=lambda number: step_words(steps[number]),
            key=f"{forms.submit_key(name)}-step",
        )
        forms.field_error(name, "step")
        sent = st.form_submit_button("Ta bort steget", type="primary")
    if sent and step_id is not None:

        def save(session: Any) -> int:
            was = steps[step_id].rule
            return scenarios.remove_step(session, step_id, was=was, by=actor, key=key)

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
        called = st.text_input(
            "Kopians namn",
            f"{forms.opened(name, one.name)}, kopia"[:80],
            key=f"{forms.submit_key(name)}-name",
        )
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
    called = st.text_input(
        "Namn", shown.name if shown else "", max_chars=80, key=f"{forms.submit_key(name)}-name"
    )
    forms.field_error(name, "name")
    note = st.text_area(
        "Vad det handlar om",
        shown.note if shown else "",
        max_chars=500,
        key=f"{forms.submit_key(name)}-note",
    )
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
