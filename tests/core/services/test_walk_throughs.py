"""Walk-throughs: what a meeting decides, what follows of it, and who may do it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Scope
from core.clock import now
from core.models import (
    Case,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementPlan,
    PlacementReview,
    Unit,
    WalkThrough,
    WalkThroughItem,
)
from core.queries.placements import placement_rows
from core.queries.walk_throughs import agenda, meetings
from core.services import placement_corrections, placements, walk_throughs
from core.services.base import ConflictError, RefusedError
from core.services.placement_inputs import NewDecision
from core.services.placement_plans import NewPlan
from core.services.questions import AskedError
from core.services.walk_through_checks import NewItem
from core.services.walk_through_items import decide
from core.services.walk_throughs import NewWalkThrough, close, reopen, start, void_meeting
from core.terms import Contract, DecisionReason, WalkThroughOutcome
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, refusals, rows, run, world

day = make.day
STARTS, NEXT = day("2024-03-01"), day("2024-06-27")
OUTSIDERS = [
    "caseworker",
    "other_group_manager",
    "controller",
    "reader",
    "admin",
    "other_unit_manager",
]


@pytest.fixture
def w(store, today):
    """A world with two placements of the case in Ett, at 1000 kr a day, planned to July."""
    today(TODAY)
    made = world()
    with db.write() as session:
        kind = money.kind(session, session.get_one(Unit, made.unit_id))
        case = session.get_one(Case, made.case_id)
        decisions = [{"decided_on": STARTS, "planned_end_on": day("2024-07-31")}]
        one, two = (
            money.placement(session, case, kind, STARTS, rates=1000, decisions=decisions).id
            for _ in range(2)
        )
        made.extra |= {"placement": one, "other": two, "kind": kind.id}
    queue = (one, two)
    made.extra["meeting"] = run(start, NewWalkThrough(TODAY, queue, made.group_id), by=made.manager)
    return made


def item(w, outcome=WalkThroughOutcome.CONTINUE, **changes):
    usual = NewItem(w.extra["meeting"], outcome, "Samtal med klienten", "Ada", NEXT)
    return replace(usual, **changes)


def version(w):
    return rows(Placement, id=w.extra["placement"])[0].version


def decided(w, new=None, **who):
    who = {"by": w.manager, "version": version(w)} | who
    return run(decide, w.extra["placement"], new or item(w), **who)


def refused(w, new):
    who = {"by": w.manager, "version": version(w)}
    return refusals(decide, w.extra["placement"], new, **who)


def valid(table, w):
    placement = w.extra["placement"]
    return [row for row in rows(table, placement_id=placement) if row.voided_at is None]


def read(w, **scope):
    with db.read() as session:
        return agenda(session, Scope(w.unit_id, **scope), walk_through_id=w.extra["meeting"])


def day_list(w):
    with db.read() as session:
        found = placement_rows(session, Scope(w.unit_id), on=TODAY, with_case=True)
        return {row.id: row for row in found}[w.extra["placement"]]


def end(w, on="2024-06-14", **changes):
    return item(w, WalkThroughOutcome.END, planned_end_on=day(on), **changes)


def change(w, **changes):
    same = {"planned_end_on": day("2024-07-31")}
    return item(w, WalkThroughOutcome.CHANGE, **(same | changes))


@pytest.mark.parametrize("outcome", [WalkThroughOutcome.CONTINUE, WalkThroughOutcome.INVESTIGATE])
def test_going_on_and_looking_for_something_else_make_a_review_and_change_nothing_real(w, outcome):
    before = day_list(w)
    new = item(w, outcome, planned_end_on=day("2024-06-01"), day_rate=Decimal(5), rate_from=TODAY)
    decided(w, new)

    (review,) = valid(PlacementReview, w)
    assert (review.reviewed_on, review.next_review_on) == (TODAY, NEXT)
    assert review.note == "Samtal med klienten"
    assert len(valid(PlacementDecision, w)) == len(valid(DayRate, w)) == 1
    (kept,) = valid(WalkThroughItem, w)
    assert (kept.outcome, kept.responsible, kept.next_on) == (outcome, "Ada", NEXT)
    assert kept.full_year_before == kept.full_year_after == before.full_year == 153 * 1000
    assert (kept.review_id, kept.decision_id, kept.rate_id) == (review.id, None, None)
    assert set(map(Decimal, kept.months)) == {0}


def test_ending_decides_a_new_planned_end_with_the_provider_and_contract_as_before(w):
    decided(w, end(w))

    first, second = valid(PlacementDecision, w)
    assert (second.decided_on, second.planned_end_on) == (TODAY, day("2024-06-14"))
    assert (second.provider, second.contract) == (first.provider, first.contract)
    assert second.decided_by == w.manager.name
    (kept,) = valid(WalkThroughItem, w)
    assert kept.decision_id == second.id
    # 16 days of June and 31 of July are no longer paid
    assert kept.full_year_after - kept.full_year_before == -47_000
    assert [int(month) for month in map(Decimal, kept.months)] == [0] * 5 + [-16_000, -31_000] + [
        0
    ] * 5
    assert day_list(w).full_year == kept.full_year_after == 106_000


def test_a_change_sets_the_new_rate_from_its_day_and_the_new_end(w):
    new = change(w, planned_end_on=None, day_rate=Decimal("900.50"), rate_from=day("2024-07-01"))
    decided(w, new)

    (kept,) = valid(WalkThroughItem, w)
    rate = valid(DayRate, w)[-1]
    assert (rate.id, rate.amount, rate.valid_from) == (
        kept.rate_id,
        Decimal("900.50"),
        day("2024-07-01"),
    )
    assert valid(PlacementDecision, w)[-1].planned_end_on is None
    # 31 days of July are cheaper, and August to December, 153 days, are new
    assert (
        kept.full_year_after - kept.full_year_before
        == Decimal("-99.50") * 31 + Decimal("900.50") * 153
    )


def test_a_change_of_the_rate_alone_is_a_decision_with_the_end_as_it_was(w):
    decided(w, change(w, day_rate=Decimal(900), rate_from=day("2024-06-01")))
    decision = valid(PlacementDecision, w)[-1]
    assert valid(WalkThroughItem, w)[0].decision_id == decision.id
    assert (decision.planned_end_on, decision.reason) == (
        day("2024-07-31"),
        DecisionReason.NEW_RATE,
    )


def test_a_change_of_the_end_alone_sets_no_rate(w):
    decided(w, change(w, planned_end_on=day("2024-08-31")))
    assert len(valid(DayRate, w)) == 1
    assert valid(WalkThroughItem, w)[0].rate_id is None


def test_purpose_and_plan_are_noted_on_the_meetings_day(w):
    decided(w, item(w, plan=NewPlan(STARTS, "Nykterhet", "Eget boende", housing_plan=True)))
    (plan,) = valid(PlacementPlan, w)
    assert (plan.noted_on, plan.purpose, plan.plan_after) == (TODAY, "Nykterhet", "Eget boende")
    card = read(w).cards[0]
    assert (card.plan.purpose, card.plan.housing_plan) == ("Nykterhet", True)


def test_the_same_submit_twice_decides_once(w):
    known = version(w)
    first = decided(w, end(w), key="k", version=known)
    assert decided(w, end(w), key="k", version=known) == first
    assert len(valid(WalkThroughItem, w)) == 1
    assert len(valid(PlacementDecision, w)) == 2


def test_a_correction_takes_back_the_rows_that_the_first_item_made(w):
    decided(w, end(w))
    decided(w, item(w, next_step="Bättre så"))

    first, second = rows(WalkThroughItem)
    assert first.voided_by_id == w.manager.user_id
    assert (second.outcome, second.next_step) == (WalkThroughOutcome.CONTINUE, "Bättre så")
    assert second.full_year_before == second.full_year_after == 153_000
    assert len(valid(PlacementDecision, w)) == len(valid(PlacementReview, w)) == 1
    assert day_list(w).planned_end_on == day("2024-07-31")


@pytest.mark.parametrize("rate_from", ["2024-03-01", "2024-06-01"])
def test_a_correction_puts_back_the_rate_that_was_replaced(w, rate_from):
    for amount in (900, 950):
        new = change(w, day_rate=Decimal(amount), rate_from=day(rate_from), confirmed=True)
        decided(w, new)
    assert valid(WalkThroughItem, w)[0].full_year_before == 153_000
    decided(w)

    assert day_list(w).full_year == 153_000
    assert [(row.valid_from, row.amount) for row in valid(DayRate, w)] == [(STARTS, Decimal(1000))]


def test_a_correction_of_an_item_whose_decision_was_voided_elsewhere_goes_through(w):
    decided(w, end(w))
    made = valid(WalkThroughItem, w)[0]
    run(placement_corrections.void_decision, made.decision_id, by=w.manager)
    run(placement_corrections.void_review, made.review_id, by=w.manager)
    decided(w)
    assert len(valid(WalkThroughItem, w)) == len(valid(PlacementDecision, w)) == 1


def test_the_second_of_two_in_the_same_meeting_is_told_what_the_first_decided(w):
    known = version(w)
    decided(w, end(w, next_step="Uppsägning"), version=known)
    with pytest.raises(ConflictError) as raised:
        decided(w, by=w.actors["group_manager"], version=known)

    newest = raised.value.newest
    assert newest.by == w.manager.name
    assert newest.values["outcome"] is WalkThroughOutcome.END
    assert newest.values["next_step"] == "Uppsägning"
    assert newest.values["planned_end_on"] == day("2024-06-14")
    assert len(valid(WalkThroughItem, w)) == 1

    decided(w, by=w.actors["group_manager"], version=newest.version)
    (kept,) = valid(WalkThroughItem, w)
    assert kept.outcome is WalkThroughOutcome.CONTINUE
    assert len(rows(WalkThroughItem)) == 2


def test_a_decision_made_outside_the_meeting_meanwhile_is_told(w):
    known = version(w)
    new = NewDecision(TODAY, "Chefen", "Eken", Contract.LOV, day("2024-09-30"))
    boss = w.actors["developer"]
    run(placements.decide, w.extra["placement"], new, version=known, by=boss)
    with pytest.raises(ConflictError) as raised:
        decided(w, version=known)
    assert raised.value.newest.by == boss.name
    assert raised.value.newest.values["planned_end_on"] == day("2024-09-30")
    assert raised.value.newest.values["outcome"] is None
    assert rows(WalkThroughItem) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": None}, "outcome"),
        ({"outcome": WalkThroughOutcome.INVESTIGATE, "next_step": " "}, "next_step"),
        ({"next_step": "x" * 301}, "next_step"),
        ({"next_step": "Ring 19900101-0017"}, "next_step"),
        ({"responsible": " "}, "responsible"),
        ({"responsible": "x" * 121}, "responsible"),
        ({"next_on": None}, "next_on"),
        ({"next_on": TODAY}, "next_on"),
        ({"outcome": WalkThroughOutcome.END}, "planned_end_on"),
        (
            {"outcome": WalkThroughOutcome.END, "planned_end_on": TODAY - timedelta(1)},
            "planned_end_on",
        ),
        (
            {"outcome": WalkThroughOutcome.CHANGE, "planned_end_on": day("2024-07-31")},
            "planned_end_on",
        ),
        (
            {
                "outcome": WalkThroughOutcome.CHANGE,
                "day_rate": Decimal(1_850_000),
                "rate_from": NEXT,
            },
            "day_rate",
        ),
        (
            {"outcome": WalkThroughOutcome.CHANGE, "day_rate": Decimal(0), "rate_from": NEXT},
            "day_rate",
        ),
        ({"outcome": WalkThroughOutcome.CHANGE, "day_rate": Decimal(5)}, "rate_from"),
        (
            {
                "outcome": WalkThroughOutcome.CHANGE,
                "day_rate": Decimal(5),
                "rate_from": STARTS - timedelta(1),
            },
            "rate_from",
        ),
        ({"plan": NewPlan(TODAY, "19900101-0017")}, "purpose"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(w, changes, field):
    assert list(refused(w, item(w, **changes))) == [field]
    assert rows(WalkThroughItem) == []
    assert rows(PlacementReview) == []
    assert len(valid(PlacementDecision, w)) == len(valid(DayRate, w)) == 1


def test_an_unusual_rate_is_asked_about_at_its_field_and_saved_when_confirmed(w):
    new = change(w, day_rate=Decimal(42), rate_from=NEXT)
    with pytest.raises(AskedError) as raised:
        decided(w, new)
    assert {one.field for one in raised.value.questions} <= {"day_rate", "rate_from"}
    assert rows(WalkThroughItem) == []
    decided(w, replace(new, confirmed=True))
    assert valid(DayRate, w)[-1].amount == 42


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("2024-06-14", DecisionReason.SHORTENING),
        ("2024-07-31", DecisionReason.OTHER),
        ("2024-09-30", DecisionReason.EXTENSION),
    ],
)
def test_the_decision_says_why_from_the_end_before_it(w, end, reason):
    decided(w, item(w, WalkThroughOutcome.END, planned_end_on=day(end)))
    assert valid(PlacementDecision, w)[-1].reason is reason


def test_all_that_is_wrong_is_told_at_once(w):
    new = item(w, WalkThroughOutcome.END, responsible="", next_on=TODAY)
    assert set(refused(w, new)) == {"responsible", "next_on", "planned_end_on"}


def test_an_end_needs_no_next_review(w):
    decided(w, end(w, next_on=None))
    assert valid(PlacementReview, w)[0].next_review_on is None


def test_a_placement_that_has_ended_meanwhile_is_refused(w):
    with db.write() as session:
        session.get_one(Placement, w.extra["placement"]).ended_on = TODAY - timedelta(1)
    assert list(refused(w, item(w))) == ["outcome"]


def test_a_placement_outside_the_queue_is_denied(w):
    with db.write() as session:
        session.get_one(WalkThrough, w.extra["meeting"]).queue = [w.extra["other"]]
    with pytest.raises(PermissionDeniedError):
        decided(w)


def test_a_closed_meeting_takes_nothing_until_it_is_opened_again(w):
    decided(w)
    run(close, w.extra["meeting"], by=w.manager)
    assert list(refused(w, end(w))) == ["outcome"]
    assert list(refusals(close, w.extra["meeting"], by=w.manager)) == ["closed_at"]

    run(reopen, w.extra["meeting"], by=w.manager)
    assert list(refusals(reopen, w.extra["meeting"], by=w.manager)) == ["closed_at"]
    decided(w, end(w))
    assert valid(WalkThroughItem, w)[0].outcome is WalkThroughOutcome.END


@pytest.mark.parametrize("who", OUTSIDERS)
def test_only_managers_who_reach_the_meeting_do_anything_in_it(w, who):
    by, meeting = w.actors[who], w.extra["meeting"]
    for call in (
        lambda: decided(w, by=by),
        lambda: run(close, meeting, by=by),
        lambda: run(reopen, meeting, by=by),
        lambda: run(void_meeting, meeting, by=by),
        lambda: run(start, NewWalkThrough(TODAY, (w.extra["placement"],), w.group_id), by=by),
    ):
        with pytest.raises(PermissionDeniedError):
            call()
    assert rows(WalkThroughItem) == []


def test_a_group_manager_starts_and_reaches_the_own_groups_meetings_only(w):
    boss = w.actors["group_manager"]
    run(void_meeting, w.extra["meeting"], by=boss)
    own = run(start, NewWalkThrough(TODAY, (w.extra["placement"],)), by=boss)
    assert rows(WalkThrough, id=own)[0].group_id == w.group_id

    whole = run(start, NewWalkThrough(TODAY, (w.extra["placement"],)), by=w.manager)
    with pytest.raises(PermissionDeniedError):
        run(close, whole, by=boss)
    with db.read() as session:
        seen = meetings(session, Scope(w.unit_id, group_id=w.group_id))
        assert [one.id for one in seen] == [own]
        assert agenda(session, Scope(w.unit_id, group_id=w.group_id), walk_through_id=whole) is None
        assert [one.id for one in meetings(session, Scope(w.unit_id))] == [whole, own]


def test_a_meeting_is_not_started_with_a_case_out_of_reach(w):
    run(void_meeting, w.extra["meeting"], by=w.manager)
    with db.write() as session:
        ett = session.get_one(Case, w.case_id)
        two = type("G", (), {"id": w.other_group_id})
        make.assign(session, ett, TODAY, group=two)
    with pytest.raises(PermissionDeniedError):
        run(
            start,
            NewWalkThrough(TODAY, (w.extra["placement"],)),
            by=w.actors["group_manager"],
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": TODAY + timedelta(1), "group_id": None}, "held_on"),
        ({"placement_ids": (), "group_id": None}, "placement_ids"),
        ({}, "held_on"),
    ],
)
def test_a_meeting_in_the_future_one_without_placements_and_a_second_open_one_are_refused(
    w, changes, field
):
    new = replace(NewWalkThrough(TODAY, (w.extra["placement"],), w.group_id), **changes)
    assert list(refusals(start, new, by=w.manager)) == [field]


def test_a_meeting_with_decisions_cannot_be_taken_back(w):
    decided(w)
    assert list(refusals(void_meeting, w.extra["meeting"], by=w.manager)) == ["closed_at"]


def test_a_closed_meeting_is_not_opened_beside_an_open_one(w):
    run(close, w.extra["meeting"], by=w.manager)
    run(start, NewWalkThrough(TODAY, (w.extra["placement"],), w.group_id), by=w.manager)
    assert list(refusals(reopen, w.extra["meeting"], by=w.manager)) == ["closed_at"]


def test_a_group_of_another_unit_has_no_meeting_here(w):
    with db.write() as session:
        other = make.group(session, session.get_one(Unit, w.extra["other_unit_id"]))
    new = NewWalkThrough(TODAY, (w.extra["placement"],), other.id)
    with pytest.raises(PermissionDeniedError):
        run(start, new, by=w.manager)


def test_the_same_submit_twice_starts_closes_opens_and_takes_back_once(w):
    meeting = w.extra["meeting"]
    for verb, key in ((close, "c"), (reopen, "o"), (void_meeting, "v")):
        assert run(verb, meeting, by=w.manager, key=key) == meeting
        assert run(verb, meeting, by=w.manager, key=key) == meeting
    new = NewWalkThrough(TODAY, (w.extra["placement"],))
    first = run(start, new, by=w.manager, key="s")
    assert run(start, new, by=w.manager, key="s") == first


def test_started_meetings_placements_come_once_each_in_their_order(w):
    run(void_meeting, w.extra["meeting"], by=w.manager)
    one, two = w.extra["placement"], w.extra["other"]
    made = run(walk_throughs.start, NewWalkThrough(TODAY, (two, one, two)), by=w.manager)
    assert rows(WalkThrough, id=made)[0].queue == [two, one]


def at_once(call):
    """Let four people call at once; return how each went."""

    def attempt(n):
        try:
            return call(n)
        except (ConflictError, RefusedError) as stopped:
            return type(stopped)

    with ThreadPoolExecutor(4) as people:
        return list(people.map(attempt, range(4)))


def test_of_four_who_decide_at_once_one_is_first_and_the_others_are_told(w):
    known = version(w)
    went = at_once(lambda n: decided(w, item(w, next_step=f"Steg {n}"), version=known))
    assert went.count(ConflictError) == 3
    assert len(rows(WalkThroughItem)) == len(rows(PlacementReview)) == 1


def test_of_four_who_start_a_meeting_at_once_one_does(w):
    run(void_meeting, w.extra["meeting"], by=w.manager)
    new = NewWalkThrough(TODAY, (w.extra["placement"],), w.group_id)
    went = at_once(lambda _: run(start, new, by=w.manager))
    assert went.count(RefusedError) == 3
    assert len([row for row in rows(WalkThrough) if row.voided_at is None]) == 1


def test_a_placement_without_decision_is_not_ended_in_a_meeting(w):
    with db.write() as session:
        for row in session.exec(select(PlacementDecision)):
            row.voided_at = now()
    assert list(refused(w, end(w))) == ["outcome"]


def test_what_changed_after_an_earlier_day_of_the_meeting_is_no_conflict_afterwards(w, today):
    queue, earlier = (w.extra["placement"],), day("2024-04-30")
    run(close, w.extra["meeting"], by=w.manager)
    w.extra["meeting"] = run(start, NewWalkThrough(earlier, queue, w.group_id), by=w.manager)
    read(w)
    extended = NewDecision(
        TODAY, "Ada", "Hemmet", Contract.FRAMEWORK, day("2024-09-30"), DecisionReason.EXTENSION
    )
    run(placements.decide, w.extra["placement"], extended, version=version(w), by=w.manager)
    (card,) = read(w).cards
    assert card.row.version == version(w)
