"""A year's result of the staff survey, for a group or the whole unit (domain: Staff survey)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import now, today
from core.models import Area, Group, StaffSurvey, Unit
from core.services.base import Checks, Event, already_done, record
from core.services.field_checks import check_digits
from core.services.goals import FIRST_YEAR, own_unit
from core.terms import DataSource

INDICES = ("ami", "leadership", "motivation", "steering", "target")
MOST_INVITED = 10_000


@dataclass(frozen=True, slots=True)
class NewResult:
    """A year's result of a group, or of the whole unit when `group_id` is None.

    Indices and the AMI's target are 0-100, None where not known.
    """

    year: int
    group_id: int | None
    invited: int
    respondents: int
    ami: Decimal | None = None
    leadership: Decimal | None = None
    motivation: Decimal | None = None
    steering: Decimal | None = None
    target: Decimal | None = None
    source_name: str = ""


def record_result(session: Session, new: NewResult, *, by: Actor, key: str | None = None) -> int:
    """Record a year's result in the own unit. Returns its id.

    An earlier result of the same year and group is voided and kept. An AMI that differs from its
    parts is recorded as stated; the page shows the difference. Raises `RefusedError` for a year to
    come, more respondents than invited, or an index outside 0-100.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_STAFF_SURVEY)
    _require_own_group(session, new.group_id, unit_id)
    checks = Checks()
    check_result(checks, new)
    checks.done()
    session.get(Unit, unit_id, with_for_update=True)  # two forms at once: the second one waits here
    replaced = _void_earlier(session, new, unit_id, by)
    row = StaffSurvey(
        unit_id=unit_id, source=DataSource.TYPED, created_by_id=by.user_id, **asdict(new)
    )
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    event = Event(
        "record",
        "staff_survey",
        row.id,
        unit_id,
        [(Area.STAFF_SURVEY, dt.date(new.year, 1, 1))],
        {"year": new.year, "group_id": new.group_id, "replaced": replaced},
    )
    record(session, event, by=by, key=key)
    return row.id


def _require_own_group(session: Session, group_id: int | None, unit_id: int) -> None:
    if group_id is None:
        return
    group = session.get(Group, group_id)
    if group is None or group.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_STAFF_SURVEY)


def check_result(checks: Checks, new: NewResult) -> None:
    """Refuse a year to come, more respondents than invited, or an index outside 0-100."""
    last = today().year
    checks.refuse_if(
        not FIRST_YEAR <= new.year <= last, "year", f"Ange ett år från {FIRST_YEAR} till {last}."
    )
    checks.refuse_if(
        not 1 <= new.invited <= MOST_INVITED, "invited", "Ange hur många som fick enkäten."
    )
    checks.refuse_if(
        not 0 <= new.respondents <= new.invited,
        "respondents",
        f"Antal svarande ska ligga mellan 0 och antalet som fick enkäten, {new.invited}.",
    )
    for field in INDICES:
        index = getattr(new, field)
        if index is not None:
            check_digits(checks, field, index)
            checks.refuse_if(not 0 <= index <= 100, field, "Ange ett index från 0 till 100.")
    checks.guard_text("source_name", new.source_name, longest=200)


def _void_earlier(session: Session, new: NewResult, unit_id: int, by: Actor) -> list[int]:
    """Void the valid results of the same year and group, and return their ids."""
    rows = session.exec(
        select(StaffSurvey)
        .where(col(StaffSurvey.unit_id) == unit_id)
        .where(col(StaffSurvey.year) == new.year)
        .where(
            col(StaffSurvey.group_id).is_(None)
            if new.group_id is None
            else col(StaffSurvey.group_id) == new.group_id
        )
        .where(col(StaffSurvey.voided_at).is_(None))
    ).all()
    for row in rows:
        row.voided_at, row.voided_by_id = now(), by.user_id
        session.add(row)
    return [row.id for row in rows if row.id is not None]
