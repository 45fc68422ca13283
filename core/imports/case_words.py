"""Names of caseworkers and groups in a file of cases, and how a case's days are checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.imports.case_store import Staff
from core.imports.kinds import Planned
from core.imports.values import folded, quoted
from core.services.base import Checks
from core.services.case_checks import not_in_future
from core.terms import WITHOUT_CASEWORKER, WITHOUT_GROUP

NOBODY, NO_GROUP = WITHOUT_CASEWORKER, WITHOUT_GROUP
NAMES_TOLD = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose the file says that a case is. Nothing is said where `says_` is False."""

    says_caseworker: bool = False
    caseworker_id: int | None = None
    own_group_id: int | None = None
    says_group: bool = False
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """A case's days as they would be."""

    opened_on: dt.date
    referred_on: dt.date | None
    closed_on: dt.date | None


def known_staff(planned: Planned, staff: Staff) -> Wanted:
    """Return the caseworker and group that a row names; an unknown name is a fault."""
    name, group = planned.row["caseworker"], planned.row["group"]
    person = None
    if name is not None and folded(name) != NOBODY:
        person = staff.people.get(folded(name)) or staff.people.get(_turned(name))
        if person is None:
            known = _told(list(staff.names.values()))
            planned.fault("caseworker", f"{quoted(name)} finns inte i enheten. Finns: {known}.")
    group_id = None
    if group is not None and folded(group) != NO_GROUP:
        group_id = staff.groups.get(folded(group))
        if group_id is None:
            known = _told(list(staff.group_names.values()))
            planned.fault("group", f"{quoted(group)} är ingen grupp i enheten. Finns: {known}.")
    return Wanted(
        says_caseworker=name is not None,
        caseworker_id=person.id if person else None,
        own_group_id=person.group_id if person else None,
        says_group=group is not None,
        group_id=group_id,
    )


def check_closing(checks: Checks, life: Life, plans: list[tuple[dt.date, str]]) -> None:
    """Refuse a closing in the future or before what happened in the case.

    `plans` are the days of plans and revisions, each with what it is, in Swedish.
    """
    not_in_future(checks, "closed_on", life.closed_on)
    if life.closed_on is None:
        return
    facts = [(life.opened_on, "Ärendet öppnades"), *plans]
    if life.referred_on is not None:
        facts.append((life.referred_on, "Ärendet remitterades"))
    latest, what = max(facts)
    checks.refuse_if(
        life.closed_on < latest,
        "closed_on",
        f"{what} {latest}. Ange den dagen eller en senare.",
    )


def _turned(name: str) -> str:
    """Return "Efternamn, Förnamn" as "förnamn efternamn"."""
    last, _comma, first = name.partition(",")
    return folded(f"{first} {last}")


def _told(names: list[str]) -> str:
    more = " med flera" if len(names) > NAMES_TOLD else ""
    return ", ".join(names[:NAMES_TOLD]) + more if names else "ingen ännu"
