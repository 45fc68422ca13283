"""Min vecka one thing at a time: large buttons for a thumb, Page Up and Down for a keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.auth import Actor, Permission
from core.clock import today
from core.queries.todo import Todo
from pages.common import text, week_list, week_reports, week_words
from pages.common.gate import require

STYLE = """
<style>
.st-key-week-quick { max-width: 40rem; }
.st-key-week-quick button { min-height: 3rem; }
.st-key-week-quick [data-testid="stHeading"] { padding: 0; }
[data-testid="stMainBlockContainer"]:has(.st-key-week-quick) { padding-bottom: .5rem; }
@media (max-width: 40rem) { .st-key-week-quick kbd { display: none; } }
</style>
"""
_AT = "_week-quick-at"


def draw(cards: Sequence[Todo], actor: Actor) -> None:
    """Draw the one that is next, with what it most likely needs."""
    if not cards:
        st.success("Klart. Inget mer de närmaste 14 dagarna.", icon=":material/check_circle:")
        return
    checked = [actor]  # the page's own check holds for the fragment's first drawing

    @st.fragment
    def card() -> None:
        who = checked.pop() if checked else require(Permission.VIEW_OWN_WEEK)
        if who != actor:  # another reach since the page was drawn
            st.rerun()
        _card(cards, who)

    card()


def _card(cards: Sequence[Todo], actor: Actor) -> None:
    at = st.session_state.get(_AT, 0) % len(cards)
    item = cards[at]
    st.html(STYLE)
    with st.container(border=True, gap="small", key="week-quick"):
        st.progress((at + 1) / len(cards), text=f"{at + 1} av {len(cards)}")
        st.subheader(text.safe(week_words.name_of(item)), anchor=False)
        st.markdown(week_words.quick_row(item, today()))
        if week_list.shown() is None:  # a dialog over it draws the same form
            _form(item, actor)
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Förra",
                shortcut="PageUp",
                width="stretch",
                on_click=_go,
                args=(at - 1,),
            )
            st.button(
                "Nästa",
                shortcut="PageDown",
                width="stretch",
                on_click=_go,
                args=(at + 1,),
            )
        if st.button(
            "Mer om detta", icon=":material/more_horiz:", type="tertiary", width="stretch"
        ):
            week_list.show(item.key)
            st.rerun()


def _form(item: Todo, actor: Actor) -> None:
    if item.decision is not None:
        week_reports.analyse(item.decision, actor, brief=True)
    elif item.case is not None:
        found = week_reports.full(item.case, actor)
        if found is not None:
            week_reports.act(week_words.actions(item.case)[0], found, actor, brief=True)
    else:
        week_reports.measure(item, actor, brief=True)


def _go(to: int) -> None:
    st.session_state[_AT] = to
