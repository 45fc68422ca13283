"""Träffsäkerhet: how near the methods and the controller came to the final amount in closed years."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.queries.accuracy import accuracy
from core.queries.budget import budget_table
from pages.common import accuracy_parts, filters
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Träffsäkerhet", anchor=False)
chosen = filters.bar(actor, group=False)
with db.read() as session:
    found = accuracy(session, chosen.scope, on=chosen.on)
    through = budget_table(session, chosen.scope, on=chosen.on).booked_through

if found.years:
    line, month = accuracy_parts.choices(found, through, chosen.on)
    st.markdown(f"**{accuracy_parts.in_words(line, month)}**")
    st.markdown(f":small[{accuracy_parts.honest(found)}]")
    accuracy_parts.draw_months(line, chosen, actor)
    accuracy_parts.draw_lines(found, month, chosen, actor)
else:
    st.info(
        "Inget avslutat år än. Träffsäkerheten räknas när ett års december är bokförd.",
        icon=":material/inbox:",
    )
