"""Measure points: what a unit has decided to count, each with dated definitions.

A definition that has been reported under is never changed: a new one takes its place from a day on,
and what was reported keeps counting by its own.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, func, select

from core.auth import Actor, Permission, PermissionDeniedError, Scope
from core.clock import today
from core.models import (
    Area,
    MeasureChoice,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
    MeasureQuestion,
    MeasureWindow,
    Unit,
)
from core.queries.measure_rows import Point, points
from core.services.base import (
    Checks,
    ConflictError,
    Event,
    Newest,
    already_done,
    record,
)
from core.services.case_checks import void
from core.services.goals import own_unit
from core.services.measure_checks import check_definition
from core.services.measure_inputs import NewDefinition, NewPoint


def define_point(session: Session, new: NewPoint, *, by: Actor, key: str | None = None) -> int:
    """Define a measure point of the own unit, asked for from its first day. Returns its id.

    Raises `RefusedError` for a name that another point has, or a definition that can't be asked or
    counted (`check_definition`).
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_MEASURES)
    session.get(Unit, unit_id, with_for_update=True)  # a second form at once waits here
    known = points(session, Scope(unit_id))
    checks = Checks()
    check_definition(session, checks, new.kind, new.definition, unit_id)
    _check_name(checks, new.definition.name, known, None)
    checks.done()
    row = MeasurePoint(
        unit_id=unit_id,
        slug=_slug(new.definition.name, {point.slug for point in known}),
        kind=new.kind,
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    definition_id = _add_definition(session, row.id, new.definition, by)
    _record(session, ("define", row, new.definition.valid_from, definition_id), by, key)
    return row.id


def change_definition(
    session: Session,
    point_id: int,
    new: NewDefinition,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Let a measure point be asked and counted in another way from a day on. Returns its id.

    What is reported already keeps its own definition. A definition decided for the same day or
    later, that nobody has reported under, is replaced.

    Raises:
        ConflictError: Somebody changed the point after the form was opened.
        RefusedError: The day isn't after the latest report, the point has ended, or the definition
            can't be asked or counted.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = _own_point(session, point_id, by)
    _same_version(row, version)
    unit_id = row.unit_id
    point = _known(session, row)
    checks = Checks()
    check_definition(session, checks, row.kind, new, unit_id)
    _check_name(checks, new.name, points(session, Scope(unit_id)), point_id)
    _check_from(session, checks, point, new.valid_from)
    checks.done()
    for definition in point.definitions:
        if definition.valid_from >= new.valid_from:
            void(session.get_one(MeasureDefinition, definition.definition_id), by)
    definition_id = _add_definition(session, point_id, new, by)
    flag_modified(row, "slug")  # raises the version, so that an open form notices
    _record(session, ("change_definition", row, new.valid_from, definition_id), by, key)
    return point_id


def end_point(
    session: Session,
    point_id: int,
    ended_on: dt.date,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Let a day be the last one that a measure point is asked for. Returns its id.

    What is reported stays and can be read. Raises `ConflictError` if somebody changed it after the
    form was opened, `RefusedError` for a day before the latest report or the point's first day.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = _own_point(session, point_id, by)
    _same_version(row, version)
    first = _known(session, row).definitions[0].valid_from
    latest = _latest_report(session, point_id)
    checks = Checks()
    checks.refuse_if(
        ended_on < first, "ended_on", f"Mätpunkten började {first}. Ange den dagen eller en senare."
    )
    checks.refuse_if(
        latest is not None and ended_on < latest,
        "ended_on",
        f"Det finns rapporter till och med {latest}. Ange den dagen eller en senare.",
    )
    checks.done()
    row.ended_on = ended_on
    _record(session, ("end", row, ended_on, None), by, key)
    return point_id


def _own_point(session: Session, point_id: int, by: Actor) -> MeasurePoint:
    """Return a point of the own unit, locked; the same answer for another's and for none."""
    unit_id = own_unit(by, Permission.EDIT_MEASURES)
    row = session.get(MeasurePoint, point_id, with_for_update=True)
    if row is None or row.unit_id != unit_id or row.voided_at is not None:
        raise PermissionDeniedError(Permission.EDIT_MEASURES)
    return row


def _same_version(row: MeasurePoint, version: int) -> None:
    if row.version != version:
        raise ConflictError(row.slug, Newest(row.version, {"ended_on": row.ended_on}))


def _known(session: Session, row: MeasurePoint) -> Point:
    return next(p for p in points(session, Scope(row.unit_id)) if p.point_id == row.id)


def _check_name(checks: Checks, name: str, known: tuple[Point, ...], own_id: int | None) -> None:
    wanted = name.strip().casefold()
    taken = any(
        point.latest.name.strip().casefold() == wanted
        for point in known
        if point.point_id != own_id and (point.ended_on is None or point.ended_on >= today())
    )
    checks.refuse_if(taken, "name", "En annan mätpunkt heter redan så. Välj ett annat namn.")


def _check_from(session: Session, checks: Checks, point: Point, valid_from: dt.date) -> None:
    """Refuse a change from a day that is reported on, or of a point that has ended."""
    checks.refuse_if(
        point.ended_on is not None,
        "valid_from",
        f"Mätpunkten avslutades {point.ended_on} och ändras inte mer.",
    )
    latest = _latest_report(session, point.point_id)
    checks.refuse_if(
        latest is not None and valid_from <= latest,
        "valid_from",
        f"Det finns rapporter till och med {latest}. Ange en dag efter den.",
    )
    first = point.definitions[0].valid_from
    checks.refuse_if(
        valid_from < first, "valid_from", f"Mätpunkten började {first}. Ange en dag efter den."
    )


def _latest_report(session: Session, point_id: int) -> dt.date | None:
    return session.exec(
        select(func.max(MeasureEntry.measured_on))
        .where(col(MeasureEntry.measure_point_id) == point_id)
        .where(col(MeasureEntry.voided_at).is_(None))
    ).one()


def _add_definition(session: Session, point_id: int, new: NewDefinition, by: Actor) -> int:
    row = MeasureDefinition(
        measure_point_id=point_id,
        valid_from=new.valid_from,
        name=new.name.strip(),
        help_text=new.help_text.strip(),
        frequency=new.frequency,
        due_days=new.due_days,
        reporter=new.reporter,
        group_id=new.group_id,
        subject=new.subject,
        case_reference=new.case_reference,
        with_gender=new.with_gender,
        number_label=new.number_label.strip(),
        number_unit=new.number_unit.strip(),
        indicator_id=new.indicator_id,
        feed=new.feed,
        feed_question=new.feed_question,
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    for number, text in enumerate(new.questions, start=1):
        session.add(MeasureQuestion(definition_id=row.id, number=number, text=text.strip()))
    for position, choice in enumerate(new.choices, start=1):
        session.add(
            MeasureChoice(
                definition_id=row.id,
                position=position,
                label=choice.label.strip(),
                counts=choice.counts,
            )
        )
    for window in new.windows:
        session.add(
            MeasureWindow(
                definition_id=row.id,
                starts_on=window.starts_on,
                ends_on=window.ends_on,
                due_on=window.due_on,
            )
        )
    session.flush()
    return row.id


def _record(
    session: Session,
    what: tuple[str, MeasurePoint, dt.date, int | None],
    by: Actor,
    key: str | None,
) -> None:
    """Write a point's event.

    `what` is the action, the point, the day that it holds from, and the new definition's id.
    """
    action, row, day, definition_id = what
    session.flush()
    moved = [(Area.MEASURES, day)]
    details = {"definition_id": definition_id, "from": day}
    record(
        session, Event(action, "measure_point", row.id, row.unit_id, moved, details), by=by, key=key
    )


def _slug(name: str, taken: set[str]) -> str:
    """Return a point's short name in the address: letters, digits and hyphens, its own."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:34] or "matpunkt"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
