"""A case's household: its composition, its adults and their obstacles, each from a day on.

Whoever works with the case may write them: a caseworker in own cases, managers in their cases. A
row of the same day replaces what was said before; both are kept, and the latest holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, or_, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import AdultObstacle, Area, Case, CaseAdult, CaseComposition
from core.rules.cases import APPLICANT
from core.services.access import reachable_case
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import benefit_only, household, not_in_future, open_that_day
from core.services.conflicts import same_version
from core.terms import Gender, HouseholdType, Obstacle

SECOND_ADULT = 2


@dataclass(frozen=True, slots=True)
class NewComposition:
    """A household's type and number of children from a day on."""

    valid_from: dt.date
    household_type: HouseholdType
    children: int


@dataclass(frozen=True, slots=True)
class NewAdult:
    """An adult of a benefit case from a day on; number 1 is the applicant."""

    number: int
    gender: Gender
    valid_from: dt.date
    obstacle: Obstacle | None = None


def change_composition(
    session: Session,
    case_id: int,
    new: NewComposition,
    *,
    by: Actor,
    key: str | None = None,
    version: int | None = None,
) -> int:
    """Register a household's composition from a day on. Returns the row's id.

    `version` is the case's when a form opened it: raises `ConflictError` if it was changed since.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=Permission.REFER_CASE)
    if version is not None:
        same_version(case, version)
    checks = Checks()
    benefit_only(checks, "household_type", case)
    open_that_day(checks, "valid_from", new.valid_from, case)
    household(checks, new.household_type, new.children)
    checks.done()
    row = CaseComposition(
        case_id=case_id,
        valid_from=new.valid_from,
        household_type=new.household_type,
        children=new.children,
        created_by_id=by.user_id,
    )
    flag_modified(case, "opened_on")  # raises the version, so that an open form notices
    details = {"valid_from": new.valid_from, "children": new.children, "type": new.household_type}
    return _save(session, row, ("change_composition", case, new.valid_from, details), by, key)


def add_adult(
    session: Session, case_id: int, new: NewAdult, *, by: Actor, key: str | None = None
) -> int:
    """Register an adult of a benefit case from a day on. Returns the adult's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=Permission.REFER_CASE)
    checks = Checks()
    benefit_only(checks, "number", case)
    open_that_day(checks, "valid_from", new.valid_from, case)
    checks.refuse_if(
        new.number not in {APPLICANT, SECOND_ADULT},
        "number",
        "Ett ärende har en eller två vuxna. Ange 1 (sökande) eller 2.",
    )
    checks.refuse_if(
        _overlaps(session, case_id, new),
        "number",
        f"Vuxen {new.number} finns redan i ärendet den {new.valid_from} eller senare. "
        "Avsluta den vuxna först.",
    )
    checks.done()
    row = CaseAdult(
        case_id=case_id,
        number=new.number,
        gender=new.gender,
        valid_from=new.valid_from,
        created_by_id=by.user_id,
    )
    details = {"number": new.number, "gender": new.gender, "valid_from": new.valid_from}
    adult_id = _save(session, row, ("add_adult", case, new.valid_from, details), by, key)
    if new.obstacle is not None:
        session.add(
            AdultObstacle(
                adult_id=adult_id,
                valid_from=new.valid_from,
                obstacle=new.obstacle,
                created_by_id=by.user_id,
            )
        )
    return adult_id


def end_adult(
    session: Session, adult_id: int, on: dt.date, *, by: Actor, key: str | None = None
) -> int:
    """Register the last day that an adult belongs to a case. Returns the adult's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    adult, case = _adult_and_case(session, adult_id, by)
    checks = Checks()
    not_in_future(checks, "on", on)
    checks.refuse_if(
        on < adult.valid_from,
        "on",
        f"Den vuxna kom till ärendet {adult.valid_from}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        adult.valid_to is not None, "on", f"Den vuxnas sista dag är redan {adult.valid_to}."
    )
    checks.done()
    adult.valid_to = on
    moved = [(Area.CASES, on)]
    details = {"case_id": adult.case_id, "on": on}
    event = Event("end_adult", "case_adult", adult_id, case.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return adult_id


def set_obstacle(
    session: Session,
    adult_id: int,
    obstacle: Obstacle,
    valid_from: dt.date,
    *,
    by: Actor,
    key: str | None = None,
) -> int:
    """Register an adult's obstacle to self-support from a day on. Returns the row's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    adult, case = _adult_and_case(session, adult_id, by)
    checks = Checks()
    open_that_day(checks, "valid_from", valid_from, case)
    outside = valid_from < adult.valid_from or (
        adult.valid_to is not None and valid_from > adult.valid_to
    )
    checks.refuse_if(outside, "valid_from", "Den vuxna hör inte till ärendet den dagen.")
    checks.done()
    row = AdultObstacle(
        adult_id=adult_id, valid_from=valid_from, obstacle=obstacle, created_by_id=by.user_id
    )
    details = {"adult_id": adult_id, "obstacle": obstacle, "valid_from": valid_from}
    return _save(session, row, ("set_obstacle", case, valid_from, details), by, key)


def _save(
    session: Session,
    row: CaseComposition | CaseAdult | AdultObstacle,
    what: tuple[str, Case, dt.date, dict[str, object]],
    by: Actor,
    key: str | None,
) -> int:
    action, case, from_day, details = what
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    moved = [(Area.CASES, from_day)]
    told = {"case_id": case.id, **details}
    event = Event(action, type(row).__tablename__, row.id, case.unit_id, moved, told)
    record(session, event, by=by, key=key)
    return row.id


def _adult_and_case(session: Session, adult_id: int, by: Actor) -> tuple[CaseAdult, Case]:
    by.require(Permission.REFER_CASE)
    adult = session.get(CaseAdult, adult_id)
    if adult is None or adult.voided_at is not None:
        raise PermissionDeniedError("adult")
    case = reachable_case(session, adult.case_id, by=by, permission=Permission.REFER_CASE)
    session.refresh(adult)  # it may have changed while the case was locked
    return adult, case


def _overlaps(session: Session, case_id: int, new: NewAdult) -> bool:
    found = session.exec(
        select(CaseAdult.id)
        .where(col(CaseAdult.case_id) == case_id)
        .where(col(CaseAdult.number) == new.number)
        .where(col(CaseAdult.voided_at).is_(None))
        .where(or_(col(CaseAdult.valid_to).is_(None), col(CaseAdult.valid_to) >= new.valid_from))
    ).first()
    return found is not None
