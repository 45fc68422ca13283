"""Made-up placements of earlier years, all over before the others begin: how long stays last.

They give the unit a history to estimate from, and move no figure of a year with a budget.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from core.demo import inputs
from core.demo.matters import Matter
from core.demo.people import Place
from core.demo.placements import (
    KIND_OF_CASE,
    Stay,
    add_steps,
    review_monthly,
    stays_in_a_place,
)
from core.demo.rows import Rows
from core.models import Placement, PlacementKind
from core.rules.dates import add_months
from core.terms import CaseKind, LegalBasis, PlacementForm, sv_title

YEARS = 4
LAST_START_MONTHS = 8
"""The last stay begins so many months before the others: the pace of new ones stays as it was."""


def add_history(rows: Rows, rng: Random, place: Place, matters: Sequence[Matter]) -> None:
    """Add a unit's placements of earlier years, in about half of its places."""
    taken: set[int] = set()
    found: list[Stay] = []
    for record in inputs.of_unit("demo_placements", place.slug):
        for _ in range((int(record["slots"]) + 1) // 2):
            found += _ended(rng, record, _able(record, matters), taken)
    found.sort(key=lambda stay: stay.starts_on)
    kinds = {
        row["name"]: row["id"] for row in rows.of(PlacementKind) if row["unit_id"] == place.unit_id
    }
    for number, stay in enumerate(found, start=1):
        placement_id = rows.add(
            Placement,
            unit_id=place.unit_id,
            case_id=stay.matter.case_id,
            reference=f"PL-A{number:03}",
            kind_id=kinds[sv_title(stay.form)],
            legal_basis=LegalBasis(stay.record["legal_basis"]),
            starts_on=stay.starts_on,
            ended_on=stay.ended_on,
        )
        add_steps(rows, placement_id, stay)


def _ended(rng: Random, record: inputs.Record, able: list[Matter], taken: set[int]) -> list[Stay]:
    """Return the stays of one place that began and ended before the others begin."""
    others = inputs.day(record["first"])
    first = dt.date(others.year - YEARS, others.month, others.day)
    earlier = record | {"first": first.isoformat()}
    stays = stays_in_a_place(rng, earlier, able, taken, others)
    last = add_months(others, -LAST_START_MONTHS)
    ended = [stay for stay in stays if stay.ended_on is not None and stay.starts_on < last]
    for stay in ended:
        review_monthly(rng, stay, others)
    return ended


def _able(record: inputs.Record, matters: Sequence[Matter]) -> list[Matter]:
    form, kind = PlacementForm(record["form"]), CaseKind.BENEFIT
    if any(matter.kind is CaseKind.ADDICTION for matter in matters):
        kind = KIND_OF_CASE.get(form, CaseKind.ADDICTION)
    return [matter for matter in matters if matter.kind is kind]
