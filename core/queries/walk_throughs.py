"""Walk-throughs: the meetings held, and each with its placements and what it decided on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import (
    Case,
    DayRate,
    Group,
    Placement,
    PlacementDecision,
    PlacementReview,
    User,
    WalkThrough,
    WalkThroughItem,
)
from core.queries import placement_facts
from core.queries.cache import cached
from core.queries.placement_facts import AREAS
from core.queries.placement_plans import PlanNow, latest_plans
from core.queries.placements import PlacementRow, placement_rows
from core.rules.walk_through import NO_MONTHS, Decided
from core.terms import WalkThroughOutcome


@dataclass(frozen=True, slots=True)
class Meeting:
    """A walk-through. `group` is None for the whole unit, `queue` the placements' ids in order.

    `decided` is how many placements it has decided on, `effect` what the year became dearer.
    """

    id: int
    held_on: dt.date
    group_id: int | None
    group: str | None
    closed: bool
    queue: tuple[int, ...]
    decided: int
    effect: Decimal


@dataclass(frozen=True, slots=True)
class ItemNow:
    """What a meeting decided on a placement, by whom and when.

    `planned_end_on`, `day_rate` and `rate_from` are those of the decision and the rate that it made,
    None where it made none.
    """

    id: int
    held_on: dt.date
    decided: Decided
    next_step: str
    responsible: str
    next_on: dt.date | None
    planned_end_on: dt.date | None
    day_rate: Decimal | None
    rate_from: dt.date | None
    by: str | None
    at: dt.datetime
    decision_id: int | None

    @property
    def outcome(self) -> WalkThroughOutcome:
        """Return what was decided."""
        return self.decided.outcome


@dataclass(frozen=True, slots=True)
class LastDecision:
    """The latest decision on a placement: when, by whom and until when."""

    decided_on: dt.date
    decided_by: str
    planned_end_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Card:
    """A placement as it comes up: how it stands on the meeting's day, and what was decided.

    `earlier` is what the latest walk-through before this one decided on it.
    """

    row: PlacementRow
    plan: PlanNow | None
    decision: LastDecision | None
    review_note: str
    item: ItemNow | None
    earlier: ItemNow | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with its placements, in the order they come up."""

    meeting: Meeting
    cards: tuple[Card, ...]

    @property
    def decided(self) -> tuple[Card, ...]:
        """Return the placements that the meeting has decided on."""
        return tuple(card for card in self.cards if card.item is not None)

    @property
    def left(self) -> tuple[Card, ...]:
        """Return those that it has not."""
        return tuple(card for card in self.cards if card.item is None)

    @property
    def effects(self) -> tuple[Decided, ...]:
        """Return what was decided, for the rules to sum."""
        return tuple(card.item.decided for card in self.cards if card.item is not None)


@cached(*AREAS, until=None)
def meetings(session: Session, scope: Scope) -> tuple[Meeting, ...]:
    """Return a unit's meetings, or a group's own in its scope, the latest first."""
    rows = session.execute(_meetings(scope)).all()
    sums = {row.walk_through_id: row for row in session.execute(_sums(scope))}
    return tuple(_meeting(row, sums.get(row.id)) for row in rows)


@cached(*AREAS, until=None)
def agenda(session: Session, scope: Scope, *, walk_through_id: int) -> Agenda | None:
    """Return a meeting with its placements; None for one that is out of the scope's reach.

    Placements that are gone since, voided or removed, are left out.
    """
    found = (one for one in meetings(session, scope) if one.id == walk_through_id)
    meeting = next(found, None)
    if meeting is None:
        return None
    on = meeting.held_on
    rows = {row.id: row for row in placement_rows(session, scope, on=on, with_case=True)}
    # the list of an earlier day is not read anew for what was written since: the version is today's
    versions = {one.id: one.version for one in placement_facts.of_year(session, scope, on=on)}
    shown = [
        replace(rows[placement_id], version=versions[placement_id])
        for placement_id in meeting.queue
        if placement_id in rows
    ]
    ids = [row.id for row in shown]
    plans = latest_plans(session, scope, on=on)
    decisions = _decisions(session, ids, on)
    notes = _notes(session, ids, on)
    items = list(_items(session, ids))
    own = {placement_id: item for walk, placement_id, item in items if walk == meeting.id}
    earlier = {
        placement_id: item
        for walk, placement_id, item in items
        if walk != meeting.id and (item.held_on, walk) < (on, meeting.id)
    }
    cards = (
        Card(
            row,
            plans.get(row.id),
            decisions.get(row.id),
            notes.get(row.id, ""),
            own.get(row.id),
            earlier.get(row.id),
        )
        for row in shown
    )
    return Agenda(meeting, tuple(cards))


def _meetings(scope: Scope) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(WalkThrough.id),
            col(WalkThrough.held_on),
            col(WalkThrough.group_id),
            col(Group.name).label("group_name"),
            col(WalkThrough.closed_at),
            col(WalkThrough.queue),
        )
        .outerjoin(Group, col(Group.id) == col(WalkThrough.group_id))
        .where(col(WalkThrough.unit_id) == scope.unit_id)
        .where(col(WalkThrough.voided_at).is_(None))
        .order_by(col(WalkThrough.held_on).desc(), col(WalkThrough.id).desc())
    )
    if scope.group_id is not None:
        statement = statement.where(col(WalkThrough.group_id) == scope.group_id)
    return statement


def _sums(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select how much each meeting decided and its effect on the year."""
    item = WalkThroughItem
    return (
        select(
            col(item.walk_through_id),
            func.count(col(item.id)).label("decided"),
            func.sum(col(item.full_year_after)).label("after"),
            func.sum(col(item.full_year_before)).label("before"),
        )
        .join(WalkThrough, col(WalkThrough.id) == col(item.walk_through_id))
        .join(Placement, col(Placement.id) == col(item.placement_id))
        .join(Case, col(Case.id) == col(Placement.case_id))
        .where(col(WalkThrough.unit_id) == scope.unit_id, col(item.voided_at).is_(None))
        .where(col(Placement.voided_at).is_(None), col(Case.voided_at).is_(None))
        .group_by(col(item.walk_through_id))
    )


def _meeting(row: Any, sums: Any) -> Meeting:
    return Meeting(
        id=row.id,
        held_on=row.held_on,
        group_id=row.group_id,
        group=row.group_name,
        closed=row.closed_at is not None,
        queue=tuple(row.queue),
        decided=sums.decided if sums else 0,
        effect=sums.after - sums.before if sums else Decimal(0),
    )


def _decisions(session: Session, ids: Sequence[int], on: dt.date) -> dict[int, LastDecision]:
    rows = session.execute(
        select(
            col(PlacementDecision.placement_id),
            col(PlacementDecision.decided_on),
            col(PlacementDecision.decided_by),
            col(PlacementDecision.planned_end_on),
        )
        .where(col(PlacementDecision.placement_id).in_(ids))
        .where(col(PlacementDecision.voided_at).is_(None))
        .where(col(PlacementDecision.decided_on) <= on)
        .order_by(col(PlacementDecision.decided_on), col(PlacementDecision.id))
    )
    return {placement_id: LastDecision(*values) for placement_id, *values in rows}


def _notes(session: Session, ids: Sequence[int], on: dt.date) -> dict[int, str]:
    """Return the note of each placement's latest review by a day."""
    rows = session.execute(
        select(col(PlacementReview.placement_id), col(PlacementReview.note))
        .where(col(PlacementReview.placement_id).in_(ids))
        .where(col(PlacementReview.voided_at).is_(None))
        .where(col(PlacementReview.reviewed_on) <= on)
        .order_by(col(PlacementReview.reviewed_on), col(PlacementReview.id))
    )
    return {row.placement_id: row.note for row in rows}


def _items(session: Session, ids: Sequence[int]) -> Iterable[tuple[int, int, ItemNow]]:
    """Yield what meetings decided on some placements: meeting, placement and item, oldest first."""
    rows = session.execute(
        select(
            WalkThroughItem,
            col(WalkThrough.held_on),
            col(PlacementDecision.planned_end_on),
            col(DayRate.amount),
            col(DayRate.valid_from),
            col(User.name),
        )
        .join(WalkThrough, col(WalkThrough.id) == col(WalkThroughItem.walk_through_id))
        .outerjoin(PlacementDecision, col(PlacementDecision.id) == col(WalkThroughItem.decision_id))
        .outerjoin(DayRate, col(DayRate.id) == col(WalkThroughItem.rate_id))
        .outerjoin(User, col(User.id) == col(WalkThroughItem.created_by_id))
        .where(col(WalkThroughItem.placement_id).in_(ids))
        .where(col(WalkThroughItem.voided_at).is_(None), col(WalkThrough.voided_at).is_(None))
        .order_by(col(WalkThrough.held_on), col(WalkThrough.id))
    )
    for item, held_on, planned_end_on, amount, valid_from, by in rows:
        now = ItemNow(
            id=item.id,
            held_on=held_on,
            decided=Decided(
                item.outcome,
                item.full_year_before,
                item.full_year_after,
                tuple(Decimal(month) for month in item.months) or NO_MONTHS,
            ),
            next_step=item.next_step,
            responsible=item.responsible,
            next_on=item.next_on,
            planned_end_on=planned_end_on,
            day_rate=amount,
            rate_from=valid_from,
            by=by,
            at=item.created_at,
            decision_id=item.decision_id,
        )
        yield item.walk_through_id, item.placement_id, now
