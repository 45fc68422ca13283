"""Units: made with their first groups and kinds of placement; groups and caseworkers added later.

`by` is None only for what the command line does.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

from sqlmodel import Session, col, select

from core.auth import Actor, Permission
from core.models import Area, Caseworker, Group, PlacementKind, Unit
from core.services.base import Checks, Event, already_done, record
from core.terms import PlacementForm, sv_title

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REFERENCE_FORMAT = re.compile(r"[A-ZÅÄÖ]{1,6}-?0{1,8}")
MOVED = ((Area.UNITS, dt.date.min),)


def create_unit(
    session: Session,
    *,
    slug: str,
    name: str,
    reference_format: str = "AR-0000",
    groups: Sequence[str] = (),
    by: Actor | None,
) -> int:
    """Make a unit with its first groups and the kinds of placement that every unit starts with."""
    _require(by)
    name = " ".join(name.split())
    checks = Checks()
    checks.refuse_if(not name, "name", "Skriv enhetens namn.")
    checks.guard_text("name", name, longest=120)
    checks.refuse_if(
        SLUG.fullmatch(slug) is None or len(slug) > 60,
        "slug",
        "Kortnamnet ska ha små bokstäver a-z, siffror och bindestreck, högst 60 tecken.",
    )
    taken = session.exec(select(Unit.id).where(col(Unit.slug) == slug)).first()
    checks.refuse_if(taken is not None, "slug", "Kortnamnet används redan.")
    checks.refuse_if(
        REFERENCE_FORMAT.fullmatch(reference_format) is None,
        "reference_format",
        "Referensens form ska vara bokstäver, bindestreck och nollor, till exempel AF-0000.",
    )
    names = [" ".join(group.split()) for group in groups]
    _check_group_names(checks, names, "groups")
    checks.done()
    unit = Unit(slug=slug, name=name, reference_format=reference_format)
    session.add(unit)
    session.flush()
    assert unit.id is not None  # noqa: S101  (flushed above)
    for group in names:
        session.add(Group(unit_id=unit.id, slug=_slug_of(group), name=group))
    for form in PlacementForm:
        session.add(
            PlacementKind(
                unit_id=unit.id, name=sv_title(form), is_hotel=form is PlacementForm.HOTEL
            )
        )
    record(session, Event("create_unit", "unit", unit.id, unit.id, MOVED), by=by)
    return unit.id


def add_group(
    session: Session, unit_id: int, name: str, *, by: Actor | None, key: str | None = None
) -> int:
    """Add a group to a unit."""
    _require(by)
    done = already_done(session, key)
    if done is not None:
        return done
    name = " ".join(name.split())
    checks = Checks()
    _check_unit(session, checks, unit_id)
    known = session.exec(select(col(Group.name)).where(col(Group.unit_id) == unit_id)).all()
    _check_group_names(checks, [name], "name", known)
    checks.done()
    group = Group(unit_id=unit_id, slug=_slug_of(name), name=name)
    session.add(group)
    session.flush()
    assert group.id is not None  # noqa: S101  (flushed above)
    record(session, Event("add_group", "group", group.id, unit_id, MOVED), by=by, key=key)
    return group.id


def add_caseworker(
    session: Session,
    unit_id: int,
    name: str,
    *,
    group_id: int | None = None,
    by: Actor | None,
    key: str | None = None,
) -> int:
    """Add somebody that cases can be assigned to, without an account of their own."""
    _require(by)
    done = already_done(session, key)
    if done is not None:
        return done
    name = " ".join(name.split())
    checks = Checks()
    _check_unit(session, checks, unit_id)
    group = session.get(Group, group_id) if group_id is not None else None
    checks.refuse_if(
        group_id is not None and (group is None or group.unit_id != unit_id),
        "group_id",
        "Gruppen finns inte i enheten.",
    )
    checks.refuse_if(not name, "name", "Skriv handläggarens namn.")
    checks.guard_text("name", name, longest=120)
    taken = session.exec(
        select(Caseworker.id)
        .where(col(Caseworker.unit_id) == unit_id)
        .where(col(Caseworker.name) == name)
    ).first()
    checks.refuse_if(taken is not None, "name", "Enheten har redan en handläggare med det namnet.")
    checks.done()
    caseworker = Caseworker(unit_id=unit_id, group_id=group_id, name=name)
    session.add(caseworker)
    session.flush()
    assert caseworker.id is not None  # noqa: S101  (flushed above)
    event = Event("add_caseworker", "caseworker", caseworker.id, unit_id, MOVED)
    record(session, event, by=by, key=key)
    return caseworker.id


def _require(by: Actor | None) -> None:
    if by is not None:
        by.require(Permission.MANAGE_USERS)


def _check_unit(session: Session, checks: Checks, unit_id: int) -> None:
    checks.refuse_if(session.get(Unit, unit_id) is None, "unit_id", "Enheten finns inte.")


def _check_group_names(
    checks: Checks, names: Sequence[str], field: str, known: Sequence[str] = ()
) -> None:
    slugs = {_slug_of(name) for name in known}
    for name in names:
        slug = _slug_of(name)
        checks.refuse_if(not slug, field, "Skriv gruppens namn.")
        checks.refuse_if(slug in slugs, field, f"Gruppen {name} finns redan i enheten.")
        checks.guard_text(field, name, longest=60)
        slugs.add(slug)


def _slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
