"""What the reports on measure points add up to, and the value that they give an indicator.

Every report counts by the definition that it was made under, so that a new definition never changes
a figure that is already reported. A share counts a choice marked as yes over those marked as yes or
no; a choice that is left out is in neither (domain: Shares).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from core.rules.dates import Period, period_of
from core.rules.indicators import percent_value
from core.rules.shares import share
from core.terms import ChoiceCounts, Gender, MeasureFeed, Periodicity

SHARES = (MeasureFeed.SHARE_YES, MeasureFeed.SHARE_OF_CHOICE)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it counts in an indicator, by its own definition.

    `answers`: how the choice made at each question counts. `number` is None where none is asked
    for; `nothing` says that there was nothing to report.
    """

    measured_on: dt.date
    feed: MeasureFeed
    feed_question: int | None = None
    answers: Mapping[int, ChoiceCounts] = field(default_factory=dict)
    number: Decimal | None = None
    gender: Gender | None = None
    nothing: bool = False


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


def counted_answers(report: Report) -> list[ChoiceCounts]:
    """Return how the answers that feed the indicator count: one question's, or all of them."""
    if report.feed_question is None:
        return list(report.answers.values())
    return [report.answers[n] for n in (report.feed_question,) if n in report.answers]


def weight(report: Report) -> Decimal:
    """Return what a report adds to a sum: its number, or one where no number is asked for.

    Nothing, if there was nothing to report or its choice doesn't count as yes.
    """
    answers = counted_answers(report)
    if report.nothing or (answers and ChoiceCounts.YES not in answers):
        return Decimal(0)
    return Decimal(1) if report.number is None else report.number


def value_of(reports: Iterable[Report]) -> MeasuredValue | None:
    """Return the value that reports of one period give, None where there is none.

    All of them feed the indicator alike; should they not, the latest decides how it is counted and
    the others are left out. A sum of reports that say that there was nothing is 0; a share or mean
    without anything to divide by is no value.
    """
    known = sorted(reports, key=lambda report: report.measured_on)
    if not known:
        return None
    last = known[-1]
    alike = [report for report in known if _family(report.feed) is _family(last.feed)]
    if last.feed in SHARES:
        return _share(alike, last.measured_on)
    if last.feed is MeasureFeed.MEAN:
        return _mean(alike, last.measured_on)
    total = sum((weight(report) for report in alike), Decimal(0))
    return MeasuredValue(Fraction(total), None, None, last.measured_on)


def values_by_period(
    reports: Iterable[Report], periodicity: Periodicity, on: dt.date
) -> dict[Period, MeasuredValue]:
    """Return the value of each month, tertial or year as known on a day, ascending.

    A report counts in the period that its day lies in; what is dated after `on` doesn't exist.
    """
    grouped: dict[Period, list[Report]] = defaultdict(list)
    for report in reports:
        if report.measured_on <= on:
            grouped[period_of(report.measured_on, periodicity)].append(report)
    values = {period: value_of(found) for period, found in grouped.items()}
    return {
        period: value
        for period, value in sorted(values.items(), key=lambda item: item[0].start)
        if value is not None
    }


def _share(reports: list[Report], measured_on: dt.date) -> MeasuredValue | None:
    answers = [answer for report in reports for answer in counted_answers(report)]
    yes, no = answers.count(ChoiceCounts.YES), answers.count(ChoiceCounts.NO)
    value = percent_value(yes, yes + no)
    if value is None:
        return None
    return MeasuredValue(value, Decimal(yes), Decimal(yes + no), measured_on)


def _mean(reports: list[Report], measured_on: dt.date) -> MeasuredValue | None:
    numbers = [weight(r) for r in reports if r.number is not None and _counts(r)]
    total = sum(numbers, Decimal(0))
    value = share(total, len(numbers))
    if value is None:
        return None
    return MeasuredValue(value, total, Decimal(len(numbers)), measured_on)


def _counts(report: Report) -> bool:
    answers = counted_answers(report)
    return not report.nothing and (not answers or ChoiceCounts.YES in answers)


def _family(feed: MeasureFeed) -> MeasureFeed:
    """Return what a feed is counted as: both shares are counted alike."""
    return MeasureFeed.SHARE_YES if feed in SHARES else feed
