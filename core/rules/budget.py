"""Budget lines: outcome, prognosis and deviation (domain: Budget).

Amounts are net cost in kronor, income negative. Months are their first day. Computed prognoses are
exact fractions, rounded where they are shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from core.rules.dates import latest_by, month_end, next_month
from core.rules.shares import Number, share

MONTHS = 12


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An amount booked for a month (its first day) on a day."""

    month: dt.date
    amount: Decimal
    booked_on: dt.date


@dataclass(frozen=True, slots=True)
class PrognosisRow:
    """What somebody expected a line to cost over the whole year, as of the day it was made."""

    made_on: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of a year's budget with its rows, and last year's rows of the same line.

    The same line has the same unit, section and name. `placement_cost` is None unless placements
    are paid by the line; else their cost from `bottom_up_from` through 31 December.
    """

    budget: Decimal
    outcomes: tuple[OutcomeRow, ...] = ()
    last_year: tuple[OutcomeRow, ...] = ()
    prognoses: tuple[PrognosisRow, ...] = ()
    placement_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineFigures:
    """A line's figures on a day, unrounded; None is "no value"."""

    budget: Decimal
    outcome_to_date: Decimal | None
    prognosis: Decimal | None
    deviation: Decimal | None
    run_rate: Fraction | None
    last_year_pattern: Fraction | None
    bottom_up: Decimal | None


def amount_at(rows: Iterable[OutcomeRow], on: dt.date) -> Decimal | None:
    """Return the amount of one month's rows: the latest booked by `on`; of equals the last given.

    None when nothing is booked by then.
    """
    row = latest_by(rows, lambda row: row.booked_on, on)
    return None if row is None else row.amount


def booked_amounts(rows: Iterable[OutcomeRow], on: dt.date) -> dict[dt.date, Decimal]:
    """Return a line's amount of each month that has something booked by `on`, by first day."""
    by_month = groupby(sorted(rows, key=lambda row: row.month), key=lambda row: row.month)
    amounts = {month: amount_at(booked, on) for month, booked in by_month}
    return {month: amount for month, amount in amounts.items() if amount is not None}


def latest_booked_month(rows: Iterable[OutcomeRow], on: dt.date) -> dt.date | None:
    """Return m: the latest month of `on`'s year that ended and was booked by `on`, None for none.

    `rows` are those of all the unit's lines: a month is booked when any line has a row.
    """
    booked = (row.month for row in rows if row.booked_on <= on and month_end(row.month) <= on)
    return max((month for month in booked if month.year == on.year), default=None)


def december_booked(last_year_rows: Iterable[OutcomeRow], on: dt.date) -> bool:
    """Tell whether last year's December is booked by `on` on any of the unit's lines."""
    december = dt.date(on.year - 1, MONTHS, 1)
    return any(row.month == december and row.booked_on <= on for row in last_year_rows)


def outcome_to(amounts: Mapping[dt.date, Decimal], month: dt.date) -> Decimal:
    """Return the sum of a line's amounts from January to a month; a month without row counts 0."""
    return sum(
        (amount for day, amount in amounts.items() if day.year == month.year and day <= month),
        Decimal(0),
    )


def run_rate(outcome_to_m: Decimal | None, month: dt.date | None) -> Fraction | None:
    """Return the outcome to m / m * 12 (rak framskrivning), None when no month is booked."""
    if outcome_to_m is None or month is None:
        return None
    return Fraction(outcome_to_m) / month.month * MONTHS


def last_year_pattern(
    outcome_to_m: Decimal | None,
    last_year_to_m: Decimal,
    last_year_total: Decimal,
    december_is_booked: bool,
) -> Fraction | None:
    """Return the outcome to m / (last year's to m / last year's total) (förra årets mönster).

    None when no month is booked, last year's December is not, or last year's share is not above 0.
    """
    part = share(last_year_to_m, last_year_total)
    if outcome_to_m is None or not december_is_booked or part is None or part <= 0:
        return None
    return Fraction(outcome_to_m) / part


def bottom_up_from(on: dt.date, month: dt.date | None) -> dt.date:
    """Return the first day whose placement cost is added to the outcome: that of month m + 1.

    1 January when no month is booked; next year's 1 January when December is.
    """
    return dt.date(on.year, 1, 1) if month is None else next_month(month)


def bottom_up(outcome_to_m: Decimal | None, placement_cost: Decimal | None) -> Decimal | None:
    """Return the outcome to m + the placement cost after it (beslut framåt).

    None for a line that pays no placements. Without a booked month the cost is counted alone.
    """
    if placement_cost is None:
        return None
    return (outcome_to_m or Decimal(0)) + placement_cost


def deviation(budget: Decimal, prognosis: Decimal | None) -> Decimal | None:
    """Return budget - prognosis: above 0 a surplus (överskott), None without a prognosis."""
    return None if prognosis is None else budget - prognosis


def deviation_share(budget: Decimal, prognosis: Decimal | None) -> Fraction | None:
    """Return the deviation as a share of the budget's size, with the deviation's sign.

    None without a prognosis or with a budget of 0.
    """
    amount = deviation(budget, prognosis)
    return None if amount is None else share(amount, abs(budget))


def prognosis_at(rows: Iterable[PrognosisRow], on: dt.date) -> Decimal | None:
    """Return the prognosis at a day: the latest made by then; of equals the last given."""
    row = latest_by(rows, lambda row: row.made_on, on)
    return None if row is None else row.amount


def accuracy(prognosis: Number, final: Number) -> Fraction | None:
    """Return |prognosis - final| / |final| of a closed year, None when the final amount is 0."""
    return share(abs(Fraction(prognosis) - Fraction(final)), abs(Fraction(final)))


def line_figures(
    line: LineFacts, on: dt.date, month: dt.date | None, *, december_is_booked: bool
) -> LineFigures:
    """Return a line's figures on a day.

    `month` is the unit's `latest_booked_month` and `december_is_booked` its `december_booked`: both
    are questions to all its lines.
    """
    amounts, last_year = booked_amounts(line.outcomes, on), booked_amounts(line.last_year, on)
    outcome, last_year_to_m = None, Decimal(0)
    if month is not None:
        outcome = outcome_to(amounts, month)
        last_year_to_m = outcome_to(last_year, month.replace(year=month.year - 1))
    total = outcome_to(last_year, dt.date(on.year - 1, MONTHS, 1))
    prognosis = prognosis_at(line.prognoses, on)
    return LineFigures(
        budget=line.budget,
        outcome_to_date=outcome,
        prognosis=prognosis,
        deviation=deviation(line.budget, prognosis),
        run_rate=run_rate(outcome, month),
        last_year_pattern=last_year_pattern(outcome, last_year_to_m, total, december_is_booked),
        bottom_up=bottom_up(outcome, line.placement_cost),
    )
