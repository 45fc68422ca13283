"""What the reports on measure points add up to, and the value that they give an indicator.

Every report counts by the definition that it was made under, so that a new definition never changes
a figure that is already reported. A share is the answers that count as yes over those that count as
yes or no; an answer that is left out is in neither (domain: Shares). A sum and a mean are of the
numbers, or of the reports where no number is asked for, whose answer counts as yes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.rules.dates import Period, period_of
from core.rules.indicators import percent_value
from core.rules.shares import share
from core.terms import ChoiceCounts, Gender, MeasureFeed, Periodicity

SHARES = (MeasureFeed.SHARE_YES, MeasureFeed.SHARE_OF_CHOICE)


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports of one day that say the same, as they count in an indicator by their definition.

    Where several questions feed it, each answer is one of `reports`. `answer` is how the choice
    counts, None where none is asked for. `number` is the sum of their numbers, None where none is
    asked for. `nothing` tells that there was nothing to report.
    """

    measured_on: dt.date
    feed: MeasureFeed
    reports: int = 1
    answer: ChoiceCounts | None = None
    number: Decimal | None = None
    gender: Gender | None = None
    nothing: bool = False

    @property
    def counts(self) -> bool:
        """Tell whether they are part of a sum or a mean."""
        return not self.nothing and self.answer in {None, ChoiceCounts.YES}


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """An indicator's value from reports: a % as 0-100 unrounded, a sum or a mean.

    Shares and means have the parts they are made of, a sum none. `measured_on` is the latest
    report's day.
    """

    value: Fraction
    numerator: Decimal | None
    denominator: Decimal | None
    measured_on: dt.date


def value_of(rows: Iterable[Reports]) -> MeasuredValue | None:
    """Return the value that the reports of one period give, None where there is none.

    All of them feed the indicator alike; should they not, the latest decides how it is counted and
    the others are left out. A sum of reports that say that there was nothing is 0; a share or mean
    without anything to divide by is no value.
    """
    known = sorted(rows, key=lambda row: row.measured_on)
    if not known:
        return None
    last = known[-1]
    alike = [row for row in known if _family(row.feed) is _family(last.feed)]
    if last.feed in SHARES:
        return _share(alike, last.measured_on)
    if last.feed is MeasureFeed.MEAN:
        return _mean(alike, last.measured_on)
    counted = (row for row in alike if row.counts)
    total = sum((r.reports if r.number is None else r.number for r in counted), Decimal(0))
    return MeasuredValue(Fraction(total), None, None, last.measured_on)


def values_by_period(
    rows: Iterable[Reports], periodicity: Periodicity, on: dt.date
) -> dict[Period, MeasuredValue]:
    """Return the value of each month, tertial or year as known on a day, ascending.

    A report counts in the period that its day lies in; what is dated after `on` doesn't exist.
    """
    grouped: dict[Period, list[Reports]] = defaultdict(list)
    for row in rows:
        if row.measured_on <= on:
            grouped[period_of(row.measured_on, periodicity)].append(row)
    values = {period: value_of(found) for period, found in grouped.items()}
    return {
        period: value
        for period, value in sorted(values.items(), key=lambda item: item[0].start)
        if value is not None
    }


def _share(rows: list[Reports], measured_on: dt.date) -> MeasuredValue | None:
    yes = sum(row.reports for row in rows if row.answer is ChoiceCounts.YES)
    no = sum(row.reports for row in rows if row.answer is ChoiceCounts.NO)
    value = percent_value(yes, yes + no)
    if value is None:
        return None
    return MeasuredValue(value, Decimal(yes), Decimal(yes + no), measured_on)


def _mean(rows: list[Reports], measured_on: dt.date) -> MeasuredValue | None:
    numbers = [(row.number, row.reports) for row in rows if row.counts and row.number is not None]
    total = sum((number for number, _ in numbers), Decimal(0))
    reports = sum(count for _, count in numbers)
    value = share(total, reports)
    if value is None:
        return None
    return MeasuredValue(value, total, Decimal(reports), measured_on)


def _family(feed: MeasureFeed) -> MeasureFeed:
    """Return what a feed is counted as: both shares are counted alike."""
    return MeasureFeed.SHARE_YES if feed in SHARES else feed
