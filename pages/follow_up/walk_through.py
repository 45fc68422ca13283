"""Genomgång: the monthly meeting, one placement at a time on the big screen, and what it decided."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, row_scope
from core.clock import today
from core.queries.placements import placement_rows
from core.queries.retained import lists_lack
from core.queries.walk_throughs import agenda, meetings
from pages.common import (
    filters,
    gate,
    walk_through_address,
    walk_through_card,
    walk_through_form,
    walk_through_start,
    walk_through_summary,
)
from pages.common.gate import require

actor = require(Permission.MANAGE_PLACEMENTS)
scope = row_scope(actor, Permission.MANAGE_PLACEMENTS)
asked = walk_through_address.asked()
if asked is None:
    st.title("Genomgång", anchor=False)
    chosen = filters.bar(actor, day=False, permission=Permission.MANAGE_PLACEMENTS)
    held_on = walk_through_start.chosen_day()
    with db.read() as session:
        rows = placement_rows(session, chosen.scope, on=held_on, with_case=True)
        held = meetings(session, chosen.scope)
    walk_through_start.draw(rows, held, chosen, actor)
    st.stop()

with db.read() as session:
    found = agenda(session, scope, walk_through_id=asked)
    lacks = found is not None and lists_lack(
        session, scope, since=found.meeting.held_on.replace(month=1, day=1)
    )
if found is None:
    st.title("Genomgång", anchor=False)
    st.warning("Den genomgången finns inte bland dina.", icon=":material/info:")
    st.button("Till alla genomgångar", on_click=walk_through_address.leave)
    st.stop()
gate.seen_rows(actor, "walk_through", scope)
if found.meeting.closed or walk_through_address.wants_summary() or not found.cards:
    st.title(walk_through_summary.title(found.meeting, today()), anchor=False)
    walk_through_summary.draw(found, actor, lacks=lacks)
else:
    card, place = walk_through_address.current(found)
    walk_through_card.draw_top(found, card, place)
    left, right = st.columns((3, 2), gap="large")
    with left:
        walk_through_card.draw(card, found.meeting)
    with right:
        walk_through_form.draw(found, card, actor)
