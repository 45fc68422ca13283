"""Measure points and reports on them for tests. All of it is made up."""

import datetime as dt
import itertools

from core.models import (
    MeasureAnswer,
    MeasureChoice,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
    MeasureQuestion,
    MeasureWindow,
)
from core.queries import measure_rows
from core.rules.measure_points import asked_on
from core.services.measure_inputs import NewChoice, NewDefinition, NewWindow
from core.terms import ChoiceCounts, MeasureFrequency, MeasureKind
from tests.factories import save

_numbers = itertools.count(1)
YES_NO = (
    ("Ja", ChoiceCounts.YES),
    ("Nej", ChoiceCounts.NO),
    ("Inte aktuellt", ChoiceCounts.LEFT_OUT),
)


def new_definition(valid_from="2024-01-01", frequency=MeasureFrequency.WEEK, **fields):
    """Return a definition to define a point with: a weekly one unless told otherwise."""
    n = next(_numbers)
    choices = tuple(NewChoice(label, counts) for label, counts in fields.pop("choices", ()))
    windows = tuple(NewWindow(*map(day, window)) for window in fields.pop("windows", ()))
    return NewDefinition(
        valid_from=day(valid_from),
        frequency=frequency,
        choices=choices,
        windows=windows,
        **({"name": f"Mätpunkt {n}"} | fields),
    )


def point(session, of, kind=MeasureKind.NUMBER, ended_on=None, **fields):
    """Save a measure point of a unit with its first definition."""
    n = next(_numbers)
    row = save(
        session, MeasurePoint(unit_id=of.id, slug=f"matpunkt-{n}", kind=kind, ended_on=ended_on)
    )
    define(session, row, **fields)
    return row


def define(session, of, new=None, **fields):
    """Save a definition of a point."""
    new = new or new_definition(**fields)
    row = save(
        session,
        MeasureDefinition(
            measure_point_id=of.id,
            **{
                name: getattr(new, name)
                for name in new.__dataclass_fields__
                if name not in {"questions", "choices", "windows"}
            },
        ),
    )
    for number, text in enumerate(new.questions, start=1):
        save(session, MeasureQuestion(definition_id=row.id, number=number, text=text))
    for position, choice in enumerate(new.choices, start=1):
        save(
            session,
            MeasureChoice(
                definition_id=row.id, position=position, label=choice.label, counts=choice.counts
            ),
        )
    for window in new.windows:
        save(
            session,
            MeasureWindow(
                definition_id=row.id,
                starts_on=window.starts_on,
                ends_on=window.ends_on,
                due_on=window.due_on,
            ),
        )
    return row


def entry(session, of, measured_on, *, caseworker=None, group=None, case=None, **fields):
    """Save a report on a point, in its period around a day; `answers` are labels by question."""
    on = day(measured_on)
    known = next(p for p in measure_rows.points(session, db_scope(of)) if p.point_id == of.id)
    definition, asked = asked_on(known.spans, on)
    answers = fields.pop("answers", {})
    row = save(
        session,
        MeasureEntry(
            unit_id=of.unit_id,
            measure_point_id=of.id,
            definition_id=definition.definition_id,
            caseworker_id=caseworker.id if caseworker else None,
            group_id=group.id if group else None,
            period_start=asked.period.start,
            period_end=asked.period.end,
            measured_on=on,
            case_id=case.id if case else None,
            **fields,
        ),
    )
    choices = {choice.label: choice.choice_id for choice in definition.choices}
    for number, label in (answers if isinstance(answers, dict) else {0: answers}).items():
        save(
            session,
            MeasureAnswer(entry_id=row.id, question_number=number, choice_id=choices[label]),
        )
    return row


def db_scope(of):
    """Return the scope of a row's unit."""
    from core.auth import Scope

    return Scope(of.unit_id)


def day(value):
    """Return a date, which may be written as 2024-05-27."""
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def known(session, of):
    """Return a point as the queries give it."""
    return next(p for p in measure_rows.points(session, db_scope(of)) if p.point_id == of.id)
