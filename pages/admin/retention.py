"""Gallring: closed cases whose time is up are removed; the figures of every day stay."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries import retention
from pages.common import retention_parts, text
from pages.common.gate import require

actor = require(Permission.MANAGE_RETENTION)
st.title("Gallring", anchor=False)

on = today()
with db.read() as session:
    months = retention.term(session)
    found = retention.preview(session, on=on)
    runs = retention.runs(session)

st.markdown(
    f"Avslutade ärenden sparas i **{months} månader** efter det sista som hänt i dem. Sedan kan de "
    "tas bort. Alla siffror, också de bakåt i tiden, är desamma efteråt."
)
with st.container(width=retention_parts.WIDTH):
    if found.cases:
        retention_parts.draw_preview(found, actor)
    else:
        st.info(
            "Det finns inget att ta bort i dag. Tiden är ute för ärenden som avslutats senast "
            f"{text.date_sv(found.closed_through)}, och inga sådana finns kvar att ta bort.",
            icon=":material/inbox:",
        )
    with st.expander("Vad försvinner och vad står kvar?", icon=":material/help:"):
        st.markdown(retention_parts.WHAT_STAYS)
    if found.cases:
        retention_parts.draw_removal(found, actor)
    retention_parts.draw_runs(runs, actor)
    with st.expander("Ändra hur länge ärenden sparas", icon=":material/edit_calendar:"):
        retention_parts.change_term(months, actor)
