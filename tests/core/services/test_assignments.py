"""Handing over one case, or everything that somebody held."""

import datetime as dt

import pytest

from core import db
from core.models import (
    Area,
    AuditEvent,
    Case,
    CaseAssignment,
    Caseworker,
    DataVersion,
    Group,
    Unit,
)
from core.services import assignments, cases
from core.services.assignments import CaseloadHandover, Handover
from core.services.base import ConflictError
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, refusals, rows, run, world

ONE_DAY = dt.timedelta(days=1)
MARCH = make.day("2024-03-15")


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's, on a fixed day."""
    today(TODAY)
    return world()


def another_case(w, reference, **fields):
    """Save one more case; Ada's in the group Ett unless told otherwise."""
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        group = session.get_one(Group, w.group_id)
        given = {"caseworker": ada, "group": group, "opened_on": OPENED} | fields
        return make.case(session, unit, given.pop("opened_on"), reference=reference, **given).id


def held_by(w, case_id):
    """Return a case's assignments: who, which group, from when."""
    return [
        (row.caseworker_id, row.group_id, row.valid_from)
        for row in rows(CaseAssignment, case_id=case_id)
    ]


def test_a_case_is_handed_over_from_a_day_on_and_its_history_is_kept(w):
    to = Handover(w.colleague_id, w.other_group_id, MARCH)
    run(assignments.reassign, w.case_id, to, version=1, by=w.manager)

    assert held_by(w, w.case_id) == [
        (w.caseworker_id, w.group_id, OPENED),
        (w.colleague_id, w.other_group_id, MARCH),
    ]
    (moved,) = rows(DataVersion)
    assert (moved.area, moved.month) == (Area.CASES, MARCH.replace(day=1))


def test_a_case_can_be_left_without_caseworker_and_group(w):
    run(assignments.reassign, w.case_id, Handover(None, None, TODAY), version=1, by=w.manager)
    assert held_by(w, w.case_id)[-1] == (None, None, TODAY)


def test_a_case_can_be_handed_over_again_the_same_day(w):
    here = Handover(w.colleague_id, w.other_group_id, TODAY)
    run(assignments.reassign, w.case_id, here, version=1, by=w.manager)
    run(assignments.reassign, w.case_id, Handover(None, None, TODAY), version=2, by=w.manager)
    assert held_by(w, w.case_id)[-1] == (None, None, TODAY)


def test_a_handover_before_the_one_it_replaces_is_refused(w):
    first = Handover(w.colleague_id, w.other_group_id, MARCH)
    run(assignments.reassign, w.case_id, first, version=1, by=w.manager)
    early = Handover(None, None, MARCH - ONE_DAY)
    refused = refusals(assignments.reassign, w.case_id, early, version=2, by=w.manager)
    assert refused["from_day"].startswith(f"Ärendet fördelades senast {MARCH}.")


def test_a_handover_to_those_who_have_the_case_is_refused(w):
    same = Handover(w.caseworker_id, w.group_id, TODAY)
    refused = refusals(assignments.reassign, w.case_id, same, version=1, by=w.manager)
    assert refused.keys() == {"caseworker_id"}


def test_a_handover_is_dated_when_the_case_was_open(w):
    for day in (OPENED - ONE_DAY, TODAY + ONE_DAY):
        refused = refusals(
            assignments.reassign, w.case_id, Handover(None, None, day), version=1, by=w.manager
        )
        assert "from_day" in refused
    run(cases.close, w.case_id, cases.Closing(MARCH), version=1, by=w.manager)
    refused = refusals(
        assignments.reassign, w.case_id, Handover(None, None, MARCH), version=2, by=w.manager
    )
    assert refused["from_day"].startswith(f"Ärendet avslutades {MARCH}.")


def test_two_handovers_from_the_same_view_of_a_case_are_a_conflict(w):
    to = Handover(w.colleague_id, w.other_group_id, TODAY)
    run(assignments.reassign, w.case_id, to, version=1, by=w.manager)
    with pytest.raises(ConflictError):
        run(assignments.reassign, w.case_id, Handover(None, None, TODAY), version=1, by=w.manager)
    assert len(held_by(w, w.case_id)) == 2


def test_somebody_who_has_left_takes_over_nothing(w):
    with db.write() as session:
        session.get_one(Caseworker, w.colleague_id).active = False
    to = Handover(w.colleague_id, w.other_group_id, TODAY)
    refused = refusals(assignments.reassign, w.case_id, to, version=1, by=w.manager)
    assert refused.keys() == {"caseworker_id"}
    to = CaseloadHandover((w.colleague_id,), TODAY)
    refused = refusals(assignments.reassign_caseload, w.caseworker_id, to, by=w.manager)
    assert refused.keys() == {"receivers"}


def test_a_handover_sent_twice_is_one(w):
    to = Handover(w.colleague_id, w.other_group_id, TODAY)
    once = run(assignments.reassign, w.case_id, to, version=1, by=w.manager, key="form")
    again = run(assignments.reassign, w.case_id, to, version=1, by=w.manager, key="form")
    assert again == once
    assert len(held_by(w, w.case_id)) == 2


def test_a_whole_caseload_is_one_event_however_many_cases(w):
    second = another_case(w, "AR-0002")
    to = CaseloadHandover((w.colleague_id,), TODAY)

    run(assignments.reassign_caseload, w.caseworker_id, to, by=w.manager, key="form")
    run(assignments.reassign_caseload, w.caseworker_id, to, by=w.manager, key="form")

    for case_id in (w.case_id, second):
        assert held_by(w, case_id)[1:] == [(w.colleague_id, w.other_group_id, TODAY)]
        assert rows(Case, id=case_id)[0].version == 2
    (event,) = rows(AuditEvent)
    assert event.action == "reassign_caseload"
    assert len(event.details["assignment_ids"]) == 2


def test_several_receivers_get_the_cases_in_turn(w):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        cia = make.caseworker(session, unit, name="Cia")
    others = [another_case(w, f"AR-000{n}") for n in (2, 3, 4)]
    to = CaseloadHandover((w.colleague_id, cia.id), TODAY)

    run(assignments.reassign_caseload, w.caseworker_id, to, by=w.manager)

    now = [held_by(w, case_id)[-1][:2] for case_id in (w.case_id, *others)]
    bos = (w.colleague_id, w.other_group_id)
    cias_in_the_cases_own_group = (cia.id, w.group_id)
    assert now == [bos, cias_in_the_cases_own_group] * 2


def test_a_caseload_without_receiver_keeps_its_group(w):
    run(assignments.reassign_caseload, w.caseworker_id, CaseloadHandover((), TODAY), by=w.manager)
    assert held_by(w, w.case_id)[-1] == (None, w.group_id, TODAY)


def test_only_open_cases_that_are_still_held_go_along(w):
    closed = another_case(w, "AR-0002", closed_on=MARCH)
    closes_today = another_case(w, "AR-0003", closed_on=TODAY)
    handed_on = another_case(w, "AR-0004")
    to = Handover(None, None, MARCH)
    run(assignments.reassign, handed_on, to, version=1, by=w.manager)

    run(assignments.reassign_caseload, w.caseworker_id, CaseloadHandover((), TODAY), by=w.manager)

    for case_id in (closed, closes_today):
        assert len(held_by(w, case_id)) == 1
    assert held_by(w, handed_on)[-1][2] == MARCH


def test_a_case_that_came_after_the_day_moves_from_when_it_came(w):
    late = another_case(w, "AR-0002", opened_on=make.day("2024-05-01"))
    to = CaseloadHandover((), MARCH)
    run(assignments.reassign_caseload, w.caseworker_id, to, by=w.manager)
    assert held_by(w, late)[-1] == (None, w.group_id, make.day("2024-05-01"))
    assert held_by(w, w.case_id)[-1] == (None, w.group_id, MARCH)
    (moved,) = rows(DataVersion)
    assert moved.month == MARCH.replace(day=1)


def test_a_caseload_that_cannot_be_handed_over_is_refused_at_its_field(w):
    def refused(to, leaver=w.caseworker_id):
        return refusals(assignments.reassign_caseload, leaver, to, by=w.manager).keys()

    assert refused(CaseloadHandover((), TODAY + ONE_DAY)) == {"from_day"}
    assert refused(CaseloadHandover((w.caseworker_id,), TODAY)) == {"receivers"}
    assert refused(CaseloadHandover((), TODAY), w.colleague_id) == {"from_caseworker_id"}
