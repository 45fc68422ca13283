"""The ways of looking at Placeringar: only the chosen one is read and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.queries.framework_agreement import OutsideAgreement
from core.queries.placement_choices import EVERYTHING, Choices
from core.queries.placement_groups import cost_groups
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


@dataclass(frozen=True, slots=True)
class Listed:
    """The list as it is narrowed. `outside` is None for who sees own placements only."""

    choices: Choices
    rows: Sequence[PlacementRow]
    outside: OutsideAgreement | None


def asked(*, with_sums: bool) -> str:
    """Return the way that the address asks for, the list for one that isn't the actor's.

    `with_sums` is False for who sees own placements only.
    """
    wanted = next(iter(placement_address.values(placement_address.VIEW)), "")
    return wanted if wanted in _ways(with_sums=with_sums) else LIST


def choose(now: str, *, with_sums: bool) -> None:
    """Draw the choice of way, kept in the address."""
    st.session_state[_WIDGET] = now
    st.segmented_control(
        "Visa som",
        _ways(with_sums=with_sums),
        key=_WIDGET,
        format_func=TITLES.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=_changed,
    )


def _ways(*, with_sums: bool) -> list[str]:
    return list(TITLES) if with_sums else [LIST, GROUPS, TIMELINE]


def _changed() -> None:
    chosen = st.session_state[_WIDGET]
    placement_address.put(placement_address.VIEW, [] if chosen == LIST else [chosen])


def ready(
    session: Any, view: str, listed: Listed, chosen: Filters, actor: Actor
) -> Callable[[], None]:
    """Read what one way of looking shows, and return what draws it."""
    if view == OUTSIDE and listed.outside is not None:
        return partial(placement_groups.draw_outside, listed.outside, chosen, actor)
    if view == HISTORY:
        history = placement_history(session, chosen.scope, on=chosen.on)
        return partial(history_parts.draw, history, chosen, actor)
    if not listed.rows:
        return _nothing
    seen = actor.may(Permission.VIEW_CASES)
    if view == GROUPS:
        by, ways = placement_groups.asked(chosen, actor)
        sums = cost_groups(
            session,
            chosen.scope,
            on=chosen.on,
            by=ways[by][1],
            choices=listed.choices,
            with_case=seen,
        )
        return partial(placement_groups.draw_groups, sums, by, ways, chosen, actor)
    if view == TIMELINE:
        line = timeline(session, chosen.scope, on=chosen.on, choices=listed.choices, with_case=seen)
        return partial(placement_timeline.draw, line, chosen, actor)
    months = month_costs(
        session, chosen.scope, on=chosen.on, choices=listed.choices, with_case=seen
    )
    return partial(_draw_list, months, listed.rows, chosen, actor)


def _nothing() -> None:
    st.info("Inga placeringar passar det som är valt.", icon=":material/inbox:")


def _draw_list(
    months: pd.DataFrame, rows: Sequence[PlacementRow], chosen: Filters, actor: Actor
) -> None:
    placement_parts.draw_months(months, chosen)
    placement_parts.draw_list(rows, chosen, actor)


def draw_lack(choices: Choices, *, lists_lack: bool) -> None:
    """Say what removed cases count in."""
    if lists_lack and choices != EVERYTHING:
        st.markdown(
            ":small[:material/auto_delete: Gallrade ärenden räknas inte med i ett filtrerat urval.]"
        )
    else:
        retained_note.draw(lists_lack=lists_lack)
