"""The one list: plans, analyses and referrals by what is due first, 14 days ahead, put off apart."""

import datetime as dt

import pytest

from core import db
from core.auth import Scope
from core.models import Case, Caseworker, Unit
from core.queries.my_week import Step
from core.queries.todo import todo_list
from core.services import child_impact, reminders
from core.services.child_impact import NewDecision
from core.terms import (
    CaseKind,
    CaseReference,
    DecisionKind,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
    ReminderKind,
)
from tests import factories as make
from tests import factories_measures as measures
from tests.factories_cases import OPENED, TODAY, run, world

ONE_DAY = dt.timedelta(days=1)
MARCH = make.day("2024-03-01")
JUNE_10 = make.day("2024-06-10")


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's, overdue since 2024-04-20."""
    today(TODAY)
    return world()


def add_case(w, reference, **fields):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        return make.case(session, unit, OPENED, reference=reference, caseworker=ada, **fields).id


def plan(case_id, day):
    with db.write() as session:
        make.plan(session, session.get_one(Case, case_id), day)


def read(w, on=TODAY):
    with db.read() as session:
        return todo_list(session, Scope(w.unit_id, caseworker_id=w.caseworker_id), on=on)


def decide(w, decided_on, children):
    new = NewDecision(decided_on, DecisionKind.REFUSAL, dict.fromkeys(children))
    return run(child_impact.register_decision, w.case_id, new, by=w.caseworker)


def put_off(w, kind, ends_on=JUNE_10):
    new = reminders.NewSnooze(kind, "Väntar på besked", ends_on)
    return run(reminders.snooze, w.case_id, new, by=w.caseworker)


def test_what_is_due_within_fourteen_days_is_told_the_most_late_first(w):
    in_time = add_case(w, "AR-0002", referred_on=OPENED)
    plan(in_time, make.day("2024-02-10"))  # current through 10 June, the 14th day
    later = add_case(w, "AR-0003", referred_on=OPENED)
    plan(later, make.day("2024-02-11"))
    waiting = add_case(w, "AR-0004")
    add_case(w, "AR-0005", kind=CaseKind.ADDICTION)
    decision = decide(w, MARCH, [2, 1])

    found = read(w)

    assert [(item.key, item.due_on) for item in found.items] == [
        (f"bka-{decision}", MARCH),
        (f"plan-{w.case_id}", make.day("2024-04-20")),
        (f"plan-{in_time}", JUNE_10),
        (f"plan-{waiting}", None),
    ]
    assert [item.is_late(TODAY) for item in found.items] == [True, True, False, False]
    assert found.late(TODAY) == 2
    assert found.items[0].decision.children == (1, 2)
    assert found.items[3].case.step is Step.REFER
    assert len(found.week.cases) == 5
    assert read(w, TODAY + ONE_DAY).items[3].key == f"plan-{later}"


def test_a_decision_made_today_is_not_late_yet(w):
    decide(w, TODAY, [1])
    (item,) = [item for item in read(w).items if item.decision]
    assert not item.is_late(TODAY)
    assert item.is_late(TODAY + ONE_DAY)


def test_what_is_put_off_stands_apart_until_its_last_day(w):
    put_off(w, ReminderKind.PLAN)
    found = read(w)
    assert found.items == ()
    (item,) = found.put_off
    assert (item.case.reference, item.snooze.reason) == ("AR-0001", "Väntar på besked")
    assert read(w, JUNE_10).items == ()
    assert [item.key for item in read(w, JUNE_10 + ONE_DAY).items] == [f"plan-{w.case_id}"]


def test_putting_off_a_plan_leaves_the_analyses_and_the_other_way_round(w):
    decision = decide(w, MARCH, [1])
    put_off(w, ReminderKind.CHILD_IMPACT)
    found = read(w)
    assert [item.key for item in found.items] == [f"plan-{w.case_id}"]
    assert [item.key for item in found.put_off] == [f"bka-{decision}"]


def test_a_decision_made_after_the_analyses_were_put_off_is_told(w, today):
    decide(w, TODAY, [1])
    put_off(w, ReminderKind.CHILD_IMPACT)
    today(TODAY + ONE_DAY)
    later = decide(w, TODAY + ONE_DAY, [1])
    found = read(w, TODAY + ONE_DAY)
    assert f"bka-{later}" in [item.key for item in found.items]
    assert len(found.put_off) == 1


@pytest.mark.parametrize("decided_on", [MARCH, TODAY])
def test_a_decision_registered_after_the_analyses_were_put_off_is_told_whatever_its_date(
    w, decided_on
):
    before = decide(w, MARCH, [1])
    put_off(w, ReminderKind.CHILD_IMPACT)
    after = decide(w, decided_on, [2])
    found = read(w)
    assert [item.decision.decision_id for item in found.items if item.decision] == [after]
    assert [item.decision.decision_id for item in found.put_off] == [before]


def test_putting_off_again_covers_what_has_been_registered_since(w):
    put_off(w, ReminderKind.CHILD_IMPACT, TODAY)
    decision = decide(w, MARCH, [1])
    put_off(w, ReminderKind.CHILD_IMPACT)
    assert [item.key for item in read(w).put_off] == [f"bka-{decision}"]


def test_a_colleague_has_a_list_of_their_own(w):
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=w.colleague_id)
        assert todo_list(session, scope, on=TODAY).items == ()


def test_a_measure_asks_about_its_cases_together_and_one_put_off_stands_apart(w):
    second = add_case(w, "AR-0002")
    with db.write() as session:
        point = measures.point(
            session,
            session.get_one(Unit, w.unit_id),
            MeasureKind.CASE_CHECK,
            frequency=MeasureFrequency.MONTH,
            valid_from="2024-05-01",
            subject=MeasureSubject.OPEN_CASES,
            case_reference=CaseReference.REQUIRED,
            choices=measures.YES_NO,
        ).id

    def asked(items):
        return [[one.case_id for one in item.measure] for item in items if item.measure]

    found = read(w)
    assert asked(found.items) == [[w.case_id, second]]
    assert asked(found.cards) == [[w.case_id], [second]]

    new = reminders.NewSnooze(ReminderKind.MEASURE, "Väntar", JUNE_10, point)
    run(reminders.snooze, w.case_id, new, by=w.caseworker)
    found = read(w)
    assert asked(found.items) == [[second]]
    assert asked(found.put_off) == [[w.case_id]]
