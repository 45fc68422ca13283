"""Min vecka as a table: all own cases, changed as in a sheet, and saved as a whole.

What will change stands below the table before it is saved. The cases are shown as they were when the
table was opened, so that an edit never lands on another row, and what others change is found.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import db
from core.auth import Actor, PermissionDeniedError, row_scope
from core.clock import today
from core.queries.effects import Reading, own_writes
from core.queries.my_week import WeekCase, my_week
from core.services.base import RefusedError
from core.services.undo_reports import Reported
from core.services.week_table import RowEdit, RowFault, TableRefusedError, save_table
from pages.common import forms, text, week_done
from pages.common import week_table_parts as parts

STYLE = """
<style>
.st-key-week-table [data-testid="stElementToolbar"], [data-testid="stDataFrameColumnMenu"] {
  display: none;
}
</style>
"""
"""Hides the sheet's own tools, which have no Swedish."""
NAME = "week-table"
HEIGHT, ROW = 480, 36
_SHOWN, _FAULTS = "_week-table-shown", "_week-table-faults"


def draw(cases: Sequence[WeekCase], actor: Actor) -> None:
    """Draw the table, what will change, and the button that saves all of it."""
    shown = _opened(cases)
    frame = parts.rows(shown)
    st.caption(
        "Fyll i datum och skäl från Remitterat och åt höger. Inget sparas förrän du trycker på Spara "
        "under tabellen."
    )
    with st.container(key="week-table"):
        st.html(STYLE)
        edited = st.data_editor(
            frame,
            column_config=parts.config(),
            disabled=list(parts.FIXED),
            hide_index=True,
            height=min(HEIGHT, ROW * (len(frame) + 1) + 2),
            key=f"{forms.submit_key(NAME)}-editor",
            placeholder=text.DASH,
            alt="Mina ärenden, en rad för varje. Samma uppgifter finns i listan.",
        )
    edits = parts.changes(frame, edited, shown)
    if edits:
        _summary(edits, actor)
    else:
        st.session_state[_FAULTS] = ()
        st.info("Inget är ändrat än.", icon=":material/edit:")
    st.button(
        "Börja om med det senaste", icon=":material/refresh:", type="tertiary", on_click=forget
    )


def forget() -> None:
    """Let the table be opened anew, as things stand then."""
    forms.forget(NAME)
    for key in (_SHOWN, _FAULTS):
        st.session_state.pop(key, None)


def _opened(cases: Sequence[WeekCase]) -> tuple[WeekCase, ...]:
    """Return the cases as they were when the table was opened."""
    key = forms.submit_key(NAME)
    kept: tuple[str, tuple[WeekCase, ...]] | None = st.session_state.get(_SHOWN)
    if kept is None or kept[0] != key:
        kept = (key, tuple(cases))
        st.session_state[_SHOWN] = kept
        st.session_state[_FAULTS] = ()
    return kept[1]


def _summary(edits: Sequence[RowEdit], actor: Actor) -> None:
    """Draw what will change, row by row, what was wrong with it, and the button that saves it."""
    count = sum(len(edit.changes) for edit in edits)
    ones = text.plural(count, "ändring", "ändringar")
    faults: Sequence[RowFault] = st.session_state[_FAULTS]
    with st.container(border=True, gap="small"):
        st.markdown(f"**{count} {ones} i {parts.many(len(edits))}**")
        st.markdown(parts.table_of(edits, faults))
        if faults:
            st.error(
                "Inget är sparat, och allt du har skrivit står kvar. Rätta det som är markerat.",
                icon=":material/error:",
            )
        changed = [fault.case_id for fault in faults if fault.changed]
        if changed:
            st.button(
                "Hämta det senaste för de ärendena",
                icon=":material/sync:",
                on_click=_fetch,
                args=(actor, changed),
            )
        if st.button(f"Spara {count} {ones}", type="primary", key=f"{forms.submit_key(NAME)}-save"):
            _save(edits, actor)


def _fetch(actor: Actor, case_ids: Sequence[int]) -> None:
    """Show some rows as they stand now; what is typed in them and elsewhere stays."""
    with db.read() as session:
        now = my_week(session, row_scope(actor), on=today())
    newest = {case.case_id: case for case in now.cases if case.case_id in case_ids}
    key, shown = st.session_state[_SHOWN]
    st.session_state[_SHOWN] = (key, tuple(newest.get(one.case_id, one) for one in shown))
    st.session_state[_FAULTS] = ()


def _save(edits: Sequence[RowEdit], actor: Actor) -> None:
    key = forms.submit_key(NAME)
    with db.read() as session:
        before = week_done.before(session, row_scope(actor), week_done.ALL_FIGURES, today())
    try:
        with db.write() as session:
            reported = save_table(session, edits, by=actor, key=key)
            own = own_writes(session)
    except TableRefusedError as refused:
        st.session_state[_FAULTS] = refused.faults
        st.rerun()
    except RefusedError as refused:
        st.error(" ".join(refused.by_field().values()), icon=":material/error:")
    except PermissionDeniedError:
        st.error(forms.DENIED, icon=":material/lock:")
    else:
        _saved(reported, len(edits), (before, own), actor)


def _saved(
    reported: Sequence[Reported], cases: int, between: tuple[Reading, int], actor: Actor
) -> None:
    said = f"Tabellen är sparad, {parts.many(cases)}"
    week_done.keep(list(reported), said, between, row_scope(actor), today())
    forget()
    st.rerun()
