"""The forms of Mål: a goal, an indicator, an activity, and where an activity stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.goal_chain import LEVELS, GoalRow
from core.queries.goals import ActivityRow
from core.services.goals import (
    NewActivity,
    NewGoal,
    NewStatus,
    add_activity,
    add_goal,
    set_activity_status,
)
from core.services.indicators import NewIndicator, add_indicator
from core.terms import (
    Accumulation,
    ActivityStatus,
    ComputedFigure,
    Direction,
    GoalLevel,
    IndicatorUnit,
    Periodicity,
    sv,
    sv_title,
)
from pages.common import forms, text
from pages.common.conflicts import Compared
from pages.common.goal_parts import TEXTS
from pages.common.number_fields import NumberFields

GOAL, INDICATOR, ACTIVITY, STATUS = "Mål", "Indikator", "Aktivitet", "Aktivitetens läge"
UNITS = tuple(IndicatorUnit)
DIRECTIONS = tuple(Direction)
PERIODICITIES = tuple(Periodicity)
ACCUMULATIONS = tuple(Accumulation)
NONE_ABOVE = "Inget"
TYPED = "Skrivs in"


def draw(
    chosen: str, goals: Sequence[GoalRow], activities: Sequence[ActivityRow], actor: Actor
) -> None:
    """Draw the form of what is chosen to be added or changed."""
    if chosen == GOAL:
        _goal(goals, actor)
    elif not goals:
        st.info("Lägg till ett mål först.", icon=":material/info:")
    elif chosen == INDICATOR:
        _indicator(goals, actor)
    elif chosen == ACTIVITY:
        _activity(goals, actor)
    elif activities:
        _status(activities, actor)
    else:
        st.info("Det finns inga aktiviteter än.", icon=":material/inbox:")


def _goal(goals: Sequence[GoalRow], actor: Actor) -> None:
    name = "new-goal"
    names = {None: NONE_ABOVE} | {g.goal_id: _goal_name(g) for g in goals if g.level != LEVELS[-1]}
    with st.form(forms.submit_key(name), border=False):
        left, right = st.columns(2)
        with left:
            level = st.selectbox(
                "Nivå",
                LEVELS,
                index=len(LEVELS) - 1,
                format_func=sv_title,
                key=f"{forms.submit_key(name)}-level",
            )
            above = st.selectbox(
                "Överordnat mål",
                list(names),
                format_func=names.__getitem__,
                key=f"{forms.submit_key(name)}-parent_id",
            )
            forms.field_error(name, "parent_id")
        with right:
            year = st.number_input(
                "År",
                2000,
                today().year + 1,
                today().year,
                step=1,
                key=f"{forms.submit_key(name)}-year",
            )
            forms.field_error(name, "year")
            code = _text(name, "Beteckning", "code", "Till exempel E1 eller 3.2.")
        title = _text(name, "Målet", "name")
        with st.expander("Så når vi målet (för enhetsmål)"):
            texts = {field: _long_text(name, label, field) for field, label in TEXTS.items()}
        sent = st.form_submit_button("Lägg till målet", type="primary")
    if sent:
        new = NewGoal(int(year), GoalLevel(level), code.strip(), title.strip(), above, **texts)
        _save(
            name,
            lambda session, key: add_goal(session, new, by=actor, key=key),
            "Målet är tillagt.",
        )


def _indicator(goals: Sequence[GoalRow], actor: Actor) -> None:
    name = "new-indicator"
    numbers = NumberFields(name)
    with st.form(forms.submit_key(name), border=False):
        goal = st.selectbox(
            "Mål",
            goals,
            index=len(goals) - 1,
            format_func=_goal_name,
            key=f"{forms.submit_key(name)}-goal",
        )
        title = _text(name, "Indikator", "name")
        left, middle, right = st.columns(3)
        with left:
            unit = st.selectbox(
                "Mäts i", UNITS, format_func=sv, key=f"{forms.submit_key(name)}-unit_of_measure"
            )
            forms.field_error(name, "unit_of_measure")
            own_unit = _text(name, "Egen måttenhet", "own_unit", "Bara när den mäts i egen enhet.")
        with middle:
            direction = st.selectbox(
                "Riktning",
                DIRECTIONS,
                format_func=sv_title,
                key=f"{forms.submit_key(name)}-direction",
            )
            periodicity = st.selectbox(
                "Mäts varje",
                PERIODICITIES,
                format_func=sv,
                key=f"{forms.submit_key(name)}-periodicity",
            )
        with right:
            accumulation = st.selectbox(
                "Årets värde",
                ACCUMULATIONS,
                format_func=sv_title,
                key=f"{forms.submit_key(name)}-accumulation",
            )
            forms.field_error(name, "accumulation")
            numbers.draw("Tolerans", "tolerance", digits=4, hint="Tomt: en tiondel av årsmålet.")
        computed = st.selectbox(
            "Värdena",
            [None, *ComputedFigure],
            format_func=lambda c: TYPED if c is None else f"Räknas ut: {sv(c)}",
            key=f"{forms.submit_key(name)}-computed",
        )
        sent = st.form_submit_button("Lägg till indikatorn", type="primary")
    if sent:

        def save(session: Any, key: str) -> int:
            new = NewIndicator(
                goal_id=goal.goal_id,
                name=title.strip(),
                unit_of_measure=unit,
                direction=direction,
                periodicity=periodicity,
                accumulation=accumulation,
                own_unit=own_unit.strip(),
                tolerance=numbers.read()["tolerance"],
                computed=computed,
            )
            return add_indicator(session, new, by=actor, key=key)

        _save(name, save, "Indikatorn är tillagd.")


def _activity(goals: Sequence[GoalRow], actor: Actor) -> None:
    name = "new-activity"
    with st.form(forms.submit_key(name), border=False):
        goal = st.selectbox(
            "Mål",
            goals,
            index=len(goals) - 1,
            format_func=_goal_name,
            key=f"{forms.submit_key(name)}-goal",
        )
        title = _text(name, "Aktivitet", "name")
        left, middle, right = st.columns(3)
        with left:
            starts_on = st.date_input(
                "Start", today(), format="YYYY-MM-DD", key=f"{forms.submit_key(name)}-starts_on"
            )
        with middle:
            ends_on = st.date_input(
                "Slut",
                today().replace(month=12, day=31),
                format="YYYY-MM-DD",
                key=f"{forms.submit_key(name)}-ends_on",
            )
            forms.field_error(name, "ends_on")
        with right:
            owner = _text(name, "Ansvarig", "owner")
        sent = st.form_submit_button("Lägg till aktiviteten", type="primary")
    if sent:
        new = NewActivity(goal.goal_id, title.strip(), starts_on, ends_on, owner.strip())
        _save(
            name,
            lambda session, key: add_activity(session, new, by=actor, key=key),
            "Aktiviteten är tillagd.",
        )


def _status(activities: Sequence[ActivityRow], actor: Actor) -> None:
    row = st.selectbox(
        "Aktivitet",
        activities,
        format_func=lambda found: f"{found.name} (till {found.ends_on})",
        key="activity-to-change",
    )
    name = f"activity-status-{row.activity_id}"
    shown = forms.opened(name, row)
    with st.form(forms.submit_key(name), border=False):
        statuses = list(ActivityStatus)
        status = st.selectbox(
            "Läge",
            statuses,
            index=statuses.index(shown.status),
            format_func=sv_title,
            key=f"{forms.submit_key(name)}-status",
        )
        done_on = st.date_input(
            "Klar eller avbruten den (tomt = i dag)",
            None,
            format="YYYY-MM-DD",
            key=f"{forms.submit_key(name)}-done_on",
        )
        forms.field_error(name, "done_on")
        sent = forms.submit(name, "Spara läget")
    if sent:
        key = forms.submit_key(name)
        values = (
            Compared("status", "Läge", shown.status, status),
            Compared("done_on", "Klar eller avbruten", shown.done_on, done_on or shown.done_on),
        )

        def save(session: Any) -> int:
            new = NewStatus(status, forms.version(name, shown.version), done_on)
            return set_activity_status(session, row.activity_id, new, by=actor, key=key)

        said = f"{text.safe(row.name)}: {sv(status)}."
        forms.run(name, save, said, values=lambda: values)


def _save(name: str, write: Callable[[Any, str], int], said: str) -> None:
    key = forms.submit_key(name)
    forms.run(name, lambda session: write(session, key), said)


def _text(form: str, label: str, field: str, hint: str | None = None) -> str:
    typed = st.text_input(label, help=hint, key=f"{forms.submit_key(form)}-{field}")
    forms.field_error(form, field)
    return typed or ""


def _long_text(form: str, label: str, field: str) -> str:
    typed = st.text_area(label, height=80, key=f"{forms.submit_key(form)}-{field}")
    forms.field_error(form, field)
    return typed or ""


def _goal_name(goal: GoalRow) -> str:
    return f"{goal.year} · {goal.code} {goal.name}"
