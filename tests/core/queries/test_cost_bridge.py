"""The bridge read from the store: what was known when, whose it is, and what adds up."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.models import Area, Case, DayRate, PlacementKind, RetainedCost
from core.queries import cache, placement_sums
from core.queries.cost_bridge import bridge
from core.services.base import Event, record
from core.terms import BridgeCause, Contract
from tests import factories as make
from tests import factories_money as money

day = make.day
BEFORE, AFTER, TODAY = day("2024-09-30"), day("2024-10-31"), day("2024-11-15")


@pytest.fixture
def unit(store):
    """A unit with two groups and a case in the first of them."""
    with db.write() as session:
        row = make.unit(session)
        group = make.group(session, row, name="Ett")
        other = make.group(session, row, name="Två")
        case = make.case(session, row, day("2023-01-01"), group=group)
        kind = money.kind(session, row)
    return SimpleNamespace(id=row.id, row=row, case=case, group=group, other=other, kind=kind)


def place(unit, starts="2024-06-01", **fields):
    with db.write() as session:
        return money.placement(
            session,
            session.get_one(Case, unit.case.id),
            session.get_one(PlacementKind, unit.kind.id),
            day(starts),
            **{"rates": 1000} | fields,
        )


def set_rate(placement, valid_from, amount, registered, voided=None):
    """Save a rate as it was registered at noon of a day, and voided at noon of another."""
    with db.write() as session:
        make.save(
            session,
            DayRate(
                placement_id=placement.id,
                valid_from=day(valid_from),
                amount=Decimal(amount),
                created_at=noon(registered),
                voided_at=voided and noon(voided),
            ),
        )


def noon(text):
    return dt.datetime.combine(day(text), dt.time(12), dt.UTC)


def until(on, planned):
    return {"decided_on": day(on), "planned_end_on": planned and day(planned)}


def ask(unit, before=BEFORE, after=AFTER, today=TODAY, **scope):
    cache.clear()
    with db.read() as session:
        return bridge(session, Scope(unit.id, **scope), before=before, after=after, today=today)


def causes(found):
    return [(one.cause, one.placements, int(one.amount)) for one in found.causes]


def test_each_cause_with_its_placements_and_kronor(unit):
    place(unit, reference="PL-1", decisions=[until("2024-05-20", "2024-12-10")])
    place(unit, "2024-10-22", reference="PL-2", decisions=[until("2024-10-20", "2024-11-30")])
    place(
        unit,
        reference="PL-3",
        decisions=[until("2024-05-20", "2024-10-15"), until("2024-10-10", "2024-11-30")],
    )
    place(unit, reference="PL-4", rates=100, decisions=[until("2024-05-20", "2024-10-15")])

    found = ask(unit)

    assert causes(found) == [
        (BridgeCause.NEW, 1, 40_000),
        (BridgeCause.EXTENDED, 1, 46_000),
        (BridgeCause.OVERRUN, 1, 7_700),
    ]
    assert found.difference == sum(one.amount for one in found.causes) == Decimal(93_700)
    assert [(row.reference, row.until_before, row.until_after) for row in found.rows] == [
        ("PL-3", day("2024-10-15"), day("2024-11-30")),
        ("PL-2", None, day("2024-11-30")),
        ("PL-4", day("2024-10-15"), None),
    ]
    assert [row.known_before for row in found.rows] == [True, False, True]


def test_both_ends_are_the_placement_lists_full_year(unit):
    place(unit, decisions=[until("2024-05-20", "2024-10-15")])
    place(unit, "2024-10-22", ended_on=day("2024-10-29"))
    place(unit, "2023-02-01", ended_on=day("2024-02-10"))
    found = ask(unit)

    with db.read() as session:
        for on, amount in ((BEFORE, found.start), (AFTER, found.end)):
            summary = placement_sums.placement_summary(session, Scope(unit.id), on=on)
            assert summary.full_year == amount
    assert (found.start, found.end) == (found.start_listed, found.end_listed)


def test_a_rate_registered_in_between_is_a_rate(unit):
    placement = place(unit, decisions=[until("2024-05-20", "2024-12-10")])
    set_rate(placement, "2024-11-01", 1100, registered="2024-10-20")

    found = ask(unit)

    assert causes(found) == [(BridgeCause.RATE, 1, 4000)]
    # The list of the first day, as it is shown now, has the rate already.
    assert found.start_listed - found.start == 4000
    assert found.end_listed == found.end


def test_a_rate_registered_after_both_days_is_known_only_today(unit):
    placement = place(unit, decisions=[until("2024-05-20", "2024-12-10")])
    set_rate(placement, "2024-11-01", 1100, registered="2024-11-10")

    assert causes(ask(unit)) == []
    assert causes(ask(unit, after=TODAY)) == [(BridgeCause.RATE, 1, 4000)]
    # A day that is today knows all that is registered, whatever the clock says.
    assert causes(ask(unit, today=AFTER)) == [(BridgeCause.RATE, 1, 4000)]


def test_a_rate_that_was_replaced_was_known_until_then(unit):
    placement = place(unit, decisions=[until("2024-05-20", "2024-12-10")])
    set_rate(placement, "2024-11-01", 1100, registered="2024-09-20", voided="2024-10-20")
    set_rate(placement, "2024-11-01", 1150, registered="2024-10-20")

    assert causes(ask(unit)) == [(BridgeCause.RATE, 1, 2000)]


def test_a_rate_that_had_begun_counts_as_it_is_now(unit):
    placement = place(unit, decisions=[until("2024-05-20", "2024-12-10")])
    set_rate(placement, "2024-08-01", 1100, registered="2024-10-20")

    assert causes(ask(unit)) == []


def test_another_provider_with_another_rate_is_a_contract(unit):
    placement = place(
        unit,
        decisions=[
            until("2024-05-20", "2024-12-10"),
            until("2024-10-21", "2024-12-10")
            | {"provider": "Eken", "contract": Contract.INDIVIDUAL},
        ],
    )
    set_rate(placement, "2024-10-21", 1500, registered="2024-10-21")

    # 21 October through 10 December: 51 days.
    assert causes(ask(unit)) == [(BridgeCause.CONTRACT, 1, 25_500)]


def test_a_case_that_changes_hands_moves_between_the_groups_only(unit):
    place(unit, decisions=[until("2024-05-20", "2024-06-10")], ended_on=day("2024-06-10"))
    with db.write() as session:
        make.assign(session, unit.case, day("2024-10-10"), group=unit.other)

    assert causes(ask(unit)) == []
    assert causes(ask(unit, group_id=unit.group.id)) == [(BridgeCause.OTHER, 1, -10_000)]
    assert causes(ask(unit, group_id=unit.other.id)) == [(BridgeCause.OTHER, 1, 10_000)]


def test_the_year_before_can_be_compared_with(unit):
    place(unit, "2023-12-01", decisions=[until("2023-11-20", "2024-01-10")])

    found = ask(unit, before=day("2023-12-31"), after=day("2024-01-31"))

    # Ten days were committed; it ran on and counts through the year.
    assert (found.start, found.end) == (10_000, 366_000)
    assert causes(found) == [(BridgeCause.OVERRUN, 1, 356_000)]


def test_what_removed_placements_moved_is_other_without_a_row(unit):
    place(unit, decisions=[until("2024-05-20", "2024-12-10")])
    with db.write() as session:
        for known, paid, number in (
            ("2024-10-05", "2024-10-05", 1),
            ("2024-10-05", "2024-10-15", -1),
        ):
            make.save(
                session,
                RetainedCost(
                    unit_id=unit.id,
                    kind_id=unit.kind.id,
                    known_on=day(known),
                    paid_on=day(paid),
                    number=number,
                    amount=Decimal(700 * number),
                ),
            )
        event = Event("x", "placement", 1, unit.id, [(Area.RETENTION, BEFORE)])
        record(session, event, by=None)

    found = ask(unit)

    assert causes(found) == [(BridgeCause.OTHER, 0, 7000)]
    assert (found.removed, found.difference, found.rows) == (7000, 7000, ())


def test_a_placement_of_another_unit_or_a_voided_one_counts_nowhere(unit):
    place(unit, voided_at=noon("2024-10-01"))
    with db.write() as session:
        other = make.unit(session)
        case = make.case(session, other, day("2023-01-01"))
        money.placement(session, case, money.kind(session, other), day("2024-10-10"), rates=1000)

    assert (ask(unit).start, ask(unit).end, ask(unit).rows) == (0, 0, ())
