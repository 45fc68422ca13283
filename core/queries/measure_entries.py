"""What has been reported on measure points: each report in words, and the sums of a period."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlmodel import Session

from core.auth import Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.keys import By
from core.queries.measure_rows import EntryRow, Point, entries_in, points
from core.queries.measure_subjects import Subject, reaches
from core.queries.names import in_order, key_of, month_key, names
from core.rules.dates import Period, month_of, months_between
from core.rules.measure_points import Definition
from core.rules.shares import share
from core.terms import ALL, ChoiceCounts, Gender

COLUMNS = ["key", "measure_point", "question", "answer", "reports", "number", "share"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A report in words, with the definition that it was made under.

    `answers` are the texts of question and choice, the point's own question without text;
    `choices` the same as a form has them: the choice's id by question number.
    """

    entry_id: int
    version: int
    point_id: int
    definition: Definition
    period: Period
    measured_on: dt.date
    caseworker_id: int | None
    caseworker: str | None
    group_id: int | None
    group: str | None
    case_id: int | None
    reference: str | None
    gender: Gender | None
    value: Decimal | None
    nothing: bool
    answers: tuple[tuple[str, str], ...]
    choices: tuple[tuple[int, int], ...]
    reported_at: dt.datetime
    reported_by: str | None
    reported_by_id: int | None


@cached(Area.MEASURES, Area.UNITS, until=None)
def entries(
    session: Session,
    scope: Scope,
    *,
    start: dt.date,
    end: dt.date,
    point_id: int | None = None,
) -> tuple[Entry, ...]:
    """Return the scope's reports that count on a day of start..end, the latest first.

    A caseworker's scope holds the own reports, a group's those of its caseworkers and its manager.
    """
    unit = Scope(scope.unit_id)
    known = names(session, unit)
    found = []
    for row, definition in _reports(session, scope, start, end):
        if point_id in {None, row.point_id}:
            whose, group = row.caseworker_id, row.group_id
            found.append(
                Entry(
                    entry_id=row.entry_id,
                    version=row.version,
                    point_id=row.point_id,
                    definition=definition,
                    period=row.period,
                    measured_on=row.measured_on,
                    caseworker_id=whose,
                    caseworker=None if whose is None else known.caseworker(whose),
                    group_id=group,
                    group=None if group is None else known.group(group),
                    case_id=row.case_id,
                    reference=row.reference,
                    gender=row.gender,
                    value=row.value,
                    nothing=row.nothing,
                    answers=_in_words(row, definition),
                    choices=row.answers,
                    reported_at=row.reported_at,
                    reported_by=row.reported_by,
                    reported_by_id=row.reported_by_id,
                )
            )
    return tuple(reversed(found))


@cached(Area.MEASURES, Area.UNITS, until=None)
def measure_points(
    session: Session,
    scope: Scope,
    *,
    start: dt.date,
    end: dt.date,
    by: By,
    point_id: int | None = None,
) -> pd.DataFrame:
    """Return what was reported on a unit's measure points, or on one, on days of start..end.

    Columns: `COLUMNS`. A point that asks for a choice has a row for each question and answer, any
    other point one row, with empty texts. `reports` are the reports (with that answer); `number` is
    the sum of their numbers, None where none is asked for. `share` is the answer's part of those
    that count as yes or no, None for an answer that is left out. Reports that there was nothing
    count as none. Caseworker and group are those that it was reported for. `alla` and each month
    have every point that was asked then, other keys those with something reported.
    """
    unit = Scope(scope.unit_id)
    known = [one for one in points(session, unit) if point_id in {None, one.point_id}]
    grouped: defaultdict[tuple[str, int], list[_Report]] = defaultdict(list)
    key = _key(by, session, unit)
    wanted_ids = {one.point_id for one in known}
    for report in _reports(session, scope, start, end):
        if report[0].point_id not in wanted_ids:
            continue
        grouped[key(report[0]), report[0].point_id].append(report)
    wanted = _wanted(by, Period(start, end)) or dict.fromkeys(in_order({key for key, _ in grouped}))
    rows = [
        [found, *cells]
        for found, asked in wanted.items()
        for point in sorted(known, key=lambda point: (point.latest.name, point.point_id))
        for cells in _rows(point, grouped.get((found, point.point_id), []), asked)
    ]
    return frame(rows, COLUMNS)


_Report = tuple[EntryRow, Definition]


def _reports(session: Session, scope: Scope, start: dt.date, end: dt.date) -> Iterator[_Report]:
    """Yield the scope's reports that count on a day of start..end, each with its own definition."""
    unit = Scope(scope.unit_id)
    definitions = {d.definition_id: d for point in points(session, unit) for d in point.definitions}
    for row in entries_in(session, unit, start=start, end=end):
        definition = definitions[row.definition_id]
        whose = Subject(row.caseworker_id, row.group_id)
        if start <= row.measured_on <= end and reaches(scope, definition.reporter, whose):
            yield row, definition


def _in_words(row: EntryRow, definition: Definition) -> tuple[tuple[str, str], ...]:
    questions = {question.number: question.text for question in definition.questions}
    labels = {choice.choice_id: choice.label for choice in definition.choices}
    return tuple((questions.get(number, ""), labels[choice]) for number, choice in row.answers)


def _key(by: By, session: Session, unit: Scope) -> Callable[[EntryRow], str]:
    if by is By.MONTH:
        return lambda row: month_key(row.measured_on)
    return key_of(by, names(session, unit))


def _wanted(by: By, asked: Period) -> dict[str, Period | None]:
    """Return the keys that always have their points, and when these were asked."""
    if by is By.MONTH:
        months = [month_of(first) for first in months_between(asked.start, asked.end)]
        return {month_key(month.start): month for month in months}
    return {ALL: asked} if by is By.NONE else {}


@dataclass
class _Sum:
    """Reports with one answer: how many, the sum of their numbers, and how many count in a share."""

    reports: int = 0
    number: Decimal = Decimal(0)
    counted: int = 0


def _rows(point: Point, reports: list[_Report], asked: Period | None) -> Iterator[list[object]]:
    """Yield a point's rows of one key, without the key; none where nothing is to be told."""
    definitions = _definitions(point, reports, asked)
    kinds = _answer_kinds(definitions)
    sums, totals = _added(reports)
    asks = any(definition.asks_number for definition in definitions)
    if definitions and (not kinds or _PLAIN in sums):
        plain = sums[_PLAIN]
        number = plain.number if asks else None
        yield [point.latest.name, *_PLAIN, plain.reports, number, None]
    for (question, answer), kind in kinds.items():
        found = sums[question, answer]
        left_out = kind is ChoiceCounts.LEFT_OUT and not found.counted
        of = None if left_out else share(found.counted, totals[question])
        number = found.number if asks else None
        yield [point.latest.name, question, answer, found.reports, number, of]


_PLAIN = ("", "")
"""Question and answer of a report without answers."""


def _definitions(point: Point, reports: list[_Report], asked: Period | None) -> list[Definition]:
    """Return the definitions that reports were made under, or else those asked in a period."""
    found = list({definition.definition_id: definition for _, definition in reports}.values())
    if not found and asked is not None:
        found = [
            span.definition
            for span in point.spans
            if span.start <= asked.end and (span.end is None or span.end >= asked.start)
        ]
    return sorted(found, key=lambda definition: definition.valid_from)


def _answer_kinds(definitions: Iterable[Definition]) -> dict[tuple[str, str], ChoiceCounts]:
    """Return what can be answered at each question, and how it counts, in the form's order."""
    return {
        (question, choice.label): choice.counts
        for d in definitions
        for question in ([q.text for q in d.questions] or [""])
        for choice in d.choices
    }


def _added(
    reports: list[_Report],
) -> tuple[defaultdict[tuple[str, str], _Sum], defaultdict[str, int]]:
    """Add up reports by question and answer, and how many of a question's count in a share.

    Each answer counts by the definition that it was given under.
    """
    sums: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    totals: defaultdict[str, int] = defaultdict(int)
    kinds = {c.choice_id: c.counts for _, d in reports for c in d.choices}
    for row, definition in reports:
        if row.nothing:
            continue
        answers = _in_words(row, definition) or (_PLAIN,)
        chosen = [kinds[choice] for _, choice in row.answers] or [ChoiceCounts.LEFT_OUT]
        for (question, answer), kind in zip(answers, chosen, strict=True):
            counted = kind is not ChoiceCounts.LEFT_OUT
            found = sums[question, answer]
            found.reports += 1
            found.number += row.value or Decimal(0)
            found.counted += counted
            totals[question] += counted
    return sums, totals
