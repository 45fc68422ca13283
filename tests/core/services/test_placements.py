"""Placements: what each write does, and what it refuses at which field."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import (
    AuditEvent,
    Case,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementReview,
    Unit,
)
from core.queries import placements as reading
from core.services import placement_corrections, placements
from core.services.base import ConflictError
from core.services.placement_inputs import NewDecision, NewPlacement, NewRate, NewReview
from core.terms import Contract, LegalBasis
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import OPENED, TODAY, audit_count, refusals, rows, run, world

day = make.day
TOMORROW = TODAY + timedelta(1)
STARTS = day("2024-03-01")


@pytest.fixture
def w(store, today):
    """A world whose unit has a kind of placement and whose other unit has one too."""
    today(TODAY)
    made = world()
    with db.write() as session:
        made.extra["kind_id"] = money.kind(session, session.get_one(Unit, made.unit_id)).id
        other = session.get_one(Unit, made.extra["other_unit_id"])
        made.extra["other_kind_id"] = money.kind(session, other).id
    return made


def new(w, **changes):
    """Return what a form fills in for a placement of the world's case."""
    usual = NewPlacement(
        case_id=w.case_id,
        kind_id=w.extra["kind_id"],
        legal_basis=LegalBasis.SOL,
        starts_on=STARTS,
        decided_on=STARTS,
        decided_by="Chefen",
        provider="Björken",
        contract=Contract.FRAMEWORK,
        day_rate=Decimal("1850.50"),
    )
    return replace(usual, **changes)


def decision(**changes):
    usual = NewDecision(day("2024-05-20"), "Chefen", "Eken", Contract.INDIVIDUAL)
    return replace(usual, **changes)


def started(w, **changes):
    return run(placements.start, new(w, **{"confirmed": True} | changes), by=w.manager)


def version(placement_id):
    (row,) = rows(Placement, id=placement_id)
    return row.version


def list_at(w, on=TODAY):
    """Return the list of a day by reference, read through the cache as a page does."""
    with db.read() as session:
        found = reading.placement_rows(session, Scope(w.unit_id), on=on, with_case=True)
        return {row.reference: row for row in found}


def test_a_placement_starts_with_its_decision_and_its_first_rate(w):
    planned = day("2024-08-31")
    placement_id = started(w, planned_end_on=planned, children=2, provider=" Björken ")

    (placement,) = rows(Placement)
    (first,) = rows(PlacementDecision)
    (rate,) = rows(DayRate)
    author = w.manager.user_id
    assert (placement.id, placement.reference, placement.children) == (placement_id, "PL-0001", 2)
    assert (first.decided_on, first.planned_end_on, first.provider) == (STARTS, planned, "Björken")
    assert (rate.valid_from, rate.amount) == (STARTS, Decimal("1850.50"))
    assert {row.created_by_id for row in (placement, first, rate)} == {author}
    (event,) = rows(AuditEvent)
    assert (event.action, event.entity_id, event.user_id) == ("start", placement_id, author)
    assert event.details["day_rate"] == "1850.50"
    assert "Björken" not in str(event.details)


def test_references_are_numbered_within_the_unit_and_may_be_typed(w):
    for typed in ("", "  ", "EGEN-1", "PL-0041", ""):
        started(w, reference=typed)
    with db.write() as session:
        kind = session.get_one(Placement, 1).kind_id
        assert kind == w.extra["kind_id"]

    given = [row.reference for row in rows(Placement)]
    assert given == ["PL-0001", "PL-0002", "EGEN-1", "PL-0041", "PL-0042"]


def test_the_next_reference_follows_the_highest_also_past_four_digits(w):
    for typed in ("PL-9999", "PL-10000", "PL-ABCDEFGH", ""):
        started(w, reference=typed)

    assert rows(Placement)[-1].reference == "PL-10001"


def test_a_coming_placement_decided_today_is_on_todays_list(w):
    started(w, starts_on=TODAY + timedelta(30), decided_on=TODAY)

    assert list_at(w)["PL-0001"].running is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_id": None}, "case_id"),
        ({"kind_id": None}, "kind_id"),
        ({"legal_basis": None}, "legal_basis"),
        ({"contract": None}, "contract"),
        ({"provider": " "}, "provider"),
        ({"provider": "Björken 19121212-1212"}, "provider"),
        ({"provider": "x" * 121}, "provider"),
        ({"decided_by": ""}, "decided_by"),
        ({"decided_by": "191212121212"}, "decided_by"),
        ({"decided_by": "x" * 81}, "decided_by"),
        ({"children": -1}, "children"),
        ({"children": 21}, "children"),
        ({"starts_on": OPENED - timedelta(1)}, "starts_on"),
        ({"decided_on": OPENED - timedelta(1)}, "decided_on"),
        ({"decided_on": TOMORROW}, "decided_on"),
        ({"planned_end_on": STARTS - timedelta(1)}, "planned_end_on"),
        ({"day_rate": None}, "day_rate"),
        ({"day_rate": Decimal(0)}, "day_rate"),
        ({"day_rate": Decimal(-1)}, "day_rate"),
        ({"day_rate": Decimal(1_000_000)}, "day_rate"),
        ({"day_rate": Decimal("1.005")}, "day_rate"),
        ({"reference": "1234567890"}, "reference"),
        ({"reference": "x" * 21}, "reference"),
    ],
)
def test_a_wrong_placement_is_refused_at_its_field(w, changes, field):
    assert list(refusals(placements.start, new(w, **changes), by=w.manager)) == [field]
    assert rows(Placement) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": OPENED, "decided_on": OPENED},
        {"decided_on": TODAY},
        {"planned_end_on": STARTS},
        {"day_rate": Decimal("0.01")},
        {"day_rate": Decimal("999999.99")},
        {"children": 20},
        {"reference": "123456789"},
    ],
)
def test_a_placement_at_the_edge_of_what_is_allowed_is_registered(w, changes):
    assert started(w, **changes)


def test_all_that_is_wrong_is_told_at_once(w):
    wrong = new(w, kind_id=None, provider="", day_rate=None, contract=None)

    found = refusals(placements.start, wrong, by=w.manager)

    assert set(found) == {"kind_id", "provider", "day_rate", "contract"}


def test_a_taken_reference_is_refused_until_its_placement_is_voided(w):
    placement_id = started(w, reference="A-1")
    assert "reference" in refusals(placements.start, new(w, reference="A-1"), by=w.manager)

    run(placement_corrections.void_placement, placement_id, version=1, by=w.manager)

    started(w, reference="A-1")
    assert len(list_at(w)) == 1


def test_a_closed_case_gets_no_placement_from_the_day_it_closed(w):
    with db.write() as session:
        session.get_one(Case, w.case_id).closed_on = day("2024-04-01")

    assert "starts_on" in refusals(
        placements.start, new(w, starts_on=day("2024-04-01")), by=w.manager
    )
    started(w, starts_on=day("2024-03-31"))


def test_another_units_kind_is_denied(w):
    with pytest.raises(PermissionDeniedError):
        started(w, kind_id=w.extra["other_kind_id"])


def test_the_same_form_twice_is_one_placement(w):
    ids = {run(placements.start, new(w), by=w.manager, key="form") for _ in range(2)}

    assert len(ids) == len(rows(Placement)) == len(rows(DayRate)) == audit_count() == 1


def test_every_form_sent_twice_is_one_row(w):
    placement_id = started(w)
    later = NewRate(day("2024-04-01"), Decimal(1905))
    writes = [
        (placements.decide, (placement_id, decision()), True),
        (placements.set_rate, (placement_id, later), True),
        (placements.review, (placement_id, NewReview(TODAY)), False),
        (placements.end, (placement_id, TODAY), True),
        (placements.reopen, (placement_id,), True),
    ]
    for service, args, locked in writes:
        before = audit_count()
        lock = {"version": version(placement_id)} if locked else {}
        for _ in range(2):
            run(service, *args, by=w.manager, key=service.__name__, **lock)
        assert audit_count() == before + 1, service.__name__


def test_a_decision_changes_end_provider_and_contract_from_its_day(w):
    placement_id = started(w)
    planned = day("2024-06-30")

    decided = decision(planned_end_on=planned, decided_by=" Nämnden ")
    run(placements.decide, placement_id, decided, version=1, by=w.manager)

    row = list_at(w)["PL-0001"]
    assert (row.contract, row.provider, row.planned_end_on) == (
        Contract.INDIVIDUAL,
        "Eken",
        planned,
    )
    before = list_at(w, day("2024-05-19"))["PL-0001"]
    assert (before.contract, before.planned_end_on) == (Contract.FRAMEWORK, None)
    assert rows(PlacementDecision)[-1].decided_by == "Nämnden"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": TOMORROW}, "decided_on"),
        ({"decided_on": OPENED - timedelta(1)}, "decided_on"),
        ({"planned_end_on": STARTS - timedelta(1)}, "planned_end_on"),
        ({"provider": ""}, "provider"),
        ({"contract": None}, "contract"),
        ({"decided_by": ""}, "decided_by"),
    ],
)
def test_a_wrong_decision_is_refused_at_its_field(w, changes, field):
    placement_id = started(w)

    found = refusals(placements.decide, placement_id, decision(**changes), version=1, by=w.manager)

    assert list(found) == [field]
    assert len(rows(PlacementDecision)) == 1


def test_an_ended_placement_takes_no_decision_rate_or_review_after_its_end(w):
    placement_id = started(w)
    ended = day("2024-05-19")
    run(placements.end, placement_id, ended, version=1, by=w.manager)

    after = {"version": 2, "by": w.manager}
    rate = NewRate(day("2024-05-20"), Decimal(1900))
    reviewed = NewReview(day("2024-05-20"))
    assert "decided_on" in refusals(placements.decide, placement_id, decision(), **after)
    assert "valid_from" in refusals(placements.set_rate, placement_id, rate, **after)
    assert "reviewed_on" in refusals(placements.review, placement_id, reviewed, by=w.manager)
    run(placements.decide, placement_id, decision(decided_on=ended), **after)
    run(placements.review, placement_id, NewReview(ended), by=w.manager)
    run(placements.set_rate, placement_id, NewRate(ended, Decimal(1900)), version=3, by=w.manager)


def test_a_rate_holds_from_its_day_and_moves_what_was_committed_before(w):
    placement_id = started(w)
    april = day("2024-04-30")
    assert list_at(w, april)["PL-0001"].committed == 245 * Decimal("1850.50")

    rate = NewRate(day("2024-12-31"), Decimal("2850.50"))
    run(placements.set_rate, placement_id, rate, version=1, by=w.manager)

    assert list_at(w, april)["PL-0001"].committed == 245 * Decimal("1850.50") + 1000
    assert list_at(w)["PL-0001"].day_rate == Decimal("1850.50")


def test_after_a_rate_of_next_year_the_list_holds_the_version_that_the_next_form_needs(w):
    placement_id = started(w)
    assert list_at(w)["PL-0001"].version == 1

    rate = NewRate(day("2025-01-01"), Decimal(2000))
    run(placements.set_rate, placement_id, rate, version=1, by=w.manager)

    version = list_at(w)["PL-0001"].version
    assert run(placements.end, placement_id, TODAY, version=version, by=w.manager) == placement_id


def test_a_rate_from_the_same_day_replaces_the_earlier_and_both_are_kept(w):
    placement_id = started(w)

    run(
        placements.set_rate,
        placement_id,
        NewRate(STARTS, Decimal(10), confirmed=True),
        version=1,
        by=w.manager,
    )

    old, current = rows(DayRate)
    assert (old.voided_by_id, current.voided_at) == (w.manager.user_id, None)
    assert list_at(w)["PL-0001"].day_rate == 10


@pytest.mark.parametrize(
    ("rate", "field"),
    [
        (NewRate(STARTS - timedelta(1), Decimal(1800)), "valid_from"),
        (NewRate(TODAY, None), "amount"),
        (NewRate(TODAY, Decimal(0)), "amount"),
        (NewRate(TODAY, Decimal(1_000_000), confirmed=True), "amount"),
    ],
)
def test_a_wrong_rate_is_refused_at_its_field(w, rate, field):
    placement_id = started(w)

    found = refusals(placements.set_rate, placement_id, rate, version=1, by=w.manager)

    assert list(found) == [field]
    assert len(rows(DayRate)) == 1


def test_a_review_ends_its_being_overdue(w):
    placement_id = started(w)
    assert list_at(w)["PL-0001"].review_overdue

    coming = NewReview(TODAY, day("2024-06-20"), " följt upp ")
    run(placements.review, placement_id, coming, by=w.manager)

    row = list_at(w)["PL-0001"]
    assert (row.review_overdue, row.last_review_on, row.next_review_on) == (
        False,
        TODAY,
        day("2024-06-20"),
    )
    assert rows(PlacementReview)[0].note == "följt upp"
    assert list_at(w, TODAY - timedelta(1))["PL-0001"].review_overdue


@pytest.mark.parametrize(
    ("reviewed", "field"),
    [
        (NewReview(TOMORROW), "reviewed_on"),
        (NewReview(STARTS - timedelta(1)), "reviewed_on"),
        (NewReview(TODAY, TODAY), "next_review_on"),
        (NewReview(TODAY, note="191212121212"), "note"),
        (NewReview(TODAY, note="x" * 301), "note"),
    ],
)
def test_a_wrong_review_is_refused_at_its_field(w, reviewed, field):
    placement_id = started(w)

    assert list(refusals(placements.review, placement_id, reviewed, by=w.manager)) == [field]
    assert rows(PlacementReview) == []


def test_an_ended_placement_costs_through_its_last_day_and_can_be_reopened(w):
    placement_id = started(w, day_rate=Decimal(100))

    run(placements.end, placement_id, day("2024-05-10"), version=1, by=w.manager)
    assert list_at(w)["PL-0001"].month_cost == 1000
    assert list_at(w, day("2024-05-09"))["PL-0001"].ended_on is None

    run(placements.reopen, placement_id, version=2, by=w.manager)
    assert list_at(w)["PL-0001"].month_cost == 3100


@pytest.mark.parametrize("on", [STARTS - timedelta(1), TOMORROW])
def test_an_end_before_the_start_or_in_the_future_is_refused(w, on):
    placement_id = started(w)

    assert list(refusals(placements.end, placement_id, on, version=1, by=w.manager)) == ["on"]
    assert rows(Placement)[0].ended_on is None


@pytest.mark.parametrize("on", [STARTS, TODAY])
def test_a_placement_can_end_on_its_first_day_and_today(w, on):
    placement_id = started(w)

    run(placements.end, placement_id, on, version=1, by=w.manager)

    assert rows(Placement)[0].ended_on == on


def test_ending_twice_or_reopening_what_runs_is_refused(w):
    placement_id = started(w)
    assert refusals(placements.reopen, placement_id, version=1, by=w.manager)
    run(placements.end, placement_id, TODAY, version=1, by=w.manager)

    assert list(refusals(placements.end, placement_id, TODAY, version=2, by=w.manager)) == ["on"]


def test_the_second_of_two_who_change_one_placement_is_told(w):
    placement_id = started(w)
    run(placements.decide, placement_id, decision(), version=1, by=w.manager)

    rate = NewRate(TODAY, Decimal(1900))
    for service, args in (
        (placements.decide, (decision(),)),
        (placements.set_rate, (rate,)),
        (placements.end, (TODAY,)),
        (placements.reopen, ()),
        (placement_corrections.void_placement, ()),
    ):
        with pytest.raises(ConflictError):
            run(service, placement_id, *args, version=1, by=w.manager)
    assert version(placement_id) == 2
    assert audit_count() == 2


def test_a_voided_placement_leaves_the_list_of_every_day(w):
    placement_id = started(w)
    assert list_at(w, STARTS)

    run(placement_corrections.void_placement, placement_id, version=1, by=w.manager)

    assert list_at(w, STARTS) == list_at(w) == {}
    assert rows(Placement)[0].voided_by_id == w.manager.user_id
    with pytest.raises(PermissionDeniedError):
        run(placements.end, placement_id, TODAY, version=2, by=w.manager)


def test_a_voided_decision_gives_way_to_the_one_before(w):
    placement_id = started(w)
    decision_id = run(placements.decide, placement_id, decision(), version=1, by=w.manager)
    assert list_at(w)["PL-0001"].provider == "Eken"

    run(placement_corrections.void_decision, decision_id, by=w.manager)

    assert list_at(w)["PL-0001"].provider == "Björken"
    only = rows(PlacementDecision)[0].id
    assert refusals(placement_corrections.void_decision, only, by=w.manager)
    with pytest.raises(PermissionDeniedError):
        run(placement_corrections.void_decision, decision_id, by=w.manager)


def test_voiding_the_first_decision_moves_the_days_before_it_too(w):
    placement_id = started(w, decided_on=day("2024-03-10"))
    assert list_at(w, STARTS)["PL-0001"].provider == "Björken"
    run(placements.decide, placement_id, decision(), version=1, by=w.manager)

    run(placement_corrections.void_decision, rows(PlacementDecision)[0].id, by=w.manager)

    assert list_at(w, STARTS)["PL-0001"].provider == "Eken"


def test_a_decision_older_than_the_first_moves_the_days_before_it_too(w):
    placement_id = started(w, decided_on=TODAY)
    assert list_at(w, STARTS)["PL-0001"].provider == "Björken"

    older = decision(confirmed=True)
    run(placements.decide, placement_id, older, version=1, by=w.manager)

    assert list_at(w, STARTS)["PL-0001"].provider == "Eken"


def test_a_voided_rate_gives_way_to_the_one_before_but_the_first_stays(w):
    placement_id = started(w)
    rate = NewRate(TODAY, Decimal(1900))
    rate_id = run(placements.set_rate, placement_id, rate, version=1, by=w.manager)
    assert list_at(w)["PL-0001"].day_rate == 1900

    run(placement_corrections.void_rate, rate_id, by=w.manager)

    assert list_at(w)["PL-0001"].day_rate == Decimal("1850.50")
    assert refusals(placement_corrections.void_rate, rows(DayRate)[0].id, by=w.manager)


def test_a_voided_review_counts_no_more(w):
    placement_id = started(w)
    review_id = run(placements.review, placement_id, NewReview(TODAY), by=w.manager)
    assert not list_at(w)["PL-0001"].review_overdue

    ids = {
        run(placement_corrections.void_review, review_id, by=w.manager, key="x") for _ in range(2)
    }

    assert ids == {review_id}
    assert list_at(w)["PL-0001"].review_overdue


def test_every_correction_sent_twice_is_one(w):
    placement_id = started(w)
    rate = NewRate(TODAY, Decimal(1900))
    rate_id = run(placements.set_rate, placement_id, rate, version=1, by=w.manager)
    decision_id = run(placements.decide, placement_id, decision(), version=2, by=w.manager)
    for service, row_id, lock in (
        (placement_corrections.void_rate, rate_id, {}),
        (placement_corrections.void_decision, decision_id, {}),
        (placement_corrections.void_placement, placement_id, {"version": 3}),
    ):
        before = audit_count()
        for _ in range(2):
            assert run(service, row_id, by=w.manager, key=service.__name__, **lock) == row_id
        assert audit_count() == before + 1, service.__name__
