"""Underliggande resultat: outcome and prognosis with state grants and one-off items kept apart."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.underlying import underlying_table
from pages.common import filters, underlying_parts
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Underliggande resultat", anchor=False)
chosen = filters.bar(actor, group=False)
edits = actor.may(Permission.EDIT_BUDGET) and chosen.on == today()
with db.read() as session:
    table = underlying_table(session, chosen.scope, on=chosen.on)

if table.lines:
    underlying_parts.draw_tiles(table, chosen)
    underlying_parts.draw_lines(table, chosen, actor)
    underlying_parts.draw_items(table, chosen, actor)
else:
    st.info(
        f"Ingen budget för {chosen.on.year}. Controllern lägger till budgetens poster.",
        icon=":material/inbox:",
    )
if edits and table.lines:
    possible = [
        ("Håll isär en generalschablon eller engångspost", "add", underlying_parts.add),
        ("Makulera en post", "delete", underlying_parts.void),
    ]
    for title, icon, form in possible if table.items else possible[:1]:
        box = st.expander(title, icon=f":material/{icon}:", key=title, on_change="rerun")
        if box.open:  # a closed form costs nothing
            with box:
                form(table, actor)
elif actor.may(Permission.EDIT_BUDGET):
    st.markdown(":small[Ändringar görs i läget i dag.]")
