"""Min vecka: what is due, reported in a list, one at a time or in a table, and own figures."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, row_scope
from core.clock import today
from core.queries.todo import todo_list
from core.queries.undoable import latest_undoable
from pages.common import (
    case_search,
    gate,
    week_dialogs,
    week_done,
    week_list,
    week_own,
    week_quick,
    week_table,
    week_words,
)
from pages.common.gate import require

LIST, QUICK, TABLE = "Lista", "Snabbläge", "Tabell"
ICONS = {LIST: "list", QUICK: "bolt", TABLE: "table_chart"}

actor = require(Permission.VIEW_OWN_WEEK)
st.title("Min vecka", anchor=False)
scope, on = row_scope(actor), today()
listed = st.session_state.get("week-way", LIST) == LIST
with db.read() as session:
    todo = todo_list(session, scope, on=on)
    latest = latest_undoable(session, scope, user_id=actor.user_id)
    extra = week_dialogs.extra_definitions(session, actor)
    own = week_own.read(session, actor, on) if listed else None
gate.seen_rows(actor, "my_week", scope)


def heading() -> str:
    """Draw how the week stands and the choice of how to work, and return the choice."""
    chosen = st.segmented_control(
        "Arbetssätt",
        [LIST, QUICK, TABLE],
        default=LIST,
        required=True,
        format_func=lambda way: f":material/{ICONS[way]}: {way}",
        key="week-way",
        label_visibility="collapsed",
    )
    return chosen or LIST


def beside_the_list() -> None:
    """Draw the way to report what no list asks for."""
    if extra:
        st.button(
            "Rapportera något annat",
            icon=":material/add:",
            on_click=week_list.show,
            args=(week_list.EXTRA,),
        )


if not todo.week.cases and not todo.items and not todo.put_off:
    st.info("Du har inga öppna ärenden. Din chef fördelar dem till dig.", icon=":material/inbox:")
    case_search.undo(latest, actor, same_day=True)
    beside_the_list()
else:
    way = heading()
    if not week_done.draw(actor, brief=way == QUICK) and way == LIST:
        case_search.undo(latest, actor, same_day=True)
    if way == QUICK:
        week_quick.draw(todo.cards, actor)
    elif way == TABLE:
        week_table.draw(todo.week.cases, actor)
    else:
        left, right = st.columns([3, 2], gap="large")
        with left:
            st.markdown(week_words.summary(todo, on))
            week_list.draw(todo, on)
            beside_the_list()
        if own is not None:
            with right:
                week_own.draw(own, actor, on)
week_dialogs.open_one(todo)
