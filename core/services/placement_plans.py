"""What a placement is for and what comes after it, noted as dated rows; the latest one holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from core.auth import Actor
from core.models import Area, Case, Placement, PlacementPlan
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import not_in_future, void
from core.services.placement_checks import reachable_placement


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A placement's purpose, its plan after it and whether there is an individual housing plan.

    The whole of it, as it stands from `noted_on`. `housing_plan` is None where nobody has said.
    """

    noted_on: dt.date
    purpose: str = ""
    plan_after: str = ""
    housing_plan: bool | None = None


def note_plan(
    session: Session, placement_id: int, new: NewPlan, *, by: Actor, key: str | None = None
) -> int:
    """Note a placement's purpose and plan. Returns the plan's id.

    One noted earlier the same day is voided. The placement's version is raised, so that somebody
    else who has it open is told.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    placement = reachable_placement(session, placement_id, by=by)
    checks = Checks()
    _check_day(session, checks, placement, new.noted_on)
    checks.guard_text("purpose", new.purpose)
    checks.guard_text("plan_after", new.plan_after)
    plans = session.exec(
        select(PlacementPlan)
        .where(col(PlacementPlan.placement_id) == placement_id)
        .where(col(PlacementPlan.voided_at).is_(None))
    ).all()
    said = new.purpose.strip() or new.plan_after.strip() or new.housing_plan is not None
    checks.refuse_if(
        not said and not plans,
        "purpose",
        "Skriv syftet eller planen efteråt, eller ange om det finns en boendeplan.",
    )
    checks.done()
    for plan in plans:
        if plan.noted_on == new.noted_on:
            void(plan, by)
    row = PlacementPlan(
        placement_id=placement_id,
        noted_on=new.noted_on,
        purpose=new.purpose.strip(),
        plan_after=new.plan_after.strip(),
        housing_plan=new.housing_plan,
        created_by_id=by.user_id,
    )
    session.add(row)
    flag_modified(placement, "starts_on")
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    moved = [(Area.PLACEMENTS, new.noted_on)]
    details = {
        "placement_id": placement_id,
        "noted_on": new.noted_on,
        "housing_plan": new.housing_plan,
    }
    event = Event("note", "placement_plan", row.id, placement.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id


def _check_day(session: Session, checks: Checks, placement: Placement, day: dt.date) -> None:
    """Refuse a day in the future, before the case was opened or after the placement ended."""
    not_in_future(checks, "noted_on", day)
    opened_on = session.get_one(Case, placement.case_id).opened_on
    checks.refuse_if(
        day < opened_on,
        "noted_on",
        f"Ärendet öppnades {opened_on}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        placement.ended_on is not None and day > placement.ended_on,
        "noted_on",
        f"Placeringen avslutades {placement.ended_on}. Ange den dagen eller en tidigare.",
    )
