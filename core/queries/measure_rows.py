"""Measure points with their definitions, and what has been reported on them, as rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false, or_, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import (
    Area,
    Case,
    MeasureAnswer,
    MeasureChoice,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
    MeasureQuestion,
    MeasureWindow,
    User,
)
from core.queries.cache import cached
from core.rules.dates import Period
from core.rules.measure_points import Asked, Choice, Definition, Question, Span, spans
from core.terms import Gender, MeasureKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Point:
    """A measure point with its definitions by first day, and when each of them is asked."""

    point_id: int
    version: int
    slug: str
    kind: MeasureKind
    ended_on: dt.date | None
    definitions: tuple[Definition, ...]
    spans: tuple[Span, ...]

    def on(self, day: dt.date) -> Definition | None:
        """Return the definition that is asked on a day, None when the point isn't asked then."""
        return next((span.definition for span in self.spans if span.holds(day)), None)

    @property
    def latest(self) -> Definition:
        """Return the definition decided last, also of a point that has ended."""
        return self.definitions[-1]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A report that counts. `answers` are pairs of a question's number and the choice's id.

    `value` is None where no number is asked for. `nothing` says that there was nothing to report
    in the period. `reported_by` is None for what the demo or an import wrote.
    """

    entry_id: int
    version: int
    point_id: int
    definition_id: int
    caseworker_id: int | None
    group_id: int | None
    period: Period
    measured_on: dt.date
    case_id: int | None
    reference: str | None
    gender: Gender | None
    value: Decimal | None
    nothing: bool
    answers: tuple[tuple[int, int], ...]
    reported_at: dt.datetime
    reported_by: str | None
    reported_by_id: int | None


@cached(Area.MEASURES, until=None)
def points(session: Session, scope: Scope) -> tuple[Point, ...]:
    """Return a unit's measure points, also the ended ones, in the order they were defined.

    Five statements, however many points there are.
    """
    of_unit = col(MeasurePoint.unit_id) == scope.unit_id
    rows = session.scalars(
        select(MeasurePoint)
        .where(of_unit, col(MeasurePoint.voided_at).is_(None))
        .order_by(col(MeasurePoint.id))
    ).all()
    defined = select(MeasureDefinition).join(
        MeasurePoint, col(MeasurePoint.id) == col(MeasureDefinition.measure_point_id)
    )
    definitions = session.scalars(
        defined.where(of_unit, col(MeasureDefinition.voided_at).is_(None))
    ).all()
    ids = defined.with_only_columns(col(MeasureDefinition.id)).where(of_unit)
    questions = _by_definition(
        session.scalars(
            select(MeasureQuestion)
            .where(col(MeasureQuestion.definition_id).in_(ids))
            .order_by(col(MeasureQuestion.number))
        )
    )
    choices = _by_definition(
        session.scalars(
            select(MeasureChoice)
            .where(col(MeasureChoice.definition_id).in_(ids))
            .order_by(col(MeasureChoice.position))
        )
    )
    windows = _by_definition(
        session.scalars(
            select(MeasureWindow)
            .where(col(MeasureWindow.definition_id).in_(ids))
            .order_by(col(MeasureWindow.starts_on))
        )
    )
    kinds = {row.id: row.kind for row in rows if row.id is not None}
    made: defaultdict[int, list[Definition]] = defaultdict(list)
    for row in sorted(definitions, key=lambda row: (row.valid_from, row.id)):
        if row.id is None or row.measure_point_id not in kinds:
            continue
        made[row.measure_point_id].append(
            _definition(
                row,
                kinds[row.measure_point_id],
                tuple(Question(q.number, q.text) for q in questions[row.id]),
                tuple(Choice(c.id or 0, c.label, c.counts) for c in choices[row.id]),
                tuple(Asked(Period(w.starts_on, w.ends_on), w.due_on) for w in windows[row.id]),
            )
        )
    return tuple(_point(row, tuple(made[row.id])) for row in rows if row.id and row.id in made)


@cached(Area.MEASURES, until=None)
def entries_in(
    session: Session, scope: Scope, *, start: dt.date, end: dt.date
) -> tuple[EntryRow, ...]:
    """Return a unit's valid reports whose period touches start..end, the latest day last.

    Two statements. Ask with the unit's scope: whoever reads narrows it by the report's own.
    """
    touches = (col(MeasureEntry.period_start) <= end) & (col(MeasureEntry.period_end) >= start)
    return _read_entries(session, scope, touches)


@cached(Area.MEASURES, until=None)
def entries_since(
    session: Session, scope: Scope, *, since: tuple[tuple[int, dt.date], ...]
) -> tuple[EntryRow, ...]:
    """Return a unit's valid reports on some points, of periods that begin on each's day or later.

    `since` are pairs of a point's id and the day. Two statements, as `entries_in`.
    """
    wanted = [
        (col(MeasureEntry.measure_point_id) == point_id) & (col(MeasureEntry.period_start) >= day)
        for point_id, day in since
    ]
    return _read_entries(session, scope, or_(false(), *wanted))


def _read_entries(
    session: Session, scope: Scope, which: ColumnElement[bool]
) -> tuple[EntryRow, ...]:
    inside = (
        (col(MeasureEntry.unit_id) == scope.unit_id) & col(MeasureEntry.voided_at).is_(None) & which
    )
    answers: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for entry_id, number, choice_id in session.execute(
        select(
            col(MeasureAnswer.entry_id),
            col(MeasureAnswer.question_number),
            col(MeasureAnswer.choice_id),
        )
        .join(MeasureEntry, col(MeasureEntry.id) == col(MeasureAnswer.entry_id))
        .where(inside)
        .order_by(col(MeasureAnswer.question_number))
    ):
        answers[entry_id].append((number, choice_id))
    rows = session.execute(
        select(MeasureEntry, col(Case.reference), col(User.name))
        .outerjoin(Case, col(Case.id) == col(MeasureEntry.case_id))
        .outerjoin(User, col(User.id) == col(MeasureEntry.created_by_id))
        .where(inside)
        .order_by(col(MeasureEntry.measured_on), col(MeasureEntry.id))
    )
    return tuple(_entry(row, reference, name, answers[row.id]) for row, reference, name in rows)


def _by_definition(rows: Iterable[T]) -> defaultdict[Any, list[T]]:
    found: defaultdict[Any, list[T]] = defaultdict(list)
    for row in rows:
        found[row.definition_id].append(row)  # type: ignore[attr-defined]
    return found


def _definition(
    row: MeasureDefinition,
    kind: MeasureKind,
    questions: tuple[Question, ...],
    choices: tuple[Choice, ...],
    windows: tuple[Asked, ...],
) -> Definition:
    assert row.id is not None  # noqa: S101  (read from the store)
    return Definition(
        definition_id=row.id,
        point_id=row.measure_point_id,
        kind=kind,
        valid_from=row.valid_from,
        name=row.name,
        frequency=row.frequency,
        help_text=row.help_text,
        due_days=row.due_days,
        reporter=row.reporter,
        group_id=row.group_id,
        subject=row.subject,
        case_reference=row.case_reference,
        with_gender=row.with_gender,
        number_label=row.number_label,
        number_unit=row.number_unit,
        questions=questions,
        choices=choices,
        windows=windows,
        indicator_id=row.indicator_id,
        feed=row.feed,
        feed_question=row.feed_question,
    )


def _point(row: MeasurePoint, definitions: tuple[Definition, ...]) -> Point:
    assert row.id is not None  # noqa: S101  (read from the store)
    return Point(
        point_id=row.id,
        version=row.version,
        slug=row.slug,
        kind=row.kind,
        ended_on=row.ended_on,
        definitions=definitions,
        spans=tuple(spans(definitions, row.ended_on)),
    )


def _entry(
    row: MeasureEntry, reference: str | None, name: str | None, answers: list[tuple[int, int]]
) -> EntryRow:
    assert row.id is not None  # noqa: S101  (read from the store)
    return EntryRow(
        entry_id=row.id,
        version=row.version,
        point_id=row.measure_point_id,
        definition_id=row.definition_id,
        caseworker_id=row.caseworker_id,
        group_id=row.group_id,
        period=Period(row.period_start, row.period_end),
        measured_on=row.measured_on,
        case_id=row.case_id,
        reference=reference,
        gender=row.gender,
        value=row.value,
        nothing=row.none_to_report,
        answers=tuple(answers),
        reported_at=row.created_at,
        reported_by=name,
        reported_by_id=row.created_by_id,
    )
