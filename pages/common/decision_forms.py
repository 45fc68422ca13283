"""The forms of BKA: a negative decision with its children, and the analyses that it lacks.

Each child has its own day and author. What the answers mean stands beside them as they are chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Scope
from core.clock import today
from core.queries.case_register import CaseInFull, caseworkers
from core.queries.decisions import DecisionChild, DecisionInFull
from core.rules.child_impact import analysis_status
from core.services import child_impact
from core.services.child_impact import NewAnalysis, NewDecision
from core.terms import AnalysisStatus, DecisionKind, sv, sv_title
from pages.common import forms, text

EARLIEST = dt.date(1990, 1, 1)
MOST_UNKNOWN = 8
SAVE_KEY = "F8"
"""Saves in quick mode; unlike Enter it means nothing to a button that has the focus."""
LOOKS: dict[AnalysisStatus, tuple[str, str, str]] = {
    AnalysisStatus.DONE: ("green", "check_circle", "I tid"),
    AnalysisStatus.LATE: ("orange", "update", "För sent"),
    AnalysisStatus.MISSING: ("red", "error", "Analys saknas"),
}
"""The colour, the icon and the word of each status of an analysis."""

After = Callable[[Any], None] | None


def badge(status: AnalysisStatus) -> str:
    """Return an analysis's status as a badge in Markdown."""
    color, icon, word = LOOKS[status]
    return f":{color}-badge[:material/{icon}: {word}]"


def decide(case: CaseInFull, actor: Actor, after: After) -> None:
    """Draw how an adverse decision is registered: its day and kind, its children and their analyses."""
    name = f"decide-{case.case_id}"
    key = forms.submit_key(name)
    known = MOST_UNKNOWN if case.children is None else case.children
    kind = st.pills(
        "Beslut",
        list(DecisionKind),
        default=DecisionKind.REFUSAL,
        format_func=sv_title,
        required=True,
        key=f"{key}-kind",
    )
    decided_on = _day("Beslutsdatum", name, "decided_on", today(), key=f"{key}-decided")
    affected: list[int] = []
    if known:
        affected = st.pills(
            "Vilka barn berörs? Nummer i ärendet",
            list(range(1, known + 1)),
            selection_mode="multi",
            key=f"{key}-affected",
        )
    else:
        st.caption("Hushållet har inga kända barn, så beslutet berör inget barn.")
    forms.field_error(name, "children")
    made = _analyses(name, sorted(affected), decided_on or today(), actor, filled=False)
    if st.button("Registrera beslut", key=f"{key}-send", type="primary", width="stretch"):
        children = {number: made[number].on if number in made else None for number in affected}
        authors = {n: one.author_id for n, one in made.items() if one.author_id is not None}
        new = NewDecision(decided_on or today(), kind or DecisionKind.REFUSAL, children, authors)

        def save(session: Any) -> int:
            return child_impact.register_decision(session, case.case_id, new, by=actor, key=key)

        forms.run(name, save, f"{case.reference}: beslutet är registrerat.", after=after)


def analyse(decision: DecisionInFull, actor: Actor, after: After, *, brief: bool = False) -> None:
    """Draw a decision's children, and how the analyses that are missing are registered.

    `brief` leaves out who made them, for whoever makes them all and has a small screen.
    """
    name = f"analyses-{decision.decision_id}"
    key = forms.submit_key(name)
    if not brief:
        day = text.date_sv(decision.decided_on, today())
        st.markdown(f"{sv_title(decision.kind)} {day}")
    for child in decision.children:
        if child.status is not AnalysisStatus.MISSING:
            st.markdown(f"Barn {child.number} {badge(child.status)} {_made(child, decision)}")
    if not decision.missing:
        st.caption("Alla barn i beslutet har en analys.")
        return
    draw_them = _days if brief else _analyses
    made = draw_them(name, decision.missing, decision.decided_on, actor, filled=True)
    forms.field_error(name, "analyses")
    label = f"Registrera {len(made)} {text.plural(len(made), 'analys', 'analyser')}"
    shortcut = SAVE_KEY if brief else None
    if st.button(label, key=f"{key}-send", type="primary", width="stretch", shortcut=shortcut):

        def save(session: Any) -> tuple[int, ...]:
            return child_impact.add_analyses(session, decision.decision_id, made, by=actor, key=key)

        children = " och ".join(f"barn {number}" for number in made)
        said = f"{decision.reference}: konsekvensanalys för {children} är registrerad."
        forms.run(name, save, said, after=after)


def _analyses(
    name: str, numbers: Iterable[int], decided_on: dt.date, actor: Actor, *, filled: bool
) -> dict[int, NewAnalysis]:
    """Draw a day and an author for each child, and return those that have a day.

    `filled` puts today in every day; otherwise they are empty, as no analysis may be made yet.
    """
    key = forms.submit_key(name)
    authors = _authors(actor)
    made = {}
    for number in numbers:
        with st.container(border=True, gap="small"):
            head = st.empty()
            left, right = st.columns(2)
            with left:
                day = _day(
                    f"Barn {number}: analysen gjordes",
                    name,
                    f"analysed_on_{number}",
                    today() if filled else None,
                    key=f"{key}-day-{number}",
                )
            with right:
                author = st.selectbox(
                    f"Barn {number}: gjord av",
                    list(authors),
                    format_func=authors.__getitem__,
                    key=f"{key}-author-{number}",
                )
                forms.field_error(name, f"author_{number}")
            status = analysis_status(decided_on, [] if day is None else [day], today())
            head.markdown(f"**Barn {number}** {badge(status)}")
        if day is not None:
            made[number] = NewAnalysis(day, author or None)
    return made


def _days(
    name: str, numbers: Iterable[int], _decided_on: dt.date, actor: Actor, *, filled: bool
) -> dict[int, NewAnalysis]:
    """Draw a day for each child, beside each other; the signed-in person made them."""
    key = forms.submit_key(name)
    made = {}
    with st.container(horizontal=True, gap="small"):
        for number in numbers:
            with st.container(width=150, gap="small"):
                value = today() if filled else None
                label, field = f"Barn {number}, analys", f"analysed_on_{number}"
                day = _day(label, name, field, value, key=f"{key}-day-{number}")
            if day is not None:
                made[number] = NewAnalysis(day, actor.caseworker_id)
    return made


def _authors(actor: Actor) -> dict[int, str]:
    """Return who may have made an analysis, the signed-in person first; 0 is one without cases."""
    if actor.unit_id is None:
        return {}
    with db.read() as session:
        everybody = caseworkers(session, Scope(actor.unit_id))
    others = {one.id: one.name for one in everybody if one.active and one.id != actor.caseworker_id}
    return {actor.caseworker_id or 0: actor.name} | others


def _day(label: str, name: str, field: str, value: dt.date | None, *, key: str) -> dt.date | None:
    day: dt.date | None = st.date_input(
        label, value, min_value=EARLIEST, format="YYYY-MM-DD", key=key
    )
    forms.field_error(name, field)
    return day


def _made(child: DecisionChild, decision: DecisionInFull) -> str:
    """Return when and by whom a child's analysis was made, and how late."""
    if child.analysed_on is None:
        return ""
    days = (child.analysed_on - decision.decided_on).days
    late = f", {days} {text.plural(days, 'dag', 'dagar')} efter beslutet" if days > 0 else ""
    by = f" av {text.safe(child.author)}" if child.author else ""
    return f"{text.date_sv(child.analysed_on, today())}{by}{late}"


def decision_words(decided_on: dt.date, kind: DecisionKind, numbers: Iterable[int]) -> str:
    """Return which children lack an analysis of which decision, with a badge."""
    children = " och ".join(str(number) for number in numbers)
    return (
        f"{badge(AnalysisStatus.MISSING)} Barn {children}, "
        f"{sv(kind)} {text.date_sv(decided_on, today())}"
    )
