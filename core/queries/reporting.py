"""How far the reporting on measure points has come: sums of each period, and coming deadlines."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from sqlmodel import Session

from core.auth import Role, Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.case_register import caseworkers
from core.queries.frames import frame
from core.queries.measure_points import ReportingRow
from core.queries.measure_rows import points
from core.queries.measure_subjects import MANAGERS
from core.rules.dates import Period
from core.rules.measure_points import Asked, Definition, ReportStatus, periods

POINT_COLUMNS = ("name", "period", "due_on", "expected", "reported", "late", "status")
ROW_COLUMNS = ("name", "period", "due_on", "group", "who", "expected", "reported", "status")
_WORST_FIRST = (
    ReportStatus.OVERDUE,
    ReportStatus.DUE,
    ReportStatus.COMING,
    ReportStatus.LATER,
    ReportStatus.REPORTED,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A period of a measure point that somebody within the scope is to report by `due_on`."""

    point_id: int
    name: str
    period: Period
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Reporting:
    """Reporting in short: forms that were expected and reported, and who is late with how many.

    `expected` and `reported` count forms that are due or overdue or reported, not coming ones.
    `late` are the rows that are overdue, the one due first first.
    """

    expected: int
    reported: int
    late: tuple[ReportingRow, ...]

    @property
    def late_people(self) -> int:
        """Return how many caseworkers, groups or units are late with something."""
        return len({(row.caseworker_id, row.group_id, row.who) for row in self.late})


def in_short(rows: Iterable[ReportingRow]) -> Reporting:
    """Return reporting in short."""
    known = tuple(rows)
    counted = [row for row in known if row.status not in {ReportStatus.COMING, ReportStatus.LATER}]
    late = [row for row in counted if row.status is ReportStatus.OVERDUE]
    return Reporting(
        expected=sum(row.expected for row in counted),
        reported=sum(row.reported for row in counted),
        late=tuple(sorted(late, key=lambda row: (row.due_on, row.who, row.name))),
    )


def by_point(rows: Iterable[ReportingRow]) -> pd.DataFrame:
    """Return how far each period of each measure point has come.

    Columns `POINT_COLUMNS`: the point's name, the period (`Period`), the last day in time, forms
    expected and reported, rows that are overdue, and the worst status among its rows. Index 0..n-1,
    the worst first, then by day and name. A single day that is done is left out: the cases closed
    on it are reported, and there may be one such day after another.
    """
    found: defaultdict[tuple[int, Period], list[ReportingRow]] = defaultdict(list)
    for row in rows:
        found[row.point_id, row.period].append(row)
    made = [
        (
            of_one[0].name,
            period,
            min(row.due_on for row in of_one),
            sum(row.expected for row in of_one),
            sum(row.reported for row in of_one),
            sum(row.status is ReportStatus.OVERDUE for row in of_one),
            min((row.status for row in of_one), key=_WORST_FIRST.index),
        )
        for (_, period), of_one in found.items()
        if period.start != period.end or any(not _is_done(row) for row in of_one)
    ]
    made.sort(key=lambda row: (_WORST_FIRST.index(row[-1]), row[2], row[0]))
    return frame(made, POINT_COLUMNS)


def _is_done(row: ReportingRow) -> bool:
    return row.status is ReportStatus.REPORTED


def by_person(rows: Iterable[ReportingRow], statuses: Iterable[ReportStatus]) -> pd.DataFrame:
    """Return the rows that have one of some statuses, the worst first, then by day and name.

    Columns `ROW_COLUMNS`, index 0..n-1. `group` is None for what the whole unit reports.
    """
    wanted = set(statuses)
    chosen = sorted(
        (row for row in rows if row.status in wanted),
        key=lambda row: (_WORST_FIRST.index(row.status), row.due_on, row.name, row.who),
    )
    made = [tuple(getattr(row, name) for name in ROW_COLUMNS) for row in chosen]
    return frame(made, ROW_COLUMNS)


@cached(Area.MEASURES, Area.UNITS, until=None)
def deadlines(session: Session, scope: Scope, *, on: dt.date, until: dt.date) -> tuple[Coming, ...]:
    """Return what somebody within the scope is to report by a day in on..until, in order of day.

    A caseworker's scope holds what caseworkers of the own group are asked, a group's also what its
    manager is, a unit's all.
    """
    group = scope.group_id
    if scope.caseworker_id is not None:
        staff = caseworkers(session, Scope(scope.unit_id))
        group = next((one.group_id for one in staff if one.id == scope.caseworker_id), None)
    found = [
        Coming(point.point_id, definition.name, asked.period, asked.due_on)
        for point in points(session, Scope(scope.unit_id))
        for definition, asked in periods(point.spans, _first_start(point.definitions, on), until)
        if on <= asked.due_on <= until and _concerns(scope, group, definition)
    ]
    return tuple(sorted(found, key=lambda coming: (coming.due_on, coming.name)))


def _first_start(definitions: Iterable[Definition], on: dt.date) -> dt.date:
    """Return a day so early that no period before it can be due on a day or later."""
    longest = max((definition.due_days for definition in definitions), default=0)
    earliest = on - dt.timedelta(days=longest)
    windows: list[Asked] = [asked for each in definitions for asked in each.windows]
    return min([earliest, *(asked.period.start for asked in windows if asked.due_on >= on)])


def _concerns(scope: Scope, group: int | None, definition: Definition) -> bool:
    if scope.caseworker_id is None and scope.group_id is None:
        return True
    if definition.group_id not in {None, group}:
        return False
    if scope.caseworker_id is not None:
        return definition.reporter is Role.CASEWORKER
    return definition.reporter not in MANAGERS
