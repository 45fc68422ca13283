"""A user's own views of a page: which filters were chosen, by name. Nobody else sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from core.auth import Actor, Permission, PermissionDeniedError, row_scope
from core.models import SavedView
from core.services.base import Checks, Event, already_done, record

PERMISSIONS: dict[str, Permission] = {"placeringar": Permission.VIEW_PLACEMENTS}
"""The pages that have views, by their address, and what one must be allowed to see there."""
LONGEST_NAME = 80
LONGEST_CHOICE = 120
MOST_CHOICES = 200
MOST_VIEWS = 40


@dataclass(frozen=True, slots=True)
class NewView:
    """What is saved: the chosen values by their names in the page's address."""

    page: str
    name: str
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def save(session: Session, new: NewView, *, by: Actor, key: str | None = None) -> int:
    """Save a view under a name, over the user's own of that name if there is one. Returns its id.

    Raises `RefusedError` without a name, for too much text, and for a personal identity number.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = row_scope(by, PERMISSIONS[new.page]).unit_id
    name = new.name.strip()
    row = _named(session, new.page, name, by)
    checks = Checks()
    _check_name(checks, name)
    _check_choices(checks, new.choices)
    checks.refuse_if(
        row is None and _count(session, new.page, by) >= MOST_VIEWS,
        "name",
        f"Du har redan {MOST_VIEWS} sparade vyer. Ta bort en först.",
    )
    checks.done()
    choices = {part: list(values) for part, values in new.choices.items() if values}
    if row is None:
        row = SavedView(user_id=by.user_id, unit_id=unit_id, page=new.page, name=name)
    row.choices = choices
    session.add(row)
    return _record(session, "save_view", row, by, key)


def rename(session: Session, view_id: int, name: str, *, by: Actor, key: str | None = None) -> int:
    """Give a view another name, which none of the user's other views has. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = _own(session, view_id, by)
    wanted = name.strip()
    other = _named(session, row.page, wanted, by)
    checks = Checks()
    _check_name(checks, wanted)
    checks.refuse_if(
        other is not None and other.id != row.id,
        "name",
        "Du har redan en vy med det namnet. Välj ett annat namn.",
    )
    checks.done()
    row.name = wanted
    return _record(session, "rename_view", row, by, key)


def remove(session: Session, view_id: int, *, by: Actor, key: str | None = None) -> int:
    """Remove a view. Returns the id that it had."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = _own(session, view_id, by)
    found = _record(session, "remove_view", row, by, key)
    session.delete(row)
    return found


def _own(session: Session, view_id: int, by: Actor) -> SavedView:
    """Return a view of the user's own. Raises `PermissionDeniedError` for any other."""
    row = session.get(SavedView, view_id)
    if row is None or (row.user_id, row.unit_id) != (by.user_id, by.unit_id):
        raise PermissionDeniedError("saved_view")
    by.require(PERMISSIONS[row.page])
    return row


def _named(session: Session, page: str, name: str, by: Actor) -> SavedView | None:
    return session.exec(
        select(SavedView)
        .where(col(SavedView.user_id) == by.user_id)
        .where(col(SavedView.unit_id) == by.unit_id)
        .where(col(SavedView.page) == page)
        .where(col(SavedView.name) == name)
    ).first()


def _count(session: Session, page: str, by: Actor) -> int:
    return session.exec(
        select(func.count())
        .select_from(SavedView)
        .where(col(SavedView.user_id) == by.user_id)
        .where(col(SavedView.unit_id) == by.unit_id)
        .where(col(SavedView.page) == page)
    ).one()


def _check_name(checks: Checks, name: str) -> None:
    checks.refuse_if(not name, "name", "Ge vyn ett namn, till exempel ”HVB utanför ramavtal”.")
    checks.guard_text("name", name, longest=LONGEST_NAME)


def _check_choices(checks: Checks, choices: Mapping[str, tuple[str, ...]]) -> None:
    values = [value for found in choices.values() for value in found]
    checks.refuse_if(len(values) > MOST_CHOICES, "name", "Så många val ryms inte i en vy.")
    for value in values:
        checks.guard_text("name", value, longest=LONGEST_CHOICE)


def _record(session: Session, action: str, row: SavedView, by: Actor, key: str | None) -> int:
    """Write an event; neither the name nor what was chosen is in it."""
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed)
    record(session, Event(action, row.__tablename__, row.id, row.unit_id), by=by, key=key)
    return row.id
