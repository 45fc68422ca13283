"""The demo's ledger adds up to the outcomes that its budget page shows."""

import datetime as dt

import pytest
from sqlmodel import select

from core import db
from core.auth import Scope
from core.demo.inputs import DEMO_TODAY
from core.demo.people import BENEFIT_UNIT, WORK_UNIT
from core.models import Unit
from core.queries.budget import budget_table
from core.queries.ledger import corrections, ledger_year

YEAR_END = dt.date(DEMO_TODAY.year, 12, 31)


def scope_of(session, slug):
    return Scope(session.exec(select(Unit.id).where(Unit.slug == slug)).one())


@pytest.mark.parametrize("slug", [WORK_UNIT, BENEFIT_UNIT])
def test_the_mapped_rows_of_each_line_are_its_outcome(demo, slug):
    with db.read() as session:
        scope = scope_of(session, slug)
        ledger = ledger_year(session, scope, year=DEMO_TODAY.year, on=DEMO_TODAY)
        budget = budget_table(session, scope, on=DEMO_TODAY)
    booked = {
        (row.section, row.line): row.figures.outcome_to_date
        for row in budget.lines
        if row.figures.outcome_to_date
    }
    assert len(booked) > 3
    assert {tuple(line): amount for line, amount in ledger.sums.by_line.items()} == booked
    assert ledger.unmapped.count == 1
    assert ledger.sums.left_out < 0


def test_the_larger_unit_has_corrections_to_show(demo):
    with db.read() as session:
        scope = scope_of(session, BENEFIT_UNIT)
        found = corrections(session, scope, year=DEMO_TODAY.year, on=DEMO_TODAY)
    assert found
    assert all(one.from_ledger and one.difference for one in found)
