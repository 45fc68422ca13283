"""Månadens läge: the month on one page for the meeting, the print and the workbook."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, row_scope
from core.queries.month_summary import month_summary
from pages.common import filters, month_parts
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Månadens läge", anchor=False)
chosen = filters.bar(actor, group=False)
reach = row_scope(actor, Permission.VIEW_PLACEMENTS)
with db.read() as session:
    month = month_summary(session, chosen.scope, reach, on=chosen.on)

if month.budget.lines or month.placements.full_year:
    month_parts.draw_tiles(month, chosen)
    month_parts.draw_figures(month, chosen, actor, whole_unit=reach.group_id is None)
    month_parts.draw_sections(month, chosen, actor)
    month_parts.draw_large(month, chosen, actor)
    month_parts.draw_decided(month, chosen, actor)
else:
    st.info(
        f"Det finns varken budget eller placeringar {chosen.on.year}. Controllern lägger till "
        "budgetens poster, och placeringarna registreras på Placeringar.",
        icon=":material/inbox:",
    )
