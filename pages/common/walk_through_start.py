"""Genomgång before a meeting: one to go on with, a new one to start, and those that were held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.placements import PlacementRow
from core.queries.walk_throughs import Meeting
from core.rules.walk_through import queue
from core.services import walk_throughs
from core.services.walk_throughs import NewWalkThrough
from core.terms import WalkThroughOrder, sv_title
from pages.common import forms, text, walk_through_address
from pages.common.filters import Filters
from pages.common.walk_through_summary import change_of_cost

NAME = "walk-through"
MOST = 12
SECONDS_EACH = 20


def chosen_day() -> dt.date:
    """Return the day that the form of a new meeting holds, today at first."""
    day = st.session_state.get(f"{forms.submit_key(NAME)}-held_on")
    return day if isinstance(day, dt.date) and day <= today() else today()


def draw(
    rows: Sequence[PlacementRow], held: Sequence[Meeting], chosen: Filters, actor: Actor
) -> None:
    """Draw the meetings that are open, the form of a new one, and the latest that were closed."""
    going_on = [one for one in held if not one.closed]
    for one in going_on:
        _go_on(one)
    if not any(one.group_id == chosen.scope.group_id for one in going_on):
        _start(rows, chosen, actor)
    _earlier([one for one in held if one.closed])


def _go_on(meeting: Meeting) -> None:
    with st.container(border=True, key=f"walk-open-{meeting.id}"):
        st.subheader(f"Pågår: {named(meeting)}", anchor=False)
        st.progress(
            meeting.decided / len(meeting.queue) if meeting.queue else 0.0,
            text=f"{meeting.decided} av {len(meeting.queue)} placeringar genomgångna",
        )
        st.button(
            "Fortsätt genomgången",
            type="primary",
            icon=":material/play_arrow:",
            key=f"walk-go-on-{meeting.id}",
            on_click=walk_through_address.open_meeting,
            args=(meeting.id,),
        )


def _start(rows: Sequence[PlacementRow], chosen: Filters, actor: Actor) -> None:
    """Draw the form of a new meeting, with how many placements it would go through."""
    key = forms.submit_key(NAME)
    who, orders = chosen.group_name or "hela enheten", list(WalkThroughOrder)
    with st.container(border=True, key="walk-new"):
        st.subheader(f"Ny genomgång, {who}", anchor=False)
        left, middle, right = st.columns((2, 4, 2), vertical_alignment="top")
        with left:
            held_on = st.date_input(
                "Mötets dag",
                today(),
                max_value=today(),
                format="YYYY-MM-DD",
                key=f"{key}-held_on",
            )
            forms.field_error(NAME, "held_on")
        with middle:
            order = st.radio(
                "Vilka placeringar, och i vilken ordning?",
                orders,
                format_func=sv_title,
                horizontal=True,
                key=f"{key}-order",
            )
            forms.field_error(NAME, "placement_ids")
        with right:
            most = st.number_input(
                "Högst antal (tomt: alla)", 1, 500, None, step=1, key=f"{key}-most"
            )
        ids = queue(rows, order)[:most]
        _draw_count(len(ids), chosen)
        sent = st.button(
            "Starta genomgången",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not ids,
            key=f"{key}-send",
        )
    if sent:

        def save(session: Any) -> int:
            new = NewWalkThrough(held_on, ids, chosen.scope.group_id)
            return walk_throughs.start(session, new, by=actor, key=key)

        said = "Genomgången har börjat."
        forms.run(NAME, save, said, after=walk_through_address.open_meeting)


def _draw_count(count: int, chosen: Filters) -> None:
    if not count:
        st.info(
            "Urvalet har inga pågående placeringar den dagen. Välj en annan ordning eller grupp.",
            icon=":material/inbox:",
        )
        return
    minutes = -(-count * SECONDS_EACH // 60)
    word = text.plural(count, "placering", "placeringar")
    which = f" i {text.safe(chosen.group_name)}" if chosen.group_name else ""
    st.markdown(f"**{count} {word}**{which}, ungefär {minutes} min med {SECONDS_EACH} s var.")


def _earlier(held: Sequence[Meeting]) -> None:
    st.subheader("Tidigare genomgångar", anchor=False)
    if not held:
        st.info(
            "Ingen genomgång är avslutad än. Sammanfattningen av varje möte ligger kvar här.",
            icon=":material/inbox:",
        )
        return
    shown = held if st.session_state.get("walk-all") else held[:MOST]
    for one in shown:
        with st.container(
            horizontal=True, vertical_alignment="center", border=True, key=f"walk-held-{one.id}"
        ):
            count = f"{one.decided} av {len(one.queue)} placeringar"
            st.markdown(
                f"**{named(one)}**  \n:small[{count} · {change_of_cost(one.effect, one.held_on)}]"
            )
            st.button(
                "Visa sammanfattning",
                key=f"walk-show-{one.id}",
                on_click=walk_through_address.open_meeting,
                args=(one.id,),
            )
    if len(held) > MOST:
        st.checkbox(f"Visa alla {len(held)}", key="walk-all")


def named(meeting: Meeting) -> str:
    """Return a meeting's day and whose it is."""
    day = text.date_sv(meeting.held_on, today())
    return f"{day}, {text.safe(meeting.group or 'hela enheten')}"
