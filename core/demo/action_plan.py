"""A made-up action plan, a driver model of the paid benefit, and what is kept apart this year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.demo.people import BENEFIT_UNIT, Place
from core.demo.rows import Rows
from core.models import (
    BudgetLine,
    DriverAssumption,
    OneOffItem,
    SavingsFollowUp,
    SavingsMeasure,
)
from core.rules.driver_model import Assumptions, to_values
from core.terms import ActivityStatus, OneOffKind

PAID_BENEFIT = "Utbetalt bistånd"
DECIDED_ON = 15
"""Day of February that the assumptions and the measures were decided."""


def add_action_plan(rows: Rows, place: Place, today: dt.date) -> None:
    """Add a unit's measures, its model of the paid benefit, and its grants and one-off items."""
    lines = {
        line["name"]: line["id"]
        for line in rows.of(BudgetLine)
        if line["unit_id"] == place.unit_id and line["year"] == today.year
    }
    _assume(rows, lines, today)
    if place.slug == BENEFIT_UNIT:
        _measures(rows, lines, today)
        _items(rows, lines, today)


def _assume(rows: Rows, lines: dict[str, int], today: dt.date) -> None:
    assumed = Assumptions(
        change=Decimal("-1.5"),
        rent_change=Decimal(120),
        rent_from=dt.date(today.year, 7, 1),
    )
    rows.add(
        DriverAssumption,
        line_id=lines[PAID_BENEFIT],
        decided_on=dt.date(today.year, 2, DECIDED_ON),
        values=to_values(assumed),
    )


def _measures(rows: Rows, lines: dict[str, int], today: dt.date) -> None:
    plan = (
        ("HVB", "Uppföljning varje månad av alla HVB-placeringar (påhittat)", 3, 60_000, (35, 52)),
        (
            "Tillfälligt boende hotell och vandrarhem",
            "Egna lägenheter i stället för hotell (påhittat)",
            5,
            25_000,
            (),
        ),
        (PAID_BENEFIT, "Fler hushåll till Jobbtorg före sommaren (påhittat)", 9, 150_000, ()),
    )
    for line, name, month, effect, followed in plan:
        begun = month <= today.month
        measure_id = rows.add(
            SavingsMeasure,
            line_id=lines[line],
            name=name,
            owner="Enhetschefen",
            starts_on=dt.date(today.year, month, 1),
            monthly_effect=Decimal(effect),
            status=ActivityStatus.ONGOING if begun else ActivityStatus.NOT_STARTED,
        )
        for number, thousands in enumerate(followed):
            rows.add(
                SavingsFollowUp,
                measure_id=measure_id,
                month=dt.date(today.year, month + number, 1),
                effect=Decimal(thousands * 1000),
                comment="Två placeringar kortare än beslutat (påhittat)" if number else "",
            )


def _items(rows: Rows, lines: dict[str, int], today: dt.date) -> None:
    items = (
        ("Statsbidrag", 3, OneOffKind.STATE_GRANT, "Generalschablon, etablering (påhittat)", -95),
        (PAID_BENEFIT, 2, OneOffKind.ONE_OFF, "Efterbetalning efter dom (påhittat)", 180),
    )
    for line, month, kind, name, thousands in items:
        rows.add(
            OneOffItem,
            line_id=lines[line],
            month=dt.date(today.year, month, 1),
            kind=kind,
            name=name,
            amount=Decimal(thousands * 1000),
        )
