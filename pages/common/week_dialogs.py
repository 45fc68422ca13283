"""The dialogs of Min vecka: everything that can be done about what was tapped."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.clock import today
from core.queries.measure_points import definitions
from core.queries.my_week import WeekCase
from core.queries.todo import Todo, TodoList
from core.rules.measure_points import Definition
from pages.common import (
    measure_corrections,
    measure_forms,
    snooze_forms,
    week_list,
    week_reports,
    week_words,
)
from pages.common.case_forms import Action
from pages.common.gate import require

SNOOZE = "Skjut upp"
NEW, CORRECT = "Nytt", "Rätta eller ta bort"
MAIN: dict[bool, str] = {True: "Registrera analys", False: "Rapportera"}
"""What the first choice is called: for a decision, and for a measure point."""


def open_one(todo: TodoList) -> None:
    """Open the dialog of what was tapped, if anything was and it is still there."""
    key = week_list.shown()
    if key is None:
        return
    close = week_list.let_go
    if key == week_list.EXTRA:
        st.dialog("Rapportera något annat", on_dismiss=close)(_extra)()
        return
    for item in (*todo.items, *todo.put_off, *todo.cards):
        if item.key == key:
            st.dialog(week_words.name_of(item), on_dismiss=close)(_item)(item)
            return
    for case in todo.week.cases:
        if week_list.case_key(case.case_id) == key:
            st.dialog(case.reference, on_dismiss=close)(_item)(_of_case(case))
            return


def extra_definitions(session: Any, actor: Actor) -> list[Definition]:
    """Return what can be reported beside what is due."""
    known = definitions(session, row_scope(actor), on=today())
    return [one for one in known if measure_forms.is_extra(one, actor)]


def _of_case(case: WeekCase) -> Todo:
    return Todo(week_list.case_key(case.case_id), case.due_on, case=case)


def _item(item: Todo) -> None:
    """Draw what can be done about something, also its reminder."""
    actor = require(Permission.VIEW_OWN_WEEK)
    if item.snooze is not None:
        st.markdown(week_words.put_off_row(item, today()))
        snooze_forms.come_back(item.snooze, actor, week_reports.forget)
    if item.case is not None:
        _case(item, item.case, actor)
    elif _choice(item) == SNOOZE:
        week_reports.put_off(item, actor)
    elif item.decision is not None:
        week_reports.analyse(item.decision, actor)
    else:
        if len(item.measure) > 1:
            st.caption(f"{len(item.measure)} ärenden kvar, ett i taget.")
        week_reports.measure(item, actor)


def _case(item: Todo, case: WeekCase, actor: Actor) -> None:
    """Draw what can be reported on a case."""
    found = week_reports.full(case, actor)
    if found is None:
        return
    st.markdown(f"{week_words.status_badge(case)} {week_words.next_step(case, today())}")
    choices: list[str] = [action.value for action in week_words.actions(case)]
    if week_reports.reminder_of(item) is not None:
        choices.append(SNOOZE)
    chosen = st.pills(
        "Vad har hänt?",
        choices,
        default=choices[0],
        required=True,
        key=f"do-{case.case_id}",
        wrap=True,
    )
    if chosen == SNOOZE:
        week_reports.put_off(item, actor)
    else:
        week_reports.act(Action(chosen or choices[0]), found, actor)


def _choice(item: Todo) -> str:
    """Draw the choice between reporting and putting off, where a reminder can be put off."""
    main = MAIN[item.decision is not None]
    if item.snooze is not None or week_reports.reminder_of(item) is None:
        return main
    chosen = st.pills(
        "Vad vill du göra?",
        [main, SNOOZE],
        default=main,
        required=True,
        key=f"do-{item.key}",
        label_visibility="collapsed",
    )
    return chosen or main


def _extra() -> None:
    """Draw what can be reported beside what is due: events, more answers, and putting right."""
    actor = require(Permission.VIEW_OWN_WEEK)
    chosen = st.pills(
        "Vad vill du göra?",
        [NEW, CORRECT],
        default=NEW,
        required=True,
        key="week-extra",
        label_visibility="collapsed",
    )
    if chosen == CORRECT:
        measure_corrections.draw(actor, week_reports.forget)
        return
    with db.read() as session:
        known = extra_definitions(session, actor)
    definition = measure_forms.pick(known, "week")
    if definition is not None:
        week_reports.beside(definition, actor)
