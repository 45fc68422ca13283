"""Every write on a case, by every role, called directly: allowed, outside the scope, or denied."""

import contextlib

import pytest
from sqlmodel import func, select

from core import db
from core.auth import PermissionDeniedError
from core.models import (
    AuditEvent,
    Case,
    CaseAdult,
    CaseAssignment,
    Caseworker,
    ChildImpactAnalysis,
    Group,
    Unit,
)
from core.services import assignments, case_details, cases, change_plans, child_impact, undo
from core.services.base import RefusedError
from core.terms import CaseKind, DecisionKind, ExemptionReason, Gender, HouseholdType, Obstacle
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, rows, run, world

COUNT = select(func.count()).select_from(AuditEvent)
MANAGERS = {"group_manager", "unit_manager", "developer"}
CASE_WORKERS = MANAGERS | {"caseworker"}
EVERYBODY = (
    "caseworker",
    "colleague",
    "group_manager",
    "other_group_manager",
    "unit_manager",
    "developer",
    "controller",
    "reader",
    "admin",
    "other_unit_manager",
)


def call(service, *args, **kwargs):
    """Return a write to be made by somebody."""
    return lambda session, by: service(session, *args, by=by, **kwargs)


def register(w):
    new = cases.NewCase("AR-0100", CaseKind.STATEMENT, TODAY, w.caseworker_id, w.group_id)
    return call(cases.register, new)


def refer(w):
    return call(cases.refer, w.extra["unreferred"], TODAY, version=1)


def reassign(w):
    to = assignments.Handover(w.colleague_id, w.other_group_id, TODAY)
    return call(assignments.reassign, w.case_id, to, version=1)


def reassign_caseload(w):
    to = assignments.CaseloadHandover((w.colleague_id,), TODAY)
    return call(assignments.reassign_caseload, w.caseworker_id, to)


def close(w):
    return call(cases.close, w.case_id, cases.Closing(TODAY), version=1)


def change_composition(w):
    new = case_details.NewComposition(TODAY, HouseholdType.SINGLE_WITH_CHILDREN, 3)
    return call(case_details.change_composition, w.case_id, new)


def add_adult(w):
    return call(case_details.add_adult, w.case_id, case_details.NewAdult(2, Gender.MAN, TODAY))


def end_adult(w):
    return call(case_details.end_adult, w.extra["adult"], TODAY)


def set_obstacle(w):
    return call(case_details.set_obstacle, w.extra["adult"], Obstacle.UNEMPLOYED, TODAY)


def establish(w):
    return call(change_plans.establish, w.extra["unreferred"], TODAY)


def revise(w):
    return call(change_plans.revise, w.case_id, TODAY)


def end(w):
    return call(change_plans.end, w.case_id, TODAY)


def exempt(w):
    new = change_plans.NewExemption(ExemptionReason.MOVES_WITHIN_A_MONTH, TODAY)
    return call(change_plans.exempt, w.case_id, new)


def void_plan(w):
    return call(change_plans.void_plan, w.extra["plan"])


def void_revision(w):
    return call(change_plans.void_revision, w.extra["revision"])


def void_exemption(w):
    return call(change_plans.void_exemption, w.extra["exemption"])


def register_decision(w):
    new = child_impact.NewDecision(TODAY, DecisionKind.REFUSAL, {1: None})
    return call(child_impact.register_decision, w.case_id, new)


def add_analyses(w):
    return call(
        child_impact.add_analyses, w.extra["decision"], {2: child_impact.NewAnalysis(TODAY)}
    )


def void_decision(w):
    return call(child_impact.void_decision, w.extra["decision"])


def void_analysis(w):
    return call(child_impact.void_analysis, w.extra["analysis"])


WRITES = [
    (register, MANAGERS),
    (refer, CASE_WORKERS),
    (reassign, MANAGERS),
    (reassign_caseload, MANAGERS),
    (close, CASE_WORKERS),
    (change_composition, CASE_WORKERS),
    (add_adult, CASE_WORKERS),
    (end_adult, CASE_WORKERS),
    (set_obstacle, CASE_WORKERS),
    (establish, CASE_WORKERS),
    (revise, CASE_WORKERS),
    (end, CASE_WORKERS),
    (exempt, CASE_WORKERS),
    (void_plan, CASE_WORKERS),
    (void_revision, CASE_WORKERS),
    (void_exemption, CASE_WORKERS),
    (register_decision, CASE_WORKERS),
    (add_analyses, CASE_WORKERS),
    (void_decision, CASE_WORKERS),
    (void_analysis, CASE_WORKERS),
]


def full_world():
    """Return a world whose case has one of everything, and a second case not yet referred."""
    w = world()
    author = w.manager
    with db.write() as session:
        unreferred = make.case(
            session,
            session.get_one(Unit, w.unit_id),
            OPENED,
            reference="AR-0002",
            caseworker=session.get_one(Caseworker, w.caseworker_id),
            group=session.get_one(Group, w.group_id),
        )
        w.extra["unreferred"] = unreferred.id
    w.extra["adult"] = rows(CaseAdult, case_id=w.case_id)[0].id
    w.extra["plan"] = run(change_plans.establish, w.case_id, make.day("2024-03-01"), by=author)
    day = make.day("2024-04-01")
    w.extra["revision"] = run(change_plans.revise, w.case_id, day, by=author)
    new = change_plans.NewExemption(ExemptionReason.MOVES_WITHIN_A_MONTH, OPENED)
    w.extra["exemption"] = run(change_plans.exempt, w.case_id, new, by=author)
    decision = child_impact.NewDecision(day, DecisionKind.REFUSAL, {1: day, 2: None})
    w.extra["decision"] = run(child_impact.register_decision, w.case_id, decision, by=author)
    w.extra["analysis"] = rows(ChildImpactAnalysis)[0].id
    return w


@pytest.mark.parametrize(("write", "allowed"), WRITES, ids=[w.__name__ for w, _ in WRITES])
def test_only_those_whose_case_it_is_may_write(store, today, write, allowed):
    today(TODAY)
    w = full_world()
    for name in EVERYBODY:
        if name in allowed:
            assert events_of(write(w), w.actors[name]) == 1, name
        else:
            with pytest.raises(PermissionDeniedError):
                events_of(write(w), w.actors[name])
                pytest.fail(name)


class RollBackError(Exception):
    """Ends a write so that the next role meets the same store."""


def events_of(write, by):
    """Return how many audit events a write makes; nothing of it is kept."""
    events = []
    with contextlib.suppress(RollBackError), db.write() as session:
        before = session.exec(COUNT).one()
        write(session, by)
        events.append(session.exec(COUNT).one() - before)
        raise RollBackError
    return events[0]


def undone_by(w, by):
    """Undo what somebody last did."""
    return events_of(lambda session, actor: undo.undo_latest(session, by=actor), by)


def test_only_the_own_latest_can_be_undone(store, today):
    today(TODAY)
    w = full_world()
    run(cases.close, w.case_id, cases.Closing(TODAY), version=1, by=w.caseworker)

    assert undone_by(w, w.caseworker) == 1
    for name in ("group_manager", "developer", "reader", "other_unit_manager"):
        with pytest.raises(RefusedError, match="inget att ångra"):
            undone_by(w, w.actors[name])


def test_nothing_is_undone_once_the_case_is_somebody_elses(store, today):
    today(TODAY)
    w = full_world()
    run(cases.close, w.case_id, cases.Closing(TODAY), version=1, by=w.caseworker)
    with db.write() as session:
        taken_over = session.get_one(Caseworker, w.colleague_id)
        make.assign(session, session.get_one(Case, w.case_id), TODAY, caseworker=taken_over)

    with pytest.raises(PermissionDeniedError):
        undone_by(w, w.caseworker)


def test_a_group_manager_registers_into_the_own_group_only(store, today):
    today(TODAY)
    w = full_world()
    by = w.actors["group_manager"]
    for caseworker_id, group_id in (
        (None, w.other_group_id),
        (None, None),
        (w.colleague_id, w.group_id),
    ):
        new = cases.NewCase("AR-0100", CaseKind.STATEMENT, TODAY, caseworker_id, group_id)
        with pytest.raises(PermissionDeniedError):
            run(cases.register, new, by=by)


def test_a_group_manager_hands_over_to_another_group_and_can_undo_that(store, today):
    today(TODAY)
    w = full_world()
    by = w.actors["group_manager"]
    to = assignments.Handover(w.colleague_id, w.other_group_id, TODAY)
    run(assignments.reassign, w.case_id, to, version=1, by=by)
    with pytest.raises(PermissionDeniedError):
        run(cases.close, w.case_id, cases.Closing(TODAY), version=2, by=by)

    run(undo.undo_latest, by=by)

    run(cases.close, w.case_id, cases.Closing(TODAY), version=3, by=by)


def test_a_group_managers_handover_of_a_caseload_stays_within_the_group(store, today):
    today(TODAY)
    w = full_world()
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        elsewhere = make.case(
            session,
            unit,
            OPENED,
            reference="AR-0050",
            caseworker=session.get_one(Caseworker, w.caseworker_id),
            group=session.get_one(Group, w.other_group_id),
        )
        case_id = elsewhere.id
    to = assignments.CaseloadHandover((), TODAY)

    run(assignments.reassign_caseload, w.caseworker_id, to, by=w.actors["group_manager"])

    assert [row.caseworker_id for row in rows(CaseAssignment, case_id=case_id)] == [w.caseworker_id]
    assert [row.caseworker_id for row in rows(CaseAssignment, case_id=w.case_id)][-1] is None


@pytest.mark.parametrize("receiver", ["caseworker", "group"])
def test_nobody_of_another_unit_is_given_a_case(store, today, receiver):
    today(TODAY)
    w = full_world()
    with db.write() as session:
        group = make.group(session, session.get_one(Unit, w.extra["other_unit_id"]))
        outside = {"caseworker": (w.extra["stranger_id"], None), "group": (None, group.id)}
    to = assignments.Handover(*outside[receiver], TODAY)
    new = cases.NewCase("AR-0100", CaseKind.STATEMENT, TODAY, *outside[receiver])

    with pytest.raises(PermissionDeniedError):
        run(assignments.reassign, w.case_id, to, version=1, by=w.manager)
    with pytest.raises(PermissionDeniedError):
        run(cases.register, new, by=w.manager)
