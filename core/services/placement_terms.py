"""What a unit chooses among on its placements: kinds, and own words for legal basis and contract.

A change never changes the past: what placements rest on can be closed but not made into something
else. A word is kept on its placements as it was; a kind's name and its being a hotel are fixed from
its first placement on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError, Scope
from core.models import PlacementKind, PlacementTerm, Unit
from core.queries.placement_terms import CODES, KindRow, kinds
from core.services.base import Checks, ConflictError, Event, Newest, already_done, record
from core.services.units import MOVED
from core.terms import PlacementDimension, sv

LONGEST_KIND = 80
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class NewKind:
    """A kind of placement as it is to be.

    `is_hotel` is temporary housing in hotel or hostel, where families with children are flagged;
    `is_temporary` other temporary housing. A closed kind isn't `active`.
    """

    name: str
    is_hotel: bool = False
    is_temporary: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A unit's own word for a legal basis or a contract; `counts_as` is one of the usual codes."""

    dimension: PlacementDimension
    name: str
    counts_as: str | None


def add_kind(session: Session, new: NewKind, *, by: Actor, key: str | None = None) -> int:
    """Add a kind of placement, to choose at once. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(session, by)
    name = _tidy(new.name)
    checks = Checks()
    _check_kind_name(checks, name, kinds(session, Scope(unit_id)), None)
    checks.done()
    row = PlacementKind(
        unit_id=unit_id,
        name=name,
        is_hotel=new.is_hotel,
        is_temporary=new.is_temporary and not new.is_hotel,
    )
    session.add(row)
    return _recorded(session, "add", row, by, key)


def change_kind(
    session: Session,
    kind_id: int,
    new: NewKind,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Change or close a kind of placement. Returns its id.

    Raises:
        ConflictError: Somebody changed it after the form was opened.
        RefusedError: The name is missing or taken, or placements rest on what would change.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(session, by)
    row = session.get(PlacementKind, kind_id)
    if row is None or row.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_PLACEMENT_TERMS)
    _same_version(row, version)
    known = kinds(session, Scope(unit_id))
    now = next(one for one in known if one.id == kind_id)
    name = _tidy(new.name)
    checks = Checks()
    _check_kind_name(checks, name, known, kind_id)
    _check_fixed(checks, now, name, new)
    checks.done()
    row.name = name
    row.is_hotel = new.is_hotel
    row.is_temporary = new.is_temporary and not new.is_hotel
    row.active = new.active
    return _recorded(session, "change", row, by, key)


def add_term(session: Session, new: NewTerm, *, by: Actor, key: str | None = None) -> int:
    """Add an own word for a legal basis or a contract, to choose at once. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(session, by)
    name, codes = _tidy(new.name), CODES[new.dimension]
    checks = Checks()
    checks.refuse_if(not name, "name", "Skriv ordet.")
    checks.guard_text("name", name, longest=LONGEST_WORD)
    checks.refuse_if(
        new.counts_as is None or new.counts_as not in list(codes),
        "counts_as",
        f"Välj vilket {sv(new.dimension)} det räknas som.",
    )
    taken = {sv(code).casefold() for code in codes} | _words(session, unit_id, new.dimension)
    checks.refuse_if(
        name.casefold() in taken, "name", f"{name} finns redan. Öppna det igen om det är stängt."
    )
    checks.done()
    assert new.counts_as is not None  # noqa: S101  (refused above)
    row = PlacementTerm(
        unit_id=unit_id,
        dimension=new.dimension,
        name=name,
        counts_as=str(new.counts_as),
        created_by_id=by.user_id,
    )
    session.add(row)
    return _recorded(session, "add", row, by, key)


def set_term_active(
    session: Session,
    term_id: int,
    active: bool,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Close an own word, so that it can't be chosen any longer, or open it again. Returns its id.

    Raises `ConflictError` if somebody changed it after the form was opened.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(session, by)
    row = session.get(PlacementTerm, term_id)
    if row is None or row.unit_id != unit_id or row.voided_at is not None:
        raise PermissionDeniedError(Permission.EDIT_PLACEMENT_TERMS)
    _same_version(row, version)
    row.active = active
    return _recorded(session, "set_active", row, by, key)


def _unit(session: Session, by: Actor) -> int:
    """Return the unit whose choices somebody may change, locked until the end."""
    by.require(Permission.EDIT_PLACEMENT_TERMS)
    if by.unit_id is None:
        raise PermissionDeniedError(Permission.EDIT_PLACEMENT_TERMS)
    session.exec(
        select(Unit.id).where(col(Unit.id) == by.unit_id).with_for_update(key_share=True)
    ).one()
    return by.unit_id


def _same_version(row: PlacementKind | PlacementTerm, version: int) -> None:
    if row.version == version:
        return
    values = {"name": row.name, "active": row.active}
    if isinstance(row, PlacementKind):
        values |= {"is_hotel": row.is_hotel, "is_temporary": row.is_temporary}
    raise ConflictError(row.name, Newest(row.version, values))


def _check_kind_name(
    checks: Checks, name: str, known: tuple[KindRow, ...], own_id: int | None
) -> None:
    checks.refuse_if(not name, "name", "Skriv vad slaget heter.")
    checks.guard_text("name", name, longest=LONGEST_KIND)
    taken = {one.name.casefold() for one in known if one.id != own_id}
    checks.refuse_if(
        name.casefold() in taken, "name", f"{name} finns redan. Öppna det igen om det är stängt."
    )


def _check_fixed(checks: Checks, now: KindRow, name: str, new: NewKind) -> None:
    """Refuse to change what placements, there or removed, rest on."""
    if not now.fixed:
        return
    rests = "Det finns placeringar av slaget, och deras historia ska stå som den var. "
    checks.refuse_if(
        name != now.name,
        "name",
        f"{rests}Lägg till ett nytt slag och stäng det här i stället.",
    )
    checks.refuse_if(
        new.is_hotel != now.is_hotel,
        "is_hotel",
        f"{rests}Lägg till ett nytt slag och stäng det här i stället.",
    )


def _words(session: Session, unit_id: int, dimension: PlacementDimension) -> set[str]:
    found = session.exec(
        select(PlacementTerm.name)
        .where(col(PlacementTerm.unit_id) == unit_id)
        .where(col(PlacementTerm.dimension) == dimension)
        .where(col(PlacementTerm.voided_at).is_(None))
    )
    return {name.casefold() for name in found}


def _recorded(
    session: Session, action: str, row: PlacementKind | PlacementTerm, by: Actor, key: str | None
) -> int:
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    details = {"active": row.active}
    entity = str(row.__tablename__)
    record(session, Event(action, entity, row.id, row.unit_id, MOVED, details), by=by, key=key)
    return row.id


def _tidy(name: str) -> str:
    return " ".join(name.split())
