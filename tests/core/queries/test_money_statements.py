"""How placements and budget are read: few statements, by index, and never a stale figure."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.models import Area
from core.queries import (
    budget,
    cache,
    framework_agreement,
    placement_groups,
    placement_history,
    placement_sums,
    placement_timeline,
    placements,
)
from core.queries.keys import By
from core.services.base import Event, record
from tests import factories as make
from tests import factories_money as money

day = make.day
ON = day("2024-05-27")
YEAR = {"start": day("2024-01-01"), "end": day("2024-12-31"), "today": ON}
GROWING = {
    "placement",
    "placement_decision",
    "day_rate",
    "placement_review",
    "case_file",
    "case_assignment",
    "outcome",
    "prognosis",
}
QUERIES = {
    "placements": lambda s, scope: placements.placements(s, scope, on=ON),
    "placement_cost": lambda s, scope: placements.placement_cost(s, scope, **YEAR, by=By.KIND),
    "month_costs": lambda s, scope: placement_sums.month_costs(s, scope, on=ON),
    "cost_groups": lambda s, scope: placement_groups.cost_groups(s, scope, on=ON, by=By.GROUP),
    "outside_agreement": lambda s, scope: framework_agreement.outside_agreement(s, scope, on=ON),
    "timeline": lambda s, scope: placement_timeline.timeline(s, scope, on=ON),
    "full_year_reading": lambda s, scope: placement_history.full_year_reading(s, scope, on=ON),
    "placement_summary": lambda s, scope: placement_sums.placement_summary(s, scope, on=ON),
    "budget": lambda s, scope: budget.budget(s, scope, on=ON),
    "budget_summary": lambda s, scope: budget.budget_summary(s, scope, on=ON),
}


@pytest.fixture
def unit(store):
    """A unit whose kind of placement is paid by a budget line."""
    with db.write() as session:
        row = make.unit(session)
        kind = money.kind(session, row, budget_section="Bistånd", budget_line="Placeringar")
        return SimpleNamespace(id=row.id, row=row, kind=kind, line=money.line(session, row, 100))


def add_placements(unit, count):
    with db.write() as session:
        case = make.case(session, unit.row, day("2024-01-01"))
        for _ in range(count):
            money.placement(
                session, case, unit.kind, day("2024-03-01"), rates=100, reviews=[(ON, None)]
            )


def statements_of(unit, query):
    """Return the statements that a query sends, its cache being empty."""
    cache.clear()
    sent = []

    def note(connection, cursor, statement, parameters, context, executemany):
        sent.append((statement, parameters))

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        with db.read() as session:
            query(session, Scope(unit.id))
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    own = ("data_version", "store_info", "BEGIN")
    return [one for one in sent if not any(word in one[0] for word in own)]


@pytest.mark.parametrize("name", QUERIES)
def test_the_number_of_statements_does_not_follow_the_number_of_rows(unit, name):
    add_placements(unit, 1)
    few = len(statements_of(unit, QUERIES[name]))
    add_placements(unit, 30)

    assert len(statements_of(unit, QUERIES[name])) == few <= 9


@pytest.mark.parametrize("name", QUERIES)
def test_no_table_that_grows_is_read_whole(unit, name):
    add_placements(unit, 3)
    sent = statements_of(unit, QUERIES[name])
    with db.read() as session:
        for statement, parameters in sent:
            whole = set(read_whole(session.connection(), statement, parameters))
            assert not whole & GROWING, statement


def read_whole(connection, statement, parameters):
    """Return the tables that a statement reads from end to end."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [step.split()[1] for *_, step in plan if step.startswith("SCAN")]
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # so few rows would be scanned
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    steps = [step.split("Seq Scan on ")[1] for (step,) in plan if "Seq Scan on " in step]
    return [step.split()[0] for step in steps]


def test_an_earlier_days_list_is_not_read_again_after_a_write_dated_later(unit):
    add_placements(unit, 1)
    first = list_at(unit, day("2024-04-15"))

    with db.write() as session:
        moved = [(Area.PLACEMENTS, ON)]
        record(session, Event("x", "placement", 1, unit.id, moved), by=None)

    assert list_at(unit, day("2024-04-15")) is first


def list_at(unit, on):
    with db.read() as session:
        return placements.placements(session, Scope(unit.id), on=on)


@pytest.mark.parametrize("area", [Area.PLACEMENTS, Area.CASES])
def test_a_write_that_can_move_the_figures_is_seen_in_the_next_session(unit, area):
    def read():
        with db.read() as session:
            summary = placement_sums.placement_summary(session, Scope(unit.id), on=ON)
            table = budget.budget(session, Scope(unit.id), on=ON)
            return summary.running, list(table["bottom_up"])

    assert read() == (0, [Decimal(0)])
    add_placements(unit, 1)
    with db.write() as session:
        record(session, Event("x", "placement", 1, unit.id, [(area, ON)]), by=None)

    # 306 days from the first of March, as nothing of the year is booked
    assert read() == (1, [Decimal(30600)])
