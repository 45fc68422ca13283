"""Cases: register, refer and close (domain: Case). Whose they are is in `assignments`.

Opening, referring and closing on one day is allowed; nothing is dated in the future.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlmodel import Session, col, func, select

from core.auth import Actor, Permission, PermissionDeniedError, Scope, row_scope
from core.models import (
    AdultObstacle,
    Area,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    ChangePlan,
    PlanRevision,
    Unit,
)
from core.rules.cases import APPLICANT
from core.services.access import reachable_case
from core.services.assignments import check_receiver
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import household, not_in_future, open_that_day
from core.services.conflicts import same_version
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle

DIGITS_OF_A_PERSONAL_NUMBER = 10
COUPLES = (HouseholdType.COUPLE, HouseholdType.COUPLE_WITH_CHILDREN)
SINGLES = (HouseholdType.SINGLE, HouseholdType.SINGLE_WITH_CHILDREN)


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as registered, with its first assignment, and for benefit its household.

    The household's type, the applicant's gender and what follows are for ekonomiskt bistånd; other
    kinds leave them empty. `obstacle` is the applicant's, empty while unknown.
    """

    reference: str
    kind: CaseKind
    opened_on: dt.date
    caseworker_id: int | None = None
    group_id: int | None = None
    referred_on: dt.date | None = None
    household_type: HouseholdType | None = None
    children: int = 0
    applicant_gender: Gender | None = None
    second_adult_gender: Gender | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The day a case is closed, and why; an empty reason counts as okänt."""

    on: dt.date
    reason: ClosingReason | None = None


def register(session: Session, new: NewCase, *, by: Actor, key: str | None = None) -> int:
    """Register a case with its first assignment and household. Returns the case's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    scope = row_scope(by, Permission.REGISTER_CASE)
    checks = Checks()
    check_receiver(session, checks, scope.unit_id, (new.caseworker_id, new.group_id))
    _stay_in_group(session, scope, new)
    _check_reference(session, checks, scope.unit_id, new.reference.strip())
    check_dates(checks, new)
    check_household(checks, new)
    checks.done()
    case = Case(
        unit_id=scope.unit_id,
        reference=new.reference.strip(),
        kind=new.kind,
        opened_on=new.opened_on,
        referred_on=new.referred_on,
        created_by_id=by.user_id,
    )
    session.add(case)
    session.flush()
    assert case.id is not None  # noqa: S101  (flushed above)
    _add_first_rows(session, case.id, new, by)
    details = {
        "kind": case.kind,
        "opened_on": case.opened_on,
        "referred_on": case.referred_on,
    }
    moved = [(Area.CASES, case.opened_on)]
    event = Event("register", "case", case.id, case.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return case.id


def refer(
    session: Session,
    case_id: int,
    on: dt.date,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Refer a case from mottagning to slussen or utredning on a day. Returns the case's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=Permission.REFER_CASE)
    same_version(case, version)
    checks = Checks()
    checks.refuse_if(
        case.referred_on is not None, "on", f"Ärendet remitterades redan {case.referred_on}."
    )
    open_that_day(checks, "on", on, case)
    checks.done()
    case.referred_on = on
    event = Event("refer", "case", case_id, case.unit_id, [(Area.CASES, on)], {"referred_on": on})
    record(session, event, by=by, key=key)
    return case_id


def close(
    session: Session,
    case_id: int,
    closing: Closing,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Close a case on a day. Returns the case's id.

    The day may not lie before the case was opened, referred or got its latest plan or revision:
    none of them happens in a closed case. Placements, exemptions and adverse decisions stay as they
    are; they may outlive the case.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    case = reachable_case(session, case_id, by=by, permission=Permission.CLOSE_CASE)
    same_version(case, version)
    checks = Checks()
    not_in_future(checks, "on", closing.on)
    checks.refuse_if(
        case.closed_on is not None, "on", f"Ärendet avslutades redan {case.closed_on}."
    )
    latest, what = _latest_fact(session, case)
    checks.refuse_if(closing.on < latest, "on", f"{what} {latest}. Ange den dagen eller en senare.")
    checks.done()
    case.closed_on = closing.on
    case.closing_reason = closing.reason
    details = {"closed_on": closing.on, "reason": closing.reason}
    event = Event("close", "case", case_id, case.unit_id, [(Area.CASES, closing.on)], details)
    record(session, event, by=by, key=key)
    return case_id


@cache
def reference_pattern(reference_format: str) -> re.Pattern[str]:
    """Return what a reference in a unit's format looks like; a 0 stands for any digit."""
    return re.compile(re.escape(reference_format).replace("0", "[0-9]"))


def check_reference_form(checks: Checks, form: str, reference: str) -> None:
    """Refuse a reference that is not in a unit's format."""
    checks.guard_text("reference", reference, longest=20)
    digits = sum(char.isdigit() for char in reference)
    checks.refuse_if(
        digits >= DIGITS_OF_A_PERSONAL_NUMBER,
        "reference",
        "En referens får inte ha tio siffror eller fler.",
    )
    checks.refuse_if(
        reference_pattern(form).fullmatch(reference) is None,
        "reference",
        f"Skriv referensen som {form}, med en siffra för varje nolla.",
    )


def _check_reference(session: Session, checks: Checks, unit_id: int, reference: str) -> None:
    """Refuse a reference that is taken, or not in the unit's format.

    The unit's row is locked, so that of two registrations at once the second sees the first.
    """
    unit = session.exec(
        select(Unit).where(col(Unit.id) == unit_id).with_for_update(key_share=True)
    ).one()
    check_reference_form(checks, unit.reference_format, reference)
    taken = session.exec(
        select(Case.id)
        .where(col(Case.unit_id) == unit_id)
        .where(col(Case.reference) == reference)
        .where(col(Case.voided_at).is_(None))
    ).first()
    checks.refuse_if(taken is not None, "reference", f"Referensen {reference} används redan.")


def check_dates(checks: Checks, new: NewCase) -> None:
    """Refuse days in the future, and a referral before the opening."""
    not_in_future(checks, "opened_on", new.opened_on)
    not_in_future(checks, "referred_on", new.referred_on)
    checks.refuse_if(
        new.referred_on is not None and new.referred_on < new.opened_on,
        "referred_on",
        f"Ärendet kan inte remitteras innan det öppnades, {new.opened_on}.",
    )


def check_household(checks: Checks, new: NewCase) -> None:
    """Refuse a household that is incomplete or contradicts itself, or that the kind doesn't have."""
    if new.kind is not CaseKind.BENEFIT:
        told = new.household_type or new.applicant_gender or new.second_adult_gender or new.obstacle
        checks.refuse_if(
            bool(told) or new.children != 0,
            "household_type",
            "Hushållets uppgifter gäller bara ekonomiskt bistånd. Lämna dem tomma.",
        )
        return
    checks.refuse_if(new.applicant_gender is None, "applicant_gender", "Ange sökandens kön.")
    if new.household_type is None:
        checks.refuse_if(True, "household_type", "Ange hushållstyp.")
        return
    household(checks, new.household_type, new.children)
    checks.refuse_if(
        new.household_type in COUPLES and new.second_adult_gender is None,
        "second_adult_gender",
        "Ett par har två vuxna. Ange den andra vuxnas kön.",
    )
    checks.refuse_if(
        new.household_type in SINGLES and new.second_adult_gender is not None,
        "second_adult_gender",
        "En ensamstående har ingen andra vuxen. Välj ett par, eller lämna fältet tomt.",
    )


def _stay_in_group(session: Session, scope: Scope, new: NewCase) -> None:
    """Deny a group manager to register outside the own group."""
    if scope.group_id is None:
        return
    caseworker = None if new.caseworker_id is None else session.get(Caseworker, new.caseworker_id)
    elsewhere = caseworker is not None and caseworker.group_id not in {None, scope.group_id}
    if new.group_id != scope.group_id or elsewhere:
        raise PermissionDeniedError("group")


def _latest_fact(session: Session, case: Case) -> tuple[dt.date, str]:
    """Return the day before which a case can't have been closed, and what happened on it."""
    facts = [(case.opened_on, "Ärendet öppnades")]
    if case.referred_on is not None:
        facts.append((case.referred_on, "Ärendet remitterades"))
    plans = (
        select(func.max(ChangePlan.established_on))
        .where(col(ChangePlan.case_id) == case.id)
        .where(col(ChangePlan.voided_at).is_(None))
    )
    revisions = (
        select(func.max(PlanRevision.revised_on))
        .join(ChangePlan, col(ChangePlan.id) == col(PlanRevision.plan_id))
        .where(col(ChangePlan.case_id) == case.id)
        .where(col(ChangePlan.voided_at).is_(None))
        .where(col(PlanRevision.voided_at).is_(None))
    )
    words = ((plans, "Förändringsplanen upprättades"), (revisions, "Förändringsplanen reviderades"))
    for statement, what in words:
        day = session.exec(statement).one()
        if day is not None:
            facts.append((day, what))
    return max(facts)


def _add_first_rows(session: Session, case_id: int, new: NewCase, by: Actor) -> None:
    author: dict[str, Any] = {"created_by_id": by.user_id, "valid_from": new.opened_on}
    session.add(
        CaseAssignment(
            case_id=case_id, caseworker_id=new.caseworker_id, group_id=new.group_id, **author
        )
    )
    if new.household_type is not None:
        session.add(
            CaseComposition(
                case_id=case_id,
                household_type=new.household_type,
                children=new.children,
                **author,
            )
        )
    genders = enumerate((new.applicant_gender, new.second_adult_gender), APPLICANT)
    adults = {
        number: CaseAdult(case_id=case_id, number=number, gender=gender, **author)
        for number, gender in genders
        if gender is not None
    }
    session.add_all(adults.values())
    session.flush()
    applicant = adults[APPLICANT].id if APPLICANT in adults else None
    if new.obstacle is not None and applicant is not None:
        session.add(AdultObstacle(adult_id=applicant, obstacle=new.obstacle, **author))
