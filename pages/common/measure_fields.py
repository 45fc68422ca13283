"""The fields of measure points' forms, and what a form is filled in for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.clock import today
from core.queries.case_register import Wanted, search
from core.rules.dates import Period
from core.rules.measure_points import Definition
from core.services.base import FieldError, RefusedError
from core.services.measure_answers import answer_field
from core.terms import CaseReference, Gender, MeasureKind, MeasureSubject, sv_title
from pages.common import forms

EARLIEST = dt.date(1990, 1, 1)


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


def day_of(target: Target) -> dt.date | None:
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


def case_of(target: Target, actor: Actor) -> Callable[[Any], int | None]:
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
