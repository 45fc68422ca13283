"""The forms of BKA: analyses that were missing, and a decision with its analyses."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.clock import today
from core.queries.case_register import Wanted, case_in_full, search
from core.queries.child_impact import ChildRow
from core.queries.decisions import decision_in_full
from core.terms import sv
from pages.common import decision_forms


def add_analyses(missing: list[ChildRow], actor: Actor) -> None:
    """Draw how analyses are added to a decision whose children lack them."""
    words = {
        child.decision_id: f"{child.reference}, {sv(child.kind)} {child.decided_on}"
        for child in missing
    }
    decision_id = st.selectbox(
        "Beslut där analys saknas",
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder="Välj beslut",
        key="bka-decision",
    )
    if decision_id is None:
        return
    scope = row_scope(actor, Permission.REPORT_CHILD_IMPACT)
    with db.read() as session:
        decision = decision_in_full(session, scope, decision_id=decision_id, on=today())
    if decision is None:
        st.info("Ärendet har flyttats, så analysen registreras av någon annan.")
    else:
        decision_forms.analyse(decision, actor, None)


def register(actor: Actor) -> None:
    """Draw how an adverse decision is registered with the children it affects."""
    scope = row_scope(actor, Permission.REPORT_CHILD_IMPACT)
    sought = st.text_input("Ärende", placeholder="Del av referensen", key="bka-case")
    if not sought:
        st.caption("Skriv hela eller en del av ärendets referens. Ärendet får vara avslutat.")
        return
    wanted = Wanted(text=sought, closed_too=True)
    with db.read() as session:
        found = search(session, scope, on=today(), wanted=wanted)
    if not found.rows:
        st.info("Inget av dina ärenden har den referensen.", icon=":material/search_off:")
        return
    words = {row.case_id: f"{row.reference}, {sv(row.kind)}" for row in found.rows}
    case_id = st.selectbox(
        "Välj ärende",
        list(words),
        index=0 if len(words) == 1 else None,
        format_func=words.__getitem__,
        placeholder=f"{found.total} ärenden passar",
        key="bka-found-case",
    )
    if case_id is None:
        return
    with db.read() as session:
        case = case_in_full(session, scope, case_id=case_id, on=today())
    if case is not None:
        decision_forms.decide(case, actor, None)
