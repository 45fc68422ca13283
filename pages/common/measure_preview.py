"""The form of a measure point as those who report will see it, drawn while it is being made."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.auth import ROLE_NAMES
from core.clock import today
from core.rules.dates import Period
from core.rules.measure_points import Asked, Choice, Definition, Question
from core.services.measure_inputs import NewChoice, NewDefinition, NewWindow
from core.terms import CaseReference, Gender, MeasureFrequency, MeasureKind, sv, sv_title
from pages.common import text

UNNAMED = "Mätpunkten har inget namn än"


def as_definition(kind: MeasureKind, new: NewDefinition) -> Definition:
    """Return a definition that isn't saved yet, with its choices numbered in order."""
    return Definition(
        definition_id=0,
        point_id=0,
        kind=kind,
        valid_from=new.valid_from,
        name=new.name.strip() or UNNAMED,
        frequency=new.frequency,
        help_text=new.help_text,
        due_days=new.due_days,
        reporter=new.reporter,
        group_id=new.group_id,
        subject=new.subject,
        case_reference=new.case_reference,
        with_gender=new.with_gender,
        number_label=new.number_label,
        number_unit=new.number_unit,
        questions=tuple(Question(n, words) for n, words in enumerate(new.questions, start=1)),
        choices=tuple(
            Choice(n, choice.label, choice.counts) for n, choice in enumerate(new.choices, start=1)
        ),
        windows=tuple(
            Asked(Period(window.starts_on, window.ends_on), window.due_on)
            for window in new.windows
            if window.starts_on <= window.ends_on
        ),
    )


def as_new(definition: Definition) -> NewDefinition:
    """Return a definition as what a form starts from, to be changed."""
    return NewDefinition(
        valid_from=definition.valid_from,
        name=definition.name,
        frequency=definition.frequency,
        help_text=definition.help_text,
        due_days=definition.due_days,
        reporter=definition.reporter,
        group_id=definition.group_id,
        subject=definition.subject,
        case_reference=definition.case_reference,
        with_gender=definition.with_gender,
        number_label=definition.number_label,
        number_unit=definition.number_unit,
        questions=tuple(question.text for question in definition.questions),
        choices=tuple(NewChoice(choice.label, choice.counts) for choice in definition.choices),
        windows=tuple(
            NewWindow(asked.period.start, asked.period.end, asked.due_on)
            for asked in definition.windows
        ),
        indicator_id=definition.indicator_id,
        feed=definition.feed,
        feed_question=definition.feed_question,
    )


def draw(definition: Definition, name: str) -> None:
    """Draw a definition's form with nothing that can be filled in."""
    with st.container(border=True, key=f"{name}-preview"):
        st.markdown(f"**{text.safe(definition.name)}**")
        if definition.help_text.strip():
            st.caption(text.safe(definition.help_text))
        _fields(definition, name)
        st.button("Rapportera", disabled=True, key=f"{name}-preview-send")
    st.caption(in_words(definition))


def _fields(definition: Definition, name: str) -> None:
    by_period = definition.kind is MeasureKind.NUMBER or definition.by_case
    if not by_period:
        label = "När hände det?" if definition.kind is MeasureKind.EVENT else "Dag"
        st.date_input(label, today(), format="YYYY-MM-DD", disabled=True, key=f"{name}-preview-day")
    if definition.by_case:
        st.markdown("*Ett ärende i taget*")
    elif definition.case_reference is not CaseReference.NONE:
        optional = definition.case_reference is CaseReference.OPTIONAL
        label = "Ärende, om det gäller ett" if optional else "Ärende"
        st.text_input(label, disabled=True, key=f"{name}-preview-case")
    if definition.asks_number:
        unit = f", {definition.number_unit}" if definition.number_unit else ""
        label = f"{definition.number_label or 'Antal'}{unit}"
        st.text_input(label, disabled=True, key=f"{name}-preview-number-{label}")
    asked = {question.number: question.text for question in definition.questions}
    labels = [choice.label for choice in definition.choices]
    for number in definition.question_numbers:
        _choices(asked.get(number, "Svar"), labels, f"{name}-preview-{number}")
    if definition.with_gender:
        _choices("Kön", [sv_title(gender) for gender in Gender], f"{name}-preview-gender")


def _choices(label: str, options: Sequence[str], key: str) -> None:
    """Draw what can be chosen, with its label as text: a label that is turned off is hard to read."""
    st.markdown(text.safe(label))
    st.pills(label, options, disabled=True, key=key, wrap=True, label_visibility="collapsed")


def in_words(definition: Definition) -> str:
    """Return who reports, how often and by when, in one sentence."""
    who = f"Rapporteras av {ROLE_NAMES[definition.reporter]}"
    if definition.frequency is MeasureFrequency.WHEN_IT_HAPPENS:
        when = sv(definition.frequency)
        late = f", senast {definition.due_days} dagar efter avslutet" if definition.by_case else ""
        return f"{who} {when}{late}."
    days = "dag" if definition.due_days == 1 else "dagar"
    due = "samma dag som perioden slutar"
    if definition.due_days:
        due = f"senast {definition.due_days} {days} efter periodens slut"
    if definition.frequency is MeasureFrequency.OWN_PERIODS:
        windows = ", ".join(
            f"{asked.period.start}–{asked.period.end} (klart {asked.due_on})"
            for asked in definition.windows
        )
        return f"{who} {sv(definition.frequency)}: {windows or 'inga än'}."
    about = f", om {sv(definition.subject)}" if definition.by_case or _about(definition) else ""
    return f"{who} {sv(definition.frequency)}{about}, {due}."


def _about(definition: Definition) -> bool:
    return definition.by_person and definition.reporter.value != "caseworker"
