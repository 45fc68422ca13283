"""Biståndsmodell: paid benefit as households x kronor x month pattern, with its assumptions."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.budget import budget_table
from core.queries.drivers import driver_lines
from pages.common import driver_parts, filters
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Biståndsmodell", anchor=False)
chosen = filters.bar(actor, group=False)
with db.read() as session:
    lines = driver_lines(session, chosen.scope, on=chosen.on)
    budget = budget_table(session, chosen.scope, on=chosen.on)
edits = actor.may(Permission.EDIT_BUDGET) and chosen.on == today()

st.markdown(
    "Modellen räknar hushåll gånger kronor per hushåll gånger månadens mönster för de månader som inte "
    "är bokförda. Bokförda månader räknas som de är."
)
for line in lines:
    driver_parts.draw_line(line, chosen, actor)
if not lines:
    st.info(
        f"Ingen budgetpost har en biståndsmodell {chosen.on.year}. "
        "Controllern väljer en post och antar hur hushåll, norm och hyror utvecklas.",
        icon=":material/inbox:",
    )
if edits and budget.lines:
    driver_parts.draw_forms(lines, budget, actor)
elif edits:
    st.markdown("Först behöver controllern lägga till budgetposter på sidan Budget och prognos.")
elif actor.may(Permission.EDIT_BUDGET):
    st.markdown(":small[Ändringar görs i läget i dag.]")
