"""Fills an empty store with both units."""

from __future__ import annotations

from random import Random

from sqlmodel import Session, col, select

from core import clock, db
from core.demo import (
    action_plan,
    arbete_forsorjning,
    benefit_months,
    child_impact,
    client_surveys,
    ekonomiskt_bistand,
    goals,
    ledger,
    measures,
    money,
    people,
    placement_history,
    placement_terms,
    placements,
    rounds,
    scenarios,
    statistics,
    walk_throughs,
)
from core.demo.inputs import DEMO_TODAY
from core.demo.matters import Matter, add_matters
from core.demo.rows import Rows
from core.models import StoreInfo, Unit
from core.services.base import Event, record

SEED = 20240527
MATTERS = {
    people.WORK_UNIT: arbete_forsorjning.matters,
    people.BENEFIT_UNIT: ekonomiskt_bistand.matters,
}


class DemoError(Exception):
    """The store can't take the demo's data; its text says why, in Swedish."""


def fill_demo() -> None:
    """Fill the configured, migrated and empty store, and let it live on the demo's own date.

    The same rows come every time. Raises `DemoError` when the store has a unit already.
    """
    with db.write() as session:
        if session.exec(select(col(Unit.id)).limit(1)).first() is not None:
            msg = "Databasen har redan innehåll. Exempeldata läggs bara i en tom databas."
            raise DemoError(msg)
        build().write(session)
        rounds.add_rounds(session, DEMO_TODAY)
        _mark(session)
    clock.fix_today(DEMO_TODAY)


def build() -> Rows:
    """Return every row of the demo."""
    rows = Rows()
    places = people.add_places(rows)
    people.add_accounts(rows, places)
    of_units = {}
    for slug, place in places.items():
        rng = Random(f"{SEED} {slug}")  # noqa: S311  (made-up data: nothing to guess)
        matters = of_units[slug] = MATTERS[slug](rng, place, DEMO_TODAY)
        _add_unit(rows, rng, place, matters)
    for slug, place in places.items():
        own_rng = Random(f"{SEED} {slug} placement history")  # noqa: S311  (as above)
        placement_history.add_history(rows, own_rng, place, of_units[slug])
    return rows


def _add_unit(rows: Rows, rng: Random, place: people.Place, matters: list[Matter]) -> None:
    reference_format = rows.of(Unit)[place.unit_id - 1]["reference_format"]
    add_matters(rows, place.unit_id, reference_format, matters)
    child_impact.add_decisions(rows, rng, place, matters, DEMO_TODAY)
    stays = placements.stays(rng, place, matters, DEMO_TODAY)
    placements.add_stays(rows, place, stays)
    placement_terms.add_words(rows, place)
    walk_throughs.add_walk_throughs(rows, place, stays, DEMO_TODAY)
    scenarios.add_scenarios(rows, place, stays, DEMO_TODAY)
    paid = money.paid_benefit(rng, place, matters, DEMO_TODAY)
    money.add_money(rows, rng, place, paid, stays, DEMO_TODAY)
    ledger.add_ledger(rows, place, DEMO_TODAY)
    rounds.add_year_results(rows, place)
    action_plan.add_action_plan(rows, place, DEMO_TODAY)
    statistics.add_household_months(rows, place, matters, paid, DEMO_TODAY)
    statistics.add_staff_surveys(rows, place)
    client_surveys.add_client_surveys(rows, place)
    goals.add_goals(rows, place)
    own_rng = Random(f"{SEED} {place.slug} benefit months")  # noqa: S311  (as above)
    benefit_months.add_benefit_months(rows, own_rng, place, matters, DEMO_TODAY)
    own_rng = Random(f"{SEED} {place.slug} measures")  # noqa: S311  (as above)
    measures.add_measures(rows, place, matters, own_rng, DEMO_TODAY)


def _mark(session: Session) -> None:
    info = session.exec(select(StoreInfo)).one()
    info.is_demo = True
    info.demo_today = DEMO_TODAY
    session.add(info)
    record(session, Event("fill_demo", "store", info.id, None), by=None)
