"""What a walk-through decides on a placement: one transaction with its real review and decision.

Every item makes a review with the day of the next one. *Avsluta* and *ändra* make a real decision
with the new planned end, and *ändra* a new day rate where one is given. *Fortsätt* and *utred
alternativ* change nothing but the review. A corrected item takes back what the first one made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlmodel import Session, col

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import (
    Area,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementReview,
    WalkThrough,
    WalkThroughItem,
)
from core.queries import placement_facts
from core.rules import placements as rules
from core.rules import walk_through
from core.rules.placements import PlacementFacts
from core.services import placement_corrections, placements
from core.services.base import (
    Checks,
    Event,
    FieldError,
    RefusedError,
    already_done,
    record,
)
from core.services.case_checks import void
from core.services.placement_checks import (
    decisions_of,
    edited_placement,
    rates_of,
    reachable_placement,
)
from core.services.placement_inputs import NewDecision, NewRate, NewReview
from core.services.placement_plans import note_plan
from core.services.questions import AskedError
from core.services.walk_through_checks import (
    DECIDES,
    NewItem,
    check_change,
    check_changes_something,
    check_item,
    check_meeting,
    same_state,
)
from core.services.walk_throughs import items_of, reachable_meeting
from core.terms import DecisionReason, WalkThroughOutcome

LONGEST_NAME = 80
NO_DECISION = "Placeringen saknar beslut. Registrera ett på sidan Placeringar först."
FIELDS = {
    "valid_from": "rate_from",
    "amount": "day_rate",
    "next_review_on": "next_on",
    "note": "next_step",
}
"""What the fields of the services that an item calls are called in an item."""


@dataclass(frozen=True, slots=True)
class _Made:
    """The real rows that an item made."""

    review_id: int
    decision_id: int | None = None
    rate_id: int | None = None
    replaced_rate_id: int | None = None


def decide(
    session: Session,
    placement_id: int,
    new: NewItem,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Save what a meeting decided on a placement, with all that follows. Returns the item's id.

    `version` is the placement's, as it was when the form was opened. What the meeting decided on it
    before is voided, with the rows that it made. Raises `ConflictError` with how it stands if
    somebody else has changed the placement since, in this meeting too.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    meeting = reachable_meeting(session, new.walk_through_id, by=by)
    placement = reachable_placement(session, placement_id, by=by)
    if placement_id not in meeting.queue:
        raise PermissionDeniedError(Permission.MANAGE_PLACEMENTS)
    given = items_of(session, new.walk_through_id)
    item = next((one for one in given if one.placement_id == placement_id), None)
    same_state(session, placement, item, version)
    checks = Checks()
    check_meeting(checks, meeting, placement)
    check_item(checks, meeting, new)
    check_change(checks, meeting, placement, new)
    checks.done()
    with _at_own_fields():
        if item is not None:
            _take_back(session, item, by)
        before = _facts(session, placement)
        check_changes_something(before, meeting.held_on, new)
        made = _make(session, meeting, placement, new, by)
        after = _facts(session, placement)
    row = _row(meeting, new, made, (before, after), by)
    row.placement_id = placement_id
    session.add(row)
    session.flush()
    return _recorded(session, meeting, row, by, key, replaced=item is not None)


@contextmanager
def _at_own_fields() -> Iterator[None]:
    """Tell what the other services refuse and ask about at the item's own fields."""
    try:
        yield
    except AskedError as asked:
        raise AskedError(_renamed(asked.faults), _renamed(asked.questions)) from None
    except RefusedError as refused:
        raise RefusedError(*_renamed(refused.errors)) from None


def _renamed(errors: Iterable[FieldError]) -> list[FieldError]:
    return [FieldError(FIELDS.get(one.field, one.field), one.message) for one in errors]


def _take_back(session: Session, item: WalkThroughItem, by: Actor) -> None:
    """Void an item and the rows that it made, those that somebody has voided already aside."""
    void(item, by)
    session.flush()
    if _stands(session, PlacementDecision, item.decision_id):
        placement_corrections.void_decision(session, item.decision_id or 0, by=by)
    if _stands(session, PlacementReview, item.review_id):
        placement_corrections.void_review(session, item.review_id or 0, by=by)
    if not _stands(session, DayRate, item.rate_id):
        return
    if item.replaced_rate_id is None:
        placement_corrections.void_rate(session, item.rate_id or 0, by=by)
        return
    replaced = session.get_one(DayRate, item.replaced_rate_id)
    placement = session.get_one(Placement, item.placement_id)
    again = NewRate(replaced.valid_from, replaced.amount, confirmed=True)
    placements.set_rate(session, item.placement_id, again, version=placement.version, by=by)


def _stands(
    session: Session,
    table: type[PlacementDecision | PlacementReview | DayRate],
    row_id: int | None,
) -> bool:
    row = None if row_id is None else session.get(table, row_id)
    return row is not None and row.voided_at is None


def _facts(session: Session, placement: Placement) -> PlacementFacts:
    """Return a placement's facts as they are in this transaction."""
    (placed,) = placement_facts.load(session, col(Placement.id) == placement.id)
    return placed.facts


def _make(
    session: Session, meeting: WalkThrough, placement: Placement, new: NewItem, by: Actor
) -> _Made:
    """Make the real rows of an item, and raise the placement's version."""
    assert placement.id is not None  # noqa: S101  (read from the store)
    edited_placement(session, placement.id, placement.version, by=by)
    session.flush()
    replaced_id = _rate_of(session, placement, new)
    decision_id = _decision(session, meeting, placement, new, by)
    rate_id = _rate_of(session, placement, new)
    if new.plan is not None:
        note_plan(session, placement.id, replace(new.plan, noted_on=meeting.held_on), by=by)
    review = NewReview(meeting.held_on, new.next_on, new.next_step)
    review_id = placements.review(session, placement.id, review, by=by)
    return _Made(review_id, decision_id, rate_id, replaced_id)


def _decision(
    session: Session, meeting: WalkThrough, placement: Placement, new: NewItem, by: Actor
) -> int | None:
    """Decide the new planned end and rate, with the provider and on the contract as before."""
    assert placement.id is not None  # noqa: S101  (read from the store)
    if new.outcome not in DECIDES:
        return None
    decisions = decisions_of(session, placement)
    made = [one for one in decisions if one.decided_on <= meeting.held_on]
    latest = made[-1] if made else next(iter(decisions), None)
    if latest is None:
        raise RefusedError(FieldError("outcome", NO_DECISION))
    rate = None
    if _sets_rate(new):
        assert new.rate_from is not None  # noqa: S101  (refused before)
        rate = NewRate(new.rate_from, new.day_rate)
    decision = NewDecision(
        decided_on=meeting.held_on,
        decided_by=by.name[:LONGEST_NAME],
        provider=latest.provider,
        contract=latest.contract,
        planned_end_on=new.planned_end_on,
        reason=_reason(latest.planned_end_on, new),
        contract_name=latest.contract_name,
        rate=rate,
        confirmed=new.confirmed,
    )
    return placements.decide(session, placement.id, decision, version=placement.version, by=by)


def _reason(planned: dt.date | None, new: NewItem) -> DecisionReason:
    """Return why the decision is made, from the planned end before it."""
    if new.planned_end_on == planned:
        return DecisionReason.NEW_RATE if _sets_rate(new) else DecisionReason.OTHER
    later = new.planned_end_on is None or (planned is not None and new.planned_end_on > planned)
    return DecisionReason.EXTENSION if later else DecisionReason.SHORTENING


def _sets_rate(new: NewItem) -> bool:
    return new.outcome is WalkThroughOutcome.CHANGE and new.day_rate is not None


def _rate_of(session: Session, placement: Placement, new: NewItem) -> int | None:
    """Return the id of the rate that holds from the day of the item's, if it sets one."""
    if not _sets_rate(new):
        return None
    same_day = (one.id for one in rates_of(session, placement) if one.valid_from == new.rate_from)
    return next(same_day, None)


def _row(
    meeting: WalkThrough,
    new: NewItem,
    made: _Made,
    facts: tuple[PlacementFacts, PlacementFacts],
    by: Actor,
) -> WalkThroughItem:
    """Return the item's row, with what the year cost before and after. Its placement isn't set."""
    assert new.outcome is not None  # noqa: S101  (refused before)
    before, after = facts
    months = walk_through.month_effects(before, after, meeting.held_on)
    return WalkThroughItem(
        walk_through_id=meeting.id or 0,
        placement_id=0,
        outcome=new.outcome,
        next_step=new.next_step.strip(),
        responsible=new.responsible.strip(),
        next_on=new.next_on,
        full_year_before=rules.full_year(before, meeting.held_on),
        full_year_after=rules.full_year(after, meeting.held_on),
        months=[str(amount) for amount in months],
        decision_id=made.decision_id,
        review_id=made.review_id,
        rate_id=made.rate_id,
        replaced_rate_id=made.replaced_rate_id,
        created_by_id=by.user_id,
    )


def _recorded(
    session: Session,
    meeting: WalkThrough,
    item: WalkThroughItem,
    by: Actor,
    key: str | None,
    *,
    replaced: bool,
) -> int:
    assert item.id is not None  # noqa: S101  (flushed before)
    details = {
        "walk_through_id": meeting.id,
        "placement_id": item.placement_id,
        "outcome": item.outcome,
        "next_on": item.next_on,
    }
    moved = [(Area.PLACEMENTS, meeting.held_on)]
    action = "change_item" if replaced else "decide"
    event = Event(action, "walk_through_item", item.id, meeting.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return item.id
