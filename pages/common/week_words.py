"""Min vecka in words: what a case, a decision or a measure point needs next, and by when."""

from __future__ import annotations

import datetime as dt

from core.queries.my_week import Step, WeekCase
from core.queries.todo import MissingDecision, Todo, TodoList
from core.rules.measure_points import ReportStatus
from core.terms import CaseKind, PlanStatus, ReminderKind, sv_title
from pages.common import decision_forms, text
from pages.common.case_forms import Action

LOOKS: dict[PlanStatus, tuple[str, str]] = {
    PlanStatus.EXEMPT: ("gray", "event_busy"),
    PlanStatus.CURRENT: ("green", "check_circle"),
    PlanStatus.OUTDATED: ("orange", "update"),
    PlanStatus.DUE: ("blue", "schedule"),
    PlanStatus.OVERDUE: ("red", "error"),
}
"""The colour and the icon of each status. The word always stands beside them."""
MEASURE_LOOKS: dict[ReportStatus, tuple[str, str, str]] = {
    ReportStatus.OVERDUE: ("red", "error", "Försenad"),
    ReportStatus.DUE: ("orange", "edit_note", "Att rapportera"),
    ReportStatus.COMING: ("blue", "schedule", "Snart"),
}
REMINDERS: dict[ReminderKind, str] = {
    ReminderKind.PLAN: "förändringsplanen",
    ReminderKind.CHILD_IMPACT: "konsekvensanalysen",
    ReminderKind.MEASURE: "mätpunkten",
}
"""What a reminder that is put off was about."""


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


def actions(case: WeekCase) -> list[Action]:
    """Return what can be reported on a case, the likely next step first."""
    months = [Action.BENEFIT_MONTHS] if case.kind is CaseKind.BENEFIT else []
    always = [Action.DECIDE, *months, Action.CLOSE, Action.CORRECT]
    if case.step is Step.NOTHING:
        return always
    if case.step is Step.REFER:
        plan = [Action.ESTABLISH] if case.plan_from is None else [Action.REVISE]
        return [Action.REFER, *plan, *always]
    if case.step is Step.ESTABLISH:
        return [Action.ESTABLISH, Action.EXEMPT, *always]
    return [Action.REVISE, Action.EXEMPT, Action.END_PLAN, *always]


def decision_row(decision: MissingDecision) -> str:
    """Return which children of which decision lack an analysis, with a badge."""
    return decision_forms.decision_words(decision.decided_on, decision.kind, decision.children)


def measure_row(item: Todo, on: dt.date) -> str:
    """Return what a measure point asks for, for which period and by when, with a badge."""
    first = item.measure[0]
    color, icon, word = MEASURE_LOOKS[first.status]
    left = f"{len(item.measure)} ärenden kvar, " if len(item.measure) > 1 else ""
    period = text.period_sv(first.period)
    day = text.date_sv(item.due_on, on)
    last = f"skulle ha gjorts senast {day}" if item.is_late(on) else f"senast {day}"
    return f":{color}-badge[:material/{icon}: {word}] {left}{period}, {last}"


def name_of(item: Todo) -> str:
    """Return what something to do is about: the case's reference, or the measure point's name."""
    if item.case is not None:
        return item.case.reference
    if item.decision is not None:
        return item.decision.reference
    first = item.measure[0]
    only = first.reference if len(item.measure) == 1 else None
    return f"{first.definition.name}, {only}" if only else first.definition.name


def row(item: Todo, on: dt.date) -> str:
    """Return something to do as a line of Markdown: what, how it stands, and the next step."""
    return f"**{text.safe(name_of(item))}** {quick_row(item, on)}"


def case_row(case: WeekCase, on: dt.date) -> str:
    """Return a case as a line of Markdown."""
    return f"**{case.reference}** {status_badge(case)} {next_step(case, on)}"


def put_off_row(item: Todo, on: dt.date) -> str:
    """Return something put off as a line of Markdown: until when and why."""
    if item.snooze is None:
        return row(item, on)
    until = text.date_sv(item.snooze.ends_on, on)
    what = REMINDERS[item.snooze.kind]
    return (
        f"**{text.safe(name_of(item))}** {what}, till och med {until}: "
        f"{text.safe(item.snooze.reason)}"
    )


def summary(todo: TodoList, on: dt.date) -> str:
    """Return in one line what is late, what comes within 14 days and what is put off."""
    late = todo.late(on)
    soon = len(todo.items) - late
    parts = [
        f"**{late}** {text.plural(late, 'försenad', 'försenade')}",
        f"**{soon}** inom 14 dagar",
    ]
    if todo.put_off:
        many = len(todo.put_off)
        parts.append(f"**{many}** {text.plural(many, 'uppskjuten', 'uppskjutna')}")
    return f"{text.heading(on)}. " + " · ".join(parts)


def quick_row(item: Todo, on: dt.date) -> str:
    """Return how something to do stands and what it needs, without its name."""
    if item.case is not None:
        return f"{status_badge(item.case)} {next_step(item.case, on)}"
    if item.decision is not None:
        return decision_row(item.decision)
    return measure_row(item, on)
