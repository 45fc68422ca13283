"""The demo's two scenarios a unit: both count, one saves and the other costs more."""

import pytest
from sqlmodel import select

from core import clock, db
from core.auth import Scope
from core.demo.fill import fill_demo
from core.demo.inputs import DEMO_TODAY
from core.models import Placement, Unit
from core.queries.scenarios import scenarios


@pytest.fixture
def filled(store):
    fill_demo()
    yield
    clock.fix_today(None)


def test_each_unit_with_placements_has_one_that_saves_and_one_that_costs_more(filled):
    with db.read() as session:
        units = set(session.exec(select(Placement.unit_id)))
        for unit_id in session.exec(select(Unit.id)):
            table = scenarios(session, Scope(unit_id), on=DEMO_TODAY)
            assert len(table.scenarios) == (2 if unit_id in units else 0)
            if table.scenarios:
                saving, growth = table.scenarios
                assert saving.year < table.present_year < growth.year
                steps = [*saving.steps, *growth.steps]
                assert all(step.fault is None and not step.decided_since for step in steps)
