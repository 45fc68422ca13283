"""Household statistics of a month: typed in, or derived from own cases.

Source: domain, Household statistics.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlmodel import Session

from core.auth import Actor, Permission, Scope
from core.clock import today
from core.models import Area, HouseholdMonth, HouseholdMonthPart
from core.queries.cases import households_at, obstacles
from core.rules.dates import month_end, month_start
from core.services.base import Checks, Event, already_done, record
from core.services.field_checks import check_digits, not_in_future
from core.services.goals import FIRST_YEAR, own_unit
from core.terms import OBSTACLE_CODES, DataSource

COUNTS = ("households", "recipients", "adults", "children", "women", "men", "other")
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class NewMonth:
    """What a source says of a month (any day in it). A number it doesn't state is None.

    `women`, `men` and `other` are households by the applicant's gender; `paid_benefit` is kronor.
    `sourced_on` is the day of the source, by default today: of two sources the later one holds.
    """

    month: dt.date
    households: int | None = None
    recipients: int | None = None
    adults: int | None = None
    children: int | None = None
    women: int | None = None
    men: int | None = None
    other: int | None = None
    paid_benefit: Decimal | None = None
    source_name: str = ""
    sourced_on: dt.date | None = None


def record_month(session: Session, new: NewMonth, *, by: Actor, key: str | None = None) -> int:
    """Record what a source says of a month of the own unit. Returns the row's id.

    Earlier rows of the month are kept; of each number the latest source holds. Raises
    `RefusedError` for a month to come, no number at all, a negative number, or numbers that don't
    add up.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_HOUSEHOLDS)
    checks = Checks()
    check_statement(checks, new)
    checks.done()
    fields = asdict(new) | {
        "month": month_start(new.month),
        "sourced_on": new.sourced_on or today(),
    }
    row = HouseholdMonth(
        unit_id=unit_id, source=DataSource.TYPED, created_by_id=by.user_id, **fields
    )
    return _written(session, row, "record", by, key)


def derive_month(session: Session, month: dt.date, by: Actor, *, key: str | None = None) -> int:
    """Derive a month of the own unit from its cases at the month's end. Returns the row's id.

    `month` is any day in it. What is paid is not derived and stays as stated. Raises `RefusedError`
    for a month that is not over.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_HOUSEHOLDS)
    end = month_end(month)
    checks = Checks()
    checks.refuse_if(end > today(), "month", f"Månaden slutar {end}. Välj en månad som är slut.")
    checks.refuse_if(month.year < FIRST_YEAR, "month", f"Välj en månad från år {FIRST_YEAR}.")
    checks.done()
    found = households_at(session, Scope(unit_id), on=end)
    row = HouseholdMonth(
        unit_id=unit_id,
        month=month_start(month),
        households=found.households,
        recipients=found.recipients,
        adults=found.adults,
        children=found.children,
        women=found.women,
        men=found.men,
        other=found.other,
        source=DataSource.DERIVED,
        source_name=f"egna ärenden {end}",
        sourced_on=today(),
        created_by_id=by.user_id,
    )
    row_id = _written(session, row, "derive", by, key)
    _add_obstacles(session, row_id, unit_id, end)
    return row_id


def _add_obstacles(session: Session, row_id: int, unit_id: int, end: dt.date) -> None:
    """Keep the month's adults by obstacle, as they are known now."""
    codes = {word: code for code, word in OBSTACLE_CODES.items()}
    frame = obstacles(session, Scope(unit_id), on=end)
    for word, adults in zip(frame["obstacle"], frame["adults"], strict=True):
        part = HouseholdMonthPart(
            household_month_id=row_id,
            dimension="obstacle",
            part=codes[word].value,
            amount=int(adults),
        )
        session.add(part)
    session.flush()


def check_statement(checks: Checks, new: NewMonth) -> None:
    """Refuse what a source can't say of a month: to come, nothing at all, or not adding up."""
    _check_month(checks, new.month)
    _check_source(checks, new)
    _check_numbers(checks, new)


def _check_month(checks: Checks, month: dt.date) -> None:
    checks.refuse_if(
        month_start(month) > today(), "month", f"Månaden ligger efter i dag, {today()}."
    )
    checks.refuse_if(month.year < FIRST_YEAR, "month", f"Välj en månad från år {FIRST_YEAR}.")


def _check_source(checks: Checks, new: NewMonth) -> None:
    checks.guard_text("source_name", new.source_name, longest=200)
    not_in_future(checks, "sourced_on", new.sourced_on)
    checks.refuse_if(
        new.sourced_on is not None and new.sourced_on < month_start(new.month),
        "sourced_on",
        "Källan kan inte vara äldre än månaden.",
    )


def _check_numbers(checks: Checks, new: NewMonth) -> None:
    stated = [getattr(new, field) for field in (*COUNTS, "paid_benefit")]
    checks.refuse_if(
        all(number is None for number in stated), "households", "Ange minst en uppgift."
    )
    for field in COUNTS:
        count = getattr(new, field)
        checks.refuse_if(
            count is not None and not 0 <= count <= MOST_PEOPLE,
            field,
            f"Ange ett antal från 0 till {MOST_PEOPLE}.",
        )
    if new.paid_benefit is not None:
        check_digits(checks, "paid_benefit", new.paid_benefit, digits=2)
        checks.refuse_if(new.paid_benefit < 0, "paid_benefit", "Beloppet får inte vara negativt.")
    _check_sums(checks, new)


def _check_sums(checks: Checks, new: NewMonth) -> None:
    """Refuse people that don't add up, and more households by gender than there are."""
    if new.recipients is not None and new.adults is not None and new.children is not None:
        total = new.adults + new.children
        checks.refuse_if(
            new.recipients != total,
            "recipients",
            f"Vuxna och barn är {total} tillsammans. Rätta någon av uppgifterna.",
        )
    by_gender = (new.women, new.men, new.other)
    known = sum(count for count in by_gender if count is not None)
    if new.households is None:
        return
    complete = None not in by_gender
    checks.refuse_if(
        known > new.households or (complete and known != new.households),
        "households",
        f"Hushållen efter sökandens kön är {known} tillsammans. Rätta någon av uppgifterna.",
    )


def _written(session: Session, row: HouseholdMonth, action: str, by: Actor, key: str | None) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    event = Event(
        action,
        "household_month",
        row.id,
        row.unit_id,
        [(Area.HOUSEHOLDS, row.month)],
        {"month": row.month, "sourced_on": row.sourced_on},
    )
    record(session, event, by=by, key=key)
    return row.id
