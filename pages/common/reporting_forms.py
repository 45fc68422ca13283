"""What managers and metodutvecklare report themselves, on Rapporteringsläge."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import db
from core.auth import Actor, Permission, Role, row_scope
from core.clock import today
from core.queries.measure_points import DueItem, definitions, due_items
from core.services.measure_forms import MAY_REPORT
from pages.common import measure_corrections, measure_forms, text

SHOWN = 200


def draw(actor: Actor) -> None:
    """Draw what a manager has to report, what can be reported at any time, and corrections."""
    scope = row_scope(actor, Permission.REPORT_MEASURES)
    with db.read() as session:
        waiting = own_items(due_items(session, scope, on=today()), actor)
        known = definitions(session, scope, on=today())
    extra = [one for one in known if measure_forms.is_extra(one, actor)]
    with st.container(border=True):
        st.subheader("Rapportera", anchor=False)
        _waiting(waiting, actor)
        if extra:
            with st.expander("Något har hänt", icon=":material/add:"):
                measure_forms.choose(extra, actor, name="status")
        with st.expander("Rätta en egen rapport", icon=":material/edit:"):
            measure_corrections.draw(actor)


def own_items(items: Sequence[DueItem], actor: Actor) -> list[DueItem]:
    """Return what is due of that which the actor's role is asked, not what handläggare are."""
    return [
        item
        for item in items
        if item.definition.reporter is not Role.CASEWORKER
        and actor.role in MAY_REPORT[item.definition.reporter]
    ]


def _waiting(items: Sequence[DueItem], actor: Actor) -> None:
    if not items:
        st.markdown(":material/check_circle: Du har inget att rapportera just nu.")
        return
    words = {_key(item): _words(item) for item in items[:SHOWN]}
    chosen = st.selectbox(
        f"Att rapportera, {len(items)} kvar",
        list(words),
        index=0,
        format_func=words.__getitem__,
        key="status-due",
    )
    for item in items:
        if _key(item) == chosen:
            measure_forms.draw(item, actor)


def _key(item: DueItem) -> str:
    about = f"{item.caseworker_id}-{item.group_id}-{item.case_id}"
    return f"{item.point_id}-{item.period.start}-{about}"


def _words(item: DueItem) -> str:
    about = item.reference or item.who
    due = text.date_sv(item.due_on, today())
    return f"{item.definition.name}, {about}, {text.period_sv(item.period)}, senast {due}"
