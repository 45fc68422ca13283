"""How cases, change plans and BKA are read: in a fixed number of statements, and by index."""

import re

import pytest
from sqlalchemy import event

from core import db
from core.queries import cache, cases, change_plans, child_impact, plan_cases
from core.queries.keys import By
from tests.factories_follow_up import add_case, day, decide, reassign, small_unit

ON = day("2024-05-27")
YEAR = {"start": day("2024-01-01"), "end": ON}
UNTIL_TODAY = YEAR | {"today": ON}
GROWING = {
    "case_file",
    "case_assignment",
    "case_composition",
    "case_adult",
    "adult_obstacle",
    "change_plan",
    "plan_revision",
    "plan_exemption",
    "adverse_decision",
    "affected_child",
    "child_impact_analysis",
}
NAMES = 2
STATEMENTS = {
    "change_plans": (
        1 + NAMES,
        lambda s, scope: change_plans.change_plans(s, scope, on=ON, by=By.CASEWORKER),
    ),
    "change_plans by month": (
        1,
        lambda s, scope: change_plans.change_plans(s, scope, on=ON, by=By.MONTH),
    ),
    "change_plans of all": (
        1,
        lambda s, scope: change_plans.change_plans(s, scope, on=ON, by=By.NONE),
    ),
    "within_three_months": (
        4 + NAMES,
        lambda s, scope: change_plans.within_three_months(s, scope, **UNTIL_TODAY, by=By.GROUP),
    ),
    "bka": (
        1 + NAMES,
        lambda s, scope: child_impact.bka(s, scope, **UNTIL_TODAY, by=By.MONTH),
    ),
    "not_in_time": (
        1 + NAMES,
        lambda s, scope: child_impact.not_in_time(s, scope, **UNTIL_TODAY),
    ),
    "load": (1 + NAMES, lambda s, scope: cases.load(s, scope, on=ON, by=By.CASEWORKER)),
    "flow": (1, lambda s, scope: cases.flow(s, scope, **YEAR, by=By.MONTH)),
    "long_obstacles": (2, lambda s, scope: cases.long_obstacles(s, scope, on=ON)),
    "households_at": (1, lambda s, scope: cases.households_at(s, scope, on=ON)),
    "closing_reasons": (1, lambda s, scope: cases.closing_reasons(s, scope, **YEAR)),
    "plan_cases": (1 + NAMES, lambda s, scope: plan_cases.plan_cases(s, scope, on=ON)),
}
"""How many statements each query sends, and a call of it."""


@pytest.fixture
def unit(store):
    return small_unit()


@pytest.fixture
def sent():
    """The statements sent so far, each with its parameters; those of the cache's keys left out."""
    found = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not any(word in statement for word in ("data_version", "store_info", "BEGIN")):
            found.append((statement, parameters))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield found
    event.remove(db.engine(), "before_cursor_execute", note)


def fill(unit, number):
    for _ in range(number):
        case = add_case(
            unit,
            "2024-01-10",
            "2024-01-10",
            plans=[("2024-02-01", None, "2024-03-01")],
            exempt=[("2024-04-01", "2024-05-01")],
        )
        reassign(case, "2024-03-10", unit.bo, unit.two)
        decide(unit, case, "2024-03-15", ["2024-03-15"], [])


def each_scope(unit):
    return [unit.scope, unit.ones, unit.adas]


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_figure_takes_a_fixed_number_of_statements_however_many_cases(unit, sent, name):
    expected, query = STATEMENTS[name]
    for more in (1, 12):
        fill(unit, more)
        for scope in each_scope(unit):
            cache.clear()
            del sent[:]
            with db.read() as session:
                query(session, scope)
            assert len(sent) == expected


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_table_that_grows_is_read_from_end_to_end(unit, sent, name):
    fill(unit, 3)
    for scope in each_scope(unit):
        cache.clear()
        del sent[:]
        with db.read() as session:
            STATEMENTS[name][1](session, scope)
            for statement, parameters in list(sent):
                whole = read_whole(session.connection(), statement, parameters)
                assert not whole & GROWING, statement


def read_whole(connection, statement, parameters):
    """Return the tables that a statement reads from end to end."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        scanned = {step.split()[1] for *_, step in plan if step.startswith("SCAN")}
        return {re.sub(r"_[0-9]+$", "", name) for name in scanned}  # an alias has a number
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # so few rows would be scanned
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return {step.split("Seq Scan on ")[1].split()[0] for (step,) in plan if "Seq Scan on " in step}
