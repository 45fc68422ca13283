"""Kostnadsprognos: what has moved the placements' full-year cost, and where the year may end."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.budget import budget_table
from core.queries.cost_bridge import bridge
from core.queries.cost_outlook import outlook, trial_years
from core.queries.retained import lists_lack
from pages.common import bridge_parts, fan_parts, filters, gate, retained_note
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Kostnadsprognos", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_PLACEMENTS)
scope, on = chosen.scope, chosen.on
with db.read() as session:
    lines = budget_table(session, scope, on=on).lines
    made = [line.made_on for line in lines if line.pays_placements and line.made_on]
    before = bridge_parts.compared_day(chosen, max(made, default=None))
    moved = bridge(session, scope, before=before, after=on, today=today())
    now = outlook(session, scope, on=on, today=today())
    years = trial_years(session, scope, on=on)
    lacks = lists_lack(session, scope, since=on.replace(month=1, day=1))
gate.seen_rows(actor, "placements", scope)

if moved.start or moved.end or now.paid[-1][1] or (now.fan and now.fan.lines):
    fan_parts.draw_tiles(now, moved, chosen)
    st.subheader("Vad har ändrat prognosen?", anchor=False)
    bridge_parts.draw_sentence(moved, chosen)
    bridge_parts.draw_chart(moved)
    bridge_parts.draw_table(moved, chosen, actor)
    retained_note.draw(lists_lack=lacks)
    st.subheader(f"Hur slutar {on.year}?", anchor=False)
    fan_parts.draw_fan(now, chosen)
    if now.fan is not None:
        fan_parts.draw_kinds(now.fan, chosen, actor)
        st.subheader("Hur har uppskattningen träffat?", anchor=False)
        fan_parts.draw_trials(years, chosen, actor)
else:
    st.info(
        f"Inga placeringar {on.year}. När en placering registreras syns här vad året kostar och "
        "vad som ändrar prognosen.",
        icon=":material/inbox:",
    )
