"""Placeringar: the list as it stood on a day, its cost, what to take up, and what is registered."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import db
from core.auth import Permission, row_scope
from core.clock import today
from core.queries.framework_agreement import outside_agreement
from core.queries.placement_choices import EVERYTHING, chosen_rows
from core.queries.placement_sums import placement_summary
from core.queries.placements import placement_rows
from core.queries.retained import lists_lack
from pages.common import (
    filters,
    gate,
    placement_address,
    placement_filters,
    placement_forms,
    placement_parts,
    placement_views,
)
from pages.common.gate import require
from pages.common.placement_views import Listed

actor = require(Permission.VIEW_PLACEMENTS)
st.title("Placeringar", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_PLACEMENTS)
asked = placement_address.asked(actor)
scope, on, choices = chosen.scope, chosen.on, asked.choices
seen, with_sums = actor.may(Permission.VIEW_CASES), actor.may(Permission.VIEW_BUDGET)
view = placement_views.asked(with_sums=with_sums)
with db.read() as session:
    reached = placement_summary(session, row_scope(actor, Permission.VIEW_PLACEMENTS), on=on)
    every = placement_rows(session, scope, on=on, with_case=seen)
    rows = chosen_rows(session, scope, on=on, with_case=seen, choices=choices)
    summary = placement_summary(session, scope, on=on, choices=choices, with_case=seen)
    outside = (
        outside_agreement(session, scope, on=on, choices=choices, with_case=seen)
        if with_sums
        else None
    )
    listed = Listed(choices, rows, outside)
    draw_view = placement_views.ready(session, view, listed, chosen, actor)
    lacks = lists_lack(session, scope, since=on.replace(month=1, day=1))
gate.seen_rows(actor, "placements", scope)

if reached.full_year:
    placement_parts.draw_families(reached, chosen)
if every or summary.full_year:
    placement_filters.draw(asked, every, scope, actor)
    if choices != EVERYTHING:
        placement_filters.draw_chosen(choices, len(rows), every)
    placement_parts.draw_tiles(summary, rows, outside, chosen)
    placement_parts.draw_flags(summary, rows, chosen)
    placement_views.choose(view, with_sums=with_sums)
    draw_view()
    placement_views.draw_lack(choices, lists_lack=lacks)
else:
    st.info(
        f"Inga placeringar {on.year}. När en placering registreras syns den här med sin kostnad.",
        icon=":material/inbox:",
    )
if actor.may(Permission.MANAGE_PLACEMENTS) and on == today():
    for title, icon, form in (
        ("Registrera en placering", "add", partial(placement_forms.register, scope)),
        ("Ändra en placering", "edit", partial(placement_forms.change, every)),
    ):
        box = st.expander(title, icon=f":material/{icon}:", key=title, on_change="rerun")
        if box.open:  # a closed form costs nothing
            with box:
                form(actor)
elif actor.may(Permission.MANAGE_PLACEMENTS):
    st.markdown(":small[Ändringar görs i läget i dag.]")
