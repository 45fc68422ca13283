"""Mätpunkter: what the unit has decided to count; add, change, end, and connect to an indicator."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.clock import today
from core.queries.goal_chain import goal_year, goals_of_year
from core.queries.measure_entries import measure_points
from core.queries.measure_overview import feedable, overview
from core.queries.units import choices
from core.terms import GoalLevel
from pages.common import filters, measure_point_forms, measure_point_parts
from pages.common.gate import require
from pages.common.measure_feed_form import Places

POINT = "punkt"
ALL = "Alla mätpunkter"
actor = require(Permission.EDIT_MEASURES)
st.title("Mätpunkter", anchor=False)
scope = filters.bar(actor, group=False, day=False, permission=Permission.EDIT_MEASURES).scope
year = today().year
with db.read() as session:
    rows = overview(session, scope, on=today())
    held = goal_year(session, scope, on=today()) or year
    goals = [g for y in (held, year + 1) for g in goals_of_year(session, scope, year=y)]
    places = Places(
        [goal for goal in goals if goal.level is GoalLevel.UNIT_GOAL] or goals,
        feedable(session, scope, year=year),
    )
    groups = choices(session, scope).groups
names = {"": ALL} | {row.point.slug: row.definition.name for row in rows}


def choose() -> None:
    """Keep the chosen measure point in the address."""
    wanted = st.session_state["measure-point"]
    if wanted:
        st.query_params[POINT] = wanted
    else:
        st.query_params.pop(POINT, None)


asked = st.query_params.get(POINT, "")
if asked not in names:
    st.warning("Mätpunkten finns inte på enheten.", icon=":material/info:")
if rows:
    st.session_state["measure-point"] = asked if asked in names else ""
    st.selectbox(
        "Visa", list(names), format_func=names.__getitem__, key="measure-point", on_change=choose
    )
else:
    st.info(
        "Enheten räknar ingenting än. Lägg till en färdig mätpunkt nedan, eller gör en egen.",
        icon=":material/inbox:",
    )
chosen = next((row for row in rows if row.point.slug == asked), None)
measure_point_parts.tell_past(rows if chosen is None else [chosen])
if chosen is not None:
    measure_point_parts.draw(chosen)
    measure_point_parts.history(chosen, actor)
    by = measure_point_parts.split(chosen)
    start, end = measure_point_parts.asked_between(chosen, by)
    with db.read() as session:
        frame = measure_points(
            session, scope, start=start, end=end, by=by, point_id=chosen.point.point_id
        )
    measure_point_parts.figures(chosen, frame, by, actor)
    if chosen.point.ended_on is None:
        st.subheader("Ändra eller avsluta", anchor=False)
        measure_point_forms.change(chosen, actor, groups, places)
else:
    if rows:
        measure_point_parts.points_table(rows, actor)
    st.subheader("Lägg till en mätpunkt", anchor=False)
    measure_point_forms.add(actor, groups, places)
