"""What a measure point asks for, filled in step by step with the form beside it.

The fields stand outside a form, so that the preview follows what is typed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.auth import ROLE_NAMES, Role
from core.queries.units import GroupChoice
from core.services.measure_checks import MOST_DUE_DAYS, REPORTERS
from core.services.measure_inputs import NewChoice, NewDefinition, NewWindow
from core.terms import (
    CaseReference,
    ChoiceCounts,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
    sv_title,
)
from pages.common import forms

KINDS = {
    MeasureKind.NUMBER: "Ett antal för varje vecka, månad eller annan period",
    MeasureKind.CHOICE: "Ett svar för varje möte, samtal eller ärende",
    MeasureKind.CASE_CHECK: "Ja eller nej om varje ärende",
    MeasureKind.EVENT: "Något som händer en viss dag",
}
SUBJECTS = {
    MeasureSubject.OWN: "Det egna arbetet",
    MeasureSubject.OPEN_CASES: "Varje öppet ärende",
    MeasureSubject.SELF_SUPPORT_CLOSINGS: "Varje ärende som avslutas till egen försörjning",
    MeasureSubject.CASEWORKERS: "Varje handläggare (chef rapporterar)",
}
WHOLE_UNIT = "Hela enheten"
MOST_WINDOWS = 8
Groups = Sequence[GroupChoice]


@dataclass(frozen=True, slots=True)
class Start:
    """What the fields start from."""

    kind: MeasureKind
    definition: NewDefinition


def draw(name: str, start: Start, groups: Groups, *, kind_is_fixed: bool) -> Start:
    """Draw the fields of a definition, and return them as they are filled in now."""
    old = start.definition
    key = forms.submit_key(name)
    title = st.text_input("Namn", old.name, key=f"{key}-name", max_chars=120)
    forms.field_error(name, "name")
    kind = _kind(key, start, fixed=kind_is_fixed)
    help_text = st.text_area(
        "Förklaring till den som rapporterar",
        old.help_text,
        key=f"{key}-help",
        height=80,
        help="Vad ska räknas och vad ska inte räknas?",
    )
    forms.field_error(name, "help_text")
    reporter, group_id, subject = _who(name, kind, start, groups)
    frequency, due_days, windows = _when(name, (kind, subject), old)
    questions, choices = _answers(name, kind, old)
    number_label, number_unit = _number(name, kind, old)
    with_gender = st.toggle("Fråga om kön", old.with_gender, key=f"{key}-gender")
    case_reference = _case(name, kind, subject, old)
    return Start(
        kind,
        NewDefinition(
            valid_from=old.valid_from,
            name=(title or "").strip(),
            frequency=frequency,
            help_text=(help_text or "").strip(),
            due_days=due_days,
            reporter=reporter,
            group_id=group_id,
            subject=subject,
            case_reference=case_reference,
            with_gender=with_gender,
            number_label=number_label,
            number_unit=number_unit,
            questions=questions,
            choices=choices,
            windows=windows,
        ),
    )


def _kind(key: str, start: Start, *, fixed: bool) -> MeasureKind:
    if fixed:
        st.caption(f"Vad som räknas: {KINDS[start.kind].lower()}. Det går inte att ändra.")
        return start.kind
    kinds = list(KINDS)
    chosen = st.radio(
        "Vad ska räknas?",
        kinds,
        index=kinds.index(start.kind),
        format_func=KINDS.__getitem__,
        key=f"{key}-kind",
    )
    return chosen or start.kind


def _who(
    name: str, kind: MeasureKind, start: Start, groups: Groups
) -> tuple[Role, int | None, MeasureSubject]:
    """Draw who reports and about what; only what goes together can be chosen."""
    old = start.definition
    key = forms.submit_key(name)
    left, right = st.columns(2)
    with left:
        reporter = st.selectbox(
            "Vem rapporterar?",
            REPORTERS,
            index=REPORTERS.index(old.reporter),
            format_func=lambda role: ROLE_NAMES[role].capitalize(),
            key=f"{key}-reporter",
        )
        forms.field_error(name, "reporter")
    with right:
        names = {None: WHOLE_UNIT} | {group.id: group.name for group in groups}
        group_id = st.selectbox(
            "Gäller",
            list(names),
            index=list(names).index(old.group_id) if old.group_id in names else 0,
            format_func=names.__getitem__,
            key=f"{key}-group",
        )
    reporter = reporter or old.reporter
    subjects = subjects_of(kind, reporter)
    keeps = kind is start.kind and old.subject in subjects
    subject = st.selectbox(
        "Om vad?",
        subjects,
        index=subjects.index(old.subject) if keeps else 0,
        format_func=SUBJECTS.__getitem__,
        key=f"{key}-subject-{kind}-{reporter}",
    )
    forms.field_error(name, "subject")
    return reporter, group_id, subject or subjects[0]


def subjects_of(kind: MeasureKind, reporter: Role) -> list[MeasureSubject]:
    """Return what a kind of measure point can be about, for a role that reports it."""
    found = [MeasureSubject.OWN]
    if kind in {MeasureKind.CHOICE, MeasureKind.CASE_CHECK}:
        by_case = [MeasureSubject.OPEN_CASES, MeasureSubject.SELF_SUPPORT_CLOSINGS]
        found = by_case + found if kind is MeasureKind.CASE_CHECK else found + by_case
    if reporter is not Role.CASEWORKER and kind is not MeasureKind.CASE_CHECK:
        found.append(MeasureSubject.CASEWORKERS)
    return found


def frequencies_of(kind: MeasureKind, subject: MeasureSubject) -> list[MeasureFrequency]:
    """Return how often something can be asked for; what has no end needs a period."""
    needs_period = kind is MeasureKind.NUMBER or subject in {
        MeasureSubject.OPEN_CASES,
        MeasureSubject.CASEWORKERS,
    }
    return [f for f in MeasureFrequency if not needs_period or f != "when_it_happens"]


def _when(
    name: str, about: tuple[MeasureKind, MeasureSubject], old: NewDefinition
) -> tuple[MeasureFrequency, int, tuple[NewWindow, ...]]:
    key = forms.submit_key(name)
    possible = frequencies_of(*about)
    left, right = st.columns(2)
    with left:
        frequency = st.selectbox(
            "Hur ofta?",
            possible,
            index=possible.index(old.frequency) if old.frequency in possible else 0,
            format_func=sv_title,
            key=f"{key}-frequency-{len(possible)}",
        )
        forms.field_error(name, "frequency")
    frequency = frequency or possible[0]
    asked = frequency is not MeasureFrequency.WHEN_IT_HAPPENS or (
        about[1] is MeasureSubject.SELF_SUPPORT_CLOSINGS
    )
    due_days = old.due_days
    if asked:
        with right:
            due_days = int(
                st.number_input(
                    "Klart senast, dagar efteråt",
                    0,
                    MOST_DUE_DAYS,
                    old.due_days,
                    step=1,
                    key=f"{key}-due",
                )
            )
            forms.field_error(name, "due_days")
    own = frequency is MeasureFrequency.OWN_PERIODS
    return frequency, due_days, _windows(name, old, due_days) if own else ()


def _windows(name: str, old: NewDefinition, due_days: int) -> tuple[NewWindow, ...]:
    """Draw the measuring periods, each as its first and last day."""
    key = forms.submit_key(name)
    number = int(
        st.number_input(
            "Antal mätperioder",
            1,
            MOST_WINDOWS,
            min(max(len(old.windows), 1), MOST_WINDOWS),
            step=1,
            key=f"{key}-windows",
        )
    )
    made = []
    columns = [column for _ in range(0, number, 2) for column in st.columns(2)]
    for n in range(number):
        if n < len(old.windows):
            first, last = old.windows[n].starts_on, old.windows[n].ends_on
        else:
            first = old.valid_from + dt.timedelta(days=14 * n)
            last = first + dt.timedelta(days=13)
        with columns[n]:
            days = st.date_input(
                f"Mätperiod {n + 1}", (first, last), format="YYYY-MM-DD", key=f"{key}-window-{n}"
            )
        if len(days) == 2:  # one day only while it is being chosen
            due_on = days[1] + dt.timedelta(days=due_days)
            made.append(NewWindow(days[0], days[1], due_on))
    forms.field_error(name, "windows")
    return tuple(made)


def _answers(
    name: str, kind: MeasureKind, old: NewDefinition
) -> tuple[tuple[str, ...], tuple[NewChoice, ...]]:
    """Draw the questions and the answers, a line each, and how each answer counts."""
    if kind is MeasureKind.NUMBER:
        return (), ()
    key = forms.submit_key(name)
    questions: tuple[str, ...] = ()
    if kind is MeasureKind.CHOICE:
        typed = st.text_area(
            "Frågor, en på varje rad (tomt om namnet är frågan)",
            "\n".join(old.questions),
            key=f"{key}-questions",
            height=100,
        )
        questions = _lines(typed)
        forms.field_error(name, "questions")
    usual = old.choices or (_YES_NO if kind is MeasureKind.CASE_CHECK else ())
    typed = st.text_area(
        "Svar att välja på, ett på varje rad",
        "\n".join(choice.label for choice in usual),
        key=f"{key}-choices-{kind}",
        height=100,
    )
    labels = list(dict.fromkeys(_lines(typed)))
    counts = {choice.label: choice.counts for choice in usual}
    left, right = st.columns(2)
    with left:
        yes = _marked(f"{key}-{kind}", labels, counts, ChoiceCounts.YES)
    with right:
        rest = [label for label in labels if label not in yes]
        left_out = _marked(f"{key}-{kind}", rest, counts, ChoiceCounts.LEFT_OUT)
    forms.field_error(name, "choices")
    kinds = dict.fromkeys(labels, ChoiceCounts.NO)
    kinds |= dict.fromkeys(left_out, ChoiceCounts.LEFT_OUT) | dict.fromkeys(yes, ChoiceCounts.YES)
    return questions, tuple(NewChoice(label, kinds[label]) for label in labels)


_YES_NO = (
    NewChoice("Ja", ChoiceCounts.YES),
    NewChoice("Nej", ChoiceCounts.NO),
    NewChoice("Inte aktuellt", ChoiceCounts.LEFT_OUT),
)
MARKS = {
    ChoiceCounts.YES: ("Räknas som ja", "Svaren som ger andelen, eller som räknas i en summa."),
    ChoiceCounts.LEFT_OUT: ("Räknas inte med", "Svaren som inte ska påverka andelen alls."),
}


def _marked(
    key: str, labels: list[str], counts: dict[str, ChoiceCounts], mark: ChoiceCounts
) -> list[str]:
    """Draw which answers count in a way; what was marked stays marked while others are typed."""
    words, hint = MARKS[mark]
    slot = f"{key}-{mark}"
    usual = [label for label, counted in counts.items() if counted is mark]
    st.session_state[slot] = [x for x in st.session_state.get(slot, usual) if x in labels]
    return st.multiselect(words, labels, help=hint, key=slot, placeholder="Välj")


def _lines(typed: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())


def _number(name: str, kind: MeasureKind, old: NewDefinition) -> tuple[str, str]:
    key = forms.submit_key(name)
    if kind is not MeasureKind.NUMBER and not st.toggle(
        "Fråga också efter ett tal, till exempel ett belopp eller ett antal barn",
        bool(old.number_label),
        key=f"{key}-asks-number",
    ):
        return "", ""
    left, right = st.columns(2)
    with left:
        label = st.text_input("Vad talet är", old.number_label or "Antal", key=f"{key}-number")
        forms.field_error(name, "number_label")
    with right:
        unit = st.text_input(
            "Enhet, om det behövs",
            old.number_unit,
            key=f"{key}-unit",
            help="Till exempel kr eller timmar. Belopp och timmar får ha decimaler, antal inte.",
        )
        forms.field_error(name, "number_unit")
    return (label or "").strip() or "Antal", (unit or "").strip()


def _case(
    name: str, kind: MeasureKind, subject: MeasureSubject, old: NewDefinition
) -> CaseReference:
    """Draw whether a case is named, where that is a choice."""
    by_case = {MeasureSubject.OPEN_CASES, MeasureSubject.SELF_SUPPORT_CLOSINGS}
    if kind is MeasureKind.CASE_CHECK or subject in by_case:
        return CaseReference.REQUIRED
    if kind is MeasureKind.NUMBER:
        return CaseReference.NONE
    possible = list(CaseReference)
    chosen = st.selectbox(
        "Ska ett ärende anges?",
        possible,
        index=possible.index(old.case_reference),
        format_func=sv_title,
        key=f"{forms.submit_key(name)}-case",
    )
    forms.field_error(name, "case_reference")
    return chosen or CaseReference.NONE
