"""The forms of measure points, drawn from their definitions: report, nothing to report, put right.

Each saves by one service and then calls `after` with what it returned, if there is one. A question
about one case with nothing else to fill in is answered by one tap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.clock import today
from core.queries.case_register import Wanted, search
from core.queries.measure_points import DueItem
from core.rules.dates import Period
from core.rules.measure_points import Definition
from core.services import measure_entries
from core.services.base import FieldError, RefusedError
from core.services.measure_answers import answer_field
from core.services.measure_forms import MAY_REPORT
from core.services.measure_inputs import NewEntry, NothingToReport
from core.terms import (
    CaseReference,
    Gender,
    MeasureKind,
    MeasureSubject,
    sv_title,
)
from pages.common import forms, text
from pages.common.number_fields import NumberFields

After = Callable[[Any], None] | None
EARLIEST = dt.date(1990, 1, 1)
MOST_BUTTONS = 3


@dataclass(frozen=True, slots=True)
class Target:
    """What a form is filled in for: a definition, the period, and whom or which case it is about.

    `period` is None for what is reported when it happens.
    """

    definition: Definition
    period: Period | None = None
    caseworker_id: int | None = None
    group_id: int | None = None
    case_id: int | None = None
    reference: str | None = None

    @property
    def name(self) -> str:
        """Return the form's name."""
        start = "now" if self.period is None else self.period.start
        about = f"{self.caseworker_id}-{self.group_id}-{self.case_id}"
        return f"measure-{self.definition.point_id}-{start}-{about}"

    @property
    def last_day(self) -> dt.date:
        """Return the last day that can be reported on: the period's, at most today."""
        return today() if self.period is None else min(self.period.end, today())

    @property
    def one_tap(self) -> bool:
        """Tell whether the answer is all there is to fill in."""
        d = self.definition
        plain = not d.with_gender and not d.asks_number and len(d.question_numbers) == 1
        return plain and self.case_id is not None

    @property
    def may_be_nothing(self) -> bool:
        """Tell whether it can be reported that there was nothing in the period."""
        d = self.definition
        return (
            self.period is not None
            and d.kind is not MeasureKind.NUMBER
            and not d.by_case
            and d.subject is not MeasureSubject.CASEWORKERS
        )


def draw(item: DueItem, actor: Actor, after: After = None) -> None:
    """Draw the form of something that is due, with whom it concerns and for which period."""
    own = item.caseworker_id == actor.caseworker_id
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


def report(target: Target, actor: Actor, after: After = None) -> None:
    """Draw the form of a target."""
    definition = target.definition
    st.markdown(_about(target))
    if definition.help_text:
        st.caption(text.safe(definition.help_text))
    if target.one_tap:
        _buttons(target, actor, after)
    else:
        _form(target, actor, after)


def _about(target: Target) -> str:
    """Return what is asked, about which case and for which period."""
    parts = [f"**{text.safe(target.definition.name)}**"]
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
        day = _day(target)
        find_case = _case(target, actor)
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


def _day(target: Target) -> dt.date | None:
    """Draw the day of an answer or an event; a number and a case's answer have their period's."""
    if target.definition.kind is MeasureKind.NUMBER or target.definition.by_case:
        return None
    first = EARLIEST if target.period is None else target.period.start
    label = "När hände det?" if target.definition.kind is MeasureKind.EVENT else "Dag"
    day: dt.date | None = st.date_input(
        label,
        target.last_day,
        min_value=first,
        max_value=max(target.last_day, first),
        format="YYYY-MM-DD",
        key=f"{forms.submit_key(target.name)}-day",
    )
    forms.field_error(target.name, "measured_on")
    return day


def _case(target: Target, actor: Actor) -> Callable[[Any], int | None]:
    """Draw which case it is about, where that is asked, and return how its id is found."""
    definition, name = target.definition, target.name
    if target.case_id is not None or definition.case_reference is CaseReference.NONE:
        return lambda _session: target.case_id
    optional = definition.case_reference is CaseReference.OPTIONAL
    label = "Ärende, om det gäller ett" if optional else "Ärende"
    scope = row_scope(actor, Permission.REPORT_MEASURES)
    key = f"{forms.submit_key(name)}-case"
    if scope.caseworker_id is not None:
        with db.read() as session:
            found = search(session, scope, on=today(), wanted=Wanted(closed_too=True)).rows
        names = {row.case_id: row.reference for row in found}
        chosen = st.selectbox(
            label,
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder="Sök på referensen",
            key=key,
        )
        forms.field_error(name, "case_id")
        return lambda _session: chosen
    typed = st.text_input(label, placeholder="Hela referensen", key=key)
    forms.field_error(name, "case_id")

    def find(session: Any) -> int | None:
        sought = (typed or "").strip()
        if not sought:
            return None
        wanted = Wanted(text=sought, closed_too=True)
        rows = search(session, scope, on=today(), wanted=wanted).rows
        for row in rows:
            if row.reference.lower() == sought.lower():
                return row.case_id
        raise RefusedError(FieldError("case_id", "Inget ärende som du når har den referensen."))

    return find


def number_label(definition: Definition) -> str:
    """Return what the number of a definition is called, with its unit."""
    unit = f", {definition.number_unit}" if definition.number_unit else ""
    return f"{definition.number_label or 'Antal'}{unit}"


def questions(
    name: str, definition: Definition, given: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Draw each question with its choices, and return the choices made by the question's number.

    `given` are the choices made before.
    """
    asked = {question.number: question.text for question in definition.questions}
    labels = {choice.choice_id: choice.label for choice in definition.choices}
    answers = {}
    for number in definition.question_numbers:
        chosen = st.pills(
            asked.get(number, "Svar"),
            list(labels),
            default=(given or {}).get(number),
            format_func=labels.__getitem__,
            key=f"{forms.submit_key(name)}-answer-{number}",
            wrap=True,
        )
        forms.field_error(name, answer_field(number))
        if chosen is not None:
            answers[number] = chosen
    return answers


def gender_of(name: str, given: Gender | None = None) -> Gender | None:
    """Draw the choice of gender, and return it."""
    gender: Gender | None = st.pills(
        "Kön",
        list(Gender),
        default=given,
        format_func=sv_title,
        key=f"{forms.submit_key(name)}-gender",
        wrap=True,
    )
    forms.field_error(name, "gender")
    return gender


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
