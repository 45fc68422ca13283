"""How the bridge and the outlook are read: few statements, by index, and never stale."""

from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.models import Area
from core.queries import cost_bridge, cost_outlook
from core.services.base import Event, record
from tests import factories as make
from tests import factories_money as money
from tests.core.queries.test_money_statements import GROWING, read_whole, statements_of

day = make.day
ON = day("2024-05-27")
QUERIES = {
    "bridge": lambda s, scope: cost_bridge.bridge(
        s, scope, before=day("2024-04-30"), after=ON, today=ON
    ),
    "outlook": lambda s, scope: cost_outlook.outlook(s, scope, on=ON, today=ON),
    "trial_years": lambda s, scope: cost_outlook.trial_years(s, scope, on=ON),
}


@pytest.fixture
def unit(store):
    """A unit whose kind of placement is paid by a budget line."""
    with db.write() as session:
        row = make.unit(session)
        kind = money.kind(session, row, budget_section="Bistånd", budget_line="Placeringar")
        return SimpleNamespace(id=row.id, row=row, kind=kind, line=money.line(session, row, 100))


def add_placements(unit, count):
    """Save placements of last year and this one, each with a rate that begins this autumn."""
    with db.write() as session:
        case = make.case(session, unit.row, day("2020-01-01"))
        for number in range(count):
            starts = day("2023-03-01" if number % 2 else "2024-03-01")
            rates = [(starts, 100), (day("2024-10-01"), 110)]
            money.placement(session, case, unit.kind, starts, rates=rates)


@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_statements_does_not_follow_the_number_of_rows(unit, name):
    add_placements(unit, 2)
    few = len(statements_of(unit, QUERIES[name]))
    add_placements(unit, 30)

    assert len(statements_of(unit, QUERIES[name])) == few <= 24


@pytest.mark.parametrize("name", QUERIES)
def test_no_table_that_grows_is_read_whole_but_for_rates_that_were_voided(unit, name):
    add_placements(unit, 3)
    sent = statements_of(unit, QUERIES[name])
    with db.read() as session:
        for statement, parameters in sent:
            if "day_rate.voided_at IS NOT NULL" in statement:
                continue  # few rows, asked for only where a rate begins after the day
            whole = set(read_whole(session.connection(), statement, parameters))
            assert not whole & GROWING, statement


@pytest.mark.parametrize("name", ["bridge", "outlook"])
def test_a_write_is_seen_by_the_next_reading(unit, name):
    def read():
        with db.read() as session:
            return QUERIES[name](session, Scope(unit.id))

    before = read()
    assert read() is before
    add_placements(unit, 1)
    with db.write() as session:
        moved = [(Area.PLACEMENTS, day("2024-03-01"))]
        record(session, Event("x", "placement", 1, unit.id, moved), by=None)

    assert read() != before


def test_a_closed_years_trial_is_not_read_again_after_a_write_of_this_year(unit):
    def read():
        with db.read() as session:
            return QUERIES["trial_years"](session, Scope(unit.id))

    add_placements(unit, 2)
    first = read()[0]
    with db.write() as session:
        record(session, Event("x", "placement", 1, unit.id, [(Area.PLACEMENTS, ON)]), by=None)

    assert read()[0] is first
