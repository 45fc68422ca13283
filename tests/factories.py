"""Rows for tests, with sensible defaults. All people and cases are made up."""

import datetime as dt
import itertools

from core.auth import Actor, Role
from core.models import (
    AdultObstacle,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    ChangePlan,
    Group,
    PlanExemption,
    PlanRevision,
    Unit,
    User,
)
from core.terms import CaseKind, ExemptionReason, Gender, HouseholdType

_numbers = itertools.count(1)


def save(session, row):
    """Add a row and give it its id."""
    session.add(row)
    session.flush()
    return row


def unit(session, **fields):
    """Save a unit."""
    n = next(_numbers)
    return save(session, Unit(**{"slug": f"enhet-{n}", "name": f"Enhet {n}"} | fields))


def group(session, of, **fields):
    """Save a group of a unit."""
    n = next(_numbers)
    return save(
        session, Group(**{"unit_id": of.id, "slug": f"grupp-{n}", "name": f"Grupp {n}"} | fields)
    )


def caseworker(session, of, **fields):
    """Save a caseworker of a unit."""
    n = next(_numbers)
    return save(session, Caseworker(**{"unit_id": of.id, "name": f"Handläggare {n}"} | fields))


def user(session, **fields):
    """Save an account without a usable password."""
    n = next(_numbers)
    return save(
        session,
        User(**{"username": f"konto{n}", "name": f"Konto {n}", "password_hash": "-"} | fields),
    )


def actor(session, role=Role.UNIT_MANAGER, of=None, *, group=None, caseworker=None):
    """Save an account and return it as somebody acting in a role."""
    account = user(session)
    return Actor(
        user_id=account.id,
        name=account.name,
        role=role,
        unit_id=of.id if of else None,
        group_id=group.id if group else None,
        caseworker_id=caseworker.id if caseworker else None,
    )


def case(session, of, opened_on, *, caseworker=None, group=None, gender=Gender.WOMAN, **fields):
    """Save a case with its first assignment, and for benefit an applicant and a composition."""
    n = next(_numbers)
    children = fields.pop("children", 0)
    obstacle = fields.pop("obstacle", None)
    row = save(
        session,
        Case(
            **{
                "unit_id": of.id,
                "reference": f"AR-{n:04}",
                "kind": CaseKind.BENEFIT,
                "opened_on": opened_on,
            }
            | fields
        ),
    )
    assign(session, row, opened_on, caseworker=caseworker, group=group)
    if row.kind is CaseKind.BENEFIT:
        save(
            session,
            CaseComposition(
                case_id=row.id,
                valid_from=opened_on,
                household_type=HouseholdType.SINGLE,
                children=children,
            ),
        )
        adult = save(
            session, CaseAdult(case_id=row.id, number=1, gender=gender, valid_from=opened_on)
        )
        if obstacle is not None:
            save(session, AdultObstacle(adult_id=adult.id, valid_from=opened_on, obstacle=obstacle))
    return row


def assign(session, case, valid_from, *, caseworker=None, group=None):
    """Save an assignment of a case."""
    return save(
        session,
        CaseAssignment(
            case_id=case.id,
            valid_from=valid_from,
            caseworker_id=caseworker.id if caseworker else None,
            group_id=group.id if group else None,
        ),
    )


def plan(session, case, established_on, ended_on=None, *, revised=()):
    """Save a change plan with its revisions."""
    row = save(
        session, ChangePlan(case_id=case.id, established_on=established_on, ended_on=ended_on)
    )
    for day in revised:
        save(session, PlanRevision(plan_id=row.id, revised_on=day))
    return row


def exemption(session, case, valid_from, valid_to, reason=ExemptionReason.MOVES_WITHIN_A_MONTH):
    """Save an exemption from having a plan."""
    return save(
        session,
        PlanExemption(
            case_id=case.id,
            reason=reason,
            explanation="påhittad",
            valid_from=valid_from,
            valid_to=valid_to,
        ),
    )


def day(text):
    """Return a date written as 2024-05-27."""
    return dt.date.fromisoformat(text)
