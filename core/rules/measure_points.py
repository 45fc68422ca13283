"""Measure points: the periods that are asked for, when they are due, and how they stand.

Source: the operational plan's measuring periods; domain, Dates (periods include both ends). Every
day belongs to one definition at most. A new definition that is asked as often as the one before
takes over when the period under way is at its end, so that nobody is asked twice for one period;
one that is asked more or less often takes over on its own first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from core.auth import Role
from core.rules.dates import ONE_DAY, Period, add_months, month_end, month_of, tertial_of, year_of
from core.terms import (
    CaseReference,
    ChoiceCounts,
    ClosingReason,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)

AHEAD_DAYS = 14
"""How long before its due date an unreported period is told of."""
MOST_PERIODS = 4
"""How many ended periods are asked for; older ones are no longer reminded of."""
OLDEST = dt.timedelta(days=366)
"""How long ago the latest of them may have ended."""
SELF_SUPPORT = (ClosingReason.WORK, ClosingReason.HIGHER_INCOME, ClosingReason.STUDIES)
"""Closing reasons that count as self-support: own work, more of it, or studies with study aid.

Insurance, pension, another's support and moving end the benefit too, but not in self-support.
"""
UNITS_WITH_DECIMALS = frozenset({"kr", "kronor", "tkr", "timmar", "tim", "h", "%", "procent"})


class ReportStatus(StrEnum):
    """How a period stands on a day."""

    REPORTED = auto()
    OVERDUE = auto()
    DUE = auto()
    COMING = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True)
class Question:
    """One of several questions that have the same choices. Numbered from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be answered, and how it counts in a share."""

    choice_id: int
    label: str
    counts: ChoiceCounts


@dataclass(frozen=True, slots=True)
class Asked:
    """A period that is asked for, and its last day in time."""

    period: Period
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Definition:
    """How a measure point is asked for and counted from a day on; everything a form needs.

    `questions` is empty where there is one question only, the point's own, numbered 0.
    `number_label` is empty when no number is asked for. `windows` are the measuring periods of a
    point with its own. `group_id` is the only group that is asked, None for the whole unit.
    """

    definition_id: int
    point_id: int
    kind: MeasureKind
    valid_from: dt.date
    name: str
    frequency: MeasureFrequency
    help_text: str = ""
    due_days: int = 7
    reporter: Role = Role.CASEWORKER
    group_id: int | None = None
    subject: MeasureSubject = MeasureSubject.OWN
    case_reference: CaseReference = CaseReference.NONE
    with_gender: bool = False
    number_label: str = ""
    number_unit: str = ""
    questions: tuple[Question, ...] = ()
    choices: tuple[Choice, ...] = ()
    windows: tuple[Asked, ...] = ()
    indicator_id: int | None = None
    feed: MeasureFeed | None = None
    feed_question: int | None = None

    @property
    def question_numbers(self) -> tuple[int, ...]:
        """Return the numbers of what is answered with a choice; empty without choices."""
        if not self.choices:
            return ()
        return tuple(question.number for question in self.questions) or (0,)

    @property
    def by_case(self) -> bool:
        """Tell whether each case is asked about, rather than each person, group or unit."""
        return self.subject in {MeasureSubject.OPEN_CASES, MeasureSubject.SELF_SUPPORT_CLOSINGS}

    @property
    def by_person(self) -> bool:
        """Tell whether each caseworker is asked, or each is asked about."""
        return self.reporter is Role.CASEWORKER or self.subject is MeasureSubject.CASEWORKERS

    @property
    def asks_number(self) -> bool:
        """Tell whether a report carries a number."""
        return self.kind is MeasureKind.NUMBER or bool(self.number_label)

    @property
    def decimals(self) -> int:
        """Return how many decimals a number may have: amounts and hours two, what is counted none."""
        return 2 if self.number_unit.strip().lower() in UNITS_WITH_DECIMALS else 0


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a definition is asked, both included; `end` is None while it goes on."""

    definition: Definition
    start: dt.date
    end: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Tell whether the definition is asked on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


def week_of(day: dt.date) -> Period:
    """Return the ISO week around a day, Monday to Sunday."""
    monday = day - dt.timedelta(days=day.weekday())
    return Period(monday, monday + dt.timedelta(days=6))


def quarter_of(day: dt.date) -> Period:
    """Return the calendar quarter around a day."""
    return _months_of(day, 3)


def half_year_of(day: dt.date) -> Period:
    """Return January to June or July to December."""
    return _months_of(day, 6)


def period_label(period: Period) -> str:
    """Return a period as it is shown: "v. 21 2024", "kvartal 2 2024", "första halvåret 2024".

    A month, a tertial, a year and any other period are shown as in the figures.
    """
    first = period.start
    if period == week_of(first):
        year, week, _ = first.isocalendar()
        return f"v. {week} {year}"
    if period == quarter_of(first):
        return f"kvartal {(first.month + 2) // 3} {first.year}"
    if period == half_year_of(first):
        return f"{'första' if first.month == 1 else 'andra'} halvåret {first.year}"
    return f"{first}" if period.end == first else period.label


def _months_of(day: dt.date, months: int) -> Period:
    first = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, month_end(add_months(first, months - 1)))


def _day_of(day: dt.date) -> Period:
    return Period(day, day)


_PERIOD_OF = {
    MeasureFrequency.WEEK: week_of,
    MeasureFrequency.MONTH: month_of,
    MeasureFrequency.QUARTER: quarter_of,
    MeasureFrequency.TERTIAL: tertial_of,
    MeasureFrequency.HALF_YEAR: half_year_of,
    MeasureFrequency.YEAR: year_of,
    MeasureFrequency.WHEN_IT_HAPPENS: _day_of,
}


def whole_period(definition: Definition, day: dt.date) -> Asked | None:
    """Return a definition's period around a day, uncut; None outside its own measuring periods."""
    if definition.frequency is MeasureFrequency.OWN_PERIODS:
        return next((asked for asked in definition.windows if day in asked.period), None)
    period = _PERIOD_OF[definition.frequency](day)
    return Asked(period, period.end + dt.timedelta(days=definition.due_days))


def spans(definitions: Iterable[Definition], ended_on: dt.date | None) -> list[Span]:
    """Return when each definition of a point is asked, ascending; every day in one at most.

    `ended_on` is the last day that the point is asked for.
    """
    starts: list[tuple[dt.date, Definition]] = []
    for definition in sorted(definitions, key=lambda d: (d.valid_from, d.definition_id)):
        while starts and starts[-1][0] >= definition.valid_from:
            starts.pop()
        before = starts[-1][1] if starts else None
        starts.append((_takes_over(before, definition), definition))
    ends = [start - ONE_DAY for start, _ in starts[1:]] + [ended_on]
    found = []
    for (start, definition), end in zip(starts, ends, strict=True):
        last = ended_on if end is None or (ended_on is not None and ended_on < end) else end
        if last is None or start <= last:
            found.append(Span(definition, start, last))
    return found


def _takes_over(before: Definition | None, after: Definition) -> dt.date:
    """Return the first day that a definition is asked, after the one before it."""
    if before is None or before.frequency is not after.frequency:
        return after.valid_from
    under_way = whole_period(before, after.valid_from)
    if under_way is None or under_way.period.start >= after.valid_from:
        return after.valid_from
    return under_way.period.end + ONE_DAY


def asked_on(known: Iterable[Span], day: dt.date) -> tuple[Definition, Asked] | None:
    """Return the definition that asks for a day, with its period around it cut to its life.

    None when nothing is asked for that day: before the point, after its end, or between its
    measuring periods.
    """
    for span in known:
        if span.holds(day):
            whole = whole_period(span.definition, day)
            return None if whole is None else (span.definition, _cut(whole, span))
    return None


def periods(known: Iterable[Span], start: dt.date, end: dt.date) -> list[tuple[Definition, Asked]]:
    """Return every period that touches start..end with the definition that asks for it, ascending.

    Nothing is asked for by period when it happens now and then.
    """
    found: list[tuple[Definition, Asked]] = []
    for span in known:
        if span.definition.frequency is MeasureFrequency.WHEN_IT_HAPPENS:
            continue
        last = end if span.end is None else min(end, span.end)
        found += [
            (span.definition, _cut(whole, span))
            for whole in _touching(span.definition, max(start, span.start), last)
        ]
    return found


def _touching(definition: Definition, start: dt.date, end: dt.date) -> list[Asked]:
    if definition.frequency is MeasureFrequency.OWN_PERIODS:
        return sorted(
            (w for w in definition.windows if w.period.start <= end and w.period.end >= start),
            key=lambda window: window.period.start,
        )
    found = []
    day = start
    while day <= end:
        whole = whole_period(definition, day)
        assert whole is not None  # noqa: S101  (every day has its week, month or year)
        found.append(whole)
        day = whole.period.end + ONE_DAY
    return found


def _cut(asked: Asked, span: Span) -> Asked:
    """Cut a period to the days that its definition is asked; it is due when it would have been."""
    end = asked.period.end if span.end is None else min(asked.period.end, span.end)
    return Asked(Period(max(asked.period.start, span.start), end), asked.due_on)


def status_of(asked: Asked, reported: bool, on: dt.date) -> ReportStatus:
    """Return how a period stands on a day.

    Overdue is past its due date; due is a period at its end, or on its due date if that is before;
    coming is one that is due within `AHEAD_DAYS`.
    """
    if reported:
        return ReportStatus.REPORTED
    if on > asked.due_on:
        return ReportStatus.OVERDUE
    if on >= min(asked.period.end, asked.due_on):
        return ReportStatus.DUE
    soon = asked.due_on <= on + dt.timedelta(days=AHEAD_DAYS)
    begun = asked.period.start <= on
    return ReportStatus.COMING if soon and begun else ReportStatus.LATER


def asked_lately(known: Sequence[Span], on: dt.date) -> list[tuple[Definition, Asked]]:
    """Return a point's latest periods that have begun by a day, the running one included.

    At most `MOST_PERIODS` that have ended, none of them longer ago than `OLDEST`, so that an old
    gap doesn't fill the list for ever.
    """
    begun = periods(known, on - OLDEST, on)
    ended = [row for row in begun if row[1].period.end < on]
    return ended[-MOST_PERIODS:] + begun[len(ended) :]
