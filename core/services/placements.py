"""Placements: start, decide, day rates, reviews and end (domain: Placement).

Decisions, rates and reviews are dated rows that are added, never changed. A coming end is a decision
with a new planned end; the end itself is registered when it has happened. What is unusual but
possible is asked about (`AskedError`) and goes through when the input says `confirmed`.
"""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from core.auth import Actor, Permission
from core.models import PlacementReview
from core.services.access import reachable_case
from core.services.base import Checks, Event, FieldError, RefusedError, already_done, record
from core.services.case_checks import not_in_future
from core.services.placement_checks import (
    check_inside,
    check_planned_end,
    check_reason,
    decisions_of,
    edited_placement,
    free_reference,
    rate_moves_from,
    reachable_placement,
)
from core.services.placement_inputs import (
    NewDecision,
    NewEnd,
    NewPlacement,
    NewRate,
    NewReopening,
    NewReview,
)
from core.services.placement_judged import (
    check_decided,
    check_decision,
    check_last_day,
    check_new_rate,
    check_start,
)
from core.services.placement_questions import ask_end, ask_later_decision, ask_planned_end
from core.services.placement_rows import (
    decision_row,
    moved_from,
    placement_row,
    rate_row,
    replace_rate,
    same_agreement,
    saved,
)
from core.services.questions import Questions
from core.terms import DecisionReason


def start(session: Session, new: NewPlacement, *, by: Actor, key: str | None = None) -> int:
    """Register a placement with its first decision and first rate. Returns the placement's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(Permission.MANAGE_PLACEMENTS)
    if new.case_id is None:
        raise RefusedError(FieldError("case_id", "Det finns inget sådant ärende. Ange referensen."))
    case = reachable_case(session, new.case_id, by=by, permission=Permission.MANAGE_PLACEMENTS)
    questions = Questions(confirmed=new.confirmed)
    reference = free_reference(session, questions, case.unit_id, new.reference.strip())
    check_start(session, questions, case, new)
    questions.done()
    assert new.day_rate is not None  # noqa: S101  (refused above)
    placement_id = saved(session, placement_row(case, new, reference, by))
    saved(session, decision_row(placement_id, new, by))
    saved(session, rate_row(placement_id, new.starts_on, new.day_rate, by))
    details = {
        "case_id": case.id,
        "starts_on": new.starts_on,
        "planned_end_on": new.planned_end_on,
        "contract": new.contract,
        "day_rate": new.day_rate,
    }
    moved = moved_from(new.starts_on, new.decided_on)
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
    """Register a decision, which holds from the day it was made. Returns the decision's id.

    A day rate that it sets is registered with it, and replaces one from the same day.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    questions = Questions(confirmed=new.confirmed)
    decisions = decisions_of(session, placement)
    earlier = [one for one in decisions if one.decided_on <= new.decided_on]
    check_decision(session, questions, placement, new)
    check_reason(questions, earlier, new.reason, new.planned_end_on)
    ask_later_decision(questions, decisions, new.decided_on)
    if new.rate is not None:
        check_new_rate(session, questions, placement, new.rate)
    questions.done()
    decision_id = saved(session, decision_row(placement_id, new, by))
    details = {
        "placement_id": placement_id,
        "decided_on": new.decided_on,
        "planned_end_on": new.planned_end_on,
        "contract": new.contract,
        "reason": new.reason,
    }
    moved = moved_from(new.decided_on, None if earlier else placement.starts_on)
    if new.rate is not None:
        replace_rate(session, placement, new.rate, by)
        details |= {"valid_from": new.rate.valid_from, "amount": new.rate.amount}
        moved += moved_from(rate_moves_from(session, placement, new.rate.valid_from))
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
    """Register what a day costs from a day on, and the decision if one is told. Returns its id.

    A rate from the same day as an earlier one replaces it: the earlier one is voided.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    questions = Questions(confirmed=new.confirmed)
    decisions = decisions_of(session, placement)
    check_new_rate(session, questions, placement, new)
    check_decided(session, questions, placement, new.decided)
    questions.done()
    rate_id = replace_rate(session, placement, new, by)
    decided_on = None
    if new.decided is not None:
        saved(session, same_agreement(decisions, new.decided, DecisionReason.NEW_RATE, by))
        decided_on = new.decided.decided_on
    details = {
        "placement_id": placement_id,
        "valid_from": new.valid_from,
        "amount": new.amount,
        "decided_on": decided_on,
    }
    moved = moved_from(rate_moves_from(session, placement, new.valid_from), decided_on)
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
    review_id = saved(session, row)
    details = {
        "placement_id": placement_id,
        "reviewed_on": new.reviewed_on,
        "next_review_on": new.next_review_on,
    }
    moved = moved_from(new.reviewed_on)
    event = Event("review", "placement_review", review_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return review_id


def end(
    session: Session,
    placement_id: int,
    on: dt.date | NewEnd,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Register a placement's last day, which is paid. Returns the placement's id.

    A day alone ends it without a decision of its own.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    new = on if isinstance(on, NewEnd) else NewEnd(on)
    placement = edited_placement(session, placement_id, version, by=by)
    questions = Questions(confirmed=new.confirmed)
    with session.no_autoflush:  # one save, one version
        decisions = decisions_of(session, placement)
        check_last_day(questions, placement, new.on)
        ask_end(session, questions, placement, new.on)
        check_decided(session, questions, placement, new.decided)
    questions.done()
    placement.ended_on = new.on
    moved, details = moved_from(new.on), {"ended_on": new.on}
    if new.decided is not None:
        row = same_agreement(decisions, new.decided, DecisionReason.ENDED, by)
        row.planned_end_on = new.on
        saved(session, row)
        moved = moved_from(new.on, new.decided.decided_on)
        details["decided_on"] = new.decided.decided_on
    event = Event("end", "placement", placement_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return placement_id


def reopen(
    session: Session,
    placement_id: int,
    new: NewReopening | None = None,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Take back a placement's end, so that it runs on. Returns the placement's id.

    Without `new` what was decided before the end holds again.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    placement = edited_placement(session, placement_id, version, by=by)
    ended_on = placement.ended_on
    questions = Questions(confirmed=new is not None and new.confirmed)
    questions.refuse_if(ended_on is None, "on", "Placeringen är inte avslutad.")
    with session.no_autoflush:  # one save, one version
        decisions = decisions_of(session, placement)
        if new is not None:
            check_decided(session, questions, placement, new.decided)
            check_planned_end(questions, placement.starts_on, new.planned_end_on)
            decided_on = new.decided.decided_on
            ask_planned_end(questions, placement.starts_on, decided_on, new.planned_end_on)
            ask_later_decision(questions, decisions, decided_on)
    questions.done()
    assert ended_on is not None  # noqa: S101  (refused above)
    placement.ended_on = None
    moved, details = moved_from(ended_on), {"ended_on": ended_on}
    if new is not None:
        row = same_agreement(decisions, new.decided, DecisionReason.REOPENED, by)
        row.planned_end_on = new.planned_end_on
        saved(session, row)
        moved = moved_from(ended_on, new.decided.decided_on)
        details["decided_on"] = new.decided.decided_on
    event = Event("reopen", "placement", placement_id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return placement_id
