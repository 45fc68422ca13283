"""Prognosrunda: the month's prognosis of all lines, explained, approved by the manager and locked."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.queries.accuracy import accuracy
from core.queries.budget import budget_table
from core.queries.prognosis_rounds import limits, round_heads, round_view
from core.terms import RoundState
from pages.common import filters, round_forms, round_lines, round_parts, text
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Prognosrunda", anchor=False)
chosen = filters.bar(actor, group=False, day=False)
with db.read() as session:
    heads = round_heads(session, chosen.scope, since=round_parts.months()[-1])
    month = round_parts.month_choice(heads)
    number = round_parts.version_choice(heads, month)
    view = round_view(session, chosen.scope, month=month, number=number)
    set_limits = limits(session, chosen.scope)
    past = accuracy(session, chosen.scope, on=chosen.on)
    budget = budget_table(session, chosen.scope, on=view.head.made_on if view else chosen.on)

edits = actor.may(Permission.EDIT_BUDGET)
latest = view is not None and view.head.number == max(
    head.number for head in heads if head.month == month
)
if view is None:
    st.info(
        f"Ingen prognosrunda för {text.month_sv(month)} än. Controllern öppnar den: varje post "
        "fylls i med utfall, förra prognosen och de uträknade.",
        icon=":material/inbox:",
    )
    if edits:
        round_forms.open_round(month, actor)
else:
    state = view.head.state
    round_parts.draw_state(view, budget)
    round_parts.draw_tiles(view)
    with st.container(key="no-print"):
        if state is RoundState.OPEN and edits and latest:
            round_lines.draw(view, past, actor)
            with st.container(horizontal=True):
                round_forms.hand_over(view, actor)
                round_forms.refresh(view, actor)
        else:
            round_lines.draw_unsaved(view)
        if state is RoundState.SUBMITTED and actor.may(Permission.APPROVE_PROGNOSIS):
            st.subheader("Din genomgång", anchor=False)
            round_lines.draw_for_manager(view, actor)
            round_forms.decide(view, actor)
        if state is RoundState.APPROVED and edits and latest:
            round_forms.new_version(view, actor)
    st.subheader("Sammanfattning", anchor=False)
    round_parts.draw_summary(view, actor)
if edits:
    title = "När måste en post kommenteras?"
    box = st.expander(title, icon=":material/rule:", key=title, on_change="rerun")
    if box.open:
        with box:
            round_forms.limits(set_limits, actor)
