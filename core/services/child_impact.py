"""Adverse decisions and the child impact analyses made for them (domain: BKA).

The case need not be open on the day of the decision. A decision may affect no child; it counts
nowhere then. A child is known by its number in the case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import (
    AdverseDecision,
    AffectedChild,
    Area,
    Case,
    CaseComposition,
    ChildImpactAnalysis,
)
from core.rules.cases import as_of
from core.services.access import reachable_case
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import MOST_CHILDREN, not_in_future, void
from core.terms import DecisionKind


@dataclass(frozen=True, slots=True)
class NewDecision:
    """An adverse decision. `children`: each affected child's number and the day of its analysis.

    The day is None where no analysis has been made.
    """

    decided_on: dt.date
    kind: DecisionKind
    children: Mapping[int, dt.date | None] = field(default_factory=dict)


def register_decision(
    session: Session, case_id: int, new: NewDecision, *, by: Actor, key: str | None = None
) -> int:
    """Register an adverse decision with the children it affects. Returns the decision's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    case = _case(session, case_id, by)
    checks = Checks()
    not_in_future(checks, "decided_on", new.decided_on)
    checks.refuse_if(
        new.decided_on < case.opened_on,
        "decided_on",
        f"Ärendet öppnades {case.opened_on}. Ange den dagen eller en senare.",
    )
    _check_children(session, checks, case_id, new)
    for analysed_on in new.children.values():
        if analysed_on is not None:
            _check_analysis_day(checks, "children", analysed_on, case)
    checks.done()
    decision = AdverseDecision(
        unit_id=case.unit_id,
        case_id=case_id,
        decided_on=new.decided_on,
        kind=new.kind,
        created_by_id=by.user_id,
    )
    session.add(decision)
    session.flush()
    _add_children(session, decision, new.children, by)
    return _record(session, "register", decision, decision, by, key)


def add_analysis(
    session: Session,
    decision_id: int,
    child_number: int,
    analysed_on: dt.date,
    *,
    by: Actor,
    key: str | None = None,
) -> int:
    """Register an analysis of a child that a decision affects. Returns the analysis's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    decision, case = _decision_and_case(session, decision_id, by)
    checks = Checks()
    _check_analysis_day(checks, "analysed_on", analysed_on, case)
    child = session.exec(
        select(AffectedChild)
        .where(col(AffectedChild.decision_id) == decision_id)
        .where(col(AffectedChild.child_number) == child_number)
    ).first()
    checks.refuse_if(child is None, "child_number", f"Beslutet gäller inte barn {child_number}.")
    known = [] if child is None else _analyses(session, [child])
    checks.refuse_if(
        any(analysis.analysed_on == analysed_on for analysis in known),
        "analysed_on",
        f"Analysen den {analysed_on} är redan registrerad.",
    )
    checks.done()
    assert child is not None and child.id is not None  # noqa: PT018, S101  (refused above)
    analysis = ChildImpactAnalysis(
        affected_child_id=child.id, analysed_on=analysed_on, created_by_id=by.user_id
    )
    session.add(analysis)
    session.flush()
    return _record(session, "register", analysis, decision, by, key)


def void_decision(session: Session, decision_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a decision registered by mistake, and its analyses with it. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    decision, _ = _decision_and_case(session, decision_id, by)
    children = session.exec(
        select(AffectedChild).where(col(AffectedChild.decision_id) == decision_id)
    ).all()
    for analysis in _analyses(session, children):
        void(analysis, by)
    void(decision, by)
    return _record(session, "void", decision, decision, by, key)


def void_analysis(session: Session, analysis_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void an analysis registered by mistake. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    by.require(Permission.REPORT_CHILD_IMPACT)
    analysis = session.get(ChildImpactAnalysis, analysis_id)
    if analysis is None:
        raise PermissionDeniedError("analysis")
    child = session.get_one(AffectedChild, analysis.affected_child_id)
    decision, _ = _decision_and_case(session, child.decision_id, by)
    session.refresh(analysis)  # it may have been voided while the case was locked
    if analysis.voided_at is not None:
        raise PermissionDeniedError("analysis")
    void(analysis, by)
    return _record(session, "void", analysis, decision, by, key)


def _case(session: Session, case_id: int, by: Actor) -> Case:
    return reachable_case(session, case_id, by=by, permission=Permission.REPORT_CHILD_IMPACT)


def _decision_and_case(
    session: Session, decision_id: int, by: Actor
) -> tuple[AdverseDecision, Case]:
    by.require(Permission.REPORT_CHILD_IMPACT)
    decision = session.get(AdverseDecision, decision_id)
    if decision is None:
        raise PermissionDeniedError("decision")
    case = _case(session, decision.case_id, by)
    session.refresh(decision)  # it may have been voided while the case was locked
    if decision.voided_at is not None:
        raise PermissionDeniedError("decision")
    return decision, case


def _check_children(session: Session, checks: Checks, case_id: int, new: NewDecision) -> None:
    """Refuse child numbers above 20, or above the children that the household is known to have."""
    numbers = new.children.keys()
    checks.refuse_if(
        any(not 1 <= number <= MOST_CHILDREN for number in numbers),
        "children",
        f"Ange barnens nummer i ärendet, från 1 till {MOST_CHILDREN}.",
    )
    compositions = session.exec(
        select(CaseComposition)
        .where(col(CaseComposition.case_id) == case_id)
        .where(col(CaseComposition.voided_at).is_(None))
        .order_by(col(CaseComposition.id))
    ).all()
    known = as_of(compositions, new.decided_on)
    checks.refuse_if(
        known is not None and max(numbers, default=0) > known.children,
        "children",
        f"Hushållet har {known.children if known else 0} kända barn den {new.decided_on}. "
        "Rätta numret, eller ändra först hushållets antal barn.",
    )


def _check_analysis_day(checks: Checks, field_name: str, day: dt.date, case: Case) -> None:
    not_in_future(checks, field_name, day)
    checks.refuse_if(
        day < case.opened_on,
        field_name,
        f"Analysen kan inte vara äldre än ärendet, som öppnades {case.opened_on}.",
    )


def _add_children(
    session: Session,
    decision: AdverseDecision,
    children: Mapping[int, dt.date | None],
    by: Actor,
) -> None:
    assert decision.id is not None  # noqa: S101  (flushed by the caller)
    rows = {n: AffectedChild(decision_id=decision.id, child_number=n) for n in sorted(children)}
    session.add_all(rows.values())
    session.flush()
    for number, analysed_on in children.items():
        child_id = rows[number].id
        if analysed_on is not None and child_id is not None:
            session.add(
                ChildImpactAnalysis(
                    affected_child_id=child_id,
                    analysed_on=analysed_on,
                    created_by_id=by.user_id,
                )
            )


def _analyses(session: Session, children: Sequence[AffectedChild]) -> Sequence[ChildImpactAnalysis]:
    return session.exec(
        select(ChildImpactAnalysis)
        .where(col(ChildImpactAnalysis.affected_child_id).in_([child.id for child in children]))
        .where(col(ChildImpactAnalysis.voided_at).is_(None))
    ).all()


def _record(
    session: Session,
    action: str,
    row: AdverseDecision | ChildImpactAnalysis,
    decision: AdverseDecision,
    by: Actor,
    key: str | None,
) -> int:
    """Write an event. Any change moves the figures from the decision's day on, its period's too."""
    assert row.id is not None  # noqa: S101  (saved by the caller)
    details = {
        "case_id": decision.case_id,
        "decision_id": decision.id,
        "decided_on": decision.decided_on,
    }
    if isinstance(row, ChildImpactAnalysis):
        details["analysed_on"] = row.analysed_on
    moved = [(Area.CHILD_IMPACT, decision.decided_on)]
    event = Event(action, row.__tablename__, row.id, decision.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id
