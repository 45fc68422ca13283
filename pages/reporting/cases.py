"""Ärenden: search, register, hand over, close, and undo of the latest."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import db
from core.auth import Permission, Scope, row_scope
from core.clock import today
from core.queries.case_register import (
    case_in_full,
    caseworkers,
    next_reference,
    search,
)
from core.queries.undoable import latest_undoable
from core.queries.units import choices
from core.terms import CaseKind
from pages.common import (
    case_forms,
    case_search,
    filters,
    gate,
    register_forms,
)
from pages.common.case_forms import Action
from pages.common.gate import require

SEARCH, REGISTER, MOVE = "Sök och ändra", "Registrera", "Flytta ärenden"
FORM_WIDTH = 560
actor = require(Permission.REGISTER_CASE)
st.title("Ärenden", anchor=False)
chosen = filters.bar(actor, day=False, permission=Permission.REGISTER_CASE)
scope, on = chosen.scope, today()
reach = row_scope(actor, Permission.REGISTER_CASE)
view = st.segmented_control(
    "Vad vill du göra?", [SEARCH, REGISTER, MOVE], default=SEARCH, required=True, key="cases-view"
)
with db.read() as session:
    unit = Scope(scope.unit_id)
    staff = case_search.Staff(caseworkers(session, unit), choices(session, unit).groups)
    latest = latest_undoable(session, unit, user_id=actor.user_id)
    suggested = next_reference(session, unit) if view == REGISTER else None
case_search.undo(latest, actor)


def change(case_id: int) -> None:
    """Draw a case's facts, and the form of what is chosen to be changed."""
    with db.read() as session:
        case = case_in_full(session, scope, case_id=case_id, on=on)
    if case is None:
        return
    st.markdown(case_search.facts(case, staff))
    possible = {"Fördela om": lambda: register_forms.reassign(case, staff, actor)}
    for action, done_on in ((Action.REFER, case.referred_on), (Action.CLOSE, case.closed_on)):
        if done_on is None or case_forms.is_open(action, case):
            possible[action] = partial(case_forms.draw, action, case, actor)
    if case.kind is CaseKind.BENEFIT:
        possible["Hushåll"] = lambda: register_forms.composition(case, actor)
        possible["Vuxna"] = lambda: register_forms.adults(case, actor)
        possible["Försörjningshinder"] = lambda: register_forms.obstacles(case, actor)
        months = Action.BENEFIT_MONTHS
        possible[months] = partial(case_forms.draw, months, case, actor)
    key = f"change-{case.case_id}"
    if case.closed_on is not None:
        st.info("Ärendet är avslutat.", icon=":material/info:")
        possible = {k: form for k, form in possible.items() if k == st.session_state.get(key)}
        if not possible:
            return
    todo = st.pills("Vad ska ändras?", list(possible), key=key)
    if todo is not None:
        with st.container(width=FORM_WIDTH):
            possible[todo]()


if view == REGISTER:
    register_forms.register(staff, reach, suggested, actor)
elif view == MOVE:
    with st.container(width=FORM_WIDTH):
        register_forms.caseload(staff, actor)
else:
    gate.seen_rows(actor, "cases", scope)
    sought = case_search.wanted(staff)
    with db.read() as session:
        found = search(session, scope, on=on, wanted=sought)
    case_id = case_search.pick(found, sought)
    if case_id is not None:
        change(case_id)
    case_search.results(found, actor)
