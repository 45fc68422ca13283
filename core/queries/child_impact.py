"""Child impact analyses of adverse decisions (domain: BKA)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import (
    AdverseDecision,
    AffectedChild,
    Area,
    Case,
    CaseAssignment,
    ChildImpactAnalysis,
)
from core.queries import retained
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.names import Names, in_order, key_of, month_key, names, within
from core.queries.retained import KeptCount
from core.queries.selects import assignment_id_on
from core.rules.child_impact import BkaCounts, analysis_status, count_decision
from core.rules.dates import months_between
from core.rules.retention import Kept
from core.terms import ALL, AnalysisStatus, DecisionKind

BKA_COLUMNS = ["key", "decisions", "children", "done", "late", "missing", "share"]


@dataclass(frozen=True, slots=True)
class ChildRow:
    """An affected child of a decision, with its earliest analysis and whose the case was that day."""

    decision_id: int
    decided_on: dt.date
    kind: DecisionKind
    case_id: int
    reference: str
    child_number: int
    analysed_on: dt.date | None
    status: AnalysisStatus
    caseworker_id: int | None
    group_id: int | None
    caseworker: str


@cached(Area.CHILD_IMPACT, Area.CASES, Area.UNITS, until="end")
def bka(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date, by: By
) -> pd.DataFrame:
    """Return decisions of start..end that affect children, and their children by analysis.

    Columns: `BKA_COLUMNS`; the share is done / children. What is dated after `today` doesn't exist.
    Caseworker and group are those valid on the decision's day; every month has a row.
    """
    rows = children(session, scope, start=start, end=end, today=today)
    kept = retained.events(session, scope, [Kept.DECISION, Kept.CHILD], start, min(end, today))
    if by is By.MONTH:
        keys = [month_key(month) for month in months_between(start, end)]
        counts = _counted((month_key(row.decided_on), row) for row in rows)
        _add_kept(counts, ((month_key(row.day), row) for row in kept), today)
        return _frame(counts, keys)
    if by is By.NONE:
        counts = _counted((ALL, row) for row in rows)
        _add_kept(counts, ((ALL, row) for row in kept), today)
        return _frame(counts, [ALL])
    key = key_of(by, names(session, Scope(scope.unit_id)))
    counts = _counted((key(row), row) for row in rows)
    _add_kept(counts, ((key(row), row) for row in kept), today)
    return _frame(counts, in_order(counts))


def children(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date
) -> list[ChildRow]:
    """Return the affected children of a scope's decisions in start..end, by day and reference.

    Decisions after `today` do not exist yet.
    """
    last = min(end, today)
    return [
        row
        for year in range(start.year, last.year + 1)
        for row in of_year(
            session,
            Scope(scope.unit_id),
            year=year,
            end=min(last, dt.date(year, 12, 31)),
            today=today,
        )
        if start <= row.decided_on and within(scope, row)
    ]


def not_in_time(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date, today: dt.date
) -> list[ChildRow]:
    """Return the children without an analysis in time: missing first, the oldest first."""
    rows = children(session, scope, start=start, end=end, today=today)
    late = [row for row in rows if row.status is not AnalysisStatus.DONE]
    return sorted(late, key=lambda row: row.status is not AnalysisStatus.MISSING)


@cached(Area.CHILD_IMPACT, Area.CASES, Area.UNITS, until="end")
def of_year(
    session: Session, scope: Scope, *, year: int, end: dt.date, today: dt.date
) -> list[ChildRow]:
    """Return a unit's affected children of the decisions of a year through `end`, in one statement."""
    first = (
        select(func.min(col(ChildImpactAnalysis.analysed_on)))
        .where(col(ChildImpactAnalysis.affected_child_id) == col(AffectedChild.id))
        .where(col(ChildImpactAnalysis.voided_at).is_(None))
        .where(col(ChildImpactAnalysis.analysed_on) <= today)
        .correlate(AffectedChild)
        .scalar_subquery()
    )
    decided_on = col(AdverseDecision.decided_on)
    rows = session.execute(
        select(
            col(AdverseDecision.id),
            decided_on,
            col(AdverseDecision.kind),
            col(Case.id),
            col(Case.reference),
            col(AffectedChild.child_number),
            first,
            col(CaseAssignment.caseworker_id),
            col(CaseAssignment.group_id),
        )
        .select_from(AdverseDecision)
        .join(Case, col(Case.id) == col(AdverseDecision.case_id))
        .join(AffectedChild, col(AffectedChild.decision_id) == col(AdverseDecision.id))
        .outerjoin(CaseAssignment, col(CaseAssignment.id) == assignment_id_on(decided_on))
        .where(col(AdverseDecision.unit_id) == scope.unit_id)
        .where(col(AdverseDecision.voided_at).is_(None))
        .where(col(Case.voided_at).is_(None))
        .where(decided_on >= dt.date(year, 1, 1), decided_on <= end)
        .order_by(decided_on, col(Case.reference), col(AffectedChild.child_number))
    ).all()
    known = names(session, Scope(scope.unit_id))
    return [_child(row, known, today) for row in rows]


def _child(row: Any, known: Names, today: dt.date) -> ChildRow:
    decision_id, decided_on, kind, case_id, reference, number, analysed_on, one, group = row
    return ChildRow(
        decision_id=decision_id,
        decided_on=decided_on,
        kind=kind,
        case_id=case_id,
        reference=reference,
        child_number=number,
        analysed_on=analysed_on,
        status=analysis_status(decided_on, [analysed_on] if analysed_on else [], today),
        caseworker_id=one,
        group_id=group,
        caseworker=known.caseworker(one),
    )


def _counted(rows: Iterable[tuple[str, ChildRow]]) -> dict[str, BkaCounts]:
    decisions: dict[tuple[str, int, dt.date], list[list[dt.date]]] = {}
    for key, row in rows:
        analyses = decisions.setdefault((key, row.decision_id, row.decided_on), [])
        analyses.append([row.analysed_on] if row.analysed_on else [])
    counts: dict[str, BkaCounts] = {}
    for (key, _, decided_on), analyses in decisions.items():
        one = count_decision(decided_on, analyses, dt.date.max)
        counts[key] = counts.get(key, BkaCounts()) + one
    return counts


def _add_kept(
    counts: dict[str, BkaCounts], rows: Iterable[tuple[str, KeptCount]], today: dt.date
) -> None:
    """Add the decisions and children of removed cases, as known on `today`."""
    for key, row in rows:
        if row.kept is Kept.DECISION:
            one = BkaCounts(decisions=row.number)
        elif row.since is not None and row.since > today:
            one = BkaCounts(children=row.number, missing=row.number)
        else:
            one = BkaCounts(children=row.number, **{row.part: row.number})
        counts[key] = counts.get(key, BkaCounts()) + one


def _frame(counts: dict[str, BkaCounts], keys: list[str]) -> pd.DataFrame:
    found = [(key, counts.get(key, BkaCounts())) for key in keys]
    rows = [
        (key, c.decisions, c.children, c.done, c.late, c.missing, c.coverage) for key, c in found
    ]
    return frame(rows, BKA_COLUMNS)
