"""Min vecka: own cases by what is due next, reported in a few taps, and own figures."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, row_scope
from core.clock import today
from core.queries.case_register import case_in_full
from core.queries.cases import load
from core.queries.change_plans import change_plans
from core.queries.child_impact import bka
from core.queries.keys import By
from core.queries.my_week import MissingAnalysis, WeekCase, my_week
from core.queries.undoable import latest_undoable
from core.rules.dates import year_of
from pages.common import case_forms, case_search, gate, text, week_parts
from pages.common.case_forms import Action
from pages.common.gate import require
from pages.common.week_parts import let_go, thread_of

actor = require(Permission.VIEW_OWN_WEEK)
st.title("Min vecka", anchor=False)
scope, on = row_scope(actor), today()
with db.read() as session:
    week = my_week(session, scope, on=on)
    plans = change_plans(session, scope, on=on, by=By.NONE).iloc[0]
    held = load(session, scope, on=on, by=By.NONE).iloc[0]
    children = bka(session, scope, start=year_of(on).start, end=on, today=on, by=By.NONE).iloc[0]
    latest = latest_undoable(session, scope, user_id=actor.user_id)
    threads = {action: thread_of(session, scope, action, on) for action in Action}
gate.seen_rows(actor, "own_week", scope)


def report(case: WeekCase) -> None:
    """Draw what can be reported on a case."""
    who = require(Permission.VIEW_OWN_WEEK)
    with db.read() as session:
        full = case_in_full(session, row_scope(who), case_id=case.case_id, on=today())
    if full is None:
        st.info("Ärendet är inte längre ditt.", icon=":material/info:")
        return
    st.markdown(f"{week_parts.status_badge(case)} {week_parts.next_step(case, today())}")
    choices = week_parts.actions(case)
    chosen = st.pills(
        "Vad har hänt?", choices, default=choices[0], required=True, key=f"do-{case.case_id}"
    )
    case_forms.draw(chosen or choices[0], full, who, let_go)
    week_parts.red_thread(threads[chosen or choices[0]])


def analyse(child: MissingAnalysis) -> None:
    """Draw how a child's analysis is reported."""
    who = require(Permission.VIEW_OWN_WEEK)
    st.markdown(week_parts.child_words(child, today()))
    said = f"{child.reference}, barn {child.child_number}"
    case_forms.analysis((child.decision_id, child.child_number), said, who, let_go)
    week_parts.red_thread(threads[Action.DECIDE])


case_search.undo(latest, actor, same_day=True)
if not week.cases and not week.missing:
    st.info("Du har inga öppna ärenden. Din chef fördelar dem till dig.", icon=":material/inbox:")
    st.stop()

st.markdown(week_parts.summary(week, on))
st.html(week_parts.LIST_STYLE)
todo, own = st.columns([3, 2], gap="large")
with todo, st.container(key="week-rows"):
    child = None
    if week.missing:
        st.subheader("Barn utan konsekvensanalys", anchor=False)
        child = week_parts.child_list(week.missing, on)
    st.subheader("Mina ärenden", anchor=False)
    urgent = [case for case in week.cases if week_parts.needs_something(case, on)]
    everything = st.toggle(f"Visa alla {len(week.cases)}", value=not urgent, key="week-all")
    case = week_parts.case_list(week.cases if everything else urgent, on)
with own:
    st.subheader("Mina siffror", anchor=False)
    base = plans["open"] - plans["exempt"]
    week_parts.figure(
        "Täckning, förändringsplaner",
        text.percent(plans["coverage"]),
        f"{text.share_of(plans['current'] + plans['outdated'], base)} hushåll har en plan",
        threads[Action.ESTABLISH],
    )
    week_parts.figure(
        "Andel aktuella planer",
        text.percent(plans["current_share"]),
        f"{text.share_of(plans['current'], base)} hushåll",
        threads[Action.REVISE],
    )
    week_parts.figure(
        f"BKA {on.year}",
        text.percent(children["share"]),
        f"{text.share_of(children['done'], children['children'])} barn i tid",
        threads[Action.DECIDE],
    )
    week_parts.figure(
        "Mina hushåll",
        text.number(held["households"]),
        f"och {text.number(held['other_cases'])} andra pågående ärenden",
    )
if child is not None:
    st.dialog("Konsekvensanalys", on_dismiss=let_go)(analyse)(child)
elif case is not None:
    st.dialog(case.reference, on_dismiss=let_go)(report)(case)
