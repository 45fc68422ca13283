"""One's own coverage and current share over twelve months, beside the group's median.

Never a colleague's name or figure: the median is left out where the group is small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from core.auth import Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.case_register import caseworkers
from core.queries.change_plans import StatusGroup, status_groups
from core.queries.names import names
from core.rules.change_plans import StatusCounts
from core.rules.dates import last_twelve
from core.rules.own_development import middle


@dataclass(frozen=True, slots=True)
class Month:
    """One's own shares on a day, and the median of the group's; None where there is no value."""

    day: dt.date
    coverage: Fraction | None
    current: Fraction | None
    group_coverage: Fraction | None
    group_current: Fraction | None


@dataclass(frozen=True, slots=True)
class Development:
    """Twelve months of one's own, and the group that they stand beside; None without a group."""

    months: tuple[Month, ...]
    group: str | None

    @property
    def has_median(self) -> bool:
        """Tell whether the group's median is known in any month."""
        return any(month.group_coverage is not None for month in self.months)


@cached(Area.CASES, Area.PLANS, Area.UNITS)
def own_development(session: Session, scope: Scope, *, on: dt.date) -> Development:
    """Return the scope's caseworker's shares at the months' ends, and the group's median.

    The group is the one that the caseworker belongs to; a colleague counts in it in the months with
    a case of the group's that should have a plan. One statement for all months.
    """
    unit = Scope(scope.unit_id)
    staff = {one.id: one for one in caseworkers(session, unit)}
    me = staff.get(scope.caseworker_id or 0)
    group_id = None if me is None else me.group_id
    days = last_twelve(on)
    by_day = status_groups(session, unit, days)
    group = None if group_id is None else names(session, unit).group(group_id)
    return Development(
        tuple(_month(day, by_day[day], scope.caseworker_id, group_id) for day in days), group
    )


def _month(
    day: dt.date, rows: Iterable[StatusGroup], caseworker_id: int | None, group_id: int | None
) -> Month:
    own = StatusCounts()
    members: dict[int, StatusCounts] = {}
    for row in rows:
        if row.caseworker_id is None:
            continue
        if row.caseworker_id == caseworker_id:
            own += row.counts
        if group_id is not None and row.group_id == group_id:
            counted = members.get(row.caseworker_id, StatusCounts())
            members[row.caseworker_id] = counted + row.counts
    return Month(
        day,
        own.coverage,
        own.current_share,
        middle(counts.coverage for counts in members.values()),
        middle(counts.current_share for counts in members.values()),
    )
