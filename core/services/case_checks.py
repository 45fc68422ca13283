"""What the writes on a case refuse alike: dates outside its life, and forms that are out of date."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from core.auth import Actor
from core.clock import now, today
from core.models import Case
from core.models.base import Recorded
from core.rules.cases import is_open
from core.services.base import Checks
from core.terms import CaseKind, HouseholdType

MOST_CHILDREN = 20
WITH_CHILDREN = (HouseholdType.SINGLE_WITH_CHILDREN, HouseholdType.COUPLE_WITH_CHILDREN)
WITHOUT_CHILDREN = (HouseholdType.SINGLE, HouseholdType.COUPLE)


def not_in_future(checks: Checks, field: str, day: dt.date | None) -> None:
    """Refuse a day after today; what has not happened is not reported."""
    checks.refuse_if(
        day is not None and day > today(),
        field,
        f"Datumet får inte ligga efter i dag, {today()}.",
    )


class Life(Protocol):
    """A case's first day, and the day from which it is closed."""

    @property
    def opened_on(self) -> dt.date:
        """Return the first day."""
        ...

    @property
    def closed_on(self) -> dt.date | None:
        """Return the day from which it is closed; None while it is open."""
        ...


def open_that_day(checks: Checks, field: str, day: dt.date, case: Life) -> None:
    """Refuse a day after today, before the case was opened, or when it was closed (domain: Case)."""
    not_in_future(checks, field, day)
    checks.refuse_if(
        day < case.opened_on,
        field,
        f"Ärendet öppnades {case.opened_on}. Ange den dagen eller en senare.",
    )
    closed = day >= case.opened_on and not is_open(case.opened_on, case.closed_on, day)
    checks.refuse_if(
        closed, field, f"Ärendet avslutades {case.closed_on}. Ange en dag då det var öppet."
    )


def benefit_only(checks: Checks, field: str, case: Case) -> None:
    """Refuse a case of another kind than ekonomiskt bistånd."""
    checks.refuse_if(
        case.kind is not CaseKind.BENEFIT, field, "Uppgiften gäller bara ekonomiskt bistånd."
    )


def household(checks: Checks, household_type: HouseholdType, children: int) -> None:
    """Refuse an impossible number of children, or one that its household type contradicts."""
    checks.refuse_if(
        not 0 <= children <= MOST_CHILDREN,
        "children",
        f"Ange antal barn från 0 till {MOST_CHILDREN}.",
    )
    checks.refuse_if(
        household_type in WITH_CHILDREN and children == 0,
        "children",
        "Hushållstypen har barn. Ange hur många, eller välj en hushållstyp utan barn.",
    )
    checks.refuse_if(
        household_type in WITHOUT_CHILDREN and children > 0,
        "household_type",
        "Hushållstypen har inga barn. Välj en med barn, eller ange 0 barn.",
    )


def void(row: Recorded, by: Actor) -> None:
    """Mark a row as a mistake: it stays, with who and when, and counts nowhere."""
    row.voided_at = now()
    row.voided_by_id = by.user_id
