"""Two made-up scenarios a unit: what could be saved, and what could come on top."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from core.demo.people import Place
from core.demo.placements import Stay
from core.demo.rows import Rows
from core.models import Placement, PlacementKind, Scenario, ScenarioChange
from core.rules.dates import add_months, month_end
from core.rules.placements import last_committed_day, rate_on
from core.terms import Contract, PlacementForm, ScenarioStep, sv_title

CHEAPER = Decimal("0.6")
LEAST_DAYS = 60
"""How long a stay has left for a scenario to be about it."""
SAVING = (
    "Dyraste platserna ut i förtid",
    "Det dyraste ersätts av träningslägenhet.",
)
GROWTH = ("En placering till i höst", "Om behovet ökar: en plats från september året ut.")


def add_scenarios(rows: Rows, place: Place, stays: Sequence[Stay], today: dt.date) -> None:
    """Add the scenarios of this year to a unit whose placements have been added."""
    lasting = [stay for stay in stays if _left(stay, today) >= LEAST_DAYS]
    dearest = sorted(lasting, key=lambda stay: -rate_on(stay.facts(), today))[:2]
    if not dearest:
        return
    kinds = {row["name"]: row["id"] for row in _of(rows, PlacementKind, place)}
    placements = {(row["case_id"], row["starts_on"]): row for row in _of(rows, Placement, place)}
    saving, growth = (_scenario(rows, place, today, *words) for words in (SAVING, GROWTH))
    first = month_end(add_months(today, 1)) + dt.timedelta(days=1)
    for position, stay in enumerate(dearest, start=1):
        placed = placements[stay.matter.case_id, stay.starts_on]
        rows.add(
            ScenarioChange,
            scenario_id=saving,
            position=position,
            step=ScenarioStep.REPLACE,
            placement_id=placed["id"],
            placement_version=placed["version"],
            from_on=first,
            amount=Decimal(round(rate_on(stay.facts(), today) * CHEAPER)),
            kind_id=kinds[sv_title(PlacementForm.TRAINING_FLAT)],
            contract=Contract.FRAMEWORK,
        )
    rows.add(
        ScenarioChange,
        scenario_id=growth,
        position=1,
        step=ScenarioStep.ADD,
        from_on=dt.date(today.year, 9, 1),
        to_on=dt.date(today.year, 12, 31),
        amount=rate_on(dearest[0].facts(), today),
        kind_id=kinds[sv_title(dearest[0].form)],
        contract=Contract.FRAMEWORK,
        label="Plats i höst",
    )


def _left(stay: Stay, today: dt.date) -> int:
    """Return how many days a running stay has left, as decided; 0 for one that doesn't run."""
    if stay.ended_on is not None or stay.starts_on > today:
        return 0
    return (last_committed_day(stay.facts(), today, dt.date(today.year, 12, 31)) - today).days


def _of(
    rows: Rows, table: type[Placement | PlacementKind], place: Place
) -> list[dict[str, object]]:
    return [row for row in rows.of(table) if row["unit_id"] == place.unit_id]


def _scenario(rows: Rows, place: Place, today: dt.date, name: str, note: str) -> int:
    return rows.add(Scenario, unit_id=place.unit_id, year=today.year, name=name, note=note)
