"""Tillfälligt boende: households, people, children and cost by month, and individual plans."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.retained import lists_lack
from core.queries.temporary_housing import housed_now, housed_rows, housing_months
from core.rules.dates import last_twelve, month_start
from pages.common import filters, gate, retained_note, temporary_housing_forms
from pages.common import temporary_housing_parts as parts
from pages.common.gate import require

actor = require(Permission.VIEW_PLACEMENTS)
st.title("Tillfälligt boende", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_PLACEMENTS)
scope, on = chosen.scope, chosen.on
with db.read() as session:
    months = housing_months(session, scope, on=on)
    now = housed_now(session, scope, on=on)
    rows = housed_rows(session, scope, on=on, with_case=actor.may(Permission.VIEW_CASES))
    lacks = lists_lack(session, scope, since=month_start(last_twelve(on)[0]))
gate.seen_rows(actor, "placements", scope)

if sum(months["days"]):
    parts.draw_tiles(now, months, chosen)
    parts.draw_charts(months)
    parts.draw_list(rows, chosen, actor)
    if actor.may(Permission.MANAGE_PLACEMENTS) and on == today() and rows:
        temporary_housing_forms.note_plan(rows, scope, actor)
    if lacks:
        st.markdown(
            ":small[:material/auto_delete: Hushåll i ärenden som har gallrats räknas inte längre. "
            "Deras dygn och kostnad räknas med.]"
        )
    parts.draw_tables(months, chosen, actor)
else:
    st.info(
        "Ingen har bott i tillfälligt boende de senaste tolv månaderna. När en placering på hotell "
        "eller vandrarhem registreras syns den här. Metodutvecklaren väljer under Placeringsval "
        "vilka andra slag som räknas.",
        icon=":material/inbox:",
    )
    retained_note.draw(lists_lack=lacks)
