"""Searching cases, one case in full, and the next reference."""

import datetime as dt

import pytest

from core import db
from core.auth import Scope
from core.models import Case, Caseworker, Group, Unit
from core.queries import cache
from core.queries.case_register import (
    MOST_ROWS,
    Wanted,
    case_in_full,
    caseworkers,
    next_reference,
    search,
)
from core.services import cases
from core.services.base import RefusedError
from core.services.cases import Closing, NewCase
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle
from tests import factories as make
from tests.factories_cases import OPENED, REFERRED, TODAY, run, world

YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's, and four more cases."""
    today(TODAY)
    w = world()
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        bo = session.get_one(Caseworker, w.colleague_id)
        two = session.get_one(Group, w.other_group_id)
        addiction = {"kind": CaseKind.ADDICTION}
        make.case(session, unit, OPENED, reference="AR-0012", caseworker=bo, group=two, **addiction)
        moved = make.case(session, unit, OPENED, reference="AR-0013", caseworker=bo, group=two)
        make.assign(session, moved, TODAY)
        make.case(session, unit, OPENED, reference="AR-0014", closed_on=TODAY, caseworker=bo)
        voided = make.case(session, unit, OPENED, reference="AR-0015")
        voided.voided_at = voided.created_at
        make.case(session, session.get_one(Unit, w.extra["other_unit_id"]), OPENED)
    return w


def found(scope, on=TODAY, **wanted):
    with db.read() as session:
        rows = search(session, scope, on=on, wanted=Wanted(**wanted))
        assert rows.total == len(rows.rows)
        return [row.reference for row in rows.rows]


def test_open_cases_are_found_by_reference_with_whose_they_are(w):
    with db.read() as session:
        first, second, third = search(session, Scope(w.unit_id), on=TODAY, wanted=Wanted()).rows
    assert (first.reference, first.caseworker, first.group) == ("AR-0001", "Ada", "Ett")
    assert (first.kind, first.opened_on, first.referred_on, first.closed_on) == (
        CaseKind.BENEFIT,
        OPENED,
        REFERRED,
        None,
    )
    assert (second.reference, second.caseworker, second.group) == ("AR-0012", "Bo", "Två")
    assert (third.reference, third.caseworker, third.group) == ("AR-0013", None, None)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"text": " ar-001 "}, ["AR-0012", "AR-0013"]),
        ({"text": "%"}, []),
        ({"kind": CaseKind.ADDICTION}, ["AR-0012"]),
        ({"without_caseworker": True}, ["AR-0013"]),
        ({"closed_too": True}, ["AR-0001", "AR-0012", "AR-0013", "AR-0014"]),
        ({"text": "AR-0014"}, []),
    ],
)
def test_a_search_narrows_down_the_list(w, wanted, expected):
    assert found(Scope(w.unit_id), **wanted) == expected


def test_a_caseworkers_cases_are_those_held_on_the_day(w):
    unit = Scope(w.unit_id)
    assert found(unit, caseworker_id=w.colleague_id) == ["AR-0012"]
    assert found(unit, YESTERDAY, caseworker_id=w.colleague_id) == [
        "AR-0012",
        "AR-0013",
        "AR-0014",
    ]


def test_a_narrower_scope_finds_only_its_own(w):
    assert found(Scope(w.unit_id, group_id=w.group_id)) == ["AR-0001"]
    assert found(Scope(w.unit_id, caseworker_id=w.colleague_id)) == ["AR-0012"]


def test_a_long_list_is_cut_and_says_how_many_there_are(store, today):
    today(TODAY)
    w = world()
    with db.write() as session:
        for n in range(MOST_ROWS + 5):
            make.save(
                session,
                Case(
                    unit_id=w.unit_id,
                    reference=f"AR-{1000 + n}",
                    kind=CaseKind.STATEMENT,
                    opened_on=OPENED,
                ),
            )
    with db.read() as session:
        rows = search(session, Scope(w.unit_id), on=TODAY, wanted=Wanted())
    assert (len(rows.rows), rows.total) == (MOST_ROWS, MOST_ROWS + 6)


def test_a_case_in_full_holds_its_household_and_whose_it_is(w):
    new = NewCase(
        "AR-0100",
        CaseKind.BENEFIT,
        OPENED,
        w.caseworker_id,
        w.group_id,
        REFERRED,
        HouseholdType.COUPLE_WITH_CHILDREN,
        3,
        Gender.WOMAN,
        Gender.MAN,
        Obstacle.UNEMPLOYED,
    )
    case_id = run(cases.register, new, by=w.manager)
    run(cases.close, case_id, Closing(TODAY, ClosingReason.WORK), version=1, by=w.manager)

    with db.read() as session:
        full = case_in_full(session, Scope(w.unit_id), case_id=case_id, on=TODAY)

    assert (full.case_id, full.version, full.reference, full.kind) == (
        case_id,
        2,
        "AR-0100",
        CaseKind.BENEFIT,
    )
    assert (full.opened_on, full.referred_on, full.closed_on, full.closing_reason) == (
        OPENED,
        REFERRED,
        TODAY,
        ClosingReason.WORK,
    )
    assert (full.caseworker_id, full.group_id) == (w.caseworker_id, w.group_id)
    assert (full.household_type, full.children) == (HouseholdType.COUPLE_WITH_CHILDREN, 3)
    assert [(a.number, a.gender, a.obstacle) for a in full.adults] == [
        (1, Gender.WOMAN, Obstacle.UNEMPLOYED),
        (2, Gender.MAN, Obstacle.UNKNOWN),
    ]


def test_a_case_out_of_reach_is_not_shown(w):
    reaches = [
        Scope(w.extra["other_unit_id"]),
        Scope(w.unit_id, group_id=w.other_group_id),
        Scope(w.unit_id, caseworker_id=w.colleague_id),
    ]
    with db.read() as session:
        for scope in reaches:
            assert case_in_full(session, scope, case_id=w.case_id, on=TODAY) is None


def test_a_change_shows_in_the_cached_case_at_once(w):
    def version():
        with db.read() as session:
            return case_in_full(session, Scope(w.unit_id), case_id=w.case_id, on=TODAY).version

    cache.clear()
    assert version() == 1
    run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)
    assert version() == 2


def test_caseworkers_stand_by_name_with_their_group(w):
    with db.read() as session:
        ada, bo = caseworkers(session, Scope(w.unit_id))
    assert (ada.id, ada.name, ada.group_id, ada.active) == (
        w.caseworker_id,
        "Ada",
        w.group_id,
        True,
    )
    assert bo.name == "Bo"


@pytest.mark.parametrize(
    ("form", "there", "expected"),
    [
        ("AR-0000", [], "AR-0001"),
        ("AR-0000", ["AR-0009"], "AR-0010"),
        ("AR-0000", ["AR-9999"], None),
        ("00/AB-00", ["01/AB-99"], "02/AB-00"),
        ("A_000", ["A_041"], "A_042"),
        ("AR-0000", ["XX-0500"], "AR-0001"),
    ],
)
def test_the_next_reference_follows_the_units_highest_in_its_format(
    store, today, form, there, expected
):
    with db.write() as session:
        unit = make.unit(session, reference_format=form)
        for reference in there:
            make.case(session, unit, OPENED, reference=reference)
    with db.read() as session:
        assert next_reference(session, Scope(unit.id)) == expected


def test_the_suggested_reference_can_be_used(w):
    with db.read() as session:
        suggested = next_reference(session, Scope(w.unit_id))
    assert suggested == "AR-0015"  # the voided case's is free again
    new = NewCase(suggested, CaseKind.STATEMENT, TODAY)
    run(cases.register, new, by=w.manager)
    with pytest.raises(RefusedError):
        run(cases.register, new, by=w.manager)
