"""Household statistics by month, of the own unit and of districts to compare with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from core.imports.kinds import Change, Column, Insert, Kind, Planned, Row, Target, Void
from core.imports.places import WHOLE_UNIT, places_of
from core.imports.values import date, decimal, folded, month, month_shown, text, whole
from core.models import Area, HouseholdMonth
from core.queries.households import NUMBERS
from core.services.base import Checks
from core.services.households import MOST_PEOPLE, NewMonth, check_statement
from core.terms import DataSource, ImportKind


@dataclass(slots=True)
class _Known:
    """What the store says: the rows of each district and month, and how districts are written."""

    unit_name: str
    rows: dict[tuple[str, dt.date], list[HouseholdMonth]] = field(
        default_factory=lambda: defaultdict(list)
    )
    districts: dict[str, str] = field(default_factory=dict)

    def district(self, name: str | None) -> str:
        """Return a district as the store writes it; empty for the unit itself."""
        if name is None or folded(name) in {*WHOLE_UNIT, folded(self.unit_name)}:
            return ""
        return self.districts.setdefault(folded(name), name)


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare household months with the store."""
    known = _Known(places_of(session, target.unit_id).unit_name)
    for stored in session.exec(
        select(HouseholdMonth)
        .where(col(HouseholdMonth.unit_id) == target.unit_id)
        .where(col(HouseholdMonth.voided_at).is_(None))
        .order_by(col(HouseholdMonth.sourced_on), col(HouseholdMonth.id))
    ):
        known.rows[stored.district, stored.month].append(stored)
        known.districts.setdefault(folded(stored.district), stored.district)
    return [_planned(row, target, known) for row in rows]


def _planned(row: Row, target: Target, known: _Known) -> Planned:
    """Compare one row: the same source again is a correction of it, another one is kept beside."""
    planned = Planned(row)
    stored = known.rows.get((known.district(row["district"]), row["month"]), [])
    same = _same_source(row, stored, target)
    told = {name: row[name] for name in NUMBERS if row[name] is not None}
    before = {name: getattr(same, name) for name in NUMBERS} if same else _latest(stored)
    new = _statement(row, target, same)
    checks = Checks()
    check_statement(checks, new)
    planned.faults_of(checks)
    differs = [name for name in told if before[name] != told[name]]
    if planned.faults or not (differs or _another_source(row, stored, same)):
        return planned
    planned.moved.append((Area.HOUSEHOLDS, row["month"]))
    if not stored:
        planned.all_new()
    elif differs:
        planned.changes += [Change(name, before[name], told[name]) for name in differs]
    else:
        planned.changes.append(Change("sourced_on", stored[-1].sourced_on, new.sourced_on))
    if same is not None and same.id is not None:
        planned.writes.append(Void(HouseholdMonth, same.id))
    planned.writes.append(_insert(new, known.district(row["district"]), target))
    return planned


def _same_source(row: Row, stored: list[HouseholdMonth], target: Target) -> HouseholdMonth | None:
    """Return the latest row that the same source has told: its name and day, as far as given."""
    name, day = row["source_name"], row["sourced_on"]
    if name is None and day is None:
        name, day = target.file_name, target.today
    for one in reversed(stored):
        if name in {None, one.source_name} and day in {None, one.sourced_on}:
            return one
    return None


def _another_source(row: Row, stored: list[HouseholdMonth], same: HouseholdMonth | None) -> bool:
    """Tell whether a row comes from a source that the store does not have yet."""
    return same is None and (not stored or row["sourced_on"] is not None)


def _latest(stored: list[HouseholdMonth]) -> dict[str, Any]:
    """Return each number as it holds: the latest source's that states it."""
    return {
        name: next(
            (getattr(one, name) for one in reversed(stored) if getattr(one, name) is not None), None
        )
        for name in NUMBERS
    }


def _statement(row: Row, target: Target, same: HouseholdMonth | None) -> NewMonth:
    """Return what the source says in all: what the file tells, and what it has told before."""
    numbers = {name: row.get(name, getattr(same, name) if same else None) for name in NUMBERS}
    return NewMonth(
        month=row["month"],
        **numbers,
        source_name=row.get("source_name", same.source_name if same else target.file_name),
        sourced_on=row.get("sourced_on", same.sourced_on if same else target.today),
    )


def _insert(new: NewMonth, district: str, target: Target) -> Insert:
    return Insert(
        HouseholdMonth,
        {
            "unit_id": target.unit_id,
            "district": district,
            "month": new.month,
            **{name: getattr(new, name) for name in NUMBERS},
            "source": DataSource.IMPORTED,
            "source_name": new.source_name,
            "sourced_on": new.sourced_on,
        },
    )


def _people(name: str, heading: str, description: str, example: int, *also: str) -> Column:
    return Column(
        name, heading, description, whole(lowest=0, highest=MOST_PEOPLE), example=example, also=also
    )


HOUSEHOLD_MONTHS = Kind(
    code=ImportKind.HOUSEHOLD_MONTHS,
    lead="Hushåll, personer och utbetalt bistånd per månad, för enheten eller andra stadsdelar, "
    "ur månadsrapporten eller Beslutsstöd.",
    rules=(
        "Månader som inte finns i filen lämnas som de är, och tomma celler ändrar inget.",
        "Samma källa och datum en gång till rättar det den sagt; en annan källa står bredvid.",
        "Av flera källor gäller den senaste för varje uppgift.",
    ),
    columns=(
        Column(
            "district",
            "Stadsdel",
            "Stadsdelen som siffrorna gäller. Tomt är den egna enheten.",
            text(120),
            also=("stadsdelsförvaltning", "enhet", "unit", "förvaltning"),
        ),
        Column(
            "month",
            "Månad",
            "Månaden som siffrorna gäller, till exempel 2024-03.",
            month,
            example=dt.date(2024, 3, 1),
            required=True,
            also=("period", "avser månad"),
            show=month_shown,
        ),
        _people("households", "Hushåll", "Antal hushåll med bistånd.", 317, "antal hushåll"),
        _people(
            "recipients", "Mottagare", "Antal vuxna och barn tillsammans.", 529, "biståndsmottagare"
        ),
        _people("adults", "Vuxna", "Antal vuxna.", 350, "antal vuxna"),
        _people("children", "Barn", "Antal barn.", 179, "antal barn"),
        _people("women", "Kvinna söker", "Hushåll där sökanden är kvinna.", 160, "kvinnor"),
        _people("men", "Man söker", "Hushåll där sökanden är man.", 154, "män"),
        _people(
            "other", "Annat/okänt", "Hushåll där sökandens kön är annat eller okänt.", 3, "okänt"
        ),
        Column(
            "paid_benefit",
            "Utbetalt bistånd",
            "Utbetalt ekonomiskt bistånd under månaden, i kronor.",
            decimal(digits=2, lowest=0),
            example=Decimal("3214500.00"),
            also=("utbetalt", "utbetalt kr", "utbetalt ekonomiskt bistånd"),
        ),
        Column(
            "source_name",
            "Källa",
            "Varifrån siffrorna kommer. Tomt är filens namn.",
            text(200),
            example="Månadsrapporten",
            also=("source",),
        ),
        Column(
            "sourced_on",
            "Källans datum",
            "Dagen som källan är från. Tomt är i dag. Av två källor gäller den senare.",
            date,
            example=dt.date(2024, 5, 20),
            also=("datum", "uppdaterad", "per datum"),
        ),
    ),
    key=("district", "month", "source_name", "sourced_on"),
    plan=plan,
)
