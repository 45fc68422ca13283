"""Removal of closed cases: which ones, who may, and what is written about it."""

import datetime as dt

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role
from core.models import (
    AdverseDecision,
    AuditEvent,
    Case,
    RetainedCount,
    RetentionRun,
)
from core.queries import retention as queries
from core.services import retention
from core.services.base import RefusedError
from core.terms import CaseKind, DecisionKind
from tests import factories as make
from tests import factories_cases as cases
from tests import factories_money as money
from tests import factories_retention as old

day = make.day
TODAY = day("2024-05-27")
LONG_AGO = {"opened_on": day("2020-01-10"), "referred_on": day("2020-01-20")}
LAST_DAY = day("2022-05-26")
"""The last day of closing whose two years are over on `TODAY`."""


@pytest.fixture(autouse=True)
def _today(store, today):
    today(TODAY)


@pytest.fixture
def world(store):
    return cases.world(**LONG_AGO)


def references():
    """Return the references that are left."""
    with db.read() as session:
        return set(session.exec(select(Case.reference)).all())


@pytest.mark.parametrize(("closed", "removed"), [("2022-05-26", True), ("2022-05-27", False)])
def test_a_case_is_kept_through_the_day_two_years_after_it_closed(world, closed, removed):
    old.close(world, day(closed))
    assert (old.remove() is not None) is removed
    assert references() == (set() if removed else {"AR-0001"})


def test_an_open_case_is_never_removed(world):
    assert old.remove() is None
    assert references() == {"AR-0001"}


@pytest.mark.parametrize("ended_on", [None, LAST_DAY + dt.timedelta(1)])
def test_a_case_with_a_placement_that_runs_or_ended_later_is_kept(world, ended_on):
    old.close(world, day("2021-01-01"))
    old.with_case(
        world,
        lambda session, case: money.placement(
            session,
            case,
            money.kind(session, old.Unit(world.unit_id)),
            case.opened_on,
            rates=900,
            ended_on=ended_on,
        ),
    )
    assert old.remove() is None


def test_a_voided_placement_keeps_no_case(world):
    old.close(world, LAST_DAY)
    old.with_case(
        world,
        lambda session, case: money.placement(
            session,
            case,
            money.kind(session, old.Unit(world.unit_id)),
            case.opened_on,
            rates=900,
            voided_at=old.VOIDED,
        ),
    )
    assert old.remove() is not None


@pytest.mark.parametrize(
    ("decided", "removed"), [(LAST_DAY, True), (LAST_DAY + dt.timedelta(1), False)]
)
def test_the_time_counts_from_a_decision_after_closing(world, decided, removed):
    old.close(world, day("2021-01-01"))
    old.with_case(
        world,
        lambda session, case: make.save(
            session,
            AdverseDecision(
                unit_id=case.unit_id, case_id=case.id, decided_on=decided, kind=DecisionKind.REFUSAL
            ),
        ),
    )
    assert (old.remove() is not None) is removed


@pytest.mark.parametrize(
    ("voided_at", "closed_on", "removed"),
    [
        (dt.datetime(2022, 5, 26, 21, 59, tzinfo=dt.UTC), None, True),
        (dt.datetime(2022, 5, 26, 22, 0, tzinfo=dt.UTC), None, False),
        (dt.datetime(2024, 5, 1, tzinfo=dt.UTC), LAST_DAY, True),
    ],
)
def test_a_voided_case_is_removed_two_years_after_it_was_voided(
    world, voided_at, closed_on, removed
):
    def void(_session, case):
        case.voided_at, case.closed_on = voided_at, closed_on

    old.with_case(world, void)
    assert (old.remove() is not None) is removed
    with db.read() as session:
        assert session.exec(select(RetainedCount)).all() == []


def test_the_log_tells_how_many_were_removed_and_never_which(world):
    old.close(world, LAST_DAY)
    with db.write() as session:
        admin = old.admin(session)
    run_id = old.remove(by=admin, expected=1, key="gallring-1")
    with db.read() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "remove_closed")).one()
        assert (event.entity, event.entity_id, event.unit_id) == (
            "retention_run",
            run_id,
            world.unit_id,
        )
        assert event.user_id == admin.user_id
        assert event.details == {"closed_through": "2022-05-26", "cases": 1, "rows": 4}


def test_a_form_sent_twice_removes_once(world):
    old.close(world, LAST_DAY)
    with db.write() as session:
        admin = old.admin(session)
    first = old.remove(by=admin, expected=1, key="gallring-1")
    assert old.remove(by=admin, expected=1, key="gallring-1") == first
    with db.read() as session:
        assert len(session.exec(select(RetentionRun)).all()) == 1


def test_another_number_than_the_confirmed_one_removes_nothing(world):
    old.close(world, LAST_DAY)
    with db.write() as session:
        admin = old.admin(session)
    with pytest.raises(RefusedError) as refused:
        old.remove(by=admin, expected=2)
    assert refused.value.by_field() == {
        "expected": "Antalet ärenden är 1. Skriv det för att bekräfta."
    }
    assert references() == {"AR-0001"}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_an_administrator_removes_or_changes_the_time(world, role):
    with db.write() as session:
        someone = make.actor(session, role, old.Unit(world.unit_id))
    with pytest.raises(PermissionDeniedError):
        old.remove(by=someone)
    with pytest.raises(PermissionDeniedError), db.write() as session:
        retention.set_term(session, 12, by=someone)


def test_the_time_is_two_years_until_somebody_changes_it(world):
    old.close(world, day("2023-05-26"))
    with db.read() as session:
        assert queries.term(session) == 24
    assert old.remove() is None
    old.set_term(12)
    with db.read() as session:
        assert queries.term(session) == 12
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "set_term")).one()
        assert event.details == {"months": 12, "before": 24}
    assert old.remove() is not None


@pytest.mark.parametrize("months", [-1, 0, 5, 121])
def test_a_time_outside_half_a_year_to_ten_years_is_refused(world, months):
    with db.write() as session:
        admin = old.admin(session)
    refused = cases.refusals(retention.set_term, months, by=admin)
    assert refused == {"months": "Ange ett antal månader från 6 till 120."}


def test_the_time_set_twice_by_one_form_is_one_change(world):
    with db.write() as session:
        admin = old.admin(session)
    first = cases.run(retention.set_term, 12, by=admin, key="tid-1")
    assert cases.run(retention.set_term, 12, by=admin, key="tid-1") == first


def test_the_preview_tells_what_is_removed(world):
    old.close(world, LAST_DAY)
    old.with_case(world, old.add_everything)
    with db.read() as session:
        found = queries.preview(session, on=TODAY)
    assert (found.closed_through, found.cases) == (LAST_DAY, 1)
    assert dict(found.rows)["ärenden"] == 1
    assert dict(found.rows)["svar i makulerade rapporter"] == 1
    run_id = old.remove()
    with db.read() as session:
        assert session.get_one(RetentionRun, run_id).rows == found.total
        assert queries.preview(session, on=TODAY).rows == ()
        assert [(run.by, run.cases) for run in queries.runs(session)] == [(None, 1)]
        assert queries.removed_through(session) == LAST_DAY


def test_cases_of_several_units_are_removed_in_one_run(world):
    old.close(world, LAST_DAY)
    other = world.extra["other_unit_id"]
    with db.write() as session:
        make.case(
            session,
            old.Unit(other),
            day("2019-01-01"),
            closed_on=day("2019-06-01"),
            kind=CaseKind.ADDICTION,
        )
    run_id = old.remove()
    with db.read() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "remove_closed")).all()
        assert {(event.entity_id, event.unit_id) for event in events} == {
            (run_id, world.unit_id),
            (run_id, other),
        }
        kept = session.exec(select(RetainedCount.unit_id).distinct()).all()
        assert set(kept) == {world.unit_id, other}
