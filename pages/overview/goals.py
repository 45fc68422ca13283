"""Mål: the goal chain as one tree with indicators and activities, and each indicator's own view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core import db
from core.auth import Permission, Role
from core.charts.theme import Kind
from core.clock import today
from core.queries.goal_chain import goals_of_year
from core.queries.goals import goal_tree
from core.queries.indicator_series import indicator_series
from pages.common import filters, goal_forms, goal_parts, goal_view, text
from pages.common.gate import require

INDICATOR = "indikator"
WHOLE_CHAIN = "Hela målkedjan"
LONGEST_ID = 18  # digits; an address may hold anything
actor = require(Permission.VIEW_SUMS)
st.title("Mål", anchor=False)
chosen = filters.bar(actor, group=False)
scope, on = chosen.scope, chosen.on
may_edit = actor.may(Permission.EDIT_GOALS)
asked = st.query_params.get(INDICATOR, "")[:LONGEST_ID]
with db.read() as session:
    tree = goal_tree(session, scope, on=on)
    goals = goals_of_year(session, scope, year=tree.year) if tree.year else ()
    later = goals_of_year(session, scope, year=today().year + 1) if may_edit else ()
    this = goals_of_year(session, scope, year=today().year) if may_edit else ()
    view = indicator_series(session, scope, int(asked), on=on) if asked.isdecimal() else None
statuses = goal_parts.all_indicators(tree.roots)
nodes = goal_parts.all_goals(tree.roots)
names = {"": WHOLE_CHAIN} | {str(s.indicator.indicator_id): s.indicator.name for s in statuses}


def address(indicator_id: int) -> str:
    """Return the address of an indicator's own view, with the page's filters kept."""
    kept: dict[str, Any] = st.query_params.to_dict()
    return "?" + urlencode(kept | {INDICATOR: str(indicator_id)})


def choose() -> None:
    """Keep the chosen indicator in the address."""
    wanted = st.session_state["goal-indicator"]
    if wanted:
        st.query_params[INDICATOR] = wanted
    else:
        st.query_params.pop(INDICATOR, None)


if tree.year is None:
    st.info(
        "Enheten har inga mål än."
        + (
            " Börja med ett enhetsmål nedan, eller med KF:s mål som det hänger under."
            if may_edit
            else ""
        ),
        icon=":material/inbox:",
    )
else:
    if tree.year != on.year:
        st.info(
            f"Det finns inga mål för {on.year}. Du ser målen för {tree.year} "
            f"med det årets årsmål och utfall.",
            icon=":material/history:",
        )
    if asked and view is None:
        st.warning(f"Indikatorn finns inte bland målen för {tree.year}.", icon=":material/info:")
    st.session_state["goal-indicator"] = asked if view is not None else ""
    st.selectbox(
        "Visa",
        list(names),
        format_func=names.__getitem__,
        key="goal-indicator",
        on_change=choose,
    )
if view is not None:
    goal_view.draw(view, goals, actor, on)
elif tree.year is not None:
    st.markdown(goal_parts.summary(statuses, hide=actor.role is Role.READER))
    late = [row for node in nodes for row in node.activities if row.past_end]
    if late:
        st.warning(
            f"{len(late)} {'aktivitet' if len(late) == 1 else 'aktiviteter'} har passerat sitt slut: "
            + ", ".join(text.safe(row.name) for row in late),
            icon=":material/event_busy:",
        )
    theme: Kind = "dark" if st.context.theme.type == "dark" else "light"
    st.html(
        goal_parts.tree_html(
            tree.roots, goal_parts.Look(actor.role is Role.READER, on, theme, address)
        )
    )
if may_edit and view is None:
    st.subheader("Lägg till eller ändra", anchor=False)
    wanted = st.segmented_control(
        "Vad vill du göra?",
        [goal_forms.GOAL, goal_forms.INDICATOR, goal_forms.ACTIVITY, goal_forms.STATUS],
        key="goal-form",
    )
    if wanted:
        years = {goal.goal_id: goal for goal in (*goals, *this, *later)}
        activities = [row for node in nodes for row in node.activities]
        goal_forms.draw(wanted, list(years.values()), activities, actor)
