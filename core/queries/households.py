"""Household statistics by month, as the sources state them (domain: Household statistics)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import Area, HouseholdMonth
from core.queries.cache import cached
from core.queries.frames import frame
from core.rules.dates import add_months, month_start
from core.rules.households import per_household
from core.terms import DataSource

NUMBERS = (
    "households",
    "recipients",
    "adults",
    "children",
    "women",
    "men",
    "other",
    "paid_benefit",
)
COLUMNS = ["month", *NUMBERS]


@dataclass(frozen=True, slots=True)
class Stated:
    """Where a number comes from: how, the source's name and its day."""

    source: DataSource
    source_name: str
    sourced_on: dt.date


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month's numbers, each from the latest source that states it; None where none does.

    `women`, `men` and `other` are households by the applicant's gender; `paid_benefit` is kronor.
    `sourced_on` is the latest source's day; `source` and `source_name` tell where the number of
    households comes from, or else the latest source. `stated` holds each number's own.
    """

    month: dt.date
    households: int | None
    recipients: int | None
    adults: int | None
    children: int | None
    women: int | None
    men: int | None
    other: int | None
    paid_benefit: Decimal | None
    source: DataSource
    source_name: str
    sourced_on: dt.date
    stated: Mapping[str, Stated]

    @property
    def per_household(self) -> Fraction | None:
        """Return paid benefit per household in kronor, unrounded."""
        return per_household(self.paid_benefit, self.households)

    @property
    def label(self) -> str:
        """Return the month as "2024-05"."""
        return f"{self.month:%Y-%m}"


@cached(Area.HOUSEHOLDS, until="end")
def household_months(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date
) -> tuple[MonthFigures, ...]:
    """Return the unit's months that start..end touches and that any source has stated, ascending.

    A number that several sources state is the one of the latest `sourced_on`; of the same day the
    last written holds.
    """
    statement = (
        select(HouseholdMonth)
        .where(col(HouseholdMonth.unit_id) == scope.unit_id)
        .where(col(HouseholdMonth.district) == "")
        .where(col(HouseholdMonth.voided_at).is_(None))
        .where(col(HouseholdMonth.month).between(month_start(start), end))
        .order_by(col(HouseholdMonth.month), col(HouseholdMonth.sourced_on), col(HouseholdMonth.id))
    )
    months: dict[dt.date, list[HouseholdMonth]] = {}
    for row in session.exec(statement):
        months.setdefault(row.month, []).append(row)
    return tuple(_figures(month, rows) for month, rows in months.items())


@cached(Area.HOUSEHOLDS, until="on")
def district_months(
    session: Session, scope: Scope, *, on: dt.date
) -> tuple[tuple[str, MonthFigures], ...]:
    """Return the latest month by a day that any source has stated for each other district.

    By the district's name; months more than a year old are left out. One statement.
    """
    statement = (
        select(HouseholdMonth)
        .where(col(HouseholdMonth.unit_id) == scope.unit_id)
        .where(col(HouseholdMonth.district) != "")
        .where(col(HouseholdMonth.voided_at).is_(None))
        .where(col(HouseholdMonth.month).between(add_months(month_start(on), -11), on))
        .order_by(col(HouseholdMonth.month), col(HouseholdMonth.sourced_on), col(HouseholdMonth.id))
    )
    months: dict[str, list[HouseholdMonth]] = {}
    for row in session.exec(statement):
        same = [one for one in months.get(row.district, []) if one.month == row.month]
        months[row.district] = [*same, row]
    return tuple((name, _figures(rows[0].month, rows)) for name, rows in sorted(months.items()))


def households(session: Session, scope: Scope, *, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Return the unit's household statistics by month.

    Columns: month ("2024-05"), households, recipients, adults, children, women, men, other
    (households by applicant; int or None), paid_benefit (Decimal kronor or None). A month without
    any source has no row.
    """
    rows = [
        [month.label, *(getattr(month, name) for name in NUMBERS)]
        for month in household_months(session, scope, start=start, end=end)
    ]
    return frame(rows, COLUMNS)


def _figures(month: dt.date, rows: list[HouseholdMonth]) -> MonthFigures:
    """Return a month's numbers from its sources, the oldest first."""
    stated: dict[str, tuple[Any, HouseholdMonth]] = {
        name: (getattr(row, name), row)
        for row in rows
        for name in NUMBERS
        if getattr(row, name) is not None
    }
    numbers = {name: stated[name][0] if name in stated else None for name in NUMBERS}
    source = stated["households"][1] if "households" in stated else rows[-1]
    return MonthFigures(
        month=month,
        **numbers,
        source=source.source,
        source_name=source.source_name,
        sourced_on=rows[-1].sourced_on,
        stated={
            name: Stated(row.source, row.source_name, row.sourced_on)
            for name, (_, row) in stated.items()
        },
    )
