"""Budget och prognos: budget, outcome, prognosis and deviation by line, with computed prognoses."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.budget import budget_table
from core.queries.ledger import unmapped
from core.queries.placements import placement_kinds
from core.queries.prognosis_rounds import latest_head
from core.queries.year_results import year_results
from core.rules.dates import ONE_DAY, month_start, year_of
from pages.common import budget_forms, budget_parts, filters
from pages.common.gate import require

# In a year's first months last year's outcome is still typed in: its December, corrections.
CLOSING_MONTHS = 4

actor = require(Permission.VIEW_BUDGET)
st.title("Budget och prognos", anchor=False)
chosen = filters.bar(actor, group=False)
edits = actor.may(Permission.EDIT_BUDGET) and chosen.on == today()
with db.read() as session:
    budget = budget_table(session, chosen.scope, on=chosen.on)
    kinds = placement_kinds(session, chosen.scope) if edits else ()
    head = latest_head(session, chosen.scope, month=month_start(chosen.on))
    unplaced = unmapped(session, chosen.scope, year=chosen.on.year, on=chosen.on)
    closing = edits and chosen.on.month <= CLOSING_MONTHS
    last_day = year_of(chosen.on).start - ONE_DAY
    earlier = budget_table(session, chosen.scope, on=last_day) if closing else None
    results = year_results(session, chosen.scope, on=chosen.on)

if budget.lines:
    budget_parts.draw_tiles(budget, chosen)
    budget_parts.draw_round(head, chosen.on)
    budget_parts.draw_unmapped(unplaced)
    budget_parts.draw_deviations(budget)
    budget_parts.draw_lines(budget, chosen, actor)
    budget_parts.draw_moves(budget, chosen, actor)
else:
    st.info(
        f"Ingen budget för {chosen.on.year}. Controllern lägger till budgetens poster.",
        icon=":material/inbox:",
    )
budget_parts.draw_results(results, chosen, actor)
if edits:
    possible = [
        ("Lägg till en budgetpost", "add", budget_forms.add_line),
        ("Skriv in ett tidigare års resultat", "history", budget_forms.state_result),
    ]
    if budget.lines:
        enter = partial(budget_forms.enter, budget, head)
        possible.insert(0, ("Skriv in utfall eller prognos", "edit", enter))
    if earlier is not None and earlier.lines:
        last_year = partial(budget_forms.last_years_outcome, earlier)
        possible.append((f"Skriv in utfall för {chosen.on.year - 1}", "event_repeat", last_year))
    if kinds and budget.lines:
        pay = partial(budget_forms.pay_kinds, kinds, budget)
        possible.append(("Vilken post betalar placeringarna?", "link", pay))
    for title, icon, form in possible:
        box = st.expander(title, icon=f":material/{icon}:", key=title, on_change="rerun")
        if box.open:  # a closed form costs nothing
            with box:
                form(actor)
elif actor.may(Permission.EDIT_BUDGET):
    st.markdown(":small[Ändringar görs i läget i dag.]")
