"""Which walk-through the address asks for, and which of its placements is up.

`?mote=` is the meeting and `?visa=sammanfattning` its summary. Which placement is up stays in the
tab: a meeting that is taken up again begins at the first one that nothing was decided on.
"""

from __future__ import annotations

import streamlit as st

from core.queries.walk_throughs import Agenda, Card

MEETING, VIEW, SUMMARY = "mote", "visa", "sammanfattning"
_AT = "_walk-through-at"


def asked() -> int | None:
    """Return the meeting that the address asks for."""
    typed = st.query_params.get(MEETING, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def wants_summary() -> bool:
    """Tell whether the address asks for the meeting's summary."""
    return st.query_params.get(VIEW) == SUMMARY


def open_meeting(meeting_id: int) -> None:
    """Show a meeting, from the first placement that nothing was decided on."""
    st.query_params[MEETING] = str(meeting_id)
    st.query_params.pop(VIEW, None)
    st.session_state.pop(_AT, None)


def leave() -> None:
    """Show all meetings."""
    for name in (MEETING, VIEW):
        st.query_params.pop(name, None)
    st.session_state.pop(_AT, None)


def to_summary() -> None:
    """Show the meeting's summary."""
    st.query_params[VIEW] = SUMMARY


def to_cards(placement_id: int | None = None) -> None:
    """Show the meeting's placements, one that is given or the one that was up."""
    st.query_params.pop(VIEW, None)
    if placement_id is not None:
        go(placement_id)


def go(placement_id: int) -> None:
    """Let a placement be up."""
    st.session_state[_AT] = placement_id


def current(agenda: Agenda) -> tuple[Card, int]:
    """Return the placement that is up and its place in the queue, from 0."""
    ids = [card.row.id for card in agenda.cards]
    at = st.session_state.get(_AT)
    if at not in ids:
        at = (agenda.left or agenda.cards)[0].row.id
        st.session_state[_AT] = at
    place = ids.index(at)
    return agenda.cards[place], place


def go_on(agenda: Agenda, placement_id: int) -> None:
    """Let the next placement that nothing was decided on be up; after the last, show the summary."""
    ids = [card.row.id for card in agenda.cards]
    left = {card.row.id for card in agenda.left}
    place = ids.index(placement_id)
    turn = (one for one in (*ids[place + 1 :], *ids[:place]) if one in left)
    following = next(turn, None)
    if following is not None:
        go(following)
    else:
        to_summary()
