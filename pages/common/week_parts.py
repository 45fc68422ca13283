"""Pieces of Min vecka: cases as rows to tap, and own figures with what they count towards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.auth import Scope
from core.queries.indicators import Thread, thread_for
from core.queries.my_week import MissingAnalysis, Step, Week, WeekCase
from core.rules.dates import add_months
from core.rules.shares import Number
from core.terms import ComputedFigure, IndicatorUnit, PlanStatus, sv, sv_title
from pages.common import text, tiles
from pages.common.case_forms import Action

LOOKS: dict[PlanStatus, tuple[str, str]] = {
    PlanStatus.EXEMPT: ("gray", "event_busy"),
    PlanStatus.CURRENT: ("green", "check_circle"),
    PlanStatus.OUTDATED: ("orange", "update"),
    PlanStatus.DUE: ("blue", "schedule"),
    PlanStatus.OVERDUE: ("red", "error"),
}
"""The colour and the icon of each status. The word always stands beside them."""
COUNTS_TOWARDS: dict[Action, tuple[ComputedFigure, ...]] = {
    Action.ESTABLISH: (
        ComputedFigure.PLANS_COVERAGE,
        ComputedFigure.PLANS_WITHIN_THREE_MONTHS,
    ),
    Action.REVISE: (ComputedFigure.PLANS_CURRENT_SHARE,),
    Action.EXEMPT: (ComputedFigure.PLANS_CURRENT_SHARE, ComputedFigure.PLANS_COVERAGE),
    Action.END_PLAN: (ComputedFigure.PLANS_CURRENT_SHARE, ComputedFigure.PLANS_COVERAGE),
    Action.DECIDE: (ComputedFigure.BKA_COVERAGE,),
    Action.REFER: (ComputedFigure.PLANS_WITHIN_THREE_MONTHS,),
    Action.CLOSE: (ComputedFigure.CLOSED_AS_UNKNOWN,),
    Action.CORRECT: (),
}
ROUND = "_week_round"
LIST_STYLE = """
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


def status_badge(case: WeekCase) -> str:
    """Return a case's status as a badge in Markdown: icon, word and colour."""
    if case.status is None:
        word = "I mottagning" if case.step is Step.REFER else sv_title(case.kind)
        return f":gray-badge[:material/folder: {word}]"
    color, icon = LOOKS[case.status]
    return f":{color}-badge[:material/{icon}: {sv_title(case.status)}]"


def next_step(case: WeekCase, on: dt.date) -> str:
    """Return in plain words what a case needs next, and by when."""
    if case.step is Step.NOTHING:
        return "Behöver ingen förändringsplan"
    if case.step is Step.REFER:
        return "Remittera när utredningen tar över"
    verb = "Upprätta plan" if case.step is Step.ESTABLISH else "Revidera plan"
    day = text.date_sv(case.due_on, on)
    if case.due_on is not None and case.due_on < on:
        return f"{verb}, skulle ha gjorts senast {day}"
    if case.status is PlanStatus.EXEMPT:
        return f"{verb} senast {day}, undantag till {text.date_sv(case.exempt_until, on)}"
    return f"{verb} senast {day}"


def needs_something(case: WeekCase, on: dt.date) -> bool:
    """Tell whether a case has its next step overdue or due within a month, or awaits referral."""
    if case.due_on is None:
        return case.step is Step.REFER
    return case.due_on <= add_months(on, 1)


def actions(case: WeekCase) -> list[Action]:
    """Return what can be reported on a case, the likely next step first."""
    always = [Action.DECIDE, Action.CLOSE, Action.CORRECT]
    if case.step is Step.NOTHING:
        return always
    if case.step is Step.REFER:
        plan = [Action.ESTABLISH] if case.plan_from is None else [Action.REVISE]
        return [Action.REFER, *plan, *always]
    if case.step is Step.ESTABLISH:
        return [Action.ESTABLISH, Action.EXEMPT, *always]
    return [Action.REVISE, Action.EXEMPT, Action.END_PLAN, *always]


def thread_of(session: Any, scope: Scope, action: Action, on: dt.date) -> Thread | None:
    """Return what an action counts towards: the first of its figures that has an indicator."""
    found = (thread_for(session, scope, figure, on=on) for figure in COUNTS_TOWARDS[action])
    return next((thread for thread in found if thread is not None), None)


def summary(week: Week, on: dt.date) -> str:
    """Return in one line what is late and what comes within a month."""
    late = sum(case.due_on is not None and case.due_on < on for case in week.cases)
    soon = sum(needs_something(case, on) for case in week.cases) - late
    parts = [
        f"**{late}** {text.plural(late, 'ärende försenat', 'ärenden försenade')}",
        f"**{soon}** att göra inom en månad",
        f"**{len(week.missing)}** barn utan konsekvensanalys",
    ]
    return f"{text.heading(on)}. " + " · ".join(parts)


def case_list(cases: Sequence[WeekCase], on: dt.date) -> WeekCase | None:
    """Draw cases as rows to tap, one widget however many, and return the one that was tapped."""
    labels = {
        case.case_id: f"**{case.reference}** {status_badge(case)} {next_step(case, on)}"
        for case in cases
    }
    chosen = st.pills(
        "Mina ärenden",
        list(labels),
        format_func=labels.__getitem__,
        key=f"week-cases-{_round()}",
        label_visibility="collapsed",
        width="stretch",
        wrap=True,
    )
    return next((case for case in cases if case.case_id == chosen), None)


def child_words(child: MissingAnalysis, on: dt.date) -> str:
    """Return which child lacks an analysis of which decision, with a badge."""
    return (
        f":red-badge[:material/error: Analys saknas] Barn {child.child_number}, "
        f"{sv(child.kind)} {text.date_sv(child.decided_on, on)}"
    )


def child_list(missing: Sequence[MissingAnalysis], on: dt.date) -> MissingAnalysis | None:
    """Draw children without an analysis as rows to tap, and return the one that was tapped."""
    labels = {
        index: f"**{child.reference}** {child_words(child, on)}"
        for index, child in enumerate(missing)
    }
    chosen = st.pills(
        "Barn utan konsekvensanalys",
        list(labels),
        format_func=labels.__getitem__,
        key=f"week-children-{_round()}",
        label_visibility="collapsed",
        width="stretch",
        wrap=True,
    )
    return None if chosen is None else missing[chosen]


def let_go(_saved: object = None) -> None:
    """Let no row be tapped when the page is drawn again."""
    st.session_state[ROUND] = _round() + 1


def figure(label: str, value: str, made_of: str, thread: Thread | None = None) -> None:
    """Draw one of the own figures, and the indicator and the goals that it counts towards."""
    with st.container(border=True, gap="small"):
        st.metric(label, value)
        st.markdown(f":small[{made_of}]")
        red_thread(thread)


def red_thread(thread: Thread | None) -> None:
    """Draw which indicator and goals something counts towards, and how the unit stands."""
    if thread is None:
        return
    percent = thread.unit == sv(IndicatorUnit.PERCENT)
    target = thread.target
    aimed = target if isinstance(target, str) else _number(target, percent=percent)
    st.markdown(
        f":small[:material/timeline: Räknas mot **{thread.indicator_name}**: enheten "
        f"{_number(thread.value, percent=percent)}, mål {aimed}] {tiles.badge(thread.fulfilment)}"
    )
    st.caption(" → ".join(thread.goals))


def _number(value: Number | None, *, percent: bool) -> str:
    shown = text.plain_number(value, 1)
    return f"{shown}{text.NBSP}%" if percent and value is not None else shown


def _round() -> int:
    found: int = st.session_state.get(ROUND, 0)
    return found
