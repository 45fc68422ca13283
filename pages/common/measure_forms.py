"""The forms of measure points, drawn from their definitions: report, nothing to report, put right.

Each saves by one service and then calls `after` with what it returned, if there is one. A question
about one case with nothing else to fill in is answered by one tap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from core.auth import Actor
from core.queries.measure_points import DueItem
from core.rules.measure_points import Definition
from core.services import measure_entries
from core.services.measure_answers import answer_field
from core.services.measure_forms import MAY_REPORT
from core.services.measure_inputs import NewEntry, NothingToReport
from core.terms import (
    Gender,
    MeasureKind,
    MeasureSubject,
    sv,
)
from pages.common import forms, text
from pages.common.measure_fields import (
    Target,
    case_of,
    day_of,
    gender_of,
    number_label,
    questions,
)
from pages.common.number_fields import NumberFields

After = Callable[[Any], None] | None
MOST_BUTTONS = 3


def draw(item: DueItem, actor: Actor, after: After = None, *, titled: bool = False) -> None:
    """Draw the form of something that is due, with whom it concerns and for which period.

    `titled` leaves out the measure point's name, where it stands above already.
    """
    own = item.caseworker_id == actor.caseworker_id
    if item.genders_left and item.entries:
        st.caption(f"Kvar att rapportera: {', '.join(map(sv, item.genders_left))}.")
    report(
        Target(
            definition=item.definition,
            period=item.period,
            caseworker_id=None if own or item.case_id is not None else item.caseworker_id,
            group_id=item.group_id if item.caseworker_id is None else None,
            case_id=item.case_id,
            reference=item.reference,
        ),
        actor,
        after,
        titled=titled,
    )


def choose(
    definitions: Sequence[Definition], actor: Actor, after: After = None, *, name: str = "report"
) -> None:
    """Draw the choice of what has happened among definitions, and the form of the chosen one.

    For events, and for one more answer where there may be several in a period.
    """
    chosen = pick(definitions, name)
    if chosen is not None:
        report(Target(chosen), actor, after)


def pick(definitions: Sequence[Definition], name: str = "report") -> Definition | None:
    """Draw the choice among definitions, and return the chosen one."""
    if not definitions:
        st.info("Det finns inget att rapportera här just nu.", icon=":material/inbox:")
        return None
    words = {one.definition_id: one.name for one in definitions}
    chosen = st.selectbox(
        "Vad vill du rapportera?",
        list(words),
        index=0 if len(words) == 1 else None,
        format_func=words.__getitem__,
        placeholder="Välj",
        key=f"measure-choose-{name}",
    )
    return next((one for one in definitions if one.definition_id == chosen), None)


def is_extra(definition: Definition, actor: Actor) -> bool:
    """Tell whether an actor may report a definition at any time, beside what is due."""
    may = actor.role in MAY_REPORT[definition.reporter]
    answers = definition.kind in {MeasureKind.CHOICE, MeasureKind.EVENT}
    once = definition.by_case or definition.subject is MeasureSubject.CASEWORKERS
    return may and answers and not once


def report(target: Target, actor: Actor, after: After = None, *, titled: bool = False) -> None:
    """Draw the form of a target."""
    definition = target.definition
    about = _about(target, titled=titled)
    if about:
        st.markdown(about)
    if definition.help_text:
        st.caption(text.safe(definition.help_text))
    if target.one_tap:
        _buttons(target, actor, after)
    else:
        _form(target, actor, after)


def _about(target: Target, *, titled: bool) -> str:
    """Return what is asked, about which case and for which period."""
    parts = [] if titled else [f"**{text.safe(target.definition.name)}**"]
    if target.reference is not None:
        parts.append(text.safe(target.reference))
    if target.period is not None:
        parts.append(text.period_sv(target.period))
    return " · ".join(parts)


def _buttons(target: Target, actor: Actor, after: After) -> None:
    """Draw each answer as a button that saves it."""
    name = target.name
    key = forms.submit_key(name)
    (number,) = target.definition.question_numbers
    choices = target.definition.choices
    with st.container(horizontal=len(choices) <= MOST_BUTTONS, gap="small"):
        for choice in choices:
            if st.button(choice.label, key=f"{key}-{choice.choice_id}", width="stretch"):
                given = Filled(answers={number: choice.choice_id})
                _save(target, actor, after, partial(_as_given, given))
    forms.field_error(name, answer_field(number))


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in."""

    measured_on: dt.date | None = None
    value: Decimal | None = None
    answers: dict[int, int] | None = None
    gender: Gender | None = None
    case_id: int | None = None


def _as_given(given: Filled, _session: Any) -> Filled:
    return given


def _form(target: Target, actor: Actor, after: After) -> None:
    definition, name = target.definition, target.name
    key = forms.submit_key(name)
    numbers = NumberFields(name)
    with st.form(key, border=False):
        day = day_of(target)
        find_case = case_of(target, actor)
        if definition.asks_number:
            numbers.draw(number_label(definition), "value", digits=definition.decimals)
        answers = questions(name, definition)
        gender = gender_of(name) if definition.with_gender else None
        sent = st.form_submit_button("Rapportera", type="primary", width="stretch")
        nothing = target.may_be_nothing and st.form_submit_button(
            "Inget att rapportera", width="stretch"
        )
    if sent:

        def filled(session: Any) -> Filled:
            case_id = find_case(session)
            return Filled(day, numbers.read().get("value"), answers, gender, case_id)

        _save(target, actor, after, filled)
    if nothing:
        _save_nothing(target, actor, after)


def _save(target: Target, actor: Actor, after: After, filled: Callable[[Any], Filled]) -> None:
    name, definition = target.name, target.definition
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        given = filled(session)
        new = NewEntry(
            point_id=definition.point_id,
            measured_on=given.measured_on or target.last_day,
            value=given.value,
            answers=given.answers or {},
            case_id=given.case_id or target.case_id,
            gender=given.gender,
            caseworker_id=target.caseworker_id,
            group_id=target.group_id,
        )
        return measure_entries.report(session, new, by=actor, key=key)

    about = f"{target.reference}: " if target.reference else ""
    forms.run(name, save, f"{about}{definition.name} är rapporterat.", after=after)


def _save_nothing(target: Target, actor: Actor, after: After) -> None:
    name, definition = target.name, target.definition
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        new = NothingToReport(
            point_id=definition.point_id,
            day=target.last_day,
            caseworker_id=target.caseworker_id,
            group_id=target.group_id,
        )
        return measure_entries.nothing_to_report(session, new, by=actor, key=key)

    said = f"{definition.name}: inget att rapportera är sparat."
    forms.run(name, save, said, after=after)
