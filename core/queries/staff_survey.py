"""The staff survey by year and group; fewer than five respondents are never read out.

Source: domain, Staff survey.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pandas as pd
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import Area, Group, StaffSurvey
from core.queries.cache import cached
from core.queries.frames import frame
from core.rules import staff_survey as rules
from core.rules.indicators import fulfilment
from core.terms import ALL, Accumulation, Direction, Fulfilment

COLUMNS = [
    "year",
    "group",
    "invited",
    "respondents",
    "response_rate",
    "ami",
    "leadership",
    "motivation",
    "steering",
]


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """A year's result of a group, or of the whole unit (`alla`). Indices are 0-100.

    `mean` is the unrounded mean of the three sub-indices and `mismatch` tells that the stated AMI
    differs from it by more than 1; both are None when an index is missing.
    """

    year: int
    group: str
    invited: int
    respondents: int
    response_rate: Fraction | None
    ami: Decimal | None
    leadership: Decimal | None
    motivation: Decimal | None
    steering: Decimal | None
    target: Decimal | None
    fulfilment: Fulfilment
    mean: Fraction | None
    mismatch: bool | None
    source_name: str


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """Results that may be shown, by year and group, and how many of a year may not be.

    `covering` holds the years in which another group is left out with them.
    """

    rows: tuple[SurveyResult, ...]
    hidden: tuple[tuple[int, int], ...]
    covering: tuple[int, ...] = ()

    def protected(self) -> SurveyResults:
        """Return the results that no hidden group's can be worked out from by subtraction."""
        left_out: set[tuple[int, str]] = set()
        for year in {row.year for row in self.rows}:
            answered = {row.group: row.respondents for row in self.rows if row.year == year}
            whole = answered.pop(ALL, None)
            left_out |= {(year, group) for group in rules.covering(answered, whole)}
        return SurveyResults(
            tuple(row for row in self.rows if (row.year, row.group) not in left_out),
            self.hidden,
            tuple(sorted({year for year, _ in left_out})),
        )


@cached(Area.STAFF_SURVEY, Area.UNITS, until=None)
def survey_results(session: Session, scope: Scope) -> SurveyResults:
    """Return the results of the whole unit and of its groups, the unit first within a year.

    A scope of a group reads that group's and the unit's, a caseworker's the unit's only.
    """
    statement = (
        select(StaffSurvey, col(Group.name))
        .outerjoin(Group, col(Group.id) == col(StaffSurvey.group_id))
        .where(col(StaffSurvey.unit_id) == scope.unit_id)
        .where(col(StaffSurvey.voided_at).is_(None))
        .order_by(col(StaffSurvey.id))
    )
    latest = {
        (row.year, row.group_id): (row, name)
        for row, name in session.exec(statement)
        if _in_scope(row, scope)
    }
    shown = [_result(row, name) for row, name in latest.values() if rules.shown(row.respondents)]
    hidden = Counter(row.year for row, _ in latest.values() if not rules.shown(row.respondents))
    return SurveyResults(
        tuple(sorted(shown, key=lambda row: (row.year, row.group != ALL, row.group))),
        tuple(sorted(hidden.items())),
    )


def staff_survey(session: Session, scope: Scope) -> pd.DataFrame:
    """Return the staff survey's results that may be shown.

    Columns: year, group (`alla` for the whole unit), invited, respondents, response_rate (0-1),
    ami, leadership, motivation, steering (0-100). Rows by year, then the whole unit and its groups.
    """
    rows = [
        [getattr(result, column) for column in COLUMNS]
        for result in survey_results(session, scope).rows
    ]
    return frame(rows, COLUMNS)


def latest_year(results: Iterable[SurveyResult], on: dt.date) -> int | None:
    """Return the latest year with a result, at the latest the day's own."""
    return max((result.year for result in results if result.year <= on.year), default=None)


def _in_scope(row: StaffSurvey, scope: Scope) -> bool:
    if scope.caseworker_id is not None:
        return row.group_id is None
    return row.group_id is None or scope.group_id in {None, row.group_id}


def _result(row: StaffSurvey, group: str | None) -> SurveyResult:
    subindices = (row.leadership, row.motivation, row.steering)
    return SurveyResult(
        year=row.year,
        group=ALL if row.group_id is None else group or "",
        invited=row.invited,
        respondents=row.respondents,
        response_rate=rules.response_rate(row.respondents, row.invited),
        ami=row.ami,
        leadership=row.leadership,
        motivation=row.motivation,
        steering=row.steering,
        target=row.target,
        fulfilment=fulfilment(
            row.ami, row.target, Direction.HIGHER, None, Accumulation.LATEST, year_complete=True
        ),
        mean=rules.ami(*subindices),
        mismatch=rules.mismatch(row.ami, subindices),
        source_name=row.source_name,
    )
