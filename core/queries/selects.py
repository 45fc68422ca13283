"""Pieces of SQL that several figures are made of: what was valid on a day, and for whom.

A "day" is a bound parameter or a column, so that one statement can answer for several days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    ScalarSelect,
    SQLColumnExpression,
    bindparam,
    or_,
    select,
    union_all,
)
from sqlmodel import col

from core.models import Case, CaseAdult, CaseAssignment, CaseComposition
from core.rules.cases import APPLICANT

Day = dt.date | SQLColumnExpression[Any]


def days_table(names: Sequence[str], count: int) -> CTE:
    """Return a table of dates to join, a row for each of `count` days that are asked for.

    The dates are bound when the statement is run, by `day_parameters`, so that one statement is
    built and compiled for each count only.
    """
    rows = [
        select(*(bindparam(f"{name}_{n}", type_=Date).label(name) for name in names))
        for n in range(count)
    ]
    return (rows[0] if count == 1 else union_all(*rows)).cte("days")


def day_parameters(names: Sequence[str], rows: Sequence[tuple[dt.date, ...]]) -> dict[str, dt.date]:
    """Return the parameters of a `days_table` with these rows."""
    return {
        f"{name}_{n}": day
        for n, row in enumerate(rows)
        for name, day in zip(names, row, strict=True)
    }


def open_on(day: Day) -> ColumnElement[bool]:
    """Return the condition that a case is open on a day and not voided."""
    return (
        col(Case.voided_at).is_(None)
        & (col(Case.opened_on) <= day)
        & or_(col(Case.closed_on).is_(None), col(Case.closed_on) > day)
    )


def assignment_id_on(day: Day) -> ScalarSelect[Any]:
    """Return the id of a case's assignment valid on a day: the latest; of equals the last."""
    return (
        select(col(CaseAssignment.id))
        .where(col(CaseAssignment.case_id) == col(Case.id))
        .where(col(CaseAssignment.voided_at).is_(None))
        .where(col(CaseAssignment.valid_from) <= day)
        .order_by(col(CaseAssignment.valid_from).desc(), col(CaseAssignment.id).desc())
        .limit(1)
        .correlate_except(CaseAssignment)
        .scalar_subquery()
    )


def applicant_gender_on(day: Day) -> ScalarSelect[Any]:
    """Return the gender of a case's applicant on a day; NULL without an applicant."""
    return (
        select(col(CaseAdult.gender))
        .where(col(CaseAdult.case_id) == col(Case.id))
        .where(adult_on(day))
        .where(col(CaseAdult.number) == APPLICANT)
        .order_by(col(CaseAdult.valid_from), col(CaseAdult.id))
        .limit(1)
        .correlate_except(CaseAdult)
        .scalar_subquery()
    )


def adult_on(day: Day) -> ColumnElement[bool]:
    """Return the condition that an adult belongs to a case on a day."""
    return (
        col(CaseAdult.voided_at).is_(None)
        & (col(CaseAdult.valid_from) <= day)
        & or_(col(CaseAdult.valid_to).is_(None), col(CaseAdult.valid_to) >= day)
    )


def children_on(day: Day) -> ScalarSelect[Any]:
    """Return the number of children in a case on a day; NULL when nothing is known."""
    return (
        select(col(CaseComposition.children))
        .where(col(CaseComposition.case_id) == col(Case.id))
        .where(col(CaseComposition.voided_at).is_(None))
        .where(col(CaseComposition.valid_from) <= day)
        .order_by(col(CaseComposition.valid_from).desc(), col(CaseComposition.id).desc())
        .limit(1)
        .correlate_except(CaseComposition)
        .scalar_subquery()
    )
