"""Min vecka as a list: rows to tap, one widget however many, of which the tapped one is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from core.queries.todo import TodoList
from pages.common import week_words

STYLE = """
<style>
.st-key-week-rows [data-testid="stButtonGroup"] > div { gap: .4rem; }
.st-key-week-rows [role="radiogroup"] { display: grid; grid-template-columns: minmax(0, 1fr); }
.st-key-week-rows [data-testid="stButtonGroup"] button {
  width: 100%; max-width: 100%; height: auto; min-height: 3.25rem; border-radius: .6rem;
  justify-content: flex-start; text-align: left; padding: .5rem .9rem;
}
.st-key-week-rows [data-testid="stButtonGroup"] button > div { justify-content: flex-start; width: 100%; }
.st-key-week-rows [data-testid="stButtonGroup"] button p { white-space: normal; }
</style>
"""
EXTRA = "extra"
"""Opens what can be reported beside what is due."""
_OPEN, _ROUND = "_week-open", "_week-round"


def case_key(case_id: int) -> str:
    """Return the key that opens a case."""
    return f"case-{case_id}"


def show(key: str | None) -> None:
    """Let something be open when the page is drawn: a thing to do's key, a case's, or `EXTRA`."""
    st.session_state[_OPEN] = key
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def let_go(_saved: object = None) -> None:
    """Let nothing be open when the page is drawn again."""
    show(None)


def shown() -> str | None:
    """Return the key of what is open, None for nothing."""
    key: str | None = st.session_state.get(_OPEN)
    return key


def draw(todo: TodoList, on: dt.date) -> None:
    """Draw what there is to do, and below it what is put off and all cases, if wanted."""
    st.html(STYLE)
    with st.container(key="week-rows"):
        if todo.items:
            _rows({item.key: week_words.row(item, on) for item in todo.items}, "Att göra")
        else:
            st.success("Inget att göra de närmaste 14 dagarna.", icon=":material/check_circle:")
        if todo.put_off:
            st.markdown("**Uppskjutet**")
            _rows(
                {item.key: week_words.put_off_row(item, on) for item in todo.put_off}, "Uppskjutet"
            )
        cases = todo.week.cases
        if cases and st.toggle(f"Visa alla mina {len(cases)} ärenden", key="week-all"):
            labels = {case_key(one.case_id): week_words.case_row(one, on) for one in cases}
            _rows(labels, "Mina ärenden")


def _rows(labels: Mapping[str, str], heading: str) -> None:
    key = f"week-{heading}-{st.session_state.get(_ROUND, 0)}"

    def tapped() -> None:
        show(st.session_state[key])

    st.pills(
        heading,
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        on_change=tapped,
        label_visibility="collapsed",
        width="stretch",
        wrap=True,
    )
