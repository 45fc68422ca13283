"""What was just done in Min vecka: told on a line with its effect, and undone by one tap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import clock, db
from core.auth import Actor, Scope
from core.queries.effects import Effect, Reading, Target, effects, reading
from core.services.undo_reports import Reported, ReportKind, undo_reports
from core.terms import ComputedFigure
from pages.common import forms, threads
from pages.common.case_forms import Action

COUNTS_TOWARDS: dict[Action, tuple[ComputedFigure, ...]] = {
    Action.ESTABLISH: (
        ComputedFigure.PLANS_COVERAGE,
        ComputedFigure.PLANS_WITHIN_THREE_MONTHS,
        ComputedFigure.PLANS_CURRENT_SHARE,
    ),
    Action.REVISE: (ComputedFigure.PLANS_CURRENT_SHARE,),
    Action.EXEMPT: (ComputedFigure.PLANS_CURRENT_SHARE, ComputedFigure.PLANS_COVERAGE),
    Action.END_PLAN: (ComputedFigure.PLANS_CURRENT_SHARE, ComputedFigure.PLANS_COVERAGE),
    Action.DECIDE: (ComputedFigure.BKA_COVERAGE, ComputedFigure.REFUSALS_AFFECTING_CHILDREN),
    Action.REFER: (ComputedFigure.PLANS_WITHIN_THREE_MONTHS, ComputedFigure.PLANS_CURRENT_SHARE),
    Action.BENEFIT_MONTHS: (ComputedFigure.LONG_TERM_SHARE,),
    Action.CLOSE: (ComputedFigure.CLOSED_AS_UNKNOWN,),
    Action.CORRECT: (),
}
"""The figures that what is reported on a case counts in."""
KINDS: dict[Action, ReportKind] = {
    Action.ESTABLISH: ReportKind.PLAN,
    Action.REVISE: ReportKind.REVISION,
    Action.EXEMPT: ReportKind.EXEMPTION,
    Action.END_PLAN: ReportKind.PLAN_END,
    Action.DECIDE: ReportKind.DECISION,
    Action.REFER: ReportKind.REFERRAL,
    Action.CLOSE: ReportKind.CLOSING,
}
WORDS: dict[ReportKind, str] = {
    ReportKind.PLAN: "planen är upprättad",
    ReportKind.REVISION: "planen är reviderad",
    ReportKind.PLAN_END: "planen är avslutad",
    ReportKind.EXEMPTION: "undantaget är registrerat",
    ReportKind.DECISION: "beslutet är registrerat",
    ReportKind.ANALYSIS: "analysen är registrerad",
    ReportKind.REFERRAL: "ärendet är remitterat",
    ReportKind.CLOSING: "ärendet är avslutat",
    ReportKind.SNOOZE: "påminnelsen är uppskjuten",
    ReportKind.MEASURE: "det är rapporterat",
}
TABLE = "Tabellen"
ALL_FIGURES = (
    ComputedFigure.PLANS_COVERAGE,
    ComputedFigure.PLANS_CURRENT_SHARE,
    ComputedFigure.PLANS_WITHIN_THREE_MONTHS,
    ComputedFigure.CLOSED_AS_UNKNOWN,
)
"""The figures that a whole table can move."""
_DONE, _LAST = "_week-done", "_week-last-reading"
RIGHT_AFTER = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: in words, what can be undone, and what it did to the indicators."""

    said: str
    reported: tuple[Reported, ...]
    effects: tuple[Effect, ...]


def before(session: Any, scope: Scope, figures: tuple[ComputedFigure, ...], on: dt.date) -> Reading:
    """Return how the figures that an entry counts in stand before it is saved."""
    targets = [Target(figure=figure) for figure in figures]
    return reading(session, scope, targets=targets, on=on)


def noting(
    read: Reading, scope: Scope, about: tuple[ReportKind, str], on: dt.date
) -> Callable[[Any], None]:
    """Return what to call when something has been saved, so that it is told and can be undone.

    Args:
        read: How its indicators stood before.
        scope: The reader's own scope.
        about: What kind of report it was, and the case's reference or the measure point's name.
        on: The day.
    """
    kind, name = about

    def saved(result: Any) -> None:
        ids = result if isinstance(result, tuple) else (result,)
        reported = [Reported(kind, row_id) for row_id in ids]
        keep(reported, f"{name}: {WORDS[kind]}", (read, forms.writes()), scope, on)

    return saved


def keep(
    reported: list[Reported], said: str, between: tuple[Reading, int], scope: Scope, on: dt.date
) -> None:
    """Remember what was done until something else is, with what it did to the indicators.

    `between` is how these stood before, and how many of the writes since then are one's own.
    """
    read, own = between
    targets = [standing.target for standing in read.standings]
    with db.read() as session:
        now = reading(session, scope, targets=targets, on=on)
    st.session_state[_LAST] = (scope, on, reported[0].kind if reported else None, now, clock.now())
    st.session_state[_DONE] = Done(said, tuple(reported), effects(read, now, writes=own))


def last_reading(scope: Scope, kind: ReportKind | None, on: dt.date) -> Reading | None:
    """Return how things stood right after one's latest report, if the next one is of its kind.

    None if that was a while ago. Who reports one thing after another needs no new reading before
    each: an effect tells itself when others have written between its two readings.
    """
    last = st.session_state.get(_LAST)
    if kind is None or last is None or last[:3] != (scope, on, kind):
        return None
    return last[3] if clock.now() - last[4] <= RIGHT_AFTER else None


def forget(_saved: object = None) -> None:
    """Let what was done be told no more."""
    st.session_state.pop(_DONE, None)


def draw(actor: Actor, *, brief: bool = False) -> bool:
    """Draw what was just done, if anything, and return whether it was drawn.

    `brief` tells only of the indicators that moved, for a small screen.
    """
    done: Done | None = st.session_state.get(_DONE)
    if done is None:
        return False
    with st.container(border=True, gap="small", key="week-done"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":green[:material/check_circle:] {done.said}", width="stretch")
            undo = bool(done.reported) and st.button("Ångra", icon=":material/undo:")
            if not brief:
                close = ":material/close:"
                st.button("Stäng", icon=close, type="tertiary", on_click=forget, key="week-close")
        lines = threads.in_short(done.effects) if brief else threads.said(done.effects)
        if lines:
            st.markdown("  \n".join(f":small[{line}]" for line in lines))
    if undo:
        _undo(done, actor)
    return True


def _undo(done: Done, actor: Actor) -> None:
    name = f"undo-{done.reported[0].kind}-{done.reported[0].row_id}"
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        return undo_reports(session, done.reported, by=actor, key=key)

    forms.run(name, save, f"Ångrat: {done.said}.", after=forget)
