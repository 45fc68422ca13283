"""The parts of Händelselogg: whether the log is whole, its table, and the way to older events."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import db
from core.audit_words import ACTIONS, ACTIONS_OF, EventKind
from core.auth import Actor, Permission
from core.queries import audit
from core.queries.audit import Cursor, LogPage, LogRow, Wanted
from core.services import audit_check
from pages.common import text
from pages.common.tables import Column, Kind, Table, table

COLUMNS = (
    Column("number", "Nr"),
    Column("at", "Tid", Kind.DATE),
    Column("who", "Person"),
    Column("done", "Händelse"),
    Column("what", "Gäller"),
    Column("unit", "Enhet"),
    Column("details", "Uppgifter"),
)
MOST_TAKEN_OUT = 50_000
_VERDICT, _TURNED = "_log-verdict", "_log-turned"


def chain_status() -> None:
    """Say how far the log is known to be whole, and draw the button that checks it now."""
    with st.container(horizontal=True, vertical_alignment="center"):
        fault = st.session_state.get(_VERDICT)
        head = audit_check.checked_until()
        if fault:
            st.error(f"Loggen är inte hel. {fault}", icon=":material/gpp_bad:")
        elif head is None:
            st.markdown(":material/shield: Loggen är inte kontrollerad än.")
        else:
            st.markdown(
                f":green[:material/verified_user:] Loggen är hel, kontrollerad till händelse "
                f"**{text.number(head.sequence)}** den {head.day}."
            )
        if st.button("Kontrollera nu", icon=":material/fact_check:", key="log-check"):
            _check()


def _check() -> None:
    with st.spinner("Kontrollerar varje händelse …"), db.read() as session:
        try:
            st.session_state[_VERDICT] = audit_check.check(session).fault
        except OSError:
            st.session_state[_VERDICT] = "Filen med dagsslut går inte att skriva."
    st.rerun()


def actions_of(kind: EventKind | None) -> dict[tuple[str, ...], str]:
    """Return a kind's actions that share a word, with the word, alphabetically."""
    known: dict[str, tuple[str, ...]] = {}
    for action, word in ACTIONS.items():
        if _is_of(action, kind):
            known[word] = (*known.get(word, ()), action)
    return {known[word]: word for word in sorted(known)}


def _is_of(action: str, kind: EventKind | None) -> bool:
    if kind is None:
        return True
    if kind is EventKind.WRITE:
        return all(action not in actions for actions in ACTIONS_OF.values())
    return action in ACTIONS_OF[kind]


def cursor(wanted: Wanted) -> Cursor | None:
    """Return where the page begins: after the events turned past, as long as the choice stands."""
    turned = st.session_state.get(_TURNED)
    if turned is None or turned[0] != wanted:
        st.session_state[_TURNED] = (wanted, [])
        return None
    return turned[1][-1] if turned[1] else None


def draw(shown: LogPage, wanted: Wanted, actor: Actor) -> None:
    """Draw a page's events as a table, whose file holds all of the choice, and the turning."""
    period = f"{wanted.start} till {wanted.end}"
    table(
        _frame(shown.rows),
        COLUMNS,
        name="Händelser",
        actor=actor,
        look=Table(
            source=f"händelseloggen {period}",
            on=wanted.end,
            permission=Permission.VIEW_AUDIT,
            adds_up=False,
            empty="Inga händelser för det här urvalet.",
            file=lambda: _everything(wanted, actor),
        ),
    )
    _, turned = st.session_state[_TURNED]
    if not turned and shown.older is None:
        return
    with st.container(horizontal=True):
        st.button("Nyare", icon=":material/chevron_left:", disabled=not turned, on_click=turned.pop)
        st.button(
            "Äldre",
            icon=":material/chevron_right:",
            disabled=shown.older is None,
            on_click=turned.append,
            args=(shown.older,),
        )


def _everything(wanted: Wanted, actor: Actor) -> pd.DataFrame:
    with db.read() as session:
        return _frame(audit.events(session, wanted, by=actor, size=MOST_TAKEN_OUT).rows)


def _frame(rows: list[LogRow]) -> pd.DataFrame:
    said: list[dict[str, Any]] = [
        {
            "number": "" if row.number is None else str(row.number),
            "at": f"{row.at:%Y-%m-%d %H:%M:%S}",
            "who": row.who,
            "done": row.done,
            "what": row.what,
            "details": row.details,
            "unit": row.unit or "",
        }
        for row in rows
    ]
    return pd.DataFrame(said, columns=[column.name for column in COLUMNS], dtype=object)
