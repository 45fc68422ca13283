"""What is registered on a placement: the latest first, valid rows only, within reach only."""

from decimal import Decimal

from core import db
from core.auth import Scope
from core.models import Case, Unit
from core.queries.placement_entries import PlacementEntry, Registered, placement_entries
from core.queries.placement_terms import Word
from core.services import placement_corrections, placements
from core.services.placement_inputs import Decided, NewRate, NewReview
from core.terms import Contract, DecisionReason
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, run, world

STARTS = make.day("2024-03-01")


def placed(w):
    with db.write() as session:
        kind = money.kind(session, session.get_one(Unit, w.unit_id))
        case = session.get_one(Case, w.case_id)
        return money.placement(session, case, kind, STARTS, rates=1000).id


def entries(placement_id, scope):
    with db.read() as session:
        return placement_entries(session, scope, placement_id=placement_id)


def test_all_that_is_registered_is_returned_the_latest_first(store, today):
    today(TODAY)
    w = world()
    placement_id = placed(w)
    new = NewRate(TODAY, Decimal(1100), Decided(TODAY, "Nämnden"))
    run(placements.set_rate, placement_id, new, version=1, by=w.manager)
    wrong = run(placements.review, placement_id, NewReview(TODAY), by=w.manager)
    run(placement_corrections.void_review, wrong, by=w.manager)
    reviewed = NewReview(make.day("2024-04-02"), make.day("2024-06-02"), "gick bra")
    run(placements.review, placement_id, reviewed, by=w.manager)

    found = entries(placement_id, Scope(w.unit_id))

    assert [(one.of, one.day) for one in found] == [
        (Registered.RATE, TODAY),
        (Registered.DECISION, TODAY),
        (Registered.REVIEW, make.day("2024-04-02")),
        (Registered.RATE, STARTS),
        (Registered.DECISION, STARTS),
    ]
    assert found[1] == PlacementEntry(
        Registered.DECISION,
        found[1].id,
        TODAY,
        decided_by="Nämnden",
        reason=DecisionReason.NEW_RATE,
        provider="Björken",
        contract=Word(Contract.FRAMEWORK),
    )
    assert (found[2].note, found[2].next_review_on) == ("gick bra", make.day("2024-06-02"))


def test_nothing_is_told_of_a_placement_out_of_reach(store, today):
    today(TODAY)
    w = world()
    placement_id = placed(w)

    assert entries(placement_id, Scope(w.unit_id, group_id=w.group_id))
    assert entries(placement_id, Scope(w.unit_id, group_id=w.other_group_id)) == ()
    assert entries(placement_id, Scope(w.unit_id, caseworker_id=w.colleague_id)) == ()
    assert entries(placement_id, Scope(w.extra["other_unit_id"])) == ()
