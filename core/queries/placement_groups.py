"""A day's placement list added up by kind, contract, provider, group or caseworker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import pandas as pd
from sqlmodel import Session

from core.auth import Scope
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.placement_choices import EVERYTHING, Choices, chosen_rows, refuse_caseworkers
from core.queries.placement_facts import AREAS
from core.queries.placement_sums import YearParts, chosen_parts
from core.queries.placements import in_order, key_of, removed_costs
from core.rules import placements as rules
from core.rules.dates import ONE_DAY, Period, month_of, month_start, year_of

GROUP_COLUMNS = (
    "key",
    "listed",
    "running",
    "month_cost",
    "cost_to_date",
    "committed",
    "full_year",
)


class _Sums(NamedTuple):
    """What one key comes to, or a part of it."""

    listed: int = 0
    running: int = 0
    month_cost: Decimal = Decimal(0)
    cost_to_date: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)

    def plus(self, other: _Sums) -> _Sums:
        """Return both together."""
        return _Sums(
            self.listed + other.listed,
            self.running + other.running,
            self.month_cost + other.month_cost,
            self.cost_to_date + other.cost_to_date,
            self.committed + other.committed,
        )


@cached(*AREAS)
def cost_groups(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    by: By,
    choices: Choices = EVERYTHING,
    with_case: bool = False,
) -> pd.DataFrame:
    """Return the list's sums by key; all rows together are the whole list.

    Columns `key`, `listed` (placements on the list), `running` (those that run on the day),
    `month_cost`, `cost_to_date`, `committed` and `full_year` in kronor. The cost by contract or
    provider follows the one valid on each day, and a placement is counted under the one of the day
    asked for; a group or caseworker is the one that holds the case on that day. Removed placements
    count in all but `listed`, unless the list is narrowed.

    Raises `PermissionDeniedError` for caseworkers asked about by somebody who sees no cases.
    """
    refuse_caseworkers(choices, by, with_case=with_case)
    listed = {
        row.id for row in chosen_rows(session, scope, on=on, with_case=with_case, choices=choices)
    }
    sums: dict[str, _Sums] = {}
    for one in chosen_parts(session, scope, on=on, choices=choices, with_case=with_case):
        if one.placed.id in listed:
            for key, part in _parts_of(one, on, by):
                sums[key] = sums.get(key, _Sums()).plus(part)
    if choices == EVERYTHING:
        for key, part in _removed(session, scope, on, by):
            sums[key] = sums.get(key, _Sums()).plus(part)
    rows = [
        (key, *sums[key], sums[key].cost_to_date + sums[key].committed) for key in in_order(sums)
    ]
    return frame(rows, GROUP_COLUMNS)


def _parts_of(one: YearParts, on: dt.date, by: By) -> Iterator[tuple[str, _Sums]]:
    """Yield what a listed placement adds to which keys."""
    facts, month = one.placed.facts, month_start(on)
    valid = key_of(one.placed, rules.decision_on(facts, on), on, by)
    yield valid, _Sums(listed=1, running=int(rules.runs_on(facts, on)))
    for parts, is_paid in ((one.paid, True), (one.committed, False)):
        for part in parts:
            yield (
                key_of(one.placed, part.decision, on, by),
                _Sums(
                    month_cost=part.cost if part.month == month else Decimal(0),
                    cost_to_date=part.cost if is_paid else Decimal(0),
                    committed=Decimal(0) if is_paid else part.cost,
                ),
            )


def _removed(session: Session, scope: Scope, on: dt.date, by: By) -> Iterator[tuple[str, _Sums]]:
    """Yield what removed placements add to which keys."""
    month, year = month_of(on), year_of(on)

    def by_key(period: Period) -> dict[str, rules.DaysCost]:
        return removed_costs(session, scope, start=period.start, end=period.end, on=on, by=by)

    for key, today in by_key(Period(on, on)).items():
        yield key, _Sums(running=today.days)
    for key, paid in by_key(month).items():
        yield key, _Sums(month_cost=paid.cost)
    for key, paid in by_key(Period(year.start, on)).items():
        yield key, _Sums(cost_to_date=paid.cost)
    if on < year.end:
        for key, paid in by_key(Period(on + ONE_DAY, year.end)).items():
            yield key, _Sums(committed=paid.cost)
