"""An adverse decision with its children: who has an analysis, made when and by whom (domain: BKA)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import (
    AdverseDecision,
    AffectedChild,
    Area,
    Caseworker,
    ChildImpactAnalysis,
    User,
)
from core.queries.cache import cached
from core.queries.case_register import case_in_full
from core.rules.child_impact import analysis_status
from core.terms import AnalysisStatus, DecisionKind


@dataclass(frozen=True, slots=True)
class DecisionChild:
    """An affected child and its earliest analysis, the one that counts; None without one.

    `author` is the name of who made it: the one it says, or else whoever registered it.
    """

    number: int
    status: AnalysisStatus
    analysed_on: dt.date | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionInFull:
    """A decision in a case that the reader reaches, with its children by number."""

    decision_id: int
    case_id: int
    reference: str
    decided_on: dt.date
    kind: DecisionKind
    children: tuple[DecisionChild, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the numbers of the children without an analysis."""
        return tuple(
            child.number for child in self.children if child.status is AnalysisStatus.MISSING
        )


@cached(Area.CHILD_IMPACT, Area.CASES, Area.UNITS, until=None)
def decision_in_full(
    session: Session, scope: Scope, *, decision_id: int, on: dt.date
) -> DecisionInFull | None:
    """Return a decision as known on a day; None when it isn't in a case of the scope that day."""
    decision = session.exec(
        select(AdverseDecision)
        .where(col(AdverseDecision.id) == decision_id)
        .where(col(AdverseDecision.voided_at).is_(None))
        .where(col(AdverseDecision.decided_on) <= on)
    ).first()
    if decision is None:
        return None
    case = case_in_full(session, scope, case_id=decision.case_id, on=on)
    if case is None:
        return None
    return DecisionInFull(
        decision_id=decision_id,
        case_id=decision.case_id,
        reference=case.reference,
        decided_on=decision.decided_on,
        kind=decision.kind,
        children=_children(session, decision, on),
    )


def _children(
    session: Session, decision: AdverseDecision, on: dt.date
) -> tuple[DecisionChild, ...]:
    analysis = ChildImpactAnalysis
    rows: Iterable[Any] = session.execute(
        sa.select(
            col(AffectedChild.child_number),
            col(analysis.analysed_on),
            sa.func.coalesce(col(Caseworker.name), col(User.name)),
        )
        .select_from(AffectedChild)
        .outerjoin(
            analysis,
            (col(analysis.affected_child_id) == col(AffectedChild.id))
            & col(analysis.voided_at).is_(None)
            & (col(analysis.analysed_on) <= on),
        )
        .outerjoin(Caseworker, col(Caseworker.id) == col(analysis.author_id))
        .outerjoin(User, col(User.id) == col(analysis.created_by_id))
        .where(col(AffectedChild.decision_id) == decision.id)
        .order_by(col(AffectedChild.child_number), col(analysis.analysed_on), col(analysis.id))
    )
    earliest: dict[int, tuple[dt.date | None, str | None]] = {}
    for number, analysed_on, author in rows:
        earliest.setdefault(number, (analysed_on, author))
    return tuple(
        DecisionChild(number, _status(decision, analysed_on, on), analysed_on, author)
        for number, (analysed_on, author) in earliest.items()
    )


def _status(decision: AdverseDecision, analysed_on: dt.date | None, on: dt.date) -> AnalysisStatus:
    return analysis_status(decision.decided_on, [] if analysed_on is None else [analysed_on], on)
