"""The ways of looking at Placeringar: only the chosen one is read and drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import db
from core.auth import Actor, Permission
from core.queries.framework_agreement import OutsideAgreement
from core.queries.placement_choices import EVERYTHING, Choices
from core.queries.placement_history import placement_history
from core.queries.placement_sums import month_costs
from core.queries.placement_timeline import timeline
from core.queries.placements import PlacementRow
from pages.common import (
    placement_address,
    placement_groups,
    placement_parts,
    placement_timeline,
    retained_note,
)
from pages.common import (
    placement_history as history_parts,
)
from pages.common.filters import Filters

LIST, GROUPS, TIMELINE, OUTSIDE, HISTORY = "lista", "grupper", "tidslinje", "ramavtal", "prognos"
TITLES = {
    LIST: ":material/list: Lista",
    GROUPS: ":material/functions: Grupperat",
    TIMELINE: ":material/view_timeline: Tidslinje",
    OUTSIDE: ":material/gavel: Utanför ramavtal",
    HISTORY: ":material/show_chart: Prognosens väg",
}
_WIDGET = "placement-view"


def choose(*, with_sums: bool) -> str:
    """Draw the choice and return it. `with_sums` is False for who sees own placements only."""
    ways = list(TITLES) if with_sums else [LIST, GROUPS, TIMELINE]
    asked = next(iter(placement_address.values(placement_address.VIEW)), "")
    now = asked if asked in ways else LIST
    st.session_state[_WIDGET] = now
    st.segmented_control(
        "Visa som",
        ways,
        key=_WIDGET,
        format_func=TITLES.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=_changed,
    )
    return now


def _changed() -> None:
    chosen = st.session_state[_WIDGET]
    placement_address.put(placement_address.VIEW, [] if chosen == LIST else [chosen])


def draw(
    view: str,
    rows: Sequence[PlacementRow],
    outside: OutsideAgreement | None,
    choices: Choices,
    chosen: Filters,
    actor: Actor,
) -> None:
    """Draw the chosen way of looking."""
    if view == OUTSIDE and outside is not None:
        placement_groups.draw_outside(outside, chosen, actor)
    elif view == HISTORY:
        with db.read() as session:
            history = placement_history(session, chosen.scope, on=chosen.on)
        history_parts.draw(history, chosen, actor)
    elif not rows:
        st.info("Inga placeringar passar det som är valt.", icon=":material/inbox:")
    elif view == GROUPS:
        placement_groups.draw_groups(choices, chosen, actor)
    elif view == TIMELINE:
        with db.read() as session:
            line = timeline(
                session, chosen.scope, on=chosen.on, choices=choices, with_case=_seen(actor)
            )
        placement_timeline.draw(line, chosen, actor)
    else:
        with db.read() as session:
            months = month_costs(
                session, chosen.scope, on=chosen.on, choices=choices, with_case=_seen(actor)
            )
        placement_parts.draw_months(months, chosen)
        placement_parts.draw_list(rows, chosen, actor)


def _seen(actor: Actor) -> bool:
    return actor.may(Permission.VIEW_CASES)


def draw_lack(choices: Choices, *, lists_lack: bool) -> None:
    """Say what removed cases count in."""
    if lists_lack and choices != EVERYTHING:
        st.markdown(
            ":small[:material/auto_delete: Gallrade ärenden räknas inte med i ett filtrerat urval.]"
        )
    else:
        retained_note.draw(lists_lack=lists_lack)
