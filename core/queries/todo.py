"""A caseworker's one list: plans, impact analyses and measure points, by what is due first.

It looks 14 days ahead. What has been put off with a reason stands apart until its last day; it
counts in every figure all the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from core.auth import Scope
from core.queries.measure_points import DueItem, due_items
from core.queries.my_week import MissingAnalysis, Step, Week, WeekCase, my_week
from core.queries.reminders import Snoozed, snoozed
from core.rules.reminders import Urgency, urgency
from core.terms import DecisionKind, ReminderKind


@dataclass(frozen=True, slots=True)
class MissingDecision:
    """A decision with the numbers of its children who lack an analysis."""

    decision_id: int
    case_id: int
    reference: str
    decided_on: dt.date
    kind: DecisionKind
    registered_at: dt.datetime
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: exactly one of a case's plan, a decision's analyses, and a measure's forms.

    `due_on` is the last day in time, None for a case that awaits its referral. `snooze` is how it
    has been put off.
    """

    key: str
    due_on: dt.date | None
    case: WeekCase | None = None
    decision: MissingDecision | None = None
    measure: tuple[DueItem, ...] = ()
    snooze: Snoozed | None = None

    def is_late(self, on: dt.date) -> bool:
        """Tell whether its last day in time has passed."""
        return self.due_on is not None and urgency(self.due_on, on) is Urgency.LATE


@dataclass(frozen=True, slots=True)
class TodoList:
    """What a caseworker has to do, the most late first; what is put off; and all open cases."""

    items: tuple[Todo, ...]
    put_off: tuple[Todo, ...]
    week: Week

    def late(self, on: dt.date) -> int:
        """Return how many of the things to do are late."""
        return sum(item.is_late(on) for item in self.items)

    @property
    def cards(self) -> tuple[Todo, ...]:
        """Return the things to do one at a time: a measure point's cases each by itself."""
        return tuple(card for item in self.items for card in _cards(item))


def todo_list(session: Session, scope: Scope, *, on: dt.date) -> TodoList:
    """Return what the scope's caseworker has to do on a day or within 14 days of it."""
    week = my_week(session, scope, on=on)
    measures = due_items(session, scope, on=on)
    put_off = {_of(row): row for row in snoozed(session, scope, on=on)}
    items = sorted(
        [
            *_plans(week.cases, put_off, on),
            *_analyses(week.missing, put_off),
            *_measures(measures, put_off),
        ],
        key=lambda item: (item.due_on or dt.date.max, item.key),
    )
    return TodoList(
        tuple(item for item in items if item.snooze is None),
        tuple(item for item in items if item.snooze is not None),
        week,
    )


def missing_decisions(missing: Iterable[MissingAnalysis]) -> tuple[MissingDecision, ...]:
    """Return children without an analysis by decision, in the order of their first child."""
    children: dict[int, list[MissingAnalysis]] = {}
    for child in missing:
        children.setdefault(child.decision_id, []).append(child)
    return tuple(
        MissingDecision(
            decision_id,
            found[0].case_id,
            found[0].reference,
            found[0].decided_on,
            found[0].kind,
            found[0].registered_at,
            tuple(sorted(child.child_number for child in found)),
        )
        for decision_id, found in children.items()
    )


def _cards(item: Todo) -> tuple[Todo, ...]:
    if len(item.measure) < 2:
        return (item,)
    return tuple(
        Todo(f"{item.key}-{one.case_id}", one.due_on, measure=(one,)) for one in item.measure
    )


Reminder = tuple[int | None, ReminderKind, int | None]


def _of(row: Snoozed) -> Reminder:
    return row.case_id, row.kind, row.measure_point_id


def _plans(
    cases: Iterable[WeekCase], put_off: dict[Reminder, Snoozed], on: dt.date
) -> Iterable[Todo]:
    for case in cases:
        due = case.due_on
        soon = due is not None and urgency(due, on) is not Urgency.LATER
        if soon or case.step is Step.REFER:
            snooze = put_off.get((case.case_id, ReminderKind.PLAN, None))
            yield Todo(f"plan-{case.case_id}", due, case=case, snooze=snooze)


def _analyses(
    missing: Iterable[MissingAnalysis], put_off: dict[Reminder, Snoozed]
) -> Iterable[Todo]:
    """Yield decisions with children missing; one registered after they were put off is told.

    Whatever day it is dated: nobody has put off what they did not know of.
    """
    for one in missing_decisions(missing):
        snooze = put_off.get((one.case_id, ReminderKind.CHILD_IMPACT, None))
        if snooze is not None and one.registered_at > snooze.put_off_at:
            snooze = None
        key = f"bka-{one.decision_id}"
        yield Todo(key, one.decided_on, decision=one, snooze=snooze)


def _measures(items: Iterable[DueItem], put_off: dict[Reminder, Snoozed]) -> Iterable[Todo]:
    """Yield measure points by period; the cases that each asks for together, put off ones apart."""
    together: dict[tuple[int, dt.date], list[DueItem]] = {}
    for item in items:
        snooze = put_off.get((item.case_id, ReminderKind.MEASURE, item.point_id))
        key = f"measure-{item.point_id}-{item.period.start}"
        if snooze is not None:
            name = f"{key}-{item.case_id}"
            yield Todo(name, item.due_on, measure=(item,), snooze=snooze)
        else:
            together.setdefault((item.point_id, item.period.start), []).append(item)
    for (point_id, start), found in together.items():
        due_on = min(item.due_on for item in found)
        yield Todo(f"measure-{point_id}-{start}", due_on, measure=tuple(found))
