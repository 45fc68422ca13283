"""Placements: start, decide, day rates, reviews and end (domain: Placement).

Decisions, rates and reviews are dated rows that are added, never changed. A coming end is a decision
with a new planned end; the end itself is registered when it has happened.
"""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from core.auth import Actor, Permission
from core.clock import today
from core.models import (
    Area,
    Case,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementReview,
)
from core.services.access import reachable_case
from core.services.base import Checks, Event, FieldError, RefusedError, already_done, record
from core.services.case_checks import not_in_future, void
from core.services.placement_checks import (
    check_agreement,
    check_days,
    check_decision_day,
    check_inside,
    check_kind,
    check_planned_end,
    check_rate,
    decisions_of,
    edited_placement,
    free_reference,
    rate_moves_from,
    rates_of,
    reachable_placement,
)
from core.services.placement_inputs import NewDecision, NewPlacement, NewRate, NewReview


def start(session: Session, new: NewPlacement, *, by: Actor, key: str | None = None) -> int:
    """Register a placement with its first decision and first rate. Returns the placement's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(Permission.MANAGE_PLACEMENTS)
    if new.case_id is None:
        raise RefusedError(FieldError("case_id", "Det finns inget sådant ärende. Ange referensen."))
    case = reachable_case(session, new.case_id, by=by, permission=Permission.MANAGE_PLACEMENTS)
    checks = Checks()
    reference = free_reference(session, checks, case.unit_id, new.reference.strip())
    check_kind(session, checks, case, new)
    check_days(checks, case, new)
    check_agreement(checks, new.decided_by, new.provider, new.contract)
    check_rate(checks, "day_rate", new.day_rate)
    checks.done()
    row = _placement(case, new, reference, by)
    placement_id = _saved(session, row)
    _saved(session, _decision(placement_id, new, by))
    _saved(session, _rate(placement_id, NewRate(new.starts_on, new.day_rate), by))
    details = {
        "case_id": case.id,
        "starts_on": new.starts_on,
        "planned_end_on": new.planned_end_on,
        "contract": new.contract,
        "day_rate": new.day_rate,
    }
    moved = _moved(min(new.starts_on, new.decided_on))
    event = Event("start", "placement", placement_id, case.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return placement_id


def decide(
    session: Session,
    placement_id: int,
    new: NewDecision,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Register a decision, which holds from the day it was made. Returns the decision's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    checks = Checks()
    check_decision_day(session, checks, placement, new.decided_on)
    check_planned_end(checks, placement.starts_on, new.planned_end_on)
    check_agreement(checks, new.decided_by, new.provider, new.contract)
    checks.done()
    earlier = [one for one in decisions_of(session, placement) if one.decided_on <= new.decided_on]
    decision_id = _saved(session, _decision(placement_id, new, by))
    day = new.decided_on if earlier else min(placement.starts_on, new.decided_on)
    details = {
        "placement_id": placement_id,
        "decided_on": new.decided_on,
        "planned_end_on": new.planned_end_on,
        "contract": new.contract,
    }
    moved = _moved(day)
    event = Event("decide", "placement_decision", decision_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return decision_id


def set_rate(
    session: Session,
    placement_id: int,
    new: NewRate,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Register what a day costs from a day on. Returns the rate's id.

    A rate from the same day as an earlier one replaces it: the earlier one is voided.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    checks = Checks()
    check_inside(checks, "valid_from", placement, new.valid_from)
    check_rate(checks, "amount", new.amount)
    checks.done()
    for replaced in rates_of(session, placement):
        if replaced.valid_from == new.valid_from:
            void(replaced, by)
    rate_id = _saved(session, _rate(placement_id, new, by))
    details = {
        "placement_id": placement_id,
        "valid_from": new.valid_from,
        "amount": new.amount,
    }
    moved = _moved(rate_moves_from(session, placement, new.valid_from))
    event = Event("set_rate", "day_rate", rate_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return rate_id


def review(
    session: Session, placement_id: int, new: NewReview, *, by: Actor, key: str | None = None
) -> int:
    """Register that a placement was followed up. Returns the review's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    placement = reachable_placement(session, placement_id, by=by)
    checks = Checks()
    not_in_future(checks, "reviewed_on", new.reviewed_on)
    check_inside(checks, "reviewed_on", placement, new.reviewed_on)
    checks.refuse_if(
        new.next_review_on is not None and new.next_review_on <= new.reviewed_on,
        "next_review_on",
        "Nästa uppföljning måste ligga efter den här.",
    )
    checks.guard_text("note", new.note)
    checks.done()
    row = PlacementReview(
        placement_id=placement_id,
        reviewed_on=new.reviewed_on,
        next_review_on=new.next_review_on,
        note=new.note.strip(),
        created_by_id=by.user_id,
    )
    review_id = _saved(session, row)
    details = {
        "placement_id": placement_id,
        "reviewed_on": new.reviewed_on,
        "next_review_on": new.next_review_on,
    }
    moved = _moved(new.reviewed_on)
    event = Event("review", "placement_review", review_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return review_id


def end(
    session: Session,
    placement_id: int,
    on: dt.date,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Register a placement's last day, which is paid. Returns the placement's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    checks = Checks()
    checks.refuse_if(
        placement.ended_on is not None,
        "on",
        f"Placeringen avslutades redan {placement.ended_on}. Öppna den igen först.",
    )
    checks.refuse_if(
        on > today(),
        "on",
        f"Sista dagen får inte ligga efter i dag, {today()}. "
        "Registrera ett kommande slut som ett beslut med nytt planerat slut.",
    )
    checks.refuse_if(
        on < placement.starts_on,
        "on",
        f"Placeringen började {placement.starts_on}. Ange den dagen eller en senare.",
    )
    checks.done()
    placement.ended_on = on
    moved, details = _moved(on), {"ended_on": on}
    event = Event("end", "placement", placement_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return placement_id


def reopen(
    session: Session, placement_id: int, *, version: int, by: Actor, key: str | None = None
) -> int:
    """Take back a placement's end, so that it runs on. Returns the placement's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    checks = Checks()
    ended_on = placement.ended_on
    checks.refuse_if(ended_on is None, "on", "Placeringen är inte avslutad.")
    checks.done()
    assert ended_on is not None  # noqa: S101  (refused above)
    placement.ended_on = None
    moved, details = _moved(ended_on), {"ended_on": ended_on}
    event = Event("reopen", "placement", placement_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return placement_id


def _placement(case: Case, new: NewPlacement, reference: str, by: Actor) -> Placement:
    assert case.id is not None  # noqa: S101  (read from the store)
    assert new.kind_id is not None  # noqa: S101  (refused before)
    assert new.legal_basis is not None  # noqa: S101  (refused before)
    return Placement(
        unit_id=case.unit_id,
        case_id=case.id,
        reference=reference,
        kind_id=new.kind_id,
        legal_basis=new.legal_basis,
        starts_on=new.starts_on,
        children=new.children,
        created_by_id=by.user_id,
    )


def _decision(placement_id: int, new: NewDecision | NewPlacement, by: Actor) -> PlacementDecision:
    assert new.contract is not None  # noqa: S101  (refused before)
    return PlacementDecision(
        placement_id=placement_id,
        decided_on=new.decided_on,
        decided_by=new.decided_by.strip(),
        planned_end_on=new.planned_end_on,
        provider=new.provider.strip(),
        contract=new.contract,
        created_by_id=by.user_id,
    )


def _rate(placement_id: int, new: NewRate, by: Actor) -> DayRate:
    assert new.amount is not None  # noqa: S101  (refused before)
    return DayRate(
        placement_id=placement_id,
        valid_from=new.valid_from,
        amount=new.amount,
        created_by_id=by.user_id,
    )


def _saved(session: Session, row: Placement | PlacementDecision | DayRate | PlacementReview) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    return row.id


def _moved(day: dt.date) -> list[tuple[Area, dt.date]]:
    return [(Area.PLACEMENTS, day)]
