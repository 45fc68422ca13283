"""What the form of a walk-through fills in about a placement, and what is refused of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from core.models import DayRate, Placement, PlacementPlan, User, WalkThrough, WalkThroughItem
from core.rules import placements as rules
from core.rules.placements import PlacementFacts
from core.services.base import Checks, ConflictError, FieldError, RefusedError
from core.services.conflicts import same_version
from core.services.placement_checks import check_inside, check_rate
from core.services.placement_plans import NewPlan
from core.terms import WalkThroughOutcome

DECIDES = (WalkThroughOutcome.END, WalkThroughOutcome.CHANGE)


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a meeting, `walk_through_id`, decided on a placement.

    `planned_end_on` is the new planned end: needed to end, empty for tills vidare in a change; it
    is not read for the other outcomes, nor is `day_rate`, which in a change is the new rate from
    `rate_from`, None for the one that is. `plan` is the purpose and plan where they were changed.
    With `confirmed`, what is unusual has been asked about.
    """

    walk_through_id: int
    outcome: WalkThroughOutcome | None
    next_step: str = ""
    responsible: str = ""
    next_on: dt.date | None = None
    planned_end_on: dt.date | None = None
    day_rate: Decimal | None = None
    rate_from: dt.date | None = None
    plan: NewPlan | None = None
    confirmed: bool = False


def same_state(
    session: Session, placement: Placement, item: WalkThroughItem | None, version: int
) -> None:
    """Raise `ConflictError`, with the item and the plan too, if the placement has changed."""
    try:
        same_version(placement, version)
    except ConflictError as raised:
        if raised.newest is None:
            raise
        standing = raised.newest.values
        values = {
            **standing,
            "current_rate": standing["day_rate"],
            **_item_values(session, item),
            **_plan_values(session, placement),
        }
        newest = replace(raised.newest, values=values)
        if item is not None and (newest.at is None or item.created_at >= newest.at):
            user = None if item.created_by_id is None else session.get(User, item.created_by_id)
            newest = replace(newest, by=user.name if user else None, at=item.created_at)
        raise ConflictError(placement.reference, newest) from None


def _item_values(session: Session, item: WalkThroughItem | None) -> dict[str, Any]:
    """Return what an item says, each None without an item."""
    rate = None if item is None or item.rate_id is None else session.get(DayRate, item.rate_id)
    return {
        "outcome": item and item.outcome,
        "next_step": item and item.next_step,
        "responsible": item and item.responsible,
        "next_on": item and item.next_on,
        "day_rate": rate and rate.amount,
        "rate_from": rate and rate.valid_from,
    }


def _plan_values(session: Session, placement: Placement) -> dict[str, Any]:
    plan = session.exec(
        select(PlacementPlan)
        .where(col(PlacementPlan.placement_id) == placement.id)
        .where(col(PlacementPlan.voided_at).is_(None))
        .order_by(col(PlacementPlan.noted_on).desc(), col(PlacementPlan.id).desc())
    ).first()
    return {
        "purpose": plan.purpose if plan else "",
        "plan_after": plan.plan_after if plan else "",
        "housing_plan": plan.housing_plan if plan else None,
    }


def check_meeting(checks: Checks, meeting: WalkThrough, placement: Placement) -> None:
    """Refuse a closed meeting, and a placement that did not run on the meeting's day."""
    checks.refuse_if(
        meeting.closed_at is not None,
        "outcome",
        "Genomgången är avslutad. Öppna den igen för att rätta.",
    )
    check_inside(checks, "outcome", placement, meeting.held_on)


def check_item(checks: Checks, meeting: WalkThrough, new: NewItem) -> None:
    """Refuse an item without outcome, next step where one is needed, responsible or next day."""
    checks.refuse_if(new.outcome is None, "outcome", "Välj vad mötet beslutade.")
    investigates = new.outcome is WalkThroughOutcome.INVESTIGATE
    checks.refuse_if(
        investigates and not new.next_step.strip(), "next_step", "Skriv vad som ska utredas."
    )
    checks.guard_text("next_step", new.next_step)
    checks.refuse_if(not new.responsible.strip(), "responsible", "Ange vem som är ansvarig.")
    checks.guard_text("responsible", new.responsible, longest=120)
    checks.refuse_if(
        new.next_on is None and new.outcome is not WalkThroughOutcome.END,
        "next_on",
        "Ange när placeringen ska följas upp nästa gång.",
    )
    checks.refuse_if(
        new.next_on is not None and new.next_on <= meeting.held_on,
        "next_on",
        f"Ange en dag efter mötet {meeting.held_on}.",
    )


def check_change(checks: Checks, meeting: WalkThrough, placement: Placement, new: NewItem) -> None:
    """Refuse an end that is missing or passed, and a rate that can't be."""
    if new.outcome not in DECIDES:
        return
    ends = new.outcome is WalkThroughOutcome.END
    checks.refuse_if(
        ends and new.planned_end_on is None,
        "planned_end_on",
        "Ange placeringens sista dag.",
    )
    checks.refuse_if(
        new.planned_end_on is not None and new.planned_end_on < meeting.held_on,
        "planned_end_on",
        f"{new.planned_end_on} har passerat. Ange mötets dag {meeting.held_on} eller en senare"
        + (
            ". Har placeringen redan slutat registreras det på sidan Placeringar."
            if ends
            else ", eller lämna tomt för tills vidare."
        ),
    )
    if new.day_rate is None or new.outcome is not WalkThroughOutcome.CHANGE:
        return
    check_rate(checks, "day_rate", new.day_rate)
    checks.refuse_if(new.rate_from is None, "rate_from", "Ange från vilken dag.")
    if new.rate_from is not None:
        check_inside(checks, "rate_from", placement, new.rate_from)


def check_changes_something(before: PlacementFacts, held_on: dt.date, new: NewItem) -> None:
    """Refuse a change that leaves both the planned end and the rate as they are."""
    if new.outcome is not WalkThroughOutcome.CHANGE or new.day_rate is not None:
        return
    if new.planned_end_on == rules.planned_end(before, held_on):
        said = "Ange ett nytt planerat slut eller en ny dygnskostnad."
        raise RefusedError(FieldError("planned_end_on", said))
