"""Undo of the latest: what it takes back, and when it won't."""

from dataclasses import replace

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import (
    AdultObstacle,
    AuditEvent,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    DataVersion,
    Placement,
    PlacementKind,
    Unit,
)
from core.queries.undoable import latest_undoable
from core.services import assignments, cases, change_plans, child_impact, retention
from core.services.assignments import CaseloadHandover, Handover
from core.services.base import ConflictError
from core.services.cases import Closing, NewCase
from core.services.undo import undo_latest
from core.terms import (
    CaseKind,
    ClosingReason,
    DecisionKind,
    ExemptionReason,
    Gender,
    HouseholdType,
    LegalBasis,
    Obstacle,
)
from tests import factories as make
from tests.factories_cases import OPENED, REFERRED, TODAY, refusals, rows, run, world

MARCH = make.day("2024-03-15")
HELD = (CaseAssignment, CaseComposition, CaseAdult, AdultObstacle)


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's, on a fixed day."""
    today(TODAY)
    return world()


def registered(w):
    """Register a case and return its id."""
    new = NewCase(
        "AR-0100",
        CaseKind.BENEFIT,
        OPENED,
        household_type=HouseholdType.SINGLE,
        applicant_gender=Gender.MAN,
        obstacle=Obstacle.UNEMPLOYED,
    )
    return run(cases.register, new, by=w.manager)


def why_not(w):
    return refusals(undo_latest, by=w.manager)["undo"]


def test_a_registration_is_voided_with_its_rows_and_its_reference_is_free_again(w):
    case_id = registered(w)

    assert run(undo_latest, by=w.manager) == case_id

    case = rows(Case, id=case_id)[0]
    assert case.voided_at is not None
    assert case.voided_by_id == w.manager.user_id
    adult = rows(CaseAdult, case_id=case_id)[0]
    for table, equal in zip(
        HELD, [{"case_id": case_id}] * 3 + [{"adult_id": adult.id}], strict=True
    ):
        (row,) = rows(table, **equal)
        assert row.voided_by_id == w.manager.user_id
    assert rows(CaseAdult, case_id=w.case_id)[0].voided_at is None
    registered(w)


def test_an_undo_is_an_event_of_its_own_and_moves_figures_from_the_undone_day(w):
    registered(w)
    run(undo_latest, by=w.manager)
    first, undone = rows(AuditEvent)
    assert (undone.action, undone.undoes_id) == ("undo", first.id)
    (moved,) = rows(DataVersion)
    assert (moved.month, moved.writes) == (OPENED.replace(day=1), 2)


def test_a_referral_and_a_closing_are_removed(w):
    case_id = registered(w)
    run(cases.refer, case_id, REFERRED, version=1, by=w.manager)
    run(cases.close, case_id, Closing(MARCH, ClosingReason.WORK), version=2, by=w.manager)

    run(undo_latest, by=w.manager)
    case = rows(Case, id=case_id)[0]
    assert (case.referred_on, case.closed_on, case.closing_reason) == (REFERRED, None, None)

    run(undo_latest, by=w.manager)
    case = rows(Case, id=case_id)[0]
    assert (case.referred_on, case.version) == (None, 5)

    run(undo_latest, by=w.manager)
    assert rows(Case, id=case_id)[0].voided_at is not None
    assert why_not(w) == "Det finns inget att ångra."


def test_a_handover_is_voided_so_that_the_one_before_holds(w):
    to = Handover(w.colleague_id, w.other_group_id, MARCH)
    row_id = run(assignments.reassign, w.case_id, to, version=1, by=w.manager)

    run(undo_latest, by=w.manager)

    first, voided = rows(CaseAssignment, case_id=w.case_id)
    assert first.voided_at is None
    assert (voided.id, voided.voided_by_id) == (row_id, w.manager.user_id)
    assert rows(Case, id=w.case_id)[0].version == 3


def test_a_whole_caseload_comes_back_at_once(w):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        make.case(session, unit, OPENED, reference="AR-0002", caseworker=ada)
    to = CaseloadHandover((w.colleague_id,), TODAY)
    run(assignments.reassign_caseload, w.caseworker_id, to, by=w.manager)

    assert run(undo_latest, by=w.manager) == w.caseworker_id

    valid = [row.caseworker_id for row in rows(CaseAssignment) if row.voided_at is None]
    assert valid == [w.caseworker_id] * 2


def test_what_others_did_is_never_undone(w):
    registered(w)
    run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.caseworker)
    run(undo_latest, by=w.manager)
    assert rows(Case, id=w.case_id)[0].closed_on == TODAY
    assert rows(Case, reference="AR-0100")[0].voided_at is not None


def test_a_registration_with_something_resting_on_it_stays(w):
    case_id = registered(w)
    by_another = w.actors["developer"]

    run(cases.refer, case_id, REFERRED, version=1, by=by_another)
    assert "remitterats eller avslutats" in why_not(w)
    run(undo_latest, by=by_another)

    run(cases.close, case_id, Closing(TODAY), version=3, by=by_another)
    assert "remitterats eller avslutats" in why_not(w)
    run(undo_latest, by=by_another)

    to = Handover(w.caseworker_id, w.group_id, TODAY)
    run(assignments.reassign, case_id, to, version=5, by=by_another)
    assert why_not(w) == "AR-0100 har omfördelats sedan dess."
    run(undo_latest, by=by_another)

    plan_id = run(change_plans.establish, case_id, TODAY, by=by_another)
    assert "förändringsplan" in why_not(w)
    run(change_plans.void_plan, plan_id, by=by_another)

    new = change_plans.NewExemption(ExemptionReason.MOVES_WITHIN_A_MONTH, TODAY)
    exemption_id = run(change_plans.exempt, case_id, new, by=by_another)
    assert "undantag" in why_not(w)
    run(change_plans.void_exemption, exemption_id, by=by_another)

    decision = child_impact.NewDecision(TODAY, DecisionKind.REFUSAL)
    decision_id = run(child_impact.register_decision, case_id, decision, by=by_another)
    assert "negativt beslut" in why_not(w)
    run(child_impact.void_decision, decision_id, by=by_another)

    run(undo_latest, by=w.manager)


def test_a_registration_with_a_placement_stays(w):
    case_id = registered(w)
    with db.write() as session:
        kind = make.save(session, PlacementKind(unit_id=w.unit_id, name="HVB"))
        placement = Placement(
            unit_id=w.unit_id,
            case_id=case_id,
            reference="P1",
            kind_id=kind.id,
            legal_basis=LegalBasis.SOL,
            starts_on=TODAY,
        )
        make.save(session, placement)
    assert "placering" in why_not(w)


def test_a_referral_stays_when_the_case_has_been_closed(w):
    case_id = registered(w)
    run(cases.refer, case_id, REFERRED, version=1, by=w.manager)
    run(cases.close, case_id, Closing(TODAY), version=2, by=w.actors["developer"])
    assert why_not(w) == "AR-0100 har avslutats sedan dess."


def test_a_handover_stays_when_the_case_has_moved_on(w):
    to = Handover(w.colleague_id, w.other_group_id, MARCH)
    run(assignments.reassign, w.case_id, to, version=1, by=w.manager)
    further = Handover(None, None, TODAY)
    by_another = w.actors["developer"]
    run(assignments.reassign, w.case_id, further, version=2, by=by_another)

    assert why_not(w) == "AR-0001 har omfördelats sedan dess."

    run(undo_latest, by=by_another)
    run(undo_latest, by=w.manager)


def test_undo_takes_back_what_the_user_was_told_or_nothing(w):
    registered(w)
    with db.read() as session:
        told = latest_undoable(session, Scope(w.unit_id), user_id=w.manager.user_id)
    assert (told.action, told.name, told.cases) == ("register", "AR-0100", 1)
    run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)

    with pytest.raises(ConflictError):
        run(undo_latest, by=w.manager, expected=told.event_id)

    assert rows(Case, id=w.case_id)[0].closed_on == TODAY


def test_somebody_without_a_unit_undoes_nothing(w):
    with pytest.raises(PermissionDeniedError):
        run(undo_latest, by=w.actors["admin"])


def test_undo_sent_twice_undoes_one(w):
    registered(w)
    run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)
    for _ in range(2):
        assert run(undo_latest, by=w.manager, key="form") == w.case_id
    assert rows(Case, reference="AR-0100")[0].voided_at is None


def test_what_would_be_undone_is_told_by_reference_or_name(w):
    def told():
        with db.read() as session:
            assert latest_undoable(session, Scope(w.unit_id), user_id=w.caseworker.user_id) is None
            found = latest_undoable(session, Scope(w.unit_id), user_id=w.manager.user_id)
            return found.action, found.name, found.cases

    to = Handover(w.colleague_id, w.other_group_id, TODAY)
    run(assignments.reassign, w.case_id, to, version=1, by=w.manager)
    assert told() == ("reassign", "AR-0001", 1)
    run(assignments.reassign_caseload, w.colleague_id, CaseloadHandover((), TODAY), by=w.manager)
    assert told() == ("reassign_caseload", "Bo", 1)


def test_a_group_manager_who_has_moved_on_does_not_undo_in_the_group_they_left(w):
    by = w.actors["group_manager"]
    to = Handover(w.colleague_id, w.other_group_id, MARCH)
    run(assignments.reassign, w.case_id, to, version=1, by=by)
    with pytest.raises(PermissionDeniedError):
        run(undo_latest, by=replace(by, group_id=w.other_group_id))
    run(undo_latest, by=by)


@pytest.mark.parametrize("what", ["close", "handover"])
def test_what_concerned_a_case_that_has_been_removed_is_not_undone(w, today, what):
    if what == "handover":
        to = Handover(w.colleague_id, w.other_group_id, MARCH)
        run(assignments.reassign, w.case_id, to, version=1, by=w.manager)
        version, by = 2, w.actors["developer"]
    else:
        version, by = 1, w.manager
    run(cases.close, w.case_id, Closing(TODAY), version=version, by=by)
    today(make.day("2026-06-30"))
    assert run(retention.remove, by=None) is not None

    assert why_not(w) == "Det finns inget att ångra."
