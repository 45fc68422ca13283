"""A caseworker's week: own open cases by what is due next, and children without analysis."""

import datetime as dt

import pytest
from sqlalchemy import event
from sqlmodel import select

from core import db
from core.auth import Scope
from core.models import (
    AdverseDecision,
    AffectedChild,
    Case,
    Caseworker,
    ChildImpactAnalysis,
    Unit,
)
from core.queries import cache
from core.queries.my_week import Step, my_week
from core.services import change_plans
from core.terms import CaseKind, DecisionKind, PlanStatus
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, run, world

MARCH = make.day("2024-03-01")
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def w(store, today):
    """A unit with one case of Ada's, due since 2024-04-20."""
    today(TODAY)
    return world()


def add_case(w, reference, **fields):
    """Save one more of Ada's cases and return its id."""
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        opened_on = fields.pop("opened_on", OPENED)
        return make.case(session, unit, opened_on, reference=reference, caseworker=ada, **fields).id


def week(w, on=TODAY, caseworker_id=None):
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=caseworker_id or w.caseworker_id)
        return my_week(session, scope, on=on)


def references(w, on=TODAY):
    return [case.reference for case in week(w, on).cases]


def test_cases_stand_in_the_order_of_what_is_due(w):
    planned = add_case(w, "AR-0002", referred_on=OPENED)
    exempt = add_case(w, "AR-0003", referred_on=OPENED)
    add_case(w, "AR-0004", referred_on=make.day("2024-05-01"))
    add_case(w, "AR-0005")
    add_case(w, "AR-0006", kind=CaseKind.ADDICTION, referred_on=OPENED)
    with db.write() as session:
        make.plan(session, session.get_one(Case, planned), OPENED, revised=[MARCH])
        make.exemption(session, session.get_one(Case, exempt), MARCH, make.day("2024-06-03"))

    found = [(c.reference, c.status, c.step, c.due_on) for c in week(w).cases]

    assert found == [
        ("AR-0001", PlanStatus.OVERDUE, Step.ESTABLISH, make.day("2024-04-20")),
        ("AR-0003", PlanStatus.EXEMPT, Step.ESTABLISH, make.day("2024-06-03")),
        ("AR-0002", PlanStatus.CURRENT, Step.REVISE, make.day("2024-07-01")),
        ("AR-0004", PlanStatus.DUE, Step.ESTABLISH, make.day("2024-08-01")),
        ("AR-0005", None, Step.REFER, None),
        ("AR-0006", None, Step.NOTHING, None),
    ]
    by_reference = {case.reference: case for case in week(w).cases}
    assert by_reference["AR-0002"].plan_from == MARCH
    planned_case = by_reference["AR-0002"]
    assert (planned_case.established_on, planned_case.revised_on) == (OPENED, MARCH)
    assert (by_reference["AR-0001"].established_on, by_reference["AR-0001"].revised_on) == (
        None,
        None,
    )
    assert by_reference["AR-0001"].version == 1
    assert by_reference["AR-0003"].exempt_until == make.day("2024-06-03")


def test_of_cases_due_the_same_day_the_first_reference_comes_first(w):
    add_case(w, "AR-0000", referred_on=make.day("2024-01-20"))
    assert references(w) == ["AR-0000", "AR-0001"]


def test_facts_dated_after_the_day_do_not_exist_yet(w):
    with db.write() as session:
        make.plan(session, session.get_one(Case, w.case_id), MARCH, TODAY, revised=[TODAY])
        case = session.get_one(Case, w.case_id)
        make.exemption(session, case, TODAY, TODAY)
    assert week(w, MARCH - ONE_DAY).cases[0].status is PlanStatus.DUE
    day_before = week(w, TODAY - ONE_DAY).cases[0]
    assert (day_before.status, day_before.plan_from) == (PlanStatus.CURRENT, MARCH)
    ended = week(w).cases[0]
    assert (ended.status, ended.step, ended.plan_from) == (PlanStatus.EXEMPT, Step.ESTABLISH, None)


def test_only_open_cases_held_on_the_day_are_in_the_week(w):
    add_case(w, "AR-0002", closed_on=TODAY)
    add_case(w, "AR-0003", opened_on=TODAY)
    moved = add_case(w, "AR-0004")
    taken_back = add_case(w, "AR-0005")
    with db.write() as session:
        bo = session.get_one(Caseworker, w.colleague_id)
        make.assign(session, session.get_one(Case, moved), TODAY, caseworker=bo)
        voided = make.assign(session, session.get_one(Case, taken_back), TODAY, caseworker=bo)
        voided.voided_at = voided.created_at
        gone = session.get_one(Case, add_in(session, w, "AR-0006"))
        gone.voided_at = gone.created_at

    assert references(w) == ["AR-0001", "AR-0003", "AR-0005"]
    assert references(w, TODAY - ONE_DAY) == ["AR-0001", "AR-0002", "AR-0004", "AR-0005"]
    assert [c.reference for c in week(w, caseworker_id=w.colleague_id).cases] == ["AR-0004"]


def add_in(session, w, reference):
    unit = session.get_one(Unit, w.unit_id)
    ada = session.get_one(Caseworker, w.caseworker_id)
    return make.case(session, unit, OPENED, reference=reference, caseworker=ada).id


def test_voided_plans_revisions_and_exemptions_count_nowhere(w):
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        plan = make.plan(session, case, MARCH)
        exemption = make.exemption(session, case, TODAY, TODAY)
        for row in (plan, exemption):
            row.voided_at = row.created_at
    assert week(w).cases[0].status is PlanStatus.OVERDUE


def decide(session, w, case_id, decided_on, children):
    """Save a decision; `children` holds the days of each child's analyses."""
    decision = AdverseDecision(
        unit_id=w.unit_id, case_id=case_id, decided_on=decided_on, kind=DecisionKind.REFUSAL
    )
    make.save(session, decision)
    for number, days in enumerate(children, 1):
        child = make.save(session, AffectedChild(decision_id=decision.id, child_number=number))
        for day in days:
            make.save(session, ChildImpactAnalysis(affected_child_id=child.id, analysed_on=day))
    return decision


def test_children_without_an_analysis_by_today_are_told_the_longest_waiting_first(w):
    closed = add_case(w, "AR-0002", closed_on=MARCH)
    with db.write() as session:
        late = decide(session, w, w.case_id, MARCH, [[], [MARCH], [TODAY], [TODAY + ONE_DAY]])
        early = decide(session, w, closed, OPENED, [[]])
        decide(session, w, w.case_id, TODAY + ONE_DAY, [[]])
        voided = decide(session, w, w.case_id, MARCH, [[]])
        voided.voided_at = voided.created_at

    found = [(c.decision_id, c.reference, c.child_number) for c in week(w).missing]

    assert found == [(early.id, "AR-0002", 1), (late.id, "AR-0001", 1), (late.id, "AR-0001", 4)]
    assert [c.child_number for c in week(w, TODAY - ONE_DAY).missing] == [1, 1, 3, 4]
    assert week(w, caseworker_id=w.colleague_id).missing == ()


def test_a_voided_analysis_leaves_the_child_without_one(w):
    with db.write() as session:
        decide(session, w, w.case_id, MARCH, [[MARCH]])
    assert week(w).missing == ()
    with db.write() as session:
        analysis = session.exec(select(ChildImpactAnalysis)).one()
        analysis.voided_at = analysis.created_at
    cache.clear()
    assert [c.child_number for c in week(w).missing] == [1]


def test_a_write_shows_in_the_cached_week_at_once(w):
    cache.clear()
    assert week(w).cases[0].status is PlanStatus.OVERDUE
    run(change_plans.establish, w.case_id, TODAY, by=w.caseworker)
    assert week(w).cases[0].status is PlanStatus.CURRENT


def test_the_week_takes_the_same_few_statements_however_many_cases(w):
    def statements():
        counted = []

        def count(*_):
            counted.append(1)

        cache.clear()
        event.listen(db.engine(), "before_cursor_execute", count)
        week(w)
        event.remove(db.engine(), "before_cursor_execute", count)
        return len(counted)

    few = statements()
    for n in range(2, 12):
        case_id = add_case(w, f"AR-{n:04}", referred_on=OPENED)
        with db.write() as session:
            make.plan(session, session.get_one(Case, case_id), MARCH, revised=[TODAY])
    assert statements() == few
