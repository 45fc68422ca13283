"""The forms of Min vecka: what each saves is told, with what it did to its indicator."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from core import db
from core.auth import Actor, row_scope
from core.clock import today
from core.queries.case_register import CaseInFull, case_in_full
from core.queries.decisions import decision_in_full
from core.queries.effects import Reading, Target, reading
from core.queries.my_week import WeekCase
from core.queries.todo import MissingDecision, Todo
from core.rules.measure_points import Definition
from core.services.undo_reports import ReportKind
from core.terms import ComputedFigure, ReminderKind
from pages.common import (
    case_forms,
    decision_forms,
    measure_fields,
    measure_forms,
    snooze_forms,
    threads,
    week_done,
    week_list,
)
from pages.common.case_forms import Action

GONE = "Det är redan gjort, eller inte längre ditt."
After = Callable[[object], None]


def full(case: WeekCase, actor: Actor) -> CaseInFull | None:
    """Return a case in full, None and a word about it when it is no longer the actor's."""
    with db.read() as session:
        found = case_in_full(session, row_scope(actor), case_id=case.case_id, on=today())
    if found is None:
        st.info(GONE, icon=":material/info:")
    return found


def act(action: Action, case: CaseInFull, actor: Actor, *, brief: bool = False) -> None:
    """Draw an action's form on a case and, unless brief, what it counts towards."""
    kind = week_done.KINDS.get(action)
    last = week_done.last_reading(row_scope(actor), kind, today()) if brief else None
    read = last or _read(actor, [Target(figure=one) for one in week_done.COUNTS_TOWARDS[action]])
    after = forget if kind is None else _noting(read, (kind, case.reference), actor)
    if brief:
        case_forms.brief(action, case, actor, after)
    else:
        case_forms.draw(action, case, actor, after)
        threads.stands(read)


def analyse(missing: MissingDecision, actor: Actor, *, brief: bool = False) -> None:
    """Draw how a decision's analyses are registered and, unless brief, what they count towards."""
    with db.read() as session:
        decision = decision_in_full(
            session, row_scope(actor), decision_id=missing.decision_id, on=today()
        )
    if decision is None:
        st.info(GONE, icon=":material/info:")
        return
    read = _read(actor, [Target(figure=ComputedFigure.BKA_COVERAGE)])
    after = _noting(read, (ReportKind.ANALYSIS, missing.reference), actor)
    decision_forms.analyse(decision, actor, after, brief=brief)
    if not brief:
        threads.stands(read)


def measure(item: Todo, actor: Actor, *, brief: bool = False) -> None:
    """Draw the form of the first of a measure point's items and, unless brief, its indicator.

    Where several are left the dialog stays open, for the next one.
    """
    first = item.measure[0]
    read = _read(actor, _fed(first.definition))
    name = first.definition.name
    about = f"{first.reference}, {name}" if first.reference else name
    after = _noting(read, (ReportKind.MEASURE, about), actor, stay=len(item.measure) > 1)
    measure_forms.draw(first, actor, after, titled=True)
    if not brief:
        threads.stands(read)


def beside(definition: Definition, actor: Actor) -> None:
    """Draw the form of what is reported beside what is due."""
    read = _read(actor, _fed(definition))
    after = _noting(read, (ReportKind.MEASURE, definition.name), actor)
    measure_forms.report(measure_fields.Target(definition), actor, after)
    threads.stands(read)


def put_off(item: Todo, actor: Actor) -> None:
    """Draw how the reminder of something to do is put off."""
    about = reminder_of(item)
    if about is None:
        return
    case_id, reference, kind, point = about
    after = _noting(_read(actor, ()), (ReportKind.SNOOZE, reference), actor)
    snooze_forms.put_off((case_id, reference), kind, actor, after, point=point)


def reminder_of(item: Todo) -> tuple[int, str, ReminderKind, int | None] | None:
    """Return the case, its reference, what the reminder is about and its measure point.

    None for what isn't about a case: that has no reminder to put off.
    """
    if item.case is not None:
        if item.case.due_on is None:
            return None
        return item.case.case_id, item.case.reference, ReminderKind.PLAN, None
    if item.decision is not None:
        return item.decision.case_id, item.decision.reference, ReminderKind.CHILD_IMPACT, None
    first = item.measure[0]
    if first.case_id is None or first.reference is None:
        return None
    return first.case_id, first.reference, ReminderKind.MEASURE, first.point_id


def forget(_saved: object = None) -> None:
    """After something was put right: close the dialog, and tell no more what was done before."""
    week_done.forget()
    week_list.let_go()


def _fed(definition: Definition) -> list[Target]:
    indicator = definition.indicator_id
    return [] if indicator is None else [Target(indicator_id=indicator)]


def _read(actor: Actor, targets: Iterable[Target]) -> Reading:
    with db.read() as session:
        return reading(session, row_scope(actor), targets=targets, on=today())


def _noting(
    read: Reading, about: tuple[ReportKind, str], actor: Actor, *, stay: bool = False
) -> After:
    """Return what to call after a save: it is told, and the dialog closed unless it is to stay."""
    note = week_done.noting(read, row_scope(actor), about, today())

    def after(result: object) -> None:
        note(result)
        if not stay:
            week_list.let_go()

    return after
