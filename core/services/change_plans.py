"""Change plans, their revisions, and exemptions from having one (domain: Change plan).

Only referred cases are asked for a plan, but one may be established before the referral. At most one
plan runs at a time. A plan may be established, and an exemption given, while an exemption applies:
both are facts, and the status that counts is the rules' to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import Area, Case, ChangePlan, PlanExemption, PlanRevision
from core.rules.change_plans import EndBeforeStartError, MissingEndError, exemption_end
from core.services.access import reachable_case
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import benefit_only, not_in_future, open_that_day, void
from core.terms import ExemptionReason

Row = TypeVar("Row", ChangePlan, PlanRevision, PlanExemption)


@dataclass(frozen=True, slots=True)
class NewExemption:
    """Why and from when a case needs no plan.

    The two short reasons end after one month, whatever `valid_to` says. Another reason needs an
    explanation and an end.
    """

    reason: ExemptionReason | None
    valid_from: dt.date
    valid_to: dt.date | None = None
    explanation: str = ""


def establish(
    session: Session, case_id: int, on: dt.date, *, by: Actor, key: str | None = None
) -> int:
    """Register that a plan was established on a day. Returns the plan's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = _case(session, case_id, by)
    checks = Checks()
    benefit_only(checks, "on", case)
    open_that_day(checks, "on", on, case)
    for plan in _plans(session, case_id):
        checks.refuse_if(
            plan.ended_on is None or plan.ended_on > on,
            "on",
            f"Ärendet har redan en förändringsplan från {plan.established_on}. "
            "Revidera den, eller avsluta den först.",
        )
    checks.done()
    plan = ChangePlan(case_id=case_id, established_on=on, created_by_id=by.user_id)
    return _save(session, case, ("establish", plan, on), by, key)


def revise(
    session: Session, case_id: int, on: dt.date, *, by: Actor, key: str | None = None
) -> int:
    """Register that the running plan was revised on a day. Returns the revision's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = _case(session, case_id, by)
    checks = Checks()
    open_that_day(checks, "on", on, case)
    plan = _running(session, checks, case_id)
    checks.refuse_if(
        plan is not None and on < plan.established_on,
        "on",
        f"Planen upprättades {plan and plan.established_on}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        plan is not None and on in _revised(session, plan),
        "on",
        f"Planen reviderades redan {on}.",
    )
    checks.done()
    assert plan is not None and plan.id is not None  # noqa: PT018, S101  (refused above)
    revision = PlanRevision(plan_id=plan.id, revised_on=on, created_by_id=by.user_id)
    return _save(session, case, ("revise", revision, on), by, key)


def end(session: Session, case_id: int, on: dt.date, *, by: Actor, key: str | None = None) -> int:
    """Register the day from which the running plan exists no more. Returns the plan's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = _case(session, case_id, by)
    checks = Checks()
    not_in_future(checks, "on", on)
    plan = _running(session, checks, case_id)
    if plan is not None:
        latest = max([plan.established_on, *_revised(session, plan)])
        checks.refuse_if(
            on < latest,
            "on",
            f"Planen upprättades eller reviderades {latest}. Ange den dagen eller en senare.",
        )
    checks.done()
    assert plan is not None  # noqa: S101  (refused above)
    plan.ended_on = on
    return _save(session, case, ("end", plan, on), by, key)


def resume(session: Session, plan_id: int, *, by: Actor, key: str | None = None) -> int:
    """Take back that a plan was ended, so that it runs on. Returns the plan's id.

    Refused when the case has got another plan since.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    plan, case = _valid(session, ChangePlan, plan_id, by)
    checks = Checks()
    checks.refuse_if(plan.ended_on is None, "on", "Planen är inte avslutad.")
    newer = [other for other in _plans(session, plan.case_id) if other.ended_on is None]
    checks.refuse_if(bool(newer), "on", "Ärendet har fått en ny förändringsplan sedan dess.")
    checks.done()
    ended_on, plan.ended_on = plan.ended_on, None
    assert ended_on is not None  # noqa: S101  (refused above)
    return _save(session, case, ("resume", plan, ended_on), by, key)


def exempt(
    session: Session, case_id: int, new: NewExemption, *, by: Actor, key: str | None = None
) -> int:
    """Register an exemption from having a plan. Returns the exemption's id.

    Renewing is a new exemption that lasts longer than the ones there are.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    case = _case(session, case_id, by)
    checks = Checks()
    benefit_only(checks, "reason", case)
    open_that_day(checks, "valid_from", new.valid_from, case)
    checks.guard_text("explanation", new.explanation)
    valid_to = _last_day(checks, new)
    if valid_to is not None:
        _check_not_covered(session, checks, case_id, (new.valid_from, valid_to))
    checks.done()
    assert new.reason is not None  # noqa: S101  (refused above)
    assert valid_to is not None  # noqa: S101  (refused above)
    row = PlanExemption(
        case_id=case_id,
        reason=new.reason,
        explanation=new.explanation.strip(),
        valid_from=new.valid_from,
        valid_to=valid_to,
        created_by_id=by.user_id,
    )
    return _save(session, case, ("exempt", row, new.valid_from), by, key)


def void_plan(session: Session, plan_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a plan registered by mistake, and its revisions with it. Returns the plan's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    plan, case = _valid(session, ChangePlan, plan_id, by)
    for revision in _revisions(session, plan):
        void(revision, by)
    void(plan, by)
    return _save(session, case, ("void", plan, plan.established_on), by, key)


def void_revision(session: Session, revision_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a revision registered by mistake. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    revision, case = _valid(session, PlanRevision, revision_id, by)
    void(revision, by)
    return _save(session, case, ("void", revision, revision.revised_on), by, key)


def void_exemption(
    session: Session, exemption_id: int, *, by: Actor, key: str | None = None
) -> int:
    """Void an exemption registered by mistake. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    exemption, case = _valid(session, PlanExemption, exemption_id, by)
    void(exemption, by)
    return _save(session, case, ("void", exemption, exemption.valid_from), by, key)


def _case(session: Session, case_id: int, by: Actor) -> Case:
    return reachable_case(session, case_id, by=by, permission=Permission.REPORT_PLANS)


def _valid(session: Session, table: type[Row], row_id: int, by: Actor) -> tuple[Row, Case]:
    """Return a row that is not voided, and its case, locked. Denied if there is no such row."""
    by.require(Permission.REPORT_PLANS)
    row = session.get(table, row_id)
    if row is None:
        raise PermissionDeniedError(table)
    case = _case(session, _case_id(session, row), by)
    session.refresh(row)  # it may have been voided while the case was locked
    if row.voided_at is not None:
        raise PermissionDeniedError(table)
    return row, case


def _case_id(session: Session, row: ChangePlan | PlanRevision | PlanExemption) -> int:
    if isinstance(row, PlanRevision):
        return session.get_one(ChangePlan, row.plan_id).case_id
    return row.case_id


def _plans(session: Session, case_id: int) -> Sequence[ChangePlan]:
    """Return a case's plans, oldest first."""
    return session.exec(
        select(ChangePlan)
        .where(col(ChangePlan.case_id) == case_id)
        .where(col(ChangePlan.voided_at).is_(None))
        .order_by(col(ChangePlan.established_on), col(ChangePlan.id))
    ).all()


def _running(session: Session, checks: Checks, case_id: int) -> ChangePlan | None:
    """Return the latest plan that has not ended; refuse a case without one."""
    running = [plan for plan in _plans(session, case_id) if plan.ended_on is None]
    checks.refuse_if(not running, "on", "Ärendet har ingen förändringsplan. Upprätta en först.")
    return running[-1] if running else None


def _revisions(session: Session, plan: ChangePlan) -> Sequence[PlanRevision]:
    return session.exec(
        select(PlanRevision)
        .where(col(PlanRevision.plan_id) == plan.id)
        .where(col(PlanRevision.voided_at).is_(None))
    ).all()


def _revised(session: Session, plan: ChangePlan) -> list[dt.date]:
    return [revision.revised_on for revision in _revisions(session, plan)]


def _last_day(checks: Checks, new: NewExemption) -> dt.date | None:
    """Return an exemption's last day, None where it is refused."""
    if new.reason is None:
        checks.refuse_if(True, "reason", "Ange varför ärendet inte behöver en plan.")
        return None
    checks.refuse_if(
        new.reason is ExemptionReason.OTHER and not new.explanation.strip(),
        "explanation",
        "Skriv vad undantaget beror på.",
    )
    try:
        return exemption_end(new.reason, new.valid_from, new.valid_to)
    except MissingEndError:
        checks.refuse_if(True, "valid_to", "Ange undantagets sista dag.")
    except EndBeforeStartError:
        checks.refuse_if(
            True, "valid_to", f"Undantaget kan inte sluta innan det börjar, {new.valid_from}."
        )
    return None


def _check_not_covered(
    session: Session, checks: Checks, case_id: int, days: tuple[dt.date, dt.date]
) -> None:
    """Refuse an exemption whose every day lies in one that there is already."""
    covering = session.exec(
        select(col(PlanExemption.valid_to))
        .where(col(PlanExemption.case_id) == case_id)
        .where(col(PlanExemption.voided_at).is_(None))
        .where(col(PlanExemption.valid_from) <= days[0])
        .where(col(PlanExemption.valid_to) >= days[1])
    ).first()
    checks.refuse_if(
        covering is not None,
        "valid_from",
        f"Ärendet är redan undantaget till och med {covering}.",
    )


def _save(
    session: Session,
    case: Case,
    what: tuple[str, ChangePlan | PlanRevision | PlanExemption, dt.date],
    by: Actor,
    key: str | None,
) -> int:
    """Write a row and its event, which moves the figures from a day on. Returns the row's id."""
    action, row, day = what
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details: dict[str, object] = {"case_id": case.id, "day": day}
    if isinstance(row, PlanExemption):
        details |= {"reason": row.reason, "valid_to": row.valid_to}
    moved = [(Area.PLANS, day)]
    event = Event(action, row.__tablename__, row.id, case.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
