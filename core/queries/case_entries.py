"""What has been reported on a case and can be taken back, if it was a mistake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from core.auth import Scope
from core.models import (
    AdverseDecision,
    AffectedChild,
    Case,
    ChangePlan,
    ChildImpactAnalysis,
    PlanExemption,
    PlanRevision,
)

MOST_ENTRIES = 8


class EntryKind(StrEnum):
    """What was reported."""

    PLAN = auto()
    REVISION = auto()
    EXEMPTION = auto()
    DECISION = auto()
    ANALYSIS = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that was reported on a case: its id, and the day that it is dated."""

    kind: EntryKind
    row_id: int
    day: dt.date


def entries(session: Session, scope: Scope, *, case_id: int) -> tuple[Entry, ...]:
    """Return what was last reported on a case of the scope's unit, the newest registered first.

    At most `MOST_ENTRIES`; voided rows are left out. One statement.
    """
    of_plan = sa.select(col(ChangePlan.id)).where(col(ChangePlan.case_id) == case_id)
    affected = (
        sa.select(col(AffectedChild.id))
        .join(AdverseDecision, col(AdverseDecision.id) == col(AffectedChild.decision_id))
        .where(col(AdverseDecision.case_id) == case_id)
    )
    exemption, decision, revision = PlanExemption, AdverseDecision, PlanRevision
    analysis = ChildImpactAnalysis
    reported = sa.union_all(
        _rows(
            EntryKind.PLAN,
            (ChangePlan.id, ChangePlan.established_on, ChangePlan.created_at),
            col(ChangePlan.voided_at).is_(None) & (col(ChangePlan.case_id) == case_id),
        ),
        _rows(
            EntryKind.REVISION,
            (revision.id, revision.revised_on, revision.created_at),
            col(revision.voided_at).is_(None) & col(revision.plan_id).in_(of_plan),
        ),
        _rows(
            EntryKind.EXEMPTION,
            (exemption.id, exemption.valid_from, exemption.created_at),
            col(exemption.voided_at).is_(None) & (col(exemption.case_id) == case_id),
        ),
        _rows(
            EntryKind.DECISION,
            (decision.id, decision.decided_on, decision.created_at),
            col(decision.voided_at).is_(None) & (col(decision.case_id) == case_id),
        ),
        _rows(
            EntryKind.ANALYSIS,
            (analysis.id, analysis.analysed_on, analysis.created_at),
            col(analysis.voided_at).is_(None) & col(analysis.affected_child_id).in_(affected),
        ),
    ).subquery()
    inside = (
        sa.select(col(Case.id))
        .where(col(Case.id) == case_id)
        .where(col(Case.unit_id) == scope.unit_id)
    )
    found = session.execute(
        sa.select(reported.c.kind, reported.c.id, reported.c.day)
        .where(inside.exists())
        .order_by(reported.c.created_at.desc(), reported.c.id.desc())
        .limit(MOST_ENTRIES)
    )
    return tuple(Entry(EntryKind(kind), row_id, day) for kind, row_id, day in found)


def _rows(
    kind: EntryKind, columns: tuple[Any, Any, Any], which: sa.ColumnElement[bool]
) -> sa.Select[*tuple[Any, ...]]:
    """Return a statement for one kind of rows, by its id, its day and when it was registered."""
    row_id, day, created_at = columns
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        sa.literal(kind.value).label("kind"),
        row_id.label("id"),
        day.label("day"),
        created_at.label("created_at"),
    )
    return statement.where(which)
