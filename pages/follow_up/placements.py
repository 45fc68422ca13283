"""Placeringar: the list as it stood on a day, its cost, what to take up, and what is registered."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.keys import By
from core.queries.placement_groups import cost_groups
from core.queries.placement_sums import month_costs, placement_summary
from core.queries.placements import placement_kinds, placement_rows
from core.queries.retained import lists_lack
from pages.common import filters, gate, placement_forms, placement_parts, retained_note
from pages.common.gate import require

actor = require(Permission.VIEW_PLACEMENTS)
st.title("Placeringar", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_PLACEMENTS)
scope, on = chosen.scope, chosen.on
splits = {"Slag": By.KIND, "Avtal": By.CONTRACT}
if scope.group_id is None and scope.caseworker_id is None:
    splits["Grupp"] = By.GROUP
with db.read() as session:
    seen = actor.may(Permission.VIEW_CASES)
    rows = placement_rows(session, scope, on=on, with_case=seen)
    summary = placement_summary(session, scope, on=on)
    months = month_costs(session, scope, on=on)
    sums = {title: cost_groups(session, scope, on=on, by=by) for title, by in splits.items()}
    manages = actor.may(Permission.MANAGE_PLACEMENTS) and on == today()
    kinds = placement_kinds(session, scope) if manages else ()
    lacks = lists_lack(session, scope, since=on.replace(month=1, day=1))
gate.seen_rows(actor, "placements", scope)

if rows or summary.full_year:
    placement_parts.draw_tiles(summary, rows, chosen)
    placement_parts.draw_flags(summary, rows, chosen)
    st.subheader(f"Kostnad per månad {on.year}", anchor=False)
    placement_parts.draw_months(months, chosen)
    columns = st.columns((5, 4, 4)[: len(sums)])
    for column, (title, split) in zip(columns, sums.items(), strict=True):
        with column:
            placement_parts.draw_split(split, title, chosen, actor)
    retained_note.draw(lists_lack=lacks)
    placement_parts.draw_list(rows, chosen, actor)
else:
    st.info(
        f"Inga placeringar {on.year}. När en placering registreras syns den här med sin kostnad.",
        icon=":material/inbox:",
    )
if manages:
    for title, icon, form in (
        ("Registrera en placering", "add", partial(placement_forms.register, kinds, scope)),
        ("Ändra en placering", "edit", partial(placement_forms.change, rows)),
    ):
        box = st.expander(title, icon=f":material/{icon}:", key=title, on_change="rerun")
        if box.open:  # a closed form costs nothing
            with box:
                form(actor)
elif actor.may(Permission.MANAGE_PLACEMENTS):
    st.markdown(":small[Ändringar görs i läget i dag.]")
