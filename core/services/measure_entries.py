"""Reports on measure points: a number, answers or an event, put right or taken back.

Everybody reports within the own scope: a caseworker about the own, a group manager about the
group's caseworkers and cases, the unit's managers about all of them. A report that was a mistake is
voided, and replaced if it is put right; both are kept.
"""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session, col, select

from core.auth import Actor, PermissionDeniedError, row_scope
from core.clock import today
from core.models import (
    Area,
    MeasureAnswer,
    MeasureChoice,
    MeasureEntry,
    User,
)
from core.queries.measure_rows import Point
from core.rules.dates import Period
from core.rules.measure_points import Asked, Definition, asked_on
from core.services.access import reachable_case
from core.services.base import (
    Checks,
    ConflictError,
    Event,
    FieldError,
    Newest,
    RefusedError,
    already_done,
    record,
)
from core.services.case_checks import not_in_future, void
from core.services.measure_answers import Given, check_case, check_day_in, check_given
from core.services.measure_forms import (
    MAY_REPORT,
    PERMISSION,
    Form,
    Whose,
    counts_on,
    day_of,
    form_of,
    locked_point,
    slot_of,
    whose_case,
    whose_of,
)
from core.services.measure_inputs import EntryChange, NewEntry, NothingToReport
from core.terms import MeasureFrequency, MeasureKind, MeasureSubject


def report(session: Session, new: NewEntry, *, by: Actor, key: str | None = None) -> int:
    """Report on a measure point. Returns the entry's id.

    A report that there was nothing in the period is replaced by it.

    Raises:
        PermissionDeniedError: The point, the case or the caseworker lies outside what `by` reaches,
            or another role reports the point.
        RefusedError: Nothing is asked that day, something is missing or doesn't fit the definition
            (an answer's field is `answer_field`), or it is reported already.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    point = locked_point(session, new.point_id, by)
    case = None
    if new.case_id is not None:
        case = reachable_case(session, new.case_id, by=by, permission=PERMISSION)
    form = form_of(point, day_of(point, new.measured_on, case), by)
    whose = whose_case(session, case, by) if case else whose_of(session, form.definition, new, by)
    given = Given(new.value, new.answers, new.gender)
    checks = Checks()
    not_in_future(checks, "measured_on", new.measured_on)
    check_given(checks, form.definition, given)
    check_case(checks, form.definition, form.asked, case)
    checks.refuse_if(
        case is not None and form.definition.group_id not in {None, whose.group_id},
        "case_id",
        "Ärendet hör inte till den grupp som mätpunkten gäller.",
    )
    checks.done()
    slot = slot_of(form, whose, new)
    _refuse_taken(session, form.definition, slot)
    _void_nothing(session, form, whose, by)
    row = _row(form, whose, by)
    row.measured_on = counts_on(form, new.measured_on, case)
    row.case_id, row.slot = new.case_id, slot
    return _save(session, ("report", row, given), by, key)


def nothing_to_report(
    session: Session, new: NothingToReport, *, by: Actor, key: str | None = None
) -> int:
    """Report that there was nothing in a period. Returns the entry's id.

    Raises `RefusedError` where each case or a number is asked for, where nothing is asked, or if
    something is reported already; `PermissionDeniedError` as `report`.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    form = form_of(locked_point(session, new.point_id, by), new.day, by)
    whose = whose_of(session, form.definition, new, by)
    definition = form.definition
    checks = Checks()
    checks.refuse_if(
        definition.kind is MeasureKind.NUMBER, "value", "Skriv 0 om det inte var något."
    )
    checks.refuse_if(
        definition.by_case or definition.subject is MeasureSubject.CASEWORKERS,
        "answers",
        "Här ska alla besvaras, en i taget.",
    )
    checks.refuse_if(
        definition.frequency is MeasureFrequency.WHEN_IT_HAPPENS,
        "measured_on",
        "Mätpunkten rapporteras bara när något har hänt.",
    )
    checks.refuse_if(
        form.asked.period.start > today(), "measured_on", "Perioden har inte börjat än."
    )
    checks.refuse_if(
        bool(_reported(session, form, whose)),
        "measured_on",
        f"Det finns redan rapporterat för {form.asked.period.start}–{form.asked.period.end}.",
    )
    checks.done()
    row = _row(form, whose, by)
    row.none_to_report = True
    row.measured_on = min(form.asked.period.end, today())
    row.slot = f"{form.asked.period.start}:{whose.slot}:none"
    return _save(session, ("report_nothing", row, Given()), by, key)


def change_entry(
    session: Session, entry_id: int, new: EntryChange, *, by: Actor, key: str | None = None
) -> int:
    """Put a report right: it is voided and replaced, and both are kept. Returns the new one's id.

    It is counted by the definition that it was made under. Raises `ConflictError` if somebody
    changed it after the form was opened, `RefusedError` as `report`.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    old, point = _own_entry(session, entry_id, by)
    if old.version != new.version or old.voided_at is not None:
        raise _conflict(session, old)
    definition = next(d for d in point.definitions if d.definition_id == old.definition_id)
    asked = Asked(Period(old.period_start, old.period_end), old.period_end)
    given = Given(new.value, new.answers, new.gender)
    moves = definition.frequency is MeasureFrequency.WHEN_IT_HAPPENS and not definition.by_case
    checks = Checks()
    checks.refuse_if(
        old.none_to_report, "measured_on", "Ta bort rapporten och rapportera på nytt i stället."
    )
    not_in_future(checks, "measured_on", new.measured_on)
    check_given(checks, definition, given)
    if moves:
        found = asked_on(point.spans, new.measured_on)
        same = found is not None and found[0] == definition
        checks.refuse_if(
            not same, "measured_on", "Mätpunkten räknades på ett annat sätt den dagen."
        )
        asked = found[1] if found is not None else asked
    else:
        check_day_in(checks, asked, new.measured_on)
    checks.done()
    void(old, by)
    session.flush()
    row = _replacing(old, asked.period)
    row.created_by_id = by.user_id
    keeps_day = definition.kind is MeasureKind.NUMBER or definition.by_case
    row.measured_on = old.measured_on if keeps_day else new.measured_on
    row.slot = _changed_slot(old, asked.period.start, given)
    _refuse_taken(session, definition, row.slot)
    return _save(session, ("change", row, given), by, key)


def void_entry(
    session: Session,
    entry_id: int,
    *,
    by: Actor,
    version: int | None = None,
    key: str | None = None,
) -> int:
    """Take a report back: it is kept, with who voided it, and counts nowhere. Returns its id.

    Voiding it again changes nothing. Raises `ConflictError` if `version` is another than the form's.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row, _ = _own_entry(session, entry_id, by)
    if row.voided_at is not None:
        return entry_id
    if version not in {None, row.version}:
        raise _conflict(session, row)
    void(row, by)
    return _save(session, ("void", row, None), by, key)


def _changed_slot(old: MeasureEntry, start: dt.date, given: Given) -> str | None:
    """Return the slot of a report that is put right: the old one's, of the new day and gender.

    Only a number by gender may be reported once for each; a case once, whatever the gender.
    """
    if old.slot is None:
        return None
    _, rest = old.slot.split(":", 1)
    by_gender = f":{old.gender}"
    if rest.endswith(by_gender):
        rest = f"{rest.removesuffix(by_gender)}:{given.gender}"
    return f"{start}:{rest}"


def _refuse_taken(session: Session, definition: Definition, slot: str | None) -> None:
    """Refuse what is reported already, and say what is there."""
    if slot is None:
        return
    there = session.exec(
        select(MeasureEntry)
        .where(col(MeasureEntry.measure_point_id) == definition.point_id)
        .where(col(MeasureEntry.slot) == slot)
        .where(col(MeasureEntry.voided_at).is_(None))
    ).first()
    if there is not None:
        field = "measured_on" if there.case_id is None else "case_id"
        message = (
            f"Det är redan rapporterat för {there.period_start}–{there.period_end}: "
            f"{_said(session, there)}. Ändra den rapporten i stället."
        )
        raise RefusedError(FieldError(field, message))


def _said(session: Session, row: MeasureEntry) -> str:
    """Return what a report says, in a few words."""
    answers = session.exec(
        select(MeasureChoice.label)
        .join(MeasureAnswer, col(MeasureAnswer.choice_id) == col(MeasureChoice.id))
        .where(col(MeasureAnswer.entry_id) == row.id)
        .order_by(col(MeasureAnswer.question_number))
    ).all()
    number = [] if row.value is None else [f"{row.value.normalize():f}".replace(".", ",")]
    return ", ".join([*number, *answers]) or f"den {row.measured_on}"


def _reported(session: Session, form: Form, whose: Whose) -> list[MeasureEntry]:
    """Return what somebody has reported in a form's period."""
    asked = form.asked.period
    rows = session.exec(
        select(MeasureEntry)
        .where(col(MeasureEntry.measure_point_id) == form.point.point_id)
        .where(col(MeasureEntry.voided_at).is_(None))
        .where(col(MeasureEntry.period_start).between(asked.start, asked.end))
    ).all()
    return [row for row in rows if _whose_slot(row) == whose.slot]


def _whose_slot(row: MeasureEntry) -> str:
    return Whose(row.caseworker_id, row.group_id).slot


def _void_nothing(session: Session, form: Form, whose: Whose, by: Actor) -> None:
    """Take back that there was nothing to report, now that there is."""
    for row in _reported(session, form, whose):
        if row.none_to_report:
            void(row, by)
    session.flush()


def _row(form: Form, whose: Whose, by: Actor) -> MeasureEntry:
    return MeasureEntry(
        unit_id=row_scope(by, PERMISSION).unit_id,
        measure_point_id=form.point.point_id,
        definition_id=form.definition.definition_id,
        caseworker_id=whose.caseworker_id,
        group_id=whose.group_id,
        period_start=form.asked.period.start,
        period_end=form.asked.period.end,
        measured_on=form.asked.period.end,
        created_by_id=by.user_id,
    )


def _replacing(old: MeasureEntry, period: Period) -> MeasureEntry:
    return MeasureEntry(
        unit_id=old.unit_id,
        measure_point_id=old.measure_point_id,
        definition_id=old.definition_id,
        caseworker_id=old.caseworker_id,
        group_id=old.group_id,
        period_start=period.start,
        period_end=period.end,
        measured_on=old.measured_on,
        case_id=old.case_id,
    )


def _save(
    session: Session, what: tuple[str, MeasureEntry, Given | None], by: Actor, key: str | None
) -> int:
    """Write a report with its answers and its event; `what` is the action, the row and its answers."""
    action, row, given = what
    session.add(row)
    if given is not None:
        row.value, row.gender = given.value, given.gender
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    for number, choice_id in (given.answers if given else {}).items():
        session.add(MeasureAnswer(entry_id=row.id, question_number=number, choice_id=choice_id))
    details = {
        "measure_point_id": row.measure_point_id,
        "measured_on": row.measured_on,
        "case_id": row.case_id,
    }
    moved = [(Area.MEASURES, row.measured_on)]
    event = Event(action, "measure_entry", row.id, row.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id


def _own_entry(session: Session, entry_id: int, by: Actor) -> tuple[MeasureEntry, Point]:
    """Return a report that the user reaches, locked, with its point; voided ones too."""
    scope = row_scope(by, PERMISSION)
    row = session.get(MeasureEntry, entry_id, with_for_update=True)
    reached = (
        row is not None
        and row.unit_id == scope.unit_id
        and scope.caseworker_id in {None, row.caseworker_id}
        and scope.group_id in {None, row.group_id}
    )
    if row is None or not reached:
        raise PermissionDeniedError(PERMISSION)
    point = locked_point(session, row.measure_point_id, by)
    definition = next((d for d in point.definitions if d.definition_id == row.definition_id), None)
    if definition is None:  # it was taken back, and then the point was asked in another way
        raise _conflict(session, row)
    if by.role not in MAY_REPORT[definition.reporter]:
        raise PermissionDeniedError(PERMISSION)
    return row, point


def _conflict(session: Session, row: MeasureEntry) -> ConflictError:
    """Return what tells that a report has changed since a form was opened, and how it stands."""
    user_id = row.voided_by_id if row.voided_at else row.created_by_id
    user = None if user_id is None else session.get(User, user_id)
    values = {"value": row.value, "gender": row.gender, "measured_on": row.measured_on}
    newest = Newest(row.version, values, user.name if user else None, row.voided_at)
    return ConflictError(str(row.measured_on), newest)
