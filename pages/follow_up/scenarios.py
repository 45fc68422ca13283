"""Vad händer om: imagined changes to placements, and what they would cost, side by side."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.queries.budget import budget_table
from core.queries.placement_terms import offered
from core.queries.placements import placement_rows
from core.queries.retained import lists_lack
from core.queries.scenarios import line_effects, scenarios
from pages.common import filters, gate, retained_note, scenario_forms, text, tiles
from pages.common import scenario_parts as parts
from pages.common.gate import require

actor = require(Permission.EDIT_SCENARIOS)
st.title("Vad händer om", anchor=False)
chosen = filters.bar(actor, day=False, permission=Permission.EDIT_SCENARIOS)
scope, on = chosen.scope, chosen.on
with db.read() as session:
    found = scenarios(session, scope, on=on)
    rows = placement_rows(session, scope, on=on, with_case=False)
    kinds = offered(session, scope).kinds
    budget = budget_table(session, scope, on=on)
    lacks = lists_lack(session, scope, since=on.replace(month=1, day=1))
gate.seen_rows(actor, "placements", scope)

st.markdown(
    "Räkna på tänkta ändringar. Inget ändras på riktigt förrän det beslutas på Placeringar."
)
if found.hidden:
    which = text.plural(found.hidden, "scenario rör", "scenarier rör")
    shows = text.plural(found.hidden, "visas", "visas")
    st.markdown(f":small[{found.hidden} {which} andra gruppers placeringar och {shows} inte här.]")
if found.scenarios:
    shown = parts.compared(found)
    parts.draw_tiles(found, shown, chosen)
    parts.draw_months(found, shown, chosen, actor)
    parts.draw_lines(line_effects(budget, shown), shown, chosen, actor)
    retained_note.draw(lists_lack=lacks)
    st.subheader("Bygg ett scenario", anchor=False)
    one = scenario_forms.choose(found.scenarios)
    if one is not None:
        if one.note:
            st.markdown(text.safe(one.note))
        if one.steps:
            parts.draw_steps(one, chosen, actor)
            tiles.link("placeringar", "Besluta på Placeringar")
        else:
            st.info("Scenariot har inga steg. Lägg till det första här.", icon=":material/add:")
        running = tuple(row for row in rows if row.ended_on is None)
        scenario_forms.change(one, scenario_forms.Offers(running, kinds), actor)
else:
    st.info(
        f"Inga scenarier {on.year}. Skapa ett, och lägg till det du vill räkna på: ett flyttat "
        "slut, en ny dygnskostnad, en annan insats eller en placering som kan komma.",
        icon=":material/inbox:",
    )
box = st.expander(
    "Nytt scenario",
    icon=":material/add:",
    expanded=not found.scenarios,
    key="Nytt scenario",
    on_change="rerun",
)
if box.open:
    with box:
        scenario_forms.create(actor)
