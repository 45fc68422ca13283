"""Åtgärdsplan: measures with expected effect, what they did, and the prognosis with and without."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.budget import budget_table
from core.queries.savings import action_plan
from pages.common import filters, savings_forms, savings_parts
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Åtgärdsplan", anchor=False)
chosen = filters.bar(actor, group=False)
edits = actor.may(Permission.EDIT_SAVINGS) and chosen.on == today()
with db.read() as session:
    plan = action_plan(session, chosen.scope, on=chosen.on)
    budget = budget_table(session, chosen.scope, on=chosen.on)

if plan.measures:
    savings_parts.draw_tiles(plan, chosen)
    savings_parts.draw_effects(plan, chosen)
    savings_parts.draw_lines(plan, chosen, actor)
    savings_parts.draw_measures(plan, chosen, actor)
else:
    st.info(
        f"Det finns ingen åtgärdsplan för {chosen.on.year}. När en åtgärd läggs till syns här vad den "
        "förväntas spara, vad den har sparat och prognosen med och utan den.",
        icon=":material/inbox:",
    )
if edits and budget.lines:
    possible = [("Lägg till en åtgärd", "add", partial(savings_forms.add, budget))]
    if plan.measures:
        follow = partial(savings_forms.follow_up, plan)
        possible.insert(0, ("Följ upp en åtgärd", "fact_check", follow))
        possible.append(("Ändra en åtgärd", "edit", partial(savings_forms.change, plan)))
    for title, icon, form in possible:
        box = st.expander(title, icon=f":material/{icon}:", key=title, on_change="rerun")
        if box.open:  # a closed form costs nothing
            with box:
                form(actor)
elif edits:
    st.markdown("Först behöver controllern lägga till budgetposter på sidan Budget och prognos.")
elif actor.may(Permission.EDIT_SAVINGS):
    st.markdown(":small[Ändringar görs i läget i dag.]")
