"""Adverse decisions and the child impact analyses made for them (domain: BKA).

The case need not be open on the day of the decision. A decision may affect no child; it counts
nowhere then. A child is known by its number in the case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import (
    AdverseDecision,
    AffectedChild,
    Area,
    Case,
    CaseComposition,
    Caseworker,
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

    The day is None where no analysis has been made. `authors` tells by the child's number which
    caseworker made the analysis, where that isn't the one who registers it.
    """

    decided_on: dt.date
    kind: DecisionKind
    children: Mapping[int, dt.date | None] = field(default_factory=dict)
    authors: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewAnalysis:
    """A child's analysis: the day it was made, and by whom where not by the one who registers it."""

    on: dt.date
    author_id: int | None = None


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
    made = {
        number: NewAnalysis(day, new.authors.get(number))
        for number, day in new.children.items()
        if day is not None
    }
    for number, analysis in made.items():
        _check_analysis(session, checks, number, analysis, case)
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
    ids = _add_children(session, decision, new.children)
    session.add_all(_analysis(ids[number], analysis, by) for number, analysis in made.items())
    session.flush()
    return _record(session, "register", decision, decision, by, key)


def add_analyses(
    session: Session,
    decision_id: int,
    analyses: Mapping[int, NewAnalysis],
    *,
    by: Actor,
    key: str | None = None,
) -> tuple[int, ...]:
    """Register analyses of several children of a decision, by the child's number, all or none.

    Returns the analyses' ids. What is wrong with a child's is told at the fields `analysed_on_N` and
    `author_N`, N the child's number.
    """
    done = already_done(session, key)
    if done is not None:
        return (done,)
    decision, case = _decision_and_case(session, decision_id, by)
    checks = Checks()
    checks.refuse_if(not analyses, "analyses", "Ange minst en analys, med den dag den gjordes.")
    children = {child.child_number: child for child in _children(session, decision_id)}
    known = {
        (row.affected_child_id, row.analysed_on)
        for row in _analyses(session, list(children.values()))
    }
    for number, analysis in analyses.items():
        child = children.get(number)
        field_name = f"analysed_on_{number}"
        checks.refuse_if(child is None, field_name, f"Beslutet gäller inte barn {number}.")
        checks.refuse_if(
            child is not None and (child.id, analysis.on) in known,
            field_name,
            f"Analysen den {analysis.on} är redan registrerad.",
        )
        _check_analysis(session, checks, number, analysis, case)
    checks.done()
    rows = [
        _analysis(child.id, analyses[number], by)
        for number, child in sorted(children.items())
        if number in analyses and child.id is not None
    ]
    session.add_all(rows)
    session.flush()
    return tuple(
        _record(session, "register", row, decision, by, None if place else key)
        for place, row in enumerate(rows)
    )


def void_decision(session: Session, decision_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a decision registered by mistake, and its analyses with it. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    decision, _ = _decision_and_case(session, decision_id, by)
    for analysis in _analyses(session, _children(session, decision_id)):
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


def _check_analysis(
    session: Session, checks: Checks, number: int, analysis: NewAnalysis, case: Case
) -> None:
    """Refuse a day after today or before the case, and an author who isn't the unit's."""
    field_name = f"analysed_on_{number}"
    not_in_future(checks, field_name, analysis.on)
    checks.refuse_if(
        analysis.on < case.opened_on,
        field_name,
        f"Analysen kan inte vara äldre än ärendet, som öppnades {case.opened_on}.",
    )
    author = None if analysis.author_id is None else session.get(Caseworker, analysis.author_id)
    checks.refuse_if(
        analysis.author_id is not None and (author is None or author.unit_id != case.unit_id),
        f"author_{number}",
        "Välj en av enhetens handläggare.",
    )


def _add_children(
    session: Session, decision: AdverseDecision, numbers: Iterable[int]
) -> dict[int, int]:
    """Save the affected children. Returns their ids by number."""
    assert decision.id is not None  # noqa: S101  (flushed by the caller)
    rows = [AffectedChild(decision_id=decision.id, child_number=n) for n in sorted(numbers)]
    session.add_all(rows)
    session.flush()
    return {row.child_number: row.id for row in rows if row.id is not None}


def _analysis(child_id: int, analysis: NewAnalysis, by: Actor) -> ChildImpactAnalysis:
    return ChildImpactAnalysis(
        affected_child_id=child_id,
        analysed_on=analysis.on,
        author_id=analysis.author_id,
        created_by_id=by.user_id,
    )


def _children(session: Session, decision_id: int) -> Sequence[AffectedChild]:
    return session.exec(
        select(AffectedChild).where(col(AffectedChild.decision_id) == decision_id)
    ).all()


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
