"""Meetings as they are read: their order, whose they are, and what they decided."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.clock import now
from core.models import Placement, WalkThrough, WalkThroughItem
from core.queries import cache
from core.queries.walk_throughs import agenda, meetings
from core.rules import walk_through
from core.terms import WalkThroughOutcome
from tests import factories as make
from tests import factories_money as money

day = make.day
HELD, BEFORE = day("2024-05-27"), day("2024-04-25")


@pytest.fixture
def unit(store):
    """A unit whose group Ett has two placements, and Två none."""
    with db.write() as session:
        row = make.unit(session)
        one, two = (make.group(session, row, name=name) for name in ("Ett", "Två"))
        ada = make.caseworker(session, row, name="Ada", group_id=one.id)
        case = make.case(session, row, day("2023-01-01"), caseworker=ada, group=one)
        kind = money.kind(session, row)
        placed = [
            money.placement(session, case, kind, day("2024-01-01"), rates=1000, reference=f"PL-{n}")
            for n in (1, 2)
        ]
        return SimpleNamespace(
            id=row.id, one=one.id, two=two.id, placements=[each.id for each in placed]
        )


def held(unit, on, *decided, group=None, queue=None, **fields):
    """Save a meeting; `decided` are (placement, outcome, before, after)."""
    with db.write() as session:
        meeting = WalkThrough(
            unit_id=unit.id, group_id=group, held_on=on, queue=queue or unit.placements, **fields
        )
        make.save(session, meeting)
        for placement_id, outcome, before, after in decided:
            item = WalkThroughItem(
                walk_through_id=meeting.id,
                placement_id=placement_id,
                outcome=outcome,
                responsible="Ada",
                full_year_before=Decimal(before),
                full_year_after=Decimal(after),
            )
            make.save(session, item)
        return meeting.id


def read(unit, query, **scope):
    cache.clear()
    with db.read() as session:
        return query(session, Scope(unit.id, **scope))


def agenda_of(unit, meeting_id, **scope):
    return read(unit, lambda s, scope: agenda(s, scope, walk_through_id=meeting_id), **scope)


def test_meetings_come_latest_first_each_with_its_effect(unit):
    one, two = unit.placements
    end, go_on = WalkThroughOutcome.END, WalkThroughOutcome.CONTINUE
    first = held(unit, BEFORE, (one, end, 900, "400.50"), (two, go_on, 7, 7), closed_at=now())
    second = held(unit, HELD, group=unit.one)

    found = read(unit, meetings)
    assert [(m.id, m.closed, m.group, m.decided, m.effect) for m in found] == [
        (second, False, "Ett", 0, 0),
        (first, True, None, 2, Decimal("-499.50")),
    ]
    for meeting in found:
        effects = agenda_of(unit, meeting.id).effects
        assert walk_through.effect(effects) == meeting.effect


def test_a_group_reads_its_own_meetings_only(unit):
    whole, own = held(unit, HELD), held(unit, HELD, group=unit.one)
    assert [m.id for m in read(unit, meetings, group_id=unit.one)] == [own]
    assert read(unit, meetings, group_id=unit.two) == ()
    assert agenda_of(unit, whole, group_id=unit.one) is None
    assert agenda_of(unit, own, group_id=unit.two) is None
    assert len(agenda_of(unit, own, group_id=unit.one).cards) == 2


def test_another_units_meeting_and_a_voided_one_are_not_read(unit):
    meeting = held(unit, HELD, voided_at=now())
    assert read(unit, meetings) == ()
    assert agenda_of(unit, meeting) is None
    other = held(unit, HELD)
    with db.read() as session:
        assert agenda(session, Scope(unit.id + 1), walk_through_id=other) is None


def test_placements_come_in_the_meetings_order_and_what_is_voided_is_left_out(unit):
    one, two = unit.placements
    meeting = held(unit, HELD, (one, WalkThroughOutcome.END, 9, 4), queue=[two, one])
    assert [card.row.id for card in agenda_of(unit, meeting).cards] == [two, one]
    with db.write() as session:
        session.get_one(Placement, one).voided_at = now()

    found = agenda_of(unit, meeting)
    assert [card.row.id for card in found.cards] == [two]
    assert found.effects == ()
    assert read(unit, meetings)[0].decided == 0


def test_a_card_tells_what_the_meeting_before_decided_and_not_a_later_one(unit):
    one, _ = unit.placements
    held(unit, day("2024-03-20"), (one, WalkThroughOutcome.END, 1, 1))
    before = held(unit, BEFORE, (one, WalkThroughOutcome.INVESTIGATE, 1, 1))
    now_ = held(unit, HELD, (one, WalkThroughOutcome.CONTINUE, 1, 1))

    card = agenda_of(unit, now_).cards[0]
    assert card.item.outcome is WalkThroughOutcome.CONTINUE
    assert (card.earlier.outcome, card.earlier.held_on) == (WalkThroughOutcome.INVESTIGATE, BEFORE)
    card = agenda_of(unit, before).cards[0]
    assert card.earlier.outcome is WalkThroughOutcome.END


def test_the_latest_review_and_decision_by_the_day_are_told(unit):
    one, _ = unit.placements
    with db.write() as session:
        placed = session.get_one(Placement, one)
        money.review(session, placed, BEFORE, note="Gick bra")
        money.review(session, placed, day("2024-06-01"), note="Efteråt")
        money.decide(session, placed, BEFORE, planned_end_on=day("2024-09-30"), decided_by="Bo")
    card = agenda_of(unit, held(unit, HELD)).cards[0]
    assert card.review_note == "Gick bra"
    assert (card.decision.decided_by, card.decision.planned_end_on) == ("Bo", day("2024-09-30"))


def statements_of(unit, meeting_id):
    """Return how many statements reading a meeting takes when nothing is cached."""
    seen = []
    cache.clear()
    with db.read() as session:
        bind = session.get_bind()

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(bind, "before_cursor_execute", note)
        try:
            agenda(session, Scope(unit.id), walk_through_id=meeting_id)
        finally:
            event.remove(bind, "before_cursor_execute", note)
    return len(seen)


def test_the_number_of_statements_is_the_same_whatever_the_number_of_placements(unit):
    few = held(unit, HELD, queue=unit.placements[:1])
    many = held(unit, HELD, *((p, WalkThroughOutcome.CONTINUE, 1, 1) for p in unit.placements))
    assert statements_of(unit, few) == statements_of(unit, many) < 20
