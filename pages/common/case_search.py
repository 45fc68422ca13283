"""Pieces of Ärenden: what to look for, what was found, a case's facts, and undo of the latest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.theme import remembered
from core.clock import STOCKHOLM, now
from core.queries.case_register import (
    MOST_ROWS,
    CaseInFull,
    CaseworkerChoice,
    Found,
    FoundCase,
    Wanted,
)
from core.queries.undoable import Undoable
from core.queries.units import GroupChoice
from core.reports.columns import Column, Kind
from core.rules.cases import APPLICANT
from core.services.undo import undo_latest
from core.terms import WITHOUT_CASEWORKER, WITHOUT_GROUP, CaseKind, ClosingReason, sv, sv_title
from pages.common import forms, tables, text

COLUMNS = [
    Column("reference", "Referens"),
    Column("kind", "Slag"),
    Column("opened_on", "Öppnat", Kind.DATE),
    Column("referred_on", "Remitterat", Kind.DATE),
    Column("closed_on", "Avslutat", Kind.DATE),
    Column("caseworker", "Handläggare"),
    Column("group", "Grupp"),
]

_PICKED = "_case-picked"
UNDO_WORDS = {
    "register": "registreringen av {name}",
    "refer": "remitteringen av {name}",
    "close": "avslutet av {name}",
    "reassign": "omfördelningen av {name}",
    "reassign_caseload": "flytten av {name}s {cases} ärenden",
}
"""What each undoable write is called; `name` and `cases` are the undoable's."""


class Staff:
    """Whom cases can be given to: the unit's active caseworkers, and its groups."""

    def __init__(
        self, caseworkers: Sequence[CaseworkerChoice], groups: Sequence[GroupChoice]
    ) -> None:
        self.everybody = {one.id: one.name for one in caseworkers}
        self.active = {one.id: one.name for one in caseworkers if one.active}
        self.group_of = {one.id: one.group_id for one in caseworkers}
        self.groups = {group.id: group.name for group in groups}

    def person(self, caseworker_id: int | None) -> str:
        """Return a caseworker's name, or `utan handläggare`."""
        if caseworker_id is None:
            return WITHOUT_CASEWORKER
        return self.everybody.get(caseworker_id, WITHOUT_CASEWORKER)

    def group(self, group_id: int | None) -> str:
        """Return a group's name, or `utan grupp`."""
        return WITHOUT_GROUP if group_id is None else self.groups.get(group_id, WITHOUT_GROUP)


def wanted(staff: Staff) -> Wanted:
    """Draw what can be looked for, and return it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="no-print-search"):
        sought = st.text_input("Referens", key="cases-text", placeholder="Del av referensen")
        kind = st.selectbox(
            "Slag",
            list(CaseKind),
            index=None,
            format_func=sv_title,
            placeholder="Alla slag",
            key="cases-kind",
        )
        whose = st.selectbox(
            "Handläggare",
            [0, *staff.everybody],
            index=None,
            format_func=lambda i: staff.everybody.get(i, WITHOUT_CASEWORKER.capitalize()),
            placeholder="Alla",
            key="cases-caseworker",
        )
        closed_too = st.toggle("Även avslutade", key="cases-closed")
    return Wanted(sought, kind, whose or None, whose == 0, closed_too)


def pick(found: Found, sought: Wanted) -> int | None:
    """Draw the choice of a case among those found, and return its id.

    A case that is chosen stays so until something else is looked for, also when somebody's change
    takes it out of what is found.
    """
    labels = {row.case_id: f"{row.reference}, {sv(row.kind)}" for row in found.rows}
    key = f"case-picked-{hash(sought)}"
    kept: dict[int, str] = st.session_state.setdefault(_PICKED, {})
    if st.session_state.get(key) in kept:
        labels = kept | labels
    case_id: int | None = st.selectbox(
        "Välj ärende att ändra",
        list(labels),
        index=0 if len(labels) == 1 else None,
        format_func=labels.__getitem__,
        placeholder="Inget valt",
        key=key,
    )
    st.session_state[_PICKED] = {} if case_id is None else {case_id: labels[case_id]}
    return case_id


def results(found: Found, actor: Actor) -> None:
    """Draw the cases found as a table."""
    if found.total > len(found.rows):
        st.caption(
            f"De första {MOST_ROWS} av {text.number(found.total)}. Sök på mer för att se färre."
        )
    look = tables.Table(
        permission=Permission.VIEW_CASES,
        empty="Inga ärenden passar sökningen. Sök på mindre, eller registrera ett ärende.",
    )
    tables.table(found_rows(found.rows), COLUMNS, name="Ärenden", actor=actor, look=look)


@remembered
def found_rows(rows: Sequence[FoundCase]) -> pd.DataFrame:
    """Return the cases found as the rows of a table with `COLUMNS`."""
    names = [column.name for column in COLUMNS]
    values = [
        [sv(row.kind) if name == "kind" else getattr(row, name) for name in names] for row in rows
    ]
    return pd.DataFrame(values, columns=names, dtype=object)


def facts(case: CaseInFull, staff: Staff) -> str:
    """Return what is known of a case in one line of Markdown."""
    whose = staff.person(case.caseworker_id)
    parts = [f"**{case.reference}**", sv(case.kind), whose, f"öppnat {case.opened_on}"]
    if case.referred_on is not None:
        parts.append(f"remitterat {case.referred_on}")
    if case.closed_on is not None:
        reason = ClosingReason.UNKNOWN if case.closing_reason is None else case.closing_reason
        parts.append(f"avslutat {case.closed_on} ({sv(reason)})")
    if case.household_type is not None:
        parts.append(f"{sv(case.household_type)}, {case.children} barn")
    parts += [f"{adult_word(a.number).lower()}: {sv(a.obstacle)}" for a in case.adults]
    return " · ".join(parts)


def undo(latest: Undoable | None, actor: Actor, *, same_day: bool = False) -> None:
    """Draw what the user's undo would take back, and the button that does it.

    `same_day`: only for what was done today, by the real clock.
    """
    if latest is None or (same_day and latest.at.date() != now().date()):
        return
    what = UNDO_WORDS[latest.action].format(name=latest.name, cases=latest.cases)
    at = latest.at.astimezone(STOCKHOLM)
    with st.container(horizontal=True, vertical_alignment="center", key="no-print"):
        st.caption(f"Det senaste du gjorde: {what}, {at:%Y-%m-%d kl. %H:%M}.")
        sent = st.button(f"Ångra {what}", icon=":material/undo:")
    if sent:
        name = f"undo-{latest.event_id}"
        key = forms.submit_key(name)

        def save(session: Any) -> int:
            return undo_latest(session, by=actor, expected=latest.event_id, key=key)

        forms.run(name, save, f"Ångrat: {what}.")


def adult_word(number: int) -> str:
    """Return what an adult of a case is called."""
    return "Sökande" if number == APPLICANT else "Medsökande"
