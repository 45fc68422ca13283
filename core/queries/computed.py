"""The values of computed indicators, from the figures' own queries (domain: Indicator, computed).

Shares of what happened in the year count from 1 January; what a stock looks like is as of the day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlmodel import Session, col, func, select

from core.auth import Scope
from core.models import Area, Case
from core.queries import retained
from core.queries.benefit_months import latest_long_term
from core.queries.cache import cached
from core.queries.cases import closing_reasons
from core.queries.change_plans import change_plans, within_three_months
from core.queries.child_impact import bka
from core.queries.keys import By
from core.queries.placement_facts import of_year
from core.rules.cases import closing_shares
from core.rules.dates import last_twelve, year_of
from core.rules.households import LongTermCounts
from core.rules.indicators import percent_value
from core.rules.placements import PlacementFacts, family_in_hotel
from core.rules.retention import Kept
from core.terms import ALL, CaseKind, ClosingReason, ComputedFigure, Gender, sv


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """A computed indicator's value: a % as 0-100 unrounded with its parts, or a plain count.

    `value` is None when the share's denominator is 0; a count has no parts.
    """

    value: Fraction | None
    numerator: int | None = None
    denominator: int | None = None


Row = Mapping[str, Any]
Parts = tuple[int, int]


def year_to_date(
    session: Session, scope: Scope, *, figure: ComputedFigure, on: dt.date
) -> ComputedValue:
    """Return a figure's value as of a day; what is counted over time counts from 1 January."""
    return _READERS[figure](session, scope, on)


def by_month(
    session: Session, scope: Scope, *, figure: ComputedFigure, on: dt.date
) -> tuple[tuple[dt.date, ComputedValue], ...]:
    """Return a figure's values at the last days of the eleven months before `on`'s, and at `on`.

    Each is what `year_to_date` gives on that day; a fixed number of statements whatever the months.
    """
    return tuple(zip(last_twelve(on), _SERIES[figure](session, scope, on), strict=True))


def by_gender(
    session: Session, scope: Scope, *, figure: ComputedFigure, on: dt.date
) -> dict[Gender, ComputedValue]:
    """Return a change-plan figure's values by the applicant's gender; empty for other figures."""
    if figure is ComputedFigure.PLANS_WITHIN_THREE_MONTHS:
        rows = _keyed(_within(session, scope, on, By.GENDER))
    elif figure in _PARTS:
        rows = _keyed(change_plans(session, scope, on=on, by=By.GENDER))
    else:
        return {}
    parts = _PARTS.get(figure, _within_parts)
    return {gender: _share(parts(rows[sv(gender)])) for gender in Gender if sv(gender) in rows}


def _share(parts: Parts) -> ComputedValue:
    numerator, denominator = parts
    return ComputedValue(percent_value(numerator, denominator), numerator, denominator)


def _keyed(frame: pd.DataFrame) -> dict[str, Row]:
    """Return a figure table's rows by their key."""
    names = [str(name) for name in frame.columns]
    rows = zip(*(frame[name] for name in names), strict=True)
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def _total(frame: pd.DataFrame) -> Row:
    return _keyed(frame)[ALL]


def _current_parts(row: Row) -> Parts:
    return row["current"], row["open"] - row["exempt"]


def _coverage_parts(row: Row) -> Parts:
    return row["current"] + row["outdated"], row["open"] - row["exempt"]


def _within_parts(row: Row) -> Parts:
    return row["within"], row["deadlines"]


def _bka_parts(row: Row) -> Parts:
    return row["done"], row["children"]


_PARTS: dict[ComputedFigure, Callable[[Row], Parts]] = {
    ComputedFigure.PLANS_CURRENT_SHARE: _current_parts,
    ComputedFigure.PLANS_COVERAGE: _coverage_parts,
}


def _within(session: Session, scope: Scope, on: dt.date, by: By) -> pd.DataFrame:
    start = year_of(on).start
    return within_three_months(session, scope, start=start, end=on, today=on, by=by)


def _plans(figure: ComputedFigure) -> Callable[[Session, Scope, dt.date], ComputedValue]:
    def read(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
        frame = change_plans(session, scope, on=on, by=By.NONE)
        return _share(_PARTS[figure](_total(frame)))

    return read


def _read_within(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
    return _share(_within_parts(_total(_within(session, scope, on, By.NONE))))


def _read_bka(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
    start = year_of(on).start
    frame = bka(session, scope, start=start, end=on, today=on, by=By.NONE)
    return _share(_bka_parts(_total(frame)))


def _read_unknown(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
    frame = closing_reasons(session, scope, start=year_of(on).start, end=on)
    cases = dict(zip(frame["reason"], frame["cases"], strict=True))
    return _share((cases.get(sv(ClosingReason.UNKNOWN), 0), sum(cases.values())))


def _read_hotel(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
    placements = of_year(session, scope, on=on)
    removed = retained.number(session, scope, Kept.HOTEL, on)
    return _families(((placed.case_id, placed.facts) for placed in placements), on, removed)


def _families(
    placements: Iterable[tuple[int, PlacementFacts]], on: dt.date, removed: int
) -> ComputedValue:
    """Count the cases with a family in hotel or hostel on a day, `removed` cases among them."""
    there = len({case for case, facts in placements if family_in_hotel(facts, on)})
    return ComputedValue(Fraction(there + removed))


def _series_plans(
    figure: ComputedFigure,
) -> Callable[[Session, Scope, dt.date], list[ComputedValue]]:
    def read(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
        rows = _keyed(change_plans(session, scope, on=on, by=By.MONTH))
        return [_share(_PARTS[figure](rows[_label(day)])) for day in last_twelve(on)]

    return read


def _series_within(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
    start = year_of(last_twelve(on)[0]).start
    frame = within_three_months(session, scope, start=start, end=on, today=on, by=By.MONTH)
    return _year_to_date(_keyed(frame), _within_parts, on)


def _series_bka(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
    start = year_of(last_twelve(on)[0]).start
    frame = bka(session, scope, start=start, end=on, today=on, by=By.MONTH)
    return _year_to_date(_keyed(frame), _bka_parts, on)


def _year_to_date(
    rows: Mapping[str, Row], parts_of: Callable[[Row], Parts], on: dt.date
) -> list[ComputedValue]:
    """Return shares from 1 January at the last twelve days, from rows by month."""
    values = []
    for day in last_twelve(on):
        months = [parts_of(rows[f"{day.year}-{month:02}"]) for month in range(1, day.month + 1)]
        values.append(_share((sum(n for n, _ in months), sum(d for _, d in months))))
    return values


def _series_unknown(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
    values = []
    closed = closed_by_day(session, scope, start=year_of(last_twelve(on)[0]).start, end=on)
    for day in last_twelve(on):
        reasons: Counter[ClosingReason | None] = Counter()
        for closed_on, reason, cases in closed:
            if closed_on in year_of(day) and closed_on <= day:
                reasons[reason] += cases
        unknown = closing_shares(reasons)[ClosingReason.UNKNOWN].cases
        values.append(_share((unknown, reasons.total())))
    return values


@cached(Area.CASES, until="end")
def closed_by_day(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date
) -> tuple[tuple[dt.date, ClosingReason | None, int], ...]:
    """Return closing days and reasons of a unit's benefit cases closed in start..end, counted."""
    rows = session.exec(
        select(col(Case.closed_on), col(Case.closing_reason), func.count())
        .where(col(Case.unit_id) == scope.unit_id)
        .where(col(Case.kind) == CaseKind.BENEFIT)
        .where(col(Case.voided_at).is_(None))
        .where(col(Case.closed_on).between(start, end))
        .group_by(col(Case.closed_on), col(Case.closing_reason))
    )
    kept = retained.events(session, Scope(scope.unit_id), [Kept.CLOSING], start, end)
    return (
        *((day, reason, cases) for day, reason, cases in rows if day is not None),
        *((r.day, ClosingReason(r.part) if r.part else None, r.number) for r in kept),
    )


def _series_hotel(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
    days = last_twelve(on)
    placements = {
        placed.id: (placed.case_id, placed.facts)
        for year_end in {days[0].year: days[0], on.year: on}.values()
        for placed in of_year(session, scope, on=year_end)
    }
    removed = Counter[dt.date]()
    for row in retained.counts(session, scope, [Kept.HOTEL], days):
        removed[row.day] += row.number
    return [_families(placements.values(), day, removed[day]) for day in days]


def _read_long_term(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
    return _long_term(latest_long_term(session, scope, [on])[on])


def _series_long_term(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
    days = last_twelve(on)
    found = latest_long_term(session, scope, days)
    return [_long_term(found[day]) for day in days]


def _long_term(latest: tuple[dt.date, LongTermCounts] | None) -> ComputedValue:
    counts = latest[1] if latest else LongTermCounts()
    return _share((counts.long_term, counts.households))


def _read_refusals(session: Session, scope: Scope, on: dt.date) -> ComputedValue:
    start = year_of(on).start
    frame = bka(session, scope, start=start, end=on, today=on, by=By.NONE)
    return ComputedValue(Fraction(_total(frame)["decisions"]))


def _series_refusals(session: Session, scope: Scope, on: dt.date) -> list[ComputedValue]:
    days = last_twelve(on)
    start = year_of(days[0]).start
    rows = _keyed(bka(session, scope, start=start, end=on, today=on, by=By.MONTH))
    return [
        ComputedValue(
            Fraction(sum(rows[f"{day.year}-{m:02}"]["decisions"] for m in range(1, day.month + 1)))
        )
        for day in days
    ]


def _label(day: dt.date) -> str:
    return f"{day:%Y-%m}"


_READERS: dict[ComputedFigure, Callable[[Session, Scope, dt.date], ComputedValue]] = {
    ComputedFigure.PLANS_WITHIN_THREE_MONTHS: _read_within,
    ComputedFigure.PLANS_CURRENT_SHARE: _plans(ComputedFigure.PLANS_CURRENT_SHARE),
    ComputedFigure.PLANS_COVERAGE: _plans(ComputedFigure.PLANS_COVERAGE),
    ComputedFigure.BKA_COVERAGE: _read_bka,
    ComputedFigure.CLOSED_AS_UNKNOWN: _read_unknown,
    ComputedFigure.FAMILIES_IN_HOTEL: _read_hotel,
    ComputedFigure.LONG_TERM_SHARE: _read_long_term,
    ComputedFigure.REFUSALS_AFFECTING_CHILDREN: _read_refusals,
}
_SERIES: dict[ComputedFigure, Callable[[Session, Scope, dt.date], list[ComputedValue]]] = {
    ComputedFigure.PLANS_WITHIN_THREE_MONTHS: _series_within,
    ComputedFigure.PLANS_CURRENT_SHARE: _series_plans(ComputedFigure.PLANS_CURRENT_SHARE),
    ComputedFigure.PLANS_COVERAGE: _series_plans(ComputedFigure.PLANS_COVERAGE),
    ComputedFigure.BKA_COVERAGE: _series_bka,
    ComputedFigure.CLOSED_AS_UNKNOWN: _series_unknown,
    ComputedFigure.FAMILIES_IN_HOTEL: _series_hotel,
    ComputedFigure.LONG_TERM_SHARE: _series_long_term,
    ComputedFigure.REFUSALS_AFFECTING_CHILDREN: _series_refusals,
}
